"""Where and when an event happened: the place and the time of the event's own clause before those of its sentence, its paragraph, its text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import attrs

from ascertain.extract._lexicon import words
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Entity, EntityType, Event, EventType, Span, Statement, TimeExpression, TimeKind

TELLING = {"speak", "tell", "say", "talk", "report", "announce"}
VIOLENT = {EventType.ASSAULT, EventType.COERCE, EventType.DISCOVER}
BODIES = words("people", "group") | words("people", "organisation") | words("people", "person")
LEAD_CHARACTERS = 600  # places in the first lines of a text stand for where its news happened
LEAD_PARAGRAPHS = 12  # beyond, a paragraph may well be about another matter
EXACT = {"city": 3, "district": 2, "region": 1}  # steps that a nearer place may lie farther off: "outside Loikaw, Kayah State"
NEAR_CUE = 25  # characters: `said on Monday`, `told reporters late on Monday`
ASIDE = 5  # steps by which a place that only says where another lies counts as farther
ASIDE_CUE = re.compile(
    r"(?:\b(?:km|kilomet(?:re|er)s|miles)\s+(?:[\w-]+\s+)?(?:of|from)|[A-Z][\w'’-]+,\s+(?:an?|the)\s+(?:\w+\s+){0,2}(?:village|town|suburb|hamlet|settlement|district|port)\s+"
    r"(?:near|outside|close to|not far from|north of|south of|east of|west of))\s+(?:the\s+\w+\s+of\s+)?$"
)
FAR = 20  # steps between tokens of different trees
FINE = re.compile(r"\d{4}-\d\d(-\d\d)?")


Named = tuple[Span, Entity]


@attrs.frozen
class Scene:
    """What place and time are looked up in, for one text.

    Attributes:
        places: by sentence, those that can be where something happened.
        times: by sentence, those that point somewhere.
        lead: id of the place that the head of the text names, a dateline's only where nothing else is named.
    """

    parse: Parse
    places: dict[int, list[Named]]
    times: dict[int, list[TimeExpression]]
    by_id: dict[str, TimeExpression]
    lead: str | None

    @classmethod
    def of(cls, parse: Parse, entities: Sequence[Entity], times: Sequence[TimeExpression]) -> Scene:
        """The scene of a text."""
        named = ((m, e) for e in entities if e.type is EntityType.PLACE and e.place is not None for m in e.mentions)
        placed = [(m, e) for m, e in sorted(named, key=lambda pair: pair[0]) if is_location(parse, m)]
        by_sentence: dict[int, list[Named]] = defaultdict(list)
        for mention, entity in placed:
            by_sentence[_sentence_of(parse, mention)].append((mention, entity))
        dated: dict[int, list[TimeExpression]] = defaultdict(list)
        for time in times:
            if time.kind in {TimeKind.DATE, TimeKind.TIME} and time.value != "PRESENT_REF":
                dated[_sentence_of(parse, time.passage)].append(time)
        return cls(parse, by_sentence, dated, {t.id: t for t in times}, _lead(parse, placed))

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds an offset; the first where none does."""
        token = self.parse.token_at(offset)
        return self.parse.sentences[token.sentence if token else 0]

    def before(self, sentence: Sentence) -> str | None:
        """The place named last before a sentence in its paragraph."""
        for index in range(sentence.index - 1, -1, -1):
            if self.parse.sentences[index].paragraph != sentence.paragraph:
                return None
            if self.places.get(index):
                return self.places[index][-1][1].id
        return None


def _sentence_of(parse: Parse, span: Span) -> int:
    token = parse.token_at(span.start) or parse.token_at(span.end - 1)
    return token.sentence if token is not None else 0


def _lead(parse: Parse, placed: Sequence[Named]) -> str | None:
    local = [
        (_in_dateline(parse, m), m.start, e.id)
        for m, e in placed
        if m.start < LEAD_CHARACTERS and e.place is not None and e.place.feature in {"city", "district", "region"}
    ]
    return min(local)[-1] if local else None


def _in_dateline(parse: Parse, mention: Span) -> bool:
    """Whether a place stands in a dateline: where the report was written, and where it happened only if nothing else is named."""
    sentence = parse.sentences[_sentence_of(parse, mention)]
    return parse.text[sentence.start : sentence.end].rstrip().endswith(("—", "–", "--", ") -"))


def is_location(parse: Parse, mention: Span) -> bool:
    """Whether a place's mention can be where something happened: a name, no adjective, no government that acts."""
    token = parse.token_at(mention.start)
    if token is None or token.tag in {"JJ", "NNPS"} or parse.text[mention.start : mention.end].endswith(("ian", "ians", "ese", "ish")):
        return False
    last = parse.token_at(mention.end - 1) or token
    while last.dep == "conj" and parse.tokens[last.head].pos in {"PROPN", "NOUN"}:
        last = parse.tokens[last.head]
    if last.dep in {"nsubj", "agent", "dative"} or (last.dep == "pobj" and parse.tokens[last.head].dep == "agent"):
        return False
    owned = last.dep in {"compound", "poss", "nmod"} and parse.tokens[last.head].lemma.lower() in BODIES
    return last.dep != "amod" and not owned


def place_of(scene: Scene, trigger: Token, found: Sequence[Event]) -> str | None:
    """Id of the place where it happened; None where nothing tells."""
    sentence = scene.parse.sentence_of(trigger)
    here = scene.places.get(sentence.index, ())
    ranked = [rank for mention, entity in here if (rank := _place_rank(scene, trigger, mention, entity)) is not None]
    if ranked:
        return min(ranked)[-1]
    for event in reversed(found):
        if scene.sentence_at(event.trigger.start).paragraph != sentence.paragraph:
            break
        if event.place:
            return event.place
    return scene.before(sentence) or _lead_place(scene, sentence.paragraph, found)


Rank = tuple[int, int, int, str]


def _place_rank(scene: Scene, trigger: Token, mention: Span, entity: Entity) -> Rank | None:
    """Smaller is nearer: below the trigger, few steps away, a town before a country; None for the place of a telling."""
    parse = scene.parse
    token = parse.token_at(mention.end - 1) or parse.token_at(mention.start)
    if token is None:
        return 2, FAR, abs(mention.start - trigger.start), entity.id
    below = any(t.index == trigger.index for t in (token, *parse.ancestors(token.index)))
    if not below and _of_a_telling(parse, token, trigger):
        return None
    exact = EXACT.get(entity.place.feature or "", 0) if entity.place is not None else 0
    aside = ASIDE if _only_near(parse.text, mention) else 0
    return 0 if below else 1, steps(parse, token, trigger) - exact + aside, abs(mention.start - trigger.start), entity.id


def _only_near(text: str, mention: Span) -> bool:
    """Whether a place only tells where another lies (`Komyshuvakha, a village near Y`; `80 km from Y`)."""
    return ASIDE_CUE.search(text[max(0, mention.start - 60) : mention.start]) is not None


def _of_a_telling(parse: Parse, place: Token, trigger: Token) -> bool:
    """Whether a place hangs on the verb of telling and not on what is told (`Speaking in Geneva, he said …`, `Kharkiv's mayor said …`)."""
    above_trigger = {trigger.index, *(t.index for t in parse.ancestors(trigger.index))}
    branch = place
    for token in parse.ancestors(place.index):
        if token.index in above_trigger:
            told = token.lemma.lower() in TELLING and token.index != trigger.index
            return told and branch.dep in {"nsubj", "nsubjpass", "prep", "advcl", "npadvmod", "agent"}
        if token.lemma.lower() in TELLING and token.pos == "VERB":
            return True
        branch = token
    return False


def _lead_place(scene: Scene, paragraph: int, found: Sequence[Event]) -> str | None:
    """The place of the nearest earlier violent event, else the head's; not for far-off paragraphs of other matters."""
    earlier = next((e.place for e in reversed(found) if e.place and e.type in VIOLENT), None)
    return earlier or (scene.lead if paragraph < LEAD_PARAGRAPHS else None)


def steps(parse: Parse, one: Token, other: Token) -> int:
    """Steps in the tree between two tokens of a sentence."""
    first = [one.index, *(t.index for t in parse.ancestors(one.index))]
    second = {index: place for place, index in enumerate([other.index, *(t.index for t in parse.ancestors(other.index))])}
    return next((up + second[index] for up, index in enumerate(first) if index in second), FAR)


def time_of(scene: Scene, trigger: Token, carrying: Sequence[Statement]) -> str | None:
    """Id of the time when it happened: one in its clause or sentence that isn't the telling's; None where nothing tells."""
    sentence = scene.parse.sentence_of(trigger)
    said = {s.said_at for s in carrying if s.said_at is not None and _of_telling(scene, s, trigger)}
    ranked = []
    for time in scene.times.get(sentence.index, ()):
        token = scene.parse.token_at(time.passage.start)
        if token is None:
            continue
        below = _own(scene.parse, token, trigger)
        coarse = FINE.match(time.value) is None
        away = abs(time.passage.start - trigger.start)
        ranked.append((time.id in said and not below, not below, coarse, steps(scene.parse, token, trigger), away, time.id))
    best = min(ranked, default=None)
    return None if best is None or best[0] else best[-1]


def _own(parse: Parse, time: Token, trigger: Token) -> bool:
    """Whether a time hangs on the trigger and not on a verb that the trigger governs (`agreed to begin patrols on Monday`)."""
    for above in parse.ancestors(time.index):
        if above.index == trigger.index:
            return True
        if above.pos == "VERB" and above.dep in {"xcomp", "ccomp", "advcl", "relcl"}:
            return False
    return False


def _of_telling(scene: Scene, statement: Statement, trigger: Token) -> bool:
    """Whether a statement's time is the telling's: outside its content, and nearer to the saying word than to the event's."""
    time = scene.by_id.get(statement.said_at or "")
    if time is None or any(part.start <= time.passage.start < part.end for part in statement.content):
        return False
    to_cue = abs(time.passage.start - statement.cue.start) if statement.cue is not None else 0
    return to_cue <= max(NEAR_CUE, abs(time.passage.start - trigger.start))

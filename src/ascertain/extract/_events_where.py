"""Where and when an event happened: the place and the time of the event's own clause before those of its sentence, its paragraph, its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
FAR = 20  # steps between tokens of different trees
FINE = re.compile(r"\d{4}-\d\d(-\d\d)?")


@attrs.frozen
class Scene:
    """What place and time are looked up in, for one text."""

    parse: Parse
    places: tuple[tuple[Span, Entity], ...]
    times: tuple[TimeExpression, ...]

    @classmethod
    def of(cls, parse: Parse, entities: Sequence[Entity], times: Sequence[TimeExpression]) -> Scene:
        """The scene of a text: its places that can be where something happened, and its times that point somewhere."""
        named = sorted(
            ((m, e) for e in entities if e.type is EntityType.PLACE and e.place is not None for m in e.mentions), key=lambda pair: pair[0]
        )
        placed = tuple((m, e) for m, e in named if is_location(parse, m))
        dated = tuple(t for t in times if t.kind in {TimeKind.DATE, TimeKind.TIME} and t.value != "PRESENT_REF")
        return cls(parse, placed, dated)

    def places_in(self, sentence: Sentence) -> Iterator[tuple[Span, Entity]]:
        """The places of a sentence."""
        return ((m, e) for m, e in self.places if sentence.start <= m.start < sentence.end)

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds an offset; the first where none does."""
        token = self.parse.token_at(offset)
        return self.parse.sentences[token.sentence if token else 0]


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
    ranked = [rank for mention, entity in scene.places_in(sentence) if (rank := _place_rank(scene, trigger, mention, entity)) is not None]
    if ranked:
        return min(ranked)[-1]
    paragraph = [e for e in found if e.place and scene.sentence_at(e.trigger.start).paragraph == sentence.paragraph]
    if paragraph:
        return paragraph[-1].place
    before = [
        entity
        for mention, entity in scene.places
        if mention.start < sentence.start and scene.sentence_at(mention.start).paragraph == sentence.paragraph
    ]
    return before[-1].id if before else _lead_place(scene, sentence.paragraph, found)


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
    return 0 if below else 1, steps(parse, token, trigger) - exact, abs(mention.start - trigger.start), entity.id


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
    """The place of the nearest earlier violent event, else the first place of the text; not for far-off paragraphs of other matters."""
    earlier = [e for e in found if e.place and e.type in VIOLENT]
    if earlier:
        return earlier[-1].place
    local = [
        e
        for m, e in scene.places
        if e.place is not None and e.place.feature in {"city", "district", "region"} and m.start < LEAD_CHARACTERS
    ]
    return local[0].id if local and paragraph < LEAD_PARAGRAPHS else None


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
    for time in scene.times:
        token = scene.parse.token_at(time.passage.start)
        if token is None or not sentence.start <= time.passage.start < sentence.end:
            continue
        below = any(t.index == trigger.index for t in scene.parse.ancestors(token.index))
        coarse = FINE.match(time.value) is None
        away = abs(time.passage.start - trigger.start)
        ranked.append((time.id in said and not below, not below, coarse, steps(scene.parse, token, trigger), away, time.id))
    best = min(ranked, default=None)
    return None if best is None or best[0] else best[-1]


def _of_telling(scene: Scene, statement: Statement, trigger: Token) -> bool:
    """Whether a statement's time is the telling's: outside its content, and nearer to the saying word than to the event's."""
    time = next((t for t in scene.times if t.id == statement.said_at), None)
    if time is None or any(part.start <= time.passage.start < part.end for part in statement.content):
        return False
    to_cue = abs(time.passage.start - statement.cue.start) if statement.cue is not None else 0
    return to_cue <= max(NEAR_CUE, abs(time.passage.start - trigger.start))

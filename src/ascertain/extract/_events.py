"""Events: what is said to have happened, to whom, where, when, how many, how surely, and who carries it.

Parts: `_events_triggers` (which words tell of an event), `_participants`, `_events_where` (place and time), `_harms`, `_actuality`,
`_events_codes`; the word lists and rules stand in `data/events*.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ascertain.extract._actuality import actuality_of, is_aside, negated_subject
from ascertain.extract._events_codes import codes_of, kind_of
from ascertain.extract._events_triggers import triggers
from ascertain.extract._events_where import Scene, place_of, time_of
from ascertain.extract._harms import harms_of
from ascertain.extract._lexicon import by_word, words
from ascertain.extract._participants import participants_of
from ascertain.extract._statements import holders_of
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Actuality, Entity, EntityType, Event, Participant, Quantity, Role, Span, Stance, Statement, TimeExpression

ACCUSING = {"accuse", "suspect", "blame", "charge"}
TOLD_NOUNS = frozenset(by_word("cues", "nouns")) | {"story", "tale"}
ASIDE_OF = {Stance.DENIES, Stance.DOUBTS}
HEARSAY = words("actuality", "hearsay")
FALSE, TRUE = words("actuality", "false"), words("actuality", "true")
TAKEN_BACK = re.compile(
    r"(?:But )?(?:(?:[Ii]t|[Tt]hey|[Hh]e|[Ss]he) (?:did|was|were|had|has|have)(?: not|n['’]t)"
    r"|(?:[Tt]hat|[Tt]his|[Ii]t) (?:is|was) (?:not (?:true|so|the case|correct|accurate)|" + "|".join(sorted(FALSE)) + r"))[.!]?"
)
REACH = 40  # mentions before a word that may still cover it
LOCAL = {"city", "district", "region", "area"}  # places that a noun may carry as where it happened (`the Kabul bombing`)


class _Mentions:
    """Which entity words mean, for one text."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.by_id = {e.id: e for e in entities}
        self._by_start = sorted(((m, e) for e in entities for m in e.mentions), key=lambda pair: pair[0])
        self._starts = [mention.start for mention, _ in self._by_start]

    def entity_of(self, span: Span, head: Token) -> str | None:
        """The entity whose mention covers a head word, people and bodies before places."""
        last = bisect_right(self._starts, head.start)
        near = self._by_start[max(0, last - REACH) : last]
        covering = [(m, e) for m, e in near if m.start <= head.start < m.end]
        if covering:
            return min(covering, key=lambda pair: (pair[1].type is EntityType.PLACE, pair[0].end - pair[0].start))[1].id
        first, end = bisect_left(self._starts, span.start), bisect_right(self._starts, span.end)
        inside = [e for m, e in self._by_start[first:end] if m.end <= span.end and e.type is not EntityType.PLACE]
        return inside[-1].id if inside else None

    def is_local(self, participant: Participant) -> bool:
        """Whether a participant is a town or region, that is where it happened and nobody who acts."""
        entity = self.by_id.get(participant.entity or "")
        return entity is not None and entity.place is not None and entity.place.feature in LOCAL


class _Counts:
    """The quantities of a text by their place."""

    def __init__(self, quantities: Sequence[Quantity]) -> None:
        self._quantities = sorted(quantities, key=lambda q: q.passage)
        self._starts = [q.passage.start for q in self._quantities]

    def within(self, sentence: Sentence) -> list[Quantity]:
        """Those that begin in a sentence."""
        return self._quantities[bisect_left(self._starts, sentence.start) : bisect_left(self._starts, sentence.end)]


def find_events(
    parse: Parse,
    *,
    entities: Sequence[Entity],
    times: Sequence[TimeExpression],
    quantities: Sequence[Quantity],
    statements: Sequence[Statement],
) -> tuple[Event, ...]:
    """All event mentions of a text, in text order, with ids `v1`, `v2` and so on."""
    mentions, scene = _Mentions(entities), Scene.of(parse, entities, times)
    by_id = {s.id: s for s in statements}
    counts = _Counts(quantities)
    found: list[Event] = []
    for trigger, span, meaning in triggers(parse):
        holders = holders_of(trigger.span, statements)
        if any(by_id[key].stance in ASIDE_OF for key in holders) and is_aside(parse, trigger, by_id[holders[-1]].content[0].start):
            holders = ()  # `denied links to the group, which laid siege to the town in 2017`: the writer's own words
        carrying = [by_id[key] for key in holders]
        participants = participants_of(parse, trigger, meaning.type, meaning.kind, mentions.entity_of)
        participants = tuple(p for p in participants if not _names_where(p, trigger, mentions))
        kind = kind_of(parse, trigger, meaning.type, meaning.kind, participants)
        found.append(
            Event(
                id=f"v{len(found) + 1}",
                type=meaning.type,
                trigger=span,
                actuality=_actuality(parse, trigger, carrying),
                kind=kind,
                participants=participants,
                place=place_of(scene, trigger, found),
                time=time_of(scene, trigger, carrying),
                harms=harms_of(parse, trigger, meaning.kind, participants, counts.within(parse.sentence_of(trigger))),
                according_to=holders,
                codes=codes_of(parse, kind, participants),
            )
        )
    return tuple(found)


def _names_where(participant: Participant, trigger: Token, mentions: _Mentions) -> bool:
    """`the Kabul bombing`: the town before an event noun is no actor."""
    before = participant.role is Role.ACTOR and 0 <= trigger.start - participant.passage.end <= 2
    return before and trigger.pos in {"NOUN", "PROPN"} and mentions.is_local(participant)


def _actuality(parse: Parse, trigger: Token, carrying: Sequence[Statement]) -> Actuality:
    """How the event is told; what somebody is accused of is alleged, what somebody denies having done is denied."""
    if negated_subject(parse, trigger) or _none(parse, trigger) or _called_false(parse, trigger):
        return Actuality.DENIED
    told = actuality_of(parse, trigger, carrying)
    if told is Actuality.HAPPENED and carrying and _taken_back(parse, trigger):
        return Actuality.DENIED
    if told is Actuality.HAPPENED and _is_hearsay(parse, trigger, carrying):
        return Actuality.ALLEGED
    above = parse.tokens[trigger.head]
    if told is Actuality.HAPPENED and above.lemma.lower() == "deny" and trigger.dep in {"xcomp", "ccomp", "dobj"}:
        return Actuality.DENIED
    if told is Actuality.HAPPENED and _is_asked(parse, trigger):
        return Actuality.POSSIBLE
    governor = parse.tokens[above.head]
    accused = trigger.dep in {"pcomp", "pobj"} and above.lower in {"of", "for", "with"} and governor.lemma.lower() in ACCUSING
    return Actuality.ALLEGED if told is Actuality.HAPPENED and accused else told


def _called_false(parse: Parse, trigger: Token) -> bool:
    """`Reports that the town came under attack are incorrect`: the clause of a noun of telling that is said to be false."""
    below = trigger
    for above in parse.ancestors(trigger.index):
        if below.dep in {"acl", "ccomp", "relcl", "prep"} and above.lemma.lower() in TOLD_NOUNS and above.dep in {"nsubj", "nsubjpass"}:
            verb = parse.tokens[above.head]
            said = parse.dependents(verb.index, "acomp", "attr", "oprd", "neg", "prep")
            false = {parse.tokens[i].lower for t in said for i in parse.subtree(t.index)}
            negated = bool(false & {"not", "n't", "n’t"})
            return bool(false & (TRUE if negated else FALSE))
        below = above
    return False


def _taken_back(parse: Parse, trigger: Token) -> bool:
    """`An alert said that the bomb had struck the hospital. It didn't.`: the next sentence denies what was told, and says no more."""
    number = trigger.sentence + 1
    if number >= len(parse.sentences):
        return False
    following = parse.sentences[number]
    return TAKEN_BACK.fullmatch(parse.text[following.start : following.end].strip()) is not None


def _is_hearsay(parse: Parse, trigger: Token, carrying: Sequence[Statement]) -> bool:
    """`There have been reports that soldiers burned houses`: the clause of a noun of telling that nobody in particular tells."""
    below = trigger
    for above in parse.ancestors(trigger.index):
        if (
            below.dep in {"acl", "ccomp"}
            and above.lemma.lower() in HEARSAY
            and any(t.lower == "that" for t in parse.dependents(below.index, "mark"))
        ):
            return not any(s.speaker and s.cue is not None and s.cue.start <= above.start < s.cue.end for s in carrying)
        below = above
    return False


def _is_asked(parse: Parse, trigger: Token) -> bool:
    """`Were people taken away?`: a question that begins with its verb."""
    sentence = parse.sentence_of(trigger)
    first = parse.tokens[sentence.first]
    return first.pos == "AUX" and parse.text[: sentence.end].rstrip('"”’ ').endswith("?")


def _none(parse: Parse, trigger: Token) -> bool:
    """`No dead or wounded were brought in`: a noun, or the one it is coordinated with, has a `no` before it."""
    current = trigger
    for _ in range(4):
        if any(t.lower in {"no", "neither"} for t in parse.dependents(current.index, "det", "preconj")):
            return True
        if current.dep != "conj":
            return any(_not_one(parse, noun) for noun in parse.dependents(trigger.index, "nsubj", "nsubjpass", "dobj"))
        current = parse.tokens[current.head]
    return False


def _not_one(parse: Parse, noun: Token) -> bool:
    """`not one of his men had fired`, `not a single shot`."""
    first = min(parse.subtree(noun.index)[0], noun.index)
    before = parse.tokens[first - 1] if first else noun
    return "not" in {before.lower, parse.tokens[first].lower} and before.sentence == noun.sentence

"""Harms: how many were killed, injured, detained, missing, displaced, found dead; the number by its quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.extract._lexicon import words
from ascertain.extract._participants import harmed
from ascertain.models.language import Parse, Token
from ascertain.records import EventType, Harm, HarmKind, Participant, Quantity, Span

LEXICON = {kind: words("events_conditions", f"harm.{kind.value}") for kind in HarmKind}
PEOPLE = (
    words("people", "person")
    | words("people", "group")
    | words("people", "armed")
    | {"other", "others", "dead", "body", "bodies", "corpse", "corpses"}
)
NOT_PEOPLE = words("events_conditions", "buildings") - {"civilian", "civilians", "people"}
TOLL = re.compile(r"\b(?:toll|number of (?:the )?(?:dead|injured|wounded|killed|deaths|victims|casualties)|figure|count)\b", re.IGNORECASE)


def harms_of(
    parse: Parse, trigger: Token, event: EventType, participants: Sequence[Participant], quantities: Sequence[Quantity]
) -> tuple[Harm, ...]:
    """The harm that a trigger word tells of, with the number of those harmed where the text gives one."""
    kind = _kind(trigger, event)
    if kind is None:
        return ()
    quantity = _quantity(parse, trigger, kind, participants, quantities)
    if quantity is not None and quantity.counted and _head_word(quantity.counted) in NOT_PEOPLE:
        return ()
    if quantity is None and not harmed(participants):
        return ()
    return (Harm(kind, quantity.id if quantity else None),)


def _head_word(words_: str) -> str:
    return words_.lower().split()[-1]


def _kind(trigger: Token, event: EventType) -> HarmKind | None:
    lemma = trigger.lemma.lower()
    if event is EventType.DISCOVER:
        return HarmKind.BODIES_FOUND
    if lemma == "shoot":
        return HarmKind.KILLED
    for kind in (HarmKind.KILLED, HarmKind.INJURED, HarmKind.MISSING, HarmKind.DISPLACED, HarmKind.DETAINED):
        if lemma in LEXICON[kind] or trigger.lower in LEXICON[kind]:
            if kind is HarmKind.DETAINED and event not in {EventType.COERCE, EventType.ASSAULT}:
                return None
            return kind
    return None


def _quantity(
    parse: Parse, trigger: Token, kind: HarmKind, participants: Sequence[Participant], quantities: Sequence[Quantity]
) -> Quantity | None:
    """The number that goes with a harm: inside or beside the words for those harmed, else the toll's."""
    whole = [q for q in quantities if q.part_of is None]
    for participant in harmed(participants):
        for quantity in whole:
            if quantity.passage.start < participant.passage.end and participant.passage.start < quantity.passage.end:
                return quantity
    sentence = parse.sentence_of(trigger)
    here = [q for q in whole if sentence.start <= q.passage.start < sentence.end]
    near = [q for q in here if _beside(parse, trigger, q)]
    if near:
        return min(near, key=lambda q: abs(q.passage.start - trigger.start))
    if kind is HarmKind.BODIES_FOUND:
        counted = [q for q in here if q.counted is None or _head_word(q.counted) in PEOPLE or "bod" in q.counted]
        return counted[0] if len(counted) == 1 else None
    if TOLL.search(parse.text[sentence.start : sentence.end]) and _tolls(parse, trigger, sentence.start, sentence.end):
        last = [q for q in here if q.counted is None or _head_word(q.counted) in PEOPLE]
        last = [q for q in last if not re.search(r"\b(?:from|up from)\s*$", parse.text[max(0, q.passage.start - 9) : q.passage.start])]
        after = [q for q in last if q.passage.start > trigger.start]
        return (after or last)[0] if (after or last) else None
    return None


def _tolls(parse: Parse, trigger: Token, start: int, end: int) -> bool:
    """Whether the trigger is the word of a toll (`the number of dead stands at five`, `the toll rose to 31`)."""
    match = TOLL.search(parse.text, start, end)
    return match is not None and (match.start() <= trigger.start < match.end() or 0 <= trigger.start - match.end() < 25)


def _beside(parse: Parse, trigger: Token, quantity: Quantity) -> bool:
    """A bare number that is subject or object of the trigger, or stands right before it (`14 injured`, `Five are dead`)."""
    tokens = parse.tokens_in(Span(quantity.passage.start, quantity.passage.end))
    for token in tokens:
        if token.head == trigger.index and token.dep in {"nsubj", "nsubjpass", "dobj", "nummod", "npadvmod", "attr"}:
            return True
        above = parse.tokens[token.head]
        if token.dep in {"nsubj", "nsubjpass"} and above.lemma == "be" and trigger.head == above.index:
            return True
        if token.dep in {"nummod", "quantmod"} and token.head == trigger.index:
            return True
    gap = trigger.start - quantity.passage.end
    if 0 <= gap <= 8:
        between = parse.text[quantity.passage.end : trigger.start].strip()
        return between in {"", "are", "were", "was", "is", "more", "others", "others were"} and not (
            quantity.counted and _head_word(quantity.counted) not in PEOPLE
        )
    reverse = quantity.passage.start - trigger.end
    if 0 <= reverse <= 3:
        return quantity.counted is None or _head_word(quantity.counted) in PEOPLE
    return False

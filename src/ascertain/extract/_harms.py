"""Harms: how many were killed, injured, detained, missing, displaced, found dead; the number by its quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.extract._lexicon import word_class, words
from ascertain.extract._participants import harmed
from ascertain.models.language import Parse, Token
from ascertain.records import Harm, HarmKind, Participant, Quantity, Span

BY_KIND = {
    "killing": HarmKind.KILLED,
    "injuring": HarmKind.INJURED,
    "detention": HarmKind.DETAINED,
    "abduction": HarmKind.DETAINED,
    "disappearance": HarmKind.MISSING,
    "displacement": HarmKind.DISPLACED,
    "bodies found": HarmKind.BODIES_FOUND,
}
TO_DEATH = {"shooting", "beating", "stabbing", "torture", "destruction", "attack"}  # these kill where `to death` or `dead` stands by them
PEOPLE = word_class("people")
NOT_PEOPLE = words("events_conditions", "buildings") - {"civilian", "civilians", "people"}
TOLL = re.compile(
    r"\b(?:toll|number of (?:the |people |those |persons |civilians |soldiers )?(?:dead|injured|wounded|killed|hurt|deaths|fatalities|victims|casualties|missing|detained|arrests)|figure|count)\b",
    re.IGNORECASE,
)
FORMER = re.compile(r"\b(?:from|up from|down from|earlier|previous(?:ly)?)\s*$", re.IGNORECASE)
BETWEEN = {
    "",
    "are",
    "were",
    "was",
    "is",
    "more",
    "others",
    "others were",
    "people",
    "have been",
    "had been",
    "have",
    "had",
    "been",
    "as",
    "lay",
}
ARGUMENTS = {"nsubj", "nsubjpass", "dobj", "nummod", "npadvmod", "attr", "appos"}


def harms_of(
    parse: Parse, trigger: Token, kind: str | None, participants: Sequence[Participant], quantities: Sequence[Quantity]
) -> tuple[Harm, ...]:
    """The harm that a trigger word tells of, with the number of those harmed where the text gives one.

    Args:
        kind: the trigger's own kind, before the weapon made it finer.
    """
    harm = _harm(parse, trigger, kind)
    if harm is None:
        return ()
    quantity = _quantity(parse, trigger, harm, participants, quantities)
    if quantity is not None and quantity.counted and _head_word(quantity.counted) in NOT_PEOPLE:
        return ()
    if quantity is None and not harmed(participants):
        return ()
    return (Harm(harm, quantity.id if quantity else None),)


def _harm(parse: Parse, trigger: Token, kind: str | None) -> HarmKind | None:
    if kind in TO_DEATH:
        behind = parse.text[trigger.end : trigger.end + 30].lower()
        return HarmKind.KILLED if re.match(r"\W*dead\b|[^.,;]*\bto death\b", behind) else None
    return BY_KIND.get(kind or "")


def _head_word(counted: str) -> str:
    return counted.lower().split()[-1]


def _counts_people(quantity: Quantity) -> bool:
    return quantity.counted is None or _head_word(quantity.counted) in PEOPLE or "bod" in quantity.counted


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
        counted = [q for q in here if _counts_people(q)]
        return counted[0] if len(counted) == 1 else None
    return _of_toll(parse, trigger, here) if _is_toll(parse, trigger, sentence.start, sentence.end) else None


def _of_toll(parse: Parse, trigger: Token, here: Sequence[Quantity]) -> Quantity | None:
    """The number that a toll has now, not the one that it had before (`rose to 31 from 22`)."""
    counted = [q for q in here if _counts_people(q) and not FORMER.search(parse.text[max(0, q.passage.start - 12) : q.passage.start])]
    after = [q for q in counted if q.passage.start > trigger.start]
    return next(iter(after or counted), None)


def _is_toll(parse: Parse, trigger: Token, start: int, end: int) -> bool:
    """Whether the trigger is the word of a toll (`the number of dead stands at five`, `the toll rose to 31`)."""
    match = TOLL.search(parse.text, start, end)
    return match is not None and (match.start() <= trigger.start < match.end() or 0 <= trigger.start - match.end() < 25)


def _beside(parse: Parse, trigger: Token, quantity: Quantity) -> bool:
    """A bare number that is subject or object of the trigger, or stands right beside it (`14 injured`, `Five are dead`)."""
    if any(_governs(parse, trigger, token) for token in parse.tokens_in(Span(quantity.passage.start, quantity.passage.end))):
        return True
    if 0 <= trigger.start - quantity.passage.end <= 12:
        between = parse.text[quantity.passage.end : trigger.start].strip()
        return between in BETWEEN and _counts_people(quantity)
    return 0 <= quantity.passage.start - trigger.end <= 3 and _counts_people(quantity)


def _governs(parse: Parse, trigger: Token, token: Token) -> bool:
    above = parse.tokens[token.head]
    if token.head == trigger.index and token.dep in ARGUMENTS | {"quantmod"}:
        return True
    return token.dep in {"nsubj", "nsubjpass"} and above.lemma == "be" and trigger.head == above.index

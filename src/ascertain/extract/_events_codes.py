"""The finer kind that the weapon tells, ACLED's sub-event type, and articles of the Rome Statute on which such facts may bear.

The tags are for people to weigh, never a verdict: they follow from kind and from who or what was struck alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.extract._lexicon import table, word_class
from ascertain.models.language import Parse, Token
from ascertain.records import EventType, Participant, Role

OPEN_KINDS = {"attack", "killing", "injuring", "destruction", "explosion", "shooting"}  # the weapon says more than these
SPOKEN_ANYWHERE = {"attack", "explosion"}  # for these a weapon anywhere in the sentence tells
PROTECTED = {
    "civilian",
    "civilians",
    "child",
    "children",
    "woman",
    "women",
    "prisoner",
    "prisoners",
    "medic",
    "medics",
    "patient",
    "patients",
}


def kind_of(parse: Parse, trigger: Token, event: EventType, kind: str | None, participants: Sequence[Participant]) -> str | None:
    """The finer word: for attacks and harm by weapons the weapon tells."""
    if event is not EventType.ASSAULT or kind not in OPEN_KINDS:
        return kind
    if any(re.search(r"\bsuicide\b", parse.text[p.passage.start : p.passage.end], re.IGNORECASE) for p in participants):
        return "suicide bombing"
    weapons: dict[str, str] = table("events_conditions")["kind_by_instrument"]
    spoken = [parse.text[p.passage.start : p.passage.end].lower().split()[-1] for p in participants if p.role is Role.INSTRUMENT]
    if kind in SPOKEN_ANYWHERE:
        sentence = parse.sentence_of(trigger)
        said = parse.tokens[sentence.first : sentence.last]
        spoken += [t.lower for t in said if t.pos == "NOUN" and t.dep != "compound" and not _tear_gas(parse, t)]
    return next((weapons[word] for word in spoken if word in weapons), kind)


def _tear_gas(parse: Parse, token: Token) -> bool:
    return token.lower == "gas" and token.index > 0 and parse.tokens[token.index - 1].lower in {"tear", "natural", "cooking", "-"}


def codes_of(parse: Parse, kind: str | None, participants: Sequence[Participant]) -> tuple[str, ...]:
    """`acled:…` and `rome:…` codes of an event, ACLED's first."""
    codes = table("codes")
    found = [f"acled:{codes['acled'][kind]}"] if kind in codes["acled"] else []
    struck = _struck(parse, participants)
    tags = list(codes["rome"].get(kind, []))
    if struck and (struck & PROTECTED or not struck & (word_class("armed") - {"guard", "guards"})):
        tags += codes["rome_civilians"].get(kind, [])
    for group in codes["rome_struck"]:
        if struck & frozenset(group["words"].split()) and kind in group["kinds"].split(", "):
            tags += group["tags"]
    return (*found, *(f"rome:{tag}" for tag in dict.fromkeys(tags)))


def _struck(parse: Parse, participants: Sequence[Participant]) -> set[str]:
    """The words for those or what was struck, each with its singular."""
    spoken = {
        word.strip(".,;’'\"“”").lower()
        for p in participants
        if p.role in {Role.RECIPIENT, Role.OBJECT}
        for word in parse.text[p.passage.start : p.passage.end].split()
    }
    return spoken | {word[:-1] for word in spoken if word.endswith("s")}

"""Happenings in words: sentences that tell of violence though the reading found no event of its kind in them.

They join a document to an incident that others tell; alone they make none.
"""

from __future__ import annotations

from functools import cache

from ascertain.link._ground import Ground
from ascertain.link._rules import pattern, rules
from ascertain.records import Actuality, Event, EventType, Part, Span

MARK = "@"  # how ids of such events begin
FAMILIES = ("detention", "bodies", "strike", "displacement")
TYPES = {"detention": EventType.COERCE, "bodies": EventType.DISCOVER, "strike": EventType.ASSAULT, "displacement": EventType.COERCE}


def is_worded(event: Event) -> bool:
    """Whether an event was made here."""
    return event.id.startswith(MARK)


def worded_events(ground: Ground, told: frozenset[int]) -> list[tuple[int, Event, str]]:
    """Sentences with words of violence and without an event: (sentence, event, family), in text order.

    Args:
        told: numbers of the sentences that have events.
    """
    found = []
    for number, sentence in enumerate(ground.layout.sentences):
        words = ground.words(number)
        if number in told or sentence.part is Part.HEAD or pattern("worded", "never").search(words):
            continue
        for family in FAMILIES:
            match = pattern("worded", family).search(words)
            if match is not None:
                trigger = Span(sentence.start + match.start(), sentence.start + match.end())
                event = Event(f"{MARK}{trigger.start}", TYPES[family], trigger, Actuality.HAPPENED, _kind(family, words))
                found.append((number, event, family))
                break
    return found


def _kind(family: str, words: str) -> str:
    """The kind that the words tell; one that only says harm where they tell none."""
    if family in {"bodies", "displacement"}:
        return "bodies found" if family == "bodies" else family
    low = words.casefold()
    told = next((kind for mark, kind in _kinds() if mark in low), None)
    if family == "detention":
        return told if told in {"abduction", "detention"} else "detention"
    return "killing" if told is None or told in {"abduction", "detention"} else told


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    pairs = (pair.strip().split("=") for pair in rules()["worded"]["kinds"].split(","))
    return tuple((mark, kind) for mark, kind in pairs)

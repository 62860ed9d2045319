"""Turns: lines of a transcript, each with the person whose name it begins with, under that person's full name and office."""

from __future__ import annotations

import re

import attrs

from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, fold, proper, source_of_entity
from ascertain.assess._tellings import Telling
from ascertain.records import EntityType, OriginKind, Part, Span

DASHED = re.compile(r"^[-–—] +(\S.*)$", re.MULTILINE)
LEAST_LINES = 4  # a talk in dashes has so many lines at least
LEAST_TURNS = 3  # a transcript has so many turns at least
BESIDE = 40  # characters before a name in which the office of its bearer stands


def turns_of(telling: Telling) -> list[tuple[Span, Source | None]]:
    """The turns of a transcript in the telling's sentences; None for those who only ask."""
    text = telling.reading.document.text
    mark = re.compile(pattern("turn").pattern, re.MULTILINE)
    turns = [turn for turn in mark.finditer(text) if _is_somebody(telling, turn[1], text)]
    if not turns:
        return _dialogue(telling)
    if len(turns) < LEAST_TURNS and not any(_introduced(telling, turn[1])[0] != turn[1].title() for turn in turns):
        return []
    found: list[tuple[Span, Source | None]] = []
    for turn in turns:
        end = text.find("\n", turn.end())
        span = Span(turn.end(), end if end >= 0 else len(text))
        if fold(turn[1]) in listed("turn", "askers"):
            found.append((span, None))
        elif any(telling.owns(s.start) for s in telling.sentences() if turn.start() <= s.start < span.end):
            found.append((span, _speaker(telling, turn[1], turn.start())))
    return found


def _dialogue(telling: Telling) -> list[tuple[Span, Source | None]]:
    """The lines of a talk that begin with dashes, questions and answers by turns; who answers is the person named in the head of the text."""
    text = telling.reading.document.text
    lines = [Span(m.start(1), m.end(1)) for m in DASHED.finditer(text)]
    asking = [text[line.start : line.end].rstrip().endswith("?") for line in lines]
    if len(lines) < LEAST_LINES or not any(asking):
        return []
    first = sum(asking[::2]) >= sum(asking[1::2])  # who speaks first asks
    guest = _guest(telling)
    told = [(line, None if (number % 2 == 0) is first else guest) for number, line in enumerate(lines)]
    return [(line, who) for line, who in told if who is None or telling.owns(line.start)]


def _guest(telling: Telling) -> Source | None:
    """The person named in headline or head, with the offices that stand beside the name."""
    reading = telling.reading
    for sentence in telling.layout.sentences:
        if sentence.part is Part.BODY:
            return None
        for entity in reading.entities:
            named = any(sentence.start <= m.start < sentence.end for m in entity.mentions)
            if named and entity.type is EntityType.PERSON and proper(entity.name) and " " in entity.name:
                source = source_of_entity(reading, entity, None)
                beside = content(telling.words(sentence)) & (listed("office", "heads") | listed("office", "bodies"))
                return attrs.evolve(source, offices=source.offices | beside) if source is not None else None
    return None


def _is_somebody(telling: Telling, called: str, text: str) -> bool:
    """Whether the words before a colon are somebody who speaks: one who asks, an office, a person of the text, or one who speaks twice; no heading."""
    words = content(called)
    if fold(called) in listed("turn", "askers") or words & (listed("office", "heads") | listed("office", "ranks")):
        return True
    entities = telling.reading.entities
    if any(e.place is not None and fold(called) in {fold(n) for n in (e.name, *e.aliases)} for e in entities):
        return False
    if any(e.type is EntityType.PERSON and fold(e.name) == fold(called) for e in entities):
        return True
    return len(re.findall(rf"^{re.escape(called)}: ", text, re.MULTILINE)) > 1 or _introduced(telling, called)[0] != called.title()


def _speaker(telling: Telling, called: str, first: int) -> Source:
    """The person of a turn: `KASSAR` is the Captain Yahya Kassar of another line."""
    name, offices = _introduced(telling, called)
    reading = telling.reading
    known = next((e for e in reading.entities if e.type is EntityType.PERSON and fold(e.name) == fold(name)), None)
    source = source_of_entity(reading, known, None) if known is not None and " " in name else None
    if source is not None:
        offices |= source.offices
    persons = frozenset({name} if " " in name else ())
    return Source(
        (reading.document.id, fold(called)), (name,), name, offices, OriginKind.PERSON, bodies=source.bodies if source else frozenset(),
        spokes=bool(offices & listed("office", "spokes")), ranked=bool(offices & listed("office", "ranks")), first=first, persons=persons,
    )  # fmt: skip


def _introduced(telling: Telling, called: str) -> tuple[str, frozenset[str]]:
    """The full name of which the words before a turn are the end, and the offices that stand before it."""
    text = telling.reading.document.text
    plain = called.title()
    words = r"[A-Z][\w’'-]+"
    for match in re.finditer(rf"({words}(?: (?:{words}|al|de|da|del|van|bin)){{0,3}}) ({words})", text):
        parts = match[0].split()
        titles = listed("office", "ranks") | listed("office", "heads") | listed("office", "honorifics")
        while len(parts) > 1 and parts[0].casefold().rstrip(".") in titles:
            parts = parts[1:]
        name = " ".join(parts)
        if len(parts) > 1 and fold(name).endswith(" " + fold(called)) and proper(name):
            before = content(text[max(0, match.end() - len(name) - BESIDE) : match.end() - len(name)].split("\n")[-1])
            return name, before & (listed("office", "heads") | listed("office", "ranks") | listed("office", "bodies"))
    return plain, frozenset()

"""What language does in reports of conflict, phenomenon by phenomenon: sentences of our own, in vectors/phenomena-*.jsonl, all dated Wednesday 8 May 2024.

Events with who takes part and how they are told, words that mean something else, statements with their tellers, times with their values.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ascertain.extract import extract
from ascertain.models import load_models
from ascertain.records import Dated, Document, Reading, Span

VECTORS = Path(__file__).parent / "vectors"


def rows(name: str) -> list[Any]:
    """The rows of a file as parameters, each named by its sentence."""
    lines = (VECTORS / f"phenomena-{name}.jsonl").read_text("utf-8").splitlines()
    return [pytest.param(row, id=f"{row['text'][:60]} {n}") for n, row in enumerate(map(json.loads, lines))]


@cache
def read(text: str) -> Reading:
    return extract(Document(id="t", path="t", text=text, published=Dated("2024-05-08"), language="en"), load_models())


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def names(reading: Reading, entity: str | None) -> list[str]:
    text = reading.document.text
    return [n for e in reading.entities if e.id == entity for n in (e.name, *e.aliases, *(text[m.start : m.end] for m in e.mentions))]


def called(reading: Reading, entity: str | None, words: str) -> bool:
    return any(words.lower() in name.lower() for name in names(reading, entity))


@pytest.mark.parametrize("row", rows("events"))
def test_events_are_read_with_those_who_take_part(row):
    text = row["text"]
    reading = read(text)
    found = [e for e in reading.events if touch(e.trigger, at(text, row["trigger"]))]
    if row["type"] is None:
        assert not found
        return
    speakers = {s.id: s.speaker for s in reading.statements}

    def fits(event) -> bool:
        roles = row.get("roles", {})
        return (
            event.type in row["type"]
            and event.actuality in row.get("actuality", [event.actuality])
            and all(
                any(
                    p.role in role.split("|") and words.lower() in text[p.passage.start : p.passage.end].lower() for p in event.participants
                )
                for role, words in roles.items()
            )
            and ("according_to" not in row or any(called(reading, speakers[s], row["according_to"]) for s in event.according_to))
        )

    assert any(fits(event) for event in found)


@pytest.mark.parametrize("row", rows("statements"))
def test_statements_are_read_with_their_tellers(row):
    text = row["text"]
    reading, anchor = read(text), at(text, row["content"])

    def fits(statement) -> bool:
        covered = sum(max(0, min(anchor.end, s.end) - max(anchor.start, s.start)) for s in statement.content)
        size = sum(s.end - s.start for s in statement.content)
        return (
            covered >= 0.9 * (anchor.end - anchor.start)
            and size <= 2 * (anchor.end - anchor.start) + 40
            and (not row["speaker"] or called(reading, statement.speaker, row["speaker"]))
            and (not row["form"] or statement.form in row["form"])
            and (not row["stance"] or statement.stance in row["stance"])
        )

    assert any(fits(statement) for statement in reading.statements)


@pytest.mark.parametrize("row", rows("times"))
def test_times_get_their_days(row):
    text = row["text"]
    values = [t.value for t in read(text).times if touch(t.passage, at(text, row["expression"]))]
    assert any(value.startswith(row["value"]) for value in values)

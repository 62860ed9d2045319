"""Growth: time at ten times the size over time at the size, for what must not grow faster than its input; adversarial texts too."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from texts import sample_texts

from ascertain import pipeline, read
from ascertain.errors import AscertainError
from ascertain.models import load_models
from ascertain.records import Dated, Document, Reading

SMALL = 20_000  # characters; the large one is ten times that
HOSTILE: dict[str, Callable[[int], str]] = {
    "quotation marks": lambda size: '"' * size,
    "nested quotes": lambda size: "“‘" * (size // 2),
    "one sentence": lambda size: "and the troops shelled the town " * (size // 32),
    "no spaces": lambda size: "killed" * (size // 6),
    "control characters": lambda size: "\x01said\x02 " * (size // 7),
    "right-to-left marks": lambda size: "\u200f\u202bKyiv\u202c " * (size // 9),
    "numbers": lambda size: "at least 5 killed, " * (size // 19),
}


def _seconds_to_read(text: str) -> float:
    started = time.perf_counter()
    with suppress(AscertainError):  # a named refusal is an answer too
        read(text, published="2026-03-14")
    return time.perf_counter() - started


def _readings(count: int) -> list[Reading]:
    documents = [
        Document(id=f"{n:064x}", path=f"{n}.txt", text=text, language="en", published=Dated("2026-03-14"))
        for n, text in enumerate(sample_texts(count, paragraphs=3))
    ]
    return [r for r in pipeline.read_documents(documents, models=load_models()) if isinstance(r, Reading)]


def _seconds_to_link(readings: list[Reading]) -> float:
    started = time.perf_counter()
    pipeline.find_incidents(readings)
    return time.perf_counter() - started


def measure() -> dict[str, float]:
    """Growth factors; ten is linear."""
    found = {}
    read("The town was shelled on Monday, the mayor said.")
    for name, make in HOSTILE.items():
        small, large = _seconds_to_read(make(SMALL)), _seconds_to_read(make(10 * SMALL))
        found[f"reading, {name}"] = round(large / max(small, 0.01), 1)
    readings = _readings(400)
    found["linking and assessing"] = round(_seconds_to_link(readings) / max(0.01, _seconds_to_link(readings[:40])), 1)
    return found

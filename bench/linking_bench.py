"""Linking and assessing at size: growth of time from some readings to ten times as many, and copies among them.

    python bench/linking_bench.py 1000 10000          # seconds, and memory, at sizes of one's own

Readings are those of the texts in tests/quality/corpora, again and again with other names (letters put for letters), other places (moved),
other days (moved by whole weeks) and a part of the words replaced, so that no two tell of one incident by chance.
"""

from __future__ import annotations

import hashlib
import random
import resource
import string
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import attrs

from ascertain import assess, link, pipeline
from ascertain.config import load_settings
from ascertain.records import Dated, Entity, EntityType, Reading, Shelf, Span

CORPORA = Path(__file__).resolve().parent.parent / "tests" / "quality" / "corpora"
SMALL = 1000  # readings; the large case has ten times as many
REPLACED = 0.7  # share of plain words that are replaced
WEEKS = 500  # incidents are spread over so many weeks
NAMED = frozenset({EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION})


@cache
def originals() -> tuple[Reading, ...]:
    """The readings of all corpora."""
    documents = []
    for path in sorted(CORPORA.glob("*/*.txt")):
        documents += list(pipeline.documents_in(path.read_bytes(), path=f"{path.parent.name}/{path.name}", settings=load_settings(None)))
    return tuple(item for item in pipeline.read_documents(documents) if isinstance(item, Reading))


def readings(count: int) -> Iterator[Reading]:
    """So many readings, no two alike."""
    for number in range(count):
        reading = originals()[number % len(originals())]
        yield _varied(reading, number // len(originals()))


def _varied(reading: Reading, round_: int) -> Reading:
    """A reading with names, places, days and words of its own; the texts of one corpus keep telling of the same things."""
    corpus = reading.document.path.split("/")[0]
    draw = random.Random(f"{corpus} {round_}")
    letters = dict(zip(string.ascii_lowercase, draw.sample(string.ascii_lowercase, 26), strict=True))
    days = timedelta(7 * draw.randrange(WEEKS))
    moved = (draw.uniform(-25, 25), draw.uniform(-60, 60))
    spans = [m for e in reading.entities if e.type in NAMED for m in e.mentions if reading.words(m)[:1].isupper()]
    document = reading.document
    text = _reworded(_renamed(document.text, spans, letters), reading, random.Random(f"{document.path} {round_}"))
    digest = hashlib.sha256(f"{document.id} {round_}".encode()).hexdigest()
    published = Dated(_later(document.published.value, days), document.published.passage) if document.published else None
    return attrs.evolve(
        reading,
        document=attrs.evolve(document, id=digest, path=f"{document.path}#{round_}", text=text, published=published),
        entities=tuple(_entity(e, letters, moved, round_) for e in reading.entities),
        times=tuple(attrs.evolve(t, value=_later(t.value, days)) for t in reading.times),
    )


def _renamed(text: str, spans: list[Span], letters: dict[str, str]) -> str:
    changed = list(text)
    for span in spans:
        changed[span.start : span.end] = _named(text[span.start : span.end], letters)
    return "".join(changed)


def _named(name: str, letters: dict[str, str]) -> str:
    return "".join(letters.get(c.lower(), c).upper() if c.isupper() else letters.get(c, c) for c in name)


def _reworded(text: str, reading: Reading, draw: random.Random) -> str:
    """Plain words outside of all findings replaced by others of their length."""
    held = [False] * len(text)
    for span in reading.passages():
        if span.end - span.start < 60:  # the content of a statement may change, a name or a number may not
            held[span.start : span.end] = [True] * (span.end - span.start)
    changed, start = list(text), 0
    for word in text.split(" "):
        end = start + len(word)
        if len(word) > 3 and word.isalpha() and word.islower() and not any(held[start:end]) and draw.random() < REPLACED:
            changed[start:end] = "".join(draw.choice(string.ascii_lowercase) for _ in word)
        start = end + 1
    return "".join(changed)


def _entity(entity: Entity, letters: dict[str, str], moved: tuple[float, float], round_: int) -> Entity:
    place = entity.place
    if place is not None:
        place = attrs.evolve(
            place, lat=max(-80.0, min(80.0, place.lat + moved[0])), lon=(place.lon + moved[1] + 180) % 360 - 180, geonames=(place.geonames or 0) + 10**8 * round_
        )  # fmt: skip
    if entity.type not in NAMED or not entity.name[:1].isupper():
        return attrs.evolve(entity, place=place)
    return attrs.evolve(entity, name=_named(entity.name, letters), aliases=tuple(_named(a, letters) for a in entity.aliases), place=place)


def _later(value: str, days: timedelta) -> str:
    try:
        return (date.fromisoformat(value[:10]) + days).isoformat() + value[10:]
    except ValueError:
        return value


def seconds(count: int) -> dict[str, float]:
    """Seconds for copies, linking and assessing of so many readings, and how many incidents they gave."""
    made = Shelf(readings(count))
    started = time.process_time()
    link.find_copies(made)
    copied = time.process_time()
    linking = link.link(made)
    linked = time.process_time()
    findings = assess.assess(linking, made)
    return {
        "copies": copied - started, "link": linked - copied, "assess": time.process_time() - linked, "incidents": float(len(findings.incidents)),
    }  # fmt: skip


def measure() -> dict[str, float]:
    """Time at ten times the size over time at the size."""
    few, many = seconds(SMALL), seconds(10 * SMALL)
    return {f"{part}, growth over ten times the readings": round(many[part] / few[part], 1) for part in ("copies", "link", "assess")}


if __name__ == "__main__":
    for size in map(int, sys.argv[1:]):
        figures = {name: round(value, 1) for name, value in seconds(size).items()}
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        sys.stdout.write(f"{size} {figures} {memory:.1f} GB\n")
        sys.stdout.flush()

"""A large case for the workbench's benchmark, made up: documents, statements and incidents by number, the same at every call."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from ascertain import pipeline
from ascertain.records import (
    Actuality,
    Capture,
    Claim,
    Dated,
    Document,
    Entity,
    EntityType,
    Event,
    EventType,
    Fact,
    Findings,
    Form,
    Incident,
    IncidentPlace,
    Mention,
    Origin,
    OriginKind,
    Outcome,
    Period,
    Quantity,
    Reading,
    Shelf,
    Span,
    Stance,
    Statement,
    Status,
)
from ascertain.store import Desk, Store, _search
from ascertain.store import _tables as tables
from ascertain.web._index import relink

SEED = 20260314
NOW = "2026-01-02T03:04:05Z"
STATEMENTS = 10  # a document
KINDS = ("shelling", "drone strike", "killing", "abduction", "bodies found", "missile strike")
WORDS = (
    "market", "bridge", "hospital", "road", "convoy", "village", "school", "river", "patrol", "shelter", "depot", "crossing", "station",
    "harvest", "clinic", "border",
)  # fmt: skip
CHUNK = 500


def make(folder: Path, *, documents: int, incidents: int) -> None:
    """Write the case and its rows."""
    chance = random.Random(SEED)
    Store.create(folder, name="Large case (made up)", collector="bench", now=NOW).close()
    with Desk.open(folder, clock=lambda: NOW) as desk:
        readings = [_reading(number, chance) for number in range(documents)]
        for start in range(0, documents, CHUNK):
            _put(desk, readings[start : start + CHUNK])
        findings = Findings(incidents=tuple(_incidents(readings, incidents, chance)))
        key = pipeline.findings_key(Shelf(readings), (), desk.captures())
        with desk.writing() as writing:
            record = msgspec.json.encode(findings)
            writing.connection.execute(tables.findings.insert().values(id=1, key=key, record=record))
            writing.log("bench", "linked", "findings", findings=sha256(record).hexdigest())
        desk.checkpoint()
        relink(desk)


def _reading(number: int, chance: random.Random) -> Reading:
    lines, entities, statements = [], [], []
    start = 0
    for n in range(STATEMENTS):
        speaker = f"Speaker {chance.randrange(2000)}"
        content = f"{chance.randint(2, 400)} people near the {chance.choice(WORDS)} saw the {chance.choice(WORDS)} burn"
        line = f"{speaker} said that {content}.\n"
        entities.append(Entity(f"e{n}", EntityType.PERSON, speaker, (Span(start, start + len(speaker)),)))
        begin = start + line.index(content)
        cue = start + len(speaker) + 1
        statements.append(
            Statement(
                f"s{n}",
                (Span(begin, begin + len(content)),),
                Form.INDIRECT,
                chance.choice((Stance.ASSERTS, Stance.ASSERTS, Stance.DENIES)),
                Span(cue, cue + 4),
                f"e{n}",
            )
        )
        lines.append(line)
        start += len(line)
    text = "".join(lines)
    event = Event("v1", EventType.ASSAULT, statements[0].content[0], Actuality.HAPPENED, kind=chance.choice(KINDS))
    length = text.index(" people") - text.index("that ") - 5
    first = text.index("that ") + 5
    day = f"{2014 + number % 11}-{1 + number % 12:02}-{1 + number % 28:02}"
    document = Document(
        sha256(str(number).encode()).hexdigest(),
        f"reports/{number:05}.txt",
        text,
        f"Report number {number} from the {chance.choice(WORDS)}",
        f"Wire {number % 40}",
        language="en",
        published=Dated(day),
        media_type="text/plain",
    )
    return Reading(
        document,
        tuple(entities),
        (),
        (Quantity("q1", Span(first, first + length), 3, 3),),
        tuple(statements),
        (event,),
        made_by="bench",
    )


def _put(desk: Desk, readings: list[Reading]) -> None:
    with desk.writing() as writing:
        for reading in readings:
            document, run = reading.document, writing.connection.execute
            capture = Capture(f"c-{document.id[:12]}", document.id, document.path, document.path, "bench", NOW, "bench", "text/plain", 1)
            run(tables.original.insert().values(digest=document.id, size=1))
            run(
                tables.capture.insert().values(
                    original=document.id, path=document.path, source="bench", record=msgspec.json.encode(capture)
                )
            )
            run(tables.document.insert().values(id=document.id, record=msgspec.json.encode(document)))
            run(tables.reading.insert().values(id=document.id, record=msgspec.json.encode(reading)))
            for stage in ("parse", "extract"):
                outcome = Outcome(document.id, stage, "done", "bench")
                run(tables.outcome.insert().values(**msgspec.to_builtins(outcome)))
            _search.index_document(writing.connection, document)
            _search.index_reading(writing.connection, reading)
            writing.log("bench", "extracted", document.id)


def _incidents(readings: list[Reading], count: int, chance: random.Random) -> Iterator[Incident]:
    """Each of two documents or, for every fiftieth, of twenty."""
    places = [(f"Town {n}", round(chance.uniform(-10, 50), 3), round(chance.uniform(10, 50), 3)) for n in range(400)]
    for number in range(count):
        wanted = 20 if number % 50 == 0 else 2
        told = [readings[(number * 2 + n) % len(readings)] for n in range(wanted)]
        place = chance.choice(places)
        day = f"{2014 + number % 11}-{1 + number % 12:02}-{1 + number % 28:02}"
        status = chance.choice((Status.ALLEGED, Status.CORROBORATED, Status.CONTESTED))
        claims = tuple(
            Claim(
                r.document.publisher or "",
                r.document.id,
                r.document.path,
                r.quantities[0].passage,
                Stance.ASSERTS,
                3 + n,
                5 + n,
                said_on=day,
                event="v1",
            )
            for n, r in enumerate(told)
        )
        origins = tuple(
            Origin(f"Wire {n}", OriginKind.OUTLET, (told[0].document.path,)) for n in {(number * 2 + n) % 40 for n in range(wanted)}
        )
        facts = (
            Fact("killed", status, 3, 3, 9, origins=("Wire 1",), claims=claims, reasons=(f"{claims[0].path}[{claims[0].passage.start}:{claims[0].passage.end}] says so.",)),
            Fact("place", Status.ALLEGED, 3, value=place[0]),
            Fact("time", Status.ALLEGED, 3, value=day),
        )  # fmt: skip
        yield Incident(
            f"incident-{number:012x}",
            EventType.ASSAULT,
            KINDS[number % len(KINDS)],
            IncidentPlace(place[0], place[1], place[2], country="UA", radius_km=5.0),
            Period(day, day),
            tuple(sorted(r.document.path for r in told)),
            tuple(Mention(r.document.path, "v1", r.document.id) for r in told),
            origins,
            facts,
            f"3–9 killed in a {KINDS[number % len(KINDS)]} in {place[0]}, {day}",
        )

"""Small cases for the workbench's tests: documents and readings made by hand, linked and assessed by the software itself."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from starlette.testclient import TestClient

from ascertain.records import (
    Actuality,
    Capture,
    Dated,
    Document,
    Entity,
    EntityType,
    Event,
    EventType,
    Form,
    Harm,
    HarmKind,
    Outcome,
    Participant,
    Place,
    Quantity,
    Reading,
    Role,
    Span,
    Stance,
    Statement,
    TimeExpression,
    TimeKind,
)
from ascertain.store import Desk, Store

NOW = "2026-01-02T03:04:05Z"
PLACES = {"Goma": (-1.67, 29.22), "Ituri": (1.56, 30.25), "Bukavu": (-2.5, 28.86)}
PASSWORD = "correct horse battery staple"


def a_text(speaker: str, count: str, place: str, day: str) -> str:
    return f"{speaker} said on Friday that {count} people were killed in a shelling in {place} on {day}."


def a_reading(
    name: str, *, speaker: str = "Anna Weber", count: int = 5, place: str = "Goma", day: str = "3 March 2023", publisher: str | None = None,
    title: str | None = None, text: str | None = None, media_type: str = "text/plain", data: bytes | None = None,
) -> tuple[bytes, Reading]:  # fmt: skip
    """A document with one statement of one speaker about one shelling, and the bytes of its original."""
    words = text or a_text(speaker, str(count), place, day)
    original = data if data is not None else f"{name}\n{words}".encode()
    lat, lon = PLACES[place]
    month = {"March": "03", "April": "04"}[day.split()[1]]

    def at(part: str) -> Span:
        start = words.index(part)
        return Span(start, start + len(part))

    document = Document(
        sha256(original).hexdigest(), f"reports/{name}", words, title=title or f"Report {name}", publisher=publisher or f"Wire {name}",
        language="en", published=Dated(f"2023-{month}-{int(day.split(maxsplit=1)[0]) + 1:02}"), media_type=media_type,
    )  # fmt: skip
    return original, Reading(
        document,
        entities=(
            Entity("e1", EntityType.PERSON, speaker, (at(speaker),)),
            Entity("e2", EntityType.PLACE, place, (at(place),), place=Place(lat, lon, geonames=1000 + len(place), feature="city", country="CD", radius_km=5)),
        ),
        times=(TimeExpression("t1", at(day), f"2023-{month}-{int(day.split(maxsplit=1)[0]):02}", TimeKind.DATE),),
        quantities=(Quantity("q1", at(f"{count} people"), count, count, counted="people"),),
        statements=(Statement("s1", (Span(at("that").end + 1, len(words.rstrip(". "))),), Form.INDIRECT, Stance.ASSERTS, cue=at("said"), speaker="e1", speaker_passage=at(speaker)),),
        events=(
            Event(
                "v1", EventType.ASSAULT, at("shelling"), Actuality.HAPPENED, kind="shelling", place="e2", time="t1",
                participants=(Participant(Role.RECIPIENT, at(f"{count} people")),), harms=(Harm(HarmKind.KILLED, "q1"),), according_to=("s1",),
            ),
        ),
        made_by="test",
    )  # fmt: skip


def make_case(folder: Path, readings: list[tuple[bytes, Reading]]) -> Path:
    """A case of some originals and their readings; not linked yet."""
    Store.create(folder, name="Test case", collector="tester", now=NOW).close()
    with Desk.open(folder, clock=lambda: NOW) as desk:
        put_readings(desk, readings)
        desk.checkpoint()
    return folder


def put_readings(desk: Desk, readings: list[tuple[bytes, Reading]], *, called: str = "capture") -> None:
    """Put originals and their readings into an open case."""
    for number, (data, reading) in enumerate(readings):
        document = reading.document
        kind = document.media_type or "text/plain"
        capture = Capture(f"{called}-{number}", document.id, document.path, document.path, "tester", NOW, "test", kind, len(data))
        desk.preserve(data, capture)
        desk.put_document(document, Outcome(document.id, "parse", "done", "test"))
        desk.put_reading(reading, Outcome(document.id, "extract", "done", "test"))


def a_case(folder: Path) -> Path:
    """Three shellings: in Goma two origins differ, in Ituri one speaks, in Bukavu another a month later."""
    return make_case(
        folder,
        [
            a_reading("a.txt", speaker="Anna Weber", count=5),
            a_reading("b.txt", speaker="Boris Kahn", count=9),
            a_reading("c.txt", speaker="Carla Ruiz", count=3, place="Ituri", day="9 March 2023"),
            a_reading("d.txt", speaker="Dora Lind", count=7, place="Bukavu", day="12 April 2023"),
        ],
    )


class Browser:
    """One person at the workbench: logs in, remembers the session and its token."""

    def __init__(self, app, name: str, role: str = "administrator") -> None:
        from ascertain.web._access import Role
        from ascertain.web.routes.account import Account

        bench = app.state.bench
        if bench.people.account(name) is None:
            bench.people.add_account(Account(name, Role(role).value, bench.gate.hashed(PASSWORD), NOW, "tests"))
        self.client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=True)
        answer = self.client.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.csrf = re.search(r'name="csrf" value="([^"]+)"', answer.text)[1]

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def post(self, path: str, data: dict | None = None, **more):
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)

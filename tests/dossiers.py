"""A small case made by hand, its dossier, and ways to change one: what tests of dossiers share."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from pathlib import Path

import attrs

from ascertain.publish import export_dossier
from ascertain.publish._crate import BAGIT
from ascertain.publish.verify import MANIFEST, PAYLOAD, TAGMANIFEST, central_directory, listing, local_header
from ascertain.records import (
    Actuality,
    Capture,
    Claim,
    Decision,
    DecisionKind,
    Document,
    Event,
    EventType,
    Fact,
    Findings,
    Form,
    Harm,
    HarmKind,
    Incident,
    Mention,
    Outcome,
    Period,
    Quantity,
    Reading,
    Span,
    Stance,
    Statement,
    Status,
)  # fmt: skip
from ascertain.store import Store

NOW = "2026-01-02T03:04:05Z"
TEXT = "Officials said 20 people were killed in Rivertown on Monday. Café owners fled. 🙂"
KILLED = {"at_least": 20, "at_most": 20, "value": None}


def a_capture_with(data: bytes, path: str, **changes: object) -> Capture:
    """The capture of some bytes, with other circumstances."""
    return attrs.evolve(a_capture(data, path), **changes)


def a_capture(data: bytes, path: str) -> Capture:
    digest = hashlib.sha256(data).hexdigest()
    return Capture(
        id=f"capture-{digest[:8]}", original=digest, path=path, source=path, collector="Tester", captured_at=NOW, tool="ascertain 0",
        media_type="text/plain", size=len(data),
    )  # fmt: skip


def a_reading(document: Document) -> Reading:
    return Reading(
        document,
        quantities=(Quantity("q1", Span(15, 17), 20, 20, counted="people", counted_passage=Span(18, 24)),),
        statements=(Statement("s1", (Span(15, 59),), Form.INDIRECT, Stance.ASSERTS, cue=Span(10, 14), speaker_passage=Span(0, 9)),),
        events=(
            Event("e1", EventType.ASSAULT, Span(30, 36), Actuality.HAPPENED, harms=(Harm(HarmKind.KILLED, "q1"),), according_to=("s1",)),
        ),
        made_by="extract test",
    )


def a_decision(number: int, reviewer: str, document: str, kind: DecisionKind = DecisionKind.ESTABLISH, **other: object) -> Decision:
    about = {"target": "incident-1", "attribute": "killed", "value": KILLED, "anchor": ((document, "30-36"),)} | other
    return Decision(id=f"decision-{number}", kind=kind, reviewer=reviewer, decided_at=NOW, reason="Seen.", **about)  # type: ignore[arg-type]


def findings(document: str, fact: Fact | None = None) -> Findings:
    claim = Claim("Officials", document, "a.txt", Span(15, 17), Stance.ASSERTS, 20, 20, event="e1", statement="s1")
    fact = fact or Fact("killed", Status.ESTABLISHED, 2, 20, 20, origins=("Officials",), claims=(claim,), decided_by=("Ann", "Ben"))
    mention = Mention("a.txt", "e1", document)
    return Findings(
        incidents=(Incident("incident-1", EventType.ASSAULT, "killing", None, Period(), ("a.txt",), (mention,), facts=(fact,)),)
    )


def fill(store: Store) -> str:
    """Two originals (one of them twice), a document, its reading, two decisions and what follows; gives the document's id."""
    store.record("created-for-tests", "case")
    data = TEXT.encode()
    for taken, path in ((data, "a.txt"), (b"\x00\x01\x02", "b.bin"), (data, "again.txt")):
        store.preserve(taken, a_capture(taken, path))
    document = Document(hashlib.sha256(data).hexdigest(), "a.txt", TEXT)
    store.put_document(document, Outcome(document.id, "parse", "done", "1"))
    store.put_outcome(Outcome(hashlib.sha256(b"\x00\x01\x02").hexdigest(), "parse", "failed", "1", "no reader", "Convert it."))
    store.put_reading(a_reading(document), Outcome(document.id, "extract", "done", "1"))
    for number, reviewer in enumerate(("Ann", "Ben"), start=1):
        store.add_decision(a_decision(number, reviewer, document.id))
    store.put_findings(findings(document.id), key="k")
    return document.id


def write_report(folder: Path) -> None:
    (folder / "pages").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
    (folder / "pages" / "a.html").write_text("<!doctype html><title>Page</title>", encoding="utf-8")


def a_case(folder: Path, *, filled: bool = True) -> Store:
    Store.create(folder, name="Case one", collector="Tester", now=NOW).close()
    store = Store.open(folder, clock=lambda: NOW)
    if filled:
        fill(store)
    return store


def export(store: Store, out: Path) -> Path:
    return export_dossier(store, out, report=write_report, generated_at=NOW, tool="ascertain 0.1.0")


Files = dict[str, bytes]


def load(folder: Path) -> Files:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def save(files: Mapping[str, bytes], target: Path) -> Path:
    """Write files as a folder, or as an archive in its one form where the name ends in `.zip`."""
    if target.suffix == ".zip":
        target.write_bytes(zipped(files))
        return target
    for name, data in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    return target


def zipped(files: Mapping[str, bytes]) -> bytes:
    made, members = bytearray(), []
    for name in sorted(files):
        crc = zlib.crc32(files[name])
        members.append((name, len(files[name]), crc, len(made)))
        made += local_header(name, size=len(files[name]), crc=crc) + files[name]
    return bytes(made + central_directory(members, start=len(made)))


def with_new_manifests(files: Mapping[str, bytes]) -> Files:
    """The same files in a bag that BagIt tools accept."""
    made = {"bagit.txt": BAGIT, **{name: data for name, data in files.items() if name not in {MANIFEST, TAGMANIFEST}}}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
    made[MANIFEST] = listing({name: digest for name, digest in digests.items() if name.startswith(PAYLOAD)})
    digests[MANIFEST] = hashlib.sha256(made[MANIFEST]).hexdigest()
    made[TAGMANIFEST] = listing({name: digest for name, digest in digests.items() if not name.startswith(PAYLOAD)})
    return made

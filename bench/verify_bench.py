"""Verifying a large dossier: 10,000 documents with 100,000 claims, and a tenth of that, as a process of its own.

The case is made directly in the store, nothing is read. DOCUMENTS=1000 makes a quick run. Seconds are wall clock, memory is the process's
peak; growth is time at ten times the size over time at the size.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ascertain.publish import verify
from ascertain.records import (
    Actuality,
    Claim,
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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import dossiers  # the small case that the tests of dossiers use

DOCUMENTS, CLAIMS, IN_INCIDENT = int(os.environ.get("DOCUMENTS", "10000")), 10, 5
SENTENCE = "Officials said {:>3} people were killed in Rivertown {:>3} on Monday. "
MEMORY = Path("/dev/shm")  # where there is one the case is made there: what is measured is the verifier, not the disk
PEAK = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
import verify
status = verify.main([{dossier!r}])
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
sys.exit(status)
"""  # not getrusage: a process that was forked from a large one inherits its peak


def a_document(number: int) -> Document:
    """A text of as many sentences as it has claims, another one for each number."""
    text = f"Report {number:>6}. " + "".join(SENTENCE.format(number % 90 + n, n) for n in range(CLAIMS))
    return Document(hashlib.sha256(text.encode()).hexdigest(), f"{number}.txt", text)


def a_reading(document: Document) -> Reading:
    """A number, a statement and an event a sentence."""
    first, length = document.text.index("Officials"), len(SENTENCE.format(0, 0))
    starts = [first + n * length for n in range(CLAIMS)]
    return Reading(
        document,
        quantities=tuple(Quantity(f"q{n}", Span(at + 15, at + 18), 5, 5, counted="people") for n, at in enumerate(starts)),
        statements=tuple(
            Statement(f"s{n}", (Span(at + 15, at + length - 2),), Form.INDIRECT, Stance.ASSERTS, cue=Span(at + 10, at + 14))
            for n, at in enumerate(starts)
        ),
        events=tuple(
            Event(f"e{n}", EventType.ASSAULT, Span(at + 31, at + 37), Actuality.HAPPENED, harms=(Harm(HarmKind.KILLED, f"q{n}"),))
            for n, at in enumerate(starts)
        ),
        made_by="extract test",
    )


def an_incident(number: int, documents: list[Document]) -> Incident:
    """An incident to which each document gives all its claims."""
    claims = tuple(
        Claim("Officials", d.id, d.path, Span(30, 33), Stance.ASSERTS, 5, 5, event=f"e{n}", statement=f"s{n}")
        for d in documents
        for n in range(CLAIMS)
    )
    mentions = tuple(Mention(d.path, f"e{n}", d.id) for d in documents for n in range(CLAIMS))
    fact = Fact("killed", Status.ALLEGED, 1, 5, 5, origins=("Officials",), claims=claims)
    paths = tuple(d.path for d in documents)
    return Incident(f"incident-{number}", EventType.ASSAULT, "killing", None, Period(), paths, mentions, facts=(fact,))


def fill(store: Store, count: int) -> None:
    """Preserve, parse and read so many documents."""
    documents = [a_document(number) for number in range(count)]
    for document in documents:
        data = document.text.encode()
        store.preserve(data, dossiers.a_capture(data, document.path))
        store.put_document(document, Outcome(document.id, "parse", "done", "1"))
        store.put_reading(a_reading(document), Outcome(document.id, "extract", "done", "1"))
    groups = [documents[start : start + IN_INCIDENT] for start in range(0, count, IN_INCIDENT)]
    store.put_findings(Findings(incidents=tuple(an_incident(n, group) for n, group in enumerate(groups))), key="k")


def verified(dossier: Path) -> tuple[float, float]:
    """Seconds and megabytes of a process that verifies a dossier."""
    code = PEAK.format(folder=str(Path(verify.__file__).parent), dossier=str(dossier))
    started = time.perf_counter()
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if ended.returncode != 0:
        raise SystemExit(f"the dossier does not verify:\n{ended.stdout}{ended.stderr}")
    return seconds, int(ended.stdout.split()[-1]) / 1024


def measure() -> dict[str, float]:
    """Seconds, megabytes and growth, for the folder and the archive."""
    found: dict[str, float] = {}
    for count in (DOCUMENTS // 10, DOCUMENTS):
        with (
            tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
            dossiers.a_case(Path(folder) / "case", filled=False) as store,
        ):
            fill(store, count)
            for form in ("", ".zip"):
                started = time.perf_counter()
                dossier = dossiers.export(store, Path(folder) / f"dossier{form}")
                name = f"{count:,} documents, {form or 'folder'}"
                found[f"seconds to export, {name}"] = round(time.perf_counter() - started, 1)
                seconds, megabytes = verified(dossier)
                found[f"seconds to verify, {name}"], found[f"MB to verify, {name}"] = round(seconds, 2), round(megabytes)
    found["growth of verifying"] = round(
        found[f"seconds to verify, {DOCUMENTS:,} documents, .zip"] / found[f"seconds to verify, {DOCUMENTS // 10:,} documents, .zip"], 1
    )
    return found

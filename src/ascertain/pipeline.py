"""The order of the stages, and the only place that knows it.

    preserve → parse → extract → link → assess → (review) → publish

Each stage takes frozen records and gives frozen records. What ended is kept under the original's digest, the stage and its version,
so a second run does only what is new or changed, and a run that was killed goes on where it stood. A document that fails is
an outcome with a reason; the others go on.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol

import attrs
import msgspec

from ascertain import assess, extract, link, parse, preserve, review
from ascertain.config import Settings
from ascertain.errors import AscertainError, InputError, LimitError
from ascertain.models import Models, load_models
from ascertain.models.media import media_type
from ascertain.parse import Child, Limits, Parsed
from ascertain.records import Capture, CopyGroup, Decision, Document, Findings, Incident, Mention, Outcome, Reading
from ascertain.workers import BoundedWorker

if TYPE_CHECKING:
    from ascertain.store import Store

ARTICLE_TYPE = "application/vnd.ascertain.article+json"
HEAD_BYTES = 8192  # enough for every magic number and the first tags of a page
PARALLEL_FROM = 8  # fewer documents than this don't pay for starting worker processes
TASKS_AHEAD = 4  # documents handed to each worker before its results are taken: keeps memory flat


class Progress(Protocol):
    """Told what is going on; the screen is its business."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` in `stage`."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Say nothing."""


@attrs.frozen
class Summary:
    """How a run ended: in = done + failed, and what the findings hold.

    Attributes:
        originals: all originals of the case.
        done, failed: originals by how they ended; together they are all.
        parsed, extracted: how many this run worked on.
        failures: outcomes with their reasons.
    """

    originals: int
    done: int
    failed: int
    parsed: int
    extracted: int
    incidents: int
    failures: tuple[Outcome, ...] = ()


@attrs.frozen
class Unread:
    """An input that a one-shot reading could not read, and why."""

    path: str
    error: AscertainError


def versions() -> dict[str, str]:
    """Version of every stage's code."""
    return {"parse": parse.VERSION, "extract": extract.VERSION, "link": link.VERSION, "assess": assess.VERSION}


# --- a whole case -------------------------------------------------------------------------------------------------------------


def run(store: Store, *, settings: Settings, jobs: int = 1, clock: Callable[[], str], progress: Progress = no_progress) -> Summary:
    """Parse, extract, link and assess what is new or changed in a case.

    Raises:
        StoreError, CustodyError: the store refused, or an original is no longer what was preserved.
    """
    parsed = parse_new(store, settings=settings, clock=clock, progress=progress)
    extracted = extract_new(store, jobs=jobs, progress=progress)
    findings = find_again(store, progress=progress)
    store.checkpoint()
    failures = tuple(o for o in last_outcomes(store) if o.state == "failed")
    total = len(store.originals())
    return Summary(total, total - len(failures), len(failures), parsed, extracted, len(findings.incidents), failures)


def last_outcomes(store: Store) -> list[Outcome]:
    """For each original that ended, how: a failure of any stage, else its last done stage."""
    found: dict[str, Outcome] = {}
    for outcome in store.outcomes():
        known = found.get(outcome.original)
        if known is None or known.state != "failed":
            found[outcome.original] = outcome
    return list(found.values())


def parse_new(store: Store, *, settings: Settings, clock: Callable[[], str], progress: Progress) -> int:
    """Parse every original that this version has not parsed; parts of containers are preserved and parsed in turn."""
    finished = {o.original for o in store.outcomes("parse") if o.version == parse.VERSION}
    first_capture: dict[str, Capture] = {}
    for capture in store.captures():
        first_capture.setdefault(capture.original, capture)
    waiting = deque(digest for digest in store.originals() if digest not in finished)
    count, total = 0, len(waiting)
    with BoundedWorker(memory_bytes=settings.parse_memory_bytes) as worker:
        while waiting:
            digest = waiting.popleft()
            for child in _parse_one(store, worker, first_capture[digest], settings=settings, clock=clock, captures=first_capture):
                first_capture.setdefault(child.original, child)
                if child.original not in finished and child.original not in waiting:
                    waiting.append(child.original)
                    total += 1
            finished.add(digest)
            count += 1
            progress("parse", count, total)
    return count


def _parse_one(
    store: Store, worker: BoundedWorker, capture: Capture, *, settings: Settings, clock: Callable[[], str], captures: Mapping[str, Capture]
) -> list[Capture]:
    """Parse one original and keep how it ended; gives the captures of its parts."""
    outcome = Outcome(capture.original, "parse", "done", parse.VERSION)
    try:
        data = store.original_bytes(capture.original)
        parsed: Parsed = worker.call(
            parse.parse, data, digest=capture.original, path=capture.path, media_type=capture.media_type, parent=capture.parent,
            context=capture.context, limits=limits_of(settings), timeout_seconds=settings.parse_timeout_seconds,
        )  # fmt: skip
        if parsed.children and _depth(capture, captures) >= settings.max_depth:
            raise LimitError(f"{capture.path} lies {settings.max_depth} containers deep", advice="Unpack it by hand and add its parts.")
    except AscertainError as error:
        store.put_outcome(attrs.evolve(outcome, state="failed", reason=str(error), advice=error.advice or None))
        return []
    found = [_preserve_child(store, capture, child, clock=clock) for child in parsed.children]
    outcome = attrs.evolve(outcome, reason=" ".join(parsed.notes) or None)
    if parsed.document is None:
        store.put_outcome(outcome)
    else:
        store.put_document(parsed.document, outcome)
    return found


def _preserve_child(store: Store, parent: Capture, child: Child, *, clock: Callable[[], str]) -> Capture:
    joined = f"{parent.path}{child.name}" if child.name.startswith("#") else f"{parent.path}/{child.name}"
    return preserve.preserve_child(
        store, parent.original, child.data, path=joined, media_type=child.media_type, context=child.context, clock=clock
    )


def _depth(capture: Capture, captures: Mapping[str, Capture]) -> int:
    depth, parent, seen = 0, capture.parent, {capture.original}
    while parent is not None and parent in captures and parent not in seen:
        seen.add(parent)
        depth, parent = depth + 1, captures[parent].parent
    return depth


def limits_of(settings: Settings) -> Limits:
    """The limits of the parse stage, from the settings."""
    return Limits(max_text_characters=settings.max_text_characters, max_children=settings.max_children, max_pages=settings.max_pages)


def extract_new(store: Store, *, jobs: int, progress: Progress) -> int:
    """Read every document that this version of the code and models has not read."""
    models = load_models()
    version = extract.version(models)
    finished = {o.original for o in store.outcomes("extract") if o.version == version}
    documents = [d for d in store.documents() if d.id not in finished]
    jobs = jobs if len(documents) >= PARALLEL_FROM else 1
    for count, (document, result) in enumerate(_extracted(documents, models=models, jobs=jobs), start=1):
        if isinstance(result, Reading):
            store.put_reading(result, Outcome(document.id, "extract", "done", version))
        else:
            store.put_outcome(Outcome(document.id, "extract", "failed", version, str(result), result.advice or None))
        progress("extract", count, len(documents))
    return len(documents)


def _extracted(documents: Iterable[Document], *, models: Models, jobs: int) -> Iterator[tuple[Document, Reading | AscertainError]]:
    """Readings in the order of the documents; with several jobs by worker processes, with the same result."""
    if jobs <= 1:
        yield from ((document, read_document(document, models)) for document in documents)
        return
    # A killed parent must not leave workers behind: each asks the kernel to be ended with it (_start_worker).
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(os.getpid(),)) as pool:
        waiting: deque[tuple[Document, Future[Reading | AscertainError]]] = deque()
        for document in documents:
            waiting.append((document, pool.submit(_read_in_worker, document)))
            if len(waiting) >= jobs * TASKS_AHEAD:
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())


def _taken(document: Document, future: Future[Reading | AscertainError]) -> tuple[Document, Reading | AscertainError]:
    return document, future.result()


_worker_models: list[Models] = []


def _start_worker(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
    _worker_models.append(load_models())


def _read_in_worker(document: Document) -> Reading | AscertainError:
    return read_document(document, _worker_models[0])


def read_document(document: Document, models: Models) -> Reading | AscertainError:
    """Read one document; an error is a result, so that one bad document doesn't end a run."""
    try:
        return extract.extract(document, models)
    except AscertainError as error:
        return error
    except (ValueError, IndexError, KeyError, RecursionError) as error:  # a fault of ours in one document must not lose the others
        return AscertainError(
            f"{document.path} could not be read ({type(error).__name__} in the stage extract)",
            advice="Please report it with the document's format; the original is safe.",
        )


def find_again(store: Store, *, progress: Progress = no_progress) -> Findings:
    """Link and assess all readings under people's decisions; nothing is done where nothing has changed."""
    readings = sorted(store.readings(), key=lambda r: r.document.id)
    decisions = store.decisions()
    captures = store.captures()
    key = findings_key(readings, decisions, captures)
    kept = store.findings()
    if kept is not None and store.findings_key() == key:
        return kept
    progress("link", 0, 1)
    findings = find_incidents(readings, decisions=decisions, paths=paths_of(captures))
    store.put_findings(findings, key=key)
    progress("link", 1, 1)
    return findings


def findings_key(readings: Sequence[Reading], decisions: Sequence[Decision], captures: Sequence[Capture]) -> str:
    """What findings are made from, as one digest: the same key, the same findings."""
    total = hashlib.sha256("\n".join(f"{k} {v}" for k, v in versions().items()).encode())
    for reading in readings:
        total.update(f"{reading.document.id} {reading.made_by}\n".encode())
    for decision in decisions:
        total.update(f"{decision.id}\n".encode())
    for path in sorted((c.original, c.path) for c in captures):
        total.update(repr(path).encode())
    return total.hexdigest()


def paths_of(captures: Iterable[Capture]) -> dict[str, tuple[str, ...]]:
    """All paths under which each original came in, in order of arrival."""
    found: dict[str, list[str]] = {}
    for capture in captures:
        paths = found.setdefault(capture.original, [])
        if capture.path not in paths:
            paths.append(capture.path)
    return {original: tuple(paths) for original, paths in found.items()}


def find_incidents(
    readings: Sequence[Reading], *, decisions: Sequence[Decision] = (), paths: Mapping[str, tuple[str, ...]] | None = None
) -> Findings:
    """Link and assess readings; `paths` names the further paths of documents that came in more than once."""
    ordered = sorted(readings, key=lambda r: r.document.id)
    linking = review.apply_links(link.link(ordered), decisions, ordered)
    findings = review.apply_facts(assess.assess(linking, ordered), decisions, ordered)
    made_by = " ".join(f"{stage} {version}" for stage, version in versions().items())
    return attrs.evolve(_with_all_paths(findings, ordered, paths or {}), made_by=made_by)


def _with_all_paths(findings: Findings, readings: Sequence[Reading], paths: Mapping[str, tuple[str, ...]]) -> Findings:
    """Name every path of a document that came in several times: the same bytes twice are copies too."""
    others = {r.document.path: paths.get(r.document.id, (r.document.path,)) for r in readings}
    several = {path: group for path, group in others.items() if len(group) > 1}
    if not several:
        return findings

    def widened(documents: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p for d in documents for p in several.get(d, (d,))))

    copies = [attrs.evolve(group, documents=widened(group.documents)) for group in findings.copies]
    grouped = {path for group in copies for path in group.documents}
    copies += [
        CopyGroup(group, ("the files are the same byte for byte",)) for path, group in sorted(several.items()) if path not in grouped
    ]
    incidents = [_widened_incident(incident, widened) for incident in findings.incidents]
    return attrs.evolve(findings, copies=tuple(copies), incidents=tuple(incidents))


def _widened_incident(incident: Incident, widened: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Incident:
    origins = tuple(attrs.evolve(origin, documents=widened(origin.documents)) for origin in incident.origins)
    mentions: tuple[Mention, ...] = incident.mentions
    return attrs.evolve(incident, documents=widened(incident.documents), origins=origins, mentions=mentions)


# --- one-shot, nothing stored -------------------------------------------------------------------------------------------------


def documents_in(
    data: bytes, *, path: str, settings: Settings, worker: BoundedWorker | None = None, context: Mapping[str, str] | None = None
) -> Iterator[Document | Unread]:
    """The documents of one input, parts of containers included; what can't be read comes as `Unread`."""
    waiting: deque[tuple[bytes, str, str | None, dict[str, str], str | None, int]] = deque(
        [(data, path, None, dict(context or {}), None, 0)]
    )
    while waiting:
        content, name, kind, about, parent, depth = waiting.popleft()
        digest = hashlib.sha256(content).hexdigest()
        arguments = {
            "digest": digest, "path": name, "media_type": kind or media_type(content[:HEAD_BYTES], name), "parent": parent,
            "context": about, "limits": limits_of(settings),
        }  # fmt: skip
        try:
            parsed: Parsed
            if worker is None:
                parsed = parse.parse(content, **arguments)  # type: ignore[arg-type]  # the same arguments as for the worker
            else:
                parsed = worker.call(parse.parse, content, timeout_seconds=settings.parse_timeout_seconds, **arguments)
            if parsed.children and depth >= settings.max_depth:
                raise LimitError(f"{name} lies {settings.max_depth} containers deep", advice="Unpack it by hand and read its parts.")
        except AscertainError as error:
            yield Unread(name, error)
            continue
        if parsed.document is not None:
            yield parsed.document
        for child in parsed.children:
            joined = f"{name}{child.name}" if child.name.startswith("#") else f"{name}/{child.name}"
            waiting.append((child.data, joined, child.media_type, dict(child.context), digest, depth + 1))


def articles_in(lines: Iterable[bytes], *, name: str, settings: Settings) -> Iterator[Document | Unread]:
    """The documents of JSON Lines, one article a line (`id`, `text`, …), in their order; an unreadable line comes as `Unread`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        path = f"{name}#{number}"
        try:
            row = msgspec.json.decode(line)
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise InputError(f"{path} is no article", advice="Each line is a JSON object with at least `id` and `text`.")
            path = str(row.get("id") or path)
            digest = hashlib.sha256(line).hexdigest()
            parsed = parse.parse(line, digest=digest, path=path, media_type=ARTICLE_TYPE, limits=limits_of(settings))
        except msgspec.DecodeError as error:
            yield Unread(path, InputError(f"{path} is not JSON: {error}", advice="Give JSON Lines, one article a line."))
        except AscertainError as error:
            yield Unread(path, error)
        else:
            if parsed.document is not None:
                yield parsed.document


def read_documents(documents: Iterable[Document | Unread], *, jobs: int = 1, models: Models | None = None) -> Iterator[Reading | Unread]:
    """Readings of documents in their order, nothing stored; what is `Unread` already keeps its place."""
    unread: deque[tuple[int, Unread]] = deque()
    given = 0

    def readable() -> Iterator[Document]:
        nonlocal given
        for item in documents:
            if isinstance(item, Unread):
                unread.append((given, item))
            else:
                given += 1
                yield item

    for taken, (document, result) in enumerate(_extracted(readable(), models=models or load_models(), jobs=jobs)):
        while unread and unread[0][0] <= taken:
            yield unread.popleft()[1]
        yield result if isinstance(result, Reading) else Unread(document.path, result)
    yield from (item for _, item in unread)


def encode(record: Reading | Findings) -> bytes:
    """The contract's JSON of a record, with keys in a fixed order."""
    return msgspec.json.encode(record, order="deterministic")

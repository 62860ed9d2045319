"""The stage extract: in this process for a few short texts, else in worker processes that are ended at their limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ascertain import extract
from ascertain.config import Settings
from ascertain.errors import AscertainError
from ascertain.models import Models, load_models
from ascertain.pipeline._outcomes import Progress, Unread
from ascertain.records import Document, Outcome, Reading
from ascertain.workers import BoundedWorker, WorkerPool

if TYPE_CHECKING:
    from ascertain.store import Store

PARALLEL_FROM = 8  # fewer documents than this don't pay for starting worker processes
LONG_TEXT = 200_000  # characters: a longer text is read in a worker process, where its time and memory are bounded


def extract_new(store: Store, *, settings: Settings, jobs: int, progress: Progress) -> int:
    """Read every document that this version of the code and models has not read."""
    version = extract.version(load_models())
    finished = {o.original for o in store.outcomes("extract") if o.version == version}
    waiting = [key for key in store.document_ids() if key not in finished]
    documents = (document for key in waiting if (document := store.document(key)) is not None)
    jobs = jobs if len(waiting) >= PARALLEL_FROM else 1
    for count, (document, result) in enumerate(_extracted(documents, settings=settings, models=None, jobs=jobs), start=1):
        if isinstance(result, Reading):
            store.put_reading(result, Outcome(document.id, "extract", "done", version))
        else:
            reason = str(result) if document.path in str(result) else f"{document.path}: {result}"
            store.put_outcome(Outcome(document.id, "extract", "failed", version, reason, result.advice or None))
        progress("extract", count, len(waiting))
    return len(waiting)


def _extracted(
    documents: Iterable[Document], *, settings: Settings, models: Models | None, jobs: int
) -> Iterator[tuple[Document, Reading | AscertainError]]:
    """Readings in the order of the documents; with several jobs by worker processes, with the same result."""
    limit = settings.extract_timeout_seconds
    if jobs > 1:
        with WorkerPool(jobs, memory_bytes=settings.extract_memory_bytes) as pool:
            yield from pool.in_order(read_document, documents, timeout_seconds=limit)
        return
    with BoundedWorker(memory_bytes=settings.extract_memory_bytes) as worker:
        for document in documents:
            if len(document.text) <= LONG_TEXT:
                yield document, read_document(document, models)
            else:
                yield document, _read_in(worker, document, timeout_seconds=limit)


def _read_in(worker: BoundedWorker, document: Document, *, timeout_seconds: float) -> Reading | AscertainError:
    try:
        reading: Reading = worker.call(read_document, document, timeout_seconds=timeout_seconds)
    except AscertainError as error:
        return error
    return reading


def read_document(document: Document, models: Models | None = None) -> Reading | AscertainError:
    """Read one document; an error is a result, so that one bad document doesn't end a run."""
    try:
        return extract.extract(document, models or load_models())
    except AscertainError as error:
        return error
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:  # a fault of ours
        return AscertainError(
            f"{document.path} could not be read ({type(error).__name__} in the stage extract)",
            advice="Please report it with the document's format; the original is safe.",
        )


def read_documents(
    documents: Iterable[Document | Unread], *, jobs: int = 1, models: Models | None = None, settings: Settings | None = None
) -> Iterator[Reading | Unread]:
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

    pairs = _extracted(readable(), settings=settings or Settings(), models=models, jobs=jobs)
    for taken, (document, result) in enumerate(pairs):
        while unread and unread[0][0] <= taken:
            yield unread.popleft()[1]
        yield result if isinstance(result, Reading) else Unread(document.path, result)
    yield from (item for _, item in unread)

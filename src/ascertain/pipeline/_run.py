"""A whole case: what is new or changed goes through all stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ascertain import extract
from ascertain.config import Settings
from ascertain.errors import AscertainError
from ascertain.models import load_models
from ascertain.pipeline._extract import extract_new
from ascertain.pipeline._find import find_again
from ascertain.pipeline._outcomes import Progress, Summary, last_outcomes, no_progress
from ascertain.pipeline._parse import Captures, parse_new

if TYPE_CHECKING:
    from ascertain.store import Store


def run(store: Store, *, settings: Settings, jobs: int = 1, clock: Callable[[], str], progress: Progress = no_progress) -> Summary:
    """Parse, extract, link and assess what is new or changed in a case.

    Raises:
        StoreError: the store refused.
        CustodyError: an original is no longer what was preserved; all others have been worked on.
    """
    parsed, damaged = parse_new(store, settings=settings, clock=clock, progress=progress)
    extracted = extract_new(store, settings=settings, jobs=jobs, progress=progress)
    findings = find_again(store, progress=progress)
    store.checkpoint()
    if damaged:
        raise damaged[0]
    failures = tuple(o for o in last_outcomes(store) if o.state == "failed")
    total = len(store.originals())
    return Summary(total, total - len(failures), len(failures), parsed, extracted, len(findings.incidents), failures)


def finished(store: Store, *, settings: Settings) -> set[str]:
    """Originals that every stage in its present version is through with: containers after `parse`, documents after `extract`.

    Where the models are missing, a reading of any version counts: what is waiting can't be told then.
    """
    try:
        version: str | None = extract.version(load_models())
    except AscertainError:
        version = None
    captures = Captures(store.captures(), settings)
    parsed = {o.original for o in store.outcomes("parse") if o.state == "done" and o.version == captures.version(o.original)}
    extracted = {o.original for o in store.outcomes("extract") if o.state == "done" and version in {None, o.version}}
    documents = set(store.document_ids())
    return {digest for digest in parsed if digest not in documents or digest in extracted}

"""The pages about the whole case: overview, incidents, documents, failures, methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from ascertain.publish._book import Book, Piece
from ascertain.publish._drawings import Drawing
from ascertain.publish._timeline import draw_timeline
from ascertain.publish._words import (
    ATTRIBUTES,
    MEANING,
    NOT_STATED,
    NUMBERS,
    STATUSES,
    counted,
    day_words,
    fact_words,
    interval_words,
    parsed_day,
    period_words,
    sentence_case,
    title_words,
    type_words,
)
from ascertain.records import Fact, Incident, Outcome, Status, overall_status

LEAST_RADIUS_KM = 0.5  # a place can hardly be told better from a report


@attrs.frozen
class Total:
    """What all facts of one status say together about one harm; nothing is added across statuses."""

    label: str
    words: str
    incidents: str


@attrs.frozen
class StatusRow:
    """One status: how many incidents bear it, and the totals of the facts that bear it."""

    status: Status
    meaning: str
    incidents: int
    share: float
    totals: tuple[Total, ...]


@attrs.frozen
class IncidentRow:
    """One incident of the list, with what filters and the map read."""

    id: str
    href: str
    title: str
    status: Status
    kind: str
    place: str
    period: str
    first: str
    last: str
    origins: str
    documents: str
    reviewed: bool
    figures: tuple[Piece, ...]
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None


@attrs.frozen
class FailureRow:
    """An original that could not be read."""

    path: str
    digest: str
    stage: str
    reason: tuple[Piece, ...]
    advice: str


@attrs.frozen
class Need:
    """Something that waits for people."""

    words: str
    items: tuple[Piece, ...]


@attrs.frozen
class Overview:
    """The first page."""

    originals: int
    done: int
    failed: int
    waiting: int
    captures: int
    documents: int
    copies: int
    statements: int
    events: int
    first_published: str
    last_published: str
    statuses: tuple[StatusRow, ...]
    needs: tuple[Need, ...]
    incidents: tuple[IncidentRow, ...]
    timeline: Drawing | None


@attrs.frozen
class DocumentRow:
    """One document of the list."""

    href: str
    title: str
    publisher: str
    published: str
    path: str
    statements: int
    events: int
    incidents: int
    copies: str


def overview_page(book: Book) -> Overview:
    """Build the first page."""
    contents = book.contents
    originals = {c.original for c in contents.captures} | set(book.readings)
    failed = {o.original for o in contents.outcomes if o.state == "failed"}
    done = {o.original for o in contents.outcomes if o.state == "done"} - failed
    days = sorted(r.document.published.value[:10] for r in contents.readings if r.document.published)
    incidents = contents.findings.incidents
    return Overview(
        originals=len(originals), done=len(done), failed=len(failed), waiting=len(originals - done - failed), captures=len(contents.captures),
        documents=len(book.readings), copies=len(contents.findings.copies), statements=sum(len(r.statements) for r in contents.readings),
        events=sum(len(r.events) for r in contents.readings), first_published=day_words(days[0] if days else None),
        last_published=day_words(days[-1] if days else None), statuses=tuple(status_rows(incidents)), needs=tuple(needs_of(book)),
        incidents=incident_rows(book), timeline=draw_timeline(book, incidents),
    )  # fmt: skip


def status_rows(incidents: Sequence[Incident]) -> Iterable[StatusRow]:
    """Every status that some incident or fact bears, `alleged` to `refuted`."""
    by_status = Counter(overall_status(i.facts) for i in incidents)
    for status in STATUSES:
        facts = [f for i in incidents for f in i.facts if f.status is status and f.attribute in NUMBERS]
        totals = tuple(_total(a, [f for f in facts if f.attribute == a]) for a in NUMBERS if any(f.attribute == a for f in facts))
        yield StatusRow(status, MEANING[status], by_status[status], by_status[status] / max(1, len(incidents)), totals)


def _total(attribute: str, facts: Sequence[Fact]) -> Total:
    least = sum(f.at_least or 0 for f in facts)
    most = None if any(f.at_most is None for f in facts) else sum(f.at_most or 0 for f in facts)
    words = interval_words(least, most, approximate=any(f.approximate for f in facts))
    return Total(ATTRIBUTES[attribute], words, f"in {counted(len(facts), 'incident')}")


def incident_rows(book: Book) -> tuple[IncidentRow, ...]:
    """All incidents, the latest first."""
    rows = [_incident_row(book, i) for i in book.contents.findings.incidents]
    return tuple(sorted(rows, key=lambda r: (r.last or r.first or "", r.id), reverse=True))


def _incident_row(book: Book, incident: Incident) -> IncidentRow:
    place = incident.place
    first, last = (str(d) if (d := parsed_day(v)) else "" for v in (incident.time.earliest, incident.time.latest))
    figures = tuple(
        Piece(f"{ATTRIBUTES[f.attribute].lower()}: {book.words(fact_words(f))}", f"{book.incident_href(incident)}#fact-{f.attribute}")
        for f in incident.facts
        if f.attribute in NUMBERS
    )
    return IncidentRow(
        incident.id, book.incident_href(incident), book.words(title_words(incident)), overall_status(incident.facts),
        book.words(type_words(incident)), book.words(place.name) if place else NOT_STATED, period_words(incident.time), first or last, last or first,
        counted(len(incident.origins), "origin"), counted(len({m.document for m in incident.mentions}), "document"), incident.reviewed, figures,
        place.lat if place else None, place.lon if place else None, max(place.radius_km or 0, LEAST_RADIUS_KM) if place else None,
    )  # fmt: skip


def needs_of(book: Book) -> Iterable[Need]:
    """What only people can settle, the gravest first."""
    incidents = book.contents.findings.incidents
    contested = [i for i in incidents if any(f.status is Status.CONTESTED for f in i.facts)]
    waiting = [i for i in incidents if any("a second reviewer is needed" in r for f in i.facts for r in f.reasons)]
    nowhere = [i for i in incidents if i.place is None or (i.time.earliest is None and i.time.latest is None)]
    failures = failure_rows(book)
    if contested:
        yield Need(
            f"{sentence_case(counted(len(contested), 'incident'))} on which origins contradict each other", _as_pieces(book, contested)
        )
    if waiting:
        yield Need(f"{sentence_case(counted(len(waiting), 'fact sheet'))} where a second reviewer is needed", _as_pieces(book, waiting))
    if nowhere:
        yield Need(f"{sentence_case(counted(len(nowhere), 'incident'))} without a place or a day", _as_pieces(book, nowhere))
    if failures:
        yield Need(
            f"{sentence_case(counted(len(failures), 'file'))} that could not be read", tuple(Piece(f.path, "failures.html") for f in failures)
        )  # fmt: skip


def _as_pieces(book: Book, incidents: Iterable[Incident]) -> tuple[Piece, ...]:
    return tuple(Piece(book.words(title_words(i)), book.incident_href(i)) for i in incidents)


def failure_rows(book: Book) -> tuple[FailureRow, ...]:
    """Originals that ended as failed, once each."""
    last: dict[str, Outcome] = {o.original: o for o in book.contents.outcomes if o.state == "failed"}
    return tuple(
        FailureRow(
            book.words(book.captures[key][0].path) if book.captures.get(key) else "path not stated", key, o.stage,
            book.linked(o.reason or "reason not stated", [c.path for c in book.captures.get(key, ())]), book.words(o.advice) or NOT_STATED,
        )
        for key, o in last.items()
    )  # fmt: skip


def document_rows(book: Book) -> tuple[DocumentRow, ...]:
    """All documents, the latest first, those without a day last."""
    copied = {p: len(g.documents) - 1 for g in book.contents.findings.copies for p in g.documents}
    rows = []
    for reading in book.contents.readings:
        about = reading.document
        rows.append((
            about.published.value if about.published else "",
            about.path,
            DocumentRow(
                book.document_href(about.id), book.words(about.title) or NOT_STATED, book.words(about.publisher) or NOT_STATED,
                day_words(about.published.value if about.published else None), book.words(about.path), len(reading.statements), len(reading.events),
                len(book.incidents_of.get(about.id, ())), counted(copied.get(about.path, 0), "copy", "copies"),
            ),
        ))  # fmt: skip
    return tuple(row for _, _, row in sorted(rows, key=lambda r: (r[0], r[1]), reverse=True))

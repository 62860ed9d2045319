"""The data behind each picture as CSV, protected like the pages; a cell that a spreadsheet would take for a formula gets a quote mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ascertain.publish._book import Book
from ascertain.publish._pages import DocumentRow, FailureRow, IncidentRow
from ascertain.publish._sheets import names_in
from ascertain.publish._words import NOT_STATED, title_words
from ascertain.records import Incident

Cell = str | int | float | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CLAIM_COLUMNS = (
    "incident", "attribute", "origin", "stance", "at_least", "at_most", "value", "approximate", "said_on", "superseded", "relayed_by", "document",
    "path", "passage_start", "passage_end", "quote",
)  # fmt: skip
FACT_COLUMNS = (
    "incident", "title", "attribute", "at_least", "at_most", "value", "approximate", "status", "credibility", "origins", "contradicted_by",
    "decided_by", "reasons",
)  # fmt: skip


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as RFC 4180 CSV; unknown cells say so."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Cell) -> str | int | float:
    if cell is None or cell == "":
        return NOT_STATED
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def claims_csv(book: Book, incidents: Iterable[Incident]) -> str:
    """Every claim of some incidents with its words: the data of ranges and of who vouches."""
    rows = [
        (
            i.id, f.attribute, book.words(c.origin), str(c.stance), c.at_least, c.at_most, book.words(c.value), _yes(c.approximate), c.said_on,
            _yes(c.superseded), book.words(c.relayed_by), c.document, book.words(c.path), c.passage.start, c.passage.end,
            book.quote(c.document, c.passage).words if c.document in book.readings else None,
        )
        for i in incidents
        for f in i.facts
        for c in f.claims
    ]  # fmt: skip
    return csv_text(CLAIM_COLUMNS, rows)


def facts_csv(book: Book) -> str:
    """Every fact of the case."""
    rows = [
        (
            i.id, book.words(title_words(i)), f.attribute, f.at_least, f.at_most, book.words(f.value), _yes(f.approximate), str(f.status),
            f.credibility, "; ".join(map(book.words, f.origins)), "; ".join(map(book.words, f.contradicted_by)) or "nobody", "; ".join(f.decided_by) or "nobody",
            book.words(" ".join(f.reasons), names=names_in(i)),
        )
        for i in book.contents.findings.incidents
        for f in i.facts
    ]  # fmt: skip
    return csv_text(FACT_COLUMNS, rows)


def incidents_csv(rows: Iterable[IncidentRow]) -> str:
    """The incidents: the data of the map and the timeline."""
    columns = (
        "incident",
        "title",
        "status",
        "type",
        "place",
        "lat",
        "lon",
        "radius_km",
        "earliest",
        "latest",
        "origins",
        "documents",
        "reviewed",
    )
    return csv_text(columns, (
        (r.id, r.title, str(r.status), r.kind, r.place, r.lat, r.lon, r.radius_km, r.first, r.last, r.origins, r.documents, _yes(r.reviewed)) for r in rows
    ))  # fmt: skip


def documents_csv(rows: Iterable[DocumentRow]) -> str:
    """The documents."""
    columns = ("page", "title", "publisher", "published", "path", "statements", "events", "incidents", "copies")
    return csv_text(
        columns, ((r.href, r.title, r.publisher, r.published, r.path, r.statements, r.events, r.incidents, r.copies) for r in rows)
    )


def failures_csv(rows: Iterable[FailureRow]) -> str:
    """What could not be read."""
    columns = ("path", "sha256", "stage", "reason", "next")
    return csv_text(columns, ((r.path, r.digest, r.stage, "".join(p.words for p in r.reason), r.advice) for r in rows))


def _yes(value: object) -> str:
    return "yes" if value else "no"

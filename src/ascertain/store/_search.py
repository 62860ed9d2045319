"""Full text over documents, statements and events: SQLite's FTS5, in this one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs
import sqlalchemy as sa

from ascertain.records import Document, Reading, Span

OPEN, CLOSE = "\x02", "\x03"  # marks around a hit; texts don't hold them
SNIPPET_TOKENS = 16
AROUND_EVENT = 120  # characters on either side of an event's trigger that are searched with it


@attrs.frozen
class SearchHit:
    """One place where the words stand: `span` lies in the document's text, `ref` is a statement's or event's id."""

    kind: str
    document: str
    path: str
    span: Span
    snippet: str
    ref: str | None = None


def query_of(words: str) -> str:
    """Make a safe FTS5 query: all words must occur, what stands in double quotes stays together, `word*` is a beginning."""
    parts = re.findall(r'"([^"]+)"|(\S+)', words)
    terms = []
    for phrase, word in parts:
        bare = (phrase or word).replace('"', "")
        star = "*" if not phrase and bare.endswith("*") else ""
        bare = bare.rstrip("*")
        if re.search(r"\w", bare):
            terms.append(f'"{bare}"{star}')
    return " ".join(terms)


def index_document(connection: sa.Connection, document: Document) -> None:
    """Replace a document's row."""
    _forget(connection, document.id, ("document",))
    title = "" if not document.title or document.title in document.text else f"{document.title}\n"
    _insert(connection, [("document", document.id, document.path, -len(title), len(document.text), None, title + document.text)])


def index_reading(connection: sa.Connection, reading: Reading) -> None:
    """Replace the rows of a reading's statements and events."""
    _forget(connection, reading.document.id, ("statement", "event"))
    _insert(connection, list(_rows(reading)))


Row = tuple[str, str, str, int, int, str | None, str]


def _rows(reading: Reading) -> Iterator[Row]:
    document, text = reading.document, reading.document.text
    for statement in reading.statements:
        span = statement.content[0]
        yield "statement", document.id, document.path, span.start, span.end, statement.id, " ".join(text[s:e] for s, e in statement.content)
    for event in reading.events:
        span = event.trigger
        words = text[max(0, span.start - AROUND_EVENT) : span.end + AROUND_EVENT]
        yield "event", document.id, document.path, span.start, span.end, event.id, f"{event.kind or event.type}: {words}"


def _forget(connection: sa.Connection, document: str, kinds: Iterable[str]) -> None:
    for kind in kinds:
        connection.execute(sa.text("DELETE FROM search WHERE document = :document AND kind = :kind"), {"document": document, "kind": kind})


def _insert(connection: sa.Connection, rows: list[Row]) -> None:
    if rows:
        names = ("kind", "document", "path", "start", "stop", "ref", "words")
        connection.execute(
            sa.text(
                "INSERT INTO search(kind, document, path, start, stop, ref, words) VALUES (:kind, :document, :path, :start, :stop, :ref, :words)"
            ),
            [dict(zip(names, row, strict=True)) for row in rows],
        )


def find(connection: sa.Connection, words: str, limit: int) -> list[SearchHit]:
    """Hits, best first; for a document the span is the first marked word."""
    query = query_of(words)
    if not query:
        return []
    found = connection.execute(
        sa.text(
            "SELECT kind, document, path, start, stop, ref, highlight(search, 6, :open, :close), snippet(search, 6, '', '', '…', :tokens) "
            "FROM search WHERE search MATCH :query ORDER BY rank, document, start LIMIT :limit"
        ),
        {"open": OPEN, "close": CLOSE, "tokens": SNIPPET_TOKENS, "query": query, "limit": limit},
    )
    return [_hit(*row) for row in found]


def _hit(kind: str, document: str, path: str, start: int, stop: int, ref: str | None, marked: str, snippet: str) -> SearchHit:
    span = Span(int(start), int(stop))
    if kind == "document":
        first = max(0, marked.find(OPEN) + span.start)
        length = max(1, marked.find(CLOSE) - marked.find(OPEN) - 1)
        span = Span(first, min(first + length, span.end)) if first < span.end else Span(0, 1)
    return SearchHit(kind, document, path, span, " ".join(snippet.split()), ref)

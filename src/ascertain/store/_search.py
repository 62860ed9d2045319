"""Full text over documents, statements and events: SQLite's FTS5, in this one place."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from ascertain.records import Document, Reading, Span

SNIPPET_TOKENS = 16
ENTITY = "entity"  # the names of a document; looked through only where they are asked for
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
    """Make a safe FTS5 query.

    All words must occur, what stands in double quotes stays together, `word*` is a beginning; of words around `OR` one is enough,
    `-word` must not occur.
    """
    plain = re.sub(r"[\x00-\x1f\ud800-\udfff]", " ", words)  # a zero would end the query
    groups: list[list[str]] = [[]]
    without: list[str] = []
    for minus, phrase, word in re.findall(r'(-?)"([^"]+)"|(\S+)', plain):
        if word == "OR":
            groups.append([])
            continue
        unwanted = bool(minus) or (word.startswith("-") and len(word) > 1)
        term = _term(phrase or word.removeprefix("-" if unwanted else ""), whole=bool(phrase))
        if term:
            (without if unwanted else groups[-1]).append(term)
    either = [" ".join(group) for group in groups if group]
    wanted = " OR ".join(either)
    if not wanted or not without:
        return wanted
    return " NOT ".join([f"({wanted})" if len(either) > 1 else wanted, *without])


def _term(written: str, *, whole: bool) -> str:
    """One word or phrase in quotation marks; empty where nothing can be looked for."""
    bare = written.replace('"', "")
    star = "*" if not whole and bare.endswith("*") else ""
    bare = bare.rstrip("*")
    return f'"{bare}"{star}' if re.search(r"\w", bare) else ""


def index_document(connection: sa.Connection, document: Document) -> None:
    """Replace a document's row, and remove those of its reading."""
    forget(connection, document.id, document=True)
    _insert(connection, [_document_row(document)])


def index_reading(connection: sa.Connection, reading: Reading) -> None:
    """Replace the rows of a reading's statements and events."""
    forget(connection, reading.document.id, document=False)
    _insert(connection, list(_rows(reading)))


Row = tuple[str, str, str, int, int, str | None, str]


def _document_row(document: Document) -> Row:
    title = "" if not document.title or document.title in document.text else f"{document.title}\n"
    return "document", document.id, document.path, -len(title), len(document.text), None, title + document.text


def _rows(reading: Reading) -> Iterator[Row]:
    document, text = reading.document, reading.document.text
    for statement in reading.statements:
        span = statement.content[0]
        yield "statement", document.id, document.path, span.start, span.end, statement.id, " ".join(text[s:e] for s, e in statement.content)
    for event in reading.events:
        span = event.trigger
        words = text[max(0, span.start - AROUND_EVENT) : span.end + AROUND_EVENT]
        yield "event", document.id, document.path, span.start, span.end, event.id, f"{event.kind or event.type}: {words}"
    names = "; ".join(" = ".join(dict.fromkeys((entity.name, *entity.aliases))) for entity in reading.entities)
    if names:  # one row a document: a row for each name would double the index
        yield ENTITY, document.id, document.path, 0, 1, None, names


def forget(connection: sa.Connection, key: str, *, document: bool) -> None:
    """Remove the rows of a document's reading, and those of the document itself."""
    kinds = ("document", "statement", "event", ENTITY) if document else ("statement", "event", ENTITY)
    found = sa.text("SELECT row FROM search_row WHERE document = :key AND kind = :kind")
    for kind in kinds:
        for row in connection.execute(found, {"key": key, "kind": kind}).scalars().all():
            connection.execute(sa.text("DELETE FROM search WHERE rowid = :row"), {"row": row})
        connection.execute(sa.text("DELETE FROM search_row WHERE document = :key AND kind = :kind"), {"key": key, "kind": kind})


def rows_of(connection: sa.Connection, key: str) -> Counter[Row]:
    """The rows of one document in the index, how often each."""
    found = connection.execute(
        sa.text(
            "SELECT kind, document, path, start, stop, ref, words FROM search WHERE rowid IN (SELECT row FROM search_row WHERE document = :key)"
        ),
        {"key": key},
    )
    return Counter((str(row[0]), str(row[1]), str(row[2]), row[3], row[4], row[5], str(row[6])) for row in found)


def expected_rows(document: Document, reading: Reading | None) -> Counter[Row]:
    """The rows that a document and its reading have to have in the index."""
    rows = (_document_row(document), *(_rows(reading) if reading is not None else ()))
    return Counter((*row[:-1], row[-1].replace("\0", " ")) for row in rows)


def strange_rows(connection: sa.Connection) -> int:
    """How many rows of the index belong to no document that is here."""
    known = "SELECT row FROM search_row WHERE document IN (SELECT id FROM document)"
    found = connection.execute(sa.text(f"SELECT count(*) FROM search WHERE rowid NOT IN ({known})")).scalar()  # noqa: S608  # no words of others
    return int(found or 0)


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many statements and events are indexed."""
    found: dict[str, int] = dict(connection.execute(sa.text("SELECT kind, count(*) FROM search_row GROUP BY kind")).tuples().all())
    return {kind: int(found.get(kind, 0)) for kind in ("statement", "event")}


def _insert(connection: sa.Connection, rows: list[Row]) -> None:
    names = ("row", "kind", "document", "path", "start", "stop", "ref", "words")
    for row in rows:
        made = connection.execute(
            sa.text("INSERT INTO search_row(kind, document) VALUES (:kind, :document)"), {"kind": row[0], "document": row[1]}
        )
        connection.execute(
            sa.text(
                "INSERT INTO search(rowid, kind, document, path, start, stop, ref, words) "
                "VALUES (:row, :kind, :document, :path, :start, :stop, :ref, :words)"
            ),
            dict(zip(names, (made.lastrowid, *row[:-1], row[-1].replace("\0", " ")), strict=True)),  # FTS5 ends a text at a zero
        )


def stand_of(connection: sa.Connection) -> tuple[str, ...]:
    """Changes whenever something was put into the index, and whenever a run has ended."""
    newest = connection.execute(sa.text("SELECT max(row) FROM search_row")).scalar()
    turn = connection.execute(sa.text("SELECT value FROM row_state WHERE key = 'turn'")).scalar()
    outcomes = connection.execute(sa.text("SELECT count(*), max(rowid) FROM outcome")).one()
    return str(newest), str(turn), str(outcomes)


def find(connection: sa.Connection, words: str, limit: int, *, kinds: Sequence[str] = ()) -> list[SearchHit]:
    """Hits, best first; for a document the span is the first marked word. `kinds` names those that are wanted; none means all but `entity`."""
    query = query_of(words)
    if not query:
        return []
    secret = secrets.token_hex(8)  # marks around a hit that no text can hold
    opening, closing = f"\x02{secret}", f"\x03{secret}"
    found = connection.execute(
        sa.text(
            # by rank alone inside: FTS5 sorts that itself, in half the time
            "SELECT kind, document, path, start, stop, ref, marked, snippet FROM ("
            "SELECT kind, document, path, start, stop, ref, highlight(search, 6, :open, :close) AS marked, "
            "snippet(search, 6, '', '', '…', :tokens) AS snippet, rank AS place "
            "FROM search WHERE search MATCH :query AND ((:kinds = '' AND kind <> 'entity') OR instr(:kinds, kind)) ORDER BY rank LIMIT :limit"
            ") ORDER BY place, document, start"
        ),
        {"kinds": " ".join(kinds), "open": opening, "close": closing, "tokens": SNIPPET_TOKENS, "query": query, "limit": limit},
    )
    return [_hit(row, opening, closing) for row in found.tuples()]


def _hit(row: Sequence[Any], opening: str, closing: str) -> SearchHit:
    kind, document, path, start, stop, ref, marked, snippet = row
    span = Span(int(start), int(stop))
    if kind == "document":
        span = _first_marked(marked, opening, closing, start=span.start, stop=span.end)
    return SearchHit(kind, document, path, span, " ".join(snippet.split()), ref)


def _first_marked(marked: str, opening: str, closing: str, *, start: int, stop: int) -> Span:
    """The first hit that lies in the text itself; its first character where only the title, which stands before it, has one."""
    removed = at = 0
    while (found := marked.find(opening, at)) >= 0:
        end = marked.find(closing, found)
        first, last = found - removed + start, end - len(opening) - removed + start
        if 0 <= first < last <= stop:
            return Span(first, last)
        removed += len(opening) + len(closing)
        at = end + len(closing)
    return Span(0, 1)

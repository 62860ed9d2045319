"""What the database holds beside the hashed records: columns by which they are found, and the index for search. All of it follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

import ascertain.store._search as search
import ascertain.store._tables as tables
from ascertain.records import Capture, Decision, Document, Reading

T = TypeVar("T")


def strange_columns(connection: sa.Connection, sizes: dict[str, int]) -> Iterator[str]:
    """A sentence for each row whose columns do not follow from its record; a record that can't be read is for those who check digests.

    Args:
        sizes: bytes of each original, as the custody log names them.
    """
    for digest, size in connection.execute(sa.select(tables.original.c.digest, tables.original.c.size)).tuples():
        if sizes.get(digest, size) != size:
            yield f"the size of original {digest} in the database is not what the custody log says"
    column = tables.capture.c
    captures = sa.select(column.number, column.record, column.original, column.path, column.source)
    for number, record, *filed in connection.execute(captures).tuples():
        capture = _read(record, Capture)
        if capture is not None and [capture.original, capture.path, capture.source] != filed:
            yield f"capture {number} in the database is filed under other words than its record has"
    for key, record in connection.execute(sa.select(tables.decision.c.id, tables.decision.c.record)).tuples():
        decision = _read(record, Decision)
        if decision is not None and decision.id != key:
            yield f"decision {key} in the database is filed under another id than its record has"


def strange_order(connection: sa.Connection, logged: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A sentence for each kind of row that stands in another order than the custody log took them in."""
    collected = [record["object"] for record in logged if record["action"] == "collected"]  # rows of deleted ones stay
    found = connection.execute(sa.select(tables.original.c.digest).order_by(tables.original.c.number)).scalars().all()
    if list(found) != list(dict.fromkeys(collected)):
        yield "the originals in the database are not in the order of the custody log"
    for kind, table in (("capture", tables.capture), ("decision", tables.decision)):
        rows = connection.execute(sa.select(table.c.record).order_by(table.c.number)).scalars()
        digests = [sha256(row if isinstance(row, bytes) else str(row).encode()).hexdigest() for row in rows]
        if digests != [record["parameters"][kind] for record in logged if kind in record["parameters"]]:
            yield f"the {kind}s in the database are not in the order of the custody log"


def strange_index(connection: sa.Connection) -> Iterator[str]:
    """A sentence for each document that is filed wrongly, or whose rows in the search index are not those of its text and reading."""
    for key in connection.execute(sa.select(tables.document.c.id).order_by(tables.document.c.id)).scalars().all():
        document, reading = _kept(connection, tables.document, key, Document), _kept(connection, tables.reading, key, Reading)
        if document is None:
            continue
        if document.id != key or (reading is not None and reading.document.id != key):
            yield f"document {key} or its reading in the database is filed under another id than its record has"
        elif search.rows_of(connection, key) not in _forms(search.expected_rows(document, reading)):
            yield f"the search index of document {key} does not follow from its text and reading"
    if strange := search.strange_rows(connection):
        yield f"{strange} rows of the search index belong to no document of the case"


def _forms(expected: Counter[search.Row]) -> tuple[Counter[search.Row], ...]:
    """A document's rows as they are made now, and as a version made them that did not index names yet."""
    return expected, Counter({row: count for row, count in expected.items() if row[0] != "entity"})


def _kept(connection: sa.Connection, table: sa.Table, key: str, kind: type[T]) -> T | None:
    return _read(connection.execute(sa.select(table.c.record).where(table.c.id == key)).scalar(), kind)


def _read(record: Any, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(record, type=kind) if record is not None else None
    except (msgspec.DecodeError, TypeError):
        return None

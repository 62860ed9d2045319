"""Seals made again from what a case holds: what was sealed is not kept, since it follows from the records and the case's secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

import ascertain.store._tables as tables
from ascertain.custody import Seal
from ascertain.records import Capture, Decision, Document
from ascertain.store._seals import decision_seal, document_seal, findings_record, findings_seal

if TYPE_CHECKING:
    from ascertain.store._store import Store


def first_capture(connection: sa.Connection, original: str) -> Capture | None:
    """How an original came in first: what a document's seal says of its coming in."""
    query = sa.select(tables.capture.c.record).where(tables.capture.c.original == original).order_by(tables.capture.c.number)
    record = connection.execute(query.limit(1)).scalar()
    return msgspec.json.decode(record, type=Capture) if record is not None else None


def seal_again(store: Store, kind: str, record: bytes) -> Seal:
    """The seal of a `document` or `decision`, from its record."""
    if kind == "decision":
        return decision_seal(store.secret(), record, msgspec.json.decode(record, type=Decision))
    document = msgspec.json.decode(record, type=Document)
    with store.reading_rows() as connection:
        return document_seal(store.secret(), record, document, first_capture(connection, document.id))


def seal_findings_again(store: Store) -> Seal | None:
    """The seal of the findings of the last run; None before the first."""
    found = store.findings()
    if found is None:
        return None
    record, incidents = findings_record(found)
    return findings_seal(store.secret(), record, incidents)

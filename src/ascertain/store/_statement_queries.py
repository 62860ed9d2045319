"""Questions to the rows of statements: where the same words, or the same speaker in the same document, stand again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ascertain.store._desk_tables as tables
from ascertain.store._desk import Desk

Row = dict[str, Any]
LIMIT = 20


class StatementQueries:
    """Reads rows; writes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def same_words(self, words: str, *, but: str, hidden: tuple[str, ...]) -> list[Row]:
        """Statements of other documents that cover the same words: copies carry the same mistake."""
        row = tables.statement_row.c
        return self._all(self._placed().where(row.words == words, row.document != but, row.document.not_in(hidden)))

    def same_speaker(self, document: str, speaker: str, *, stance: str | None, but: str) -> list[Row]:
        """Other statements of a document that are given to the same speaker, with that stance where one is named."""
        row = tables.statement_row.c
        query = self._placed().where(row.document == document, row.speaker == speaker, row.statement != but)
        return self._all(query.where(row.stance == stance) if stance else query)

    def said(
        self, *, by: str | None, publisher: str | None, stance: str | None, after: str | None, before: str | None, hidden: tuple[str, ...],
        limit: int,
    ) -> list[Row]:  # fmt: skip
        """Statements by who says them, who carries them, how and when, in order of time."""
        row, document = tables.statement_row.c, tables.document_row.c
        query = self._placed().where(row.document.not_in(hidden))
        if by:
            query = query.where(row.speaker.icontains(by, autoescape=True))
        if publisher:
            query = query.where(
                sa.func.coalesce(document.publisher, "").concat(" ").concat(document.path).icontains(publisher, autoescape=True)
            )
        if stance:
            query = query.where(row.stance == stance)
        if after:
            query = query.where(row.said_on >= after)
        if before:
            query = query.where(sa.func.substr(row.said_on, 1, len(before)) <= before)
        return self._all(query.order_by(None).order_by(row.said_on, row.number).limit(limit))

    def named(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], Row]:
        """Rows of some statements, by document and id."""
        row = tables.statement_row
        documents = sorted({document for document, _ in keys})
        found = self._all(sa.select(row).where(row.c.document.in_(documents))) if documents else []
        return {(r["document"], r["statement"]): r for r in found if (r["document"], r["statement"]) in keys}

    def _placed(self) -> sa.Select[Any]:
        row, document = tables.statement_row, tables.document_row
        named = sa.select(row, document.c.path, document.c.publisher).join(document, document.c.id == row.c.document)
        return named.order_by(row.c.document, row.c.start).limit(LIMIT)

    def _all(self, query: sa.Select[Any]) -> list[Row]:
        with self._desk.reading_rows() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

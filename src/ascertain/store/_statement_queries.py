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

    def _placed(self) -> sa.Select[Any]:
        row, document = tables.statement_row, tables.document_row
        named = sa.select(row, document.c.path, document.c.publisher).join(document, document.c.id == row.c.document)
        return named.order_by(row.c.document, row.c.start).limit(LIMIT)

    def _all(self, query: sa.Select[Any]) -> list[Row]:
        with self._desk.reading_rows() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

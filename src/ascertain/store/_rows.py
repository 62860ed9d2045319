"""Rows that make pages fast: incidents, facts, documents, statements, speakers, decisions, each found by index.

They say nothing of their own: all of them can be made again from the records (`ascertain.web._index` does). Only `decide` writes a
record: the decision, its place in the custody log and the incident as it stands then are one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import attrs
import msgspec
import sqlalchemy as sa

import ascertain.store._desk_tables as tables
import ascertain.store._tables as records
from ascertain.errors import StoreError
from ascertain.records import Decision, DecisionKind, Incident, Status
from ascertain.store._desk import Desk
from ascertain.store._people import plain_name
from ascertain.store._seals import decision_seal
from ascertain.store._store import encoded

Values = Mapping[str, Any]
PERSONS_TO_ESTABLISH = 2


@attrs.frozen
class IncidentRows:
    """Everything that is kept of one incident for queries."""

    incident: Values
    facts: tuple[Values, ...]
    origins: tuple[Values, ...]
    documents: tuple[str, ...]


@attrs.frozen
class Kept:
    """An incident as it stands, as the software alone proposes it, and the version that a decision must name."""

    incident: Incident
    base: Incident
    version: str
    number: int


class Rows:
    """The rows of one case."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- making

    def state(self) -> dict[str, str]:
        """What the rows were made from, and totals."""
        with self._desk.reading_rows() as connection:
            return {row.key: row.value for row in connection.execute(sa.select(tables.row_state))}

    def set_state(self, **values: str) -> None:
        """Keep what the rows were made from."""
        with self._desk.writing() as writing:
            for key, value in values.items():
                writing.connection.execute(tables.row_state.delete().where(tables.row_state.c.key == key))
                writing.connection.execute(tables.row_state.insert().values(key=key, value=value))

    def known_documents(self) -> dict[str, str]:
        """For each document that has rows, by which version it was read."""
        with self._desk.reading_rows() as connection:
            return {row.id: row.made_by for row in connection.execute(sa.select(tables.document_row.c.id, tables.document_row.c.made_by))}

    def put_documents(self, documents: Sequence[Values], statements: Sequence[Values]) -> None:
        """Replace the rows of some documents and of their statements."""
        ids = [row["id"] for row in documents]
        with self._desk.writing() as writing:
            run = writing.connection.execute
            run(tables.document_row.delete().where(tables.document_row.c.id.in_(ids)))
            run(tables.statement_row.delete().where(tables.statement_row.c.document.in_(ids)))
            if documents:
                run(tables.document_row.insert(), list(documents))
            if statements:
                run(tables.statement_row.insert(), list(statements))

    def put_speakers(self, kinds: Mapping[str, str]) -> None:
        """Count the statements of each speaker anew; `kinds` says what a speaker is, where that is known."""
        column = tables.statement_row.c
        denies = sa.func.sum(sa.case((column.stance.in_(("denies", "doubts")), 1), else_=0))
        query = sa.select(
            column.speaker, sa.func.count(), sa.func.count(sa.distinct(column.document)), denies, sa.func.min(column.said_on),
            sa.func.max(column.said_on),
        )  # fmt: skip
        with self._desk.writing() as writing:
            counted = writing.connection.execute(query.group_by(column.speaker)).all()
            writing.connection.execute(tables.speaker_row.delete())
            names = ("name", "statements", "documents", "denials", "first", "last")
            rows = [dict(zip(names, row, strict=True)) | {"kind": kinds.get(row[0])} for row in counted]
            if rows:
                writing.connection.execute(tables.speaker_row.insert(), rows)

    def put_incidents(self, incidents: Iterable[IncidentRows], decisions: Sequence[Values]) -> None:
        """Replace the rows of all incidents and decisions."""
        with self._desk.writing() as writing:
            for table in (tables.incident_row, tables.fact_row, tables.incident_origin, tables.incident_document, tables.decision_row):
                writing.connection.execute(table.delete())
            for rows in incidents:
                self._put_incident(writing.connection, rows)
            self._turn(writing.connection)
            if decisions:
                writing.connection.execute(tables.decision_row.insert(), list(decisions))

    def _turn(self, connection: sa.Connection) -> None:
        """Count that rows of incidents have changed: what was drawn from them before is stale."""
        column = tables.row_state.c
        turn = int(connection.execute(sa.select(column.value).where(column.key == "turn")).scalar() or 0) + 1
        connection.execute(tables.row_state.delete().where(column.key == "turn"))
        connection.execute(tables.row_state.insert().values(key="turn", value=str(turn)))

    def _put_incident(self, connection: sa.Connection, rows: IncidentRows) -> None:
        key = rows.incident["id"]
        connection.execute(tables.incident_row.delete().where(tables.incident_row.c.id == key))
        connection.execute(tables.incident_row.insert().values(**rows.incident))
        for table, values in (
            (tables.fact_row, rows.facts),
            (tables.incident_origin, rows.origins),
            (tables.incident_document, [{"incident": key, "document": document} for document in rows.documents]),
        ):
            connection.execute(table.delete().where(table.c.incident == key))
            if values:
                connection.execute(table.insert(), list(values))

    # --- deciding

    def decide(self, decision: Decision, *, home: str, expected: str, after: IncidentRows | None) -> bool:
        """Keep a decision where its incident is still at the version that the reviewer saw, all in one transaction.

        Args:
            home: the incident that it is about (of an `undo` that of the decision undone).
            expected: the version that the reviewer saw.
            after: the incident under the decision; None leaves its rows, where linking has to be done again.

        Returns:
            False where somebody else's decision or a new run came first: nothing was written.

        Raises:
            StoreError: a fact would be established by fewer than two persons; nothing was written.
        """
        record = encoded(decision)
        column = tables.incident_row.c
        with self._desk.writing() as writing:
            found = writing.connection.execute(sa.select(column.version).where(column.id == home)).scalar()
            if found != expected:
                return False
            writing.connection.execute(records.decision.insert().values(id=decision.id, record=record))
            about = {"decision": sha256(record).hexdigest(), "kind": decision.kind.value}
            writing.log(decision.reviewer, "reviewed", decision.target, **about)
            self._desk.put_seal(writing.connection, decision_seal(self._desk.secret(), record, decision))
            row = {"reviewer": decision.reviewer, "kind": decision.kind.value, "at": decision.decided_at, "standing": True}
            writing.connection.execute(
                tables.decision_row.insert().values(id=decision.id, incident=home, attribute=decision.attribute, **row)
            )
            if decision.kind is DecisionKind.UNDO:
                rows = tables.decision_row
                writing.connection.execute(rows.update().where(rows.c.id.in_((decision.target, decision.id))).values(standing=False))
            self._turn(writing.connection)
            if after is not None:
                _check_two_persons(writing.connection, after)
                self._put_incident(writing.connection, after)
            else:
                self._new_version(writing.connection, home, decision)
        return True

    def _new_version(self, connection: sa.Connection, home: str, decision: Decision) -> None:
        """A merge or split waits to be linked: nobody may decide on the incident as it was."""
        connection.execute(tables.incident_row.update().where(tables.incident_row.c.id == home).values(version=decision.id))

    def decisions_at(self, incident: str) -> list[Decision]:
        """All decisions whose home is this incident, in the order in which they were made."""
        query = sa.select(records.decision.c.record).join(tables.decision_row, tables.decision_row.c.id == records.decision.c.id)
        query = query.where(tables.decision_row.c.incident == incident).order_by(records.decision.c.number)
        with self._desk.reading_rows() as connection:
            return [msgspec.json.decode(row, type=Decision) for row in connection.execute(query).scalars()]

    def decision(self, key: str) -> tuple[Decision, str | None, bool] | None:
        """A decision, its home, and whether it stands."""
        query = sa.select(records.decision.c.record, tables.decision_row.c.incident, tables.decision_row.c.standing)
        query = query.join(tables.decision_row, tables.decision_row.c.id == records.decision.c.id).where(records.decision.c.id == key)
        with self._desk.reading_rows() as connection:
            row = connection.execute(query).first()
        return None if row is None else (msgspec.json.decode(row[0], type=Decision), row[1], bool(row[2]))

    def last_decision_of(self, reviewer: str) -> str | None:
        """The newest standing decision of a reviewer."""
        column = tables.decision_row.c
        query = sa.select(column.id).join(records.decision, records.decision.c.id == column.id)
        query = query.where(column.reviewer == reviewer, column.standing, column.kind != "undo").order_by(records.decision.c.number.desc())
        with self._desk.reading_rows() as connection:
            return connection.execute(query.limit(1)).scalar()

    def judgements(self) -> list[tuple[str, str, str, str]]:
        """Incident, attribute, reviewer and kind of every standing decision about a fact, in order."""
        column = tables.decision_row.c
        query = sa.select(column.incident, column.attribute, column.reviewer, column.kind)
        query = query.where(column.standing, column.attribute.is_not(None), column.incident.is_not(None)).order_by(column.at, column.id)
        with self._desk.reading_rows() as connection:
            return [tuple(row) for row in connection.execute(query)]

    # --- one incident

    def incident(self, key: str) -> Kept | None:
        """One incident by its id."""
        column = tables.incident_row.c
        with self._desk.reading_rows() as connection:
            row = connection.execute(sa.select(column.record, column.base, column.version, column.number).where(column.id == key)).first()
        if row is None:
            return None
        incident = msgspec.json.decode(row.record, type=Incident)
        base = incident if row.base is None else msgspec.json.decode(row.base, type=Incident)
        return Kept(incident, base, row.version, row.number)

    def all_incidents(self) -> list[Incident]:
        """Every incident as it stands, in the order of the findings."""
        query = sa.select(tables.incident_row.c.record).order_by(tables.incident_row.c.number)
        with self._desk.reading_rows() as connection:
            return [msgspec.json.decode(row, type=Incident) for row in connection.execute(query).scalars()]


def _check_two_persons(connection: sa.Connection, rows: IncidentRows) -> None:
    """No fact is established but by standing decisions of two persons, whoever says that it is."""
    column = tables.decision_row.c
    for fact in rows.facts:
        if fact["status"] == Status.ESTABLISHED:
            query = sa.select(column.reviewer).where(
                column.incident == rows.incident["id"], column.attribute == fact["attribute"], column.kind == "establish", column.standing
            )
            persons = {plain_name(name) for name in connection.execute(query).scalars()}
            if len(persons) < PERSONS_TO_ESTABLISH:
                raise StoreError(f"{len(persons)} of {PERSONS_TO_ESTABLISH} persons would establish this", advice="Ask a second reviewer.")

"""Questions to the rows: pages of incidents under a filter, the review queue, speakers, documents, totals."""

from __future__ import annotations

import json
from typing import Any

import attrs
import sqlalchemy as sa

import ascertain.store._desk_tables as tables
import ascertain.store._search as search
import ascertain.store._tables as records
from ascertain.store._areas import Corners, lies_in
from ascertain.store._desk import Desk
from ascertain.store._latest import Latest
from ascertain.store._search import SearchHit

KM_A_DEGREE = 111.0
SORTS = {
    "order": (tables.incident_row.c.number,),
    "day": (tables.incident_row.c.earliest, tables.incident_row.c.number),
    "-day": (tables.incident_row.c.earliest.desc(), tables.incident_row.c.number),
    "place": (tables.incident_row.c.place, tables.incident_row.c.number),
    "status": (tables.incident_row.c.status, tables.incident_row.c.number),
    "-harm": (tables.incident_row.c.harm.desc(), tables.incident_row.c.number),
    "-origins": (tables.incident_row.c.origins.desc(), tables.incident_row.c.number),
    "-documents": (tables.incident_row.c.documents.desc(), tables.incident_row.c.number),
}
SHOWN = [
    column
    for column in tables.incident_row.c
    if column.name not in {"base", "record", "words"}
]  # fmt: skip


@attrs.frozen
class Filter:
    """Which incidents are meant; empty means all.

    Attributes:
        box: south, west, north, east in degrees.
        area: corners of a polygon, each latitude and longitude.
        after, before: ISO days; an incident counts whose period touches them.
        words: all must occur in its title, place, kind, actors or origins.
        hidden: ids that the asker may not see.
        veiled: ids of which the asker may not know the sources: words are looked for in their titles alone, and no origin leads to them.
    """

    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    origin: str | None = None
    words: str | None = None
    box: tuple[float, float, float, float] | None = None
    area: Corners | None = None
    after: str | None = None
    before: str | None = None
    reviewed: bool | None = None
    hidden: tuple[str, ...] = ()
    veiled: tuple[str, ...] = ()


Row = dict[str, Any]


class Queries:
    """Reads rows; writes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._searched = Latest[tuple[SearchHit, ...]]()

    def _all(self, query: sa.Select[Any]) -> list[Row]:
        with self._desk.reading_rows() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _one(self, query: sa.Select[Any]) -> Any:
        with self._desk.reading_rows() as connection:
            return connection.execute(query).scalar()

    # --- incidents

    def incidents(self, where: Filter, *, sort: str = "order", limit: int = 50, offset: int = 0) -> list[Row]:
        """One page of incidents."""
        return self._all(self._filtered(sa.select(*SHOWN), where).order_by(*SORTS.get(sort, SORTS["order"])).limit(limit).offset(offset))

    def count_incidents(self, where: Filter) -> int:
        """How many incidents are meant."""
        return int(self._one(self._filtered(sa.select(sa.func.count()).select_from(tables.incident_row), where)) or 0)

    def incident_records(self, where: Filter, *, sort: str = "order") -> list[bytes]:
        """The records of all that are meant, as they stand."""
        query = self._filtered(sa.select(tables.incident_row.c.record), where).order_by(*SORTS.get(sort, SORTS["order"]))
        with self._desk.reading_rows() as connection:
            return list(connection.execute(query).scalars())

    def tally(self, where: Filter, field: str) -> list[tuple[Any, int]]:
        """How many of those that are meant have each value of `type`, `kind`, `status` or `country`."""
        column = tables.incident_row.c[field]
        query = self._filtered(sa.select(column, sa.func.count().label("n")), where).group_by(column).order_by(sa.desc("n"), column)
        return [(row[field], row["n"]) for row in self._all(query)]

    def spots(self, where: Filter) -> list[Row]:
        """Points for the map: place, its uncertainty, how many incidents of each status stand there, and one of them."""
        column = tables.incident_row.c
        query = sa.select(
            column.place, column.lat, column.lon, sa.func.max(column.radius_km).label("radius_km"), column.status,
            sa.func.count().label("n"), sa.func.min(column.id).label("id"), sa.func.min(column.title).label("title"),
        )  # fmt: skip
        query = self._filtered(query, where).where(column.lat.is_not(None))
        return self._all(query.group_by(column.place, column.lat, column.lon, column.status).order_by(sa.desc("n")))

    def spans(self, where: Filter) -> list[Row]:
        """Bars for the timeline: type, first and last day, status, how many incidents share them, and one of them."""
        column = tables.incident_row.c
        query = sa.select(
            column.type, column.earliest, column.latest, column.status, sa.func.count().label("n"), sa.func.min(column.id).label("id"),
            sa.func.min(column.title).label("title"),
        )  # fmt: skip
        query = self._filtered(query, where).where(column.earliest.is_not(None))
        return self._all(query.group_by(column.type, column.earliest, column.latest, column.status).order_by(column.earliest))

    def similar(self, *, key: str, lat: float | None, lon: float | None, earliest: str, latest: str, hidden: tuple[str, ...]) -> list[Row]:
        """Other incidents that touch a period (and lie near, where a point is known), nearest first."""
        column = tables.incident_row.c
        query = sa.select(*SHOWN).where(column.id != key, column.earliest <= latest, column.latest >= earliest, column.id.not_in(hidden))
        if lat is not None and lon is not None:
            away = sa.func.abs(column.lat - lat) + sa.func.abs(column.lon - lon)
            query = query.where(sa.or_(column.lat.is_(None), away < 1.0)).order_by(away)
        return self._all(query.limit(30))

    def _filtered(self, query: sa.Select[Any], where: Filter) -> sa.Select[Any]:
        column = tables.incident_row.c
        for field, wanted in ((column.type, where.types), (column.kind, where.kinds), (column.status, where.statuses)):
            if wanted:
                query = query.where(field.in_(wanted))
        query = self._worded(query, where)
        if where.box is not None:
            south, west, north, east = where.box
            query = query.where(column.lat.between(south, north), column.lon.between(west, east))
        if where.area is not None:
            query = query.where(lies_in(column.lat, column.lon, where.area))
        if where.after:
            query = query.where(column.latest >= where.after)
        if where.before:
            query = query.where(column.earliest <= where.before)
        if where.reviewed is not None:
            query = query.where(column.reviewed == where.reviewed)
        if where.origin:
            of = tables.incident_origin
            query = query.where(column.id.in_(sa.select(of.c.incident).where(of.c.origin == where.origin)), column.id.not_in(where.veiled))
        return query.where(column.id.not_in(where.hidden)) if where.hidden else query

    def _worded(self, query: sa.Select[Any], where: Filter) -> sa.Select[Any]:
        """Only incidents that have each of the words; of what is veiled, the title alone is searched."""
        column = tables.incident_row.c
        for word in (where.words or "").casefold().split():
            found = column.words.contains(word, autoescape=True)
            if where.veiled:
                found = sa.or_(sa.and_(column.id.not_in(where.veiled), found), column.title.icontains(word, autoescape=True))
            query = query.where(found)
        return query

    def years(self, where: Filter, *, months: bool = False) -> list[tuple[str, str, int]]:
        """Year (or month), status and how many incidents begin in it."""
        column = tables.incident_row.c
        year = sa.func.substr(column.earliest, 1, 7 if months else 4).label("year")
        query = self._filtered(sa.select(year, column.status, sa.func.count().label("n")), where).where(column.earliest.is_not(None))
        return [(row["year"], row["status"], row["n"]) for row in self._all(query.group_by(year, column.status).order_by(year))]

    # --- the case

    def case_counts(self, hidden: tuple[str, ...] = (), hidden_incidents: tuple[str, ...] = ()) -> dict[str, int]:
        """Originals that came in and how they ended; in = done + failed + waiting; what is hidden is not counted."""
        outcome, count = records.outcome.c, sa.func.count()

        def ended(stage: str) -> int:
            return int(self._one(sa.select(count).where(outcome.stage == stage, outcome.state == "done")) or 0)

        tables_ = {"originals": records.original, "captures": records.capture, "documents": records.document, "decisions": records.decision}
        found = {name: int(self._one(sa.select(count).select_from(table)) or 0) for name, table in tables_.items()}
        found["originals"] -= int(self._one(sa.select(count).where(outcome.state == "deleted")) or 0)
        failed = int(self._one(sa.select(sa.func.count(sa.distinct(outcome.original))).where(outcome.state == "failed")) or 0)
        done = ended("parse") - found["documents"] + ended("extract")  # containers are done after `parse`, documents after `extract`
        seen = {name: found[name] - len(hidden) for name in ("originals", "documents")}
        made = tables.decision_row.c.incident
        about = int(self._one(sa.select(count).where(made.in_(hidden_incidents))) or 0) if hidden_incidents else 0
        seen |= {"decisions": found["decisions"] - about}
        found, done = found | seen, done - len(hidden)
        return found | {"done": done, "failed": failed, "waiting": found["originals"] - done - failed}

    def count_statements(self, documents: tuple[str, ...]) -> int:
        """How many statements some documents hold."""
        column = tables.statement_row.c
        return int(self._one(sa.select(sa.func.count()).where(column.document.in_(documents))) or 0) if documents else 0

    def failures(self, limit: int) -> list[Row]:
        """Originals that could not be read, with the path under which they came in first."""
        outcome, capture = records.outcome, records.capture
        first = sa.select(sa.func.json_extract(sa.cast(capture.c.record, sa.Text), "$.path")).where(
            capture.c.original == outcome.c.original
        )
        path = first.order_by(capture.c.number).limit(1).scalar_subquery().label("path")
        return self._all(sa.select(outcome, path).where(outcome.c.state == "failed").order_by(outcome.c.original).limit(limit))

    # --- review

    def next_fact(self, reviewer: str, *, second: bool, hidden: tuple[str, ...], incident: str | None = None) -> Row | None:
        """The most valuable finding that waits for this reviewer.

        Args:
            second: look at those that others have decided on, so that agreement can be measured.
            incident: only findings of this incident.
        """
        fact, skipped, made = tables.fact_row, tables.skip, tables.decision_row
        passed = sa.exists().where(
            skipped.c.account == reviewer, skipped.c.incident == fact.c.incident, skipped.c.attribute == fact.c.attribute
        )
        mine = sa.exists().where(
            made.c.incident == fact.c.incident, made.c.attribute == fact.c.attribute, made.c.reviewer == reviewer, made.c.standing
        )
        query = sa.select(fact).where(~passed, ~mine).order_by(fact.c.worth.desc(), fact.c.incident, fact.c.attribute)
        query = query.where(fact.c.deciders != "[]") if second else query.where(fact.c.open)
        if hidden:
            query = query.where(fact.c.incident.not_in(hidden))
        if incident:
            query = query.where(fact.c.incident == incident)
        found = self._all(query.limit(1))
        return found[0] if found else None

    def open_facts(self, hidden: tuple[str, ...] = ()) -> int:
        """How many findings wait for somebody."""
        fact = tables.fact_row
        query = sa.select(sa.func.count()).select_from(fact).where(fact.c.open)
        return int(self._one(query.where(fact.c.incident.not_in(hidden)) if hidden else query) or 0)

    def waiting_facts(self, limit: int, hidden: tuple[str, ...]) -> list[Row]:
        """The most valuable findings that wait, with the titles of their incidents."""
        fact, row = tables.fact_row, tables.incident_row
        query = sa.select(fact, row.c.title).join(row, row.c.id == fact.c.incident).where(fact.c.open, fact.c.incident.not_in(hidden))
        return self._all(query.order_by(fact.c.worth.desc(), fact.c.incident).limit(limit))

    def same_value(self, attribute: str, value: str, *, but: str, hidden: tuple[str, ...]) -> list[Row]:
        """Other incidents whose fact has the same words: where one was wrong, they may be."""
        fact, row = tables.fact_row, tables.incident_row
        query = sa.select(row.c.id, row.c.title, row.c.status).join(fact, fact.c.incident == row.c.id)
        query = query.where(fact.c.attribute == attribute, fact.c.value == value, row.c.id != but, fact.c.deciders == "[]")
        return self._all(query.where(row.c.id.not_in(hidden)).order_by(row.c.number).limit(20))

    def decisions(self, *, limit: int, reviewer: str | None = None, hidden: tuple[str, ...] = ()) -> list[Row]:
        """The newest decisions, with the titles of their incidents; those about hidden ones are left out."""
        made, row = tables.decision_row, tables.incident_row
        query = sa.select(made, row.c.title).join(row, row.c.id == made.c.incident, isouter=True).order_by(made.c.at.desc(), made.c.id)
        if hidden:
            query = query.where(sa.or_(made.c.incident.is_(None), made.c.incident.not_in(hidden)))
        return self._all((query.where(made.c.reviewer == reviewer) if reviewer else query).limit(limit))

    # --- documents and speakers

    def documents(self, *, words: str | None, hidden: tuple[str, ...], limit: int, offset: int) -> tuple[list[Row], int]:
        """One page of documents by title, path or publisher, and how many there are."""
        row = tables.document_row
        query = sa.select(row).where(row.c.id.not_in(hidden))
        for word in (words or "").split():
            named = (
                sa.func.coalesce(row.c.title, "").concat(" ").concat(row.c.path).concat(" ").concat(sa.func.coalesce(row.c.publisher, ""))
            )
            query = query.where(named.icontains(word, autoescape=True))
        total = self._one(sa.select(sa.func.count()).select_from(query.subquery()))
        return self._all(query.order_by(row.c.number).limit(limit).offset(offset)), int(total or 0)

    def documents_at(self, paths: tuple[str, ...]) -> list[Row]:
        """Rows of the documents at some paths."""
        row = tables.document_row
        return self._all(sa.select(row).where(row.c.path.in_(paths)).order_by(row.c.number))

    def search(self, words: str, *, kinds: tuple[str, ...], hidden: tuple[str, ...], limit: int) -> list[SearchHit]:
        """Full text, best first, without what the asker may not see."""
        wanted = limit + len(hidden) * 20
        with self._desk.reading_rows() as connection:
            key = (search.stand_of(connection), words, kinds, wanted)
            found = self._searched.get(key)
            if found is None:
                found = tuple(search.find(connection, words, wanted, kinds=kinds))
                self._searched.put(key, found)
        return [hit for hit in found if hit.document not in hidden][:limit]

    def documents_named(self, keys: tuple[str, ...]) -> dict[str, Row]:
        """Rows of some documents, by id."""
        row = tables.document_row
        return {found["id"]: found for found in self._all(sa.select(row).where(row.c.id.in_(keys)))}

    def incidents_telling(self, documents: tuple[str, ...]) -> list[str]:
        """Ids of all incidents that some documents tell of."""
        of = tables.incident_document.c
        if not documents:
            return []
        return [row["incident"] for row in self._all(sa.select(of.incident).distinct().where(of.document.in_(documents)))]

    def incidents_of_document(self, document: str, hidden: tuple[str, ...]) -> list[Row]:
        """Incidents that a document tells of."""
        row, of = tables.incident_row, tables.incident_document
        query = sa.select(*SHOWN).join(of, of.c.incident == row.c.id).where(of.c.document == document, row.c.id.not_in(hidden))
        return self._all(query.order_by(row.c.number).limit(200))

    def incidents_of_origin(self, origin: str, hidden: tuple[str, ...]) -> list[Row]:
        """Incidents that an origin vouches for or denies, with its stance."""
        row, of = tables.incident_row, tables.incident_origin
        query = sa.select(*SHOWN, of.c.stance).join(of, of.c.incident == row.c.id).where(of.c.origin == origin, row.c.id.not_in(hidden))
        return self._all(query.order_by(row.c.earliest.desc()).limit(200))

    def speakers(self, *, words: str | None, limit: int, offset: int, hidden: tuple[str, ...] = ()) -> tuple[list[Row], int]:
        """One page of speakers, those who say most first, and how many there are; who speaks in hidden documents alone is left out."""
        row, seen = tables.speaker_row, self._seen_speakers(hidden)
        query, total = sa.select(row), sa.select(sa.func.count()).select_from(row)
        for word in (words or "").split():
            query, total = (q.where(row.c.name.icontains(word, autoescape=True)) for q in (query, total))
        silent = [name for name, found in seen.items() if found is None]
        if silent:
            query, total = (q.where(row.c.name.not_in(silent)) for q in (query, total))
        rows = self._all(query.order_by(row.c.statements.desc(), row.c.name).limit(limit).offset(offset))
        return [found | (seen.get(found["name"]) or {}) for found in rows], int(self._one(total) or 0)

    def speaker(self, name: str, hidden: tuple[str, ...] = ()) -> Row | None:
        """One speaker; None too where the name stands in hidden documents alone."""
        found = self._all(sa.select(tables.speaker_row).where(tables.speaker_row.c.name == name))
        seen = self._seen_speakers(hidden, name)
        if not found or (name in seen and seen[name] is None):
            return None
        return found[0] | (seen.get(name) or {})

    def _seen_speakers(self, hidden: tuple[str, ...], name: str | None = None) -> dict[str, Row | None]:
        """For speakers with statements in hidden documents, what is left without these; None where nothing is."""
        if not hidden:
            return {}
        column = tables.statement_row.c
        concerned = sa.select(column.speaker).distinct().where(column.document.in_(hidden))
        if name is not None:
            concerned = concerned.where(column.speaker == name)
        names = [row["speaker"] for row in self._all(concerned)]
        denies = sa.func.sum(sa.case((column.stance.in_(("denies", "doubts")), 1), else_=0)).label("denials")
        counts = (sa.func.count().label("statements"), sa.func.count(sa.distinct(column.document)).label("documents"), denies)
        left = sa.select(
            column.speaker.label("name"), *counts, sa.func.min(column.said_on).label("first"), sa.func.max(column.said_on).label("last")
        )
        rows = self._all(left.where(column.speaker.in_(names), column.document.not_in(hidden)).group_by(column.speaker))
        return dict.fromkeys(names) | {row["name"]: row for row in rows}

    def statements_of(self, speaker: str, *, hidden: tuple[str, ...], limit: int, offset: int) -> list[Row]:
        """What a speaker has said, in order of time, with the document's path and title."""
        row, document = tables.statement_row, tables.document_row
        query = sa.select(row, document.c.path, document.c.title, document.c.publisher).join(document, document.c.id == row.c.document)
        query = query.where(row.c.speaker == speaker, row.c.document.not_in(hidden)).order_by(row.c.said_on, row.c.number)
        return self._all(query.limit(limit).offset(offset))

    def relays_of(self, speaker: str, hidden: tuple[str, ...] = ()) -> list[tuple[str, int]]:
        """Who carries a speaker's words, and how often."""
        row, document = tables.statement_row, tables.document_row
        carrier = sa.func.coalesce(document.c.publisher, document.c.path).label("carrier")
        query = sa.select(*[carrier, sa.func.count().label("n")]).join(document, document.c.id == row.c.document)
        query = (
            query.where(row.c.speaker == speaker, row.c.document.not_in(hidden)).group_by(carrier).order_by(sa.desc("n"), carrier).limit(20)
        )
        return [(found["carrier"], found["n"]) for found in self._all(query)]

    def fates_of(self, origin: str, hidden: tuple[str, ...]) -> list[tuple[str, str, int]]:
        """What became of what an origin said: its stance, the status of the incident now, and how many such there are."""
        row, of = tables.incident_row, tables.incident_origin
        query = sa.select(of.c.stance, row.c.status, sa.func.count().label("n")).join(row, row.c.id == of.c.incident)
        query = (
            query.where(of.c.origin == origin, row.c.id.not_in(hidden))
            .group_by(of.c.stance, row.c.status)
            .order_by(of.c.stance, row.c.status)
        )
        return [(found["stance"], found["status"], found["n"]) for found in self._all(query)]


def deciders(row: Row) -> list[str]:
    """Who has decided on a fact."""
    return list(json.loads(row["deciders"]))

"""One incident: its fact sheet, what it is like, as it was known on a day; merge, split, undo, notes, restriction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import attrs
from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.publish import parts as words
from ascertain.records import DecisionKind, Incident
from ascertain.review import Choice, standing
from ascertain.store import Kept, Note
from ascertain.web._asked import Asked, Handler, NotThereError, in_path
from ascertain.web._book import desk_book
from ascertain.web._counts import draw_counts
from ascertain.web._decide import decide, readings_of
from ascertain.web._index import as_known_on
from ascertain.web._render import page
from ascertain.web._restrict import add_restriction
from ascertain.web._veil import without

NEAR_DAYS = 3  # as far as reports of one day's event are apart in the demo and the trial texts' linking rules
NEAR_KM = 30.0
SHOWN_SIMILAR = 6
EARTH_KM = 6371.0
LONGEST_NOTE = 5000


def incident(asked: Asked) -> Response:
    """The fact sheet."""
    kept = incident_of(asked)
    readings = readings_of(asked.bench.desk, kept)
    decisions = asked.bench.rows.decisions_at(asked.key)
    seen = without(kept.incident, asked.hidden_documents)
    book = desk_book(asked, readings, incidents=[seen], decisions=decisions)
    day = asked.query("on") if words.parsed_day(asked.query("on")) else None
    by_id = {r.document.id: r for r in readings if r.document.id not in asked.hidden_documents}
    earlier = as_known_on(seen, by_id, day) if day else None
    counts = {fact.attribute: drawn for fact in seen.facts if (drawn := draw_counts(book, fact)) is not None}
    return page(
        asked, "incident.html", incident=seen, counts=counts, unstated=[name for name in words.ATTRIBUTES if name not in {f.attribute for f in seen.facts}], version=kept.version, sheet=words.sheet_page(book, seen), day=day,
        earlier={f.attribute: f for f in words.sheet_page(book, earlier).facts} if earlier else None, similar=similar(asked, kept.incident), decisions=_listed(decisions),
        days=published_days(by_id.values()), notes=asked.bench.people.notes("incident", asked.key), busy=asked.bench.work.busy(),
        restriction=next(iter(asked.bench.restrictions("incident").get(asked.key, ())), None),
        withheld=len({m.document for m in kept.incident.mentions} & set(asked.hidden_documents)), path=in_path(asked.key),
    )  # fmt: skip


def incident_of(asked: Asked) -> Kept:
    """The incident in the path.

    Raises:
        NotThereError: there is none.
    """
    kept = asked.bench.rows.incident(asked.key)
    if kept is None:
        raise NotThereError(f"there is no incident {asked.key[:30]}", advice="A new run may have linked it otherwise: look at the list.")
    return kept


def published_days(readings: Any) -> list[str]:
    """Days on which documents about it were published."""
    return sorted({r.document.published.value[:10] for r in readings if r.document.published})


def _listed(decisions: Sequence[Any]) -> list[dict[str, Any]]:
    valid = {decision.id for decision in standing(decisions)}
    return [
        {"made": d, "stands": d.id in valid, "can_undo": d.id in valid, "about": words.ATTRIBUTES.get(d.attribute or "", "the incident")}
        for d in decisions
    ]


def similar(asked: Asked, found: Incident) -> list[dict[str, Any]]:
    """Other incidents that may be the same, each with its reasons; nothing is joined but by a person."""
    if found.time.earliest is None or found.time.latest is None:
        return []
    first, last = words.parsed_day(found.time.earliest), words.parsed_day(found.time.latest)
    if first is None or last is None:
        return []
    place = found.place
    rows = asked.bench.queries.similar(
        key=found.id, lat=place.lat if place else None, lon=place.lon if place else None,
        earliest=str(first - timedelta(NEAR_DAYS)), latest=str(last + timedelta(NEAR_DAYS)), hidden=asked.hidden_incidents,
    )  # fmt: skip
    proposed = [row | {"reasons": _alike(found, row, first, last)} for row in rows]
    kept = [row for row in proposed if len(row["reasons"]) > 1]
    return sorted(kept, key=lambda row: -len(row["reasons"]))[:SHOWN_SIMILAR]


def _alike(found: Incident, row: dict[str, Any], first: date, last: date) -> list[str]:
    reasons = []
    start, end = words.parsed_day(row["earliest"]), words.parsed_day(row["latest"])
    if start and end and start <= last and end >= first:
        reasons.append("The days overlap.")
    elif start and end:
        reasons.append(f"The days lie {max((start - last).days, (first - end).days)} apart.")
    if found.place and row["lat"] is not None:
        away = distance_km((found.place.lat, found.place.lon), (row["lat"], row["lon"]))
        if away > NEAR_KM:
            return []
        reasons.append(f"Both are in {row['place']}." if away < 1 else f"The places lie {away:.0f} km apart.")
    if row["kind"] and row["kind"] == found.kind:
        reasons.append(f"Both are told as {found.kind}.")
    elif row["type"] == found.type:
        reasons.append(f"Both are of the type {found.type}.")
    return reasons


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on the globe (haversine)."""
    lat1, lon1, lat2, lon2 = (radians(x) for x in (*one, *other))
    part = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, part)))


# --- what people do


def incident_merge(asked: Asked) -> Response:
    """Put another incident into this one."""
    other = asked.field("other").rstrip("/").rpartition("/")[2]
    if other in asked.hidden_incidents:
        raise UsageError("there is no such incident to merge with", advice="Give the id from its page.")
    held = asked.bench.restrictions("incident")
    if held.get(other, ()) != held.get(asked.key, ()):
        raise UsageError("one of the two is restricted otherwise than the other", advice="Restrict both alike first, or open both.")
    return _relinking(asked, _choice(asked, DecisionKind.MERGE, other=other))


def incident_split(asked: Asked) -> Response:
    """Take the tellings of some documents out."""
    return _relinking(asked, _choice(asked, DecisionKind.SPLIT, documents=asked.fields("documents")))


def incident_undo(asked: Asked) -> Response:
    """Take back a decision about this incident."""
    found = asked.bench.rows.decision(asked.field("decision"))
    if found is None or found[1] != asked.key:
        raise UsageError("the decision is not about this incident", advice="Open the page again.")
    return _relinking(asked, attrs.evolve(_choice(asked, DecisionKind.UNDO), target=found[0].id))


def _choice(asked: Asked, kind: DecisionKind, **more: Any) -> Choice:
    return Choice(kind=kind, target=asked.key, reviewer=asked.account.name, reason=asked.field("reason"), **more)


def _relinking(asked: Asked, choice: Choice) -> Response:
    done = decide(asked.bench.desk, choice, expected=asked.field("version"), clock=asked.bench.clock)
    if done.made is None:
        return page(asked, "moved.html", status=409, path=in_path(asked.key), choice=choice)
    if done.relink:
        asked.bench.work.put("relink", by=asked.account.name)
    else:
        asked.bench.work.changed()
    return RedirectResponse(f"/incident/{in_path(asked.key)}", 303)


def incident_note(asked: Asked) -> Response:
    """Keep a note."""
    add_note(asked, "incident")
    return RedirectResponse(f"/incident/{in_path(asked.key)}#notes", 303)


def add_note(asked: Asked, kind: str) -> None:
    """Keep the note that was sent.

    Raises:
        UsageError: it is empty or too long.
    """
    said = asked.field("words")
    if not 1 <= len(said) <= LONGEST_NOTE:
        raise UsageError(f"a note has 1 to {LONGEST_NOTE:,} characters", advice="Write it shorter, or not at all.")
    asked.bench.people.add_note(Note(kind, asked.key, asked.account.name, asked.bench.clock(), said))


def incident_restrict(asked: Asked) -> Response:
    """Keep the incident from all but the chosen roles and people, or open it again."""
    kept = incident_of(asked)
    add_restriction(asked, "incident", mentions=tuple((m.document, m.event) for m in kept.incident.mentions))
    return RedirectResponse(f"/incident/{in_path(asked.key)}", 303)


HANDLERS: dict[str, Handler] = {
    "incident": incident, "incident_merge": incident_merge, "incident_split": incident_split, "incident_undo": incident_undo,
    "incident_note": incident_note, "incident_restrict": incident_restrict,
}  # fmt: skip

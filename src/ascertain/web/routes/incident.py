"""One incident: its fact sheet, what it is like, as it was known on a day; merge, split, undo, notes, restriction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import attrs
from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.publish import parts as words
from ascertain.records import DecisionKind, Fact, Incident
from ascertain.review import Choice, standing
from ascertain.store import Kept, Note, Restriction
from ascertain.web._asked import Asked, Handler, NotThereError, in_path
from ascertain.web._book import desk_book
from ascertain.web._decide import decide, readings_of
from ascertain.web._index import as_known_on
from ascertain.web._render import page

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
    seen = for_reader(kept.incident, asked)
    book = desk_book(asked, readings, incidents=[seen], decisions=decisions)
    day = asked.query("on") if words.parsed_day(asked.query("on")) else None
    by_id = {r.document.id: r for r in readings if r.document.id not in asked.hidden_documents}
    earlier = as_known_on(seen, by_id, day) if day else None
    return page(
        asked, "incident.html", incident=seen, version=kept.version, sheet=words.sheet_page(book, seen), day=day,
        earlier={f.attribute: f for f in words.sheet_page(book, earlier).facts} if earlier else None, similar=similar(asked, kept.incident), decisions=_listed(decisions),
        days=published_days(by_id.values()), notes=asked.bench.people.notes("incident", asked.key), busy=asked.bench.work.busy(),
        restriction=asked.bench.people.restrictions("incident").get(asked.key),
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


def for_reader(found: Incident, asked: Asked) -> Incident:
    """The incident without what stands in documents that this person may not know of."""
    hidden = set(asked.hidden_documents)
    paths = sorted({m.path for m in found.mentions if m.document in hidden}, key=len, reverse=True)
    if not paths:
        return found
    pattern = re.compile("|".join(f"{re.escape(path)}(?:\\[\\d+:\\d+\\])?" for path in paths))

    def seen(sentences: Sequence[str]) -> tuple[str, ...]:
        return tuple(pattern.sub("(a restricted document)", sentence) for sentence in sentences)

    def seen_fact(fact: Fact) -> Fact:
        return attrs.evolve(fact, reasons=seen(fact.reasons), claims=tuple(c for c in fact.claims if c.document not in hidden))

    origins = tuple(attrs.evolve(o, documents=tuple(d for d in o.documents if d not in paths)) for o in found.origins)
    return attrs.evolve(
        found, documents=tuple(d for d in found.documents if d not in paths), origins=origins, links=seen(found.links),
        mentions=tuple(m for m in found.mentions if m.document not in hidden), facts=tuple(seen_fact(f) for f in found.facts),
    )  # fmt: skip


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
    """Keep the incident from all but leads and named people, or open it again."""
    incident_of(asked)
    restrict(asked, "incident")
    return RedirectResponse(f"/incident/{in_path(asked.key)}", 303)


def restrict(asked: Asked, kind: str) -> None:
    """Restrict an item or open it again.

    Raises:
        UsageError: no reason, or somebody without an account.
    """
    if asked.field("open"):
        asked.bench.people.open_again(kind, asked.key, by=asked.account.name)
        return
    people = tuple(name.strip() for name in asked.field("people").split(",") if name.strip())
    unknown = [name for name in people if asked.bench.people.account(name) is None]
    if unknown:
        raise UsageError(f"there is no account {unknown[0]}", advice="Names of accounts, with commas between.")
    if not asked.field("reason"):
        raise UsageError("a restriction needs a reason", advice="Say why; it is kept in the custody log.")
    asked.bench.people.restrict(Restriction(kind, asked.key, people, asked.field("reason"), asked.account.name, asked.bench.clock()))


HANDLERS: dict[str, Handler] = {
    "incident": incident, "incident_merge": incident_merge, "incident_split": incident_split, "incident_undo": incident_undo,
    "incident_note": incident_note, "incident_restrict": incident_restrict,
}  # fmt: skip

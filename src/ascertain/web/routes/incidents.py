"""The incidents as table, map and timeline under one filter, and their export."""

from __future__ import annotations

import csv
import io
from typing import Any

import attrs
import msgspec
from starlette.responses import Response

from ascertain.publish import parts as words
from ascertain.records import EventType, Incident
from ascertain.store import Filter, Protection
from ascertain.web._asked import Asked, Handler, NotThereError
from ascertain.web._filters import SORTS, Shown, shown_filter
from ascertain.web._render import drawn, page
from ascertain.web._timeline import draw_spans
from ascertain.web._veil import without

PAGE = 50
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("id", "title", "status", "type", "kind", "place", "lat", "lon", "radius_km", "country", "earliest", "latest", "origins", "documents",
           "reviewed", "citation")  # fmt: skip
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "geojson": "application/geo+json"}


def incidents(asked: Asked) -> Response:
    """The view."""
    shown, queries = shown_filter(asked), asked.bench.queries
    number, state = asked.page_number(), asked.bench.rows.state()
    view = view_of(asked, shown.filter, state.get("turn", ""))
    total = view.total
    pages = max(1, -(-total // PAGE))
    number = min(number, pages)
    return page(
        asked, "incidents.html", shown=shown, total=total, everything=max(0, int(state.get("incidents", "0")) - len(asked.hidden_incidents)),
        rows=queries.incidents(shown.filter, sort=shown.sort, limit=PAGE, offset=(number - 1) * PAGE), number=number, pages=pages, first=(number - 1) * PAGE,
        timeline=view.timeline, by_status=view.by_status, types=[str(t) for t in EventType], sorts=SORTS, period_words=words.period_words,
    )  # fmt: skip


@attrs.frozen
class View:
    """What all pages of one filter share; `timeline` is markup."""

    total: int
    by_status: dict[str, int]
    timeline: str | None


def view_of(asked: Asked, where: Filter, turn: str) -> View:
    """The totals and the timeline of a filter, drawn once for all who look at it."""

    def make() -> View:
        queries = asked.bench.queries
        total = queries.count_incidents(where)
        drawing = draw_spans(queries.spans(where), total)
        return View(total, dict(queries.tally(where, "status")), drawn(drawing) if drawing else None)

    return asked.bench.remembered.get(turn, ("view", where), make)


def incidents_map(asked: Asked) -> Response:
    """The points of the map: one for each place, with how many incidents of which status."""
    where = shown_filter(asked).filter
    turn = asked.bench.rows.state().get("turn", "")
    return Response(asked.bench.remembered.get(turn, ("map", where), lambda: _spots(asked, where)), media_type="application/json")


def _spots(asked: Asked, where: Filter) -> bytes:
    spots: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in asked.bench.queries.spots(where):
        key = (row["place"], row["lat"], row["lon"])
        spot = spots.setdefault(
            key,
            {
                "place": row["place"],
                "lat": row["lat"],
                "lon": row["lon"],
                "radius_km": row["radius_km"] or 0.5,
                "n": 0,
                "by": {},
                "id": row["id"],
            },
        )
        spot["n"] += row["n"]
        spot["by"][row["status"]] = row["n"]
        spot["title"] = row["title"]
    return msgspec.json.encode(list(spots.values()))


def incidents_export(asked: Asked) -> Response:
    """What is shown, as CSV, GeoJSON or JSON, with permanent ids and citations."""
    form = str(asked.request.path_params["form"])
    if form not in TYPES:
        raise NotThereError(f"there is no export as {form[:20]}", advice="There are csv, geojson and json.")
    shown = shown_filter(asked)
    body = {"csv": _csv, "geojson": _geojson, "json": _json}[form](asked, shown)
    Protection(asked.bench.desk).refuse_words(body.decode("utf-8"))
    name = f"incidents.{form}"
    return Response(body, media_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _rows(asked: Asked, shown: Shown) -> list[dict[str, Any]]:
    rows = asked.bench.queries.incidents(shown.filter, sort=shown.sort, limit=1_000_000)
    return [row | {"citation": citation(asked, row["id"], row["title"])} for row in rows]


def citation(asked: Asked, key: str, title: str) -> str:
    """How an incident is cited: what, which case, which record, by which signed log."""
    desk = asked.bench.desk
    return f"{title}. Case “{desk.name}”, {key}, as of {words.day_words(asked.bench.clock())}; custody log signed by {desk.signer}, key {desk.key_fingerprint[:16]}."


def _csv(asked: Asked, shown: Shown) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(asked, shown):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """Unknown says so; what a spreadsheet would take for a formula gets a quote mark."""
    if value is None:
        return words.NOT_STATED
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _geojson(asked: Asked, shown: Shown) -> bytes:
    features = [
        {
            "type": "Feature", "id": row["id"], "properties": {c: row[c] for c in COLUMNS if c not in {"lat", "lon"}},
            "geometry": None if row["lat"] is None else {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        }
        for row in _rows(asked, shown)
    ]  # fmt: skip
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _json(asked: Asked, shown: Shown) -> bytes:
    """The contract's incidents, without those that are not shown and without what restricted documents say."""
    records = asked.bench.queries.incident_records(shown.filter, sort=shown.sort)
    found = [msgspec.to_builtins(without(msgspec.json.decode(record, type=Incident), asked.hidden_documents)) for record in records]
    for incident in found:
        incident["citation"] = citation(asked, incident["id"], incident["title"] or incident["id"])
    return msgspec.json.encode({"schema": "ascertain/incidents/1", "copies": [], "incidents": found})


HANDLERS: dict[str, Handler] = {"incidents": incidents, "incidents_map": incidents_map, "incidents_export": incidents_export}

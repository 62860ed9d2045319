"""The timeline of a filtered view: spans that many incidents share are one bar, so that thousands still make one picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from ascertain.publish.parts import (
    Axis,
    Drawing,
    Shape,
    axis_of,
    date_marks,
    group,
    line,
    parsed_day,
    rect,
    sentence_case,
    status_shape,
    words,
)
from ascertain.records import Status

WIDTH, TOP, ROW, BAR = 960, 34, 16, 9
MOST_ROWS = 5  # of a lane; what finds no room lies over the last
MOST_BARS = 250  # beyond that spans are gathered by month


@attrs.frozen
class _Days:
    first: date
    last: date
    reports: tuple[date, ...] = ()


def draw_spans(spans: Sequence[dict[str, Any]], total: int) -> Drawing | None:
    """Draw the periods of all incidents that are meant; None where no day is known."""
    known = [span for row in spans if (span := _span(row)) is not None]
    if len(known) > MOST_BARS:
        known = _by_month(known)
    if not known:
        return None
    axis = axis_of([_Days(s["first"], s["last"]) for s in known])
    lanes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for span in known:
        lanes[span["type"]].append(span)
    shapes: list[Shape] = []
    y = TOP
    for name, members in sorted(lanes.items(), key=lambda lane: (-sum(s["n"] for s in lane[1]), lane[0])):
        drawn, height = _lane(axis, members, y)
        shapes += [line(0, y, WIDTH, y, "d-rule"), words(0, y + 15, sentence_case(name), "d-text", most=18), *drawn]
        y += height
    shapes = [*date_marks(axis, y), *shapes, line(0, y, WIDTH, y, "d-rule")]
    counted = sum(s["n"] for s in known)
    first, last = known[0]["first"].year, max(s["last"] for s in known).year
    title = f"{counted:,} of {total:,} incidents with known days, {first}" + (f" to {last}" if last != first else "")
    scale = ";".join(f"{s.x:.1f},{s.width:.1f},{s.first},{s.last}" for s in axis.stretches)
    description = (
        "One lane a type. A bar covers the days on which it can have happened; a number beside it says how many incidents share them."
    )
    return Drawing("timeline", title, description, WIDTH, y + 6, tuple(shapes), {"scale": scale, "top": str(TOP), "bottom": str(y)})


def _span(row: dict[str, Any]) -> dict[str, Any] | None:
    first, last = parsed_day(row["earliest"]), parsed_day(row["latest"])
    first, last = first or last, last or first
    return None if first is None or last is None else row | {"first": first, "last": last}


def _by_month(spans: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Gather spans of one type and status that begin in the same month."""
    found: dict[tuple[str, str, date], dict[str, Any]] = {}
    for span in spans:
        first = span["first"].replace(day=1)
        key = (span["type"], span["status"], first)
        end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        held = found.setdefault(key, span | {"first": first, "last": end, "n": 0})
        held["n"] += span["n"]
    return sorted(found.values(), key=lambda s: (s["first"], s["last"]))


def _lane(axis: Axis, spans: Sequence[dict[str, Any]], top: int) -> tuple[list[Shape], int]:
    rows: list[float] = []
    shapes = []
    for span in spans:
        left = axis.at(span["first"])
        right = max(axis.at(span["last"], end=True), left + 6)
        row = next((n for n, taken in enumerate(rows) if left - 14 >= taken), len(rows))
        row = min(row, MOST_ROWS - 1)
        rows[row:] = [max(right + (16 if span["n"] > 1 else 0), *rows[row : row + 1], 0.0), *rows[row + 1 :]]
        shapes.append(_bar(span, left, right, top + 4 + row * ROW))
    return shapes, max(1, len(rows)) * ROW + 6


def _bar(span: dict[str, Any], left: float, right: float, y: float) -> Shape:
    status = Status(span["status"])
    parts = [rect(left, y, right - left, BAR, f"d-bar s-{status}"), status_shape(left - 6, y + BAR / 2, status, size=4)]
    if span["n"] > 1:
        parts.append(words(right + 3, y + BAR, str(span["n"]), "d-small"))
        days = f"/incidents?from={span['first']}&to={span['last']}&type={span['type']}&status={status}"
        told = f"{span['n']} incidents · {status} · {span['first']} to {span['last']}"
        return group(parts, kind="d-incident", title=told, href=days.lstrip("/"), label=told)
    title = f"{span['title']} · {status}"
    return group(parts, kind="d-incident", title=title, href=f"incident/{span['id']}", label=title)

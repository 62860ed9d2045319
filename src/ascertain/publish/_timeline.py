"""The timeline: one lane a type, an incident as a bar as long as its time is uncertain, reports as ticks below it.

Cases often hold a few weeks here and a few weeks years later. Stretches without anything are cut out of the axis and say how long they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

import attrs

from ascertain.publish._book import Book
from ascertain.publish._drawings import Drawing, Shape, group, line, rect, status_shape, words
from ascertain.publish._words import counted, parsed_day, period_words, sentence_case, title_words, type_words
from ascertain.records import Incident, overall_status

WIDTH, LEFT, RIGHT, TOP = 960, 132, 16, 34
ROW, BAR, CUT = 22, 10, 34  # heights of a row and a bar; width of a cut in the axis
QUIET_DAYS = 21  # a longer stretch without incidents or reports is cut out
EDGE_DAYS = 1
LEAST_SHARE = 40  # pixels that the shortest stretch gets at least
TICK_EVERY = 56  # pixels between dates of the axis at least


@attrs.frozen
class Bar:
    """An incident on the timeline: first and last day, days of its reports."""

    incident: Incident
    first: date
    last: date
    reports: tuple[date, ...]


@attrs.frozen
class Stretch:
    """Days that the axis shows without a cut, from `x` on."""

    first: date
    last: date
    x: float
    width: float

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.last - self.first).days + 1


@attrs.frozen
class Axis:
    """The days of the timeline and where they stand."""

    stretches: tuple[Stretch, ...]

    def at(self, day: date, *, end: bool = False) -> float:
        """The left edge of a day, or with `end` its right edge."""
        for s in self.stretches:
            if day <= s.last:
                days = (max(day, s.first) - s.first).days + (1 if end else 0)
                return s.x + s.width * days / s.days
        last = self.stretches[-1]
        return last.x + last.width


def bars_of(book: Book, incidents: Sequence[Incident]) -> list[Bar]:
    """The incidents whose days are known."""
    found = []
    for incident in incidents:
        first, last = parsed_day(incident.time.earliest), parsed_day(incident.time.latest)
        first, last = first or last, last or first
        if first is None or last is None:
            continue
        documents = dict.fromkeys(m.document for m in incident.mentions)
        dates = (d.document.published.value for k in documents if (d := book.readings.get(k)) and d.document.published)
        reports = sorted({day for value in dates if len(value) >= 10 and (day := parsed_day(value)) is not None})
        found.append(Bar(incident, first, last, tuple(reports)))
    return sorted(found, key=lambda b: (b.first, b.last, b.incident.id))


class Lasting(Protocol):
    """Something with a first and a last day."""

    @property
    def first(self) -> date:
        """Its first day."""

    @property
    def last(self) -> date:
        """Its last day."""

    @property
    def reports(self) -> tuple[date, ...]:
        """Days of its reports."""


def axis_of(bars: Sequence[Lasting]) -> Axis:
    """The days that something falls on, long quiet stretches cut out; width by days, with a least share for each."""
    marked = sorted({d for b in bars for d in (b.first, b.last, *b.reports)} | {d for b in bars for d in _days(b.first, b.last)})
    runs: list[tuple[date, date]] = []
    for day in marked:
        if runs and (day - runs[-1][1]).days <= QUIET_DAYS:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    padded = [(first - timedelta(EDGE_DAYS), last + timedelta(EDGE_DAYS)) for first, last in runs]
    room = WIDTH - LEFT - RIGHT - CUT * (len(padded) - 1)
    least = min(LEAST_SHARE, room / max(1, len(padded)))
    total = sum((last - first).days + 1 for first, last in padded)
    spare = max(0.0, room - least * len(padded))
    x, stretches = float(LEFT), []
    for first, last in padded:
        width = least + spare * ((last - first).days + 1) / total
        stretches.append(Stretch(first, last, x, width))
        x += width + CUT
    return Axis(tuple(stretches))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range(0, (last - first).days + 1, max(1, QUIET_DAYS // 2))]


def draw_timeline(book: Book, incidents: Sequence[Incident]) -> Drawing | None:
    """The timeline of some incidents; None where no day is known."""
    bars = bars_of(book, incidents)
    if not bars:
        return None
    axis = axis_of(bars)
    lanes: dict[str, list[Bar]] = defaultdict(list)
    for bar in bars:
        lanes[type_words(bar.incident)].append(bar)
    shapes: list[Shape] = []
    y = TOP
    for name, members in sorted(lanes.items(), key=lambda lane: (lane[1][0].first, lane[0])):
        drawn, height = _lane(book, axis, members, y)
        shapes += [line(0, y, WIDTH, y, "d-rule"), words(0, y + 15, sentence_case(book.words(name)), "d-text", most=20), *drawn]
        y += height
    shapes = [*date_marks(axis, y), *shapes, line(0, y, WIDTH, y, "d-rule")]
    cuts = len(axis.stretches) - 1
    note = (
        f" {sentence_case(counted(cuts, 'stretch', 'stretches'))} of the axis without incidents {'is' if cuts == 1 else 'are'} cut out."
        if cuts
        else ""
    )
    description = (
        "One lane a type of incident. A bar covers the days on which it can have happened; small strokes under it are reports by their day."
        + note
    )
    scale = ";".join(f"{s.x:.1f},{s.width:.1f},{s.first},{s.last}" for s in axis.stretches)
    return Drawing("timeline", _title(bars), description, WIDTH, y + 6, tuple(shapes), {"scale": scale, "top": str(TOP), "bottom": str(y)})


def _title(bars: Sequence[Bar]) -> str:
    first, last = min(b.first for b in bars), max(b.last for b in bars)
    return f"{sentence_case(counted(len(bars), 'incident'))} with known days, {first.year}" + (
        f" to {last.year}" if last.year != first.year else ""
    )


def _lane(book: Book, axis: Axis, bars: Sequence[Bar], top: int) -> tuple[list[Shape], int]:
    """The bars of a lane, each in the first row where it has room."""
    rows: list[float] = []
    shapes = []
    for bar in bars:
        left, right = axis.at(bar.first), axis.at(bar.last, end=True)
        right = max(right, left + 8)
        reach = max(right, *(axis.at(d, end=True) for d in bar.reports), left + 22)
        row = next((n for n, taken in enumerate(rows) if left - 18 >= taken), len(rows))
        rows[row:] = [reach, *rows[row + 1 :]]
        shapes.append(_bar(book, bar, (left, right), axis, top + 4 + row * ROW))
    return shapes, max(1, len(rows)) * ROW + 6


def _bar(book: Book, bar: Bar, reach: tuple[float, float], axis: Axis, y: float) -> Shape:
    status = overall_status(bar.incident.facts)
    left, right = reach
    title = f"{book.words(title_words(bar.incident))} · {status} · {period_words(bar.incident.time)}"
    parts = [rect(left - 14, y - 3, right - left + 16, ROW, "d-hit"), rect(left, y, right - left, BAR, f"d-bar s-{status}")]
    parts += [line(x, y + BAR + 2, x, y + BAR + 7, "d-tick") for x in ((axis.at(d) + axis.at(d, end=True)) / 2 for d in bar.reports)]
    parts.append(status_shape(left - 7, y + BAR / 2, status))
    return group(parts, kind="d-incident", title=title, href=book.incident_href(bar.incident), label=title, key=bar.incident.id)


def date_marks(axis: Axis, bottom: float) -> list[Shape]:
    """The dates of an axis and its cuts, down to `bottom`."""
    shapes: list[Shape] = []
    for n, stretch in enumerate(axis.stretches):
        shapes += _dates(stretch, bottom)
        if n:
            before = axis.stretches[n - 1]
            shapes += _cut(before, stretch, bottom)
    return shapes


def _dates(stretch: Stretch, bottom: float) -> list[Shape]:
    per_day = stretch.width / stretch.days
    step = next((s for s in (1, 2, 7, 14, 31, 92, 183, 366, 1830) if s * per_day >= TICK_EVERY), 3660)
    shapes = []
    day, drawn = stretch.first + timedelta(EDGE_DAYS), -1e9
    end = stretch.x + stretch.width
    while day <= stretch.last:
        x = stretch.x + per_day * (day - stretch.first).days
        if x - drawn >= TICK_EVERY - 6 and (x + 40 <= end + CUT or drawn < 0):
            shapes += [
                line(x, TOP - 4, x, bottom, "d-grid"),
                words(x, 12, f"{day.day} {day:%b}", "d-small"),
                words(x, 25, str(day.year), "d-small"),
            ]
            drawn = x
        day += timedelta(step)
    return shapes


def _cut(before: Stretch, after: Stretch, bottom: float) -> list[Shape]:
    middle = (before.x + before.width + after.x) / 2
    days = (after.first - before.last).days
    length = f"{days // 365} yr" if days >= 730 else f"{max(1, round(days / 30.4))} mo" if days >= 60 else f"{days} d"
    return [
        rect(middle - CUT / 2 + 4, TOP - 4, CUT - 8, bottom - TOP + 4, "d-cut"),
        words(middle, bottom - 4, length, "d-small d-middle"),
    ]

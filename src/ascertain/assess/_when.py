"""The days of an incident: what its mentions name, the most named first; the days before the first report where none is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from ascertain.records import Event, EventType, Mention, Period, Reading

UNDATED_DAYS = 3  # an incident that no words date lies this long before its first report at most
SPREAD_DAYS = 4  # named days farther than this from the most named one are of something else


def days_of_events(events: Sequence[tuple[Mention, Event]], readings: Mapping[str, Reading]) -> Period:
    """The period of a cluster."""
    named: Counter[date] = Counter()
    for document in sorted({m.document for m, _ in events}):
        times = {t.id: t.value for t in readings[document].times}
        days = {day for m, e in events if m.document == document and (day := _day(times.get(e.time or ""))) is not None}
        named.update(days)
    if named:
        centre = max(named, key=lambda d: (named[d], -d.toordinal()))
        near = [d for d, count in named.items() if abs((d - centre).days) <= SPREAD_DAYS and (count > 1 or named[centre] == 1)]
        finds = any(e.type is EventType.DISCOVER for _, e in events)
        if not finds:
            return Period(centre.isoformat(), centre.isoformat())
        near = [d for d in named if abs((d - centre).days) <= SPREAD_DAYS] or near
        return Period(min(near).isoformat(), max(near).isoformat())
    published = [
        day for m, _ in events if (about := readings[m.document].document.published) is not None and (day := _day(about.value)) is not None
    ]
    if not published:
        return Period()
    first = min(published)
    return Period((first - timedelta(UNDATED_DAYS)).isoformat(), first.isoformat())


def _day(value: str | None) -> date | None:
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", value or "")
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None

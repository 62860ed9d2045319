"""Filters of incidents as they stand in addresses: every page that is filtered can be sent to a colleague as its address."""

from __future__ import annotations

import re
from typing import Any

import attrs

from ascertain.records import EventType, Status
from ascertain.store import Filter
from ascertain.web._areas import Area, area_of, near
from ascertain.web._asked import Asked, address

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
VIEWS = {"table"}
SORTS = {
    "order": "most documents first", "-day": "latest first", "day": "earliest first", "place": "place", "status": "status",
    "-harm": "most people harmed", "-origins": "most origins",
}  # fmt: skip


@attrs.frozen
class Shown:
    """A filter with the words of its address.

    Attributes:
        values: what stands in the address, by name; only what was understood.
        area: the part of the map that is meant.
        unknown: a place that no gazetteer entry is called.
    """

    filter: Filter
    values: dict[str, Any]
    sort: str
    area: Area | None = None
    unknown: str | None = None

    def link(self, path: str = "/incidents", **changes: Any) -> str:
        """The address with some values changed; None takes one away. Any change but of the page leads back to the first page."""
        return address(path, {**self.values, **changes})

    def page_link(self, number: int) -> str:
        """The address of a page of it."""
        return self.link(page=number)

    @property
    def any(self) -> bool:
        """Whether something is filtered."""
        return bool(set(self.values) - {"sort", "view"})


def shown_filter(asked: Asked) -> Shown:
    """The filter of an address; what is malformed is left out, so that an old address still opens."""
    drawn, named = area_of(asked.query("area")), near(asked.query("near"), asked.query("km"))
    values: dict[str, Any] = {
        "q": asked.query("q"), "type": [t for t in asked.queries("type") if t in set(EventType)], "kind": list(asked.queries("kind")),
        "status": [s for s in asked.queries("status") if s in set(Status)], "origin": asked.query("origin"),
        "box": asked.query("box") if box_of(asked.query("box")) else None, "area": asked.query("area") if drawn else None,
        "near": asked.query("near") if named else None, "km": asked.query("km") if named else None,
        "from": _day(asked.query("from")), "to": _day(asked.query("to")), "reviewed": _one_of(asked, "reviewed", {"yes", "no"}),
        "sort": _one_of(asked, "sort", set(SORTS)), "view": _one_of(asked, "view", VIEWS),
    }  # fmt: skip
    kept = {name: value for name, value in values.items() if value}
    area = named or drawn
    found = Filter(
        types=tuple(values["type"]), kinds=tuple(values["kind"]), statuses=tuple(values["status"]), origin=values["origin"], words=values["q"],
        box=box_of(values["box"]), area=area.corners if area else None, after=values["from"], before=values["to"],
        reviewed={"yes": True, "no": False}.get(values["reviewed"] or ""), hidden=asked.hidden_incidents,
        veiled=asked.veiled_incidents,
    )  # fmt: skip
    return Shown(found, kept, values["sort"] or "order", area, asked.query("near") if named is None else None)


def _one_of(asked: Asked, name: str, known: set[str]) -> str | None:
    value = asked.query(name)
    return value if value in known else None


def box_of(words: str | None) -> tuple[float, float, float, float] | None:
    """South, west, north and east of `s,w,n,e` in degrees; None for anything else."""
    parts = (words or "").split(",")
    if len(parts) != 4 or not all(re.fullmatch(r"-?\d{1,3}(\.\d{1,6})?", part) for part in parts):
        return None
    south, west, north, east = (float(part) for part in parts)
    return (south, west, north, east) if south < north and west < east else None


def _day(words: str | None) -> str | None:
    return words if words and DAY.fullmatch(words) else None

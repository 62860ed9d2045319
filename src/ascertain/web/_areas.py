"""Areas on the map as they stand in addresses: a polygon by its corners, a circle by its centre and radius, a place by its name."""

from __future__ import annotations

import re
from functools import cache
from math import asin, atan2, cos, degrees, radians, sin
from threading import Lock

import attrs

from ascertain.models.places import EARTH_KM, Candidate, Gazetteer
from ascertain.records import IncidentPlace

MOST_CORNERS = 60
LEAST_CORNERS = 3
CIRCLE_CORNERS = 48  # a polygon of so many corners leaves out 0.3 % of the circle
MOST_KM = 3000.0
DEFAULT_KM = 25.0
NUMBER = re.compile(r"-?\d{1,4}(\.\d{1,6})?")
FOUND = 12  # places that a name is offered
Point = tuple[float, float]
_looking = Lock()  # one connection for all threads


@attrs.frozen
class Area:
    """A part of the map.

    Attributes:
        corners: latitude and longitude of each.
        words: what it is, for the line above the list.
    """

    corners: tuple[Point, ...]
    words: str


def area_of(words: str | None) -> Area | None:
    """The area of `lat,lon;lat,lon;…` (a polygon) or `lat,lon,km` (a circle); None for anything else."""
    parts = [part.split(",") for part in (words or "").split(";")]
    if any(not NUMBER.fullmatch(number) for part in parts for number in part):
        return None
    numbers = [tuple(float(number) for number in part) for part in parts]
    if len(numbers) == 1 and len(numbers[0]) == 3:
        lat, lon, km = numbers[0]
        return circle((lat, lon), km) if _on_earth((lat, lon)) else None
    points = tuple((n[0], n[1]) for n in numbers if len(n) == 2)
    good = len(points) == len(numbers) and LEAST_CORNERS <= len(points) <= MOST_CORNERS and all(map(_on_earth, points))
    return Area(points, "in the area drawn on the map") if good else None


def _on_earth(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


def circle(centre: Point, km: float, *, name: str | None = None) -> Area | None:
    """All that lies within so many kilometres of a point; None for a radius that is none."""
    if not 0 < km <= MOST_KM:
        return None
    lat, lon, reach = radians(centre[0]), radians(centre[1]), km / EARTH_KM
    corners = []
    for number in range(CIRCLE_CORNERS):
        turn = radians(360 * number / CIRCLE_CORNERS)
        there = asin(sin(lat) * cos(reach) + cos(lat) * sin(reach) * cos(turn))
        east = atan2(sin(turn) * sin(reach) * cos(lat), cos(reach) - sin(lat) * sin(there))
        corners.append((round(degrees(there), 5), round(degrees(lon + east), 5)))
    about = name or f"{centre[0]:.2f}, {centre[1]:.2f}"
    return Area(tuple(corners), f"within {km:g} km of {about}")


def near(name: str | None, km: str | None) -> Area | None:
    """What lies near a place of the gazetteer; of several of one name the most likely. None for a name that is not known."""
    found = places_named(name or "")
    reach = float(km) if km and NUMBER.fullmatch(km) else DEFAULT_KM
    return circle((found[0].lat, found[0].lon), reach, name=described(found[0])) if found else None


def places_named(name: str) -> tuple[Candidate, ...]:
    """Places of a name, the most likely first."""
    if not name.strip():
        return ()
    with _looking:
        return tuple(_gazetteer().candidates(name.strip()[:100])[:FOUND])


def place_chosen(name: str, key: int) -> IncidentPlace | None:
    """The place of the gazetteer that somebody has chosen among those of a name; None where none of them has that key."""
    chosen = next((candidate for candidate in places_named(name) if candidate.id == key), None)
    if chosen is None:
        return None
    return IncidentPlace(
        chosen.name, chosen.lat, chosen.lon, chosen.id if chosen.id > 0 else None, chosen.country or None, round(chosen.radius_km, 1)
    )


def described(candidate: Candidate) -> str:
    """A place with what tells it from others of its name."""
    with _looking:
        admin = _gazetteer().place(candidate).admin
    return ", ".join([candidate.name, *admin]) + f" ({candidate.kind})"


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer.open()

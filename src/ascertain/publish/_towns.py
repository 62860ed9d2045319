"""Names for the map: populated places near the incidents, so that it can be read at the level of towns."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence

from ascertain.models.places import Gazetteer, Town, kilometres
from ascertain.publish._pages import IncidentRow

NEAR_KM = 120.0
FAR_KM, FAR_PEOPLE = 400.0, 300_000
MOST_NEAR = 40  # for each incident's place
LEAST_PEOPLE = 3_000
CELL_DEGREES = 2.0


def towns_near(rows: Sequence[IncidentRow], gazetteer: Gazetteer, *, hidden: Callable[[str], bool]) -> list[Town]:
    """Populated places within 120 km of some incident, the largest first, and large cities within 400 km; at most 40 for each place.

    Args:
        rows: the incidents of the map.
        gazetteer: where the names come from.
        hidden: names that must not be written (a town may be called like somebody who is protected).
    """
    points = sorted({(round(r.lat, 2), round(r.lon, 2)) for r in rows if r.lat is not None and r.lon is not None})
    cells = _cells_in_reach(points)
    taken: dict[tuple[str, float, float], Town] = {}
    left = dict.fromkeys(points, MOST_NEAR)
    for town in gazetteer.towns(least_people=LEAST_PEOPLE) if points else ():
        for point in cells.get(_cell(town.lat, town.lon), ()):
            away = kilometres(*point, town.lat, town.lon) if left[point] else FAR_KM + 1
            if away <= NEAR_KM or (away <= FAR_KM and town.people >= FAR_PEOPLE):
                left[point] -= 1
                if not hidden(town.name):
                    taken[town.name, town.lat, town.lon] = town
    return sorted(taken.values(), key=lambda t: (-t.people, t.name))


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return int(lat // CELL_DEGREES), int((lon + 180) % 360 // CELL_DEGREES)


def _cells_in_reach(points: Sequence[tuple[float, float]]) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """For each cell of a grid the points that something in it can be near to: 86,000 towns need not be measured against each point."""
    found: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    reach = FAR_KM / 111 + CELL_DEGREES
    for lat, lon in points:
        wide = min(180.0, reach / max(0.05, math.cos(math.radians(lat))))
        rows = range(math.floor(-reach / CELL_DEGREES), math.ceil(reach / CELL_DEGREES) + 1)
        columns = range(math.floor(-wide / CELL_DEGREES), math.ceil(wide / CELL_DEGREES) + 1)
        for cell in {_cell(lat + row * CELL_DEGREES, lon + column * CELL_DEGREES) for row in rows for column in columns}:
            found[cell].append((lat, lon))
    return found

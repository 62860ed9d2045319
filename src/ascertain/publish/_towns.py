"""Names for the map: populated places near the incidents, so that it can be read at the level of towns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ascertain.models.places import Gazetteer, Town, kilometres
from ascertain.publish._pages import IncidentRow

NEAR_KM = 120.0
FAR_KM, FAR_PEOPLE = 400.0, 300_000
MOST_NEAR = 40  # for each incident's place
LEAST_PEOPLE = 3_000


def towns_near(rows: Sequence[IncidentRow], gazetteer: Gazetteer, *, hidden: Callable[[str], bool]) -> list[Town]:
    """Populated places within 120 km of some incident, the largest first, and large cities within 400 km; at most 40 for each place.

    Args:
        rows: the incidents of the map.
        gazetteer: where the names come from.
        hidden: names that must not be written (a town may be called like somebody who is protected).
    """
    points = sorted({(round(r.lat, 2), round(r.lon, 2)) for r in rows if r.lat is not None and r.lon is not None})
    taken: dict[tuple[str, float, float], Town] = {}
    left = dict.fromkeys(points, MOST_NEAR)
    for town in gazetteer.towns(least_people=LEAST_PEOPLE) if points else ():
        for point in points:
            if not left[point] or abs(town.lat - point[0]) > FAR_KM / 110:
                continue
            away = kilometres(*point, town.lat, town.lon)
            if away <= NEAR_KM or (away <= FAR_KM and town.people >= FAR_PEOPLE):
                left[point] -= 1
                if not hidden(town.name):
                    taken[town.name, town.lat, town.lon] = town
    return sorted(taken.values(), key=lambda t: (-t.people, t.name))

"""Names for the map: towns near incidents, none that is somebody's name."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from reports import some_contents

from ascertain.models.places import Town
from ascertain.publish._book import make_book
from ascertain.publish._pages import incident_rows
from ascertain.publish._register import Register
from ascertain.publish._towns import MOST_NEAR, towns_near

ODESA = Town("Odesa", 46.48, 30.73, 1_000_000)  # 145 km from Kherson
MYKOLAIV = Town("Mykolaiv", 46.97, 32.0, 480_000)
OSMAN = Town("Osman", 46.7, 32.6, 40_000)
CAIRO = Town("Cairo", 30.06, 31.25, 9_000_000)
SMALL = Town("Far and small", 46.48, 30.9, 5_000)
EAST, WEST = Town("Labasa", -16.42, 179.38, 27_000), Town("Taveuni", -16.9, -179.9, 20_000)


class Places:
    """Stands in for the gazetteer."""

    def __init__(self, *towns: Town) -> None:
        self.listed = towns

    def towns(self, *, least_people: int) -> Iterator[Town]:
        yield from (t for t in sorted(self.listed, key=lambda t: -t.people) if t.people >= least_people)


def found(*towns: Town, lat: float = 46.6354, lon: float = 32.6169) -> list[str]:

    rows = [attrs.evolve(r, lat=lat, lon=lon) for r in incident_rows(make_book(some_contents(), Register()))]
    return [t.name for t in towns_near(rows, Places(*towns), hidden=lambda name: name == "Osman")]


def test_near_towns_and_far_cities_are_named_and_no_others() -> None:
    assert found(ODESA, MYKOLAIV, OSMAN, CAIRO, SMALL) == ["Odesa", "Mykolaiv"]


def test_the_other_side_of_the_180th_meridian_is_near() -> None:
    assert found(EAST, WEST, lat=-16.8, lon=179.95) == ["Labasa", "Taveuni"]


def test_a_place_gets_only_so_many_names() -> None:
    many = [Town(f"Village {n}", 46.6 + n / 1000, 32.6, 5_000) for n in range(100)]
    assert len(found(*many)) == MOST_NEAR

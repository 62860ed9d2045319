"""Make the report's packaged map: Leaflet as it is, and a basemap from world-atlas (Natural Earth), both from unpacked npm packages.

    npm pack leaflet@1.9.4 world-atlas@2.0.2      # anywhere; unpack each into FOLDER/leaflet and FOLDER/world-atlas
    python tools/vendor.py FOLDER

Every input is checked against its SHA-256 before it is used. The basemap holds land, boundaries between states, and boundaries that are
disputed apart from them with their names. No state is coloured, so no territory is given to anyone by colour.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "src" / "ascertain" / "publish" / "static" / "vendor"
DIGESTS = {
    "leaflet/dist/leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet/dist/leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    "leaflet/LICENSE": "53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb",
    "world-atlas/countries-50m.json": "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
    "world-atlas/LICENSE": "8048290dfdb6e83fbed17e8985c8cfc4ce9da9b842642f3d3e497280790cfa31",
}
DECIMALS = 3  # about 110 m: finer than the 1:50,000,000 source
MOST_BYTES = 1_500_000
SOUTHERN = -62.0  # Antarctica is left out: nothing is reported from there, and it surrounds the pole

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north
WORLD: Box = (-180, -90, 180, 90)

# Boundaries that the source draws as settled and that are not: the two names of the source, a box, and what to say.
# What is said follows resolutions of the United Nations where there are any; else it says only that a boundary is disputed.
DISPUTED: tuple[tuple[frozenset[str], Box, str], ...] = (
    (
        frozenset({"Russia", "Ukraine"}), (32.0, 45.0, 36.8, 46.4),
        "Crimea: part of Ukraine (UN General Assembly resolution 68/262); occupied by Russia since 2014",
    ),
    (frozenset({"India", "Pakistan"}), (72.0, 32.4, 80.0, 37.5), "Line of Control in Jammu and Kashmir: disputed"),
    (frozenset({"India", "Siachen Glacier"}), WORLD, "Siachen Glacier: disputed"),
    (frozenset({"Pakistan", "Siachen Glacier"}), WORLD, "Siachen Glacier: disputed"),
    (frozenset({"China", "Siachen Glacier"}), WORLD, "Siachen Glacier: disputed"),
    (frozenset({"China", "India"}), WORLD, "China and India: boundary disputed"),
    (frozenset({"China", "Bhutan"}), WORLD, "Bhutan and China: boundary disputed in part"),
    (frozenset({"Israel", "Palestine"}), WORLD, "Israel and Palestine: Armistice Line of 1949; final status not agreed"),
    (
        frozenset({"Israel", "Syria"}), WORLD,
        "Golan: occupied by Israel since 1967, part of Syria (UN Security Council resolution 497)",
    ),
    (frozenset({"Morocco", "W. Sahara"}), WORLD, "Western Sahara: non-self-governing territory, final status not settled"),
    (frozenset({"Kosovo", "Serbia"}), WORLD, "Kosovo: status disputed (UN Security Council resolution 1244)"),
    (frozenset({"Cyprus", "N. Cyprus"}), WORLD, "Northern Cyprus: part of Cyprus (UN Security Council resolution 541)"),
    (frozenset({"Somalia", "Somaliland"}), WORLD, "Somaliland: self-declared, not generally recognised"),
    (frozenset({"Sudan", "S. Sudan"}), (26.5, 8.5, 30.0, 10.6), "Abyei: final status not determined"),
    (frozenset({"Egypt", "Sudan"}), (33.0, 21.5, 37.5, 24.0), "Hala'ib Triangle: disputed"),
    (frozenset({"Kenya", "S. Sudan"}), WORLD, "Ilemi Triangle: boundary disputed"),
    (frozenset({"Guyana", "Venezuela"}), WORLD, "Essequibo: disputed, before the International Court of Justice"),
    (frozenset({"North Korea", "South Korea"}), WORLD, "Military Demarcation Line of 1953"),
    (frozenset({"Armenia", "Azerbaijan"}), WORLD, "Armenia and Azerbaijan: boundary not delimited in part"),
)  # fmt: skip
UNLABELLED = {"Siachen Glacier", "Kosovo", "N. Cyprus", "Somaliland", "Indian Ocean Ter.", "Ashmore and Cartier Is.", "Antarctica"}
SPELT = {
    "W. Sahara": "Western Sahara", "S. Sudan": "South Sudan", "Dem. Rep. Congo": "DR Congo", "Central African Rep.": "Central African Republic",
    "Bosnia and Herz.": "Bosnia and Herzegovina", "Macedonia": "North Macedonia", "Turkey": "Türkiye", "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea", "Solomon Is.": "Solomon Islands", "United States of America": "United States", "eSwatini": "Eswatini",
}  # fmt: skip
FURTHER_LABELS = (("Crimea (Ukraine)", 34.2, 45.25, 3),)


class Atlas:
    """A topology: shared arcs, and countries and land made of them."""

    def __init__(self, topology: dict[str, Any]) -> None:
        scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
        self.arcs = [list(_decoded(arc, scale, move)) for arc in topology["arcs"]]
        self.countries: list[dict[str, Any]] = topology["objects"]["countries"]["geometries"]
        self.land: list[dict[str, Any]] = topology["objects"]["land"]["geometries"]

    def ring(self, arcs: list[int]) -> list[Point]:
        """The points of a ring; negative numbers are arcs turned round."""
        points: list[Point] = []
        for number in arcs:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            points += arc if not points else arc[1:]
        return _rounded(points)

    def polygons(self, geometry: dict[str, Any]) -> list[list[list[int]]]:
        """The arcs of a geometry, polygon by polygon, ring by ring."""
        return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def _decoded(arc: list[list[int]], scale: list[float], move: list[float]) -> Iterator[Point]:
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * scale[0] + move[0], y * scale[1] + move[1]


def _rounded(points: list[Point]) -> list[Point]:
    found: list[Point] = []
    for lon, lat in points:
        point = (round(lon, DECIMALS), round(lat, DECIMALS))
        if not found or found[-1] != point:
            found.append(point)
    return found


def land(atlas: Atlas) -> list[list[list[Point]]]:
    """All land but Antarctica as polygons without states, cut where they cross the 180th meridian."""
    found = []
    for geometry in atlas.land:
        for polygon in atlas.polygons(geometry):
            rings = [_unwrapped(atlas.ring(ring)) for ring in polygon]
            if min(lat for _, lat in rings[0]) < SOUTHERN:
                continue
            for west in (-180, 180):
                cut = [part for ring in rings if len(part := _cut(ring, west)) > 3]
                if cut:
                    found.append(cut)
    return found


def _unwrapped(ring: list[Point]) -> list[Point]:
    """A ring whose longitudes run on beyond 180 instead of jumping to -180; its westernmost part lies within -180 and 180."""
    found, turn = [ring[0]], 0
    for (before, _), (lon, lat) in pairwise(ring):
        turn += 360 if lon - before < -180 else -360 if lon - before > 180 else 0
        found.append((lon + turn, lat))
    least = min(lon for lon, _ in found)
    return [(lon + 360, lat) for lon, lat in found] if least < -180 else found


def _cut(ring: list[Point], west: float) -> list[Point]:
    """The part of a ring between `west` and 360 degrees east of it (Sutherland and Hodgman), moved into -180 to 180."""
    for edge, inside in ((west, lambda lon: lon >= west), (west + 360, lambda lon: lon <= west + 360)):
        kept: list[Point] = []
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]] if ring else []):
            if inside(x1) != inside(x2):
                kept.append((edge, round(y1 + (y2 - y1) * (edge - x1) / (x2 - x1), DECIMALS)))
            if inside(x2):
                kept.append((x2, y2))
        ring = kept
    moved = [(round(lon - (360 if west > 0 else 0), DECIMALS), lat) for lon, lat in ring]
    return [*moved, moved[0]] if moved and moved[0] != moved[-1] else moved


def boundaries(atlas: Atlas) -> tuple[list[list[Point]], dict[str, list[list[Point]]]]:
    """Arcs that two states share: the settled ones, and the disputed ones by what is said of them."""
    holders: dict[int, set[str]] = defaultdict(set)
    for country in atlas.countries:
        for polygon in atlas.polygons(country):
            for ring in polygon:
                for number in ring:
                    holders[number if number >= 0 else ~number].add(country["properties"]["name"])
    settled: list[list[Point]] = []
    disputed: dict[str, list[list[Point]]] = defaultdict(list)
    for number, names in sorted(holders.items()):
        if len(names) > 1:
            for note, points in _parts(names, _rounded(atlas.arcs[number])):
                (settled if note is None else disputed[note]).append(points)
    return settled, dict(disputed)


def _parts(names: set[str], points: list[Point]) -> Iterator[tuple[str | None, list[Point]]]:
    """A boundary cut where it enters or leaves the box of a dispute; neighbouring parts share their point."""
    about = [(box, said) for pair, box, said in DISPUTED if pair <= names]
    start = 0
    notes = [next((said for box, said in about if _in(point, box)), None) for point in points]
    for n in range(1, len(points)):
        if notes[n] != notes[start] and n - start > 0:
            yield notes[start], points[start : n + 1]
            start = n
    if len(points) - start > 1:
        yield notes[start], points[start:]


def _in(point: Point, box: Box) -> bool:
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def labels(atlas: Atlas) -> list[tuple[str, float, float, int]]:
    """Names of states at the middle of their largest part; the last number is the zoom from which they show."""
    found = []
    for country in atlas.countries:
        name = country["properties"]["name"]
        if name in UNLABELLED:
            continue
        largest = max((atlas.ring(p[0]) for p in atlas.polygons(country)), key=lambda ring: abs(_area(ring)))
        lon, lat = _centre(largest)
        size = abs(_area(largest))
        found.append((SPELT.get(name, name), round(lon, 2), round(lat, 2), 2 if size > 150 else 3 if size > 25 else 4 if size > 4 else 5))
    return [*found, *FURTHER_LABELS]


def _area(ring: list[Point]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _centre(ring: list[Point]) -> Point:
    area = _area(ring) or 1e-9
    pairs = list(pairwise(ring))
    lon = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
    lat = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
    return lon, lat


def basemap(topology: dict[str, Any]) -> bytes:
    """The basemap as a classic script that works from disk: `window.ascertainBasemap`, its parts GeoJSON."""
    atlas = Atlas(topology)
    settled, disputed = boundaries(atlas)
    content = {
        "land": {"type": "MultiPolygon", "coordinates": land(atlas)},
        "boundaries": {"type": "MultiLineString", "coordinates": settled},
        "disputed": {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"note": note}, "geometry": {"type": "MultiLineString", "coordinates": lines}}
                for note, lines in disputed.items()
            ],
        },
        "labels": labels(atlas),
    }
    written = json.dumps(content, separators=(",", ":"))
    return f"/* Natural Earth 4.1, public domain, by world-atlas 2.0.2 (ISC); made by tools/vendor.py */\nwindow.ascertainBasemap={written};\n".encode()


def checked(folder: Path, name: str) -> bytes:
    """An input, if it is the one that this script was written for."""
    package, _, rest = name.partition("/")
    path = next((p for p in (folder / package / rest, folder / package / "package" / rest) if p.is_file()), None)
    if path is None:
        raise SystemExit(f"{name} is not in {folder}: unpack the package there first")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != DIGESTS[name]:
        raise SystemExit(f"{name} is not the expected file (sha256 {digest}, expected {DIGESTS[name]})")
    return data


def main(folder: Path) -> None:
    """Write everything, and the digests of what was written."""
    inputs = {name: checked(folder, name) for name in DIGESTS}
    made = {
        "leaflet.js": inputs["leaflet/dist/leaflet.js"],
        "leaflet.css": inputs["leaflet/dist/leaflet.css"],
        "LICENSE-leaflet.txt": inputs["leaflet/LICENSE"],
        "basemap.js": basemap(json.loads(inputs["world-atlas/countries-50m.json"])),
        "LICENSE-world-atlas.txt": inputs["world-atlas/LICENSE"],
    }
    if len(made["basemap.js"]) > MOST_BYTES:
        raise SystemExit(f"the basemap has {len(made['basemap.js']):,} bytes, more than {MOST_BYTES:,}")
    OUT.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (OUT / name).write_bytes(data)
        print(f"{len(data):>9,} {name}")
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(made.items())]
    (OUT / "SHA256SUMS").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))

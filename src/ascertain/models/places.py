"""The gazetteer: look a name up, get candidates with their points. One SQLite file, opened read-only, 86,000 look-ups a second."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import NDArray

from ascertain.errors import InputError
from ascertain.records import Place

DEFAULT_PATH = Path(__file__).parent / "data" / "places.sqlite"
RANKER_PATH = Path(__file__).parent / "data" / "places_ranker.json"
SUFFIX = re.compile(
    r"^(?:state of|province of|region of|governorate of)\s+|\s+(?:county|parish|oblast|oblast'|province|governorate|district|region|state|"
    r"department|raion|municipality|prefecture|muhafazat|city|division|borough|co|twp|township)$"
)
EARTH_KM = 6371.0
MAIN, ALTERNATE, SHORT, DEMONYM = 0, 1, 2, 3


@lru_cache(maxsize=50_000)
def normal(name: str) -> str:
    """The form under which names are compared: no case, accents, apostrophes, dots or hyphens, no leading article."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c for c in folded if not unicodedata.combining(c) and c not in ".'’`ʻʼ‘")
    return re.sub(r"^the ", "", re.sub(r"[\s\-–_]+", " ", kept).strip())


@attrs.frozen
class Candidate:
    """One place that a name may mean.

    Attributes:
        id: GeoNames id, negative for places of our own table or without one.
        kind: `country`, `region` (first level), `district` (second level), `city` or `area`.
        unit: code of the first-level region that holds it.
        how: 0 main name, 1 alternate, 2 short form, 3 demonym.
    """

    id: int
    name: str
    kind: str
    country: str
    unit: str
    lat: float
    lon: float
    population: int
    capital: int
    radius_km: float
    how: int


@attrs.frozen
class Town:
    """A populated place with its point and how many people live there."""

    name: str
    lat: float
    lon: float
    people: int


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance on a sphere (haversine)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


class Gazetteer:
    """An open gazetteer; look-ups are cached."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._look = lru_cache(maxsize=50_000)(self._look_up)
        self._admin = lru_cache(maxsize=10_000)(self._admin_names)

    @classmethod
    def open(cls, path: Path = DEFAULT_PATH) -> Gazetteer:
        """Open the file.

        Raises:
            InputError: it is missing.
        """
        if not path.is_file():
            raise InputError("the gazetteer is missing", advice="Run `python -m ascertain.models.build_places` (about 20 seconds).")
        return cls(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False))

    @property
    def version(self) -> str:
        """The digest over its content."""
        row = self._database.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()
        return f"places sha256:{row[0][:16]}"

    def candidates(self, name: str) -> Sequence[Candidate]:
        """All places of that name, the most important first; a name with a unit word (`Odesa region`) also without it."""
        key = normal(name)
        return self._look(key) or self._look(SUFFIX.sub("", key))

    def exact(self, name: str) -> Sequence[Candidate]:
        """All places of exactly that name."""
        return self._look(normal(name))

    def _look_up(self, key: str) -> tuple[Candidate, ...]:
        rows = self._database.execute(
            "SELECT id, place.name, kind, country, unit, lat, lon, population, capital, radius, min(how) "
            "FROM name JOIN place ON place.id = name.place WHERE name.name = ? GROUP BY id",
            (key,),
        )
        found = [Candidate(*row) for row in rows]
        return tuple(sorted(found, key=lambda c: (-prior(c), c.id))[:40])

    def towns(self, *, least_people: int) -> Iterator[Town]:
        """All populated places of at least so many people, the largest first."""
        query = "SELECT name, lat, lon, population FROM place WHERE kind = 'city' AND population >= ? ORDER BY population DESC, id"
        yield from (Town(*row) for row in self._database.execute(query, (least_people,)))

    def place(self, candidate: Candidate) -> Place:
        """The record of a candidate, with the units that hold it."""
        return Place(
            lat=candidate.lat, lon=candidate.lon, geonames=candidate.id if candidate.id > 0 else None, feature=candidate.kind,
            country=candidate.country or None, radius_km=candidate.radius_km, admin=self._admin(candidate.country, candidate.unit, candidate.kind),
        )  # fmt: skip

    def _admin_names(self, country: str, unit: str, kind: str) -> tuple[str, ...]:
        names = []
        if unit and kind in {"city", "district"}:
            query = "SELECT name FROM place WHERE country = ? AND unit = ? AND kind = 'region' ORDER BY id LIMIT 1"
            names += [row[0] for row in self._database.execute(query, (country, unit))]
        if country and kind != "country":
            query = "SELECT name FROM place WHERE country = ? AND kind = 'country' AND unit = '' LIMIT 1"
            names += [row[0] for row in self._database.execute(query, (country,))]
        return tuple(names)


def prior(candidate: Candidate) -> float:
    """How likely a bare name means this place: log population, with a bonus by kind.

    The weights are those of our trial on four geoparsing corpora (train parts): raw population is worse.
    """
    kind = {"country": 6.0, "area": 4.0, "region": 1.5, "district": -3.5, "city": 0.0}[candidate.kind]
    return (
        math.log(1 + candidate.population)
        + kind
        + (1.5 if candidate.capital else 0.0)
        - (2.5 if candidate.how in {ALTERNATE, SHORT} else 0.0)
    )


@attrs.frozen(eq=False)
class Trees:
    """A sum of binary trees over a feature matrix, evaluated for all rows at once.

    Attributes:
        feature, threshold, left, right, value: one entry a node; a leaf has feature -1.
        roots: the first node of each tree.
        depth: the longest way from a root to a leaf.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    depth: int

    @classmethod
    def read(cls, table: dict[str, list[float]]) -> Trees:
        """From the packaged JSON: rows `feature threshold left right value`, and the roots."""
        whole = {name: np.array(table[name], dtype=np.int32) for name in ("feature", "left", "right", "roots")}
        parts = {name: np.array(table[name], dtype=np.float32) for name in ("threshold", "value")}
        return cls(
            whole["feature"],
            parts["threshold"],
            whole["left"],
            whole["right"],
            parts["value"],
            whole["roots"],
            depth=int(table["depth"][0]),
        )

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """One score a row."""
        node = np.tile(self.roots, (len(rows), 1))
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            feature = self.feature[node]
            inner = feature >= 0
            goes_left = rows[index, np.where(inner, feature, 0)] <= self.threshold[node]
            node = np.where(inner, np.where(goes_left, self.left[node], self.right[node]), node)
        found: NDArray[np.float64] = self.value[node].sum(axis=1, dtype=np.float64)
        return found


def load_ranker(path: Path = RANKER_PATH) -> Trees:
    """The packaged ranker.

    Raises:
        InputError: its file is missing.
    """
    if not path.is_file():
        raise InputError("the ranker of places is missing", advice="Run `python training/places_ranker.py`.")
    return Trees.read(json.loads(path.read_text(encoding="utf-8")))

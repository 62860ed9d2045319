"""Which place a name means in its text: features of each candidate in context, and the packaged ranker over them.

One decision is made for a name in a text. The ranker is a small sum of trees (`models/data/places_ranker.json`, made by
`training/places_ranker.py` on the train parts of four geoparsing corpora); it is evaluated for all candidates of a text at once.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from ascertain.models.places import ALTERNATE, DEMONYM, MAIN, SHORT, Candidate, Gazetteer, Trees, kilometres, load_ranker, normal, prior
from ascertain.records import Span

KINDS = ("country", "region", "district", "city", "area")
HOWS = (MAIN, ALTERNATE, SHORT, DEMONYM)
NEAR_KM = 150.0  # how fast closeness to other places of the text falls off
BIGGER_KM = 60.0
TOP = 6  # candidates of another name that are looked at
MOST = 25  # candidates of a name that are ranked
REGION_WORD = re.compile(
    r"^[\s-]*(?:region|province|oblast|state|governorate|county|department|prefecture|district|parish)\b", re.IGNORECASE
)
REGION_BEFORE = re.compile(r"\b(?:region|province|state|governorate|county|department|district) of\s+$", re.IGNORECASE)
CITY_WORD = re.compile(r"^\s+(?:city|town|village)\b", re.IGNORECASE)
CITY_BEFORE = re.compile(r"\b(?:city|town|village|port|suburb|capital|resort|settlement|hamlet)(?:\s+of|,)?\s+$", re.IGNORECASE)
FOLLOWING = re.compile(r"\s*[,(]\s*((?:[A-Z][\w.'’-]*)(?: [A-Z][\w.'’-]*){0,2})")
WITHIN = re.compile(r",?\s+(?:in|the capital of|in the)\s+((?:[A-Z][\w.'’-]*)(?: [A-Z][\w.'’-]*){0,2})")
AS_REGION = "\tregion"  # ends the key of a name that is said to be a region's
OWN_TOWN_SHARE = 0.15  # of a region's people live in the town whose name it bears: then the bare name means the town
Matrix = NDArray[np.float32]


@attrs.frozen
class Chosen:
    """The place that a name means, with its margin over the next candidate."""

    candidate: Candidate
    margin: float


@attrs.frozen
class Names:
    """The names of one text, each with its mentions and candidates, and what they say together."""

    text: str
    mentions: Mapping[str, Sequence[Span]]
    candidates: Mapping[str, Sequence[Candidate]]
    weights: Mapping[str, Sequence[float]]

    @classmethod
    def of(cls, text: str, mentions: Mapping[str, Sequence[Span]], gazetteer: Gazetteer) -> Names:
        """Look the names up; names without candidates are left out."""
        found = {name: options for name, spans in mentions.items() if (options := options_of(text, spans, gazetteer))}
        weights = {name: _softmax([prior(c) for c in options]) for name, options in found.items()}
        return cls(text, {name: mentions[name] for name in found}, found, weights)


def options_of(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> Sequence[Candidate]:
    """The candidates of a name, the most important first."""
    words = text[spans[0].start : spans[0].end]
    return gazetteer.candidates(words.title() if words.isupper() and len(words) > 4 else words)[:MOST]


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def choose(names: Names, gazetteer: Gazetteer) -> dict[str, Chosen]:
    """For each name the candidate that the ranker puts first."""
    rows = features(names, gazetteer)
    if not rows:
        return {}
    scores = _ranker().scores(np.vstack(list(rows.values())))
    chosen: dict[str, Chosen] = {}
    start = 0
    for name, matrix in rows.items():
        own = scores[start : start + len(matrix)]
        start += len(matrix)
        order = np.argsort(-own, kind="stable")
        margin = float(own[order[0]] - own[order[1]]) if len(order) > 1 else 0.0
        first = names.candidates[name][int(order[0])]
        chosen[name] = Chosen(first if name.endswith(AS_REGION) else _town_of(first, names.candidates[name]), round(margin, 3))
    return chosen


def _town_of(chosen: Candidate, options: Sequence[Candidate]) -> Candidate:
    """The town for a region or district that bears its name (`in Mandera`): an event happens in the town unless the region is said."""
    if chosen.kind not in {"region", "district"}:
        return chosen
    for c in options:
        same_unit = chosen.kind == "region" and c.unit == chosen.unit
        own = (
            c.kind == "city"
            and c.how == MAIN
            and c.country == chosen.country
            and (same_unit or _flat_km(c, chosen) <= chosen.radius_km + 20)
        )
        if own and c.population >= OWN_TOWN_SHARE * chosen.population:
            return c
    return chosen


@cache
def _ranker() -> Trees:
    return load_ranker()


@attrs.frozen
class _Around:
    """What all names of a text say together: shares of countries and regions, the leading candidates, the first name."""

    named_countries: Mapping[str, float]
    named_regions: Mapping[tuple[str, str], float]
    country_mass: Mapping[str, Mapping[str, float]]
    region_mass: Mapping[str, Mapping[tuple[str, str], float]]
    total: float
    top: Mapping[str, Sequence[tuple[float, Candidate]]]
    lead: str | None
    countries_named: int


def _around(names: Names) -> _Around:
    named_countries: dict[str, float] = defaultdict(float)
    named_regions: dict[tuple[str, str], float] = defaultdict(float)
    country_mass: dict[str, dict[str, float]] = {}
    region_mass: dict[str, dict[tuple[str, str], float]] = {}
    top = {}
    total = 0.0
    for name, options in names.candidates.items():
        weight = math.log2(1 + len(names.mentions[name]))
        total += weight
        countries: dict[str, float] = defaultdict(float)
        regions: dict[tuple[str, str], float] = defaultdict(float)
        for candidate, share in zip(options, names.weights[name], strict=True):
            countries[candidate.country] += share * weight
            if candidate.unit:
                regions[candidate.country, candidate.unit] += share * weight
            if candidate.kind == "country":
                named_countries[candidate.country] += share
            elif candidate.kind == "region":
                named_regions[candidate.country, candidate.unit] += share
        country_mass[name], region_mass[name] = countries, regions
        top[name] = sorted(zip(names.weights[name], options, strict=True), key=lambda pair: -pair[0])[:TOP]
    first = min(((spans[0].start, name) for name, spans in names.mentions.items()), default=(0, None))
    several = sum(1 for share in named_countries.values() if share > 0.5)
    return _Around(named_countries, named_regions, country_mass, region_mass, total, top, first[1], several)


def features(names: Names, gazetteer: Gazetteer) -> dict[str, Matrix]:
    """For each name one row a candidate; the columns are those of `_row`."""
    around = _around(names)
    countries, regions = _sums(around.country_mass.values()), _sums(around.region_mass.values())
    return {
        name: np.array(
            [_row(names, around, _Name.of(names, name, gazetteer), i, countries, regions) for i in range(len(options))], dtype=np.float32
        )
        for name, options in names.candidates.items()
    }


Key = TypeVar("Key")


def _sums(masses: Iterable[Mapping[Key, float]]) -> dict[Key, float]:
    found: dict[Key, float] = defaultdict(float)
    for mass in masses:
        for key, share in mass.items():
            found[key] += share
    return found


@attrs.frozen
class _Name:
    """What the words around a name's mentions say."""

    name: str
    region: bool
    city: bool
    following: tuple[Candidate, ...]
    has_city: bool

    @classmethod
    def of(cls, names: Names, name: str, gazetteer: Gazetteer) -> _Name:
        text, spans = names.text, names.mentions[name]
        region = any(
            REGION_WORD.match(text[s.end : s.end + 14]) or REGION_BEFORE.search(text[max(0, s.start - 18) : s.start]) for s in spans
        )
        city = any(CITY_WORD.match(text[s.end : s.end + 9]) or CITY_BEFORE.search(text[max(0, s.start - 18) : s.start]) for s in spans)
        following = tuple(c for span in spans[:4] for c in _following(text, span, gazetteer)[:TOP])
        return cls(name, region, city, following, any(c.kind == "city" for c in names.candidates[name][:5]))


def _following(text: str, span: Span, gazetteer: Gazetteer) -> Sequence[Candidate]:
    """Candidates of Y in `X, Y` and `X (Y)`, and in `X, in Y`."""
    after = FOLLOWING.match(text, span.end, span.end + 50) or WITHIN.match(text, span.end, span.end + 60)
    if after is None:
        return ()
    words = re.sub(r"['’]s$", "", after[1])
    return gazetteer.exact(words) or gazetteer.exact(words.split()[0])


def _row(
    names: Names, around: _Around, about: _Name, i: int, countries: Mapping[str, float], regions: Mapping[tuple[str, str], float]
) -> list[float]:
    name = about.name
    options, weights = names.candidates[name], names.weights[name]
    c, own = options[i], math.log2(1 + len(names.mentions[name]))
    rest = max(around.total - own, 1e-6)
    unit = (c.country, c.unit)
    near = _nearness(names, around, name, c)
    lead = around.lead if around.lead != name else None
    first = around.top[lead][0][1] if lead else None
    return [
        math.log(1 + c.population),
        *(float(c.kind == kind) for kind in KINDS),
        float(c.capital),
        *(float(c.how == how) for how in HOWS),
        float(len(options)),
        float(i),
        prior(options[0]) - prior(c),
        weights[i],
        float(normal(c.name) == name.removesuffix(AS_REGION)),
        around.named_countries.get(c.country, 0.0) - (weights[i] if c.kind == "country" else 0.0),
        (countries[c.country] - around.country_mass[name].get(c.country, 0.0)) / rest,
        around.named_regions.get(unit, 0.0) - (weights[i] if c.kind == "region" else 0.0),
        (regions[unit] - around.region_mass[name].get(unit, 0.0)) / rest if c.unit else 0.0,
        sum(near),
        float(sum(value > 0.05 for value in near)),
        *_containment(c, about.following),
        float(len(names.mentions[name])),
        kilometres(c.lat, c.lon, first.lat, first.lon) if first else -1.0,
        float(c.country == first.country) if first else -1.0,
        float(about.region),
        float(about.city),
        float(about.has_city and c.kind in {"region", "district"}),
        float(around.countries_named),
    ]


def _nearness(names: Names, around: _Around, name: str, c: Candidate) -> list[float]:
    """How close the other names' candidates lie, each other name once."""
    if c.kind == "country":
        return []
    found = []
    for other in names.candidates:
        if other != name:
            found.append(max(share * math.exp(-_flat_km(c, o) / NEAR_KM) for share, o in around.top[other]))
    return found


def _flat_km(one: Candidate, other: Candidate) -> float:
    """Distance on a flat map, near enough for a falling weight and a tenth of the price of the exact one."""
    tall = (one.lat - other.lat) * 111.2
    wide = (one.lon - other.lon) * 111.2 * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.sqrt(tall * tall + wide * wide)


def _containment(c: Candidate, following: Sequence[Candidate]) -> tuple[float, float, float]:
    """Whether `X, Y` says that the candidate lies in its region, in its country, by a bigger place."""
    if not following:
        return 0.0, 0.0, 0.0
    region = any(o.kind == "region" and (o.country, o.unit) == (c.country, c.unit) and o.id != c.id for o in following)
    country = any(o.kind == "country" and o.country == c.country for o in following) and c.kind != "country"
    bigger = any(
        o.kind in {"city", "district", "area"} and o.id != c.id and o.population > c.population and _flat_km(c, o) < BIGGER_KM
        for o in following
    )
    return float(region), float(country), float(bigger)

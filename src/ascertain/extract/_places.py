"""Places: which words name one, and which place they name in this text.

Detection joins the model's names with the gazetteer: names that stand where a place stands ("in X", "X, Country", a dateline in
capitals) and capitalised runs that the gazetteer knows. Adjectives and demonyms ("Russian") are found too and kept apart.
One decision is made for a name in a text; candidates are ranked by a log-linear score over prominence, agreement with the countries
and places named around it, `X, Y` containment, and nearness. Weights follow our trial on four geoparsing corpora (train parts).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files

import attrs

from ascertain.models.language import Name, Parse
from ascertain.models.places import DEMONYM, MAIN, Candidate, Gazetteer, kilometres, normal, prior
from ascertain.records import Place, Span

STOP = frozenset(
    word
    for line in files("ascertain.extract").joinpath("data/places_stop.txt").read_text("utf-8").split("\n")
    if not line.startswith("#")
    for word in line.split()
)
POPULATION_FLOOR = 15_000  # a bare capitalised word is taken for a place only from here on
PLACE_LABELS = {"GPE", "LOC"}
OTHER_LABELS = {"ORG", "PERSON", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW", "LANGUAGE"}
LOCATIVE = re.compile(
    r"(?:\b(?:in|near|around|from|to|at|outside|of|into|toward|towards|through|across|on|inside|between|and|north|south|east|west|northern|southern|eastern|western|central|"
    r"city|town|village|port|capital|region|province|district|camp|island|river|refugees|residents|people|leave|left|leaving|reach|reached|reaching|retake|captured|capture)"
    r"\s+(?:the\s+)?(?:(?:city|town|village|port|capital|region|province|district|outskirts|suburbs?|centre|center|area)\s+(?:of\s+)?)?|^|[\n,(]\s*)$",
    re.IGNORECASE,
)
RUN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЇЄІ][\w'’`.-]*(?:[ ](?:of |de |al-|el-|az-|ad-|ar-|es-)?[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЇЄІ][\w'’`-]*)*")
DATELINE = re.compile(
    r"(?:^|\n)([A-ZÀ-Þ][A-ZÀ-Þ' -]{2,30})(?=,? (?:[A-Z][a-z]+,? )?(?:\(|\d{1,2}\b|[A-Z][a-z]{2,8}\.? \d{1,2}\b)|,? (?:—|–|-) |, [A-Z][a-z]+, )"
)
REGION_WORD = re.compile(r"^[\s-]*(?:region|province|oblast|state|governorate|county|department|prefecture)\b", re.IGNORECASE)
INSTITUTION_AFTER = re.compile(
    r"^\s+(?:Gazette|Herald|Times|Post|Chronicle|Tribune|Messenger|Ledger|News|Agency|University|Hospital|Street|Avenue|Road|Brigade|Battalion|Radio|TV|Broadcasting)\b"
)


@attrs.frozen
class PlaceMention:
    """Words that name a place.

    Attributes:
        name: the place's name as the text writes it where it is named, the gazetteer's for a demonym.
        how: `name` or `demonym`.
        key: names of one text with the same key mean the same place.
        score: margin over the next candidate, 0 where there is none.
    """

    span: Span
    name: str
    place: Place
    how: str
    key: int
    score: float


@attrs.frozen
class _Found:
    span: Span
    name: str
    locative: bool
    region: bool


def find_places(parse: Parse, gazetteer: Gazetteer) -> tuple[PlaceMention, ...]:
    """Find and resolve the places of a text, in text order, without overlaps."""
    found = _detected(parse, gazetteer)
    decided = _resolved(parse.text, found, gazetteer)
    mentions = []
    for item in found:
        chosen = decided.get(_key(item))
        if chosen is None:
            continue
        candidate, margin = chosen
        demonym = candidate.how == DEMONYM
        name = candidate.name if demonym else item.name
        place = gazetteer.place(candidate)
        mentions.append(PlaceMention(item.span, name, place, "demonym" if demonym else "name", candidate.id, margin))
    return tuple(mentions)


def _key(item: _Found) -> tuple[str, bool]:
    return normal(item.name), item.region


def _detected(parse: Parse, gazetteer: Gazetteer) -> list[_Found]:
    """Spans that may name a place, longest first where they overlap."""
    proposals: list[tuple[int, _Found]] = []
    for span in _datelines(parse.text):
        if gazetteer.exact(_words(parse.text, span)):
            proposals.append((4, _made(parse.text, span)))
    for name in parse.names:
        span = _bare(parse.text, name)
        if span is not None:
            rank = _rank_name(parse, name, span, gazetteer)
            if rank:
                proposals.append((rank, _made(parse.text, span)))
    proposals += [(1, item) for item in _gazetteer_runs(parse, gazetteer)]
    chosen: list[_Found] = []
    for _, item in sorted(proposals, key=lambda pair: (-pair[0], -(pair[1].span.end - pair[1].span.start), pair[1].span.start)):
        if not any(item.span.start < other.span.end and other.span.start < item.span.end for other in chosen):
            chosen.append(item)
    return sorted(chosen, key=lambda item: item.span)


def _datelines(text: str) -> Iterator[Span]:
    for match in DATELINE.finditer(text[:1500]):
        yield Span(match.start(1), match.end(1))


def _words(text: str, span: Span) -> str:
    words = text[span.start : span.end]
    return words.title() if words.isupper() and len(words) > 4 else words


def _made(text: str, span: Span) -> _Found:
    locative = LOCATIVE.search(text[max(0, span.start - 40) : span.start]) is not None
    return _Found(span, _words(text, span), locative, REGION_WORD.match(text[span.end : span.end + 14]) is not None)


def _bare(text: str, name: Name) -> Span | None:
    """A model's name without article, possessive and trailing marks."""
    start, end = name.start, name.end
    start += 4 if text[start : start + 4].lower() == "the " else 0
    words = text[start:end]
    possessive = re.search(r"['’]s?$", words)
    end -= len(possessive[0]) if possessive else 0
    words = text[start:end].rstrip(" ,.;:—–-")
    if "\n" in words or not words[:1].isupper() or normal(words) in STOP:
        return None
    return Span(start, start + len(words))


def _rank_name(parse: Parse, name: Name, span: Span, gazetteer: Gazetteer) -> int:
    """How surely a model's name is a place: 0 not at all."""
    text, words = parse.text, parse.text[span.start : span.end]
    known = gazetteer.exact(words)
    if not known and name.label in PLACE_LABELS:
        known = gazetteer.candidates(words)
    if not known or INSTITUTION_AFTER.match(text[span.end : span.end + 20]):
        return 0
    if any(c.how == DEMONYM for c in known[:1]):
        return 3
    if name.label in PLACE_LABELS:
        return 3
    if name.label in OTHER_LABELS and not (len(words) <= 4 and words.isupper()):
        named = LOCATIVE.search(text[max(0, span.start - 40) : span.start]) is not None
        best = known[0]
        if best.kind in {"country", "area"} and best.how == MAIN:
            return 3
        if named and name.label != "PERSON" and (best.how == MAIN or best.population >= POPULATION_FLOOR):
            return 2
        if (
            named
            and name.label == "PERSON"
            and len(words.split()) == 1
            and re.search(r"\b(?:in|near|at|outside|around)\s+$", text[max(0, span.start - 9) : span.start])
        ):
            return 2
        if name.label == "FAC" and best.how == MAIN:
            return 2
    return 0


def _gazetteer_runs(parse: Parse, gazetteer: Gazetteer) -> Iterator[_Found]:
    """Capitalised words that the gazetteer knows and no other name covers; rare places only where a place must stand."""
    covered = [Span(n.start, n.end) for n in parse.names if n.label in {"PERSON", "WORK_OF_ART", "LAW", "EVENT", "PRODUCT"} | PLACE_LABELS]
    organisations = [Span(n.start, n.end) for n in parse.names if n.label == "ORG"]
    text = parse.text
    for run in RUN.finditer(text):
        words = list(re.finditer(r"\S+", run[0]))
        taken: set[int] = set()
        for size in range(min(len(words), 4), 0, -1):
            for first in range(len(words) - size + 1):
                if taken & set(range(first, first + size)):
                    continue
                span = _bare(text, Name(run.start() + words[first].start(), run.start() + words[first + size - 1].end(), "GPE"))
                if span is None or span.end - span.start < 3 or any(span.start < c.end and c.start < span.end for c in covered):
                    continue
                inside_name = any(o.start <= span.start and span.end <= o.end and (o.start, o.end) != tuple(span) for o in organisations)
                if _plausible(text, span, gazetteer, inside_name=inside_name):
                    taken |= set(range(first, first + size))
                    yield _made(text, span)


def _plausible(text: str, span: Span, gazetteer: Gazetteer, *, inside_name: bool) -> bool:
    words = text[span.start : span.end]
    if INSTITUTION_AFTER.match(text[span.end : span.end + 20]):
        return False
    if words.isupper() and len(words) > 4:
        words = words.title()
    known = [c for c in gazetteer.exact(words) if not (c.how in {1, 2} and len(words) <= 4)]
    if not known:
        return False
    best = known[0]
    if best.how == DEMONYM or (best.kind in {"country", "area"} and best.how == MAIN):
        return True
    if inside_name or (len(words) <= 4 and words.isupper()):
        return False
    before = text[max(0, span.start - 40) : span.start]
    opening = re.search(r"(?:^|[.!?:”\"\n]\s*)$", before) is not None
    strictly = re.search(
        r"\b(?:in|near|at|outside|around|from|into|towards?|reached|of|left|retaken?|captured|between)\s+(?:(?:the\s+)?(?:city|town|village|port|region|province|district|camp)\s+of\s+)?$",
        before,
        re.IGNORECASE,
    )
    if strictly:
        return best.how in {MAIN, 1, 2} and (best.population >= 1_000 or best.kind != "city")
    big = [c for c in known if c.how in {MAIN, 2} and (c.kind == "region" or c.population >= POPULATION_FLOOR)]
    followed = re.match(r",\s+[A-Z]", text[span.end : span.end + 4]) is not None
    return bool(big) and not (opening and not followed and best.population < 1_000_000) and words.split()[0].lower() not in STOP


def _resolved(text: str, found: Sequence[_Found], gazetteer: Gazetteer) -> dict[tuple[str, bool], tuple[Candidate, float]]:
    """For each name of the text the chosen candidate and its margin."""
    groups: dict[tuple[str, bool], list[_Found]] = {}
    for item in found:
        groups.setdefault(_key(item), []).append(item)
    candidates = {key: _candidates(items, gazetteer) for key, items in groups.items()}
    first = {key: options[0] for key, options in candidates.items() if options}
    countries = _country_mass(groups, candidates)
    chosen: dict[tuple[str, bool], tuple[Candidate, float]] = {}
    for _ in range(2):  # the second pass sees the first one's decisions
        sure = {key: chosen[key][0] if key in chosen else option for key, option in first.items()}
        for key, options in candidates.items():
            if not options:
                continue
            follow = [c for item in groups[key] for c in _following(text, item, gazetteer)]
            others = [c for other, c in sure.items() if other != key and c.how != DEMONYM]
            scored = sorted(
                ((_score(c, countries, others, follow, key[1]), -i, c) for i, c in enumerate(options)), key=lambda s: (-s[0], -s[1])
            )
            margin = scored[0][0] - scored[1][0] if len(scored) > 1 else 0.0
            chosen[key] = (scored[0][2], round(margin, 3))
    return chosen


def _candidates(items: Sequence[_Found], gazetteer: Gazetteer) -> Sequence[Candidate]:
    name = items[0].name
    options = gazetteer.candidates(name)
    if any(item.region for item in items):
        regions = [c for c in options if c.kind in {"region", "district"}]
        return regions or options
    return options


def _country_mass(groups: dict[tuple[str, bool], list[_Found]], candidates: dict[tuple[str, bool], Sequence[Candidate]]) -> Counter[str]:
    """How strongly each country is in the text: named countries and demonyms count most, else the best candidate's."""
    mass: Counter[str] = Counter()
    for key, options in candidates.items():
        if options:
            best = options[0]
            weight = math.log2(1 + len(groups[key])) * (
                2.0 if best.kind == "country" else 1.0 if best.capital or best.kind == "area" else 0.5
            )
            mass[best.country] += weight  # type: ignore[assignment]  # a Counter counts in floats just as well
    return mass


def _following(text: str, item: _Found, gazetteer: Gazetteer) -> Sequence[Candidate]:
    """Candidates of Y in `X, Y` and `X (Y)`, and of Y in `Y's X`."""
    after = re.match(r"\s*[,(]\s*((?:[A-Z][\w.'’-]*)(?: [A-Z][\w.'’-]*){0,2})", text[item.span.end : item.span.end + 50])
    if after is None:
        within = re.match(
            r",?\s+(?:in|the capital of|in the)\s+((?:[A-Z][\w.'’-]*)(?: [A-Z][\w.'’-]*){0,2})", text[item.span.end : item.span.end + 60]
        )
        after = within
    if after is None:
        return ()
    words = re.sub(r"['’]s$", "", after[1])
    return gazetteer.exact(words) or gazetteer.exact(words.split()[0])


def _score(c: Candidate, countries: Counter[str], others: Sequence[Candidate], follow: Sequence[Candidate], region: bool) -> float:
    """Log-linear score of one candidate in its context."""
    score = prior(c)
    total = sum(countries.values()) or 1.0
    score += 6.0 * countries.get(c.country, 0.0) / total
    if countries.get(c.country, 0.0) and c.kind != "country":
        score += 2.0
    if c.kind == "region" and not region:
        score -= 2.5  # "in X" with a town and a region of that name means the town
    if c.kind == "city" and region:
        score -= 6.0
    near = sum(math.exp(-kilometres(c.lat, c.lon, o.lat, o.lon) / 150) for o in others if o.kind in {"city", "region", "district", "area"})
    score += 2.0 * min(near, 2.0) if c.kind != "country" else 0.0
    for other in follow[:5]:
        if other.kind == "country" and other.country == c.country and c.kind != "country":
            score += 8.0
            break
        if (
            other.kind in {"region", "district"}
            and other.country == c.country
            and (other.unit == c.unit or kilometres(c.lat, c.lon, other.lat, other.lon) < other.radius_km + 30)
        ):
            score += 8.0
            break
        if other.kind in {"city", "area"} and c.kind == "city" and c.id != other.id and kilometres(c.lat, c.lon, other.lat, other.lon) < 80:
            score += 4.0
            break
    return score

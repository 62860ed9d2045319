"""Places: which words name one, and which place they name in this text.

`_places_detect` finds the words, `_places_rank` decides once for each name of a text; here both meet, with what stands around a mention:
`near` and `north of` widen how far the place may lie from its point.
"""

from __future__ import annotations

import re

import attrs

from ascertain.extract._places_detect import Found, detect
from ascertain.extract._places_rank import AS_REGION, REGION_WORD, Chosen, Names, choose
from ascertain.models.language import Parse
from ascertain.models.places import DEMONYM, Gazetteer, normal
from ascertain.records import Place, Span

NEAR = re.compile(r"\b(?:near|outside|close to|not far from|around|outskirts of|on the edge of)\s+(?:the\s+\w+\s+of\s+)?$", re.IGNORECASE)
AWAY = re.compile(
    r"\b(?:(?P<km>\d+(?:\.\d+)?)\s?(?:km|kilomet(?:re|er)s?)|(?P<miles>\d+(?:\.\d+)?)\s?miles?)\s+(?:\(?[^)]{0,14}\)?\s*)?"
    r"(?:(?:to\s+the\s+)?(?:north|south|east|west)[\w-]*\s+)?(?:of|from|outside)\s+(?:the\s+\w+\s+of\s+)?$",
    re.IGNORECASE,
)
SIDE = re.compile(r"\b(?:north|south|east|west)(?:-?(?:east|west))?\s+of\s+$", re.IGNORECASE)
NEAR_KM, SIDE_KM, KM_A_MILE = 10.0, 25.0, 1.609


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


def find_places(parse: Parse, gazetteer: Gazetteer) -> tuple[PlaceMention, ...]:
    """Find and resolve the places of a text, in text order, without overlaps."""
    found = detect(parse, gazetteer)
    mentions: dict[str, list[Span]] = {}
    for item in found:
        mentions.setdefault(_key(parse.text, item.span), []).append(item.span)
    chosen = choose(Names.of(parse.text, mentions, gazetteer), gazetteer)
    made = (_mention(parse.text, item, chosen.get(_key(parse.text, item.span)), gazetteer) for item in found)
    return tuple(mention for mention in made if mention is not None)


def _key(text: str, span: Span) -> str:
    """Mentions of one key are decided together: the name, apart where it is named as a region (`Odesa region`)."""
    name = normal(text[span.start : span.end])
    return name + AS_REGION if REGION_WORD.match(text[span.end : span.end + 14]) else name


def _mention(text: str, item: Found, chosen: Chosen | None, gazetteer: Gazetteer) -> PlaceMention | None:
    if chosen is None:
        return None
    candidate = chosen.candidate
    demonym = item.demonym or candidate.how == DEMONYM
    place = gazetteer.place(candidate)
    radius = (place.radius_km or 0.0) + _beyond(text, item.span)
    words = text[item.span.start : item.span.end]
    name = candidate.name if demonym else words.title() if words.isupper() and len(words) > 4 else words
    place = attrs.evolve(place, radius_km=round(radius, 1)) if radius else place
    return PlaceMention(item.span, name, place, "demonym" if demonym else "name", candidate.id, chosen.margin)


def _beyond(text: str, span: Span) -> float:
    """How far from the place the words around say that something is, in km (`near`, `north of`, `15 km from`)."""
    before = text[max(0, span.start - 48) : span.start]
    away = AWAY.search(before)
    if away is not None:
        return float(away["km"]) if away["km"] else float(away["miles"]) * KM_A_MILE
    return NEAR_KM if NEAR.search(before) else SIDE_KM if SIDE.search(before) else 0.0

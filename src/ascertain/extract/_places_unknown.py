"""Places that the gazetteer does not know: what the model marks as a place, or the words call a village or town, gets the point of what is named beside it.

The radius says how little is known: as far as the words say (`80 km from Y`), the extent of the region that holds it, or of the text's own area.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

import attrs

from ascertain.extract._places_detect import STOP
from ascertain.models.language import Parse
from ascertain.models.places import normal
from ascertain.records import Place, Span

NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+(?:[ ](?:(?:da|de|do|del|el|al|la|le)[ ])?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+){0,2}"
SETTLEMENT = re.compile(
    r"\b(?:village|town|hamlet|settlement|commune|locality|suburb|neighbou?rhood|outpost|islet|landing place|farming community) of "
    rf"(?P<name>{NAME})"
)
DISTRICT = re.compile(
    rf"\b(?P<name>{NAME})(?= (?:district|village|township|commune|sub-county|barangay|woreda|payam|locality|subdistrict)\b)"
)
MARKED = {"GPE", "LOC"}
BESIDE_KM, IN_PARAGRAPH_KM, IN_TEXT_KM = 30.0, 60.0, 100.0
REACH = 90  # characters within which another place stands beside a name
FIRST_KEY = -1_000_000  # ids of unknown names, far from those of the gazetteer's own table


class Mention(Protocol):
    """What is asked of a mention of a known place."""

    @property
    def span(self) -> Span:
        """Its words."""

    @property
    def place(self) -> Place:
        """The place."""


@attrs.frozen
class Unknown:
    """A name that means a place which nobody lists, with the place that it is taken to be near."""

    span: Span
    name: str
    place: Place
    key: int


def unknown_places(parse: Parse, known: Sequence[Mention]) -> Iterator[Unknown]:
    """Names of places that the gazetteer lacks; nothing where the text names no place beside which they could lie."""
    if not any(m.place.feature != "country" for m in known):
        return
    taken = bytearray(len(parse.text))
    for mention in known:
        taken[mention.span.start : mention.span.end] = b"\1" * (mention.span.end - mention.span.start)
    keys: dict[str, tuple[int, Place]] = {}
    for span in _candidates(parse):
        if any(taken[span.start : span.end]):
            continue
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        name = parse.text[span.start : span.end]
        if name.casefold() not in keys:
            keys[name.casefold()] = (FIRST_KEY - len(keys), _beside(parse, span, known))
        key, place = keys[name.casefold()]
        yield Unknown(span, name, place, key)


def _candidates(parse: Parse) -> list[Span]:
    """Spans of names that only a place can bear, in text order, and the same words elsewhere."""
    persons = [Span(n.start, n.end) for n in parse.names if n.label == "PERSON"]
    told = [Span(*m.span("name")) for form in (SETTLEMENT, DISTRICT) for m in form.finditer(parse.text) if _plain(m["name"])]
    marked = [Span(n.start, n.end) for n in parse.names if n.label in MARKED and _plain(parse.text[n.start : n.end])]
    found = {*(s for s in told if not any(p.start < s.start < p.end for p in persons)), *marked}
    for words in {parse.text[s.start : s.end] for s in found if s in told}:
        found.update(Span(*m.span()) for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", parse.text))
    return sorted(found, key=lambda s: (s.start, -s.end))


def _plain(name: str) -> bool:
    """Whether a marked name is a proper one: capitals, no digits, no all-capital short form."""
    return (
        name[:1].isupper()
        and normal(name) not in STOP
        and not any(c.isdigit() for c in name)
        and not (name.isupper() and len(name) <= 4)
        and "\n" not in name
    )


def _beside(parse: Parse, span: Span, known: Sequence[Mention]) -> Place:
    """The place that is named nearest, best in the same sentence behind the name, with the doubt that this leaves."""
    near = min(known, key=lambda m: _distance(parse, span, m))
    distance = _distance(parse, span, near)
    doubt = BESIDE_KM if distance < REACH else IN_PARAGRAPH_KM if distance < 1_000 else IN_TEXT_KM
    radius = max(near.place.radius_km or 0.0, doubt)
    return attrs.evolve(near.place, geonames=None, feature="city", radius_km=round(radius, 1))


def _distance(parse: Parse, span: Span, mention: Mention) -> float:
    """Characters to a known place, those before the name counted double, other paragraphs and whole countries far."""
    first, last = (span.end, mention.span.start) if mention.span.start >= span.end else (mention.span.end, span.start)
    away = (last - first) * (1 if mention.span.start >= span.end else 2)
    apart = 1_000 * parse.text.count("\n\n", min(first, last), max(first, last))
    return away + apart + (600 if mention.place.feature == "country" else 0)

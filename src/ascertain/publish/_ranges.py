"""Ranges: what each origin says about a number, as dot and whisker on one axis; an arrow for an open end; updates joined in time."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence

import attrs

from ascertain.publish._book import Book
from ascertain.publish._drawings import Drawing, Shape, group, line, rect, words
from ascertain.publish._words import AGAINST, ATTRIBUTES, STANCES, counted, day_words, fact_words, interval_words
from ascertain.records import Claim, Fact

WIDTH, LEFT, RIGHT, TOP, ROW = 420, 6, 40, 10, 24  # narrow enough for a phone's width; names stand above their ranges
NAME = 18  # height of a name
OPEN_REACH = 34  # pixels that the arrow of an open end runs
TICKS = 6


@attrs.frozen
class Said:
    """One range that an origin gave, with one claim that stands for it."""

    at_least: int | None
    at_most: int | None
    claim: Claim
    superseded: bool


@attrs.frozen
class Scale:
    """Numbers to pixels."""

    low: float
    high: float

    def at(self, number: float) -> float:
        """Where a number stands."""
        return LEFT + 10 + (WIDTH - LEFT - RIGHT - 20) * (number - self.low) / max(1e-9, self.high - self.low)


def said_by_origin(claims: Sequence[Claim]) -> dict[str, list[Said]]:
    """The different ranges of each origin in order of time."""
    found: dict[str, list[Said]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: (c.said_on or "", c.path, c.passage)):
        if claim.at_least is None and claim.at_most is None:
            continue
        same = [s for s in found[claim.origin] if (s.at_least, s.at_most) == (claim.at_least, claim.at_most)]
        if not same:
            found[claim.origin].append(Said(claim.at_least, claim.at_most, claim, claim.superseded))
    return {origin: said for origin, said in sorted(found.items()) if said}


def draw_ranges(book: Book, fact: Fact) -> Drawing | None:
    """The ranges of a number by origin; None where no claim gives one."""
    by_origin = said_by_origin(fact.claims)
    if not by_origin:
        return None
    scale = _scale([s for said in by_origin.values() for s in said])
    shapes: list[Shape] = []
    y = TOP
    for origin, said in by_origin.items():
        shapes.append(words(0, y + 14, book.words(origin), "d-text", most=56))
        y += NAME
        points = [(_middle(scale, s), y + 12 + n * ROW) for n, s in enumerate(said)]
        shapes += [line(x1, y1, x2, y2, "d-update") for (x1, y1), (x2, y2) in itertools.pairwise(points)]
        shapes += [_whisker(book, scale, s, y + 12 + n * ROW) for n, s in enumerate(said)]
        y += ROW * len(said) + 4
        shapes.append(line(0, y - 2, WIDTH, y - 2, "d-rule"))
    shapes = [*_hull(scale, fact, y), *_ticks(scale, y), *shapes]
    label = ATTRIBUTES.get(fact.attribute, fact.attribute)
    title = f"{label}: {fact_words(fact)}, by {counted(len(by_origin), 'origin')}"
    description = (
        "A dot is a number, a line a range, an arrow an open end. The band behind covers all last words. "
        "Hollow marks joined by a line are earlier words of the same origin."
    )
    return Drawing(f"ranges-{fact.attribute}", title, description, WIDTH, y + 22, tuple(shapes), fluid=True)


def _scale(said: Sequence[Said]) -> Scale:
    numbers = [n for s in said for n in (s.at_least, s.at_most) if n is not None]
    low, high = min(numbers), max(numbers)
    step = nice_step(max(high - low, high * 0.25, 1) / TICKS)
    start = 0 if low <= high * 0.6 else math.floor((low - step) / step) * step
    return Scale(max(0, start), math.ceil((high + step * 0.5) / step) * step)


def nice_step(raw: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50… at or above a number."""
    power = 10 ** math.floor(math.log10(max(raw, 1)))
    return int(next(m * power for m in (1, 2, 5, 10) if m * power >= raw or m == 10))


def _ticks(scale: Scale, bottom: float) -> list[Shape]:
    step = nice_step((scale.high - scale.low) / TICKS)
    shapes = []
    number = math.ceil(scale.low / step) * step
    while number <= scale.high:
        x = scale.at(number)
        shapes += [line(x, TOP - 6, x, bottom, "d-grid"), words(x, bottom + 14, f"{number:,}", "d-small d-middle")]
        number += step
    return shapes


def _hull(scale: Scale, fact: Fact, bottom: float) -> list[Shape]:
    if fact.at_least is None and fact.at_most is None:
        return []
    low = scale.at(max(scale.low, fact.at_least if fact.at_least is not None else scale.low))
    high = scale.at(fact.at_most) if fact.at_most is not None else WIDTH - RIGHT
    return [rect(low - 6, TOP - 6, high - low + 12, bottom - TOP + 6, "d-band")]


def _middle(scale: Scale, said: Said) -> float:
    ends = [n for n in (said.at_least, said.at_most) if n is not None]
    return sum(scale.at(n) for n in ends) / len(ends)


def _whisker(book: Book, scale: Scale, said: Said, y: float) -> Shape:
    kind = "d-whisker" + (" d-old" if said.superseded else "") + (" d-against" if said.claim.stance in AGAINST else "")
    low = scale.at(said.at_least) if said.at_least is not None else None
    high = scale.at(said.at_most) if said.at_most is not None else None
    parts: list[Shape] = []
    if low is not None and high is None:
        parts += _arrow(low, min(low + OPEN_REACH, WIDTH - 8), y, kind)
    if high is not None and low is None:
        parts += _arrow(high, max(high - OPEN_REACH, LEFT - 6), y, kind)
    if low is not None and high is not None and low != high:
        parts += [line(low, y, high, y, kind), line(low, y - 5, low, y + 5, kind), line(high, y - 5, high, y + 5, kind)]
        parts.append(_dot((low + high) / 2, y, kind))
    else:
        parts.append(_dot(low if low is not None else high or 0, y, kind))
    x = max(n for n in (low, high) if n is not None)
    left = min(n for n in (low, high) if n is not None)
    parts.insert(0, rect(left - 12, y - 12, x - left + 24, 24, "d-hit"))
    claim = said.claim
    title = (
        f"{book.words(claim.origin)} {STANCES[claim.stance]}: {interval_words(said.at_least, said.at_most, approximate=claim.approximate)}, "
        f"{day_words(claim.said_on)}{' (later replaced)' if said.superseded else ''}"
    )
    return group(parts, title=title, href=book.document_href(claim.document, claim.passage), label=title)


def _dot(x: float, y: float, kind: str) -> Shape:
    return Shape("circle", {"cx": round(x, 1), "cy": round(y, 1), "r": 4.5, "class": kind.replace("d-whisker", "d-dot")})


def _arrow(start: float, end: float, y: float, kind: str) -> list[Shape]:
    back = -6 if end > start else 6
    return [
        line(start, y, end, y, kind),
        Shape("path", {"d": f"M{end + back:.1f} {y - 4}L{end:.1f} {y}L{end + back:.1f} {y + 4}", "class": kind + " d-head"}),
    ]

"""Counts over time: which number each origin gave on which day, and the range of all last words as it stood on each day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import attrs

from ascertain.publish.parts import (
    ATTRIBUTES,
    NUMBERS,
    Book,
    Drawing,
    Shape,
    counted,
    day_words,
    group,
    interval_words,
    line,
    parsed_day,
    rect,
    words,
)
from ascertain.records import Claim, Fact

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 720, 216, 44, 190, 12, 40
LABEL = 16  # height of a line of text
MOST_LABELS = 10
TICKS = 4
FEWEST_DAYS = 2  # on one day alone the ranges by origin say the same


@attrs.frozen
class Word:
    """What one origin said on one day."""

    day: date
    low: int
    high: int
    claim: Claim


@attrs.frozen
class Plane:
    """Days and numbers to pixels."""

    first: date
    days: int
    top: int

    def x(self, day: date) -> float:
        """Where a day stands."""
        return LEFT + 14 + (WIDTH - LEFT - RIGHT - 28) * (day - self.first).days / max(1, self.days)

    def y(self, number: float) -> float:
        """Where a number stands."""
        return HEIGHT - FOOT - (HEIGHT - FOOT - TOP - 8) * number / max(1, self.top)


def draw_counts(book: Book, fact: Fact) -> Drawing | None:
    """The numbers of a fact over time; None where it is no number, or all was said on one day."""
    by_origin = _words_by_origin(fact) if fact.attribute in NUMBERS else {}
    days = sorted({word.day for said in by_origin.values() for word in said})
    if len(days) < FEWEST_DAYS:
        return None
    plane = Plane(days[0], (days[-1] - days[0]).days, max(word.high for said in by_origin.values() for word in said))
    shapes = [*_ground(plane, days), *_bands(plane, by_origin, days), *_lines(book, plane, by_origin), *_labels(book, plane, by_origin)]
    title = f"{ATTRIBUTES[fact.attribute]}, as it was told from {day_words(str(days[0]))} to {day_words(str(days[-1]))}"
    told = (
        "A dot is what an origin said on that day, a bar its range, joined to what it said later. "
        "Hollow dots were replaced by the same origin. The band covers what all origins had said last by each day."
    )
    return Drawing(f"counts-{fact.attribute}", title, told, WIDTH, HEIGHT, tuple(shapes))


def _words_by_origin(fact: Fact) -> dict[str, list[Word]]:
    found: dict[str, list[Word]] = defaultdict(list)
    for claim in sorted(fact.claims, key=lambda c: (c.said_on or "", c.path, c.passage)):
        day = parsed_day(claim.said_on)
        low, high = claim.at_least, claim.at_most
        if day is None or (low is None and high is None):
            continue
        word = Word(day, low if low is not None else 0, high if high is not None else low or 0, claim)
        if not found[claim.origin] or (found[claim.origin][-1].low, found[claim.origin][-1].high) != (word.low, word.high):
            found[claim.origin].append(word)
    return {origin: said for origin, said in sorted(found.items()) if said}


def _ground(plane: Plane, days: Sequence[date]) -> list[Shape]:
    step = max(1, round(plane.top / TICKS))
    shapes = []
    for number in range(0, plane.top + 1, step):
        shapes += [
            line(LEFT, plane.y(number), WIDTH - RIGHT, plane.y(number), "d-grid"),
            words(0, plane.y(number) + 4, f"{number:,}", "d-small"),
        ]
    free = -100.0
    for day in days:
        if plane.x(day) - free > 60:
            shapes.append(words(plane.x(day), HEIGHT - 20, f"{day.day} {day:%b}", "d-small d-middle"))
            shapes.append(words(plane.x(day), HEIGHT - 6, str(day.year), "d-small d-middle"))
            free = plane.x(day)
    return shapes


def _bands(plane: Plane, by_origin: dict[str, list[Word]], days: Sequence[date]) -> list[Shape]:
    """The range of all last words on each day, as wide as the day stands."""
    shapes = []
    for day, later in zip(days, [*days[1:], None], strict=True):
        last = [[w for w in said if w.day <= day][-1] for said in by_origin.values() if said[0].day <= day]
        low, high = min(w.low for w in last), max(w.high for w in last)
        right = plane.x(later) if later else WIDTH - RIGHT
        shapes.append(rect(plane.x(day), plane.y(high) - 3, right - plane.x(day), plane.y(low) - plane.y(high) + 6, "d-band"))
    return shapes


def _lines(book: Book, plane: Plane, by_origin: dict[str, list[Word]]) -> list[Shape]:
    shapes = []
    for origin, said in by_origin.items():
        for one, other in itertools.pairwise(said):
            shapes.append(line(plane.x(one.day), plane.y(one.high), plane.x(other.day), plane.y(other.high), "d-update"))
        shapes += [_mark(book, plane, origin, word, old=word.claim.superseded) for word in said]
    return shapes


def _mark(book: Book, plane: Plane, origin: str, word: Word, *, old: bool) -> Shape:
    x, kind = plane.x(word.day), " d-old" if old else ""
    dot = Shape("circle", {"cx": round(x, 1), "cy": round(plane.y(word.high), 1), "r": 4, "class": f"d-dot{kind}"})
    whisker = [line(x, plane.y(word.low), x, plane.y(word.high), f"d-whisker{kind}")] if word.low != word.high else []
    said = interval_words(word.claim.at_least, word.claim.at_most, approximate=word.claim.approximate)
    told = f"{book.words(origin)}: {said}, {day_words(str(word.day))}{' (replaced by the same origin)' if old else ''}"
    return group([*whisker, dot], kind="d-claim", title=told, href=book.document_href(word.claim.document, word.claim.passage), label=told)


def _labels(book: Book, plane: Plane, by_origin: dict[str, list[Word]]) -> list[Shape]:
    """Names at the right, at their last number, pushed down where two would lie over each other."""
    wanted = sorted((plane.y(said[-1].high), plane.x(said[-1].day), origin) for origin, said in by_origin.items())
    shapes, free = [], 0.0
    for y, x, origin in wanted[:MOST_LABELS]:
        at = max(y + 4, free)
        free = at + LABEL
        shapes += [
            line(x + 6, y, WIDTH - RIGHT + 6, at - 4, "d-grid"),
            words(WIDTH - RIGHT + 10, at, book.words(origin), "d-text", most=26),
        ]
    left = len(wanted) - MOST_LABELS
    return [*shapes, words(WIDTH - RIGHT + 10, free, f"and {counted(left, 'other')}", "d-small")] if left > 0 else shapes

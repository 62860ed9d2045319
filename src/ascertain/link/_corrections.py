"""Corrections: a mistaken report belongs to the incident that was really meant, so it takes over the places of its correction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import attrs

from ascertain.link._happenings import SAME_PLACE_KM, Happening
from ascertain.link._news import CORRECTION_DAYS, apart, point_of


def corrected(happenings: Sequence[Happening]) -> list[Happening]:
    """The same happenings; a report that its own outlet corrects later bears the correction's places besides its own."""
    made = list(happenings)
    told: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for number, happening in enumerate(happenings):
        told[happening.publisher, happening.family].append(number)
    for correction in (h for h in happenings if h.correction and h.publisher and h.published):
        found = _mistaken(happenings, told[correction.publisher, correction.family], correction)
        if found is not None:
            right = tuple(spot for spot in correction.spots if point_of(spot[1]) not in correction.mistaken)
            kept = tuple(s for s in made[found].spots if s not in right and point_of(s[1]) not in correction.mistaken)
            made[found] = attrs.evolve(made[found], spots=right + kept)
    return [attrs.evolve(h, spots=tuple(s for s in h.spots if point_of(s[1]) not in h.mistaken)) if h.correction else h for h in made]


def _mistaken(happenings: Sequence[Happening], told: Sequence[int], correction: Happening) -> int | None:
    """Number of the report that a correction takes back: of the same outlet, not long before, likest in words and place."""
    fitting = [
        (sum((h.words & correction.words).values()), n) for n, h in ((n, happenings[n]) for n in told)
        if not h.correction and _before(h.published, correction.published) and _shares_place(h, correction)
    ]  # fmt: skip
    return max(fitting, key=lambda item: (item[0], -item[1]))[1] if fitting else None


def _before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and 0 <= (other - one).days <= CORRECTION_DAYS


def _shares_place(one: Happening, correction: Happening) -> bool:
    """Whether a report tells of the place that a correction takes back, or of the right one."""
    mistaken = any(point_of(place) in correction.mistaken for _, place in one.spots)
    return mistaken or any(apart(a, b) <= SAME_PLACE_KM for _, a in one.spots for _, b in correction.spots)

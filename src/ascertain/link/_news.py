"""A report's news: the days on which it can have happened, and the places where, by what headline and opening tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from ascertain.link._ground import FINE, Days, Ground, Names, Spot, is_covered, kilometres, written_at
from ascertain.link._rules import pattern
from ascertain.records import Part, Place

REPORT_DAYS = 3  # how long before its publication a report's undated news may have happened
CORRECTION_DAYS = 14  # how long before a correction the corrected report's news may have happened
OLD_DAYS = 60  # what lies farther back is history, not news
WIDE_DAYS = 10  # a longer stretch says no day
NEWS_SENTENCES = 14  # how far into a text its news is told in other words
FAR_SENTENCES = 3  # a mention without day and place of its own goes with news at most so far before it
PERIOD = re.compile(r"\b(\d{1,2})(?: [A-Z][a-z]+)? ?(?:to|-|–|—|and|until) ?(\d{1,2})\b")


def apart(one: Place, other: Place) -> float:
    """Distance between two places beyond what the coarser one's extent explains, in km; 0 where one can hold the other."""
    coarse = [p for p in (one, other) if not is_fine(p)]
    reach = max((p.radius_km or 0.0 for p in coarse), default=0.0)
    return max(0.0, kilometres(one, other) - reach)


def is_fine(place: Place) -> bool:
    """Whether a place is a town or a quarter."""
    return FINE.get(place.feature or "", 2) == 0


def hinted_days(ground: Ground) -> Days | None:
    """The first day that the report's opening names, where it is not a correction: mostly that of its news."""
    if ground.published is None or ground.correction:
        return None
    recent = ground.published - timedelta(OLD_DAYS)
    early = [n for n in sorted(ground.days) if n <= 2 + FAR_SENTENCES and not pattern("received").search(ground.words(n))]
    named = [days for n in early for _, days in ground.days[n] if days[0] >= recent and (days[1] - days[0]).days <= 1]
    return named[0] if named else None


def report_days(ground: Ground, hint: Days | None) -> Days | None:
    """The days before its publication on which a report's undated news can have happened, with the day that it hints at."""
    if ground.published is None:
        return None
    period = period_told(ground)
    if period is not None:
        return period
    first = ground.published - timedelta(CORRECTION_DAYS if ground.correction else REPORT_DAYS)
    return (min(first, hint[0]), ground.published) if hint else (first, ground.published)


def period_told(ground: Ground) -> Days | None:
    """The days that the headline of a round-up names: `The week in violence, 12 to 20 October`; those of the week before where it says `week`."""
    title = " ".join(ground.words(n) for n, s in enumerate(ground.layout.sentences) if s.part is not Part.BODY)
    if not ground.layout.entries or ground.published is None or "week" not in title.casefold():
        return None
    match = PERIOD.search(title)
    days = [ground.published - timedelta(back) for back in range(OLD_DAYS)]
    last = next((d for d in days if match is not None and d.day == int(match[2])), ground.published)
    first = next((last - timedelta(b) for b in range(WIDE_DAYS) if match is not None and (last - timedelta(b)).day == int(match[1])), None)
    return first or last - timedelta(WIDE_DAYS - 1), ground.published


def is_history(ground: Ground, days: Days) -> bool:
    """Whether days lie so long before a text was published that it tells them as history."""
    return ground.published is not None and (ground.published - days[1]).days > OLD_DAYS


def ranked_spots(spots: Iterable[Spot]) -> tuple[tuple[str, Place], ...]:
    """The named places, each once, the likeliest first; countries only where nothing finer is named."""
    votes: dict[tuple[float, float], float] = {}
    known: dict[tuple[float, float], Spot] = {}
    for spot in spots:
        point = point_of(spot.place)
        votes[point] = votes.get(point, 0.0) + spot.weight * (1.0, 1.0, 0.4, 0.1)[FINE.get(spot.place.feature or "", 2)]
        known.setdefault(point, spot)
    order = sorted(known, key=lambda p: (-votes[p], p))
    return tuple((known[p].name, known[p].place) for p in order)


def _of_entry(ground: Ground, first: int) -> list[int]:
    """The sentences with places; in a round-up those of the entry in which a happening is told."""
    head = ground.layout.entry_of(first)
    return [n for n in sorted(ground.spots) if head is None or ground.layout.entry_of(n) == head]


def report_spots(ground: Ground, first: int) -> tuple[tuple[str, Place], ...]:
    """The places of headline and first sentences, for a happening told first in some sentence."""
    numbers = _of_entry(ground, first)
    if ground.layout.entry_of(first) is not None:
        return ranked_spots(s for n in numbers for s in ground.spots[n])
    early = [n for n in numbers if ground.is_title(n) or n <= 2 + FAR_SENTENCES]
    return ranked_spots(s for n in early for s in ground.spots[n])


def has_town(spots: Sequence[tuple[str, Place]]) -> bool:
    """Whether one of the places is finer than a region."""
    return any(is_fine(place) for _, place in spots)


def guessed_spots(ground: Ground, names: Names, first: int) -> tuple[tuple[str, Place], ...]:
    """Where it may have been: a town in which something was, anywhere in the text; else the one where the text was written."""
    if ground.layout.entry_of(first) is not None:
        return ()
    near = [s for n in sorted(ground.spots) if n <= NEWS_SENTENCES for s in ground.spots[n] if s.weight >= 2 and is_fine(s.place)]
    home = written_at(ground, names) or first_town(ground)
    return ranked_spots(near) or (((home.name, home.place),) if home is not None else ())


def first_town(ground: Ground) -> Spot | None:
    """The first town that the text names at all: that of a hospital, or one where somebody came from."""
    named = [
        (m, e)
        for e in ground.reading.entities
        for m in e.mentions
        if e.place is not None and is_fine(e.place) and not is_covered(ground.reading, m)
    ]
    mention, entity = min(named, key=lambda item: item[0], default=(None, None))
    return Spot(mention, entity.name, entity.place, 0.1) if mention and entity and entity.place else None


def right_spots(ground: Ground) -> tuple[tuple[str, Place], ...]:
    """The places in the sentences of a correction that say how it was."""
    return ranked_spots(s for n in _right_sentences(ground) for s in ground.spots.get(n, ()))


def _right_sentences(ground: Ground) -> list[int]:
    """The sentences of a correction that say how it was: those with `in fact`, else those right after one that repeats the mistake."""
    sentences = ground.layout.sentences
    taken = [_takes_back(ground.words(n)) for n in range(len(sentences))]
    sure = [n for n, wrong in enumerate(taken) if not wrong and pattern("correction", "right").search(ground.words(n))]
    after = [n for n in range(1, len(sentences)) if taken[n - 1] and not taken[n] and sentences[n].paragraph == sentences[n - 1].paragraph]
    return [n for n in (sure or after) if n in ground.spots]


def _takes_back(words: str) -> bool:
    return pattern("correction", "mistaken").search(words) is not None or pattern("correction", "negated").search(words) is not None


def mistaken_points(ground: Ground) -> frozenset[tuple[float, float]]:
    """Points of the places in sentences that repeat a mistake, and in none that put it right (of the others, where no sentence says how it was)."""
    if not ground.correction:
        return frozenset()
    wrong: set[tuple[float, float]] = set()
    right: set[tuple[float, float]] = set()
    for number, spots in ground.spots.items():
        (wrong if _takes_back(ground.words(number)) else right).update(point_of(s.place) for s in spots)
    sure = {point_of(s.place) for n in _right_sentences(ground) for s in ground.spots[n]}
    return frozenset(wrong - (sure or right))


def point_of(place: Place) -> tuple[float, float]:
    """A place's point, rounded."""
    return round(place.lat, 2), round(place.lon, 2)

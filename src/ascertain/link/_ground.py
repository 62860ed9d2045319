"""What stands where in one document: for each sentence the days and places that can be a happening's own.

A day beside a saying word is when somebody spoke; a place in the date line is where the text was written: neither is the happening's.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import attrs

from ascertain.link._names import LEAST_SOUND, alike, fold, skeleton
from ascertain.link._rules import listed, pattern
from ascertain.records import (
    Entity,
    EntityType,
    EventType,
    Layout,
    Part,
    Place,
    Reading,
    Span,
    TimeExpression,
    lay_out,
    without_borrowed_points,
)

EARTH_KM = 6371.0
FINE = {"city": 0, "district": 0, "area": 2, "region": 2, "country": 3}  # how closely a place pins something down
COUNTS_OF_DAYS = {w: n for n, w in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))} | {
    "a": 1,
    "the": 1,
}  # `the day after`
AFTER = re.compile(r"\b((?!the |a )\w+(?= days )|(?:a|the|one)(?= day )) days? (after|before)\b")
OUTER = re.compile(r",? ?(?:\(|in |of )?(?:the )?(?:[\w’'-]+ ){0,2}(?:(?:province|department|region|state|district) of )?", re.IGNORECASE)
LONG_NAME = 30  # characters
CAPITAL = re.compile(r"\b[A-ZÀ-Þ][\w’-]{3,}(?<![’-])")
ENTRY_DAY = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? (?:the )?(\d{1,2})\b")
OLDEST_ENTRY = 100  # days back to what an entry of a round-up tells
DATE_LINE = re.compile(r"^([A-Z][A-Z’' -]{2,30}),.{0,30}\d", re.MULTILINE)
OPENING = 400  # characters in which the date line stands
CONTEXT = 70  # characters before or after a day or a place that tell whose it is
CONTEXT_KM = 150.0  # a town so near to another place of the text is meant with it
OUTLIER_KM = 1500.0  # a town so far from all other places of a text is another town of that name
HAPPENING = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.DISCOVER})
Days = tuple[date, date]


@attrs.frozen
class Spot:
    """A place at some words.

    Attributes:
        weight: 2 where a word before it says that something was there, 1 else; 0.5 for the outer of two places (`X, Y region`)
            and for one from which it lies in some direction (`north of Y`).
    """

    span: Span
    name: str
    place: Place
    weight: float


@attrs.frozen
class Ground:
    """A reading with its layout, and the days and places of each sentence that can belong to a happening."""

    reading: Reading
    layout: Layout
    days: Mapping[int, tuple[tuple[int, Days], ...]]
    spots: Mapping[int, tuple[Spot, ...]]
    published: date | None
    correction: bool
    accident: bool

    @property
    def text(self) -> str:
        """The document's text."""
        return self.reading.document.text

    def words(self, number: int) -> str:
        """The words of a sentence."""
        sentence = self.layout.sentences[number]
        return self.text[sentence.start : sentence.end]

    def is_title(self, number: int) -> bool:
        """Whether a sentence is the headline."""
        return self.layout.sentences[number].part is Part.TITLE


def days_of(value: str | None) -> Days | None:
    """First and last day that a time value can mean; None for durations, references and what is coarser than a month."""
    match = re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?", value or "")
    try:
        if match and match[3]:
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day
        if match:
            first = date(int(match[1]), int(match[2]), 1)
            return first, (first + timedelta(32)).replace(day=1) - timedelta(1)
        week = re.match(r"(\d{4})-W(\d\d)", value or "")
        if week:
            first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return first, first + timedelta(6)
    except ValueError:
        return None
    return None


Names = Mapping[str, tuple[tuple[str, Place], ...]]


def place_names(readings: Sequence[Reading]) -> Names:
    """Fine places that any reading of the case knows, by folded name and by sound, those told most often first.

    What one text explains helps to read the others: a name that one of them can't place, or places in another country.
    The result does not depend on the order of the readings.
    """
    found: dict[str, Counter[tuple[str, Place]]] = {}
    for reading in readings:
        for entity in without_borrowed_points(reading).entities:
            if entity.place is not None and FINE.get(entity.place.feature or "", 2) < 2:
                for key in {k for name in (entity.name, *entity.aliases) for k in _keys(name)}:
                    found.setdefault(key, Counter())[entity.name, entity.place] += 1
    return {key: tuple(sorted(held, key=lambda item: (-held[item], item[1].geonames or 0, item[0]))) for key, held in found.items()}


def _keys(name: str) -> tuple[str, ...]:
    sound = skeleton(name)
    return (fold(name), "~" + sound) if len(sound.replace(" ", "")) >= LEAST_SOUND else (fold(name),)


def ground_of(reading: Reading, names: Names) -> Ground:
    """Lay a reading out with its days and places."""
    reading = without_borrowed_points(reading)
    layout = lay_out(reading.document)
    about = days_of(reading.document.published.value) if reading.document.published else None
    published = about[0] if about else None
    opening = _opening(reading, layout)
    return Ground(
        reading, layout, _days(reading, layout, published), _spots(reading, layout, names), published,
        _is_correction(reading), pattern("accident").search(opening) is not None and pattern("accident", "weapons").search(opening) is None,
    )  # fmt: skip


def _opening(reading: Reading, layout: Layout) -> str:
    text = reading.document.text
    first = [s for s in layout.sentences if s.part is not Part.HEAD][:3]
    return " ".join(text[s.start : s.end] for s in first).casefold()


def _is_correction(reading: Reading) -> bool:
    text = reading.document.text
    title = re.search(pattern("correction", "title").pattern, text[:200], re.IGNORECASE) is not None
    return title or pattern("correction", "body").search(text[:1000].casefold()) is not None


# --- days


def _days(reading: Reading, layout: Layout, published: date | None) -> dict[int, tuple[tuple[int, Days], ...]]:
    found: dict[int, list[tuple[int, Days]]] = {}
    for time in reading.times:
        days = _night(time.value, days_of(time.value), published)
        if (
            days is None
            or layout.in_dateline(time.passage.start)
            or _is_speech_day(reading, layout, time)
            or _is_no_own(reading, layout, time)
        ):
            continue
        number = layout.number_at(time.passage.start)
        if layout.sentences and layout.sentences[number].part is Part.HEAD:
            continue
        if published is None or days[0] <= published:
            found.setdefault(number, []).append((time.passage.start, days))
    for number, dated in _entry_days(reading, layout, published):
        found.setdefault(number, []).append(dated)
    return {number: tuple(sorted(items)) for number, items in found.items()}


def _entry_days(reading: Reading, layout: Layout, published: date | None) -> list[tuple[int, tuple[int, Days]]]:
    """Days in the heads of a round-up's entries: `Chaman, Thu 13.` is the last 13th that was a Thursday."""
    found = []
    for paragraph, head in layout.entries:
        match = ENTRY_DAY.search(reading.words(head))
        number = next((n for n, s in enumerate(layout.sentences) if s.paragraph == paragraph), None)
        if match is None or number is None or published is None:
            continue
        near = (published - timedelta(back) for back in range(OLDEST_ENTRY))
        day = next((d for d in near if d.day == int(match[2]) and d.strftime("%a") == match[1]), None)
        if day is not None:
            found.append((number, (head.start + match.start(), (day, day))))
    return found


def _night(value: str, days: Days | None, published: date | None) -> Days | None:
    """A night named by its evening lasts into the next day, unless that has not come yet."""
    if days is not None and value.endswith("TNI") and (published is None or days[1] < published):
        return days[0], days[1] + timedelta(1)
    return days


def _is_speech_day(reading: Reading, layout: Layout, time: TimeExpression) -> bool:
    if not layout.sentences:
        return False
    sentence = layout.sentences[layout.number_at(time.passage.start)]
    text = reading.document.text
    first = max(sentence.start, time.passage.start - CONTEXT)
    between = [e.trigger.end for e in reading.events if first <= e.trigger.start < time.passage.start and e.type in HAPPENING]
    before = text[max([first, *between]) : time.passage.start]  # `confirmed the arrest of five on Thursday`: the day of the arrest
    after = text[time.passage.end : min(sentence.end, time.passage.end + CONTEXT)]
    return pattern("speech", "before").search(before) is not None or pattern("speech", "after").search(after) is not None


def _is_no_own(reading: Reading, layout: Layout, time: TimeExpression) -> bool:
    """Whether a day is that of what the news answers, one told before (`that day`), or in a correction the day of the mistaken report."""
    if pattern("cause", "anaphor").match(reading.words(time.passage)) or in_cause(reading, layout, time.passage.start):
        return True
    sentence = layout.sentences[layout.number_at(time.passage.start)] if layout.sentences else None
    words = reading.document.text[sentence.start : sentence.end] if sentence is not None else ""
    return _is_correction(reading) and pattern("correction", "mistaken").search(words) is not None


def in_cause(reading: Reading, layout: Layout, offset: int) -> bool:
    """Whether words stand in a clause that tells what the news answers: `in retaliation for rockets fired at Azaz`."""
    if not layout.sentences:
        return False
    start = layout.sentences[layout.number_at(offset)].start
    return pattern("cause").search(reading.document.text[start:offset]) is not None


def shifted(ground: Ground, number: int, offset: int, main: Days) -> Days | None:
    """The day of an event that `two days after` sets against the report's news: that many days before or after it."""
    for match in AFTER.finditer(ground.words(number)):
        count = COUNTS_OF_DAYS.get(match[1].casefold()) or (int(match[1]) if match[1].isdigit() and len(match[1]) < 4 else None)
        if pattern("aftermath", "known").match(ground.words(number)[match.end() :]):
            continue  # `three days after that strike`: the strike is the news itself
        if count is not None and ground.layout.sentences[number].start + match.end() <= offset:
            step = timedelta(-count if match[2] == "after" else count)
            before = [days for at, days in ground.days.get(number, ()) if at < ground.layout.sentences[number].start + match.start()]
            base = before[-1] if before else main
            return base[0] + step, base[1] + step
    return None


# --- places


def _spots(reading: Reading, layout: Layout, names: Names) -> dict[int, tuple[Spot, ...]]:
    found: dict[int, list[Spot]] = {}
    mastheads = _mastheads(reading)
    for entity in reading.entities:
        for mention in entity.mentions:
            number = layout.number_at(mention.start)
            if not layout.sentences or layout.in_dateline(mention.start) or layout.sentences[number].part is Part.HEAD:
                continue
            spot = _spot(reading, layout, entity, mention, names)
            inside = any(span.start <= mention.start < span.end for span in mastheads)
            if spot is not None and not inside and not _outlier(reading, spot):
                found.setdefault(number, []).append(spot)
    for number, spot in (*_entry_spots(reading, layout, names), *_unread_spots(reading, layout, names)):
        if all(s.span.start != spot.span.start for s in found.get(number, ())):
            found.setdefault(number, []).append(spot)
    return {number: _outer_marked(reading.document.text, sorted(spots, key=lambda s: s.span)) for number, spots in found.items()}


def _entry_spots(reading: Reading, layout: Layout, names: Names) -> list[tuple[int, Spot]]:
    """Places at the start of a round-up's entries, whatever the reading took their names for."""
    found = []
    for paragraph, head in layout.entries:
        words = re.split(r",| \(", reading.words(head))[0]
        number = next((n for n, s in enumerate(layout.sentences) if s.paragraph == paragraph), None)
        known = next((names[key][0] for key in _keys(words) if key in names), None)
        if number is not None and known is not None and alike(known[0], words):
            found.append((number, Spot(Span(head.start, head.start + len(words)), *known, 2.0)))
    return found


def _unread_spots(reading: Reading, layout: Layout, names: Names) -> list[tuple[int, Spot]]:
    """Names of towns that other texts of the case tell of, and in which this reading saw nothing: `Sake market shelled`."""
    text = reading.document.text
    seen = [m for e in reading.entities for m in e.mentions]
    found = []
    for number, sentence in enumerate(layout.sentences):
        if sentence.part is Part.HEAD:
            continue
        for match in CAPITAL.finditer(text, sentence.start, sentence.end):
            word = fold(match[0])
            if word not in names or word in listed("places", "never") or any(m.start <= match.start() < m.end for m in seen):
                continue
            known, place = names[word][0]
            before, after = text[max(sentence.start, match.start() - CONTEXT) : match.start()], text[match.end() : match.end() + CONTEXT]
            elsewhere = pattern("elsewhere", "before").search(before) or pattern("elsewhere", "after").search(after)
            if fold(known) == word and not elsewhere and not _within_name(reading, Span(*match.span())):
                found.append((number, Spot(Span(*match.span()), known, place, 1.0)))
    return found


def _mastheads(reading: Reading) -> list[Span]:
    """Where the text names its own publisher: `Sudan Relief Doctors` is not in Sudan."""
    publisher = reading.document.publisher
    return [Span(*m.span()) for m in re.finditer(re.escape(publisher), reading.document.text)] if publisher else []


def _outlier(reading: Reading, spot: Spot) -> bool:
    """Whether a town lies far from all other places of the text, of which there are several."""
    if FINE.get(spot.place.feature or "", 2) > 0:
        return False
    others = [e.place for e in reading.entities if e.place is not None and e.place.geonames != spot.place.geonames]
    return len(others) > 1 and all(kilometres(spot.place, p) - (p.radius_km or 0.0) > OUTLIER_KM for p in others)


def kilometres(one: Place, other: Place) -> float:
    """Great-circle distance (haversine)."""
    p1, p2 = math.radians(one.lat), math.radians(other.lat)
    h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _spot(reading: Reading, layout: Layout, entity: Entity, mention: Span, names: Names) -> Spot | None:
    words = reading.words(mention)
    if words.casefold() in listed("places", "never") or _within_name(reading, mention) or is_covered(reading, mention):
        return None
    place, name = entity.place, entity.name
    text = reading.document.text
    sentence = layout.sentences[layout.number_at(mention.start)]
    before = text[max(sentence.start, mention.start - CONTEXT) : mention.start]
    after = text[mention.end : mention.end + CONTEXT]
    near = pattern("elsewhere", "near").search(before) is not None
    if entity.type is not EntityType.PLACE or place is None:
        known = next((names[k][0] for k in _keys(words) if k in names), None)
        if known is None or not alike(known[0], words) or not near or (entity.roles and entity.type is EntityType.ORGANISATION):
            return None
        name, place = known
    elif fold(words) not in {fold(n) for n in (entity.name, *entity.aliases)}:
        return None  # a demonym or a description: it tells whose, not where
    else:
        name, place = _fitting(reading, entity, mention, names)
    if (
        pattern("elsewhere", "before").search(before)
        or pattern("elsewhere", "after").search(after)
        or in_cause(reading, layout, mention.start)
    ):
        return None
    beside = pattern("elsewhere", "beside").search(before) is not None
    return Spot(mention, name, place, 0.5 if beside else 2.0 if near else 1.0)


def is_covered(reading: Reading, mention: Span) -> bool:
    """Whether a mention is a part of a longer name that the reading found too: `Saré` of `Saré Bella`."""
    return any(
        m.start <= mention.start and mention.end <= m.end and m != mention and m.end - m.start < LONG_NAME
        for e in reading.entities if proper_name(e.name) for m in e.mentions
    )  # fmt: skip


def proper_name(name: str) -> bool:
    """Whether every word of a name has a capital."""
    words = name.split()
    return len(words) > 1 and all(word[:1].isupper() for word in words)


def _within_name(reading: Reading, mention: Span) -> bool:
    """Whether a place's name goes on: `Abu` is no town where the text says `Abu Shouk`."""
    follows = pattern("places", "goes_on").match(reading.document.text[mention.end : mention.end + CONTEXT])
    return follows is not None and follows[1].casefold() not in listed("places", "ends")


def _fitting(reading: Reading, entity: Entity, mention: Span, names: Names) -> tuple[str, Place]:
    """The point of a town: of those that the case's texts know by its name the one in the region named right after it, else one near others.

    Another text's point is taken where it lies near this text's other places, and this text's own does not.
    """
    own = entity.place
    if own is None or FINE.get(own.feature or "", 2) > 0:
        return entity.name, own  # type: ignore[return-value]  # asked for entities with a place alone
    others = [place for _, place in names.get(fold(entity.name), ()) if place.geonames != own.geonames]
    outer = _named_after(reading, mention)
    if others and outer is not None:
        inside = [place for place in (own, *others) if _lies_in(place, outer)]
        if inside:
            return entity.name, inside[0]
    if _near_others(reading, entity, own):
        return entity.name, own
    return entity.name, next((place for place in others if _near_others(reading, entity, place)), own)


def _named_after(reading: Reading, mention: Span) -> Place | None:
    """The region or country that stands right after a town: `San Lorenzo in Esmeraldas province`, `San Lorenzo, Ecuador`."""
    text = reading.document.text
    near = [
        (m.start, e.id, e.place) for e in reading.entities for m in e.mentions
        if e.place is not None and mention.end < m.start <= mention.end + CONTEXT and OUTER.fullmatch(text[mention.end : m.start])
    ]  # fmt: skip
    return min(near, key=lambda item: item[:2])[2] if near else None


def _lies_in(place: Place, outer: Place) -> bool:
    """Whether a point lies in a region or a country, or near a town that stands for its region."""
    if outer.feature == "country":
        return place.country == outer.country
    return place.country == outer.country and kilometres(place, outer) <= (outer.radius_km or CONTEXT_KM)


def _near_others(reading: Reading, entity: Entity, place: Place) -> bool:
    """Whether a point lies near some other town or region of the text."""
    others = [e.place for e in reading.entities if e.id != entity.id and e.place is not None and e.place.feature != "country"]
    return any(kilometres(place, p) - (p.radius_km or 0.0) <= CONTEXT_KM for p in others if p.geonames != place.geonames)


def _outer_marked(text: str, spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """The outer place of `X, Y` or `X in Y` explains the inner one and weighs less."""
    made: list[Spot] = []
    for number, spot in enumerate(spots):
        earlier = spots[number - 1] if number else None
        between = text[earlier.span.end : spot.span.start] if earlier else ""
        outer = earlier is not None and re.fullmatch(r",? ?(?:in|of)? ?(?:the )?(?:\w+(?:’s|'s) )?", between) is not None
        coarser = earlier is not None and FINE.get(spot.place.feature or "", 2) >= FINE.get(earlier.place.feature or "", 2)
        made.append(attrs.evolve(spot, weight=0.5) if outer and coarser else spot)
    return tuple(made)


def written_at(ground: Ground, names: Names) -> Spot | None:
    """The place in the date line, else the one in the publisher's name: a last resort where a text names no other."""
    for entity in ground.reading.entities:
        for mention in entity.mentions:
            if entity.place is not None and ground.layout.in_dateline(mention.start) and FINE.get(entity.place.feature or "", 2) == 0:
                return Spot(mention, entity.name, entity.place, 0.1)
    dated = DATE_LINE.search(ground.text[:OPENING])
    if dated is not None and fold(dated[1]) in names:
        return Spot(Span(*dated.span(1)), *names[fold(dated[1])][0], 0.1)
    words = re.findall(r"\w+", ground.reading.document.publisher or "")
    known = [names[fold(word)][0] for word in words if word[:1].isupper() and fold(word) in names]
    return Spot(Span(0, 1), *known[0], 0.1) if known else None

"""Happenings of one document: its event mentions grouped by what, where and when, before documents are compared."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import attrs

from ascertain.records import Actuality, Entity, EntityType, Event, EventType, HarmKind, Place, Reading

FAMILIES = {
    "strike": {"shelling", "airstrike", "drone strike", "missile strike", "bombing", "explosion", "attack", "shooting", "clash", "destruction", "mine",
               "suicide bombing", "killing", "injuring", "stabbing", "beating"},
    "bodies": {"bodies found"},
    "detention": {"detention", "abduction", "disappearance"},
    "displacement": {"displacement"},
    "abuse": {"torture", "sexual violence"},
    "looting": {"looting"},
}  # fmt: skip
VIOLENT_FAMILIES = frozenset(FAMILIES)
VAGUE_KINDS = {"killing", "injuring", "beating", "attack", "destruction", "explosion"}  # they join whatever they stand with
EARTH_KM = 6371.0
LEAD_SHARE = 0.5  # a happening without a day of its own counts as the report's news in this part of the text
REPORT_DAYS = 3  # how long before its publication a report's undated news may have happened
OLD_DAYS = 60  # what lies farther back is history, not news
SAME_PLACE_KM = 30


@attrs.frozen
class Happening:
    """Mentions of one document that tell of one thing.

    Attributes:
        earliest, latest: days on which it can have happened; None where nothing tells.
        dated: whether words tell the day (not only the document's date).
        words: content words around the mentions, with their counts.
        people: last words of the names of persons who speak or take part.
    """

    document: str
    path: str
    family: str
    events: tuple[Event, ...]
    place: Place | None
    place_name: str | None
    earliest: date | None
    latest: date | None
    dated: bool
    words: Counter[str] = attrs.field(hash=False)
    people: frozenset[str] = frozenset()
    counts: frozenset[tuple[str, int]] = frozenset()
    kinds: frozenset[str] = frozenset()


def family_of(event: Event) -> str | None:
    """The family of an event that can be an incident; None for all others."""
    if event.type not in {EventType.ASSAULT, EventType.COERCE, EventType.DISCOVER}:
        return None
    return next((name for name, kinds in FAMILIES.items() if event.kind in kinds), None)


def kilometres(one: Place, other: Place) -> float:
    """Great-circle distance (haversine)."""
    p1, p2 = math.radians(one.lat), math.radians(other.lat)
    h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def apart(one: Place | None, other: Place | None) -> float:
    """Distance between two places beyond what their extents explain, in km; 0 where one is unknown or holds the other."""
    if one is None or other is None:
        return 0.0
    reach = (
        max(one.radius_km or 0.0, other.radius_km or 0.0)
        if {one.feature, other.feature} & {"region", "country", "area", "district"}
        else 0.0
    )
    return max(0.0, kilometres(one, other) - reach)


def days_of(value: str | None) -> tuple[date, date] | None:
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


@attrs.define
class _Draft:
    family: str
    events: list[Event]
    place: Entity | None
    days: tuple[date, date] | None
    paragraph: int


def happenings_of(reading: Reading) -> list[Happening]:
    """The happenings of one reading, in text order."""
    entities = {e.id: e for e in reading.entities}
    times = {t.id: days_of(t.value) for t in reading.times}
    published = days_of(reading.document.published.value) if reading.document.published else None
    drafts: list[_Draft] = []
    for event in reading.events:
        family = family_of(event)
        if family is None or event.actuality in {Actuality.POSSIBLE, Actuality.EXPECTED, Actuality.PLANNED}:
            continue
        place = entities.get(event.place or "")
        days = times.get(event.time or "")
        paragraph = reading.document.text.count("\n", 0, event.trigger.start)
        home = _home(drafts, family, event, place, days, paragraph)
        if home is None:
            drafts.append(_Draft(family, [event], place, days, paragraph))
        else:
            _take(home, event, family, place, days, paragraph)
    return [h for d in drafts if (h := _finished(reading, d, published)) is not None]


def _home(
    drafts: Sequence[_Draft], family: str, event: Event, place: Entity | None, days: tuple[date, date] | None, paragraph: int
) -> _Draft | None:
    """The happening that an event goes on with: the nearest before it that nothing speaks against."""
    for draft in reversed(drafts):
        if not _families_meet(draft, family, event):
            continue
        if days and draft.days and (days[0] > draft.days[1] or days[1] < draft.days[0]):
            continue
        if (
            place is not None
            and draft.place is not None
            and place.id != draft.place.id
            and apart(place.place, draft.place.place) > SAME_PLACE_KM
        ):
            continue
        return draft
    return None


def _families_meet(draft: _Draft, family: str, event: Event) -> bool:
    if draft.family == family:
        return True
    if {draft.family, family} == {"bodies", "strike"}:  # those who lie there were killed: no second incident
        vague = (
            event.kind in VAGUE_KINDS | {"shooting"}
            if family == "strike"
            else all(e.kind in VAGUE_KINDS | {"shooting"} for e in draft.events)
        )
        return vague
    return family == "abuse" and draft.family == "detention"


def _take(draft: _Draft, event: Event, family: str, place: Entity | None, days: tuple[date, date] | None, paragraph: int) -> None:
    draft.events.append(event)
    if family == "bodies":
        draft.family = "bodies"
    if place is not None and (draft.place is None or _finer(place, draft.place)):
        draft.place = place
    if days is not None and (draft.days is None or days[1] - days[0] < draft.days[1] - draft.days[0]):
        draft.days = days
    draft.paragraph = paragraph


def _finer(one: Entity, other: Entity) -> bool:
    order = {"city": 0, "district": 1, "area": 2, "region": 2, "country": 3}
    first, second = one.place, other.place
    return bool(first and second and order.get(first.feature or "", 2) < order.get(second.feature or "", 2))


def _finished(reading: Reading, draft: _Draft, published: tuple[date, date] | None) -> Happening | None:
    """The happening, if it is one that can be told from others; history and generalities are left out."""
    if all(e.actuality is Actuality.DENIED for e in draft.events):
        return None
    place = draft.place.place if draft.place else None
    days, dated = draft.days, draft.days is not None
    text = reading.document.text
    lead = draft.events[0].trigger.start <= LEAD_SHARE * len(text)
    if days is None and published is not None and lead:
        days = (published[0] - timedelta(REPORT_DAYS), published[1])
    if days is None or (published is not None and (published[1] - days[1]).days > OLD_DAYS):
        return None
    if (days[1] - days[0]).days > 31 or place is None or place.feature == "country":
        if not (lead and days is not None and _harmful(draft.events)) or (days[1] - days[0]).days > 31:
            return None
    sentences = [_around(text, e.trigger.start, e.trigger.end) for e in draft.events]
    people = frozenset(
        e.name.split()[-1].casefold() for e in reading.entities if e.type is EntityType.PERSON and e.name[:1].isupper() and len(e.name) > 3
    )
    return Happening(
        reading.document.id, reading.document.path, draft.family, tuple(draft.events), place, draft.place.name if draft.place else None,
        days[0], days[1], dated, _words(" ".join(sentences)), people, _counts(reading, draft.events), frozenset(e.kind for e in draft.events if e.kind),
    )  # fmt: skip


def _harmful(events: Iterable[Event]) -> bool:
    return any(e.harms for e in events)


def _around(text: str, start: int, end: int) -> str:
    first = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    stops = [i for i in (text.find("\n", end), text.find(". ", end)) if i >= 0]
    return text[first : min(stops, default=len(text))]


STOP_WORDS = frozenset(
    [
        "that",
        "with",
        "from",
        "have",
        "been",
        "were",
        "said",
        "they",
        "their",
        "this",
        "which",
        "also",
        "after",
        "about",
        "when",
        "there",
        "would",
        "could",
        "more",
        "than",
        "into",
        "over",
        "only",
        "other",
        "some",
        "what",
        "them",
        "will",
        "being",
        "where",
        "people",
        "according",
        "told",
        "says",
        "news",
        "agency",
        "report",
        "reported",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)


def _words(text: str) -> Counter[str]:
    return Counter(w for w in (w.casefold() for w in re.findall(r"[^\W\d_]{4,}", text)) if w not in STOP_WORDS)


def _counts(reading: Reading, events: Iterable[Event]) -> frozenset[tuple[str, int]]:
    quantities = {q.id: q for q in reading.quantities}
    found = set()
    for event in events:
        for harm in event.harms:
            quantity = quantities.get(harm.quantity or "")
            if quantity is not None and harm.kind in set(HarmKind):
                bound = quantity.at_least if quantity.at_least is not None else quantity.at_most
                if bound:
                    found.add((harm.kind.value, bound))
    return frozenset(found)

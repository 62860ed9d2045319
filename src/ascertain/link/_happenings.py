"""Happenings of one document: its event mentions grouped by what, where and when, before documents are compared.

A report tells of one thing and mentions others: a mention goes with the news around it unless its own words give another day, another
place or another kind of thing. History, generalities and accidents are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from ascertain.link._ground import FINE, HAPPENING, Days, Ground, Names, Spot, ground_of, in_cause, place_names, shifted
from ascertain.link._names import fold
from ascertain.link._news import (
    FAR_SENTENCES,
    NEWS_SENTENCES,
    OLD_DAYS,
    WIDE_DAYS,
    apart,
    guessed_spots,
    has_town,
    hinted_days,
    is_fine,
    is_history,
    mistaken_points,
    ranked_spots,
    report_days,
    report_spots,
    right_spots,
)
from ascertain.link._rules import family_names, listed, pattern, rules
from ascertain.link._worded import is_worded, worded_events
from ascertain.records import Actuality, EntityType, Event, EventType, HarmKind, Part, Place, Reading, Role

VIOLENT_FAMILIES = frozenset(rules()["families"])
LATE_DEATH_DAYS = 14  # people die of their wounds, and bodies are found, on later days of the same happening
SAME_PLACE_KM = 30.0
PAST = re.compile(r"^(\d{4})(?:-(?:SP|SU|FA|AU|WI|[QH]\d))?$")  # a year, a season, a quarter
STOP_WORDS = listed("words", "stop")


@attrs.frozen
class Happening:
    """Mentions of one document that tell of one thing.

    Attributes:
        spots: places it names, the likeliest first, each with its name.
        told: whether its own sentences name the place (not only the report's other sentences).
        earliest, latest: days on which it can have happened.
        hint: a day that the report names, though not in its own sentences.
        dated: whether the words of its own sentences tell the day.
        guessed: whether the only place is that of the date line.
        words: content words of its sentences, with their counts.
        families: the families of all its mentions; `family` is that of the first.
        people: last words of the names of persons in its sentences.
        mistaken: points of the places that a correction takes back.
        names: other capitalised words of its sentences, folded: places, streets, bodies.
        lead: whether it is the report's news.
    """

    document: str
    path: str
    publisher: str | None
    published: date | None
    family: str
    events: tuple[Event, ...]
    spots: tuple[tuple[str, Place], ...]
    told: bool
    earliest: date
    latest: date
    dated: bool
    hint: Days | None
    guessed: bool
    lead: bool
    correction: bool
    words: Counter[str] = attrs.field(hash=False)
    people: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    mistaken: frozenset[tuple[float, float]] = frozenset()
    names: frozenset[str] = frozenset()
    counts: frozenset[tuple[str, int]] = frozenset()
    kinds: frozenset[str] = frozenset()

    @property
    def place(self) -> Place | None:
        """The likeliest place."""
        return self.spots[0][1] if self.spots else None


def family_of(event: Event) -> str | None:
    """The family of an event that can be an incident; None for all others."""
    if event.type not in {EventType.ASSAULT, EventType.COERCE, EventType.DISCOVER}:
        return None
    return family_names().get(event.kind or "")


@attrs.define
class _Draft:
    """A happening in the making: its mentions with their sentences."""

    family: str
    events: list[tuple[int, Event]]
    days: Days | None = None
    spots: list[Spot] = attrs.field(factory=list)
    families: set[str] = attrs.field(factory=set)

    def last(self) -> int:
        return self.events[-1][0]


def happenings_of_all(readings: Sequence[Reading]) -> list[Happening]:
    """The happenings of all readings, in the order of the readings and of their texts."""
    names = place_names(readings)
    return [happening for reading in readings for happening in happenings_of(ground_of(reading, names), names)]


def happenings_of(ground: Ground, names: Names) -> list[Happening]:
    """The happenings of one document, in text order."""
    if ground.accident:
        return []
    drafts: list[_Draft] = []
    for number, event, family in _candidates(ground):
        days = _own_days(ground, number, event, _main_days(drafts, ground))
        spots = _own_spots(ground, number, event)
        home = _home(drafts, ground, (number, event, family), days, spots)
        if home is None:
            home = _Draft(family, [], families={family})
            drafts.append(home)
        _take(home, (number, event, family), days, spots)
    main = _main_draft(drafts)
    found = [_finished(ground, draft, drafts, names, lead=draft is main) for draft in drafts]
    return [happening for happening in found if happening is not None]


def _candidates(ground: Ground) -> list[tuple[int, Event, str]]:
    """Mentions that can be of an incident: (sentence, event, family), in text order."""
    found = []
    for event in sorted(ground.reading.events, key=lambda e: e.trigger):
        family = family_of(event)
        if family is None or event.actuality in {Actuality.POSSIBLE, Actuality.EXPECTED, Actuality.PLANNED}:
            continue
        if ground.layout.in_dateline(event.trigger.start) or in_cause(ground.reading, ground.layout, event.trigger.end):
            continue
        number = ground.layout.number_at(event.trigger.start)
        if family == "bodies" and _brought_in(ground, number):
            family = "strike"
        if pattern("burial").search(ground.words(number)) and not any(h.quantity for h in event.harms):
            continue
        if _of_animals(ground, event):
            continue
        if (
            (event.actuality is not Actuality.DENIED and _general(ground, number, event))
            or _of_past(ground, number)
            or _attributive(ground, event, family)
            or _nominal(ground, event)
        ):
            continue
        found.append((number, event, family))
    told = {
        ground.layout.number_at(e.trigger.start)
        for e in ground.reading.events
        if e.type in HAPPENING and e.kind in family_names() and e.actuality is not Actuality.POSSIBLE
    }
    general = pattern("general")
    worded = [w for w in worded_events(ground, frozenset(told)) if not general.search(ground.words(w[0])) and not _of_past(ground, w[0])]
    return sorted([*found, *worded], key=lambda item: item[1].trigger)


def _of_animals(ground: Ground, event: Event) -> bool:
    """Whether those who were harmed are animals."""
    harmed = [ground.reading.words(p.passage).casefold() for p in event.participants if p.role is Role.RECIPIENT]
    return bool(harmed) and all(set(re.findall(r"\w+", words)) & listed("words", "animals") for words in harmed)


def _brought_in(ground: Ground, number: int) -> bool:
    """Whether bodies are those of an attack that the sentence names, or were brought to a hospital: no find of their own."""
    told = listed("vague", "deadly") | {"destruction", "attack"}
    attack = [e for e in ground.reading.events if e.kind not in told and family_of(e) == "strike"]
    return pattern("received").search(ground.words(number)) is not None or any(
        ground.layout.number_at(e.trigger.start) == number for e in attack
    )


def _general(ground: Ground, number: int, event: Event) -> bool:
    """Whether a sentence speaks of a state of things: it dates no happening and counts nobody."""
    days = [days for _, days in ground.days.get(number, ()) if (days[1] - days[0]).days < WIDE_DAYS]
    if days:
        return False
    counts = any(h.quantity for h in event.harms)
    words = ground.words(number)
    return pattern("general", "totals").search(words) is not None or (not counts and pattern("general").search(words) is not None)


def _of_past(ground: Ground, number: int) -> bool:
    """Whether a sentence names an earlier year, season or month and no day of the news: `more than 4,500 murders last year`."""
    if ground.published is None or any((ground.published - days[1]).days <= OLD_DAYS for _, days in ground.days.get(number, ())):
        return False
    sentence = ground.layout.sentences[number]
    told = [t.value for t in ground.reading.times if sentence.start <= t.passage.start < sentence.end]
    return any((match := PAST.match(value)) is not None and int(match[1]) < ground.published.year for value in told)


def _attributive(ground: Ground, event: Event, family: str) -> bool:
    """`displaced people` tells who they are; without a number it tells of no happening."""
    if any(h.quantity for h in event.harms) or any(
        q.passage.start <= event.trigger.start < q.passage.end for q in ground.reading.quantities
    ):
        return False
    return family == "displacement" or pattern("attributive").match(ground.text, event.trigger.start) is not None


def _nominal(ground: Ground, event: Event) -> bool:
    """A capitalised noun inside a sentence is part of a name: `Working Group on Arbitrary Detention`."""
    number = ground.layout.number_at(event.trigger.start)
    sentence = ground.layout.sentences[number]
    return not ground.is_title(number) and event.trigger.start > sentence.start + 1 and ground.text[event.trigger.start].isupper()


def _main_days(drafts: Sequence[_Draft], ground: Ground) -> Days | None:
    """The day of the report's news: its first dated happening's, else the day of the text."""
    dated = next((d.days for d in drafts if d.days is not None), None)
    return dated or ((ground.published, ground.published) if ground.published else None)


def _own_days(ground: Ground, number: int, event: Event, main: Days | None) -> Days | None:
    """The day that the sentence of an event gives it: the nearest one named; a day on which people were brought in is none."""
    if event.kind == "bodies found" and pattern("received").search(ground.words(number)):
        return None
    if event.kind == "killing" and _of_wounds(ground, number, event):
        return None
    if event.kind in {"killing", "injuring"} and pattern("dying", "succumbed").search(ground.words(number)):
        return None
    if event.kind == "displacement" and pattern("aftermath").search(ground.words(number)):
        return None
    if main is not None and (moved := shifted(ground, number, event.trigger.start, main)) is not None:
        return moved
    named = [(abs(at - event.trigger.start), days) for at, days in ground.days.get(number, ()) if (days[1] - days[0]).days < WIDE_DAYS]
    if not named and ground.layout.entry_of(number) is not None:
        named = _head_days(ground, number)
    if not named:
        named = [(abs(at - event.trigger.start), days) for at, days in ground.days.get(number, ())]
    return min(named)[1] if named else None


def _head_days(ground: Ground, number: int) -> list[tuple[int, Days]]:
    """The days that the head of a round-up's entry names, for all sentences of the entry."""
    head = ground.layout.entry_of(number)
    return [(0, days) for held in ground.days.values() for at, days in held if head is not None and head.start <= at < head.end]


def _of_wounds(ground: Ground, number: int, event: Event) -> bool:
    """Whether a death is one person's, or one of wounds: its day is later than the happening's."""
    word = ground.text[event.trigger.start : event.trigger.end].casefold()
    if pattern("dying").match(word) is None:
        return False
    one = any(pattern("dying", "one").match(ground.reading.words(p.passage)) for p in event.participants)
    return one or pattern("dying", "wounds").search(ground.words(number)) is not None


def _own_spots(ground: Ground, number: int, event: Event) -> list[Spot]:
    """The places of the sentence of an event, those that say where first, then the nearest."""
    spots = ground.spots.get(number, ()) or _paragraph_spots(ground, number)
    words = ground.words(number)
    if ground.correction and (pattern("correction", "mistaken").search(words) or pattern("correction", "negated").search(words)):
        spots = tuple(attrs.evolve(s, weight=s.weight / 10) for s in spots)
    return sorted(spots, key=lambda s: (-s.weight, FINE.get(s.place.feature or "", 2), abs(s.span.start - event.trigger.start)))


def _paragraph_spots(ground: Ground, number: int) -> tuple[Spot, ...]:
    """The places of the nearest sentence before it in its paragraph; they weigh half."""
    paragraph = ground.layout.sentences[number].paragraph
    for earlier in range(number - 1, -1, -1):
        if ground.layout.sentences[earlier].paragraph != paragraph:
            return ()
        if earlier in ground.spots:
            return tuple(attrs.evolve(s, weight=s.weight / 2) for s in ground.spots[earlier])
    return ()


def _home(
    drafts: Sequence[_Draft], ground: Ground, mention: tuple[int, Event, str], days: Days | None, spots: Sequence[Spot]
) -> _Draft | None:
    """The happening that a mention goes on with: the latest before it that nothing speaks against."""
    for draft in reversed(drafts):
        if _other_entry(draft, ground, mention[0], spots):
            continue
        if _is_apart(drafts, draft, ground, mention, days, spots) or _other_time(draft, ground, mention, days):
            continue
        if not ground.correction and spots and draft.spots and _clash(draft.spots, spots):
            continue
        far = mention[0] - draft.last() > FAR_SENTENCES and draft is not drafts[0]
        if not (far and days is None and not spots):
            return draft
    return None


def _other_entry(draft: _Draft, ground: Ground, number: int, spots: Sequence[Spot]) -> bool:
    """Whether a mention stands in another entry of a round-up than a happening before it, and no town of theirs is the same."""
    here, there = ground.layout.entry_of(number), ground.layout.entry_of(draft.last())
    if here == there:
        return False
    first, second = ([s.place for s in held if is_fine(s.place)] for held in (draft.spots, spots))
    return not (first and second) or _clash(draft.spots, spots)


def _is_apart(
    drafts: Sequence[_Draft], draft: _Draft, ground: Ground, mention: tuple[int, Event, str], days: Days | None, spots: Sequence[Spot]
) -> bool:
    """Whether a mention is of another kind of thing than a happening before it."""
    number, event, family = mention
    if draft.family == "detention" and days is None and event.kind in listed("vague", "deadly") and _finds(drafts):
        return True  # those who were killed are those who were found
    if (
        {draft.family, family} == {"displacement", "strike"}
        and days is not None
        and draft.days is not None
        and spots
        and number != draft.last()
    ):
        return True  # its own day and place make it news of its own
    close = number - draft.last() <= 1 or (draft is drafts[0] and days is None and not spots)
    if close and "bodies" not in {family, draft.family}:
        return False
    return not _families_meet(draft, family, event, attacked=days is not None and draft.days != days and _of_attack(ground, number))


def _other_time(draft: _Draft, ground: Ground, mention: tuple[int, Event, str], days: Days | None) -> bool:
    """Whether the day of a mention speaks against a happening before it; what lies far back dates no news."""
    if days is None:
        return False
    if draft.days is None:
        return is_history(ground, days)
    return not _days_meet(draft, days) and not _dying(draft, ground, mention, days)


def _finds(drafts: Sequence[_Draft]) -> bool:
    return any(draft.family == "bodies" for draft in drafts)


def _of_attack(ground: Ground, number: int) -> bool:
    """Whether a sentence tells of an attack by its kind, not only of the dead."""
    deadly = listed("vague", "deadly")
    return any(
        family_of(e) == "strike" and e.kind not in deadly
        for e in ground.reading.events
        if ground.layout.number_at(e.trigger.start) == number
    )


def _families_meet(draft: _Draft, family: str, event: Event, *, attacked: bool) -> bool:
    if draft.family == family:
        return True
    deadly = listed("vague", "deadly")
    if draft.family == "bodies" and family == "strike" and attacked:
        return False
    if {draft.family, family} == {"bodies", "strike"}:  # those who lie there were killed: no second incident
        kinds = {event.kind} if family == "strike" else {e.kind for _, e in draft.events}
        return kinds <= deadly or family == "bodies"
    if {draft.family, family} == {"detention", "strike"}:
        return family == "strike" and event.kind == "attack"  # `the raid`
    return {draft.family, family} in ({"abuse", "detention"}, {"displacement", "strike"})


def _days_meet(draft: _Draft, days: Days) -> bool:
    if draft.days is None or (days[0] <= draft.days[1] and draft.days[0] <= days[1]):
        return True
    return draft.family == "bodies" and abs((days[0] - draft.days[0]).days) <= LATE_DEATH_DAYS


def _dying(draft: _Draft, ground: Ground, mention: tuple[int, Event, str], days: Days) -> bool:
    """Whether a mention tells that somebody harmed in the happening before it has died since."""
    number, event, _ = mention
    word = ground.text[event.trigger.start : event.trigger.end].casefold()
    later = draft.days is not None and 0 < (days[0] - draft.days[1]).days <= LATE_DEATH_DAYS
    return later and number - draft.last() <= 1 and pattern("dying").match(word) is not None


def _clash(one: Sequence[Spot], other: Sequence[Spot]) -> bool:
    """Whether all fine places of two sentences lie far apart."""
    first, second = ([s.place for s in spots if is_fine(s.place)] for spots in (one, other))
    return bool(first and second) and min(apart(a, b) for a in first for b in second) > SAME_PLACE_KM


def _take(draft: _Draft, mention: tuple[int, Event, str], days: Days | None, spots: Sequence[Spot]) -> None:
    number, event, family = mention
    draft.events.append((number, event))
    draft.spots += spots
    if family == "bodies" and draft.family == "strike" and {e.kind for _, e in draft.events[:-1]} <= {"killing", "injuring"}:
        draft.family = family
    draft.families.add(family)
    if days is None or (draft.days is not None and days[0] > draft.days[1] and draft.family != "bodies"):
        return
    if draft.days is None or (days[1] - days[0] < draft.days[1] - draft.days[0] and days[0] <= draft.days[1]):
        draft.days = days
    elif draft.family == "bodies" and (days[1] - days[0]).days <= 1:
        draft.days = (min(draft.days[0], days[0]), max(draft.days[1], days[1]))


def _main_draft(drafts: Sequence[_Draft]) -> _Draft | None:
    """The report's news: the first happening, unless a later one takes up far more of it."""
    return max(drafts, key=lambda d: (min(len(d.events), 3) + 2 * (d is drafts[0]), -d.events[0][0]), default=None)


# --- the finished happening


def _finished(ground: Ground, draft: _Draft, drafts: Sequence[_Draft], names: Names, *, lead: bool) -> Happening | None:
    """The happening, if it is one that can be told from others."""
    if all(e.actuality is Actuality.DENIED for _, e in draft.events) and not lead:
        return None
    near = lead or _is_datable(draft)
    hint = hinted_days(ground) if near and draft.days is None else None
    days = draft.days or (report_days(ground, hint) if near else None)
    if days is None or _is_no_news(ground, days):
        return None
    spots, guessed = _placed(ground, draft, names, lead=lead)
    if not spots and not _harmful(draft):
        return None
    numbers, wide = _sentences(ground, draft, lead=lead), _all_sentences(ground, draft, drafts, lead=lead)
    events = tuple(e for _, e in draft.events)
    document = ground.reading.document
    return Happening(
        document=document.id, path=document.path, publisher=document.publisher, published=ground.published, family=draft.family, events=events,
        spots=spots, told=any(FINE.get(s.place.feature or "", 2) < 3 for s in draft.spots), earliest=days[0], latest=days[1],
        dated=draft.days is not None, hint=hint, guessed=guessed, lead=lead, correction=ground.correction, mistaken=mistaken_points(ground),
        words=_words(" ".join(ground.words(n) for n in numbers)), people=_people(ground, numbers), names=_names(ground, wide),
        families=frozenset(draft.families | {draft.family}), counts=_counts(ground.reading, events), kinds=frozenset(e.kind for e in events if e.kind),
    )  # fmt: skip


def _is_no_news(ground: Ground, days: Days) -> bool:
    """Whether days lie too far back, or are too many to tell when something happened."""
    return is_history(ground, days) or ((days[1] - days[0]).days > WIDE_DAYS and not ground.correction)


def _placed(ground: Ground, draft: _Draft, names: Names, *, lead: bool) -> tuple[tuple[tuple[str, Place], ...], bool]:
    """The places of a happening, and whether the town among them is guessed."""
    right = right_spots(ground) if lead and ground.correction else ()
    spots, guessed = right or ranked_spots(draft.spots), not lead and not draft.spots
    if has_town(spots) or not (lead or not spots):
        return spots, guessed
    spots += tuple(item for item in report_spots(ground, draft.events[0][0]) if item not in spots)
    if has_town(spots):
        return spots, guessed
    return (*spots, *guessed_spots(ground, names, draft.events[0][0])), True


def _is_datable(draft: _Draft) -> bool:
    """Whether a happening without a day can be taken for news of the report's days: it stands near the start, or says where and how many."""
    near = draft.events[0][0] <= FAR_SENTENCES
    return (near or _tells_where(draft)) and not all(is_worded(e) for _, e in draft.events)


def _tells_where(draft: _Draft) -> bool:
    """Whether a mention far down in a text names its town and counts people: it is news, though it names no day."""
    return _harmful(draft) and any(is_fine(s.place) and s.weight >= 1 for s in draft.spots)


def _harmful(draft: _Draft) -> bool:
    return any(h.quantity for _, e in draft.events for h in e.harms)


def _sentences(ground: Ground, draft: _Draft, *, lead: bool) -> list[int]:
    """The sentences of a happening: those of its mentions; for the report's news also headline and first sentences."""
    own = {number for number, _ in draft.events}
    opening = {n for n, _ in enumerate(ground.layout.sentences) if n <= 2 or ground.is_title(n)} if lead else set()
    return sorted(own | opening)


def _all_sentences(ground: Ground, draft: _Draft, others: Sequence[_Draft], *, lead: bool) -> list[int]:
    """The sentences in which names belong to a happening: the report's news has all that no other happening takes, up to some length."""
    own = {number for number, _ in draft.events}
    if not lead:
        return sorted(own)
    taken = {number for other in others if other is not draft for number, _ in other.events}
    return sorted(own | {n for n, s in enumerate(ground.layout.sentences[:NEWS_SENTENCES]) if n not in taken and s.part is not Part.HEAD})


def _words(text: str) -> Counter[str]:
    return Counter(w for w in (w.casefold() for w in re.findall(r"[^\W\d_]{4,}", text)) if w not in STOP_WORDS)


def _people(ground: Ground, numbers: Sequence[int]) -> frozenset[str]:
    """Last words of the names of persons in some sentences, or (for they speak of what stands there) in those after them."""
    near = {n + step for n in numbers for step in (0, 1, 2)}
    return frozenset(
        e.name.split()[-1].casefold() for e in ground.reading.entities
        if e.type is EntityType.PERSON and len(e.name.split()) > 1 and e.name[:1].isupper() and re.search(r"(?:^|[-’'])[A-ZÀ-Þ][^-’']*$", e.name.split()[-1])
        and any(ground.layout.number_at(m.start) in near for m in e.mentions)
    )  # fmt: skip


def _names(ground: Ground, numbers: Sequence[int]) -> frozenset[str]:
    """Capitalised words inside sentences, and those of a headline that stand so elsewhere too; days, months and the publisher are left out."""
    publisher = set(fold(ground.reading.document.publisher or "").split())
    inside = {m[0] for n in numbers for m in re.finditer(r"(?<=[a-z,;] )[A-Z][\w’'-]{2,}", ground.words(n))}
    line = ground.layout.dateline
    if line is not None and numbers and numbers[0] <= 1:
        inside |= set(
            re.findall(r"[A-ZÀ-Þ][A-ZÀ-Þ’-]{3,}", ground.text[line.start : line.end].split(",")[0])
        )  # a town that no gazetteer knows
    return frozenset(
        f
        for w in inside
        if (f := fold(re.sub(r"[’']s$", "", w))) not in STOP_WORDS | listed("words", "generic") and f not in publisher and len(f) > 2
    )


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

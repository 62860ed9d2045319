"""Tellings: what one document says of one incident, and which of its sentences do.

A document may tell of several incidents. A sentence with a mention belongs to that mention's incident; the others belong to the
incident of the sentence before them in the paragraph if that is the only one there, else to the one that the document is mostly about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from ascertain.assess._rules import pattern
from ascertain.records import (
    Actuality,
    Cluster,
    Entity,
    EntityType,
    Event,
    Layout,
    Linking,
    Part,
    Reading,
    Sentence,
    Shelf,
    Span,
    Worded,
    lay_out,
    without_borrowed_points,
)

BACKGROUND_DAYS = 60  # what ended so many days before a text is no part of its news
SEASONS = {"SP": 6, "SU": 9, "Q1": 3, "Q2": 6, "Q3": 9, "H1": 6}  # last months
OPEN = 512  # documents whose tellings are kept at hand, the latest asked for
GOING_ON = re.compile(
    r"(?:He|She|They|It)\b|(?:The|That|This|Those|These) (?:[a-z]+ )??(?P<noun>[a-z]{4,})\b|(?:Mr |Ms |Mrs |Dr )?(?P<name>[A-ZÀ-Þ][\w’-]{2,})\b"
)
BESIDE = 30  # characters beside a place's name that tell whether something happened there
NEWS = frozenset({Actuality.HAPPENED, Actuality.ALLEGED})


@attrs.frozen
class Telling:
    """One document's part in one incident.

    Attributes:
        events: its mentions of the incident, in text order.
        spans: words that tell of it without an event.
        owned: numbers of the sentences that speak of it.
        main: whether the document is mostly about it.
        correction: whether the document takes an earlier report back.
    """

    reading: Reading
    layout: Layout
    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    owned: frozenset[int]
    main: bool
    correction: bool

    @property
    def document(self) -> str:
        """The document's id."""
        return self.reading.document.id

    @property
    def path(self) -> str:
        """The document's path."""
        return self.reading.document.path

    @property
    def publisher(self) -> str | None:
        """Who published it."""
        return self.reading.document.publisher

    @property
    def day(self) -> str | None:
        """The day of publication, ISO."""
        published = self.reading.document.published
        return published.value[:10] if published else None

    def owns(self, offset: int) -> bool:
        """Whether the sentence at an offset speaks of the incident."""
        return self.layout.number_at(offset) in self.owned

    def sentence(self, offset: int) -> Sentence:
        """The sentence at an offset."""
        return self.layout.sentences[self.layout.number_at(offset)]

    def words(self, sentence: Sentence) -> str:
        """A sentence's words."""
        return self.reading.document.text[sentence.start : sentence.end]

    def in_headline(self, offset: int) -> bool:
        """Whether an offset stands in a headline: a first line that ends without a full stop."""
        sentence = self.sentence(offset)
        return sentence.part is Part.TITLE and not self.words(sentence).rstrip().endswith((".", ".”", '."'))

    def sentences(self) -> list[Sentence]:
        """The owned sentences in text order."""
        return [s for n, s in enumerate(self.layout.sentences) if n in self.owned]


@attrs.frozen
class _Part:
    """What a document tells of one cluster: ids of events, and words without one."""

    cluster: str
    events: tuple[str, ...]
    spans: tuple[Span, ...]


class Tellings:
    """What each document tells of each cluster, made when it is asked for: a case's documents are not all open at once."""

    def __init__(self, linking: Linking, readings: Shelf) -> None:
        self._readings = readings
        self._parts: dict[str, list[_Part]] = defaultdict(list)
        self._made: dict[str, dict[str, Telling]] = {}
        self._documents: dict[str, list[str]] = {}
        worded: dict[str, list[Worded]] = defaultdict(list)
        for words in linking.worded:
            worded[words.cluster].append(words)
        for cluster in linking.clusters:
            if all(readings.holds(m.document) for m in cluster.mentions):
                parts = [(part, document) for part, document in _parts(cluster, worded[cluster.id]) if readings.holds(document)]
                self._documents[cluster.id] = [document for _, document in parts]
                for part, document in parts:
                    self._parts[document].append(part)
        known = [c for c in linking.clusters if self._documents.get(c.id)]
        self.clusters = sorted(known, key=lambda c: (self._documents[c.id][0], c.id))  # neighbours share documents

    def of(self, cluster: Cluster) -> list[Telling]:
        """A cluster's tellings, by publication day, path and id."""
        found = [telling for document in self._documents[cluster.id] if (telling := self._told(document).get(cluster.id)) is not None]
        return sorted(found, key=lambda t: (t.day or "", t.path, t.document))

    def _told(self, document: str) -> dict[str, Telling]:
        made = self._made.pop(document, None)
        if made is None:
            made = dict(_tellings(self._readings.of(document), self._parts[document]))
        self._made[document] = made  # the latest last
        if len(self._made) > OPEN:
            del self._made[next(iter(self._made))]
        return made


def _parts(cluster: Cluster, worded: Sequence[Worded]) -> list[tuple[_Part, str]]:
    events: dict[str, list[str]] = defaultdict(list)
    spans: dict[str, list[Span]] = defaultdict(list)
    for mention in cluster.mentions:
        events[mention.document].append(mention.event)
    for words in worded:
        spans[words.document].append(words.passage)
    return [(_Part(cluster.id, tuple(events[d]), tuple(sorted(spans[d]))), d) for d in sorted({*events, *spans})]


def _tellings(reading: Reading, parts: Sequence[_Part]) -> list[tuple[str, Telling]]:
    reading = without_borrowed_points(reading)
    layout = lay_out(reading.document)
    by_id = {e.id: e for e in reading.events}
    events = {p.cluster: tuple(sorted((by_id[n] for n in p.events if n in by_id), key=lambda e: e.trigger)) for p in parts}
    offsets = {p.cluster: sorted([*(e.trigger.start for e in events[p.cluster]), *(s.start for s in p.spans)]) for p in parts}
    offsets = {cluster: told for cluster, told in offsets.items() if told}
    owners, main, correction = (
        _owners(reading.document.text, layout, offsets, _elsewhere(reading, layout, offsets), _past(reading, layout)),
        _main(layout, offsets),
        _is_correction(reading),
    )
    made = []
    for part in parts:
        owned = frozenset(n for n, held in enumerate(owners) if part.cluster in held)
        made.append((part.cluster, Telling(reading, layout, events[part.cluster], part.spans, owned, part.cluster == main, correction)))
    return made


def _main(layout: Layout, offsets: Mapping[str, Sequence[int]]) -> str | None:
    """The incident that most mentions are of, those in headline and first sentences counting double; ties go to the first mention."""
    votes = {
        cluster: (sum(2 if layout.number_at(at) <= 2 else 1 for at in told), -min(told), cluster) for cluster, told in offsets.items()
    }  # fmt: skip
    return max(votes, key=lambda c: votes[c]) if votes else None


def _elsewhere(reading: Reading, layout: Layout, offsets: Mapping[str, Sequence[int]]) -> frozenset[int]:
    """Paragraphs without a mention that name other places only, and deny nothing: other news of a round-up."""
    named: dict[int, set[str]] = defaultdict(set)
    for entity in reading.entities:
        if entity.place is not None:
            for mention in entity.mentions:
                if not layout.in_dateline(mention.start) and _is_where(reading, entity, mention):
                    number = layout.sentences[layout.number_at(mention.start)].paragraph if layout.sentences else 0
                    named[number] |= {f"{entity.place.lat:.2f} {entity.place.lon:.2f}", entity.place.country or ""} - {""}
    told = {layout.sentences[layout.number_at(at)].paragraph for held in offsets.values() for at in held}
    known = {place for number in told for place in named[number]}
    text = reading.document.text
    denying = {s.paragraph for s in layout.sentences if pattern("denial", "words").search(text[s.start : s.end])}
    aside = {
        s.paragraph for s in layout.sentences
        if pattern("aside").match(text[s.start : s.end]) and (s.start == 0 or text[s.start - 1] == "\n")
    } - told  # fmt: skip
    going_on = {number for number in named if _goes_on(reading, layout, number, told)}
    return frozenset(
        aside
        | {
            number
            for number, places in named.items()
            if number not in told | denying | going_on and places and known and not places & known
        }
    )


def _past(reading: Reading, layout: Layout) -> frozenset[int]:
    """Sentences that name an earlier year, or a day or month long before the text, and no later day: background."""
    published = reading.document.published
    if published is None or not layout.sentences:
        return frozenset()
    today = date.fromisoformat(published.value[:10])
    ends: dict[int, list[date]] = defaultdict(list)
    for time in reading.times:
        end = _end_of(time.value)
        if end is not None:
            ends[layout.number_at(time.passage.start)].append(end)
    return frozenset(number for number, days in ends.items() if (today - max(days)).days > BACKGROUND_DAYS)


def _end_of(value: str) -> date | None:
    """The last day that a time value can mean; None for what is no date."""
    match = re.match(r"(\d{4})(?:-(?:(\d\d)(?:-(\d\d))?|([A-Z]\w*)))?", value)
    if match is None or value.startswith("P"):
        return None
    year, month, day = int(match[1]), int(match[2] or 12), int(match[3] or 28)
    if match[4]:
        month = SEASONS.get(match[4][:2], 12)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _goes_on(reading: Reading, layout: Layout, paragraph: int, told: set[int]) -> bool:
    """Whether a paragraph begins with somebody or something known from those that tell of an incident: `The launch was hit within sight of …`."""
    text = reading.document.text
    first = next((s for s in layout.sentences if s.paragraph == paragraph), None)
    begin = GOING_ON.match(text, first.start, first.end) if first is not None else None
    if begin is None or first is None:
        return False
    known = " ".join(text[s.start : s.end] for s in layout.sentences if s.paragraph in told and s.start < first.start)
    if begin["name"] is not None:  # whoever spoke before goes on
        people = {e.name.split()[-1] for e in reading.entities if e.type is EntityType.PERSON}
        return begin["name"] in people and re.search(rf"\b{re.escape(begin['name'])}\b", known) is not None
    return begin["noun"] is None or re.search(rf"\b{begin['noun']}\b", known) is not None


def _is_where(reading: Reading, entity: Entity, mention: Span) -> bool:
    """Whether a place is named by its name (`Russian fire` names none), and not as the one from which somebody spoke."""
    text = reading.document.text
    before, after = text[max(0, mention.start - BESIDE) : mention.start], text[mention.end : mention.end + BESIDE]
    spoken = pattern("aside", "spoken_from").search(before) or pattern("aside", "whose").match(after)
    return reading.words(mention) in {entity.name, *entity.aliases} and spoken is None


def _owners(
    text: str, layout: Layout, offsets: Mapping[str, Sequence[int]], elsewhere: frozenset[int], past: frozenset[int]
) -> list[frozenset[str]]:
    """For each sentence the incidents that it speaks of."""
    mentioned: dict[int, set[str]] = defaultdict(set)
    for cluster, told in offsets.items():
        for at in told:
            mentioned[layout.number_at(at)].add(cluster)
    main = _main(layout, offsets)
    most = frozenset({main} if main is not None else ())
    owners: list[frozenset[str]] = []
    previous, paragraph = most, -1
    for number, sentence in enumerate(layout.sentences):
        general = number not in mentioned and (number in past or pattern("aside", "general").search(text[sentence.start : sentence.end]))
        if sentence.part is Part.HEAD or sentence.paragraph in elsewhere or general:
            owners.append(frozenset())
            continue
        alone = layout.entry_of(number) is not None and sentence.paragraph != paragraph  # an entry of a round-up tells its own news
        held = (
            frozenset(mentioned[number]) if number in mentioned
            else _of_entry(layout, mentioned, sentence.paragraph) if alone
            else previous if sentence.paragraph == paragraph else most
        )  # fmt: skip
        owners.append(held)
        previous, paragraph = held, sentence.paragraph
    return owners


def _of_entry(layout: Layout, mentioned: Mapping[int, set[str]], paragraph: int) -> frozenset[str]:
    """The incident that an entry of a round-up tells: the first that is mentioned in it; none where it mentions none."""
    told = [mentioned[n] for n, s in enumerate(layout.sentences) if s.paragraph == paragraph and n in mentioned]
    return frozenset(told[0]) if told else frozenset()


def _is_correction(reading: Reading) -> bool:
    text = reading.document.text
    return pattern("withdrawn", "title").search(text[:200]) is not None or pattern("withdrawn", "body").search(text[:600]) is not None


def spans_meet(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end

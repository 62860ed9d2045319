"""Tellings: what one document says of one incident, and which of its sentences do.

A document may tell of several incidents. A sentence with a mention belongs to that mention's incident; the others belong to the
incident of the sentence before them in the paragraph if that is the only one there, else to the one that the document is mostly about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import attrs

from ascertain.assess._rules import pattern
from ascertain.records import Actuality, Cluster, Event, Layout, Linking, Part, Reading, Sentence, Span, lay_out

NEWS = frozenset({Actuality.HAPPENED, Actuality.ALLEGED})


@attrs.frozen
class Telling:
    """One document's part in one incident.

    Attributes:
        events: its mentions of the incident, in text order.
        owned: numbers of the sentences that speak of it.
        main: whether the document is mostly about it.
        correction: whether the document takes an earlier report back.
        others: names of outlets of the case under which this text may be cited or which it may cite.
    """

    reading: Reading
    layout: Layout
    events: tuple[Event, ...]
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

    def sentences(self) -> list[Sentence]:
        """The owned sentences in text order."""
        return [s for n, s in enumerate(self.layout.sentences) if n in self.owned]


def tellings_of(linking: Linking, readings: Mapping[str, Reading]) -> dict[str, list[Telling]]:
    """For each cluster its tellings, by publication day, path and id; clusters of documents that are not there are left out."""
    by_document: dict[str, list[tuple[Cluster, list[str]]]] = defaultdict(list)
    for cluster in linking.clusters:
        if all(m.document in readings for m in cluster.mentions):
            events: dict[str, list[str]] = defaultdict(list)
            for mention in cluster.mentions:
                events[mention.document].append(mention.event)
            for document, names in events.items():
                by_document[document].append((cluster, names))
    found: dict[str, list[Telling]] = defaultdict(list)
    for document, parts in by_document.items():
        for name, telling in _tellings(readings[document], parts):
            found[name].append(telling)
    return {key: sorted(tellings, key=lambda t: (t.day or "", t.path, t.document)) for key, tellings in found.items()}


def _tellings(reading: Reading, parts: Sequence[tuple[Cluster, list[str]]]) -> list[tuple[str, Telling]]:
    layout = lay_out(reading.document)
    by_id = {e.id: e for e in reading.events}
    events = {c.id: tuple(sorted((by_id[n] for n in names if n in by_id), key=lambda e: e.trigger)) for c, names in parts}
    owners = _owners(layout, events)
    main = _main(layout, events)
    correction = _is_correction(reading)
    made = []
    for cluster, told in events.items():
        owned = frozenset(n for n, held in enumerate(owners) if cluster in held)
        made.append((cluster, Telling(reading, layout, told, owned, cluster == main, correction)))
    return made


def _main(layout: Layout, events: Mapping[str, Sequence[Event]]) -> str:
    """The incident that most mentions are of, those in headline and first sentences counting double; ties go to the first mention."""
    votes = {
        cluster: (sum(2 if layout.number_at(e.trigger.start) <= 2 else 1 for e in told), -min(e.trigger.start for e in told), cluster)
        for cluster, told in events.items() if told
    }  # fmt: skip
    return max(votes, key=lambda c: votes[c]) if votes else next(iter(events))


def _owners(layout: Layout, events: Mapping[str, Sequence[Event]]) -> list[frozenset[str]]:
    """For each sentence the incidents that it speaks of."""
    mentioned: dict[int, Counter[str]] = defaultdict(Counter)
    for cluster, told in events.items():
        for event in told:
            mentioned[layout.number_at(event.trigger.start)][cluster] += 1
    main = _main(layout, events)
    owners: list[frozenset[str]] = []
    previous, paragraph = frozenset({main}), -1
    for number, sentence in enumerate(layout.sentences):
        if sentence.part is Part.HEAD:
            owners.append(frozenset())
            continue
        held = frozenset(mentioned[number]) if number in mentioned else previous if sentence.paragraph == paragraph else frozenset({main})
        owners.append(held)
        previous, paragraph = held, sentence.paragraph
    return owners


def _is_correction(reading: Reading) -> bool:
    text = reading.document.text
    return pattern("withdrawn", "title").search(text[:200]) is not None or pattern("withdrawn", "body").search(text[:600]) is not None


def spans_meet(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end

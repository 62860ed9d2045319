"""A document and what its text says: the contract's reading, each finding with its passage.

Encoded by msgspec these records are the contract's JSON, name for name (`Span` is a two-number list).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import attrs

from ascertain.records.vocabulary import Actuality, EntityType, EventType, Form, HarmKind, Role, Stance, TimeKind

READING_SCHEMA = "ascertain/reading/1"


class Span(NamedTuple):
    """Code points of a document's text, half-open."""

    start: int
    end: int


@attrs.frozen
class Dated:
    """A date with the words it was read from.

    Attributes:
        value: ISO 8601 at the precision that is known (`2022`, `2022-04`, `2022-04-05`, with a time where there is one).
        passage: where it stands in the text; None where the format or the address gave it.
    """

    value: str
    passage: Span | None = None


@attrs.frozen
class Document:
    """The main text of one original.

    Attributes:
        id: SHA-256 of the original's bytes, 64 lower-case hex digits.
        path: where the original came from, as the user named it (`folder/a.zip/b.txt` for a part of a container).
        title, publisher, byline: as the format or the text gives them; None where it doesn't.
        language: ISO 639-1; None where it can't be told.
        published: the document's own date.
        text: what all offsets point into.
        media_type: of the original.
        parent: id of the original that contained this one (mail, archive, feed, web archive).
        url: the address the original was captured from, where known.
    """

    id: str
    path: str
    text: str
    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    language: str | None = None
    published: Dated | None = None
    media_type: str | None = None
    parent: str | None = None
    url: str | None = None


@attrs.frozen
class Place:
    """A point for a place, and how much it stands for.

    Attributes:
        lat, lon: WGS 84 degrees.
        geonames: GeoNames id, None for the few places of our own table.
        feature: `country`, `region`, `district`, `city` or `area` (a historic or geographic region).
        country: ISO 3166-1 alpha-2, None where it spans several.
        radius_km: how far the place may reach from its point.
        admin: names of the units that hold it, smallest first.
    """

    lat: float
    lon: float
    geonames: int | None = None
    feature: str | None = None
    country: str | None = None
    radius_km: float | None = None
    admin: tuple[str, ...] = ()


@attrs.frozen
class EntityRole:
    """An office or occupation of a person; `organisation` is an entity's id."""

    title: str
    organisation: str | None = None


@attrs.frozen
class Entity:
    """A person, organisation, place, group, armed actor or weapon with all its mentions (pronouns and descriptions too)."""

    id: str
    type: EntityType
    name: str
    mentions: tuple[Span, ...]
    aliases: tuple[str, ...] = ()
    roles: tuple[EntityRole, ...] = ()
    place: Place | None = None


@attrs.frozen
class TimeExpression:
    """A time expression with its TIMEX3-style value, resolved against the document's date."""

    id: str
    passage: Span
    value: str
    kind: TimeKind


@attrs.frozen
class Quantity:
    """A number of people or things as a closed interval; None is an open end.

    Attributes:
        counted: the words for what is counted ("civilians"), None where none stands.
        counted_passage: where they stand.
        part_of: id of the quantity that this one is a part of ("12, including three children").
    """

    id: str
    passage: Span
    at_least: int | None
    at_most: int | None
    approximate: bool = False
    counted: str | None = None
    counted_passage: Span | None = None
    part_of: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"an interval's lower end is at most its upper end, got {self.at_least} and {self.at_most}")


@attrs.frozen
class Statement:
    """Words that a source is made responsible for; `speaker` None is the document's own voice.

    `part_of` is the id of the statement that this one is a sentence of.
    """

    id: str
    content: tuple[Span, ...]
    form: Form
    stance: Stance
    cue: Span | None = None
    speaker: str | None = None
    speaker_passage: Span | None = None
    said_at: str | None = None
    part_of: str | None = None


@attrs.frozen
class Participant:
    """Who or what takes part in an event; `entity` is an entity's id."""

    role: Role
    passage: Span
    entity: str | None = None


@attrs.frozen
class Harm:
    """A count of people harmed; `quantity` is a quantity's id, None where the text gives no number."""

    kind: HarmKind
    quantity: str | None = None


@attrs.frozen
class Event:
    """One event mention.

    Attributes:
        kind: our finer word (`killing`, `shelling`, `torture`), None where the type says all.
        according_to: ids of the statements that carry it, outermost first; empty: the document's own voice.
        codes: ACLED sub-event type (`acled:…`), Rome Statute tags that the facts may bear on (`rome:…`).
    """

    id: str
    type: EventType
    trigger: Span
    actuality: Actuality
    kind: str | None = None
    participants: tuple[Participant, ...] = ()
    place: str | None = None
    time: str | None = None
    harms: tuple[Harm, ...] = ()
    according_to: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@attrs.frozen
class Reading:
    """All that was read in one document.

    Raises:
        ValueError: a passage lies outside the text or is empty, or an id is used twice.
    """

    document: Document
    entities: tuple[Entity, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    schema: str = READING_SCHEMA
    made_by: str | None = None

    def __attrs_post_init__(self) -> None:
        length = len(self.document.text)
        for span in self.passages():
            if not 0 <= span.start < span.end <= length:
                raise ValueError(f"a passage lies inside the text of {length} characters, got [{span.start}, {span.end})")
        ids = [item.id for group in (self.entities, self.times, self.quantities, self.statements, self.events) for item in group]
        if len(set(ids)) != len(ids):
            raise ValueError("ids are unique within a reading")

    def passages(self) -> Iterator[Span]:
        """Every passage of every finding, in no particular order."""
        for entity in self.entities:
            yield from entity.mentions
        yield from (time.passage for time in self.times)
        yield from (quantity.passage for quantity in self.quantities)
        for statement in self.statements:
            yield from statement.content
            yield from (span for span in (statement.cue, statement.speaker_passage) if span is not None)
        for event in self.events:
            yield event.trigger
            yield from (participant.passage for participant in event.participants)

    def words(self, span: Span) -> str:
        """The words themselves."""
        return self.document.text[span.start : span.end]

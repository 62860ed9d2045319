"""Entities in the making, and the words that may mean one."""

from __future__ import annotations

import attrs

from ascertain.extract._lexicon import words
from ascertain.extract._places import PlaceMention
from ascertain.extract._roles import Title
from ascertain.models.language import Token
from ascertain.records import EntityType, Place, Span

PERSON, GROUP, ARMED = (words("people", key) for key in ("person", "group", "armed"))
TITLES, ORGANISATION = words("people", "titles"), words("people", "organisation")
FEMALE, MALE = words("people", "female_titles"), words("people", "male_titles")
WEAPONS = words("people", "weapons")
SUBJECTS = {"nsubj", "nsubjpass", "agent", "ROOT"}


@attrs.define
class Draft:
    """An entity in the making; `office` holds the head nouns under which it may be described."""

    number: int
    type: EntityType
    name: str
    mentions: list[Span] = attrs.field(factory=list)
    names: list[str] = attrs.field(factory=list)
    roles: list[Title] = attrs.field(factory=list)
    place: Place | None = None
    gender: str | None = None
    plural: bool = False
    named: bool = False
    office: set[str] = attrs.field(factory=set)
    modifiers: set[str] = attrs.field(factory=set)
    last: int = 0  # token index of the last mention
    last_told: int = -1  # of the last one outside of quotations
    subject: int = -1  # of the last one that is a subject
    key: int | None = None


@attrs.frozen
class Phrase:
    """Words that may mean an entity."""

    span: Span
    head: Token
    kind: str  # place, name, noun, pronoun
    place: PlaceMention | None = None
    label: str | None = None


def new_draft(drafts: list[Draft], kind: EntityType, name: str, **about: object) -> Draft:
    """A new entity in the making, put behind the others."""
    draft = Draft(max((d.number for d in drafts), default=0) + 1, kind, name, **about)  # type: ignore[arg-type]  # the callers name Draft's own fields
    drafts.append(draft)
    return draft


def one_person(draft: Draft) -> bool:
    """Whether a draft is one human being, armed or not (`a commander`, no army)."""
    human = draft.type is EntityType.PERSON or (draft.type is EntityType.ARMED_ACTOR and bool(draft.office & PERSON))
    return human and not draft.plural

"""Whose names are protected: persons of the readings, put together across documents, and what each is in the case.

A person keeps the name who holds an office (protect.toml) and is nowhere told of as harmed. Everybody else who is named is protected:
victims, witnesses, private persons, and those of whom the documents don't say what they are.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import attrs

from ascertain.records import Entity, EntityType, EventType, Reading, Role, Span

PRONOUNS = frozenset("he she his her him hers himself herself".split())
NEAR = 80  # characters behind a role in which the body stands that it belongs to
HARMING = {EventType.ASSAULT, EventType.COERCE}


@attrs.frozen
class Named:
    """One person of one document who stands there by name.

    Attributes:
        forms: names under which the person stands, the fullest first.
        official: holds an office there.
        harmed: is the one to whom something was done.
    """

    document: str
    entity: str
    forms: tuple[str, ...]
    official: bool
    harmed: bool


@attrs.frozen
class Person:
    """One person across all documents."""

    forms: tuple[str, ...]
    tellings: tuple[Named, ...]

    @property
    def protected(self) -> bool:
        """Whether the name must not be shown."""
        return any(told.harmed for told in self.tellings) or not any(told.official for told in self.tellings)


@cache
def words(key: str) -> frozenset[str]:
    """A word list of protect.toml."""
    lists = tomllib.loads((Path(__file__).parent / "protect.toml").read_text("utf-8"))
    return frozenset(str(lists[key]).split())


def tokens(name: str) -> list[str]:
    """The words of a name, hyphens kept inside them."""
    return re.findall(r"[^\W_]+(?:['’ʻ-][^\W_]+)*", name)


def name_of(mention: str, *, common: frozenset[str]) -> str | None:
    """The name in a mention: its capitalised words without titles; None where it only describes ("a dock worker", "The surgeon").

    Args:
        mention: its words.
        common: words that stand with a small letter somewhere in the case; a single one of them is no name.
    """
    mention = re.sub(r"['’]s?$", "", mention.strip())
    kept = tokens(mention)
    while kept and kept[0].casefold() in _unnaming():
        kept = kept[1:]
    telling = [t for t in kept if t.casefold() not in words("particles")]
    if not any(t.casefold() not in _unnaming() for t in telling) or any(t[0].islower() or t[0].isdigit() for t in telling):
        return None
    if all(t.casefold() in common for t in telling):
        return None
    first, last = mention.find(kept[0]), mention.rfind(kept[-1])
    return mention[first : last + len(kept[-1])]


@cache
def _unnaming() -> frozenset[str]:
    """Words that stand with a capital and name nobody."""
    return words("titles") | words("official") | words("days_and_months")


def named_in(reading: Reading, *, common: frozenset[str], is_place: Callable[[str], bool]) -> Iterator[Named]:
    """The persons who stand in a document by name."""
    speakers = {s.speaker_passage for s in reading.statements if s.speaker_passage is not None}
    harmed = {
        p.entity for e in reading.events if e.type in HARMING for p in e.participants if p.role is Role.RECIPIENT and p.entity
    }  # fmt: skip
    for entity in reading.entities:
        if entity.type is not EntityType.PERSON:
            continue
        found = [n for m in (entity.name, *entity.aliases, *map(reading.words, entity.mentions)) if (n := name_of(m, common=common))]
        forms = tuple(sorted(dict.fromkeys(" ".join(n.split()) for n in found), key=lambda n: (-len(tokens(n)), -len(n), n)))
        if not forms or (_may_be_place(reading, entity, forms, is_place) and not _acts_as_person(reading, entity, speakers, harmed)):
            continue
        yield Named(reading.document.id, entity.id, forms, is_official(reading, entity), entity.id in harmed)


def _may_be_place(reading: Reading, entity: Entity, forms: Sequence[str], is_place: Callable[[str], bool]) -> bool:
    parts = tokens(forms[0])
    if is_place(forms[0]) or parts[-1].casefold() in words("places") or (not entity.roles and all(is_place(t) for t in parts)):
        return True
    text = reading.document.text  # "the Danube": hardly a person's name
    named = [m for m in entity.mentions if reading.words(m) in {entity.name, *forms}]
    return bool(named) and all(text[max(0, m.start - 4) : m.start].casefold() == "the " for m in named)


def _acts_as_person(reading: Reading, entity: Entity, speakers: set[Span], harmed: set[str]) -> bool:
    """Whether the text treats the name as a person's: by pronoun, as a speaker, or as one who is harmed."""
    pronoun = any(reading.words(m).casefold() in PRONOUNS for m in entity.mentions)
    return pronoun or entity.id in harmed or any(m in speakers and reading.words(m)[:1].isupper() for m in entity.mentions)


def is_official(reading: Reading, entity: Entity) -> bool:
    """Whether some role of the entity is an office; a head, chief or director only of a public body that is named nearby."""
    for role in entity.roles:
        held = {t.casefold() for t in re.findall(r"[\w-]+", role.title)}
        if held & words("private"):
            continue
        if held & words("official"):
            return True
        if held & words("heads") and _of_public_body(reading, entity, role.title):
            return True
    return False


def _of_public_body(reading: Reading, entity: Entity, title: str) -> bool:
    text = reading.document.text
    near = [title]
    for mention in entity.mentions:
        near.append(text[max(0, mention.start - NEAR // 2) : mention.end + NEAR])
    return any({t.casefold() for t in tokens(part.split("\n\n")[0])} & words("bodies") and title.split()[-1] in part for part in near)


def persons(told: Iterable[Named]) -> tuple[Person, ...]:
    """Put together who bears the same full name, and a last name alone with the one full name that ends in it."""
    listed = list(told)
    full: dict[str, list[Named]] = defaultdict(list)
    for named in listed:
        full[key_of(named.forms[0])].append(named)
    homes = _homes(full)
    grouped: dict[str, list[Named]] = defaultdict(list)
    for key, members in full.items():
        grouped[homes[key]] += members
    return tuple(_person(members) for members in grouped.values())


def _homes(full: Mapping[str, list[Named]]) -> dict[str, str]:
    """For each name the name under which its person is kept."""
    ending: dict[str, set[str]] = defaultdict(set)
    for key in full:
        parts = key.split()
        if len(parts) > 1:
            ending[parts[-1]].add(key)
    return {key: next(iter(ending[key])) if " " not in key and len(ending.get(key, ())) == 1 else key for key in full}


def _person(members: Sequence[Named]) -> Person:
    forms = sorted({f for m in members for f in m.forms}, key=lambda n: (-len(tokens(n)), -len(n), n))
    return Person(tuple(forms), tuple(members))


def key_of(name: str) -> str:
    """The form under which names are compared."""
    return " ".join(t.casefold() for t in tokens(name))


def byline_names(byline: str | None) -> tuple[str, ...]:
    """The persons in a byline; parts that name an outlet are left out."""
    parts = re.split(r"\s*(?:,|;|\band\b|&|\bwith\b|[<>()])\s*", re.sub(r"^\s*by\s+", "", byline or "", flags=re.IGNORECASE))
    found = [p for p in parts if "@" not in p and 1 < len(tokens(p)) <= 4 and not {t.casefold() for t in tokens(p)} & words("outlets")]
    return tuple(p for p in found if name_of(p, common=frozenset()) is not None)

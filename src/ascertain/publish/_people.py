"""Whose names are protected: persons of the readings, put together across documents, and what each is in the case.

A person keeps the name who holds an office (protect.toml) and is nowhere told of as harmed. Everybody else who is named is protected:
victims, witnesses, private persons, and those of whom the documents don't say what they are.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import attrs

from ascertain.records import Entity, EntityType, EventType, Reading, Role
from ascertain.records.names import key_of, tokens

PRONOUNS = frozenset(["he", "she", "his", "her", "him", "hers", "himself", "herself"])
NEAR = 80  # characters behind a role in which the body stands that it belongs to
TOWN_OF = re.compile(
    r"\b(?:town|city|village|port|capital|district|province|region|county|quarter|camp|suburb|settlement)\s+of\s+\Z", re.IGNORECASE
)
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


def bare(token: str) -> str:
    """A word of a name without the particles that a hyphen binds to it: `al-Kassar` is `Kassar`."""
    parts = token.split("-")
    while len(parts) > 1 and parts[0].casefold() in words("particles"):
        parts = parts[1:]
    return "-".join(parts)


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
    telling = [bare(t) for t in kept if t.casefold() not in words("particles")]
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


@attrs.frozen
class Known:
    """What else is known of names, so that a place or an outlet that was taken for a person keeps its name.

    Attributes:
        common: words that stand with a small letter somewhere in the case.
        places: compared names of places that were read in the case.
        outlets: compared names of publishers of the case.
        articled: compared single names that stand somewhere with an article ("the Danube"), and not for a family.
        towns: compared names that stand somewhere behind "the town of" or the like.
        settled: compared names of several words that more documents read as a place than as a person.
        is_place: whether a gazetteer knows a name well.
    """

    common: frozenset[str]
    places: frozenset[str]
    outlets: frozenset[str]
    articled: frozenset[str]
    towns: frozenset[str]
    settled: frozenset[str]
    is_place: Callable[[str], bool]

    @classmethod
    def of(cls, readings: Sequence[Reading], is_place: Callable[[str], bool]) -> Known:
        """From the readings of a case."""
        common = frozenset(t for r in readings for t in tokens(r.document.text) if t[0].islower())
        places = frozenset(key_of(n) for r in readings for e in r.entities if e.type is EntityType.PLACE for n in (e.name, *e.aliases))
        outlets = frozenset(key_of(r.document.publisher) for r in readings if r.document.publisher)
        articled = frozenset(n for r in readings for e in r.entities if e.type is EntityType.PERSON and (n := _with_article(r, e)))
        towns = frozenset(
            key_of(r.words(m))
            for r in readings
            for e in r.entities
            for m in e.mentions
            if TOWN_OF.search(r.document.text, max(0, m.start - 24), m.start)
        )
        return cls(common, places, outlets, articled, towns, _settled(readings), is_place)

    def place(self, name: str) -> bool:
        """Whether a name is a place's."""
        return key_of(name) in self.places or self.is_place(name)


def _settled(readings: Sequence[Reading]) -> frozenset[str]:
    """Names of several words by what most documents take them for: "Ed Daein" is a town though one text lets it speak."""
    told = {
        kind: Counter(n for r in readings for n in {key_of(e.name) for e in r.entities if e.type is kind})
        for kind in (EntityType.PLACE, EntityType.PERSON)
    }
    places, persons = told[EntityType.PLACE], told[EntityType.PERSON]
    return frozenset(name for name, count in places.items() if " " in name and count > persons[name])


def named_in(reading: Reading, known: Known) -> Iterator[Named]:
    """The persons who stand in a document by name."""
    harmed = {
        p.entity for e in reading.events if e.type in HARMING for p in e.participants if p.role is Role.RECIPIENT and p.entity
    }  # fmt: skip
    for entity in reading.entities:
        if entity.type is not EntityType.PERSON:
            continue
        found = _names_of(reading, entity, known.common)
        forms = tuple(sorted(dict.fromkeys(" ".join(n.split()) for n in found), key=lambda n: (-len(tokens(n)), -len(n), n)))
        if forms and not _is_something_else(reading, entity, forms, known, harmed=entity.id in harmed):
            yield Named(reading.document.id, entity.id, forms, is_official(reading, entity), entity.id in harmed)


def _names_of(reading: Reading, entity: Entity, common: frozenset[str]) -> list[str]:
    """Names among an entity's name, aliases and mentions; a common word counts where it is part of a full name ("Rose", of Rose Khan)."""
    said = (entity.name, *entity.aliases, *map(reading.words, entity.mentions))
    sure = [n for m in said if (n := name_of(m, common=common))]
    parts = {t for n in sure for t in key_of(n).split()}
    return sure + [n for m in said if (n := name_of(m, common=frozenset())) and set(key_of(n).split()) <= parts]


def _is_something_else(reading: Reading, entity: Entity, forms: Sequence[str], known: Known, *, harmed: bool) -> bool:
    """Whether a name that was read as a person's is an outlet's or a place's; the text's own he or she always makes it a person's."""
    if any(reading.words(m).casefold() in PRONOUNS for m in entity.mentions):
        return False
    if any(key_of(f) in known.outlets for f in forms) or key_of(forms[0]) in known.towns | known.settled:
        return True
    speakers = {s.speaker_passage for s in reading.statements}
    if any(m in speakers and reading.words(m)[:1].isupper() for m in entity.mentions):
        return False
    if harmed and key_of(forms[0]) not in known.places | known.articled:  # a town can be shelled, and is read as the one who was harmed
        return False
    parts = tokens(forms[0])
    if known.place(forms[0]) or parts[-1].casefold() in words("places") or (not entity.roles and all(known.place(t) for t in parts)):
        return True
    return len(parts) == 1 and key_of(forms[0]) in known.articled


def _with_article(reading: Reading, entity: Entity) -> str | None:
    """The compared name of an entity that stands with an article somewhere and whose family is not what is meant; None else."""
    text = reading.document.text
    for mention in entity.mentions:
        behind = (tokens(text[mention.end : mention.end + 24]) or [""])[0]
        if text[max(0, mention.start - 4) : mention.start].casefold() == "the " and behind not in words("families"):
            return key_of(reading.words(mention))
    return None


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
    return any(
        {t.casefold() for t in tokens(part.split("\n\n")[0])} & words("bodies") and title.rsplit(maxsplit=1)[-1] in part for part in near
    )


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


def byline_names(byline: str | None, *, outlets: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The persons in a byline; parts that name an outlet are left out, also one of `outlets` (compared names) that no "By" precedes."""
    written_by = re.match(r"\s*by\s", byline or "", re.IGNORECASE) is not None
    parts = re.split(r"\s*(?:,|;|\band\b|&|\bwith\b|[<>()])\s*", re.sub(r"^\s*by\s+", "", byline or "", flags=re.IGNORECASE))
    found = [p for p in parts if "@" not in p and 1 < len(tokens(p)) <= 4 and not {t.casefold() for t in tokens(p)} & words("outlets")]
    return tuple(p for p in found if name_of(p, common=frozenset()) is not None and (written_by or key_of(p) not in outlets))

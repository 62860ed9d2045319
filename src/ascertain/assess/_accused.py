"""Who is meant by the words for an actor: the name to show, and the marks by which it is known again."""

from __future__ import annotations

import re
from functools import cache

from ascertain.assess._numerals import TENS, UNITS
from ascertain.assess._rules import listed, pattern, rules
from ascertain.assess._sources import Source, content, fold, proper
from ascertain.records import Entity, EntityType, Reading, Span

FORCE = re.compile(
    r"(?:(?:[Mm]embers|[Mm]en|[Ff]ighters|[Ss]oldiers|[Gg]uerrillas|[Gg]unmen|[Tt]roops|[Uu]nits|[Aa] joint force) (?:of|from) (?:the )?)?"
    r"(?:(?:police|army) and )?(?:[A-Z][\w-]+ (?:of )?){0,3}(?:(?:military|state|security|national|special) )?"
    r"(?:\b(?:troops|forces|army|military|soldiers|fighters|militia|rebels|insurgents|guerrillas|intelligence|police|security forces|marines|"
    r"paramilitaries|guards?|brigade|column|gang|gunmen|guerrillas|commandos|dissidents|militants|cartel|movement)\b|(?<=of )[A-Z]{2,6}\b|(?<=the )[A-Z]{2,6}\b|(?<=from )[A-Z]{2,6}\b)"
)
PHRASE = r"(?:military |state |national |security |air )(?:intelligence|police|guard|service|forces?)|\b(?:police|army|navy|military|paramilitaries|air force)\b"
# Small words and numbers before a noun: at the head of a sentence their capital is no name's (`This slope`, `Three bands`).
BEFORE_NAME = re.compile(
    rf"(?:(?:the|an?|some|several|many|its|their|his|her|our|my|this|that|these|those|such|each|every|another|other|no|both|all|most|few|more than|"
    rf"at least|{'|'.join((*UNITS[1:], *TENS))}|dozens? of|\d+)\s+)+",
    re.IGNORECASE,
)
PRONOUNS = frozenset({"their", "them", "him", "her", "his", "our", "us", "its", "my"})
CAPTORS = frozenset({"security", "police", "intelligence"})
ACTORS = frozenset({EntityType.ARMED_ACTOR, EntityType.ORGANISATION, EntityType.GROUP})


Named = tuple[Span, str, frozenset[str]]


def named_of(reading: Reading, passage: Span, entity: Entity | None, *, weapon: bool) -> Named | None:
    """An actor as words with the marks by which it is known; None for those who are nobody in particular."""
    words = _called(reading, passage, entity)
    state = _state(reading, passage) if words and not content(words) & listed("actor", "stateless") else None
    if not words or _is_civil(words) or _is_town(reading, words) or _is_other(reading, entity, words, of_state=state is not None):
        return None
    marks = marks_of(words) | {f"captor {w}" for w in content(words) & CAPTORS}
    if entity is not None and entity.type in ACTORS:
        marks |= {m for name in (entity.name, *entity.aliases) for m in marks_of(name)}
    if state is not None:
        marks |= {f"state {state[1]}"}
    if not marks or (weapon and state is None and not _forces(words)):
        return None
    return passage, _shown(words, state, weapon=weapon), frozenset(marks)


def _shown(words: str, state: tuple[str, str] | None, *, weapon: bool) -> str:
    """The name to show: a state's own where only its weapon or its adjective stands (`Two Russian missiles hit`: a missile is no actor)."""
    if state is None:
        return words
    forces = content(words) & listed("actor", "forces")
    if ((forces or weapon) and forces <= listed("actor", "weapons")) or len(words.split()) == 1:
        return state[0]
    return words if fold(state[0]) in fold(words) else f"{words} ({state[0]})"


def _is_civil(words: str) -> bool:
    """Whether some words are for a body that helps, heals, teaches or writes, or for a vehicle."""
    plain = content(words)
    return bool(plain & listed("actor", "civil")) and not plain & (CAPTORS | listed("actor", "forces"))


def _called(reading: Reading, passage: Span, entity: Entity | None) -> str:
    """The words for an actor; of a pronoun the name of the force that it stands for; empty for nobody in particular."""
    words = re.split(r" [—–] ", " ".join(reading.words(passage).split()))[-1]
    if fold(words) not in listed("nobody", "names") | PRONOUNS and pattern("nobody", "some_of").match(words) is None:
        return words
    return entity.name if entity is not None and _is_armed(entity) and _bears_name(entity) else ""


def _is_other(reading: Reading, entity: Entity | None, words: str, *, of_state: bool) -> bool:
    """Whether an entity is no actor: a place, a country where it only happened, or a person."""
    if entity is None:
        return False
    if entity.type is EntityType.PLACE and not is_state(entity) and not of_state:
        return True
    return (entity.type is EntityType.PERSON and not of_state) or _is_scene(reading, entity, words)


def _is_armed(entity: Entity) -> bool:
    """Whether an entity is a force, by its type or its name: what a pronoun stands for is often misread."""
    words = content(" ".join((entity.name, *entity.aliases)))
    known = any(mark.startswith("known ") for mark in marks_of(entity.name))
    return entity.type is EntityType.ARMED_ACTOR or known or bool(words & listed("actor", "forces"))


def _bears_name(entity: Entity) -> bool:
    """Whether an actor is known by a name or as somebody's force, not only as `gunmen`."""
    return fold(entity.name) not in listed("nobody", "names") | PRONOUNS and bool(marks_of(entity.name))


def _is_town(reading: Reading, words: str) -> bool:
    """Whether some words are only the name of a town or a region of the text: where it happened, whatever it was read as."""
    places = {fold(n) for e in reading.entities if e.place is not None and not is_state(e) for n in (e.name, *e.aliases)}
    return fold(words) in places


def _is_scene(reading: Reading, entity: Entity, words: str) -> bool:
    """Whether a country's bare name is where it happened (`Haiti gang attack`): a town of that country is named too."""
    if not is_state(entity) or entity.place is None or fold(words) != fold(entity.name):
        return False
    code = entity.place.country
    return any(e.place is not None and e.place.country == code and e.place.feature == "city" for e in reading.entities)


def _forces(words: str) -> bool:
    return bool(content(words) & listed("actor", "forces")) and any(w[:1].isupper() for w in words.split()[:-1])


def is_state(entity: Entity) -> bool:
    """Whether an entity is a country."""
    return entity.type is EntityType.PLACE and entity.place is not None and entity.place.feature == "country"


def _state(reading: Reading, passage: Span) -> tuple[str, str] | None:
    """Name and code of the state that stands in some words, as a name or an adjective."""
    for entity in reading.entities:
        if is_state(entity) and entity.place is not None and any(passage.start <= m.start < passage.end for m in entity.mentions):
            return entity.name, entity.place.country or fold(entity.name)
    return None


def marks_of(words: str) -> set[str]:
    """What tells an actor from others: its capitalised words, whole names and their initials; without capitals the whole phrase, if it says anything."""
    lead = BEFORE_NAME.match(words)
    plain = words[lead.end() :] if lead is not None else words
    phrases = re.findall(PHRASE, plain, re.IGNORECASE)
    small = listed("office", "small") | listed("nobody", "days")
    capitals = [w for w in re.findall(r"[^\W\d_][\w’'-]*", plain) if w[:1].isupper() and fold(w) not in small]
    folded = f" {fold(plain)} "
    known = {f"known {first}" for first, names in _known_groups() if any(f" {name} " in folded for name in names)}
    lower = {fold(w) for w in capitals} <= listed("actor", "vague") | listed("actor", "forces")
    if capitals and proper(plain.split()[0]) and not lower:
        initials = "".join(w[0] for w in capitals)
        return (
            {fold(w) for w in capitals if fold(w) not in listed("actor", "forces") | listed("actor", "common")}
            | {fold(" ".join(capitals))}
            | ({initials.casefold()} if len(initials) > 2 else set())
            | {fold(p) for p in phrases if " " in p}
            | known
        )
    if capitals and not lower:
        return {
            fold(w) for w in capitals if fold(w) not in listed("actor", "forces") | listed("actor", "vague") | listed("actor", "common")
        } | known
    return {fold(p) for p in phrases} | known


@cache
def _known_groups() -> tuple[tuple[str, frozenset[str]], ...]:
    """Armed groups that the world knows by several names: the first name, and all of them, folded."""
    lines = [[fold(name) for name in line.split(",")] for line in rules()["actor"]["known"]]
    return tuple((names[0], frozenset(names)) for names in lines)


def marks_of_source(reading: Reading, source: Source) -> frozenset[str]:
    """The marks of somebody who speaks: names, the state in them, and the place from which a ministry or an army speaks."""
    called = source.names or ((source.description,) if source.is_body else ())
    marks = {m for name in called if source.is_body or content(name) & listed("office", "bodies") for m in marks_of(name)}
    entity = next((e for e in reading.entities if source.key[1] in {e.id, f"body {e.id}"}), None)
    if entity is not None:
        for mention in entity.mentions:
            state = _state(reading, mention)
            marks |= {f"state {state[1]}"} if state else set()
    if source.place is not None:
        place = next((e for e in reading.entities if e.name == source.place and e.place is not None), None)
        marks |= {f"state {place.place.country}"} if place is not None and place.place is not None and place.place.country else set()
    if source.offices & listed("actor", "of_state"):
        marks |= _states_in(reading, source.offices)  # `Afghan` in the office of a ministry's spokesman
    return frozenset(marks | {fold(w) for w in source.bodies if len(w) > 2} - listed("office", "bodies") - listed("office", "heads"))


def _states_in(reading: Reading, words: frozenset[str]) -> set[str]:
    """The states of which a name or an adjective stands among some words."""
    return {
        f"state {e.place.country or fold(e.name)}"
        for e in reading.entities
        if is_state(e) and e.place is not None and any(fold(reading.words(m)) in words for m in e.mentions)
    }

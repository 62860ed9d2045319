"""Titles: the finding in one sentence, `5 killed and 16 or more injured in a shelling in Kherson, 12 June 2023`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from ascertain.records import Fact, HarmKind, Incident, IncidentPlace, Period

WORDS = {kind.value: kind.value.replace("_", " ") for kind in HarmKind}
MASS_NOUNS = frozenset({"torture", "sexual violence", "displacement", "looting", "fighting", "destruction"})
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def title_of(kind: str | None, place: IncidentPlace | None, period: Period, facts: Sequence[Fact]) -> str:
    """A sentence that says the finding."""
    said = [f"{range_of(f)} {WORDS[f.attribute]}" for f in facts if f.attribute in WORDS]
    where = f" in {place.name}" if place else ", place not stated"
    when = f", {spoken(period)}"
    what = kind or "incident"
    if kind in {"bodies found", "detention", "abduction", "displacement"} and said:
        return f"{_capital(said[0])}{where}{when}"
    if not said:
        return f"{_capital(_article(what))}{where}{when}"
    return f"{_capital(' and '.join(said[:2]))} in {_article(what)}{where}{when}"


def retitled(incident: Incident, proposed: Incident | None) -> Incident:
    """An incident under a title that says what people have decided; where its figures and place are as proposed, under the proposed one."""
    if proposed is None or _told(incident) == _told(proposed):
        return incident
    return attrs.evolve(incident, title=title_of(incident.kind, incident.place, incident.time, incident.facts))


def _told(incident: Incident) -> tuple[object, ...]:
    """What a title is made from."""
    place = incident.place.name if incident.place else None
    return (place, incident.time, *((f.attribute, f.at_least, f.at_most) for f in incident.facts if f.attribute in WORDS))


def _article(what: str) -> str:
    if what in MASS_NOUNS or what == "bodies found":
        return what
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def range_of(fact: Fact) -> str:
    """A number fact's range in words."""
    if fact.at_least is not None and fact.at_most is None:
        return f"{fact.at_least:,} or more"
    if fact.at_least is None and fact.at_most is not None:
        return f"up to {fact.at_most:,}"
    if fact.at_least is None:
        return "an open number of"
    if fact.at_least == fact.at_most:
        return f"{'about ' if fact.approximate else ''}{fact.at_least:,}"
    return f"{fact.at_least:,}–{fact.at_most:,}"


def spoken(period: Period) -> str:
    """A period in words."""
    if period.earliest is None or period.latest is None:
        return "day not stated"
    first, last = date.fromisoformat(period.earliest), date.fromisoformat(period.latest)
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {MONTHS[last.month - 1]} {last.year}"
    return f"{first.day} {MONTHS[first.month - 1]} to {last.day} {MONTHS[last.month - 1]} {last.year}"

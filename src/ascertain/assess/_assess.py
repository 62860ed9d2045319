"""Assess clusters: place, time and kind of each incident, its origins, its facts, its title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from ascertain.assess._facts import actor_fact, grade_of, number_facts, worded_fact
from ascertain.assess._origins import Voice, merge_sources, origins_of, voices_of
from ascertain.assess._when import days_of_events
from ascertain.records import (
    Actuality,
    Cluster,
    CopyGroup,
    EntityType,
    Event,
    EventType,
    Fact,
    Findings,
    Incident,
    IncidentPlace,
    Linking,
    Mention,
    Period,
    Place,
    Reading,
)  # fmt: skip

VERSION = "1"
FINE = {"city": 0, "district": 1, "region": 2, "area": 2, "country": 3}
VAGUE = {"killing", "injuring", "attack", "destruction", "explosion"}
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def assess(linking: Linking, readings: Sequence[Reading]) -> Findings:
    """Propose what is known about each cluster.

    Returns:
        Incidents with the most origins first, then by day and id; every fact with its claims and reasons.
    """
    by_id = {r.document.id: r for r in readings}
    incidents = [_incident(c, linking.copies, by_id) for c in linking.clusters if all(m.document in by_id for m in c.mentions)]
    incidents.sort(key=lambda i: (-len(i.documents), i.time.earliest or "", i.id))
    return Findings(linking.copies, tuple(incidents))


def _incident(cluster: Cluster, copies: Sequence[CopyGroup], readings: Mapping[str, Reading]) -> Incident:
    events = [(m, _event(readings[m.document], m)) for m in cluster.mentions]
    voices, sources = voices_of(cluster, readings)
    groups = merge_sources(sources, copies, readings)
    origins = origins_of(voices, sources, groups, readings)
    place = _place(events, readings)
    period = days_of_events(events, readings)
    kind_of_event, kind = _kind(events)
    facts: list[Fact] = number_facts(cluster, voices, origins, groups, readings)
    actor = actor_fact(cluster, voices, origins, groups, readings)
    paired: list[tuple[Voice, Event]] = [(v, next(e for e in readings[v.document].events if e.id == v.event)) for v in voices]
    more = (
        actor,
        worded_fact("place", place.name if place else None, paired, origins, groups),
        worded_fact("time", _days(period), paired, origins, groups),
    )
    facts += [f for f in more if f is not None]
    listed = tuple(origins[n] for n in sorted(origins, key=lambda n: (-len(origins[n].documents), origins[n].name)))
    documents = tuple(sorted({m.path for m in cluster.mentions}))
    return Incident(
        cluster.id, kind_of_event, kind, place, period, documents, cluster.mentions, listed, tuple(facts), _title(kind, place, period, facts),
        grade_of(facts, listed), cluster.links,
    )  # fmt: skip


def _event(reading: Reading, mention: Mention) -> Event:
    return next(e for e in reading.events if e.id == mention.event)


def _place(events: Sequence[tuple[Mention, Event]], readings: Mapping[str, Reading]) -> IncidentPlace | None:
    """The place that most documents give, the finer before the coarser; a correction's place weighs double."""
    votes: Counter[tuple[str, float, float]] = Counter()
    known: dict[tuple[str, float, float], tuple[str, Place]] = {}
    for document in sorted({m.document for m, _ in events}):
        seen: Counter[str] = Counter(
            e.place for m, e in events if m.document == document and e.place and e.actuality is not Actuality.DENIED
        )
        if not seen:
            continue
        entities = {e.id: e for e in readings[document].entities}
        for key, count in seen.items():
            entity = entities.get(key)
            if entity is None or entity.type is not EntityType.PLACE or entity.place is None:
                continue
            point = (str(entity.place.geonames), round(entity.place.lat, 3), round(entity.place.lon, 3))
            votes[point] += (100 * count) // sum(seen.values())
            known[point] = (entity.name, entity.place)
    if not votes:
        return None
    best = max(votes, key=lambda p: (-min(FINE.get(known[p][1].feature or "", 2), 2) * 40 + votes[p], p))
    name, place = known[best]
    return IncidentPlace(name, place.lat, place.lon, place.geonames, place.country, place.radius_km)


def _kind(events: Sequence[tuple[Mention, Event]]) -> tuple[EventType, str | None]:
    """Type and kind that most mentions bear; kinds that only say harm yield to those that say how."""
    told = [e for _, e in events if e.actuality is not Actuality.DENIED] or [e for _, e in events]
    if any(e.kind == "bodies found" for e in told):
        return EventType.DISCOVER, "bodies found"
    telling = [e for e in told if e.kind and e.kind not in VAGUE] or told
    (kind_of_event, kind), _ = max(Counter((e.type, e.kind) for e in telling).items(), key=lambda item: (item[1], str(item[0])))
    return kind_of_event, kind


def _days(period: Period) -> str | None:
    if period.earliest is None or period.latest is None:
        return None
    return period.earliest if period.earliest == period.latest else f"{period.earliest} to {period.latest}"


def _title(kind: str | None, place: IncidentPlace | None, period: Period, facts: Sequence[Fact]) -> str:
    """A sentence that says the finding: `5 killed and 16 or more injured in a shelling in Kherson, 12 June 2023`."""
    said = [f"{_range(f)} {WORDS[f.attribute]}" for f in facts if f.attribute in WORDS]
    where = f" in {place.name}" if place else ", place not stated"
    when = f", {_spoken(period)}"
    what = kind or "incident"
    if kind == "bodies found" and said:
        return f"{_capital(said[0])}{where}{when}"
    if not said:
        return f"{_capital(_article(what))}{where}{when}"
    joined = " and ".join(said[:2])
    return f"{_capital(joined)} in {_article(what)}{where}{when}"


WORDS = {
    "killed": "killed",
    "injured": "injured",
    "detained": "detained",
    "missing": "missing",
    "displaced": "displaced",
    "bodies_found": "bodies found",
}
PLAIN = {"bombing", "shelling", "shooting", "looting", "beating", "torture", "displacement", "sexual violence", "destruction", "fighting"}


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _range(fact: Fact) -> str:
    if fact.at_least is not None and fact.at_most is None:
        return f"{fact.at_least:,} or more"
    if fact.at_least is None and fact.at_most is not None:
        return f"up to {fact.at_most:,}"
    if fact.at_least == fact.at_most:
        return f"{'about ' if fact.approximate else ''}{fact.at_least:,}"
    return f"{fact.at_least:,}–{fact.at_most:,}"


def _spoken(period: Period) -> str:
    if period.earliest is None or period.latest is None:
        return "day not stated"
    first, last = date.fromisoformat(period.earliest), date.fromisoformat(period.latest)
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {MONTHS[last.month - 1]} {last.year}"
    return f"{first.day} {MONTHS[first.month - 1]} to {last.day} {MONTHS[last.month - 1]} {last.year}"

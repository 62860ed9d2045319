"""Assess clusters: of each its place, time and kind, its origins, its facts, its title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import attrs

from ascertain.assess._actors import actor_fact
from ascertain.assess._chain import Chain, follow
from ascertain.assess._facts import number_facts
from ascertain.assess._outlets import outlets_of
from ascertain.assess._reasons import credibility_of, status_reason
from ascertain.assess._rules import cite, listed, rules
from ascertain.assess._settings import kind_of, period_of, place_of, settings_by_mention, settings_of
from ascertain.assess._sources import fold, is_acronym, own_source
from ascertain.assess._tellings import Telling, Tellings
from ascertain.assess._titles import title_of
from ascertain.assess._voices import Hearing, Known, hear
from ascertain.records import (
    Cluster,
    CopyGroup,
    EntityType,
    Fact,
    Findings,
    Incident,
    IncidentPlace,
    Linking,
    Origin,
    Period,
    Reading,
    Setting,
    Shelf,
    Stance,
    Status,
    shelved,
    without_borrowed_points,
)  # fmt: skip

VERSION = "5"
SHORT_NAME = 2  # words of an outlet's short name


def assess(linking: Linking, readings: Sequence[Reading]) -> Findings:
    """Propose what is known about each cluster.

    Returns:
        Incidents with the most documents first, then by day and id; every fact with its claims and reasons.
    """
    shelf = shelved(readings)
    known = _known(shelf)
    settings = settings_by_mention(linking.settings)
    copies = _copy_groups(linking.copies)
    told = Tellings(linking, shelf)
    incidents = [_incident(c, told.of(c), settings, copies, known) for c in told.clusters]
    incidents.sort(key=lambda i: (-len(i.documents), i.time.earliest or "", i.id))
    return Findings(linking.copies, tuple(incidents))


def _known(readings: Shelf) -> Known:
    outlets: dict[str, str] = {}
    towns: set[str] = set()
    for reading in readings:
        if reading.document.publisher:
            outlets |= dict.fromkeys(_names_of_outlet(reading), reading.document.publisher)
        towns |= {fold(e.name) for e in without_borrowed_points(reading).entities if e.place is not None and e.place.feature != "country"}
    return Known(outlets_of(outlets), frozenset(towns))


def _names_of_outlet(reading: Reading) -> list[str]:
    """An outlet's name, folded, and others by which it is called: the full name of an acronym, the first words of a long name."""
    publisher = reading.document.publisher or ""
    folded = fold(publisher)
    names = [folded]
    if publisher.isupper():
        full = (e.name for e in reading.entities if e.type is EntityType.ORGANISATION)
        names += [fold(name) for name in full if is_acronym(folded, name)]
    short = folded.split()[:SHORT_NAME]
    if len(folded.split()) > SHORT_NAME and set(short) & listed("relay", "outlets"):
        names.append(" ".join(short))
    return names


def _copy_groups(groups: Sequence[CopyGroup]) -> dict[str, CopyGroup]:
    return {path: group for group in groups for path in group.documents}


def _incident(
    cluster: Cluster,
    tellings: Sequence[Telling],
    settings: Mapping[tuple[str, str], Setting],
    copies: Mapping[str, CopyGroup],
    known: Known,
) -> Incident:
    heard, widened = _heard_once(tellings, copies)
    by_path = {t.path: t.publisher for t in tellings}
    publishers = {path: frozenset(p for other in paths if (p := by_path.get(other))) for path, paths in widened.items()}
    hearings = [hear(t, known) for t in heard]
    chain = follow(hearings, widened, publishers)
    if not chain.origins:
        hearings = [attrs.evolve(h, rests_on=own_source(h.telling)) for h in hearings]
        chain = follow(hearings, widened, publishers)
    voting = [h.telling for h in hearings if h.rests_on is None or h.rests_on.key not in chain.relayed] or heard
    where = [settings_of(t, settings) for t in voting]
    kind_of_event, kind = kind_of(voting)
    place, period = place_of(where), _period(voting, where, kind)
    facts = _facts(hearings, chain, place, period, bodies=kind == "bodies found")
    listed = tuple(sorted(chain.origins.values(), key=lambda o: (-len(o.documents), o.name)))
    documents = tuple(sorted({*(m.path for m in cluster.mentions), *(t.path for t in tellings)}))
    return Incident(
        cluster.id, kind_of_event, kind, place, period, documents, cluster.mentions, listed, tuple(facts), title_of(kind, place, period, facts),
        grade_of(facts, listed), cluster.links,
    )  # fmt: skip


def _period(tellings: Sequence[Telling], where: Sequence[Sequence[Setting]], kind: str | None) -> Period:
    """The days; of finds by those alone who tell of the find, for the others may tell of the killing."""
    if kind != "bodies found":
        return period_of(where, finds=False)
    finding = [told for telling, told in zip(tellings, where, strict=True) if any(e.kind == kind for e in telling.events)]
    return period_of(finding or where, finds=True)


def _heard_once(tellings: Sequence[Telling], copies: Mapping[str, CopyGroup]) -> tuple[list[Telling], dict[str, tuple[str, ...]]]:
    """Of copies only the telling that is heard for all; and for its path all their paths."""
    groups: dict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        group = copies.get(telling.path)
        groups[f"copies {group.documents[0]}" if group is not None else f"alone {telling.document}"].append(telling)
    heard, widened = [], {}
    for members in groups.values():
        best = min(members, key=lambda t: (not _is_fullest(t, copies), -len(t.events), t.day or "9999", t.document))
        heard.append(best)
        widened[best.path] = tuple(sorted(t.path for t in members))
    return sorted(heard, key=lambda t: (t.day or "", t.path, t.document)), widened


def _is_fullest(telling: Telling, copies: Mapping[str, CopyGroup]) -> bool:
    group = copies.get(telling.path)
    return group is not None and group.fullest == telling.path


def _facts(hearings: Sequence[Hearing], chain: Chain, place: IncidentPlace | None, period: Period, *, bodies: bool) -> list[Fact]:
    facts = number_facts(hearings, chain, bodies=bodies)
    more = (
        actor_fact(hearings, chain),
        _worded_fact("place", place.name if place else None, hearings, chain),
        _worded_fact("time", _days(period), hearings, chain),
    )
    return facts + [f for f in more if f is not None]


def _worded_fact(attribute: str, value: str | None, hearings: Sequence[Hearing], chain: Chain) -> Fact | None:
    """Place or time as a fact: its words, and who says so."""
    telling = [h for h in hearings if any(not t.denies for t in h.testimonies) or h.rests_on is not None]
    names = tuple(sorted({o.name for o in chain.origins.values() if o.stance is not Stance.DENIES}))
    if value is None or not names:
        return None
    status = Status.CORROBORATED if len(names) > 1 else Status.ALLEGED
    reason = f"{len(telling)} documents resting on {len(names)} origin{'s' if len(names) > 1 else ''} give it as {value} {cite(attribute)}."
    return Fact(
        attribute, status, credibility_of(status, names), value=value, origins=names, reasons=(reason, status_reason(status, names))
    )  # fmt: skip


def _days(period: Period) -> str | None:
    if period.earliest is None or period.latest is None:
        return None
    return period.earliest if period.earliest == period.latest else f"{period.earliest} to {period.latest}"


def grade_of(facts: Sequence[Fact], origins: Sequence[Origin]) -> str:
    """Airwars pre-grade, a proposal: contested where the actor is, fair with two asserting origins or more, else weak."""
    table = rules()["grade"]
    if any(f.attribute == "actor" and f.status is Status.CONTESTED for f in facts):
        return str(table["contested"])
    asserting = [o for o in origins if o.stance is not Stance.DENIES]
    return str(table["several"] if len(asserting) > 1 else table["single"])

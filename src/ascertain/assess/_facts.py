"""Facts: what each origin says last about each attribute, the hull of it, where they contradict each other, and why we say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ascertain.assess._origins import Voice
from ascertain.assess._rules import marks, rules
from ascertain.records import (
    Actuality,
    Claim,
    Cluster,
    Entity,
    EntityType,
    Event,
    EventType,
    Fact,
    HarmKind,
    Origin,
    OriginKind,
    Participant,
    Quantity,
    Reading,
    Role,
    Span,
    Stance,
    Status,
)  # fmt: skip

NUMBERS = tuple(kind.value for kind in HarmKind)
MAX_PASSAGES = 3  # passages that a reason quotes


def number_facts(
    cluster: Cluster,
    voices: Sequence[Voice],
    origins: Mapping[int, Origin],
    groups: Mapping[tuple[str, str], int],
    readings: Mapping[str, Reading],
) -> list[Fact]:
    """Facts about numbers of people, in the contract's order."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for voice in voices:
        reading = readings[voice.document]
        event = next(e for e in reading.events if e.id == voice.event)
        if voice.denies or event.actuality is Actuality.DENIED:
            continue
        quantities = {q.id: q for q in reading.quantities}
        for harm in event.harms:
            quantity = quantities.get(harm.quantity or "")
            if (
                quantity is not None
                and quantity.part_of is None
                and not _withdrawn(reading, quantity)
                and (quantity.at_least, quantity.at_most) != (0, 0)
            ):
                claims[harm.kind.value].append(_claim(voice, origins[groups[voice.source]], reading, quantity.passage, quantity=quantity))
    if claims.get("bodies_found"):
        claims.pop("killed", None)  # where bodies are found the dead are counted once
    del cluster
    return [_number_fact(attribute, claims[attribute]) for attribute in NUMBERS if claims.get(attribute)]


def _withdrawn(reading: Reading, quantity: Quantity) -> bool:
    """Whether a number stands in a correction as what was wrong."""
    text = reading.document.text
    if not any(mark.search(text[:400]) for mark in marks("withdrawn")):
        return False
    start = max(text.rfind(". ", 0, quantity.passage.start), text.rfind("\n", 0, quantity.passage.start)) + 1
    stop = text.find(". ", quantity.passage.end)
    sentence = text[start : stop if stop >= 0 else len(text)]
    return (
        re.search(
            r"\b(had been|wrongly|incorrectly|said that a|from (?:a|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b)", sentence
        )
        is not None
        and "wrong" in text[:1500]
    )


def _claim(
    voice: Voice,
    origin: Origin,
    reading: Reading,
    passage: Span,
    *,
    quantity: Quantity | None = None,
    value: str | None = None,
    stance: Stance | None = None,
) -> Claim:
    statements = {s.id: s for s in reading.statements}
    said = statements.get(voice.statement or "")
    published = reading.document.published.value[:10] if reading.document.published else None
    return Claim(
        origin=origin.name, document=voice.document, path=reading.document.path, passage=passage,
        stance=stance or (Stance.DENIES if voice.denies else said.stance if said else Stance.ASSERTS),
        at_least=quantity.at_least if quantity else None, at_most=quantity.at_most if quantity else None, value=value,
        approximate=quantity.approximate if quantity else False, said_on=published, event=voice.event, statement=voice.statement, relayed_by=voice.relayed_by,
    )  # fmt: skip


def _number_fact(attribute: str, claims: Sequence[Claim]) -> Fact:
    marked = _last_words(claims)
    last = {c.origin: c for c in marked if not c.superseded}
    lows = [c.at_least for c in last.values()]
    highs = [c.at_most for c in last.values()]
    at_least = min((low for low in lows if low is not None), default=None)
    at_most = None if None in highs else max(h for h in highs if h is not None)
    if None in lows:
        at_least = None
    meet = _all_meet(list(last.values()))
    status = Status.ALLEGED if len(last) == 1 else Status.CORROBORATED if meet else Status.CONTESTED
    contradicted = tuple(sorted({c.origin for c in last.values() if any(not _meet(c, o) for o in last.values())})) if not meet else ()
    named = all(_named(origin) for origin in last)
    reasons = _number_reasons(attribute, marked, last, status)
    return Fact(
        attribute, status, _credibility(status, len(last), named=named), at_least, at_most, None,
        any(c.approximate for c in last.values()), tuple(sorted(last)), contradicted, reasons, tuple(marked),
    )  # fmt: skip


def _last_words(claims: Iterable[Claim]) -> list[Claim]:
    """Claims in order of time, those that their origin replaced marked: later days win; within a day the higher number does."""
    ordered = sorted(
        set(claims), key=lambda c: (c.said_on or "", c.at_least if c.at_least is not None else (c.at_most or 0), c.path, c.passage)
    )
    best: dict[str, Claim] = {}
    for claim in ordered:
        best[claim.origin] = claim
    same = {(c.origin, c.at_least, c.at_most) for c in best.values()}
    return [attrs.evolve(c, superseded=(c.origin, c.at_least, c.at_most) not in same) for c in ordered]


def _meet(one: Claim, other: Claim) -> bool:
    low = max(one.at_least or 0, other.at_least or 0)
    highs = [h for h in (one.at_most, other.at_most) if h is not None]
    return not highs or low <= min(highs)


def _all_meet(claims: Sequence[Claim]) -> bool:
    return all(_meet(a, b) for a in claims for b in claims)


def _named(origin: str) -> bool:
    return origin[:1].isupper()


def _credibility(status: Status, count: int, *, named: bool) -> int:
    table = rules()["credibility"]
    if status is Status.CORROBORATED:
        return int(table["corroborated_by_three"] if count >= 3 else table["corroborated"])
    if status is Status.CONTESTED:
        return int(table["contested"])
    return int(table["single_named"] if named else table["single_unnamed"])


def _number_reasons(attribute: str, claims: Sequence[Claim], last: Mapping[str, Claim], status: Status) -> tuple[str, ...]:
    label = attribute.replace("_", " ")
    reasons = []
    for origin, claim in sorted(last.items()):
        paths = sorted({c.path for c in claims if c.origin == origin})
        reasons.append(
            f"{origin} says {_interval(claim)} {label} ({claim.path}[{claim.passage.start}:{claim.passage.end}]"
            + (f"; in {len(paths)} documents, one origin [rule: copies])." if len(paths) > 1 else ").")
        )
    for claim in claims:
        if claim.superseded:
            reasons.append(
                f"{claim.origin} said {_interval(claim)} before ({claim.path}[{claim.passage.start}:{claim.passage.end}]); its last word counts [rule: last word]."
            )
    reasons.append(_status_reason(status, list(last)))
    return tuple(reasons)


def _status_reason(status: Status, origins: Sequence[str]) -> str:
    names = " and ".join(sorted(origins)) if len(origins) < 4 else f"{len(origins)} origins"
    if status is Status.CORROBORATED:
        return f"{names} say so independently and their numbers meet [rule: corroborated]. A denial, or a number that does not meet theirs, would contest it."
    if status is Status.CONTESTED:
        return f"{names} contradict each other [rule: contested]. A later word of one of them could settle it."
    return f"Only {names} says so [rule: alleged]. A second, independent origin would corroborate it."


def _interval(claim: Claim) -> str:
    if claim.at_most is None:
        return f"{claim.at_least} or more"
    if claim.at_least is None:
        return f"up to {claim.at_most}"
    if claim.at_least == claim.at_most:
        return f"{'about ' if claim.approximate else ''}{claim.at_least}"
    return f"{claim.at_least} to {claim.at_most}"


# --- actors


def actor_fact(
    cluster: Cluster,
    voices: Sequence[Voice],
    origins: Mapping[int, Origin],
    groups: Mapping[tuple[str, str], int],
    readings: Mapping[str, Reading],
) -> Fact | None:
    """Who is held responsible: actors of the mentions, and those whom somebody accuses in the same documents."""
    claims: list[Claim] = []
    denied: list[Claim] = []
    for voice in voices:
        reading = readings[voice.document]
        event = next(e for e in reading.events if e.id == voice.event)
        origin = origins[groups[voice.source]]
        if voice.denies:
            denied.append(_claim(voice, origin, reading, event.trigger, value=None, stance=Stance.DENIES))
            continue
        for participant in event.participants:
            value = _actor_value(reading, participant)
            if participant.role is Role.ACTOR and value is not None:
                claims.append(_claim(voice, origin, reading, participant.passage, value=value))
        claims += _accusations(voice, origin, reading)
    del cluster
    if not claims:
        return None
    names = _by_actor(claims)
    value, holders = max(names.items(), key=lambda item: (len({c.origin for c in item[1]}), len(item[1]), item[0]))
    vouching = tuple(sorted({c.origin for c in holders}))
    against = tuple(sorted({c.origin for c in denied} - set(vouching)))
    status = Status.CONTESTED if against else Status.CORROBORATED if len(vouching) > 1 else Status.ALLEGED
    reasons = [f"{' and '.join(vouching)} name {value} ({holders[0].path}[{holders[0].passage.start}:{holders[0].passage.end}])."]
    if against:
        reasons.append(
            f"{' and '.join(against)} deny it ({denied[0].path}[{denied[0].passage.start}:{denied[0].passage.end}]) [rule: contested]."
        )
    others = sorted(set(names) - {value})
    if others:
        reasons.append(f"Also named: {', '.join(others)}.")
    reasons.append(_status_reason(status, vouching) if not against else "Evidence of what was fired from where would settle it.")
    credibility = _credibility(status, len(vouching), named=all(_named(o) for o in vouching))
    return Fact(
        "actor",
        status,
        credibility,
        value=value,
        origins=vouching,
        contradicted_by=against,
        reasons=tuple(reasons),
        claims=tuple(sorted(set(claims + denied), key=lambda c: (c.path, c.passage))),
    )


def _by_actor(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Claims by the actor meant: names that share their telling word (a country, an acronym) are one."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        value = claim.value or ""
        home = next((name for name in found if _actors_agree(name, value)), None)
        if home is None:
            found[value] = [claim]
        else:
            found[home].append(claim)
    return {max((c.value or "" for c in group), key=len): group for group in found.values()}


def _actors_agree(one: str, other: str) -> bool:
    first = {w.casefold() for w in re.findall(r"\w+", one) if w[:1].isupper()}
    second = {w.casefold() for w in re.findall(r"\w+", other) if w[:1].isupper()}
    return bool(first & second) or one.casefold() == other.casefold()


def _actor_value(reading: Reading, participant: Participant) -> str | None:
    """The actor's name with the state behind an adjective: `Russian artillery (Russia)`; None for those who are nobody in particular."""
    entities = {e.id: e for e in reading.entities}
    entity = entities.get(participant.entity or "")
    words = reading.words(participant.passage)
    if entity is not None and entity.type is EntityType.PLACE:
        return (
            f"{words} ({entity.place.admin[-1] if entity.place and entity.place.admin else entity.name})"
            if words.casefold() != entity.name.casefold()
            else entity.name
        )
    country = _country(reading, participant.passage)
    if entity is not None and entity.type in {EntityType.ARMED_ACTOR, EntityType.ORGANISATION, EntityType.GROUP}:
        name = entity.name if entity.name[:1].isupper() else words
        if (
            not country
            and not any(w[:1].isupper() for w in name.split())
            and entity.type is not EntityType.ARMED_ACTOR
            and "intelligence" not in name
            and "police" not in name
        ):
            return None
        return f"{name} ({country})" if country and country not in name else name
    return f"{words} ({country})" if country else None


def _country(reading: Reading, passage: Span) -> str | None:
    for entity in reading.entities:
        if (
            entity.type is EntityType.PLACE
            and entity.place is not None
            and entity.place.feature == "country"
            and any(passage.start <= m.start < passage.end for m in entity.mentions)
        ):
            return entity.name
    return None


def _accusations(voice: Voice, origin: Origin, reading: Reading) -> list[Claim]:
    """Whom the origin accuses elsewhere in the document."""
    entities: dict[str, Entity] = {e.id: e for e in reading.entities}
    found = []
    for event in reading.events:
        if event.type is not EventType.ACCUSE or event.actuality is Actuality.DENIED:
            continue
        actors = [entities.get(p.entity or "") for p in event.participants if p.role is Role.ACTOR]
        if not any(
            a is not None and (a.name in {origin.name, *origin.also_called} or a.name.split()[-1] == origin.name.split()[-1])
            for a in actors
        ):
            continue
        for participant in event.participants:
            value = _actor_value(reading, participant) if participant.role is Role.RECIPIENT else None
            if value is not None:
                found.append(_claim(voice, origin, reading, participant.passage, value=value, stance=Stance.ALLEGES))
    return found


# --- place and time


def worded_fact(
    attribute: str,
    value: str | None,
    events: Sequence[tuple[Voice, Event]],
    origins: Mapping[int, Origin],
    groups: Mapping[tuple[str, str], int],
) -> Fact | None:
    """Place or time as a fact: its words, and who says so."""
    if value is None:
        return None
    names = tuple(sorted({origins[groups[v.source]].name for v, _ in events if not v.denies}))
    if not names:
        return None
    status = Status.CORROBORATED if len(names) > 1 else Status.ALLEGED
    reason = f"{len({v.document for v, _ in events})} documents resting on {len(names)} origins put it there [rule: origin]."
    return Fact(
        attribute,
        status,
        _credibility(status, len(names), named=all(_named(n) for n in names)),
        value=value,
        origins=names,
        reasons=(reason,),
    )


def grade_of(facts: Sequence[Fact], origins: Sequence[Origin]) -> str:
    """Airwars pre-grade, a proposal: contested where the actor is, fair with two origins or more, else weak."""
    table = rules()["grade"]
    if any(f.attribute == "actor" and f.status is Status.CONTESTED for f in facts):
        return str(table["contested"])
    asserting = [o for o in origins if (o.stance is not Stance.DENIES and o.kind is not OriginKind.OUTLET) or o.stance is not Stance.DENIES]
    return str(table["several"] if len(asserting) > 1 else table["single"])

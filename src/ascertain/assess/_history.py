"""History: what was known on a day, and what has changed between two days, in sentences.

then = as_known_on(readings, "2023-06-13")
changes(findings_of(then), findings_of(readings))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from ascertain.assess._reasons import interval_of, passage_of
from ascertain.assess._titles import range_of
from ascertain.records import Claim, Fact, Findings, Incident, Reading, Status


@attrs.frozen
class Change:
    """What has changed in one fact of one incident between two states of a case.

    Attributes:
        incident: title of the incident in the later state; in the earlier one where it is gone.
        attribute: of the fact; None where the incident itself came or went.
        before, after: the values in words; None where there was or is none.
        because: sentences that name the claims that came or went.
    """

    incident: str
    attribute: str | None
    before: str | None
    after: str | None
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`killed: 3 or more → 5, because …`."""
        what = self.attribute.replace("_", " ") if self.attribute else "incident"
        why = f", because {'; '.join(self.because)}" if self.because else ""
        return f"{what}: {self.before or 'not known'} → {self.after or 'no longer told'}{why}"


def as_known_on(readings: Sequence[Reading], day: str, collected: Mapping[str, str] | None = None) -> list[Reading]:
    """The readings that could be known on a day: published, and where `collected` tells when, taken into the case by then.

    Args:
        day: ISO 8601, included.
        collected: for each document id the day or time of its first capture.

    Returns:
        The readings in their order; those without a date only where they were collected by then.
    """

    def known(reading: Reading) -> bool:
        published = reading.document.published
        taken = (collected or {}).get(reading.document.id)
        told = published is None or published.value[:10] <= day
        return told and (taken is None or taken[:10] <= day) and (published is not None or taken is not None)

    return [reading for reading in readings if known(reading)]


def changes(before: Findings, after: Findings) -> tuple[Change, ...]:
    """What has changed from one state of a case to another, by incident and attribute.

    Incidents are matched by the mentions that they share, so that an incident keeps its history when documents join it.
    """
    matched = _matched(before, after)
    found: list[Change] = []
    for incident in after.incidents:
        earlier = matched.get(incident.id)
        if earlier is None:
            found.append(Change(_name(incident), None, None, _name(incident)))
        else:
            found += _fact_changes(earlier, incident)
    kept = {incident.id for incident in matched.values()}
    found += [Change(_name(i), None, _name(i), None) for i in before.incidents if i.id not in kept]
    return tuple(found)


def _name(incident: Incident) -> str:
    return incident.title or incident.id


def _matched(before: Findings, after: Findings) -> dict[str, Incident]:
    """For each later incident the earlier one that shares most mentions with it; each earlier one once, the best pairs first."""
    held = {(m.document, m.event): i for i in before.incidents for m in i.mentions}
    shares = []
    for later in after.incidents:
        counts: dict[str, int] = {}
        for mention in later.mentions:
            earlier = held.get((mention.document, mention.event))
            if earlier is not None:
                counts[earlier.id] = counts.get(earlier.id, 0) + 1
        shares += [(-count, later.id, earlier_id) for earlier_id, count in counts.items()]
    by_id = {i.id: i for i in before.incidents}
    found: dict[str, Incident] = {}
    taken: set[str] = set()
    for _, later_id, earlier_id in sorted(shares):
        if later_id not in found and earlier_id not in taken:
            found[later_id] = by_id[earlier_id]
            taken.add(earlier_id)
    return found


def _fact_changes(before: Incident, after: Incident) -> list[Change]:
    facts = {f.attribute: f for f in before.facts}
    found = []
    for fact in after.facts:
        known = facts.pop(fact.attribute, None)
        if known is None or told(known) != told(fact):
            found.append(Change(_name(after), fact.attribute, told(known) if known else None, told(fact), _because(known, fact)))
    found += [Change(_name(after), gone.attribute, told(gone), None) for gone in facts.values()]
    return found


def told(fact: Fact) -> str:
    """A fact in words: its range or value, and how far it is carried."""
    value = fact.value if fact.value is not None else range_of(fact)
    return f"{value} ({fact.status.value})" if fact.status is not Status.CORROBORATED else value


def _because(before: Fact | None, after: Fact) -> tuple[str, ...]:
    """The claims that are new, as `Pavlo Sydorchuk says 5 (08-estuary.txt[…])`."""
    known = {_key(c) for c in before.claims} if before else set()
    new = [c for c in after.claims if _key(c) not in known and not c.superseded]
    first: dict[str, Claim] = {}
    for claim in sorted(new, key=lambda c: (c.origin, c.said_on or "", c.path, c.passage)):
        first.setdefault(claim.origin, claim)
    return tuple(f"{origin} {_says(claim)} ({passage_of(claim)})" for origin, claim in sorted(first.items()))


def _key(claim: Claim) -> tuple[object, ...]:
    return claim.document, claim.passage, claim.origin, claim.value


def _says(claim: Claim) -> str:
    if claim.value is not None:
        return f"names {claim.value}"
    if claim.at_least is None and claim.at_most is None:
        return "denies it"
    return f"says {interval_of(claim)}"

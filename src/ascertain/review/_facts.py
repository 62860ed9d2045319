"""Confirmations, corrections, establishing and refuting: people's word over the software's proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from ascertain.records import Decision, DecisionKind, Fact, Findings, Incident, IncidentPlace, Reading, Status
from ascertain.records.names import person_key
from ascertain.review._links import Places, best_match, standing

REVIEWERS_TO_ESTABLISH = 2  # the two-person rule


def apply_facts(findings: Findings, decisions: Sequence[Decision], readings: Sequence[Reading]) -> Findings:
    """Lay people's standing decisions over the assessed incidents; claims and contradictions stay as they are.

    A fact is `established` when two different reviewers have said so of the same value, `refuted` when one has; of each reviewer the
    last word counts. A correction keeps
    its interval or value through later runs. Every decision adds a sentence to the reasons.
    """
    if not decisions:
        return findings
    places = Places.of(readings)
    by_incident: dict[str, list[Decision]] = {}
    for decision in standing(decisions):
        home = best_match(decision.anchor, findings.incidents, places)
        if home is not None:
            by_incident.setdefault(home, []).append(decision)
    return attrs.evolve(findings, incidents=tuple(_decided(i, by_incident.get(i.id, [])) for i in findings.incidents))


def _decided(incident: Incident, decisions: list[Decision]) -> Incident:
    if not decisions:
        return incident
    facts = {fact.attribute: fact for fact in incident.facts}
    for attribute in dict.fromkeys(d.attribute for d in decisions if d.attribute):
        about = [d for d in decisions if d.attribute == attribute]
        decided = _decided_fact(facts.get(attribute), attribute, about)
        if decided is not None:
            facts[attribute] = decided
    notes = tuple(_sentence(d) for d in decisions if d.attribute is None and d.kind not in {DecisionKind.MERGE, DecisionKind.SPLIT})
    return attrs.evolve(
        incident, facts=tuple(facts.values()), place=_place(decisions) or incident.place, links=incident.links + notes, reviewed=True
    )


def _place(decisions: Sequence[Decision]) -> IncidentPlace | None:
    """The point that a person chose last; a place that was corrected in words alone keeps the point that the software found."""
    points = [d.value["point"] for d in decisions if d.kind is DecisionKind.CORRECT and d.attribute == "place" and d.value.get("point")]
    return IncidentPlace(**points[-1]) if points else None


def _decided_fact(fact: Fact | None, attribute: str, decisions: list[Decision]) -> Fact | None:
    for decision in decisions:
        if decision.kind is DecisionKind.CORRECT:
            fact = _corrected(fact, attribute, decision)
        elif fact is not None:
            fact = attrs.evolve(fact, reasons=(*fact.reasons, _sentence(decision)))
    if fact is None:
        return None
    return _with_status(fact, decisions)


def _corrected(fact: Fact | None, attribute: str, decision: Decision) -> Fact:
    at_least, at_most, value = (decision.value.get(key) for key in ("at_least", "at_most", "value"))
    base = fact or Fact(attribute=attribute, status=Status.ALLEGED, credibility=6)
    return attrs.evolve(
        base, at_least=at_least, at_most=at_most, value=value if value is not None else (None if at_least is not None else base.value),
        decided_by=_with(base.decided_by, decision.reviewer), reasons=(*base.reasons, _sentence(decision)),
    )  # fmt: skip


def _with_status(fact: Fact, decisions: list[Decision]) -> Fact:
    last_words = {person_key(d.reviewer): d for d in decisions if d.kind in {DecisionKind.REFUTE, DecisionKind.ESTABLISH}}
    refuting = [d for d in last_words.values() if d.kind is DecisionKind.REFUTE]
    agreeing = sorted((d for d in last_words.values() if d.kind is DecisionKind.ESTABLISH), key=decisions.index)
    refuters = [d.reviewer for d in refuting]
    value = agreeing[-1].value if agreeing else None
    establishers = [d.reviewer for d in agreeing if d.value == value]
    if refuters and establishers:
        return attrs.evolve(
            fact, reasons=(*fact.reasons, "Reviewers disagree (established and refuted): the proposal stands until they agree.")
        )
    if refuters:
        fact = _at(fact, refuting[-1].value, "refuted")
        return attrs.evolve(fact, status=Status.REFUTED, decided_by=_with(fact.decided_by, *refuters))
    if len(establishers) >= REVIEWERS_TO_ESTABLISH:
        fact = _at(fact, value or {}, "established")
        return attrs.evolve(fact, status=Status.ESTABLISHED, decided_by=_with(fact.decided_by, *establishers))
    if establishers:
        note = f"{establishers[0]} would establish this; a second reviewer is needed."
        return attrs.evolve(fact, reasons=(*fact.reasons, note))
    return fact


def _at(fact: Fact, value: dict[str, Any], decided: str) -> Fact:
    """The fact at the value that was decided on; where the software now reads another, a reason says so."""
    kept = {key: value.get(key) for key in ("at_least", "at_most", "value")}
    now = {"at_least": fact.at_least, "at_most": fact.at_most, "value": fact.value}
    if kept == now:
        return fact
    note = f"Since the decision the documents read {_interval(now)}; {decided} was {_interval(kept)}. Review again."
    return attrs.evolve(fact, at_least=kept["at_least"], at_most=kept["at_most"], value=kept["value"], reasons=(*fact.reasons, note))


def _interval(value: dict[str, Any]) -> str:
    if value.get("value") is not None:
        return str(value["value"])
    low, high = value.get("at_least"), value.get("at_most")
    if low is None and high is None:
        return "not stated"
    return f"{low}" if low == high else f"{low if low is not None else '…'} to {high if high is not None else 'more'}"


def _with(names: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))


VERBS = {
    DecisionKind.CONFIRM: "confirmed the reading",
    DecisionKind.CORRECT: "corrected this",
    DecisionKind.REJECT: "rejected the reading",
    DecisionKind.CANT_TELL: "could not tell from the passages",
    DecisionKind.ESTABLISH: "would establish this",
    DecisionKind.REFUTE: "refuted this",
    DecisionKind.MERGE: "merged incidents",
    DecisionKind.SPLIT: "split the incident",
    DecisionKind.AMEND: "amended a statement",
    DecisionKind.UNDO: "undid a decision",
}


def _sentence(decision: Decision) -> str:
    what = f" to {_interval(decision.value)}" if decision.kind is DecisionKind.CORRECT else ""
    return f"{decision.reviewer} {VERBS[decision.kind]}{what} on {decision.decided_at[:10]}: {decision.reason} [{decision.id}]"

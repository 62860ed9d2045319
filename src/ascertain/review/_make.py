"""Make a decision from what a reviewer says, or refuse it with the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import attrs

from ascertain.errors import UsageError
from ascertain.records import Decision, DecisionKind, Findings, HarmKind, Incident, IncidentPlace, Reading
from ascertain.review._links import anchor_of, undone

NUMBERS = {kind.value for kind in HarmKind}
WORDS = {"actor", "place", "time"}


@attrs.frozen
class Choice:
    """What a reviewer wants: the kind, on which incident or fact, and why.

    Attributes:
        target: incident id (for `undo`: the decision's id).
        attribute: the fact's attribute; needed to correct, establish or refute.
        at_least, at_most, value: of a correction.
        place: of a correction of the place, its point: chosen from the gazetteer or on the map.
        other: the incident to merge with.
        documents: paths whose mentions are split off.
    """

    kind: DecisionKind
    target: str
    reviewer: str
    reason: str
    attribute: str | None = None
    at_least: int | None = None
    at_most: int | None = None
    value: str | None = None
    place: IncidentPlace | None = None
    other: str | None = None
    documents: tuple[str, ...] = ()


def make_decision(
    choice: Choice, *, findings: Findings, readings: Sequence[Reading], decisions: Sequence[Decision], decided_at: str
) -> Decision:
    """Check a choice against the case and make the record.

    Raises:
        UsageError: no such incident, fact or decision; a reason or reviewer is missing; a correction without a value.
    """
    if not choice.reviewer.strip() or not choice.reason.strip():
        raise UsageError("a decision needs a reviewer and a reason", advice="Give --reviewer NAME and --reason TEXT.")
    number = hashlib.sha256(json.dumps([len(decisions), decided_at, attrs.asdict(choice)], sort_keys=True).encode()).hexdigest()[:12]
    made: dict[str, Any] = {
        "id": f"decision-{number}", "kind": choice.kind, "reviewer": choice.reviewer, "reason": choice.reason, "decided_at": decided_at,
    }  # fmt: skip
    if choice.kind is DecisionKind.UNDO:
        if choice.target not in {d.id for d in decisions}:
            raise UsageError(f"there is no decision {choice.target}", advice="`ascertain review CASE list` prints the decisions.")
        if choice.target in undone(decisions):
            raise UsageError(f"the decision {choice.target} is undone already", advice="`ascertain review CASE list` says which stand.")
        return Decision(target=choice.target, **made)
    incident = _incident(findings, choice.target)
    value = _value(choice, incident, findings, readings)
    return Decision(target=incident.id, attribute=choice.attribute, value=value, anchor=anchor_of(incident.mentions, readings), **made)


def _incident(findings: Findings, wanted: str) -> Incident:
    found = [i for i in findings.incidents if i.id == wanted or i.id.removeprefix("incident-").startswith(wanted)]
    if len(found) != 1:
        many = "no incident" if not found else f"{len(found)} incidents"
        raise UsageError(f"there is {many} {wanted}", advice="`ascertain show CASE` prints the incidents.")
    return found[0]


def _value(choice: Choice, incident: Incident, findings: Findings, readings: Sequence[Reading]) -> dict[str, Any]:
    if choice.kind is DecisionKind.MERGE:
        other = _incident(findings, choice.other or "")
        if other.id == incident.id:
            raise UsageError("an incident can't be merged with itself", advice="Name two different incidents.")
        return {"other": other.id, "other_anchor": [list(pair) for pair in anchor_of(other.mentions, readings)]}
    if choice.kind is DecisionKind.SPLIT:
        out = [m for m in incident.mentions if m.path in choice.documents]
        if not out or len(out) == len(incident.mentions):
            raise UsageError("a split takes some of the incident's documents out, not none and not all", advice="Give --document PATH.")
        return {"out": [list(pair) for pair in anchor_of(out, readings)]}
    if choice.kind in {DecisionKind.CORRECT, DecisionKind.ESTABLISH, DecisionKind.REFUTE}:
        return _fact_value(choice, incident)
    return {}


def _fact_value(choice: Choice, incident: Incident) -> dict[str, Any]:
    if choice.attribute not in NUMBERS | WORDS:
        raise UsageError(f"{choice.attribute!r} is no attribute of a fact", advice="One of: " + ", ".join(sorted(NUMBERS | WORDS)) + ".")
    fact = next((f for f in incident.facts if f.attribute == choice.attribute), None)
    if choice.kind is not DecisionKind.CORRECT:
        if fact is None:
            raise UsageError(f"the incident has no fact {choice.attribute}", advice="Correct it first, with its value and reason.")
        return {"at_least": fact.at_least, "at_most": fact.at_most, "value": fact.value}
    if choice.attribute in NUMBERS and choice.at_least is None and choice.at_most is None:
        raise UsageError("a corrected number needs a bound", advice="Give --at-least N, --at-most N or both.")
    if choice.attribute in WORDS and not choice.value:
        raise UsageError(f"a corrected {choice.attribute} needs its words", advice="Give --value TEXT.")
    if choice.at_least is not None and choice.at_most is not None and choice.at_least > choice.at_most:
        raise UsageError(f"the lower bound {choice.at_least} is above the upper bound {choice.at_most}", advice="Swap them.")
    value: dict[str, Any] = {"at_least": choice.at_least, "at_most": choice.at_most, "value": choice.value}
    return value | ({"point": attrs.asdict(choice.place)} if choice.place is not None and choice.attribute == "place" else {})

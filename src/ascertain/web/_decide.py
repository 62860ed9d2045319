"""A reviewer's decision from the workbench: checked, laid over the one incident it is about, and kept in one transaction."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ascertain import review
from ascertain.errors import UsageError
from ascertain.records import Decision, DecisionKind, Findings, Reading
from ascertain.store import Desk, Kept, Queries, Rows
from ascertain.web._index import decided

RELINKING = {DecisionKind.MERGE, DecisionKind.SPLIT}


@attrs.frozen
class Decided:
    """How a decision ended; `made` is None where somebody else's came first. `relink`: the incidents must be linked again."""

    made: Decision | None
    relink: bool = False


def readings_of(desk: Desk, kept: Kept) -> list[Reading]:
    """Readings of the documents that tell of an incident."""
    return desk.readings_of(list(dict.fromkeys(mention.document for mention in kept.incident.mentions)))


def decide(desk: Desk, choice: review.Choice, *, expected: str, clock: Callable[[], str]) -> Decided:
    """Keep a decision where its incident is still at the version that the reviewer saw.

    Raises:
        UsageError: the choice doesn't fit the case.
    """
    rows = Rows(desk)
    home, undone = choice.target, None
    if choice.kind is DecisionKind.UNDO:
        undone = _undone(rows, choice)
        home = rows.decision(choice.target)[1] or ""  # type: ignore[index]  # _undone has found it
    kept = rows.incident(home)
    if kept is None:
        raise UsageError("the incident is no longer there", advice="A new run has linked it otherwise: look at the list of incidents.")
    incidents = [kept.incident]
    readings = readings_of(desk, kept)
    if choice.kind is DecisionKind.MERGE:
        other = rows.incident(choice.other or "")
        if other is None:
            raise UsageError("there is no such incident to merge with", advice="Give the id from its page.")
        incidents.append(other.incident)
        readings += [r for r in readings_of(desk, other) if r.document.id not in {known.document.id for known in readings}]
    made = review.make_decision(
        choice, findings=Findings(incidents=tuple(incidents)), readings=readings, decisions=() if undone is None else (undone,),
        decided_at=clock(),
    )  # fmt: skip
    relink = made.kind in RELINKING or (undone is not None and undone.kind in RELINKING)
    after = None if relink else decided(kept, [*rows.decisions_at(home), made], readings)
    done = rows.decide(made, home=home, expected=expected, after=after)
    return Decided(made if done else None, relink=relink and done)


def _undone(rows: Rows, choice: review.Choice) -> Decision:
    found = rows.decision(choice.target)
    if found is None or not found[2] or found[1] is None or found[0].kind is DecisionKind.UNDO:
        raise UsageError("this decision can't be undone", advice="It was undone already, or its incident is gone.")
    return found[0]


def version_of(desk: Desk, incident: str) -> str | None:
    """The version at which an incident stands."""
    kept = Rows(desk).incident(incident)
    return kept.version if kept else None


def waiting(desk: Desk, hidden: tuple[str, ...]) -> int:
    """How many findings wait for somebody."""
    return Queries(desk).open_facts(hidden)

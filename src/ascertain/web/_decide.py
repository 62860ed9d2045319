"""A reviewer's decision from the workbench: checked, laid over the one incident it is about, and kept in one transaction."""

from __future__ import annotations

import threading
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


def amendments_of(desk: Desk, document: str) -> list[Decision]:
    """All amendments of a document, undone ones and their undoing too, in the order in which they were made."""
    made = [d for d in desk.decisions_that_name(document) if d.kind is DecisionKind.AMEND and d.target == document]
    undoing = [u for d in made for u in desk.decisions_that_name(d.id) if u.kind is DecisionKind.UNDO and u.target == d.id]
    return made + undoing


def all_amendments(desk: Desk) -> dict[str, list[Decision]]:
    """All amendments by document, as `amendments_of` gives them for one: for pages that show statements of several."""
    made = [d for d in desk.decisions_that_name('"kind":"amend"') if d.kind is DecisionKind.AMEND]
    found: dict[str, list[Decision]] = {}
    for decision in made:
        found.setdefault(decision.target, []).append(decision)
    if made:
        homes = {decision.id: decision.target for decision in made}
        for undoing in desk.decisions_that_name('"kind":"undo"'):
            if undoing.kind is DecisionKind.UNDO and undoing.target in homes:
                found[homes[undoing.target]].append(undoing)
    return found


_amending = threading.Lock()


def amend(desk: Desk, reading: Reading, amendment: review.Amendment, *, seen: int, clock: Callable[[], str]) -> Decision | None:
    """Keep an amendment of a document; None where somebody else has amended it since `seen` amendments were there.

    Raises:
        UsageError: the amendment doesn't fit the document.
    """
    with _amending:  # one server serves a case
        before = amendments_of(desk, reading.document.id)
        if len(before) != seen:
            return None
        made = review.make_amendment(review.apply_amendments([reading], before)[0], amendment, decided_at=clock())
        desk.add_decision(made)
    return made


def undo_amendment(desk: Desk, document: str, key: str, *, reviewer: str, reason: str, clock: Callable[[], str]) -> Decision:
    """Take back an amendment.

    Raises:
        UsageError: there is none that stands, or no reason.
    """
    with _amending:
        before = amendments_of(desk, document)
        if key not in {decision.id for decision in review.standing(before)}:
            raise UsageError("this amendment can't be undone", advice="It was undone already.")
        choice = review.Choice(kind=DecisionKind.UNDO, target=key, reviewer=reviewer, reason=reason)
        made = review.make_decision(choice, findings=Findings(), readings=(), decisions=before, decided_at=clock())
        desk.add_decision(made)
    return made


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

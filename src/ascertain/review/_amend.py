"""Corrections of what was read in a document: who says a statement, with which stance, and which words it covers.

An amendment is bound to the words that the statement covered, not to its number. It changes what linking and assessing are given; the
reading that the software made stays as it is in the case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from ascertain.errors import UsageError
from ascertain.records import Decision, DecisionKind, Reading, Span, Stance, Statement
from ascertain.review._links import standing

OWN_VOICE = ""  # as a speaker's name: the document itself


@attrs.frozen
class Amendment:
    """What a reviewer changes about a statement; None leaves it as it is.

    Attributes:
        speaker: name of an entity of the document, `OWN_VOICE` for the document's own voice.
    """

    statement: str
    reviewer: str
    reason: str
    speaker: str | None = None
    stance: Stance | None = None
    content: Span | None = None


def make_amendment(reading: Reading, amendment: Amendment, *, decided_at: str) -> Decision:
    """Check an amendment against its document and make the record.

    Args:
        reading: as it stands under earlier amendments.

    Raises:
        UsageError: no such statement, speaker or words; nothing is changed; no reviewer or reason.
    """
    statement = next((s for s in reading.statements if s.id == amendment.statement), None)
    if statement is None:
        raise UsageError("there is no such statement in the document", advice="Open the document again.")
    if not amendment.reviewer.strip() or not amendment.reason.strip():
        raise UsageError("an amendment needs a reviewer and a reason", advice="Say why.")
    value = _changes(reading, statement, amendment)
    if not value:
        raise UsageError("nothing was changed", advice="Choose another speaker, stance or other words.")
    value["passage"] = list(statement.content[0])
    made = [reading.document.id, decided_at, amendment.reviewer, amendment.reason, value]
    number = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:12]
    return Decision(
        f"decision-{number}", DecisionKind.AMEND, reading.document.id, amendment.reviewer, decided_at, amendment.reason, "statement", value
    )


def _changes(reading: Reading, statement: Statement, amendment: Amendment) -> dict[str, Any]:
    value: dict[str, Any] = {}
    if amendment.speaker is not None and amendment.speaker != _name_of(reading, statement):
        if amendment.speaker != OWN_VOICE and _entity(reading, amendment.speaker) is None:
            raise UsageError(f"the document names nobody {amendment.speaker!r}", advice="Choose from the list.")
        value["speaker"] = amendment.speaker
    if amendment.stance is not None and amendment.stance is not statement.stance:
        value["stance"] = amendment.stance.value
    if amendment.content is not None and (amendment.content,) != statement.content:
        start, end = amendment.content
        if not 0 <= start < end <= len(reading.document.text):
            raise UsageError(f"the words [{start}, {end}) lie outside the text", advice="Mark words in the text.")
        value["content"] = [start, end]
    return value


def _name_of(reading: Reading, statement: Statement) -> str:
    return next((e.name for e in reading.entities if e.id == statement.speaker), OWN_VOICE)


def _entity(reading: Reading, name: str) -> str | None:
    return next((e.id for e in reading.entities if e.name.casefold() == name.casefold()), None)


def apply_amendments(readings: Iterable[Reading], decisions: Sequence[Decision]) -> list[Reading]:
    """The readings under people's standing amendments, in the order given."""
    by_document: dict[str, list[Decision]] = {}
    for decision in standing(decisions):
        if decision.kind is DecisionKind.AMEND:
            by_document.setdefault(decision.target, []).append(decision)
    return [_amended(reading, by_document.get(reading.document.id, ())) for reading in readings]


def _amended(reading: Reading, decisions: Sequence[Decision]) -> Reading:
    for decision in decisions:
        passage = Span(*decision.value["passage"])
        found = max(reading.statements, key=lambda s: _overlap(s, passage), default=None)
        if found is not None and _overlap(found, passage) > 0:
            changed = _changed(reading, found, decision.value)
            reading = attrs.evolve(reading, statements=tuple(changed if s is found else s for s in reading.statements))
    return reading


def _overlap(statement: Statement, passage: Span) -> int:
    return max(min(span.end, passage.end) - max(span.start, passage.start) for span in statement.content)


def _changed(reading: Reading, statement: Statement, value: dict[str, Any]) -> Statement:
    if "speaker" in value:
        speaker = _entity(reading, value["speaker"]) if value["speaker"] != OWN_VOICE else None
        if speaker is not None or value["speaker"] == OWN_VOICE:
            statement = attrs.evolve(statement, speaker=speaker, speaker_passage=None)
    if "stance" in value:
        statement = attrs.evolve(statement, stance=Stance(value["stance"]))
    if "content" in value and value["content"][1] <= len(reading.document.text):
        statement = attrs.evolve(statement, content=(Span(*value["content"]),))
    return statement

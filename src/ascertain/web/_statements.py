"""Statements as the pages that amend them show them: who says which words with which stance, and where else the same may be wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs

from ascertain.records import Decision, DecisionKind, EntityType, Fact, Reading, Span
from ascertain.review import OWN_VOICE, apply_amendments
from ascertain.store import Desk, StatementQueries
from ascertain.web._asked import Asked
from ascertain.web._decide import all_amendments
from ascertain.web._index import EXCERPT

MOST_ALIKE = 20


@attrs.frozen
class Amendable:
    """One statement for the form that amends it.

    Attributes:
        speaker: empty for the document's own voice.
        start, end: of the words that it covers.
        one: they stand in one piece.
        speakers: names in the document that it may be given to.
        seen: how many amendments of the document there were when it was shown.
    """

    id: str
    document: str
    words: str
    speaker: str
    stance: str
    start: int
    end: int
    one: bool
    source: str
    speakers: tuple[str, ...]
    seen: int


def amendable(reading: Reading, amendments: Sequence[Decision], statements: Collection[str] | None = None) -> tuple[Amendable, ...]:
    """Statements of a document, as they stand under its amendments, for the form that amends them.

    Args:
        statements: ids of those that are wanted; None: all.
    """
    reading = apply_amendments([reading], amendments)[0]
    names = {e.id: e.name for e in reading.entities}
    speakers = tuple(sorted({e.name for e in reading.entities if e.type is not EntityType.PLACE}))
    document = reading.document
    return tuple(
        Amendable(
            s.id, document.id, " … ".join(reading.words(c) for c in s.content), names.get(s.speaker or "", OWN_VOICE), s.stance.value,
            s.content[0].start, s.content[-1].end, len(s.content) == 1, document.publisher or document.path, speakers,
            len(amendments),
        )
        for s in reading.statements
        if statements is None or s.id in statements
    )  # fmt: skip


def statements_behind(fact: Fact, readings: Mapping[str, Reading], desk: Desk) -> list[Amendable]:
    """The statements that carry the claims of a fact, each once, in the order of the claims."""
    wanted: dict[str, set[str]] = {}
    for claim in fact.claims:
        if claim.statement is not None and claim.document in readings:
            wanted.setdefault(claim.document, set()).add(claim.statement)
    amendments = all_amendments(desk) if wanted else {}
    return [statement for document, ids in wanted.items() for statement in amendable(readings[document], amendments.get(document, []), ids)]


def alike(desk: Desk, decision: Decision, reading: Reading, hidden: tuple[str, ...]) -> list[dict[str, Any]]:
    """Where the mistake that an amendment mends may stand again, each with its reason; nothing is changed there.

    Args:
        reading: of the amended document, as the software made it.
    """
    start, end = decision.value["passage"]
    wrong = next((s for s in reading.statements if s.content[0] == Span(start, end)), None)
    if wrong is None:
        return []
    queries, names = StatementQueries(desk), {e.id: e.name for e in reading.entities}
    words = " … ".join(reading.words(span) for span in wrong.content)[:EXCERPT]
    document = reading.document
    copies = queries.same_words(words, but=document.id, hidden=hidden)
    found = [row | {"why": "the same words in another document"} for row in copies]
    if "speaker" in decision.value or "stance" in decision.value:
        speaker = names.get(wrong.speaker or "", document.publisher or document.path)
        stance = None if "speaker" in decision.value else wrong.stance.value
        same = queries.same_speaker(document.id, speaker, stance=stance, but=wrong.id)
        found += [row | {"why": f"in this document also given to {speaker}{f', as {stance}' if stance else ''}"} for row in same]
    return found[:MOST_ALIKE]


def amended_alike(asked: Asked, key: str | None) -> list[dict[str, Any]]:
    """`alike` for an amendment that this person has just made; empty for any other key."""
    desk = asked.bench.desk
    made = next((d for d in desk.decisions_that_name(key) if d.id == key and d.kind is DecisionKind.AMEND), None) if key else None
    reading = desk.reading(made.target) if made is not None and made.target not in asked.hidden_documents else None
    return alike(desk, made, reading, asked.hidden_documents) if made is not None and reading is not None else []

"""Speakers and sources: who says what, when, how sure; what became of it; reliability as people grade it."""

from __future__ import annotations

from collections import Counter

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Grade
from ascertain.web._asked import Asked, Handler, NotThereError, address
from ascertain.web._render import page
from ascertain.web._veil import without
from ascertain.web._verdicts import verdicts

PAGE = 50
JUDGED = 30  # incidents, the latest first, of which the page says what became of each claim
GRADES = {
    "A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable", "E": "unreliable",
    "F": "reliability cannot be judged",
}  # fmt: skip


def speakers(asked: Asked) -> Response:
    """The list, those who say most first."""
    number = asked.page_number()
    rows, total = asked.bench.queries.speakers(
        words=asked.query("q"), hidden=asked.hidden_documents, limit=PAGE, offset=(number - 1) * PAGE
    )
    return page(asked, "speakers.html", rows=rows, total=total, number=number, pages=max(1, -(-total // PAGE)), q=asked.query("q") or "",
                grades=asked.bench.people.latest_grades())  # fmt: skip


def speaker(asked: Asked) -> Response:
    """One of them."""
    name = asked.query("name") or ""
    queries, number = asked.bench.queries, asked.page_number()
    found = queries.speaker(name, asked.hidden_documents)
    incidents = [row for row in queries.incidents_of_origin(name, asked.hidden_incidents) if row["id"] not in asked.veiled_incidents]
    if found is None and not incidents:
        raise NotThereError("nobody of that name says anything here", advice="Look at the list of speakers.")
    total = found["statements"] if found else 0
    statements = queries.statements_of(name, hidden=asked.hidden_documents, limit=PAGE, offset=(number - 1) * PAGE)
    kept = [one for row in incidents[:JUDGED] if (one := asked.bench.rows.incident(row["id"])) is not None]
    judged = verdicts(name, (without(one.incident, asked.hidden_documents) for one in kept))
    return page(
        asked, "speaker.html", verdicts=judged, tally=Counter(v.fate for v in judged), judged=JUDGED, name=name, found=found, incidents=incidents, statements=statements, number=number,
        pages=max(1, -(-total // PAGE)), relays=queries.relays_of(name, asked.hidden_documents), grades=asked.bench.people.grades(name), meanings=GRADES,
        fates=queries.fates_of(name, (*asked.hidden_incidents, *asked.veiled_incidents)),
    )  # fmt: skip


def speaker_grade(asked: Asked) -> Response:
    """Keep a grade with its reason."""
    name, grade, reason = asked.field("name"), asked.field("grade"), asked.field("reason")
    if grade not in GRADES or not reason or not name:
        raise UsageError("a grade is a letter from A to F with a reason", advice="Say what the grade rests on.")
    asked.bench.people.add_grade(Grade(name, grade, reason, asked.account.name, asked.bench.clock()))
    return RedirectResponse(address("/speaker", {"name": name}), 303)


HANDLERS: dict[str, Handler] = {"speakers": speakers, "speaker": speaker, "speaker_grade": speaker_grade}

"""Make the rows of a case from its records, and keep the findings and the rows in step.

Two ways lead to new findings. After a run, a merge or a split everything is linked and assessed again (`relink`). After decisions on
facts only the incidents concerned have changed, at once and in the same transaction; `settle` then gathers them into the findings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log2
from typing import Any

import attrs
import msgspec

from ascertain import assess, pipeline, review
from ascertain.publish.parts import counted, fact_words
from ascertain.records import (
    Capture,
    Cluster,
    Decision,
    DecisionKind,
    Fact,
    Findings,
    HarmKind,
    Incident,
    Linking,
    Reading,
    Shelf,
    Status,
    overall_status,
)
from ascertain.store import Desk, IncidentRows, Kept, Rows

LINKING = {DecisionKind.MERGE, DecisionKind.SPLIT, DecisionKind.AMEND, DecisionKind.UNDO}
NUMBERS = tuple(kind.value for kind in HarmKind)
CHUNK = 200  # documents a transaction: short enough that a page never waits for it
EXCERPT = 300  # characters of a statement kept with its row
SETTLING = {DecisionKind.CONFIRM, DecisionKind.CORRECT, DecisionKind.REJECT, DecisionKind.REFUTE}


# --- everything


def relink(desk: Desk, *, progress: pipeline.Progress = pipeline.no_progress) -> Findings:
    """Link and assess all readings under people's decisions and make all rows; nothing is done where nothing has changed."""
    findings = pipeline.find_again(desk, progress=progress)
    rows, key = Rows(desk), desk.findings_key() or ""
    if rows.state().get("key") == key:
        return findings
    readings = Shelf(desk.readings())
    decisions, captures = desk.decisions(), desk.captures()
    proposed = _proposed(findings, readings, decisions, captures)
    _documents(rows, pipeline.amended(readings, decisions), progress)
    _incidents(rows, findings, proposed, decisions, readings)
    rows.set_state(key=key, links_key=_links_key(readings, decisions, captures), **_totals(readings, findings))
    return findings


def _proposed(findings: Findings, readings: Shelf, decisions: Sequence[Decision], captures: Sequence[Capture]) -> Findings:
    """The findings without people's decisions on facts: linked anew only where there are such decisions."""
    if all(decision.kind in LINKING for decision in review.standing(decisions)):
        return findings
    linking = tuple(decision for decision in decisions if decision.kind in LINKING)
    return pipeline.find_incidents(readings, decisions=linking, paths=pipeline.paths_of(captures))


def settle(desk: Desk) -> None:
    """Gather what decisions on facts have changed into the findings; links again where that does not do."""
    readings = Shelf(desk.readings())
    decisions, captures = desk.decisions(), desk.captures()
    key = pipeline.findings_key(readings, decisions, captures)
    kept, rows = desk.findings(), Rows(desk)
    if kept is not None and desk.findings_key() == key:
        return
    if kept is None or rows.state().get("links_key") != _links_key(readings, decisions, captures):
        relink(desk)
        return
    desk.put_findings(attrs.evolve(kept, incidents=tuple(rows.all_incidents())), key=key)
    rows.set_state(key=key)


def _links_key(readings: Shelf, decisions: Sequence[Decision], captures: Sequence[Capture]) -> str:
    """What the linking alone is made from: only standing merges and splits count."""
    standing = tuple(d for d in review.standing(decisions) if d.kind in LINKING)
    return pipeline.findings_key(readings, standing, captures)


def _totals(readings: Sequence[Reading], findings: Findings) -> dict[str, str]:
    return {
        "documents": str(len(readings)), "statements": str(sum(len(r.statements) for r in readings)),
        "events": str(sum(len(r.events) for r in readings)), "incidents": str(len(findings.incidents)),
        "copies": json.dumps([list(group.documents) for group in findings.copies], ensure_ascii=False),
    }  # fmt: skip


# --- documents, statements, speakers


def _documents(rows: Rows, readings: Sequence[Reading], progress: pipeline.Progress) -> None:
    known = rows.known_documents()
    changed = [(n, r) for n, r in enumerate(readings) if known.get(r.document.id) != _made_by(r)]
    for done in range(0, len(changed), CHUNK):
        part = changed[done : done + CHUNK]
        rows.put_documents([_document(n, r) for n, r in part], [row for _, r in part for row in _statements(r)])
        progress("index", min(done + CHUNK, len(changed)), len(changed))
    if changed:
        rows.put_speakers(_speaker_kinds(readings))


def _made_by(reading: Reading) -> str:
    """Changes whenever the document or its reading may have."""
    about = f"{reading.made_by}\n{len(reading.document.text)}\n{reading.document.title}\n".encode()
    return hashlib.sha256(about + msgspec.json.encode(reading.statements)).hexdigest()[:16]


def _document(number: int, reading: Reading) -> dict[str, Any]:
    document = reading.document
    return {
        "id": document.id, "number": number, "made_by": _made_by(reading), "path": document.path, "title": document.title,
        "publisher": document.publisher, "published": document.published.value if document.published else None,
        "language": document.language, "media_type": document.media_type, "characters": len(document.text),
        "statements": len(reading.statements), "events": len(reading.events),
    }  # fmt: skip


def _statements(reading: Reading) -> Iterator[dict[str, Any]]:
    names = {entity.id: entity.name for entity in reading.entities}
    times = {time.id: time.value for time in reading.times}
    document = reading.document
    published = document.published.value if document.published else None
    own_voice = document.publisher or document.path
    for statement in reading.statements:
        said = times.get(statement.said_at or "") or published
        words = " … ".join(reading.words(span) for span in statement.content)
        yield {
            "document": document.id, "statement": statement.id, "speaker": names.get(statement.speaker or "", own_voice),
            "stance": statement.stance.value, "form": statement.form.value, "said_on": said, "start": statement.content[0].start,
            "stop": statement.content[-1].end, "words": words[:EXCERPT],
        }  # fmt: skip


def _speaker_kinds(readings: Iterable[Reading]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for reading in readings:
        kinds[reading.document.publisher or reading.document.path] = "outlet"
        kinds.update({entity.name: entity.type.value for entity in reading.entities})
    return kinds


# --- incidents


def _incidents(rows: Rows, findings: Findings, proposed: Findings, decisions: Sequence[Decision], readings: Sequence[Reading]) -> None:
    bases = {incident.id: incident for incident in proposed.incidents}
    homes = review.homes_of(decisions, findings.incidents, readings)
    standing = {decision.id for decision in review.standing(decisions)}
    at_home: dict[str, list[Decision]] = {}
    for decision in decisions:
        if decision.id in homes:
            at_home.setdefault(homes[decision.id], []).append(decision)
    made = (
        incident_rows(incident, bases[incident.id], number, [d for d in at_home.get(incident.id, ()) if d.id in standing])
        for number, incident in enumerate(findings.incidents)
    )
    listed = [
        {
            "id": d.id, "incident": homes.get(d.id), "attribute": d.attribute, "reviewer": d.reviewer, "kind": d.kind.value,
            "at": d.decided_at, "standing": d.id in standing,
        }
        for d in decisions
    ]  # fmt: skip
    rows.put_incidents(made, listed)


def incident_rows(incident: Incident, base: Incident, number: int, standing: Sequence[Decision]) -> IncidentRows:
    """What is kept of an incident for queries.

    Args:
        base: the incident as the software alone proposes it.
        standing: the decisions that stand about it.
    """
    record = msgspec.json.encode(incident)
    harm = next((f for name in NUMBERS for f in incident.facts if f.attribute == name), None)
    place = incident.place
    row = {
        "id": incident.id, "number": number, "version": hashlib.sha256(record).hexdigest()[:16], "type": incident.type.value,
        "kind": incident.kind, "title": incident.title or incident.id, "place": place.name if place else None,
        "lat": place.lat if place else None, "lon": place.lon if place else None, "radius_km": place.radius_km if place else None,
        "country": place.country if place else None, "earliest": incident.time.earliest, "latest": incident.time.latest,
        "status": overall_status(incident.facts).value, "origins": len(incident.origins), "documents": len(incident.documents),
        "harm": (harm.at_least or harm.at_most) if harm else None, "harm_words": f"{fact_words(harm)} {harm.attribute}" if harm else None,
        "reviewed": incident.reviewed, "words": _words_of(incident), "base": msgspec.json.encode(base) if base != incident else None,
        "record": record,
    }  # fmt: skip
    facts = tuple(_fact(incident, fact, [d for d in standing if d.attribute == fact.attribute]) for fact in incident.facts)
    origins = {
        o.name: {
            "incident": incident.id, "origin": o.name, "kind": o.kind.value, "stance": o.stance.value, "documents": len(o.documents),
        }
        for o in incident.origins
    }  # fmt: skip
    documents = tuple(dict.fromkeys(m.document for m in incident.mentions))
    return IncidentRows(row, facts, tuple(origins.values()), documents)


def _words_of(incident: Incident) -> str:
    """What the filter by words looks at."""
    said = [incident.title, incident.kind, incident.type.value, incident.place.name if incident.place else None]
    said += [fact.value for fact in incident.facts] + [origin.name for origin in incident.origins]
    return " ".join(word for word in said if word).casefold()


def _fact(incident: Incident, fact: Fact, decisions: Sequence[Decision]) -> dict[str, Any]:
    return {
        "incident": incident.id, "attribute": fact.attribute, "at_least": fact.at_least, "at_most": fact.at_most, "value": fact.value,
        "status": fact.status.value, "credibility": fact.credibility, "worth": worth(incident, fact),
        "deciders": json.dumps(list(dict.fromkeys(d.reviewer for d in decisions)), ensure_ascii=False),
        "open": is_open(fact, decisions),
    }  # fmt: skip


def worth(incident: Incident, fact: Fact) -> float:
    """How much a decision on this fact is worth, by our own judgement: contradictions first, then what much depends on, then the uncertain.

    A contradiction outweighs everything else; each doubling of the documents that depend on the fact counts as much as a fact about
    people harmed does against one about where or when.
    """
    return round(sum(points for points, _ in _worths(incident, fact)), 2)


def worth_reasons(incident: Incident, fact: Fact) -> list[tuple[float, str]]:
    """Why a fact stands where it stands in the queue: points and a sentence each, most first."""
    return sorted(((round(points, 1), said) for points, said in _worths(incident, fact) if points > 0), key=lambda pair: -pair[0])


def _worths(incident: Incident, fact: Fact) -> tuple[tuple[float, str], ...]:
    number, documents, claims = fact.attribute in NUMBERS, len(incident.documents), len(fact.claims)
    unsure = number and (fact.at_least is None or fact.at_most is None or fact.approximate)
    return (
        (100.0 if fact.status is Status.CONTESTED else 0.0, "Origins contradict each other."),
        (
            10.0 * log2(1 + documents + claims),
            f"{counted(documents, 'document')} and {counted(claims, 'claim')} depend on it.".capitalize(),
        ),
        (
            10.0 if number else 5.0 if fact.attribute == "actor" else 0.0,
            "It says how many people were harmed." if number else "It says who did it.",
        ),
        (5.0 if unsure else 0.0, "The figure is open or approximate."),
        (float(fact.credibility), f"Its credibility is {fact.credibility} of 6, where 1 is confirmed."),
    )


def is_open(fact: Fact, decisions: Sequence[Decision]) -> bool:
    """Whether somebody should still look: nobody has decided, one would establish it, or reviewers disagree."""
    if not decisions:
        return True
    if fact.status is Status.ESTABLISHED:
        return False
    kinds = {decision.kind for decision in decisions}
    if DecisionKind.ESTABLISH in kinds:
        return True
    rightly, wrongly = DecisionKind.CONFIRM in kinds, bool(kinds & {DecisionKind.REJECT, DecisionKind.REFUTE})
    return (rightly and wrongly) or not kinds & SETTLING


# --- one decision


def decided(kept: Kept, decisions: Sequence[Decision], readings: Sequence[Reading]) -> IncidentRows:
    """The rows of one incident under all decisions about it (undone ones too)."""
    findings = review.apply_facts(Findings(incidents=(kept.base,)), decisions, readings)
    standing = review.standing(decisions)
    return incident_rows(assess.retitled(findings.incidents[0], kept.base), kept.base, kept.number, standing)


def as_known_on(incident: Incident, readings: Mapping[str, Reading], day: str) -> Incident | None:
    """The incident from those documents alone that had been published by a day; None where there were none."""

    def out_by(document: str) -> bool:
        dated = readings[document].document.published if document in readings else None
        return dated is not None and dated.value[:10] <= day

    mentions = tuple(m for m in incident.mentions if out_by(m.document))
    if not mentions:
        return None
    known = [readings[key] for key in dict.fromkeys(m.document for m in mentions)]
    found = assess.assess(Linking(clusters=(Cluster(incident.id, mentions),)), known)
    return found.incidents[0] if found.incidents else None

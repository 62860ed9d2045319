"""The stages link and assess, under people's decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import msgspec

from ascertain import assess, extract, link, parse, review
from ascertain.pipeline._outcomes import Progress, no_progress
from ascertain.records import Capture, CopyGroup, Decision, DecisionKind, Findings, Incident, Reading, Shelf, shelved

if TYPE_CHECKING:
    from ascertain.store import Store


def versions() -> dict[str, str]:
    """Version of every stage's code."""
    return {"parse": parse.VERSION, "extract": extract.VERSION, "link": link.VERSION, "assess": assess.VERSION}


def find_again(store: Store, *, progress: Progress = no_progress) -> Findings:
    """Link and assess all readings under people's decisions; nothing is done where nothing has changed."""
    readings = Shelf(store.readings())
    decisions = store.decisions()
    captures = store.captures()
    key = findings_key(readings, decisions, captures)
    kept = store.findings()
    if kept is not None and store.findings_key() == key:
        return kept
    progress("link", 0, 1)
    findings = find_incidents(readings, decisions=decisions, paths=paths_of(captures))
    store.put_findings(findings, key=key)
    progress("link", 1, 1)
    return findings


def findings_key(readings: Shelf, decisions: Sequence[Decision], captures: Sequence[Capture]) -> str:
    """What findings are made from, as one digest: versions, readings, decisions, and how originals came in."""
    total = hashlib.sha256("\n".join(f"{k} {v}" for k, v in versions().items()).encode())
    for document, made_by in zip(readings.ids, readings.made_by, strict=True):
        total.update(f"{document} {made_by}\n".encode())
    for decision in decisions:
        total.update(f"{decision.id}\n".encode())
    for pair in sorted({(c.original, c.path) for c in captures}):
        total.update(repr(pair).encode())
    return total.hexdigest()


def paths_of(captures: Iterable[Capture]) -> dict[str, tuple[str, ...]]:
    """All paths under which each original came in, in order of arrival."""
    found: dict[str, list[str]] = {}
    for capture in captures:
        paths = found.setdefault(capture.original, [])
        if capture.path not in paths:
            paths.append(capture.path)
    return {original: tuple(paths) for original, paths in found.items()}


def find_incidents(
    readings: Sequence[Reading], *, decisions: Sequence[Decision] = (), paths: Mapping[str, tuple[str, ...]] | None = None
) -> Findings:
    """Link and assess readings; `paths` names the further paths of documents that came in more than once."""
    ordered = amended(readings, decisions)
    linking = review.apply_links(link.link(ordered), decisions, ordered)
    proposed = assess.assess(linking, ordered)
    findings = review.apply_facts(proposed, decisions, ordered)
    bases = {incident.id: incident for incident in proposed.incidents}
    findings = attrs.evolve(findings, incidents=tuple(assess.retitled(i, bases.get(i.id)) for i in findings.incidents))
    made_by = " ".join(f"{stage} {version}" for stage, version in versions().items())
    return attrs.evolve(_with_all_paths(findings, ordered, paths or {}), made_by=made_by)


def amended(readings: Sequence[Reading], decisions: Sequence[Decision]) -> Shelf:
    """The readings under people's amendments, on a shelf; packed anew only where there are any."""
    if any(decision.kind is DecisionKind.AMEND for decision in decisions):
        return Shelf(review.apply_amendments(readings, decisions))
    return shelved(readings)


def _with_all_paths(findings: Findings, readings: Shelf, paths: Mapping[str, tuple[str, ...]]) -> Findings:
    """Name every path of a document that came in several times: the same bytes twice are copies too."""
    named = zip(readings.ids, readings.paths, strict=True)
    several = {path: group for document, path in named if len(group := paths.get(document, ())) > 1}
    if not several:
        return findings

    def widened(documents: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p for d in documents for p in several.get(d, (d,))))

    copies = [attrs.evolve(group, documents=widened(group.documents)) for group in findings.copies]
    grouped = {path for group in copies for path in group.documents}
    copies += [
        CopyGroup(group, ("the files are the same byte for byte",)) for path, group in sorted(several.items()) if path not in grouped
    ]
    incidents = tuple(_widened_incident(incident, paths) for incident in findings.incidents)
    return attrs.evolve(findings, copies=tuple(copies), incidents=incidents)


def _widened_incident(incident: Incident, paths: Mapping[str, tuple[str, ...]]) -> Incident:
    """All paths of the incident's own documents: another document may have come in under the same path at another time."""
    own: dict[str, tuple[str, ...]] = {}
    for mention in incident.mentions:
        own[mention.path] = tuple(dict.fromkeys((*own.get(mention.path, ()), *paths.get(mention.document, (mention.path,)))))

    def widened(documents: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p for d in documents for p in own.get(d, (d,))))

    origins = tuple(attrs.evolve(origin, documents=widened(origin.documents)) for origin in incident.origins)
    return attrs.evolve(incident, documents=widened(incident.documents), origins=origins)


def encode(record: Reading | Findings) -> bytes:
    """The contract's JSON of a record, with keys in a fixed order; one line also for readers that split at every kind of line end."""
    return json_line(msgspec.json.encode(record, order="deterministic"))


def json_line(data: bytes) -> bytes:
    """JSON in which the line ends that JSON lets stand in strings (U+0085, U+2028, U+2029) are escaped."""
    for letter, escaped in ((b"\xc2\x85", b"\\u0085"), (b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029")):
        data = data.replace(letter, escaped)
    return data

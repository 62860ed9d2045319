"""What of a case a part is made of: documents, and the incidents that stand on them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from ascertain.errors import UsageError
from ascertain.records import Decision, DecisionKind, Document, Findings, Incident


@attrs.frozen
class Choice:
    """Chosen incidents, and the ids of the chosen documents."""

    incidents: tuple[Incident, ...]
    documents: tuple[str, ...]


def choose(findings: Findings, documents: Sequence[Document], *, incidents: Sequence[str], paths: Sequence[str]) -> Choice:
    """Find what is named.

    Args:
        incidents: ids of incidents, or the first digits of them: each comes with all documents that it stands on.
        paths: paths or ids of documents: with them come the incidents that stand on chosen documents alone. Nothing named is everything.

    Raises:
        UsageError: there is no such incident or document, or several.
    """
    if not (incidents or paths):
        return Choice(findings.incidents, tuple(document.id for document in documents))
    by_path = {document.path: document.id for document in documents}
    named = [_incident(findings, one) for one in incidents]
    wanted = {by_path[path] for incident in named for path in incident.documents if path in by_path}
    wanted |= {key for incident in named for key in documents_of(incident)}
    wanted |= {_document(documents, by_path, one) for one in paths}
    chosen = tuple(i for i in findings.incidents if i in named or documents_of(i) <= wanted)
    return Choice(chosen, tuple(document.id for document in documents if document.id in wanted))


def documents_of(incident: Incident) -> set[str]:
    """Ids of the documents that an incident stands on."""
    return {mention.document for mention in incident.mentions} | {claim.document for fact in incident.facts for claim in fact.claims}


def _incident(findings: Findings, wanted: str) -> Incident:
    found = [i for i in findings.incidents if i.id == wanted or i.id.removeprefix("incident-").startswith(wanted)]
    if len(found) != 1:
        many = "no incident" if not found else f"{len(found)} incidents"
        raise UsageError(f"there is {many} {wanted}", advice="`ascertain show CASE` prints the incidents.")
    return found[0]


def _document(documents: Sequence[Document], by_path: Mapping[str, str], wanted: str) -> str:
    found = {document.id for document in documents if document.id.startswith(wanted) and len(wanted) >= 8}
    found |= {by_path[wanted]} if wanted in by_path else set()
    if not found:
        found = {document.id for document in documents if document.path.rpartition("/")[2] == wanted}
    if len(found) != 1:
        many = "no document" if not found else f"{len(found)} documents"
        raise UsageError(f"there is {many} {wanted}", advice="Give its path as the reports print it, or 8 digits or more of its id.")
    return found.pop()


def decisions_of(choice: Choice, decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions about chosen incidents and documents, with those that undo them, in order."""
    incidents, documents = {one.id for one in choice.incidents}, set(choice.documents)
    kept: list[Decision] = []
    for decision in decisions:
        about = decision.target in (documents if decision.kind is DecisionKind.AMEND else incidents)
        about = about or (bool(decision.anchor) and {document for document, _ in decision.anchor} <= documents)
        if about or (decision.kind is DecisionKind.UNDO and decision.target in {one.id for one in kept}):
            kept.append(decision)
    return kept

"""What leaves the case: a look at it as it will be, and making it once a second person has released it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from ascertain.case import Case
from ascertain.config import load_settings
from ascertain.errors import AscertainError, UsageError
from ascertain.publish import CaseContents, write_report
from ascertain.publish.parts import Guard, Register, make_book, register_of, title_words
from ascertain.records import Findings, Incident, Reading
from ascertain.store import Desk, People, Protection, Publication, Rows
from ascertain.web._index import settle


@attrs.frozen
class Look:
    """What would leave: titles and paths as they would be printed, and which names would be replaced by which words.

    Attributes:
        titles: of the incidents, by id.
        versions: at which they were looked at, by id.
        documents: path and title of every document whose text would leave.
    """

    titles: dict[str, str]
    versions: dict[str, str]
    documents: tuple[tuple[str, str], ...]
    replaced: tuple[tuple[str, str], ...]


def release_folder(desk: Desk) -> Path:
    """Where releases are made."""
    return desk.folder / "releases"


def look_at(desk: Desk, keys: Sequence[str], *, protect: bool) -> Look:
    """Look at what would leave with some incidents."""
    rows = Rows(desk)
    kept = [found for key in keys if (found := rows.incident(key)) is not None]
    readings = _readings(desk, [found.incident for found in kept])
    protection = Protection(desk)
    register = register_of(readings, guard=Guard.of(protection.standings().values(), protection.pseudonyms())) if protect else Register()
    book = make_book(
        CaseContents(desk.name, "", findings=Findings(incidents=tuple(k.incident for k in kept)), readings=tuple(readings)), register
    )
    documents = tuple((book.words(r.document.path), book.words(r.document.title) or book.words(r.document.path)) for r in readings)
    names = dict(register.everywhere)
    for held in register.in_documents.values():
        names |= held
    return Look(
        {k.incident.id: book.words(title_words(k.incident)) for k in kept}, {k.incident.id: k.version for k in kept}, documents,
        tuple(sorted(names.items(), key=lambda pair: (pair[1], pair[0]))),
    )  # fmt: skip


def _readings(desk: Desk, incidents: Sequence[Incident]) -> list[Reading]:
    keys = dict.fromkeys(mention.document for incident in incidents for mention in incident.mentions)
    return desk.readings_of(sorted(keys))


def make_release(desk: Desk, number: int, *, clock: Callable[[], str]) -> str:
    """Make what was released; gives in words what came out.

    Raises:
        UsageError: it was not released.
    """
    people = People(desk)
    found = people.publication(number)
    if found is None or found.state != "released":
        raise UsageError("only what a second person has released is made", advice="Release it first.")
    settle(desk)
    name = f"release-{number}-{found.form}.zip"
    target = release_folder(desk) / name
    target.parent.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    by = found.decided_by or desk.collector
    try:
        if found.form == "dossier":
            Case(desk, load_settings(desk.folder), clock).export(target, protect_names=found.protect_names)
        else:
            _make_site(desk, found, target, clock=clock)
    except AscertainError as error:
        people.change_publication(number, by=by, expect="released", state="failed", reason=str(error))
        raise
    people.change_publication(number, by=by, expect="released", state="made", made=name)
    return f"{name} is made."


def _make_site(desk: Desk, found: Publication, target: Path, *, clock: Callable[[], str]) -> None:
    """The static pages of the chosen incidents, in one ZIP file."""
    rows, chosen = Rows(desk), []
    for key, version in found.incidents:
        kept = rows.incident(key)
        if kept is None or kept.version != version:
            raise UsageError("an incident has changed since it was released", advice="Look again, and ask anew.")
        chosen.append(kept.incident)
    protection = Protection(desk)
    withheld = protection.withheld_items() if found.protect_names else {}
    readings = tuple(reading for reading in _readings(desk, chosen) if reading.document.id not in withheld)
    if not found.protect_names:
        protection.refuse_unreleased([reading.document.id for reading in readings])
    documents = {reading.document.id for reading in readings}
    contents = CaseContents(
        name=found.title, generated_at=clock(), findings=Findings(incidents=tuple(chosen)), readings=readings,
        captures=tuple(c for c in desk.captures() if c.original in documents),
        decisions=tuple(d for incident in chosen for d in rows.decisions_at(incident.id)),
        outcomes=tuple(o for o in desk.outcomes() if o.original in documents), checkpoint=desk.checkpoint(), signer=desk.signer,
        key_fingerprint=desk.key_fingerprint, guard=Guard.of(protection.standings().values(), protection.pseudonyms()),
    )  # fmt: skip
    folder = target.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    write_report(folder, contents, protect_names=found.protect_names)
    shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
    shutil.rmtree(folder)

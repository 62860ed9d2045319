"""`ascertain show`: incidents, facts, statements and documents in the terminal; every line says its passage."""

from __future__ import annotations

import click

from ascertain.case import Case
from ascertain.cli._screen import SHAPES, excerpt, interval_words, reference
from ascertain.cli._trace import trace
from ascertain.cli.incidents_cmd import print_incidents
from ascertain.cli.read_cmd import print_reading
from ascertain.errors import UsageError
from ascertain.publish import Logged
from ascertain.records import Claim, Fact, Incident, Reading

LEAST_DIGITS = 6  # of a SHA-256 that name a document


@click.command()
@click.argument("case")
@click.argument("wanted", metavar="[ID]", required=False)
def command(case: str, wanted: str | None) -> None:
    """Show all incidents, or one (by id or its first digits), or one document (by path or SHA-256)."""
    with Case.open(case, read_only=True) as opened:
        if wanted is None:
            print_incidents(opened.incidents())
            count = opened.store.counts()["document"]
            click.echo(f"{count} documents; `ascertain show CASE ID` shows an incident or a document", err=True)
        seen = "case" if wanted is None else show_incident(opened, wanted) or show_document(opened, wanted)
        if seen is None:
            raise UsageError(f"the case has no incident or document {wanted}", advice="`ascertain show CASE` prints the incidents.")
    trace(case, "viewed", seen)


def show_incident(case: Case, wanted: str) -> str | None:
    """Print the incident of an id or of its first digits; gives its id, None where there is none. Only the readings that it rests on are loaded.

    Raises:
        UsageError: several begin so.
    """
    start = wanted.removeprefix("incident-")
    found = [i for i in case.incidents().incidents if start and i.id.removeprefix("incident-").startswith(start)]
    if len(found) > 1:
        raise UsageError(f"{len(found)} incidents begin with {wanted}", advice="Give more digits.")
    for incident in found:
        documents = {claim.document for fact in incident.facts for claim in fact.claims}
        readings = {document: reading for document in documents if (reading := case.store.reading(document)) is not None}
        print_incident(incident, readings)
    return found[0].id if found else None


def show_document(case: Case, wanted: str) -> str | None:
    """Print the reading of a document by a path under which it came, or by the first digits of its SHA-256; gives that, if there is one."""
    captures = case.store.captures()
    originals = dict.fromkeys(
        c.original for c in captures if c.path == wanted or (len(wanted) >= LEAST_DIGITS and c.original.startswith(wanted))
    )
    for original in originals:
        reading = case.store.reading(original)
        if reading is not None:
            print_logged(case.logged(original))
            print_reading(reading)
            return original
    return None


def print_logged(logged: Logged | None) -> None:
    """When the custody log took an item in: its record, the machine's clock, and what others saw."""
    if logged is not None:
        before, after = (f"{one.time} ({one.by})" if one else "not known" for one in (logged.not_before, logged.not_after))
        click.echo(f"custody: record {logged.record}, clock {logged.clock}; logged not before {before}, not after {after}")


def print_incident(incident: Incident, readings: dict[str, Reading]) -> None:
    """The fact sheet: facts with status, reasons, and each claim at its words; then who vouches and why it hangs together."""
    click.echo(incident.title or incident.id)
    click.echo(f"{incident.id} · {'reviewed' if incident.reviewed else 'read by software, not reviewed'}")
    place, time = incident.place, incident.time
    click.echo(f"where: {place.name if place else 'not stated'} · when: {time.earliest or 'not stated'} to {time.latest or 'not stated'}")
    for fact in incident.facts:
        print_fact(fact, readings)
    click.echo("who vouches:")
    for origin in incident.origins:
        click.echo(f"  {origin.name} ({origin.kind}, {origin.stance}): {', '.join(origin.documents)}")
    for link in incident.links:
        click.echo(f"linked: {link}")


def print_fact(fact: Fact, readings: dict[str, Reading]) -> None:
    """One fact: range, status, credibility, reasons, claims."""
    head = f"{SHAPES[fact.status]} {fact.attribute}: {interval_words(fact)} · {fact.status} · credibility {fact.credibility} (proposal)"
    click.echo(head + (f" · decided by {', '.join(fact.decided_by)}" if fact.decided_by else ""))
    for reason in fact.reasons:
        click.echo(f"    {reason}")
    for claim in fact.claims:
        print_claim(claim, readings.get(claim.document))


def print_claim(claim: Claim, reading: Reading | None) -> None:
    """One origin's word at its passage."""
    words = excerpt(reading.document.text, claim.passage) if reading else "text not at hand"
    note = " (superseded)" if claim.superseded else ""
    click.echo(f"    {claim.origin} {claim.stance}{note}: {words}  {reference(claim.path, claim.passage)}")

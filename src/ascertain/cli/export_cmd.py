"""`ascertain export`: the dossier, of a whole case or of a part, as it is or protected."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ascertain.case import Case
from ascertain.errors import UsageError
from ascertain.publish import Closed, Wanted, write_names

NAMES_PASSPHRASE = "ASCERTAIN_NAMES_PASSPHRASE"  # noqa: S105  # the name of a variable


@click.command()
@click.argument("case")
@click.option("-o", "--out", required=True, help="Folder to write, or a file that ends in .zip.")
@click.option(
    "--incident",
    "incidents",
    multiple=True,
    metavar="ID",
    help="Only this incident, with all documents that it stands on; may be repeated.",
)
@click.option("--document", "documents", multiple=True, metavar="PATH", help="Only this document (its path or id); may be repeated.")
@click.option("--protected", is_flag=True, help="Withhold what is restricted or protected; pseudonyms stand for names, originals stay.")
@click.option("--names", metavar="FILE", help="Where to write what the pseudonyms stand for, encrypted (default: OUT.names.age).")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="KEY",
    help="Who may open that file: a public key (age1..., ssh-ed25519 ...); may be repeated.",
)
@click.option("--show-names", is_flag=True, help="Print the names of witnesses, victims and private persons in the report inside.")
def command(
    case: str,
    out: str,
    incidents: tuple[str, ...],
    documents: tuple[str, ...],
    protected: bool,
    names: str | None,
    recipients: tuple[str, ...],
    show_names: bool,
) -> None:
    """Write the dossier: originals, readings, incidents, decisions, report and the custody log with its proofs.

    Without --protected the originals are whole: whoever gets the dossier reads all the names in them. What people have marked as protected
    leaves in no such dossier until two of them have lowered its class (`ascertain protect`).

    What the pseudonyms of a protected dossier stand for goes to a file of its own, for --recipient, or under the passphrase in
    ASCERTAIN_NAMES_PASSPHRASE; `ascertain protect open` opens it.
    """
    if protected and show_names:
        raise click.UsageError("a protected dossier shows no names")
    target = Path(names or f"{out.rstrip('/')}.names.age")
    if protected and target.exists():
        raise UsageError(f"{target} exists already", advice="Name a new file with --names.")
    with Case.open(case) as opened:
        closed = None
        if protected or incidents or documents:
            closed = opened.export_part(out, Wanted(incidents, documents, protected=protected, protect_names=not show_names))
        else:
            opened.export(out, protect_names=not show_names)
        signer = f"signed by {opened.store.signer}, key {opened.store.key_fingerprint}"
    click.echo(f"{out}: {signer}")
    if closed is not None:
        _tell(closed, target, recipients)


def _tell(closed: Closed, target: Path, recipients: tuple[str, ...]) -> None:
    """Say what is held back, and write what the pseudonyms stand for."""
    counts = closed.counts
    click.echo(
        f"documents: {counts['whole']} shown whole, {counts['part']} in part, {counts['withheld']} withheld; "
        f"words and fields withheld: {counts['restricted']} restricted, {counts['protected']} protected"
    )
    passphrase = os.environ.get(NAMES_PASSPHRASE)
    if not (recipients or passphrase):
        click.echo(f"What the pseudonyms stand for was not written: give --recipient KEY, or a passphrase in {NAMES_PASSPHRASE}.", err=True)
        return
    write_names(target, closed.key, recipients=recipients, passphrase=passphrase)
    click.echo(f"{target}: what the pseudonyms stand for, encrypted; keep it apart from the dossier")

"""`ascertain export`: the dossier."""

from __future__ import annotations

import click

from ascertain.case import Case


@click.command()
@click.argument("case")
@click.option("-o", "--out", required=True, help="Folder to write, or a file that ends in .zip.")
@click.option("--show-names", is_flag=True, help="Print the names of witnesses, victims and private persons in the report inside.")
def command(case: str, out: str, show_names: bool) -> None:
    """Write the dossier: originals, readings, incidents, decisions, report and the custody log with its proofs.

    The originals are whole: whoever gets the dossier reads all the names in them.
    """
    with Case.open(case) as opened:
        made = opened.export(out, protect_names=not show_names)
        signer = f"signed by {opened.store.signer}, key {opened.store.key_fingerprint}"
    click.echo(f"{made}: {signer}")

"""`ascertain init`: make a new case."""

from __future__ import annotations

import getpass

import click

from ascertain.case import Case


def default_collector() -> str:
    """The name of the user who runs the program; `unknown` where the machine doesn't tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


@click.command()
@click.argument("case")
@click.option("--name", help="Name of the case (default: the folder's).")
@click.option("--collector", help="Who collects, as it stands in the custody log (default: the user's name).")
def command(case: str, name: str | None, collector: str | None) -> None:
    """Make a new case: one folder with its store, originals, keys and settings."""
    with Case.create(case, name=name, collector=collector or default_collector()) as made:
        click.echo(f"{case}: new case, signed by {made.store.signer}, key {made.store.key_fingerprint}")
        if not made.store.keys.encrypted:
            click.echo("The signing key is not encrypted: see `ascertain key protect`.", err=True)
        click.echo(f"Next: ascertain add {case} FOLDER", err=True)

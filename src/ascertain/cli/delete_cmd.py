"""`ascertain delete`: take an item out of a case for good; a tombstone stays."""

from __future__ import annotations

import click

from ascertain.case import Case
from ascertain.errors import UsageError


@click.command()
@click.argument("case")
@click.argument("item")
@click.option("--reason", required=True, help="Why; it stands in the custody log for good.")
@click.option("--by", help="Who deletes (default: the case's collector).")
@click.option("--yes", is_flag=True, help="It is meant: the bytes can't be had back.")
def command(case: str, item: str, reason: str, by: str | None, yes: bool) -> None:
    """Delete an ITEM (a path under which it came in, or its SHA-256) with its parts, texts and readings.

    Its hash, how it came in, and the reason stay; the log says who deleted it and when. Reports and dossiers made before keep it.
    """
    if not yes:
        raise UsageError(f"{item} would be deleted for good", advice="Give --yes where that is meant.")
    with Case.open(case) as opened:
        gone = opened.delete(item, reason=reason, by=by or opened.store.collector)
    for digest in gone:
        click.echo(f"{digest}  deleted")

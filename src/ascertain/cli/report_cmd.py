"""`ascertain report`: the static HTML report."""

from __future__ import annotations

from pathlib import Path

import click

from ascertain.case import Case


@click.command()
@click.argument("case")
@click.option("-o", "--out", help="Folder to write to (default: report/ in the case).")
@click.option("--show-names", is_flag=True, help="Print the names of witnesses, victims and private persons (hidden by default).")
def command(case: str, out: str | None, show_names: bool) -> None:
    """Write a self-contained HTML report that opens from disk without a network."""
    with Case.open(case) as opened:
        page = opened.report(out or Path(case) / "report", protect_names=not show_names)
    click.echo(str(page))

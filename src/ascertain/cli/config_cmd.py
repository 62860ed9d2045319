"""`ascertain config`: each setting, its value and where it came from."""

from __future__ import annotations

import click

from ascertain.cli._screen import print_table
from ascertain.config import explain_settings


@click.command()
@click.argument("case", required=False)
def command(case: str | None) -> None:
    """Print each setting, its value, where it came from and what it is for."""
    print_table((name, f"{value}  ({source}) {meaning}") for name, value, source, meaning in explain_settings(case))

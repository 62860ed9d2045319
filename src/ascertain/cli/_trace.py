"""What people look at and look for on the command line stands in the custody log, as it does when they use the workbench."""

from __future__ import annotations

import click

from ascertain.case import Case
from ascertain.errors import CaseError, StoreError


def trace(case: str, action: str, object_: str, **about: object) -> None:
    """Log a look at a case; one that can't be written now is looked at all the same, and that is said."""
    try:
        with Case.open(case, wait_seconds=0) as opened:
            opened.store.record(action, object_, **about)
    except (StoreError, CaseError) as error:
        click.echo(f"not logged as {action}: {error}", err=True)

"""`ascertain run`: parse, extract, link and assess."""

from __future__ import annotations

import click

from ascertain.case import Case
from ascertain.cli._screen import ProgressLine
from ascertain.errors import EXIT_DONE, EXIT_SOME_FAILED


@click.command()
@click.argument("case")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that read documents (default: the setting `jobs`).")
def command(case: str, jobs: int | None) -> int:
    """Parse, extract, link and assess what is new or changed; a run that was ended goes on where it stood."""
    with Case.open(case) as opened:
        summary = opened.run(jobs=jobs, progress=ProgressLine())
    for outcome in summary.failures:
        click.echo(f"failed in {outcome.stage}: {outcome.reason}", err=True)
        if outcome.advice:
            click.echo(f"  next: {outcome.advice}", err=True)
    click.echo(
        f"{summary.originals} originals: {summary.done} done, {summary.failed} failed; "
        f"{summary.parsed} parsed and {summary.extracted} read now; {summary.incidents} incidents"
    )
    return EXIT_SOME_FAILED if summary.failures else EXIT_DONE

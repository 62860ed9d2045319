"""`ascertain incidents`: the contract's incidents of a case, or of some files without one."""

from __future__ import annotations

import sys

import click

from ascertain import pipeline
from ascertain.case import Case
from ascertain.cli._inputs import documents_of, is_case
from ascertain.cli._screen import SHAPES, ending, print_error
from ascertain.config import load_settings
from ascertain.errors import EXIT_DONE
from ascertain.records import Findings, Reading, overall_status


@click.command()
@click.argument("case_or_files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The contract's incidents on standard output.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that read files.")
def command(case_or_files: tuple[str, ...], as_json: bool, jobs: int) -> int:
    """Print the incidents of a case, or those that FILES tell of (nothing stored)."""
    status = EXIT_DONE
    if is_case(case_or_files):
        with Case.open(case_or_files[0], read_only=True) as opened:
            findings = opened.incidents()
    else:
        findings, status = incidents_of(case_or_files, jobs=jobs)
    if as_json:
        sys.stdout.buffer.write(pipeline.encode(findings) + b"\n")
    else:
        print_incidents(findings)
    return status


def incidents_of(files: tuple[str, ...], *, jobs: int) -> tuple[Findings, int]:
    """Findings of some files, and the exit status: those that could not be read are named on standard error."""
    readings: dict[str, Reading] = {}
    paths: dict[str, tuple[str, ...]] = {}
    failed = 0
    settings = load_settings(None)
    for item in pipeline.read_documents(documents_of(files, settings=settings), jobs=jobs, settings=settings):
        if isinstance(item, pipeline.Unread):
            failed += 1
            print_error(item.error)
        else:
            known = readings.setdefault(item.document.id, item)
            paths[known.document.id] = (*paths.get(known.document.id, ()), item.document.path)
    return pipeline.find_incidents(list(readings.values()), paths=paths), ending(failed=failed, done=len(readings))


def print_incidents(findings: Findings) -> None:
    """One line an incident: shape and word of its status, title, id."""
    for incident in findings.incidents:
        status = overall_status(incident.facts)
        click.echo(f"{SHAPES[status]} {status:<12} {incident.title or incident.kind or incident.type}  [{incident.id}]")
    if not findings.incidents:
        click.echo("no incidents; `ascertain run CASE` looks for them")

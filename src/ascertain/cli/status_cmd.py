"""`ascertain status`: what came in and how it ended."""

from __future__ import annotations

import attrs
import click

from ascertain.case import Case, CaseStatus
from ascertain.cli._screen import print_json, print_table
from ascertain.errors import EXIT_CUSTODY, EXIT_DONE


@click.command()
@click.argument("case")
@click.option("--check", is_flag=True, help="Hash every original and the whole custody log again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(case: str, check: bool, as_json: bool) -> int:
    """Say what came in, how it ended, what is waiting, and with which versions it was read."""
    with Case.open(case, read_only=True) as opened:
        status = opened.status(check=check)
    if as_json:
        print_json(attrs.asdict(status))
    else:
        print_status(status, checked=check)
    return EXIT_CUSTODY if status.problems else EXIT_DONE


def print_status(status: CaseStatus, *, checked: bool) -> None:
    """The status for people; failures with their reason and what to do."""
    rows = [
        ("case", status.name),
        ("originals", f"{status.originals} in = {status.done} done + {status.failed} failed + {status.waiting} waiting"),
        ("captures", str(status.captures)),
        ("documents", f"{status.documents}, with {status.statements} statements and {status.events} events"),
        ("incidents", ", ".join(f"{count} {word}" for word, count in sorted(status.incidents.items())) or "none"),
        ("decisions", str(status.decisions)),
        ("custody log", f"{status.log_size} records, signed by {status.signer}"),
        ("key", status.key_fingerprint),
        ("time stamps", _stamps(status)),
        ("seen by others", _seen(status)),
        ("versions", ", ".join(f"{stage} {version}" for stage, version in status.versions.items())),
    ]
    if checked:
        rows.append(("check", "everything holds" if not status.problems else f"{len(status.problems)} problems"))
    print_table(rows)
    for problem in status.problems:
        click.echo(f"custody: {problem}")
    for stamp in status.stamps:
        if stamp.state == "failed":
            click.echo(f"time stamp {stamp.name} failed: {stamp.reason} Next: `ascertain stamp CASE --out FILE` carries it out again.")
    for outcome in status.failures:
        click.echo(f"failed in {outcome.stage}: {outcome.reason}" + (f" Next: {outcome.advice}" if outcome.advice else ""))


def _stamps(status: CaseStatus) -> str:
    """How many wait, failed or came."""
    states = [one.state for one in status.stamps]
    return ", ".join(f"{states.count(state)} {state}" for state in ("stamped", "waiting", "failed") if state in states) or "none"


def _seen(status: CaseStatus) -> str:
    """Which records somebody else saw, by when."""
    if not status.bounds:
        return f"nobody: none of the {status.log_size} records has a bound of time (`ascertain stamp`, `ascertain witness`)"
    last = max(status.bounds, key=lambda bound: bound.records)
    return f"the first {last.records} records were there not after {last.time} ({last.by}); {status.log_size - last.records} since then have none"

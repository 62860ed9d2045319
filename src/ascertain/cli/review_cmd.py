"""`ascertain review`: people's decisions, from the terminal."""

from __future__ import annotations

from typing import Any

import click

from ascertain.case import Case
from ascertain.cli.init_cmd import default_collector
from ascertain.records import DecisionKind
from ascertain.review import Choice, undone

KINDS = [kind.value for kind in DecisionKind if kind is not DecisionKind.AMEND]  # statements are amended in the workbench


@click.command()
@click.argument("case")
@click.argument("decision", type=click.Choice([*KINDS, "list"]))
@click.argument("target", required=False)
@click.argument("attribute", required=False)
@click.option("--reviewer", help="Who decides (default: the user's name).")
@click.option("--reason", help="Why; always asked for.")
@click.option("--at-least", type=click.IntRange(min=0), help="Lower bound of a correction.")
@click.option("--at-most", type=click.IntRange(min=0), help="Upper bound of a correction.")
@click.option("--value", help="Words of a correction (actor, place, time).")
@click.option("--with", "other", metavar="INCIDENT", help="The incident to merge with.")
@click.option("--document", "documents", multiple=True, metavar="PATH", help="Document whose telling is split off; may be repeated.")
def command(case: str, decision: str, reviewer: str | None, **given: Any) -> None:
    """Decide about TARGET, an incident (or about its fact ATTRIBUTE: killed, injured, detained, actor, …); `list` prints all decisions.

    Decisions are kept for good with reviewer, time and reason. `establish` counts when two different reviewers have said it.
    """
    if decision == "list":
        print_decisions(case)
        return
    if given["target"] is None:
        raise click.UsageError("name the incident: `ascertain show CASE` prints them")
    if not given["reason"]:
        raise click.UsageError("a decision needs a reason: give --reason TEXT")
    choice = Choice(kind=DecisionKind(decision), reviewer=reviewer or default_collector(), **given)
    with Case.open(case) as opened:
        made = opened.decide(choice)
    click.echo(f"{made.id}: {made.kind} {made.target}{' ' + made.attribute if made.attribute else ''}, by {made.reviewer}")


def print_decisions(case: str) -> None:
    """All decisions, one a line; undone ones say so."""
    with Case.open(case, read_only=True) as opened:
        decisions = opened.store.decisions()
        homeless = {decision.id for decision in opened.without_home()}
    taken_back = undone(decisions)
    for made in decisions:
        note = " (undone)" if made.id in taken_back else " (no incident holds its passages now: decide anew)" if made.id in homeless else ""
        about = f"{made.target}{' ' + made.attribute if made.attribute else ''}"
        click.echo(f"{made.id}  {made.decided_at}  {made.reviewer}  {made.kind} {about}: {made.reason}{note}")

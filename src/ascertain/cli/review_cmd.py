"""`ascertain review`: people's decisions, from the terminal."""

from __future__ import annotations

import click

from ascertain.case import Case
from ascertain.cli.init_cmd import default_collector
from ascertain.records import DecisionKind
from ascertain.review import Choice, standing

KINDS = [kind.value for kind in DecisionKind]


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
def command(
    case: str, decision: str, target: str | None, attribute: str | None, reviewer: str | None, reason: str | None,
    at_least: int | None, at_most: int | None, value: str | None, other: str | None, documents: tuple[str, ...],
) -> None:  # fmt: skip
    """Decide about TARGET, an incident (or about its fact ATTRIBUTE: killed, injured, detained, actor, …); `list` prints all decisions.

    Decisions are kept for good with reviewer, time and reason. `establish` counts when two different reviewers have said it.
    """
    if decision == "list":
        print_decisions(case)
        return
    if target is None:
        raise click.UsageError("name the incident: `ascertain show CASE` prints them")
    if not reason:
        raise click.UsageError("a decision needs a reason: give --reason TEXT")
    choice = Choice(
        kind=DecisionKind(decision), target=target, reviewer=reviewer or default_collector(), reason=reason, attribute=attribute,
        at_least=at_least, at_most=at_most, value=value, other=other, documents=documents,
    )  # fmt: skip
    with Case.open(case) as opened:
        made = opened.decide(choice)
    click.echo(f"{made.id}: {made.kind} {made.target}{' ' + made.attribute if made.attribute else ''}, by {made.reviewer}")


def print_decisions(case: str) -> None:
    """All decisions, one a line; undone ones say so."""
    with Case.open(case, read_only=True) as opened:
        decisions = opened.store.decisions()
    valid = {decision.id for decision in standing(decisions)}
    for made in decisions:
        undone = "" if made.id in valid or made.kind is DecisionKind.UNDO else " (undone)"
        about = f"{made.target}{' ' + made.attribute if made.attribute else ''}"
        click.echo(f"{made.id}  {made.decided_at}  {made.reviewer}  {made.kind} {about}: {made.reason}{undone}")

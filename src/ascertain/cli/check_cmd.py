"""`ascertain check`: hash everything again, and put copies back."""

from __future__ import annotations

import attrs
import click

from ascertain.case import Case
from ascertain.cli._screen import ProgressLine, print_json
from ascertain.errors import EXIT_CUSTODY, EXIT_DONE
from ascertain.preserve import Damage, Fixity


@click.command()
@click.argument("case")
@click.option("--from", "copies", multiple=True, metavar="PLACE", help="Another case or a dossier in which copies are looked for.")
@click.option("--restore", is_flag=True, help="Put found copies back; what lay there is kept in the case's folder `damaged`.")
@click.option("--earlier", metavar="CHECKPOINT", help="Demand that the log goes on from this checkpoint, one that left the case before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(case: str, copies: tuple[str, ...], restore: bool, earlier: str | None, as_json: bool) -> int:
    """Hash every original, every record and the custody log again; go on where a check was cut short.

    What is damaged or missing is named, with what else still proves it and where a copy lies.
    """
    with Case.open(case) as opened:
        found = opened.check(copies=copies, restore=restore, earlier=earlier, progress=ProgressLine())
    if as_json:
        print_json({**attrs.asdict(found), "holds": found.holds})
    else:
        print_fixity(found)
    return EXIT_DONE if found.holds else EXIT_CUSTODY


def print_fixity(found: Fixity) -> None:
    """The result for people."""
    earlier = f", {found.originals - found.again} of them in the check that this one goes on with" if found.again < found.originals else ""
    click.echo(
        f"{found.originals} originals hashed{earlier}; {len(found.damages)} damaged, {len(found.problems)} problems in records and log"
    )
    for damage in found.damages:
        print_damage(damage)
    for problem in found.problems:
        click.echo(f"custody: {problem}")
    if found.earlier is not None:
        click.echo(f"the log goes on from the {found.earlier} records of the earlier checkpoint")
    if found.holds:
        click.echo("everything holds")


def print_damage(damage: Damage) -> None:
    """One damaged original: what is wrong, what still proves it, what to do."""
    click.echo(f"damaged: {damage.says}")
    click.echo(f"  came in as {', '.join(damage.paths)}")
    for sentence in damage.proves:
        click.echo(f"  proves it still: {sentence}")
    if damage.restored:
        click.echo(f"  restored from {damage.copy}")
    elif damage.copy is not None:
        click.echo(f"  next: a copy lies in {damage.copy}; give --restore to put it back")
    else:
        click.echo("  next: look for a copy with --from CASE_OR_DOSSIER")

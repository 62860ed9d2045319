"""`ascertain add`: preserve what is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from ascertain.case import Case
from ascertain.cli._inputs import addresses_in
from ascertain.cli._screen import ProgressLine, ending, print_error, print_json
from ascertain.errors import EXIT_CUSTODY, CustodyError, UsageError
from ascertain.preserve import Collected


@click.command()
@click.argument("case")
@click.argument("sources", nargs=-1)
@click.option("--addresses", metavar="FILE", help="A file of web addresses, one a line (- for standard input); # begins a remark.")
@click.option("--collector", help="Who collects these (default: the case's collector).")
@click.option("--allow-private", is_flag=True, help="Let web addresses lead to private and loopback machines.")
@click.option("--ignore-robots", metavar="REASON", help="Visit what a site's robots.txt closes; the reason goes into the log.")
@click.option("--columns", metavar="MAP", help="Which column of a table is what, e.g. text=body,published=date.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source on standard output.")
def command(case: str, sources: tuple[str, ...], addresses: str | None, as_json: bool, **how: Any) -> int:
    """Preserve SOURCES: files, folders, archives, web addresses, or - for standard input."""
    named = sources + (addresses_in(addresses) if addresses is not None else ())
    if not named:
        raise UsageError("nothing is named that could be added", advice="Name files, folders or addresses, or a file of addresses.")
    with Case.open(case) as opened:
        collected = opened.add(*named, progress=ProgressLine(), **how)
    left_out = [item for item in collected if item.left_out]
    failed = [item for item in collected if item.error is not None and not item.left_out]
    for item in collected:
        if as_json:
            error = str(item.error) if item.error else None
            print_json({"path": item.path, "original": item.digest, "new": item.new, "error": error, "left_out": item.left_out})
        if item.error is not None and not item.left_out:
            print_error(item.error)
    return told(collected, failed=failed, left_out=left_out, quiet=as_json)


def told(collected: Sequence[Collected], *, failed: Sequence[Collected], left_out: Sequence[Collected], quiet: bool) -> int:
    """Sum up on standard output (standard error where it is for a program); gives the exit status."""
    new = sum(item.new for item in collected)
    taken = len(collected) - len(failed) - len(left_out)
    hidden = f", {len(left_out)} hidden left out" if left_out else ""
    click.echo(f"{taken + len(failed)} in: {new} new, {taken - new} known already, {len(failed)} failed{hidden}", err=quiet)
    custody = any(isinstance(item.error, CustodyError) for item in failed)
    return EXIT_CUSTODY if custody else ending(failed=len(failed), done=taken)

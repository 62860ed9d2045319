"""`ascertain add`: preserve what is named."""

from __future__ import annotations

import json

import click

from ascertain.case import Case
from ascertain.cli._screen import ProgressLine, print_error
from ascertain.errors import EXIT_DONE, EXIT_SOME_FAILED


@click.command()
@click.argument("case")
@click.argument("sources", nargs=-1, required=True)
@click.option("--collector", help="Who collects these (default: the case's collector).")
@click.option("--allow-private", is_flag=True, help="Let web addresses lead to private and loopback machines.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source on standard output.")
def command(case: str, sources: tuple[str, ...], collector: str | None, allow_private: bool, as_json: bool) -> int:
    """Preserve SOURCES: files, folders, archives, web addresses, or - for standard input."""
    with Case.open(case) as opened:
        collected = opened.add(*sources, collector=collector, allow_private=allow_private, progress=ProgressLine())
    failed = [item for item in collected if item.error is not None]
    for item in collected:
        if as_json:
            error = str(item.error) if item.error else None
            click.echo(json.dumps({"path": item.path, "original": item.digest, "new": item.new, "error": error}, ensure_ascii=False))
        if item.error is not None:
            print_error(item.error)
    new = sum(item.new for item in collected)
    known = len(collected) - len(failed) - new
    click.echo(f"{len(collected)} in: {new} new, {known} known already, {len(failed)} failed", err=as_json)
    return EXIT_SOME_FAILED if failed else EXIT_DONE

"""`ascertain search`: full text."""

from __future__ import annotations

import hashlib

import click

from ascertain.case import Case
from ascertain.cli._screen import print_json, reference
from ascertain.cli._trace import trace


@click.command()
@click.argument("case")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Hits at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a hit.")
def command(case: str, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find WORDS in documents, statements and events; every hit says its passage."""
    with Case.open(case, read_only=True) as opened:
        hits = opened.search(" ".join(words), limit=limit)
    asked = hashlib.sha256(" ".join(words).encode("utf-8", "surrogateescape")).hexdigest()  # not the words: they may name a witness
    trace(case, "searched", "case", words=asked, hits=len(hits))
    for hit in hits:
        if as_json:
            found = {
                "kind": hit.kind,
                "document": hit.document,
                "path": hit.path,
                "span": list(hit.span),
                "snippet": hit.snippet,
                "ref": hit.ref,
            }
            print_json(found)
        else:
            click.echo(f"{hit.kind:<9} {reference(hit.path, hit.span)}  {hit.snippet}")
    if not hits and not as_json:
        click.echo("nothing found", err=True)

"""`ascertain stamp`: time stamps of the custody log by an outside authority, carried there and back."""

from __future__ import annotations

from pathlib import Path

import click

from ascertain.case import Case
from ascertain.errors import EXIT_DONE, EXIT_SOME_FAILED, InputError


@click.command()
@click.argument("case")
@click.option("--out", metavar="FILE", help="Write the requests that wait into one ZIP, for a machine with a network.")
@click.option("--in", "answers", metavar="FILE", help="Take answers in: a ZIP with .tsr files, or one of them.")
@click.option("--ca", metavar="FILE", help="The authority's certificates (PEM), for --in: each stamp has to lead to them; they are kept.")
def command(case: str, out: str | None, answers: str | None, ca: str | None) -> int:
    """Ask for a time stamp (RFC 3161) of the custody log's head: it shows that everything before it was there not after that time.

    Nothing is sent: --out writes what somebody carries to an authority, --in takes what comes back. A request that failed waits on.
    """
    with Case.open(case) as opened:
        if answers is not None:
            taken = opened.take_stamps(answers, roots=_certificates(ca))
        else:
            opened.ask_stamp(out=out)
            taken = opened.stamps()
    for one in taken:
        told = {"stamped": f"{one.time} by {one.authority}", "failed": str(one.reason)}.get(one.state, f"asked {one.asked_at}")
        click.echo(f"{one.name}  {one.size} records  {one.state}  {told}")
    return EXIT_SOME_FAILED if answers is not None and any(one.state == "failed" for one in taken) else EXIT_DONE


def _certificates(path: str | None) -> bytes | None:
    if path is None:
        return None
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}", advice="Give the authority's certificates as PEM.") from error

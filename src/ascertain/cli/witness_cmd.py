"""`ascertain witness`: co-sign the heads of others' logs, have one's own co-signed."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ascertain.case import Case
from ascertain.errors import InputError, UsageError


@click.group()
def command() -> None:
    """Co-sign the heads of others' custody logs, and have those of a case co-signed: nobody can show two histories then.

    A witness signs a head only if its log goes on from the head that it signed before. Files go there and back by hand.
    """


@command.command()
@click.argument("folder")
@click.option("--name", required=True, help="The witness's name, as it will stand in signatures: letters, digits, dots, slashes, hyphens.")
def init(folder: str, name: str) -> None:
    """Make a witness in a new FOLDER and print its key, for those whose heads it will sign (passphrase in ASCERTAIN_PASSPHRASE)."""
    from ascertain.publish import make_witness

    click.echo(make_witness(Path(folder), name))


@command.command()
@click.argument("folder")
@click.argument("request")
@click.option("--trust", metavar="KEY", help="The log's key (`ascertain key export`), the first time and after it was rotated.")
@click.option("-o", "--out", required=True, metavar="FILE", help="Where the co-signed head goes.")
def sign(folder: str, request: str, trust: str | None, out: str) -> None:
    """Co-sign the head in REQUEST, if its log goes on from the one signed before; else refuse with exit status 4."""
    from ascertain.publish import sign_head

    if Path(out).exists():
        raise UsageError(f"{out} exists already", advice="Name a new file.")
    try:
        asked = Path(request).read_bytes()
    except OSError as error:
        raise InputError(f"{request} can't be read: {error.strerror}", advice="Give what `ascertain witness ask` wrote.") from error
    note = sign_head(Path(folder), asked, trust=trust, clock=time.time)
    Path(out).write_text(note, encoding="utf-8")
    click.echo(f"signed {note.split(chr(10))[1]} records of {note.partition(chr(10))[0]}")


@command.command()
@click.argument("case")
@click.option(
    "--since", type=click.IntRange(min=0), metavar="NUMBER", help="Records that the witness signed before; by default as the case knows."
)
@click.option("-o", "--out", required=True, metavar="FILE", help="Where the request goes.")
def ask(case: str, since: int | None, out: str) -> None:
    """Write a request to co-sign the head of CASE's custody log."""
    from ascertain.publish import ask_witness

    with Case.open(case) as opened:
        size = ask_witness(opened.store, Path(out), since=since)
    click.echo(f"{out}: {size} records to be signed")


@command.command()
@click.argument("case")
@click.argument("answer")
@click.option("--witness", "key", metavar="KEY", help="The witness's key, the first time (`ascertain witness init` printed it).")
def keep(case: str, answer: str, key: str | None) -> None:
    """Check what a witness signed and keep it with CASE; it goes into every dossier from then on."""
    from ascertain.publish import keep_witness

    with Case.open(case) as opened:
        name, size, when = keep_witness(opened.store, Path(answer), key=key)
    click.echo(f"{name} signed {size} records at {when}")

"""`ascertain protect`: how sensitive documents, names and passages are, and what pseudonyms stand for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from ascertain.case import Case
from ascertain.cli._screen import print_json
from ascertain.cli.export_cmd import NAMES_PASSPHRASE
from ascertain.cli.init_cmd import default_collector
from ascertain.errors import InputError, UsageError
from ascertain.publish import open_names
from ascertain.records import Label, MarkKind, Sensitivity, Standing
from ascertain.review import Classing
from ascertain.store import Protection


@click.group()
def command() -> None:
    """Say how sensitive documents, names and passages are, and see it; open the file that says what pseudonyms stand for.

    Classes: `public` leaves in every export, `restricted` is withheld from protected exports, `protected` leaves in none.
    Raising a class counts at once. Lowering it is a release: it counts when two different persons have said so.
    """


@command.command("set")
@click.argument("case")
@click.argument("kind", type=click.Choice([kind.value for kind in MarkKind]))
@click.argument("thing")
@click.argument("sensitivity", metavar="CLASS", type=click.Choice([one.value for one in Sensitivity]))
@click.option("--reason", required=True, help="Why; it is kept, and a dossier that withholds something gives it.")
@click.option("--by", help="Who says so (default: the user's name); in a case with accounts the name of one.")
@click.option(
    "--as", "label", type=click.Choice([label.value for label in Label]), help="What a pseudonym calls an entity (default: person)."
)
@click.option("--also", multiple=True, metavar="NAME", help="Another name of the entity; may be repeated.")
@click.option("--in", "document", metavar="DOCUMENT", help="The document (path or id) in which a passage stands.")
def set_class(case: str, kind: str, thing: str, sensitivity: str, **given: Any) -> None:
    """Give THING a CLASS: an `item` is a document (path or id), an `entity` a name, a `passage` exact words of a document."""
    label = Label(given["label"]) if given["label"] else None
    by, sensitive = given["by"] or default_collector(), Sensitivity(sensitivity)
    wanted = Classing(MarkKind(kind), thing, sensitive, by, given["reason"], given["also"], label, given["document"])
    with Case.open(case) as opened:
        standing = opened.classify(wanted)
    click.echo(_words(standing))
    if standing.asked:
        click.echo("Next: a second person says the same, or a lower class, with the same command.", err=True)


@command.command("list")
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_classes(case: str, as_json: bool) -> None:
    """Print what people have marked, and which releases wait for a second person. It prints the names."""
    with Case.open(case, read_only=True) as opened:
        found = list(Protection(opened.store).standings().values())
        paths = {document.id: document.path for document in opened.documents()}
    if not found:
        click.echo("nothing is marked: people, places and documents are as by default; `ascertain protect set` marks", err=True)
    for standing in found:
        mark = standing.mark
        thing = mark.names[0] if mark.names else paths.get(mark.key, mark.key)
        if as_json:
            print_json({
                "kind": mark.kind, "thing": thing, "names": standing.names, "class": standing.sensitivity, "reason": mark.reason, "by": mark.by,
                "at": mark.at, "asked": [{"by": who, "class": lower} for who, lower in standing.asked], "released_by": standing.released_by,
                "document": mark.document,
            })  # fmt: skip
        else:
            click.echo(f"{mark.kind} {thing}: {_words(standing)}")


def _words(standing: Standing) -> str:
    said = f"{standing.sensitivity or 'as by default'} ({standing.mark.by}: {standing.mark.reason})"
    if standing.released_by:
        said += f", released by {' and '.join(standing.released_by)}"
    return said + "".join(f"; {who} would make it {lower}: a second person is needed" for who, lower in standing.asked)


@command.command()
@click.argument("case")
def seal(case: str) -> None:
    """Seal what an older version kept without, so that protected exports can show it in part; proofs of it begin now."""
    with Case.open(case) as opened:
        count = Protection(opened.store).seal_older()
        opened.store.checkpoint()
    click.echo(f"{count} documents and decisions were sealed")


@command.command("open")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--identity", type=click.Path(path_type=Path), help="Your private key: a file of age-keygen, or an SSH key.")
def open_file(file: Path, identity: Path | None) -> None:
    """Print what the pseudonyms of an export stand for: opened with --identity, else with the passphrase in ASCERTAIN_NAMES_PASSPHRASE."""
    passphrase = os.environ.get(NAMES_PASSPHRASE)
    if identity is None and not passphrase:
        raise UsageError("the file is encrypted", advice=f"Give --identity FILE, or the passphrase in {NAMES_PASSPHRASE}.")
    try:
        key = identity.read_bytes() if identity else None
    except OSError as error:
        raise InputError(f"{identity} can't be read: {error.strerror}", advice="Give the file with your private key.") from error
    click.echo(open_names(file, identity=key, passphrase=passphrase).decode())

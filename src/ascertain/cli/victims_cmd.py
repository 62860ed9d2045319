"""`ascertain victims`: which entries of lists of names are one person."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import attrs
import click

from ascertain.cli._screen import print_json
from ascertain.errors import InputError
from ascertain.link import VictimEntry, VictimLinking, link_victims


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object: persons, pairs with their weights, bounds, estimate.")
def command(file: Path, as_json: bool) -> None:
    """De-duplicate the names of victims in FILE, a CSV table with the columns name, age, sex, day, place, source.

    Only `name` is needed. A column `id` is used where it stands there, else the line's number. Nothing is stored and nothing is merged for good.
    """
    entries = entries_of(file)
    try:
        linking = link_victims(entries)
    except ValueError as error:
        raise InputError(f"{file}: {error}", advice="Give every line an id of its own.") from error
    if as_json:
        print_json({"schema": "ascertain/victims/1", **attrs.asdict(linking)})
    else:
        print_victims(linking, {e.id: e for e in entries})


def entries_of(file: Path) -> list[VictimEntry]:
    """The entries of a table.

    Raises:
        InputError: it can't be read, has no column `name`, or a line is none.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            table = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file} can't be read as a table: {error}", advice="Save it as CSV in UTF-8.") from error
    if "name" not in (reader.fieldnames or ()):
        raise InputError(f"{file} has no column `name`", advice="Name the columns in the first line: name, age, sex, day, place, source.")
    found = []
    for number, row in enumerate(table, 2):
        kept = {key: (row.get(key) or "").strip() or None for key in ("id", "name", "age", "sex", "day", "place", "source")}
        try:
            age = int(kept["age"]) if kept["age"] else None
            found.append(
                VictimEntry(kept["id"] or str(number), kept["name"] or "", age, kept["sex"], kept["day"], kept["place"], kept["source"])
            )  # fmt: skip
        except ValueError as error:
            raise InputError(f"{file}, line {number}: {error}", advice="Days are written 2023-06-12, ages as whole years.") from error
    return found


def print_victims(linking: VictimLinking, entries: dict[str, VictimEntry]) -> None:
    """Each person with the entries that name them, what is doubtful, and how many persons there are."""
    for person in linking.persons:
        click.echo("; ".join(f"{entries[i].name} [{i}{', ' + s if (s := entries[i].source) else ''}]" for i in person))
    for pair in linking.doubtful:
        click.echo(
            f"? {entries[pair.one].name} [{pair.one}] and {entries[pair.other].name} [{pair.other}], {pair.chance:.0%}: {pair.reason}"
        )
    count = str(linking.at_most) if linking.at_least == linking.at_most else f"{linking.at_least} to {linking.at_most}"
    click.echo(f"{len(entries)} entries, {count} persons", file=sys.stderr)
    if linking.estimate is not None:
        click.echo(f"estimate from the overlap of two lists, no count: {linking.estimate}", file=sys.stderr)

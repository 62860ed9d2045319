"""`ascertain read`: the contract's reading of files, nothing stored."""

from __future__ import annotations

import re
import sys

import click

from ascertain import pipeline
from ascertain.cli._inputs import articles_of, documents_of
from ascertain.cli._screen import ending, excerpt, print_error, reference
from ascertain.config import load_settings
from ascertain.records import Reading

ISO_DATE = re.compile(
    r"(?:1[0-9]|20)\d\d(-(?:0[1-9]|1[0-2])(-(?:0[1-9]|[12]\d|3[01])([T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?)?)?$"
)


def checked_date(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A date as the option takes it: ISO 8601, with a time or without."""
    if value is not None and not ISO_DATE.match(value):
        raise click.BadParameter(f"{value!r} is no ISO 8601 date such as 2022-04-05")
    return value


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The contract's reading, one JSON object a line.")
@click.option("--jsonl", is_flag=True, help="FILES are JSON Lines, one article a line: id, text, published, title, publisher, language.")
@click.option("--published", metavar="DATE", callback=checked_date, help="The date of the document, ISO 8601.")
@click.option("--columns", metavar="MAP", help="Which column of a table is what, e.g. text=body,published=date.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes; the output is the same.")
def command(files: tuple[str, ...], as_json: bool, jsonl: bool, published: str | None, columns: str | None, jobs: int) -> int:
    """Read FILES once and print who said what and what is said to have happened; - is standard input."""
    settings = load_settings(None)
    documents = (articles_of if jsonl else documents_of)(files, settings=settings, published=published, columns=columns)
    read = failed = 0
    for item in pipeline.read_documents(documents, jobs=jobs, settings=settings):
        if isinstance(item, pipeline.Unread):
            failed += 1
            print_error(item.error)
        elif as_json:
            read += 1
            sys.stdout.buffer.write(pipeline.encode(item) + b"\n")
        else:
            read += 1
            print_reading(item)
    return ending(failed=failed, done=read)


def print_reading(reading: Reading) -> None:
    """A reading for people: statements with their speakers, then events; every line says its passage."""
    names = {entity.id: entity.name for entity in reading.entities}
    times = {time.id: time.value for time in reading.times}
    document = reading.document
    click.echo(f"{document.path}: {document.title or 'no title'} ({document.published.value if document.published else 'no date'})")
    for statement in reading.statements:
        who = names.get(statement.speaker or "", "the document")
        where = reference(document.path, statement.content[0])
        click.echo(f"  {who} {statement.stance}: {excerpt(document.text, statement.content[0])}  {where}")
    for event in reading.events:
        place, time = names.get(event.place or "", ""), times.get(event.time or "", "")
        about = ", ".join(part for part in (event.kind or event.type, str(event.actuality), place, time) if part)
        click.echo(f"  [{about}] {excerpt(document.text, event.trigger)}  {reference(document.path, event.trigger)}")

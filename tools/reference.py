"""Write docs/reference/commands.md and settings.md from the code: every command, option, exit status, error and setting.

python tools/reference.py            writes the pages
python tools/reference.py --check    says which page is not what the code is, and ends with 1
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import click

from ascertain import errors
from ascertain.cli import COMMANDS, cli
from ascertain.config import PREFIX, Settings

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py from the code: change it there, then run `make docs`. -->"
STATUSES = {
    "EXIT_DONE": "done",
    "EXIT_SOME_FAILED": "done, but some inputs failed; each is named with its reason",
    "EXIT_USAGE": "the command or call was wrong",
    "EXIT_INPUT": "an input or a case can't be read",
    "EXIT_CUSTODY": "custody or a proof does not hold; never used for anything else, nor for “could not check”",
    "EXIT_STORE": "the store refused: disk, database, or another process that holds the case",
    "EXIT_INTERRUPTED": "interrupted; nothing that was acknowledged is lost",
}
EXAMPLES: dict[str, tuple[str, ...]] = {
    "init": ('ascertain init mycase --collector "A. Investigator"',),
    "add": ("ascertain add mycase examples/reports", "ascertain add mycase https://example.org/report", "ascertain add mycase --addresses addresses.txt", "cat letter.txt | ascertain add mycase -"),
    "run": ("ascertain run mycase --jobs 2",),
    "read": (
        "ascertain read examples/reports/02-sahelwire.txt",
        "ascertain read --json --published 2025-03-03 note.txt",
        "ascertain read --json --jsonl --jobs 2 articles.jsonl > readings.jsonl",
    ),
    "incidents": ("ascertain incidents mycase --json > incidents.json", "ascertain incidents examples/reports"),
    "show": ("ascertain show mycase", "ascertain show mycase 1b0d4c", "ascertain show mycase reports/02-sahelwire.txt"),
    "search": ("ascertain search mycase livestock market --limit 5",),
    "review": (
        'ascertain review mycase correct incident-1b0d4c733036 killed --at-least 4 --at-most 5 --reason "read again"',
        "ascertain review mycase list",
    ),
    "report": ("ascertain report mycase",),
    "export": ("ascertain export mycase -o mycase.zip",),
    "verify": ("ascertain verify mycase.zip --key FINGERPRINT",),
    "check": ("ascertain check mycase", "ascertain check mycase --from mycase.zip --restore"),
    "stamp": ("ascertain stamp mycase --out requests.zip", "ascertain stamp mycase --in answers.zip --ca authority.pem"),
    "witness init": ("ascertain witness init mywitness --name witness.example.org",),
    "witness sign": ("ascertain witness sign mywitness request --trust KEY -o answer",),
    "witness ask": ("ascertain witness ask mycase -o request",),
    "witness keep": ("ascertain witness keep mycase answer --witness KEY",),
    "key show": ("ascertain key show mycase",),
    "key rotate": ('ascertain key rotate mycase --revoke --reason "the laptop was lost"',),
    "delete": ('ascertain delete mycase letters/7.eml --reason "the witness withdrew it" --by "A. Investigator" --yes',),
    "status": ("ascertain status mycase --check",),
    "serve": ("ascertain serve mycase", "ascertain serve mycase --host 192.168.1.20 --name case.example --tls-cert chain.pem --tls-key key.pem"),
    "config": ("ascertain config mycase",),
    "doctor": ("ascertain doctor",),
}  # fmt: skip


def commands_page() -> str:
    """The page of commands, exit statuses and errors."""
    lines = [
        "# Commands and exit statuses",
        "",
        NOTE,
        "",
        "Results go to standard output, everything else to standard error.",
        "`CASE` is the folder of a case, `-` is standard input.",
        "Progress is shown only on a terminal; `--help` stands behind every command.",
        "",
        "| command | what it does |",
        "| --- | --- |",
        *(f"| [`{name}`](#ascertain-{name}) | {meaning} |" for name, meaning in COMMANDS.items()),
        "",
    ]
    context = click.Context(cli, info_name="ascertain")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is not None:
            lines += _command(command, click.Context(command, info_name=name, parent=context))
    return "\n".join([*lines, *_statuses(), *_errors()])


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    """One command: what it does, its usage, its options; then the commands below it."""
    path = context.command_path
    yield from (f"## `{path}`", "", _plain(command.help), "")
    yield from ("```", f"{path} {' '.join(command.collect_usage_pieces(context))}", "```", "")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        yield from ("| option | meaning |", "| --- | --- |", *(_option(option, context) for option in options), "")
    examples = EXAMPLES.get(path.removeprefix("ascertain "), ())
    if examples:
        yield from ("For example:", "", "```", *examples, "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, click.Context(inner, info_name=name, parent=context))


def _option(option: click.Option, context: click.Context) -> str:
    written, meaning = option.get_help_record(context) or ("", "")
    for found, instead in (
        ("INTEGER RANGE", "NUMBER"),
        ("INTEGER", "NUMBER"),
        ("x>=", "at least "),
        ("x<=", "at most "),
        ("|", r"\|"),
        ("  [", " ["),
    ):
        written, meaning = written.replace(found, instead), meaning.replace(found, instead)
    return f"| `{written}` | {meaning} |"


def _plain(text: str | None) -> str:
    """A docstring's paragraphs, one a line."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _statuses() -> Iterator[str]:
    yield from ("## Exit statuses", "", "| status | meaning |", "| --- | --- |")
    codes = {name: value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    yield from (f"| {value} | {STATUSES[name]} |" for name, value in sorted(codes.items(), key=lambda pair: int(pair[1])))
    yield ""


def _errors() -> Iterator[str]:
    yield from ("## Errors", "", "In Python each is a class of `ascertain.errors` and carries its `advice`.", "")
    yield from ("| error | is a | status | meaning |", "| --- | --- | --- | --- |")
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, errors.AscertainError):
            yield f"| `{name}` | `{value.__base__.__name__}` | {value.exit_status} | {_plain(value.__doc__).splitlines()[0]} |"  # type: ignore[union-attr]  # an error class has a base
    yield ""


def settings_page() -> str:
    """The page of settings."""
    rows = [
        f"| `{field.name}` | {field.default:,} | {field.metadata['meaning']} |" if isinstance(field.default, int)
        else f"| `{field.name}` | {field.default} | {field.metadata['meaning']} |"
        for field in attrs.fields(Settings)
    ]  # fmt: skip
    return "\n".join(
        [
            "# Settings",
            "",
            NOTE,
            "",
            "A flag wins over the environment, that over the case's `ascertain.toml`, that over the default.",
            "`ascertain config CASE` prints each value and where it came from.",
            "All are whole numbers; units stand in their names.",
            "",
            "| setting | default | what it is for |",
            "| --- | --- | --- |",
            *rows,
            "",
            f"In the environment a setting is `{PREFIX}` and its name in capitals:",
            "",
            "```",
            f"{PREFIX}JOBS=4 ascertain run mycase",
            "```",
            "",
            "In `ascertain.toml`:",
            "",
            "```toml",
            "[settings]",
            "jobs = 4",
            "parse_timeout_seconds = 60",
            "```",
            "",
            "A name that `ascertain` doesn't know is an error, not a silent default.",
            "",
        ]
    )


PAGES = {"commands.md": commands_page, "settings.md": settings_page}


def main() -> None:
    """Write the pages, or check them."""
    stale = []
    for name, made in PAGES.items():
        page, text = REFERENCE / name, made()
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv:
            stale.append(name)
        else:
            page.write_text(text, encoding="utf-8")
            print(f"wrote {page}")
    if stale:
        sys.exit(f"not what the code is: {', '.join(stale)}; run `make docs`")


if __name__ == "__main__":
    main()

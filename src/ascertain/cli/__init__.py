"""The command line: one file a command, each a thin shell over a function that works without a terminal.

Results go to standard output, everything else to standard error. Exit status: 0 done; 1 done, but some inputs failed; 2 wrong usage;
3 an input or a case can't be read; 4 custody or a proof does not hold; 5 the store refused; 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from ascertain import __version__
from ascertain.errors import EXIT_INTERRUPTED, AscertainError

COMMANDS = {
    "init": "make a new case",
    "add": "preserve files, folders, archives, web addresses",
    "run": "parse, extract, link and assess what is new or changed",
    "read": "read files once, print readings, store nothing",
    "incidents": "print the incidents of a case, or of some files",
    "show": "look at incidents, facts, statements and documents",
    "search": "find words in documents, statements and events",
    "review": "confirm, correct, merge, split, establish or refute",
    "report": "write the static HTML report",
    "export": "write the dossier",
    "verify": "check a dossier, offline and without a case",
    "status": "what came in, how it ended, what is waiting",
    "config": "print each setting and where it came from",
    "doctor": "what is installed and what is missing",
}


class Commands(click.Group):
    """Loads a command's module when it is called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ascertain.cli.{cmd_name}_cmd").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ascertain")
def cli() -> None:
    """Turn reporting on armed conflict into established facts.

    A first case: `ascertain init CASE`, `ascertain add CASE FOLDER`, `ascertain run CASE`, `ascertain report CASE`.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit status."""
    try:
        result: Any = cli.main(args=arguments, prog_name="ascertain", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(result if isinstance(result, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AscertainError as error:
        click.echo(f"Error: {error}", err=True)
        if error.advice:
            click.echo(f"Next: {error.advice}", err=True)
        sys.exit(error.exit_status)
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo("Interrupted. Nothing acknowledged is lost; run the same command again to go on.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)

"""The command line: one file a command, each a thin shell over a function that works without a terminal.

Results go to standard output, everything else to standard error. Exit status: 0 done; 1 done, but some inputs failed; 2 wrong usage;
3 an input or a case can't be read; 4 custody or a proof does not hold; 5 the store refused; 130 interrupted.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Any

import click

from ascertain import __version__
from ascertain.errors import EXIT_DONE, EXIT_INTERRUPTED, AscertainError, StoreError

COMMANDS = {
    "init": "make a new case",
    "add": "preserve files, folders, archives, web addresses",
    "run": "parse, extract, link and assess what is new or changed",
    "read": "read files once, print readings, store nothing",
    "incidents": "print the incidents of a case, or of some files",
    "show": "look at incidents, facts, statements and documents",
    "search": "find words in documents, statements and events",
    "review": "confirm, correct, merge, split, establish or refute",
    "protect": "say how sensitive documents, names and passages are",
    "victims": "de-duplicate lists of victims' names",
    "report": "write the static HTML report",
    "export": "write the dossier",
    "verify": "check a dossier, offline and without a case",
    "check": "hash everything again, put copies back",
    "stamp": "ask for time stamps of the custody log, take them in",
    "witness": "co-sign the heads of others' logs, have a case's co-signed",
    "key": "show, export, rotate or encrypt the signing key",
    "delete": "take an item out for good; a tombstone stays",
    "status": "what came in, how it ended, what is waiting",
    "serve": "open the workbench in the browser",
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that can't show a letter is no reason to fail
    try:
        status = _status(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _to_nowhere()
        status = EXIT_DONE  # who reads has enough
    except OSError as error:
        _to_nowhere()
        status = _told(StoreError(f"the system refused: {error.strerror or error}", advice="Check free space, permissions and limits."))
    sys.exit(status)


def _status(arguments: list[str] | None) -> int:
    """Run a command; gives the exit status, every error told."""
    try:
        # not `cli.main`, which makes an error of a reader that has had enough
        with cli.make_context("ascertain", sys.argv[1:] if arguments is None else list(arguments)) as context:
            result: Any = cli.invoke(context)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except AscertainError as error:
        return _told(error)
    except (KeyboardInterrupt, EOFError, click.exceptions.Abort):
        click.echo("Interrupted. Nothing acknowledged is lost; run the same command again to go on.", err=True)
        return EXIT_INTERRUPTED
    except OSError:
        raise
    except Exception as error:  # the rim: a fault of ours is told in a sentence; ASCERTAIN_TRACE=1 shows where it is
        if os.environ.get("ASCERTAIN_TRACE"):
            raise
        return _told(
            AscertainError(
                f"a fault of ascertain ({type(error).__name__})", advice="Please report it; ASCERTAIN_TRACE=1 shows where it is."
            )
        )
    return result if isinstance(result, int) else EXIT_DONE


def _told(error: AscertainError) -> int:
    click.echo(f"Error: {error}", err=True)
    if error.advice:
        click.echo(f"Next: {error.advice}", err=True)
    return error.exit_status


def _to_nowhere() -> None:
    """Let what is still to be written go nowhere: the interpreter flushes once more at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

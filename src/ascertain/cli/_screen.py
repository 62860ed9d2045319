"""What commands share about the screen: progress, errors in a row, wording of facts."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable

import click

from ascertain.errors import EXIT_DONE, EXIT_INPUT, EXIT_SOME_FAILED, AscertainError
from ascertain.pipeline import json_line
from ascertain.records import Fact, Span, Status

SHAPES = {Status.ALLEGED: "○", Status.CORROBORATED: "◐", Status.CONTESTED: "◇", Status.ESTABLISHED: "●", Status.REFUTED: "⊘"}
REDRAW_SECONDS = 0.2
EXCERPT_CHARACTERS = 160


class ProgressLine:
    """One line on standard error with done, total, rate and time left; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._drawn = 0.0
        self._active = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw, at most a few times a second."""
        if not self._active:
            return
        now = time.monotonic()
        started = self._started.setdefault(stage, now)
        if done < total and now - self._drawn < REDRAW_SECONDS:
            return
        self._drawn = now
        rate = done / (now - started) if now > started else 0.0
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        click.echo(f"\r\x1b[K{stage}: {done} of {total} ({rate:.1f} a second{left})", nl=done >= total, err=True)


def print_error(error: AscertainError) -> None:
    """An error of one input, on standard error."""
    click.echo(f"failed: {error}", err=True)
    if error.advice:
        click.echo(f"  next: {error.advice}", err=True)


def print_json(found: object) -> None:
    """One JSON object a line on standard output, in UTF-8 whatever the terminal's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json_line(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")) + b"\n")


def ending(*, failed: int, done: int) -> int:
    """The exit status of work on several inputs: all done, some failed, or none could be read."""
    if not failed:
        return EXIT_DONE
    return EXIT_SOME_FAILED if done else EXIT_INPUT


def interval_words(fact: Fact) -> str:
    """A fact's range or value in words: `410 or more`, `20–30`, `about 90`, `not stated`."""
    if fact.at_least is None and fact.at_most is None:
        return fact.value or "not stated"
    if fact.at_most is None:
        return f"{fact.at_least:,} or more"
    if fact.at_least is None:
        return f"up to {fact.at_most:,}"
    if fact.at_least == fact.at_most:
        return f"{'about ' if fact.approximate else ''}{fact.at_least:,}"
    return f"{fact.at_least:,}–{fact.at_most:,}"


def excerpt(text: str, span: Span, *, around: int = EXCERPT_CHARACTERS) -> str:
    """The words of a passage in their sentence, marked with « », on one line."""
    start = max(text.rfind(mark, 0, span.start) for mark in (". ", "\n", "? ", "! ")) + 1
    start = max(start, span.start - around)
    ends = [found for mark in (". ", "\n", "? ", "! ") if (found := text.find(mark, span.end)) >= 0]
    end = min([*ends, span.end + around, len(text)])
    words = f"{text[start : span.start]}«{text[span.start : span.end]}»{text[span.end : end + 1]}"
    return " ".join(words.split())


def reference(path: str, span: Span) -> str:
    """Where a passage stands, to be found again: `path[start:end]`."""
    return f"{path}[{span.start}:{span.end}]"


def print_table(rows: Iterable[tuple[str, str]]) -> None:
    """Two columns on standard output, the first as wide as its widest."""
    listed = list(rows)
    width = max((len(name) for name, _ in listed), default=0)
    for name, value in listed:
        click.echo(f"{name:<{width}}  {value}")

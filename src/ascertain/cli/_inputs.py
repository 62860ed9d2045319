"""Inputs of the one-shot commands: files, folders and standard input, read and parsed, nothing stored."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from ascertain import pipeline
from ascertain.capture import is_address
from ascertain.case import dated
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError, UsageError
from ascertain.models.media import printable
from ascertain.parse import checked_columns
from ascertain.records import Document
from ascertain.workers import BoundedWorker

STDIN = "stdin"  # the path of what came by standard input


def files_in(paths: Sequence[str]) -> Iterator[str]:
    """Files as named; of a folder all files below it, sorted, hidden ones left out."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            inside = (p for p in Path(path).rglob("*") if p.is_file())
            yield from sorted(str(p) for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts))
        else:
            yield path


def bytes_of(path: str, *, settings: Settings) -> bytes | pipeline.Unread:
    """The bytes of a file or of standard input (`-`), or why they can't be had."""
    shown = printable(path)
    try:
        with opened(path) as file:
            data = file.read(settings.max_original_bytes + 1)
    except (OSError, ValueError) as error:
        return unreadable(shown, error)
    if len(data) > settings.max_original_bytes:
        return pipeline.Unread(shown, LimitError(f"{shown} is larger than {settings.max_original_bytes:,} bytes", advice="Split it."))
    return data


def opened(path: str) -> BinaryIO:
    """A file, or standard input for `-`.

    Raises:
        OSError: there is none.
        ValueError: the name is none.
    """
    if path != "-":
        return Path(path).open("rb")
    if sys.stdin is None:
        raise OSError(None, "standard input is closed")
    return sys.stdin.buffer


def addresses_in(path: str) -> tuple[str, ...]:
    """The web addresses of a file, one a line; empty lines and those that begin with # are none.

    Raises:
        InputError: the file can't be read.
        UsageError: a line is no web address.
    """
    shown = printable(path)
    try:
        with opened(path) as file:
            lines = file.read().decode("utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        unread = unreadable(shown, error).error
        raise InputError(str(unread), advice=unread.advice) from error
    found = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip() and not line.lstrip().startswith("#")]
    wrong = next(((number, line) for number, line in found if not is_address(line)), None)
    if wrong is not None:
        raise UsageError(f"line {wrong[0]} of {shown} is no web address: {wrong[1]}"[:300], advice="Each begins with http:// or https://.")
    return tuple(line for _, line in found)


def unreadable(shown: str, error: OSError | ValueError) -> pipeline.Unread:
    """What an input that can't be opened comes as."""
    reason = getattr(error, "strerror", None) or str(error)
    return pipeline.Unread(shown, InputError(f"{shown} can't be read: {reason}", advice="Check the name and the permissions."))


def documents_of(
    paths: Sequence[str], *, settings: Settings, published: str | None = None, columns: str | None = None
) -> Iterator[Document | pipeline.Unread]:
    """Documents of the inputs in their order, containers unpacked."""
    context = context_of(columns)
    with BoundedWorker(memory_bytes=settings.parse_memory_bytes) as worker:
        for path in files_in(paths):
            data = bytes_of(path, settings=settings)
            if isinstance(data, pipeline.Unread):
                yield data
                continue
            name = STDIN if path == "-" else printable(path)
            for item in pipeline.documents_in(data, path=name, settings=settings, worker=worker, context=context):
                yield item if isinstance(item, pipeline.Unread) else dated(item, published)


def articles_of(
    paths: Sequence[str], *, settings: Settings, published: str | None = None, columns: str | None = None
) -> Iterator[Document | pipeline.Unread]:
    """Documents of JSON Lines files, one article a line, in their order."""
    context = context_of(columns)
    for path in paths:
        name = STDIN if path == "-" else printable(path)
        try:
            with opened(path) as lines:
                for item in pipeline.articles_in(lines, name=name, settings=settings, context=context):
                    yield item if isinstance(item, pipeline.Unread) else dated(item, published)
        except (OSError, ValueError) as error:
            yield unreadable(name, error)


def context_of(columns: str | None) -> dict[str, str]:
    """What is known about an input before it is read.

    Raises:
        UsageError: the map of columns is malformed.
    """
    checked = checked_columns(columns)
    return {"columns": checked} if checked else {}


def is_case(paths: Iterable[str]) -> bool:
    """Whether the one path is a case's folder."""
    listed = list(paths)
    return len(listed) == 1 and (Path(listed[0]) / "ascertain.toml").is_file()

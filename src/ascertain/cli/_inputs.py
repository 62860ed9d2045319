"""Inputs of the one-shot commands: files, folders and standard input, read and parsed, nothing stored."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ascertain import pipeline
from ascertain.case import dated
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError
from ascertain.records import Document
from ascertain.workers import BoundedWorker


def files_in(paths: Sequence[str]) -> Iterator[str]:
    """Files as named; of a folder all files below it, sorted, hidden ones left out."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from sorted(str(p) for p in Path(path).rglob("*") if p.is_file() and not any(part.startswith(".") for part in p.parts))
        else:
            yield path


def bytes_of(path: str, *, settings: Settings) -> bytes | pipeline.Unread:
    """The bytes of a file or of standard input (`-`), or why they can't be had."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        return pipeline.Unread(path, InputError(f"{path} can't be read: {error.strerror}", advice="Check the name and the permissions."))
    if len(data) > settings.max_original_bytes:
        return pipeline.Unread(path, LimitError(f"{path} is larger than {settings.max_original_bytes:,} bytes", advice="Split it."))
    return data


def documents_of(paths: Sequence[str], *, settings: Settings, published: str | None = None) -> Iterator[Document | pipeline.Unread]:
    """Documents of the inputs in their order, containers unpacked."""
    with BoundedWorker(memory_bytes=settings.parse_memory_bytes) as worker:
        for path in files_in(paths):
            data = bytes_of(path, settings=settings)
            if isinstance(data, pipeline.Unread):
                yield data
                continue
            for item in pipeline.documents_in(data, path=path, settings=settings, worker=worker):
                yield item if isinstance(item, pipeline.Unread) else dated(item, published)


def articles_of(paths: Sequence[str], *, settings: Settings) -> Iterator[Document | pipeline.Unread]:
    """Documents of JSON Lines files, one article a line, in their order."""
    for path in paths:
        try:
            if path == "-":
                yield from pipeline.articles_in(sys.stdin.buffer, name="stdin", settings=settings)
            else:
                with Path(path).open("rb") as lines:
                    yield from pipeline.articles_in(lines, name=path, settings=settings)
        except OSError as error:
            yield pipeline.Unread(path, InputError(f"{path} can't be read: {error.strerror}", advice="Check the name and the permissions."))


def is_case(paths: Iterable[str]) -> bool:
    """Whether the one path is a case's folder."""
    listed = list(paths)
    return len(listed) == 1 and (Path(listed[0]) / "ascertain.toml").is_file()

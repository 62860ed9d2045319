"""Collect what a user names: files, folders, standard input, web addresses.

Each source ends as preserved or as an error of its own; one that fails never stops the others. A file that was not changed since is
read again, hashed, and found to be known: giving the same command again after a kill goes on where it stood.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ascertain.config import Settings
from ascertain.custody import canonical
from ascertain.errors import AscertainError, InputError, LimitError
from ascertain.models.media import media_type
from ascertain.preserve._web import Answer, fetch, is_address
from ascertain.records import Capture

if TYPE_CHECKING:
    from ascertain.store import Store

HEAD_BYTES = 8192
NOT_ON_WEB = (
    "screenshot: this version takes none",
    "embedded media: nothing that a page links to is fetched",
    "comments and surrounding posts: only the address itself is fetched",
)


@attrs.frozen
class Collected:
    """How one source ended; `digest` is None where it could not be had, `error` says why."""

    source: str
    path: str
    digest: str | None
    new: bool
    error: AscertainError | None = None


@attrs.frozen
class _Found:
    """Something to take in: `load` gives its bytes."""

    path: str
    source: str
    load: Callable[[], Answer]


def collect(
    store: Store,
    sources: Sequence[str],
    *,
    collector: str,
    clock: Callable[[], str],
    tool: str,
    allow_private: bool,
    settings: Settings,
    progress: Callable[[int, int], None],
) -> tuple[Collected, ...]:
    """Preserve all that the sources name, in their order; of a folder every file below it but hidden ones."""
    found = [item for source in sources for item in _found(source, allow_private=allow_private, settings=settings)]
    ended = []
    for count, item in enumerate(found, start=1):
        if isinstance(item, Collected):
            ended.append(item)
        else:
            ended.append(_take(store, item, collector=collector, clock=clock, tool=tool, settings=settings))
        progress(count, len(found))
    return tuple(ended)


def _found(source: str, *, allow_private: bool, settings: Settings) -> Iterator[_Found | Collected]:
    if source == "-":
        yield _Found("stdin", "standard input", lambda: Answer(sys.stdin.buffer.read(settings.max_original_bytes + 1)))
    elif is_address(source):
        yield _Found(source, source, lambda: fetch(source, allow_private=allow_private, settings=settings))
    elif Path(source).is_dir():
        yield from _in_folder(Path(source))
    else:
        yield _file(Path(source), source)


def _in_folder(folder: Path) -> Iterator[_Found | Collected]:
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        inner = path.relative_to(root)
        if any(part.startswith(".") for part in inner.parts) or path.is_dir():
            continue
        name = f"{root.name}/{inner.as_posix()}"
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            error = InputError(f"{name} is a link that leads out of the folder", advice="Add what it leads to by its own name.")
            yield Collected(str(path), name, None, new=False, error=error)
        else:
            yield _file(path, name)


def _file(path: Path, name: str) -> _Found:
    def load() -> Answer:
        try:
            with path.open("rb") as file:
                return Answer(file.read())
        except OSError as error:
            raise InputError(f"{name} can't be read: {error.strerror}", advice="Check the name and the permissions.") from error

    return _Found(name.removeprefix("./"), name, load)


def _take(store: Store, item: _Found, *, collector: str, clock: Callable[[], str], tool: str, settings: Settings) -> Collected:
    try:
        answer = item.load()
        if len(answer.data) > settings.max_original_bytes:
            raise LimitError(
                f"{item.path} is larger than {settings.max_original_bytes:,} bytes", advice="Raise max_original_bytes, or split it."
            )
        kind = media_type(answer.data[:HEAD_BYTES], item.path) if answer.media_type is None else answer.media_type
        web = answer.headers != ()
        capture = _capture(
            answer.data, path=item.path, source=answer.source or item.source, parent=None, collector=collector, captured_at=clock(), tool=tool,
            media_type=kind, headers=answer.headers, not_available=NOT_ON_WEB if web else (), context={"url": item.source} if web else {},
        )  # fmt: skip
        new = store.preserve(answer.data, capture)
    except AscertainError as error:
        return Collected(item.source, item.path, None, new=False, error=error)
    return Collected(item.source, item.path, capture.original, new)


def preserve_child(
    store: Store,
    parent: str,
    data: bytes,
    *,
    path: str,
    media_type: str | None,
    context: Mapping[str, str],
    clock: Callable[[], str],
) -> Capture:
    """Preserve a part of a container as an original of its own; gives its capture record."""
    from ascertain import __version__

    kind = media_type or _kind(data, path)
    capture = _capture(
        data, path=path, source=f"part of {parent}", parent=parent, collector=store.collector, captured_at=clock(),
        tool=f"ascertain {__version__}", media_type=kind, headers=(), not_available=(), context=dict(context),
    )  # fmt: skip
    store.preserve(data, capture)
    return capture


def _kind(data: bytes, path: str) -> str:
    return media_type(data[:HEAD_BYTES], path)


def _capture(data: bytes, *, path: str, source: str, parent: str | None, **about: object) -> Capture:
    """The capture record; its id follows from the bytes, the path and the source, so that a repetition has the same."""
    digest = hashlib.sha256(data).hexdigest()
    number = hashlib.sha256(canonical([digest, path, source, parent])).hexdigest()[:16]
    return Capture(id=f"capture-{number}", original=digest, path=path, source=source, parent=parent, size=len(data), **about)  # type: ignore[arg-type]  # the callers above give the rest by name

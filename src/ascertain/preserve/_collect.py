"""Collect what a user names: files, folders, standard input, web addresses.

Each source ends as preserved or as an error of its own; one that fails never stops the others. What one call takes in is an intake:
the same call after a kill goes on where it stood; the same call after it was ended captures everything anew. Only where the store refuses does the whole end.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ascertain._version import TOOL
from ascertain.capture import Visitor, is_address
from ascertain.config import Settings
from ascertain.custody import canonical
from ascertain.errors import AscertainError, CustodyError, InputError, LimitError, UsageError
from ascertain.intake import SIDECAR_BYTES, Claims, claims_of
from ascertain.models.media import HEAD_BYTES, media_type, printable
from ascertain.records import Capture

if TYPE_CHECKING:
    from ascertain.store import Store

NOT_ON_WEB = (
    "screenshot: this version takes none",
    "embedded media: nothing that a page links to is fetched",
    "comments and surrounding posts: only the address itself is fetched",
)
NOT_ON_STDIN = ("name, time and place of the file: it came by standard input",)


@attrs.frozen
class Collected:
    """How one source ended; `digest` is None where it could not be had, `error` says why.

    Attributes:
        left_out: it was left out by rule and is no failure: a hidden file; `error` says so.
    """

    source: str
    path: str
    digest: str | None
    new: bool
    error: AscertainError | None = None
    left_out: bool = False


@attrs.frozen
class Answer:
    """Bytes with what came with them.

    Attributes:
        not_available: what could not be had.
        context: further circumstances of the capture.
        overrode: what robots.txt says against a visit that was made nevertheless.
    """

    data: bytes
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str | None = None
    not_available: tuple[str, ...] = ()
    context: Mapping[str, str] = attrs.field(factory=dict)
    overrode: str | None = None


@attrs.frozen
class Circumstances:
    """What holds for all captures of one call.

    Attributes:
        ignore_robots: why what robots.txt says is passed over; None: it is kept to.
        columns: which column of a table is what, `text=body,published=date`; None for the usual names.
    """

    collector: str
    clock: Callable[[], str]
    tool: str
    allow_private: bool
    settings: Settings
    columns: str | None = None
    ignore_robots: str | None = None


@attrs.frozen
class _Found:
    """Something to take in: `load` gives its bytes.

    Attributes:
        changes: it may give other bytes each time it is asked: what this call took in already is not asked for again.
    """

    path: str
    source: str
    load: Callable[[], Answer]
    changes: bool = False


def collect(store: Store, sources: Sequence[str], about: Circumstances, *, progress: Callable[[int, int], None]) -> tuple[Collected, ...]:
    """Preserve all that the sources name, in their order; of a folder every file below it but hidden ones and the case itself."""
    visitor = Visitor(
        settings=about.settings, clock=about.clock, tool=about.tool, allow_private=about.allow_private, ignore_robots=about.ignore_robots
    )
    found = [item for source in sources for item in _found(source, about, visitor, case=store.folder.resolve())]
    key = [str(Path.cwd()), list(map(printable, sources)), about.collector, about.columns]
    intake = store.begin_intake(hashlib.sha256(canonical(key)).hexdigest())
    ended = []
    for count, item in enumerate(found, start=1):
        ended.append(item if isinstance(item, Collected) else _take(store, item, about, intake=intake))
        progress(count, len(found))
    store.end_intake(intake)
    return tuple(ended)


def _found(source: str, about: Circumstances, visitor: Visitor, *, case: Path) -> Iterator[_Found | Collected]:
    most = about.settings.max_original_bytes
    if source == "-":
        yield _Found("stdin", "standard input", lambda: _from_stdin(most))
    elif is_address(source):
        yield _Found(printable(source), printable(source), lambda: _visited(visitor, source), changes=True)
    elif _is_folder(source):
        yield from _in_folder(Path(source).resolve(), case=case, most=most)
    elif source:
        yield _file(Path(source), source, most=most)
    else:
        yield Collected(
            "", "", None, new=False, error=InputError("an empty name names nothing", advice="Name a file, a folder or an address.")
        )


def _visited(visitor: Visitor, address: str) -> Answer:
    """A web address as the web archive of its visit; the page in it becomes a part when it is parsed."""
    found = visitor.visit(address)
    return Answer(found.warc, found.headers, "application/warc", NOT_ON_WEB, found.context, found.overrode)


def _is_folder(source: str) -> bool:
    try:
        return bool(source) and Path(source).is_dir()
    except (OSError, ValueError):  # a name that no file can have: told when it is opened
        return False


def _from_stdin(most: int) -> Answer:
    if sys.stdin is None:
        raise InputError("standard input is closed", advice="Pipe the file in, or name it.")
    return Answer(sys.stdin.buffer.read(most + 1), not_available=NOT_ON_STDIN)


def _in_folder(root: Path, *, case: Path, most: int) -> Iterator[_Found | Collected]:
    """What lies below a folder, with what the export of another tool, if it is one, says about its files."""
    entries = list(_below(root, case=case, most=most))
    files = {item.path.removeprefix(f"{root.name}/"): item for item in entries if isinstance(item, _Found)}
    claims = claims_of(files, lambda name: _sidecar(files[name]))
    for item in entries:
        if isinstance(item, _Found):
            yield attrs.evolve(item, load=partial(_claimed, item, item.path.removeprefix(f"{root.name}/"), claims))
        else:
            yield item
    for name in claims.missing:
        missed = printable(f"{root.name}/{name}")
        error = InputError(
            f"{claims.tool} names {missed}, which is not there", advice="Ask for the export again, or add the file by itself."
        )
        yield Collected(missed, missed, None, new=False, error=error)


def _sidecar(item: _Found) -> bytes:
    try:
        data = item.load().data
    except AscertainError:
        return b""  # told when it is taken in
    return data if len(data) <= SIDECAR_BYTES else b""


def _claimed(item: _Found, name: str, claims: Claims) -> Answer:
    answer = item.load()
    return attrs.evolve(answer, context={**answer.context, **claims.context(name, answer.data)})


def _below(root: Path, *, case: Path, most: int) -> Iterator[_Found | Collected]:
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=unreadable.append):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        hidden = [name for name in (*folders, *files) if name.startswith(".")]
        folders[:] = sorted(n for n in folders if n not in links and n not in hidden and (here / n).resolve() != case)
        for name in sorted((*files, *links, *(n for n in hidden if n not in files))):
            inner = (here / name).relative_to(root)
            yield _entry(here / name, printable(f"{root.name}/{inner.as_posix()}"), root=root, hidden=name.startswith("."), most=most)
    for error in unreadable:
        name = printable(str(error.filename))
        reason = InputError(f"{name} can't be read: {error.strerror}", advice="Check the permissions of the folder.")
        yield Collected(name, name, None, new=False, error=reason)


def _entry(path: Path, name: str, *, root: Path, hidden: bool, most: int) -> _Found | Collected:
    """One entry of a folder: a file to take in, or why it is not one."""
    if hidden:
        error = InputError(f"{name} is hidden", advice="Add it by its own name if it is wanted.")
        return Collected(str(path), name, None, new=False, error=error, left_out=True)
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        error = InputError(f"{name} is a link that leads out of the folder", advice="Add what it leads to by its own name.")
    elif path.is_symlink() and path.is_dir():
        error = InputError(f"{name} is a link to a folder, which is not followed", advice="Add that folder by its own name.")
    elif path.exists() and not path.is_file():
        error = InputError(f"{name} is no regular file", advice="Only files hold something that can be preserved.")
    else:
        return _file(path, name, most=most)
    return Collected(str(path), name, None, new=False, error=error)


def _file(path: Path, name: str, *, most: int) -> _Found:
    shown = printable(name).removeprefix("./")

    def load() -> Answer:
        try:
            with path.open("rb") as file:
                about = os.fstat(file.fileno())
                data = file.read(most + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{shown} can't be read: {reason}", advice="Check the name and the permissions.") from error
        if not stat.S_ISREG(about.st_mode):
            return Answer(data, not_available=("time of the file: it was a pipe or a device",))
        return Answer(data, context={"file_modified": datetime.fromtimestamp(about.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})

    return _Found(shown, printable(str(path.absolute())), load)


def _take(store: Store, item: _Found, about: Circumstances, *, intake: int) -> Collected:
    try:
        if item.changes and (known := store.taken_in(intake, item.source)) is not None:
            return Collected(item.source, item.path, known, new=False)
        answer = item.load()
        most = about.settings.max_original_bytes
        if len(answer.data) > most and not item.changes:  # of a web archive the answers inside are bounded
            raise LimitError(f"{item.path} is larger than {most:,} bytes", advice="Raise max_original_bytes, or split it.")
        context = dict(answer.context) | ({"columns": about.columns} if about.columns else {})
        capture = _capture(
            answer.data, path=item.path, source=item.source, parent=None, intake=intake, collector=about.collector,
            captured_at=about.clock(), tool=about.tool, media_type=answer.media_type or media_type(answer.data[:HEAD_BYTES], item.path),
            headers=answer.headers, not_available=answer.not_available, context=context,
        )  # fmt: skip
        new = store.preserve(answer.data, capture, intake=intake)
        if answer.overrode is not None:
            store.record("overrode", capture.original, rule="robots.txt", says=answer.overrode, reason=about.ignore_robots)
    except (UsageError, InputError, CustodyError) as error:  # where the store refuses, the next one would be refused too
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
    kind = media_type or _kind(data, path)
    capture = _capture(
        data, path=path, source=f"part of {parent}", parent=parent, intake=None, collector=store.collector, captured_at=clock(),
        tool=TOOL, media_type=kind, headers=(), not_available=(), context=dict(context),
    )  # fmt: skip
    store.preserve(data, capture)
    return capture


def _kind(data: bytes, path: str) -> str:
    return media_type(data[:HEAD_BYTES], path)


def _capture(data: bytes, *, path: str, source: str, parent: str | None, intake: int | None, **about: object) -> Capture:
    """The capture record; its id follows from the bytes, the path, the source and the intake, so that a repetition has the same."""
    digest = hashlib.sha256(data).hexdigest()
    number = hashlib.sha256(canonical([digest, path, source, parent, intake])).hexdigest()[:16]
    return Capture(id=f"capture-{number}", original=digest, path=path, source=source, parent=parent, size=len(data), **about)  # type: ignore[arg-type]  # the callers above give the rest by name

"""The stage parse over a case and over single inputs: containers are unpacked, their parts parsed in turn, all of it bounded."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from ascertain import parse, preserve
from ascertain.config import Settings
from ascertain.errors import AscertainError, CustodyError, InputError, LimitError
from ascertain.models.media import ARTICLE, HEAD_BYTES, media_type
from ascertain.parse import Child, Limits, Parsed
from ascertain.pipeline._outcomes import Progress, Unread
from ascertain.records import Capture, Document, Outcome
from ascertain.workers import BoundedWorker

if TYPE_CHECKING:
    from ascertain.store import Store

COLUMNS = "columns"  # key in a capture's context: which column of a table is what


class Family:
    """Counts all that came out of one thing that was added, over every level: containers in containers are no way round the limits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._members: set[str] = set()
        self._bytes = 0

    def add(self, digest: str, size: int, *, path: str) -> None:
        """Count a part; one that is known already counts once.

        Raises:
            LimitError: they are too many, or too large together.
        """
        if digest in self._members:
            return
        self._members.add(digest)
        self._bytes += size
        if len(self._members) > self._settings.max_parts or self._bytes > self._settings.max_unpacked_bytes:
            raise LimitError(
                f"{path}: all containers inside each other hold more than {self._settings.max_parts:,} parts "
                f"or {self._settings.max_unpacked_bytes:,} bytes", advice="Unpack it by hand and add what you need.",
            )  # fmt: skip


class Captures:
    """How each original came in: the capture it is parsed under, how deep it lies, and which family it belongs to."""

    def __init__(self, captures: Iterable[Capture], settings: Settings) -> None:
        self._settings = settings
        self._first: dict[str, Capture] = {}
        self._columns: dict[str, str] = {}
        self._families: dict[str, Family] = {}
        for capture in captures:
            self.add(capture)

    def add(self, capture: Capture) -> None:
        """Take in a capture; the first names the original, the last that names columns says how to read its table."""
        if capture.original not in self._first:
            self._first[capture.original] = capture
            if capture.parent is not None:
                _quietly(self.family(capture.original), capture)
        if COLUMNS in capture.context:
            self._columns[capture.original] = capture.context[COLUMNS]

    def of(self, original: str) -> Capture:
        """The capture to parse an original under."""
        first = self._first[original]
        columns = self._columns.get(original)
        return first if columns is None else attrs.evolve(first, context={**first.context, COLUMNS: columns})

    def version(self, original: str) -> str:
        """The version of parsing an original: a table is parsed anew where other columns are named."""
        columns = self._columns.get(original)
        return parse.VERSION if columns is None else f"{parse.VERSION} {columns}"

    def depth(self, original: str) -> int:
        """Containers above an original."""
        return len(self._above(original))

    def family(self, original: str) -> Family:
        """The family that an original belongs to."""
        above = self._above(original)
        return self._families.setdefault(above[-1] if above else original, Family(self._settings))

    def _above(self, original: str) -> list[str]:
        found: list[str] = []
        parent = self._first[original].parent
        while parent is not None and parent in self._first and parent not in found and parent != original:
            found.append(parent)
            parent = self._first[parent].parent
        return found


def _quietly(family: Family, capture: Capture) -> None:
    """Count what was taken in before: the limit is judged when more comes."""
    try:
        family.add(capture.original, capture.size, path=capture.path)
    except LimitError:
        return


def limits_of(settings: Settings) -> Limits:
    """The limits of the parse stage, from the settings."""
    return Limits(max_text_characters=settings.max_text_characters, max_children=settings.max_children, max_pages=settings.max_pages)


def parse_new(store: Store, *, settings: Settings, clock: Callable[[], str], progress: Progress) -> tuple[int, list[CustodyError]]:
    """Parse every original that this version has not parsed; parts of containers are preserved and parsed in turn.

    Returns:
        How many were parsed; and for each original that is no longer what was preserved its error: it has no outcome, so that it is
        parsed once it is restored.
    """
    captures = Captures(store.captures(), settings)
    ended = {o.original: o.version for o in store.outcomes("parse")}
    waiting = deque(digest for digest in store.originals() if ended.get(digest) != captures.version(digest))
    seen = set(waiting)
    count = 0
    damaged = []
    with BoundedWorker(memory_bytes=settings.parse_memory_bytes) as worker:
        while waiting:
            digest = waiting.popleft()
            try:
                children = _parse_one(store, worker, digest, captures, settings=settings, clock=clock)
            except CustodyError as error:
                damaged.append(error)
                continue
            for child in children:
                captures.add(child)
                if child.original not in seen and ended.get(child.original) != captures.version(child.original):
                    seen.add(child.original)
                    waiting.append(child.original)
            count += 1
            progress("parse", count, len(seen))
    return count, damaged


def _parse_one(
    store: Store, worker: BoundedWorker, digest: str, captures: Captures, *, settings: Settings, clock: Callable[[], str]
) -> list[Capture]:
    """Parse one original and keep how it ended; gives the captures of its parts."""
    capture = captures.of(digest)
    data = store.original_bytes(digest)
    outcome = Outcome(digest, "parse", "done", captures.version(digest))
    try:
        parsed: Parsed = worker.call(
            parse.parse, data, digest=digest, path=capture.path, media_type=capture.media_type, parent=capture.parent,
            context=capture.context, limits=limits_of(settings), timeout_seconds=settings.parse_timeout_seconds,
        )  # fmt: skip
        _bound(parsed.children, captures.family(digest), path=capture.path, depth=captures.depth(digest), settings=settings)
    except AscertainError as error:
        store.put_outcome(attrs.evolve(outcome, state="failed", reason=_naming(capture.path, error), advice=error.advice or None))
        return []
    gone = store.deleted() if parsed.children else {}
    kept = [child for child in parsed.children if hashlib.sha256(child.data).hexdigest() not in gone]
    found = [_preserve_child(store, capture, child, clock=clock) for child in kept]
    notes = [
        *parsed.notes,
        *([f"{len(parsed.children) - len(kept)} parts that were deleted stay out."] if len(kept) < len(parsed.children) else []),
    ]
    outcome = attrs.evolve(outcome, reason=" ".join(notes) or None)
    if parsed.document is None:
        store.put_outcome(outcome)
    else:
        store.put_document(parsed.document, outcome)
    return found


def _bound(children: Sequence[Child], family: Family, *, path: str, depth: int, settings: Settings) -> None:
    """Refuse a container that lies too deep, or whose parts are more than one thing may hold."""
    if children and depth >= settings.max_depth:
        raise LimitError(f"{path} lies {settings.max_depth} containers deep", advice="Unpack it by hand and add its parts.")
    for child in children:
        family.add(hashlib.sha256(child.data).hexdigest(), len(child.data), path=path)


def _naming(path: str, error: AscertainError) -> str:
    """The error's words, which name the input also where the worker that ended did not know its name."""
    return str(error) if path in str(error) else f"{path}: {error}"


def _preserve_child(store: Store, parent: Capture, child: Child, *, clock: Callable[[], str]) -> Capture:
    return preserve.preserve_child(
        store, parent.original, child.data, path=_joined(parent.path, child.name), media_type=child.media_type,
        context=_context(child, parent.context), clock=clock,
    )  # fmt: skip


def _joined(path: str, name: str) -> str:
    if name == parse.THE_SAME:
        return path
    return f"{path}{name}" if name.startswith("#") else f"{path}/{name}"


def _context(child: Child, above: Mapping[str, str]) -> dict[str, str]:
    """What the container says about a part; the columns that were named for it hold for the tables inside."""
    inherited = {COLUMNS: above[COLUMNS]} if COLUMNS in above and child.media_type != ARTICLE else {}
    return {**inherited, **child.context}


# --- single inputs, nothing stored --------------------------------------------------------------------------------------------


@attrs.frozen
class _Waiting:
    """An input, or a part of one, that is still to be parsed."""

    data: bytes
    path: str
    media_type: str | None
    context: dict[str, str]
    parent: str | None
    depth: int


def documents_in(
    data: bytes, *, path: str, settings: Settings, worker: BoundedWorker | None = None, context: Mapping[str, str] | None = None
) -> Iterator[Document | Unread]:
    """The documents of one input, parts of containers in their place; what can't be read comes as `Unread`."""
    family = Family(settings)
    waiting = [_Waiting(data, path, None, dict(context or {}), None, 0)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        item = waiting.pop()
        digest = hashlib.sha256(item.data).hexdigest()
        if (digest, item.path) in seen:
            continue
        seen.add((digest, item.path))
        try:
            parsed = _parsed(item, digest, settings=settings, worker=worker)
            _bound(parsed.children, family, path=item.path, depth=item.depth, settings=settings)
        except AscertainError as error:
            yield Unread(item.path, _renamed(item.path, error))
            continue
        if parsed.document is not None:
            yield parsed.document
        waiting.extend(
            _Waiting(child.data, _joined(item.path, child.name), child.media_type, _context(child, item.context), digest, item.depth + 1)
            for child in reversed(parsed.children)
        )


def _parsed(item: _Waiting, digest: str, *, settings: Settings, worker: BoundedWorker | None) -> Parsed:
    kind = item.media_type or media_type(item.data[:HEAD_BYTES], item.path)
    limits = limits_of(settings)
    if worker is None:
        return parse.parse(
            item.data, digest=digest, path=item.path, media_type=kind, parent=item.parent, context=item.context, limits=limits
        )
    parsed: Parsed = worker.call(
        parse.parse, item.data, timeout_seconds=settings.parse_timeout_seconds, digest=digest, path=item.path, media_type=kind,
        parent=item.parent, context=item.context, limits=limits,
    )  # fmt: skip
    return parsed


def _renamed(path: str, error: AscertainError) -> AscertainError:
    return error if path in str(error) else type(error)(_naming(path, error), advice=error.advice)


def articles_in(
    lines: Iterable[bytes], *, name: str, settings: Settings, context: Mapping[str, str] | None = None
) -> Iterator[Document | Unread]:
    """The documents of JSON Lines, one article a line (`id`, `text`, …), in their order; an unreadable line comes as `Unread`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        path = f"{name}#{number}"
        try:
            path = _article_id(line, path)
            digest = hashlib.sha256(line).hexdigest()
            parsed = parse.parse(line, digest=digest, path=path, media_type=ARTICLE, context=context, limits=limits_of(settings))
        except AscertainError as error:
            yield Unread(path, error)
        else:
            if parsed.document is not None:
                yield parsed.document


def _article_id(line: bytes, path: str) -> str:
    """The id of an article, else the name and number of its line.

    Raises:
        InputError: the line is no JSON object.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON: {error}"[:300], advice="Give JSON Lines, one article a line.") from error
    if not isinstance(row, dict):
        raise InputError(f"{path} is no article", advice="Each line is a JSON object with at least `id` and `text`.")
    return str(row["id"]) if row.get("id") not in {None, ""} else path

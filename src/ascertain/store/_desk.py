"""The store as a server holds it: many threads and one child process write at once, each action under the name of who did it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

import ascertain.store._database as database
import ascertain.store._tables as tables
from ascertain.custody import MerkleTree
from ascertain.errors import StoreError
from ascertain.records import Capture, Decision, Reading
from ascertain.store._lock import CaseLock
from ascertain.store._store import Store, utc_now


class Desk(Store):
    """An open case's store for the workbench and its background work."""

    _queue = threading.Lock()  # one server serves one case
    _grown: MerkleTree | None = None
    _reader: sa.Engine | None = None

    @classmethod
    def beside(cls, folder: Path, *, lock_handle: int, clock: Callable[[], str] = utc_now) -> Self:
        """Open a case in a child process of the one that holds it, by the lock's file handle that it was given."""
        return cls(folder, lock=CaseLock.inherited(folder / "lock", lock_handle), clock=clock)

    @property
    def lock_handle(self) -> int:
        """The lock's file handle, for a child process that writes on this one's behalf.

        Raises:
            StoreError: the case is open for reading only.
        """
        if self._lock is None:
            raise StoreError("the case is open for reading only", advice="Open it without read_only.")
        return self._lock.handle

    def say_holder(self, what: str) -> None:
        """Tell whoever waits for the case what holds it, e.g. `ascertain serve at http://…`."""
        if self._lock is not None:
            self._lock.say(what)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        """A transaction; threads of this process queue for it, since the database makes who finds it taken sleep ever longer."""
        with self._queue, super()._write() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        """A connection that only reads: it never waits for a writer, nor a writer for it."""
        if self._reader is None:
            self._reader = database.connect(self.folder / "case.sqlite", read_only=True)
        with database.refusals(), self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give the case back."""
        if self._reader is not None:
            self._reader.dispose()
        super().close()

    def log(self, actor: str, action: str, item: str, **about: Any) -> int:
        """Write an action into the custody log under somebody's name; gives its number."""
        with self.writing() as writing:
            return writing.log(actor, action, item, **about)

    def readings_of(self, keys: Sequence[str]) -> list[Reading]:
        """Readings of some documents, in the order of the keys; those that have none are left out."""
        query = sa.select(tables.reading.c.record).where(tables.reading.c.id.in_(keys))
        found = {reading.document.id: reading for reading in self._records(query, Reading)}
        return [found[key] for key in keys if key in found]

    def captures_of(self, keys: Sequence[str]) -> tuple[Capture, ...]:
        """Captures of some originals, in order of arrival."""
        column = tables.capture.c
        return tuple(self._records(sa.select(column.record).where(column.original.in_(keys)).order_by(column.number), Capture))

    def decisions_that_name(self, word: str) -> list[Decision]:
        """Decisions whose record holds a word (an id, a digest), in the order in which they were made."""
        column = tables.decision.c
        query = sa.select(column.record).where(sa.func.instr(column.record, word.encode()) > 0).order_by(column.number)
        return list(self._records(query, Decision))

    def record_digest(self, kind: str, key: str) -> str | None:
        """SHA-256 of the kept bytes of a document or reading; None where there is none."""
        table = {"document": tables.document, "reading": tables.reading}[kind]
        with self._read() as connection:
            record = connection.execute(sa.select(table.c.record).where(table.c.id == key)).scalar()
        return None if record is None else sha256(record).hexdigest()

    def log_page(
        self, *, before: int | None, limit: int, since: str | None = None, until: str | None = None, **named: str | None
    ) -> list[bytes]:
        """The bytes of records of the log, newest first, from `before` down.

        Args:
            since, until: ISO days, both included.
            named: `actor`, `action` or `object` that they must have.
        """
        column = tables.log.c
        query = sa.select(column.leaf).order_by(column.number.desc()).limit(limit)
        if before is not None:
            query = query.where(column.number < before)
        for name, value in named.items():
            if value:
                query = query.where(sa.func.json_extract(sa.cast(column.leaf, sa.Text), f"$.{name}") == value)
        time = sa.func.substr(sa.func.json_extract(sa.cast(column.leaf, sa.Text), "$.time"), 1, 10)
        query = query.where(time >= since) if since else query
        query = query.where(time <= until) if until else query
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def log_words(self, name: str) -> list[str]:
        """The values of `actor` or `action` that occur in the log, in order."""
        found = sa.func.json_extract(sa.cast(tables.log.c.leaf, sa.Text), f"$.{name}")
        with self._read() as connection:
            return [str(value) for value in connection.execute(sa.select(found).distinct().order_by(found)).scalars() if value]

    def log_about(self, item: str) -> list[bytes]:
        """The bytes of all records of the log about one object, oldest first."""
        column = tables.log.c
        query = sa.select(column.leaf).where(sa.func.instr(column.leaf, item.encode()) > 0).order_by(column.number)
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def _tree(self) -> MerkleTree:
        """The log's tree, grown by what was added since the last call."""
        tree = self._grown or MerkleTree()
        query = sa.select(tables.log.c.leaf).where(tables.log.c.number >= len(tree)).order_by(tables.log.c.number)
        with self._read() as connection:
            for leaf in connection.execute(query).scalars():
                tree.append(leaf)
        self._grown = tree
        return tree

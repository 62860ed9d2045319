"""The store of one case.

A case is a folder: `ascertain.toml`, `case.sqlite`, `originals/`, `keys/`, `checkpoint` (the last signed head of the log) and `lock`.
Every change and its record in the custody log are one transaction, so neither is ever there without the other; an original is on disk
before that. What was hashed is kept as its bytes; the records are our reading of them.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import attrs
import msgspec
import sqlalchemy as sa

import ascertain.store._checks as checks
import ascertain.store._database as database
import ascertain.store._originals as originals
import ascertain.store._search as search
import ascertain.store._tables as tables
from ascertain.custody import Checkpoint, MerkleTree, Seal, blind_salt, canonical, checkpoint_body
from ascertain.errors import AscertainError, CaseError, CustodyError, InputError, StoreError
from ascertain.records import Capture, Decision, Document, Findings, LogEntry, Outcome, Reading
from ascertain.store._head import write_head
from ascertain.store._keys import Keys
from ascertain.store._lock import CaseLock
from ascertain.store._sealing import first_capture
from ascertain.store._seals import decision_seal, document_seal, findings_record, findings_seal, sealed_about
from ascertain.store._search import SearchHit
from ascertain.store._writing import Writing

LOG_SCHEMA = "ascertain/log/1"
RULED = frozenset({"exported", "classed", "pseudonyms given", "sealed"})
ACTIONS = {"document": "parsed", "reading": "extracted"}
DELETE = "delete"  # the stage of what was deleted
ROWS_AT_ONCE = 50  # the readings of a large case don't fit in memory together
T = TypeVar("T")


def utc_now() -> str:
    """The machine's clock, ISO 8601 UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(record: object) -> bytes:
    """The bytes under which a record is kept and hashed: canonical, so that equal records have equal bytes."""
    return canonical(msgspec.to_builtins(record))


class Store:
    """An open case's store; a context manager."""

    def __init__(self, folder: Path, *, lock: CaseLock | None, clock: Callable[[], str]) -> None:
        self.folder = folder
        self._lock = lock
        self._clock = clock
        described = tomllib.loads((folder / "ascertain.toml").read_text(encoding="utf-8"))["case"]
        self.name: str = described["name"]
        self.collector: str = described["collector"]
        self.keys = Keys(folder / "keys", described["signer"])
        self.key_fingerprint = self.keys.fingerprint  # SHA-256 of the raw public key, hex
        self._engine = database.connect(folder / "case.sqlite", read_only=lock is None)

    # --- lifetime

    @classmethod
    def create(cls, folder: Path, *, name: str, collector: str, now: str) -> Self:
        """Make a case in a folder that is missing or empty.

        Raises:
            CaseError: something is there already, or the folder can't be made.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise CaseError(f"{folder} is not empty", advice="Name a new folder for the case.")
            (folder / "originals").mkdir()
            keys = Keys.create(folder / "keys", "ascertain/" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "case"))
            described = "".join(
                f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in (("name", name), ("collector", collector), ("signer", keys.name))
            )
            database.create(folder / "case.sqlite")
            (folder / "ascertain.toml").write_text(
                f"[case]\n{described}\n[settings]\n# `ascertain config` prints them all\n", encoding="utf-8"
            )
        except OSError as error:
            raise CaseError(f"{folder} can't be made a case: {error.strerror}", advice="Check the path and the permissions.") from error
        store = cls.open(folder, clock=lambda: now)
        store.record("created", name, key=store.key_fingerprint)
        store.checkpoint()
        return store

    @classmethod
    def open(cls, folder: Path, *, wait_seconds: float | None = None, read_only: bool = False, clock: Callable[[], str] = utc_now) -> Self:
        """Open a case, migrating an older one.

        Raises:
            CaseError: no case, a damaged one, or one from a newer version.
            CaseBusyError: another process holds it (never for `read_only`).
        """
        if read_only and os.access(folder, os.W_OK) and not database.is_current(folder / "case.sqlite"):
            cls.open(folder, wait_seconds=wait_seconds, clock=clock).close()  # a reader migrates nothing
        lock = None if read_only else CaseLock(folder / "lock")
        try:
            if lock is not None:
                lock.acquire(wait_seconds=wait_seconds)
            store = cls(folder, lock=lock, clock=clock)
            if lock is not None:
                originals.clean(folder / "originals")
                store.keys.make_secret()
                if store.keys.unsettled:
                    store.settle_keys()
                if any(originals.path_of(folder / "originals", digest).exists() for digest in store.deleted()):
                    store.scrub()
        except (OSError, KeyError, TypeError, ValueError) as error:  # a damaged ascertain.toml or key is one of these
            if lock is not None:
                lock.release()
            raise CaseError(
                f"{folder} holds no case that can be read: {error}", advice="Restore it from a copy, or make one with `init`."
            ) from error
        except AscertainError:
            if lock is not None:
                lock.release()
            raise
        return store

    def close(self) -> None:
        """Give the case back."""
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def signer(self) -> str:
        """Name of the signing key, as it stands in notes."""
        return self.keys.name

    @property
    def verifier_key(self) -> str:
        """The key's line for others."""
        return self.keys.verifier_key

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        if self._lock is None:
            raise StoreError("the case is open for reading only", advice="Open it without read_only.")
        with database.refusals(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with database.refusals(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction with its place in the custody log."""
        with self._write() as connection:
            yield Writing(connection, self._append)

    @contextmanager
    def reading_rows(self) -> Iterator[sa.Connection]:
        """A connection for queries."""
        with self._read() as connection:
            yield connection

    def secret(self) -> bytes:
        """The case's secret, from which all salts follow.

        Raises:
            CustodyError: it is missing: the case has not been opened for writing since it has none.
        """
        return self.keys.secret

    # --- originals and captures

    def begin_intake(self, key: str) -> int:
        """Begin to take in what one call names, or go on with a call of the same key that was not ended; gives its number."""
        column = tables.intake.c
        with self._write() as connection:
            open_one = connection.execute(sa.select(column.number).where(column.key == key, column.done.is_(False))).scalar()
            if open_one is not None:
                return int(open_one)
            made = connection.execute(tables.intake.insert().values(key=key, done=False)).inserted_primary_key
            return int(made[0]) if made else 0

    def end_intake(self, number: int) -> None:
        """All that the call named is taken in: the same call would capture anew."""
        with self._write() as connection:
            connection.execute(tables.intake.update().where(tables.intake.c.number == number).values(done=True))

    def taken_in(self, intake: int, source: str) -> str | None:
        """The digest of what a call has taken in from a source already; None where it has not."""
        column = tables.capture.c
        with self._read() as connection:
            found = connection.execute(sa.select(column.original).where(column.intake == intake, column.source == source)).first()
        return None if found is None else str(found[0])

    def preserve(self, data: bytes, capture: Capture, *, intake: int | None = None) -> bool:
        """Keep an original and how it came; acknowledged means on disk.

        Args:
            intake: the call that it belongs to; None for parts of containers, which are captured once.

        Returns:
            Whether the original is new; a capture that is known already (same bytes, path, source and intake) changes nothing.

        Raises:
            StoreError: the disk or database refused.
        """
        if originals.digest_of(data) != capture.original:
            raise StoreError("a capture names another digest than its bytes have", advice="This is a fault of the caller.")
        if (gone := self.deleted().get(capture.original)) is not None:
            raise InputError(
                f"{capture.path} was deleted from this case: {gone.reason}",
                advice="What was deleted stays out; `ascertain show` says when.",
            )
        originals.write(self.folder / "originals", data, capture.original)
        record = encoded(capture)
        with self._write() as connection:
            known = connection.execute(sa.select(tables.original.c.number).where(tables.original.c.digest == capture.original)).first()
            if known is not None and self._known_capture(connection, capture, intake):
                return False
            if known is None:
                connection.execute(tables.original.insert().values(digest=capture.original, size=len(data)))
            connection.execute(
                tables.capture.insert().values(
                    original=capture.original, path=capture.path, source=capture.source, record=record, intake=intake
                )
            )
            about: dict[str, Any] = {"capture": sha256(record).hexdigest(), "size": len(data), "media_type": capture.media_type}
            if capture.parent:
                about["parent"] = capture.parent
            self._append(connection, "collected", capture.original, about, actor=capture.collector)
        return known is None

    def _known_capture(self, connection: sa.Connection, capture: Capture, intake: int | None) -> bool:
        column = tables.capture.c
        same = (column.original == capture.original, column.path == capture.path, column.source == capture.source)
        return connection.execute(sa.select(column.number).where(*same, column.intake.is_(intake))).first() is not None

    def original_bytes(self, digest: str) -> bytes:
        """The bytes, hashed again.

        Raises:
            CustodyError: missing or changed.
        """
        return originals.read(self.folder / "originals", digest)

    def restore_original(self, data: bytes, digest: str, *, source: str) -> None:
        """Put a copy in the place of a damaged or missing original; what lay there is kept in the folder `damaged`.

        Raises:
            StoreError: the bytes are not the original's, or the disk refused.
        """
        if originals.digest_of(data) != digest or digest not in self.originals():
            raise StoreError(f"these bytes are not the original {digest}", advice="Give a copy that hashes to it.")
        originals.put_aside(self.folder / "originals", digest, self.folder / "damaged")
        originals.write(self.folder / "originals", data, digest)
        self.record("restored", digest, source=source)

    def delete(self, digest: str, *, reason: str, by: str) -> None:
        """Delete an original, and what was made from it; a tombstone with the reason stays, and the captures with its hash.

        Raises:
            StoreError: the disk or database refused.
        """
        outcome = Outcome(digest, DELETE, "deleted", "1", reason)
        with self._write() as connection:
            self._forget(connection, digest, tables.reading, tables.document)
            connection.execute(tables.outcome.delete().where(tables.outcome.c.original == digest))
            connection.execute(tables.outcome.insert().values(**attrs.asdict(outcome)))
            about = {"stage": DELETE, "version": "1", "outcome": sha256(encoded(outcome)).hexdigest(), "reason": reason}
            self._append(connection, "deleted", digest, about, actor=by)
        self.scrub()

    def deleted(self) -> dict[str, Outcome]:
        """What was deleted, with its reason."""
        return {outcome.original: outcome for outcome in self.outcomes(DELETE)}

    def scrub(self) -> None:
        """Remove the bytes of what was deleted, also where a kill came between; nothing of it stays in the case's folder."""
        for digest in self.deleted():
            originals.remove(self.folder / "originals", digest)
        database.scrub(self._engine)

    def originals(self) -> tuple[str, ...]:
        """Digests of those that are there, in order of arrival."""
        gone = sa.select(tables.outcome.c.original).where(tables.outcome.c.stage == DELETE)
        query = sa.select(tables.original.c.digest).where(tables.original.c.digest.not_in(gone))
        with self._read() as connection:
            return tuple(connection.execute(query.order_by(tables.original.c.number)).scalars())

    def captures(self, original: str | None = None) -> tuple[Capture, ...]:
        """Captures of all or of one original, in order of arrival."""
        query = sa.select(tables.capture.c.record).order_by(tables.capture.c.number)
        if original is not None:
            query = query.where(tables.capture.c.original == original)
        return tuple(self._records(query, Capture))

    # --- results of the stages

    def put_document(self, document: Document, outcome: Outcome) -> None:
        """Keep a document, replacing an older parse of the same original."""
        record = encoded(document)
        with self._write() as connection:
            self._forget(connection, document.id, tables.reading)
            self._replace(connection, tables.document, document.id, record)
            search.index_document(connection, document)
            about = {"document": sha256(record).hexdigest(), "text": sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()}
            self._put_outcome(connection, outcome, about)
            self.put_seal(connection, document_seal(self.secret(), record, document, first_capture(connection, document.id)))

    def put_seal(self, connection: sa.Connection, made: Seal) -> None:
        """Commit to a thing part by part, so that some of it can be shown later without the rest."""
        self._append(connection, "sealed", made.name, sealed_about(made))

    def put_reading(self, reading: Reading, outcome: Outcome) -> None:
        """Keep a reading, replacing an older one of the same document."""
        record = encoded(reading)
        with self._write() as connection:
            self._replace(connection, tables.reading, reading.document.id, record)
            search.index_reading(connection, reading)
            self._put_outcome(connection, outcome, {"reading": sha256(record).hexdigest()})

    def _replace(self, connection: sa.Connection, table: sa.Table, key: str, record: bytes) -> None:
        connection.execute(table.delete().where(table.c.id == key))
        connection.execute(table.insert().values(id=key, record=record))

    def put_outcome(self, outcome: Outcome) -> None:
        """Keep how an original ended in a stage that left no document or reading; those of an older version go with it."""
        with self._write() as connection:
            later = (tables.reading, tables.document) if outcome.stage == "parse" else (tables.reading,)
            self._forget(connection, outcome.original, *later)
            self._put_outcome(connection, outcome, {})

    def _forget(self, connection: sa.Connection, key: str, *results: sa.Table) -> None:
        """Remove what an older version of a stage left, and what was made from it; the log keeps that it was."""
        for table in results:
            connection.execute(table.delete().where(table.c.id == key))
        search.forget(connection, key, document=tables.document in results)
        connection.execute(tables.outcome.delete().where(tables.outcome.c.original == key, tables.outcome.c.stage == "extract"))

    def _put_outcome(self, connection: sa.Connection, outcome: Outcome, about: Mapping[str, Any]) -> None:
        column = tables.outcome.c
        connection.execute(tables.outcome.delete().where(column.original == outcome.original, column.stage == outcome.stage))
        connection.execute(tables.outcome.insert().values(**attrs.asdict(outcome)))
        action = "failed" if outcome.state == "failed" else {"parse": "parsed", "extract": "extracted"}.get(outcome.stage, outcome.stage)
        about = {"stage": outcome.stage, "version": outcome.version, "outcome": sha256(encoded(outcome)).hexdigest(), **about}
        self._append(connection, action, outcome.original, about)

    def outcomes(self, stage: str | None = None) -> tuple[Outcome, ...]:
        """How originals ended, in order of arrival, then stage."""
        column = tables.outcome.c
        query = sa.select(tables.outcome).join(tables.original, tables.original.c.digest == column.original)
        query = query.order_by(tables.original.c.number, column.stage.desc())
        if stage is not None:
            query = query.where(column.stage == stage)
        with self._read() as connection:
            return tuple(Outcome(**row._asdict()) for row in connection.execute(query))

    def document(self, key: str) -> Document | None:
        """One document, None where the original has none."""
        return next(self._records(sa.select(tables.document.c.record).where(tables.document.c.id == key), Document), None)

    def documents(self) -> tuple[Document, ...]:
        """All documents, in order of their originals' arrival."""
        query = sa.select(tables.document.c.record).join(tables.original, tables.original.c.digest == tables.document.c.id)
        return tuple(self._records(query.order_by(tables.original.c.number), Document))

    def document_ids(self) -> tuple[str, ...]:
        """Ids of all documents, in order of their originals' arrival."""
        joined = sa.select(tables.document.c.id).join(tables.original, tables.original.c.digest == tables.document.c.id)
        with self._read() as connection:
            return tuple(connection.execute(joined.order_by(tables.original.c.number)).scalars())

    def counts(self) -> dict[str, int]:
        """How many captures, documents, decisions, statements and events there are, without reading them."""
        with self._read() as connection:
            found = {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0
                for table in (tables.capture, tables.document, tables.decision)
            }
            return found | search.counts(connection)

    def reading(self, key: str) -> Reading | None:
        """One reading, None where there is none."""
        return next(self._records(sa.select(tables.reading.c.record).where(tables.reading.c.id == key), Reading), None)

    def readings(self) -> Iterator[Reading]:
        """All readings, in order of id."""
        return self._records(sa.select(tables.reading.c.record).order_by(tables.reading.c.id), Reading)

    def put_findings(self, findings: Findings, *, key: str) -> None:
        """Keep the findings of a run."""
        record, incidents = findings_record(findings)
        sealed = sealed_about(findings_seal(self.secret(), record, incidents))
        about = {"findings": sha256(record).hexdigest(), "incidents": len(incidents), "sealed": {k: sealed[k] for k in ("leaves", "root")}}
        with self._write() as connection:
            connection.execute(tables.findings.delete())
            connection.execute(tables.findings.insert().values(id=1, key=key, record=record))
            self._append(connection, "linked", "findings", about)

    def findings(self) -> Findings | None:
        """The findings of the last run."""
        return next(self._records(sa.select(tables.findings.c.record), Findings), None)

    def findings_key(self) -> str | None:
        """What the findings of the last run were made from."""
        with self._read() as connection:
            return connection.execute(sa.select(tables.findings.c.key)).scalar()

    def add_decision(self, decision: Decision) -> None:
        """Keep a decision; there is no way to change or remove one."""
        record = encoded(decision)
        with self._write() as connection:
            connection.execute(tables.decision.insert().values(id=decision.id, record=record))
            about = {"decision": sha256(record).hexdigest(), "kind": decision.kind.value}
            self._append(connection, "reviewed", decision.target, about, actor=decision.reviewer)
            self.put_seal(connection, decision_seal(self.secret(), record, decision))

    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, in the order in which they were made."""
        return tuple(self._records(sa.select(tables.decision.c.record).order_by(tables.decision.c.number), Decision))

    def search(self, words: str, *, limit: int = 50) -> list[SearchHit]:
        """Full text, best first."""
        with self._read() as connection:
            return search.find(connection, words, limit)

    def _records(self, query: sa.Select[Any], kind: type[T]) -> Iterator[T]:
        with self._read() as connection:
            rows = connection.execute(query).scalars().all()
        for row in rows:
            try:
                yield msgspec.json.decode(row, type=kind)
            except msgspec.DecodeError as error:
                raise CustodyError(
                    f"a {kind.__name__.lower()} in the case's database is damaged: {error}", advice="Restore the case from a copy."
                ) from error

    # --- the bytes that were hashed

    def recorded(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """What the log knows by its digest, as it was hashed, with the key it belongs to; each kind in a fixed order.

        Args:
            kind: `capture`, `document`, `reading`, `decision`, `outcome` or `findings`.
        """
        if kind == "outcome":
            ordered = sorted(self.outcomes(), key=lambda o: (o.original, o.stage))
            yield from ((outcome.original, encoded(outcome)) for outcome in ordered)
            return
        table = tables.metadata.tables[kind]
        key = {"capture": "original", "decision": "id"}.get(kind, "id")
        order = "number" if "number" in table.c else "id"
        with self._read() as connection:
            keys = connection.execute(sa.select(table.c[order]).order_by(table.c[order])).scalars().all()
        columns = sa.select(table.c[key], table.c.record).order_by(table.c[order])
        for start in range(0, len(keys), ROWS_AT_ONCE):
            with self._read() as connection:
                rows = connection.execute(columns.where(table.c[order].in_(keys[start : start + ROWS_AT_ONCE]))).all()
            for owner, record in rows:
                yield str(owner), record if isinstance(record, bytes) else str(record).encode()  # text: somebody changed it by hand

    # --- the custody log

    def record(self, action: str, object_: str, **parameters: Any) -> int:
        """Write an action into the log; gives its number.

        Raises:
            StoreError: it is an action that has a rule of its own, and is written by what keeps the rule.
        """
        if action in RULED:
            raise StoreError(f"a record {action!r} is written only by what keeps its rule", advice="This is a fault of the caller.")
        with self._write() as connection:
            return self._append(connection, action, object_, parameters)

    def _append(self, connection: sa.Connection, action: str, object_: str, parameters: Mapping[str, Any], actor: str | None = None) -> int:
        number = (connection.execute(sa.select(sa.func.max(tables.log.c.number))).scalar() or 0) + 1 if self._any_log(connection) else 0
        leaf = canonical(
            {
                "schema": LOG_SCHEMA,
                "number": number,
                "action": action,
                "object": object_,
                "actor": actor or self.collector,
                "time": self._clock(),
                "parameters": {**parameters, "salt": blind_salt(self.secret(), "record", number).hex()},
            }  # fmt: skip
        )
        connection.execute(tables.log.insert().values(number=number, leaf=leaf))
        return number

    def _any_log(self, connection: sa.Connection) -> bool:
        return connection.execute(sa.select(tables.log.c.number).limit(1)).first() is not None

    def log_entries(self) -> Iterator[LogEntry]:
        """Every record of the log, in order."""
        with self._read() as connection:
            rows = connection.execute(sa.select(tables.log.c.number, tables.log.c.leaf).order_by(tables.log.c.number)).all()
        for number, leaf in rows:
            yield LogEntry(number, leaf, msgspec.json.decode(leaf))

    def log_leaves(self) -> list[bytes]:
        """The bytes of every record of the log, in order."""
        with self._read() as connection:
            leaves = connection.execute(sa.select(tables.log.c.leaf).order_by(tables.log.c.number)).scalars()
            return [leaf if isinstance(leaf, bytes) else str(leaf).encode() for leaf in leaves]  # text: somebody changed it by hand

    def log_size(self) -> int:
        """Number of records."""
        with self._read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(tables.log)).scalar() or 0

    def tree(self) -> MerkleTree:
        """The log's Merkle tree."""
        return MerkleTree(self.log_leaves())

    def checkpoint(self) -> str:
        """Sign the log's head and put it beside the case, on disk when this returns; gives the note."""
        tree = self.tree()
        note = self.keys.signer.sign(checkpoint_body(Checkpoint(self.keys.name, len(tree), tree.root())))
        write_head(self.folder / "checkpoint", note)
        return note

    def rotate_key(self, *, reason: str, revoked: bool) -> None:
        """Let a new key follow this one; the log keeps when, why, and the old key's word for the new one.

        Args:
            revoked: the old key is no longer to be trusted, `reason` says why.
        """
        old = self.key_fingerprint
        following, note = self.keys.prepare()
        self.record("rotated", following.fingerprint, key=following.fingerprint, old=old, reason=reason, revoked=revoked, note=note)
        self.settle_keys()

    def settle_keys(self) -> None:
        """Finish a rotation, or take back one that the log doesn't know; a step that is cut short is done again."""
        self.keys.settle(self.key_in_log())
        self.checkpoint()
        self.keys.publish()
        self.key_fingerprint = self.keys.fingerprint

    def key_in_log(self) -> str:
        """Fingerprint of the key that the log's records name last."""
        named = [e.record["parameters"]["key"] for e in self.log_entries() if e.record["action"] in {"created", "rotated"}]
        return str(named[-1]) if named else ""

    def check(self) -> list[str]:
        """Hash everything again.

        Returns:
            A sentence for each thing that does not hold: originals, records against the log, the log against its signed head.
        """
        return checks.check_originals(self) + self.check_log()

    def check_log(self) -> list[str]:
        """Hash the records and the log again: a sentence for each thing that does not hold."""
        return checks.check_log(self)

    def check_index(self) -> list[str]:
        """What in the search index does not follow from texts and readings: no evidence, but what people find hangs on it."""
        return checks.check_index(self)

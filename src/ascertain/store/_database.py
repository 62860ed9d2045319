"""Opening the database: pragmas, migrations, and the database's refusals in our words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from ascertain.errors import CaseError, StoreError

KNOWN = ("0001", "0002", "0003", "0004", "0005")  # revisions in migrations/versions, oldest first
HEAD = KNOWN[-1]
# The file itself is not damaged where one of these is told: a full disk has no room even for what SQLite keeps beside an open file.
NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE,
           sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP}  # fmt: skip
BUSY_MILLISECONDS = 30_000  # a reader meets the writer's commits only for moments


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the database's errors into ours."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__)
        raise StoreError(
            f"the case's database refused: {reason}",
            advice="Check free space and permissions; where it is damaged, restore the case from a copy.",
        ) from error


def create(path: Path) -> None:
    """Make a new database with all tables."""
    engine = _engine(path, read_only=False)
    with refusals():
        _upgrade(engine)
    engine.dispose()


def connect(path: Path, *, read_only: bool) -> sa.Engine:
    """Open a case's database, migrating an older one.

    Raises:
        CaseError: it is missing, damaged, from a newer version, or from an older one and may not be written.
    """
    if not path.is_file():
        raise CaseError(f"{path} is missing", advice="Restore the case from a copy.")
    engine = _engine(path, read_only=read_only)
    revision = _revision(engine, path)
    if revision not in KNOWN:
        engine.dispose()
        raise CaseError(
            f"the case was made by a newer ascertain (its tables are of revision {revision})", advice="Install the newest version."
        )
    if revision != HEAD:
        if read_only:
            engine.dispose()
            raise CaseError(
                f"the case is from an older ascertain (its tables are of revision {revision})",
                advice="Run `ascertain run` on it once, or on a copy that can be written.",
            )
        with refusals():
            _upgrade(engine)
    return engine


def is_current(path: Path) -> bool:
    """Whether a database is of the newest revision, or can't be asked."""
    try:
        engine = _engine(path, read_only=True)
        found = _revision(engine, path)
        engine.dispose()
    except CaseError:
        return True
    return found not in KNOWN[:-1]


def _revision(engine: sa.Engine, path: Path) -> str | None:
    try:
        with engine.connect() as connection:
            found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    except sa.exc.SQLAlchemyError as error:
        engine.dispose()
        reason = str(getattr(error, "orig", None) or type(error).__name__)
        if getattr(getattr(error, "orig", None), "sqlite_errorcode", None) in NO_ROOM:
            raise StoreError(f"{path} can't be opened: {reason}", advice="Free some space: the disk is full, or fails.") from error
        raise CaseError(f"{path} can't be read as a case's database: {reason}", advice="Restore the case from a copy.") from error
    return found


def _engine(path: Path, *, read_only: bool) -> sa.Engine:
    address = _address(path, read_only=read_only)

    def connected() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY_MILLISECONDS / 1000, check_same_thread=False)

    engine = sa.create_engine("sqlite://", creator=connected, poolclass=sa.pool.QueuePool)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below: the driver would leave changes of tables out of them
        cursor = connection.cursor()
        journal = () if read_only else ("journal_mode=WAL",)
        for pragma in (*journal, "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _address(path: Path, *, read_only: bool) -> str:
    """SQLite's address of the file; a folder where nothing can be written, and no change waits beside the file, needs `immutable`."""
    name = f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rwc'}"
    waiting = path.with_name(path.name + "-wal")
    if read_only and not os.access(path.parent, os.W_OK) and not (waiting.exists() and waiting.stat().st_size):
        return name + "&immutable=1"
    return name


def _upgrade(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


def scrub(engine: sa.Engine) -> None:
    """Write the database anew, so that nothing of what was deleted is left in its free pages, its index of words or its log of changes."""
    connection = engine.raw_connection()  # without a transaction, in which a database can't be written anew
    try:
        cursor = connection.cursor()
        cursor.execute("INSERT INTO search(search) VALUES ('optimize')")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
    except sqlite3.Error as error:
        raise StoreError(
            f"the case's database can't be written anew: {error}", advice="Free some space, then give the command again."
        ) from error
    finally:
        connection.close()

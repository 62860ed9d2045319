"""Opening the database: pragmas, migrations, and the database's refusals in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ascertain.errors import CaseError, StoreError

HEAD = "0002"  # newest revision in migrations/versions
KNOWN = ("0001", "0002")
BUSY_MILLISECONDS = 30_000  # a reader meets the writer's commits only for moments


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the database's errors into ours."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__)
        raise StoreError(
            f"the case's database refused: {reason}", advice="Check free space and permissions; `ascertain status CASE --check`."
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
        CaseError: it is missing, damaged, or from a newer version.
    """
    if not path.is_file():
        raise CaseError(f"{path} is missing", advice="Restore the case from a copy.")
    engine = _engine(path, read_only=read_only)
    try:
        with engine.connect() as connection:
            revision = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    except sa.exc.SQLAlchemyError as error:
        raise CaseError(f"{path} is no database of a case", advice="Restore the case from a copy.") from error
    if revision not in KNOWN:
        raise CaseError(
            f"the case was made by a newer ascertain (its tables are of revision {revision})", advice="Install the newest version."
        )
    if revision != HEAD and not read_only:
        with refusals():
            _upgrade(engine)
    return engine


def _engine(path: Path, *, read_only: bool) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
            cursor.execute(f"PRAGMA {pragma}")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return engine


def _upgrade(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)

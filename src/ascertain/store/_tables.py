"""The tables, once for every database; what only SQLite has (full text) stands in `_search.py`."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

original = sa.Table(
    "original",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("size", sa.Integer, nullable=False),
)
capture = sa.Table(
    "capture",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("original", sa.ForeignKey("original.digest"), nullable=False, index=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.Column("intake", sa.ForeignKey("intake.number")),
    sa.UniqueConstraint("original", "path", "source", "intake"),
)
# One call of `add`: open until all that it names is taken in, so that the same call after a kill goes on where it stood.
intake = sa.Table(
    "intake",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
)
document = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.ForeignKey("original.digest"), primary_key=True),
    sa.Column("record", sa.LargeBinary, nullable=False),
)
reading = sa.Table(
    "reading",
    metadata,
    sa.Column("id", sa.ForeignKey("document.id"), primary_key=True),
    sa.Column("record", sa.LargeBinary, nullable=False),
)
outcome = sa.Table(
    "outcome",
    metadata,
    sa.Column("original", sa.ForeignKey("original.digest"), primary_key=True),
    sa.Column("stage", sa.String(16), primary_key=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("advice", sa.Text),
)
findings = sa.Table(
    "findings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
)
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("record", sa.LargeBinary, nullable=False),
)
log = sa.Table(
    "log",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
)

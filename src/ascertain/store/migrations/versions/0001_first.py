"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables of 0.1."""
    digest = sa.String(64)
    op.create_table(
        "original",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("digest", digest, nullable=False, unique=True),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_table(
        "capture",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("original", digest, sa.ForeignKey("original.digest"), nullable=False, index=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("original", "path", "source"),
    )
    op.create_table("document", sa.Column("id", digest, sa.ForeignKey("original.digest"), primary_key=True), sa.Column("record", sa.LargeBinary, nullable=False))
    op.create_table("reading", sa.Column("id", digest, sa.ForeignKey("document.id"), primary_key=True), sa.Column("record", sa.LargeBinary, nullable=False))
    op.create_table(
        "outcome",
        sa.Column("original", digest, sa.ForeignKey("original.digest"), primary_key=True),
        sa.Column("stage", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("advice", sa.Text),
    )
    op.create_table(
        "findings", sa.Column("id", sa.Integer, primary_key=True), sa.Column("key", digest, nullable=False), sa.Column("record", sa.LargeBinary, nullable=False)
    )
    op.create_table(
        "decision",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_table("log", sa.Column("number", sa.Integer, primary_key=True, autoincrement=False), sa.Column("leaf", sa.LargeBinary, nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5(kind UNINDEXED, document UNINDEXED, path UNINDEXED, start UNINDEXED, stop UNINDEXED, "
            "ref UNINDEXED, words, tokenize='unicode61 remove_diacritics 2')"
        )

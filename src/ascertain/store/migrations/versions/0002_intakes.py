"""Intakes: each call of `add` captures anew, the same call after a kill does not. Rows of the full text are found by their document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table, and to captures the intake that they belong to (none for parts of containers and for those of 0001)."""
    op.create_table(
        "intake",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.drop_index("ix_capture_original", "capture")
    op.rename_table("capture", "capture_0001")
    op.create_table(
        "capture",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("original", sa.String(64), sa.ForeignKey("original.digest"), nullable=False, index=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("intake", sa.Integer, sa.ForeignKey("intake.number")),
        sa.UniqueConstraint("original", "path", "source", "intake"),
    )
    op.execute("INSERT INTO capture (number, original, path, source, record) SELECT number, original, path, source, record FROM capture_0001")
    op.drop_table("capture_0001")
    op.create_table(
        "search_row",
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Index("ix_search_row", "document", "kind"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_row (row, document, kind) SELECT rowid, document, kind FROM search")

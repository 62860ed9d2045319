"""Restrictions to roles and to what an incident tells; security keys, recovery codes, identities of an outside provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and tables; what was restricted stays as it was."""
    text, number = sa.Text, sa.Integer
    op.add_column("restriction", sa.Column("roles", text, nullable=False, server_default='["lead", "administrator"]'))
    op.add_column("restriction", sa.Column("mentions", text, nullable=False, server_default="[]"))
    op.create_table(
        "security_key",
        sa.Column("id", text, primary_key=True), sa.Column("account", text, sa.ForeignKey("account.name"), nullable=False, index=True),
        sa.Column("name", text, nullable=False), sa.Column("host", text, nullable=False), sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("uses", number, nullable=False), sa.Column("added_at", text, nullable=False), sa.Column("used_at", text),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(64), primary_key=True), sa.Column("account", text, sa.ForeignKey("account.name"), nullable=False, index=True),
    )
    op.create_table(
        "identity",
        sa.Column("number", number, primary_key=True, autoincrement=True), sa.Column("issuer", text, nullable=False), sa.Column("subject", text, nullable=False),
        sa.Column("account", text, sa.ForeignKey("account.name")), sa.Column("called", text, nullable=False), sa.Column("first_at", text, nullable=False),
        sa.Column("last_at", text, nullable=False), sa.Column("admitted_by", text), sa.UniqueConstraint("issuer", "subject"),
    )

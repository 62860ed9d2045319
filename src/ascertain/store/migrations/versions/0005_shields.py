"""From which kinds of harm a person is shielded: those named here are shown to them at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; who was shielded stays shielded from every kind."""
    op.add_column("account", sa.Column("bare", sa.Text, nullable=False, server_default=""))

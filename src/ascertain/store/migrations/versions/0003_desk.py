"""The workbench: accounts and their work, and rows that make pages fast (these can be made again at any time)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of the workbench."""
    text, number, real = sa.Text, sa.Integer, sa.Float
    op.create_table(
        "account",
        sa.Column("name", text, primary_key=True), sa.Column("role", sa.String(16), nullable=False), sa.Column("password", text, nullable=False),
        sa.Column("totp", text), sa.Column("totp_step", number, nullable=False), sa.Column("shielded", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False), sa.Column("created_at", text, nullable=False), sa.Column("created_by", text, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("token", sa.String(64), primary_key=True), sa.Column("account", text, sa.ForeignKey("account.name"), nullable=False, index=True),
        sa.Column("csrf", text, nullable=False), sa.Column("created", number, nullable=False), sa.Column("seen", number, nullable=False),
    )
    op.create_table(
        "attempt", sa.Column("key", text, primary_key=True), sa.Column("failures", number, nullable=False), sa.Column("last_try", number, nullable=False)
    )
    op.create_table(
        "restriction",
        sa.Column("kind", sa.String(16), primary_key=True), sa.Column("item", text, primary_key=True), sa.Column("people", text, nullable=False),
        sa.Column("reason", text, nullable=False), sa.Column("by", text, nullable=False), sa.Column("at", text, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("number", number, primary_key=True, autoincrement=True), sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item", text, nullable=False, index=True), sa.Column("author", text, nullable=False), sa.Column("at", text, nullable=False),
        sa.Column("words", text, nullable=False),
    )
    op.create_table(
        "grade",
        sa.Column("number", number, primary_key=True, autoincrement=True), sa.Column("origin", text, nullable=False, index=True),
        sa.Column("grade", sa.String(1), nullable=False), sa.Column("reason", text, nullable=False), sa.Column("by", text, nullable=False),
        sa.Column("at", text, nullable=False),
    )
    op.create_table(
        "saved_search",
        sa.Column("number", number, primary_key=True, autoincrement=True), sa.Column("account", text, nullable=False, index=True),
        sa.Column("name", text, nullable=False), sa.Column("query", text, nullable=False),
    )
    op.create_table(
        "skip", sa.Column("account", text, primary_key=True), sa.Column("incident", text, primary_key=True), sa.Column("attribute", text, primary_key=True)
    )
    op.create_table(
        "publication",
        sa.Column("number", number, primary_key=True, autoincrement=True), sa.Column("state", sa.String(16), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    _rows(text, number, real)


def _rows(text: type[sa.Text], number: type[sa.Integer], real: type[sa.types.TypeEngine[Any]]) -> None:
    op.create_table("row_state", sa.Column("key", text, primary_key=True), sa.Column("value", text, nullable=False))
    op.create_table(
        "incident_row",
        sa.Column("id", text, primary_key=True), sa.Column("number", number, nullable=False, index=True), sa.Column("version", text, nullable=False),
        sa.Column("type", text, nullable=False), sa.Column("kind", text), sa.Column("title", text, nullable=False), sa.Column("place", text),
        sa.Column("lat", real), sa.Column("lon", real), sa.Column("radius_km", real), sa.Column("country", text), sa.Column("earliest", text, index=True),
        sa.Column("latest", text), sa.Column("status", text, nullable=False, index=True), sa.Column("origins", number, nullable=False),
        sa.Column("documents", number, nullable=False), sa.Column("harm", number), sa.Column("harm_words", text),
        sa.Column("reviewed", sa.Boolean, nullable=False), sa.Column("words", text, nullable=False), sa.Column("base", sa.LargeBinary),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "fact_row",
        sa.Column("incident", text, primary_key=True), sa.Column("attribute", text, primary_key=True), sa.Column("at_least", number),
        sa.Column("at_most", number), sa.Column("value", text), sa.Column("status", text, nullable=False), sa.Column("credibility", number, nullable=False),
        sa.Column("worth", real, nullable=False), sa.Column("deciders", text, nullable=False), sa.Column("open", sa.Boolean, nullable=False),
    )
    op.create_index("fact_row_queue", "fact_row", ["open", "worth"])
    op.create_index("fact_row_value", "fact_row", ["attribute", "value"])
    op.create_table(
        "incident_origin",
        sa.Column("incident", text, primary_key=True), sa.Column("origin", text, primary_key=True), sa.Column("kind", text, nullable=False),
        sa.Column("stance", text, nullable=False), sa.Column("documents", number, nullable=False),
    )
    op.create_index("incident_origin_origin", "incident_origin", ["origin"])
    op.create_table(
        "incident_document", sa.Column("incident", text, primary_key=True), sa.Column("document", text, primary_key=True)
    )
    op.create_index("incident_document_document", "incident_document", ["document"])
    op.create_table(
        "document_row",
        sa.Column("id", text, primary_key=True), sa.Column("number", number, nullable=False, index=True), sa.Column("made_by", text, nullable=False),
        sa.Column("path", text, nullable=False), sa.Column("title", text), sa.Column("publisher", text), sa.Column("published", text),
        sa.Column("language", text), sa.Column("media_type", text), sa.Column("characters", number, nullable=False),
        sa.Column("statements", number, nullable=False), sa.Column("events", number, nullable=False),
    )
    op.create_table(
        "statement_row",
        sa.Column("number", number, primary_key=True, autoincrement=True), sa.Column("document", text, nullable=False, index=True),
        sa.Column("statement", text, nullable=False), sa.Column("speaker", text, nullable=False), sa.Column("stance", text, nullable=False),
        sa.Column("form", text, nullable=False), sa.Column("said_on", text), sa.Column("start", number, nullable=False),
        sa.Column("stop", number, nullable=False), sa.Column("words", text, nullable=False),
    )
    op.create_index("statement_row_speaker", "statement_row", ["speaker", "said_on"])
    op.create_table(
        "speaker_row",
        sa.Column("name", text, primary_key=True), sa.Column("kind", text), sa.Column("statements", number, nullable=False, index=True),
        sa.Column("documents", number, nullable=False), sa.Column("denials", number, nullable=False), sa.Column("first", text), sa.Column("last", text),
    )
    op.create_table(
        "decision_row",
        sa.Column("id", text, primary_key=True), sa.Column("incident", text, index=True), sa.Column("attribute", text),
        sa.Column("reviewer", text, nullable=False), sa.Column("kind", sa.String(16), nullable=False), sa.Column("at", text, nullable=False),
        sa.Column("standing", sa.Boolean, nullable=False),
    )

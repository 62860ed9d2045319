"""The workbench's tables: what people do, and rows that are made from records and can be made again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


def _table(name: str, *columns: str, key: tuple[str, ...] = ()) -> sa.Table:
    """A table for queries; its types and indexes stand in the migration that makes it."""
    made = [sa.Column(column, _TYPES.get(column, sa.Text()), primary_key=column in key) for column in columns]
    return sa.Table(name, metadata, *made)


_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "shielded": sa.Boolean(), "active": sa.Boolean(), "reviewed": sa.Boolean(), "open": sa.Boolean(), "standing": sa.Boolean(),
    "number": sa.Integer(), "totp_step": sa.Integer(), "created": sa.Integer(), "seen": sa.Integer(), "failures": sa.Integer(),
    "last_try": sa.Integer(), "lat": sa.Float(), "lon": sa.Float(), "radius_km": sa.Float(), "worth": sa.Float(), "harm": sa.Integer(),
    "at_least": sa.Integer(), "at_most": sa.Integer(), "credibility": sa.Integer(), "characters": sa.Integer(), "start": sa.Integer(),
    "stop": sa.Integer(), "uses": sa.Integer(), "public": sa.LargeBinary(), "base": sa.LargeBinary(), "record": sa.LargeBinary(),
}  # fmt: skip

account = _table(
    "account", "name", "role", "password", "totp", "totp_step", "shielded", "active", "created_at", "created_by", "bare", key=("name",)
)
session = _table("session", "token", "account", "csrf", "created", "seen", key=("token",))
attempt = _table("attempt", "key", "failures", "last_try", key=("key",))
restriction = _table("restriction", "kind", "item", "people", "reason", "by", "at", "roles", "mentions", key=("kind", "item"))
security_key = _table("security_key", "id", "account", "name", "host", "public", "uses", "added_at", "used_at", key=("id",))
recovery_code = _table("recovery_code", "digest", "account", key=("digest",))
identity = _table("identity", "number", "issuer", "subject", "account", "called", "first_at", "last_at", "admitted_by", key=("number",))
note = _table("note", "number", "kind", "item", "author", "at", "words", key=("number",))
grade = _table("grade", "number", "origin", "grade", "reason", "by", "at", key=("number",))
saved_search = _table("saved_search", "number", "account", "name", "query", key=("number",))
skip = _table("skip", "account", "incident", "attribute", key=("account", "incident", "attribute"))
publication = _table("publication", "number", "state", "record", key=("number",))

row_state = _table("row_state", "key", "value", key=("key",))
incident_row = _table(
    "incident_row", "id", "number", "version", "type", "kind", "title", "place", "lat", "lon", "radius_km", "country", "earliest", "latest",
    "status", "origins", "documents", "harm", "harm_words", "reviewed", "words", "base", "record", key=("id",),
)  # fmt: skip
fact_row = _table(
    "fact_row", "incident", "attribute", "at_least", "at_most", "value", "status", "credibility", "worth", "deciders", "open",
    key=("incident", "attribute"),
)  # fmt: skip
incident_origin = _table("incident_origin", "incident", "origin", "kind", "stance", "documents", key=("incident", "origin"))
incident_document = _table("incident_document", "incident", "document", key=("incident", "document"))
document_row = _table(
    "document_row", "id", "number", "made_by", "path", "title", "publisher", "published", "language", "media_type", "characters",
    "statements", "events", key=("id",),
)  # fmt: skip
statement_row = _table(
    "statement_row", "number", "document", "statement", "speaker", "stance", "form", "said_on", "start", "stop", "words", key=("number",)
)
speaker_row = _table("speaker_row", "name", "kind", "statements", "documents", "denials", "first", "last", key=("name",))
decision_row = _table("decision_row", "id", "incident", "attribute", "reviewer", "kind", "at", "standing", key=("id",))

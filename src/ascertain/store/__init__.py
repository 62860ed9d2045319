"""One case's store: originals on disk, everything else in SQLite, each action in the custody log in the same transaction."""

from __future__ import annotations

from ascertain.store._desk import Desk
from ascertain.store._factors import Factors, Identity, SecurityKey
from ascertain.store._keys import passphrase
from ascertain.store._people import Account, Grade, Note, People, Publication, Restriction, Session
from ascertain.store._protection import Protection
from ascertain.store._row_queries import Filter, Queries
from ascertain.store._rows import IncidentRows, Kept, Rows
from ascertain.store._sealing import seal_again, seal_findings_again
from ascertain.store._search import SearchHit
from ascertain.store._statement_queries import StatementQueries
from ascertain.store._store import Store

__all__ = [
    "Account", "Desk", "Factors", "Filter", "Grade", "Identity", "IncidentRows", "Kept", "Note", "People", "Protection", "Publication", "Queries", "Restriction",
    "Rows", "SearchHit", "SecurityKey", "Session", "StatementQueries", "Store", "passphrase", "seal_again", "seal_findings_again",
]  # fmt: skip

"""One case's store: originals on disk, everything else in SQLite, each action in the custody log in the same transaction."""

from __future__ import annotations

from ascertain.store._keys import passphrase
from ascertain.store._search import SearchHit
from ascertain.store._store import Store

__all__ = ["SearchHit", "Store", "passphrase"]

"""One transaction of a store, and its place in the custody log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import sqlalchemy as sa


@attrs.frozen
class Writing:
    """One transaction: its connection, and how to put an action into the custody log within it."""

    connection: sa.Connection
    append: Callable[..., int]

    def log(self, actor: str, action: str, item: str, **about: Any) -> int:
        """Write an action into the custody log, in the same transaction; gives its number."""
        return self.append(self.connection, action, item, about, actor=actor)

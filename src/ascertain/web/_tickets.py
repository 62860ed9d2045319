"""What the server remembers for a few minutes between two steps of one person: a challenge, a password that was right."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

LIFE_SECONDS = 5 * 60
MOST = 1000  # whoever begins and never ends must not take the memory
T = TypeVar("T")


class Tickets:
    """Values by a number that can't be guessed; each is taken once."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._held: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def give(self, value: object) -> str:
        """Keep a value; gives its ticket."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._held[ticket] = (self._now() + LIFE_SECONDS, value)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return ticket

    def take(self, ticket: str, kind: type[T]) -> T | None:
        """The value of a ticket, which is void from now on; None where it is unknown, too old, or of another kind."""
        with self._lock:
            until, value = self._held.pop(ticket, (0.0, None))
        return value if until >= self._now() and isinstance(value, kind) else None

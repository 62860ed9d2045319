"""What was computed for a page, kept until some incident changes: ten people look at the same views."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

MOST = 200
T = TypeVar("T")


class Remembered:
    """Values by key, all forgotten when the turn of the rows changes."""

    def __init__(self) -> None:
        self._turn: str | None = None
        self._values: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, turn: str, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not known for this turn."""
        with self._lock:
            if turn != self._turn:
                self._turn = turn
                self._values.clear()
            if key in self._values:
                self._values.move_to_end(key)
                return cast("T", self._values[key])
        value = make()
        with self._lock:
            if turn == self._turn:
                self._values[key] = value
                while len(self._values) > MOST:
                    self._values.popitem(last=False)
        return value

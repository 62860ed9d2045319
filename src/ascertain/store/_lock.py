"""One writer a case: a lock that ends with the process that holds it, and says who that is."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import socket
import time
from pathlib import Path
from typing import IO, Self

from ascertain.errors import CaseBusyError, StoreError

POLL_SECONDS = 0.1
logger = logging.getLogger(__name__)


class CaseLock:
    """An exclusive lock on a file; the kernel gives it back when its process ends, however that happens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def acquire(self, *, wait_seconds: float | None) -> None:
        """Take the lock.

        Args:
            wait_seconds: how long to wait for another holder; None: as long as it takes.

        Raises:
            CaseBusyError: somebody still holds it.
        """
        try:
            self._file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"the case can't be locked for writing: {error.strerror}", advice="Check the permissions of the case's folder and the disk."
            ) from error
        started, told = time.monotonic(), False
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if wait_seconds is not None and time.monotonic() - started >= wait_seconds:
                    holder = self.holder()
                    self._file.close()
                    raise CaseBusyError(f"the case is in use by {holder}", advice="Wait until it is done, then try again.") from None
                if not told:
                    logger.warning("waiting for the case, which is in use by %s", self.holder())
                    told = True
                time.sleep(POLL_SECONDS)
        self.say(None)

    @classmethod
    def inherited(cls, path: Path, handle: int) -> Self:
        """The lock that a parent process holds, by the file handle that it handed down."""
        lock = cls(path)
        lock._file = os.fdopen(handle, "a+", encoding="utf-8")
        return lock

    @property
    def handle(self) -> int:
        """The file handle of a held lock; handed down to a child, the child holds it too."""
        if self._file is None:
            raise CaseBusyError("the case is not held", advice="Open the case first.")
        return self._file.fileno()

    def say(self, what: str | None) -> None:
        """Write down who holds the lock, and for what."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            json.dump({"pid": os.getpid(), "host": socket.gethostname()} | ({"what": what} if what else {}), self._file)
            self._file.flush()

    def holder(self) -> str:
        """Who holds the lock, in words."""
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
            return f"process {held['pid']} on {held['host']}" + (f" ({held['what']})" if held.get("what") else "")
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

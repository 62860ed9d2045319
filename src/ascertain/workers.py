"""A worker process for work on hostile input: killed at its time limit, bounded in memory, started anew.

The worker is kept between calls, so that libraries are loaded once. Calls and answers are pickles over pipes between a parent and
its own child; nothing from an input is ever unpickled.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from ascertain.errors import AscertainError, InputError, LimitError

KILL_ME_WITH_MY_PARENT = 1  # prctl's PR_SET_PDEATHSIG
END_SECONDS = 2.0


class BoundedWorker:
    """One child process that runs functions under limits; a context manager."""

    def __init__(self, *, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def call(self, function: Callable[..., Any], *arguments: Any, timeout_seconds: float, **named: Any) -> Any:
        """Run a top-level function in the worker and give its result.

        Raises:
            LimitError: it took longer than the limit, or more memory; the worker was ended.
            InputError: the worker died of the input.
            AscertainError: what the function raised.
        """
        pipe = self._started()
        try:
            pipe.send((function, arguments, named))
            if not pipe.poll(timeout_seconds):
                self._end()
                raise LimitError(
                    f"took longer than {timeout_seconds} seconds and was ended", advice="Raise parse_timeout_seconds, or convert the file."
                )
            kind, value = pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError, pickle.UnpicklingError) as error:
            self._end()
            raise InputError("the reader died of this input", advice="Convert the file with another program and add the result.") from error
        if kind == "result":
            return value
        raise value

    def _started(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self._end()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._memory_bytes, os.getpid()), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(END_SECONDS)
        self._process = self._pipe = None

    def close(self) -> None:
        """End the worker."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _serve(pipe: Connection, memory_bytes: int, parent: int) -> None:
    """The child's loop: until the parent goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(KILL_ME_WITH_MY_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            function, arguments, named = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(function, arguments, named))


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, Any]:
    try:
        return "result", function(*arguments, **named)
    except AscertainError as error:
        return "error", error
    except MemoryError:
        return "error", LimitError("needed more memory than a reader may have", advice="Raise parse_memory_bytes, or convert the file.")
    except Exception as error:  # noqa: BLE001  # the rim: whatever a parser does with hostile bytes ends as a reason
        return "error", InputError(
            f"can't be read ({type(error).__name__})", advice="Convert the file with another program and add the result."
        )

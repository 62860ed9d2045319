"""Worker processes for work on hostile input: ended at their time limit, bounded in memory, started anew.

A worker is kept between calls, so that libraries and models are loaded once. It is a plain `python -c` of this module and not
`multiprocessing`'s spawn, which would run the caller's main script again. Calls and answers are pickles over a pair of sockets between
a parent and its own child; nothing from an input is ever unpickled. Whatever a library prints goes nowhere: it may be a document's text.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import attrs

from ascertain.errors import AscertainError, InputError, LimitError

KILL_ME_WITH_MY_PARENT = 1  # prctl's PR_SET_PDEATHSIG
END_SECONDS = 5.0
TASKS_AHEAD = 4  # items taken for each worker before the first result is given: keeps memory flat
BROKEN = (EOFError, OSError, pickle.UnpicklingError)
START = "from ascertain.workers import serve; import sys; serve(*map(int, sys.argv[1:]))"
Item = TypeVar("Item")


class BoundedWorker:
    """One child process that runs functions under limits; a context manager."""

    def __init__(self, *, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def call(self, function: Callable[..., Any], *arguments: Any, timeout_seconds: float, **named: Any) -> Any:
        """Run a top-level function in the worker and give its result.

        Raises:
            LimitError: it took longer than the limit, or more memory; the worker was ended.
            InputError: the worker died of the input.
            AscertainError: what the function raised.
        """
        try:
            pipe = self.send(function, arguments, named)
            if not pipe.poll(timeout_seconds):
                raise self.overdue(timeout_seconds)
        except BROKEN as error:
            raise self.died() from error
        result = self.receive()
        if isinstance(result, AscertainError):
            raise result
        return result

    def send(self, function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Connection:
        """Hand a call over; gives what becomes readable when it is through."""
        pipe = self._started()
        pipe.send((function, arguments, named))
        return pipe

    def receive(self) -> Any:
        """The result of the call, or its error as a value."""
        try:
            if self._pipe is None:
                raise EOFError
            return self._pipe.recv()[1]
        except BROKEN:
            return self.died()

    def overdue(self, timeout_seconds: float) -> LimitError:
        """End the worker for its slowness; gives the error to report."""
        self.close()
        return LimitError(
            f"took longer than {timeout_seconds:g} seconds and was ended",
            advice="Raise the time limit (`ascertain config`), or split the file.",
        )

    def died(self) -> InputError:
        """Clear up after a worker that is gone; gives the error to report."""
        self.close()
        return InputError("the reader died of this input", advice="Convert the file with another program and add the result.")

    def _started(self) -> Connection:
        if self._process is None or self._pipe is None or self._process.poll() is not None:
            self.close()
            ours, theirs = socket.socketpair()
            with theirs:
                path = os.pathsep.join(entry for entry in sys.path if entry)  # never "": the current folder may hold evidence
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", START, str(theirs.fileno()), str(self._memory_bytes), str(os.getpid())],
                    pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    env=os.environ | {"PYTHONPATH": path},
                )  # fmt: skip
            self._pipe = Connection(ours.detach())
        return self._pipe

    def close(self) -> None:
        """End the worker; it starts anew with the next call."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait(END_SECONDS)
        self._process = self._pipe = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


@attrs.define
class _Task(Generic[Item]):
    """An item on its way; `result` is an error as a value where it failed."""

    item: Item
    ended: bool = False
    result: Any = None


class WorkerPool:
    """Several workers that share out one function's calls; a context manager."""

    def __init__(self, size: int, *, memory_bytes: int) -> None:
        self._workers = [BoundedWorker(memory_bytes=memory_bytes) for _ in range(size)]

    def in_order(self, function: Callable[..., Any], items: Iterable[Item], *, timeout_seconds: float) -> Iterator[tuple[Item, Any]]:
        """Each item with the function's result, or with its `AscertainError`, in the order of the items."""
        coming = iter(items)
        idle = list(self._workers)
        busy: dict[Connection, tuple[BoundedWorker, _Task[Item], float]] = {}
        order: deque[_Task[Item]] = deque()
        while True:
            while idle and len(order) < TASKS_AHEAD * len(self._workers):
                try:
                    task = _Task(next(coming))
                except StopIteration:
                    break
                order.append(task)
                self._hand(idle, task, function, busy=busy, until=time.monotonic() + timeout_seconds)
            if not order:
                return
            if order[0].ended:
                ended = order.popleft()
                yield ended.item, ended.result
                continue
            self._wait(busy, idle, timeout_seconds=timeout_seconds)

    def _hand(
        self, idle: list[BoundedWorker], task: _Task[Item], function: Callable[..., Any], *, busy: dict[Connection, Any], until: float
    ) -> None:
        worker = idle.pop()
        try:
            busy[worker.send(function, (task.item,), {})] = (worker, task, until)
        except BROKEN:
            task.ended, task.result = True, worker.died()
            idle.append(worker)

    def _wait(
        self, busy: dict[Connection, tuple[BoundedWorker, _Task[Item], float]], idle: list[BoundedWorker], *, timeout_seconds: float
    ) -> None:
        """Until at least one worker is through or overdue."""
        nearest = min(until for _, _, until in busy.values())
        ready = wait(list(busy), max(0.0, nearest - time.monotonic()))
        now = time.monotonic()
        for pipe, (worker, task, until) in list(busy.items()):
            if pipe in ready:
                task.ended, task.result = True, worker.receive()
            elif until <= now:
                task.ended, task.result = True, worker.overdue(timeout_seconds)
            if task.ended:
                del busy[pipe]
                idle.append(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.close()


def serve(handle: int, memory_bytes: int, parent: int) -> None:
    """The child's loop: until the parent goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(KILL_ME_WITH_MY_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe = Connection(handle)
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
        return "error", LimitError(
            "needed more memory than a reader may have", advice="Raise its memory limit (`ascertain config`), or split the file."
        )
    except Exception as error:  # noqa: BLE001  # the rim: whatever a parser does with hostile bytes ends as a reason
        return "error", InputError(
            f"can't be read ({type(error).__name__})", advice="Convert the file with another program and add the result."
        )

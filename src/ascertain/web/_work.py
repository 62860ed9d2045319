"""Long work beside the pages: one job at a time, in a child process that shares the case's lock, with its progress.

The child keeps the language model and the findings of the whole case out of the server's memory, and pages quick while it runs.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from ascertain.errors import AscertainError, StoreError
from ascertain.store import Desk
from ascertain.web._tasks import do_task

TICK_SECONDS = 2.0
SETTLE_SECONDS = 30.0  # quiet time after the last decision before findings are gathered
CHECKPOINT_SECONDS = 20.0
KEPT = 20  # ended jobs that are still shown
logger = logging.getLogger(__name__)


@attrs.define
class Job:
    """One piece of work and how far it is.

    Attributes:
        state: `waiting`, `running`, `done` or `failed`.
        told: what came out, in words; for a failure why and what to do.
    """

    kind: str
    arguments: dict[str, Any]
    by: str
    state: str = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    started: float = 0.0
    stage_started: float = 0.0
    ended: float = 0.0
    told: str = ""

    @property
    def left(self) -> str:
        """Rate and time left, in words; empty where they can't be told yet."""
        seconds = time.monotonic() - self.stage_started
        if self.done < 1 or self.done >= self.total or seconds < 1:
            return ""
        rate = self.done / seconds
        minutes, rest = divmod(round((self.total - self.done) / rate), 60)
        return f"{rate:.1f} a second, about {f'{minutes} min ' if minutes else ''}{rest} s left"

    @property
    def quiet(self) -> bool:
        """Whether nobody needs to be told of it any more."""
        return self.state == "done" and self.kind in {"relink", "settle"}


class Work:
    """The queue of jobs and the thread that does them."""

    def __init__(self, desk: Desk, *, clock: Callable[[], str], inline: bool = False) -> None:
        self._desk = desk
        self._clock = clock
        self._inline = inline
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._jobs: list[Job] = []
        self._changed_at: float | None = None
        self._signed = desk.log_size()
        self._signed_at = time.monotonic()
        self._child: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._loop, name="ascertain-work", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        if not self._inline:
            self._thread.start()

    def jobs(self) -> list[Job]:
        """Running and waiting jobs and the last that ended, oldest first."""
        return list(self._jobs)

    def busy(self) -> bool:
        """Whether something is under way."""
        return any(job.state in {"waiting", "running"} for job in self._jobs)

    def alone(self) -> bool:
        """Whether a job is under way during which nothing may be written into the log: a dossier ends with the record of its export."""
        return any(job.state == "running" and job.arguments.get("alone") for job in self._jobs)

    def put(self, kind: str, *, by: str, **arguments: Any) -> Job:
        """Ask for a job: `add`, `run`, `relink`, `settle` or `publish`; with `alone` nothing else is done meanwhile."""
        job = Job(kind, arguments, by)
        self._jobs = [*self._jobs[-KEPT:], job]
        if self._inline:
            self._do(job)
        else:
            self._waiting.put(job)
        return job

    def changed(self) -> None:
        """Tell that a decision was made: the findings are gathered when it is quiet."""
        self._changed_at = time.monotonic()

    def close(self) -> None:
        """End: the running child is ended (what it has acknowledged stays), decisions are gathered, the log's head is signed."""
        if self._child is not None:
            self._child.terminate()
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        if self._changed_at is not None:
            self._do(Job("settle", {}, self._desk.collector))
        self._desk.checkpoint()

    def _loop(self) -> None:
        while True:
            try:
                job = self._waiting.get(timeout=TICK_SECONDS)
            except queue.Empty:
                self._guarded(self._tick)
                continue
            if job is None:
                return
            self._do(job)
            self._guarded(self._sign)

    def _guarded(self, step: Callable[[], None]) -> None:
        """The thread outlives a step that fails: a full disk now may have room later."""
        try:
            step()
        except AscertainError as error:
            logger.warning("background work could not go on: %s", type(error).__name__)

    def _tick(self) -> None:
        now = time.monotonic()
        if self._changed_at is not None and now - self._changed_at > SETTLE_SECONDS:
            self._do(Job("settle", {}, self._desk.collector))
        if now - self._signed_at > CHECKPOINT_SECONDS:
            self._sign()

    def _sign(self) -> None:
        """Sign the log's head where it has grown."""
        size = self._desk.log_size()
        if size != self._signed:
            self._desk.checkpoint()
            self._signed = size
        self._signed_at = time.monotonic()

    def _do(self, job: Job) -> None:
        job.state, job.started = "running", time.monotonic()
        if job.kind in {"settle", "relink", "run"}:
            self._changed_at = None

        def progress(stage: str, done: int, total: int) -> None:
            if stage != job.stage:
                job.stage_started = time.monotonic()
            job.stage, job.done, job.total = stage, done, total

        try:
            task = {"kind": job.kind, "by": job.by, **job.arguments}
            if self._inline:
                job.told = do_task(self._desk, task, clock=self._clock, progress=progress)
            else:
                job.told = self._in_child(task, progress)
            job.state = "done"
        except (AscertainError, OSError, ValueError) as error:
            advice = error.advice if isinstance(error, AscertainError) else "Start it again."
            job.state, job.told = "failed", f"{error} {advice}".strip()
            logger.warning("the job %s failed: %s", job.kind, type(error).__name__)
        job.ended = time.monotonic()

    def _in_child(self, task: dict[str, Any], progress: Callable[[str, int, int], None]) -> str:
        handle = self._desk.lock_handle
        given = json.dumps({"folder": str(self._desk.folder.resolve()), "lock": handle, "task": task})
        command = [sys.executable, "-m", "ascertain.web.worker"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, pass_fds=(handle,), cwd=Path.cwd()
        ) as child:
            self._child = child
            if child.stdin is None or child.stdout is None:
                raise StoreError("a worker has no pipes", advice="This is a fault of the caller.")
            child.stdin.write(given)
            child.stdin.close()
            told = None
            for line in child.stdout:
                said = json.loads(line)
                if "stage" in said:
                    progress(said["stage"], said["done"], said["total"])
                else:
                    told = said
        self._child = None
        if told is None:
            raise StoreError("the work was ended before it was done", advice="Start it again: it goes on where it stood.")
        if "error" in told:
            raise StoreError(told["error"], advice=told["advice"])
        return str(told["told"])

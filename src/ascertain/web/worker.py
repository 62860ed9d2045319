"""The child process of the workbench: `python -m ascertain.web.worker`, one task on standard input, JSON lines on standard output."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from ascertain.case import utc_now
from ascertain.errors import AscertainError
from ascertain.store import Desk
from ascertain.web._tasks import do_task, told_error

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Read a task, do it, say how far it is and what came out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:
            return
    given = json.loads(sys.stdin.read())

    def progress(stage: str, done: int, total: int) -> None:
        _say({"stage": stage, "done": done, "total": total})

    try:
        desk = Desk.beside(Path(given["folder"]), lock_handle=int(given["lock"]))
        told = do_task(desk, given["task"], clock=utc_now, progress=progress)
        _say({"told": told})
    except AscertainError as error:
        _say(told_error(error))


def _say(what: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What background work does: add files, run the stages, bring findings and rows in step, make what is published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ascertain import pipeline
from ascertain.case import Case
from ascertain.config import load_settings
from ascertain.errors import AscertainError, UsageError
from ascertain.store import Desk
from ascertain.web._index import relink, settle


def do_task(desk: Desk, task: Mapping[str, Any], *, clock: Callable[[], str], progress: pipeline.Progress) -> str:
    """Do one task on an open case; gives what came out, in words.

    Raises:
        UsageError: an unknown kind of task.
        AscertainError: what the stages raise.
    """
    kind, case = task["kind"], Case(desk, load_settings(desk.folder), clock)
    if kind == "add":
        return f"{_add(case, Path(task['folder']), by=task['by'], progress=progress)} {_run(case, desk, progress)}"
    if kind == "run":
        return _run(case, desk, progress)
    if kind == "relink":
        return f"{len(relink(desk, progress=progress).incidents)} incidents."
    if kind == "settle":
        settle(desk)
        return "Findings gathered."
    if kind == "publish":
        from ascertain.web._releases import make_release

        return make_release(desk, int(task["number"]), clock=clock)
    raise UsageError(f"there is no task {kind}", advice="This is a fault of the caller.")


def _add(case: Case, folder: Path, *, by: str, progress: pipeline.Progress) -> str:
    """Preserve uploaded files under the names that they came with, then remove the uploads."""
    try:
        collected = case.add(folder, collector=by, progress=progress)
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
    failed = [item for item in collected if item.error is not None]
    new = sum(item.new for item in collected)
    reasons = "".join(f" {item.error}." for item in failed)
    return f"{len(collected)} in: {new} new, {len(collected) - new - len(failed)} known already, {len(failed)} failed.{reasons}"


def _run(case: Case, desk: Desk, progress: pipeline.Progress) -> str:
    summary = case.run(progress=progress)
    relink(desk, progress=progress)
    desk.checkpoint()
    return f"{summary.originals} originals: {summary.done} done, {summary.failed} failed; {summary.incidents} incidents."


def told_error(error: AscertainError) -> dict[str, str]:
    """An error as it crosses from a child process."""
    return {"error": str(error), "advice": error.advice}

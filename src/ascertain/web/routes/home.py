"""The case: what came in, how far the work is, what needs people now; adding files and running."""

from __future__ import annotations

import secrets
import shutil
import unicodedata
from calendar import monthrange
from pathlib import Path

import attrs
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Filter, Queries
from ascertain.web._asked import Asked, Handler
from ascertain.web._render import page
from ascertain.web.routes.incidents import view_of

NEEDS = 8
MOST_SPANS = 6  # years or months that find room beside each other
FAILURES = 100
LONGEST_NAME_BYTES = 200
UPLOADS = "added in the workbench"  # what the paths of uploaded files begin with


def case(asked: Asked) -> Response:
    """The first page."""
    bench, hidden = asked.bench, asked.hidden_incidents
    counts = bench.queries.case_counts(asked.hidden_documents, hidden)
    everything = Filter(hidden=hidden)
    state = bench.rows.state()
    turn = state.get("turn", "")
    state |= {"statements": str(int(state.get("statements", "0")) - bench.queries.count_statements(asked.hidden_documents))}
    return page(
        asked, "case.html", counts=counts, failures=bench.queries.failures(FAILURES) if counts["failed"] else [], state=state,
        by_status=view_of(asked, everything, turn).by_status,
        over_time=bench.remembered.get(turn, ("years", everything), lambda: over_time(bench.queries, everything)), incidents=bench.queries.count_incidents(everything), hidden=0,
        needs=bench.queries.waiting_facts(NEEDS, hidden), waiting=bench.queries.open_facts(hidden), jobs=bench.work.jobs(),
        busy=bench.work.busy(), decisions=bench.queries.decisions(limit=5, hidden=hidden), releases=[p for p in bench.people.publications() if p.state == "asked"],
    )  # fmt: skip


@attrs.frozen
class Span:
    """A year or a month: its name, its first and last day, and how many incidents of each status begin in it."""

    name: str
    first: str
    last: str
    by_status: dict[str, int]


def over_time(queries: Queries, where: Filter) -> list[Span]:
    """Incidents by status, year by year; month by month where all lie in one year. The latest only."""
    rows = queries.years(where)
    if len({year for year, _, _ in rows}) == 1:
        rows = queries.years(where, months=True)
    found: dict[str, dict[str, int]] = {}
    for name, status, n in rows:
        found.setdefault(name, {})[status] = n
    return [Span(name, *_days_of(name), by_status) for name, by_status in sorted(found.items())[-MOST_SPANS:]]


def _days_of(name: str) -> tuple[str, str]:
    """First and last day of `2025` or `2025-03`."""
    if len(name) == len("2025"):
        return f"{name}-01-01", f"{name}-12-31"
    year, month = int(name[:4]), int(name[5:7])
    return f"{name}-01", f"{name}-{monthrange(year, month)[1]:02}"


def progress(asked: Asked) -> Response:
    """How far background work is; the page's script asks again and again."""
    return page(asked, "progress.html", jobs=asked.bench.work.jobs(), busy=asked.bench.work.busy())


def add(asked: Asked) -> Response:
    """Take uploaded files in and read them."""
    files = asked.files("files")
    if not files:
        raise UsageError("no file was chosen", advice="Choose files or a whole folder, then add them.")
    folder = asked.bench.desk.folder / "incoming" / secrets.token_hex(8) / UPLOADS
    folder.mkdir(parents=True, mode=0o700)
    for number, file in enumerate(files):
        _put(folder, file, number)
    asked.bench.work.put("add", by=asked.account.name, folder=str(folder))
    return RedirectResponse("/#work", 303)


def _put(folder: Path, file: UploadFile, number: int) -> None:
    """Write an upload under a harmless name: its folders are kept, whatever leads out of ours is not."""
    parts = [_harmless(part) for part in (file.filename or "").replace("\\", "/").split("/")]
    parts = [part for part in parts if part] or [f"file-{number}"]
    target = folder.joinpath(*parts[-8:])
    if target.exists():
        target = target.with_name(f"{number}-{target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        shutil.copyfileobj(file.file, out)


def _harmless(part: str) -> str:
    """A file's name without control characters, leading dots and overlong tails."""
    kept = "".join(c for c in unicodedata.normalize("NFC", part) if c.isprintable()).strip().lstrip(".")
    while len(kept.encode("utf-8", "replace")) > LONGEST_NAME_BYTES:
        kept = kept[1:]
    return kept.encode("utf-8", "ignore").decode()


def run(asked: Asked) -> Response:
    """Read, link and assess what is new or changed."""
    asked.bench.work.put("run", by=asked.account.name)
    asked.log("run asked", "case")
    return RedirectResponse("/#work", 303)


HANDLERS: dict[str, Handler] = {"case": case, "progress": progress, "add": add, "run": run}

"""The workbench over a large made-up case: time of pages and filters with ten users at once, and the server's memory.

Ten users each ask for the next page half a second after the last, every page and filter in an order of chance; times are what they wait.
One user alone asks for each page some times over: the seconds of processor that the server spends on it hang little on what else runs.
"""

from __future__ import annotations

import http.client
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from web_case import make

from ascertain.store import Account, Desk, Factors, People
from ascertain.web._sessions import Gate

DOCUMENTS, INCIDENTS = 10_000, 5_000
USERS, ROUNDS, PAUSE_SECONDS = 10, 30, 0.5
ALONE = 5  # times that one user asks for each page
PASSWORD = "made up for the benchmark"
PAGES = {
    "case": ["/"],
    "incidents": ["/incidents", "/incidents?page=90", "/incidents?sort=-day"],
    "filtered": [
        "/incidents?status=contested", "/incidents?from=2016-01-01&to=2017-06-30", "/incidents?q=drone+town", "/incidents?box=0,10,20,30&status=alleged",
        "/incidents?origin=Wire+7", "/incidents?area=10,20;30,25;28,45;5,40&view=table", "/incidents?near=Kampala&km=300",
    ],
    "map": ["/incidents/map.json", "/incidents/map.json?status=contested"],
    "incident": [f"/incident/incident-{n:012x}" for n in (0, 7, 50, 1234, 4999)],
    "review": ["/review"],
    "documents": ["/documents", "/documents?q=hospital&page=3"],
    "document": [],
    "speakers": ["/speakers", "/speakers?q=speaker+19", f"/speaker?name={quote('Speaker 7')}"],
    "search": ["/search?q=market+hospital", "/search?q=in:statement+convoy+bridge", "/search?q=%22saw+the+river%22", "/search?q=market+OR+bridge+-hospital",
               "/search?q=by:%22Speaker+7%22+river", "/search?q=stance:denies", "/search?q=in:entity+speaker"],
    "audit": ["/audit", "/audit?action=viewed"],
}  # fmt: skip


class User:
    """A browser that keeps its connection and session."""

    def __init__(self, name: str, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        body = urlencode({"name": name, "password": PASSWORD})
        self._connection.request("POST", "/login", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self._connection.getresponse()
        answer.read()
        found = re.match(r"[^;]+", answer.headers["set-cookie"] or "")
        self._headers = {"Cookie": found[0] if found else ""}

    def get(self, path: str) -> float:
        """Ask for a page; gives the milliseconds until it was there."""
        started = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return 1000 * (time.perf_counter() - started)


def measure() -> dict[str, float]:
    """Milliseconds of pages for ten users at once (95th percentile) and for one alone (median), and megabytes of the server."""
    with tempfile.TemporaryDirectory() as scratch:
        case = Path(scratch) / "case"
        make(case, documents=DOCUMENTS, incidents=INCIDENTS)
        with Desk.open(case) as desk:
            gate = Gate(People(desk), Factors(desk), clock=lambda: "2026-01-01")
            hashed = gate.hashed(PASSWORD)
            for n in range(USERS):
                People(desk).add_account(Account(f"User {n}", "lead", hashed, "2026-01-01", "bench"))
            PAGES["document"] = [f"/document/{key}" for key in desk.document_ids()[:: DOCUMENTS // 7]]
        command = [sys.executable, "-m", "ascertain", "serve", str(case), "--port", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            told = server.stdout.readline() if server.stdout is not None else ""  # it listens once it tells its address
            return _asked(server.pid, int(told.rpartition(":")[2]))
        finally:
            server.terminate()
            server.wait(60)


def _asked(pid: int, port: int) -> dict[str, float]:
    first = User("User 0", port)
    alone, spent = _one_by_one(first, pid)
    times: list[float] = []
    threads = [threading.Thread(target=_go_through, args=(n, port, times)) for n in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(times)
    found = {f"ms {kind}, one user, median": round(median(found), 1) for kind, found in alone.items()}
    found |= {f"ms of processor {kind}, 95th percentile": round(_at_95(used), 1) for kind, used in spent.items()}
    return found | {
        "ms of processor any page, 95th percentile": round(_at_95([ms for used in spent.values() for ms in used]), 1),
        "pages asked by ten users": len(ordered),
        "ms any page, ten users, 95th percentile": round(_at_95(ordered), 1),
        "ms any page, ten users, median": round(median(ordered), 1),
        "MB of the server at most": round(_peak_kilobytes(pid) / 1024),
    }


def _one_by_one(user: User, pid: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Milliseconds that one user waits for each page, the first time too, and those that the server's processor spends on it."""
    waited: dict[str, list[float]] = {kind: [] for kind in PAGES}
    spent: dict[str, list[float]] = {kind: [] for kind in PAGES}
    for kind, paths in PAGES.items():
        for path in [path for _ in range(ALONE) for path in paths]:
            before = _processor_milliseconds(pid)
            waited[kind].append(user.get(path))
            spent[kind].append(max(0.0, _processor_milliseconds(pid) - before))
    return waited, spent


def _processor_milliseconds(pid: int) -> float:
    """What all threads of the server have spent on a processor so far (Linux; 0 elsewhere)."""
    found = 0.0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            found += int(task.read_text(encoding="ascii").split()[0]) / 1e6
        except OSError:  # the thread has just ended
            continue
    return found


def _at_95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def _go_through(number: int, port: int, times: list[float]) -> None:
    chance, user = random.Random(number), User(f"User {number}", port)
    paths = [path for group in PAGES.values() for path in group]
    for _ in range(ROUNDS):
        time.sleep(chance.uniform(0, 2 * PAUSE_SECONDS))
        times.append(user.get(chance.choice(paths)))


def _peak_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8") if Path("/proc").is_dir() else "VmHWM: 0"
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) if found else 0

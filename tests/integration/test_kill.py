"""`kill -9` at random points of `add` and `run`, with real processes: nothing acknowledged is lost, nothing is repeated on resume.

`--kills N` says how often (default 4; `make soak` 50). All that writes is killed in test_kill_all.py, without start-up and the workers.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from builders import a_zip

from ascertain.case import Case
from ascertain.store._lock import CaseLock

PLACES = ("Kyiv", "Kharkiv", "Odesa", "Kherson", "Lviv", "Mariupol")


def report(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return f"{place.upper()}, {1 + number % 27} May 2023 (Wire) — Shelling killed {3 + number % 9} people in {place} on Monday, the governor said. Number {number}.\n"


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    """Thirty reports: twenty files, and ten in an archive."""
    folder = tmp_path_factory.mktemp("sources") / "reports"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(report(number), encoding="utf-8")
    (folder / "more.zip").write_bytes(a_zip({f"{number}.txt": report(number).encode() for number in range(20, 30)}))
    return folder


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory, reports) -> dict:
    """What the case holds where nobody kills."""
    folder = tmp_path_factory.mktemp("whole") / "case"
    with Case.create(folder, name="Kills", collector="c") as case:
        case.add(reports)
        case.run(jobs=1)
        return held(case)


def held(case: Case) -> dict:
    """All that must not depend on kills: not the times, not the order of the log."""
    return {
        "captures": sorted((c.original, c.path, c.parent) for c in case.store.captures()),
        "documents": sorted(document.id for document in case.documents()),
        "readings": case.readings(),
        "incidents": case.incidents(),
        "actions": Counter(actions(case)),
    }


def actions(case: Case) -> list[tuple[str, object]]:
    """What was done, and to what; names of what is sealed follow from a secret, which each case has its own of."""
    records = [entry.record for entry in case.store.log_entries() if entry.record["action"] != "linked"]
    return [(r["action"], r["parameters"]["leaves"] if r["action"] == "sealed" else r["object"]) for r in records]


def start(*arguments: object) -> subprocess.Popen:
    command = [sys.executable, "-m", "ascertain", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"})


def killed_at(seconds: float, *arguments: object) -> bool:
    """Start a command and kill it after a while; whether it was still running."""
    process = start(*arguments)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    return False


def kept(folder: Path) -> tuple[set, set]:
    """What is acknowledged so far: captures, and originals with their outcomes."""
    with Case.open(folder, read_only=True) as case:
        return {(c.original, c.path) for c in case.store.captures()}, {
            (o.original, o.stage) for o in case.store.outcomes() if o.state == "done"
        }


def duration(*arguments: object) -> float:
    started = time.monotonic()
    process = start(*arguments)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told.decode()
    return time.monotonic() - started


def whole_times(folder: Path, reports: Path) -> dict[str, float]:
    """How long the commands take where nobody kills."""
    Case.create(folder, name="Kills", collector="c").close()
    return {"add": duration("add", folder, reports), "run": duration("run", folder, "--jobs", 1)}


def test_killed_at_random_points_add_and_run_lose_nothing_and_repeat_nothing(tmp_path, reports, uninterrupted, request):
    kills = request.config.getoption("--kills")
    chance = random.Random(kills)
    landed = attempt = 0
    times = whole_times(tmp_path / "timed", reports)
    while landed < kills and attempt < kills:
        attempt += 1
        folder = tmp_path / f"case-{attempt}"
        Case.create(folder, name="Kills", collector="c").close()
        for command, arguments in (("add", ("add", folder, reports)), ("run", ("run", folder, "--jobs", 1 + attempt % 2))):
            landed += killed_at(chance.uniform(0.3, 1.0) * times[command], *arguments)
            before = kept(folder)
            killed_again = killed_at(chance.uniform(0.3, 1.0) * times[command], *arguments)
            landed += killed_again
            after = kept(folder)
            assert before[0] <= after[0], "a capture that was there is gone"
            assert before[1] <= after[1], "a result that was there is gone"
            if command == "run" or killed_again:  # where `add` ended, a third one would rightly capture everything anew
                duration(*arguments)
        with Case.open(folder, wait_seconds=0) as case:
            assert case.store.check() == []
            found = held(case)
        twice = {c for c in found["captures"] if found["captures"].count(c) > 1}
        if not twice:  # where the first `add` had ended before its kill, the second was a new capture by right
            assert found == uninterrupted
        assert found["incidents"] == uninterrupted["incidents"]
        assert found["readings"] == uninterrupted["readings"]
        assert all(count == 1 for (action, _), count in found["actions"].items() if action in {"parsed", "extracted", "failed"})
        assert not list((folder / "originals").glob("??/.*")), "half-written originals are cleared away"
    assert landed


def test_a_kill_between_two_files_of_an_add_repeats_none_of_them(tmp_path, reports, uninterrupted):
    """The kill is placed exactly: the process ends itself after its third acknowledged file."""
    folder = tmp_path / "case"
    Case.create(folder, name="Kills", collector="c").close()
    script = (
        "import os, signal, sys\nfrom ascertain.case import Case\nfrom ascertain.store import Store\nkeep = Store.preserve\ncount = []\n"
        "def preserve(self, data, capture, **more):\n"
        "    new = keep(self, data, capture, **more)\n    print(capture.original, flush=True)\n    count.append(1)\n"
        "    if len(count) == 3: os.kill(os.getpid(), signal.SIGKILL)\n    return new\n"
        "Store.preserve = preserve\n"
        "with Case.open(sys.argv[1]) as case:\n    case.add(sys.argv[2])\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, folder, reports], capture_output=True, check=False, timeout=300)
    assert ended.returncode == -signal.SIGKILL
    told = ended.stdout.decode().split()
    with Case.open(folder, wait_seconds=0) as case:
        assert [capture.original for capture in case.store.captures()] == told
        case.add(reports)
        case.run(jobs=1)
        assert held(case) == uninterrupted


@pytest.mark.parametrize("point", ["put_document", "put_reading", "put_findings", "preserve"])
def test_a_kill_inside_a_transaction_leaves_the_state_before_it(tmp_path, reports, uninterrupted, point):
    """The process ends itself in the middle of a write, after the change and before the record in the log."""
    folder = tmp_path / "case"
    with Case.create(folder, name="Kills", collector="c") as case:
        case.add(reports)
    script = (
        "import os, signal, sys\nfrom ascertain.case import Case\nfrom ascertain.store import Store\nappend, point, count = Store._append, sys.argv[2], []\n"
        "def cut(self, *a, **k):\n"
        "    names = []\n    frame = sys._getframe(1)\n"
        "    while frame and len(names) < 4: names.append(frame.f_code.co_name); frame = frame.f_back\n"
        "    if point in names:\n        count.append(1)\n        if len(count) == (1 if point == 'put_findings' else 4): os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return append(self, *a, **k)\n"
        "Store._append = cut\n"
        "with Case.open(sys.argv[1]) as case:\n    case.run(jobs=1)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, folder, point], capture_output=True, check=False, timeout=300)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    with Case.open(folder, wait_seconds=0) as case:
        assert case.store.check() == []
        case.run(jobs=1)
        assert held(case) == uninterrupted


def test_workers_end_with_their_killed_parent(tmp_path, reports):
    folder = tmp_path / "case"
    with Case.create(folder, name="Kills", collector="c") as case:
        case.add(reports)
    process = start("run", folder, "--jobs", 2)
    children: list[int] = []
    with contextlib.suppress(subprocess.TimeoutExpired):
        while not children and process.poll() is None:
            listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False)
            children = [int(pid) for pid in listed.stdout.split()]
            time.sleep(0.02)
    process.kill()
    process.communicate()
    assert children
    deadline = time.monotonic() + 300
    while any(alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in children)


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_an_interrupt_says_that_nothing_is_lost(tmp_path, reports):
    folder = tmp_path / "case"
    with Case.create(folder, name="Kills", collector="c") as case:
        case.add(reports)
    process = start("run", folder, "--jobs", 1)
    lock = CaseLock(folder / "lock")
    while process.poll() is None and lock.holder() != f"process {process.pid} on {os.uname().nodename}":
        time.sleep(0.02)  # before our own code is loaded, Python itself would answer
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=300)
    assert b"Traceback" not in told
    assert process.returncode in {0, 130}, "it may have been through just then"
    with Case.open(folder, wait_seconds=0) as case:
        assert json.dumps(case.store.check()) == "[]"

"""Two processes on one case: the second waits, or says who holds it; readers never wait."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from ascertain.case import Case
from ascertain.errors import CaseBusyError
from ascertain.store import _lock
from ascertain.store._lock import CaseLock

HOLD = "import sys, time\nfrom pathlib import Path\nfrom ascertain.store._lock import CaseLock\nlock = CaseLock(Path(sys.argv[1]))\nlock.acquire(wait_seconds=0)\nprint('held', flush=True)\nsys.stdin.read()\n"


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock until its standard input ends."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        stream.close()


def test_who_holds_the_case_is_said(tmp_path, holder):
    with pytest.raises(CaseBusyError, match=f"in use by process {holder.pid} on ") as busy:
        CaseLock(tmp_path / "lock").acquire(wait_seconds=0)
    assert busy.value.exit_status == 5


def test_the_second_waits_until_the_first_is_done(tmp_path, holder, caplog, monkeypatch):
    """The first ends as soon as the second has begun to wait."""
    lock, sleep = CaseLock(tmp_path / "lock"), time.sleep
    started = time.monotonic()
    with pytest.raises(CaseBusyError):
        lock.acquire(wait_seconds=0.3)
    assert time.monotonic() - started >= 0.3
    monkeypatch.setattr(_lock.time, "sleep", lambda seconds: (holder.stdin.close(), sleep(seconds)))
    lock.acquire(wait_seconds=300)
    lock.release()
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == ["waiting for the case"] * 2


def test_a_killed_process_holds_nothing(tmp_path, holder):
    holder.kill()
    holder.wait()
    lock = CaseLock(tmp_path / "lock")
    lock.acquire(wait_seconds=300)
    assert lock.holder() == f"process {os.getpid()} on {os.uname().nodename}"
    lock.release()


def test_a_lock_file_with_anything_in_it_is_no_obstacle(tmp_path):
    for left in (b"", b"\xff\xfe", b"[1]", b'{"pid": 3}'):
        (tmp_path / "lock").write_bytes(left)
        lock = CaseLock(tmp_path / "lock")
        assert lock.holder() == "another process"
        lock.acquire(wait_seconds=0)
        lock.release()


def test_a_second_command_waits_and_says_for_whom(tmp_path):
    (tmp_path / "a.txt").write_text("Two people died.")
    with Case.create(tmp_path / "case", collector="c") as first:
        command = [sys.executable, "-m", "ascertain", "add", tmp_path / "case", tmp_path / "a.txt"]
        second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = second.stderr.readline()
        assert f"in use by process {os.getpid()}" in told
        assert second.poll() is None
        assert first.store.captures() == ()
    out, _ = second.communicate(timeout=300)
    assert (second.returncode, out) == (0, "1 in: 1 new, 0 known already, 0 failed\n")


def test_reading_commands_do_not_wait(tmp_path, run_cli):
    with Case.create(tmp_path / "case", collector="c"):
        assert run_cli("status", tmp_path / "case").status == 0
        assert run_cli("search", tmp_path / "case", "x").status == 0
        assert run_cli("show", tmp_path / "case").status == 0

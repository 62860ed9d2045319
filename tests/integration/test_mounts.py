"""A disk that is really full, and a case on a medium that can't be written: where this machine lets tests mount."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ascertain.case import Case


def mounted(*arguments: object) -> bool:
    command = shutil.which("mount")
    return command is not None and subprocess.run([command, *map(str, arguments)], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """Two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=2m", "tmpfs", place):
        pytest.skip("mounting is not allowed here: full disks are simulated in test_store.py and test_originals.py")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_loses_nothing_that_was_acknowledged(small_disk, tmp_path, run_cli):
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(40):
        (reports / f"{number:02}.txt").write_text(f"Report {number}. " + f"{number} words and more words. " * 4000)
    case = small_disk / "case"
    assert run_cli("init", case).status == 0
    told = run_cli("add", case, reports)
    assert told.status == 5
    assert "No space left" in told.err or "full" in told.err
    with Case.open(case, read_only=True) as opened:
        kept = opened.store.originals()
        assert 0 < len(kept) < 40
        assert opened.store.check() == []
    (reports / "39.txt").write_text("A small one.")
    run_cli("add", case, reports / "39.txt")
    with Case.open(case, read_only=True) as opened:
        assert set(kept) <= set(opened.store.originals())


def test_a_case_on_a_read_only_medium_is_read_and_not_written(copied_case, tmp_path, run_cli):
    place = tmp_path / "medium"
    place.mkdir()
    if not (mounted("--bind", copied_case, place) and mounted("-o", "remount,ro,bind", place)):
        subprocess.run(["umount", "--lazy", place], check=False, capture_output=True)
        pytest.skip("mounting is not allowed here: test_store.py simulates it")
    try:
        for arguments in (("status", place, "--check"), ("show", place), ("search", place, "mayor"), ("incidents", place, "--json")):
            assert run_cli(*arguments).status == 0
        told = run_cli("add", place, copied_case / "ascertain.toml")
        assert told.status == 5
        assert "Read-only file system" in told.err
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)

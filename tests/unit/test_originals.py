"""Originals are write-once, on disk before they are acknowledged, and hashed whenever they are read."""

from __future__ import annotations

import errno
import os
import stat

import pytest

from ascertain.errors import CustodyError, StoreError
from ascertain.store import _originals as originals

DATA = b"the bytes of a report"
DIGEST = originals.digest_of(DATA)


def test_an_original_lies_under_its_digest_and_may_not_be_written(tmp_path):
    originals.write(tmp_path, DATA, DIGEST)
    path = tmp_path / DIGEST[:2] / DIGEST
    assert path.read_bytes() == DATA
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert originals.read(tmp_path, DIGEST) == DATA


def test_the_bytes_are_on_disk_before_the_name_is_and_both_before_it_returns(tmp_path, monkeypatch):
    calls = []
    fsync, rename = os.fsync, os.rename

    def synced(handle):
        calls.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", lambda *names: (calls.append("name"), rename(*names)))
    originals.write(tmp_path, DATA, DIGEST)
    assert calls == ["file", "name", "folder", "folder"]


def test_writing_again_changes_nothing_but_syncs_the_folders(tmp_path, monkeypatch):
    originals.write(tmp_path, DATA, DIGEST)
    before = (tmp_path / DIGEST[:2] / DIGEST).stat()
    synced = []
    monkeypatch.setattr(originals, "sync_folder", synced.append)
    originals.write(tmp_path, DATA, DIGEST)
    after = (tmp_path / DIGEST[:2] / DIGEST).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert synced == [tmp_path / DIGEST[:2], tmp_path]


def test_a_damaged_original_is_never_overwritten(tmp_path):
    originals.write(tmp_path, DATA, DIGEST)
    path = tmp_path / DIGEST[:2] / DIGEST
    path.chmod(0o644)
    path.write_bytes(b"something else")
    with pytest.raises(CustodyError, match="is not what was preserved"):
        originals.write(tmp_path, DATA, DIGEST)
    with pytest.raises(CustodyError, match=DIGEST):
        originals.read(tmp_path, DIGEST)
    assert path.read_bytes() == b"something else"


def test_a_missing_original_is_an_error_of_custody(tmp_path):
    with pytest.raises(CustodyError, match="is missing") as missing:
        originals.read(tmp_path, DIGEST)
    assert f"originals/{DIGEST[:2]}/{DIGEST}" in missing.value.advice


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_full_disk_is_told_and_nothing_is_left_behind(tmp_path, monkeypatch, step):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(StoreError, match="No space left on device") as refused:
        originals.write(tmp_path, DATA, DIGEST)
    assert "space" in refused.value.advice
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_what_a_kill_left_behind_is_removed_and_nothing_else(tmp_path):
    originals.write(tmp_path, DATA, DIGEST)
    (tmp_path / DIGEST[:2] / f".{DIGEST}.123").write_bytes(b"half")
    originals.clean(tmp_path)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [DIGEST]

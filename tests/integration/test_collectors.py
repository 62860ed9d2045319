"""Several collectors with keys of their own in one case, and the bounds of time that an item has."""

from __future__ import annotations

import json

import dossiers
import pytest

from ascertain.publish import verify
from ascertain.store import Store


@pytest.fixture
def case(tmp_path):
    dossiers.a_case(tmp_path / "case").close()
    return tmp_path / "case"


def taken_in(case, words, person):
    data = words.encode()
    with Store.open(case, clock=lambda: dossiers.NOW) as store:
        store.preserve(data, dossiers.a_capture_with(data, f"{words}.txt", collector=person))
        store.checkpoint()


@pytest.fixture
def ann(case, tmp_path, run_cli):
    """Ann's key, in a folder of hers, named in the case's log."""
    line = run_cli("witness", "init", tmp_path / "ann", "--name", "ann.example").out.strip()
    fingerprint = run_cli("key", "collector", case, "Ann", line).out.strip()
    assert len(fingerprint) == 64
    return tmp_path / "ann", line, fingerprint


def items(case, tmp_path, run_cli, name):
    assert run_cli("export", case, "-o", tmp_path / name).status == 0
    found = verify.check(tmp_path / name)
    assert found.status == 0
    return {one["collector"]: one for one in json.loads(found.as_json())["items"]}


def test_each_collector_signs_with_the_own_key(case, tmp_path, run_cli, ann):
    folder, _, fingerprint = ann
    bens = run_cli("witness", "init", tmp_path / "ben", "--name", "ben.example").out.strip()
    run_cli("key", "collector", case, "Ben", bens)
    taken_in(case, "hers", "Ann")
    taken_in(case, "his", "Ben")
    assert "Ann signed" in run_cli("key", "sign", case, folder).out
    told = run_cli("key", "show", case).out
    assert f"Ann, {fingerprint}" in told
    assert "has not signed" in told
    found = items(case, tmp_path, run_cli, "dossier")
    assert found["Ann"]["collectors_key"] == fingerprint
    assert found["Ben"]["collectors_key"] is None
    assert found["Tester"]["collectors_key"] is None
    assert run_cli("key", "sign", case, tmp_path / "ben").status == 0
    taken_in(case, "hers, later", "Ann")
    assert run_cli("key", "sign", case, folder).status == 0
    assert items(case, tmp_path, run_cli, "dossier-2")["Ben"]["collectors_key"] is not None


def test_a_key_that_nobody_named_signs_nothing(case, tmp_path, run_cli):
    run_cli("witness", "init", tmp_path / "eve", "--name", "eve.example")
    told = run_cli("key", "sign", case, tmp_path / "eve")
    assert told.status == 2
    assert "names this key for nobody" in told.err


def test_a_revoked_key_signs_no_more_and_vouches_for_nothing(case, tmp_path, run_cli, ann):
    folder, line, fingerprint = ann
    taken_in(case, "hers", "Ann")
    assert run_cli("key", "sign", case, folder).status == 0
    assert items(case, tmp_path, run_cli, "dossier")["Ann"]["collectors_key"] == fingerprint
    assert fingerprint in run_cli("key", "collector", case, "Ann", "--revoke", "--reason", "her bag was stolen").out
    assert "REVOKED: her bag was stolen" in run_cli("key", "show", case).out
    assert run_cli("key", "sign", case, folder).status == 2
    assert run_cli("key", "collector", case, "Ann", line).status == 2
    assert items(case, tmp_path, run_cli, "dossier-2")["Ann"]["collectors_key"] is None


def test_a_collector_refuses_a_history_written_anew(case, tmp_path, run_cli, ann):
    import shutil

    folder, _, _ = ann
    shutil.copytree(case, tmp_path / "fork")
    taken_in(case, "one history", "Ann")
    assert run_cli("key", "sign", case, folder).status == 0
    for number in range(9):
        taken_in(tmp_path / "fork", f"another history {number}", "Eve")
    assert run_cli("key", "sign", tmp_path / "fork", folder).status == 4


@pytest.mark.parametrize("line", ["", "junk", "a+b+c", "ann+00000000+AXH/3V9vmg6CrTAYtYj/6EsAFQSU9JlaaFODbYResDc0"])
def test_what_is_no_collectors_key_is_refused(case, run_cli, line):
    assert run_cli("key", "collector", case, "Ann", line).status == 2
    assert run_cli("key", "collector", case, "Ann").status == 2


def test_show_and_status_say_the_bounds(case, tmp_path, run_cli, ann):
    assert "nobody: none of the" in run_cli("status", case).out
    assert run_cli("key", "sign", case, ann[0]).status == 0
    taken_in(case, "later", "Ann")
    told = run_cli("show", case, "a.txt").out
    assert "custody: record 2, clock 2026-01-02T03:04:05Z; logged not before not known, not after 20" in told
    assert "(witness ann.example)" in told
    assert "records were there not after 20" in run_cli("status", case).out
    assert json.loads(run_cli("status", case, "--json").out)["bounds"][0]["by"] == "witness ann.example"

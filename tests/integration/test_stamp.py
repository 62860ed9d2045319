"""Time stamps through the command line, by a real authority on this machine: out as one file, back as one, into the dossier."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import authority
import dossiers
import pytest

from ascertain.custody import read_stamp
from ascertain.errors import CustodyError
from ascertain.publish import verify

pytestmark = pytest.mark.skipif(not authority.HAS_OPENSSL, reason="needs openssl")


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    return authority.Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def case(tmp_path):
    with dossiers.a_case(tmp_path / "case"):
        pass
    return tmp_path / "case"


def carried(run_cli, case: Path, by: authority.Authority, folder: Path) -> Path:
    """Requests carried out, answered, and packed to be carried back."""
    folder.mkdir()
    assert run_cli("stamp", case, "--out", folder / "out.zip").status == 0
    with zipfile.ZipFile(folder / "out.zip") as archive:
        archive.extractall(folder)
    with zipfile.ZipFile(folder / "back.zip", "w") as archive:
        for request in sorted(folder.glob("*.tsq")):
            archive.write(by.answer(request), f"{request.stem}.tsr")
    return folder / "back.zip"


def stamps(run_cli, case):
    return json.loads(run_cli("status", case, "--json").out)["stamps"]


@pytest.mark.parametrize("kind", [("rsa:2048",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")])
def test_a_stamp_goes_out_comes_back_and_verifies_everywhere(run_cli, case, tmp_path, kind):
    by = authority.Authority(tmp_path / "authority", kind)
    back = carried(run_cli, case, by, tmp_path / "courier")
    assert "1 waiting" in run_cli("status", case).out
    assert run_cli("stamp", case, "--in", back, "--ca", by.root).status == 0
    assert "1 stamped" in run_cli("status", case, "--check").out
    assert run_cli("export", case, "-o", tmp_path / "dossier").status == 0
    found = verify.check(tmp_path / "dossier")
    [stamp] = stamps(run_cli, case)
    assert found.status == 0
    assert [(size, time[:19]) for size, time, _, _ in found.bounds] == [(stamp["size"], stamp["time"][:19])]
    head = tmp_path / "dossier" / "data" / "heads" / str(stamp["size"])
    assert by.verifies(head / "checkpoint", head / f"{stamp['name']}.tsr")
    assert (head / f"{stamp['name']}.pem").read_bytes() == by.root.read_bytes()


def test_without_new_records_no_second_request_is_made(run_cli, case, local, tmp_path):
    run_cli("stamp", case)
    run_cli("stamp", case)
    assert len(stamps(run_cli, case)) == 1
    run_cli("stamp", case, "--in", carried(run_cli, case, local, tmp_path / "c"))
    told = run_cli("stamp", case, "--out", tmp_path / "again.zip")
    assert (told.status, len(stamps(run_cli, case))) == (2, 1)
    run_cli("report", case, "-o", tmp_path / "report")
    assert run_cli("stamp", case, "--out", tmp_path / "again.zip").status == 0
    assert [one["state"] for one in stamps(run_cli, case)] == ["stamped", "waiting"]


def test_a_failed_stamp_is_told_and_can_be_asked_again(run_cli, case, local, tmp_path):
    back = carried(run_cli, case, local, tmp_path / "c")
    [name] = [one["name"] for one in stamps(run_cli, case)]
    (tmp_path / f"{name}.tsr").write_bytes(b"<html>busy</html>")
    told = run_cli("stamp", case, "--in", tmp_path / f"{name}.tsr")
    assert told.status == 1
    assert "failed" in told.out
    assert f"time stamp {name} failed" in run_cli("status", case).out
    assert run_cli("stamp", case, "--out", tmp_path / "again.zip").status == 0
    assert run_cli("stamp", case, "--in", back, "--ca", local.root).status == 0
    assert "failed" not in run_cli("status", case).out.partition("time stamps")[2].partition("\n")[0]


def test_a_stamp_that_leads_to_another_authority_fails(run_cli, case, local, tmp_path):
    other = authority.Authority(tmp_path / "other")
    back = carried(run_cli, case, local, tmp_path / "c")
    assert run_cli("stamp", case, "--in", back, "--ca", other.root).status == 1
    assert stamps(run_cli, case)[0]["state"] == "failed"
    assert "does not lead" in stamps(run_cli, case)[0]["reason"]


def test_an_answer_of_another_case_or_a_changed_one_is_not_taken(run_cli, case, local, tmp_path):
    with dossiers.a_case(tmp_path / "other"):
        pass
    foreign = carried(run_cli, tmp_path / "other", local, tmp_path / "c")
    run_cli("stamp", case)
    told = run_cli("stamp", case, "--in", foreign)
    assert told.status == 3
    assert run_cli("stamp", case, "--in", tmp_path / "missing").status == 3
    assert run_cli("stamp", case, "--in", foreign, "--ca", case / "ascertain.toml").status == 3
    assert stamps(run_cli, case)[0]["state"] == "waiting"


def test_any_changed_byte_of_an_answer_is_refused_or_changes_nothing_that_was_signed(local, tmp_path):
    request = tmp_path / "one.tsq"
    from ascertain.custody import stamp_request

    request.write_bytes(stamp_request(sha256(b"head").digest(), 1 << 62 | 5))
    answer, roots = local.answer(request).read_bytes(), local.root.read_bytes()
    whole, refused = read_stamp(answer, request.read_bytes(), roots=roots), 0
    for position in range(0, len(answer), 7):
        changed = answer[:position] + bytes([answer[position] ^ 1]) + answer[position + 1 :]
        try:
            assert read_stamp(changed, request.read_bytes(), roots=roots) == whole
        except CustodyError:
            refused += 1
    assert refused > len(answer) // 7 * 0.8
    for position in range(0, len(answer), 97):
        with pytest.raises(CustodyError):
            read_stamp(answer[:position], request.read_bytes(), roots=roots)


def test_a_certificate_for_something_else_signs_no_stamp(tmp_path):
    by = authority.Authority(tmp_path / "authority")
    by._certify("tsa", "other", "middle")
    request = tmp_path / "one.tsq"
    from ascertain.custody import stamp_request

    request.write_bytes(stamp_request(sha256(b"head").digest(), 9))
    with pytest.raises((CustodyError, authority.subprocess.CalledProcessError)):
        read_stamp(by.answer(request).read_bytes(), request.read_bytes())


def test_a_changed_or_missing_stamp_is_told_and_not_exported(run_cli, case, local, tmp_path):
    run_cli("stamp", case, "--in", carried(run_cli, case, local, tmp_path / "c"))
    [kept] = (case / "heads").rglob("*.tsr")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert run_cli("status", case, "--check").status == 4
    assert run_cli("export", case, "-o", tmp_path / "dossier").status == 4
    kept.unlink()
    assert run_cli("status", case, "--check").status == 4


@pytest.mark.parametrize("what", ["other stamp", "other head", "no time"])
def test_a_stamp_of_something_else_fails_the_times(run_cli, case, local, tmp_path, what):
    run_cli("stamp", case, "--in", carried(run_cli, case, local, tmp_path / "c"))
    run_cli("export", case, "-o", tmp_path / "dossier")
    files = dossiers.load(tmp_path / "dossier")
    name = next(one for one in files if one.endswith(".tsr"))
    head = name.rpartition("/")[0] + "/checkpoint"
    imprint = sha256(files[head]).digest()
    change = {
        "other stamp": {name: files[name].replace(imprint, sha256(b"else").digest())},
        "other head": {head: files[head].replace(b"\n", b"\n1", 1)},
        "no time": {name: b"\x30\x00"},
    }[what]
    found = verify.check(dossiers.save(dossiers.with_new_manifests(files | change), tmp_path / "changed.zip"))
    assert any(problem.layer == "times" and problem.file in {name, head} for problem in found.problems)


@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq")
def test_the_shell_verifier_checks_stamps_against_the_authoritys_root(run_cli, case, local, tmp_path):
    run_cli("stamp", case, "--in", carried(run_cli, case, local, tmp_path / "c"))
    run_cli("export", case, "-o", tmp_path / "dossier")
    shell = ["sh", tmp_path / "dossier" / "verify.sh", tmp_path / "dossier"]

    def told(*arguments):
        return subprocess.run([*shell, *arguments], check=False, capture_output=True, text=True)

    whole = told("", local.root)
    assert whole.returncode == 0, whole.stdout
    assert "records were there not after" in whole.stdout
    assert "not checked: data/heads/" in told().stdout
    assert told("", authority.Authority(tmp_path / "other").root).returncode == 4

"""Deleting: the bytes are gone from the whole folder, the hash and the reason stay, and every verifier takes what is left."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

import pytest
from builders import a_zip

from ascertain.case import Case
from ascertain.errors import InputError, UsageError
from ascertain.publish import verify
from ascertain.store import Store

FIRST = "HARVAN, 5 April 2022 (Wire) — Shelling killed 12 people in Kyiv on Monday, the mayor Borys Vasylenkovych said.\n"
SECOND = "HARVAN, 6 April 2022 (Post) — An explosion injured 7 people in Odesa on Tuesday, the police said.\n"


@pytest.fixture
def filled(case: Case, tmp_path) -> Case:
    (tmp_path / "first.txt").write_text(FIRST)
    (tmp_path / "second.txt").write_text(SECOND)
    (tmp_path / "box.zip").write_bytes(a_zip({"inner.txt": FIRST.replace("Kyiv", "Lviv").encode(), "second.txt": SECOND.encode()}))
    case.add(tmp_path / "first.txt", tmp_path / "second.txt", tmp_path / "box.zip")
    case.run(jobs=1)
    return case


def path_of(case: Case, name: str) -> str:
    return next(capture.path for capture in case.store.captures() if capture.path.endswith(name))


def test_nothing_of_it_is_left_but_its_hash_and_the_reason(filled: Case, tmp_path):
    digest = hashlib.sha256(FIRST.encode()).hexdigest()
    box = filled.delete(path_of(filled, "box.zip"), reason="came by mistake", by="Ann")
    assert filled.delete(path_of(filled, "first.txt"), reason="the witness withdrew it", by="Ann") == (digest,)
    assert digest not in filled.store.originals()
    assert len(box) == 2, "the second report came by itself too"
    assert [document.path for document in filled.documents()] == [path_of(filled, "second.txt")]
    assert not any("Kyiv" in (incident.title or "") for incident in filled.incidents().incidents)
    assert filled.search("Vasylenkovych") == []
    assert filled.store.check() == []
    filled.close()
    everything = b"".join(path.read_bytes() for path in filled.store.folder.rglob("*") if path.is_file())
    assert b"Vasylenkovych" not in everything
    assert digest.encode() in everything
    with Case.open(filled.store.folder) as again:
        [record] = [
            entry.record for entry in again.store.log_entries() if entry.record["object"] == digest and entry.record["action"] == "deleted"
        ]
        assert (record["actor"], record["parameters"]["reason"]) == ("Ann", "the witness withdrew it")
        assert again.store.captures(digest)
        assert again.status().waiting == 0


def test_what_was_deleted_stays_out(filled: Case, tmp_path):
    filled.delete(path_of(filled, "first.txt"), reason="withdrawn", by="Ann")
    [ended] = filled.add(tmp_path / "first.txt")
    assert isinstance(ended.error, InputError)
    assert "was deleted from this case: withdrawn" in str(ended.error)
    (tmp_path / "other.zip").write_bytes(a_zip({"a.txt": FIRST.encode(), "b.txt": b"Three people died in Lviv on Monday."}))
    filled.add(tmp_path / "other.zip")
    filled.run(jobs=1)
    assert not any("Vasylenkovych" in document.text for document in filled.documents() if document.path.endswith("a.txt"))
    assert any("1 parts that were deleted stay out." in (outcome.reason or "") for outcome in filled.store.outcomes("parse"))
    assert filled.store.check() == []


def test_a_part_is_not_deleted_while_its_container_stays(filled: Case):
    with pytest.raises(UsageError, match="would keep its bytes"):
        filled.delete(path_of(filled, "inner.txt"), reason="x", by="Ann")
    with pytest.raises(UsageError, match="would keep its bytes"):
        filled.delete(hashlib.sha256(SECOND.encode()).hexdigest(), reason="x", by="Ann")


@pytest.mark.parametrize(("wanted", "reason", "words"), [("none.txt", "x", "no item"), ("first.txt", " ", "needs a reason")])
def test_a_deletion_that_names_nothing_or_has_no_reason_is_refused(filled: Case, wanted, reason, words):
    with pytest.raises(UsageError, match=words):
        filled.delete(wanted, reason=reason, by="Ann")


def test_all_verifiers_take_the_dossier_of_what_is_left_and_find_what_comes_back(filled: Case, tmp_path):
    filled.delete(path_of(filled, "first.txt"), reason="withdrawn", by="Ann")
    out = filled.export(tmp_path / "dossier")
    found = verify.check(out)
    assert found.status == 0, found.problems
    if shutil.which("jq") and shutil.which("openssl"):
        assert subprocess.run(["sh", out / "verify.sh", out], capture_output=True, check=False).returncode == 0
    digest = hashlib.sha256(FIRST.encode()).hexdigest()
    (out / "data" / "originals" / digest).write_text(FIRST)
    assert any(digest in problem.file for problem in verify.check(out).problems)


def test_a_kill_between_the_record_and_the_bytes_is_made_good_when_it_is_opened(filled: Case, monkeypatch):
    digest = hashlib.sha256(FIRST.encode()).hexdigest()
    with monkeypatch.context() as patch:
        patch.setattr(filled.store, "scrub", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            filled.delete(path_of(filled, "first.txt"), reason="withdrawn", by="Ann")
    filled.close()
    place = filled.store.folder / "originals" / digest[:2] / digest
    assert place.exists()
    with Store.open(filled.store.folder) as store:
        assert not place.exists()
        assert store.check() == []


def test_on_the_command_line_it_has_to_be_meant(filled: Case, run_cli):
    name = path_of(filled, "first.txt")
    filled.close()
    assert run_cli("delete", filled.store.folder, name, "--reason", "withdrawn").status == 2
    told = run_cli("delete", filled.store.folder, name, "--reason", "withdrawn", "--by", "Ann", "--yes")
    assert (told.status, told.out) == (0, f"{hashlib.sha256(FIRST.encode()).hexdigest()}  deleted\n")
    assert run_cli("delete", filled.store.folder, name, "--reason", "withdrawn", "--yes").status == 2

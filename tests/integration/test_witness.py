"""A witness on another machine: it signs what goes on from what it signed before, and nothing else."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import dossiers
import pytest

from ascertain.custody import MerkleTree, Signer, checkpoint_body, cosigned, open_cosignature, parse_checkpoint, witness_key
from ascertain.errors import CustodyError
from ascertain.publish import keep_witness, verify
from ascertain.store import Store


@pytest.fixture
def case(tmp_path):
    with dossiers.a_case(tmp_path / "case"):
        pass
    return tmp_path / "case"


@pytest.fixture
def witness(run_cli, tmp_path):
    told = run_cli("witness", "init", tmp_path / "witness", "--name", "witness.example")
    assert told.status == 0
    return told.out.strip()


class Round:
    """One way to the witness and back."""

    def __init__(self, run_cli, case: Path, folder: Path, number: int) -> None:
        self.run, self.case, self.folder = run_cli, case, folder
        self.request, self.answer = folder / f"request-{number}", folder / f"answer-{number}"

    def ask(self, *more):
        return self.run("witness", "ask", self.case, "-o", self.request, *more)

    def sign(self, *more):
        return self.run("witness", "sign", self.folder / "witness", self.request, "-o", self.answer, *more)

    def key(self) -> str:
        return self.run("key", "export", self.case).out.strip()


def signed(run_cli, case, tmp_path, witness, number=0) -> Round:
    way = Round(run_cli, case, tmp_path, number)
    assert way.ask().status == 0
    assert way.sign("--trust", way.key()).status == 0
    assert run_cli("witness", "keep", case, way.answer, "--witness", witness).status == 0
    return way


def grow(case: Path, what: str) -> None:
    with Store.open(case) as store:
        store.record("searched", what)
        store.checkpoint()


def test_what_was_signed_is_kept_and_exported(run_cli, case, tmp_path, witness):
    signed(run_cli, case, tmp_path, witness)
    grow(case, "more")
    way = Round(run_cli, case, tmp_path, 1)
    assert way.ask().status == 0
    assert way.sign().status == 0
    assert run_cli("witness", "keep", case, way.answer).status == 0
    assert run_cli("export", case, "-o", tmp_path / "dossier").status == 0
    found = verify.check(tmp_path / "dossier")
    assert found.status == 0
    assert len(found.bounds) == 2
    assert all("witness witness.example, key " in by for _, _, by, _ in found.bounds)
    result = json.loads(found.as_json())
    assert [bound["records"] for bound in result["bounds"]] == sorted(bound["records"] for bound in result["bounds"])


def test_a_signature_whose_record_a_kill_left_out_is_recorded_when_it_is_kept_again(run_cli, case, tmp_path, witness, monkeypatch):
    way = Round(run_cli, case, tmp_path, 0)
    way.ask()
    way.sign("--trust", way.key())
    with Store.open(case) as store, monkeypatch.context() as patch:
        patch.setattr(store, "record", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            keep_witness(store, way.answer, key=witness)
    for _ in range(2):
        assert run_cli("witness", "keep", case, way.answer, "--witness", witness).status == 0
    with Store.open(case) as store:
        assert [entry.record["action"] for entry in store.log_entries()].count("witnessed") == 1
        assert store.check() == []


def test_another_history_is_not_signed(run_cli, case, tmp_path, witness):
    shutil.copytree(case, tmp_path / "fork")
    grow(case, "one history")
    signed(run_cli, case, tmp_path, witness)
    size = int((tmp_path / "answer-0").read_text(encoding="utf-8").split("\n")[1])
    for number in range(9):
        grow(tmp_path / "fork", f"another history {number}")
    way = Round(run_cli, tmp_path / "fork", tmp_path, 1)
    assert way.ask("--since", size).status == 0
    told = way.sign()
    assert told.status == 4
    assert "does not go on" in told.err
    assert not way.answer.exists()


def test_a_log_that_was_cut_is_not_signed(run_cli, case, tmp_path, witness):
    shutil.copytree(case, tmp_path / "earlier")
    for number in range(5):
        grow(case, f"later {number}")
    signed(run_cli, case, tmp_path, witness)
    way = Round(run_cli, tmp_path / "earlier", tmp_path, 1)
    way.ask()
    told = way.sign()
    assert told.status == 2
    assert "signed" in told.err
    size = int((tmp_path / "answer-0").read_text(encoding="utf-8").split("\n")[1])
    start, _, note = way.request.read_text(encoding="utf-8").partition("\n\n")
    assert start == "old 0"
    way.request.write_text(f"old {size}\n\n{note}", encoding="utf-8")
    assert way.sign().status == 4


@pytest.mark.parametrize("what", ["no proof", "changed proof", "changed root", "other key", "junk", "two signatures"])
def test_a_changed_request_is_not_signed(run_cli, case, tmp_path, witness, what):
    signed(run_cli, case, tmp_path, witness)
    grow(case, "more")
    way = Round(run_cli, case, tmp_path, 1)
    way.ask()
    start, _, note = way.request.read_text(encoding="utf-8").partition("\n\n")
    first, *steps = start.split("\n")
    lines = note.split("\n")
    other = Signer.new(lines[0]).sign("\n".join(lines[:3]) + "\n")
    way.request.write_text(
        {
            "no proof": f"{first}\n\n{note}",
            "changed proof": "\n".join([first, base64.b64encode(bytes(32)).decode(), *steps[1:]]) + f"\n\n{note}",
            "changed root": f"{start}\n\n" + note.replace(lines[2], base64.b64encode(bytes(32)).decode()),
            "other key": f"{start}\n\n{other}",
            "junk": "old -1\n\n",
            "two signatures": f"{start}\n\n{note}{lines[4]}\n",
        }[what],
        encoding="utf-8",
    )
    assert way.sign().status == (3 if what in {"junk", "two signatures"} else 4)
    assert not way.answer.exists()


def test_the_logs_key_has_to_be_known_and_a_rotated_one_given(run_cli, case, tmp_path, witness):
    way = Round(run_cli, case, tmp_path, 0)
    way.ask()
    assert way.sign().status == 2
    signed(run_cli, case, tmp_path, witness, 1)
    assert run_cli("key", "rotate", case, "--reason", "new laptop").status == 0
    way = Round(run_cli, case, tmp_path, 2)
    way.ask()
    assert way.sign().status == 4
    assert way.sign("--trust", way.key()).status == 0
    assert run_cli("witness", "keep", case, way.answer).status == 0
    assert run_cli("export", case, "-o", tmp_path / "dossier.zip").status == 0


def test_an_answer_that_does_not_hold_is_not_kept(run_cli, case, tmp_path, witness):
    way = Round(run_cli, case, tmp_path, 0)
    way.ask()
    way.sign("--trust", way.key())
    keep = ("witness", "keep", case, way.answer)
    assert run_cli(*keep).status == 2  # the witness's key is not known
    assert run_cli(*keep, "--witness", witness_key(Signer.new("witness.example"))).status == 4
    whole = way.answer.read_text(encoding="utf-8")
    way.answer.write_text(whole + "x", encoding="utf-8")
    assert run_cli(*keep, "--witness", witness).status in {3, 4}
    way.answer.write_text("\n".join(["x", *whole.split("\n")[1:]]), encoding="utf-8")
    assert run_cli(*keep, "--witness", witness).status == 3
    way.answer.write_text(whole, encoding="utf-8")
    assert run_cli(*keep, "--witness", witness).status == 0
    assert run_cli(*keep, "--witness", witness_key(Signer.new("witness.example"))).status == 4
    assert run_cli(*keep).status == 0  # twice is once
    assert [*(case / "heads").rglob("cosigned")]
    assert all(text.read_text(encoding="utf-8").count("witness.example") == 1 for text in (case / "heads").rglob("cosigned"))


@pytest.mark.parametrize("what", ["signature", "time", "key", "key missing", "head"])
def test_a_changed_cosignature_fails_the_times(run_cli, case, tmp_path, witness, what):
    signed(run_cli, case, tmp_path, witness)
    run_cli("export", case, "-o", tmp_path / "dossier")
    files = dossiers.load(tmp_path / "dossier")
    name = next(one for one in files if one.endswith("/cosigned"))
    blob = bytearray(base64.b64decode(files[name].split(b" ")[-1]))
    blob[{"signature": 20, "time": 11}.get(what, 0)] ^= 1
    changed = files[name].rpartition(b" ")[0] + b" " + base64.b64encode(bytes(blob)) + b"\n"
    change = {
        "key": {"data/keys/witnesses": witness_key(Signer.new("witness.example")).encode() + b"\n"},
        "key missing": {"data/keys/witnesses": b""},
        "head": {name: files[name].replace(b"ascertain/case-one", b"ascertain/case-two", 1)},
    }.get(what, {name: changed})
    found = verify.check(dossiers.save(dossiers.with_new_manifests(files | change), tmp_path / "changed.zip"))
    assert any(problem.layer == "times" and problem.file == name for problem in found.problems)


def test_the_state_is_on_disk_before_the_signature_leaves(run_cli, case, tmp_path, witness):
    signed(run_cli, case, tmp_path, witness)
    [state] = (tmp_path / "witness" / "logs").glob("*.checkpoint")
    assert (tmp_path / "answer-0").read_bytes().startswith(state.read_bytes())
    assert (tmp_path / "witness" / "signing.pem").stat().st_mode & 0o077 == 0
    assert run_cli("witness", "init", tmp_path / "witness", "--name", "again").status == 2
    assert run_cli("witness", "init", tmp_path / "new", "--name", "two words").status == 2


def test_a_cosignature_is_over_the_text_and_the_time():
    log, by = Signer.new("log"), Signer.new("witness")
    tree = MerkleTree([b"one"])
    note = log.sign(checkpoint_body(parse_checkpoint(f"log\n1\n{base64.b64encode(tree.root()).decode()}\n")))
    line = cosigned(by, note, 1_700_000_000).removeprefix(note).rstrip("\n")
    assert open_cosignature(note, line, witness_key(by)).seconds == 1_700_000_000
    with pytest.raises(CustodyError):
        open_cosignature(note.replace("log\n1", "log\n2"), line, witness_key(by))
    with pytest.raises(CustodyError):
        open_cosignature(note, line, log.verifier_key)

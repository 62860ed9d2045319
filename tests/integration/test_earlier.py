"""A checkpoint that left earlier: the log has to go on from it, whoever has the machine and the key; and what is said of each item."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import dossiers
import pytest

from ascertain.publish import verify
from ascertain.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import attacks_bench as attacks
import mutations_bench as mutations


@pytest.fixture
def case(tmp_path):
    """A case, a checkpoint that left it, a witness's signature, and an original that came after both."""
    with dossiers.a_case(tmp_path / "case") as store:
        mutations.witnessed(store, tmp_path)
        (tmp_path / "earlier").write_text(store.checkpoint(), encoding="utf-8")
        store.preserve(b"later", dossiers.a_capture(b"later", "later.txt"))
        store.checkpoint()
    return tmp_path / "case"


@pytest.fixture
def dossier(case, tmp_path):
    with Store.open(case, clock=lambda: dossiers.NOW) as store:
        return dossiers.export(store, tmp_path / "dossier")


def test_a_log_that_went_on_holds_by_both_commands(case, dossier, tmp_path, run_cli):
    told = run_cli("verify", dossier, "--earlier", tmp_path / "earlier")
    assert told.status == 0
    assert "earlier   holds" in told.out
    size = (tmp_path / "earlier").read_text(encoding="utf-8").split("\n")[1]
    assert f"the {size} records of the earlier checkpoint" in told.out
    told = run_cli("check", case, "--earlier", tmp_path / "earlier")
    assert told.status == 0
    assert f"goes on from the {size} records" in told.out


def test_a_cosigned_checkpoint_and_that_of_a_dossier_serve_too(dossier):
    [cosigned] = (dossier / "data" / "heads").glob("*/cosigned")
    assert verify.check(dossier, earlier=cosigned).status == 0
    assert verify.check(dossier, earlier=dossier / "data/log/checkpoint").status == 0


@pytest.mark.parametrize("how", ["root", "name", "larger", "junk", "empty", "missing"])
def test_a_checkpoint_of_another_history_does_not_hold(case, dossier, tmp_path, run_cli, how):
    note = (tmp_path / "earlier").read_text(encoding="utf-8")
    name, size, root, *rest = note.split("\n")
    path = tmp_path / "other"
    if how != "missing":
        lines = {"root": [name, size, "A" * 43 + "="], "name": ["another/log", size, root], "larger": [name, "9999", root]}
        text = {"junk": "junk", "empty": ""}.get(how, "\n".join([*lines.get(how, []), *rest]))
        path.write_text(text, encoding="utf-8")
    told = run_cli("verify", dossier, "--earlier", path, "--json")
    assert told.status == 4
    states = {layer["layer"]: layer["state"] for layer in json.loads(told.out)["layers"]}
    assert states.pop("earlier") == "fails"
    assert set(states.values()) == {"holds"}
    assert run_cli("check", case, "--earlier", path).status in ({4} if how in {"root", "name", "larger"} else {3})


def test_without_it_the_line_says_how_to_ask(dossier, run_cli):
    assert "earlier   not asked" in run_cli("verify", dossier).out
    assert "earlier" not in {layer["layer"] for layer in json.loads(run_cli("verify", dossier, "--json").out)["layers"]}


def test_each_item_says_its_own(dossier, tmp_path):
    found = verify.check(dossier, earlier=tmp_path / "earlier")
    first, second, later = json.loads(found.as_json())["items"]
    assert [one["earlier"] for one in (first, second, later)] == ["holds", "holds", "not in it"]
    assert first["passages"] == "holds"
    assert second["passages"] is None
    assert first["not_after"].startswith("2027-01-15T08:00:00+00:00 (witness witness.example")
    assert first["not_before"] is None
    assert later["not_before"].startswith("2027-01-15T08:00:00+00:00 (witness witness.example")
    assert later["not_after"] is None
    assert "not_before" in "\n".join(found.as_text(items=True))


def test_only_the_damaged_item_fails(dossier):
    files = dossiers.load(dossier)
    name = min(one for one in files if one.startswith("data/originals/"))
    (dossier / name).write_bytes(b"changed")
    found = verify.check(dossier)
    assert {one["item"]: one["bytes"] for one in found.items()}.pop(Path(name).name) == "fails"
    assert sorted(one["bytes"] for one in found.items()) == ["fails", "holds", "holds"]


def test_the_administrators_attacks_are_all_found(monkeypatch):
    found = attacks.measure(30)
    assert found["detected, percent"] == 100
    assert found["of them detected by verify, percent"] == 100
    assert found["of them whole without the checkpoint, percent"] == 100
    assert found["false alarms"] == 0

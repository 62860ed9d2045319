"""The second verifier, in shell, says what the first one says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import dossiers
import pytest

from ascertain.publish import verify

pytestmark = pytest.mark.skipif(not all(map(shutil.which, ("sha256sum", "openssl", "jq"))), reason="needs sha256sum, openssl and jq")
SHARED_LAYERS = ("bytes", "signer", "log", "contents", "objects")


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with dossiers.a_case(folder / "case") as store:
        return dossiers.export(store, folder / "dossier")


def shell(folder: Path, *key: str) -> int:
    script = Path(verify.__file__).with_name("verify.sh")
    return subprocess.run(["sh", script, folder, *key], check=False, capture_output=True, timeout=60).returncode


def assert_agree(folder: Path, expected: int) -> None:
    found = verify.check(folder)
    assert found.status == expected
    assert expected == 0 or "fails" in [found.state(layer) for layer in SHARED_LAYERS]
    assert shell(folder) == expected


def test_both_hold_of_an_untouched_dossier(dossier, tmp_path):
    assert_agree(dossier, 0)
    assert (dossier / "verify.sh").read_bytes() == Path(verify.__file__).with_name("verify.sh").read_bytes()


def test_both_demand_the_key(dossier):
    key = verify.check(dossier).signer["fingerprint"]
    assert shell(dossier, key) == 0
    assert shell(dossier, "0" * 64) == 4


def test_both_hold_of_a_case_that_was_read_again_and_of_an_empty_one(tmp_path):
    with dossiers.a_case(tmp_path / "case") as store:
        document = store.documents()[0]
        for version in ("2", "3"):
            store.put_document(document, dossiers.Outcome(document.id, "parse", "done", version))
            store.put_reading(dossiers.a_reading(document), dossiers.Outcome(document.id, "extract", "done", version))
        store.rotate_key(reason="r", revoked=False)
        assert_agree(dossiers.export(store, tmp_path / "out"), 0)
    with dossiers.a_case(tmp_path / "empty", filled=False) as store:
        assert_agree(dossiers.export(store, tmp_path / "nothing"), 0)


def test_both_hold_of_a_log_that_fills_a_tile(tmp_path):
    with dossiers.a_case(tmp_path / "case") as store:
        for number in range(260):
            store.record("viewed", f"thing {number}")
        assert_agree(dossiers.export(store, tmp_path / "out"), 0)


def one_of_each_kind():
    return [
        "README.txt", "bag-info.txt", "bagit.txt", "verify.py", "data/captures.jsonl", "data/outcomes.jsonl", "data/decisions.jsonl",
        "data/incidents.json", "data/keys/verifier.key", "data/keys/signer.pem", "data/report/index.html", "data/ro-crate-metadata.json",
        "data/log/leaves.jsonl", "data/log/checkpoint", "data/log/proofs.jsonl", "data/log/contents-sha256.txt",
        "data/log/tile/0/000.p/12", "data/log/tile/entries/000.p/12",
    ]  # fmt: skip


@pytest.mark.parametrize("name", one_of_each_kind())
def test_both_find_a_changed_file_in_a_bag_made_anew(dossier, tmp_path, name):
    files = dossiers.load(dossier)
    data = files[name]
    middle = len(data) // 2
    changed = files | {name: data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]}
    assert_agree(dossiers.save(dossiers.with_new_manifests(changed) | {name: changed[name]}, tmp_path / "changed"), 4)


@pytest.mark.parametrize("name", ["data/captures.jsonl", "data/decisions.jsonl", "data/log/proofs.jsonl", "data/log/leaves.jsonl"])
@pytest.mark.parametrize("how", ["swap", "drop", "double"])
def test_both_find_lines_swapped_dropped_and_doubled(dossier, tmp_path, name, how):
    files = dossiers.load(dossier)
    one, two, *rest = files[name].splitlines(keepends=True)
    lines = {"swap": [two, one, *rest], "drop": [two, *rest], "double": [one, one, two, *rest]}[how]
    assert_agree(dossiers.save(dossiers.with_new_manifests(files | {name: b"".join(lines)}), tmp_path / "changed"), 4)


def test_both_find_proofs_that_trade_their_objects(dossier, tmp_path):
    import json

    files = dossiers.load(dossier)
    one, two, *rest = [json.loads(line) for line in files["data/log/proofs.jsonl"].splitlines()]
    one["objects"], two["objects"] = two["objects"], one["objects"]
    made = b"".join(json.dumps(line, separators=(",", ":"), sort_keys=True).encode() + b"\n" for line in (one, two, *rest))
    assert_agree(dossiers.save(dossiers.with_new_manifests(files | {"data/log/proofs.jsonl": made}), tmp_path / "changed"), 4)


@pytest.mark.parametrize("name", ["new.txt", "data/new.txt", "data/log/new", "data/log/tile/0/001", "data/originals/" + "0" * 64])
def test_both_find_an_added_file(dossier, tmp_path, name):
    assert_agree(dossiers.save(dossiers.with_new_manifests(dossiers.load(dossier) | {name: b"{}"}), tmp_path / "changed"), 4)


def test_both_say_that_a_folder_of_something_else_could_not_be_checked(tmp_path):
    assert (verify.main([str(tmp_path)]), shell(tmp_path)) == (3, 3)

"""The second verifier, in shell, says what the first one says."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import authority
import dossiers
import pytest

from ascertain.publish import ask_stamp, take_stamps, verify, write_courier

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import mutations_bench as mutations

pytestmark = pytest.mark.skipif(not all(map(shutil.which, ("sha256sum", "openssl", "jq"))), reason="needs sha256sum, openssl and jq")
SHARED_LAYERS = ("bytes", "signer", "log", "contents", "objects", "times")


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with dossiers.a_case(folder / "case") as store:
        return dossiers.export(store, folder / "dossier")


def told(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    script = Path(verify.__file__).with_name("verify.sh")
    return subprocess.run(["sh", script, folder, *map(str, arguments)], check=False, capture_output=True, text=True, timeout=300)


def shell(folder: Path, *arguments: object) -> int:
    return told(folder, *arguments).returncode


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
        "data/log/tile/0/", "data/log/tile/entries/",
    ]  # fmt: skip


@pytest.mark.parametrize("name", one_of_each_kind())
def test_both_find_a_changed_file_in_a_bag_made_anew(dossier, tmp_path, name):
    files = dossiers.load(dossier)
    name = next(one for one in files if one.startswith(name))  # a tile's name says how many records there are
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


# --- heads that others saw, and a checkpoint that left earlier


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """A dossier with a witness's signature and a stamp, the checkpoint that left before, and the authority's root."""
    import zipfile

    folder = tmp_path_factory.mktemp("seen")
    by = authority.Authority(folder / "authority")
    with dossiers.a_case(folder / "case") as store:
        mutations.witnessed(store, folder)
        (folder / "earlier").write_text(store.checkpoint(), encoding="utf-8")
        ask_stamp(store)
        write_courier(store, folder / "out.zip")
        zipfile.ZipFile(folder / "out.zip").extractall(folder / "courier")
        [request] = (folder / "courier").glob("*.tsq")
        take_stamps(store, by.answer(request), roots=by.root.read_bytes())
        return dossiers.export(store, folder / "dossier"), folder / "earlier", by.root


def test_both_say_when_witness_and_stamp_saw_the_log(seen):
    dossier, earlier, root = seen
    found, said = verify.check(dossier, earlier=earlier), told(dossier, "--earlier", earlier, "--roots", root)
    assert (found.status, said.returncode) == (0, 0)
    first, second = (bound[0] for bound in found.bounds)
    assert f"goes on from the {second} records of the earlier checkpoint" in said.stdout
    assert f"{first} records were there not after 2027-01-15T08:00:00Z: witness witness.example, key " in said.stdout
    assert f"{second} records were there not after" in said.stdout


def test_both_find_an_earlier_checkpoint_of_another_history(seen, tmp_path):
    dossier, earlier, _ = seen
    name, size, root, *rest = earlier.read_text(encoding="utf-8").split("\n")
    for number, lines in enumerate(([name, size, "A" * 43 + "="], [name, "9999", root], ["another/log", size, root])):
        (path := tmp_path / str(number)).write_text("\n".join([*lines, *rest]), encoding="utf-8")
        assert (verify.check(dossier, earlier=path).status, shell(dossier, "--earlier", path)) == (4, 4)
    assert shell(dossier, "--earlier", tmp_path / "missing") == 3


def sealed_anew(folder: Path, files: dossiers.Files) -> Path:
    """Files signed anew by somebody who has the case's key: only what the records and heads themselves say can tell."""
    import json

    from ascertain.custody import Checkpoint, MerkleTree, Signer, checkpoint_body, tiles
    from ascertain.publish.verify import CHECKPOINT, CONTENTS, LEAVES, PROOFS, listing

    made = mutations.remade(files, contents=True)
    *leaves, last = made[LEAVES].splitlines()
    record = json.loads(last)
    record["parameters"]["contents"] = verify.sha256(made[CONTENTS])
    leaves.append(json.dumps(record, sort_keys=True, separators=(",", ":")).encode())
    tree = MerkleTree(leaves)
    proofs = [json.loads(line) for line in made[PROOFS].splitlines()]
    for proof in proofs:
        proof["path"] = [step.hex() for step in tree.inclusion(proof["leaf"])]
    made[PROOFS] = b"".join(json.dumps(proof, sort_keys=True, separators=(",", ":")).encode() + b"\n" for proof in proofs)
    made[LEAVES] = b"".join(leaf + b"\n" for leaf in leaves)
    name = made[CHECKPOINT].decode().split("\n")[0]
    signer = Signer.from_pem(name, (folder / "case" / "keys" / "signing.pem").read_bytes())
    made[CHECKPOINT] = signer.sign(checkpoint_body(Checkpoint(name, len(tree), tree.root()))).encode()
    made |= {f"data/log/{path}": data for path, data in tiles(tree, leaves)}
    assert listing({}) == b""
    return dossiers.save(mutations.remade(made, contents=False), folder / f"anew-{len(list(folder.iterdir()))}")


@pytest.mark.parametrize("what", ["nothing", "cosignature", "witness's key", "root of the head", "stamp of another head", "no checkpoint"])
def test_both_find_a_false_head_that_the_signer_signed(seen, what):
    dossier, _, _ = seen
    files = dossiers.load(dossier)
    key = "data/keys/witnesses"
    [cosigned] = [name for name in files if name.endswith("/cosigned")]
    [stamp] = [f"{name.rpartition('/')[0]}/checkpoint" for name in files if name.endswith(".tsr")]
    checkpoint = cosigned.replace("cosigned", "checkpoint")
    if what == "cosignature":
        *rest, line = files[cosigned].decode().rstrip("\n").split("\n")
        files[cosigned] = ("\n".join([*rest, line[:-9] + ("A" if line[-9] != "A" else "B") + line[-8:]]) + "\n").encode()
    elif what == "witness's key":
        files[key] = b"witness.example+00000000+" + files[key].split(b"+", 2)[2]
    elif what == "root of the head":
        name, size, _, rest = files[checkpoint].decode().split("\n", 3)
        files[checkpoint] = f"{name}\n{size}\n{'A' * 43}=\n{rest}".encode()
    elif what == "stamp of another head":
        files[stamp] += b"x"
    elif what == "no checkpoint":
        del files[checkpoint]
    changed = sealed_anew(dossier.parent, files)
    expected = 0 if what == "nothing" else 4
    found = verify.check(changed)
    assert found.status == expected
    assert what == "nothing" or [layer for layer in verify.LAYERS if found.state(layer) == "fails"] == ["times"]
    assert shell(changed) == expected


# --- every kind of change


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return mutations.Scene(tmp_path_factory.mktemp("mutations"))


@pytest.mark.parametrize("how", mutations.HOWS)
def test_both_find_every_kind_of_change(scene, tmp_path, how):
    found, number = 0, 0
    while found < 8:
        number += 1
        target, drawn, depth, change = mutations.one_mutation(scene, random.Random(f"shell {how} {number}"))
        if drawn == how:
            kept = {name: data for name, data in (scene.files | change).items() if data is not None}
            files = mutations.remade(kept, contents=depth > 1) if depth else kept
            folder = dossiers.save(files, tmp_path / str(number))
            assert (verify.check(folder).status, shell(folder)) == (4, 4), (target, depth, sorted(change))
            found += 1

"""Forgeries of parts of a case by somebody who has the case and its key: only what the records and seals themselves say can tell."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import dossiers

from ascertain.custody import Checkpoint, MerkleTree, Signer, checkpoint_body
from ascertain.publish import verify, verify_parts
from ascertain.publish.verify import CHECKPOINT, CONTENTS, LEAVES, LOG, PROOFS
from ascertain.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

import mutations_bench as whole
import part_mutations_bench as parts


def jsons(lines: list[dict[str, object]]) -> bytes:
    return b"".join(verify_parts.compact(line) + b"\n" for line in lines)


def signed_anew(scene: parts.Scene, files: dossiers.Files) -> dossiers.Files:
    """A changed part, signed by somebody who has the case and its key: lists, last record, paths and head are made anew."""
    made = whole.remade(files, contents=True)
    case = scene.folder / "case"
    with Store.open(case, clock=lambda: dossiers.NOW) as store:
        leaves = store.log_leaves()
    here = {json.loads(line)["number"]: line for line in made[LEAVES].splitlines()}
    last = json.loads(here[len(leaves) - 1])
    last["parameters"]["contents"] = verify.sha256(made[CONTENTS])
    here[len(leaves) - 1] = verify_parts.compact(last)
    tree = MerkleTree([here.get(number, leaf) for number, leaf in enumerate(leaves)])
    made[LEAVES] = b"".join(line + b"\n" for line in here.values())
    proofs = [json.loads(line) for line in made[PROOFS].splitlines()]
    made[PROOFS] = jsons([proof | {"path": [step.hex() for step in tree.inclusion(proof["leaf"])]} for proof in proofs])
    for name in [name for name in made if name.startswith(f"{LOG}consistency/")]:
        made[name] = b"".join(step.hex().encode() + b"\n" for step in tree.consistency(int(name.rpartition("/")[2])))
    origin = made[CHECKPOINT].decode().split("\n")[0]
    signer = Signer.from_pem(origin, (case / "keys" / "signing.pem").read_bytes())
    made[CHECKPOINT] = signer.sign(checkpoint_body(Checkpoint(origin, len(tree), tree.root()))).encode()
    return whole.remade(made, contents=False)


def change_disclosure(files: dossiers.Files, change) -> dossiers.Files:
    name = next(
        name
        for name in sorted(files)
        if name.startswith("data/disclosures/") and json.loads(files[name])["kind"] in {"document", "findings"}
    )
    found = json.loads(files[name])
    change(found)
    return {name: verify_parts.compact(found) + b"\n"}


def a_value(found):
    shown = next(one for one in found.get("words", found.get("incidents")) if isinstance(one, list))
    shown[0] = shown[0].replace("e", "a", 1) if "e" in shown[0] else shown[0] + "x"


def a_salt(found):
    shown = next(one for one in found.get("words", found.get("incidents")) if isinstance(one, list))
    shown[1] = ("1" if shown[1][0] != "1" else "2") + shown[1][1:]


def a_leaf_less(found):
    found.get("words", found.get("incidents")).pop()


def a_leaf_twice(found):
    leaves = found.get("words", found.get("incidents"))
    leaves.append(leaves[-1])


def another_record(found):
    found["record"] = 0


def no_record(found):
    found["record"] = 99_999


FORGED = {
    "a word": lambda files: change_disclosure(files, a_value),
    "a salt": lambda files: change_disclosure(files, a_salt),
    "a leaf dropped": lambda files: change_disclosure(files, a_leaf_less),
    "a leaf twice": lambda files: change_disclosure(files, a_leaf_twice),
    "another record": lambda files: change_disclosure(files, another_record),
    "no record": lambda files: change_disclosure(files, no_record),
    "its form": lambda files: change_disclosure(files, lambda found: found.update(schema="ascertain/disclosure/2")),
    "an original that nothing names": lambda files: {"data/originals/" + "0" * 64: b"x"},
    "a text that nothing names": lambda files: {f"data/texts/{'0' * 64}.txt": b"x"},
    "an outcome that nothing names": lambda files: {"data/outcomes.jsonl": files.get("data/outcomes.jsonl", b"") + b'{"stage":"parse"}\n'},
    "a decision that nothing names": lambda files: {"data/decisions.jsonl": files["data/decisions.jsonl"] + b'{"id":"decision-99"}\n'},
    "something withheld that is no seal": lambda files: {
        "data/withheld.jsonl": jsons([{"class": "restricted", "id": "0" * 64, "kind": "document", "reason": "r", "record": 0}])
    },
    "objects that a record does not name": lambda files: {
        PROOFS: jsons(
            [
                proof | {"objects": sorted([*proof["objects"], "data/texts/x"] if number == 0 else proof["objects"])}
                for number, proof in enumerate(map(json.loads, files[PROOFS].splitlines()))
            ]
        )
    },
    "a file of the log": lambda files: {f"{LOG}tile/0/000": b"x"},
}

"""The mathematics by which parts of a case are verified, against published vectors and those of the specification."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.custody import MerkleTree, leaf_hash
from ascertain.publish import verify_parts
from ascertain.publish.verify_parts import Disclosure, climb, goes_on, root_of, shown_leaf

RFC6962 = json.loads((Path(__file__).with_name("vectors") / "rfc6962.json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in RFC6962["leaves"]]
ROOTS = [bytes.fromhex(root) for root in RFC6962["roots"]]
WORDS = ["Shells ", "killed ", "Hanna ", "Kassar, ", "a ", "café ", "owner.\n"]
ROOT = "4fd454ead0542330578c3f051f9040c8a2d740f4d48da7a77f9035b5e2f8f5a9"


def steps(proof):
    return [bytes.fromhex(step) for step in proof]


def salt(number):
    return f"{number:02x}" * 16


@pytest.mark.parametrize("vector", RFC6962["inclusion"], ids=lambda v: f"{v['index']} of {v['size']}")
def test_paths_of_the_reference_lead_to_their_roots(vector):
    assert climb(vector["index"], vector["size"], steps(vector["proof"]), leaf_hash(LEAVES[vector["index"]])) == (ROOTS[vector["size"]],)


@pytest.mark.parametrize("vector", RFC6962["consistency"], ids=lambda v: f"{v['old']} to {v['new']}")
def test_consistency_proofs_of_the_reference_hold(vector):
    old, new = vector["old"], vector["new"]
    assert goes_on(old, ROOTS[old], new, ROOTS[new], steps(vector["proof"]))
    assert old == new or not goes_on(old, leaf_hash(b"x"), new, ROOTS[new], steps(vector["proof"]))


@given(old=st.integers(1, 70), more=st.integers(0, 70), data=st.data())
def test_a_consistency_proof_holds_for_its_two_trees_only(old, more, data):
    tree = MerkleTree(b"leaf %d" % number for number in range(old + more))
    proof = list(tree.consistency(old))
    assert goes_on(old, tree.root(old), old + more, tree.root(), proof)
    forked = MerkleTree([*(b"leaf %d" % number for number in range(old - 1)), b"rewritten", *(b"n" for _ in range(more))])
    assert not goes_on(old, tree.root(old), old + more, forked.root(), list(forked.consistency(old)))
    if proof:
        cut = data.draw(st.integers(0, len(proof) - 1))
        with_other = [*proof[:cut], leaf_hash(b"x"), *proof[cut + 1 :]]
        assert not goes_on(old, tree.root(old), old + more, tree.root(), with_other)


@given(size=st.integers(1, 70), data=st.data())
def test_a_path_that_is_cut_or_grown_never_leads(size, data):
    tree = MerkleTree(b"leaf %d" % number for number in range(size))
    index = data.draw(st.integers(0, size - 1))
    path = list(tree.inclusion(index))
    assert climb(index, size, path, leaf_hash(b"leaf %d" % index)) == (tree.root(),)
    for other in (path[:-1] if path else [tree.root()], [*path, tree.root()]):
        with pytest.raises(ValueError):
            climb(index, size, other, leaf_hash(b"leaf %d" % index))


def a_disclosure(**changes):
    fields = [{"name": "path", "value": "a.txt", "salt": salt(0)}, {"name": "title", "value": "Hanna Kassar speaks", "salt": salt(1)}]
    words = [[word, salt(number)] for number, word in enumerate(WORDS, start=2)]
    return {"kind": "document", "id": "0" * 64, "record": 3, "root": ROOT, "fields": fields, "words": words} | changes


def test_the_vector_of_the_specification():
    assert shown_leaf("text", "café ", salt(7)).hex() == "873ca1509c54f69d0db1cfcb58b05a1514d690756b9da7fa89ebb104bec0e555"
    one = Disclosure(a_disclosure())
    assert (root_of(one.hashes).hex(), one.text) == (ROOT, "".join(WORDS))


def test_what_is_withheld_leads_to_the_same_root_and_is_counted():
    hidden = {
        "shown": "Person 1, ",
        "class": "restricted",
        "reason": "a name",
        "leaves": [shown_leaf("text", WORDS[n - 2], salt(n)).hex() for n in (4, 5)],
    }
    words = [[word, salt(number)] for number, word in enumerate(WORDS, start=2)]
    title = {
        "name": "title",
        "shown": "Person 1 speaks",
        "class": "protected",
        "reason": "a name",
        "leaves": [shown_leaf("title", "Hanna Kassar speaks", salt(1)).hex()],
    }
    one = Disclosure(a_disclosure(words=[*words[:2], hidden, *words[4:]], fields=[a_disclosure()["fields"][0], title]))
    assert root_of(one.hashes).hex() == ROOT
    assert one.text == "Shells killed Person 1, a café owner.\n"
    assert one.withheld == {"restricted words": 2, "protected fields": 1}
    assert one.field("title") == "Person 1 speaks"


@pytest.mark.parametrize(
    "change",
    [
        {"fields": a_disclosure()["fields"][::-1]},
        {"fields": [a_disclosure()["fields"][0]] * 2},
        {"words": [["x", "00"]]},
        {"words": [{"shown": "x", "class": "secret", "reason": "r", "leaves": ["0" * 64]}]},
        {"words": [{"shown": "x", "class": "restricted", "reason": "r", "leaves": []}]},
        {"fields": [{"name": "path", "shown": None, "class": "restricted", "reason": "r", "leaves": ["0" * 64] * 2}]},
        {"fields": [{"name": "path", "shown": None, "class": "restricted", "reason": "r", "leaves": ["0" * 63]}]},
    ],
)
def test_a_disclosure_of_another_form_is_malformed(change):
    with pytest.raises(ValueError):
        Disclosure(a_disclosure(**change))


def test_what_is_shipped_is_one_file_with_nothing_of_ours():
    code = verify_parts.shipped().decode()
    names = {(node.module or "").split(".")[0] for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name.split(".")[0] for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import) for alias in node.names}
    assert "ascertain" not in names
    assert "cryptography" in names
    assert code.count("if __name__") == 1
    compile(code, "verify.py", "exec")


def test_the_verifier_stays_short_enough_to_read_in_an_hour() -> None:
    code = Path(verify_parts.verifier.__file__).read_text(encoding="utf-8")
    assert len(code.splitlines()) <= 600

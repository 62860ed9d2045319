"""The custody mathematics against published vectors, and against what an attacker would try."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ascertain.custody import (
    Checkpoint,
    MerkleTree,
    Signer,
    canonical,
    checkpoint_body,
    consistency_holds,
    inclusion_holds,
    leaf_hash,
    open_note,
    parse_checkpoint,
    tiles,
)
from ascertain.errors import CustodyError, UsageError
from ascertain.publish.verify import Tree

VECTORS = Path(__file__).with_name("vectors")
RFC6962 = json.loads((VECTORS / "rfc6962.json").read_text(encoding="utf-8"))
RFC8785 = json.loads((VECTORS / "rfc8785.json").read_text(encoding="utf-8"))
NOTE = json.loads((VECTORS / "signed_note.json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in RFC6962["leaves"]]
ROOTS = [bytes.fromhex(root) for root in RFC6962["roots"]]
SIGNED = NOTE["text"] + "\n" + NOTE["signature_line"]


def steps(proof):
    return tuple(bytes.fromhex(step) for step in proof)


def the_signer():
    seed = base64.b64decode(NOTE["signer_key"].split("+", 4)[4])[1:]
    return Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))


# --- RFC 6962


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size):
    assert MerkleTree(LEAVES[:size]).root() == ROOTS[size]
    assert MerkleTree(LEAVES).root(size) == ROOTS[size]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_verifiers_own_tree_has_the_same_roots(size):
    assert Tree(LEAVES[:size]).hash(0, size) == ROOTS[size]


@pytest.mark.parametrize("vector", RFC6962["inclusion"], ids=lambda v: f"{v['index']} of {v['size']}")
def test_inclusion_proofs_are_those_of_the_reference(vector):
    index, size, proof = vector["index"], vector["size"], steps(vector["proof"])
    assert MerkleTree(LEAVES).inclusion(index, size) == proof
    assert Tree(LEAVES[:size]).audit_path(index) == vector["proof"]
    assert inclusion_holds(LEAVES[index], index=index, size=size, path=proof, root=ROOTS[size])


@pytest.mark.parametrize("vector", RFC6962["consistency"], ids=lambda v: f"{v['old']} to {v['new']}")
def test_consistency_proofs_are_those_of_the_reference(vector):
    old, new, proof = vector["old"], vector["new"], steps(vector["proof"])
    assert MerkleTree(LEAVES).consistency(old, new) == proof
    assert consistency_holds(old=old, new=new, old_root=ROOTS[old], new_root=ROOTS[new], proof=proof)


@given(size=st.integers(1, 70), data=st.data())
def test_an_inclusion_proof_holds_for_its_leaf_place_and_tree_only(size, data):
    leaves = [b"leaf %d" % number for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    tree = MerkleTree(leaves)
    path, root = tree.inclusion(index), tree.root()
    good = {"index": index, "size": size, "path": path, "root": root}
    assert inclusion_holds(leaves[index], **good)
    assert not inclusion_holds(b"another", **good)
    assert not inclusion_holds(leaves[index], **good | {"root": leaf_hash(b"x")})
    assert not inclusion_holds(leaves[index], **good | {"path": (*path, root)})
    assert not inclusion_holds(leaves[index], **good | {"index": size})
    if path:
        wrong = data.draw(st.integers(0, len(path) - 1))
        changed = tuple(leaf_hash(step) if i == wrong else step for i, step in enumerate(path))
        assert not inclusion_holds(leaves[index], **good | {"path": changed})
        assert not inclusion_holds(leaves[index], **good | {"path": path[:-1]})


@given(old=st.integers(0, 70), more=st.integers(0, 70))
def test_a_consistency_proof_holds_for_its_two_trees_only(old, more):
    tree = MerkleTree(b"leaf %d" % number for number in range(old + more))
    good = {"old": old, "new": old + more, "old_root": tree.root(old), "new_root": tree.root(), "proof": tree.consistency(old)}
    assert consistency_holds(**good)
    assert not consistency_holds(**good | {"proof": (*good["proof"], tree.root())})
    if 0 < old < old + more:
        assert not consistency_holds(**good | {"old_root": leaf_hash(b"x")})
        assert not consistency_holds(**good | {"new_root": leaf_hash(b"x")})
        assert not consistency_holds(**good | {"proof": good["proof"][:-1]})
        forked = MerkleTree([*(b"leaf %d" % number for number in range(old - 1)), b"rewritten", *(b"n" for _ in range(more))])
        assert not consistency_holds(**good | {"new_root": forked.root(), "proof": forked.consistency(old)})


def test_a_leaf_is_never_a_node():
    tree = MerkleTree([b"a", b"b"])
    inner = leaf_hash(b"a") + leaf_hash(b"b")
    assert MerkleTree([inner]).root() != tree.root()


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 9)])
def test_a_proof_of_what_is_not_there_is_refused(index, size):
    with pytest.raises(IndexError):
        MerkleTree(LEAVES[:5]).inclusion(index, size)


# --- C2SP tiles


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_tiles_hold_every_hash_and_leaf_once(size):
    leaves = [b"leaf %d" % number for number in range(size)]
    made = dict(tiles(MerkleTree(leaves), leaves))
    full, rest = divmod(size, 256)
    names = [f"tile/0/{number:03d}" for number in range(full)] + ([f"tile/0/{full:03d}.p/{rest}"] if rest else [])
    assert b"".join(made[name] for name in names) == b"".join(map(leaf_hash, leaves))
    entries = b"".join(made[name.replace("tile/0", "tile/entries")] for name in names)
    assert entries == b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)
    above = [name for name in made if name.startswith("tile/1/")]
    assert above == ([f"tile/1/000.p/{full}"] if full else [])
    if full:
        assert made[above[0]][:32] == MerkleTree(leaves[:256]).root()


def test_the_name_of_a_far_tile_is_grouped_as_the_specification_shows():
    from ascertain.custody._tiles import tile_name

    assert tile_name("0", 1234067, 256) == "tile/0/x001/x234/067"
    assert tile_name("1", 0, 8) == "tile/1/000.p/8"


def test_a_leaf_that_no_tile_can_hold_is_refused():
    leaves = [b"x" * 65536]
    with pytest.raises(UsageError):
        dict(tiles(MerkleTree(leaves), leaves))


@given(size=st.integers(1, 700))
def test_the_verifier_gives_the_same_tiles(size):
    leaves = [b"%d" % number for number in range(size)]
    ours = {f"data/log/{name}": data for name, data in tiles(MerkleTree(leaves), leaves)}
    assert dict(Tree(leaves).tiles(leaves)) == ours


# --- RFC 8785


@pytest.mark.parametrize("vector", RFC8785["records"], ids=["serialization", "sorting"])
def test_canonical_bytes_are_those_of_the_standard(vector):
    assert canonical(json.loads(vector["input"])) == vector["canonical"].encode()


@pytest.mark.parametrize(("bits", "text"), RFC8785["numbers"])
def test_numbers_are_written_as_the_standard_writes_them(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == text.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60, b"bytes", {1: 2}])
def test_what_json_cannot_carry_exactly_is_refused(value):
    with pytest.raises(UsageError):
        canonical({"value": value})


# --- signed notes


def test_the_published_note_opens_with_the_published_key():
    assert open_note(SIGNED, NOTE["verifier_key"]) == NOTE["text"]


def test_the_published_key_signs_the_published_note():
    assert the_signer().verifier_key == NOTE["verifier_key"]
    assert the_signer().sign(NOTE["text"]) == SIGNED


@pytest.mark.parametrize("key", NOTE["bad_keys"])
def test_keys_that_the_reference_refuses_are_refused(key):
    with pytest.raises(CustodyError):
        open_note(SIGNED, key)


@given(position=st.integers(0, len(SIGNED.encode()) - 1), flip=st.integers(1, 255))
def test_a_note_with_a_changed_byte_never_opens(position, flip):
    raw = bytearray(SIGNED.encode())
    raw[position] ^= flip
    try:
        note = raw.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(CustodyError):
        open_note(note, NOTE["verifier_key"])


@given(position=st.integers(0, len(NOTE["verifier_key"]) - 1))
def test_a_changed_key_opens_nothing(position):
    key = NOTE["verifier_key"]
    with pytest.raises(CustodyError):
        open_note(SIGNED, key[:position] + chr(ord(key[position]) ^ 1) + key[position + 1 :])


def test_a_second_signature_does_not_hide_the_first():
    other = Signer.new("witness")
    line = other.sign(NOTE["text"]).splitlines(keepends=True)[-1]
    assert open_note(SIGNED + line, NOTE["verifier_key"]) == NOTE["text"]
    assert open_note(SIGNED + line, other.verifier_key) == NOTE["text"]


def test_a_checkpoint_reads_back():
    checkpoint = Checkpoint("ascertain/case", 3, MerkleTree(LEAVES[:3]).root())
    assert parse_checkpoint(checkpoint_body(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "body", ["", "a\n1\n", "a\nx\nAAAA\n", "a\n-1\n" + base64.b64encode(bytes(32)).decode() + "\n", "a\n1\nAAAA\n", "\n\n\n"]
)
def test_what_is_no_checkpoint_is_refused(body):
    with pytest.raises(CustodyError):
        parse_checkpoint(body)


def test_a_signer_survives_its_file():
    signer = Signer.new("ascertain/case")
    again = Signer.from_pem(signer.name, signer.pem())
    assert again.fingerprint == signer.fingerprint
    assert "PRIVATE" not in repr(signer)


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_refused(pem):
    with pytest.raises(CustodyError):
        Signer.from_pem("x", pem)

"""The mathematics of tamper-evidence: canonical bytes, Merkle tree, signed notes. No I/O, no clock."""

from __future__ import annotations

from ascertain.custody._canonical import canonical
from ascertain.custody._cosignatures import Cosignature, cosigned, open_cosignature, witness_key
from ascertain.custody._merkle import MerkleTree, consistency_holds, inclusion_holds, leaf_hash, node_hash
from ascertain.custody._notes import Checkpoint, Signer, checkpoint_body, open_note, parse_checkpoint, verifier_key
from ascertain.custody._seals import Part, Seal, blind_name, blind_salt, root_of, seal, words_of
from ascertain.custody._stamps import Stamp, read_stamp, stamp_request
from ascertain.custody._tiles import tiles

__all__ = [
    "Checkpoint", "Cosignature", "MerkleTree", "Part", "Seal", "Signer", "Stamp", "blind_name", "blind_salt", "canonical", "checkpoint_body", "consistency_holds", "cosigned", "inclusion_holds", "leaf_hash", "node_hash",
    "open_cosignature", "open_note", "parse_checkpoint", "read_stamp", "root_of", "seal", "stamp_request", "tiles", "verifier_key", "witness_key", "words_of",
]  # fmt: skip

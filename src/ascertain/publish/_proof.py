"""What of the custody log goes into a dossier: records, checkpoint, tiles, a proof for every object, and the key."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ascertain.custody import MerkleTree, canonical, tiles
from ascertain.publish.verify import CHECKPOINT, CONTENTS, LEAVES, LOG, PROOFS

Objects = Mapping[tuple[str, str, str], Sequence[str]]


def log_files(leaves: Sequence[bytes], *, checkpoint: str, objects: Objects) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """The files below `data/log/`, by path.

    Args:
        leaves: all records of the log, the export's own last.
        objects: what the dossier holds: (kind, object of its log record, digest) to where it stands in it.
    """
    tree = MerkleTree(leaves)
    yield LEAVES, (leaf + b"\n" for leaf in leaves)
    yield CHECKPOINT, checkpoint.encode()
    yield PROOFS, _proofs(tree, leaves, objects)
    for path, data in tiles(tree, leaves):
        yield LOG + path, data


def pem(verifier_key: str) -> bytes:
    """The public key in the form that openssl reads."""
    raw = base64.b64decode(verifier_key.split("+", 2)[2])[1:]
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _proofs(tree: MerkleTree, leaves: Sequence[bytes], objects: Objects) -> Iterator[bytes]:
    """A line for each leaf that says something about an object in the dossier: which leaf, which objects, the audit path."""
    for number, places in sorted(_first_leaves(leaves, objects).items()):
        path = [step.hex() for step in tree.inclusion(number)]
        yield canonical({"leaf": number, "objects": sorted(places), "path": path}) + b"\n"


def _first_leaves(leaves: Sequence[bytes], objects: Objects) -> dict[int, list[str]]:
    """The first leaf that names each object, with where those objects stand; the list of contents belongs to the last."""
    found: dict[int, list[str]] = {len(leaves) - 1: [CONTENTS]}
    seen: set[tuple[str, str, str]] = set()
    for number, leaf in enumerate(leaves):
        for named in named_objects(msgspec.json.decode(leaf)):
            if named in objects and named not in seen:
                seen.add(named)
                found.setdefault(number, []).extend(objects[named])
    return found


def named_objects(record: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a log record names by its digest: (kind, object, digest)."""
    if record["action"] == "collected":
        yield "original", record["object"], record["object"]
    for kind in ("capture", "document", "text", "reading", "decision", "outcome", "findings"):
        if kind in record["parameters"]:
            yield kind, record["object"], record["parameters"][kind]

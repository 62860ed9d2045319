"""C2SP tlog-cosignature: what a witness signs is a checkpoint's text behind a line with the time, by an Ed25519 key of its own kind."""

from __future__ import annotations

import base64
import hashlib

import attrs
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ascertain.custody._notes import DASH, Signer
from ascertain.errors import CustodyError

COSIGNATURE = b"\x04"
HASH_BYTES, TIME_BYTES = 4, 8


@attrs.frozen
class Cosignature:
    """Which witness signed, when (seconds since 1970), and the SHA-256 of its public key, hex."""

    witness: str
    seconds: int
    fingerprint: str


def witness_key(signer: Signer) -> str:
    """The line by which others know a witness: name, hash, and type with raw public key."""
    return f"{signer.name}+{_hash(signer.name, signer.public).hex()}+{base64.b64encode(COSIGNATURE + signer.public).decode()}"


def cosigned(signer: Signer, note: str, seconds: int) -> str:
    """A checkpoint's note with a witness's signature added."""
    blob = _hash(signer.name, signer.public) + seconds.to_bytes(TIME_BYTES, "big") + signer.key.sign(_message(note, seconds))
    return f"{note}{DASH}{signer.name} {base64.b64encode(blob).decode()}\n"


def open_cosignature(note: str, line: str, key: str) -> Cosignature:
    """Check one line of signature after a checkpoint's note.

    Raises:
        CustodyError: it is not signed with this key, or malformed.
    """
    try:
        name, _, encoded = key.split("+", 2)
        typed, (_, who, signed) = base64.b64decode(encoded, validate=True), line.split(" ")
        blob = base64.b64decode(signed, validate=True)
        short, seconds = blob[:HASH_BYTES], int.from_bytes(blob[HASH_BYTES : HASH_BYTES + TIME_BYTES], "big")
        if typed[:1] != COSIGNATURE or who != name or short != _hash(name, typed[1:]):
            raise ValueError("another key")
        Ed25519PublicKey.from_public_bytes(typed[1:]).verify(blob[HASH_BYTES + TIME_BYTES :], _message(note, seconds))
    except (ValueError, InvalidSignature) as error:
        raise CustodyError("the witness's signature does not hold", advice="Check the witness's key, or ask it again.") from error
    return Cosignature(name, seconds, hashlib.sha256(typed[1:]).hexdigest())


def _hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + COSIGNATURE + public).digest()[:HASH_BYTES]


def _message(note: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{note.partition(chr(10) * 2)[0]}\n".encode()

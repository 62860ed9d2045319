"""C2SP signed notes and tlog checkpoints, signed with Ed25519.

A note is a text that ends with a newline, an empty line, and lines `— name base64(hash of the key, 4 bytes, and signature)`.
A checkpoint's text is origin, size and root, a line each. Source: C2SP, signed-note and tlog-checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os

import attrs
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ascertain.errors import CustodyError, UsageError

ED25519 = b"\x01"
DASH = "— "
STRETCHED = b"Passphrase-Scrypt: n=32768 r=8 p=1 salt="  # the library's own 2,048 rounds of PBKDF2 would not hold up


@attrs.frozen
class Checkpoint:
    """What a log's head says: name of the log, number of leaves, root."""

    origin: str
    size: int
    root: bytes


def checkpoint_body(checkpoint: Checkpoint) -> str:
    """The text that is signed."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def parse_checkpoint(body: str) -> Checkpoint:
    """Read a checkpoint's text; lines after the third are extensions and left alone.

    Raises:
        CustodyError: it has no such form.
    """
    lines = body.split("\n")
    try:
        root = base64.b64decode(lines[2], validate=True)
        if not body.endswith("\n") or not lines[0] or not lines[1].isascii() or not lines[1].isdigit() or len(root) != 32:
            raise ValueError("no checkpoint")
        return Checkpoint(lines[0], int(lines[1]), root)
    except (IndexError, ValueError, binascii.Error) as error:
        raise CustodyError(
            "the checkpoint has not the form of origin, size and root", advice="It was damaged or is of another kind."
        ) from error


def key_hash(name: str, public: bytes) -> bytes:
    """The four bytes by which a note names its key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The line by which others know a key: name, hash, and type with raw public key."""
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    """What opens the key: 32 MB and about a tenth of a second for each guess."""
    return hashlib.scrypt(passphrase, salt=salt, n=1 << 15, r=8, p=1, maxmem=1 << 26, dklen=32).hex().encode()


@attrs.frozen
class Signer:
    """A named Ed25519 key; the name has no blanks and no plus sign."""

    name: str
    key: Ed25519PrivateKey = attrs.field(repr=False)

    @classmethod
    def new(cls, name: str) -> Signer:
        """Make a key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, name: str, pem: bytes, passphrase: bytes | None = None) -> Signer:
        """Read a private key.

        Raises:
            CustodyError: it is no Ed25519 key in the form that `pem` writes.
            UsageError: it is encrypted, and the passphrase is missing or wrong.
        """
        first, _, rest = pem.partition(b"\n")
        encrypted = first.startswith(STRETCHED)
        if encrypted and passphrase is None:
            raise UsageError("the case's signing key is encrypted", advice="Give its passphrase in ASCERTAIN_PASSPHRASE.")
        try:
            secret = _stretched(passphrase, bytes.fromhex(first.removeprefix(STRETCHED).decode())) if encrypted and passphrase else None
            key = load_pem_private_key(rest if encrypted else pem, password=secret)
        except (ValueError, TypeError) as error:
            if encrypted:
                raise UsageError("the passphrase does not open the case's signing key", advice="Correct ASCERTAIN_PASSPHRASE.") from error
            raise CustodyError("the case's signing key can't be read", advice="Restore keys/signing.pem from a copy.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise CustodyError("the case's signing key is no Ed25519 key", advice="Restore keys/signing.pem from a copy.")
        return cls(name, key)

    def pem(self, passphrase: bytes | None = None) -> bytes:
        """The private key as PKCS #8; with a passphrase encrypted, behind a line with the salt by which it is stretched."""
        if passphrase is None:
            return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        salt = os.urandom(16)
        sealed = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_stretched(passphrase, salt)))
        return STRETCHED + salt.hex().encode() + b"\n" + sealed

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the raw public key, hex: what people compare."""
        return hashlib.sha256(self.public).hexdigest()

    @property
    def verifier_key(self) -> str:
        """The line by which others know this key."""
        return verifier_key(self.name, self.public)

    def sign(self, body: str) -> str:
        """The signed note of a text that ends with a newline."""
        blob = key_hash(self.name, self.public) + self.key.sign(body.encode())
        return f"{body}\n{DASH}{self.name} {base64.b64encode(blob).decode()}\n"


def open_note(note: str, known_key: str) -> str:
    """Check a note with a verifier key and give its text.

    Raises:
        CustodyError: the note has no such form, isn't signed with this key, or the signature doesn't hold.
    """
    try:
        name, hashed, encoded = known_key.split("+", 2)
        typed = base64.b64decode(encoded, validate=True)
        public = Ed25519PublicKey.from_public_bytes(typed[1:])
        if typed[:1] != ED25519 or key_hash(name, typed[1:]).hex() != hashed:
            raise ValueError("hash")
    except ValueError as error:
        raise CustodyError("the verifier key is malformed", advice="It is name+hash+base64, one line.") from error
    body, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise CustodyError("the note has no signatures", advice="It was cut or is of another kind.")
    for line in signatures[:-1].split("\n"):
        if not line.startswith(f"{DASH}{name} "):
            continue
        try:
            blob = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)
            if blob[:4].hex() == hashed:
                public.verify(blob[4:], (body + "\n").encode())
                return body + "\n"
        except (ValueError, InvalidSignature) as error:
            raise CustodyError(f"the signature of {name} does not hold", advice="The note was changed after it was signed.") from error
    raise CustodyError(f"the note is not signed by {name}", advice="Check the key.")

"""The case's signing key: its files, its passphrase, and its rotation.

`signing.pem` is the private key, encrypted where a passphrase was given, and so is `salts.pem`, from which the salts of seals follow; `verifier.key` is the public one, a line for others. While the key
is being rotated, `signing.new.pem` is the next one: the log's record of the rotation decides which of the two is the key.
The passphrase comes from the environment, never from a command's arguments, which others on the machine can see.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ascertain.custody import Signer
from ascertain.errors import CustodyError, StoreError, UsageError

PASSPHRASE, PASSPHRASE_FILE, NEW_PASSPHRASE = "ASCERTAIN_PASSPHRASE", "ASCERTAIN_PASSPHRASE_FILE", "ASCERTAIN_NEW_PASSPHRASE"
SALTS = "salts.pem"
ROTATION_SCHEMA = "ascertain/key-rotation/1"
README = f"""signing.pem signs the checkpoints of this case. Whoever has it, and its passphrase where it has one, can sign in this case's name.
`ascertain key show` says whether it is encrypted; `ascertain key protect` encrypts it with the passphrase in {PASSPHRASE}
(or in the file that {PASSPHRASE_FILE} names). Keep the folder on an encrypted disk and out of backups that others read.
salts.pem is a secret too: whoever has it can guess what a protected dossier withholds; without it nothing can be shown in part again.
verifier.key is for others: give it to whom you like.
"""


def passphrase(*, new: bool = False) -> bytes | None:
    """The passphrase from the environment; None where there is none.

    Args:
        new: the one that a key is to have from now on, where the environment has one of its own for it.

    Raises:
        UsageError: the file that should hold it can't be read.
    """
    for variable in (NEW_PASSPHRASE, PASSPHRASE) if new else (PASSPHRASE,):
        if os.environ.get(variable):
            return os.environ[variable].encode()
    if name := os.environ.get(PASSPHRASE_FILE):
        try:
            return Path(name).read_bytes().rstrip(b"\r\n") or None
        except OSError as error:
            raise UsageError(f"the passphrase's file can't be read: {error.strerror}", advice=f"Correct {PASSPHRASE_FILE}.") from error
    return None


class Keys:
    """The folder `keys` of a case; the private key is read when it is first needed."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name

    @classmethod
    def create(cls, folder: Path, name: str) -> Keys:
        """Make the folder and a key, encrypted where the environment has a passphrase."""
        folder.mkdir(mode=0o700)
        signer = Signer.new(name)
        write_private(folder / "signing.pem", signer.pem(passphrase()))
        (folder / "verifier.key").write_text(signer.verifier_key + "\n", encoding="utf-8")
        (folder / "README").write_text(README, encoding="utf-8")
        return cls(folder, name)

    @cached_property
    def signer(self) -> Signer:
        """The private key.

        Raises:
            CustodyError, UsageError: it can't be read, or its passphrase is missing or wrong.
        """
        return self._load("signing.pem")

    @cached_property
    def secret(self) -> bytes:
        """32 bytes from which salts, names and keys inside the case follow; lost, nothing that was sealed can be shown in part again.

        Raises:
            CustodyError, UsageError: it is missing, can't be read, or its passphrase is missing or wrong.
        """
        try:
            return self._load(SALTS).key.private_bytes_raw()
        except FileNotFoundError as error:
            raise CustodyError(f"keys/{SALTS} is missing", advice="Restore it from a copy of the case.") from error

    def make_secret(self) -> None:
        """Make the secret where the case, being older, has none."""
        if not (self.folder / SALTS).exists():
            write_private(self.folder / SALTS, Signer.new(self.name).pem(passphrase() if self.encrypted else None))

    def _load(self, name: str) -> Signer:
        return Signer.from_pem(self.name, (self.folder / name).read_bytes(), passphrase())

    @property
    def verifier_key(self) -> str:
        """The public key's line."""
        return (self.folder / "verifier.key").read_text(encoding="utf-8").strip()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the raw public key, hex.

        Raises:
            CustodyError: `verifier.key` is no line of a key.
        """
        try:
            return hashlib.sha256(base64.b64decode(self.verifier_key.split("+", 2)[2], validate=True)[1:]).hexdigest()
        except (IndexError, ValueError) as error:
            raise CustodyError("keys/verifier.key is no line of a key", advice="Restore it from a copy.") from error

    @property
    def encrypted(self) -> bool:
        """Whether the private key needs a passphrase."""
        return b"ENCRYPTED" in (self.folder / "signing.pem").read_bytes()

    @property
    def unsettled(self) -> bool:
        """Whether a rotation was cut short."""
        return (self.folder / "signing.new.pem").exists() or self.signer.verifier_key != self.verifier_key

    def protect(self, secret: bytes | None) -> None:
        """Write the private key and the secret anew, encrypted with a passphrase, or not for None."""
        hidden = Signer(self.name, Ed25519PrivateKey.from_private_bytes(self.secret)).pem(
            secret
        )  # read, and kept, before it is written anew
        write_private(self.folder / "signing.pem", self.signer.pem(secret))
        write_private(self.folder / SALTS, hidden)

    def prepare(self) -> tuple[Signer, str]:
        """Make the next key, on disk; gives it, and the old key's signed note that it is the next."""
        following = Signer.new(self.name)
        write_private(self.folder / "signing.new.pem", following.pem(passphrase()))
        return following, self.signer.sign(f"{ROTATION_SCHEMA}\n{self.signer.verifier_key}\n{following.verifier_key}\n")

    def settle(self, current: str) -> None:
        """Take the prepared key if its fingerprint is the log's current one, else throw it away.

        Raises:
            CustodyError: no private key here is the log's current one.
        """
        following = self.folder / "signing.new.pem"
        if following.exists() and self._load(following.name).fingerprint == current:
            following.replace(self.folder / "signing.pem")
            self.__dict__.pop("signer", None)  # what was read is the old one
        following.unlink(missing_ok=True)
        if self.signer.fingerprint != current:
            raise CustodyError("the signing key is not the one that the custody log names", advice="Restore the folder keys from a copy.")

    def publish(self) -> None:
        """Write the public key's line: the last step of a rotation, when the new key has signed."""
        _write(self.folder / "verifier.key", f"{self.signer.verifier_key}\n".encode(), mode=0o644)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, on disk when this returns; it replaces one of the same name at once.

    Raises:
        StoreError: the disk refused.
    """
    _write(path, data, mode=0o600)


def _write(path: Path, data: bytes, *, mode: int) -> None:
    temporary = path.with_name(f"{path.name}.part")
    try:
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}", advice="Free some space or check the permissions.") from error

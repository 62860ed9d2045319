"""The file that says what pseudonyms stand for: apart from the dossier, encrypted in the form of age (age-encryption.org/v1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ascertain.custody import canonical
from ascertain.errors import InputError, UsageError
from ascertain.publish._heads import keep


def write_names(out: Path, key: Mapping[str, Any], *, recipients: Sequence[str], passphrase: str | None) -> None:
    """Encrypt what the pseudonyms of an export stand for.

    Args:
        recipients: public keys (`age1...`, `ssh-ed25519 ...`) of those who may open it.
        passphrase: opens it instead, where there are no recipients.

    Raises:
        UsageError: there is something at `out` already, or a recipient is no public key.
    """
    import pyrage

    if out.exists():
        raise UsageError(f"{out} exists already", advice="Name a new file with --names.")
    try:
        if recipients:
            sealed = pyrage.encrypt(canonical(dict(key)), [_recipient(one) for one in recipients])
        else:
            sealed = pyrage.passphrase.encrypt(canonical(dict(key)), passphrase or "")
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise UsageError(f"a recipient is no public key: {error}", advice="Give a line as `age-keygen` prints it: age1...") from error
    keep(out, bytes(sealed), private=True)


def _recipient(line: str) -> Any:
    import pyrage

    return pyrage.ssh.Recipient.from_str(line) if line.startswith("ssh-") else pyrage.x25519.Recipient.from_str(line)


def open_names(file: Path, *, identity: bytes | None, passphrase: str | None) -> bytes:
    """Decrypt such a file; gives canonical JSON.

    Args:
        identity: the private key (a file of `age-keygen`, or an SSH key).

    Raises:
        InputError: it can't be read, or is for somebody else.
    """
    import pyrage

    try:
        sealed = file.read_bytes()
        if identity is None:
            return bytes(pyrage.passphrase.decrypt(sealed, passphrase or ""))
        return bytes(pyrage.decrypt(sealed, _identities(identity)))
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror}", advice="Give the file that `export --protected` wrote.") from error
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise InputError(
            f"{file} can't be opened: {error}", advice="Give the passphrase, or the private key of one of its recipients."
        ) from error


def _identities(identity: bytes) -> list[Any]:
    import pyrage

    if b"PRIVATE KEY" in identity:
        return [pyrage.ssh.Identity.from_buffer(identity)]
    lines = [line.strip() for line in identity.decode("ascii", "replace").splitlines()]
    return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]

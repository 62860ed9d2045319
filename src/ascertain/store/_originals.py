"""Originals: write-once files named by their SHA-256, on disk before they are acknowledged."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from ascertain.errors import CustodyError, StoreError


def digest_of(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def path_of(folder: Path, digest: str) -> Path:
    """Where an original lies."""
    return folder / digest[:2] / digest


def write(folder: Path, data: bytes, digest: str) -> None:
    """Write an original under its digest, file and folder synced; one that is there already is hashed and left as it is.

    Raises:
        StoreError: the disk refused.
        CustodyError: the file that is there is not what its name says.
    """
    target = path_of(folder, digest)
    if target.exists():
        read(folder, digest)
        _sync_folders(folder, target)  # it may stem from a write that was cut off before its folder was on disk
        return
    temporary = target.with_name(f".{digest}.{os.getpid()}")
    try:
        target.parent.mkdir(exist_ok=True)
        with temporary.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o444)
        temporary.rename(target)
        _sync_folders(folder, target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise StoreError(f"an original can't be written: {error.strerror}", advice="Free some space or check the permissions.") from error


def read(folder: Path, digest: str) -> bytes:
    """The bytes of an original, hashed again.

    Raises:
        CustodyError: it is missing or no longer what was preserved.
    """
    try:
        data = path_of(folder, digest).read_bytes()
    except OSError as error:
        raise CustodyError(f"the original {digest} is missing", advice=f"Restore originals/{digest[:2]}/{digest} from a copy.") from error
    found = digest_of(data)
    if found != digest:
        raise CustodyError(
            f"the original {digest} is not what was preserved (its bytes hash to {found[:12]}…)",
            advice=f"Restore originals/{digest[:2]}/{digest} from a copy.",
        )
    return data


def _sync_folders(folder: Path, target: Path) -> None:
    for place in (target.parent, folder):
        sync_folder(place)


def put_aside(folder: Path, digest: str, aside: Path) -> None:
    """Move what lies in an original's place to another folder, under its digest and the first free number.

    Raises:
        StoreError: the disk refused.
    """
    place = path_of(folder, digest)
    try:
        aside.mkdir(exist_ok=True)
        number = next(n for n in range(1, len(list(aside.iterdir())) + 2) if not (aside / f"{digest}.{n}").exists())
        with suppress(FileNotFoundError):
            place.rename(aside / f"{digest}.{number}")
    except OSError as error:
        raise StoreError(f"a damaged original can't be moved: {error.strerror}", advice="Check the permissions.") from error


def remove(folder: Path, digest: str) -> None:
    """Remove an original for good; nothing where it is gone already.

    Raises:
        StoreError: the disk refused.
    """
    place = path_of(folder, digest)
    try:
        place.unlink(missing_ok=True)
        if place.parent.is_dir():
            sync_folder(place.parent)
    except OSError as error:
        raise StoreError(f"an original can't be removed: {error.strerror}", advice="Check the permissions.") from error


def clean(folder: Path) -> None:
    """Remove what an interrupted write left behind: it was never acknowledged."""
    for left in folder.glob("??/.*"):
        left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

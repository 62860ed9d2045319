"""The signed head of the custody log, as it lies beside the case: written so that it is whole on disk, and held against the log."""

from __future__ import annotations

import os
from pathlib import Path

from ascertain.custody import MerkleTree, open_note, parse_checkpoint
from ascertain.errors import CustodyError, StoreError
from ascertain.store._originals import sync_folder


def write_head(target: Path, note: str) -> None:
    """Put a signed note in the place of the one before; it is on disk when this returns, and no kill leaves a half.

    Raises:
        StoreError: the disk refused.
    """
    temporary = target.with_suffix(".new")
    try:
        with temporary.open("wb") as out:
            out.write(note.encode())
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreError(
            f"the checkpoint can't be written: {error.strerror}", advice="Free some space or check the permissions."
        ) from error


def check_head(path: Path, verifier_key: str, tree: MerkleTree) -> list[str]:
    """Why the signed head does not hold for the log's tree; empty where it does."""
    try:
        head = parse_checkpoint(open_note(path.read_text(encoding="utf-8"), verifier_key))
    except (CustodyError, OSError, UnicodeDecodeError) as error:
        return [f"the signed checkpoint does not hold: {error}"]
    if head.size > len(tree):
        return [f"the log has {len(tree)} records, its signed head says {head.size}"]
    if tree.root(head.size) != head.root:
        return [f"the first {head.size} records of the log are not those that were signed"]
    return []

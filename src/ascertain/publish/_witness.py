"""Witnesses: another machine co-signs a head of a log only if the log goes on from the head that it signed before.

The witness's folder holds its key and for each log the key and the last head that it signed, on disk before a signature leaves. What goes
from a case to it is the request of C2SP tlog-witness (old size, proof, checkpoint), what comes back the checkpoint with its signature.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ascertain.custody import (
    Checkpoint,
    MerkleTree,
    Signer,
    consistency_holds,
    cosigned,
    open_cosignature,
    open_note,
    parse_checkpoint,
    witness_key,
)  # fmt: skip
from ascertain.errors import CustodyError, InputError, UsageError
from ascertain.publish._heads import WITNESS_ASKED, WITNESSED, keep
from ascertain.store import passphrase

if TYPE_CHECKING:
    from ascertain.store import Store

ID_DIGITS = 16


def make_witness(folder: Path, name: str) -> str:
    """Make a witness's folder and key, encrypted where the environment has a passphrase; gives its key's line.

    Raises:
        UsageError: the folder is not empty, or the name has blanks or plus signs.
    """
    if not re.fullmatch(r"[A-Za-z0-9./_-]+", name):
        raise UsageError(f"{name!r} can't be a witness's name", advice="Use letters, digits, dots, slashes, hyphens.")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", advice="Name a new folder for the witness.")
    signer = Signer.new(name)
    keep(folder / "signing.pem", signer.pem(passphrase()), private=True)
    keep(folder / "witness.key", f"{witness_key(signer)}\n".encode())
    return witness_key(signer)


def sign_head(folder: Path, request: bytes, *, trust: str | None = None, clock: Callable[[], float]) -> str:
    """Co-sign the checkpoint of a request, if its log goes on from the head that this witness signed before; gives the co-signed note.

    Args:
        trust: the log's key, the first time or after it was rotated.
        clock: seconds since 1970.

    Raises:
        UsageError: the log's key is not known, or the request begins at another head than the one signed last.
        CustodyError: the log does not go on from there, or the checkpoint is not signed by its key: nothing is signed.
    """
    old, proof, note = _opened(request)
    origin = note.partition("\n")[0]
    mine = _of_log(folder, origin)
    signer = Signer.from_pem(_read(folder / "witness.key").decode().partition("+")[0], _read(folder / "signing.pem"), passphrase())
    with _locked(folder):
        known = trust or (_read(mine.with_suffix(".key")).decode().strip() if mine.with_suffix(".key").exists() else None)
        if known is None:
            raise UsageError(f"this witness does not know the key of {origin}", advice="Get it by another way and give it with --trust.")
        head = parse_checkpoint(open_note(note, known))
        if head.origin != known.partition("+")[0]:
            raise CustodyError("the checkpoint is of another log than its key", advice="Nothing is signed; check the key.")
        last = mine.with_suffix(".checkpoint")
        before = parse_checkpoint(_read(last).decode().partition("\n\n")[0] + "\n") if last.exists() else Checkpoint(origin, 0, b"")
        if old != before.size:
            raise UsageError(
                f"this witness signed {before.size} records of {origin}, the request goes on from {old}", advice=f"--since {before.size}"
            )
        if not consistency_holds(old=before.size, new=head.size, old_root=before.root, new_root=head.root, proof=proof):
            raise CustodyError(
                f"{origin} does not go on from the {before.size} records that this witness signed: its history was changed, or cut",
                advice="Nothing is signed. Keep the request: it proves that there are two histories.",
            )
        keep(mine.with_suffix(".key"), f"{known}\n".encode())
        keep(last, note.encode())  # before the signature leaves: this witness never signs two histories
        return cosigned(signer, note, int(clock()))


def key_of_witness(folder: Path) -> str:
    """The line of the key in a witness's folder."""
    return _read(folder / "witness.key").decode().strip()


def signed_before(folder: Path, origin: str) -> int:
    """How many records of a log this witness has signed."""
    last = _of_log(folder, origin).with_suffix(".checkpoint")
    return int(_read(last).split(b"\n")[1]) if last.exists() else 0


def _of_log(folder: Path, origin: str) -> Path:
    """Where a witness keeps what it knows of a log, but for the suffix."""
    return folder / "logs" / sha256(origin.encode()).hexdigest()[:ID_DIGITS]


def _opened(request: bytes) -> tuple[int, list[bytes], str]:
    """The parts of a request: old size, proof, checkpoint with one signature."""
    try:
        start, _, note = request.decode().partition("\n\n")
        first, *steps = start.split("\n")
        found = re.fullmatch(r"old (0|[1-9][0-9]*)", first)
        if found is None or note.count("\n") != 5 or not note.endswith("\n"):  # three lines, an empty one, one signature
            raise ValueError("another form")
        return int(found[1]), [base64.b64decode(step, validate=True) for step in steps], note
    except (ValueError, binascii.Error) as error:
        raise InputError("the file is no request to a witness", advice="Make one with `ascertain witness ask`.") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}", advice="Make a witness with `ascertain witness init`.") from error


# --- the case's side


def ask_witness(store: Store, out: Path, *, since: int | None = None) -> int:
    """Write a request to co-sign the log's head; gives the number of records that it covers.

    Args:
        since: how many records the witness signed before; None: as many as the last signature that the case keeps.

    Raises:
        UsageError: there is something at `out` already, or `since` is more than there is.
    """
    if out.exists():
        raise UsageError(f"{out} exists already", advice="Name a new file.")
    witnessed = [e.record["parameters"]["size"] for e in store.log_entries() if e.record["action"] == WITNESSED]
    old = since if since is not None else max(witnessed, default=0)
    note, tree = store.checkpoint(), MerkleTree(store.log_leaves())
    if not 0 <= old <= len(tree):
        raise UsageError(f"the log has {len(tree)} records, not {old}", advice="Give --since as the witness told it.")
    proof = "".join(base64.b64encode(step).decode() + "\n" for step in tree.consistency(old))
    keep(store.folder / "heads" / str(len(tree)) / "checkpoint", note.encode())
    store.record(WITNESS_ASKED, sha256(note.encode()).hexdigest(), size=len(tree), old=old)
    store.checkpoint()
    keep(out, f"old {old}\n{proof}\n{note}".encode())
    return len(tree)


def keep_witness(store: Store, file: Path, *, key: str | None = None) -> tuple[str, int, str]:
    """Keep a witness's signature of an earlier head; gives the witness's name, the number of records and the time.

    Args:
        key: the witness's key line, the first time.

    Raises:
        UsageError: the witness's key is not known.
        CustodyError: the signature does not hold, or another key of this witness is known.
        InputError: the file is no co-signed head of this case.
    """
    try:
        whole = file.read_text(encoding="utf-8")
        size, line = int(whole.split("\n")[1]), whole.rstrip("\n").rpartition("\n")[2]
        note = (store.folder / "heads" / str(size) / "checkpoint").read_text(encoding="utf-8")
    except (OSError, ValueError, IndexError) as error:
        raise InputError(f"{file} can't be read as a co-signed checkpoint", advice="Give what `ascertain witness sign` wrote.") from error
    if whole != f"{note}{line}\n":
        raise InputError(f"{file} is not about a head of this case", advice="Give the witness's answer to a request of this case.")
    keys = _witnesses(store)
    name = line.split(" ")[1] if line.count(" ") else ""
    known = keys.get(name, key)
    if known is None:
        raise UsageError(f"the key of the witness {name} is not known", advice="Give it with --witness, as the witness told it.")
    if key not in {None, known}:
        raise CustodyError(f"another key of the witness {name} is known", advice="Ask the witness; a new key needs a new name.")
    found = open_cosignature(note, line, known)
    when = _shown(found.seconds)
    keep(store.folder / "heads" / "witnesses", "".join(f"{one}\n" for _, one in sorted((keys | {name: known}).items())).encode())
    target = store.folder / "heads" / str(size) / "cosigned"
    before = target.read_text(encoding="utf-8") if target.exists() else note
    if line not in before.split("\n"):
        keep(target, f"{before}{line}\n".encode())
    answer = sha256(f"{line}\n".encode()).hexdigest()  # nobody knows it before the witness signs: what the log has later came later
    if not _recorded(store, size, name, answer=answer):  # a kill may have come between the file and its record
        store.record(WITNESSED, sha256(note.encode()).hexdigest(), size=size, witness=name, key=found.fingerprint, time=when, answer=answer)
        store.checkpoint()
    return name, size, when


def _recorded(store: Store, size: int, witness: str, *, answer: str) -> bool:
    """Whether the log knows of a witness's signature of a head; records of earlier versions do not name the signature."""
    kept = (entry.record["parameters"] for entry in store.log_entries() if entry.record["action"] == WITNESSED)
    return any((about["size"], about["witness"], about.get("answer", answer)) == (size, witness, answer) for about in kept)


def _witnesses(store: Store) -> dict[str, str]:
    """The keys of the witnesses that the case knows, by name."""
    path = store.folder / "heads" / "witnesses"
    return {line.partition("+")[0]: line for line in path.read_text(encoding="utf-8").splitlines()} if path.exists() else {}


def _shown(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError) as error:
        raise InputError("the witness's time is none", advice="Ask the witness again, with its clock set right.") from error

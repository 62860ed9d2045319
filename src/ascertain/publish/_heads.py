"""Heads of the custody log that others see: stamped by an authority (RFC 3161), co-signed by witnesses; carried there and back by hand.

A case's folder `heads` has a folder for each such head, named by its number of records: `checkpoint` as it was signed, and for each
request `NAME.tsq`, its answer `NAME.tsr` and where they were given the authority's certificates `NAME.pem`; `cosigned` is the checkpoint with the signatures of witnesses, whose keys stand in `witnesses`. The custody log says what was
asked, answered and refused; what stands in it alone counts.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import attrs

from ascertain.custody import Stamp, read_stamp, stamp_request
from ascertain.errors import CustodyError, InputError, StoreError, UsageError

if TYPE_CHECKING:
    from ascertain.store import Store

ASKED, STAMPED, FAILED = "stamp asked", "stamped", "stamp failed"
WITNESS_ASKED, WITNESSED = "witness asked", "witnessed"
OURS = {ASKED, STAMPED, FAILED, WITNESS_ASKED, WITNESSED}  # actions that are no reason for another stamp
NAME_DIGITS, MAX_ANSWER_BYTES = 16, 1 << 20  # the longest answers, with chains and lists of revoked ones, have some 20 kB
README = """Requests for time stamps (RFC 3161). Where there is a network, for each file NAME.tsq:

  curl -sS -H 'Content-Type: application/timestamp-query' --data-binary @NAME.tsq AUTHORITY > NAME.tsr

Carry the .tsr files back, in one ZIP or one by one, and give each to `ascertain stamp CASE --in FILE`.
A request holds a digest and a random number, nothing of the case.
"""


@attrs.frozen
class StampRequest:
    """One request and what came of it.

    Attributes:
        name: of its files.
        size: number of records that the head covers.
        state: `waiting`, `stamped` or `failed` (it can still be answered).
        time, authority: what the stamp says; `answer` its digest.
        reason: why it failed.
    """

    name: str
    size: int
    asked_at: str
    request: str
    state: str = "waiting"
    time: str | None = None
    authority: str | None = None
    answer: str | None = None
    reason: str | None = None


def stamp_requests(store: Store) -> tuple[StampRequest, ...]:
    """All requests with their states, in order, from the custody log."""
    found: dict[str, StampRequest] = {}
    for entry in store.log_entries():
        about, action = entry.record["parameters"], entry.record["action"]
        if action == ASKED:
            found[about["request"]] = StampRequest(about["request"][:NAME_DIGITS], about["size"], entry.record["time"], about["request"])
        elif action == STAMPED:
            found[about["request"]] = attrs.evolve(
                found[about["request"]],
                state="stamped",
                time=about["time"],
                authority=about["authority"],
                answer=about["answer"],
                reason=None,
            )
        elif action == FAILED:
            found[about["request"]] = attrs.evolve(found[about["request"]], state="failed", reason=about["reason"])
    return tuple(found.values())


def ask_stamp(store: Store) -> StampRequest | None:
    """Make a request for the log's head; None where no record but those about stamps came since the last."""
    earlier = stamp_requests(store)
    since = earlier[-1].size if earlier else 0
    if all(entry.record["action"] in OURS for entry in list(store.log_entries())[since:]):
        return None
    note = store.checkpoint().encode()
    size = int(note.split(b"\n")[1])
    digest, request = sha256(note), stamp_request(sha256(note).digest(), int.from_bytes(os.urandom(8), "big") | 1 << 62)
    name = sha256(request).hexdigest()
    folder = store.folder / "heads" / str(size)
    keep(folder / "checkpoint", note)
    keep(folder / f"{name[:NAME_DIGITS]}.tsq", request)
    store.record(ASKED, digest.hexdigest(), request=name, size=size)
    store.checkpoint()
    return stamp_requests(store)[-1]


def write_courier(store: Store, out: Path) -> int:
    """Write the requests that have no stamp into one ZIP, with a page that says what to do; gives their number.

    Raises:
        UsageError: there is something at `out` already, or nothing to carry.
    """
    unanswered = [one for one in stamp_requests(store) if one.state != "stamped"]
    if out.exists():
        raise UsageError(f"{out} exists already", advice="Name a new file.")
    if not unanswered:
        raise UsageError("no request waits for a stamp", advice="`ascertain stamp CASE` makes one when the log has grown.")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("README.txt"), README)
        for one in unanswered:
            archive.writestr(zipfile.ZipInfo(f"{one.name}.tsq"), _kept(store, one, "tsq"))
    keep(out, made.getvalue())
    return len(unanswered)


def take_stamps(store: Store, file: Path, *, roots: bytes | None = None) -> tuple[StampRequest, ...]:
    """Take answers in: a ZIP with them, or one; gives the requests that they answer, stamped or failed with the reason in the log.

    Args:
        roots: the authority's certificates, PEM; they are kept, and each stamp has to lead to them.

    Raises:
        InputError: the file can't be read, or holds no answer to a request of this case.
    """
    taken: list[str] = []
    if roots is not None:
        _check_certificates(roots)
    for name, answer in _answers(file):
        unanswered = {one.name: one for one in stamp_requests(store) if one.state != "stamped"}
        named = unanswered.get(PurePosixPath(name).stem)
        for one in (named,) if named else unanswered.values():
            if _take(store, one, answer, roots, told=named is not None):
                taken.append(one.request)
                break
    if not taken:
        raise InputError(f"{file} holds no answer to a request that waits", advice="`ascertain status CASE` lists the requests.")
    store.checkpoint()
    return tuple(one for one in stamp_requests(store) if one.request in taken)


def _check_certificates(roots: bytes) -> None:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        load_pem_x509_certificates(roots)
    except ValueError as error:
        raise InputError("the authority's certificates can't be read", advice="Give them as PEM.") from error


def _take(store: Store, one: StampRequest, answer: bytes, roots: bytes | None, *, told: bool) -> bool:
    """Keep an answer or, where its name told which request it answers, its failure; gives whether something was kept."""
    digest = sha256(_kept(store, one, "tsq", beside="checkpoint")).hexdigest()
    try:
        stamp: Stamp = read_stamp(answer, _kept(store, one, "tsq"), roots=roots)
    except CustodyError as error:
        if told:
            store.record(FAILED, digest, request=one.request, reason=str(error))
        return told
    folder = store.folder / "heads" / str(one.size)
    if roots is not None:
        keep(folder / f"{one.name}.pem", roots)
    keep(folder / f"{one.name}.tsr", answer)
    store.record(
        STAMPED, digest, request=one.request, answer=sha256(answer).hexdigest(), time=stamp.time, authority=stamp.authority,
        trusted=stamp.trusted,
    )  # fmt: skip
    return True


def _answers(file: Path) -> Iterator[tuple[str, bytes]]:
    """The answers in a ZIP, or the one that the file is, by name."""
    try:
        data = file.read_bytes()
        if not zipfile.is_zipfile(io.BytesIO(data)):
            yield file.name, data
            return
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.filename.endswith(".tsr"):
                    with archive.open(info) as member:
                        yield info.filename, member.read(MAX_ANSWER_BYTES)
    except (
        OSError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:  # also packed or encrypted in an unknown way
        raise InputError(f"{file} can't be read: {error}", advice="Give a ZIP with .tsr files, or one of them.") from error


def head_files(store: Store) -> Iterator[tuple[str, bytes]]:
    """What goes into a dossier, by path below `data`: heads that others saw, with requests, answers, certificates, signatures and keys.

    Raises:
        CustodyError: a stamp is not the one that the log names, or a file is missing.
    """
    stamped = [one for one in stamp_requests(store) if one.state == "stamped"]
    witnessed = {e.record["parameters"]["size"] for e in store.log_entries() if e.record["action"] == WITNESSED}
    folder = store.folder / "heads"
    for size in sorted(witnessed | {one.size for one in stamped}):
        for name in ("checkpoint", *(("cosigned",) if size in witnessed else ())):
            yield f"heads/{size}/{name}", _bytes(folder / str(size) / name)
    for one in stamped:
        for kind in ("tsq", "tsr"):
            yield f"heads/{one.size}/{one.name}.{kind}", _kept(store, one, kind)
        if (folder / str(one.size) / f"{one.name}.pem").exists():
            yield f"heads/{one.size}/{one.name}.pem", _kept(store, one, "pem")
    if witnessed:
        yield "keys/witnesses", _bytes(folder / "witnesses")


def problems_of_heads(store: Store) -> list[str]:
    """A sentence for each file of a stamp that is not what the log names."""
    try:
        for _ in head_files(store):
            pass
    except CustodyError as error:
        return [str(error)]
    return []


def _kept(store: Store, one: StampRequest, kind: str, *, beside: str | None = None) -> bytes:
    """The bytes of a request's file (or of one beside it), against the log's digest where it has one."""
    path = store.folder / "heads" / str(one.size) / (beside or f"{one.name}.{kind}")
    data = _bytes(path)
    digest = {"tsq": one.request, "tsr": one.answer}.get(kind) if beside is None else None
    if digest is not None and sha256(data).hexdigest() != digest:
        raise CustodyError(f"heads/{one.size}/{path.name} is not what the custody log names", advice="Restore it from a copy.")
    return data


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CustodyError(f"{path.parent.name}/{path.name} can't be read: {error.strerror}", advice="Restore it from a copy.") from error


def keep(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file, on disk when this returns; a private one is its owner's only.

    Raises:
        StoreError: the disk refused.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        for folder in (path.parent, path.parent.parent):
            handle = os.open(folder, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}", advice="Free some space or check the permissions.") from error

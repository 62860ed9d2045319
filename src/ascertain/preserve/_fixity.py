"""Fixity: hash everything again, say what is damaged, what else proves it, and where a copy lies; put copies back.

A check that is cut short goes on where it stood: the digests that held are kept in the case's file `check.partial` until the check ends.
A copy needs no trust: it is one only if it hashes to the original's digest.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

import attrs

from ascertain.custody import MerkleTree, parse_checkpoint
from ascertain.errors import CustodyError, InputError
from ascertain.records import Capture

if TYPE_CHECKING:
    from ascertain.store import Store

PARTIAL = "check.partial"
CHECK_SCHEMA = "ascertain/check/1"


@attrs.frozen
class Damage:
    """An original that is missing or no longer what was preserved.

    Attributes:
        says: what is wrong.
        paths: the names under which it came in.
        proves: what still speaks for it, a sentence each.
        copy: where the same bytes lie; None where none of the given places has them.
        restored: the copy was put back.
    """

    original: str
    says: str
    paths: tuple[str, ...]
    proves: tuple[str, ...]
    copy: str | None = None
    restored: bool = False


@attrs.frozen
class Fixity:
    """How a check ended.

    Attributes:
        originals: all of the case; `again` of them were hashed by this run, the others by the run that it goes on with.
        problems: records and log: a sentence for each thing that does not hold.
        earlier: number of records in the earlier checkpoint from which the log goes on; None where none was given, or it does not.
    """

    originals: int
    again: int
    damages: tuple[Damage, ...] = ()
    problems: tuple[str, ...] = ()
    earlier: int | None = None
    schema: str = CHECK_SCHEMA

    @property
    def holds(self) -> bool:
        """Whether everything holds now."""
        return not self.problems and all(damage.restored for damage in self.damages)


def check_fixity(
    store: Store, *, copies: Sequence[Path], restore: bool, progress: Callable[[int, int], None], earlier: Path | None = None
) -> Fixity:
    """Hash every original, record and the log again.

    Args:
        copies: other cases and dossiers (folder or ZIP) in which copies are looked for.
        restore: put found copies in the place of what is damaged; what lay there is kept in the case's folder `damaged/`.
        earlier: a checkpoint of this log that left the machine before: the log has to go on from it.

    Raises:
        InputError: one of `copies` is neither a case nor a dossier, or `earlier` can't be read.
    """
    head = _read_checkpoint(earlier) if earlier is not None else None
    finders = [(path, _finder(path)) for path in copies]
    originals, partial = store.originals(), store.folder / PARTIAL
    held = _held(partial)
    damages, again = [], 0
    with partial.open("a", encoding="ascii") as notes:
        for number, digest in enumerate(originals, start=1):
            if digest not in held:
                again += 1
                damage = _look_at(store, digest, finders, restore=restore)
                if damage is None or damage.restored:
                    _note(notes, digest)
                damages += [damage] if damage is not None else []
            progress(number, len(originals))
    partial.unlink()
    problems = (*store.check_log(), *store.check_index(), *(_not_gone_on(store, head) if head is not None else ()))
    restored = sum(damage.restored for damage in damages)
    store.record("checked", "case", originals=len(originals), damaged=len(damages), restored=restored, problems=len(problems))
    store.checkpoint()
    since = int(head.split("\n")[1]) if head is not None and not _not_gone_on(store, head) else None
    return Fixity(len(originals), again, tuple(damages), problems, since)


def _read_checkpoint(path: Path) -> str:
    try:
        note = path.read_text(encoding="utf-8")
        parse_checkpoint(note.partition("\n\n")[0] + "\n")
    except (OSError, UnicodeDecodeError, CustodyError) as error:
        raise InputError(
            f"{path} can't be read as a checkpoint: {error}", advice="Give a copy of the case's file `checkpoint`, or a dossier's."
        ) from error
    return note


def _not_gone_on(store: Store, note: str) -> tuple[str, ...]:
    """What is wrong if the log does not go on from an earlier checkpoint; its signature is not needed, since the reader kept it."""
    head, tree = parse_checkpoint(note.partition("\n\n")[0] + "\n"), MerkleTree(store.log_leaves())
    if head.origin != store.signer:
        return (f"the earlier checkpoint is of {head.origin}, not of {store.signer}",)
    if head.size > len(tree):
        return (f"the earlier checkpoint has {head.size} records, the log {len(tree)}: it was cut",)
    if head.root != tree.root(head.size):
        return (f"the first {head.size} records of the log are not those of the earlier checkpoint: the log was written anew",)
    return ()


def _held(partial: Path) -> frozenset[str]:
    """Digests that held in a check that was cut short; a line that was being written then is no digest."""
    try:
        return frozenset(line for line in partial.read_text(encoding="ascii").splitlines() if len(line) == 64)
    except FileNotFoundError:
        return frozenset()


def _note(notes: IO[str], digest: str) -> None:
    notes.write(f"{digest}\n")
    notes.flush()


def _look_at(store: Store, digest: str, finders: Sequence[tuple[Path, Callable[[str], bytes | None]]], *, restore: bool) -> Damage | None:
    try:
        store.original_bytes(digest)
    except CustodyError as error:
        captures = store.captures(digest)
        found = Damage(digest, str(error), tuple(dict.fromkeys(c.path for c in captures)), tuple(_proofs(store, digest, captures)))
    else:
        return None
    for place, find in finders:
        data = find(digest)
        if data is not None:
            if restore:
                store.restore_original(data, digest, source=place.name)
            return attrs.evolve(found, copy=str(place), restored=restore)
    return found


def _proofs(store: Store, digest: str, captures: Sequence[Capture]) -> Iterator[str]:
    """What of the case still speaks for an original."""
    for entry in store.log_entries():
        if entry.record["action"] == "collected" and entry.record["object"] == digest:
            size = entry.record["parameters"]["size"]
            yield f"record {entry.index} of the custody log: collected {entry.record['time']}, {size} bytes with this SHA-256"
        elif entry.record["action"] == "exported":
            yield f"record {entry.index} of the custody log: a dossier left on {entry.record['time']}; what was in the case then is in it"
    for capture in captures:
        if capture.parent:
            yield f"it came out of {capture.parent}, which lies in this case: parsing that again gives it"
    if store.document(digest) is not None:
        yield "its text is kept, with its digest in the log" + (" and a reading of it" if store.reading(digest) is not None else "")


def _finder(path: Path) -> Callable[[str], bytes | None]:
    """How a copy is looked for in another case or a dossier; what does not hash to the digest is none."""

    def checked(load: Callable[[str], bytes]) -> Callable[[str], bytes | None]:
        def find(digest: str) -> bytes | None:
            try:
                data = load(digest)
            except (OSError, KeyError, zipfile.BadZipFile):
                return None
            return data if sha256(data).hexdigest() == digest else None

        return find

    if (path / "originals").is_dir():
        return checked(lambda digest: (path / "originals" / digest[:2] / digest).read_bytes())
    if (path / "data" / "originals").is_dir():
        return checked(lambda digest: (path / "data" / "originals" / digest).read_bytes())
    if zipfile.is_zipfile(path):
        return checked(lambda digest: _member(path, f"data/originals/{digest}"))
    raise InputError(f"{path} is neither a case nor a dossier", advice="Give the folder of a case, or a dossier's folder or ZIP.")


def _member(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)

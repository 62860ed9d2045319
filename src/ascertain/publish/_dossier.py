"""Export a case as a dossier.

In this order:

1. Everything that is known by its digest, the report and the descriptions are written beside the target, hashed and put on disk.
2. The log records the export with the digest of the list of these files. This record is the log's last one.
3. The checkpoint that covers it is signed; log, proofs and the bag's manifests are written.
4. The whole is verified as a stranger would, and only then given its name.

An export that is cut short leaves a folder whose name begins with a dot; the next export to the same target clears it away. If it was cut
short after step 2, the log says that an export was made which nobody has: the safe side. `docs/specs/dossier.md` is the form.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from ascertain.errors import CustodyError, StoreError, UsageError
from ascertain.publish._bag import Bag, pack, place
from ascertain.publish._crate import BAGIT, About, bag_info, crate, readme
from ascertain.publish._derived import add_derived
from ascertain.publish._heads import head_files
from ascertain.publish._proof import log_files, pem
from ascertain.publish.verify import CONTENTS, KEY, PAYLOAD, SCHEMA, listing
from ascertain.publish.verify_parts import check, shipped
from ascertain.store import Protection, Store

Objects = dict[tuple[str, str, str], list[str]]
LINES = {"captures": ("capture", "original"), "outcomes": ("outcome", "original"), "decisions": ("decision", "target")}


def export_dossier(store: Store, out: Path, *, report: Callable[[Path], None], generated_at: str, tool: str) -> Path:
    """Write the dossier of a whole case.

    Args:
        out: a new folder, or a new file whose name ends in `.zip`.
        report: writes the report for people into a folder.
        generated_at: time of the export, ISO 8601 UTC.
        tool: name and version of what exports.

    Raises:
        UsageError: there is something at `out` already.
        CustodyError: the case is not what its log says; nothing is written.
        StoreError: the disk refused.
    """
    about = About(" ".join(store.name.split()), store.signer, store.key_fingerprint, generated_at, tool, keeper=store.collector)

    def make(bag: Bag) -> None:
        _fill(store, bag, about, report=report)

    return export_beside(store, out, make)


def export_beside(store: Store, out: Path, make: Callable[[Bag], None]) -> Path:
    """Let a bag be filled beside its target, on disk and verified before it gets its name.

    Args:
        make: fills the bag and closes it.

    Raises:
        UsageError, CustodyError, StoreError: as `export_dossier`.
    """
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} exists already", advice="Name a new file or folder: a dossier is never written over.")
    problems = store.check()
    if problems:
        raise CustodyError(f"the case can't be exported: {problems[0]}", advice="`ascertain status CASE --check` lists what does not hold.")
    scratch = out.with_name(f".{out.name}.unfinished")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear(scratch)
        scratch.mkdir()
        bag = Bag(scratch / "bag")
        make(bag)
        made = bag.folder
        if out.suffix == ".zip":
            made = scratch / "dossier.zip"
            pack(bag, made)
        _confirm(made, store.key_fingerprint)
        place(made, out)
        _clear(scratch)
    except OSError as error:
        raise StoreError(
            f"the dossier can't be written: {error.strerror or error}", advice="Free some space or check the permissions."
        ) from error
    return out


def _clear(scratch: Path) -> None:
    if scratch.exists():
        shutil.rmtree(scratch)


def _fill(store: Store, bag: Bag, about: About, *, report: Callable[[Path], None]) -> None:
    """Write everything of a whole case into a bag, record the export, and close it."""
    Protection(store).refuse_unreleased(None)  # asked again when the export is recorded; here before anything is written
    objects = write_objects(store, bag)
    for _, record in store.recorded("findings"):
        _write(bag, objects, ("findings", "findings"), "data/incidents.json", record)
    report(bag.folder / "data" / "report")
    bag.adopt("data/report")
    for path, data in head_files(store):
        bag.add(f"{PAYLOAD}{path}", data)
    add_derived(bag, store.log_leaves())
    captures: list[dict[str, Any]] = [msgspec.json.decode(record) for _, record in store.recorded("capture")]
    describe(store, bag, about, captures)
    bag.sync()
    _seal(store, bag, objects, about)


def _confirm(made: Path, key: str) -> None:
    """What would not verify never gets its name."""
    found = check(made, key=key)
    if found.status != 0:
        problem = found.problems[0]
        stale = (
            "Run `ascertain run CASE`, then export again." if problem.layer == "facts" else "`ascertain status CASE --check` may tell why."
        )
        raise CustodyError(f"the dossier would not verify: {problem.file} {problem.says}", advice=stale)


def write_objects(store: Store, bag: Bag, *, keep: Callable[[str, str], bool] = lambda _kind, _key: True) -> Objects:
    """Everything that the log knows by its digest but the findings, each as the bytes that were hashed.

    Args:
        keep: whether a thing goes in: by its kind and by its original's digest, a decision by its id.
    """
    objects: Objects = {}
    for digest in filter(partial(keep, "original"), store.originals()):
        _write(bag, objects, ("original", digest), f"data/originals/{digest}", store.original_bytes(digest))
    for name, (kind, key) in LINES.items():
        records = [record for owner, record in store.recorded(kind) if keep(kind, owner)]
        path = f"data/{name}.jsonl"
        bag.add(path, (record + b"\n" for record in records))
        for number, record in enumerate(records, start=1):
            objects.setdefault((kind, msgspec.json.decode(record)[key], _digest(record)), []).append(f"{path}#{number}")
    for key, record in store.recorded("document"):
        if keep("document", key):
            _write(bag, objects, ("document", key), f"data/documents/{key}.json", record)
            text = msgspec.json.decode(record)["text"].encode("utf-8", "surrogatepass")
            _write(bag, objects, ("text", key), f"data/texts/{key}.txt", text)
    for key, record in store.recorded("reading"):
        if keep("reading", key):
            _write(bag, objects, ("reading", key), f"data/readings/{key}.json", record)
    return objects


def _write(bag: Bag, objects: Objects, known: tuple[str, str], path: str, data: bytes) -> None:
    bag.add(path, data)
    objects.setdefault((*known, bag.digests[path]), []).append(path)


def _digest(record: bytes) -> str:
    return sha256(record).hexdigest()


def describe(store: Store, bag: Bag, about: About, captures: Sequence[Mapping[str, Any]]) -> None:
    """Add the key, the descriptions and the verifiers; `captures` are those that are in the bag."""
    payload = {path.removeprefix("data/"): (digest, bag.sizes[path]) for path, digest in bag.digests.items()}
    bag.add(KEY, (store.verifier_key + "\n").encode())
    bag.add("data/keys/signer.pem", pem(store.verifier_key))
    bag.add("data/ro-crate-metadata.json", crate(about, payload, captures))
    bag.add("README.txt", readme(about))
    bag.add("bag-info.txt", bag_info(about))
    bag.add("bagit.txt", BAGIT)
    for name in ("verify.py", "verify.sh", "verify.html", "derive.py"):
        part = name == "verify.py" and about.scope != "whole"
        bag.add(name, shipped() if part else files("ascertain.publish").joinpath(name).read_bytes())


def _seal(store: Store, bag: Bag, objects: Objects, about: About) -> None:
    """Record the export, sign the log's head, and write what follows from it."""
    contents = listing(bag.digests)
    digest = _digest(contents)
    Protection(store).record_export(
        None, schema=SCHEMA, scope="whole", contents=digest, files=len(bag.digests), bytes=sum(bag.sizes.values()), tool=about.tool
    )
    bag.add(CONTENTS, contents)
    checkpoint = store.checkpoint()
    for path, data in log_files(store.log_leaves(), checkpoint=checkpoint, objects=objects):
        bag.add(path, data)
    bag.close()

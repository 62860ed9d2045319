"""Seeded changes of a small dossier, over every kind of record: each has to be found, and the right file or record named.

MUTATIONS=2000 makes a quick run (20,000 by default), SEED another one. `flip`, `insert`, `truncate`, `duplicate`, `drop`, `reorder`, `replay`
(from another case), `back-date` and `swap keys` are drawn for a kind of record first, so that rare kinds are tried as often as common ones;
then how far the forger goes on: not at all, manifests made anew, the signed list made anew as well. Untouched dossiers are those of a
case that grows, in both forms. What is missed is written to standard error.
"""

from __future__ import annotations

import base64
import hashlib
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from ascertain.custody import Signer
from ascertain.publish import ask_witness, keep_witness, make_witness, sign_head, verify
from ascertain.publish.verify import CHECKPOINT, CONTENTS, KEY, LEAVES, MANIFEST, PAYLOAD, TAGMANIFEST, is_covered, listing
from ascertain.records import DecisionKind
from ascertain.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import dossiers  # the case that the tests of dossiers use

MUTATIONS, SEED = int(os.environ.get("MUTATIONS", "20000")), int(os.environ.get("SEED", "1"))
UNTOUCHED_SHARE, GROWN = 20, 25  # one untouched check for so many mutations; dossiers of the growing case
LINED = (LEAVES, CONTENTS, "data/log/proofs.jsonl", "data/captures.jsonl", "data/outcomes.jsonl", "data/decisions.jsonl")
NUMBERED = LINED[3:]
FALSE = 4  # the exit status of a dossier in which something is false
DATE = re.compile(rb"20\d\d-\d\d-\d\dT")
PEM = "data/keys/signer.pem"
Files = dict[str, bytes]


class Target(NamedTuple):
    """One record: its kind, its file, its line in it (None where the file is the record)."""

    kind: str
    name: str
    line: int | None = None


class Scene:
    """A dossier, its records by kind, and one of another case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with dossiers.a_case(folder / "case") as store:
            store.record("viewed", "report", protect_names=True)
            document = store.documents()[0].id
            store.add_decision(dossiers.a_decision(3, "Cleo", document, DecisionKind.REFUTE))
            store.add_decision(dossiers.a_decision(4, "Cleo", document, DecisionKind.UNDO, target="decision-3"))
            store.rotate_key(reason="a new laptop", revoked=False)
            store.record("restored", store.originals()[0], source="a copy")
            dossiers.export(store, folder / "earlier.zip")
            witnessed(store, folder)
            self.files = dossiers.load(dossiers.export(store, folder / "dossier"))
            self.key = store.key_fingerprint
        with dossiers.a_case(folder / "other", filled=False) as store:
            store.record("something", "else")
            dossiers.fill(store)
            self.other = dossiers.load(dossiers.export(store, folder / "other-dossier"))
        self.kinds: dict[str, list[Target]] = {}
        for target in targets_of(self.files):
            self.kinds.setdefault(target.kind, []).append(target)

    def check(self, files: Mapping[str, bytes], *, form: str, key: str | None) -> verify.Verifier:
        """Verify files as a folder (``""``) or as an archive."""
        path = self.folder / f"changed{form}"
        if path.is_dir():
            shutil.rmtree(path)
        return verify.check(dossiers.save(files, path), key=key)


def witnessed(store: Store, folder: Path) -> None:
    """Have a witness co-sign the log's head."""
    key = make_witness(folder / "witness", "witness.example")
    ask_witness(store, folder / "request")
    note = sign_head(folder / "witness", (folder / "request").read_bytes(), trust=store.verifier_key, clock=lambda: 1_800_000_000)
    (folder / "answer").write_text(note, encoding="utf-8")
    keep_witness(store, folder / "answer", key=key)


def targets_of(files: Mapping[str, bytes]) -> list[Target]:
    """Every record of a dossier."""
    found = []
    for name, data in files.items():
        if name not in LINED:
            parts = name.removeprefix("data/").split("/")
            found.append(Target("tile" if "/tile/" in name else parts[0] if len(parts) > 1 and parts[0] != "log" else parts[-1], name))
            continue
        for number, line in enumerate(data.splitlines()):
            kind = f"log {msgspec.json.decode(line)['action']}" if name == LEAVES else name.rpartition("/")[2]
            found.append(Target(kind, name, number))
    return found


# --- the changes: each gives the changed files of a target, None for a file that goes


def mutate_bytes(data: bytes, how: str, rng: random.Random, *, other: bytes) -> bytes:
    """One record's bytes, changed."""
    at = rng.randrange(len(data) or 1)
    if how == "flip":
        return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :] if data else b"\0"
    return {
        "insert": data[:at] + bytes([rng.randrange(256)]) + data[at:],
        "truncate": data[:at],
        "replay": other,
        "back-date": DATE.sub(lambda found: b"1999" + found[0][4:], data, count=rng.randint(1, 3)),
    }[how]


def mutate_line(files: Files, scene: Scene, target: Target, how: str, rng: random.Random) -> Files:
    """Change one line of a file, or its place among the others."""
    lines, at = files[target.name].split(b"\n")[:-1], target.line or 0
    foreign = scene.other[target.name].split(b"\n")[:-1]
    another = rng.randrange(len(lines))
    if how == "reorder":
        lines[at], lines[another] = lines[another], lines[at]
    elif how == "drop":
        del lines[at]
    elif how == "duplicate":
        lines.insert(another, lines[at])
    elif how == "insert":
        lines.insert(at, rng.choice(foreign))
    else:
        lines[at] = mutate_bytes(lines[at], how, rng, other=rng.choice(foreign))
    return {target.name: b"".join(line + b"\n" for line in lines)}


def mutate_file(files: Files, scene: Scene, target: Target, how: str, rng: random.Random) -> dict[str, bytes | None]:
    """Change a file that is one record, or its name."""
    name = target.name
    if how == "drop":
        return {name: None}
    if how == "duplicate":
        return {name: files[name] * 2} if rng.random() < 1 / 2 else {f"{name}.{rng.randrange(9)}": files[name]}
    if how == "reorder":
        another = rng.choice(sorted(files.keys() - {MANIFEST, TAGMANIFEST}))
        return {name: files[another], another: files[name]}
    other = scene.other.get(name) or rng.choice(sorted(scene.other.values()))
    return {name: mutate_bytes(files[name], how, rng, other=other)}


def swap_keys(files: Files, scene: Scene, rng: random.Random) -> Files:
    """Put another key in the place of the signer's, in one of its places or in all."""
    signer = Signer.new(files[CHECKPOINT].decode().split("\n")[0])
    body = files[CHECKPOINT].decode().partition("\n\n")[0] + "\n"
    old = next(iter(re.findall(rb'"key":"([0-9a-f]{64})"', files[LEAVES])[-1:]))
    raw = base64.b64decode(signer.verifier_key.split("+", 2)[2])[1:]
    swapped = {
        KEY: signer.verifier_key.encode() + b"\n",
        CHECKPOINT: signer.sign(body).encode(),
        PEM: scene.other[PEM],
        LEAVES: files[LEAVES].replace(old, hashlib.sha256(raw).hexdigest().encode()),
    }
    return {name: swapped[name] for name in rng.sample(sorted(swapped), rng.randint(1, 4))}


def remade(files: Mapping[str, bytes], *, contents: bool) -> Files:
    """The same files with new manifests, and where `contents` is set with a new list of contents."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    made = dict(files)
    if contents:
        made[CONTENTS] = listing({name: digest for name, digest in digests.items() if is_covered(name)})
        digests[CONTENTS] = hashlib.sha256(made[CONTENTS]).hexdigest()
    made[MANIFEST] = listing({name: digest for name, digest in digests.items() if name.startswith(PAYLOAD)})
    digests[MANIFEST] = hashlib.sha256(made[MANIFEST]).hexdigest()
    made[TAGMANIFEST] = listing({n: digest for n, digest in digests.items() if not n.startswith((PAYLOAD, TAGMANIFEST))})
    return made


# --- what the verifier has to say


def names_it(found: verify.Verifier, name: str, before: bytes | None, after: bytes | None) -> bool:
    """Whether the problems name a changed file, and in a file of records the first that is another."""
    said: dict[str, str] = {}
    for problem in found.problems:
        if problem.false:
            said[problem.file] = f"{said.get(problem.file, '')}{problem.says} "
    if name not in NUMBERED and name != LEAVES:
        return any(file.partition("#")[0] == name for file in said)
    if before is None or after is None:
        return name in said
    old, new = before.split(b"\n"), after.split(b"\n")
    first = next((n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    cut = "is cut within" in said.get(name, "") and new[-1] != b""
    if name in NUMBERED:
        return f"{name}#{first + 1}" in said or cut
    shorter = f"has {len(new) - 1} records" in said.get(name, "") and old[: len(new) - 1] == new[:-1]
    return f"record {first} " in said.get(name, "") or shorter or cut


def is_named(found: verify.Verifier, scene: Scene, change: Mapping[str, bytes | None], *, contents: bool) -> bool:
    """Whether one of the changed files is named; where the signed list was made anew, that list stands for the file that left it."""
    if contents and any(is_covered(name) for name in change) and names_it(found, CONTENTS, None, None):
        return True
    return any(names_it(found, name, scene.files.get(name), data) for name, data in change.items())


HOWS = ("flip", "reorder", "drop", "insert", "truncate", "duplicate", "replay", "back-date", "swap keys")


def one_mutation(scene: Scene, rng: random.Random) -> tuple[Target, str, int, dict[str, bytes | None]]:
    """Draw a change that changes something: record, how, how far the forger goes on, changed files."""
    while True:
        target, how, depth = rng.choice(scene.kinds[rng.choice(sorted(scene.kinds))]), rng.choice(HOWS), rng.randrange(3)
        change: dict[str, bytes | None]
        if how == "swap keys":
            change = dict(swap_keys(scene.files, scene, rng))
        elif target.line is not None:
            change = dict(mutate_line(scene.files, scene, target, how, rng))
        else:
            change = mutate_file(scene.files, scene, target, how, rng)
        change = {name: data for name, data in change.items() if scene.files.get(name) != data}
        if change.keys() & {MANIFEST, TAGMANIFEST} or (depth == 2 and CONTENTS in change):  # made anew they would be as they were
            depth = 0
        if change:
            return target, how, depth, change


def run_mutations(scene: Scene, count: int) -> tuple[int, int, dict[str, int]]:
    """How many were found, how many named rightly, how many of each kind there were."""
    detected, named, drawn = 0, 0, dict.fromkeys(scene.kinds, 0)
    for number in range(count):
        rng = random.Random(f"{SEED} {number}")
        target, how, depth, change = one_mutation(scene, rng)
        kept = {name: data for name, data in (scene.files | change).items() if data is not None}
        files = remade(kept, contents=depth > 1) if depth else kept
        form, key = rng.choice(("", *[".zip"] * 9)), rng.choice((None, scene.key))
        found = scene.check(files, form=form, key=key)
        right = is_named(found, scene, change, contents=depth > 1)
        detected, named = detected + (found.status == FALSE), named + right
        drawn[target.kind] += 1
        if found.status != FALSE or not right:
            said = [(problem.file, problem.says[:60]) for problem in found.problems[:3]]
            sys.stderr.write(f"missed {number}: {how} of {target} depth {depth}, changed {sorted(change)}: {found.status} {said}\n")
    return detected, named, drawn


def false_alarms(scene: Scene, count: int) -> int:
    """Check untouched dossiers of a case that grows, in both forms, with and without the key."""
    alarms = 0
    with dossiers.a_case(scene.folder / "growing") as store:
        for grown in range(GROWN):
            store.record("searched", f"query-{grown}", hits=grown)
            data = f"{dossiers.TEXT} {grown}".encode()
            store.preserve(data, dossiers.a_capture(data, f"{grown}.txt"))
            files = dossiers.load(dossiers.export(store, scene.folder / f"grown-{grown}"))
            for number in range(count // GROWN):
                found = scene.check(files, form=("", ".zip")[number % 2], key=(None, store.key_fingerprint)[number % 4 // 2])
                alarms += found.status != 0
    return alarms


def measure(count: int = MUTATIONS) -> dict[str, float]:
    """Shares in percent, counts, and the time of one check."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        untouched = max(GROWN, count // UNTOUCHED_SHARE)
        alarms = false_alarms(scene, untouched)
        started = time.perf_counter()
        detected, named, drawn = run_mutations(scene, count)
        seconds = time.perf_counter() - started
    return {
        "mutations": count,
        "detected, percent": round(100 * detected / count, 4),
        "right file or record named, percent": round(100 * named / count, 4),
        "kinds of record": len(drawn),
        "fewest of a kind": min(drawn.values()),
        "untouched": untouched // GROWN * GROWN,
        "false alarms": alarms,
        "ms a mutation": round(1000 * seconds / count, 1),
    }

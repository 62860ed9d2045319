"""The administrator's attack: whoever has the machine, the case and its key changes what was there when a checkpoint left.

ATTACKS=60 makes a quick run (400 by default), SEED another one. Two kinds, drawn in turn:

- *written anew*: the case's history is played again with one step changed (dropped, moved, back-dated, other bytes, another reviewer, another
  decision, cut, a step put in), by the software itself and with the case's own key, so that log, tree, proofs, signatures and database agree.
  Only the checkpoint that left can tell; the bench also counts how many hold without it, to show that the forgery is whole.
- *in place*: a row of the database, a record of the log, an object, a key or the signed head is changed, some with the head signed again.

Each has to be found by `ascertain check --earlier` and, where a dossier can be exported, by `verify --earlier`. What is missed is written to
standard error. Untouched cases that go on growing, rotate their key and are read again have to hold.
"""

from __future__ import annotations

import base64
import hashlib
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from ascertain.custody import Checkpoint, MerkleTree, Signer, canonical, checkpoint_body
from ascertain.errors import AscertainError
from ascertain.preserve import check_fixity
from ascertain.publish import verify
from ascertain.records import DecisionKind, Document, Outcome
from ascertain.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import dossiers  # the case that the tests of dossiers use

ATTACKS, SEED = int(os.environ.get("ATTACKS", "400")), int(os.environ.get("SEED", "1"))
UNTOUCHED_SHARE = 10  # one untouched case for so many attacks
MEMORY = Path("/dev/shm")  # where there is one the cases are made there: nothing here hangs on the disk
COLUMNS = {
    "original": ("digest", "size"), "capture": ("original", "path", "source", "record", "number"), "document": ("id", "record"),
    "reading": ("id", "record"), "outcome": ("state", "version", "reason", "advice", "stage"), "decision": ("id", "record", "number"),
    "findings": ("record",), "log": ("leaf",), "search": ("kind", "document", "path", "start", "stop", "words"),
}  # fmt: skip
# Not evidence, so not in here: where a cut-short `add` or `run` goes on (intake, findings.key), the workbench's accounts and drawings.


class Step(NamedTuple):
    """One thing that was done: when, what, with which words."""

    day: int
    kind: str
    words: str


def a_history(rng: random.Random) -> list[Step]:
    """Some days of a case: originals come in, some are read, some looked at, two people decide."""
    steps = [Step(1, "take", f"{dossiers.TEXT} {n}") for n in range(rng.randint(2, 5))]
    steps += [Step(2, "read", step.words) for step in steps if rng.random() < 3 / 4] or [Step(2, "read", steps[0].words)]
    steps += [Step(3, rng.choice(("view", "search")), f"word {n}") for n in range(rng.randint(1, 4))]
    steps += [Step(4, "decide", name) for name in ("Ann", "Ben")] + [Step(4, "find", steps[-1].words)]
    return steps


def play(store: Store, steps: Sequence[Step]) -> None:
    """Do these steps in a case."""
    read: list[str] = []
    for number, (day, kind, words) in enumerate(steps):
        store._clock = lambda day=day, number=number: f"2026-01-{day:02}T03:{number:02}:05Z"  # noqa: SLF001  # the case's clock is the attacker's
        data = words.encode()
        document = Document(hashlib.sha256(data).hexdigest(), f"{words[-2:].strip()}.txt", words)
        if kind == "take":
            store.preserve(data, dossiers.a_capture(data, document.path))
        elif kind == "read" and document.id in store.originals():
            store.put_document(document, Outcome(document.id, "parse", "done", "1"))
            store.put_reading(dossiers.a_reading(document), Outcome(document.id, "extract", "done", "1"))
            read.append(document.id)
        elif kind == "decide" and read:
            store.add_decision(
                dossiers.a_decision(number, words, read[0], DecisionKind.CORRECT if "x" in words else DecisionKind.ESTABLISH)
            )
        elif kind == "find" and read:
            store.put_findings(dossiers.findings(read[0], dossiers.Fact("killed", dossiers.Status.ALLEGED, 1, 20, 20)), key=words)
        else:
            store.record("viewed" if kind == "view" else "searched", words)


def changed(steps: Sequence[Step], rng: random.Random) -> tuple[str, list[Step]]:
    """The same history with one lie in it."""
    made, at = list(steps), rng.randrange(len(steps))
    how = rng.choice(("drop", "reorder", "back-date", "put in", "other words", "cut"))
    step = made[at]
    if how == "drop":
        del made[at]
    elif how == "reorder":
        other = rng.choice([n for n in range(len(made)) if n != at])
        made[at], made[other] = made[other], made[at]
    elif how == "back-date":
        made[at] = step._replace(day=step.day + 9)
    elif how == "put in":
        made.insert(at, Step(step.day, "view", "nothing"))
    elif how == "other words":
        made = [one._replace(words=f"{one.words}x") if one.words == step.words else one for one in made]
    else:
        made = made[:at]
    return how, made


def anew(case: Path, target: Path, steps: Sequence[Step]) -> Store:
    """A case with the name and the key of another one, and this history."""
    Store.create(target, name="Case one", collector="Tester", now=dossiers.NOW).close()
    shutil.copytree(case / "keys", target / "keys", dirs_exist_ok=True)
    name_key(target, first_leaf(case))
    store = Store.open(target)
    play(store, steps)
    store.checkpoint()
    return store


def name_key(case: Path, leaf: bytes) -> None:
    """Let the log's first record name the key that is here now."""
    raw = base64.b64decode((case / "keys" / "verifier.key").read_text(encoding="utf-8").split("+", 2)[2])[1:]
    record = msgspec.json.decode(leaf)
    record["parameters"]["key"] = hashlib.sha256(raw).hexdigest()
    with sqlite3.connect(case / "case.sqlite") as database:
        database.execute("UPDATE log SET leaf = ? WHERE number = 0", (canonical(record),))


def first_leaf(case: Path) -> bytes:
    with sqlite3.connect(case / "case.sqlite") as database:
        return bytes(database.execute("SELECT leaf FROM log WHERE number = 0").fetchone()[0])


# --- changes in place


def change_row(case: Path, rng: random.Random) -> str:
    """Change a column of a row, or take the row away, or put its twin in."""
    table = rng.choice(sorted(COLUMNS))
    column = rng.choice(COLUMNS[table])
    with sqlite3.connect(case / "case.sqlite") as database:
        rows = database.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
        row, value = rng.choice(rows)
        how = rng.choice(("change", "change", "drop"))
        if how == "drop":
            database.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
        elif isinstance(value, int):
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value + 100_000, row))
        elif isinstance(value, bytes):
            at = rng.randrange(len(value))
            new = value[:at] + bytes([value[at] ^ (1 << rng.randrange(7))]) + value[at + 1 :]
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))
        else:
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (f"{value or ''}x"[1:] or "y", row))
    return f"{how} {table}.{column}"


def sign_again(case: Path) -> None:
    """Sign the head of the log as it is now, with the case's own key."""
    with sqlite3.connect(case / "case.sqlite") as database:
        leaves = [bytes(row[0]) for row in database.execute("SELECT leaf FROM log ORDER BY number")]
    name = (case / "keys" / "verifier.key").read_text(encoding="utf-8").partition("+")[0]
    signer, tree = Signer.from_pem(name, (case / "keys" / "signing.pem").read_bytes()), MerkleTree(leaves)
    (case / "checkpoint").write_text(signer.sign(checkpoint_body(Checkpoint(name, len(tree), tree.root()))), encoding="utf-8")


def change_log(case: Path, rng: random.Random) -> str:
    """Change, drop or swap records of the log that were there when the checkpoint left, and sign the head again."""
    with sqlite3.connect(case / "case.sqlite") as database:
        leaves = [msgspec.json.decode(row[0]) for row in database.execute("SELECT leaf FROM log ORDER BY number")]
        at, other = rng.sample(range(int((case.parent / "earlier").read_text(encoding="utf-8").split("\n")[1])), 2)
        how = rng.choice(("actor", "time", "object", "drop", "swap", "cut"))
        if how == "drop":
            del leaves[at]
        elif how == "swap":
            leaves[at], leaves[other] = leaves[other], leaves[at]
        elif how == "cut":
            del leaves[at:]
        else:
            leaves[at][how] = {"actor": "Eve", "time": "1999-01-01T00:00:00Z", "object": "nothing"}[how]
        database.execute("DELETE FROM log")
        made = [(n, canonical(leaf | {"number": n})) for n, leaf in enumerate(leaves)]
        database.executemany("INSERT INTO log(number, leaf) VALUES (?, ?)", made)
    sign_again(case)
    return f"log {how}, signed again"


def change_object(case: Path, rng: random.Random) -> str:
    """Change the bytes of an original, or swap it for others with all hashes made anew."""
    path = rng.choice(sorted(one for one in (case / "originals").rglob("*") if one.is_file()))
    how = rng.choice(("change", "drop", "swap"))
    path.chmod(0o644)
    if how == "drop":
        path.unlink()
        return "object drop"
    data = path.read_bytes() + b" or so"
    path.write_bytes(data)
    if how == "swap":
        old, new = path.name, hashlib.sha256(data).hexdigest()
        (case / "originals" / new[:2]).mkdir(exist_ok=True)
        path.rename(case / "originals" / new[:2] / new)
        with sqlite3.connect(case / "case.sqlite") as database:
            for table, column in (
                ("original", "digest"),
                ("capture", "original"),
                ("document", "id"),
                ("reading", "id"),
                ("outcome", "original"),
            ):
                database.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (old, new))
            for table, column in (("capture", "record"), ("document", "record"), ("reading", "record"), ("log", "leaf")):
                for row, value in database.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
                    database.execute(
                        f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(value).replace(old.encode(), new.encode()), row)
                    )
        sign_again(case)
    return f"object {how}"


def change_keys(case: Path, rng: random.Random) -> str:
    """Put another key in, sign with it, and name it in the log or not."""
    name = (case / "keys" / "verifier.key").read_text(encoding="utf-8").partition("+")[0]
    signer = Signer.new(name)
    (case / "keys" / "signing.pem").write_bytes(signer.pem())
    (case / "keys" / "verifier.key").write_text(signer.verifier_key + "\n", encoding="utf-8")
    named = rng.random() < 1 / 2
    if named:
        name_key(case, first_leaf(case))
    sign_again(case)
    return f"keys swapped, {'' if named else 'not '}named in the log"


IN_PLACE: tuple[Callable[[Path, random.Random], str], ...] = (change_row, change_row, change_log, change_object, change_keys)


# --- who finds it


def found_by_check(case: Path, earlier: Path | None) -> bool:
    """Whether the check of the case says that something does not hold."""
    try:
        with Store.open(case) as store:
            return not check_fixity(store, copies=(), restore=False, progress=lambda _done, _total: None, earlier=earlier).holds
    except (AscertainError, sqlite3.DatabaseError, msgspec.DecodeError):
        return True


def found_by_verify(dossier: Path, earlier: Path | None) -> bool:
    """Whether the verifier says that something does not hold."""
    return verify.check(dossier, earlier=earlier).status != 0


def one_case(folder: Path, rng: random.Random) -> tuple[Path, Path, list[Step]]:
    """A case, the checkpoint that left it, and its history; some days pass afterwards."""
    steps = a_history(rng)
    Store.create(folder / "case", name="Case one", collector="Tester", now=dossiers.NOW).close()
    with Store.open(folder / "case") as store:
        play(store, steps)
        (folder / "earlier").write_text(store.checkpoint(), encoding="utf-8")
        for number in range(rng.randint(0, 3)):
            store.record("searched", f"later {number}")
        if rng.random() < 1 / 4:
            store.rotate_key(reason="a new laptop", revoked=False)
        store.checkpoint()
    return folder / "case", folder / "earlier", steps


def attack_anew(folder: Path, rng: random.Random) -> tuple[str, bool, bool, bool]:
    """Write a history anew: how, found by check and by verify, and whether it is whole where nobody kept a checkpoint."""
    case, earlier, steps = one_case(folder, rng)
    how, lied = changed(steps, rng)
    with anew(case, folder / "forged", lied) as store:
        dossier = dossiers.export(store, folder / "dossier")
    whole = not found_by_check(folder / "forged", None) and not found_by_verify(dossier, None)
    return how, found_by_check(folder / "forged", earlier), found_by_verify(dossier, earlier), whole


def measure(count: int = ATTACKS) -> dict[str, float]:
    """Shares in percent, and counts."""
    found = by_verify = whole = alarms = 0
    started, untouched = time.perf_counter(), max(3, count // UNTOUCHED_SHARE)
    for number in range(count):
        rng = random.Random(f"{SEED} {number}")
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as scratch:
            folder = Path(scratch)
            if number % 2:
                case, earlier, _ = one_case(folder, rng)
                how, second = rng.choice(IN_PLACE)(case, rng), True
                first = found_by_check(case, earlier)
            else:
                how, first, second, held = attack_anew(folder, rng)
                whole, by_verify = whole + held, by_verify + second
            found += first and second
            if not (first and second):
                sys.stderr.write(f"missed {number}: {how}, by check {first}, by verify {second}\n")
    for number in range(untouched):
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as scratch:
            case, earlier, _ = one_case(Path(scratch), random.Random(f"{SEED} untouched {number}"))
            alarms += found_by_check(case, earlier)
            with Store.open(case) as store:
                alarms += found_by_verify(dossiers.export(store, Path(scratch) / "dossier.zip"), earlier)
    histories = (count + 1) // 2
    return {
        "attacks": count,
        "detected, percent": round(100 * found / count, 4),
        "histories written anew": histories,
        "of them whole without the checkpoint, percent": round(100 * whole / histories, 1),
        "of them detected by verify, percent": round(100 * by_verify / histories, 4),
        "untouched cases": untouched,
        "false alarms": alarms,
        "seconds": round(time.perf_counter() - started, 1),
    }

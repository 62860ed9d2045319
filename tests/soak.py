"""What the soak kills: actions on a case, run in forks of a process that has everything loaded; each tells what was acknowledged.

The parent (test_kill_all.py) starts `serve`, asks it for a child by a line `ACTION CASE DISK SEED`, and gets the child's number and the
path of the file into which the child writes one line for each thing that was acknowledged to it. The parser works in the child itself
and not in a process of its own, which would take most of the time: test_kill.py kills it as it is.
"""

from __future__ import annotations

import os
import random
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from authority import Authority

from ascertain.case import Case, read
from ascertain.errors import AscertainError
from ascertain.publish import ask_witness, export_dossier, keep_witness, sign_head
from ascertain.records import DecisionKind
from ascertain.review import Choice
from ascertain.store import Store
from ascertain.workers import BoundedWorker

PLACES = ("Kyiv", "Kharkiv", "Odesa", "Kherson", "Lviv", "Mariupol")
FILES = 6


def report(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return f"{place.upper()}, {1 + number % 27} May 2023 (Wire) — Shelling killed {3 + number % 9} people in {place} on Monday, the governor said. Number {number}.\n"


class Told:
    """A file of acknowledged things: a line that is in it was acknowledged, whatever happens next."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, *words: object) -> None:
        os.write(self._handle, (" ".join(map(str, words)) + "\n").encode())


def watch(told: Told) -> None:
    """Tell each thing that the store acknowledges."""

    def telling(name: str, words) -> None:
        before = getattr(Store, name)

        def after(self, *arguments, **named):
            result = before(self, *arguments, **named)
            told(*words(*arguments))
            return result

        setattr(Store, name, after)

    telling("preserve", lambda _data, capture: ("capture", capture.original, capture.id))
    telling("put_document", lambda document, _outcome: ("document", document.id))
    telling("put_reading", lambda reading, _outcome: ("reading", reading.document.id))
    telling("add_decision", lambda decision: ("decision", decision.id))


# --- the actions


def add(case: Case, sources: Path, told: Told, chance: random.Random) -> None:
    """Files that are new, or of an `add` that was killed: the caller clears the folder once it was told that all are in."""
    if not any(sources.iterdir()):
        for number in (chance.randrange(10**6) for _ in range(FILES)):
            (sources / f"{number}.txt").write_text(report(number), encoding="utf-8")
    case.add(sources)
    told("added")


def run(case: Case, _sources: Path, told: Told, _chance: random.Random) -> None:
    case.run(jobs=1)
    told("ran")


def review(case: Case, _sources: Path, told: Told, chance: random.Random) -> None:
    for _ in range(3):
        # looked for each time: what a killed run left behind is found with the first decision, and incidents are named after what they hold
        facts = [(i.id, f.attribute) for i in case.incidents().incidents for f in i.facts if f.attribute == "killed"]
        if not facts:
            return
        target, attribute = chance.choice(facts)
        case.decide(Choice(DecisionKind.CORRECT, target, "Ann", "read again", attribute=attribute, at_least=4, at_most=5))
    told("reviewed")


def export(case: Case, sources: Path, told: Told, chance: random.Random) -> None:
    out = sources.parent / ("out.zip" if chance.random() < 0.5 else "out")
    if out.exists():
        return

    def page(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")

    export_dossier(case.store, out, report=page, generated_at=case.clock(), tool="ascertain soak")
    told("export", out)


def rotate(case: Case, _sources: Path, told: Told, _chance: random.Random) -> None:
    case.store.rotate_key(reason="soak", revoked=False)
    told("key", case.store.key_fingerprint)


def stamp(case: Case, sources: Path, told: Told, _chance: random.Random) -> None:
    case.store.record("soaked", "case")  # a head that was not stamped yet
    case.ask_stamp()
    waiting = [one for one in case.stamps() if one.state != "stamped"][-1]
    told("request", waiting.request)
    authority = Authority.__new__(Authority)
    authority.folder = sources.parent.parent / "authority"
    authority.config = authority.folder / "tsa.cnf"
    request = sources.parent / f"{waiting.name}.tsq"
    request.write_bytes((case.store.folder / "heads" / str(waiting.size) / request.name).read_bytes())
    case.take_stamps(authority.answer(request))
    told("stamped", waiting.request)


def witness(case: Case, sources: Path, told: Told, chance: random.Random) -> None:
    folder = sources.parent / "witness"
    out = sources.parent / f"request-{chance.randrange(10**9)}"
    signed = folder / "logs"
    sizes = [int(path.read_text(encoding="utf-8").split("\n")[1]) for path in signed.glob("*.checkpoint")] if signed.is_dir() else []
    size = ask_witness(case.store, out, since=max(sizes, default=0))
    told("asked", size)
    note = sign_head(folder, out.read_bytes(), trust=case.store.verifier_key, clock=time.time)
    answer = out.with_suffix(".answer")
    answer.write_text(note, encoding="utf-8")
    keep_witness(case.store, answer, key=(folder / "witness.key").read_text(encoding="utf-8").strip())
    told("witnessed", size)


ACTIONS = {f.__name__: f for f in (add, run, review, export, rotate, stamp, witness)}


def child(action: str, folder: Path, told: Told, seed: str) -> None:
    watch(told)
    try:
        with Case.open(folder / "case") as case:
            told("go")
            ACTIONS[action](case, folder / "sources", told, random.Random(seed))
    except AscertainError as error:
        told("refused", type(error).__name__, error)
    except BaseException:  # noqa: BLE001  # whatever it is, the parent has to hear of it
        told("fault", traceback.format_exc().replace("\n", " | "))
    told("end")


def serve() -> None:
    """Fork a child for each line on standard input."""
    read(report(1))  # loads the models
    BoundedWorker.call = lambda _self, function, *a, timeout_seconds, **named: function(*a, **named)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        action, folder, seed = line.split()
        path = Path(folder) / "told"
        path.unlink(missing_ok=True)
        number = os.fork()
        if not number:
            child(action, Path(folder), Told(path), seed)
            os._exit(0)
        print(number, flush=True)  # noqa: T201
        os.waitpid(number, 0)
        print("gone", flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()

"""Seeded changes of parts of a case: a dossier that withholds protected words, and a selection; each has to be found and the file named.

PART_MUTATIONS=500 makes a quick run (4,000 by default), SEED another one. Kinds of change and how far the forger goes on are those of
`mutations_bench.py`; the records are those that a part has: disclosures with their salted leaves, what is withheld, paths to the head.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import attrs
import mutations_bench as whole

from ascertain.publish import Wanted, export_part, verify, verify_parts
from ascertain.publish.verify import CONTENTS, is_covered
from ascertain.records import Document, Outcome, Reading
from ascertain.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import dossiers  # the case that the tests of dossiers use

MUTATIONS = int(os.environ.get("PART_MUTATIONS", "4000"))
UNTOUCHED_SHARE = 20  # one untouched check for so many mutations
TEXTS = ("Hanna Kassar, a nurse of Rivertown, saw the red house burn.\n", "Nothing of hers stands here: the river rose {}.\n")


def filled(folder: Path, mark: str) -> Store:
    """A case with a name to withhold and another document."""
    store = dossiers.a_case(folder)
    for number, text in enumerate(TEXTS):
        data = text.format(mark).encode()
        capture = attrs.evolve(dossiers.a_capture(data, f"{number}.txt"), source=f"https://example.org/{mark}")
        store.preserve(data, capture)
        document = Document(capture.original, capture.path, text.format(mark), title="Hanna Kassar speaks" if number == 0 else None)
        store.put_document(document, Outcome(document.id, "parse", "done", "1"))
        store.put_reading(Reading(document, made_by="extract test"), Outcome(document.id, "extract", "done", "1"))
    whole.witnessed(store, folder.parent / f"witness of {folder.name}")
    return store


class Scene(whole.Scene):
    """One part, its records by kind, and the same part of another case."""

    def __init__(self, folder: Path, wanted: Wanted) -> None:  # another part than the dossier that the base makes
        self.folder, self.kinds = folder, {}
        made = []
        for name in ("case", "other"):
            (folder / f"witness of {name}").mkdir()
            with filled(folder / name, name) as store:
                export_part(store, folder / f"{name}.out", wanted, generated_at=dossiers.NOW, tool="ascertain 0")
                made.append(dossiers.load(folder / f"{name}.out"))
                self.key = self.key if name == "other" else store.key_fingerprint
        self.files, self.other = made
        for target in whole.targets_of(self.files):
            self.kinds.setdefault(target.kind, []).append(target)

    def check(self, files: Mapping[str, bytes], *, form: str, key: str | None) -> verify.Verifier:
        """Verify files as a folder or an archive, whole or part."""
        target = dossiers.save(files, Path(tempfile.mkdtemp(dir=self.folder)) / f"changed{form}")
        return verify_parts.check(target, key=key)


def is_named(found: verify.Verifier, change: Mapping[str, bytes | None], *, contents: bool) -> bool:
    """Whether one of the changed files is named; the signed list stands for a file that left it where the list was made anew."""
    named = {problem.file.partition("#")[0] for problem in found.problems if problem.false}
    return bool(named & change.keys()) or (contents and CONTENTS in named and any(is_covered(name) for name in change))


def measure(count: int = MUTATIONS) -> dict[str, float]:
    """Shares in percent, and counts."""
    detected = named = alarms = untouched = 0
    kinds: set[str] = set()
    started = time.perf_counter()
    for about, wanted in (("protected", Wanted(protected=True)), ("selection", Wanted(incidents=("incident-1",)))):
        with tempfile.TemporaryDirectory() as scratch:
            scene = Scene(Path(scratch), wanted)
            kinds |= scene.kinds.keys()
            for number in range(count // 2):
                rng = random.Random(f"{whole.SEED} {about} {number}")
                target, how, depth, change = whole.one_mutation(scene, rng)
                kept = {name: data for name, data in (scene.files | change).items() if data is not None}
                files = whole.remade(kept, contents=depth > 1) if depth else kept
                found = scene.check(files, form=rng.choice(("", ".zip")), key=rng.choice((None, scene.key)))
                right = is_named(found, change, contents=depth > 1)
                detected, named = detected + (found.status == whole.FALSE), named + right
                if found.status != whole.FALSE or not right:
                    said = [(problem.file, problem.says[:60]) for problem in found.problems[:3]]
                    sys.stderr.write(f"missed {about} {number}: {how} of {target} depth {depth}, {sorted(change)}: {found.status} {said}\n")
            for number in range(max(4, count // 2 // UNTOUCHED_SHARE)):
                alarms += scene.check(scene.files, form=("", ".zip")[number % 2], key=(None, scene.key)[number % 4 // 2]).status != 0
                untouched += 1
    return {
        "mutations": count // 2 * 2,
        "detected, percent": round(100 * detected / (count // 2 * 2), 4),
        "right file named, percent": round(100 * named / (count // 2 * 2), 4),
        "kinds of record": len(kinds),
        "untouched": untouched,
        "false alarms": alarms,
        "seconds": round(time.perf_counter() - started, 1),
    }

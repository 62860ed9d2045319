"""`kill -9` at random points of everything that writes: add, run, review, export, key rotation, stamp, witness; also with the disk full.

After every kill the case is opened as anybody would open it, and: nothing that was acknowledged is gone or there twice, the log goes on
from what it was, everything hashes to what the log says, and a dossier that was acknowledged, or merely lies there, verifies.
`--kills N` kills 14 times as often (4 by default; `make soak` 75). Figures of a run stand in docs/explanation/durability.md.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import soak
from authority import HAS_OPENSSL, Authority

from ascertain.case import Case
from ascertain.publish import make_witness, verify

KILLS_EACH = 14  # for each of --kills
KILLS_A_CASE = 28
SMALL_DISK_EVERY, SMALL_DISK_BYTES = 4, 12_000_000
ACTIONS = tuple(name for name in soak.ACTIONS if name != "stamp" or HAS_OPENSSL)
# What may be refused, and why: a full disk; a dossier of findings that a kill left behind a decision (`run` is the advice).
REFUSALS = ("StoreError", "CustodyError the dossier would not verify: data/incidents.json")


class Forks:
    """The process with everything loaded, from which the children fork."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(soak.__file__))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=os.environ | {"OMP_NUM_THREADS": "1"}
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        return self._process.stdout.readline().decode().strip()

    def start(self, action: str, folder: Path, seed: int, *, seconds: float | None) -> float:
        """Start a child and kill it after some seconds (None: never); gives how long it lived."""
        started = time.monotonic()
        self._process.stdin.write(f"{action} {folder} {seed}\n".encode())
        number = int(self._line())
        if seconds is not None:
            with contextlib.suppress(ProcessLookupError):
                handle = os.pidfd_open(number)
                ended, _, _ = select.select([self._process.stdout], [], [], seconds)
                if not ended:
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
                os.close(handle)
        assert self._line() == "gone"
        return time.monotonic() - started

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(300)
        self._process.stdout.close()


class Life:
    """One case on its way through kills, and all that was acknowledged to anybody."""

    def __init__(self, folder: Path, *, small_disk: bool) -> None:
        self.folder = folder
        (folder / "sources").mkdir(parents=True)
        (folder / "case").mkdir()
        make_witness(folder / "witness", "witness.example.org")
        self.small_disk = small_disk and mounted(folder / "case")
        Case.create(folder / "case", name="Soak", collector="c").close()
        self.told: list[list[str]] = []
        self.leaves: list[bytes] = []
        self.dossiers = 0

    @property
    def filler(self) -> Path:
        return self.folder / "case" / "filler"

    def fill(self, room: int) -> None:
        """Leave so many bytes on the disk."""
        found = os.statvfs(self.folder / "case")
        with contextlib.suppress(OSError):
            self.filler.write_bytes(bytes(max(0, found.f_bavail * found.f_frsize - room)))

    def look(self) -> list[str]:
        """Open the case and hold it against all that was acknowledged; gives what the last child told."""
        self.filler.unlink(missing_ok=True)
        file = self.folder / "told"  # a child that was killed before it could say anything has none
        told = [line.split() for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
        self.told += told
        assert not [line for line in told if line[0] == "fault"], told
        refused = [" ".join(line[1:]) for line in told if line[0] == "refused"]
        assert all(reason.startswith(REFUSALS) for reason in refused), refused
        # a program that the killed one was just starting holds its lock until it is loaded: moments
        with Case.open(self.folder / "case", wait_seconds=300) as case:
            self._hold(case)
        self._look_at_dossiers()
        if ["added"] in told:
            for path in (self.folder / "sources").iterdir():
                path.unlink()
        return [line[0] for line in told]

    def _hold(self, case: Case) -> None:
        assert case.store.check() == []
        leaves = case.store.log_leaves()
        assert leaves[: len(self.leaves)] == self.leaves, "the log does not go on from what it was"
        self.leaves = leaves
        captures = [capture.id for capture in case.store.captures()]
        assert len(captures) == len(set(captures))
        decisions = [decision.id for decision in case.store.decisions()]
        assert len(decisions) == len(set(decisions))
        records = [entry.record for entry in case.store.log_entries()]
        once = Counter(
            (r["action"], r["object"], r["parameters"].get("capture"))
            for r in records
            if r["action"] in {"parsed", "extracted", "collected"}
        )
        assert max(once.values(), default=1) == 1, once.most_common(3)
        stamps = {one.request: one.state for one in case.stamps()}
        keys = [r["parameters"]["key"] for r in records if r["action"] in {"created", "rotated"}]
        assert (len(keys), keys[-1]) == (len(set(keys)), case.store.key_fingerprint)
        witnessed = Counter(str(r["parameters"]["size"]) for r in records if r["action"] == "witnessed")
        assert max(witnessed.values(), default=1) == 1
        held = {
            "capture": set(captures), "document": set(case.store.document_ids()), "reading": {r.document.id for r in case.store.readings()},
            "decision": set(decisions), "key": set(keys), "request": set(stamps), "witnessed": set(witnessed),
            "stamped": {name for name, state in stamps.items() if state == "stamped"},
        }  # fmt: skip
        for name, *rest in self.told:
            if name in held:
                assert rest[-1] in held[name], f"{name} {rest[-1]} was acknowledged and is gone"

    def _look_at_dossiers(self) -> None:
        for out in (self.folder / "out", self.folder / "out.zip"):
            if out.exists():
                assert verify.check(out).status == 0
                self.dossiers += 1
                out.rename(self.folder / f"seen-{self.dossiers}-{out.name}")

    def end(self, forks: Forks) -> None:
        """Without kills everything comes to its end."""
        for action in ("add", "run"):
            forks.start(action, self.folder, 0, seconds=None)
            assert "refused" not in self.look()
        with Case.open(self.folder / "case", read_only=True) as case:
            assert case.status().waiting == 0
        left = {path.name for path in self.folder.iterdir()} - {
            "case",
            "sources",
            "told",
            "witness",
            ".out.unfinished",
            ".out.zip.unfinished",
        }
        marked = (".unfinished", ".part")  # what was being written then, hidden under a name that says so
        assert all(name.startswith(("seen-", "request-")) or name.endswith((".tsq", ".tsr", *marked)) for name in left), left
        self.close()

    def close(self) -> None:
        """Give the disk back."""
        if self.small_disk:
            subprocess.run(["umount", "--lazy", self.folder / "case"], capture_output=True, check=False)


def mounted(place: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", str(place)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def lives():
    made: list[Life] = []
    yield made
    for life in made:
        life.close()


@pytest.fixture
def forks():
    made = Forks()
    yield made
    made.close()


@pytest.mark.timeout(14_400)
def test_killed_anywhere_nothing_acknowledged_is_lost_or_repeated(tmp_path, forks, lives, request, capsys):
    kills = KILLS_EACH * request.config.getoption("--kills")
    chance = random.Random(kills)
    if HAS_OPENSSL:
        Authority(tmp_path / "authority")
    usual: dict[str, float] = {}
    landed: Counter[str] = Counter()
    attempts = on_small = refused = 0
    while sum(landed.values()) < kills:
        if attempts % KILLS_A_CASE == 0:
            if lives:
                lives[-1].end(forks)
            lives.append(Life(tmp_path / str(len(lives)), small_disk=len(lives) % SMALL_DISK_EVERY == 1))
        life, attempts = lives[-1], attempts + 1
        fresh = (attempts - 1) % KILLS_A_CASE
        action = ("add", "run")[fresh] if fresh < 2 else chance.choice(ACTIONS)
        if life.small_disk and fresh >= 2:
            life.fill(chance.randrange(1_000_000))
        first = action not in usual and not life.small_disk
        seconds = None if first else chance.uniform(0.02, 1.0) * usual.get(action, 0.5)
        lived = forks.start(action, life.folder, chance.randrange(10**9), seconds=seconds)
        told = life.look()
        if first:
            usual[action] = lived
        if "end" not in told:
            if "go" in told:  # else it came before the command was at work
                landed[action] += 1
                on_small += life.small_disk
        elif not first and "refused" not in told:
            usual[action] = 0.5 * usual.get(action, lived) + 0.5 * lived  # a busy moment is forgotten again: else most kills come too late
        refused += "refused" in told
    lives[-1].end(forks)
    records = sum(len(life.leaves) for life in lives)
    acknowledged = sum(len(line) > 1 for life in lives for line in life.told)
    small = (
        f"{on_small} of them with a full disk, {refused} writes refused"
        if any(life.small_disk for life in lives)
        else "no disk could be mounted"
    )
    told = (
        f"{sum(landed.values())} kills in {len(lives)} cases ({small}): {dict(sorted(landed.items()))}; {acknowledged:,} acknowledged, "
        f"{records:,} records in the logs, {sum(life.dossiers for life in lives)} dossiers: 0 lost, 0 repeated"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert set(landed) == set(ACTIONS) or kills < 200

"""Real kills of an export and of a rotation: nothing half-named is left, and the case goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import dossiers

from ascertain.publish import verify
from ascertain.store import Store

WORK = """
import os, sys, time; sys.path.insert(0, sys.argv[1])
import dossiers
from pathlib import Path
from ascertain.store import Store
case, out = Path(sys.argv[2]), Path(sys.argv[3])
with Store.open(case, clock=lambda: dossiers.NOW) as store:
    print("go", flush=True)
    while True:
        store.rotate_key(reason="soak", revoked=False)
        dossiers.export(store, out)
        print("done", flush=True)
        away = out.with_name(f"made-{os.getpid()}-{time.monotonic_ns()}")
        out.rename(away)
"""


def test_a_killed_export_or_rotation_leaves_a_whole_case_and_nothing_half_named(tmp_path, request):
    dossiers.a_case(tmp_path / "case").close()
    chance = random.Random(20261124)
    for number in range(request.config.getoption("--kills")):
        out = tmp_path / ("out.zip" if number % 2 else "out")
        arguments = [sys.executable, "-c", WORK, str(Path(dossiers.__file__).parent), str(tmp_path / "case"), str(out)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"go\n"
            time.sleep(chance.uniform(0, 0.4))
            process.send_signal(signal.SIGKILL)
        with Store.open(tmp_path / "case", clock=lambda: dossiers.NOW) as store:
            assert store.check() == []
            size = store.log_size()
            for made in (out, *tmp_path.glob("made-*")):
                if made.exists():
                    assert verify.check(made).status == 0
                    made.rename(tmp_path / f"seen-{number}-{made.name}")
            again = dossiers.export(store, tmp_path / f"again-{number}.zip")
            assert verify.check(again, key=store.key_fingerprint).status == 0
            assert store.log_size() == size + 1

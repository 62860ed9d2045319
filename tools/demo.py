"""The demo: the bundled sample case from a folder of reports to a report and a verified dossier."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def step(*arguments: str, accept: tuple[int, ...] = (0,)) -> None:
    """Print a command as a user would type it, run it, and end the demo where it fails."""
    print(f"\n$ ascertain {' '.join(arguments)}", flush=True)
    status = subprocess.run([sys.executable, "-m", "ascertain", *arguments], cwd=ROOT, check=False).returncode
    if status not in accept:
        sys.exit(f"the demo stopped: exit status {status}")


def main() -> None:
    """Run the whole and say where to look."""
    case, started = sys.argv[1], time.monotonic()
    folder = ROOT / case
    if folder.exists() and not (folder / "ascertain.toml").is_file():
        sys.exit(f"{case} exists and is no case; move it away")
    shutil.rmtree(folder, ignore_errors=True)
    step("init", case, "--name", "Sample case (synthetic)", "--collector", "make demo")
    step("add", case, "examples/reports")
    step("run", case)
    step("status", case, "--check")
    step("show", case)
    step("report", case)
    dossier = f"{case}/dossier.zip"
    step("export", case, "-o", dossier)
    step("verify", dossier)
    print(f"\nDone in {time.monotonic() - started:.0f} seconds. Open {folder / 'report' / 'index.html'} in a browser.")
    print(f"The dossier is {dossier}; `.venv/bin/ascertain verify {dossier}` checks it again, offline.")


if __name__ == "__main__":
    main()

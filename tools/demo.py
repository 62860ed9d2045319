"""The demo: the bundled sample case from a folder of reports to a report and a verified dossier."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = "examples/reports"
NEXT = """
Done in {seconds:.0f} seconds. Nothing in these reports happened: the case is synthetic.

Look at it      {page}
                in a browser; it needs no network. Every figure leads to its words.

Try next        {program} show {case} {incident}
                {program} search {case} clinic
                {program} review {case} confirm {incident} --reason "read against the originals"
                {program} status {case} --check
                {program} verify {dossier} --key {key}

Then            docs/tutorials/first-case.md walks through a case of your own.
"""


def ascertain(*arguments: str) -> list[str]:
    """The command line that runs `ascertain` with this Python."""
    return [sys.executable, "-m", "ascertain", *arguments]


def step(*arguments: str) -> None:
    """Print a command as a user would type it, run it, and end the demo where it fails."""
    print(f"\n$ ascertain {shlex.join(arguments)}", flush=True)
    status = subprocess.run(ascertain(*arguments), cwd=ROOT, check=False).returncode
    if status != 0:
        sys.exit(f"the demo stopped: `ascertain {arguments[0]}` ended with exit status {status}")


def told(*arguments: str) -> dict[str, object]:
    """What a command says in JSON."""
    found = subprocess.run(ascertain(*arguments, "--json"), cwd=ROOT, check=True, capture_output=True).stdout
    answer: dict[str, object] = json.loads(found)
    return answer


def contested_incident(case: str) -> str:
    """The id of the first incident on which origins contradict each other, else of the first one."""
    incidents: list[dict[str, object]] = told("incidents", case)["incidents"]  # type: ignore[assignment]  # the contract's form
    contested = [i for i in incidents if any(fact["status"] == "contested" for fact in i["facts"])]  # type: ignore[index, attr-defined]
    return str((contested or incidents)[0]["id"])


def main() -> None:
    """Run the whole and say where to look and what to try."""
    case, started = sys.argv[1] if len(sys.argv) > 1 else "demo-case", time.monotonic()
    folder = ROOT / case
    if folder.exists() and not (folder / "ascertain.toml").is_file():
        sys.exit(f"{case} exists and is no case; move it away, or name another: make demo CASE=NAME")
    shutil.rmtree(folder, ignore_errors=True)
    dossier = f"{case}/dossier.zip"
    step("init", case, "--name", "Sample case", "--collector", "make demo")
    step("add", case, REPORTS)
    step("run", case)
    step("show", case)
    step("report", case)
    step("export", case, "-o", dossier)
    step("verify", dossier)
    program = os.path.relpath(Path(sys.executable).parent / "ascertain", Path.cwd())
    print(
        NEXT.format(
            seconds=time.monotonic() - started, page=folder / "report" / "index.html", program=program, case=case, dossier=dossier,
            incident=contested_incident(case), key=told("status", case)["key_fingerprint"],
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()

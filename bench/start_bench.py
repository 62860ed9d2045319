"""How soon a command answers where nothing has to be loaded: `ascertain --help`, beside a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 7


def measure() -> dict[str, float]:
    """Milliseconds, the best of some rounds; we hold ourselves to 300 for the help."""
    bare, told = (min(seconds(*command) for _ in range(ROUNDS)) for command in (("-c", ""), ("-m", "ascertain", "--help")))
    return {"ms of --help": round(1000 * told), "ms of a Python that does nothing": round(1000 * bare), "ratio": round(told / bare, 1)}


def seconds(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - started

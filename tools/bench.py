"""Speeds as ratios against a named peer in the same run, and growth: `{benchmark: {figure: value}}`.

    python tools/bench.py --out build/bench.json [NAME …]

Each file of bench/ that ends in `_bench.py` has a function `measure() -> dict[str, float]`; NAME picks some (`reading`, `custody`, …).
Figures hang on the machine, ratios much less: compare ratios.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    known = {path.stem.removesuffix("_bench"): path.stem for path in sorted(BENCH.glob("*_bench.py"))}
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    sys.path.insert(0, str(BENCH))
    found = {}
    for name in options.names or known:
        found[name] = importlib.import_module(known[name]).measure()
        for figure, value in found[name].items():
            print(f"{name:10} {figure:40} {value:>12,}", flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"written to {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

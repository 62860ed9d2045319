"""Write docs/reference/accuracy.md from what `make quality` measured: each figure beside its floor and its aim.

python tools/accuracy.py [--quality build/quality.json]
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "accuracy.md"
FLOORS = ROOT / "tests" / "quality" / "floors.toml"
AIMS = ROOT / "tests" / "quality" / "aims.toml"
HEAD = """# Accuracy

Written by `make quality` (tools/accuracy.py) from the development parts of annotated data; do not edit. Figures are percent, or Pearson's r where
the row says so. *Floor*: `make quality` fails below it. *Aim*: what the work is measured against. Data and scorers are not part of the project; a
benchmark whose folder is absent is skipped.

Read them with care: development parts were looked at while rules were written, so unseen texts score lower.
What was measured on texts that no developer had seen stands at the end.

| benchmark | figure | measured | floor | aim |
| --- | --- | --- | --- | --- |
"""


def rows(measured: dict[str, dict[str, float]]) -> list[str]:
    """One row a figure, in the order of measuring."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    aims = tomllib.loads(AIMS.read_text(encoding="utf-8"))
    found = []
    for benchmark, figures in measured.items():
        for figure, value in figures.items():
            floor, aim = floors.get(benchmark, {}).get(figure), aims.get(benchmark, {}).get(figure)
            missed = " (missed)" if aim is not None and value < aim else ""
            found.append(
                f"| {benchmark} | {figure} | {value:g} | {'' if floor is None else f'{floor:g}'} | {'' if aim is None else f'{aim:g}{missed}'} |"
            )
    return found


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quality", type=Path, default=ROOT / "build" / "quality.json")
    options = parser.parse_args()
    measured = json.loads(options.quality.read_text(encoding="utf-8"))
    tail = tomllib.loads(AIMS.read_text(encoding="utf-8"))["unseen"]["text"]
    PAGE.write_text(HEAD + "\n".join(rows(measured)) + "\n\n" + tail, encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

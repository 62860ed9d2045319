"""How `src/ascertain/link/data/counts.json` was made: killed and injured of an incident from what its articles say.

    python training/count_weights.py --data ../shared/data/gva_incidents --out src/ascertain/link/data/counts.json

One boosted model for each question "more than n?", n from 0; trained on the train part's gold groups. Deterministic.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import boosting
import numpy as np

from ascertain.link._count_figures import MOST, incident_figures
from ascertain.link._trees import chances

SHAPE = {"trees": 60, "depth": 3, "rate": 0.08, "share": 0.3, "least": 15.0}


def rows_of(path: Path) -> list[dict[str, Any]]:
    """JSON Lines, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def part(data: Path, name: str) -> tuple[Any, dict[str, Any]]:
    """Figures of a part's incidents, and their counts."""
    by_incident: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for document in sorted(rows_of(data / f"{name}.docs.jsonl.gz"), key=lambda d: (d["date"], d["doc"])):
        by_incident[document["incident"]].append(document)
    incidents = [i for i in rows_of(data / f"{name}.incidents.jsonl.gz") if i["incident"] in by_incident]
    values = np.array([incident_figures([(d["title"], d["text"]) for d in by_incident[i["incident"]]]) for i in incidents])
    return values, {kind: np.array([i[kind] for i in incidents]) for kind in MOST}


def main() -> int:
    """Train, write, and say how the dev part fares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    values, truth = part(options.data, "train")
    dev, gold = part(options.data, "dev")
    model = {kind: [boosting.fit(values, (truth[kind] > n).astype(float), **SHAPE) for n in range(most)] for kind, most in MOST.items()}
    options.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    for kind, most in MOST.items():
        above = np.stack([chances(m, dev) for m in model[kind]], axis=1)
        shares = np.concatenate([1 - above[:, :1], above[:, :-1] - above[:, 1:], above[:, -1:]], axis=1)
        print(kind, round(100 * float((shares.argmax(1) == np.minimum(gold[kind], most)).mean()), 1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

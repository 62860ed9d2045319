"""How `src/ascertain/link/data/articles.json` was made: pair weights for linking articles to incidents.

    python training/link_weights.py --data ../shared/data/gva_incidents --out src/ascertain/link/data/articles.json

Trained on the whole train part; the threshold is the best mean CoNLL over six folds of whole states, each scored by a model of the other
five (--folds prints them; they take some minutes). Deterministic: same data, same file. The articles themselves are in no file that we ship.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import boosting
import numpy as np

from ascertain.link import average_link
from ascertain.link._articles import moved, shift_into, traits_of
from ascertain.link._documents import article_of
from ascertain.link._likeness import FEATURES, rows
from ascertain.link._trees import chances

SHAPE = {"trees": 200, "depth": 4, "rate": 0.08}
THRESHOLD = 0.35  # best of the folds (94.88); from 0.25 to 0.5 it moves by 0.3
FOLDS = 6
DENSE = (13, 3)  # weeks into which the incidents are moved too: in a war they lie close together, and days tell less


def rows_of(path: Path) -> list[dict[str, Any]]:
    """JSON Lines, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def folds(documents: list[dict[str, Any]], states: dict[str, str]) -> list[list[dict[str, Any]]]:
    """Whole states, the largest first, into parts of about the same size."""
    by_state: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for document in documents:
        by_state[states[document["incident"]]].append(document)
    parts: list[list[dict[str, Any]]] = [[] for _ in range(FOLDS)]
    for state in sorted(by_state, key=lambda s: (-len(by_state[s]), s)):
        min(parts, key=len).extend(by_state[state])
    return parts


def prepared(documents: list[dict[str, Any]], when: dict[str, date], weeks: int) -> dict[str, Any]:
    """Pairs, figures and truth of some documents, their incidents moved into so many weeks (0: as they are)."""
    first = min(when.values())
    traited = moved(traits_of([article_of(d) for d in documents]), [shift_into(when[d["incident"]], first, weeks) for d in documents])
    pairs, values = rows(traited)
    truth = np.array([documents[one]["incident"] == documents[other]["incident"] for one, other in pairs], float)
    return {"documents": documents, "pairs": pairs, "values": values, "truth": truth}


def fitted(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A model of some parts."""
    return boosting.fit(np.vstack([p["values"] for p in parts]), np.concatenate([p["truth"] for p in parts]), **SHAPE)


def averaged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A model whose log-odds are the mean of two models': as they are (dev 94.2, squeezed into two weeks 86.7) and dense (93.1, 91.5)."""
    trees = [tree | {"leaf": [round(leaf / 2, 6) for leaf in tree["leaf"]]} for model in (one, other) for tree in model["trees"]]
    return {"start": (one["start"] + other["start"]) / 2, "depth": one["depth"], "trees": trees}


def conll(part: dict[str, Any], chance: Any, threshold: float) -> float:
    """CoNLL F1 of a part clustered at a threshold."""
    import coref

    scores = {pair: float(c) for pair, c in zip(part["pairs"], chance, strict=True)}
    groups = average_link(len(part["documents"]), scores, threshold=threshold, cap=1.0)
    named = [{"id": part["documents"][i]["doc"], "chain": str(n)} for n, group in enumerate(groups) for i in group]
    return 100 * float(coref.evaluate(part["documents"], named)["CoNLL"])


def main() -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    incidents = rows_of(options.data / "train.incidents.jsonl.gz")
    when = {i["incident"]: date.fromisoformat(i["date"]) for i in incidents}
    held = folds(rows_of(options.data / "train.docs.jsonl.gz"), {i["incident"]: i["state"] for i in incidents})
    parts = [prepared(p, when, 0) for p in held]
    if options.folds:
        sys.path.insert(0, str(options.data.parent.parent / "score"))
        found = [chances(fitted([q for q in parts if q is not p]), p["values"]) for p in parts]
        for threshold in np.arange(0.2, 0.65, 0.05):
            mean = np.mean([conll(p, c, float(threshold)) for p, c in zip(parts, found, strict=True)])
            print(f"{threshold:.2f} {mean:.2f}")
    dense = [prepared(p, when, weeks) for p in held for weeks in DENSE]
    model = averaged(fitted(parts), fitted([*parts, *dense])) | {"threshold": THRESHOLD, "features": list(FEATURES)}
    options.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

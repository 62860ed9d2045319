"""How `src/ascertain/link/data/mentions.json` was made: pair weights for event mentions (ECB+, train topics).

    python training/mention_weights.py --data ../shared/data/ecbplus --out src/ascertain/link/data/mentions.json

`known` are pairs of heads that tell of one event more often than chance in the training topics. For the trees they are counted on the
other topics than the pair's own (folds), so that the trees learn how far to trust them on new ones. Deterministic.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import boosting
import numpy as np

from ascertain.link import average_link
from ascertain.link._mentions import FEATURES, Comparer, group_articles, mentions_of, pairs_of
from ascertain.link._trees import chances

SHAPE = {"trees": 150, "depth": 4, "rate": 0.08, "least": 40.0}
FOLDS = 5
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """JSON Lines, gzipped, by document."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return sorted((json.loads(line) for line in lines if line.strip()), key=lambda d: str(d["doc"]))


def known_pairs(documents: list[dict[str, Any]]) -> dict[str, float]:
    """Log-odds of pairs of unequal heads: how much oftener they stand in one chain than in two chains of one topic."""
    chain = {m["id"]: m["chain"] for d in documents for m in d["mentions"]}
    topics: dict[str, list[Any]] = {}
    for mention in mentions_of(documents):
        topics.setdefault(documents[mention.document]["topic"], []).append(mention)
    together, apart = Counter(), Counter()
    for members in topics.values():
        for one, other in combinations({(m.head, chain[m.id]) for m in members}, 2):
            if one[0] != other[0]:
                (together if one[1] == other[1] else apart)["|".join(sorted((one[0], other[0])))] += 1
    return {
        pair: round(math.log((n + 0.5) / (apart[pair] + 0.5)), 3) for pair, n in sorted(together.items()) if n >= 1 and n >= apart[pair]
    }


def prepared(documents: list[dict[str, Any]], known: dict[str, float]) -> dict[str, Any]:
    """Pairs, figures and truth of some articles."""
    mentions = mentions_of(documents)
    chain = {m["id"]: m["chain"] for d in documents for m in d["mentions"]}
    groups, cosines = group_articles([d["text"] for d in documents])
    pairs = pairs_of(mentions, groups)
    comparer = Comparer(mentions, cosines, known)
    values = np.array([comparer.figures(p) for p in pairs])
    truth = np.array([chain[mentions[a].id] == chain[mentions[b].id] for a, b in pairs], float)
    return {"documents": documents, "mentions": mentions, "pairs": pairs, "values": values, "truth": truth}


def conll(part: dict[str, Any], chance: Any, threshold: float) -> float:
    """CoNLL F1 without singletons."""
    import coref

    groups = average_link(
        len(part["mentions"]), {p: float(c) for p, c in zip(part["pairs"], chance, strict=True)}, threshold=threshold, cap=1.0
    )
    named = [{"id": part["mentions"][i].id, "chain": str(n)} for n, g in enumerate(groups) for i in g]
    return 100 * float(coref.evaluate(part["documents"], named, drop_singletons=True)["CoNLL"])


def main() -> int:
    """Train, choose the threshold on folds of topics, write, and say how the dev part fares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sys.path.insert(0, str(options.data.parent.parent / "score"))
    train, dev = rows_of(options.data / "train.jsonl.gz"), rows_of(options.data / "dev.jsonl.gz")
    topics = sorted({d["topic"] for d in train}, key=int)
    parts = []
    for fold in range(FOLDS):
        mine = set(topics[fold::FOLDS])
        parts.append(prepared([d for d in train if d["topic"] in mine], known_pairs([d for d in train if d["topic"] not in mine])))

    def fitted(held: list[dict[str, Any]]) -> dict[str, Any]:
        return boosting.fit(np.vstack([p["values"] for p in held]), np.concatenate([p["truth"] for p in held]), **SHAPE)

    found = [chances(fitted([q for q in parts if q is not p]), p["values"]) for p in parts]
    means = {t: float(np.mean([conll(p, c, t) for p, c in zip(parts, found, strict=True)])) for t in THRESHOLDS}
    best = max(means, key=lambda t: means[t])
    print({t: round(m, 1) for t, m in means.items()})
    model = fitted(parts) | {"threshold": best, "features": list(FEATURES), "known": known_pairs(train)}
    options.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    tested = prepared(dev, model["known"])
    chance = chances(model, tested["values"])
    print("dev", best, {t: round(conll(tested, chance, t), 1) for t in THRESHOLDS})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

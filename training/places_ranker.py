"""Fit the ranker of places: boosted trees over candidates, softmax within each name, on the train parts of geoparsing corpora.

    python training/places_ranker.py --data DIR [--rounds 220] [--leave-out lgl] [--dev]

DIR holds one folder a corpus (trnews, geovirus, lgl, geowebnews, each with train.jsonl). Written with numpy alone, with a fixed seed;
only the trees enter the project, no text. `--dev` prints the accuracy within 161 km on gold spans of the dev parts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from ascertain.extract._places_rank import Names, features
from ascertain.models.places import RANKER_PATH, Gazetteer, Trees, kilometres, normal
from ascertain.records import Span

SETS = ("trnews", "geovirus", "lgl", "geowebnews")
BINS = 48
SEED = 7
NEAR_KM, RIGHT_KM = 20.0, 161.0


def rows_of(path: Path) -> list[dict[str, Any]]:
    """JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def examples(gazetteer: Gazetteer, documents: list[dict[str, Any]]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each name with gold: features, grades (3 the same id, 2 near, 1 within 161 km, 0 else), distances."""
    found = []
    for document in documents:
        text = document["text"]
        gold = [t for t in document["toponyms"] if t.get("lat") is not None and t.get("lon") is not None]
        mentions: dict[str, list[Span]] = {}
        points: dict[str, dict[str, Any]] = {}
        for t in gold:
            name = normal(text[t["start"] : t["end"]])
            mentions.setdefault(name, []).append(Span(t["start"], t["end"]))
            points.setdefault(name, t)
        names = Names.of(text, mentions, gazetteer)
        for name, matrix in features(names, gazetteer).items():
            t = points[name]
            away = np.array([kilometres(c.lat, c.lon, float(t["lat"]), float(t["lon"])) for c in names.candidates[name]])
            same = np.array([str(c.id) == str(t.get("geonameid")) for c in names.candidates[name]])
            grade = np.where(same, 3, np.where(away < NEAR_KM, 2, np.where(away <= RIGHT_KM, 1, 0)))
            found.append((matrix, grade, away))
    return found


class Boost:
    """Gradient boosting of small trees for a softmax over each name's candidates."""

    def __init__(self, *, rounds: int, depth: int = 4, rate: float = 0.08, smooth: float = 4.0) -> None:
        self.rounds, self.depth, self.rate, self.smooth = rounds, depth, rate, smooth
        self.nodes: list[list[float]] = []
        self.roots: list[int] = []

    def fit(self, data: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Trees:
        """Fit and give the trees."""
        data = [d for d in data if d[1].max() > 0 and len(d[1]) > 1]
        rows = np.vstack([d[0] for d in data])
        group = np.repeat(np.arange(len(data)), [len(d[1]) for d in data])
        grade = np.concatenate([d[1] for d in data]).astype(float)
        target = np.where(grade == grade_top(grade, group, len(data))[group], 1.0, 0.0) * (grade > 0)
        target /= np.bincount(group, target)[group]
        edges = [np.unique(np.quantile(rows[:, f], np.linspace(0, 1, BINS + 1)[1:-1])) for f in range(rows.shape[1])]
        binned = np.stack([np.searchsorted(edges[f], rows[:, f], side="left") for f in range(rows.shape[1])], axis=1)
        score = np.zeros(len(rows))
        random = np.random.default_rng(SEED)
        for _ in range(self.rounds):
            power = np.exp(score - grade_top(score, group, len(data))[group])
            share = power / np.bincount(group, power)[group]
            chosen = random.random(len(data))[group] < 0.8
            columns = np.sort(random.permutation(rows.shape[1])[: max(1, int(0.7 * rows.shape[1]))])
            gradient, curvature = share - target, np.maximum(share * (1 - share), 1e-3)
            self.roots.append(len(self.nodes))
            score += self._grow(binned, edges, gradient, curvature, np.flatnonzero(chosen), np.arange(len(rows)), columns)
        return self.trees()

    def _grow(self, binned, edges, gradient, curvature, inside, every, columns, depth=0) -> np.ndarray:  # noqa: ANN001
        """Grow one node; gives what it adds to the score of every row that reaches it, in a full-length array."""
        number = len(self.nodes)
        total_g, total_h = gradient[inside].sum(), curvature[inside].sum()
        leaf = -self.rate * total_g / (total_h + self.smooth)
        self.nodes.append([-1, 0.0, 0, 0, float(leaf)])
        add = np.zeros(len(binned))
        best = (
            self._split(binned, edges, gradient, curvature, inside, columns, total_g, total_h)
            if depth < self.depth and len(inside) > 40
            else None
        )
        if best is None:
            add[every] = leaf
            return add
        feature, cut = best
        left = len(self.nodes)
        go = binned[:, feature] <= cut
        add += self._grow(binned, edges, gradient, curvature, inside[go[inside]], every[go[every]], columns, depth + 1)
        right = len(self.nodes)
        add += self._grow(binned, edges, gradient, curvature, inside[~go[inside]], every[~go[every]], columns, depth + 1)
        self.nodes[number] = [feature, float(edges[feature][cut]), left, right, 0.0]
        return add

    def _split(self, binned, edges, gradient, curvature, inside, columns, total_g, total_h):  # noqa: ANN001, ANN202
        """The feature and bin that gain most; None where nothing gains."""
        best, gain = None, 1e-3
        whole = total_g**2 / (total_h + self.smooth)
        for feature in columns:
            size = len(edges[feature]) + 1
            if size < 2:
                continue
            bins = binned[inside, feature]
            g = np.cumsum(np.bincount(bins, gradient[inside], size))[:-1]
            h = np.cumsum(np.bincount(bins, curvature[inside], size))[:-1]
            n = np.cumsum(np.bincount(bins, minlength=size))[:-1]
            gains = g**2 / (h + self.smooth) + (total_g - g) ** 2 / (total_h - h + self.smooth) - whole
            gains[(n < 15) | (len(inside) - n < 15)] = 0
            at = int(np.argmax(gains))
            if gains[at] > gain:
                best, gain = (int(feature), at), float(gains[at])
        return best

    def table(self) -> dict[str, list[float]]:
        """The packaged form."""
        columns = list(zip(*self.nodes, strict=True))
        return {
            "feature": [int(v) for v in columns[0]],
            "threshold": [float(np.float32(v)) for v in columns[1]],
            "left": [int(v) for v in columns[2]],
            "right": [int(v) for v in columns[3]],
            "value": [round(float(v), 5) for v in columns[4]],
            "roots": self.roots,
            "depth": [self.depth],
        }

    def trees(self) -> Trees:
        """The trees as they are read back."""
        return Trees.read(self.table())


def grade_top(values: np.ndarray, group: np.ndarray, number: int) -> np.ndarray:
    """The highest value of each group."""
    top = np.full(number, -np.inf)
    np.maximum.at(top, group, values)
    return top


def accuracy(trees: Trees | None, data: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> tuple[float, float]:
    """Share of names whose first candidate lies within 161 km, and of those where any does."""
    hits = [away[int(np.argmax(trees.scores(rows))) if trees else 0] <= RIGHT_KM for rows, _, away in data]
    return float(np.mean(hits)), float(np.mean([away.min() <= RIGHT_KM for _, _, away in data]))


def main() -> None:
    """Fit and write; print what the dev parts say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=220)
    parser.add_argument("--leave-out", choices=SETS)
    parser.add_argument("--dev", action="store_true")
    parser.add_argument("--out", type=Path, default=RANKER_PATH)
    options = parser.parse_args()
    gazetteer = Gazetteer.open()
    data = [e for name in SETS if name != options.leave_out for e in examples(gazetteer, rows_of(options.data / name / "train.jsonl"))]
    boost = Boost(rounds=options.rounds)
    trees = boost.fit(data)
    for name in SETS if options.dev else ():
        dev = examples(gazetteer, rows_of(options.data / name / "dev.jsonl"))
        (first, reach), (plain, _) = accuracy(trees, dev), accuracy(None, dev)
        print(f"{name}: {first:.3f} of names within 161 km (prior {plain:.3f}, any candidate {reach:.3f})")
    if options.leave_out is None:
        options.out.write_text(json.dumps(boost.table(), separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{len(boost.nodes)} nodes, {options.out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()

"""Fit the linear models of the MUC-4 adapter (bench/muc4.py) on the benchmark's train part.

    python training/muc4_templates.py --data DIR [--cache FILE]

DIR holds muc4/train.jsonl.gz. Logistic regression by AdaGrad over hashed features, seeds fixed; thresholds are set for the highest F1 on
every fifth document of the train part, held out of a first fit. Only weights enter the project.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from pathlib import Path
from typing import Any

import cases
import numpy as np

from ascertain.models import load_models

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import muc4

SCORE = "score"
EPOCHS = 6
SEED = 11


def prepared(rows: list[dict[str, Any]], small: frozenset[str]) -> list[dict[str, Any]]:
    """For each document: features of its candidates and of itself, with labels."""
    models = load_models()
    found = []
    for number, row in enumerate(rows):
        parse, reading = muc4.read(row, models, small)
        kinds = {template["incident_type"] for template in row["gtt"]}
        listed = [(c.words, c.incident, c.features) for c in muc4.candidates(parse, reading)]
        found.append({
            "docid": row["docid"], "candidates": listed, "features": muc4.document_features(parse, reading),
            "labels": [any(kind in k for k in kinds) for kind in muc4.KINDS],
        })  # fmt: skip
        if number % 100 == 0:
            print(number, file=sys.stderr)
    return found


def fills_of(row: dict[str, Any], norm: Any) -> list[set[str]]:
    """What fills each role of a document, normalised."""
    roles = [{norm(m) for template in row["gtt"] for entity in template[role] for m in entity} for role in muc4.ROLES]
    return [*roles, {norm(word) for template in row["templates"] for fill in template["hum_desc"] or [] for word in fill["alts"]}]


def fit(examples: list[tuple[np.ndarray, np.ndarray]], labels: int, *, weight: float) -> muc4.Linear:
    """Logistic regression by AdaGrad, each label by itself."""
    size = 1 << muc4.BITS
    weights, squares = np.zeros((labels, size), np.float32), np.full((labels, size), 1e-2, np.float32)
    bias = np.full(labels, -2.0, np.float32)
    random = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        for i in random.permutation(len(examples)):
            at, want = examples[i]
            score = 1 / (1 + np.exp(-np.clip(weights[:, at].sum(axis=1) + bias, -30, 30)))
            step = (score - want) * np.where(want, weight, 1.0)
            if np.abs(step).max() < 0.02:
                continue
            squares[:, at] += (step**2)[:, None]
            weights[:, at] -= (0.25 / (1 + epoch * 0.3)) * step[:, None] / np.sqrt(squares[:, at])
            bias -= 0.01 * step.astype(np.float32)
    return muc4.Linear(weights, bias)


def best_levels(scores: np.ndarray, labels: np.ndarray) -> list[float]:
    """For each label the threshold with the highest F1."""
    found = []
    for k in range(labels.shape[1]):
        levels = np.linspace(0.1, 0.9, 33)
        f1 = []
        for level in levels:
            told = scores[:, k] >= level
            hits = float((told & labels[:, k]).sum())
            f1.append(2 * hits / max(1.0, told.sum() + labels[:, k].sum()))
        found.append(round(float(levels[int(np.argmax(f1))]), 3))
    return found


def scaled(
    levels: dict[str, list[float]], held: list[dict[str, Any]], rows: list[dict[str, Any]], roles: muc4.Linear, incidents: muc4.Linear
) -> dict[str, list[float]]:
    """The thresholds moved together to where whole templates score best on the held-out documents."""
    from muc4 import evaluate  # the scorer's module, beside the data

    listed = [[(c[0], c[1], roles.scores(c[2])) for c in d["candidates"]] for d in held]
    likely = [incidents.scores(d["features"]) for d in held]
    best, found = 0.0, levels
    for role_scale in (0.8, 1.0, 1.2, 1.4, 1.7):
        for incident_at in (0.2, 0.3, 0.4, 0.5, 0.6):
            own = {"roles": [round(min(0.95, v * role_scale), 3) for v in levels["roles"]], "incidents": [incident_at] * 3 + [0.5, 0.5]}
            told = [
                {
                    "docid": row["docid"],
                    "templates": [
                        {k: v for k, v in t.items() if k != "HumDesc"} for t in muc4.filled(a, b, own["roles"], own["incidents"])
                    ],
                }
                for row, a, b in zip(rows, listed, likely, strict=True)
            ]
            f1 = evaluate(rows, told, "tf")["tf"]["micro_avg"]["f1"]
            if f1 > best:
                best, found = f1, own
    print("held out", round(best, 1))
    return found


def fitted(documents: list[dict[str, Any]]) -> tuple[muc4.Linear, muc4.Linear]:
    """Both models; role fillers are learnt from documents that have templates."""
    fillers = [(muc4.hashed(c[2]), np.array(c[3])) for d in documents if any(d["labels"]) for c in d["candidates"]]
    about = [(muc4.hashed(d["features"]), np.array(d["labels"])) for d in documents]
    return fit(fillers, len(muc4.FILLED), weight=2.0), fit(about, len(muc4.KINDS), weight=1.0)


def main() -> None:
    """Fit, set the thresholds, fit again on all, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path, default=muc4.MODEL)
    options = parser.parse_args()
    sys.path.insert(0, str(options.data.resolve().parent / SCORE))
    from muc4 import norm

    small = cases.small_words(options.data)
    rows = cases.rows(options.data / "muc4" / "train.jsonl.gz")[: options.limit]
    if options.cache and options.cache.is_file():
        documents = pickle.loads(options.cache.read_bytes())
    else:
        documents = prepared(rows, small)
        if options.cache:
            options.cache.write_bytes(pickle.dumps(documents))
    for document, row in zip(documents, rows, strict=True):
        gold = fills_of(row, norm)
        document["candidates"] = [
            (words, incident, found, [norm(words) in g for g in gold]) for words, incident, found, *_ in document["candidates"]
        ]
    held = [d for i, d in enumerate(documents) if i % 5 == 0]
    roles, incidents = fitted([d for i, d in enumerate(documents) if i % 5])
    told = [d for d in held if any(d["labels"])]
    role_scores = np.array([roles.scores(c[2]) for d in told for c in d["candidates"]])
    role_labels = np.array([c[3] for d in told for c in d["candidates"]])
    levels = {
        "roles": best_levels(role_scores, role_labels),
        "incidents": best_levels(np.array([incidents.scores(d["features"]) for d in held]), np.array([d["labels"] for d in held])),
    }
    levels = scaled(levels, held, rows[::5], roles, incidents)
    print(levels)
    roles, incidents = fitted(documents)
    np.savez_compressed(
        options.out, roles_weights=roles.weights.astype(np.float16), roles_bias=roles.bias, incidents_weights=incidents.weights.astype(np.float16),
        incidents_bias=incidents.bias, levels=json.dumps(levels), small=" ".join(sorted(small)),
    )  # fmt: skip
    print(options.out.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()

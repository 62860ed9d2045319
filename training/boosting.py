"""Gradient boosting of small trees on binned figures, in numpy: deterministic, and a few hundred lines of JSON when done.

Log loss, second-order gains, depth-limited trees grown level by level, a fixed seed for the share of features of each tree.
"""

from __future__ import annotations

from typing import Any

import numpy as np

BINS = 48


def edges_of(values: Any) -> list[Any]:
    """Cut points of each column: quantiles of its distinct values."""
    made = []
    for column in values.T:
        distinct = np.unique(column)
        made.append(
            (distinct[:-1] + distinct[1:]) / 2
            if len(distinct) <= BINS
            else np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1]))
        )
    return made


def binned(values: Any, edges: list[Any]) -> Any:
    """Each value's bin."""
    return np.stack([np.searchsorted(cut, column, side="left") for cut, column in zip(edges, values.T, strict=True)], axis=1).astype(
        np.int32
    )


def fit(
    values: Any,
    truth: Any,
    *,
    trees: int,
    depth: int,
    rate: float,
    least: float = 20.0,
    share: float = 0.6,
    ridge: float = 2.0,
    seed: int = 7,
) -> dict[str, Any]:
    """Fit the trees.

    Returns:
        {"start": log-odds, "trees": [[feature, cut, ...], ...]}: each tree as lists `feature`, `cut`, `leaf` of a full binary tree.
    """
    edges = edges_of(values)
    bins = binned(values, edges)
    odds = np.full(len(truth), np.log(truth.mean() / (1 - truth.mean())))
    model: dict[str, Any] = {"start": float(odds[0]), "depth": depth, "trees": []}
    draw = np.random.default_rng(seed)
    for _ in range(trees):
        chance = 1 / (1 + np.exp(-odds))
        columns = np.sort(draw.choice(values.shape[1], max(1, round(share * values.shape[1])), replace=False))
        tree, leaves = _tree(bins, chance - truth, chance * (1 - chance), edges, columns, depth=depth, least=least, ridge=ridge)
        tree["leaf"] = [round(rate * leaf, 6) for leaf in tree["leaf"]]
        odds = odds + np.array(tree["leaf"])[leaves]
        model["trees"].append(tree)
    return model


def _tree(
    bins: Any, slope: Any, curve: Any, edges: list[Any], columns: Any, *, depth: int, least: float, ridge: float
) -> tuple[dict[str, Any], Any]:
    """One tree, and the leaf of each row."""
    node = np.zeros(len(slope), dtype=np.int64)
    feature, cut = [], []
    for level in range(depth):
        count = 2**level
        best = _best_cuts(bins, slope, curve, edges, columns, node, count, least=least, ridge=ridge)
        feature += [f for f, _ in best]
        cut += [float(edges[f][c]) if f >= 0 else 0.0 for f, c in best]
        chosen = np.array([f for f, _ in best])[node]
        place = np.array([c for _, c in best])[node]
        right = np.where(chosen >= 0, bins[np.arange(len(node)), np.maximum(chosen, 0)] > place, False)
        node = 2 * node + right
    total = 2**depth
    g, h = np.bincount(node, slope, total), np.bincount(node, curve, total)
    return {"feature": feature, "cut": [round(c, 6) for c in cut], "leaf": list(-g / (h + ridge))}, node


def _best_cuts(
    bins: Any, slope: Any, curve: Any, edges: list[Any], columns: Any, node: Any, count: int, *, least: float, ridge: float
) -> list[tuple[int, int]]:
    """For each node of a level the feature and cut with the greatest gain; (-1, 0) where none gains."""
    gains = np.full(count, 1e-6)
    found = [(-1, 0)] * count
    for column in columns:
        width = len(edges[column]) + 1
        if width < 2:
            continue
        key = node * width + bins[:, column]
        g = np.bincount(key, slope, count * width).reshape(count, width)
        h = np.bincount(key, curve, count * width).reshape(count, width)
        left_g, left_h = np.cumsum(g, 1)[:, :-1], np.cumsum(h, 1)[:, :-1]
        all_g, all_h = g.sum(1, keepdims=True), h.sum(1, keepdims=True)
        right_g, right_h = all_g - left_g, all_h - left_h
        gain = left_g**2 / (left_h + ridge) + right_g**2 / (right_h + ridge) - all_g**2 / (all_h + ridge)
        gain = np.where((left_h >= least / 10) & (right_h >= least / 10), gain, -1.0)
        at = gain.argmax(1)
        for number in range(count):
            if gain[number, at[number]] > gains[number]:
                gains[number] = gain[number, at[number]]
                found[number] = (int(column), int(at[number]))
    return found

"""Learned log-odds: small trees from a data file, added up. Made by training/link_weights.py."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def weights(name: str) -> dict[str, Any]:
    """A packaged model by name: its threshold, start and trees."""
    loaded: dict[str, Any] = json.loads(files("ascertain.link").joinpath("data", f"{name}.json").read_text("utf-8"))
    return loaded


def chances(model: dict[str, Any], values: Any) -> Any:
    """For each row of figures the chance that the pair is one: the trees' log-odds, added and squashed."""
    import numpy as np

    odds = np.full(len(values), model["start"])
    row = np.arange(len(values))
    for tree in model["trees"]:
        feature, cut, leaf = (np.array(tree[part]) for part in ("feature", "cut", "leaf"))
        place = np.zeros(len(values), dtype=np.int64)
        for level in range(model["depth"]):
            node = 2**level - 1 + place
            chosen = feature[node]
            right = (chosen >= 0) & (values[row, np.maximum(chosen, 0)] > cut[node])
            place = 2 * place + right
        odds += leaf[place]
    return 1 / (1 + np.exp(-odds))

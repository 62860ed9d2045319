"""The custody log: appending and proving, against pymerkle on the same leaves; the same root shows that both do the same."""

from __future__ import annotations

import time
from statistics import median

from ascertain.custody import MerkleTree, inclusion_holds

LEAVES = 100_000
MANY = 1_000_000
PROOFS = 2_000


def _leaf(number: int) -> bytes:
    return b'{"action":"collected","number":%d}' % number


def _ours() -> tuple[float, bytes]:
    leaves = [_leaf(n) for n in range(LEAVES)]
    started = time.perf_counter()
    tree = MerkleTree(leaves)
    root = tree.root()
    return time.perf_counter() - started, root


def _peer() -> tuple[float, bytes]:
    from pymerkle import InmemoryTree

    leaves = [_leaf(n) for n in range(LEAVES)]
    started = time.perf_counter()
    tree = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        tree.append_entry(leaf)
    root = tree.get_state()
    return time.perf_counter() - started, root


def measure() -> dict[str, float]:
    """Appends a second of both and their ratio; milliseconds a proof at a million leaves."""
    ours, theirs = [_ours() for _ in range(3)], [_peer() for _ in range(3)]
    if len({root for _, root in ours + theirs}) != 1:
        raise SystemExit("the roots of the two trees differ: the benchmark compares different things")
    tree = MerkleTree(_leaf(n) for n in range(MANY))
    root, step = tree.root(), MANY // PROOFS
    started = time.perf_counter()
    paths = [tree.inclusion(n) for n in range(0, MANY, step)]
    proof = (time.perf_counter() - started) / PROOFS
    if not all(inclusion_holds(_leaf(n * step), index=n * step, size=MANY, path=path, root=root) for n, path in enumerate(paths)):
        raise SystemExit("a proof does not hold")
    fast, slow = median(s for s, _ in ours), median(s for s, _ in theirs)
    return {
        "appends a second": round(LEAVES / fast),
        "pymerkle appends a second": round(LEAVES / slow),
        "ratio to pymerkle": round(slow / fast, 1),
        "ms a proof at a million leaves": round(1000 * proof, 4),
    }

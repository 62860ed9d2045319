"""The log's files in C2SP tlog-tiles form, so that ready-made clients of transparency logs can read it.

A tile holds up to 256 hashes of one level, levels counted in steps of eight; an entry bundle holds up to 256 leaves, each behind its
length. Source: C2SP, tlog-tiles.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from ascertain.custody._merkle import MerkleTree
from ascertain.errors import UsageError

WIDTH = 256
LEVEL_STEP = 8  # a tile's 256 hashes are 8 levels of the tree
MAX_LEAF_BYTES = 0xFFFF


def tile_name(kind: str, index: int, width: int) -> str:
    """Path of a tile: groups of three digits, all but the last after an `x`; a tile that is not full says how wide it is."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{kind}/{'/'.join(groups)}{partial}"


def tiles(tree: MerkleTree, leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every tile and entry bundle of a log, by path.

    Raises:
        UsageError: a leaf is longer than the form allows.
    """
    level = 0
    while (count := len(tree) >> (LEVEL_STEP * level)) > 0:
        for start in range(0, count, WIDTH):
            end = min(start + WIDTH, count)
            yield tile_name(str(level), start // WIDTH, end - start), b"".join(tree.subtree_hashes(LEVEL_STEP * level, start, end))
        level += 1
    for start in range(0, len(leaves), WIDTH):
        part = leaves[start : start + WIDTH]
        yield tile_name("entries", start // WIDTH, len(part)), b"".join(_prefixed(leaf) for leaf in part)


def _prefixed(leaf: bytes) -> bytes:
    if len(leaf) > MAX_LEAF_BYTES:
        raise UsageError(f"a log record has {len(leaf)} bytes, more than {MAX_LEAF_BYTES}", advice="Record digests instead of contents.")
    return struct.pack(">H", len(leaf)) + leaf

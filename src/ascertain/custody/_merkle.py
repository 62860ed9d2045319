"""The Merkle tree of RFC 6962: root, inclusion and consistency, with an append that costs a few hashes.

Leaves are hashed with 0x00 before them, nodes with 0x01, so that neither can stand for the other. The tree keeps all hashes of all
complete subtrees by level; a root of any earlier size can be had as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf's bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of a node from those of its children."""
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size` (size > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


class MerkleTree:
    """A growing log."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Add a leaf's bytes; gives its index."""
        index = len(self)
        self._levels[0].append(leaf_hash(leaf))
        level, position = 0, index
        while position % 2 == 1:
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(node_hash(self._levels[level][position - 1], self._levels[level][position]))
            level, position = level + 1, position // 2
        return index

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` leaves (all by default)."""
        size = self._checked(len(self) if size is None else size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def subtree_hashes(self, level: int, start: int, end: int) -> tuple[bytes, ...]:
        """Hashes of complete subtrees of 2^level leaves, those numbered `start` to `end` (half-open)."""
        return tuple(self._levels[level][start:end]) if level < len(self._levels) else ()

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Audit path of a leaf in the tree of the first `size` leaves (RFC 6962, 2.1.1), lowest first.

        Raises:
            IndexError: there is no such leaf in a tree of that size.
        """
        size = self._checked(len(self) if size is None else size)
        if not 0 <= index < size:
            raise IndexError(f"a tree of {size} leaves has no leaf {index}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Proof that the first `old` leaves are the beginning of the first `new` (RFC 6962, 2.1.2).

        Raises:
            IndexError: `old` is not within 0 to `new`.
        """
        new = self._checked(len(self) if new is None else new)
        if not 0 <= old <= new:
            raise IndexError(f"a tree of {new} leaves has no beginning of {old}")
        return tuple(self._subproof(old, 0, new, known=True)) if 0 < old < new else ()

    def _subproof(self, old: int, start: int, end: int, *, known: bool) -> list[bytes]:
        size = end - start
        if old == size:
            return [] if known else [self._hash(start, end)]
        split = _split(size)
        if old <= split:
            return [*self._subproof(old, start, start + split, known=known), self._hash(start + split, end)]
        return [*self._subproof(old - split, start + split, end, known=False), self._hash(start, start + split)]

    def _hash(self, start: int, end: int) -> bytes:
        """Hash of leaves start to end; start is a multiple of the largest power of two within, as in every split."""
        size = end - start
        level = size.bit_length() - 1
        if size == 1 << level and start % size == 0:
            return self._levels[level][start >> level]
        middle = start + _split(size)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _checked(self, size: int) -> int:
        if not 0 <= size <= len(self):
            raise IndexError(f"the tree has {len(self)} leaves, not {size}")
        return size


def inclusion_holds(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf's audit path leads to the root (RFC 9162, 2.1.3.2); False for anything malformed."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            found = node_hash(step, found)
            while node % 2 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(*, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the old tree is the beginning of the new (RFC 9162, 2.1.4.2); False for anything malformed."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and (old == 0 or old_root == new_root)
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node % 2 == 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while node % 2 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root

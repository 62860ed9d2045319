"""What is deleted together: an item and the parts that came out of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ascertain.errors import UsageError
from ascertain.records import Capture

if TYPE_CHECKING:
    from ascertain.store import Store

LEAST_DIGITS = 6  # of a SHA-256 that name an item


def to_delete(store: Store, wanted: str, *, reason: str) -> tuple[str, ...]:
    """Digests of an item and its parts that are there, parts before what holds them.

    Raises:
        UsageError: nothing or several things are named so, there is no reason, or its bytes lie in a container that stays.
    """
    if not reason.strip():
        raise UsageError("a deletion needs a reason", advice="Give it: it stands in the log for good.")
    captures, there = store.captures(), set(store.originals())
    digest = _named(captures, wanted)
    taken = [digest]
    for item in taken:  # grows while it is gone through
        taken += dict.fromkeys(c.original for c in captures if c.parent == item and c.original not in taken)
    whole = _without_shared(captures, taken, there)
    holders = [c.parent for c in captures if c.original == digest and c.parent in there and c.parent not in whole]
    if holders:
        path = next(c.path for c in captures if c.original == holders[0])
        raise UsageError(f"{wanted} is a part of {path}, which would keep its bytes", advice=f"Delete {path}; add again what is to stay.")
    found = tuple(item for item in reversed(whole) if item in there)
    if not found:
        raise UsageError(f"{wanted} was deleted already", advice="`ascertain status CASE` counts what is there.")
    return found


def _named(captures: tuple[Capture, ...], wanted: str) -> str:
    found = dict.fromkeys(
        c.original for c in captures if c.path == wanted or (len(wanted) >= LEAST_DIGITS and c.original.startswith(wanted))
    )
    if not found:
        raise UsageError(f"the case has no item {wanted}", advice="Name it as it came in, or by the first digits of its SHA-256.")
    if len(found) > 1:
        raise UsageError(f"{len(found)} items are named {wanted}", advice="Give the first digits of the SHA-256 of the one that is meant.")
    return next(iter(found))


def _without_shared(captures: tuple[Capture, ...], taken: list[str], there: set[str]) -> list[str]:
    """Of an item and its parts those that came in by no other way that stays."""
    kept = list(taken)
    changed = True
    while changed:
        shared = [
            item for item in kept[1:] if any(c.original == item and (c.parent is None or (c.parent in there and c.parent not in kept)) for c in captures)
        ]  # fmt: skip
        kept = [item for item in kept if item not in shared]
        changed = bool(shared)
    return kept

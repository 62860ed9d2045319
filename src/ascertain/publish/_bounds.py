"""Between which times the custody log took something in, by what others signed: the rules of docs/specs/dossier.md after 39."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ascertain.publish._heads import STAMPED, WITNESSED, stamp_requests

if TYPE_CHECKING:
    from ascertain.store import Store


@attrs.frozen
class Bound:
    """What one stamp or witness says.

    Attributes:
        records: the first so many were logged not after `time` (ISO 8601 UTC).
        by: who says so.
        after: the record that names the answer: later ones were logged not before; None where the log does not name it.
    """

    records: int
    time: str
    by: str
    after: int | None


@attrs.frozen
class Logged:
    """When something was logged: its record, the machine's clock, and the two bounds; None where nobody else saw the log."""

    record: int
    clock: str
    not_before: Bound | None
    not_after: Bound | None


def bounds_of(store: Store) -> tuple[Bound, ...]:
    """All stamps and signatures of witnesses, in the order in which they came back."""
    sizes = {one.request: one.size for one in stamp_requests(store)}
    found = []
    for entry in store.log_entries():
        about, action = entry.record["parameters"], entry.record["action"]
        after = entry.index if "answer" in about else None
        if action == STAMPED:
            found.append(Bound(sizes[about["request"]], about["time"], f"stamp by {about['authority']}", after))
        elif action == WITNESSED:
            found.append(Bound(about["size"], about["time"], f"witness {about['witness']}", after))
    return tuple(found)


def logged(store: Store, original: str) -> Logged | None:
    """When an original was logged first; None where the case has it not."""
    entry = next((e for e in store.log_entries() if e.record["action"] == "collected" and e.record["object"] == original), None)
    if entry is None:
        return None
    bounds = bounds_of(store)
    before = [bound for bound in bounds if bound.after is not None and bound.after < entry.index]
    after = [bound for bound in bounds if entry.index < bound.records]
    return Logged(
        entry.index, entry.record["time"], max(before, key=lambda b: b.time, default=None), min(after, key=lambda b: b.time, default=None)
    )

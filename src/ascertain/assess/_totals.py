"""Totals over incidents: sums of minima and maxima, by status, place, month and kind; each total names its parts.

What is alleged is never added to what is corroborated; an open side of a part opens that side of the sum; no number is not zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import attrs

from ascertain.records import Fact, Incident, Status

KEYS: dict[str, Callable[[Incident], str | None]] = {
    "all": lambda _: "all",
    "place": lambda i: i.place.name if i.place else None,
    "country": lambda i: i.place.country if i.place else None,
    "month": lambda i: i.time.earliest[:7] if i.time.earliest else None,
    "kind": lambda i: i.kind,
}
NOT_COUNTED = frozenset({Status.REFUTED})


@attrs.frozen
class Part:
    """One incident's share of a total: its id, title and bounds."""

    incident: str
    title: str | None
    at_least: int | None
    at_most: int | None


@attrs.frozen
class Total:
    """A sum over incidents with one status.

    Attributes:
        key: what the incidents share (a place, a month …); None where it is not known of them.
        at_least: sum of the lower bounds that are known: so many at least. A part without one adds nothing to it.
        at_most: sum of the upper bounds; None where a part is open above.
        parts: what was added, by incident id.
    """

    attribute: str
    status: Status
    key: str | None
    at_least: int
    at_most: int | None
    parts: tuple[Part, ...]


def totals(incidents: Sequence[Incident], *, attribute: str = "killed", by: str = "all") -> tuple[Total, ...]:
    """Sums of an attribute over incidents, by status and a key; refuted facts are left out.

    Args:
        by: `all`, `place`, `country`, `month` or `kind`.

    Raises:
        KeyError: there is no such key.
    """
    key_of = KEYS[by]
    groups: dict[tuple[str, Status], list[tuple[Incident, Fact]]] = defaultdict(list)
    for incident in incidents:
        for fact in incident.facts:
            if fact.attribute == attribute and fact.status not in NOT_COUNTED:
                groups[key_of(incident) or "", fact.status].append((incident, fact))
    return tuple(_total(attribute, status, key or None, held) for (key, status), held in sorted(groups.items()))


def _total(attribute: str, status: Status, key: str | None, held: Iterable[tuple[Incident, Fact]]) -> Total:
    parts = tuple(sorted((Part(i.id, i.title, f.at_least, f.at_most) for i, f in held), key=lambda p: p.incident))
    highs = [p.at_most for p in parts]
    return Total(
        attribute, status, key, sum(p.at_least or 0 for p in parts), None if None in highs else sum(h for h in highs if h is not None), parts
    )  # fmt: skip

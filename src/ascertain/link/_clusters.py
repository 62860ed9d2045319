"""Average link on a sparse graph: the best pair of clusters first; pairs that were never compared count as 0."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping

CAP = 8.0  # one certain pair (a copy) must not drown what the others say


def average_link(count: int, scores: Mapping[tuple[int, int], float], *, threshold: float, cap: float = CAP) -> list[list[int]]:
    """Join the two clusters of the highest average score until none reaches the threshold.

    Args:
        count: number of items, 0 to count - 1.
        scores: scores of pairs (smaller number first); those that are absent count as 0.
        threshold: least average for a join.
        cap: scores above it count as it.

    Returns:
        The clusters, each sorted, in order of their first members. Ties go by the clusters' first members, so the result depends on the
        numbering of the items alone.
    """
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    for (one, other), score in scores.items():
        sums[one][other] = sums[other][one] = min(score, cap)
    members = {n: [n] for n in range(count)}
    heap = [(-score, one, other, 1, 1) for one, near in sums.items() for other, score in near.items() if one < other and score >= threshold]
    heapq.heapify(heap)
    while heap:
        _, one, other, first, second = heapq.heappop(heap)
        if len(members.get(one, ())) != first or len(members.get(other, ())) != second:
            continue  # one of them has grown or gone since
        _join(sums, members, one, other)
        for third, total in sorted(sums[one].items()):
            average = total / (len(members[one]) * len(members[third]))
            if average >= threshold:
                low, high = min(one, third), max(one, third)
                heapq.heappush(heap, (-average, low, high, len(members[low]), len(members[high])))
    return [sorted(group) for _, group in sorted(members.items())]


def _join(sums: dict[int, dict[int, float]], members: dict[int, list[int]], one: int, other: int) -> None:
    """Put the cluster `other` into `one` and add up their scores with all third clusters."""
    members[one] += members.pop(other)
    gone = sums.pop(other)
    for third, total in gone.items():
        del sums[third][other]
        if third != one:
            sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + total

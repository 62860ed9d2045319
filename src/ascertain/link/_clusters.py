"""Average link on a sparse graph: the best pair of clusters first; pairs that were never compared count as 0."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

ADOPT_BEST, ADOPT_MEAN, MARGIN = 2.4, 1.9, 0.5  # best score, mean of the two best, lead over the next cluster; checked on four corpora
LEAST_FITTING = 0.75  # share of compared pairs that days and places don't speak against
VETO = -20.0  # a pair of this score keeps two clusters apart
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


def knit(groups: Sequence[Sequence[int]], scores: Mapping[tuple[int, int], tuple[float, bool]], *, threshold: float) -> list[list[int]]:
    """Join clusters that average link left apart because some of their members tell too little or misplace it.

    Two clusters are one where the better half of what was compared between them reaches the threshold, and days and places speak against
    few of these pairs. Best first; ties go by first members.

    Args:
        groups: the clusters.
        scores: for each pair its score, and whether neither days nor places speak against it.
        threshold: least mean of the better half.
    """
    members = {number: list(group) for number, group in enumerate(groups)}
    home = {item: number for number, group in members.items() for item in group}
    between: dict[tuple[int, int], list[tuple[float, bool]]] = defaultdict(list)
    for (one, other), score in sorted(scores.items()):
        if home[one] != home[other]:
            between[min(home[one], home[other]), max(home[one], home[other])].append(score)
    while True:
        ranked = [(mean, -one, -other) for (one, other), held in between.items() if (mean := _better_half(held)) >= threshold]
        if not ranked:
            return [sorted(group) for _, group in sorted(members.items())]
        _, one, other = max(ranked)
        _fuse(members, between, -one, -other)


def _better_half(held: Sequence[tuple[float, bool]]) -> float:
    """Mean of the better half of some scores; nothing where too many speak against, or one forbids it."""
    if min(score for score, _ in held) <= VETO or sum(fits for _, fits in held) < LEAST_FITTING * len(held):
        return float("-inf")
    best = sorted((min(score, CAP) for score, _ in held), reverse=True)[: (len(held) + 1) // 2]
    return sum(best) / len(best)


def _fuse(members: dict[int, list[int]], between: dict[tuple[int, int], list[tuple[float, bool]]], one: int, other: int) -> None:
    """Put the cluster `other` into `one`, with what was compared between them and others."""
    members[one] += members.pop(other)
    for pair in [p for p in between if other in p]:
        held = between.pop(pair)
        third = pair[0] if pair[1] == other else pair[1]
        if third != one:
            between[min(one, third), max(one, third)] += held


def adopt(groups: Sequence[Sequence[int]], scores: Mapping[tuple[int, int], tuple[float, bool]], alone: Iterable[int]) -> list[list[int]]:
    """Take items that stayed alone into the cluster that they fit best, where one clearly fits better than all others.

    A report on one thing, alone because a few of many comparisons found little to compare, mostly tells of what the others tell. All
    decide by the clusters as they are, so their order doesn't matter.

    Args:
        groups: the clusters.
        scores: for pairs that nothing speaks against the score, and whether more than days and places speaks for it.
        alone: items that may be taken in.
    """
    home = {item: number for number, group in enumerate(groups) if len(group) > 1 for item in group}
    near: dict[int, dict[int, list[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(list))
    for (one, other), score in scores.items():
        for item, fellow in ((one, other), (other, one)):
            if fellow in home and item not in home:
                near[item][home[fellow]].append(score)
    made = [list(group) for group in groups]
    taken = {item: number for item in sorted(set(alone) & near.keys()) if (number := _best_home(near[item])) is not None}
    for item, number in taken.items():
        made[number].append(item)
    return [sorted(group) for group in made if not (len(group) == 1 and group[0] in taken)]


def _best_home(near: Mapping[int, Sequence[tuple[float, bool]]]) -> int | None:
    """The cluster with the best two scores, if they are good enough, telling, and ahead of the next cluster's."""
    ranked = sorted(((_mean_of_best(scores), max(scores), -number) for number, scores in near.items()), reverse=True)
    mean, (best, telling), number = ranked[0]
    if best < ADOPT_BEST or mean < ADOPT_MEAN or not telling or (len(ranked) > 1 and mean - ranked[1][0] < MARGIN):
        return None
    return -number


def _mean_of_best(scores: Sequence[tuple[float, bool]]) -> float:
    best = sorted(score for score, _ in scores)[-2:]
    return sum(best) / len(best)

"""Incidents: happenings of different documents joined where kind, place, time, people, counts and words agree.

A pair's score is a sum of stated parts; clusters grow by average link, so that one round-up can't glue two incidents together.
Places far apart and days apart speak strongly against, but not finally: a report that names the wrong town is still about what
its other words say. Copies are joined at once.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations

import attrs

from ascertain.link._copies import find_copies
from ascertain.link._happenings import Happening, apart, happenings_of
from ascertain.records import Cluster, CopyGroup, Linking, Mention, Reading

VERSION = "1"
# Parts of a pair's score. Set by hand after the trial's ablation (dates weigh most), checked on the development corpus.
SAME_DAY, NEXT_DAY, UNDATED, OTHER_DAY = 2.0, 0.3, 1.0, -4.0
SAME_PLACE, NEAR_PLACE, UNKNOWN_PLACE, FAR_PLACE = 2.0, 1.0, 0.0, -2.5
NEAR_KM, FAR_KM = 30.0, 100.0
WORDS, PERSON, MAX_PERSONS, COUNT, KIND = 4.0, 1.0, 2, 0.7, 0.5
JOIN = 3.4  # average score from which two clusters are one
BLOCK_DAYS = 3
COPY = 100.0


@attrs.frozen
class _Pair:
    score: float
    reason: str


def link(readings: Sequence[Reading]) -> Linking:
    """Group copies, and mentions of one happening.

    Returns:
        Copies in order of path; clusters in order of id, each with its reasons.
    """
    ordered = sorted(readings, key=lambda r: r.document.id)
    copies = find_copies(ordered)
    happenings = [h for reading in ordered for h in happenings_of(reading)]
    weights = _rarity(happenings)
    scored = _pairs(happenings, weights, copies)
    groups = _average_link(happenings, scored)
    clusters = [
        _cluster([happenings[i] for i in group], [scored[p].reason for p in combinations(group, 2) if p in scored]) for group in groups
    ]
    return Linking(copies, tuple(sorted(clusters, key=lambda c: c.id)))


def _rarity(happenings: Sequence[Happening]) -> dict[str, float]:
    """Inverse document frequency of words."""
    documents: dict[str, set[str]] = defaultdict(set)
    for happening in happenings:
        for word in happening.words:
            documents[word].add(happening.document)
    total = len({h.document for h in happenings}) or 1
    return {word: math.log(1 + total / len(found)) for word, found in documents.items()}


def _pairs(happenings: Sequence[Happening], weights: dict[str, float], copies: Sequence[CopyGroup]) -> dict[tuple[int, int], _Pair]:
    """Scores of pairs that can meet: days close by, or a person in common, or copies."""
    group_of = {path: number for number, group in enumerate(copies) for path in group.documents}
    found: dict[tuple[int, int], _Pair] = {}
    for one, other in sorted(_blocked(happenings)):
        first, second = happenings[one], happenings[other]
        if first.document == second.document or not _kin(first, second):
            continue
        copied = first.path in group_of and group_of[first.path] == group_of.get(second.path)
        pair = _score(first, second, weights)
        if copied and pair.score > 0:
            pair = _Pair(COPY, f"{first.path} and {second.path} are copies")
        found[one, other] = pair
    return found


def _blocked(happenings: Sequence[Happening]) -> set[tuple[int, int]]:
    by_day: dict[int, list[int]] = defaultdict(list)
    by_person: dict[str, list[int]] = defaultdict(list)
    for number, happening in enumerate(happenings):
        if happening.earliest is not None and happening.latest is not None:
            for day in range(happening.earliest.toordinal() - 1, happening.latest.toordinal() + 2):
                by_day[day].append(number)
        for person in happening.people:
            by_person[person].append(number)
    pairs: set[tuple[int, int]] = set()
    for group in (*by_day.values(), *(g for g in by_person.values() if len(g) <= 40)):
        pairs.update((min(p), max(p)) for p in combinations(group, 2))
    return pairs


def _kin(one: Happening, other: Happening) -> bool:
    if one.family == other.family:
        return True
    if {one.family, other.family} == {"bodies", "strike"}:
        strike = one if one.family == "strike" else other
        return strike.kinds <= {"killing", "injuring", "shooting"}
    return {one.family, other.family} == {"abuse", "detention"}


def _score(one: Happening, other: Happening, weights: dict[str, float]) -> _Pair:
    """The sum of the parts, and the parts in words."""
    parts = [_time_part(one, other), _place_part(one, other)]
    cosine = _cosine(one.words, other.words, weights)
    parts.append((WORDS * cosine, f"words agree {cosine:.2f}" if cosine >= 0.1 else ""))
    shared = sorted(one.people & other.people)
    if shared:
        parts.append((PERSON * min(len(shared), MAX_PERSONS), f"{len(shared)} named in both"))
    if one.counts & other.counts:
        parts.append((COUNT, "the same count"))
    if one.kinds & other.kinds - {"killing", "injuring", "attack"}:
        parts.append((KIND, "the same kind"))
    total = sum(score for score, _ in parts)
    said = ", ".join(words for _, words in parts if words)
    return _Pair(total, f"{one.path} and {other.path}: {said} (score {total:.1f})")


def _time_part(one: Happening, other: Happening) -> tuple[float, str]:
    if one.earliest is None or one.latest is None or other.earliest is None or other.latest is None:
        return 0.0, ""
    if one.earliest <= other.latest and other.earliest <= one.latest:
        if one.dated and other.dated and (one.latest - one.earliest).days <= 1 and (other.latest - other.earliest).days <= 1:
            return SAME_DAY, f"same day, {max(one.earliest, other.earliest).isoformat()}"
        return UNDATED, "days can be the same"
    gap = max(one.earliest - other.latest, other.earliest - one.latest)
    if gap <= timedelta(1):
        return NEXT_DAY, "one day apart"
    return OTHER_DAY, f"{gap.days} days apart"


def _place_part(one: Happening, other: Happening) -> tuple[float, str]:
    if one.place is None or other.place is None:
        return UNKNOWN_PLACE, "a place is not stated"
    distance = apart(one.place, other.place)
    if distance <= NEAR_KM:
        fine = {one.place.feature, other.place.feature} <= {"city", "district"}
        return (
            SAME_PLACE if fine else NEAR_PLACE
        ), f"same place, {one.place_name}" if fine else f"one place holds the other, {one.place_name} and {other.place_name}"
    if distance <= FAR_KM:
        return 0.0, f"{distance:.0f} km apart"
    return FAR_PLACE, f"{distance:.0f} km apart"


def _cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    shared = sum(weights[w] ** 2 * min(one[w], 3) * min(other[w], 3) for w in sorted(one.keys() & other.keys()))
    length = math.sqrt(sum((weights[w] * min(n, 3)) ** 2 for w, n in sorted(one.items()))) * math.sqrt(
        sum((weights[w] * min(n, 3)) ** 2 for w, n in sorted(other.items()))
    )
    return shared / length if length else 0.0


def _average_link(happenings: Sequence[Happening], scored: dict[tuple[int, int], _Pair]) -> list[list[int]]:
    """Join the two clusters of the highest average score until none reaches the threshold; pairs never met count as 0.

    Ties go by the clusters' first documents, so that the order of arrival changes nothing.
    """
    clusters: dict[int, list[int]] = {n: [n] for n in range(len(happenings))}
    near: dict[int, set[int]] = defaultdict(set)
    for (one, other), pair in scored.items():
        if pair.score > 0:
            near[one].add(other)
            near[other].add(one)
    while True:
        best: tuple[float, int, int] | None = None
        for one in sorted(clusters):
            for other in sorted(n for n in near[one] if n > one and n in clusters):
                average = _average(clusters[one], clusters[other], scored)
                if average >= JOIN and (best is None or average > best[0] + 1e-9):
                    best = (average, one, other)
        if best is None:
            return [sorted(members) for _, members in sorted(clusters.items())]
        _, one, other = best
        clusters[one] += clusters.pop(other)
        near[one] |= near.pop(other)
        for group in near.values():
            if other in group:
                group.discard(other)
                group.add(one)
        near[one] -= {one, other}


def _average(one: Sequence[int], other: Sequence[int], scored: dict[tuple[int, int], _Pair]) -> float:
    total = 0.0
    for a in one:
        for b in other:
            pair = scored.get((min(a, b), max(a, b)))
            total += min(pair.score, 8.0) if pair is not None else 0.0
    return total / (len(one) * len(other))


def _cluster(happenings: Sequence[Happening], reasons: Sequence[str]) -> Cluster:
    mentions = sorted(
        {Mention(h.path, e.id, h.document) for h in happenings for e in h.events}, key=lambda m: (m.document, int(m.event[1:]))
    )
    first = f"{mentions[0].document}\n{mentions[0].event}"
    return Cluster("incident-" + hashlib.sha256(first.encode()).hexdigest()[:12], tuple(mentions), tuple(reasons))

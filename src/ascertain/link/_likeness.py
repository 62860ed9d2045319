"""Pairs of articles: which to compare, and by what. One row of figures a pair, named in `FEATURES`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ascertain.link._articles import Traited, Traits

NEIGHBOURS = 20  # most alike in terms
RARE_NAME, RARE_SCENE, RARE_CAPITAL = 8, 30, 25  # names and places in so many articles at most find pairs
POSTINGS = 400  # a term in more articles than this finds no neighbours
Row = list[float]
FEATURES = (
    "body", "rank_low", "rank_high", "margin", "titles", "leads", "title_lead", "rare_max", "rare_sum", "rare_count", "name_max", "name_sum",
    "name_count", "capital_max", "capital_sum", "scene_max", "scene_sum", "street", "published", "first_day", "near_day", "same_days", "day_in_gap",
    "ages_shared", "ages_clash", "ages_jaccard", "lead_ages_shared", "lead_ages_clash", "lead_ages_jaccard", "victims_shared", "victims_clash", "clock_shared", "clock_clash", "killed", "injured", "most", "outlet",
)  # fmt: skip


class Neighbours:
    """Cosines of articles in their terms, through an inverted index."""

    def __init__(self, traits: Sequence[Traits]) -> None:
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, trait in enumerate(traits):
            for term, weight in trait.terms.items():
                postings[term].append((number, weight))
        self._traits = traits
        self._postings = {term: held for term, held in postings.items() if 1 < len(held) <= POSTINGS}
        self.ranked: list[dict[int, tuple[int, float]]] = []
        for number, trait in enumerate(traits):
            scores: dict[int, float] = defaultdict(float)
            for term, weight in trait.terms.items():
                for other, theirs in self._postings.get(term, ()):
                    scores[other] += weight * theirs
            scores.pop(number, None)
            order = sorted(scores, key=lambda o: (-scores[o], o))
            self.ranked.append({other: (rank, scores[other]) for rank, other in enumerate(order[: 10 * NEIGHBOURS])})

    def best(self, number: int) -> float:
        """The greatest cosine of an article."""
        return next(iter(self.ranked[number].values()), (0, 0.0))[1]

    def rank(self, one: int, other: int) -> int:
        """Place of `other` among the neighbours of `one`."""
        return self.ranked[one].get(other, (10 * NEIGHBOURS, 0.0))[0]


def candidates(traited: Traited, neighbours: Neighbours) -> list[tuple[int, int]]:
    """Pairs worth a comparison: nearest in terms, a rare name, or the same day and a rare place or capitalised word, or age and place."""
    pairs: set[tuple[int, int]] = set()
    for number, near in enumerate(neighbours.ranked):
        pairs |= {(min(number, other), max(number, other)) for other, (rank, _) in near.items() if rank < NEIGHBOURS}
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, trait in enumerate(traited.traits):
        for key in set(_keys(trait, traited.frequency)):
            blocks[key].append(number)
    for members in blocks.values():
        if 1 < len(members) <= RARE_SCENE:
            pairs |= {(one, other) for place, one in enumerate(members) for other in members[place + 1 :]}
    return sorted(pairs)


def _keys(trait: Traits, frequency: Mapping[str, Mapping[str, int]]) -> Iterable[tuple[object, ...]]:
    yield from (("name", n) for n in trait.names if frequency["names"][n] <= RARE_NAME)
    scenes = [s for s in trait.scenes if frequency["scenes"][s] <= RARE_SCENE]
    for day in set(trait.days[:4]) or {trait.article.published}:
        yield from (("day", day, s) for s in scenes)
        yield from (("day", day, c) for c in trait.capitals if frequency["capitals"][c] <= RARE_CAPITAL)
    for age in trait.ages:
        yield from (("age", age, s) for s in scenes)


def figures(traited: Traited, neighbours: Neighbours, pair: tuple[int, int]) -> Row:
    """The figures of a pair, in the order of `FEATURES`."""
    one, other = (traited.traits[n] for n in pair)
    frequency, total = traited.frequency, len(traited.traits)
    body = cosine(one.terms, other.terms)
    ranks = sorted((neighbours.rank(*pair), neighbours.rank(pair[1], pair[0])))
    best = max(neighbours.best(pair[0]), neighbours.best(pair[1]))
    words = _rare(one.words & other.words, frequency["words"], total, 10)
    names = _rare(one.names & other.names, frequency["names"], total, 5)
    capitals = _rare(one.capitals & other.capitals, frequency["capitals"], total, 10)
    scenes = _rare(one.scenes & other.scenes, frequency["scenes"], total, 5)
    return [
        body, *map(float, ranks), body / (best + 1e-6), cosine(one.title, other.title), cosine(one.lead, other.lead),
        max(cosine(one.title, other.lead), cosine(other.title, one.lead)),
        *words[:2], float(sum(frequency["words"][w] <= RARE_NAME for w in one.words & other.words)),
        *names[:2], float(sum(frequency["names"][n] <= RARE_NAME for n in one.names & other.names)), *capitals[:2], *scenes[:2],
        _rare(one.streets & other.streets, frequency["streets"], total, 5)[0], *_days(one, other), *_sets(one, other),
        *(float(abs(a - b)) for a, b in zip(one.counts, other.counts, strict=True)), float(max(*one.counts, *other.counts)),
        float(one.article.outlet == other.article.outlet and one.article.outlet != ""),
    ]  # fmt: skip


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Of two weightings of length 1."""
    short, long = sorted((one, other), key=len)
    return sum(weight * long[term] for term, weight in short.items() if term in long)


def _rare(shared: Iterable[str], frequency: Mapping[str, int], total: int, most: int) -> tuple[float, float]:
    """The greatest rarity of shared items, and the sum of the greatest few."""
    rarities = sorted((math.log(total / frequency[item]) for item in shared), reverse=True)[:most]
    return (rarities[0], sum(rarities)) if rarities else (0.0, 0.0)


def _days(one: Traits, other: Traits) -> Row:
    mine, theirs = (t.days or (t.article.published,) for t in (one, other))
    near = min(abs((a - b).days) for a in mine for b in theirs)
    inside = float(_about(one, theirs) or _about(other, mine))
    gap = abs((one.article.published - other.article.published).days)
    return [float(gap), float(abs((mine[0] - theirs[0]).days)), float(near), float(len(set(mine) & set(theirs))), inside]


def _about(trait: Traits, days: Sequence[date]) -> bool:
    """Whether one of some days lies shortly before an article's publication."""
    return any(0 <= (trait.article.published - day).days <= 1 for day in days)


def _sets(one: Traits, other: Traits) -> Row:
    ages, first, victims, clocks = (
        _agreement(getattr(one, kind), getattr(other, kind)) for kind in ("ages", "lead_ages", "victims", "clocks")
    )
    return [*ages, *first, *victims[:2], *clocks[:2]]


def _agreement(one: frozenset[str], other: frozenset[str]) -> Row:
    """How many items are shared, whether both have some and share none, and the shared share (-1 where neither has any)."""
    shared, every = one & other, one | other
    return [float(len(shared)), float(bool(one and other and not shared)), len(shared) / len(every) if every else -1.0]


def rows(traited: Traited) -> tuple[list[tuple[int, int]], Any]:
    """All candidate pairs and their figures as an array."""
    import numpy as np

    neighbours = Neighbours(traited.traits)
    pairs = candidates(traited, neighbours)
    return pairs, np.array([figures(traited, neighbours, pair) for pair in pairs], dtype=np.float64).reshape(len(pairs), len(FEATURES))

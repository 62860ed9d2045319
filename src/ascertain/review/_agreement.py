"""How far reviewers agree beyond chance: Cohen's kappa of each pair, over the facts that both have decided on.

Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

import attrs

Item = tuple[str, str]  # incident id, attribute
SAYS = {
    "confirm": "read rightly",
    "establish": "read rightly",
    "correct": "read wrongly",
    "reject": "read wrongly",
    "refute": "read wrongly",
}
UNSURE = "can't tell"


@attrs.frozen
class Agreement:
    """Two reviewers over the facts that both decided on.

    Attributes:
        both: number of such facts.
        agreed: on how many of them they said the same.
        kappa: 1 is full agreement, 0 no more than chance gives; None where chance alone would make them agree on all.
        apart: the facts on which they differ.
    """

    one: str
    two: str
    both: int
    agreed: int
    kappa: float | None
    apart: tuple[Item, ...]


def agreements(judgements: Iterable[tuple[str, str, str, str]]) -> tuple[Agreement, ...]:
    """Compare every two reviewers who have facts in common.

    Args:
        judgements: incident, attribute, reviewer and kind of decision, in order; of several by one reviewer on one fact the last counts.
    """
    said: dict[str, dict[Item, str]] = {}
    for incident, attribute, reviewer, kind in judgements:
        said.setdefault(reviewer, {})[incident, attribute] = SAYS.get(kind, UNSURE)
    pairs = (_compared(one, said[one], two, said[two]) for one, two in combinations(sorted(said), 2))
    return tuple(pair for pair in pairs if pair.both)


def _compared(one: str, first: Mapping[Item, str], two: str, second: Mapping[Item, str]) -> Agreement:
    items = sorted(first.keys() & second.keys())
    apart = tuple(item for item in items if first[item] != second[item])
    agreed = len(items) - len(apart)
    return Agreement(one, two, len(items), agreed, cohens_kappa([(first[i], second[i]) for i in items]), apart)


def cohens_kappa(pairs: list[tuple[str, str]]) -> float | None:
    """Agreement of two raters over the same items, corrected for chance; None for no items or where chance explains all."""
    if not pairs:
        return None
    count = len(pairs)
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(ones[word] * twos[word] for word in ones) / count**2
    observed = sum(one == two for one, two in pairs) / count
    return None if chance == 1 else (observed - chance) / (1 - chance)

"""Victims' names that people entered: which entries are one person, and how many persons there are at least and at most.

Record linkage after Fellegi and Sunter (1969), the model behind Splink, the field's library: each field of a pair agrees, is close, or
differs, and adds the logarithm of how much likelier that is for one person than for two. A rare name weighs more than a common one. The
weights are stated and not learned: lists of victims hold hundreds of names, too few to learn from, and every weight must be readable.

Nothing is merged for good: what is doubtful stays a range, and an estimate of those on no list stands in a field of its own.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

import attrs

from ascertain.link._names import ARTICLES, fold, skeleton

# How likely each outcome is for one person told twice, and for two persons: log2 of the ratio is the weight. Names have their own.
WEIGHTS = {
    "age": {"same": math.log2(0.80 / 0.03), "close": math.log2(0.15 / 0.10), "other": math.log2(0.05 / 0.87)},
    "sex": {"same": math.log2(0.98 / 0.50), "other": math.log2(0.02 / 0.50)},
    "day": {"same": math.log2(0.85 / 0.20), "close": math.log2(0.10 / 0.20), "other": math.log2(0.05 / 0.60)},
    "place": {"same": math.log2(0.85 / 0.25), "other": math.log2(0.15 / 0.75)},
    "source": {"same": math.log2(0.02 / 0.50)},  # who keeps a list seldom names one person twice
}
CLOSE_YEARS, CLOSE_DAYS = 2, 3
ONE_NAME, SOUND_NAME, LOST_NAME = 0.9, 0.7, 0.15  # chances that one person's name is spelt alike, sounds alike, is missing a part
LEAST_LIKENESS = 0.84  # of letters, from which two spellings of a word are close
SURE, DOUBTFUL = 0.95, 0.5  # chance of one person from which entries are joined, and from which they may be


@attrs.frozen
class VictimEntry:
    """One line of a list of victims, as somebody entered it.

    Attributes:
        id: of the entry, unique in the list.
        age: in years.
        sex: `f`, `m` or other words, compared as they are.
        day: of death, ISO 8601.
        source: who keeps the list from which it comes.
    """

    id: str
    name: str
    age: int | None = None
    sex: str | None = None
    day: str | None = None
    place: str | None = None
    source: str | None = None

    def __attrs_post_init__(self) -> None:
        if not fold(self.name):
            raise ValueError(f"entry {self.id} has no name; leave out those who are only counted")
        if self.day is not None:
            date.fromisoformat(self.day)


@attrs.frozen
class VictimPair:
    """Two entries that may be one person: how likely that is, and what agrees or not, in words."""

    one: str
    other: str
    chance: float
    reason: str


@attrs.frozen
class VictimLinking:
    """Which entries are one person.

    Attributes:
        persons: ids of the entries of each person, in order; doubtful pairs are not joined.
        doubtful: pairs for people to decide.
        at_least: persons if all doubtful pairs were one.
        at_most: persons if none was.
        estimate: of all victims, those on no list too; from the overlap of two lists (Chapman 1951), None where there are not two that overlap.
    """

    persons: tuple[tuple[str, ...], ...]
    pairs: tuple[VictimPair, ...]
    doubtful: tuple[VictimPair, ...]
    at_least: int
    at_most: int
    estimate: int | None


def link_victims(entries: Sequence[VictimEntry]) -> VictimLinking:
    """Find the entries that are one person.

    Raises:
        ValueError: two entries have one id.
    """
    ordered = sorted(entries, key=lambda e: e.id)
    if len({e.id for e in ordered}) < len(ordered):
        raise ValueError("two entries have one id")
    frequency = Counter(word for e in ordered for word in set(_sounds(e.name)))
    pairs = [_pair(one, other, frequency, len(ordered)) for one, other in _candidates(ordered)]
    known = tuple(sorted((p for p in pairs if p.chance >= DOUBTFUL), key=lambda p: (-p.chance, p.one, p.other)))
    sure, doubtful = tuple(p for p in known if p.chance >= SURE), tuple(p for p in known if p.chance < SURE)
    persons = _joined([e.id for e in ordered], sure)
    return VictimLinking(
        persons, known, doubtful, len(_joined([e.id for e in ordered], known)), len(persons), _estimate(ordered, persons)
    )  # fmt: skip


def _candidates(entries: Sequence[VictimEntry]) -> list[tuple[VictimEntry, VictimEntry]]:
    """Pairs that share the sound of a word of their names."""
    blocks: dict[str, list[VictimEntry]] = defaultdict(list)
    for entry in entries:
        for word in set(_sounds(entry.name)):
            blocks[word].append(entry)
    found = {(one.id, other.id): (one, other) for held in blocks.values() for one, other in combinations(held, 2)}
    return [found[key] for key in sorted(found)]


def _words(name: str) -> list[str]:
    return [word for word in fold(name).split() if word not in ARTICLES]


def _sounds(name: str) -> list[str]:
    return [skeleton(word) or word for word in _words(name)]


def _pair(one: VictimEntry, other: VictimEntry, frequency: Mapping[str, int], total: int) -> VictimPair:
    parts = [_name_part(one.name, other.name, frequency, total)]
    for field, outcome in _outcomes(one, other):
        parts.append((WEIGHTS[field][outcome], f"{field} {'the same' if outcome == 'same' else outcome}"))
    odds = 2.0 ** min(60.0, sum(weight for weight, _ in parts)) / total  # before any field is compared, one of so many others is the same
    said = ", ".join(f"{words} ({weight:+.1f})" for weight, words in parts)
    return VictimPair(one.id, other.id, odds / (1 + odds), said)


def _name_part(one: str, other: str, frequency: Mapping[str, int], total: int) -> tuple[float, str]:
    """The weight of the names: each word that both have, by how rare its sound is in the list; words that only one has speak against."""
    first, second = _words(one), _words(other)
    rest, weight, alike, close = list(second), 0.0, 0, 0
    for word in first:
        match = next((w for w in rest if w == word), None) or next((w for w in rest if _close(word, w)), None)
        if match is None:
            continue
        rest.remove(match)
        share = max(frequency.get(skeleton(word) or word, 1), 2) / total  # two persons have it by chance
        weight += math.log2((ONE_NAME if match == word else SOUND_NAME) / min(share, 0.5))
        alike, close = alike + (match == word), close + (match != word)
    missing = min(len(first), len(second)) - alike - close
    weight += missing * math.log2(LOST_NAME / 0.9)
    return weight, f"{alike} of {max(len(first), len(second))} words of the name the same" + (f", {close} spelt alike" if close else "")


def _close(one: str, other: str) -> bool:
    return skeleton(one) == skeleton(other) != "" or SequenceMatcher(None, one, other, autojunk=False).ratio() >= LEAST_LIKENESS


def _outcomes(one: VictimEntry, other: VictimEntry) -> list[tuple[str, str]]:
    """What the fields say that both entries have."""
    found: list[tuple[str, str]] = []
    if one.age is not None and other.age is not None:
        found.append(("age", _nearness(abs(one.age - other.age), CLOSE_YEARS)))
    if one.sex and other.sex:
        found.append(("sex", "same" if fold(one.sex) == fold(other.sex) else "other"))
    if one.day is not None and other.day is not None:
        found.append(("day", _nearness(abs((date.fromisoformat(one.day) - date.fromisoformat(other.day)).days), CLOSE_DAYS)))
    if one.place and other.place:
        found.append(("place", "same" if skeleton(one.place) == skeleton(other.place) else "other"))
    if one.source and one.source == other.source:
        found.append(("source", "same"))
    return found


def _nearness(apart: int, close: int) -> str:
    return "same" if apart == 0 else "close" if apart <= close else "other"


def _joined(ids: Sequence[str], pairs: Sequence[VictimPair]) -> tuple[tuple[str, ...], ...]:
    home = {item: item for item in ids}

    def root(item: str) -> str:
        while home[item] != item:
            item = home[item]
        return item

    for pair in pairs:
        first, second = sorted((root(pair.one), root(pair.other)))
        home[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for item in ids:
        groups[root(item)].append(item)
    return tuple(tuple(group) for _, group in sorted(groups.items()))


def _estimate(entries: Sequence[VictimEntry], persons: Sequence[Sequence[str]]) -> int | None:
    """All victims by capture and recapture on two lists: it holds only where being on one list says nothing of being on the other."""
    source = {e.id: e.source for e in entries}
    kept = sorted({s for s in source.values() if s})
    if len(kept) != 2:
        return None
    on = [{s for s in (source[i] for i in person) if s} for person in persons]
    first, second = (sum(name in held for held in on) for name in kept)
    both = sum(len(held) == 2 for held in on)
    return round((first + 1) * (second + 1) / (both + 1) - 1) if both else None

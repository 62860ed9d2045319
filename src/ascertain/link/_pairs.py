"""How strongly two happenings of different documents belong together: a sum of parts, each with its reason in words.

Days weigh most (without them the trial lost four points in a hundred), then places; words, people and counts decide what these leave
open. Contradicting counts speak against nobody: they are what the software is to show.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import combinations

import attrs

from ascertain.link._ground import Days
from ascertain.link._happenings import SAME_PLACE_KM, Happening
from ascertain.link._names import fold
from ascertain.link._news import apart, is_fine
from ascertain.link._rules import listed
from ascertain.records import Place

# Parts of a pair's score. Their order follows the trial's ablation; checked on the development corpus and two more.
SAME_DAY, NEXT_DAY, CAN_BE_DAY, HINTED_DAY, HINTED_OTHER, OTHER_DAY = 2.0, 0.3, 1.0, 1.6, -0.8, -4.0
FIND_DAYS, CORRECTED_DAYS = -0.3, -1.0  # bodies are found over days, and corrections come later
ONE_NAME = 1.4  # of two places that the texts call alike: the gazetteer may have chosen wrongly in one
LATE, LATE_REPORT = 0.4, 14  # for a report without a day of its own, so many days after
SAME_PLACE, HOLDS_PLACE, SAME_COUNTRY, FAR_PLACE = 2.2, 0.9, 0.3, -3.0
FAR_KM = 80.0
WORDS, PERSON, MOST_PEOPLE, COUNT, MOST_COUNTS, KIND = 4.0, 1.0, 2.0, 0.7, 1.4, 0.5
NAME, UNPLACED_NAME, MOST_NAMES, RARE = 0.6, 1.1, 1.8, 12
APART = -20.0  # for two happenings that one text tells apart: no cluster holds both
LEAST_EVIDENCE = 0.4  # of words, people, names, counts and kind together: days and places alone join no report to others
JOIN = 3.0  # average score from which two clusters are one
FIND_WITHIN = 7  # days over which bodies of one place are found
NEAR_DAYS = 1  # a day so near is another happening; one farther off is often a day misread (`shut on Wednesday after soldiers detained …`)
DAYS_AROUND = 1  # happenings so many days apart are compared
CROWD = 60  # a person or place in more happenings than this finds no candidates by itself


@attrs.frozen
class Pair:
    """A score and its reasons in one sentence.

    Attributes:
        fits: neither days nor places speak against it.
        telling: something besides days and places speaks for it.
    """

    score: float
    reason: str
    fits: bool = True
    telling: bool = True


def score_pairs(happenings: Sequence[Happening]) -> dict[tuple[int, int], Pair]:
    """Scores of the pairs that can meet: days close by with a place or a word, a person or a rare name in common."""
    weights = _rarity(happenings)
    lengths = [_length(h.words, weights) for h in happenings]
    people = Counter(person for h in happenings for person in h.people)
    names = Counter(name for h in happenings for name in h.names)
    found: dict[tuple[int, int], Pair] = {}
    for one, other in sorted(_blocked(happenings)):
        first, second = happenings[one], happenings[other]
        if first.document == second.document:
            if _told_apart(first, second):
                found[one, other] = Pair(APART, f"{first.path} tells of both, on different days", fits=False, telling=False)
            continue
        if not _kin(first, second):
            continue
        shared = _shared(first.words, second.words, weights)
        cosine = shared / (lengths[one] * lengths[other]) if lengths[one] and lengths[other] else 0.0
        found[one, other] = _score(first, second, cosine, people, names)
    return found


def _told_apart(one: Happening, other: Happening) -> bool:
    """Whether one text tells of two happenings with a day each: whoever wrote it knew them for two."""
    found_over_days = {"bodies", "displacement"} & (one.families | other.families)
    return not found_over_days and one.dated and other.dated and _gap((one.earliest, one.latest), (other.earliest, other.latest)) > 0


def echo_of(echo: Happening, heard: Sequence[tuple[int, Happening]]) -> int | None:
    """Number of the happening of a copied text that a copy's happening repeats; None where none is like it."""
    fitting = []
    for number, happening in heard:
        if _kin(echo, happening):
            shared = sum((echo.words & happening.words).values()) / max(1, sum(echo.words.values()))
            when = _time_part(echo, happening)[0]
            if when > OTHER_DAY:
                fitting.append((shared + when / 4, -number))
    return -max(fitting)[1] if fitting else None


def _rarity(happenings: Sequence[Happening]) -> dict[str, float]:
    """Inverse document frequency of words."""
    documents: dict[str, set[str]] = defaultdict(set)
    for happening in happenings:
        for word in happening.words:
            documents[word].add(happening.document)
    total = len({h.document for h in happenings}) or 1
    return {word: math.log(1 + total / len(found)) for word, found in documents.items()}


def _shared(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    return sum(weights[w] ** 2 * min(one[w], 3) * min(other[w], 3) for w in sorted(one.keys() & other.keys()))


def _length(words: Counter[str], weights: Mapping[str, float]) -> float:
    return math.sqrt(sum((weights[w] * min(n, 3)) ** 2 for w, n in sorted(words.items())))


# --- which pairs are looked at


def _blocked(happenings: Sequence[Happening]) -> set[tuple[int, int]]:
    """Pairs by shared keys: a day with a place cell near by, a day with a rare word, a person."""
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    frequency = Counter(word for h in happenings for word in h.words)
    for number, happening in enumerate(happenings):
        for key in _keys(happening, frequency):
            blocks[key].append(number)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 1 < len(members) <= CROWD:
            pairs.update(combinations(members, 2))
    return pairs


def _keys(happening: Happening, frequency: Counter[str]) -> set[tuple[object, ...]]:
    late = 0 if happening.dated else LATE_REPORT
    first, last = happening.earliest.toordinal() - DAYS_AROUND - late, happening.latest.toordinal() + DAYS_AROUND
    days = range(first, last + 1)
    cells = {cell for _, place in happening.spots for cell in _cells(place)}
    rare = sorted(happening.words, key=lambda w: (frequency[w], w))[:12]
    keys: set[tuple[object, ...]] = {("day", day, *cell) for day in days for cell in cells}
    keys |= {("word", day, word) for day in days for word in rare}
    keys |= {("person", person) for person in happening.people}
    keys |= {("name", name) for name in happening.names}
    return keys


def _cells(place: Place) -> list[tuple[int, int]]:
    """Cells of one degree around a place, the neighbouring ones too: what lies within a degree shares a cell."""
    if not is_fine(place):
        return []
    row, column = math.floor(place.lat), math.floor(place.lon)
    return [(row + up, column + right) for up in (0, 1) for right in (0, 1)]


def _kin(one: Happening, other: Happening) -> bool:
    if one.family == other.family or (one.families & other.families) - {"displacement"}:
        return True
    families = {one.family, other.family}
    if "displacement" in families and "displacement" in one.families & other.families:
        return True
    strike = one if one.family == "strike" else other
    if families == {"bodies", "strike"}:
        return strike.kinds <= listed("vague", "deadly") | {"attack", "destruction"}
    if families == {"detention", "strike"}:
        return strike.kinds <= {"attack"}
    return families == {"abuse", "detention"}


# --- the parts


def _score(one: Happening, other: Happening, cosine: float, people: Counter[str], names: Counter[str]) -> Pair:
    """The sum of the parts, and the parts in words."""
    when, place = _time_part(one, other), _place_part(one, other)
    parts = [when, place, (WORDS * cosine, f"words agree {cosine:.2f}" if cosine >= 0.1 else "")]
    parts += [
        _people_part(one, other, people),
        _names_part(one, other, names, placed=place[0] >= SAME_PLACE),
        _count_part(one, other),
        _kind_part(one, other),
    ]
    total = sum(score for score, _ in parts)
    said = ", ".join(words for _, words in parts if words)
    fits = when[0] != NEXT_DAY and when[0] >= CORRECTED_DAYS and place[0] >= (0.0 if one.family == other.family else SAME_PLACE / 2)
    return Pair(
        total, f"{one.path} and {other.path}: {said} (score {total:.1f})", fits, sum(score for score, _ in parts[2:]) >= LEAST_EVIDENCE
    )


def _time_part(one: Happening, other: Happening) -> tuple[float, str]:
    first, second = (h.hint or ((h.earliest, h.latest) if h.dated else None) for h in (one, other))
    if first is not None and second is not None:
        return _told_days(one, other, first, second)
    gap = _gap((one.earliest, one.latest), (other.earliest, other.latest))
    if gap == 0:
        return CAN_BE_DAY, "days can be the same"
    if gap <= LATE_REPORT and _undated_after(one, other):
        return LATE, f"told {gap} days later, without a day"
    return _days_apart(one, other, gap)


def _told_days(one: Happening, other: Happening, first: Days, second: Days) -> tuple[float, str]:
    """The part for two texts that both name days; a day that only stands near in the text proves less either way."""
    gap = _gap(first, second)
    sure = one.dated and other.dated
    if gap == 0:
        if max(first[1] - first[0], second[1] - second[0]) > timedelta(1):
            return CAN_BE_DAY, "days can be the same"
        return (SAME_DAY if sure else HINTED_DAY), f"{'same day' if sure else 'both name'} {max(first[0], second[0]).isoformat()}"
    if sure or gap > LATE_REPORT:
        return _days_apart(one, other, gap)
    if gap <= NEAR_DAYS and (_foretold(one, other) or _foretold(other, one)):
        return OTHER_DAY, "one was published before the day of the other"
    if one.family == other.family == "bodies" and gap <= FIND_WITHIN:
        return _days_apart(one, other, gap)
    return HINTED_OTHER, f"days named {gap} days apart"


def _days_apart(one: Happening, other: Happening, gap: int) -> tuple[float, str]:
    """The part for days that differ: finds go on for days, corrections and the dead of a find come later."""
    if {one.family, other.family} == {"bodies", "strike"} and gap <= LATE_REPORT:
        return 0.0, f"found {gap} days after"
    if gap <= FIND_WITHIN and one.family == other.family == "bodies":
        return FIND_DAYS, f"found {gap} days apart"
    if gap <= FIND_WITHIN and (one.correction or other.correction):
        return CORRECTED_DAYS, f"{gap} days apart"
    return (NEXT_DAY, "one day apart") if gap == 1 else (OTHER_DAY, f"{gap} days apart")


def _foretold(one: Happening, other: Happening) -> bool:
    """Whether a report came out before the day of a happening that its text tells: it can't tell of it."""
    return one.published is not None and other.dated and one.published < other.earliest and not other.correction


def _gap(one: Days, other: Days) -> int:
    """Days between two stretches; 0 where they meet."""
    return max(0, (one[0] - other[1]).days, (other[0] - one[1]).days)


def _undated_after(one: Happening, other: Happening) -> bool:
    """Whether the later of two happenings is told without any day: reports of organisations come late."""
    later = one if one.earliest > other.latest else other
    return not later.dated


def _place_part(one: Happening, other: Happening) -> tuple[float, str]:
    """The nearest two of their places count: a report may name the town and the province, a correction the right and the wrong town."""
    if not one.spots or not other.spots:
        return 0.0, "a place is not stated"
    guess = one.guessed or other.guessed
    pairs = [(apart(a, b), not (is_fine(a) and is_fine(b)), n, m) for n, a in one.spots[:3] for m, b in other.spots[:3]]
    distance, coarse, first, second = min(pairs)
    if distance <= SAME_PLACE_KM:
        if not coarse:
            return (
                SAME_PLACE / 2 if guess else SAME_PLACE
            ), f"same place, {first}" if first == second else f"same place, {first} and {second}"
        wide = max((p.radius_km or 0.0) for _, p in (*one.spots[:1], *other.spots[:1]))
        score = HOLDS_PLACE if wide < 400 else SAME_COUNTRY
        return score, f"one place holds the other, {first} and {second}"
    if {fold(n) for n, p in one.spots[:3] if is_fine(p)} & {fold(n) for n, p in other.spots[:3] if is_fine(p)}:
        return ONE_NAME, f"places of one name, {distance:.0f} km apart"
    if distance <= FAR_KM or guess:
        return 0.0, f"{distance:.0f} km apart"
    return FAR_PLACE, f"{distance:.0f} km apart"


def _people_part(one: Happening, other: Happening, people: Counter[str]) -> tuple[float, str]:
    """Persons in both; one who speaks in every third text says little."""
    shared = sorted(one.people & other.people)
    score = sum(PERSON if people[p] <= CROWD else 0.3 for p in shared)
    return min(score, MOST_PEOPLE), f"{len(shared)} named in both" if shared else ""


def _names_part(one: Happening, other: Happening, names: Counter[str], *, placed: bool) -> tuple[float, str]:
    """Rare capitalised words in both: streets, quarters, bodies; more where no place does, for they may name one that no gazetteer knows."""
    known = {word for h in (one, other) for name, _ in h.spots for word in fold(name).split()} | one.people | other.people
    shared = sorted(n for n in one.names & other.names if n not in known and names[n] <= RARE)
    score = min((NAME if placed else UNPLACED_NAME) * len(shared), MOST_NAMES if placed else SAME_PLACE)
    return score, f"{', '.join(shared[:3])} in both" if shared else ""


def _count_part(one: Happening, other: Happening) -> tuple[float, str]:
    shared = one.counts & other.counts
    said = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in sorted(shared))
    return min(COUNT * len(shared), MOST_COUNTS), f"both count {said}" if shared else ""


def _kind_part(one: Happening, other: Happening) -> tuple[float, str]:
    shared = one.kinds & other.kinds - listed("vague", "kinds")
    return (KIND, f"both tell of {min(shared)}") if shared else (0.0, "")

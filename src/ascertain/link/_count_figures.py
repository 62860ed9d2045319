"""Killed and injured of an incident by learned weights over the rules of `_counts`: what headline, lead and text say, over all articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import ascertain.link._counts as rules
from ascertain.link._trees import chances, weights

LENGTHS = (500, 1200, 4000)  # characters of the text that are read, beside the headline alone
MOST = {"killed": 5, "injured": 6}  # greater counts are the rules'
AGE = re.compile(r"\b(\d{1,2})[- ]year[- ]old|\baged? (\d{1,2})\b|, (\d{1,2}),")
CUES = (
    rules.DEATH, rules.INJURY, rules.SELF, re.compile(r"\d{1,2}-year-old", re.IGNORECASE),
    re.compile(r"non-life|critical condition|stable condition|serious condition", re.IGNORECASE), re.compile(r"murder[- ]suicide", re.IGNORECASE),
    re.compile(r"attempted (?:murder|homicide)", re.IGNORECASE), re.compile(r"\bboth\b", re.IGNORECASE), re.compile(r"\banother\b", re.IGNORECASE),
    re.compile(r"\b(?:also|second|third) (?:person |man |woman |victim )?(?:was |were )?(?:shot|hit|wounded|injured|struck)", re.IGNORECASE),
    re.compile(r"\b(?:charged|indicted|convicted|sentenced|pleaded)\b", re.IGNORECASE),
    re.compile(r"\b(?:his|her) own (?:life|head)|killed (?:him|her)self", re.IGNORECASE), re.compile(r"\bunharmed|not (?:hurt|injured)|missed\b", re.IGNORECASE),
    re.compile(r"\b(?:accident(?:al|ally)?|unintentional)\b", re.IGNORECASE), re.compile(r"\bsurviv", re.IGNORECASE),
)  # fmt: skip


def figures_of(title: str, text: str) -> list[float]:
    """One article's figures."""
    found: list[float] = []
    for words in (title, *(f"{title}.\n{text[:length]}" for length in LENGTHS)):
        for patterns in ((rules.KILLED_AFTER, rules.KILLED_BEFORE), (rules.HURT_AFTER, rules.HURT_BEFORE), (rules.SHOT,)):
            told = rules.numbers_in(patterns, words)
            found += [told[0] if told else -1, told[1] if len(told) > 1 else -1, max(told, default=-1), len(told)]
        found += [len(cue.findall(words)) for cue in CUES]
        found.append(max((rules.MULTIPLES[m[1].casefold()] for m in rules.MULTIPLE.finditer(words)), default=0))
        found.append(len({a for group in AGE.findall(words) for a in group if a}))
    return [*map(float, found), *map(float, rules.article_counts(title, text)), float(len(text))]


def incident_figures(articles: Sequence[tuple[str, str]]) -> Any:
    """An incident's figures: mean, greatest, median and last of its articles', how many there are, and the rules' counts."""
    import numpy as np

    rows = np.array([figures_of(title, text) for title, text in articles])
    counts = [rules.article_counts(title, text) for title, text in articles]
    told = [
        rules.majority([k for k, _ in counts]),
        rules.majority([i for _, i in counts]),
        max(k for k, _ in counts),
        max(i for _, i in counts),
    ]
    return np.r_[rows.mean(0), rows.max(0), np.median(rows, 0), rows[-1], len(articles), told]


def incident_counts(articles: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Killed and injured of an incident by its articles (title, text; in order of publication)."""
    row = incident_figures(articles).reshape(1, -1)
    by_rules = rules.incident_counts(articles)
    model = weights("counts")
    return _count(model["killed"], row, by_rules[0], MOST["killed"]), _count(model["injured"], row, by_rules[1], MOST["injured"])


def _count(models: Sequence[dict[str, Any]], row: Any, by_rules: int, most: int) -> int:
    """The likeliest count; the rules' where it is greater than those that were learned."""
    above = [float(chances(model, row)[0]) for model in models]
    shares = [1 - above[0], *(above[n] - above[n + 1] for n in range(len(above) - 1)), above[-1]]
    best = max(range(len(shares)), key=lambda n: shares[n])
    return max(by_rules, most) if best == most else best

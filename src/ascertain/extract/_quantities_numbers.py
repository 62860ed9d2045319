"""Numbers in digits and words: patterns that find them and the value that they mean."""

from __future__ import annotations

import re

ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
    )
}
TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}  # noqa: SIM905
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "m": 1_000_000,
    "bn": 1_000_000_000,
    "k": 1000,
    "dozen": 12,
    "lakh": 100_000,
    "lakhs": 100_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
}
# Words that are a number by themselves: lower bound, upper bound.
VAGUE: dict[str, tuple[int | None, int | None]] = {
    "dozens": (24, None), "scores": (40, None), "hundreds": (200, None), "thousands": (2_000, None), "millions": (2_000_000, None),
    "tens of thousands": (20_000, None), "hundreds of thousands": (200_000, None), "tens of millions": (20_000_000, None),
    "several hundred": (300, None), "several thousand": (3_000, None), "a few hundred": (300, None), "a few thousand": (3_000, None),
    "many thousands": (2_000, None), "many hundreds": (200, None), "many dozens": (24, None),
    "several dozen": (36, None), "a few dozen": (24, None), "several": (3, None), "a handful of": (3, None), "a few": (3, None),
    "a couple of": (2, 2), "a couple": (2, 2), "a dozen": (12, 12), "half a dozen": (6, 6), "half a million": (500_000, 500_000), "a pair of": (2, 2),
    "a score of": (20, 20),
}  # fmt: skip
WORD = r"(?:" + "|".join([*sorted(TENS, key=len, reverse=True), *sorted(ONES, key=len, reverse=True)]) + r")"
WORDS = (
    rf"{WORD}(?:[\s-]{WORD})?(?:[\s-](?:hundred|thousand|million|billion|dozen|lakh|crore)"
    rf"(?:\s+and\s+{WORD}(?:-{WORD})?|\s+{WORD}(?:-{WORD})?)?)*"
)
DIGITS = r"\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)?"
NUMBER = (
    rf"(?:(?:{DIGITS})(?:\s+(?:hundred|thousand|million|billion|dozen|lakhs?|crores?)|(?:m|bn|k)\b)?|{WORDS}|a\s+(?:hundred|thousand|million)"
    r"(?:\s+thousand)?|half a million|half a dozen|a dozen)"
)


def value_of(words: str) -> int | None:
    """The number that words or digits mean (`2,000`, `1.5 million`, `twenty-one`, `a dozen`); None for none."""
    words = words.lower().strip()
    fixed = VAGUE.get(words)
    if fixed is not None:
        return fixed[0]
    match = re.match(r"(\d[\d, ]*(?:\.\d+)?)\s*([a-z]*)$", words)
    if match:
        return round(float(match[1].replace(",", "").replace(" ", "")) * SCALES.get(match[2], 1))
    return _in_words(re.split(r"[\s-]+", words))


def _in_words(parts: list[str]) -> int | None:
    total = current = 0
    for part in parts:
        if part in {"and", ""}:
            continue
        if part in {"a", "an"}:
            current = current or 1
        elif part in ONES or part in TENS:
            current += ONES.get(part, 0) or TENS.get(part, 0)
        elif part in {"hundred", "dozen"}:
            current = (current or 1) * SCALES[part]
        elif part in SCALES:
            total, current = total + (current or 1) * SCALES[part], 0
        else:
            return None
    return total + current

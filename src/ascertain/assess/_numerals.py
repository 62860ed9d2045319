"""Numerals that the reading passed over, read where they count people: `Twenty-two persons suffered injuries`, `bringing to seven the number`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.assess._rules import listed, pattern
from ascertain.assess._tellings import Telling
from ascertain.records import Quantity, Span

UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
         "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {w: n for n, w in enumerate(UNITS)} | {w: 10 * n for n, w in enumerate(TENS, 2)} | {"dozen": 12}
WORD = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(UNITS[1:10])}))?|{'|'.join(sorted(UNITS[2:], key=len, reverse=True))}|dozen)"
NUMERAL = re.compile(
    r"(?<![\w.,:/%$€£-])(?:(?P<bound>at least|more than|over|about|around|some|nearly|almost|up to|no fewer than) )?(?:a )?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,5}}|{WORD})(?![\w:/%-]|[.,]\d)",
    re.IGNORECASE,
)
COUNTED = re.compile(r"\s+((?:[^\W\d]+ ){0,2}?)([^\W\d]+)\b")
LISTED = re.compile(r"(?:^|\n) *\d+[.)]$")  # the number of a paragraph
OPEN, MORE, MOST = frozenset({"at least", "no fewer than"}), frozenset({"more than", "over"}), frozenset({"up to"})


def is_people(words: str) -> bool:
    """Whether some words name people: by a list, or by an ending that names doers (`olive growers`, `pensioners`)."""
    parts = [w.casefold() for w in re.findall(r"[^\W\d_]+", words)]
    if parts and set(parts) <= {"of", "them", "us", "whom", "those", "these"}:
        return True
    if set(parts) & listed("harm", "people"):
        return True
    return bool(parts) and not set(parts) & listed("harm", "things") and pattern("harm", "doers").search(parts[-1]) is not None


def passed_over(telling: Telling) -> list[Quantity]:
    """Numerals in a telling's sentences that the reading made nothing of, and that stand where people can be counted."""
    reading = telling.reading
    text = reading.document.text
    taken = [q.passage for q in reading.quantities] + [t.passage for t in reading.times]
    found: list[Quantity] = []
    for sentence in telling.sentences():
        for match in NUMERAL.finditer(text, sentence.start, sentence.end):
            passage = Span(match.start(), match.end())
            if not any(s.start < passage.end and passage.start < s.end for s in taken):
                quantity = _quantity(text, match, len(found), sentence.end)
                found += [quantity] if quantity is not None else []
    return found


def _quantity(text: str, match: re.Match[str], number: int, end: int) -> Quantity | None:
    value = _value(match["number"])
    passage = Span(match.start(), match.end())
    counted = _counted(text, match.end(), end)
    if (
        value is None
        or value < 2
        or LISTED.search(text[max(0, match.start() - 4) : match.end() + 1]) is not None
        or (counted is None and pattern("harm", "bare").match(text[match.end() : end]) is None)
    ):
        return None
    low, high = _bounds((match["bound"] or "").casefold(), value)
    approximate = bool(match["bound"]) and low == high
    return Quantity(f"numeral {number}", passage, low, high, approximate, counted=counted)


def _counted(text: str, start: int, end: int) -> str | None:
    """The words for people that follow a numeral."""
    match = COUNTED.match(text, start, end)
    while match is not None and not is_people(match[2]) and len(match[1].split()) < 2:
        longer = re.compile(rf"\s+((?:[^\W\d]+ ){{{len(match[1].split()) + 1}}})([^\W\d]+)\b").match(text, start, end)
        match = longer
    return (match[1] + match[2]) if match is not None and is_people(match[2]) else None


def _bounds(bound: str, value: int) -> tuple[int | None, int | None]:
    if bound in OPEN:
        return value, None
    if bound in MORE:
        return value + 1, None
    return (None, value) if bound in MOST else (value, value)


def _value(words: str) -> int | None:
    plain = words.casefold().replace(",", "")
    if plain.isdigit():
        return int(plain)
    parts = re.split(r"[- ]", plain)
    return sum(WORDS[p] for p in parts) if all(p in WORDS for p in parts) else None


def sentence_of(telling: Telling, number: int, before: int) -> Sequence[str]:
    """The words of the `before` sentences that precede a sentence, the nearest first."""
    return [telling.words(telling.layout.sentences[n]) for n in range(number - 1, max(-1, number - 1 - before), -1)]

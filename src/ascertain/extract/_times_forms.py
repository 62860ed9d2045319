"""The forms of time expressions: patterns by the kind of word that they hang on, so that each is tried only where such a word stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import attrs

from ascertain.extract._lexicon import table
from ascertain.extract._quantities_numbers import WORD

WORDS = table("times")
MONTHS: dict[str, int] = WORDS["months"]
DAYS: dict[str, int] = WORDS["weekdays"]
UNITS: dict[str, str] = WORDS["units"]
PARTS: dict[str, str] = WORDS["parts"]
SEASONS: dict[str, str] = WORDS["seasons"]
REFERENCES: dict[str, str] = WORDS["references"]


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


MONTH = rf"(?P<month>{_either(MONTHS)})\b\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
WEEKDAY = rf"(?P<weekday>{_either(DAYS)})\b\.?"
FEW = "a couple of|couple of|a few|several|many|a dozen|few|another|a|an"
NUMBER = rf"(?P<number>\d{{1,4}}(?:\.\d+)?(?:\s+1/2)?|{FEW}|{WORD}(?:[\s-]{WORD})?(?:\s+hundred)?|(?:a|one)\s+hundred)"
UNIT = rf"(?P<unit>{_either(set(UNITS) - {'century', 'weekend', 'quarter'})}|centur(?:y|ies))s?\b"
PART = rf"(?P<part>{_either(PARTS)})s?\b"
HEDGE = r"(?:(?:about|around|nearly|almost|more than|less than|over|at least|up to|some|roughly|approximately|only|just|just over|barely|fewer than)\s+)?"
PERIOD = "week|month|year|weekend|night|decade|century|quarter|spring|summer|autumn|fall|winter"
EARLY = r"(?:(?:early|mid|late)(?:[\s-]+|-)|(?:the\s+)?(?:very\s+)?(?:beginning|end|middle|start|close)\s+of\s+)"


TALE_DAY = rf"\b(?:the\s+(?:very\s+)?(?P<way>previous|next|following|same)|(?P<that>that(?:\s+same)?))\s+(?P<unit>day|week|weekend|month|year|{_either(PARTS)})\b"
DAY_AFTER = (
    rf"\bthe\s+(?P<unit>day|week|weekend|month|year|{_either(PARTS)})\s+(?P<way>before|after)\b(?!\s+(?:yesterday|tomorrow|last|next)\b)"
)


@attrs.frozen
class Form:
    """One form: its name and pattern."""

    name: str
    pattern: re.Pattern[str]


def _forms(rows: dict[str, str]) -> tuple[Form, ...]:
    return tuple(Form(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in rows.items())


# In order: where two forms take the same words the longer match wins, then the earlier form.
BY_KEY: dict[str, tuple[Form, ...]] = {
    "month": _forms({
        "range": rf"\b{DAY}\s*(?:-|–|to|and)\s*(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+{MONTH}(?:,?\s+{YEAR})?(?!\w)",
        "dmy": rf"\b(?:{WEEKDAY},?\s+)?(?:the\s+)?{DAY}\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?(?!\w)",
        "mdy": rf"\b(?:{WEEKDAY},?\s+)?{MONTH}\s+(?:the\s+)?{DAY}(?:,?\s+{YEAR})?(?!\w|:\d|,\d|%)",
        "my": rf"\b(?P<early>{EARLY})?{MONTH},?\s+(?:of\s+)?{YEAR}\b",
        "myear": rf"\b(?P<early>{EARLY})?{MONTH}\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b",
        "lastnext": rf"\b(?P<which>last|past|this|next|coming|following)\s+{MONTH}(?!\s+\d)",
        "set": rf"\b(?:every|each)\s+{MONTH}",
        "month": rf"\b(?P<early>{EARLY})?{MONTH}",
    }),
    "weekday": _forms({
        "lastnext": rf"\b(?P<which>last|past|previous|next|this|coming|following)\s+{WEEKDAY}(?:\s+{PART})?",
        "set": rf"\b(?:every|each)\s+{WEEKDAY}(?:\s+{PART})?",
        "weekday": rf"\b{WEEKDAY}(?:\s+{PART})?",
    }),
    "unit": _forms({
        "ago": rf"\b{HEDGE}{NUMBER}(?:\s+or\s+(?:so|two|three|four))?[\s-]+{UNIT}(?:\s+or\s+so)?\s+(?P<way>ago|earlier|later|before that|after that|afterwards|previously|from now|hence)\b",
        "agotoday": rf"\b{NUMBER}\s+(?P<unit>years?|months?|weeks?)\s+ago\s+(?P<word>today|yesterday|tomorrow|to\s+the\s+(?:very\s+)?day)\b",
        "yearago": r"\b(?:the\s+|a\s+)?year-(?:ago|earlier)\b(?:\s+(?:quarter|period))?",
        "period": rf"\b(?:the\s+|this\s+)?(?P<which>last|past|coming|next|previous|first|final)\s+{NUMBER}\s+{UNIT}",
        "recent": r"\b(?:the\s+)?(?P<which>recent|coming|past|last|next)\s+(?P<unit>second|minute|hour|day|week|month|year|decade)s\b",
        "lastnext": rf"\b(?:the\s+)?(?P<which>last|past|previous|next|this|coming|following|current)\s+(?:fiscal\s+|calendar\s+|school\s+)?(?P<unit>{PERIOD})(?:\s+{PART})?\b",
        "endof": r"\b(?:the\s+)?(?:beginning|end|middle|start|close)\s+of\s+(?P<which>the|this|last|next)\s+(?P<unit>week|month|year)\b",
        "theweekend": r"\bthe\s+weekend\b",
        "taleday": TALE_DAY,
        "dayafter": DAY_AFTER,
        "beforeyesterday": r"\bthe\s+day\s+(?P<way>before\s+yesterday|after\s+tomorrow)\b",
        "thequarter": r"\bthe\s+(?P<latest>latest\s+)?(?:quarter|period)\b",
        "ordinalquarter": rf"\b(?:(?:the|its|their|a)\s+)?(?:fiscal\s+)?(?:(?P<year0>(?:19|20)\d\d)\s+)?(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]quarter(?:\s+(?:of\s+)?(?:{YEAR}|(?P<which>last|this|next)\s+year))?\b",
        "century": r"\b(?:the\s+)?(?:early |mid-?|late )?(?P<nth>\d{1,2})(?:st|nd|rd|th)[\s-]century\b",
        "set": rf"\b(?:every|each)\s+(?:{NUMBER}\s+)?{UNIT}",
        "perset": r"\b(?:a|per|an)\s+(?P<per>day|week|month|year|hour)\b",
        "half": rf"\b{HEDGE}(?:half\s+(?:a|an)\s+(?P<halfunit>hour|day|century|year|decade)|(?P<number>an?|one|two|three|four|five|six)\s+(?:and\s+a\s+half\s+(?P<unit>hour|day|week|month|year)s?|(?P<unit2>hour|day|week|month|year)\s+and\s+a\s+half))\b",
        "duration": rf"\b(?:{HEDGE}|an additional\s+){NUMBER}(?:\s+(?:more|full|consecutive|straight|whole|long|or (?:two|three|four|five)|to (?:two|three|four|five|six|\d+)))?[\s-]+{UNIT}",
        "firstperiod": rf"\b(?:the\s+)?(?:first|last|final|next)\s+{NUMBER}\s+{UNIT}",
        "bareago": r"\b(?P<unit>hours|days|weeks|months|years|decades|centuries)\s+(?:ago|earlier|later)\b",
        "ref": r"\b(?P<ref>these\s+days)\b",
        "vague": r"\b(?P<vague>weeks|months|years|days|hours|decades|centuries|minutes)\b",
    }),
    "word": _forms({
        "day": rf"\b(?P<early>(?:early|late|mid-?)\s+)?(?P<word>yesterday|today|tomorrow|tonight|overnight)(?:\s+{PART})?\b",
        "set": r"\b(?P<set>daily|weekly|monthly|yearly|nightly)\b",
        "decade": r"\bthe\s+(?:early\s+|mid-?\s*|late\s+)?(?P<tens>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b",
        "ref": rf"\b(?P<ref>{_either(REFERENCES)})\b",
    }),
    "part": _forms({
        "thispart": rf"\b(?P<which>this|last)\s+{PART}",
        "partalone": rf"\b(?:(?:early|late|mid)[\s-]+)?(?:the\s+)?(?:early\s+|late\s+)?{PART}",
        "midnight": r"\b(?P<midnight>midnight)\b",
        "oclock": rf"\b(?P<ohour>\d{{1,2}}|{WORD})\s+(?:in\s+the\s+(?P<ohalf>morning|afternoon|evening)|at\s+(?P<onight>night))\b",
        "taleday": TALE_DAY,
        "dayafter": DAY_AFTER,
    }),
    "season": _forms({
        "lastnext": r"\b(?P<which>last|past|previous|next|this|coming|following)\s+(?P<unit>spring|summer|autumn|fall|winter)\b",
        "theseason": r"\bthe\s+(?P<season>spring|summer|autumn|winter)\b",
        "season": rf"\b(?:(?P<early>early|mid|late)[\s-]+)?(?:the\s+)?(?P<season>spring|summer|autumn|fall|winter)\s+(?:of\s+|in\s+)?(?:{YEAR}|(?:of\s+)?(?P<which>last|this|next)\s+year)",
    }),
    "number": _forms({
        "iso": rf"\b{YEAR}-(?P<monthno>[01]\d)(?:-(?P<day>[0-3]\d))?(?:[T ](?P<clock>[0-2]\d:[0-5]\d)(?::\d\d)?)?(?!\d)",
        "numeric": r"\b(?P<day>\d{1,2})[/.](?P<monthno>\d{1,2})[/.](?P<year>(?:19|20)\d\d)\b",
        "clock": r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>a\.m\.?|p\.m\.?|am\b|pm\b)(?:\s+(?P<zone>GMT|UTC|EST|EDT|CET|EET|local time)\b)?"
        r"|(?<![\d.:/])(?P<hour24>[01]?\d|2[0-3])(?::(?P<minute24>[0-5]\d)|[h.](?P<minuteh>[0-5]\d)(?=\s*(?:GMT|UTC|local|hours|hrs)))(?!\d|:\d\d\d)(?:\s*(?P<zone24>GMT|UTC|EST|EDT|CET|EET|local time|hours|hrs)\b)?"
        r"|(?<!\d)(?P<military>[0-2]\d[0-5]\d)\s*(?:GMT|UTC|hours|hrs)\b",
        "oclock": rf"\b(?P<ohour>\d{{1,2}}|{WORD})\s+o[’']clock\b",
        "decade": r"\b(?:the\s+)?(?:early[\s-]+|mid-?\s*|late[\s-]+)?(?P<decade>(?:19|20)\d0)[’']?s\b",
        "year": rf"(?<![\d.,$€£/-])(?:\b(?:fiscal|the year)\s+)?(?P<early>{EARLY})?\b{YEAR}\b(?![\d%]|,\d|\.\d)",
        "dayonly": r"(?<=\bon )the\s+(?P<nthday>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:floor|day|anniversary|time|century|birthday|brigade|battalion|division|army|regiment|of\b|\w+ment))",
    }),
    "spelled": _forms({
        "spelled": rf"\b(?P<spelled>nineteen\s+(?:hundred|oh-?\w+|{WORD}(?:[\s-]{WORD})?))\b",
    }),
}  # fmt: skip
KEY = re.compile(
    rf"\b(?:(?P<month>{_either(MONTHS)})|(?P<weekday>{_either(DAYS)})|(?P<unit>(?:{_either(set(UNITS) - {'century'})})s?|centur(?:y|ies)|period)"
    rf"|(?P<part>(?:{_either(PARTS)})s?|midnight)|(?P<season>{_either(SEASONS)})|(?P<spelled>nineteen)"
    r"|(?P<word>yesterday|today|tomorrow|tonight|overnight|daily|weekly|monthly|yearly|annual(?:ly)?|nightly|quarterly|\w+ties"
    r"|now|current(?:ly)?|present|nowadays|moment|time|point|stage|days|presently|recently|lately|previously|formerly|past|future|soon|shortly))\b"
    r"|(?P<number>(?:19|20)\d\d|\d[:.h]\d\d|\d\s*[ap]\.?m\b|o[’']clock|\d{1,2}[/.]\d{1,2}[/.]|\d{4}\s*(?:GMT|UTC|h)|\d(?:st|nd|rd|th)\b)",
    re.IGNORECASE,
)
REACH = 46  # how far before and behind its key an expression may reach, in characters
WINS = {"iso": 0, "range": 1, "dmy": 2, "mdy": 2, "my": 3}


def matches(text: str, accept: Callable[[re.Match[str], Form], bool]) -> Iterator[tuple[re.Match[str], Form]]:
    """Matches in text order without overlaps: full dates first, then the longer, then the earlier form.

    Args:
        accept: whether a match is a time at all; what it refuses leaves its words to other forms.
    """
    found: dict[tuple[int, int, str], tuple[int, re.Match[str], Form]] = {}
    for key in KEY.finditer(text):
        low, high = _window(text, key.start(), key.end())
        for rank, form in enumerate(BY_KEY[str(key.lastgroup)]):
            for match in form.pattern.finditer(text, low, high):
                found.setdefault((match.start(), match.end(), form.name), (rank, match, form))
    ordered = sorted(
        found.values(), key=lambda item: (WINS.get(item[2].name, 9), item[1].start() - item[1].end(), item[1].start(), item[0])
    )
    chosen: dict[int, tuple[re.Match[str], Form]] = {}
    taken = bytearray(len(text))
    for _, match, form in ordered:
        start, end = match.span()
        if end > start and not any(taken[start:end]) and accept(match, form):
            taken[start:end] = b"\1" * (end - start)
            chosen[start] = (match, form)
    return iter(chosen[start] for start in sorted(chosen))


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The text around a key, from white space to white space, within its paragraph; bounded, so that a text without spaces costs no more."""
    first, last = max(0, start - 2 * REACH), min(len(text), end + 2 * REACH)
    low = max(text.rfind("\n\n", first, start) + 1, text.rfind(" ", first, max(first, start - REACH)) + 1, first)
    ends = (text.find("\n\n", end, last), text.find(" ", min(end + REACH, last), last))
    return low, min((h for h in ends if h >= 0), default=last)

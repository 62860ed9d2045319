"""Dates as documents write them at their head: datelines, issue lines, ISO dates."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

from ascertain.records import Dated, Span

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"), ("july", "jul"),
            ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"((?:19|20)\d\d)"
FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b{YEAR}-(\d\d)-(\d\d)(?!\d)"), "ymd"),
    (re.compile(rf"\b{DAY}\s+(?:of\s+)?{MONTH},?\s+{YEAR}\b", re.IGNORECASE), "dMy"),
    (re.compile(rf"\b{MONTH}\s+{DAY},?\s+{YEAR}\b", re.IGNORECASE), "Mdy"),
    (re.compile(rf"\b{YEAR}/(\d\d)/(\d\d)\b"), "ymd"),
    (re.compile(rf"\b(\d\d?)[./](\d\d?)[./]{YEAR}\b"), "dmy"),
)
ISSUED = re.compile(r"\b(issued|published|updated|posted|date|dated|press release|for immediate release)\b", re.IGNORECASE)
ISO = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$")
COMPACT = re.compile(r"(?:19|20)\d{6}(?:T?\d{6}Z?)?$")
HEAD_CHARACTERS = 1500  # where a document's own date stands: the first lines
HEAD_LINES = 12
MASTHEAD = re.compile(r"[A-Z][\w'’&. -]{2,60}(?:[,|•·–—-]\s*)(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?$")
DAY_ALONE = re.compile(r"\s*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?")
LINE_START = 90  # a dateline's date stands near the beginning of its line


def dates_in(text: str, start: int = 0, end: int | None = None) -> list[tuple[date, Span]]:
    """Full dates in a stretch of text, in order."""
    found = []
    for pattern, order in FORMS:
        for match in pattern.finditer(text, start, len(text) if end is None else end):
            value = _date(match, order)
            if value is not None:
                found.append((value, Span(match.start(), match.end())))
    return sorted(set(found), key=lambda pair: pair[1])


def _date(match: re.Match[str], order: str) -> date | None:
    first, second, third = match[1], match[2], match[3]
    year, month, day = {
        "ymd": (first, second, third),
        "dMy": (third, second, first),
        "Mdy": (third, first, second),
        "dmy": (third, second, first),
    }[order]
    number = int(month) if month.isdigit() else MONTHS[month.lower().rstrip(".")]
    if order == "dmy" and int(first) <= 12 and int(second) <= 12 and first != second:
        return None  # 5/6/2022 is two days, by country: not known is better than wrong
    if order == "dmy" and int(second) > 12:
        number, day = int(first), second
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def published_in(text: str) -> Dated | None:
    """The date that the head of a text gives as its own: an issue line first, then a dateline or date line."""
    head = text[:HEAD_CHARACTERS]
    candidates: list[tuple[int, int, date, Span]] = []
    offset = 0
    for number, line in enumerate(head.split("\n")[:HEAD_LINES]):
        for value, span in dates_in(head, offset, offset + len(line)):
            rank = _rank(line, span.start - offset, span.end - offset)
            if rank is not None:
                candidates.append((rank, number, value, span))
        offset += len(line) + 1
    if not candidates:
        return None
    _, _, value, span = min(candidates, key=lambda c: (c[0], c[1], c[3].start))
    return Dated(value.isoformat(), span)


def _rank(line: str, start: int, end: int) -> int | None:
    """How surely a date in a head line is the document's own: 0 best, None not at all."""
    before, after = line[:start], line[end:]
    if ISSUED.search(before) and start <= LINE_START:
        return 0
    if re.search(r"\b(to|until|between|since|from|of|on|by|in|after|before)\s*$", before, re.IGNORECASE):
        return None
    if re.match(r"\s*(\([^)]*\)\s*)?[—–-]", after) and start <= LINE_START:
        return 1  # "KYIV, 5 April 2022 (Agency) —"
    if MASTHEAD.match(before) and re.match(r"\s*(?:[.|•·]|$|,?\s+[Aa]ll times)", after):
        return 2  # "The Ledger, Monday 11 August 2008. All times GMT."
    if DAY_ALONE.fullmatch(before) and re.match(r"\s*[.|•·]", after):
        return 2  # "Wednesday 6 March 2024. Updated by …"
    if len(line) <= LINE_START and not re.search(r"[.!?]\s", line):
        return 2  # a line of its own
    return 3 if re.match(r"^[^a-z]*$", before) and start <= LINE_START else None  # "GOMA, March 3, 2024. …"


def day_of(value: str | None) -> str | None:
    """A date as tables, feeds and mails write it, in ISO 8601 at its own precision; None where it can't be told."""
    told = (value or "").strip()
    if not told:
        return None
    if ISO.match(told):
        return told
    if COMPACT.match(told):
        return _valid(f"{told[:4]}-{told[4:6]}-{told[6:8]}")
    if re.match(r"\d{4}-\d\d-\d\d", told):
        return _valid(told[:10])
    try:
        return parsedate_to_datetime(told).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        found = dates_in(told)
        return found[0][0].isoformat() if found else None


def _valid(day: str) -> str | None:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return None

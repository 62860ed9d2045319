"""Quotations: pairs of marks by kind, over paragraphs, nested; an apostrophe is no mark."""

from __future__ import annotations

import re

import attrs

from ascertain.records import Span

OPENING = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’", "'": "'"}
MAX_QUOTE_CHARACTERS = 4_000


@attrs.frozen
class Quote:
    """One quotation: `span` is the words without marks; `goes_on` where its paragraph ends without a closing mark."""

    span: Span
    outer: Span
    goes_on: bool = False


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Quotations in text order, outermost only.

    A paragraph that opens a quotation and does not close it ends it at its own end; where the next paragraph begins with an opening
    mark the quotation goes on there.
    """
    found: list[Quote] = []
    for paragraph in re.finditer(r"[^\n]+", text):
        found += _in_paragraph(text, paragraph.start(), paragraph.end())
    return tuple(found)


def _in_paragraph(text: str, start: int, end: int) -> list[Quote]:
    found: list[Quote] = []
    position = start
    while position < end:
        mark = text[position]
        if mark in OPENING and _opens(text, position, start):
            close = _closing(text, position, end, OPENING[mark])
            if close is None and (mark in "'‘" or not _begins_speech(text, position)):
                position += 1
                continue
            stop = end if close is None else close
            inner = _trim(text, Span(position + 1, stop))
            if inner is not None:
                found.append(Quote(inner, Span(position, min(stop + 1, end)), goes_on=close is None))
            position = stop + 1
        else:
            position += 1
    return found


def _opens(text: str, position: int, start: int) -> bool:
    """An opening mark stands at the start or after a blank or bracket, and before a word."""
    before = text[position - 1] if position > start else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    if text[position] in "“„«":
        return not after.isspace()
    return (before.isspace() or before in "([—–-“\"‘'") and not after.isspace()


def _closing(text: str, opening: int, end: int, closers: str) -> int | None:
    """Offset of the mark that closes: for single marks one that is no apostrophe."""
    depth = 0
    for position in range(opening + 1, min(end, opening + MAX_QUOTE_CHARACTERS)):
        mark = text[position]
        if text[opening] in "“«" and mark == text[opening]:
            depth += 1
        if mark not in closers:
            continue
        if depth:
            depth -= 1
            continue
        if closers in {"'", "’"} and position + 1 < len(text) and text[position + 1].isalnum():
            continue  # an apostrophe inside a word
        if (
            closers == "'"
            and re.match(r"\s+[a-z]", text[position + 1 : position + 4])
            and text[position - 1] == "s"
            and "'" in text[position + 1 : end]
        ):
            continue  # a plural possessive, with a better closing mark to come
        if closers == '"' and position + 1 < end and text[position + 1].isalnum() and text[position - 1].isspace():
            continue  # opens another
        return position
    return None


def _begins_speech(text: str, position: int) -> bool:
    """Whether a mark without a closing one is a quotation that goes on: it opens a paragraph or follows a colon or comma."""
    before = text[max(0, position - 3) : position].rstrip(" ")
    return before == "" or before.endswith(("\n", ":", ","))


def _trim(text: str, span: Span) -> Span | None:
    raw = text[span.start : span.end]
    start, end = span.start + len(raw) - len(raw.lstrip()), span.end - (len(raw) - len(raw.rstrip()))
    while end > start and text[end - 1] in ",;":
        end -= 1
    return Span(start, end) if end > start else None

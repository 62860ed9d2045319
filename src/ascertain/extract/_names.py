"""Names from the encoder's tags: whole written words, titles and possessives left out."""

from __future__ import annotations

import re

import numpy as np

from ascertain.models.encoder import Marks
from ascertain.models.language import Name

LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE", "NORP": "NORP"}  # the parser's names for the same kinds
TITLE = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Capt|Sgt|Maj|Lt|President|Prime Minister|Minister|Chancellor|General|Colonel|Captain|Senator|Sen)\.?\s+(?=\w)"
)
RANK = re.compile(
    r"(?:P|PB|PL|PLt|B|Brig|Maj|Lt|Vice|Rear)?(?:Gen|Col|Maj|Capt|Lt|Sgt|SSgt|MSgt|Cpl|Adm|Brig|Insp|Supt|Cmdr|Gov|Sen|Rev|Amb|Pvt)\.?"
)
ARTICLE = re.compile(r"the\b\s*")
INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
HYPHENED = re.compile(r"-[A-Z]\w*")


def names_of(text: str, marks: Marks) -> tuple[Name, ...]:
    """The names of a text in text order, never overlapping."""
    found: list[tuple[int, int, str]] = []
    for first, last, kind in _tagged(marks):
        start = first
        if found and found[-1][2] == kind and first <= found[-1][1] + 1 and text[found[-1][1] : first] in {"", "-"}:
            start = found.pop()[0]  # touching pieces are one name
        start, end = _whole_words(text, start, last, kind)
        if found and found[-1][1] > start:
            found.pop()
        if end > start and not RANK.fullmatch(text, start, end):
            found.append((start, end, kind))
    return tuple(Name(start, end, LABELS[kind]) for start, end, kind in found)


def _tagged(marks: Marks) -> list[tuple[int, int, str]]:
    """Runs of tags; a word takes the tag of its first piece."""
    if not len(marks.words):
        return []
    tags = marks.names.argmax(-1)
    firsts = np.flatnonzero(np.diff(marks.words, prepend=-1))
    ends = np.append(firsts[1:], len(marks.words)) - 1
    found: list[tuple[int, int, str]] = []
    inside: tuple[int, int, str] | None = None
    for first, last in zip(firsts.tolist(), ends.tolist(), strict=True):
        label = marks.labels[tags[first]]
        start, end = int(marks.offsets[first, 0]), int(marks.offsets[last, 1])
        goes_on = inside is not None and label == f"I-{inside[2]}" and marks.windows[first] == marks.windows[first - 1]
        if inside is not None and goes_on:
            inside = (inside[0], end, inside[2])
            continue
        if inside is not None:
            found.append(inside)
        inside = None if label == "O" else (start, end, label[2:])
    return [*found, inside] if inside is not None else found


def _whole_words(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """A name ends where the written word ends; a title, a possessive and a hanging mark are no part of it."""
    initials = INITIALS.match(text, start, start + 12)
    if initials and initials.end() > end:
        end = initials.end()
    hyphened = HYPHENED.match(text, end - 1 if text[end - 1] == "-" else end, end + 40)
    if hyphened:
        end = hyphened.end()
    before = re.search(r"[A-Z]\w*-$", text[max(0, start - 30) : start])
    if before:
        start -= len(before[0])
    title = TITLE.match(text, start, end) if kind == "PER" else None
    if title:
        start = title.end()
    for tail in ("'s", "’s"):
        if text[start:end].endswith(tail):
            end -= 2
    while end > start and text[end - 1] in " -,;:":
        end -= 1
    article = ARTICLE.match(text, start, end)
    start = article.end() if article else start
    while start < end and not (text[start].isalnum() or text[start] in "‘'ʿʾ`"):
        start += 1
    return (start, end) if any(c.isalpha() for c in text[start:end]) else (start, start)

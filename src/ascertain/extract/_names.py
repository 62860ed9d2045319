"""Names from the encoder's tags: whole written words, titles and possessives left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

import numpy as np

from ascertain.models.encoder import Figures, Marks
from ascertain.models.language import Name

LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE", "NORP": "NORP"}  # the parser's names for the same kinds
SEVERAL, LONG_ENOUGH = 2, 4  # mentions, and letters, from which a name is looked for where it was passed over
SURELY_NONE, BARRED = -0.02, -4.0  # log chances: of a word that is no name for certain; of a step that no tagging takes
TITLE = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Capt|Sgt|Maj|Lt|President|Prime Minister|Minister|Chancellor|General|Colonel|Captain|Senator|Sen)\.?\s+(?=\w)"
)
RANK = re.compile(
    r"(?:P|PB|PL|PLt|B|Brig|Maj|Lt|Vice|Rear)?(?:Gen|Col|Maj|Capt|Lt|Sgt|SSgt|MSgt|Cpl|Adm|Brig|Insp|Supt|Cmdr|Gov|Sen|Rev|Amb|Pvt)\.?"
)
ARTICLE = re.compile(r"the\b\s*")
INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
# What begins names and is none by itself: `Los | Tiguerones`, `Umm | Dukhun`.
BEGINNING = re.compile(r"(?P<first>Los|Las|El|La|Les|Le|Al|Umm|Abu|Deir|Beit|Bani|Wadi|Jabal|Ras|Tell|San|Santa|Saint|St\.?) [A-Z][\w’'-]+")
MARKS = "'’ʼʻ`"
INNER = re.compile(r"(?:['’ʼʻ`](?!(?:s|d|m|t|ll|re|ve)\b)[^\W\d_]+)+")  # `Ta'izz`, `Sana'a`: the mark is a letter there
OUTER = re.compile(r"(?<!\w)[A-Z][a-z]?['’ʼʻ`]$")  # `N'Djamena`
TITLES = "(?:Mr|Mrs|Ms|Miss|Dr|The|And|But|For|When|President|Minister|General|Colonel|Captain|Judge|Governor|Mayor|Senator|Professor)"
COURTESY = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.? (?P<family>[A-Z][\w’'-]+)(?! [A-Z])")
BYLINE = re.compile(
    r"^By (?P<who>[A-Z][\w.'’-]*(?: (?:(?:al|el|bin|de|van|von|da|dos)[ -])?[A-Z][\w.'’-]*){1,3})(?= *$| in |,| and )", re.MULTILINE
)
HYPHENED_BEFORE = re.compile(r"[A-Z]\w*-$")
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
    found = _found_again(text, _agreed(text, _with_writers(text, found)))
    return tuple(Name(start, end, LABELS[kind]) for start, end, kind in found)


def _with_writers(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Persons by their form, whole: who is named in a line of its own behind `By`, and whoever is called Mr or Ms elsewhere."""
    writers = [(*match.span("who"), "PER") for match in BYLINE.finditer(text)]
    for family in sorted({match["family"] for match in COURTESY.finditer(text)}):
        whole = re.compile(rf"(?<![.\w] )(?<!\w)(?!{TITLES}\b)[A-Z][a-zà-ÿ]+ {re.escape(family)}(?!\w)")
        writers += [(*match.span(), "PER") for match in whole.finditer(text)]
    kept = [name for name in found if not any(start < name[1] and name[0] < end for start, end, _ in writers)]
    return sorted([*kept, *writers])


def _agreed(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """One name is of one kind in one text: of that of most of its mentions, its own where they are even."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for start, end, kind in found:
        kinds[text[start:end]][kind] += 1
    agreed = []
    for start, end, kind in found:
        told = kinds[text[start:end]]
        most = max(told.values())
        agreed.append((start, end, kind if told[kind] == most else next(k for k in LABELS if told[k] == most)))
    return agreed


def _found_again(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The names, and the places where one that stands in the text several times was passed over."""
    times = Counter((text[start:end], kind) for start, end, kind in found)
    known = {words: kind for (words, kind), count in times.items() if count >= SEVERAL and len(words) >= LONG_ENOUGH and words[0].isupper()}
    if not known:
        return found
    taken = np.zeros(len(text) + 1, bool)
    for start, end, _ in found:
        taken[start:end] = True
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(known, key=len, reverse=True))) + r")(?![\w-])")
    more = [(m.start(), m.end(), known[m[0]]) for m in pattern.finditer(text) if not taken[m.start() : m.end()].any()]
    return sorted([*found, *more])


def _tagged(marks: Marks) -> list[tuple[int, int, str]]:
    """Runs of tags: in each stretch of words that may be names the likeliest row of tags that can follow each other.

    A word's scores are those of its first piece. (Tags taken one by one cost 1.4 points on the Worldwide Newswire, 2.8 on UNER.)
    """
    if not len(marks.words):
        return []
    firsts = np.flatnonzero(np.diff(marks.words, prepend=-1))
    scores = marks.names[firsts] - np.logaddexp.reduce(marks.names[firsts], axis=1, keepdims=True)
    unsure = scores[:, 0] < SURELY_NONE
    apart = np.diff(marks.windows[firsts], prepend=-1) != 0
    begins = np.flatnonzero(unsure & (apart | ~np.r_[False, unsure[:-1]]))
    ends = np.append(firsts[1:], len(marks.words)) - 1
    allowed = _allowed(marks.labels)
    found: list[tuple[int, int, str]] = []
    for first in begins.tolist():
        last = first + 1
        while last < len(firsts) and unsure[last] and not apart[last]:
            last += 1
        for start, end, kind in _named(_best_row(scores[first:last], allowed), marks.labels):
            found.append((int(marks.offsets[firsts[first + start], 0]), int(marks.offsets[ends[first + end], 1]), kind))
    return found


@cache
def _allowed(labels: tuple[str, ...]) -> Figures:
    """What a step from one tag (row) to the next (column) adds to the score: going on with a name of another kind is as good as barred."""
    barred = [[after[:2] == "I-" and (before == "O" or before[2:] != after[2:]) for after in labels] for before in labels]
    return np.where(barred, BARRED, 0.0).astype(np.float32)


def _best_row(scores: Figures, allowed: Figures) -> list[int]:
    """The likeliest row of tags (Viterbi), after a word that is no name."""
    total, came = scores[0] + allowed[0], []
    for row in scores[1:]:
        steps = total[:, None] + allowed
        came.append(steps.argmax(0))
        total = steps.max(0) + row
    best = [int(total.argmax())]
    for back in reversed(came):
        best.append(int(back[best[-1]]))
    return best[::-1]


def _named(tags: list[int], labels: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """First and last word and kind of each name of a row."""
    start = 0
    for at, tag in enumerate(tags):
        before, after = (labels[tags[n]] if 0 <= n < len(tags) else "O" for n in (at - 1, at + 1))
        if labels[tag][0] == "B" or before[2:] != labels[tag][2:]:
            start = at
        if labels[tag] != "O" and after != f"I-{labels[tag][2:]}":
            yield start, at, labels[tag][2:]


def _whole_words(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """A name ends where the written word ends; a title, a possessive and a hanging mark are no part of it."""
    start, end = _trimmed(text, *_widened(text, start, end), kind)
    return (start, end) if any(c.isalpha() for c in text[start:end]) else (start, start)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The name with what is written with it: initials, what it begins, marks inside a word, hyphens on either side."""
    initials = INITIALS.match(text, start, start + 12)
    end = max(end, initials.end()) if initials else end
    whole = BEGINNING.match(text, start)
    end = whole.end() if whole and whole.end("first") == end else end
    for marks, rest in ((MARKS, INNER), ("-", HYPHENED)):
        match = rest.match(text, end - 1 if text[end - 1] in marks else end, end + 40)
        end = match.end() if match else end
    for rest in (OUTER, HYPHENED_BEFORE):
        match = rest.search(text[max(0, start - 30) : start])
        start -= len(match[0]) if match else 0
    return start, end


def _trimmed(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """The name without title, possessive, article and marks at its edges."""
    title = TITLE.match(text, start, end) if kind == "PER" else None
    start = title.end() if title else start
    end -= 2 if text[start:end].endswith(("'s", "’s")) else 0
    end = start + len(text[start:end].rstrip(" -,;:'’"))
    article = ARTICLE.match(text, start, end)
    start = article.end() if article else start
    while start < end and not (text[start].isalnum() or text[start] in "‘'ʿʾ`"):
        start += 1
    return start, end

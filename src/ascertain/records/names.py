"""Names and phrases looked for in any string, by their words: however they are spelled with capitals, accents, hyphens or in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import attrs

RUN = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")  # letters and digits with their accents
ANYTHING = re.compile(r"[\W_]*")  # between the words of a phrase: its marks may be others elsewhere
BETWEEN = re.compile(r"[\s_\-‐–.,'’ʻ]*")  # what may stand between the words of a name: in texts, file names and addresses


@attrs.frozen
class Swap:
    """`text[start:end]` is shown as `words`."""

    start: int
    end: int
    words: str


@attrs.frozen
class Forms:
    """Names to look for in any string, by their words; found in one pass, however many there are.

    Attributes:
        starting: first word to the names that begin with it, each its words and its pseudonym, the longest first.
        between: what may stand between the words of one.
    """

    starting: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    between: re.Pattern[str] = BETWEEN

    @classmethod
    def of(cls, names: Mapping[str, str], *, between: re.Pattern[str] = BETWEEN) -> Forms:
        """From names to pseudonyms."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for name, pseudonym in sorted(names.items()):
            parts = tuple(plain(m[0]) for m in RUN.finditer(name))
            if parts:
                found[parts[0]].append((parts, pseudonym))
        return cls({first: tuple(sorted(forms, key=lambda f: -len(f[0]))) for first, forms in found.items()}, between)

    def swaps(self, text: str, *, capital: bool = False) -> list[Swap]:
        """Where the names stand; with `capital` only where they begin with one."""
        if not self.starting:
            return []
        runs = [(m.start(), m.end(), plain(m[0])) for m in RUN.finditer(text)]
        found, n = [], 0
        while n < len(runs):
            form = next((f for f in self.starting.get(runs[n][2], ()) if self._stands(text, runs, n, f[0])), None)
            if form is None or (capital and not _may_begin_a_name(text[runs[n][0]])):
                n += 1
                continue
            found.append(Swap(runs[n][0], runs[n + len(form[0]) - 1][1], form[1]))
            n += len(form[0])
        return found

    def _stands(self, text: str, runs: Sequence[tuple[int, int, str]], n: int, words: tuple[str, ...]) -> bool:
        """Whether these words follow each other from run `n` on, with nothing but what may between them."""
        here = runs[n : n + len(words)]
        return tuple(run[2] for run in here) == words and all(self.between.fullmatch(text, a[1], b[0]) for a, b in pairwise(here))


def _may_begin_a_name(letter: str) -> bool:
    """Whether a letter is a capital, or of a script that has none."""
    return letter.isupper() or letter.lower() == letter.upper()


def plain(word: str) -> str:
    """A word without case and accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def key_of(name: str) -> str:
    """The form under which names are compared."""
    return " ".join(t.casefold() for t in tokens(name))


def tokens(name: str) -> list[str]:
    """The words of a name, hyphens kept inside them."""
    return re.findall(r"[^\W_]+(?:['’ʻ-][^\W_]+)*", name)


def person_key(name: str) -> str:
    """The form under which the names of those who decide are compared: no spelling makes a second person."""
    return re.sub(r"[\s.]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()

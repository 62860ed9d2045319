"""Names over documents: one spelling for many, so that `Wad Medani` is `Wad Madani` and `El-Geneina` is `Al-Junaynah`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ARTICLES = frozenset("al el as ad an ar at ash az the de la le los las".split())
# Sounds that transliterations spell in several ways, longest first; vowels carry little and are dropped after the first letter.
SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("kh", "h"), ("gh", "g"), ("ch", "c"), ("sh", "s"), ("zh", "z"), ("dj", "g"), ("dzh", "g"),
    ("ph", "f"), ("th", "t"), ("ck", "k"), ("q", "k"), ("c", "k"), ("j", "g"), ("w", "v"), ("x", "ks"),
)  # fmt: skip
VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Lower case, no accents, apostrophes or hyphens; `Ta’izz` becomes `taizz`, `El-Geneina` becomes `el geneina`."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’`ʼʿʾ")
    return " ".join(re.findall(r"\w+", letters))


@lru_cache(maxsize=200_000)
def skeleton(name: str) -> str:
    """The consonants of a name as they sound, without articles: equal for most transliterations of one name."""
    words = [word for word in fold(name).split() if word not in ARTICLES]
    return " ".join(_sounds(word) for word in words)


def _sounds(word: str) -> str:
    for spelling, sound in SOUNDS:
        word = word.replace(spelling, sound)
    kept = "".join(c for c in word if c not in VOWELS and c != "h")
    once = re.sub(r"(.)\1+", r"\1", kept)
    return once or word[:1]


def alike(one: str, other: str) -> bool:
    """Whether two names can be spellings of one: equal when folded, or long enough and equal in sound."""
    if fold(one) == fold(other):
        return True
    first = skeleton(one)
    return len(first.replace(" ", "")) >= 4 and first == skeleton(other)

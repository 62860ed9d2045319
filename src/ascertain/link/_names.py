"""Names over documents: one spelling for many, so that `Wad Medani` is `Wad Madani` and `El-Geneina` is `Al-Junaynah`."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

ARTICLES = frozenset(("al", "el", "as", "ad", "an", "ar", "at", "ash", "az", "the", "de", "la", "le", "los", "las"))
ARABIC = frozenset(("al", "el", "as", "ad", "an", "ar", "at", "ash", "az"))
# Sounds that transliterations spell in several ways, longest first; vowels carry little and are dropped after the first letter.
SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("kh", "h"), ("gh", "g"), ("ch", "h"), ("sh", "s"), ("zh", "z"), ("dj", "g"), ("dzh", "g"),
    ("ph", "f"), ("th", "t"), ("ck", "k"), ("q", "k"), ("c", "k"), ("j", "g"), ("w", "v"), ("x", "ks"),
)  # fmt: skip
LETTERS = str.maketrans("ıøłđ", "iold")  # letters that are no accented ones of ASCII: `Rıfat`, `Łódź`
VOWELS = frozenset("aeiouy")
LEAST_SOUND = 3  # consonants from which two spellings can be held together
SURE_LIKENESS = 0.8  # for names of fewer consonants
LIKENESS = (
    0.4  # share of letters that spellings of one name have in common at least; Arabic articles on both do as well (El Geneina, Al-Junaynah)
)


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Lower case, no accents, apostrophes or hyphens; `Ta’izz` becomes `taizz`, `El-Geneina` becomes `el geneina`."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
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
    once = re.sub(r"(.)\1+", r"\1", word)
    return "".join(c for c in once if c not in VOWELS and c != "h") or word[:1]


def alike(one: str, other: str) -> bool:
    """Whether two names can be spellings of one: equal when folded, or equal in sound and not too unlike in letters."""
    first, second = fold(one), fold(other)
    if first == second:
        return True
    sound = skeleton(one)
    if not sound.replace(" ", "") or sound != skeleton(other):
        return False
    enough = len(sound.replace(" ", "")) >= LEAST_SOUND
    if enough and first.split()[0] in ARABIC and second.split()[0] in ARABIC:
        return True
    short, long = ("".join(w for w in name.split() if w not in ARTICLES) for name in (first, second))
    likeness = SequenceMatcher(None, short, long, autojunk=False).ratio()
    return likeness >= (LIKENESS if enough else SURE_LIKENESS)

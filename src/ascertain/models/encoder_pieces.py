"""Word pieces of a text with their places in it: BERT's uncased scheme (white space, marks apart, longest match), without a library.

Each run of characters without white space is cut once and remembered, so a text costs one look-up a word.
"""

from __future__ import annotations

import unicodedata
from array import array
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import NDArray

UNKNOWN = 100
LONGEST = 100  # characters of a word; a longer one is unknown
REMEMBERED = 200_000  # runs; then the memory starts anew
CHUNK = 400  # characters of a run without white space that are cut at once
CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))

Piece = tuple[int, int, int, int]  # vocabulary number, start, end, number of its word in the run


@attrs.frozen(eq=False)
class Pieces:
    """Word pieces of a text: vocabulary numbers, start and end of each, number of its word."""

    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    words: NDArray[np.int64]


class WordPieces:
    """The cutter; `vocabulary` has one piece a line."""

    def __init__(self, vocabulary: Path) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary.read_text("utf-8").splitlines())}
        self._known: dict[str, tuple[Piece, ...]] = {}

    def cut(self, text: str) -> Pieces:
        """Cut a text of any length."""
        ids, offsets, words = array("q"), array("q"), array("q")
        word, position = 0, 0
        for run in text.split():
            position = text.index(run, position)
            for chunk_at in range(0, len(run), CHUNK):
                pieces = self._pieces(run[chunk_at : chunk_at + CHUNK])
                base = position + chunk_at
                for number, start, end, local in pieces:
                    ids.append(number)
                    offsets.extend((base + start, base + end))
                    words.append(word + local)
                word += pieces[-1][3] + 1 if pieces else 0
            position += len(run)
        return Pieces(np.array(ids, np.int64), np.array(offsets, np.int64).reshape(-1, 2), np.array(words, np.int64))

    def _pieces(self, run: str) -> tuple[Piece, ...]:
        known = self._known.get(run)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = tuple(piece for number, word in enumerate(_words(run)) for piece in self._longest(word, number))
            self._known[run] = known
        return known

    def _longest(self, word: list[tuple[str, int]], number: int) -> list[Piece]:
        """The longest pieces of the vocabulary from left to right; one unknown piece where they don't reach the end."""
        letters = "".join(letter for letter, _ in word)
        whole = (UNKNOWN, word[0][1], word[-1][1] + 1, number)
        if len(letters) > LONGEST:
            return [whole]
        found: list[Piece] = []
        start = 0
        while start < len(letters):
            end = len(letters)
            while end > start:
                piece = self._numbers.get(("##" if start else "") + letters[start:end])
                if piece is not None:
                    break
                end -= 1
            else:
                return [whole]
            found.append((piece, word[start][1], word[end - 1][1] + 1, number))
            start = end
        return found


def _words(run: str) -> list[list[tuple[str, int]]]:
    """A run's words: lower-case letters without accents, each with its place; a mark is a word of its own."""
    found: list[list[tuple[str, int]]] = []
    open_word = False
    for place, character in enumerate(run):
        for letter in _plain(character):
            alone = _is_mark(letter) or _is_cjk(letter)
            if alone or not open_word:
                found.append([])
            found[-1].append((letter, place))
            open_word = not alone
    return found


def _plain(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isprintable() else ""
    if character == "\ufffd" or unicodedata.category(character)[0] == "C":
        return ""
    return "".join(c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn").lower()


def _is_mark(letter: str) -> bool:
    if letter.isascii():
        return not letter.isalnum()
    return unicodedata.category(letter)[0] == "P"


def _is_cjk(letter: str) -> bool:
    return not letter.isascii() and any(low <= ord(letter) <= high for low, high in CJK)

"""How a text goes into the encoder: word pieces with their shapes, in windows of whole sentences. Used by training and by reading."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from ascertain.models.encoder_pieces import WordPieces

WINDOW = 190  # word pieces a window: the model is trained at this length, and a longer one costs 6 points (positions never seen)
CLS, SEP = 101, 102
SHAPES = 6
SENTENCE = re.compile(r'(?<=[.!?])["”’\')\]]*\s+(?=["“‘(\[]?[A-Z0-9])|\s*\n\s*')

Numbers = NDArray[np.int64]


@attrs.frozen(eq=False)
class Window:
    """Word pieces of some whole sentences.

    Attributes:
        ids: vocabulary numbers, without the marks at either end.
        offsets: start and end of each piece in the text.
        shapes: how the piece's word is written (`shape`).
        words: number of the word that each piece belongs to.
    """

    ids: Numbers
    offsets: Numbers
    shapes: Numbers
    words: Numbers

    def __len__(self) -> int:
        return len(self.ids)


def shape(word: str) -> int:
    """How a word is written: 0 unknown, 1 lower, 2 Title, 3 UPPER, 4 mixed, 5 no letter. The vocabulary itself knows no case."""
    if not any(c.isalpha() for c in word):
        return 5
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    return 2 if word[0].isupper() and word[1:].islower() else 4


def sentence_ends(text: str) -> list[int]:
    """Where sentences end, by rules that need no parse; the last is the text's end."""
    ends = [m.start() if "\n" in m[0] else m.end() for m in SENTENCE.finditer(text)]
    return [*ends, len(text)]


def windows(text: str, cutter: WordPieces, limit: int = WINDOW) -> list[Window]:
    """Whole sentences packed into windows of at most `limit` word pieces; a longer sentence is cut between words."""
    cut = cutter.cut(text)
    ids, offsets, words = cut.ids, cut.offsets, cut.words
    total = len(ids)
    if not total:
        return []
    shapes = _shapes(text, offsets, words)
    sentence = np.searchsorted(np.array(sentence_ends(text)), offsets[:, 0], side="right")
    found, start = [], 0
    while start < total:
        end = _cut(sentence, words, start, min(start + limit, total))
        found.append(Window(ids[start:end], offsets[start:end], shapes[start:end], words[start:end]))
        start = end
    return found


def _cut(sentence: Numbers, words: Numbers, start: int, end: int) -> int:
    """The last sentence start in reach, else the last word start, else the limit itself."""
    if end == len(sentence):
        return end
    cut = end
    while cut > start and sentence[cut] == sentence[cut - 1]:
        cut -= 1
    if cut > start:
        return cut
    while end > start + 1 and words[end] == words[end - 1]:
        end -= 1
    return end


def _shapes(text: str, offsets: Numbers, words: Numbers) -> Numbers:
    """The shape of each piece's word, the word as it is written in the text."""
    firsts = np.flatnonzero(np.diff(words, prepend=-1))
    lasts = np.append(firsts[1:], len(words)) - 1
    found = [shape(text[offsets[a, 0] : offsets[b, 1]]) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)]
    return np.repeat(np.array(found, np.int64), lasts - firsts + 1)


def padded(batch: Sequence[Window], multiple: int = 1) -> tuple[Numbers, Numbers, Numbers]:
    """Ids, mask and shapes of some windows as arrays of one length, with the marks at either end."""
    length = max(len(window) for window in batch) + 2
    length = -(-length // multiple) * multiple
    ids = np.zeros((len(batch), length), np.int64)
    mask, shapes = np.zeros_like(ids), np.zeros_like(ids)
    for row, window in enumerate(batch):
        size = len(window)
        ids[row, 0], ids[row, 1 : size + 1], ids[row, size + 1] = CLS, window.ids, SEP
        mask[row, : size + 2] = 1
        shapes[row, 1 : size + 1] = window.shapes
    return ids, mask, shapes

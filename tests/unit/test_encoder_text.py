"""Word pieces and windows: every piece stands at its words, windows hold whole sentences, hostile text costs no more than plain."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.models.encoder_pieces import UNKNOWN, WordPieces
from ascertain.models.encoder_text import Window, padded, sentence_ends, shape, windows

PIECES = ["[PAD]", *(f"[unused{n}]" for n in range(99)), "[UNK]", "[CLS]", "[SEP]", "troops", "kyiv", "shell", "##ing", "##ed", "near", "'", "s",
          ".", "cafe", "说", "a", "##a", "the", "left", ",", "-", "he", "said"]  # fmt: skip


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    path = tmp_path_factory.mktemp("words") / "words.txt"
    Path(path).write_text("\n".join(PIECES) + "\n", "utf-8")
    return WordPieces(path)


def cut(cutter: WordPieces, text: str) -> list[tuple[str, str]]:
    found = cutter.cut(text)
    return [(PIECES[i], text[s:e]) for i, (s, e) in zip(found.ids, found.offsets, strict=True)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Troops near Kyiv.", [("troops", "Troops"), ("near", "near"), ("kyiv", "Kyiv"), (".", ".")]),
        ("Shelling", [("shell", "Shell"), ("##ing", "ing")]),
        ("Café's", [("cafe", "Café"), ("'", "'"), ("s", "s")]),
        ("Cafe\u0301", [("cafe", "Cafe")]),  # the accent is a character of its own
        ("a说a", [("a", "a"), ("说", "说"), ("a", "a")]),
        ("tro\u200bops", [("troops", "tro\u200bops")]),
        ("xyz", [("[UNK]", "xyz")]),
        ("\t\n  ", []),
        ("", []),
    ],
)
def test_pieces_stand_at_their_words(cutter: WordPieces, text: str, wanted: list[tuple[str, str]]) -> None:
    assert cut(cutter, text) == wanted


@given(st.text(max_size=400))
def test_any_text_is_cut_in_order(cutter: WordPieces, text: str) -> None:
    found = cutter.cut(text)
    assert len(found.ids) == len(found.offsets) == len(found.words)
    if len(found.ids):
        assert found.offsets.min() >= 0
        assert found.offsets.max() <= len(text)
        assert (np.diff(found.offsets[:, 0]) >= 0).all()
        assert (found.offsets[:, 1] > found.offsets[:, 0]).all()
        assert set(np.diff(found.words)) <= {0, 1}


def test_a_word_without_end_is_unknown_and_ends(cutter: WordPieces) -> None:
    found = cutter.cut("a" * 1_000_000)
    assert set(found.ids) == {UNKNOWN}
    assert found.offsets[-1, 1] == 1_000_000


@pytest.mark.parametrize(
    ("word", "number"), [("troops", 1), ("Kyiv", 2), ("NATO", 3), ("A", 2), ("McDonald", 4), ("410", 5), ("AK-47", 3), ("", 5)]
)
def test_shapes_keep_the_case(word: str, number: int) -> None:
    assert shape(word) == number


def test_sentences_end_at_marks_and_line_ends() -> None:
    text = 'He left. "She said." Then\nA headline\n\nThe end'
    starts = [0, *sentence_ends(text)]
    pieces = [text[a:b].strip() for a, b in itertools.pairwise(starts)]
    assert [p for p in pieces if p] == ["He left.", '"She said."', "Then", "A headline", "The end"]


def test_windows_hold_whole_sentences(cutter: WordPieces) -> None:
    text = "He said the troops left. " * 10
    found = windows(text, cutter, limit=20)
    assert all(len(window) <= 20 for window in found)
    assert sum(len(window) for window in found) == len(cutter.cut(text).ids)
    assert {text[window.offsets[0, 0] : window.offsets[0, 1]] for window in found} == {"He"}


def test_a_sentence_longer_than_a_window_is_cut_between_words(cutter: WordPieces) -> None:
    found = windows("shelling " * 30, cutter, limit=7)
    assert [len(window) for window in found][:3] == [6, 6, 6]
    assert all(window.ids[0] == PIECES.index("shell") for window in found)


def test_padding_marks_both_ends(cutter: WordPieces) -> None:
    short, long = windows("troops", cutter)[0], windows("troops near Kyiv", cutter)[0]
    ids, mask, shapes = padded([short, long])
    assert ids.shape == mask.shape == shapes.shape == (2, 5)
    assert ids[0].tolist() == [101, PIECES.index("troops"), 102, 0, 0]
    assert mask.sum(1).tolist() == [3, 5]
    assert isinstance(short, Window)

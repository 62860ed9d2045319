"""A PDF as pictures of its pages: no text, covered lines, nothing that software can't read."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from ascertain.errors import InputError
from ascertain.publish._renderings import COVER, render, rendering


def a_pdf(*lines: str, picture: bool = False) -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=14)
    for number, line in enumerate(lines):
        made.text(20, 30 + 20 * number, line)
    if picture:
        drawn = io.BytesIO()
        Image.new("RGB", (80, 80), (0, 0, 0)).save(drawn, "PNG")
        made.image(drawn, 20, 200, 40, 40)
    return bytes(made.output())


def dots(data: bytes) -> np.ndarray:
    page = pypdfium2.PdfDocument(data)[0]
    return page.render(scale=1, grayscale=True).to_numpy().reshape(int(np.ceil(page.get_height())), -1)


def band(shown: np.ndarray, line: int) -> np.ndarray:
    """The dots around a line's letters: 72 points are 25.4 millimetres."""
    middle = int((28.5 + 20 * line) / 25.4 * 72)
    return shown[middle - 3 : middle + 3, 30:-30]


def test_a_line_with_a_withheld_word_is_covered_whole_and_others_are_shown():
    made = render(a_pdf("A street in Rivertown", "Hanna Kassar saw it", "and left on Monday"), ["Hanna Kassar"])
    shown = dots(made)
    assert np.unique(band(shown, 1)).tolist() == [COVER]
    for line in (0, 2):
        assert band(shown, line).min() < 100 < band(shown, line).max()


def test_there_is_no_text_in_it():
    made = render(a_pdf("A street in Rivertown", "Hanna Kassar saw it"), ["Rivertown"])
    assert pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded() == ""
    assert not any(word in made for word in (b"Rivertown", b"Hanna", b"/Font"))


def test_pictures_are_left_out():
    with_picture, without = (dots(render(a_pdf("Some words", picture=one), [])) for one in (True, False))
    assert np.array_equal(with_picture, without)


def test_a_page_without_words_is_not_shown():
    assert np.unique(dots(render(a_pdf(picture=True), []))).tolist() == [COVER]


def test_a_name_over_two_lines_covers_both():
    shown = dots(render(a_pdf("It was Hanna", "Kassar who saw it"), ["Hanna Kassar"]))
    for line in (0, 1):
        assert np.unique(band(shown, line)).tolist() == [COVER]


def test_it_is_made_the_same_again():
    made = a_pdf("Some words")
    assert render(made, ["words"]) == render(made, ["words"])


def test_what_is_no_pdf_has_none():
    with pytest.raises(InputError):
        render(b"%PDF-1.4 nothing", [])
    assert rendering(b"nothing", []) is None

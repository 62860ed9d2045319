"""The picture of counts over time, and the docs' pictures of the workbench."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

pytest.importorskip("starlette")
from reports import some_contents

from ascertain.publish.parts import Register, make_book
from ascertain.web._counts import draw_counts

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST_BYTES = 300_000


def every(shapes):
    for shape in shapes:
        yield shape
        yield from every(shape.children)


@pytest.fixture(scope="module")
def book():
    return make_book(some_contents(), Register())


@pytest.fixture
def fact(book):
    found = next(f for f in book.contents.findings.incidents[0].facts if f.attribute == "killed")
    days = ("2023-06-12", "2023-06-13", "2023-06-14")
    claims = [
        attrs.evolve(found.claims[0], origin="A", at_least=n, at_most=n, said_on=day, superseded=n != 9)
        for n, day in zip((4, 6, 9), days, strict=True)
    ]
    return attrs.evolve(found, claims=(*claims, attrs.evolve(claims[0], origin="B", at_least=5, at_most=None, superseded=False)))


def test_each_word_is_a_dot_that_leads_to_its_passage_and_replaced_ones_are_hollow(book, fact):
    drawing = draw_counts(book, fact)
    dots = [s for s in every(drawing.shapes) if s.tag == "circle"]
    assert len(dots) == 4
    assert sum("d-old" in str(dot.attributes["class"]) for dot in dots) == 2
    assert {s.href for s in every(drawing.shapes) if s.href} == {book.document_href(c.document, c.passage) for c in fact.claims}
    assert drawing.title == "Killed, as it was told from 12 June 2023 to 14 June 2023"


def test_the_band_covers_the_last_words_as_they_stood(book, fact):
    bands = [s.attributes for s in draw_counts(book, fact).shapes if s.attributes.get("class") == "d-band"]
    assert len(bands) == 3
    assert bands[2]["height"] > bands[1]["height"], "A said 9 where B says 5 or more"


def test_what_was_said_on_one_day_alone_needs_no_such_picture(book, fact):
    assert draw_counts(book, attrs.evolve(fact, claims=fact.claims[:1])) is None
    assert draw_counts(book, attrs.evolve(fact, attribute="actor")) is None


def test_pictures_of_the_docs_are_small_and_each_is_shown():
    docs = "".join(page.read_text("utf-8") for page in IMAGES.parent.rglob("*.md")) + (IMAGES.parents[1] / "README.md").read_text("utf-8")
    shown = set(re.findall(r"images/([\w-]+\.png)", docs))
    pictures = {path.name: path.stat().st_size for path in IMAGES.glob("*.png")}
    assert shown == set(pictures)
    assert max(pictures.values()) < LARGEST_BYTES

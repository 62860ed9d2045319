"""Marked text and drawings: nothing is lost between marks, pictures say what the records say."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import a_reading, some_contents

from ascertain.publish._book import Book, anchor, make_book, sentence_around
from ascertain.publish._drawings import Drawing, Shape
from ascertain.publish._graphic import graphic_kinds
from ascertain.publish._marks import paragraphs
from ascertain.publish._protect import protect_text
from ascertain.publish._ranges import draw_ranges, nice_step
from ascertain.publish._register import Register
from ascertain.publish._timeline import Bar, axis_of, draw_timeline
from ascertain.publish._vouching import draw_vouching, ways_of
from ascertain.publish._words import day_words, interval_words, period_words
from ascertain.records import Period, Quantity, Span, TimeExpression, TimeKind
from ascertain.records.names import Swap

SHORT = st.text(alphabet="ab \n.", min_size=1, max_size=40)


@st.composite
def readings_with_swaps(draw: st.DrawFn):
    text = draw(SHORT)
    starts = st.integers(0, len(text) - 1)
    spans = [Span(start, draw(st.integers(start + 1, len(text)))) for start in draw(st.lists(starts, max_size=5))]
    swaps = [Swap(start, draw(st.integers(start + 1, len(text))), "Person 1") for start in draw(st.lists(starts, max_size=2))]
    times = tuple(TimeExpression(f"t{n}", s, "2022", TimeKind.DATE) for n, s in enumerate(spans))
    quantities = tuple(Quantity(f"q{n}", s, 1, 1) for n, s in enumerate(spans[::2]))
    return a_reading(text, "a.txt", published="2022-01-01", publisher=None, times=times, quantities=quantities), swaps


@given(readings_with_swaps())
def test_marked_text_is_the_shown_text_and_every_passage_has_one_anchor(sample) -> None:
    reading, swaps = sample
    shown = protect_text(reading.document.text, swaps)
    segments = [s for p in paragraphs(reading, shown) for s in p.segments]
    assert "".join(s.words for s in segments) == shown.text
    anchors = [a for s in segments for a in s.anchors]
    assert sorted(anchors) == sorted({anchor(p) for p in reading.passages()})
    for passage in reading.passages():
        covered = "".join(s.words for s in segments if s.start < passage.end and s.end > passage.start)
        assert shown.words(passage) in covered


@given(SHORT, st.data())
def test_a_quoted_sentence_holds_its_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    whole = sentence_around(text, span)
    assert whole.start <= span.start < span.end <= whole.end <= len(text)


@pytest.fixture
def book() -> Book:
    return make_book(some_contents(), Register())


def every(drawing: Drawing) -> list[Shape]:
    found = list(drawing.shapes)
    for shape in found:
        found += shape.children
    return found


def test_an_open_end_is_an_arrow_and_an_update_is_joined(book: Book) -> None:
    drawing = draw_ranges(book, book.contents.findings.incidents[0].facts[0])
    shapes = every(drawing)
    assert len([s for s in shapes if "d-head" in str(s.attributes.get("class"))]) == 2
    assert len([s for s in shapes if s.attributes.get("class") == "d-update"]) == 1
    assert any(s.title and "(later replaced)" in s.title for s in shapes)
    assert all(0 <= float(s.attributes[k]) <= drawing.width for s in shapes for k in ("x", "cx", "x1", "x2") if k in s.attributes)


def test_every_mark_of_a_range_leads_to_its_words(book: Book) -> None:
    fact = book.contents.findings.incidents[0].facts[0]
    links = {s.href for s in every(draw_ranges(book, fact)) if s.href}
    assert links == {book.document_href(c.document, c.passage) for c in fact.claims}


def test_a_fact_without_numbers_has_no_picture(book: Book) -> None:
    assert draw_ranges(book, book.contents.findings.incidents[0].facts[1]) is None


def test_who_vouches_shows_copies_as_one_stack_and_denials_dashed(book: Book) -> None:
    incident = book.contents.findings.incidents[0]
    assert {w.origin: w.denies for w in ways_of(book, incident)} == {
        "Salma Osman": False,
        "Pavlo Sydorchuk": False,
        "the defence ministry": True,
    }
    drawing = draw_vouching(book, incident)
    assert drawing.title == "Three documents resting on three origins"
    assert any("d-denies" in str(s.attributes.get("class")) for s in every(drawing))


def test_the_timeline_holds_the_incidents_with_days_and_links_to_them(book: Book) -> None:
    drawing = draw_timeline(book, book.contents.findings.incidents)
    assert [s.key for s in drawing.shapes if s.key] == ["incident-0123456789ab"]
    assert len([s for s in every(drawing) if s.attributes.get("class") == "d-tick"]) == 3
    assert draw_timeline(book, book.contents.findings.incidents[1:]) is None


def test_a_quiet_stretch_is_cut_out_of_the_axis(book: Book) -> None:
    incident = book.contents.findings.incidents[0]
    days = [date(2016, 12, 15), date(2017, 1, 2), date(2023, 6, 12)]
    axis = axis_of([Bar(incident, d, d, ()) for d in days])
    assert [(s.first.year, s.last.year) for s in axis.stretches] == [(2016, 2017), (2023, 2023)]
    places = [axis.at(d) for d in days]
    assert places == sorted(places)
    assert axis.at(days[0], end=True) > axis.at(days[0])


def test_a_long_uncertain_incident_is_not_cut(book: Book) -> None:
    bar = Bar(book.contents.findings.incidents[0], date(2020, 1, 1), date(2022, 1, 1), ())
    assert len(axis_of([bar]).stretches) == 1


def test_a_place_without_end_of_numbers_does_not_break_the_scale(book: Book) -> None:
    fact = book.contents.findings.incidents[0].facts[0]
    huge = attrs.evolve(fact, claims=tuple(attrs.evolve(c, at_least=10**9, at_most=None) for c in fact.claims[:1]))
    assert draw_ranges(book, huge) is not None
    assert [nice_step(n) for n in (0.2, 1, 3, 11, 60)] == [1, 1, 5, 20, 100]


@pytest.mark.parametrize(
    ("ends", "words"),
    [((410, None), "410 or more"), ((None, 50), "up to 50"), ((20, 30), "20–30"), ((None, None), "not stated"), ((1200, 1200), "1,200")],
)
def test_ranges_in_words(ends: tuple[int | None, int | None], words: str) -> None:
    assert interval_words(*ends) == words


def test_about_and_days_in_words() -> None:
    assert interval_words(90, 90, approximate=True) == "about 90"
    assert period_words(Period("2022-04-01", "2022-04-05")) == "1–5 April 2022"
    assert period_words(Period("2022-03-30", "2022-04-02")) == "30 March – 2 April 2022"
    assert period_words(Period()) == "not stated"
    assert [day_words(v) for v in ("2022-04-05", "2022-04", "2022", None, "soon")] == [
        "5 April 2022",
        "April 2022",
        "2022",
        "not stated",
        "soon",
    ]


def test_graphic_words_are_found_whole() -> None:
    assert graphic_kinds("He was tortured and beheaded.") == ("torture", "mutilation")
    assert graphic_kinds("Twelve people were killed; the grape harvest goes on.") == ()

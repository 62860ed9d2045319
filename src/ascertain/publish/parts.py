"""What the workbench builds its pages from, so that both show the same in the same way: page models, drawings, words, templates."""

from __future__ import annotations

from pathlib import Path

from ascertain.publish._book import Book, Piece, Quote, anchor, make_book
from ascertain.publish._contents import CaseContents
from ascertain.publish._drawings import Drawing, Shape, group, line, rect, status_shape, words
from ascertain.publish._graphic import graphic_kinds, harm_kinds
from ascertain.publish._pages import Overview, overview_page
from ascertain.publish._readings import DocumentPage, claimed_passages, document_page
from ascertain.publish._register import Guard, Register
from ascertain.publish._report import register_of
from ascertain.publish._sheets import FactRow, SheetPage, fact_row, sheet_page
from ascertain.publish._timeline import Axis, axis_of, date_marks
from ascertain.publish._words import (
    ATTRIBUTES,
    MEANING,
    NOT_STATED,
    NUMBERS,
    SHAPES,
    counted,
    day_words,
    fact_words,
    interval_words,
    moment_words,
    parsed_day,
    period_words,
    sentence_case,
    title_words,
)  # fmt: skip

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

__all__ = [
    "ATTRIBUTES", "MEANING", "NOT_STATED", "NUMBERS", "SHAPES", "STATIC", "TEMPLATES", "Axis", "Book", "CaseContents", "DocumentPage", "Drawing", "FactRow", "Guard",
    "Overview", "Piece", "Quote", "Register", "Shape", "SheetPage", "anchor", "axis_of", "claimed_passages", "counted", "date_marks", "day_words",
    "document_page", "fact_row", "fact_words", "graphic_kinds", "group", "harm_kinds", "interval_words", "line", "make_book", "moment_words", "overview_page", "parsed_day",
    "period_words", "rect", "register_of", "sentence_case", "sheet_page", "status_shape", "title_words", "words",
]  # fmt: skip

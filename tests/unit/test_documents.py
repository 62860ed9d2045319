"""PDF with a text layer, and DOCX."""

from __future__ import annotations

import io
import zipfile

import pytest
from builders import a_docx, a_pdf, a_source

from ascertain.errors import InputError, LimitError
from ascertain.parse import Limits
from ascertain.parse._documents import parse_docx, parse_pdf


def pdf(data: bytes, **more):
    return parse_pdf(a_source(data, "a.pdf", "application/pdf", **more))


def docx(data: bytes):
    return parse_docx(a_source(data, "a.docx", "application/docx"))


def test_the_pages_of_a_pdf_are_one_text():
    found = pdf(a_pdf("The first page tells of two dead.\fThe second page tells of three.", title="A report")).document
    assert found.text.split("\n\n") == ["The first page tells of two dead.", "The second page tells of three."]
    assert found.title == "A report"


def test_the_date_in_the_text_wins_over_the_file_s():
    assert pdf(a_pdf("HARVAN, 5 April 2022 (Wire) - Two people died in the town.")).document.published.value == "2022-04-05"
    assert pdf(a_pdf("Two people died in the town.")).document.published.passage is None


def test_a_pdf_without_text_says_that_ocr_is_needed():
    with pytest.raises(InputError, match="no text layer") as refused:
        pdf(a_pdf(""))
    assert "OCR" in refused.value.advice


def test_a_pdf_of_too_many_pages_is_a_limit():
    with pytest.raises(LimitError, match="has 3 pages"):
        pdf(a_pdf("a\fb\fc"), limits=Limits(max_pages=2))


def test_a_locked_pdf_says_so():
    from fpdf import FPDF

    made = FPDF()
    made.set_encryption(owner_password="a", user_password="b")
    made.add_page()
    with pytest.raises(InputError, match="locked with a password"):
        pdf(bytes(made.output()))


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.7\n%%EOF", a_pdf("words")[:300]])
def test_a_damaged_pdf_is_an_error_of_the_input(data):
    with pytest.raises(InputError, match=r"a\.pdf"):
        pdf(data)


def test_paragraphs_and_tables_of_a_docx_are_in_their_order():
    found = docx(a_docx("Two people died.", "Three were hurt.", rows=(("name", "age"), ("A", "7")), title="A letter")).document
    assert found.text == "Two people died.\n\nThree were hurt.\n\nname\tage\nA\t7"
    assert found.title == "A letter"


def test_a_damaged_docx_is_an_error_of_the_input():
    whole = a_docx("Two people died.")
    for data in (whole[:200], whole[:-30], b"PK\x03\x04" + b"\0" * 100):
        with pytest.raises(InputError, match="damaged DOCX"):
            docx(data)


def test_a_docx_with_entities_reads_nothing_from_outside():
    with zipfile.ZipFile(io.BytesIO(a_docx("Two people died."))) as packed:
        files = {entry.filename: packed.read(entry) for entry in packed.infolist()}
    body = (
        files["word/document.xml"]
        .replace(b"?>", b'?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1)
        .replace(b"Two people", b"&x; people")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in (files | {"word/document.xml": body}).items():
            packed.writestr(name, data)
    try:
        assert "root:" not in docx(out.getvalue()).document.text
    except InputError as refused:
        assert refused.advice


def test_a_docx_that_unpacks_to_too_much_is_a_limit():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/media/a.bin", b"\0" * 201_000_000)
    with pytest.raises(LimitError):
        docx(out.getvalue())

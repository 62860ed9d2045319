"""The right reader for each type; whatever a reader raises becomes an error that names the input."""

from __future__ import annotations

import pytest
from builders import REPORT, a_docx, a_pdf
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import AscertainError, InputError, UnsupportedInputError
from ascertain.parse import VERSION, parse
from ascertain.parse._parse import READERS


def document(data: bytes, path: str, **more):
    return parse(data, digest="0" * 64, path=path, **more).document


def test_the_bytes_win_where_they_are_sure():
    assert document(a_pdf("Two people died."), "a.txt", media_type="text/plain").media_type == "application/pdf"
    assert document(a_docx("Two people died."), "a.html", media_type="text/html").text == "Two people died."


def test_a_known_type_from_outside_wins_over_the_name():
    assert document(REPORT.encode(), "page", media_type="text/html").media_type == "text/html"
    assert document(REPORT.encode(), "a.txt", media_type="application/x-unknown").text == REPORT


def test_an_empty_file_is_refused():
    with pytest.raises(InputError, match=r"a\.txt is empty"):
        parse(b"", digest="0" * 64, path="a.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"{\\rtf1 x}", "application/rtf"), (b"\xd0\xcf\x11\xe0", "x-ole"), (b"\0\1\2", "octet-stream")],
)
def test_a_type_without_a_reader_says_what_it_is(data, kind):
    with pytest.raises(UnsupportedInputError, match=kind) as refused:
        parse(data, digest="0" * 64, path="odd")
    assert "stays preserved" in refused.value.advice


def test_a_reader_that_a_library_lacks_says_what_to_install(monkeypatch):
    def lacking(_):
        raise ImportError(name="trafilatura")

    monkeypatch.setitem(READERS, "text/html", lacking)
    with pytest.raises(InputError, match="trafilatura") as refused:
        parse(b"<html>", digest="0" * 64, path="a.html")
    assert "ascertain[formats]" in refused.value.advice


@pytest.mark.parametrize("kind", [ValueError, KeyError, RecursionError, AssertionError, ZeroDivisionError, EOFError, UnicodeDecodeError])
def test_whatever_a_reader_raises_names_the_input(monkeypatch, kind):
    def fails(_):
        raise kind("utf-8", b"", 0, 1, "secret words") if kind is UnicodeDecodeError else kind("secret words")

    monkeypatch.setitem(READERS, "text/plain", fails)
    with pytest.raises(InputError, match=r"^a\.txt") as refused:
        parse(b"x", digest="0" * 64, path="a.txt")
    assert "secret words" not in str(refused.value)


def test_every_reader_ends_on_noise():
    for kind in READERS:
        for data in (b"\0", b"\xff" * 50, b"x", b"<", b"{", b"PK\x03\x04", b"\x1f\x8b", b"a: b\nc: d\n\n"):
            try:
                parsed = parse(data, digest="0" * 64, path="noise", media_type=kind)
            except AscertainError as refused:
                assert str(refused)
            else:
                assert parsed.document is not None or parsed.children or parsed.notes or kind.endswith(("xml", "zip", "tar"))


@given(st.binary(max_size=400), st.sampled_from(sorted(READERS)))
def test_any_bytes_under_any_type_end_as_a_result_or_a_reason(data, kind):
    try:
        parsed = parse(data, digest="0" * 64, path="noise", media_type=kind)
    except AscertainError as refused:
        assert "noise" in str(refused)
    else:
        assert parsed.document is None or parsed.document.text.strip()


def test_the_version_is_a_word():
    assert VERSION
    assert " " not in VERSION

"""WARC and ARC: text records are parts with their address and date; of broken archives what is whole is kept."""

from __future__ import annotations

import pytest
from builders import a_page, a_source, a_warc

from ascertain.errors import InputError
from ascertain.parse import parse
from ascertain.parse._web import parse_web_archive

PAGE = ("https://e.org/1", "text/html; charset=utf-8", a_page().encode())
IMAGE = ("https://e.org/p.png", "image/png", b"\x89PNG")


def archive(data: bytes):
    return parse_web_archive(a_source(data, "crawl.warc", "application/warc"))


def test_each_page_is_a_part_with_its_address_and_date():
    [child] = archive(a_warc(PAGE)).children
    assert (child.media_type, child.context["url"], child.data) == ("text/html", "https://e.org/1", PAGE[2])
    assert child.context["warc_date"].startswith("20")


def test_what_is_no_text_is_left_out_and_said():
    found = archive(a_warc(IMAGE, PAGE))
    assert len(found.children) == 1
    assert found.notes == ("left out #1: a record of type image/png.",)


def test_a_page_s_document_knows_its_address():
    [child] = archive(a_warc(PAGE)).children
    document = parse(child.data, digest="1" * 64, path="crawl.warc#1", media_type=child.media_type, context=child.context).document
    assert document.url == "https://e.org/1"


def test_a_packed_archive_is_read_as_it_is():
    assert len(archive(a_warc(PAGE, PAGE, packed=True)).children) == 2


@pytest.mark.parametrize("share", [0.55, 0.7, 0.9])
def test_of_a_cut_archive_the_whole_records_are_kept(share):
    data = a_warc(PAGE, PAGE)
    assert len(archive(data[: int(len(data) * share)]).children) >= 1


def test_an_archive_without_pages_says_so():
    assert archive(a_warc(IMAGE)).notes[-1] == "the web archive holds no record with text."


@pytest.mark.parametrize(
    "data", [b"WARC/1.0\r\n", b"WARC/9.9\r\nContent-Length: x\r\n\r\n", b"filedesc://x\n", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n\r\n"]
)
def test_damaged_archives_end_as_a_reason_or_without_parts(data):
    try:
        assert archive(data).children == ()
    except InputError as refused:
        assert "damaged web archive" in str(refused)


def test_a_false_content_length_does_not_read_beyond_the_archive():
    data = a_warc(PAGE).replace(b"Content-Length: ", b"Content-Length: 9999", 1)
    try:
        found = archive(data)
    except InputError:
        return
    assert sum(len(child.data) for child in found.children) <= len(data)

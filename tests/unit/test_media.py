"""Media types: sure bytes win, else the name."""

from __future__ import annotations

import pytest
from builders import a_docx, a_mail, a_pdf, a_tar, a_warc, a_zip

from ascertain.models.media import media_type, printable

ZIP, DOCX = "application/zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (a_pdf("x")[:8192], "report.txt", "application/pdf"),
        (a_zip({"a.txt": b"x"}), "a", ZIP),
        (a_zip({"a.txt": b"x"}), "crawl.wacz", "application/wacz"),
        (a_docx("x")[:8192], "letter.docx", DOCX),
        (a_docx("x")[:8192], "letter", DOCX),
        (a_tar({"a.txt": b"x"})[:8192], "a", "application/x-tar"),
        (a_warc(("http://e.org/", "text/html", b"x")), "a", "application/warc"),
        (b"\x1f\x8b\x08rest", "a.txt", "application/gzip"),
        (b"BZh9rest", "a", "application/x-bzip2"),
        (a_mail().as_bytes(), "noname", "message/rfc822"),
        (b"Subject: x\nthis is one header only", "note", "text/plain"),
        (b"From a@b Wed Apr  6 10:00:00 2022\nSubject: x\n\n", "inbox", "application/mbox"),
        (b"<!DOCTYPE html><p>x", "page", "text/html"),
        (b"  <html lang=en>", "saved.txt", "text/html"),
        (b"The tag <html> is quoted here", "notes.txt", "text/plain"),
        (b"<?xml version='1.0'?><rss version='2.0'>", "feed.xml", "application/rss+xml"),
        (b"<?xml version='1.0'?><feed xmlns='x'>", "noname", "application/rss+xml"),
        (b'{"text": "x"}', "noname", "application/json"),
        (b'{"text": "x"}', "a.JSONL", "application/jsonl"),
        (b"a;b\n", "https://e.org/table.csv?x=1#y", "text/csv"),
        (b"\0\0\0\1", "noname", "application/octet-stream"),
        (b"\xff\xfeT\0e\0", "noname", "text/plain"),
        (b"\x89PNG\r\n", "photo.txt", "image/png"),
        (b"", "noname", "text/plain"),
    ],
)
def test_a_type_is_told(head, name, kind):
    assert media_type(head, name) == kind


def test_a_name_with_bytes_that_are_no_text_can_be_written():
    name = b"caf\xe9.txt".decode("utf-8", "surrogateescape")
    assert printable(name).encode("utf-8") == rb"caf\udce9.txt"
    assert printable("café 🙂.txt") == "café 🙂.txt"

"""Web pages: main text, title, date; nothing is fetched and nothing of a script is text."""

from __future__ import annotations

import gzip
import socket

import pytest
from builders import REPORT, a_page, a_source

from ascertain.errors import InputError, LimitError
from ascertain.parse import parse
from ascertain.parse._web import parse_html, visible_text


def page(html: str | bytes, path: str = "page.html", **more):
    return parse_html(a_source(html, path, "text/html", **more)).document


def test_the_main_text_is_found_and_what_stands_around_it_is_not():
    body = (
        "<nav>Home Sport Weather</nav><article>"
        + "".join(f"<p>{line}</p>" for line in REPORT.splitlines() if line) * 3
        + "</article><footer>All rights</footer>"
    )
    found = page(a_page(body))
    assert "at least 12 people" in found.text
    assert "Sport Weather" not in found.text


def test_title_and_date_of_the_page_are_told():
    found = page(a_page(head='<title>Shelling in Harvan</title><meta property="article:published_time" content="2022-04-06T09:00:00Z">'))
    assert (found.title, found.published.value) == ("Shelling in Harvan", "2022-04-06")


def test_scripts_and_styles_are_no_text():
    found = page(
        "<html><head><style>p {}</style><script>var secret = 1;</script></head><body><p>Two people died.</p><script>alert(1)</script></body></html>"
    )
    assert found.text == "Two people died."


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8"])
def test_the_charset_that_a_page_declares_is_read(charset):
    html = f'<html><head><meta charset="{charset}"><title>t</title></head><body><p>Обстрел города унёс двенадцать жизней, сказал мэр.</p></body></html>'
    assert "Обстрел города" in page(html.encode(charset)).text


def test_a_page_s_address_is_the_one_it_was_captured_from():
    assert page(a_page(), context={"url": "https://e.org/1"}).url == "https://e.org/1"


def test_reading_a_page_asks_nothing_of_the_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    head = '<title>t</title><base href="http://e.org/"><link rel=stylesheet href="http://e.org/a.css"><meta http-equiv=refresh content="0;url=http://e.org/x">'
    assert page(
        a_page('<img src="http://e.org/p.png"><iframe src="http://e.org/f"></iframe><p>Two people died in the town.</p>', head=head)
    ).text


@pytest.mark.parametrize(
    "html", ["<html></html>", "<p></p>", "<script>x</script>", "<!-- x -->", "<html><body><img src=a.png></body></html>"]
)
def test_a_page_without_text_is_refused_with_what_to_do(html):
    with pytest.raises(InputError, match="without text") as refused:
        page(html)
    assert "stays preserved" in refused.value.advice


@pytest.mark.parametrize("html", ["<" * 500_000, "<b>" * 450_000 + "x"])
def test_a_page_of_tags_only_is_a_limit(html):
    with pytest.raises(LimitError, match="tags"):
        page(html)


@pytest.mark.parametrize(
    "html",
    ["<div>" * 5_000 + "deep words" + "</div>" * 5_000, "<p>words &#0; &#xD800; &#x110000; &nosuch; end", "<p>a<p>b</i></b>c", "<html><body>x\x00y words", '<p title="' + "a" * 100_000 + '">words</p>'],
    ids=["deep", "references", "unclosed", "zero", "long attribute"],
)  # fmt: skip
def test_odd_pages_end_as_a_document_or_a_reason(html):
    try:
        assert page(html).text.strip()
    except InputError as refused:
        assert refused.advice


def test_a_page_that_the_server_sent_packed_is_unpacked_to_be_read():
    html = a_page().encode()
    parsed = parse(gzip.compress(html), digest="0" * 64, path="https://e.org/1", media_type="text/html")
    assert "at least 12 people" in parsed.document.text
    with pytest.raises(LimitError):
        parse(gzip.compress(b" " * 30_000_000), digest="0" * 64, path="https://e.org/1", media_type="text/html")


def test_all_text_that_a_browser_would_show_a_block_a_line():
    assert visible_text("<p>One <b>bold</b> word</p><p>Two</p><ul><li>a<li>b</ul>") == "One bold word\nTwo\na\nb"
    assert visible_text("") == ""

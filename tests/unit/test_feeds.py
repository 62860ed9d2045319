"""RSS and Atom: each entry is a part; entities are refused."""

from __future__ import annotations

import json

import pytest
from builders import a_feed, a_source

from ascertain.errors import InputError, UnsupportedInputError
from ascertain.parse._feeds import parse_feed

ITEM = "<item><title>Two dead</title><link>https://e.org/1</link><pubDate>Tue, 05 Apr 2022 10:00:00 GMT</pubDate><description>Two &lt;b&gt;people&lt;/b&gt; died &amp;amp; left.</description></item>"
BOMB = '<!DOCTYPE rss [<!ENTITY a "dead "><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def articles(data: bytes) -> list[dict]:
    return [json.loads(child.data) for child in parse_feed(a_source(data, "feed.xml")).children]


def test_an_entry_gives_its_words_date_and_address():
    [found] = articles(a_feed(ITEM))
    assert found == {
        "title": "Two dead", "text": "Two people died & left.", "url": "https://e.org/1", "publisher": "Harvan Daily", "published": "2022-04-05",
    }  # fmt: skip


def test_the_full_text_wins_over_the_summary():
    item = "<item><description>Short.</description><content:encoded xmlns:content='c'>&lt;p&gt;Long.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</content:encoded></item>"
    assert articles(a_feed(item))[0]["text"].split() == ["Long.", "More."]


def test_scripts_in_an_entry_are_not_its_text():
    item = "<item><description>&lt;p&gt;Two died.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description></item>"
    assert articles(a_feed(item))[0]["text"] == "Two died."


def test_atom_is_read_too():
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><title>T</title><link href="https://e.org/2"/>'
        '<updated>2022-04-06T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One died.</p></div></content>'
        "</entry></feed>"
    )
    [found] = articles(data.encode())
    assert (found["text"], found["url"], found["publisher"], found["published"][:10]) == (
        "One died.",
        "https://e.org/2",
        "Wire",
        "2022-04-06",
    )


def test_an_entry_without_text_is_said():
    parsed = parse_feed(a_source(a_feed("<item><link>https://e.org</link></item>", ITEM), "feed.xml"))
    assert (len(parsed.children), parsed.notes) == (1, ("left out #1: an entry without text.",))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>', BOMB,
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>', '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd">',
    ],
)  # fmt: skip
def test_entities_are_refused_and_nothing_outside_is_read(declaration):
    item = (
        f"<item><description>{'&c;' if '!ENTITY c' in declaration else '&x;' if '!ENTITY x' in declaration else 'x'}</description></item>"
    )
    try:
        found = articles(a_feed(item, declaration=declaration))
    except InputError as refused:
        assert "entities" in str(refused) or "damaged" in str(refused)
    else:
        assert [row["text"] for row in found] == ["x"]  # a declaration that points outside is not followed


@pytest.mark.parametrize(
    "data",
    [b"", b"<rss", b"<rss><channel></rss>", b"\xff\xfe", b"<rss>&undefined;</rss>", b"<?xml version='1.0' encoding='no-such'?><rss/>"],
)
def test_damaged_xml_is_an_error_of_the_input(data):
    with pytest.raises(InputError, match="damaged XML"):
        parse_feed(a_source(data, "feed.xml"))


def test_other_xml_is_not_supported():
    with pytest.raises(UnsupportedInputError, match="no feed"):
        parse_feed(a_source(b"<kml><Placemark/></kml>", "a.xml"))


def test_a_feed_without_entries_is_a_container_without_parts():
    assert parse_feed(a_source(a_feed(), "feed.xml")).children == ()

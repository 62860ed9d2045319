"""Plain text is the original's text: offsets hold on it, whatever it holds."""

from __future__ import annotations

import codecs
import json

from hypothesis import given
from hypothesis import strategies as st
from strategies import broken_texts, full_texts, prose

from ascertain import pipeline
from ascertain.config import Settings
from ascertain.errors import AscertainError, InputError
from ascertain.models import load_models
from ascertain.parse import parse
from ascertain.records import Reading


def parsed(data: bytes, path: str = "a.txt", **more):
    return parse(data, digest="0" * 64, path=path, media_type="text/plain", **more).document


def is_text(text: str) -> bool:
    """Mostly letters: what is mostly control characters is refused as no text."""
    return sum(ord(c) < 32 and c not in "\t\n\r\f\v" for c in text) <= 0.05 * len(text)


@given(full_texts.filter(is_text))
def test_a_text_in_utf_8_is_kept_character_for_character(text):
    try:
        found = parsed(text.encode())
    except InputError:
        assert text.encode().count(0) > 0 or text.startswith("\ufeff"), "only what looks like UTF-16 or a byte order mark alone is refused"
        return
    assert found.text == text.removeprefix("\ufeff") or 3 * text.count("\x00") > len(text)
    if found.published is not None and found.published.passage is not None:
        assert found.text[slice(*found.published.passage)].strip()


@given(
    full_texts.filter(is_text),
    st.sampled_from([(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]),
)
def test_a_text_behind_a_byte_order_mark_is_kept_too(text, encoding):
    mark, name = encoding
    if not text.startswith("\x00"):  # the mark of UTF-16 and two zeros are the mark of UTF-32
        assert parsed(mark + text.encode(name)).text == text


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_are_a_text_or_a_reason(data):
    try:
        found = parsed(data)
    except AscertainError as refused:
        assert "a.txt" in str(refused)
    else:
        assert found.text.strip()
        found.text.encode()  # no lone surrogates: JSON and SQLite can carry it


@given(broken_texts.filter(lambda text: text.strip()))
def test_an_article_s_text_is_kept_one_for_one(text):
    line = json.dumps({"id": "x", "text": text}).encode()
    [found] = pipeline.articles_in([line], name="a.jsonl", settings=Settings())
    joined = json.loads(json.dumps({"text": text}))["text"]  # JSON itself joins two halves of a pair
    assert len(found.text) == len(joined)
    assert all(a == b or (b == "\ufffd" and "\ud800" <= a <= "\udfff") for a, b in zip(joined, found.text, strict=True))


@given(prose)
def test_every_passage_of_a_reading_is_its_words(text):
    [document] = pipeline.documents_in(text.encode(), path="a.txt", settings=Settings()) if text.strip() else [None]
    if not hasattr(document, "text"):
        return
    assert document.text == text
    reading = pipeline.read_document(document, load_models())
    assert isinstance(reading, Reading)
    for span in reading.passages():
        assert text[span.start : span.end].strip()
    kept = json.loads(pipeline.encode(reading))
    assert kept["document"]["text"] == text

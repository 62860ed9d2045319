"""What is written is read back the same, and the same record always has the same bytes."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import captures, decisions, documents, full_texts, outcomes, readings, spans

from ascertain.pipeline import encode, json_line
from ascertain.records import Capture, Decision, Document, Outcome, Reading, Span
from ascertain.store._store import encoded


@given(documents() | readings() | captures | decisions | outcomes)
def test_a_kept_record_comes_back_equal(record):
    data = encoded(record)
    assert msgspec.json.decode(data, type=type(record)) == record
    assert encoded(msgspec.json.decode(data, type=type(record))) == data


@given(readings())
def test_the_contract_s_json_is_one_line_and_comes_back(reading):
    data = encode(reading)
    assert len(data.decode().splitlines()) == 1
    assert msgspec.json.decode(data, type=Reading) == reading
    assert json.loads(data)["document"]["text"] == reading.document.text


@given(st.text())
def test_escaping_line_ends_changes_no_meaning(text):
    data = json_line(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace"))
    assert json.loads(data) == text.encode("utf-8", "replace").decode()
    assert len(data.decode().splitlines()) <= 1


@given(readings(), st.data())
def test_no_reading_holds_a_passage_outside_its_text(reading, data):
    length = len(reading.document.text)
    start, end = data.draw(st.tuples(st.integers(-3, length + 3), st.integers(-3, length + 3)))
    if 0 <= start < end <= length:
        assert reading.words(Span(start, end)) == reading.document.text[start:end]
        return
    row = msgspec.to_builtins(reading)
    row["times"] = [{"id": "t9", "passage": [start, end], "value": "2022", "kind": "date"}]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(row, type=Reading)


@given(full_texts.flatmap(spans))
def test_a_span_covers_something(span):
    assert span.start < span.end


@given(st.sampled_from([Capture, Decision, Document, Outcome, Reading]), st.binary(max_size=60))
def test_any_bytes_are_a_record_or_a_decoding_error(kind, data):
    try:
        found = msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError:
        return
    assert isinstance(found, kind)

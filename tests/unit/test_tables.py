"""Articles in CSV, JSON and JSON Lines: each row with a text is a part of its own, under our names."""

from __future__ import annotations

import json

import pytest
from builders import a_source

from ascertain.errors import InputError, LimitError, UsageError
from ascertain.models.media import ARTICLE
from ascertain.parse import Limits, Parsed, checked_columns, parse
from ascertain.parse._tables import parse_article, parse_csv, parse_json, parse_json_lines

ROW = {
    "headline": "Two dead",
    "body": "Two people died.",
    "date": "5 April 2022",
    "outlet": "Wire",
    "link": "https://e.org/1",
    "lang": "en-GB",
}


def article(child) -> dict:
    return json.loads(child.data)


def document_of(child):
    return parse_article(a_source(child.data, child.name, ARTICLE, context=child.context)).document


def csv_of(*rows: str) -> bytes:
    return "\r\n".join(rows).encode()


def test_columns_are_known_under_their_usual_names():
    parsed = parse_json(a_source(json.dumps([ROW]), "a.json"))
    found = document_of(parsed.children[0])
    assert (found.text, found.title, found.publisher, found.language) == ("Two people died.", "Two dead", "Wire", "en")
    assert (found.published.value, found.url) == ("2022-04-05", "https://e.org/1")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_header(delimiter):
    rows = csv_of(delimiter.join(["id", "text", "date"]), delimiter.join(["7", '"Two died; one, old | tired\tman, too."', "2022-04-05"]))
    [child] = parse_csv(a_source(rows, "a.csv")).children
    assert article(child) == {"id": "7", "published": "2022-04-05", "text": "Two died; one, old | tired\tman, too."}


def test_a_text_of_a_table_keeps_its_line_ends_and_quotes():
    [child] = parse_csv(a_source(b'text,date\r\n"He said ""no"".\r\nThen left.",2022-04-05\r\n', "a.csv")).children
    assert document_of(child).text == 'He said "no".\r\nThen left.'


def test_rows_without_text_are_said_and_the_others_kept():
    parsed = parse_csv(a_source(csv_of("id,text", "1,Two died.", "2,", "3,Three died.", "4"), "a.csv"))
    assert [child.name for child in parsed.children] == ["#1", "#3"]
    assert parsed.notes == ("left out #2: a row without a text column.", "left out #4: a row without a text column.")


def test_many_rows_left_out_are_counted_and_not_all_named():
    parsed = parse_csv(a_source(csv_of("id,text", "1,Two died.", *("2," for _ in range(500))), "a.csv"))
    assert len(parsed.notes) == 51
    assert parsed.notes[-1] == "450 more notes are not shown."


def test_a_table_without_texts_says_how_to_name_the_column():
    with pytest.raises(InputError, match="holds no articles") as refused:
        parse_csv(a_source(csv_of("inhalt,datum", "Zwei starben.,2022-04-05"), "a.csv"))
    assert "--columns" in refused.value.advice


def test_named_columns_are_read_and_the_others_keep_their_usual_names():
    source = a_source(
        csv_of("Inhalt;Datum;text;title", "Zwei starben.;5 April 2022;summary;Two dead"),
        "a.csv",
        context={"columns": "published=Datum,text=Inhalt"},
    )
    [child] = parse_csv(source).children
    assert article(child) == {"published": "5 April 2022", "text": "Zwei starben.", "title": "Two dead"}


@pytest.mark.parametrize(
    ("given", "kept"), [(None, None), ("text=body", "text=body"), (" text = Body , published=date,", "published=date,text=Body")]
)
def test_a_column_map_has_one_form(given, kept):
    assert checked_columns(given) == kept


@pytest.mark.parametrize("given", ["", "body", "text=", "words=body", "=", ",", "text=a,colour=b"])
def test_a_malformed_column_map_is_refused(given):
    with pytest.raises(UsageError, match="no map of columns"):
        checked_columns(given)


def test_lines_that_are_no_json_are_left_out_and_said():
    lines = "\n".join([json.dumps({"text": "One died."}), "{broken", "", "[1]", json.dumps({"text": "Two died."})])
    parsed = parse_json_lines(a_source(lines, "a.jsonl"))
    assert [article(child)["text"] for child in parsed.children] == ["One died.", "Two died."]
    assert len(parsed.notes) == 2


@pytest.mark.parametrize("value", [{"articles": [ROW, ROW | {"body": "Three died."}]}, {"meta": {"n": 1}, "results": [ROW]}])
def test_a_list_under_a_key_is_found(value):
    assert len(parse_json(a_source(json.dumps(value), "a.json")).children) == len(next(v for v in value.values() if isinstance(v, list)))


@pytest.mark.parametrize("text", ["", "null", "3", "[]", "{}", '"text"', "[" * 100_000, "[1, 2]", '{"text": {"a": 1}}', '{"a": 1'])
def test_json_without_articles_is_refused_with_a_reason(text):
    with pytest.raises(InputError):
        parse_json(a_source(text, "a.json"))


def test_an_article_keeps_its_text_and_tells_what_it_can():
    data = json.dumps({"text": "\r\n Two died.\n", "published": "whenever", "language": "Klingon", "title": " "})
    found = parse_article(a_source(data, "a", ARTICLE)).document
    assert (found.text, found.published, found.title) == ("\r\n Two died.\n", None, None)


def test_a_text_with_half_a_surrogate_pair_is_kept_one_for_one():
    found = parse_article(a_source('{"text": "a \\ud83d b"}', "a", ARTICLE)).document
    assert found.text == "a \ufffd b"


def test_too_many_rows_are_a_limit():
    with pytest.raises(LimitError, match="more than 3 parts"):
        parse_csv(a_source(csv_of("text", *("word" for _ in range(4))), "a.csv", limits=Limits(max_children=3)))


def test_a_row_s_document_says_where_it_stood():
    [child] = parse_csv(a_source(csv_of("id,text,url", "x7,Two died.,https://e.org/7"), "a.csv")).children
    assert dict(child.context) == {"row": "1", "id": "x7", "url": "https://e.org/7"}


def test_a_row_parses_as_a_document_of_its_own():
    [child] = parse_csv(a_source(csv_of("id,text", "1,Two people died in the town."), "a.csv")).children
    parsed: Parsed = parse(child.data, digest="1" * 64, path="a.csv#1", media_type=child.media_type, parent="0" * 64, context=child.context)
    assert (parsed.document.path, parsed.document.parent) == ("a.csv#1", "0" * 64)

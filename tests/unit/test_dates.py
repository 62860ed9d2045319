"""Dates at the head of a text and in the columns of a table."""

from __future__ import annotations

import pytest

from ascertain.parse._dates import dates_in, day_of, published_in


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022-04-05", "2022-04-05"), ("2022/04/05", "2022-04-05"), ("5 April 2022", "2022-04-05"), ("5th of April, 2022", "2022-04-05"),
        ("April 5, 2022", "2022-04-05"), ("Apr. 5 2022", "2022-04-05"), ("25.04.2022", "2022-04-25"), ("04/25/2022", "2022-04-25"),
        ("05.05.2022", "2022-05-05"),
    ],
)  # fmt: skip
def test_a_full_date_is_read_in_the_ways_it_is_written(written, day):
    text = f"Seen {written}, at noon"
    [(found, span)] = dates_in(text)
    assert found.isoformat() == day
    assert text[span.start : span.end] == written


@pytest.mark.parametrize("written", ["5/6/2022", "31 February 2022", "2022-13-01", "April 2022", "12 May", "1234-56-78"])
def test_what_is_no_certain_day_is_none(written):
    assert dates_in(f"Seen {written}, at noon") == []


@pytest.mark.parametrize("line", ["from 1 May 2022", "The fighting of 1 May 2022 went on.", "between 1 May 2022 and later"])
def test_a_date_inside_a_sentence_is_not_the_document_s_own(line):
    assert published_in(f"{line}\nMore text. And more.") is None


def test_an_issue_line_wins_over_a_dateline():
    text = "Issued: 7 April 2022\n\nHARVAN, 5 April 2022 (Wire) — Shelling."
    assert published_in(text).value == "2022-04-07"


def test_dates_far_below_the_head_do_not_count():
    assert published_in("x\n" * 30 + "5 April 2022\n") is None


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2022-04-05", "2022-04-05"), ("2022-04", "2022-04"), ("2022", "2022"), ("2022-04-05T10:00:00Z", "2022-04-05T10:00:00Z"),
        ("20220405", "2022-04-05"), ("20220405T100000Z", "2022-04-05"), ("Tue, 05 Apr 2022 10:00:00 GMT", "2022-04-05"),
        ("5 April 2022, 10:14", "2022-04-05"), ("25/04/2022", "2022-04-25"), ("2022-04-05 10:00:00.000 UTC", "2022-04-05"),
        ("yesterday", None), ("", None), (None, None), ("2022-02-31 noon", None), ("5/6/2022", None),
    ],
)  # fmt: skip
def test_a_column_s_date_is_read_or_left_open(told, day):
    assert day_of(told) == day

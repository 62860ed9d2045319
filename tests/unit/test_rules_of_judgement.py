"""Vocabulary of linking and assessing: what its patterns take and what they leave, on sentences of no text of ours."""

from __future__ import annotations

import re

import pytest

from ascertain.assess._numerals import NUMERAL, is_people
from ascertain.assess._rules import pattern
from ascertain.assess._sources import is_acronym
from ascertain.link._clusters import VETO, knit
from ascertain.link._ground import AFTER
from ascertain.link._rules import pattern as link_pattern


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("olive growers", True),
        ("pensioners", True),
        ("women and girls", True),
        ("towers", False),
        ("shopping trolleys", False),
        ("rivers", False),
    ],
)
def test_endings_name_people_and_not_things(words: str, expected: bool) -> None:
    assert is_people(words) is expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("Twenty-two persons were hurt", "Twenty-two"), ("bringing to seven the number", "seven"), ("some 1,650 fled", "1,650")],
)
def test_numerals_are_found_in_words_and_digits(text: str, number: str) -> None:
    match = NUMERAL.search(text)
    assert match is not None
    assert match["number"] == number


@pytest.mark.parametrize("text", ["at 14:30", "a 12.7 mm round", "route B12", "$500"])
def test_clock_times_measures_and_sums_are_no_numerals(text: str) -> None:
    assert NUMERAL.search(text) is None


@pytest.mark.parametrize(
    ("rule", "key", "words", "expected"),
    [
        ("harm", "after_toll", " the number of people killed in the raid", True),
        ("harm", "before_disputed", "contradicting a civil society group that speaks of ", True),
        ("harm", "before_disputed", "The army disputed the toll, saying that ", False),
        ("harm", "age", "under fifteen", True),
        ("harm", "after_old", " dead at the time", True),
        ("denial", "own", "Our forces fired no shell at the camp", True),
        ("denial", "target", "no civilian object was targeted", True),
        ("denial", "target", "no civilian was seen there", False),
        ("office", "possessed", "its press office in the capital", True),
        ("office", "possessed", "the army", False),
        ("office", "spoken_for", "men who said that they spoke for Los Halcones denied it", True),
        ("actor", "accuse_before", "the mayor attributed the raid to ", True),
        ("actor", "accuse_before", "they called themselves ", True),
        ("actor", "accuse_before", "the mayor travelled to ", False),
        ("aside", "marks", "In another incident, a bus was stopped", True),
        ("withdrawn", "title", "For the record", True),
    ],
)
def test_a_pattern_takes_its_kind_of_words_only(rule: str, key: str, words: str, expected: bool) -> None:
    assert (pattern(rule, key).search(words) is not None) is expected


def test_initials_are_an_outlets_other_name() -> None:
    assert is_acronym("snw", "Savanna News Wire")
    assert not is_acronym("snw", "Savanna Wire")


def test_the_month_of_may_is_no_condition_and_the_verb_is_one() -> None:
    never = link_pattern("worded", "never")
    assert never.search("12 May, 11:04: two bombs fall on the market") is None
    assert never.search("more bombs may fall") is not None


@pytest.mark.parametrize(
    ("text", "word"), [("a day after the raid", "a"), ("two days before the raid", "two"), ("in the days after it", None)]
)
def test_days_are_counted_from_another_event(text: str, word: str | None) -> None:
    match = re.search(AFTER, text)
    assert (match[1] if match else None) == word


def test_a_veto_keeps_two_clusters_apart_whatever_else_speaks_for_them() -> None:
    close = {(0, 2): (6.0, True), (1, 3): (6.0, True), (0, 3): (6.0, True)}
    assert knit([[0, 1], [2, 3]], close, threshold=3.0) == [[0, 1, 2, 3]]
    assert knit([[0, 1], [2, 3]], {**close, (1, 2): (VETO, False)}, threshold=3.0) == [[0, 1], [2, 3]]

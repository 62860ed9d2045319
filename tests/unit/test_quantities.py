"""Numbers of people and things as closed intervals; ages, money, measures, years and names are none."""

from __future__ import annotations

from functools import cache

import pytest

from ascertain.extract._quantities import find_quantities
from ascertain.extract._quantities_numbers import value_of
from ascertain.extract._times import find_times
from ascertain.models import load_models


@cache
def quantities(text: str):
    parse = load_models().language.parse(text)
    return find_quantities(parse, find_times(parse, published="2022-04-05"))


INTERVALS = [
    ("At least 410 civilians were killed.", 410, None, False),
    ("More than 300 people fled.", 301, None, False),
    ("Up to 50 soldiers died.", None, 50, False),
    ("As many as 50 soldiers died.", None, 50, False),
    ("Between 20 and 30 houses burned.", 20, 30, False),
    ("Between 8,000 and 9,500 people crossed.", 8000, 9500, False),
    ("Some 15 to 20 people were hurt.", 15, 20, False),
    ("Dozens of men were held.", 24, None, True),
    ("Hundreds of thousands of people fled.", 200000, None, True),
    ("About 90 prisoners were freed.", 90, 90, True),
    ("Nearly 2,000 families left.", 2000, 2000, True),
    ("Fewer than 10 fighters remain.", None, 9, False),
    ("Two brothers were shot.", 2, 2, False),
    ("Twenty-one bodies were found.", 21, 21, False),
    ("Two hundred and fifty villagers were displaced.", 250, 250, False),
    ("1.5 million people need aid.", 1500000, 1500000, False),
    ("A dozen rockets landed.", 12, 12, False),
    ("Half a million people fled.", 500000, 500000, False),
    ("A family of five was buried.", 5, 5, False),
    ("No fewer than 40 shells hit the town.", 40, None, False),
    ("40 or more people died.", 40, None, False),
    ("He demanded that she hand over five wounded boys.", 5, 5, False),
    ("The toll was raised from 12 to 14 people.", 14, 14, False),
    ("The attack killed 2.5 lakh chickens.", 250000, 250000, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at_least", "at_most", "approximate"), INTERVALS)
def test_interval(text, at_least, at_most, approximate):
    found = [(q.at_least, q.at_most) for q in quantities(text)]
    assert (at_least, at_most) in found, found
    assert any(q.approximate is approximate for q in quantities(text))


NONE = [
    "A 44-year-old surgeon left.", "The aid is worth £40 million.", "It is 15 km from town.", "Inflation rose 20 percent.",
    "It happened in 1999.", "He lives in apartment 12.", "At 5.30 a.m. they left.", "The 95th Brigade advanced.", "They fired Grad-122 shells at dawn.",
]  # fmt: skip


@pytest.mark.parametrize("text", NONE)
def test_no_count(text):
    assert quantities(text) == ()


def test_a_part_points_to_its_whole():
    found = quantities("Twelve people died, including three children and two women.")
    assert [(q.at_least, q.part_of) for q in found] == [(12, None), (3, "q1"), (2, "q1")]
    found = quantities("Twelve people died, three of them children.")
    assert [(q.at_least, q.part_of) for q in found] == [(12, None), (3, "q1")]


@pytest.mark.parametrize(
    ("words", "value"), [("a hundred thousand", 100000), ("twenty-one", 21), ("12 000", 12000), ("3 million", 3000000), ("xyz", None)]
)
def test_value_of_words(words, value):
    assert value_of(words) == value

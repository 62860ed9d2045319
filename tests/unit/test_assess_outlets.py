"""Outlets that a text names are found by look-up, in every form in which a sentence may name them."""

from __future__ import annotations

import pytest

from ascertain.assess._outlets import _named, outlets_of
from ascertain.assess._sources import fold

OUTLETS = outlets_of({"levant press wire": "Levant Press Wire", "lpw": "LPW", "harvan daily": "Harvan Daily", "kgb": "KGB", "sun": "Sun"})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("the attack was reported by the Harvan Daily on Monday", {"harvan daily"}),
        ("as LPW reported", {"levant press wire"}),  # initials in the text, the full name at the publisher
        ("as Karst Gazette Bulletin reported", {"kgb"}),  # the full name in the text, initials at the publisher
        ("as Levant Press Wire reported", {"levant press wire", "lpw"}),
        ("the sun rose, the report says", set()),  # a short name is too often a common word
        ("the Harvan Dailyish reported", set()),
    ],
)
def test_an_outlet_is_found_by_name_and_by_initials(words, found):
    assert _named(f" {fold(words)} ", words, OUTLETS) == found


def test_outlets_without_initials_are_no_trap():
    assert _named(" it reported ", "It reported", outlets_of({"": "!", "ok": "ok"})) == set()

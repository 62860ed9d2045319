"""Times: every kind of expression, against the document's date, the tale's last date, the verb's tense, a live blog's clock."""

from __future__ import annotations

from functools import cache

import pytest

from ascertain.extract._times import find_times
from ascertain.models import load_models
from ascertain.models.language import Parse

PUBLISHED = "2022-04-05"  # a Tuesday


@cache
def parse(text: str) -> Parse:
    return load_models().language.parse(text)


def values(text: str, published: str | None = PUBLISHED) -> dict[str, str]:
    return {text[t.passage.start : t.passage.end]: t.value for t in find_times(parse(text), published=published)}


RESOLVED = [
    ("Shells hit the town on 24 February 2022.", "24 February 2022", "2022-02-24"),
    ("It happened on March 3, 2022, he said.", "March 3, 2022", "2022-03-03"),
    ("The order is dated 2021-11-30.", "2021-11-30", "2021-11-30"),
    ("The camp opened on 31/12/2021.", "31/12/2021", "2021-12-31"),
    ("Rockets struck the port on Monday.", "Monday", "2022-04-04"),
    ("The sides will meet on Friday.", "Friday", "2022-04-08"),
    ("The talks are due to resume on Thursday.", "Thursday", "2022-04-07"),
    ("He was detained last Friday.", "last Friday", "2022-04-01"),
    ("A truce begins next Monday.", "next Monday", "2022-04-11"),
    ("She fled yesterday.", "yesterday", "2022-04-04"),
    ("The curfew starts tomorrow.", "tomorrow", "2022-04-06"),
    ("Drones flew over the city overnight.", "overnight", "2022-04-05TNI"),
    ("They were beaten on Sunday night.", "Sunday night", "2022-04-03TNI"),
    ("He left four days ago.", "four days ago", "2022-04-01"),
    ("The siege began two weeks ago.", "two weeks ago", "2022-W12"),
    ("The siege began three months ago.", "three months ago", "2022-01"),
    ("The siege began in March.", "March", "2022-03"),
    ("Elections were held in November.", "November", "2021-11"),
    ("The village burned in late 2021.", "late 2021", "2021"),
    ("Fighting rose last month.", "last month", "2022-03"),
    ("Fighting rose last year.", "last year", "2021"),
    ("Fighting rose this week.", "this week", "2022-W14"),
    ("In July last year the bridge fell.", "July last year", "2021-07"),
    ("The strike came at 10 p.m. on Wednesday.", "10 p.m. on Wednesday", "2022-03-30T22:00"),
    ("They entered at noon on Sunday.", "noon on Sunday", "2022-04-03T12:00"),
    ("The blockade lasted for three weeks.", "three weeks", "P3W"),
    ("They hid for two and a half years.", "two and a half years", "P2Y6M"),
    ("They waited half an hour.", "half an hour", "PT30M"),
    ("The battle raged for nearly forty days.", "nearly forty days", "P40D"),
    ("They had lived there for years.", "years", "PXY"),
    ("In the last three months 400 died.", "the last three months", "P3M"),
    ("The market is shelled every Friday.", "every Friday", "XXXX-WXX-5"),
    ("They are fed daily.", "daily", "P1D"),
    ("It was built in the 1990s.", "the 1990s", "199"),
    ("The rains came last summer.", "last summer", "2021-SU"),
    ("Exports fell in the first quarter of 2021.", "the first quarter of 2021", "2021-Q1"),
    ("The town is now empty.", "now", "PRESENT_REF"),
    ("He was recently freed.", "recently", "PAST_REF"),
    ("Aid will arrive soon.", "soon", "FUTURE_REF"),
    ("The deadline was extended to Friday.", "Friday", "2022-04-08"),
    ("The army attacked over the weekend.", "the weekend", "2022-W13-WE"),
    ("The dividend of war is payable Dec. 1.", "Dec. 1", "2021-12-01"),
    ("The mosque is from the 12th century.", "the 12th century", "11"),
    ("14:05 GMT: a blast is heard.", "14:05 GMT", "2022-04-05T14:05Z"),
    ("The day before yesterday they left.", "The day before yesterday", "2022-04-03"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expression", "value"), RESOLVED, ids=lambda v: str(v)[:50])
def test_value(text, expression, value):
    assert values(text).get(expression) == value, values(text)


TALES = [
    ("On 21 November 2020 shells hit the station. Soldiers came four days later.", "four days later", "2020-11-25"),
    ("They were killed on 9 May 2021. Two days earlier the army had left.", "Two days earlier", "2021-05-07"),
    ("On 3 June 2020 the town fell. The next day the looting began.", "The next day", "2020-06-04"),
    ("On 3 June 2020 the town fell. That night the looting began.", "That night", "2020-06-03TNI"),
    ("14:00 Thousands fled since Saturday\n\n15:25 KYIV: Shelling began an hour ago.", "an hour ago", "2022-04-05T14:25"),
    ("Protests began in March 2011. By July the army was in the streets.", "July", "2011-07"),
]


@pytest.mark.parametrize(("text", "expression", "value"), TALES)
def test_value_from_the_tale(text, expression, value):
    assert values(text).get(expression) == value, values(text)


NO_TIMES = [
    ("The general may attack.", "may"), ("A 44-year-old surgeon was hurt.", "44-year"), ("They march on the capital.", "march"),
    ("2000 people fled.", "2000"), ("Leave as soon as you can.", "soon"), ("The Sun reported it.", "Sun"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), NO_TIMES)
def test_words_that_only_look_like_times(text, words):
    assert not any(words in found for found in values(text)), values(text)


def test_without_a_date_weekdays_stay_open():
    assert values("Rockets struck on Monday.", published=None) == {"Monday": "XXXX-WXX-1"}


def test_a_date_in_the_head_stands_in_for_the_document_s():
    text = "THE DAY IN FLASHES\nMonday, 11 August 2008. All times GMT.\n\nShe flies on tomorrow."
    assert values(text, published=None)["tomorrow"] == "2008-08-12"


def test_a_long_line_of_digits_ends_soon():
    text = "1999 " * 20_000
    assert len(find_times(Parse(text, (), (), ()), published=PUBLISHED)) == 0

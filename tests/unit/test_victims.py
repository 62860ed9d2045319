"""Record linkage of victims' names: what is one person, what is doubtful, what is never joined."""

from __future__ import annotations

import itertools

import pytest
from click.testing import CliRunner

from ascertain.cli.victims_cmd import command
from ascertain.errors import InputError
from ascertain.link import VictimEntry, link_victims


def a_victim(number: int, name: str, **known: object) -> VictimEntry:
    return VictimEntry(str(number), name, **{"day": "2025-02-11", "place": "Sumy"} | known)  # type: ignore[arg-type]


OTHERS = [a_victim(n, name, source="Town") for n, name in enumerate(("Ihor Bondar", "Oksana Lys", "Taras Hnatiuk", "Iryna Sova"), start=90)]


def test_words_in_another_order_are_one_name():
    linking = link_victims(
        [a_victim(1, "Olena Kovalchuk", age=41, source="Hospital"), a_victim(2, "Kovalchuk Olena", age=41, source="Town"), *OTHERS]
    )
    assert ("1", "2") in linking.persons
    assert linking.at_least == linking.at_most == len(OTHERS) + 1


def test_members_of_a_family_stay_apart():
    linking = link_victims(
        [a_victim(1, "Olena Kovalchuk", age=41, source="Hospital"), a_victim(2, "Mykola Kovalchuk", age=12, source="Town"), *OTHERS]
    )
    assert ("1",) in linking.persons
    assert not linking.pairs


def test_spellings_that_are_close_are_left_to_people():
    linking = link_victims(
        [a_victim(1, "Petro Shevchenko", age=67, source="Hospital"), a_victim(2, "Petr Shevchenko", age=66, source="Town"), *OTHERS]
    )
    assert linking.at_least < linking.at_most or ("1", "2") in linking.persons
    assert all("+" in pair.reason for pair in linking.pairs)


def test_one_name_at_two_ages_is_no_certain_match():
    linking = link_victims(
        [a_victim(1, "Ivan Melnyk", age=29, source="Hospital"), a_victim(2, "Ivan Melnyk", age=71, source="Town"), *OTHERS]
    )
    assert ("1", "2") not in linking.persons


def test_the_order_of_entries_changes_nothing():
    entries = [
        a_victim(1, "Halyna Tkach"),
        a_victim(2, "Halyna Tkach", age=58),
        a_victim(3, "Petro Shevchenko"),
        a_victim(4, "Petro Shevchenko"),
    ]
    first = link_victims(entries)
    assert all(link_victims(order) == first for order in itertools.permutations(entries))


def test_an_estimate_needs_two_lists_that_overlap():
    one_list = link_victims(OTHERS)
    assert one_list.estimate is None
    told_twice = [
        a_victim(1, "Ihor Bondar", age=30, sex="m", source="Hospital"),
        a_victim(3, "Ihor Bondar", age=30, sex="m", source="Town"),
    ]
    both = link_victims([*OTHERS[1:], *told_twice, a_victim(2, "Nadiia Koval", source="Hospital")])
    assert both.estimate is not None
    assert both.estimate >= both.at_most


def test_an_entry_without_a_name_is_refused():
    with pytest.raises(ValueError, match="no name"):
        VictimEntry("1", " ")


def test_the_command_reads_a_table_and_prints_persons(tmp_path):
    table = tmp_path / "victims.csv"
    table.write_text("name,age,source\nOlena Kovalchuk,41,Hospital\nOlena Kovalchuk,41,Town\nIhor Bondar,30,Town\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(table), "--json"])
    assert result.exit_code == 0
    assert '"schema": "ascertain/victims/1"' in result.output


def test_a_table_without_names_is_an_input_error(tmp_path):
    table = tmp_path / "victims.csv"
    table.write_text("person\nOlena\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(table)])
    assert isinstance(result.exception, InputError)


def test_what_is_no_table_of_names_is_said(tmp_path):
    other = tmp_path / "photo.csv"
    other.write_text("x\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(other)])
    assert isinstance(result.exception, InputError)
    assert "no column `name`" in str(result.exception)

"""The order of the stages: what is parsed under which capture, and what came out of one thing together."""

from __future__ import annotations

import attrs
import pytest
from builders import a_capture, an_outcome

from ascertain import parse, pipeline
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError
from ascertain.pipeline._find import paths_of
from ascertain.pipeline._parse import Captures, Family
from ascertain.records import Capture


def chain(depth: int) -> list[Capture]:
    """A container in a container in …"""
    found = [a_capture(b"0", path="0")]
    for level in range(1, depth + 1):
        found.append(a_capture(b"%d" % level, path=f"{level}", parent=found[-1].original))
    return found


def test_the_first_capture_names_an_original_and_the_last_columns_hold():
    first = a_capture(path="a.csv")
    captures = Captures(
        [first, a_capture(path="b.csv", context={"columns": "text=x"}), a_capture(path="c.csv", context={"columns": "text=y"})], Settings()
    )
    assert captures.of(first.original).path == "a.csv"
    assert captures.of(first.original).context == {"columns": "text=y"}
    assert captures.version(first.original) == f"{parse.VERSION} text=y"


def test_without_columns_the_version_is_the_stage_s():
    first = a_capture(path="a.csv")
    assert Captures([first], Settings()).version(first.original) == parse.VERSION


def test_depth_and_family_follow_the_parents():
    made = chain(3)
    captures = Captures(made, Settings())
    assert [captures.depth(capture.original) for capture in made] == [0, 1, 2, 3]
    assert len({id(captures.family(capture.original)) for capture in made}) == 1


def test_a_container_that_holds_itself_has_an_end():
    one = a_capture(b"1", parent=a_capture(b"2").original)
    two = a_capture(b"2", parent=one.original)
    captures = Captures([one, two], Settings())
    assert {captures.depth(one.original), captures.depth(two.original)} <= {0, 1, 2}


@pytest.mark.parametrize(("limits", "count"), [({"max_parts": 3}, 3), ({"max_unpacked_bytes": 35}, 3)])
def test_a_family_is_bounded_in_number_and_size(limits, count):
    family = Family(attrs.evolve(Settings(), **limits))
    for number in range(count):
        family.add(str(number), 10, path="a.zip")
        family.add(str(number), 10, path="a.zip")
    with pytest.raises(LimitError, match=r"^a\.zip"):
        family.add("one more", 10, path="a.zip")


def test_what_was_taken_in_before_counts_when_more_comes():
    made = chain(3)
    captures = Captures(made, attrs.evolve(Settings(), max_parts=3))
    with pytest.raises(LimitError):
        captures.family(made[0].original).add("one more", 1, path="0")


def test_all_paths_of_an_original_in_order_of_arrival():
    captures = [a_capture(path="b.txt"), a_capture(path="a.txt"), a_capture(path="b.txt"), a_capture(b"other", path="c.txt")]
    assert list(paths_of(captures).values()) == [("b.txt", "a.txt"), ("c.txt",)]


class Outcomes:
    def __init__(self, *outcomes):
        self.outcomes = lambda: outcomes


def test_a_failure_of_any_stage_is_how_an_original_ended():
    done, failed = an_outcome("1", "extract"), an_outcome("1", "parse", "failed")
    other = an_outcome("2", "extract")
    assert pipeline.last_outcomes(Outcomes(done, failed, an_outcome("2"), other)) == [failed, other]
    assert pipeline.last_outcomes(Outcomes(failed, done)) == [failed]


def test_an_error_names_its_input():
    named = pipeline._parse._naming("a.txt", InputError("a.txt is empty"))
    unnamed = pipeline._parse._naming("a.txt", InputError("took longer than 3 seconds"))
    assert (named, unnamed) == ("a.txt is empty", "a.txt: took longer than 3 seconds")


def test_versions_name_every_stage():
    assert list(pipeline.versions()) == ["parse", "extract", "link", "assess"]

"""What commands share about the screen."""

from __future__ import annotations

import io
import sys

import pytest

from ascertain.cli import _screen
from ascertain.cli._inputs import files_in, is_case
from ascertain.cli._screen import ProgressLine, ending, excerpt, interval_words, print_error, print_json, print_table, reference
from ascertain.errors import InputError
from ascertain.records import Fact, Span, Status


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({}, "not stated"), ({"value": "Kyiv"}, "Kyiv"), ({"at_least": 410}, "410 or more"), ({"at_most": 1500}, "up to 1,500"), ({"at_least": 20, "at_most": 30}, "20–30"),
        ({"at_least": 90, "at_most": 90, "approximate": True}, "about 90"), ({"at_least": 0, "at_most": 0}, "0"),
    ],
)  # fmt: skip
def test_a_range_in_words(about, words):
    assert interval_words(Fact("killed", Status.ALLEGED, 6, **about)) == words


def test_an_excerpt_is_the_sentence_with_its_passage_marked_on_one_line():
    text = "First one. Shelling\nkilled 12 people\tin Kyiv. Last one."
    start = text.index("12")
    assert excerpt(text, Span(start, start + 2)) == "killed «12» people in Kyiv."


@pytest.mark.parametrize("span", [(0, 1), (0, 500), (499, 500), (250, 251)])
def test_an_excerpt_of_any_passage_is_bounded(span):
    found = excerpt("x" * 500, Span(*span))
    assert found.count("«") == found.count("»") == 1
    assert len(found) <= 500 + 2


def test_a_reference_says_where():
    assert reference("a.zip/b.txt", Span(3, 9)) == "a.zip/b.txt[3:9]"


def test_progress_says_done_rate_and_time_left(monkeypatch):
    terminal, now = Terminal(), iter([0.0, 1.0, 2.0, 4.0])
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(_screen.time, "monotonic", lambda: next(now))
    line = ProgressLine()
    for done in (0, 10, 20, 40):
        line("parse", done, 40)
    assert "parse: 20 of 40 (10.0 a second, 2 s left)" in terminal.getvalue()
    assert terminal.getvalue().endswith("parse: 40 of 40 (10.0 a second)\n")


def test_progress_is_not_drawn_more_than_a_few_times_a_second(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(_screen.time, "monotonic", lambda: 5.0)
    line = ProgressLine()
    for done in range(1000):
        line("parse", done, 1000)
    assert terminal.getvalue().count("\r") == 1


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_progress_is_silent_where_nobody_watches(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    ProgressLine()("parse", 1, 2)
    assert stream is None or stream.getvalue() == ""


@pytest.mark.parametrize(("failed", "done", "status"), [(0, 0, 0), (0, 3, 0), (1, 2, 1), (2, 0, 3)])
def test_how_several_inputs_end(failed, done, status):
    assert ending(failed=failed, done=done) == status


def test_an_error_and_what_to_do(capsys):
    print_error(InputError("a.txt is empty", advice="Check it."))
    print_error(InputError("b.txt is empty"))
    assert capsys.readouterr().err == "failed: a.txt is empty\n  next: Check it.\nfailed: b.txt is empty\n"


def test_tables_and_objects(capsysbinary):
    print_table([("a", "1"), ("long name", "2")])
    print_json({"text": "a\u2028é"})
    assert capsysbinary.readouterr().out.decode() == 'a          1\nlong name  2\n{"text": "a\\u2028é"}\n'


def test_files_of_a_folder_are_sorted_without_hidden_ones(tmp_path):
    for name in ("b.txt", "a.txt", ".hidden", "sub/c.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(files_in(["-", str(tmp_path), "nothing"])) == [
        "-",
        f"{tmp_path}/a.txt",
        f"{tmp_path}/b.txt",
        f"{tmp_path}/sub/c.txt",
        "nothing",
    ]


def test_files_below_a_hidden_folder_that_is_named_are_read(tmp_path):
    (tmp_path / ".here").mkdir()
    (tmp_path / ".here" / "a.txt").write_text("x")
    assert list(files_in([str(tmp_path / ".here")])) == [f"{tmp_path}/.here/a.txt"]


def test_a_case_is_told_from_files(tmp_path):
    assert not is_case([str(tmp_path)])
    (tmp_path / "ascertain.toml").write_text("")
    assert is_case([str(tmp_path)])
    assert not is_case([str(tmp_path), str(tmp_path)])

"""Decoding: names and attributions from scores that are written down here, no model needed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ascertain.extract._attribution import attributions
from ascertain.extract._names import names_of
from ascertain.models.encoder import LINK, Marks

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-NORP", "I-NORP")
WORD = re.compile(r"\w+|[^\w\s]")


def marks_of(
    text: str,
    names: dict[int, str] | None = None,
    cues: tuple[int, ...] = (),
    content: tuple[int, ...] = (),
    source: tuple[int, ...] = (),
    windows: list[int] | None = None,
) -> Marks:
    """Scores as the encoder would give them, one piece a word; `names` maps word numbers to tags, the rest are word numbers."""
    offsets = np.array([m.span() for m in WORD.finditer(text)], np.int64).reshape(-1, 2)
    total = len(offsets)
    tagged = np.zeros((total, len(LABELS)), np.float32)
    tagged[:, 0] = 6
    for at, label in (names or {}).items():
        tagged[at, LABELS.index(label)] = 12
    tags = np.zeros((total, 3, 3), np.float32)
    tags[:, :, 0] = 1
    for number, at in enumerate(cues):
        tags[at, 2, 2 if number and cues[number - 1] == at - 1 else 1] = 5
    ask, answer = np.ones((total, 2, LINK), np.float32), np.full((total, 2, LINK), -1, np.float32)
    answer[list(content), 0] = 1
    answer[list(source), 1] = 1
    return Marks(
        offsets,
        np.arange(total),
        np.array(windows or [0] * total),
        LABELS,
        tagged,
        tags,
        ask,
        answer,
        np.zeros((total, 2), np.float32),
        np.zeros((total, 6, 3), np.float32),
        np.zeros((total, 5), np.float32),
    )


def named(text: str, tags: dict[int, str]) -> list[tuple[str, str]]:
    return [(text[n.start : n.end], n.label) for n in names_of(text, marks_of(text, tags))]


@pytest.mark.parametrize(
    ("text", "tags", "wanted"),
    [
        ("Ana Lis left Kyiv", {0: "B-PER", 1: "I-PER", 3: "B-LOC"}, [("Ana Lis", "PERSON"), ("Kyiv", "GPE")]),
        ("Ana Lis", {0: "B-PER", 1: "B-LOC"}, [("Ana", "PERSON"), ("Lis", "GPE")]),
        ("President Ana Lis", {0: "B-PER", 1: "I-PER", 2: "I-PER"}, [("Ana Lis", "PERSON")]),
        ("Mr. Lis", {0: "B-PER", 1: "I-PER", 2: "I-PER"}, [("Lis", "PERSON")]),
        ("Saint-Denis burned", {0: "B-LOC"}, [("Saint-Denis", "GPE")]),
        ("the U.S. said", {1: "B-LOC"}, [("U.S.", "GPE")]),
        ("Kyiv's mayor", {0: "B-LOC", 1: "I-LOC", 2: "I-LOC"}, [("Kyiv", "GPE")]),
        ("Ta'izz was hit", {0: "B-LOC"}, [("Ta'izz", "GPE")]),
        ("N'Djamena's mayor", {2: "B-LOC"}, [("N'Djamena", "GPE")]),
        (". left", {0: "B-ORG"}, []),
        ("Ana Lis", {1: "I-PER"}, [("Lis", "PERSON")]),
    ],
)
def test_names_are_whole_written_words(text: str, tags: dict[int, str], wanted: list[tuple[str, str]]) -> None:
    assert named(text, tags) == wanted


def test_a_name_does_not_run_on_into_the_next_window() -> None:
    marks = marks_of("Ana Lis", {0: "B-PER", 1: "I-PER"}, windows=[0, 1])
    assert [n.start for n in names_of("Ana Lis", marks)] == [0, 4]


def test_a_cue_points_at_its_content_and_source() -> None:
    text = "The mayor said that troops left"
    (found,) = attributions(text, marks_of(text, cues=(2,), content=(3, 4, 5), source=(0, 1)))
    assert text[slice(*found.cue)] == "said"
    assert [text[slice(*span)] for span in found.content] == ["that troops left"]
    assert found.source is not None
    assert text[slice(*found.source)] == "The mayor"


def test_a_content_may_stand_on_both_sides_of_its_cue() -> None:
    text = "Troops left , she said , for good"
    (found,) = attributions(text, marks_of(text, cues=(4,), content=(0, 1, 6, 7), source=(3,)))
    assert [text[slice(*span)] for span in found.content] == ["Troops left", "for good"]


def test_a_cue_without_content_says_nothing() -> None:
    text = "The mayor said"
    assert attributions(text, marks_of(text, cues=(2,), source=(0, 1))) == []


def test_a_cue_of_several_words_is_one() -> None:
    text = "He has denied that"
    (found,) = attributions(text, marks_of(text, cues=(1, 2), content=(3,)))
    assert text[slice(*found.cue)] == "has denied"
    assert found.source is None


def test_links_stay_inside_a_window() -> None:
    text = "He said yes . No"
    (found,) = attributions(text, marks_of(text, cues=(1,), content=(2, 4), windows=[0, 0, 0, 0, 1]))
    assert [text[slice(*span)] for span in found.content] == ["yes"]


def test_no_words_no_findings() -> None:
    assert attributions("", marks_of("")) == []
    assert names_of("", marks_of("")) == ()

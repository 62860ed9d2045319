"""Sayings that stand inside or behind what is said, and denials behind a clause that would swallow them."""

import pytest

from ascertain.extract import extract
from ascertain.models import load_models
from ascertain.records import Document, Reading, Stance


def read(text: str) -> Reading:
    return extract(Document(id="a" * 64, path="note.txt", text=text, language="en"), load_models())


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("Two bridges, the mayor said, had been blown up in the night.", "had been blown up", "the mayor"),
        ("Water is short in three districts, an engineer who fled on Sunday said.", "Water is short in three districts", "an engineer"),
        ("The convoy, aid workers reported, never reached the camp.", "never reached the camp", "aid workers"),
    ],
)
def test_what_stands_around_its_saying_word_is_said(text: str, content: str, speaker: str) -> None:
    reading = read(text)
    names = {e.id: e.name for e in reading.entities}
    told = [(" … ".join(reading.words(span) for span in s.content), names.get(s.speaker or "", "")) for s in reading.statements]
    assert any(content in words and who.casefold() in (speaker, speaker.rsplit(maxsplit=1)[-1]) for words, who in told), told


@pytest.mark.parametrize(
    "text",
    [
        "Men with covered faces who said that they spoke for the Red Line denied in a video that the group had anything to do with the raid.",
        "Two officers with masks who said they came from the north denied on local radio that their unit had shelled the market.",
    ],
)
def test_a_denial_is_not_lost_to_the_clause_before_it(text: str) -> None:
    reading = read(text)
    denied = [" ".join(reading.words(span) for span in s.content) for s in reading.statements if s.stance is Stance.DENIES]
    assert any(words.startswith(("the group had", "their unit had")) for words in denied), denied


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        (
            (
                "KOSTI, Sudan, 3 March 2025 (Nile Wire) — At least nine people were killed and 20 injured on Monday when shells hit a bus station in "
                "Kosti, the capital of White Nile state, a spokesman for local doctors said."
            ),
            "At least nine people were killed and 20 injured",
            "spokesman",
        ),
        (
            (
                "MOPTI, 5 May 2024 — Four people who were hurt in an attack on a ferry have died, which brings the toll to 11, Aminata Keita of the "
                "Mopti River Union said on Wednesday."
            ),
            "Four people who were hurt",
            "Aminata Keita",
        ),
    ],
)
def test_a_clause_before_its_speaker_is_whole_and_the_persons(text: str, content: str, speaker: str) -> None:
    reading = read(f"{text}\n\nThe wounded were taken to the hospital by boat. Shops stayed closed.\n")
    names = {e.id: e.name for e in reading.entities}
    told = [(reading.words(s.content[0]), names.get(s.speaker or "", "")) for s in reading.statements]
    assert any(words.startswith(content) and speaker in who for words, who in told), told


def test_a_common_noun_that_begins_a_line_is_no_place() -> None:
    reading = read("List of places\n\nRice barn: eleven bodies, burned, near the door.\n\nBehind the chapel: three bodies of men.\n")
    assert [e.name for e in reading.entities if e.place is not None] == []

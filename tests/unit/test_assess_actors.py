"""Who is held responsible, and how it is known again: vocabulary and names, on sentences of no text of ours."""

from __future__ import annotations

import pytest

from ascertain.assess._accused import _shown, marks_of
from ascertain.assess._rules import pattern, witness_marks


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Daesh", "the regional branch of Islamic State", True),
        ("Members of the Rapid Support Forces", "RSF", True),
        ("Islamic State", "the Islamic Emirate", False),
        ("Los Halcones", "Los Pumas", False),
        ("National Liberation Army", "National Front", False),
    ],
)
def test_groups_are_known_by_all_their_names(one: str, other: str, *, same: bool) -> None:
    assert bool(marks_of(one) & marks_of(other)) is same


@pytest.mark.parametrize("words", ["This road", "Three lorries", "Every storm", "All of them", "More than twenty farmers"])
def test_a_small_word_at_the_head_of_a_sentence_names_nobody(words: str) -> None:
    assert marks_of(words) == set()


@pytest.mark.parametrize(
    ("key", "words", "expected"),
    [
        ("accuse_before", "It came from the hill where the ", True),
        ("accuse_before", "men with rifles who wore the armbands of the ", True),
        ("accuse_before", "The killings bore the marks of a gang, ", True),
        ("accuse_before", "He recognised his neighbours among them: hunters of the militia ", True),
        ("accuse_before", "She spoke to reporters in the ", False),
        ("admits", "it had set off the bomb", True),
        ("admits", "Our units have been shelled", False),
        ("own", "one of its fighters", True),
        ("own", "one of the farmers", False),
        ("asked", "Who did it?", True),
        ("asked", "Who are you?", False),
        ("no_answer", "I don't know, I'm a doctor.", True),
        ("no_answer", "The front, who else?", False),
    ],
)
def test_words_of_accusation_and_admission(key: str, words: str, *, expected: bool) -> None:
    assert (pattern("actor", key).search(words) is not None) is expected


@pytest.mark.parametrize(
    ("rule", "key", "words", "expected"),
    [
        ("aside", "general", "Nineteen people have been killed since the beginning of February", True),
        ("aside", "general", "Nineteen people were killed on Monday", False),
        ("reaction", "silent", "did not say", True),
        ("reaction", "silent", "said", False),
        ("denial", "it", "The council denies it.", True),
        ("denial", "it", "The group denied that it had agreed to a truce.", False),
        ("denial", "other", "The front rejected an invitation to a meeting", True),
        ("harm", "before_old", "who had first spoken of ", True),
        ("narrator", "relayed", "The following text was distributed through channels of the Islamic State.", True),
        ("narrator", "myself", "I, Rosa Quispe, treasurer of the union, saw it.", True),
        ("office", "belongs", " of the ministry said", True),
        ("harm", "before_heard", "Interviews held by our team with ", True),
        ("harm", "before_heard", "According to the accounts of ", True),
        ("harm", "before_heard", "She said that in the shelling of ", False),
        ("harm", "before_heard", "Residents told us that the men took ", False),
        ("withdrawn", "title", "We got it wrong", True),
        ("withdrawn", "title", "Rectification", True),
        ("withdrawn", "title", "Wrong turn for the peace talks", False),
        ("withdrawn", "mistaken", "On Friday we gave the number of dead as nineteen.", True),
        ("withdrawn", "mistaken", "The mayor gave the number of dead as nineteen.", False),
    ],
)
def test_words_that_tell_who_vouches(rule: str, key: str, words: str, *, expected: bool) -> None:
    assert (pattern(rule, key).search(words) is not None) is expected


def test_an_outlets_article_may_go_where_its_people_saw_something():
    marks = witness_marks("Le Phare")
    assert any(mark.search("It is the crater that the Phare's reporter paced on Saturday") for mark in marks)
    assert not any(mark.search("It is the crater that the mayor paced on Saturday") for mark in marks)


@pytest.mark.parametrize(
    ("words", "weapon", "shown"),
    [
        ("Two Norlandish missiles", True, "Norland"),
        ("Norlandish drones", False, "Norland"),
        ("Norlandish", False, "Norland"),
        ("Norlandish army drones", True, "Norlandish army drones"),
        ("the Norland army", False, "the Norland army"),
    ],
)
def test_a_weapon_is_no_actor_where_a_state_is_named(words: str, shown: str, *, weapon: bool) -> None:
    assert _shown(words, ("Norland", "NO"), weapon=weapon) == shown


def test_some_of_those_told_of_before_are_nobody() -> None:
    assert pattern("nobody", "some_of").match("One of them")
    assert not pattern("nobody", "some_of").match("One of them who wore a uniform")
    assert not pattern("nobody", "some_of").match("members of the Army of the North")

"""Classes of sensitivity: what marks come to, whose names they hide, and what of a seal is shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import a_reading

from ascertain.custody import MerkleTree, root_of, seal, words_of
from ascertain.custody._merkle import leaf_hash
from ascertain.publish._disclose import Shown, disclose_document
from ascertain.publish._protect import protect_text
from ascertain.publish._register import Guard, Register, make_register
from ascertain.records import Label, Mark, MarkKind, Sensitivity, standings
from ascertain.records.names import Swap, key_of

PUBLIC, RESTRICTED, PROTECTED = Sensitivity
SECRET = b"\7" * 32


def a_mark(
    sensitivity: Sensitivity = PROTECTED, by: str = "Ann", kind: MarkKind = MarkKind.ENTITY, name: str = "Hanna Kassar", **more
) -> Mark:
    return Mark(kind, key_of(name), sensitivity, "asked for it", by, "2026-01-02T03:04:05Z", (name,), **more)


def comes_to(*said: tuple[Sensitivity, str], kind: MarkKind = MarkKind.ENTITY):
    [found] = standings(a_mark(sensitivity, by, kind) for sensitivity, by in said).values()
    return found


# --- what marks come to


def test_one_person_raises_at_once():
    assert comes_to((PROTECTED, "Ann")).sensitivity is PROTECTED
    assert comes_to((RESTRICTED, "Ann"), (PROTECTED, "Ben")).sensitivity is PROTECTED


def test_two_persons_lower():
    found = comes_to((PROTECTED, "Ann"), (PUBLIC, "Ben"), (PUBLIC, "Cleo"))
    assert (found.sensitivity, found.released_by) == (PUBLIC, ("Ben", "Cleo"))


@pytest.mark.parametrize("second", ["Ben", "ben", " B en".replace(" ", ""), "ＢＥＮ", "Ben.", " Ben  "])
def test_one_person_twice_does_not_lower_however_spelled(second: str):
    found = comes_to((PROTECTED, "Ann"), (PUBLIC, "Ben"), (PUBLIC, second))
    assert found.sensitivity is PROTECTED
    assert len(found.asked) == 1


def test_two_who_want_different_lower_classes_agree_on_the_higher_of_them():
    found = comes_to((PROTECTED, "Ann"), (PUBLIC, "Ben"), (RESTRICTED, "Cleo"))
    assert found.sensitivity is RESTRICTED
    assert found.asked == (("ben", PUBLIC),)
    assert comes_to((PROTECTED, "Ann"), (PUBLIC, "Ben"), (RESTRICTED, "Cleo"), (PUBLIC, "Cleo")).sensitivity is PUBLIC


def test_raising_again_ends_what_was_asked_before():
    assert comes_to((PROTECTED, "Ann"), (PUBLIC, "Ben"), (PROTECTED, "Ann"), (PUBLIC, "Cleo")).sensitivity is PROTECTED


def test_a_release_from_before_the_mark_does_not_count():
    assert comes_to((PUBLIC, "Ben"), (PROTECTED, "Ann"), (PUBLIC, "Cleo")).sensitivity is PROTECTED


def test_one_person_does_not_show_a_name_that_is_hidden_by_default():
    assert comes_to((PUBLIC, "Ann")).sensitivity is None
    assert comes_to((PUBLIC, "Ann"), (PUBLIC, "Ben")).sensitivity is PUBLIC


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"by": " . "}, {"names": ()}])
def test_a_mark_needs_a_person_a_reason_and_words(wrong):
    given_ = {"kind": MarkKind.ENTITY, "key": "k", "sensitivity": PUBLIC, "reason": "r", "by": "b", "at": "t", "names": ("n",)} | wrong
    with pytest.raises(ValueError, match="needs"):
        Mark(**given_)


# --- whose names


def register(text: str, *marks: Mark, pseudonyms=None) -> Register:
    guard = Guard.of(standings(marks).values(), pseudonyms or {})
    return make_register([a_reading(text, "a.txt", published="2025-03-04", publisher="Wire")], is_place=lambda _name: False, guard=guard)


def test_a_marked_name_is_replaced_in_every_spelling_and_in_parts():
    made = register("Hanna Kassar spoke.", a_mark(label=Label.WITNESS))
    for words in ("HANNA KASSAR", "hanna-kassar.txt", "Kassar, Hanna", "Kassar's house", "Hànna Kassár", "Hanna said", "of kassar"):
        assert "Witness 1" in made.words(words), words
        assert not {"hanna", "kassar"} & set(key_of(made.words(words)).split())


def test_of_a_marked_place_only_the_whole_name_is_replaced():
    made = register("In Port Salam.", a_mark(name="Port Salam", label=Label.PLACE))
    assert made.words("Port Salam and another port") == "Place 1 and another port"


def test_a_marked_word_that_is_common_too_is_replaced_with_a_capital():
    made = register("Rose Hill saw prices that rose.", a_mark(name="Rose Hill"))
    assert made.words("Rose said that prices rose.") == "Person 1 said that prices rose."


def test_a_pseudonym_stays_with_its_name():
    first = register("Hanna Kassar spoke.", a_mark(label=Label.WITNESS))
    again = register(
        "Omar Haddad. Hanna Kassar.", a_mark(name="Omar Haddad", label=Label.WITNESS), a_mark(label=Label.WITNESS), pseudonyms=first.given
    )
    assert again.words("Hanna Kassar") == "Witness 1"
    assert again.words("Omar Haddad") == "Witness 2"


def test_a_passage_is_replaced_wherever_its_words_follow_each_other():
    made = register("x", a_mark(kind=MarkKind.PASSAGE, name='the "red" house, behind'))
    assert made.words("In the RED house behind it.") == "In [passage 1 withheld] it."


def test_a_reason_names_nobody():
    made = register(
        "x", Mark(MarkKind.ENTITY, "hanna kassar", PROTECTED, "Kassar asked for it", "Ann", "t", ("Hanna Kassar",), Label.WITNESS)
    )
    assert made.reason("Witness 1") == (PROTECTED, "Witness 1 asked for it")


# --- seals


@given(st.text(max_size=200))
def test_words_are_the_whole_text(text: str):
    assert "".join(words_of(text)) == text


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=70))
def test_the_root_is_that_of_the_tree(leaves: list[bytes]):
    assert root_of([leaf_hash(leaf) for leaf in leaves]) == MerkleTree(leaves).root()


def test_the_published_vector():
    values = [("path", "a.txt"), ("title", "Hanna Kassar speaks")]
    values += [("text", word) for word in words_of("Shells killed Hanna Kassar, a café owner.\n")]
    hashes = [leaf_hash(bytes([number]) * 16 + name.encode() + b"\n" + value.encode()) for number, (name, value) in enumerate(values)]
    assert hashes[5].hex() == "c5ea2768829fb1ad5f0475881d45ec8fd6855219412acf1a044a139b2a4353d5"
    assert root_of(hashes).hex() == "4fd454ead0542330578c3f051f9040c8a2d740f4d48da7a77f9035b5e2f8f5a9"


def test_salts_are_others_for_another_record_and_never_twice():
    one = seal(SECRET, "document", "d", b"1", fields={"path": "a"}, words=words_of("to be or not to be"))
    two = seal(SECRET, "document", "d", b"2", fields={"path": "a"}, words=words_of("to be or not to be"))
    assert one.name == two.name
    salts = {part.salt for part in (*one.parts, *two.parts)}
    assert len(salts) == 14


@given(st.text(alphabet="ab c.,é\n", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_what_is_shown_of_a_text_is_its_words_and_runs(text: str, places: list[tuple[int, int]]):
    swaps = [Swap(min(a, b), min(max(a, b), len(text)), "Person 1") for a, b in places if min(a, b) < len(text)]
    shown = protect_text(text, swaps)
    made = seal(SECRET, "document", "d", text.encode(), fields={"path": "x"}, words=words_of(text))
    found = json.loads(disclose_document(made, 3, fields={"path": Shown("x")}, text=shown, register=Register()).data)
    assert "".join(word[0] if isinstance(word, list) else word["shown"] for word in found["words"]) == shown.text
    hidden = "".join(word[0] for word in found["words"] if isinstance(word, list))
    for swap in shown.swaps:
        assert swap.words in shown.text
    assert sum(1 if isinstance(word, list) else len(word["leaves"]) for word in found["words"]) == len(words_of(text))
    assert len(hidden) <= len(text) - sum(swap.end - swap.start for swap in shown.swaps)

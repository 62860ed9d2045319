"""Protected names: whose, where, and that every passage still stands where it should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import NAMES, a_person, a_reading, at, some_contents

from ascertain.publish._people import byline_names, is_official, name_of
from ascertain.publish._protect import protect_text
from ascertain.publish._register import WITHHELD, make_register
from ascertain.publish._report import report_files
from ascertain.records import Entity, EntityType, Form, Span, Stance, Statement
from ascertain.records.names import Swap


@st.composite
def texts_with_swaps(draw: st.DrawFn) -> tuple[str, list[Swap]]:
    text = draw(st.text(max_size=60))
    ends = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(ends, ends), max_size=6))
    return text, [Swap(min(a, b), max(a, b), f"Person {n}") for n, (a, b) in enumerate(spans)]


@given(texts_with_swaps())
def test_what_is_not_swapped_stands_where_the_map_says(sample: tuple[str, list[Swap]]) -> None:
    text, swaps = sample
    shown = protect_text(text, swaps)
    swapped = {i for s in swaps for i in range(s.start, s.end)}
    for i, character in enumerate(text):
        if i not in swapped:
            assert shown.text[shown.at(i)] == character
            assert shown.words(Span(i, i + 1)) == character


@given(texts_with_swaps())
def test_nothing_that_is_swapped_is_left_and_nothing_else_is_lost(sample: tuple[str, list[Swap]]) -> None:
    text, swaps = sample
    shown = protect_text(text, swaps)
    swapped = {i for s in swaps for i in range(s.start, s.end)}
    kept = "".join(c for i, c in enumerate(text) if i not in swapped)
    left = shown.text
    for swap in reversed(shown.swaps):
        here = shown.span(Span(swap.start, swap.end))
        assert left[here.start : here.end] == swap.words
        left = left[: here.start] + left[here.end :]
    assert left == kept


def test_a_passage_that_ends_inside_a_name_is_widened_to_the_pseudonym() -> None:
    text = "said Salma Osman today"
    shown = protect_text(text, [Swap(5, 16, "Person 1")])
    assert shown.words(Span(0, 8)) == "said Person 1"
    assert shown.words(Span(12, 22)) == "Person 1 today"


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Salma Osman", "Salma Osman"),
        ("Dr Rami al-Kassar", "Rami al-Kassar"),
        ("Osman's", "Osman"),
        ("a dock worker", None),
        ("The surgeon", None),
        ("Prime Minister", None),
        ("Monday", None),
        ("44-year-old", None),
        ("Fatuma Sheikh", "Fatuma Sheikh"),
        ("محمد", "محمد"),
    ],
)
def test_a_name_is_told_from_a_description(mention: str, name: str | None) -> None:
    assert name_of(mention, common=frozenset({"surgeon", "worker"})) == name


@pytest.mark.parametrize(
    ("role", "text", "official"),
    [
        ("Governor", "Ann Bell said.", True),
        ("governor's driver", "Ann Bell said.", False),
        ("minister's widow", "Ann Bell said.", False),
        ("lawyer", "Ann Bell said.", False),
        ("head", "Ann Bell, head of the regional administration, said.", True),
        ("head", "Ann Bell, head of the burial group, said.", False),
        ("Secretary-General", "Ann Bell said.", True),
        ("spokeswoman", "Ann Bell said.", True),
    ],
)
def test_officials_keep_their_names_and_others_do_not(role: str, text: str, official: bool) -> None:
    reading = a_reading(text, "a.txt", published="2023-01-01", publisher=None, entities=(a_person(text, "e1", "Ann Bell", roles=(role,)),))
    assert is_official(reading, reading.entities[0]) is official


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Lilia Mostova", ("Lilia Mostova",)),
        ("Estuary News Agency, with Gazette staff", ()),
        (None, ()),
        ("Ann Bell and Tom Reed", ("Ann Bell", "Tom Reed")),
    ],
)
def test_a_byline_names_people_or_an_outlet(byline: str | None, names: tuple[str, ...]) -> None:
    assert byline_names(byline) == names


def test_no_form_of_a_protected_name_is_in_any_byte_of_the_report() -> None:
    for name, data in report_files(some_contents(name="The case of Salma Osman")):
        if name.startswith("static/vendor/"):
            continue
        text = data.decode().replace("%20", " ")
        found = [form for form in NAMES if form.casefold() in name.casefold() or form.casefold() in text.casefold()]
        assert not found, f"{name} shows {found}"


def test_officials_and_organisations_stay_and_pseudonyms_are_consistent() -> None:
    files = {name: data.decode() for name, data in report_files(some_contents()) if name.endswith(".html")}
    sheet = files["incident/incident-0123456789ab.html"]
    assert "Pavlo Sydorchuk" in sheet
    assert "the defence ministry" in sheet
    register = make_register(some_contents().readings, is_place=lambda _: False)
    pseudonym = register.everywhere["salma osman"]
    assert pseudonym in sheet
    assert register.everywhere["karim osman"] not in {pseudonym, register.everywhere["osman"]}
    witness = next(r for r in some_contents().readings if "I heard it fall" in r.document.text)
    shown = register.text(witness)
    assert (
        shown.words(Span(at(witness.document.text, '," Osman said').start + 3, at(witness.document.text, '," Osman said').end))
        == f"{pseudonym} said"
    )
    assert "A protected person'S brother".casefold() in shown.text.casefold()


def test_names_are_shown_where_somebody_asks_for_them() -> None:
    files = {name: data.decode() for name, data in report_files(some_contents(), protect_names=False)}
    assert "Salma Osman" in files["incident/incident-0123456789ab.html"]
    assert "not for publication" in files["index.html"]


def test_an_official_who_is_harmed_is_protected() -> None:
    contents = some_contents()
    witness = next(r for r in contents.readings if "Governor" in r.document.text)
    text = witness.document.text
    events = tuple(
        e if e.id != "v2" else type(e)(e.id, e.type, e.trigger, e.actuality, participants=(type(e.participants[0])(e.participants[0].role, at(text, "Pavlo Sydorchuk"), "e2"),))
        for e in witness.events
    )  # fmt: skip
    changed = type(witness)(witness.document, witness.entities, witness.times, witness.quantities, witness.statements, events)
    register = make_register([changed], is_place=lambda _: False)
    assert "pavlo sydorchuk" in register.everywhere


def test_a_place_that_was_taken_for_a_person_is_left() -> None:
    text = "The harbour of Izmail on the Danube was hit."
    reading = a_reading(
        text, "a.txt", published="2023-01-01", publisher=None, entities=(a_person(text, "e1", "Danube"), a_person(text, "e2", "Izmail"))
    )
    assert make_register([reading], is_place=lambda name: name == "Izmail").text(reading).text == text


def test_a_town_that_was_taken_for_a_person_is_left() -> None:
    text = "A bomb hit the northern town of Tuz Khurmatu, Tuz Khurmatu police said."
    tuz = a_person(text, "e1", "Tuz Khurmatu", at(text, "Tuz Khurmatu"), at(text, "Tuz Khurmatu", 1))
    reading = a_reading(text, "a.txt", published="2023-01-01", publisher=None, entities=(tuz,))
    assert make_register([reading], is_place=lambda _: False).count == 0


def test_a_town_that_most_texts_take_for_a_town_is_left_where_one_lets_it_speak() -> None:
    def telling(text: str, path: str, kind: EntityType):
        town = Entity("e1", kind, "Ed Daein", (at(text, "Ed Daein"),))
        said = (
            Statement(
                "s1", (at(text, "the market was hit"),), Form.INDIRECT, Stance.ASSERTS, speaker="e1", speaker_passage=at(text, "Ed Daein")
            ),
        )
        return a_reading(
            text, path, published="2023-01-01", publisher=None, entities=(town,), statements=said if kind is EntityType.PERSON else ()
        )

    texts = [telling(f"Ed Daein says the market was hit. Text {n}.", f"{n}.txt", EntityType.PLACE) for n in range(2)]
    spoken = telling("Ed Daein says the market was hit.", "spoken.txt", EntityType.PERSON)
    assert make_register([*texts, spoken], is_place=lambda _: False).count == 0
    assert make_register([texts[0], spoken], is_place=lambda _: False).count == 1  # doubt protects


def test_the_family_of_a_name_stays_protected() -> None:
    text = "They came for the Osman family at night."
    reading = a_reading(text, "a.txt", published="2023-01-01", publisher=None, entities=(a_person(text, "e1", "Osman"),))
    assert "Osman" not in make_register([reading], is_place=lambda _: False).text(reading).text


def test_an_address_with_a_name_in_it_is_withheld() -> None:
    register = make_register(some_contents().readings, is_place=lambda _: False)
    assert register.address("https://example.org/Salma%20Osman") == WITHHELD
    assert register.address("https://example.org/salma-osman.html") == WITHHELD
    assert register.address("https://example.org/market") == "https://example.org/market"


def test_a_name_that_is_also_a_word_or_a_place_is_protected_where_the_person_is_told_of() -> None:
    text = "Prices rose. Rose Khan spoke in Khan Younis. Later Khan fled, and Rose stayed. The rose garden burned."
    place = Entity("e2", EntityType.PLACE, "Khan Younis", (at(text, "Khan Younis"),))
    reading = a_reading(
        text, "a.txt", published="2023-01-01", publisher=None, entities=(a_person(text, "e1", "Rose Khan", aliases=("Rose",)), place)
    )  # fmt: skip
    register = make_register([reading], is_place=lambda _: False)
    assert register.text(reading).text == (
        "Prices rose. Person 1 spoke in Khan Younis. Later Person 1 fled, and Person 1 stayed. The rose garden burned."
    )
    assert register.words("Rose") == "Person 1"
    assert register.words("Rose says 3 killed in Khan Younis.", names=["Rose"]) == "Person 1 says 3 killed in Khan Younis."


def test_an_outlet_that_was_taken_for_a_person_keeps_its_name() -> None:
    text = "Sahel Wire reported it."
    person = a_person(text, "e1", "Sahel Wire")
    reading = a_reading(text, "a.txt", published="2023-01-01", publisher="Sahel Wire", entities=(person,))
    assert make_register([reading], is_place=lambda _: False).text(reading).text == text
    assert byline_names("Sahel Wire", outlets=frozenset({"sahel wire"})) == ()
    assert byline_names("By Ann Bell", outlets=frozenset({"ann bell"})) == ("Ann Bell",)


def test_accents_case_and_joining_marks_do_not_hide_a_name() -> None:
    text = "Ana Pérez said so."
    reading = a_reading(text, "a.txt", published="2023-01-01", publisher=None, entities=(a_person(text, "e1", "Ana Pérez"),))
    words = make_register([reading], is_place=lambda _: False).words
    assert [words(w) for w in ("ANA PEREZ", "ana-perez.txt", "Pe\u0301rez, Ana", "Ana\nPérez's", "Perezov")] == [
        "Person 1", "Person 1.txt", "Person 1", "Person 1's", "Perezov",
    ]  # fmt: skip

"""Entities over sentences of every form: titles and their bodies, pronouns, descriptions and short forms of names."""

from __future__ import annotations

from functools import cache

import pytest

from ascertain.extract import extract
from ascertain.models import load_models
from ascertain.records import Dated, Document, Entity, Reading


@cache
def read(text: str) -> Reading:
    return extract(Document(id="t", path="t", text=text, published=Dated("2024-05-08"), language="en"), load_models())


def at(reading: Reading, words: str) -> list[Entity]:
    start = reading.document.text.index(words)
    return [e for e in reading.entities if any(m.start < start + len(words) and start < m.end for m in e.mentions)]


ROLES = [
    # text, person, title, body
    ("Tamara Bilous, a nurse at the district hospital in Sumy, said the ward was hit.", "Tamara Bilous", "nurse", "district hospital"),
    ("Ukraine's energy minister, Halyna Prykhodko, said two plants were damaged.", "Halyna Prykhodko", "energy minister", "Ukraine"),
    ("Colonel Saide Momade, who heads the police in Palma, told reporters to leave.", "Saide Momade", "head", "police"),
    (
        "The convoy turned back, said Anas Dayoub, country director of the World Food Programme.",
        "Anas Dayoub",
        "country director",
        "World Food",
    ),
    ("Oumar Ba, chief of staff of the Malian army, met villagers.", "Oumar Ba", "chief of staff", "army"),
    ("Ruth Kessler, 52, the UN's envoy to Mali, met the general on Friday.", "Ruth Kessler", "envoy", "UN"),
    ("A spokesman for the Interior Ministry, Viktor Danko, said that nine people died.", "Viktor Danko", "spokesman", "Interior Ministry"),
    ("An army spokeswoman, Major Lina Aziz, said the road was open.", "Lina Aziz", "spokeswoman", "army"),
    ("Rahim Karimi is director of the mine clearance office in Kabul.", "Rahim Karimi", "director", "clearance office"),
]


@pytest.mark.parametrize(("text", "person", "title", "body"), ROLES)
def test_a_title_and_the_body_that_it_belongs_to(text: str, person: str, title: str, body: str) -> None:
    reading = read(text)
    by_id = {e.id: e for e in reading.entities}
    roles = [(r.title, by_id[r.organisation]) for e in at(reading, person) for r in e.roles if r.organisation is not None]
    named = [(t, " | ".join([b.name, *b.aliases, *(reading.words(m) for m in b.mentions)])) for t, b in roles]
    assert any(title in t and body in names for t, names in named), named


SAME = [
    # text, words that mean one
    ("A militia commander, General Yusuf Abdi, came to the ward. He threatened the nurses.", ("Yusuf Abdi", "He threatened")),
    ("My landlord, a policeman, told me that he had been ordered to leave.", ("My landlord", "a policeman", "he had")),
    ("Peter Vance wrote a letter to Amina Yusuf. She was kidnapped in May.", ("Amina Yusuf", "She was")),
    ("Carmen Rojo digs on the hill. Soldiers stand by. Carmen doubts that they will help.", ("Carmen Rojo", "Carmen doubts")),
    ("Finnish envoy Marja Lehtola landed in Tbilisi.\n\n14:00 Envoy: both sides have accepted a truce", ("Marja Lehtola", "Envoy:")),
]


@pytest.mark.parametrize(("text", "words"), SAME)
def test_words_that_mean_one_person(text: str, words: tuple[str, ...]) -> None:
    reading = read(text)
    groups = [{e.id for e in at(reading, each)} for each in words]
    assert set.intersection(*groups), [(e.name, [reading.words(m) for m in e.mentions]) for e in reading.entities]


def test_two_representatives_are_two() -> None:
    reading = read("The representative of Chad said the border was shut. The representative of Norway said talks would go on.")
    assert not {e.id for e in at(reading, "The representative of Chad")} & {e.id for e in at(reading, "The representative of Norway")}


def test_the_object_of_a_clause_is_not_its_subject() -> None:
    reading = read("Peter Vance met Karim Wardak in May. Peter Vance blamed him.")
    assert {e.name for e in at(reading, "him.")} == {"Karim Wardak"}

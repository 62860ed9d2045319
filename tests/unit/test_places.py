"""Places: found, told apart in context, by their country and kind, near and far; words that are no places here."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ascertain.extract._places import PlaceMention, find_places
from ascertain.models import load_models
from ascertain.models.places import Trees, kilometres


@cache
def places(text: str) -> tuple[PlaceMention, ...]:
    models = load_models()
    return find_places(models.language.parse(text), models.places)


def at(text: str, words: str) -> PlaceMention:
    start = text.index(words)
    found = [p for p in places(text) if p.span.start <= start < p.span.end or start <= p.span.start < start + len(words)]
    assert found, [(p.name, p.place.country) for p in places(text)]
    return found[0]


POINTS = [
    ("Shells hit Kharkiv, Ukraine, on Monday.", "Kharkiv", 49.98, 36.25, 30),
    ("Shells hit Kharkov on Monday, Ukrainian officials said.", "Kharkov", 49.98, 36.25, 30),
    ("Fighting broke out in Tripoli in northern Lebanon between Sunni and Alawite gunmen, Beirut said.", "Tripoli", 34.43, 35.85, 40),
    ("Rockets landed near Tripoli as Libyan factions from Misrata and Benghazi clashed.", "Tripoli", 32.89, 13.19, 40),
    ("Russian troops entered Georgia in 2008 and bombed Gori; Tbilisi appealed for help.", "Georgia", 42.0, 43.5, 250),
    ("The court in Atlanta, Georgia, sentenced the man.", "Georgia", 32.75, -83.5, 250),
    ("Gunmen attacked a bus 15 km from Mandera town in Kenya.", "Mandera", 3.94, 41.86, 30),
    ("Hundreds fled El Geneina for Adre in Chad.", "El Geneina", 13.45, 22.45, 30),
    ("He spoke to us in Sarmada, near the Turkish border with Syria.", "Sarmada", 36.19, 36.73, 10),
    ("The convoy left Kyiv for Chernihiv.", "Kyiv", 50.45, 30.52, 40),
    ("Palestinian medics in Khan Younis and Rafah said ten were killed.", "Rafah", 31.29, 34.25, 20),
    ("The army of Myanmar shelled villages in Sagaing.", "Myanmar", 21.0, 96.0, 300),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "lat", "lon", "within"), POINTS, ids=lambda v: str(v)[:40])
def test_point(text, words, lat, lon, within):
    place = at(text, words).place
    assert kilometres(place.lat, place.lon, lat, lon) <= within, (place.lat, place.lon, place.feature, place.country)


def test_a_demonym_is_kept_apart_and_bears_the_country_s_name():
    found = at("Ukrainian forces shelled the bridge.", "Ukrainian")
    assert (found.how, found.name, found.place.feature, found.place.country) == ("demonym", "Ukraine", "country", "UA")


def test_units_that_hold_a_town_are_named():
    place = at("Shells hit Izium in Kharkiv region, Ukraine.", "Izium").place
    assert place.admin[-1] == "Ukraine"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("A drone fell near Sumy in Ukraine.", 10),
        ("A drone fell north of Sumy in Ukraine.", 25),
        ("A drone fell 40 km from Sumy in Ukraine.", 40),
    ],
)
def test_words_around_widen_the_radius(text, more):
    plain = at("A drone fell in Sumy in Ukraine.", "Sumy").place.radius_km
    assert at(text, "Sumy").place.radius_km == pytest.approx(plain + more)


@pytest.mark.parametrize(
    "text",
    [
        "Martin Lincoln told the court.",
        "May said the party would vote.",
        "The Kherson Messenger reported it.",
        "He is a Christian.",
        "Turkey is served with rice.",
    ],
)
def test_no_place(text):
    assert [p for p in places(text) if p.how == "name" and p.place.feature != "country"] == []


def test_a_dateline_is_a_place():
    assert at("BAGHDAD, Oct 11, 2017 (Tigris News Agency)\n\nA bomb went off.", "BAGHDAD").place.country == "IQ"


def test_repeatable_and_alone():
    text = "Shells hit Bucha and Irpin near Kyiv."
    models = load_models()
    assert find_places(models.language.parse(text), models.places) == places(text)


def test_trees_add_up():
    trees = Trees.read({"feature": [0, -1, -1, -1], "threshold": [1.5, 0, 0, 0], "left": [1, 0, 0, 0], "right": [2, 0, 0, 0],
                        "value": [0, 1, 3, 0.5], "roots": [0, 3], "depth": [1]})  # fmt: skip
    assert trees.scores(np.array([[1.0], [2.0]], dtype=np.float32)).tolist() == [1.5, 3.5]

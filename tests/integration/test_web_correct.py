"""Correcting in place: where it happened, what nobody read, who says a statement; and what a correction teaches."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("starlette")
from desks import NOW, Browser, a_case, a_reading, a_text, make_case

from ascertain.store import Desk, Rows
from ascertain.web import make_app
from ascertain.web._index import relink, settle


@pytest.fixture
def desk(tmp_path):
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as opened:
        relink(opened)
        yield opened


@pytest.fixture
def app(desk):
    return make_app(desk, inline=True, clock=lambda: NOW)


def first_incident(desk, place="Goma") -> str:
    return next(kept.id for kept in Rows(desk).all_incidents() if kept.place and kept.place.name == place)


def test_a_place_is_corrected_from_the_gazetteer_and_moves_on_the_map(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_incident(desk)
    found = browser.get(f"/review/{key}/place?find=Kampala").text
    number = re.search(r'name="chosen" value="(-?\d+)"', found)[1]
    version = re.search(r'name="version" value="([^"]+)"', found)[1]
    asked = {"decision": "correct", "version": version, "find": "Kampala", "chosen": number, "reason": "Another place is meant."}
    assert browser.post(f"/review/{key}/place", asked).status_code == 200
    kept = Rows(desk).incident(key)
    assert kept.incident.place.name == "Kampala"
    assert abs(kept.incident.place.lat - 0.32) < 0.05
    assert "Kampala" in kept.incident.title
    assert '"place":"Kampala"' in browser.get("/incidents/map.json?near=Kampala&km=10").text
    settle(desk)
    assert next(i for i in desk.findings().incidents if i.id == key).place == kept.incident.place
    assert next(i for i in relink(desk).incidents if i.id == key) == kept.incident


@pytest.mark.parametrize("point", ["91,0,5", "0,181,5", "0,0,0", "0,0", "1;2;3", "0,0,-5"])
def test_a_point_that_is_none_is_refused(desk, app, point):
    browser, key = Browser(app, "R. One", "reviewer"), first_incident(desk)
    asked = {
        "decision": "correct",
        "version": Rows(desk).incident(key).version,
        "point": point,
        "value": "Somewhere",
        "reason": "On the map.",
    }
    assert browser.post(f"/review/{key}/place", asked).status_code == 400
    assert Rows(desk).incident(key).incident.place.name == "Goma"


def test_a_point_on_the_map_takes_the_name_that_it_is_given(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_incident(desk)
    asked = {
        "decision": "correct",
        "version": Rows(desk).incident(key).version,
        "point": "-1.7,29.3,2",
        "value": "The quarry",
        "reason": "Seen.",
    }
    browser.post(f"/review/{key}/place", asked)
    place = Rows(desk).incident(key).incident.place
    assert (place.name, place.lat, place.lon, place.radius_km, place.geonames) == ("The quarry", -1.7, 29.3, 2.0, None)


def test_a_fact_that_nobody_read_can_be_added(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_incident(desk)
    assert "not stated" in browser.get(f"/review/{key}/missing").text
    assert browser.get(f"/review/{key}/nonsense").status_code == 404
    browser.post(
        f"/review/{key}/missing",
        {"decision": "correct", "version": Rows(desk).incident(key).version, "at_least": "2", "reason": "So it says."},
    )
    fact = next(f for f in Rows(desk).incident(key).incident.facts if f.attribute == "missing")
    assert (fact.at_least, fact.at_most, fact.decided_by) == (2, None, ("R. One",))


def test_an_amendment_made_in_the_queue_leads_back_and_shows_the_same_words_elsewhere(tmp_path):
    words = a_text("Anna Weber", "5", "Goma", "3 March 2023")
    readings = [a_reading("a.txt"), a_reading("copy.txt", text=words), a_reading("c.txt", speaker="Carla Ruiz", count=3, place="Ituri")]
    folder = make_case(tmp_path / "copies", readings)
    with Desk.open(folder, clock=lambda: NOW) as desk:
        relink(desk)
        browser = Browser(make_app(desk, inline=True, clock=lambda: NOW), "R. One", "reviewer")
        key = first_incident(desk)
        document = readings[0][1].document.id
        shown = browser.get(f"/review/{key}/killed").text
        assert f'action="/document/{document}/amend"' in shown
        asked = {
            "statement": "s1",
            "seen": "0",
            "speaker": "Anna Weber",
            "stance": "doubts",
            "reason": "He doubts it.",
            "back": f"/review/{key}/killed",
        }
        after = browser.post(f"/document/{document}/amend", asked)
        assert after.url.path == f"/review/{key}/killed"
        assert "the same words in another document" in after.text
        assert readings[1][1].document.id in after.text
        asked |= {"seen": "1", "stance": "denies", "back": "https://evil.example/"}
        assert browser.post(f"/document/{document}/amend", asked).url.path == f"/document/{document}"

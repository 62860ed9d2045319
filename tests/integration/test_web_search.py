"""Search in the workbench: operators, entities, saved searches; and what a speaker's page says became of their words."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")
from desks import NOW, Browser, a_case, a_reading, make_case

from ascertain.records import Capture, Claim, Fact, Outcome, Span, Stance, Status
from ascertain.store import Desk, Queries
from ascertain.web import make_app
from ascertain.web._index import relink
from ascertain.web._verdicts import _fate


@pytest.fixture
def browser(tmp_path):
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as desk:
        relink(desk)
        yield Browser(make_app(desk, inline=True, clock=lambda: NOW), "R. One", "reviewer")


def found(browser, query: str) -> str:
    answer = browser.get("/search", params={"q": query})
    assert answer.status_code == 200
    return answer.text.split("<main")[1]


def test_who_says_it_narrows_a_search(browser):
    page = found(browser, 'killed by:"Boris Kahn"')
    assert "Boris Kahn" in page
    assert "Anna Weber" not in page.split("Documents, statements, events")[1]


def test_operators_alone_list_statements(browser):
    page = found(browser, "by:carla")
    assert "3 people were" in page
    assert "no hits" not in page.casefold()
    assert "Nothing." in found(browser, "stance:denies")
    assert "Nothing." in found(browser, "by:carla after:2024-01-01")
    assert "3 people were" in found(browser, "by:carla before:2023-03")


def test_one_word_or_another_and_not_a_third(browser):
    page = found(browser, "in:statement Goma OR Bukavu -9")
    assert "in Goma" in page.replace("<mark>", "").replace("</mark>", "")
    assert "Boris Kahn" not in page


def test_entities_are_found_with_the_documents_that_name_them(browser):
    page = found(browser, "in:entity anna")
    assert "<mark>Anna</mark> Weber" in page
    assert "named one time in" in page
    assert "Documents, statements, events" not in page


def test_an_unknown_operator_is_said(browser):
    assert "Not understood: moon" in found(browser, "in:moon x")


def test_a_search_is_kept_and_forgotten(browser):
    assert "My denials" in browser.post("/search/save", {"name": "My denials", "q": "stance:denies"}).text
    assert "My denials" not in browser.post("/search/save", {"forget": "My denials"}).text


def a_claim(origin: str, number: int, *, stance: Stance = Stance.ASSERTS, superseded: bool = False) -> Claim:
    return Claim(origin, "d", "d.txt", Span(0, 1), stance, at_least=number, at_most=number, superseded=superseded)


def a_fact(status: Status, low: int, high: int, *, origins=("A", "B"), against=(), by=()) -> Fact:
    return Fact("killed", status, 3, at_least=low, at_most=high, origins=origins, contradicted_by=against, decided_by=by)


@pytest.mark.parametrize(
    ("fact", "claim", "fate"),
    [
        (a_fact(Status.CORROBORATED, 5, 5), a_claim("A", 5), "confirmed"),
        (a_fact(Status.ALLEGED, 5, 5, origins=("A",)), a_claim("A", 5), "open"),
        (a_fact(Status.CONTESTED, 5, 9), a_claim("A", 5), "contradicted"),
        (a_fact(Status.CONTESTED, 5, 5, origins=("A",), against=("B",)), a_claim("A", 5), "contradicted"),
        (a_fact(Status.CONTESTED, 5, 5, origins=("A",), against=("B",)), a_claim("B", 5, stance=Stance.DENIES), "contradicted"),
        (a_fact(Status.CORROBORATED, 5, 5), a_claim("A", 9, superseded=True), "replaced"),
        (a_fact(Status.ESTABLISHED, 5, 5, by=("X", "Y")), a_claim("A", 5), "confirmed"),
        (a_fact(Status.ESTABLISHED, 5, 5, by=("X", "Y")), a_claim("A", 9), "contradicted"),
        (a_fact(Status.ESTABLISHED, 5, 5, by=("X", "Y")), a_claim("B", 5, stance=Stance.DENIES), "contradicted"),
        (a_fact(Status.REFUTED, 5, 5, by=("X",)), a_claim("A", 5), "contradicted"),
        (a_fact(Status.REFUTED, 5, 5, by=("X",)), a_claim("B", 5, stance=Stance.DENIES), "confirmed"),
    ],
)
def test_what_became_of_a_claim(fact, claim, fate):
    assert _fate(claim.origin, fact, claim)[0] == fate


def test_a_speaker_s_page_says_what_became_of_their_words(browser):
    page = browser.get("/speaker?name=Anna Weber").text
    assert "1 contradicted" in page
    assert "Boris Kahn" in page


def test_each_person_is_shielded_from_the_kinds_of_harm_they_chose(browser, tmp_path):
    text = "Anna Weber said on Friday that 5 people were tortured in a shelling in Goma on 3 March 2023. She said one was raped."
    data, reading = a_reading("grave.txt", text=text)
    with Desk.open(make_case(tmp_path / "grave", [(data, reading)]), clock=lambda: NOW) as desk:
        relink(desk)
        person = Browser(make_app(desk, inline=True, clock=lambda: NOW), "R. One", "reviewer")
        path = f"/document/{reading.document.id}"
        assert "it describes sexual violence, torture" in person.get(path).text
        assert "shielded" in person.get("/search?q=tortured").text
        person.post("/me/shield", {"cover": ["torture"]})
        assert "it describes torture. Show it" in person.get(path).text
        assert 'value="sexual violence">' in person.get("/me").text
        person.post("/me/shield", {})
        assert "it describes" not in person.get(path).text
        assert "shielded" not in person.get("/search?q=tortured").text


def test_a_search_that_was_kept_finds_what_was_read_since(tmp_path):
    data, reading = a_reading("later", speaker="Dora Lind", place="Bukavu", day="9 April 2023")
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as desk:
        relink(desk)
        queries = Queries(desk)
        asked = {"kinds": ("statement",), "hidden": (), "limit": 40}
        before = queries.search("killed", **asked)
        assert queries.search("killed", **asked) == before
        assert queries.search("killed", **asked | {"hidden": (before[0].document,)}) == [
            h for h in before if h.document != before[0].document
        ]
        document = reading.document
        desk.preserve(data, Capture("c-later", document.id, document.path, document.path, "test", NOW, "test", "text/plain", len(data)))
        desk.put_document(document, Outcome(document.id, "parse", "done", "1"))
        desk.put_reading(reading, Outcome(document.id, "extract", "done", "1"))
        after = queries.search("killed", **asked)
    assert {h.document for h in after} == {*(h.document for h in before), document.id}

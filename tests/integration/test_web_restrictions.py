"""A restricted item is not there for whom it is not meant: in no list, count, search, map, export, picture, download or release."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("starlette")
from desks import NOW, Browser, a_reading, make_case

from ascertain.records import Claim, DecisionKind, EventType, Fact, Incident, Mention, Origin, OriginKind, Period, Span, Stance, Status
from ascertain.review import Choice
from ascertain.store import Desk, Queries, Restriction, Rows
from ascertain.web import make_app
from ascertain.web._decide import decide
from ascertain.web._index import relink
from ascertain.web._veil import without

SECRET = ("Zelda Quist", "Bukavu")  # who speaks and where in what will be restricted; neither stands anywhere else
PAGES = (
    "/", "/incidents", "/incidents?q=bukavu", "/incidents/export.csv", "/incidents/export.json", "/incidents/export.geojson", "/incidents/map.json",
    "/documents", "/documents?q=secret", "/speakers", "/speakers?q=zelda", "/speaker?name=Anna+Weber", "/search?q=killed", "/search?q=bukavu",
    "/search?q=in:document+killed", "/search?q=in:note+hideaway", "/progress", "/review", "/review?second=1", "/agreement",
)  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    readings = [
        a_reading("a.txt", speaker="Anna Weber", count=5),
        a_reading("b.txt", speaker="Boris Kahn", count=9),
        a_reading("secret.txt", speaker="Zelda Quist", count=41, place="Bukavu", day="12 April 2023", publisher="Hidden Wire"),
    ]
    with Desk.open(make_case(tmp_path / "case", readings), clock=lambda: NOW) as opened:
        relink(opened)
        yield opened


@pytest.fixture
def app(desk):
    return make_app(desk, inline=True, clock=lambda: NOW)


def the_secret(desk) -> tuple[str, str]:
    """Ids of the incident and of the document that are to be restricted."""
    document = next(r.document.id for r in desk.readings() if r.document.path.endswith("secret.txt"))
    return Queries(desk).incidents_telling((document,))[0], document


def restrict(browser: Browser, kind: str, key: str, **more):
    return browser.post(f"/{kind}/{key}/restrict", {"reason": "A witness is at risk.", **more})


def test_nothing_that_a_person_is_shown_tells_of_a_restricted_item(desk, app):
    incident, document = the_secret(desk)
    lead, reviewer, other = Browser(app, "L. One", "lead"), Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer")
    for kind, key in (("incident", incident), ("document", document)):
        lead.post(f"/{kind}/{key}/note", {"words": "the hideaway"})
        assert restrict(lead, kind, key, people="R. Two").status_code == 200
    kept = Rows(desk).incident(incident)
    decide(desk, Choice(DecisionKind.CONFIRM, incident, "L. One", "r", attribute="killed"), expected=kept.version, clock=lambda: NOW)
    for path in PAGES:
        found = reviewer.get(path).text
        for word in (incident, document, "Quist", "Hidden Wire", "secret.txt", *(() if "bukavu" in path else ("Bukavu",))):
            assert word not in found.replace("q=secret", ""), (path, word)
    assert "the hideaway" not in reviewer.get("/search?q=hideaway").text
    assert "the hideaway" in other.get("/search?q=hideaway").text
    for path in (f"/incident/{incident}", f"/review/{incident}/killed", f"/document/{document}", f"/document/{document}/original",
                 f"/document/{document}/page/1.png", f"/document/{document}/download", "/speaker?name=Zelda+Quist"):  # fmt: skip
        assert reviewer.get(path).status_code == 404, path
    assert other.get(f"/incident/{incident}").status_code == 200
    assert "Quist" in other.get("/speakers").text


def test_counts_do_not_count_what_is_restricted(desk, app):
    incident, document = the_secret(desk)
    lead, reader = Browser(app, "L. One", "lead"), Browser(app, "Reader", "reader")
    whole = reader.get("/").text
    restrict(lead, "incident", incident, roles="lead")
    restrict(lead, "document", document, roles="lead")
    part = reader.get("/").text
    assert ("Two incidents in three documents" in whole, "One incident in two documents" in part) == (True, True)
    assert "restricted" not in part
    assert ">3</a>" not in part, "neither documents nor statements of it are counted"
    assert "Two documents" in reader.get("/documents").text
    assert len(re.findall("<li", reader.get("/incidents").text)) < len(re.findall("<li", lead.get("/incidents").text))


def test_roles_can_be_let_in_and_leads_left_out_but_never_who_restricts(desk, app):
    incident, _ = the_secret(desk)
    one, two, reviewer, admin = (
        Browser(app, name, role)
        for name, role in (("L. One", "lead"), ("L. Two", "lead"), ("R. One", "reviewer"), ("A. Admin", "administrator"))
    )
    restrict(one, "incident", incident, roles="reviewer")
    assert [b.get(f"/incident/{incident}").status_code for b in (one, two, reviewer, admin)] == [200, 404, 200, 404]
    assert two.post(f"/incident/{incident}/restrict", {"open": "1"}).status_code == 404, "who may not see it can't open it"
    assert one.post(f"/incident/{incident}/restrict", {"open": "1"}).status_code == 200
    assert two.get(f"/incident/{incident}").status_code == 200
    assert one.post(f"/incident/{incident}/restrict", {"reason": "r", "roles": "emperor"}).status_code == 400


def test_an_open_incident_names_no_source_that_speaks_in_a_restricted_document_alone(desk, app):
    document = next(r.document.id for r in desk.readings() if r.document.path.endswith("b.txt"))
    (incident,) = Queries(desk).incidents_telling((document,))
    lead, reviewer = Browser(app, "L. One", "lead"), Browser(app, "R. One", "reviewer")
    restrict(lead, "document", document, roles="lead")
    for path in (f"/incident/{incident}", f"/review/{incident}/killed", "/incidents/export.json", f"/incident/{incident}?on=2023-12-31", "/speakers",
                 "/search?q=killed", "/review", "/incidents?origin=Boris+Kahn"):  # fmt: skip
        assert "Kahn" not in reviewer.get(path).text.replace("Boris+Kahn", "").replace('"Boris Kahn"', ""), path
        assert "b.txt" not in reviewer.get(path).text, path
    assert incident not in reviewer.get("/incidents?q=kahn").text
    assert incident not in reviewer.get("/incidents?origin=Boris+Kahn").text
    assert reviewer.get("/speaker?name=Boris+Kahn").status_code == 404
    assert "restricted source" in reviewer.get(f"/incident/{incident}").text
    assert "5–9" in reviewer.get(f"/incident/{incident}").text, "what was counted and denied stays"
    assert "Boris Kahn" in lead.get(f"/incident/{incident}").text


def test_a_restriction_follows_the_tellings_through_merge_and_split(desk, app):
    incident, _ = the_secret(desk)
    lead, reviewer = Browser(app, "L. One", "lead"), Browser(app, "R. One", "reviewer")
    restrict(lead, "incident", incident, roles="lead")
    other = next(i.id for i in Rows(desk).all_incidents() if i.id != incident)
    version = Rows(desk).incident(other).version
    refused = lead.post(f"/incident/{other}/merge", {"version": version, "other": incident, "reason": "Same."})
    assert refused.status_code == 400, "an open incident does not swallow a restricted one"
    choice = Choice(DecisionKind.MERGE, other, "L. One", "Same.", other=incident)  # as the command line would
    decide(desk, choice, expected=version, clock=lambda: NOW)
    relink(desk)
    (merged,) = Rows(desk).all_incidents()
    assert merged.id == other
    assert reviewer.get(f"/incident/{other}").status_code == 404
    assert lead.get(f"/incident/{other}").status_code == 200
    assert other not in reviewer.get("/incidents").text
    lead.post(f"/incident/{other}/restrict", {"open": "1"})
    assert reviewer.get(f"/incident/{other}").status_code == 200


def test_names_are_taken_out_of_sentences_whole():
    def claim(origin: str, number: int) -> Claim:
        return Claim(origin, f"d{number}", f"reports/{number}.txt", Span(0, 5), Stance.ASSERTS)

    fact = Fact(
        "killed", Status.CONTESTED, 3, 5, 9, origins=("Ana Bo", "Bo"), claims=(claim("Ana Bo", 1), claim("Bo", 2)),
        reasons=("Ana Bo said 5 (reports/1.txt[0:5]); Bo said 9 (reports/2.txt[0:5]).",),
    )  # fmt: skip
    mentions = tuple(Mention(f"reports/{n}.txt", "v1", f"d{n}") for n in (1, 2))
    origins = tuple(Origin(name, OriginKind.PERSON, (m.path,)) for name, m in zip(("Ana Bo", "Bo"), mentions, strict=True))
    incident = Incident(
        "incident-1",
        EventType.ASSAULT,
        None,
        None,
        Period("2023-03-03", "2023-03-03"),
        tuple(m.path for m in mentions),
        mentions,
        origins,
        (fact,),
    )
    seen = without(incident, ["d2"])
    assert seen.facts[0].reasons == ("Ana Bo said 5 (reports/1.txt[0:5]); restricted source 1 said 9 (a restricted document).",)
    assert seen.facts[0].origins == ("Ana Bo", "restricted source 1")
    assert without(incident, ["d3"]) is incident


def test_a_restriction_from_an_older_case_lets_leads_in():
    restriction = Restriction("incident", "incident-1", (), "r", "x", NOW)
    assert restriction.roles == ("lead", "administrator")


def test_no_lead_asks_for_decides_on_or_takes_a_release_of_what_they_may_not_see(desk, app):
    incident, document = the_secret(desk)
    one, two = Browser(app, "L. One", "lead"), Browser(app, "L. Two", "lead")
    restrict(one, "incident", incident)
    version = Rows(desk).incident(incident).version
    site = {"form": "site", "title": "For the court", "incidents": f"{incident} {version}"}
    assert incident not in two.get("/publish/look").text
    assert [two.post("/publish/ask", form).status_code for form in (site, {"form": "dossier", "title": "All"})] == [403, 403]
    assert [one.post("/publish/ask", form).status_code for form in (site, {"form": "dossier", "title": "All"})] == [200, 200]
    for number in (1, 2):
        assert two.post(f"/publish/{number}/decide", {"verdict": "released", "reason": "Blind."}).status_code == 403
        assert two.get(f"/publish/{number}/take").status_code == 403
    one.post(f"/incident/{incident}/restrict", {"open": "1"})
    restrict(one, "document", document)
    assert two.post("/publish/ask", site).status_code == 403, "its words stand in a document that is restricted"


def test_the_audit_names_no_restricted_item_to_a_lead_who_may_not_see_it(desk, app):
    incident, document = the_secret(desk)
    one, two = Browser(app, "L. One", "lead"), Browser(app, "L. Two", "lead")
    one.get(f"/incident/{incident}")
    restrict(one, "incident", incident)
    restrict(one, "document", document)
    page = two.get("/audit").text
    assert incident not in page
    assert document not in page
    assert "a restricted item" in page
    assert incident in one.get("/audit").text

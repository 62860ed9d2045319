"""The audit page: everything that people do, to read and to filter."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("starlette")
from desks import NOW, PASSWORD, Browser, a_case

from ascertain.store import Desk, Filter, Queries
from ascertain.web import make_app
from ascertain.web._index import relink


@pytest.fixture
def desk(tmp_path):
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as opened:
        relink(opened)
        yield opened


def rows_of(page: str) -> list[list[str]]:
    """The cells of the table, as words."""
    rows = re.findall(r"(?s)<tr>(<td.*?)</tr>", page)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in rows]


def test_what_each_person_did_is_found_by_person_action_object_and_day(desk):
    app = make_app(desk, inline=True, clock=lambda: NOW)
    lead, reviewer = Browser(app, "L. One", "lead"), Browser(app, "R. One", "reviewer")
    key = Queries(desk).incidents(Filter())[0]["id"]
    reviewer.get(f"/incident/{key}")
    reviewer.get("/search?q=market+of+Goma")
    reviewer.get("/incidents/export.csv?status=contested")
    version = re.search(r'name="version" value="([^"]*)"', reviewer.get(f"/review/{key}/killed").text)[1]
    reviewer.post(f"/review/{key}/killed", {"decision": "confirm", "version": version})
    reviewer.post("/login", {"name": "R. One", "password": "wrong password"})
    page = lead.get("/audit?actor=R.+One").text
    actions = [row[3] for row in rows_of(page)]
    assert actions[::-1] == ["logged in", "viewed", "viewed", "searched", "exported", "viewed", "reviewed", "viewed"]
    assert all(row[2] == "R. One" for row in rows_of(page))
    assert "words: market of Goma" in page
    assert "query: status=contested" in page
    assert [row[3] for row in rows_of(lead.get(f"/audit?object={key}&action=reviewed").text)] == ["reviewed"]
    assert f'href="/incident/{key}"' in page
    assert "login failed" in [row[3] for row in rows_of(lead.get("/audit").text)]
    today = rows_of(lead.get("/audit?actor=R.+One").text)
    assert rows_of(lead.get("/audit?actor=R.+One&from=2999-01-01").text) == []
    assert rows_of(lead.get("/audit?actor=R.+One&from=2020-01-01&to=2998-01-01").text) == today
    for odd in ("before=%C2%B2", "before=99999999999999999999", "from=yesterday", "actor=%00"):
        assert lead.get(f"/audit?{odd}").status_code == 200
    assert "<option selected>R. One</option>" in page


def test_older_records_are_a_page_further(desk):
    app = make_app(desk, inline=True, clock=lambda: NOW)
    lead = Browser(app, "L. One", "lead")
    for _ in range(130):
        desk.log("R. One", "viewed", "case")
    first = lead.get("/audit?action=viewed").text
    older = re.search(r'href="(/audit\?[^"]+before=\d+)"', first)[1].replace("&amp;", "&")
    numbers = [int(row[0].replace(",", "")) for page in (first, lead.get(older).text) for row in rows_of(page)]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) >= 130


def test_nobody_but_leads_reads_the_audit(desk):
    app = make_app(desk, inline=True, clock=lambda: NOW)
    assert Browser(app, "R. One", "reviewer").get("/audit").status_code == 403
    assert PASSWORD not in Browser(app, "L. One", "lead").get("/audit").text

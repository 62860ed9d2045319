"""Work beside the pages, in the real child process: adding files, running, releases."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

pytest.importorskip("starlette")
from desks import NOW, Browser, a_case

from ascertain.store import Desk, Filter, Rows
from ascertain.web import make_app
from ascertain.web._index import relink
from ascertain.web._work import Work

TEXT = """Kivu Radio
Goma, 5 May 2023

Six people were killed on 4 May 2023 when shells hit the market of Goma, the mayor of Goma, Paul Kasongo, said on Friday.
"""


def until_done(work: Work, seconds: float = 500) -> None:
    end = time.monotonic() + seconds
    while work.busy():
        assert time.monotonic() < end, "the work takes too long"
        time.sleep(0.05)


@pytest.mark.slow
def test_files_are_added_read_and_linked_by_the_child_while_the_server_holds_the_case(tmp_path):
    with Desk.open(a_case(tmp_path / "case")) as desk:
        app = make_app(desk)
        bench = app.state.bench
        bench.work.start()
        browser = Browser(app, "R. One", "reviewer")
        answer = browser.post("/add", files=[("files", ("kivu.txt", io.BytesIO(TEXT.encode()), "text/plain"))])
        assert answer.status_code == 200
        until_done(bench.work)
        job = bench.work.jobs()[-1]
        assert (job.state, job.told.split(".")[0]) == ("done", "1 in: 1 new, 0 known already, 0 failed")
        assert any("Six" in r.document.text for r in desk.readings())
        assert desk.captures()[-1].collector == "R. One"
        assert desk.captures()[-1].path == "added in the workbench/kivu.txt"
        assert not list((desk.folder / "incoming").rglob("*.txt"))
        assert "kivu.txt" in browser.get("/documents").text
        bench.work.close()
        assert desk.check() == []


def test_a_job_that_fails_says_why_and_the_next_goes_on(tmp_path):
    with Desk.open(a_case(tmp_path / "case")) as desk:
        work = Work(desk, clock=lambda: NOW)
        work.start()
        bad = work.put("nonsense", by="R. One")
        good = work.put("relink", by="R. One")
        until_done(work)
        work.close()
        assert (bad.state, good.state) == ("failed", "done")
        assert "no task nonsense" in bad.told


@pytest.fixture
def app(tmp_path):
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as desk:
        relink(desk)
        yield make_app(desk, inline=True, clock=lambda: NOW)


def test_a_release_needs_a_second_lead_and_holds_what_was_chosen(app):
    one, two = Browser(app, "L. One", "lead"), Browser(app, "L. Two", "lead")
    bench = app.state.bench
    chosen = bench.queries.incidents(Filter())[0]
    look = one.get(f"/publish/look?q={chosen['place']}").text
    assert "anna weber" in look, "the name in the documents is told, with what stands for it"
    version = bench.rows.incident(chosen["id"]).version
    one.post("/publish/ask", {"form": "site", "title": "For the court", "incidents": f"{chosen['id']} {version}"})
    assert one.post("/publish/1/decide", {"verdict": "released", "reason": "Mine."}).status_code == 400
    assert two.post("/publish/1/decide", {"verdict": "released"}).status_code == 400, "a reason is asked for"
    assert two.post("/publish/1/decide", {"verdict": "released", "reason": "Looked through."}).status_code == 200
    assert bench.people.publication(1).state == "made"
    assert two.post("/publish/1/decide", {"verdict": "refused", "reason": "Too late."}).status_code == 400
    pages = zipfile.ZipFile(io.BytesIO(one.get("/publish/1/take").content))
    names = pages.namelist()
    assert any(chosen["id"] in name for name in names)
    others = [i.id for i in Rows(bench.desk).all_incidents() if i.id != chosen["id"]]
    whole = "".join(pages.read(name).decode("utf-8", "replace") for name in names if name.endswith((".html", ".csv")))
    assert not any(other in whole for other in others)
    assert "Anna Weber" not in whole


def test_what_has_changed_since_it_was_asked_for_is_not_released(app):
    one, two = Browser(app, "L. One", "lead"), Browser(app, "L. Two", "lead")
    bench = app.state.bench
    chosen = bench.queries.incidents(Filter())[0]
    version = bench.rows.incident(chosen["id"]).version
    one.post("/publish/ask", {"form": "site", "title": "For the court", "incidents": f"{chosen['id']} {version}"})
    two.post(f"/review/{chosen['id']}/killed", {"decision": "refute", "version": version, "reason": "Withdrawn."})
    answer = two.post("/publish/1/decide", {"verdict": "released", "reason": "Looked through."})
    assert answer.status_code == 400
    assert "this has changed" in answer.text
    assert bench.people.publication(1).state == "asked"


def test_a_dossier_that_was_released_verifies(app, tmp_path):
    from ascertain.publish import verify

    one, two = Browser(app, "L. One", "lead"), Browser(app, "L. Two", "lead")
    one.post("/publish/ask", {"form": "dossier", "title": "For the archive"})
    two.post("/publish/1/decide", {"verdict": "released", "reason": "Looked through."})
    assert app.state.bench.people.publication(1).state == "made", app.state.bench.people.publication(1).reason
    file = tmp_path / "taken.zip"
    file.write_bytes(one.get("/publish/1/take").content)
    assert verify.main([str(file)]) == 0


def test_the_store_itself_lets_nobody_release_alone(app):
    from ascertain.errors import UsageError
    from ascertain.store import Publication
    from ascertain.web._releases import make_release

    people = app.state.bench.people
    number = people.ask_publication(Publication("A release", "dossier", True, "L. One", NOW))
    for name in ("L. One", "l one", "L.  ONE"):
        with pytest.raises(UsageError, match="who asks"):
            people.change_publication(number, by=name, expect="asked", state="released", decided_by=name)
    with pytest.raises(UsageError, match="second person"):
        people.change_publication(number, by="L. Two", expect="asked", state="made", made="x.zip")
    with pytest.raises(UsageError, match="second person"):
        make_release(app.state.bench.desk, number, clock=lambda: NOW)
    assert people.publication(number).state == "asked"

"""Deciding in the workbench: nothing lost, nothing half-done, two persons to establish, what the rows say is what a run says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap

import pytest

pytest.importorskip("starlette")
from desks import NOW, Browser, a_case

from ascertain import pipeline
from ascertain.errors import UsageError
from ascertain.records import DecisionKind, Stance, Status
from ascertain.review import Choice
from ascertain.store import Desk, Filter, Rows, Store
from ascertain.web import make_app
from ascertain.web._decide import decide
from ascertain.web._index import relink, settle


@pytest.fixture
def desk(tmp_path):
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as opened:
        relink(opened)
        yield opened


@pytest.fixture
def app(desk):
    return make_app(desk, inline=True, clock=lambda: NOW)


def first_key(desk, sort: str = "order") -> str:
    from ascertain.store import Queries

    return Queries(desk).incidents(Filter(), sort=sort)[0]["id"]


def killed(desk, key: str):
    return next(f for f in Rows(desk).incident(key).incident.facts if f.attribute == "killed")


def version_in(page: str) -> str:
    return re.search(r'name="version" value="([^"]*)"', page)[1]


def post_decision(browser, key: str, kind: str, version: str, **more):
    return browser.post(f"/review/{key}/killed", {"decision": kind, "version": version, "seen": "5–9", **more})


def findings_anew(desk):
    """What a whole run would find from the records alone."""
    readings = sorted(desk.readings(), key=lambda r: r.document.id)
    return pipeline.find_incidents(readings, decisions=desk.decisions(), paths=pipeline.paths_of(desk.captures()))


def test_the_contested_comes_first_and_a_decision_brings_the_next(desk, app):
    browser = Browser(app, "R. One", "reviewer")
    page = browser.get("/review").text
    assert "contested" in page
    answer = browser.post(
        re.search(r'action="(/review/incident-[^"]+)" id="decide"', page)[1], {"decision": "confirm", "version": version_in(page)}
    )
    assert "Kept: confirm killed" in answer.text
    assert version_in(answer.text)
    made = desk.decisions()[-1]
    assert (made.kind, made.reviewer, made.reason) == (DecisionKind.CONFIRM, "R. One", "The passages say so.")


def test_a_rejection_without_a_reason_is_refused_and_keeps_nothing(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_key(desk)
    page = browser.get(f"/review/{key}/killed").text
    assert post_decision(browser, key, "reject", version_in(page)).status_code == 400
    assert desk.decisions() == ()


def test_the_second_of_two_reviewers_sees_a_conflict_and_both_versions(desk, app):
    one, two, key = Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer"), first_key(desk)
    version = version_in(one.get(f"/review/{key}/killed").text)
    assert version_in(two.get(f"/review/{key}/killed").text) == version
    assert post_decision(one, key, "correct", version, at_least="9", at_most="9", reason="A later count.").status_code == 200
    late = post_decision(two, key, "correct", version, at_least="5", at_most="6", reason="The first count.")
    assert late.status_code == 409
    for words in ("5–9", "5–6", "The first count.", "R. One", "A later count.", "was not kept"):
        assert words in late.text, words
    assert len(desk.decisions()) == 1
    assert killed(desk, key).at_least == 9


def test_two_reviewers_establish_one_alone_does_not(desk, app):
    one, two, key = Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer"), first_key(desk)
    for browser, status in ((one, Status.CONTESTED), (one, Status.CONTESTED), (two, Status.ESTABLISHED)):
        page = browser.get(f"/review/{key}/killed").text
        post_decision(browser, key, "establish", version_in(page), reason="Looked at the mortuary's book.")
        assert killed(desk, key).status is status
    assert killed(desk, key).decided_by == ("R. One", "R. Two")
    assert "● established" in re.sub(r"<[^>]+>", "", browser.get(f"/incident/{key}").text)


def test_what_one_would_establish_waits_for_the_other_and_not_for_oneself(desk, app):
    one, two, key = Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer"), first_key(desk)
    post_decision(one, key, "establish", version_in(one.get(f"/review/{key}/killed").text), reason="Two origins.")
    assert f"/review/{key}/killed" in two.get("/review").text
    assert f'action="/review/{key}/killed" id="decide"' not in one.get("/review").text


def test_undo_takes_back_and_shows_the_finding_again(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_key(desk)
    before = killed(desk, key)
    post_decision(browser, key, "correct", version_in(browser.get(f"/review/{key}/killed").text), at_least="1", at_most="1", why="A slip.")
    assert killed(desk, key).at_least == 1
    answer = browser.post("/review/undo")
    assert str(answer.url).endswith(f"/review/{key}/killed")
    assert killed(desk, key) == before
    assert [d.kind for d in desk.decisions()] == [DecisionKind.CORRECT, DecisionKind.UNDO], "nothing is removed"


def test_skipping_leaves_a_finding_for_later_without_a_decision(desk, app):
    browser = Browser(app, "R. One", "reviewer")
    page = browser.get("/review").text
    action = re.search(r'action="([^"]+)" id="decide"', page)[1]
    answer = browser.post(action, {"decision": "skip", "version": version_in(page)})
    assert f'action="{action}" id="decide"' not in answer.text
    assert desk.decisions() == ()
    assert f'action="{action}" id="decide"' in browser.post("/review/again").text


def test_a_corrected_name_is_proposed_elsewhere_and_changed_nowhere_else(tmp_path):
    from desks import a_reading, make_case

    case = make_case(tmp_path / "case", [a_reading("a.txt"), a_reading("b.txt", day="12 April 2023", speaker="Carla Ruiz", count=8)])
    with Desk.open(case, clock=lambda: NOW) as desk:
        relink(desk)
        browser, keys = (
            Browser(make_app(desk, inline=True, clock=lambda: NOW), "R. One", "reviewer"),
            [i.id for i in Rows(desk).all_incidents()],
        )
        page = browser.get(f"/review/{keys[0]}/place").text
        answer = browser.post(
            f"/review/{keys[0]}/place", {"decision": "correct", "version": version_in(page), "value": "Ituri", "reason": "Another place."}
        )
        assert "stands in one other incident" in answer.text
        assert f"/review/{keys[1]}/place" in answer.text
        assert [next(f.value for f in Rows(desk).incident(k).incident.facts if f.attribute == "place") for k in keys] == ["Ituri", "Goma"]


def test_rows_after_decisions_are_what_a_whole_run_finds(desk):
    keys = [i.id for i in Rows(desk).all_incidents()]
    choices = [
        Choice(DecisionKind.CORRECT, keys[0], "R. One", "r", attribute="killed", at_least=6, at_most=7),
        Choice(DecisionKind.CONFIRM, keys[1], "R. One", "r", attribute="place"),
        Choice(DecisionKind.ESTABLISH, keys[0], "R. One", "r", attribute="killed"),
        Choice(DecisionKind.ESTABLISH, keys[0], "R. Two", "r", attribute="killed"),
        Choice(DecisionKind.REFUTE, keys[2], "R. One", "r", attribute="killed"),
    ]
    for choice in choices:
        assert decide(desk, choice, expected=Rows(desk).incident(choice.target).version, clock=lambda: NOW).made is not None
    undone = desk.decisions()[1]
    decide(desk, Choice(DecisionKind.UNDO, undone.id, "R. One", "r"), expected=Rows(desk).incident(keys[1]).version, clock=lambda: NOW)
    assert tuple(Rows(desk).all_incidents()) == findings_anew(desk).incidents
    settle(desk)
    assert desk.findings() == findings_anew(desk)
    assert desk.findings_key() == Rows(desk).state()["key"]
    assert desk.check() == []


def test_merge_and_its_undo_lead_back_to_where_it_was(desk, app):
    browser = Browser(app, "R. One", "reviewer")
    before = {i.id for i in Rows(desk).all_incidents()}
    keys = [i.id for i in Rows(desk).all_incidents()][:2]
    page = browser.get(f"/incident/{keys[0]}").text
    browser.post(
        f"/incident/{keys[0]}/merge",
        {"version": version_in(page), "other": f"http://127.0.0.1/incident/{keys[1]}", "reason": "One day, one road."},
    )
    assert len(Rows(desk).all_incidents()) == 2
    assert tuple(Rows(desk).all_incidents()) == findings_anew(desk).incidents
    page = browser.get(f"/incident/{keys[0]}").text
    browser.post(f"/incident/{keys[0]}/undo", {"version": version_in(page), "decision": desk.decisions()[0].id, "reason": "Two roads."})
    assert {i.id for i in Rows(desk).all_incidents()} == before


def test_a_split_takes_the_tellings_of_a_document_out(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_key(desk)
    page = browser.get(f"/incident/{key}").text
    browser.post(f"/incident/{key}/split", {"version": version_in(page), "documents": "reports/b.txt", "reason": "Another market."})
    assert sorted(len(i.documents) for i in Rows(desk).all_incidents()) == [1, 1, 1, 1]


def test_a_merge_on_what_somebody_else_has_changed_is_refused(desk, app):
    one, two = Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer")
    keys = [i.id for i in Rows(desk).all_incidents()]
    stale = version_in(two.get(f"/incident/{keys[0]}").text)
    post_decision(one, keys[0], "confirm", stale)
    answer = two.post(f"/incident/{keys[0]}/merge", {"version": stale, "other": keys[1], "reason": "Same."})
    assert answer.status_code == 409
    assert len(desk.decisions()) == 1


def test_agreement_between_reviewers_is_measured_blind(desk, app):
    one, two, key = Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer"), first_key(desk)
    post_decision(one, key, "reject", version_in(one.get(f"/review/{key}/killed").text), reason="Somebody else says it.")
    blind = two.get("/review?second=1").text
    assert "R. One" not in re.sub(r"(?s)<header.*?</header>", "", blind).split("Why the software")[0]
    post_decision(two, key, "confirm", version_in(blind), second="1")
    page = two.get("/agreement").text
    assert "R. One and R. Two" in page


def test_as_known_on_a_day_counts_what_had_been_published(desk, app):
    browser, key = Browser(app, "Reader", "reader"), first_key(desk)
    assert "As known on 4 March 2023" in browser.get(f"/incident/{key}?on=2023-03-04").text
    assert "No document about it had been published by 1 March 2023" in browser.get(f"/incident/{key}?on=2023-03-01").text


def test_an_amended_stance_changes_what_stands_and_its_undo_brings_it_back(desk, app):
    browser, key = Browser(app, "R. One", "reviewer"), first_key(desk)
    before = Rows(desk).incident(key).incident
    document = before.mentions[0].document
    page = browser.get(f"/document/{document}").text
    assert 'name="statement" value="s1"' in page
    refused = browser.post(
        f"/document/{document}/amend", {"statement": "s1", "seen": "0", "speaker": "Nobody Here", "stance": "asserts", "reason": "r"}
    )
    assert refused.status_code == 400
    speaker = desk.reading(document).entities[0].name
    form = {"statement": "s1", "seen": "0", "speaker": speaker, "stance": "denies", "reason": "She denies it."}
    assert browser.post(f"/document/{document}/amend", form).status_code == 200
    after = Rows(desk).incident(key).incident
    assert {origin.name for origin in after.origins if origin.stance is Stance.DENIES} == {speaker}
    assert after.title != before.title
    assert tuple(Rows(desk).all_incidents()) == findings_anew(desk).incidents
    assert desk.reading(document).statements[0].stance is Stance.ASSERTS, "what the software read stays in the case"
    late = browser.post(f"/document/{document}/amend", {**form, "stance": "doubts"})
    assert late.status_code == 400
    assert "meanwhile" in late.text
    browser.post(f"/document/{document}/undo", {"decision": desk.decisions()[-1].id, "reason": "No: she says so."})
    assert Rows(desk).incident(key).incident == before
    assert desk.check() == []


def test_an_amendment_covers_other_words_and_survives_new_numbers():
    import attrs
    from desks import a_reading

    from ascertain.records import Span
    from ascertain.review import Amendment, apply_amendments, make_amendment

    reading = a_reading("a.txt")[1]
    text, old = reading.document.text, reading.statements[0]
    words = Span(text.index("were killed"), text.index("were killed") + 11)
    made = make_amendment(reading, Amendment("s1", "R. One", "Only that.", content=words, stance=Stance.ALLEGES), decided_at=NOW)
    renumbered = attrs.evolve(reading, statements=(attrs.evolve(old, id="s9"),))
    (amended,) = apply_amendments([renumbered], [made])
    assert (amended.statements[0].content, amended.statements[0].stance, amended.statements[0].id) == ((words,), Stance.ALLEGES, "s9")
    with pytest.raises(UsageError, match="nothing was changed"):
        make_amendment(amended, Amendment("s9", "R. One", "Again.", content=words, stance=Stance.ALLEGES), decided_at=NOW)
    with pytest.raises(UsageError, match="outside"):
        make_amendment(reading, Amendment("s1", "R. One", "Too far.", content=Span(0, 10_000)), decided_at=NOW)


KILLED = """
import os, signal, sys
from pathlib import Path
from ascertain.records import DecisionKind
from ascertain.review import Choice
from ascertain.store import Desk, Rows, _rows
from ascertain.web._decide import decide

desk = Desk.open(Path(sys.argv[1]))
key = Rows(desk).all_incidents()[0].id
put = Rows._put_incident
def die(self, *rest):
    put(self, *rest)
    os.kill(os.getpid(), signal.SIGKILL)
Rows._put_incident = die
choice = Choice(DecisionKind.CONFIRM, key, "R. One", "r", attribute="killed")
decide(desk, choice, expected=Rows(desk).incident(key).version, clock=lambda: "2026-01-02T03:04:05Z")
"""


def test_a_server_killed_in_the_middle_of_a_decision_leaves_nothing_half_done(tmp_path):
    case = a_case(tmp_path / "case")
    with Desk.open(case, clock=lambda: NOW) as desk:
        relink(desk)
        before = Rows(desk).all_incidents()
        size = desk.log_size()
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(case)], env=os.environ, timeout=300, check=False)
    assert ended.returncode == -signal.SIGKILL
    with Desk.open(case, wait_seconds=300, clock=lambda: NOW) as desk:
        assert desk.decisions() == ()
        assert desk.log_size() == size
        assert Rows(desk).all_incidents() == before
        assert desk.check() == []


def test_a_decision_whose_server_was_killed_before_the_findings_were_gathered_is_in_them_after_the_start(tmp_path):
    case = a_case(tmp_path / "case")
    with Desk.open(case, clock=lambda: NOW) as desk:
        relink(desk)
        key = Rows(desk).all_incidents()[0].id
        decide(
            desk,
            Choice(DecisionKind.REFUTE, key, "R. One", "r", attribute="killed"),
            expected=Rows(desk).incident(key).version,
            clock=lambda: NOW,
        )
    with Desk.open(case, clock=lambda: NOW) as desk:
        relink(desk)
        assert (
            next(f for i in desk.findings().incidents if i.id == key for f in i.facts if f.attribute == "killed").status is Status.REFUTED
        )


def test_the_command_line_waits_for_the_server_and_says_who_holds_the_case(tmp_path):
    from ascertain.errors import CaseBusyError

    case = a_case(tmp_path / "case")
    with Desk.open(case) as desk:
        desk.say_holder("ascertain serve at http://127.0.0.1:8321")
        with pytest.raises(CaseBusyError, match=r"ascertain serve at http://127\.0\.0\.1:8321"):
            Store.open(case, wait_seconds=0)


def test_the_store_itself_establishes_nothing_by_one_person(desk):
    import attrs

    from ascertain.errors import StoreError
    from ascertain.review import make_decision
    from ascertain.web._index import incident_rows

    key = first_key(desk)
    kept = Rows(desk).incident(key)
    facts = tuple(attrs.evolve(f, status=Status.ESTABLISHED, decided_by=("R. One", "R. Two")) for f in kept.incident.facts)
    forged = incident_rows(attrs.evolve(kept.incident, facts=facts), kept.base, kept.number, ())
    from ascertain.records import Findings

    readings = desk.readings_of([m.document for m in kept.incident.mentions])
    choice = Choice(DecisionKind.ESTABLISH, key, "R. One", "Mine.", attribute="killed")
    made = make_decision(choice, findings=Findings(incidents=(kept.incident,)), readings=readings, decisions=(), decided_at=NOW)
    size = desk.log_size()
    with pytest.raises(StoreError, match="of 2 persons"):
        Rows(desk).decide(made, home=key, expected=kept.version, after=forged)
    assert (desk.decisions(), desk.log_size(), Rows(desk).incident(key)) == ((), size, kept)


def test_one_person_with_two_spellings_is_one(desk, app):
    one, key = Browser(app, "R. One", "reviewer"), first_key(desk)
    admin = Browser(app, "A. Admin")
    for name in ("r one", "R. ONE", "Ｒ. One"):
        assert admin.post("/people/add", {"name": name, "role": "reviewer", "password": "correct horse battery"}).status_code == 400
    post_decision(one, key, "establish", version_in(one.get(f"/review/{key}/killed").text), reason="Mine.")
    for name in ("r one", "R. ONE"):
        choice = Choice(DecisionKind.ESTABLISH, key, name, "Mine again.", attribute="killed")
        decide(desk, choice, expected=Rows(desk).incident(key).version, clock=lambda: NOW)
    assert killed(desk, key).status is not Status.ESTABLISHED


def test_reviewers_who_disagree_are_both_shown(desk, app):
    one, two, key = Browser(app, "R. One", "reviewer"), Browser(app, "R. Two", "reviewer"), first_key(desk)
    for browser, kind in ((one, "establish"), (two, "refute")):
        post_decision(browser, key, kind, version_in(browser.get(f"/review/{key}/killed").text), reason=f"Because of {kind}.")
    page = one.get(f"/incident/{key}").text
    assert "Reviewers disagree" in page
    assert all(f"Because of {kind}." in page for kind in ("establish", "refute"))
    assert killed(desk, key).status is Status.CONTESTED

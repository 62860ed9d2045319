"""Review from the terminal: decisions stay, with reviewer, time and reason, through later runs."""

from __future__ import annotations

import json

import pytest

from ascertain import extract
from ascertain.case import Case
from ascertain.records import DecisionKind


@pytest.fixture
def review(run_cli, copied_case):
    def decide(kind: str, *arguments: object, reviewer: str = "R. One", reason: str = "Looked at it."):
        return run_cli("review", copied_case, kind, *arguments, "--reviewer", reviewer, "--reason", reason)

    return decide


@pytest.fixture
def incidents(run_cli, copied_case):
    return lambda: json.loads(run_cli("incidents", copied_case, "--json").out)["incidents"]


def with_fact(found: list[dict], attribute: str = "killed") -> dict:
    return next(incident for incident in found if any(fact["attribute"] == attribute for fact in incident["facts"]))


def fact_of(incident: dict, attribute: str = "killed") -> dict:
    return next(fact for fact in incident["facts"] if fact["attribute"] == attribute)


def test_a_correction_holds_at_once_and_after_the_next_run(review, incidents, run_cli, copied_case):
    incident = with_fact(incidents())
    told = review("correct", incident["id"], "killed", "--at-least", 13, "--at-most", 13)
    assert told.status == 0
    assert told.out.startswith("decision-")
    for _ in range(2):
        fact = fact_of(with_fact(incidents()))
        assert (fact["at_least"], fact["at_most"], fact["decided_by"]) == (13, 13, ["R. One"])
        assert any("R. One corrected this to 13" in reason and "Looked at it." in reason for reason in fact["reasons"])
        assert run_cli("run", copied_case).status == 1


def test_a_correction_survives_new_documents(review, incidents, run_cli, copied_case, tmp_path):
    review("correct", with_fact(incidents())["id"], "killed", "--at-least", 13, "--at-most", 13)
    for number in range(3):
        (tmp_path / f"later{number}.txt").write_text(
            f"KYIV, 8 April 2022 (Wire {number}) — Shelling in Kyiv on 4 April 2022 killed {15 + number} people, a doctor said.\n"
        )
        run_cli("add", copied_case, tmp_path / f"later{number}.txt")
    run_cli("run", copied_case)
    assert any(
        fact["at_least"] == 13 and fact["decided_by"]
        for incident in incidents()
        for fact in incident["facts"]
        if fact["attribute"] == "killed"
    )


def test_a_correction_survives_a_new_version_of_extraction(review, incidents, copied_case, monkeypatch):
    """All events get other numbers and the triggers a letter more: the decision finds its passages."""
    import attrs

    from ascertain.records import Span

    review("correct", with_fact(incidents())["id"], "killed", "--at-least", 13, "--at-most", 13)
    real, versions = extract.extract, extract.version

    def newer(document, models):
        reading = real(document, models)
        events = tuple(
            attrs.evolve(e, id=f"v9{e.id[1:]}", trigger=Span(max(0, e.trigger.start - 1), e.trigger.end)) for e in reading.events
        )
        return attrs.evolve(reading, events=events, made_by="newer")

    monkeypatch.setattr(extract, "extract", newer)
    monkeypatch.setattr(extract, "version", lambda models: versions(models) + " newer")
    with Case.open(copied_case) as case:
        assert case.run(jobs=1).extracted == 2
        assert case.without_home() == ()
    fact = fact_of(with_fact(incidents()))
    assert (fact["at_least"], fact["decided_by"]) == (13, ["R. One"])


def test_established_needs_two_reviewers(review, incidents):
    incident = with_fact(incidents())
    review("establish", incident["id"], "killed")
    assert fact_of(with_fact(incidents()))["status"] != "established"
    review("establish", incident["id"], "killed", reviewer=" r.  one ")
    assert fact_of(with_fact(incidents()))["status"] != "established", "the same name spelled otherwise is no second person"
    review("establish", incident["id"], "killed", reviewer="R. Two")
    fact = fact_of(with_fact(incidents()))
    assert fact["status"] == "established"
    assert len(fact["decided_by"]) == 2


def test_a_refutation_hides_nothing(review, incidents):
    incident = with_fact(incidents())
    before = fact_of(incident)
    review("refute", incident["id"], "killed")
    fact = fact_of(with_fact(incidents()))
    assert fact["status"] == "refuted"
    assert (fact["origins"], fact["claims"]) == (before["origins"], before["claims"])


def test_a_decision_is_undone_by_another_and_both_are_listed(review, incidents, run_cli, copied_case):
    before = fact_of(with_fact(incidents()))
    number = review("correct", with_fact(incidents())["id"], "killed", "--at-least", 99).out.split(":")[0]
    assert review("undo", number, reason="A slip.").status == 0
    assert fact_of(with_fact(incidents())) == before
    told = run_cli("review", copied_case, "list").out.splitlines()
    assert len(told) == 2
    assert told[0].startswith(number)
    assert told[0].endswith("Looked at it. (undone)")
    assert "A slip." in told[1]
    again = review("undo", number)
    assert (again.status, "undone already" in again.err) == (2, True)


def test_merge_and_split_hold_through_the_next_run(review, incidents, run_cli, copied_case, tmp_path):
    (tmp_path / "other.txt").write_text("LVIV, 9 May 2023 (Wire) — A drone strike killed 3 people in Lviv on Monday, the governor said.\n")
    run_cli("add", copied_case, tmp_path / "other.txt")
    run_cli("run", copied_case)
    first = with_fact(incidents())
    other = next(i for i in incidents() if any("other.txt" in path for path in i["documents"]) and i["id"] != first["id"])
    count = len(incidents())
    assert review("merge", first["id"], "--with", other["id"]).status == 0
    merged = next(i for i in incidents() if {*first["documents"], *other["documents"]} <= set(i["documents"]))
    assert len(incidents()) == count - 1
    run_cli("run", copied_case)
    assert {*first["documents"], *other["documents"]} <= set(next(i for i in incidents() if i["id"] == merged["id"])["documents"])
    assert review("split", merged["id"], "--document", other["documents"][0]).status == 0
    run_cli("run", copied_case)
    assert not any({*first["documents"], *other["documents"]} <= set(i["documents"]) for i in incidents())


def test_confirm_and_reject_leave_a_sentence(review, incidents):
    incident = with_fact(incidents())
    review("confirm", incident["id"], reason="Read rightly.")
    review("reject", incident["id"], reviewer="R. Two", reason="Another place.")
    links = with_fact(incidents())["links"]
    assert any("R. One confirmed the reading" in link and "Read rightly." in link for link in links)
    assert any("R. Two rejected the reading" in link for link in links)
    assert with_fact(incidents())["reviewed"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("correct", "INCIDENT", "killed"), "needs a bound"), (("correct", "INCIDENT", "killed", "--at-least", 9, "--at-most", 3), "above the upper bound"),
        (("correct", "INCIDENT", "dead", "--at-least", 3), "no attribute"), (("establish", "INCIDENT", "detained"), "no fact detained"),
        (("confirm", "nowhere"), "no incident nowhere"), (("merge", "INCIDENT", "--with", "INCIDENT"), "with itself"), (("merge", "INCIDENT"), "incident"),
        (("split", "INCIDENT"), "not none and not all"), (("undo", "decision-x"), "no decision"), (("correct", "INCIDENT", "place"), "needs its words"),
        (("correct", "INCIDENT", "killed", "--at-least", -1), "-1"),
    ],
)  # fmt: skip
def test_a_decision_that_does_not_fit_is_refused_and_not_kept(review, incidents, run_cli, copied_case, arguments, words):
    number = with_fact(incidents())["id"]
    told = review(*(number if argument == "INCIDENT" else argument for argument in arguments))
    assert told.status == 2
    assert words in told.err
    assert run_cli("review", copied_case, "list").out == ""


@pytest.mark.parametrize("missing", ["--reason", "--reviewer"])
def test_a_decision_without_reason_or_reviewer_is_refused(run_cli, copied_case, incidents, missing):
    given = {"--reason": "Seen.", "--reviewer": "R. One"} | {missing: " "}
    assert run_cli("review", copied_case, "confirm", with_fact(incidents())["id"], *(x for pair in given.items() for x in pair)).status == 2


def test_decisions_are_in_the_custody_log_under_their_reviewer(review, incidents, copied_case, run_cli):
    review("confirm", with_fact(incidents())["id"])
    with Case.open(copied_case, read_only=True) as case:
        [entry] = [e for e in case.store.log_entries() if e.record["action"] == "reviewed"]
        assert (entry.record["actor"], entry.record["parameters"]["kind"]) == ("R. One", DecisionKind.CONFIRM)
        assert case.store.check() == []
    assert run_cli("status", copied_case, "--check").status == 0


def test_a_decision_whose_passages_are_gone_says_so(review, incidents, run_cli, copied_case, monkeypatch):
    import attrs

    review("correct", with_fact(incidents())["id"], "killed", "--at-least", 13)
    real, versions = extract.extract, extract.version
    monkeypatch.setattr(extract, "extract", lambda document, models: attrs.evolve(real(document, models), events=(), made_by="none"))
    monkeypatch.setattr(extract, "version", lambda models: versions(models) + " none")
    with Case.open(copied_case) as case:
        case.run(jobs=1)
    assert "no incident holds its passages now: decide anew" in run_cli("review", copied_case, "list").out

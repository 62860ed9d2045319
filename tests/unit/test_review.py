"""People's decisions over the software's proposals."""

from __future__ import annotations

import attrs
import pytest

from ascertain.errors import UsageError
from ascertain.records import (
    Actuality,
    Cluster,
    Decision,
    DecisionKind,
    Document,
    Event,
    EventType,
    Fact,
    Findings,
    Incident,
    Linking,
    Mention,
    Origin,
    OriginKind,
    Period,
    Reading,
    Span,
    Status,
)  # fmt: skip
from ascertain.review import Choice, apply_facts, apply_links, make_decision, standing


def a_reading(name: str) -> Reading:
    event = Event("v1", EventType.ASSAULT, Span(0, 6), Actuality.HAPPENED)
    return Reading(Document(name, f"{name}.txt", "killed five in Goma"), events=(event,))


def an_incident(*names: str, number: str = "1") -> Incident:
    fact = Fact("killed", Status.ALLEGED, 6, at_least=5, at_most=5, origins=("A",), reasons=("one origin",))
    return Incident(
        f"incident-{number}", EventType.ASSAULT, "killing", None, Period("2023-01-01", "2023-01-01"), tuple(f"{n}.txt" for n in names),
        tuple(Mention(f"{n}.txt", "v1", n) for n in names), (Origin("A", OriginKind.PERSON, ("a.txt",)),), (fact,),
    )  # fmt: skip


READINGS = [a_reading("a"), a_reading("b"), a_reading("c")]


def decide(kind: DecisionKind, findings: Findings, *, reviewer: str = "R. One", decisions: tuple[Decision, ...] = (), **more) -> Decision:
    more.setdefault("target", findings.incidents[0].id)
    choice = Choice(kind=kind, reviewer=reviewer, reason="looked at it", **more)
    return make_decision(choice, findings=findings, readings=READINGS, decisions=decisions, decided_at="2026-01-02T03:04:05Z")


def killed(findings: Findings) -> Fact:
    return next(f for f in findings.incidents[0].facts if f.attribute == "killed")


def test_one_reviewer_does_not_establish():
    findings = Findings(incidents=(an_incident("a"),))
    decided = apply_facts(findings, [decide(DecisionKind.ESTABLISH, findings, attribute="killed")], READINGS)
    assert killed(decided).status is Status.ALLEGED
    assert any("second reviewer" in reason for reason in killed(decided).reasons)


def test_the_same_reviewer_twice_does_not_establish():
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.ESTABLISH, findings, attribute="killed")
    again = decide(DecisionKind.ESTABLISH, findings, attribute="killed", decisions=(one,))
    assert killed(apply_facts(findings, [one, again], READINGS)).status is Status.ALLEGED


def test_two_reviewers_establish_and_are_named():
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.ESTABLISH, findings, attribute="killed")
    two = decide(DecisionKind.ESTABLISH, findings, attribute="killed", reviewer="R. Two", decisions=(one,))
    fact = killed(apply_facts(findings, [one, two], READINGS))
    assert (fact.status, fact.decided_by) == (Status.ESTABLISHED, ("R. One", "R. Two"))


def test_an_established_value_that_the_documents_left_behind_says_so():
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.ESTABLISH, findings, attribute="killed")
    two = decide(DecisionKind.ESTABLISH, findings, attribute="killed", reviewer="R. Two", decisions=(one,))
    changed = attrs.evolve(findings.incidents[0], facts=(attrs.evolve(killed(findings), at_least=7, at_most=7),))
    fact = killed(apply_facts(Findings(incidents=(changed,)), [one, two], READINGS))
    assert (fact.at_least, fact.status) == (5, Status.ESTABLISHED)
    assert any("Review again" in reason for reason in fact.reasons)


def test_a_correction_survives_a_new_run_with_another_incident_number():
    findings = Findings(incidents=(an_incident("a"),))
    made = decide(DecisionKind.CORRECT, findings, attribute="killed", at_least=6, at_most=6)
    later = Findings(incidents=(an_incident("b", number="9"), an_incident("a", "c", number="7")))
    decided = apply_facts(later, [made], READINGS)
    assert [next(f.at_least for f in i.facts) for i in decided.incidents] == [5, 6]
    assert [i.reviewed for i in decided.incidents] == [False, True]


def test_a_refutation_keeps_the_claims_and_origins():
    findings = Findings(incidents=(an_incident("a"),))
    fact = killed(apply_facts(findings, [decide(DecisionKind.REFUTE, findings, attribute="killed")], READINGS))
    assert (fact.status, fact.origins) == (Status.REFUTED, ("A",))


def test_an_undone_decision_has_no_effect_but_stays_in_the_list():
    findings = Findings(incidents=(an_incident("a"),))
    made = decide(DecisionKind.REFUTE, findings, attribute="killed")
    undo = decide(DecisionKind.UNDO, findings, target=made.id, decisions=(made,))
    assert standing([made, undo]) == ()
    assert killed(apply_facts(findings, [made, undo], READINGS)).status is Status.ALLEGED


def test_a_merge_survives_when_the_software_keeps_them_apart_again():
    findings = Findings(incidents=(an_incident("a", number="1"), an_incident("b", number="2")))
    merge = decide(DecisionKind.MERGE, findings, other="incident-2")
    linking = Linking(clusters=tuple(Cluster(i.id, i.mentions) for i in findings.incidents))
    for _ in range(2):
        merged = apply_links(linking, [merge], READINGS)
        assert [{m.document for m in c.mentions} for c in merged.clusters] == [{"a", "b"}]


def test_a_split_survives_when_the_software_joins_them_again():
    findings = Findings(incidents=(an_incident("a", "b"),))
    split = decide(DecisionKind.SPLIT, findings, documents=("b.txt",))
    linking = Linking(clusters=(Cluster("incident-1", findings.incidents[0].mentions),))
    parts = sorted({m.document for m in c.mentions} for c in apply_links(linking, [split], READINGS).clusters)
    assert parts == [{"a"}, {"b"}]


@pytest.mark.parametrize(
    "more", [{"attribute": "killed"}, {"attribute": "killed", "at_least": 9, "at_most": 3}, {"attribute": "dead", "at_least": 1}]
)
def test_a_correction_without_a_sound_value_is_refused(more):
    with pytest.raises(UsageError):
        decide(DecisionKind.CORRECT, Findings(incidents=(an_incident("a"),)), **more)


def test_a_decision_needs_a_reason():
    findings = Findings(incidents=(an_incident("a"),))
    with pytest.raises(UsageError, match="reason"):
        make_decision(
            Choice(kind=DecisionKind.CONFIRM, target="incident-1", reviewer="R", reason=" "),
            findings=findings, readings=READINGS, decisions=(), decided_at="2026-01-02T03:04:05Z",
        )  # fmt: skip


def test_of_each_reviewer_the_last_word_counts():
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.ESTABLISH, findings, attribute="killed")
    two = decide(DecisionKind.ESTABLISH, findings, attribute="killed", reviewer="R. Two", decisions=(one,))
    back = decide(DecisionKind.REFUTE, findings, attribute="killed", reviewer="R. Two", decisions=(one, two))
    fact = killed(apply_facts(findings, [one, two, back], READINGS))
    assert fact.status is Status.ALLEGED
    assert any("Reviewers disagree" in reason for reason in fact.reasons)
    again = decide(DecisionKind.ESTABLISH, findings, attribute="killed", reviewer="R. Two", decisions=(one, two, back))
    assert killed(apply_facts(findings, [one, two, back, again], READINGS)).status is Status.ESTABLISHED


@pytest.mark.parametrize("name", ["R. One", "r. one", " R.  One ", "R One", "Ｒ. One"])
def test_one_name_spelled_otherwise_is_no_second_reviewer(name):
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.ESTABLISH, findings, attribute="killed")
    two = decide(DecisionKind.ESTABLISH, findings, attribute="killed", reviewer=name, decisions=(one,))
    assert killed(apply_facts(findings, [one, two], READINGS)).status is Status.ALLEGED


def test_two_reviewers_who_mean_different_values_establish_nothing():
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.ESTABLISH, findings, attribute="killed")
    changed = attrs.evolve(findings.incidents[0], facts=(attrs.evolve(killed(findings), at_least=7, at_most=7),))
    later = Findings(incidents=(changed,))
    two = decide(DecisionKind.ESTABLISH, later, attribute="killed", reviewer="R. Two", decisions=(one,))
    assert killed(apply_facts(later, [one, two], READINGS)).status is Status.ALLEGED


def test_what_was_refuted_keeps_its_value_and_says_what_is_read_now():
    findings = Findings(incidents=(an_incident("a"),))
    made = decide(DecisionKind.REFUTE, findings, attribute="killed")
    changed = attrs.evolve(findings.incidents[0], facts=(attrs.evolve(killed(findings), at_least=7, at_most=7),))
    fact = killed(apply_facts(Findings(incidents=(changed,)), [made], READINGS))
    assert (fact.status, fact.at_least) == (Status.REFUTED, 5)
    assert any("refuted was 5. Review again." in reason for reason in fact.reasons)


def test_a_decision_that_is_undone_can_not_be_undone_again():
    findings = Findings(incidents=(an_incident("a"),))
    made = decide(DecisionKind.REFUTE, findings, attribute="killed")
    undo = decide(DecisionKind.UNDO, findings, target=made.id, decisions=(made,))
    with pytest.raises(UsageError, match="undone already"):
        decide(DecisionKind.UNDO, findings, target=made.id, decisions=(made, undo))
    redo = decide(DecisionKind.UNDO, findings, target=undo.id, decisions=(made, undo))
    assert standing([made, undo, redo]) == (made,)


def test_a_correction_may_add_a_fact_that_the_software_missed():
    findings = Findings(incidents=(an_incident("a"),))
    made = decide(DecisionKind.CORRECT, findings, attribute="injured", at_least=3, at_most=4)
    [fact] = [f for f in apply_facts(findings, [made], READINGS).incidents[0].facts if f.attribute == "injured"]
    assert (fact.at_least, fact.at_most, fact.status, fact.decided_by) == (3, 4, Status.ALLEGED, ("R. One",))


def test_two_choices_in_one_second_are_two_decisions():
    findings = Findings(incidents=(an_incident("a"),))
    one = decide(DecisionKind.CONFIRM, findings)
    assert decide(DecisionKind.CONFIRM, findings, decisions=(one,)).id != one.id

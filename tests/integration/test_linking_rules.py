"""The rules of linking and assessing on small cases of a few texts each: one rule, one test."""

from __future__ import annotations

import pytest

from ascertain import pipeline
from ascertain.config import Settings
from ascertain.records import Document, Fact, Incident, Reading, Stance, Status

pytestmark = pytest.mark.slow

WIRE = (
    "Shells kill four at market in Taiz\nAden Herald\nTAIZ, 7 May 2024 — Shells killed four people and injured 12 at the vegetable market in the Yemeni "
    "city of Taiz on Tuesday, Nashwan Qaid, the director of the health office, said.\n\nThe shells came from the hills in the east, Qaid said.\n"
)
UPDATE = (
    "Toll in Taiz rises\nAden Herald\nADEN, 8 May 2024 — The number of people killed when shells hit a market in Taiz on Tuesday has risen to six, "
    "Nashwan Qaid, the director of the health office, said on Wednesday.\n"
)
RELAY = "Abroad in brief\nEvening Digest\n9 May 2024 — Yemen: Four people were killed by shells at a market in Taiz on Tuesday, the Aden Herald reported.\n"
DENIAL = (
    "Sanaa denies shelling\nSanaa Tribune\nSANAA, 9 May 2024 — The armed forces did not fire on the market of Taiz on Tuesday, their spokesman, Brigadier "
    'Yahya Salim, said. "We did not shell the market," he said.\n'
)
WITNESS = (
    "What was left of the market\nTaiz Monitor\nTAIZ, 9 May 2024 — A day after the shelling of the market in Taiz on Tuesday, a Taiz Monitor reporter "
    "counted six dead at the hospital. We saw two craters between the stalls.\n"
)
OTHER_DAY = (
    "Shells hit bus station in Taiz\nAden Herald\nTAIZ, 10 May 2024 — Shells killed two people at the bus station of Taiz on Thursday, Nashwan Qaid, the "
    "director of the health office, said.\n"
)


def incidents(*texts: str) -> tuple[Incident, ...]:
    documents: list[Document] = []
    for number, text in enumerate(texts, start=1):
        found = pipeline.documents_in(text.encode(), path=f"{number}.txt", settings=Settings())
        documents += [d for d in found if isinstance(d, Document)]
    readings = [r for r in pipeline.read_documents(documents) if isinstance(r, Reading)]
    return pipeline.find_incidents(readings).incidents


def the(found: tuple[Incident, ...], path: str) -> Incident:
    return next(i for i in found if path in i.documents)


def fact(incident: Incident, attribute: str) -> Fact:
    return next(f for f in incident.facts if f.attribute == attribute)


def test_a_higher_number_of_one_origin_is_an_update():
    incident = the(incidents(WIRE, UPDATE), "1.txt")
    assert set(incident.documents) == {"1.txt", "2.txt"}
    killed = fact(incident, "killed")
    assert (killed.at_least, killed.at_most, killed.status) == (6, 6, Status.ALLEGED)


def test_a_relay_leads_to_the_speaker_and_brings_back_no_old_number():
    incident = the(incidents(WIRE, UPDATE, RELAY), "3.txt")
    assert [o.name for o in incident.origins] == ["Nashwan Qaid"]
    assert "3.txt" in incident.origins[0].documents
    assert fact(incident, "killed").at_least == 6


def test_who_denies_contradicts_and_is_never_hidden():
    incident = the(incidents(WIRE, DENIAL), "2.txt")
    denying = [o for o in incident.origins if o.stance is Stance.DENIES]
    assert [o.name for o in denying] == ["Yahya Salim"]
    assert "1.txt" in incident.documents


def test_an_outlet_whose_people_counted_is_an_origin_of_its_own():
    incident = the(incidents(WIRE, UPDATE, WITNESS), "3.txt")
    assert {o.name for o in incident.origins} >= {"Nashwan Qaid", "Taiz Monitor"}
    assert fact(incident, "killed").status is Status.CORROBORATED


def test_two_shellings_of_one_town_two_days_apart_stay_two():
    found = incidents(WIRE, OTHER_DAY)
    assert not set(the(found, "1.txt").documents) & {"2.txt"}


def test_the_place_is_not_where_the_text_was_written():
    incident = the(incidents(UPDATE), "1.txt")
    assert incident.place.name == "Taiz"


def test_every_reason_of_a_fact_names_a_rule_or_a_passage():
    incident = the(incidents(WIRE, UPDATE, DENIAL), "1.txt")
    for told in incident.facts:
        assert told.reasons
        assert any("[rule: " in reason for reason in told.reasons) or told.attribute == "actor"
        assert told.status not in {Status.ESTABLISHED, Status.REFUTED}


def test_every_link_says_why():
    incident = the(incidents(WIRE, UPDATE), "1.txt")
    assert any("same day" in reason or "both name" in reason or "days can be" in reason for reason in incident.links)


TALK = (
    "Guest of the morning: Yusra Badr, market union\nRadio Saber\nTAIZ, 8 May 2024\n\n- Ms Badr, the health office says four dead.\n\n"
    "- I was at the vegetable market in Taiz on Tuesday when the shells fell. I counted seven dead.\n\n- Seven?\n\n- Seven. I knew two of them.\n\n"
    "- Who fired?\n\n- I sell onions.\n"
)
ROUND_UP = (
    "The week\nBab Monitor\nADEN, 11 May 2024\n\nTaiz, Tue 7. Shells on the vegetable market. Four people were killed, says Nashwan Qaid, director of the "
    "health office.\n\nAden, Wed 8. A ship ran aground.\n\nMukalla, Thu 9. The fair was opened with drums.\n"
)


def test_who_answers_in_a_talk_of_dashes_is_an_origin():
    incident = the(incidents(WIRE, TALK), "1.txt")
    assert "2.txt" in incident.documents
    assert any("Yusra Badr" in origin.name for origin in incident.origins)
    assert fact(incident, "killed").status is Status.CONTESTED


def test_an_entry_of_a_round_up_joins_the_incident_of_its_own_head():
    incident = the(incidents(WIRE, ROUND_UP), "1.txt")
    assert "2.txt" in incident.documents
    assert [origin.name for origin in incident.origins] == ["Nashwan Qaid"]

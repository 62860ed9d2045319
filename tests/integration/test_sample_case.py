"""The bundled sample case: its files are what `make.py` makes, and the whole reads it sensibly.

What is asked for here is robust on purpose: nothing in the software is fitted to these texts.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path, PurePath

import pytest

from ascertain import Case, pipeline
from ascertain.config import Settings
from ascertain.records import CopyGroup, Document, Findings, Incident

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
REPORTS, SOURCES = EXAMPLES / "reports", EXAMPLES / "sources"
SYNTHETIC = "Synthetic sample text"
GOLD = json.loads((EXAMPLES / "gold.json").read_text(encoding="utf-8"))
MADE = sorted(path.name for path in REPORTS.iterdir() if path.suffix != ".txt")
DEPENDS_ON_ZLIB = (".docx", ".eml")  # compressed inside

pytestmark = pytest.mark.slow


def words(text: str) -> str:
    return " ".join(text.split())


def documents_of(name: str) -> list[Document]:
    found = pipeline.documents_in((REPORTS / name).read_bytes(), path=name, settings=Settings())
    return [item for item in found if isinstance(item, Document)]


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_examples", EXAMPLES / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "case"
    with Case.create(folder, name="Sample case (synthetic)", collector="tests") as made:
        made.add(REPORTS)
        made.run(jobs=1)
        yield made


@pytest.fixture(scope="module")
def findings(case) -> Findings:
    return case.incidents()


def names(documents: tuple[str, ...] | list[str]) -> set[str]:
    return {PurePath(path).name for path in documents}


def the_incident(findings: Findings, gold_id: str) -> Incident:
    """The incident that shares most documents with one of the gold sheet."""
    wanted = set(next(row for row in GOLD["incidents"] if row["id"] == gold_id)["documents"])
    return max(findings.incidents, key=lambda incident: len(wanted & names(incident.documents)))


# the files


def test_make_knows_every_file_that_is_no_plain_text(maker):
    assert sorted(maker.REPORTS) == MADE


@pytest.mark.parametrize("name", [name for name in MADE if not name.endswith((*DEPENDS_ON_ZLIB, ".pdf"))])
def test_make_gives_the_same_bytes(maker, name):
    assert maker.REPORTS[name]() == (REPORTS / name).read_bytes()


@pytest.mark.parametrize("name", MADE)
def test_the_text_of_a_made_file_is_its_sources(name):
    read = words(" ".join(document.text for document in documents_of(name)))
    sources = sorted(SOURCES.glob(f"{name[:2]}*.txt"))
    assert sources
    for source in sources:
        _, *paragraphs = source.read_text(encoding="utf-8").strip().split("\n\n")
        for paragraph in paragraphs[:-1]:
            assert words(paragraph) in read, f"{source.name} is not whole in {name}"


@pytest.mark.parametrize("name", sorted(path.name for path in REPORTS.iterdir()))
def test_every_file_says_that_it_is_synthetic(name):
    documents = documents_of(name)
    assert documents
    for document in documents:
        assert SYNTHETIC in document.text
        assert 80 <= len(document.text.split()) <= 350


def test_the_gold_sheet_names_documents_that_exist():
    there = {PurePath(document.path).name for path in REPORTS.iterdir() for document in documents_of(path.name)}
    told = {name for incident in GOLD["incidents"] for name in incident["documents"]} | set(GOLD["noise"])
    assert told == there


# the findings


def test_every_input_is_done(case):
    status = case.status(check=True)
    assert status.failed == 0
    assert status.waiting == 0
    assert status.documents == 32
    assert status.problems == ()


def test_the_copies_are_found_and_no_others(findings):
    def pairs(groups: tuple[CopyGroup, ...]) -> set[frozenset[str]]:
        return {frozenset(names(group.documents)) for group in groups}

    assert pairs(findings.copies) == {frozenset(group) for group in GOLD["copies"]}


def test_the_strikes_and_the_abduction_are_found(findings):
    for gold_id in ("ed-daein-market", "druzhkivka-clinic", "druzhkivka-bus-stop", "oicha-farmers"):
        wanted = set(next(row for row in GOLD["incidents"] if row["id"] == gold_id)["documents"])
        found = names(the_incident(findings, gold_id).documents)
        assert len(wanted & found) * 2 > len(wanted), gold_id


def test_two_strikes_in_one_town_are_two_incidents(findings):
    assert the_incident(findings, "druzhkivka-clinic").id != the_incident(findings, "druzhkivka-bus-stop").id


def test_a_denial_is_shown(findings):
    denied = [fact for fact in the_incident(findings, "ed-daein-market").facts if fact.attribute == "actor"]
    assert any("Siddig" in name or "army" in name.lower() for fact in denied for name in fact.contradicted_by)
    assert {fact.status for fact in denied} == {"contested"}


def test_counts_that_contradict_each_other_are_contested(findings):
    facts = [fact for fact in the_incident(findings, "oicha-farmers").facts if fact.attribute in {"detained", "missing"}]
    assert any((fact.at_least, fact.at_most, fact.status) == (9, 12, "contested") for fact in facts)


GOLD_NUMBERS = [
    (row["id"], fact["attribute"], fact["at_least"], fact["at_most"])
    for row in GOLD["incidents"]
    for fact in row["facts"]
    if fact["at_least"] is not None
]


@pytest.mark.parametrize(("incident", "attribute", "at_least", "at_most"), GOLD_NUMBERS)
def test_numbers_are_those_of_the_gold_sheet(findings, incident, attribute, at_least, at_most):
    found = [fact for fact in the_incident(findings, incident).facts if fact.attribute == attribute]
    assert [(fact.at_least, fact.at_most) for fact in found] == [(at_least, at_most)]


def test_a_speaker_and_their_office_are_one_origin(findings):
    names = [origin.name for origin in the_incident(findings, "ed-daein-market").origins]
    assert not {"Hawa Tijani", "Ed Daein Relief Room"} <= set(names)


def test_a_number_that_was_corrected_is_gone(findings):
    killed = [fact for fact in the_incident(findings, "druzhkivka-clinic").facts if fact.attribute == "killed"]
    assert killed
    assert all((fact.at_most or 0) < 13 for fact in killed)


def test_a_road_accident_is_in_no_incident_of_the_war(findings):
    listed = {name for row in GOLD["incidents"] for name in row["documents"]}
    for incident in findings.incidents:
        if "22d-grabenpress.txt" in names(incident.documents):
            assert not names(incident.documents) & listed


def test_nothing_is_established_or_reviewed(findings):
    assert {fact.status for incident in findings.incidents for fact in incident.facts} <= {"alleged", "corroborated", "contested"}
    assert not any(incident.reviewed for incident in findings.incidents)


def test_every_claim_stands_in_its_document(case, findings):
    texts = {document.id: document.text for document in case.documents()}
    claims = [claim for incident in findings.incidents for fact in incident.facts for claim in fact.claims]
    assert claims
    assert all(0 <= claim.passage.start < claim.passage.end <= len(texts[claim.document]) for claim in claims)

"""Annotations and provenance: what the standards ask, what the rest says, read by other people's software as well."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import bagit
import dossiers
import pytest

from ascertain import Case
from ascertain.publish import _dossier, verify_parts
from ascertain.publish._parts import Wanted, export_part
from ascertain.records import MarkKind, Sensitivity
from ascertain.review import Classing

ROOT = Path(__file__).resolve().parents[2]
BASE = "file:///dossier/data/"
SECRET = "Café owners"


def checker():
    """`tools/crate_check.py` as a module."""
    spec = importlib.util.spec_from_file_location("crate_check", ROOT / "tools" / "crate_check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One case exported whole, as a selection, and protected."""
    folder = tmp_path_factory.mktemp("derived")
    with dossiers.a_case(folder / "case") as store:
        dossiers.export(store, folder / "whole")
        dossiers.export(store, folder / "whole.zip")
        export_part(store, folder / "part", Wanted(documents=("a.txt",)), generated_at=dossiers.NOW, tool="ascertain 0.1.0")
    with Case.open(folder / "case", clock=lambda: dossiers.NOW) as case:
        case.classify(Classing(MarkKind.ENTITY, SECRET, Sensitivity.PROTECTED, "Ann", "a wish"))
        case.export_part(folder / "protected", Wanted(protected=True))
    return folder


def load(folder: Path, name: str):
    return json.loads((folder / "data" / name).read_bytes())


def derive(*arguments, cwd=None):
    """The file that lies in a dossier, run by itself: no package of ours, no other than Python's."""
    return subprocess.run([sys.executable, "-I", "-S", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.parametrize("kind", ["whole", "part", "protected"])
def test_every_claim_is_an_annotation_whose_words_stand_where_it_says(made, kind):
    folder = made / kind
    claims = [claim for incident in load(folder, "incidents.json")["incidents"] for fact in incident["facts"] for claim in fact["claims"]]
    found = []
    for path in sorted((folder / "data" / "annotations").iterdir()):
        collection = json.loads(path.read_bytes())
        assert collection["total"] == len(collection["first"]["items"])
        for one in collection["first"]["items"]:
            text = (path.parent / collection["first"]["items"][0]["target"]["state"]["cached"]).read_text(encoding="utf-8")
            quote, position = one["target"]["selector"]
            assert text[position["start"] : position["end"]] == quote["exact"]
            assert text[: position["start"]].endswith(quote["prefix"])
            assert text[position["end"] :].startswith(quote["suffix"])
            steps = [int(step) if step.isdigit() else step for step in one["body"][1].partition("#/")[2].split("/")]
            claim = load(folder, "incidents.json")
            for step in steps:
                claim = claim[step]
            assert (claim["document"], claim["passage"]) == (path.stem, [position["start"], position["end"]])
            found.append(claim)
    assert found == claims
    assert claims


@pytest.mark.parametrize("name", ["whole", "whole.zip", "part", "protected"])
def test_the_file_in_the_dossier_makes_both_anew_and_agrees(made, name):
    result = derive(made / "whole" / "derive.py", made / name)
    assert (result.returncode, result.stderr) == (0, "")
    assert "agree with the rest" in result.stdout


@pytest.mark.parametrize("kind", ["whole", "part", "protected"])
def test_bagit_accepts_parts_too(made, kind):
    assert bagit.Bag(str(made / kind)).validate()


@pytest.mark.parametrize("layer", ["passages", "objects"])
def test_an_exporter_who_tells_it_otherwise_is_found_though_all_is_signed(tmp_path, monkeypatch, layer):
    true = _dossier.add_derived

    def lying(bag, leaves):
        true(bag, leaves)
        path = next(path for path in bag.digests if path.startswith("data/annotations/")) if layer == "passages" else "data/prov.jsonld"
        data = (bag.folder / path).read_bytes().replace(b"asserts", b"denies").replace(b"killed: est", b"injured: est")
        (bag.folder / path).unlink()
        del bag.digests[path]
        bag.add(path, data)

    monkeypatch.setattr(_dossier, "add_derived", lying)
    monkeypatch.setattr(_dossier, "_confirm", lambda *_: None)
    with dossiers.a_case(tmp_path / "case") as store:
        out = dossiers.export(store, tmp_path / "dossier.zip")
    found = verify_parts.check(out)
    assert [(problem.layer, problem.false) for problem in found.problems] == [(layer, True)]
    result = derive(ROOT / "src" / "ascertain" / "publish" / "derive.py", out)
    assert (result.returncode, result.stderr) == (4, "")
    assert found.problems[0].file in result.stdout


def test_a_derived_file_that_is_missing_or_besides_is_named(made, tmp_path):
    files = dossiers.load(made / "whole")
    name = next(name for name in files if name.startswith("data/annotations/"))
    files["data/annotations/besides.jsonld"] = files.pop(name)
    result = derive(made / "whole" / "derive.py", dossiers.save(files, tmp_path / "changed"))
    assert result.returncode == 4
    assert f"{name} is missing" in result.stdout
    assert "besides.jsonld follows from nothing here" in result.stdout


def test_nothing_protected_and_no_digest_of_an_original_stands_in_them(made):
    digests = list((made / "whole" / "data" / "originals").iterdir())
    paths = [made / "protected" / "data" / "prov.jsonld", *(made / "protected" / "data" / "annotations").iterdir()]
    assert len(paths) > 1
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert SECRET not in text
        assert "Caf" not in text
        assert not [one.name for one in digests if one.name in text]


def test_rdflib_reads_the_annotations_without_a_network(made):
    annotations, triples = checker().annotation_triples(made / "whole")
    assert (annotations, triples) == (1, 39)


@pytest.mark.parametrize("kind", ["whole", "part", "protected"])
def test_provenance_leads_from_facts_to_originals_within_the_constraints_of_prov(made, kind):
    import rdflib

    check = checker()
    graph, document = check.provenance(made / kind)
    prov = rdflib.Namespace(check.PROV)
    assert list(check.constraint_breaches(graph)) == []
    fact = rdflib.URIRef(f"{BASE}incidents.json#/incidents/0/facts/0")
    [text] = graph.objects(fact, prov.wasQuotedFrom)
    origins = {str(one).removeprefix(BASE).partition("/")[0] for one in graph.transitive_objects(text, prov.wasDerivedFrom)}
    assert (
        origins == {"texts", "documents", "originals"}
        if kind != "protected"
        else {"texts", "documents", "disclosures", "prov.jsonld#sealed"}
    )
    decisions = {str(one) for one in graph.objects(fact, prov.wasDerivedFrom) if "decisions" in one}
    assert decisions == {f"{BASE}decisions.jsonl#1", f"{BASE}decisions.jsonl#2"}
    assert {str(name) for who in graph.objects(fact, prov.wasAttributedTo) for name in graph.objects(who, rdflib.RDFS.label)} == {
        "Ann",
        "Ben",
    }
    named = {type(record).__name__ for record in document.records}
    assert {"ProvEntity", "ProvActivity", "ProvAgent", "ProvDerivation", "ProvGeneration"} <= named


def test_the_terms_are_those_of_prov_o(made):
    import rdflib

    graph, _ = checker().provenance(made / "whole")
    used = {*graph.predicates(), *graph.objects(None, rdflib.RDF.type)} - {rdflib.RDF.type, rdflib.RDFS.label}
    assert len(used) > 12
    assert [one for one in used if one not in rdflib.PROV] == []


def test_the_example_of_the_specification_is_what_is_made(made):
    text = (ROOT / "docs" / "specs" / "dossier.md").read_text(encoding="utf-8")
    example = json.loads(text.partition("Example (an annotation; blanks added):")[2].partition("```json\n")[2].partition("```")[0])
    [path] = (made / "whole" / "data" / "annotations").iterdir()
    [item] = json.loads(path.read_text(encoding="utf-8").replace(path.stem, f"{path.stem[:8]}…"))["first"]["items"]
    assert item == example

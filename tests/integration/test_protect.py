"""Protected dossiers and selections through the real store and command line; every way around the rule of two persons."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import attrs
import dossiers
import parts
import pytest

from ascertain import Case
from ascertain.cli import main as cli
from ascertain.custody import blind_name
from ascertain.errors import CustodyError, InputError, StoreError, UsageError
from ascertain.publish import Wanted, export_part, open_names, write_names
from ascertain.records import Document, Label, MarkKind, Outcome, Reading, Sensitivity
from ascertain.review import Classing
from ascertain.store import Account, Desk, People, Protection

PUBLIC, RESTRICTED, PROTECTED = Sensitivity
TEXT = "Hanna Kassar, a nurse of Rivertown, saw the red house burn. 'Ask Kassar,' she said.\n"
OTHER = "Nothing of hers stands here: the river rose.\n"


def put(store, text: str, path: str, parent: str | None = None, **about) -> str:
    data = text.encode()
    capture = attrs.evolve(dossiers.a_capture(data, path), parent=parent)
    store.preserve(data, capture)
    document = Document(capture.original, path, text, **about)
    store.put_document(document, Outcome(document.id, "parse", "done", "1"))
    store.put_reading(Reading(document, made_by="extract test"), Outcome(document.id, "extract", "done", "1"))
    return document.id


@pytest.fixture
def case(tmp_path):
    with dossiers.a_case(tmp_path / "case") as store:
        put(store, TEXT, "reports/hanna-kassar.txt", title="Hanna Kassar speaks", url="https://example.org/hanna%20kassar")
        put(store, OTHER, "reports/other.txt")
    with Case.open(tmp_path / "case", clock=lambda: dossiers.NOW) as opened:
        yield opened


def say(case: Case, thing: str, sensitivity: Sensitivity = PROTECTED, by: str = "Ann", kind: MarkKind = MarkKind.ENTITY, **more):
    return case.classify(Classing(kind, thing, sensitivity, by, "her wish", **more))


def part(case: Case, out: Path, **wanted) -> parts.Part:
    case.export_part(out, Wanted(**wanted))
    return parts.Part(out).check()


def command(*arguments) -> int:
    with pytest.raises(SystemExit) as end:
        cli([str(one) for one in arguments])
    return int(end.value.code or 0)


# --- what a protected dossier shows


def test_protected_words_are_in_no_byte_and_what_is_shown_is_proved(case, tmp_path):
    say(case, "Hanna Kassar", label=Label.WITNESS)
    say(case, "Rivertown", RESTRICTED, label=Label.PLACE)
    say(case, "the red house", kind=MarkKind.PASSAGE, document="reports/hanna-kassar.txt")
    made = part(case, tmp_path / "out", protected=True)
    left = parts.inflated(made.folder).decode("utf-8", "replace").casefold()
    assert [word for word in ("hanna", "kassar", "rivertown", "red house") if word in left] == []
    shown = [made.read(f"texts/{name}.txt").decode() for name, about in made.disclosures.items() if about["kind"] == "document"]
    assert any(
        text.startswith("Witness 1, a nurse of Place 1, saw [passage") and text.endswith("'Ask Witness 1,' she said.\n") for text in shown
    )
    assert OTHER in shown
    runs = [run for about in made.disclosures.values() for run in about.get("words", ()) if isinstance(run, dict)]
    assert {(run["class"], run["reason"]) for run in runs} == {("protected", "her wish"), ("restricted", "her wish")}


def test_no_digest_of_an_original_leaves_that_could_be_tried(case, tmp_path):
    say(case, "Hanna Kassar")
    made = part(case, tmp_path / "out", protected=True)
    left = parts.inflated(made.folder)
    document = next(one for one in case.documents() if one.text == TEXT)
    for digest in (document.id, hashlib.sha256(TEXT.encode()).hexdigest(), document.id[:12]):
        assert digest.encode() not in left
    assert case.incidents().incidents[0].id.encode() not in left


def test_what_people_decided_stays_decided_and_proved(case, tmp_path):
    say(case, "Hanna Kassar")
    made = part(case, tmp_path / "out", protected=True)
    lines = [json.loads(line) for line in made.lines("decisions.jsonl")]
    assert [line["reviewer"] for line in lines] == ["Ann", "Ben"]
    for line in lines:
        fields = {field["name"]: field.get("value") for field in made.decision_of(line)["fields"]}
        assert (fields["reviewer"], fields["kind"], fields["value"]) == (
            line["reviewer"],
            "establish",
            '{"at_least":20,"at_most":20,"value":null}',
        )
    [incident] = json.loads(made.read("incidents.json"))["incidents"]
    assert incident["facts"][0]["status"] == "established"


def test_a_withheld_document_is_shown_as_withheld_with_class_and_reason(case, tmp_path):
    say(case, "a.txt", RESTRICTED, kind=MarkKind.ITEM)
    made = part(case, tmp_path / "out", protected=True)
    [line] = [json.loads(line) for line in made.lines("withheld.jsonl")]
    assert (line["kind"], line["class"], line["reason"]) == ("document", "restricted", "her wish")
    assert made.records[line["record"]]["object"] == line["id"]
    assert dossiers.TEXT.encode()[:30] not in parts.inflated(made.folder)
    assert json.loads(made.read("incidents.json"))["incidents"] == []


def test_claims_against_that_are_withheld_are_still_counted(case, tmp_path):
    from ascertain.records import Claim, Fact, Incident, Mention, Period, Span, Stance, Status

    one, two = (next(d for d in case.documents() if d.path == path) for path in ("a.txt", "reports/other.txt"))
    claims = (
        Claim("Officials", one.id, one.path, Span(15, 17), Stance.ASSERTS, 20, 20, event="e1", statement="s1"),
        Claim("The army", two.id, two.path, Span(0, 7), Stance.DENIES),
    )
    fact = Fact("injured", Status.CONTESTED, 3, 20, 20, origins=("Officials",), contradicted_by=("The army",), claims=claims)
    incident = Incident(
        "incident-1",
        dossiers.EventType.ASSAULT,
        "killing",
        None,
        Period(),
        (one.path, two.path),
        (Mention(one.path, "e1", one.id),),
        facts=(fact,),
    )
    case.store.put_findings(attrs.evolve(case.incidents(), incidents=(incident,)), key="k2")
    say(case, "reports/other.txt", kind=MarkKind.ITEM)
    made = part(case, tmp_path / "out", protected=True)
    [shown] = json.loads(made.read("incidents.json"))["incidents"][0]["facts"]
    assert (shown["withheld"], shown["status"], shown["contradicted_by"]) == ({"for": 0, "against": 1}, "contested", ["The army"])


def test_a_pseudonym_is_the_same_in_the_next_export_and_in_the_report(case, tmp_path):
    say(case, "Hanna Kassar", label=Label.WITNESS)
    part(case, tmp_path / "one", protected=True)
    case.classify(Classing(MarkKind.ENTITY, "Abel Adam", PROTECTED, "Ann", "his wish", label=Label.WITNESS))
    made = part(case, tmp_path / "two", documents=("reports/hanna-kassar.txt",), protected=True)
    assert b"Witness 1, a nurse" in parts.inflated(made.folder)
    case.report(tmp_path / "report")
    pages = parts.inflated(tmp_path / "report")
    assert b"Witness 1" in pages
    assert b"Kassar" not in pages


def test_a_case_whose_name_tells_is_refused(tmp_path):
    from ascertain.store import Store

    Store.create(tmp_path / "case", name="Kassar case", collector="Tester", now=dossiers.NOW).close()
    with Case.open(tmp_path / "case") as case:
        put(case.store, TEXT, "a.txt")
        say(case, "Hanna Kassar")
        with pytest.raises(StoreError, match="name of the case"):
            case.export_part(tmp_path / "out", Wanted(protected=True))
        assert not (tmp_path / "out").exists()


def test_a_case_that_was_never_sealed_withholds_whole_documents_until_it_is(tmp_path):
    shutil.copytree(Path(__file__).parents[1] / "golden" / "case-0002", tmp_path / "case")
    with Case.open(tmp_path / "case") as case:
        made = part(case, tmp_path / "one", protected=True)
        documents = len(case.documents())
        kinds = [json.loads(line)["kind"] for line in made.lines("withheld.jsonl")]
        assert kinds.count("document") == documents > 0
        assert not (made.folder / "data" / "texts").exists()
        assert Protection(case.store).seal_older() == documents
        again = part(case, tmp_path / "two", protected=True)
        assert len(list((again.folder / "data" / "texts").iterdir())) == documents


# --- selections


def test_a_selection_holds_its_own_and_nothing_else(case, tmp_path):
    made = part(case, tmp_path / "out", incidents=("incident-1",))
    left = parts.inflated(made.folder)
    assert b"Kassar" not in left
    assert b"river rose" not in left
    assert dossiers.TEXT.encode() in left
    names = {path.name for path in (made.folder / "data" / "originals").iterdir()}
    assert names == {hashlib.sha256(dossiers.TEXT.encode()).hexdigest()}
    actions = [record["action"] for record in made.records.values()]
    assert set(actions) == {"collected", "parsed", "extracted", "reviewed", "linked", "exported"}
    assert len(made.lines("decisions.jsonl")) == 2
    assert {about["kind"] for about in made.disclosures.values()} == {"findings"}


def test_a_selection_of_a_document_leaves_out_incidents_that_stand_on_others_too(case, tmp_path):
    made = part(case, tmp_path / "out", documents=("reports/other.txt",))
    assert json.loads(made.read("incidents.json"))["incidents"] == []
    assert made.lines("decisions.jsonl") == []


@pytest.mark.parametrize("wanted", [{"incidents": ("nothing",)}, {"documents": ("no.txt",)}])
def test_what_is_not_there_is_said(case, tmp_path, wanted):
    with pytest.raises(UsageError, match="there is no"):
        case.export_part(tmp_path / "out", Wanted(**wanted))


# --- two persons


@pytest.fixture
def marked(case):
    say(case, "Hanna Kassar")
    return case


def refused(case: Case, out: Path) -> None:
    before = case.store.log_size()
    with pytest.raises(StoreError, match="would leave"):
        case.export(out)
    assert not out.exists()
    assert [e.record["action"] for e in list(case.store.log_entries())[before:]].count("exported") == 0


def test_a_whole_dossier_needs_two_persons(marked, tmp_path):
    refused(marked, tmp_path / "one")
    say(marked, "Hanna Kassar", RESTRICTED, by="Ben")
    refused(marked, tmp_path / "two")
    say(marked, "Hanna Kassar", RESTRICTED, by="BEN.")
    refused(marked, tmp_path / "three")
    say(marked, "Hanna Kassar", RESTRICTED, by="Cleo")
    assert marked.export(tmp_path / "four").exists()
    say(marked, "Hanna Kassar", PROTECTED, by="Ann")
    refused(marked, tmp_path / "five")


def test_another_spelling_of_the_name_is_the_same_thing(marked, tmp_path):
    say(marked, "HANNA  kassar", RESTRICTED, by="Ben")
    say(marked, "Hanna Kassar", RESTRICTED, by="Ben")
    refused(marked, tmp_path / "out")
    assert [one.sensitivity for one in Protection(marked.store).standings().values()] == [PROTECTED]


def test_a_report_that_shows_names_needs_them_too(marked, tmp_path):
    with pytest.raises(StoreError, match="would leave"):
        marked.report(tmp_path / "report", protect_names=False)
    assert not (tmp_path / "report").exists()


def test_a_selection_needs_them_only_where_the_thing_is_in_it(marked, tmp_path):
    with pytest.raises(StoreError, match="would leave"):
        marked.export_part(tmp_path / "one", Wanted(documents=("reports/hanna-kassar.txt",)))
    part(marked, tmp_path / "two", documents=("reports/other.txt",))


def test_a_part_of_a_protected_container_and_a_container_of_a_protected_part_need_them(case, tmp_path):
    outer = put(case.store, "A letter with a file.\n", "mail.eml")
    inner = put(case.store, "The file of the letter.\n", "mail.eml/file.txt", parent=outer)
    say(case, inner, kind=MarkKind.ITEM)
    with pytest.raises(StoreError, match="would leave"):
        case.export_part(tmp_path / "one", Wanted(documents=("mail.eml",)))
    for who in ("Ann", "Ben"):
        say(case, inner, PUBLIC, by=who, kind=MarkKind.ITEM)
    part(case, tmp_path / "two", documents=("mail.eml",))
    say(case, outer, kind=MarkKind.ITEM)
    with pytest.raises(StoreError, match="would leave"):
        case.export_part(tmp_path / "three", Wanted(documents=("mail.eml/file.txt",)))
    made = part(case, tmp_path / "four", protected=True)
    assert b"file of the letter" not in parts.inflated(made.folder)


def test_the_record_of_an_export_is_written_only_by_what_keeps_the_rule(marked):
    for action in ("exported", "classed", "sealed", "pseudonyms given"):
        with pytest.raises(StoreError, match="keeps its rule"):
            marked.store.record(action, "dossier", scope="whole")
    with pytest.raises(StoreError, match="would leave"):
        Protection(marked.store).record_export(None, scope="whole")


def test_a_mark_that_comes_while_the_export_is_written_stops_it(case, tmp_path, monkeypatch):
    from ascertain.publish import _dossier

    describe = _dossier.describe

    def late(*arguments):
        describe(*arguments)
        say(case, "Hanna Kassar")

    monkeypatch.setattr(_dossier, "describe", late)
    refused(case, tmp_path / "out")
    assert list(case.store.log_entries())[-2].record["action"] == "classed" or Protection(case.store).marks()


def test_a_mark_taken_out_of_the_database_is_missed(marked, tmp_path):
    with sqlite3.connect(marked.store.folder / "case.sqlite") as database:
        database.execute("DELETE FROM log WHERE number = (SELECT max(number) FROM log)")
    database.close()
    with pytest.raises(CustodyError):
        marked.export(tmp_path / "out")


def test_a_mark_made_weaker_in_the_database_is_missed(marked, tmp_path):
    with sqlite3.connect(marked.store.folder / "case.sqlite") as database:
        database.execute("UPDATE log SET leaf = replace(leaf, 'classed', 'viewed0') WHERE number = (SELECT max(number) FROM log)")
    database.close()
    with pytest.raises(CustodyError):
        marked.export(tmp_path / "out")


def test_without_the_secret_nothing_is_read_as_unprotected(marked, tmp_path):
    folder = marked.store.folder
    marked.close()
    (folder / "keys" / "salts.pem").unlink()
    with Case.open(folder) as again, pytest.raises(CustodyError, match="another one"):
        again.export(tmp_path / "out")


def test_where_there_are_accounts_only_leads_release(tmp_path, case):
    say(case, "Hanna Kassar")
    folder = case.store.folder
    case.close()
    with Desk.open(folder) as desk:
        people = People(desk)
        for name, role, active in (("Lea", "lead", True), ("Max", "lead", True), ("Rita", "reviewer", True), ("Old", "lead", False)):
            people.add_account(Account(name, role, "x", dossiers.NOW, "Tester", active=active))
    with Case.open(folder) as again:
        for who in ("Nobody", "Rita", "Old", "lea "):
            with pytest.raises(UsageError, match="no account"):
                say(again, "Hanna Kassar", RESTRICTED, by=who)
        say(again, "Hanna Kassar", RESTRICTED, by="Lea")
        with pytest.raises(StoreError):
            again.export(tmp_path / "one")
        say(again, "Hanna Kassar", RESTRICTED, by="Max")
        assert again.export(tmp_path / "two").exists()
        say(again, "Omar Haddad", by="Rita")


def test_marks_stand_in_the_log_without_their_words(marked):
    log = b"\n".join(marked.store.log_leaves())
    assert b"Hanna Kassar" not in log.replace(b"reports/hanna-kassar", b"")
    assert b"her wish" not in log
    entry = list(marked.store.log_entries())[-1].record
    assert (entry["action"], entry["actor"], entry["parameters"]["class"]) == ("classed", "Ann", "protected")
    assert entry["object"] == blind_name(marked.store.secret(), "entity", "hanna kassar")


# --- what pseudonyms stand for, and the command line


def test_the_names_are_in_a_file_that_only_its_recipient_opens(tmp_path):
    import pyrage

    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    write_names(tmp_path / "names.age", {"names": {"Witness 1": ["Hanna Kassar"]}}, recipients=[str(mine.to_public())], passphrase=None)
    assert b"Kassar" not in (tmp_path / "names.age").read_bytes()
    found = open_names(tmp_path / "names.age", identity=f"# made\n{mine}\n".encode(), passphrase=None)
    assert json.loads(found) == {"names": {"Witness 1": ["Hanna Kassar"]}}
    for key in (str(other).encode(), b"no key"):
        with pytest.raises(InputError):
            open_names(tmp_path / "names.age", identity=key, passphrase=None)
    with pytest.raises(UsageError, match="exists"):
        write_names(tmp_path / "names.age", {}, recipients=[], passphrase="x")
    with pytest.raises(UsageError, match="public key"):
        write_names(tmp_path / "more.age", {}, recipients=["age1nothing"], passphrase=None)


def test_the_commands(case, tmp_path, capsys, monkeypatch):
    folder, out = case.store.folder, tmp_path / "out.zip"
    case.close()
    monkeypatch.setenv("ASCERTAIN_NAMES_PASSPHRASE", "one two")
    set_class = ("protect", "set", folder, "entity", "Hanna Kassar")
    assert command(*set_class, "protected", "--reason", "her wish", "--by", "Ann", "--as", "witness") == 0
    assert command("export", folder, "-o", tmp_path / "whole") == 5
    assert command("export", folder, "-o", out, "--protected", "--show-names") == 2
    capsys.readouterr()
    assert command("export", folder, "-o", out, "--protected") == 0
    assert "1 in part, 0 withheld" in capsys.readouterr().out
    assert b"Kassar" not in out.read_bytes()
    assert command("protect", "open", f"{out}.names.age") == 0
    assert json.loads(capsys.readouterr().out)["names"] == {"Witness 1": ["hanna kassar"]}
    monkeypatch.delenv("ASCERTAIN_NAMES_PASSPHRASE")
    assert command("protect", "open", f"{out}.names.age") == 2
    assert command(*set_class, "restricted", "--reason", "the court asks", "--by", "Ben") == 0
    assert "second person" in capsys.readouterr().out
    assert command("protect", "list", folder) == 0
    assert "entity Hanna Kassar: protected (Ann: her wish); ben would make it restricted" in capsys.readouterr().out
    assert command("protect", "list", folder, "--json") == 0
    assert json.loads(capsys.readouterr().out)["class"] == "protected"
    assert command("protect", "seal", folder) == 0
    assert command("protect", "set", folder, "item", "nothing.txt", "protected", "--reason", "x") == 2
    assert command("export", folder, "-o", tmp_path / "part", "--document", "reports/other.txt") == 0


def test_an_export_is_made_again_the_same(case, tmp_path):
    say(case, "Hanna Kassar")
    first = part(case, tmp_path / "one", protected=True)
    second = part(case, tmp_path / "two", protected=True)
    for name in ("incidents.json", "decisions.jsonl"):
        assert first.read(name) == second.read(name)
    assert first.disclosures == second.disclosures


def test_export_part_is_what_the_case_calls(case, tmp_path):
    closed = export_part(case.store, tmp_path / "out", Wanted(protected=True), generated_at=dossiers.NOW, tool="ascertain 0")
    assert closed is not None
    assert set(closed.counts) >= {"whole", "part", "withheld", "restricted", "protected"}


def test_the_workbench_releases_nothing_that_is_protected_or_that_one_person_asks_for_and_decides(case, tmp_path):
    from ascertain.store import Publication
    from ascertain.web._releases import make_release

    say(case, "Hanna Kassar")
    folder = case.store.folder
    case.close()
    with Desk.open(folder) as desk:
        people = People(desk)
        asked = Publication("All", "dossier", True, "Lea", dossiers.NOW)
        number = people.ask_publication(asked)
        for who in ("Lea", "LEA", " lea."):
            with pytest.raises(UsageError, match="decide on it"):
                people.change_publication(number, by=who, expect="asked", state="released", decided_by=who)
        assert people.change_publication(number, by="Max", expect="asked", state="released", decided_by="Max", reason="ok")
        with pytest.raises(StoreError, match="would leave"):
            make_release(desk, number, clock=lambda: dossiers.NOW)
        assert people.publication(number).state == "failed"
        with pytest.raises(StoreError, match="would leave"):
            Protection(desk).refuse_words("hanna-kassar;12")
        Protection(desk).refuse_words("Kassandra;12")

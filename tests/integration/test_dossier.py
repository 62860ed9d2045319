"""A dossier through the real store, the command line, and other people's tools."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import attrs
import bagit
import cryptography
import dossiers
import pytest

from ascertain.cli import main as cli
from ascertain.errors import CustodyError, StoreError, UsageError
from ascertain.publish import _dossier, verify
from ascertain.records import DecisionKind, Document, Fact, Outcome, Status
from ascertain.store import Protection, Store


@pytest.fixture
def store(tmp_path):
    with dossiers.a_case(tmp_path / "case") as opened:
        yield opened


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with dossiers.a_case(folder / "case") as opened:
        return dossiers.export(opened, folder / "dossier")


def run(*arguments, cwd=None):
    return subprocess.run([str(one) for one in arguments], capture_output=True, text=True, check=False, cwd=cwd)


def command(*arguments):
    with pytest.raises(SystemExit) as end:
        cli([str(one) for one in arguments])
    return end.value.code


# --- other people's tools


def test_bagit_accepts_the_bag(dossier):
    assert bagit.Bag(str(dossier)).validate()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
@pytest.mark.parametrize("manifest", ["manifest-sha256.txt", "tagmanifest-sha256.txt", "data/log/contents-sha256.txt"])
def test_sha256sum_accepts_every_list(dossier, manifest):
    result = run("sha256sum", "--quiet", "--strict", "-c", manifest, cwd=dossier)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_the_readmes_commands_check_the_signature(dossier, tmp_path):
    readme = (dossier / "README.txt").read_text(encoding="utf-8")
    lines = [
        line.strip().partition("      #")[0].replace("/tmp/", f"{tmp_path}/") for line in readme.splitlines() if line.startswith("     ")
    ]
    lines = [line for line in lines if "head.txt" in line or "head.sig" in line or "signer.pem" in line]
    assert len(lines) == 4
    result = run("bash", "-ec", "\n".join(lines), cwd=dossier)
    assert result.returncode == 0, result.stderr
    assert "Signature Verified Successfully" in result.stdout
    assert verify.check(dossier).signer["fingerprint"] in result.stdout


def test_unzip_gives_the_folder(store, tmp_path):
    archive = dossiers.export(store, tmp_path / "dossier.zip")
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        opened.extractall(tmp_path / "unpacked")
    assert verify.check(tmp_path / "unpacked").status == 0
    assert dossiers.zipped(dossiers.load(tmp_path / "unpacked")) == archive.read_bytes()


def test_the_crate_describes_what_is_there(dossier):
    crate = json.loads((dossier / "data" / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= entities["./"].keys()
    for part in entities["./"]["hasPart"]:
        path = dossier / "data" / part["@id"]
        assert path.exists()
        if path.is_file():
            assert entities[part["@id"]]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_shipped_verifier_runs_alone(dossier, tmp_path):
    """In an empty folder, with nothing of ours and nothing else than `cryptography` in reach."""
    shutil.copy(dossier / "verify.py", tmp_path / "verify.py")
    (tmp_path / "only").mkdir()
    packages = Path(cryptography.__file__).parents[1]
    for name in ("cryptography", "cffi", *(path.name for path in packages.glob("_cffi_backend*"))):
        if (packages / name).exists():
            (tmp_path / "only" / name).symlink_to(packages / name)
    code = (
        "import runpy, sys; sys.path.insert(0, 'only'); sys.argv[0] = 'verify.py'\n"
        "try: runpy.run_path('verify.py', run_name='__main__')\n"
        "finally: print(sorted(m for m in sys.modules if m.split('.')[0] in {'ascertain', 'attrs', 'msgspec', 'click'}))"
    )
    result = run(sys.executable, "-I", "-S", "-c", code, dossier, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.rstrip().endswith("[]")


def test_without_cryptography_the_signature_is_not_checked_and_that_is_said(dossier, tmp_path):
    shutil.copy(dossier / "verify.py", tmp_path / "verify.py")
    result = run(sys.executable, "-I", "-S", tmp_path / "verify.py", dossier)
    assert result.returncode == 3
    assert "cryptography" in result.stdout


def test_a_second_verifier_from_the_specification_alone_finds_the_same_root(dossier):
    """The rules of docs/specs/dossier.md in their shortest form."""

    def root(leaves):
        if len(leaves) == 1:
            return hashlib.sha256(b"\0" + leaves[0]).digest()
        half = 1 << ((len(leaves) - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + root(leaves[:half]) + root(leaves[half:])).digest()

    leaves = (dossier / "data/log/leaves.jsonl").read_bytes().split(b"\n")[:-1]
    head = (dossier / "data/log/checkpoint").read_text(encoding="utf-8").split("\n")
    assert int(head[1]) == len(leaves)
    assert verify.base64.b64decode(head[2]) == root(leaves)
    contents = (dossier / "data/log/contents-sha256.txt").read_bytes()
    assert json.loads(leaves[-1])["parameters"]["contents"] == hashlib.sha256(contents).hexdigest()


# --- verdicts


def test_the_right_key_holds_and_another_does_not(dossier):
    right = verify.check(dossier).signer["fingerprint"]
    assert verify.main([str(dossier), "--key", right]) == 0
    assert verify.main([str(dossier), "--key", ":".join(right[i : i + 2] for i in range(0, 64, 2)).upper()]) == 0
    assert verify.main([str(dossier), "--key", "0" * 64]) == 4


@pytest.mark.parametrize("key", ["", "abc", "x" * 64])
def test_what_is_no_fingerprint_is_wrong_usage(dossier, key):
    assert verify.main([str(dossier), "--key", key]) == 2


def test_no_dossier_at_all_could_not_be_checked(tmp_path):
    (tmp_path / "letter.txt").write_text("PK", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "missing", tmp_path / "missing.zip", tmp_path / "letter.txt", tmp_path / "empty"):
        assert verify.main([str(path)]) == 3


def test_a_swapped_key_without_a_demanded_one_is_said_plainly(dossier, capsys):
    assert verify.main([str(dossier)]) == 0
    assert "compare its fingerprint" in capsys.readouterr().out


def test_the_result_for_machines(dossier, capsys):
    assert verify.main([str(dossier), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "ascertain/verification/1"
    assert result["holds"] is True
    assert [layer["state"] for layer in result["layers"]] == ["holds"] * 8
    assert result["not_proved"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_could_not_be_checked(dossier, tmp_path):
    copy = shutil.copytree(dossier, tmp_path / "copy")
    (copy / "README.txt").chmod(0)
    assert verify.main([str(copy)]) == 3


@pytest.mark.parametrize("what", ["link", "link to itself", "pipe", "empty folder", "odd name", "hidden file", "line in a name"])
def test_what_is_no_plain_file_is_named(dossier, tmp_path, what):
    copy = shutil.copytree(dossier, tmp_path / "copy")
    target = copy / "data" / "report" / "index.html"
    if what == "link":
        target.rename(tmp_path / "elsewhere")
        target.symlink_to(tmp_path / "elsewhere")
    elif what == "link to itself":
        (copy / "data" / "report" / "loop").symlink_to(copy)
    elif what == "pipe":
        os.mkfifo(copy / "data" / "pipe")
    elif what == "empty folder":
        (copy / "data" / "more").mkdir()
    else:
        name = {"odd name": "ü.txt", "hidden file": ".hidden", "line in a name": "a\nb"}[what]
        (copy / "data" / name).write_bytes(b"")
    found = verify.check(copy)
    assert found.status == 4
    assert found.problems[0].layer == "bytes"
    assert "\n" not in found.problems[0].file


def test_a_size_that_no_archive_has_is_no_trouble(tmp_path):
    """A header may claim 4 GB: nothing is allocated for it."""
    raw = verify.local_header("bagit.txt", size=0xFFFFFFF0, crc=0) + b"x"
    (tmp_path / "bomb.zip").write_bytes(raw)
    assert verify.main([str(tmp_path / "bomb.zip")]) == 4


def test_a_record_larger_than_the_verifier_reads_is_not_called_false(dossier, monkeypatch):
    monkeypatch.setattr(verify.Verifier.read, "__kwdefaults__", {"limit": 100})
    found = verify.check(dossier)
    assert found.status == 3
    assert not any(problem.false for problem in found.problems)


# --- what the exporter says is checked, too: a dossier whose owner bends the rules does not hold


@pytest.fixture
def unchecked(monkeypatch):
    """Exports that nobody confirms: what a bent program would write."""
    monkeypatch.setattr(_dossier, "_confirm", lambda made, key: None)


def findings_of(store, **changes):
    document = store.documents()[0].id
    fact = dossiers.findings(document).incidents[0].facts[0]
    return dossiers.findings(document, attrs.evolve(fact, **changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"at_least": 25, "at_most": 25}, "is called established"),
        ({"decided_by": ("Ann", "Cleo")}, "names a reviewer who decided nothing"),
        ({"status": Status.REFUTED}, "is called refuted"),
        ({"attribute": "injured"}, "is called established"),
    ],
)
def test_a_fact_that_nobody_decided_does_not_hold(store, tmp_path, unchecked, changes, says):
    store.put_findings(findings_of(store, **changes), key="bent")
    found = verify.check(dossiers.export(store, tmp_path / "out"))
    assert found.status == 4
    assert found.state("objects") == "holds"
    assert any(problem.layer == "facts" and says in problem.says for problem in found.problems)


def decided(folder: Path, *made) -> verify.Verifier:
    """A case with these decisions and a fact called established, exported by a bent program."""
    with dossiers.a_case(folder / "case", filled=False) as store:
        data = dossiers.TEXT.encode()
        store.preserve(data, dossiers.a_capture(data, "a.txt"))
        document = Document(hashlib.sha256(data).hexdigest(), "a.txt", dossiers.TEXT)
        store.put_document(document, Outcome(document.id, "parse", "done", "1"))
        store.put_reading(dossiers.a_reading(document), Outcome(document.id, "extract", "done", "1"))
        for number, (reviewer, kind, other) in enumerate(made, start=1):
            store.add_decision(dossiers.a_decision(number, reviewer, document.id, kind, **other))
        names = tuple(dict.fromkeys(reviewer for reviewer, _, _ in made))
        fact = Fact("killed", Status.ESTABLISHED, 2, 20, 20, decided_by=names)
        store.put_findings(dossiers.findings(document.id, fact), key="k")
        return verify.check(dossiers.export(store, folder / "out"))


E, R, U = DecisionKind.ESTABLISH, DecisionKind.REFUTE, DecisionKind.UNDO


@pytest.mark.parametrize(
    ("made", "holds"),
    [
        ([("Ann", E, {}), ("Ben", E, {})], True),
        ([("Ann", E, {})], False),
        ([("Ann", E, {}), ("ANN ", E, {})], False),
        ([("Ann", E, {}), ("Ben", E, {}), ("Cleo", R, {})], False),
        ([("Ann", E, {}), ("Ben", E, {}), ("Ben", R, {})], False),
        ([("Ann", E, {}), ("Ben", E, {}), ("Ann", U, {"target": "decision-2", "attribute": None, "anchor": ()})], False),
        ([("Ann", E, {}), ("Ben", E, {"anchor": (("0" * 64, "30-36"),)})], False),
        ([("Ann", E, {}), ("Ben", E, {"value": {"at_least": 30, "at_most": None, "value": None}})], False),
    ],
    ids=[
        "two",
        "one",
        "one under two spellings",
        "a third denies",
        "the second denies later",
        "undone",
        "of another document",
        "of another value",
    ],
)
def test_established_needs_two_who_stand_by_it(tmp_path, unchecked, made, holds):
    assert (decided(tmp_path, *made).status == 0) is holds


def test_an_export_of_what_does_not_verify_is_refused_and_leaves_nothing(store, tmp_path):
    store.put_findings(findings_of(store, decided_by=("Nobody", "Noone")), key="bent")
    with pytest.raises(CustodyError):
        dossiers.export(store, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_a_damaged_case_is_not_exported_and_the_log_says_nothing_of_it(store, tmp_path):
    digest = store.originals()[0]
    path = store.folder / "originals" / digest[:2] / digest
    path.chmod(0o644)
    path.write_bytes(b"something else")
    size = store.log_size()
    with pytest.raises(CustodyError, match=digest):
        dossiers.export(store, tmp_path / "out")
    assert store.log_size() == size
    assert list(tmp_path.iterdir()) == [store.folder]


def test_a_changed_record_in_the_database_is_not_exported(store, tmp_path):
    import sqlite3

    with sqlite3.connect(store.folder / "case.sqlite") as database:
        database.execute("UPDATE decision SET record = replace(record, 'Ann', 'Eve')")
    with pytest.raises(CustodyError, match="decision"):
        dossiers.export(store, tmp_path / "out")


# --- export


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_the_same_state_gives_the_same_bytes(store, tmp_path, name):
    store.close()
    shutil.copytree(tmp_path / "case", tmp_path / "copy")
    made = []
    for case in ("case", "copy"):
        with Store.open(tmp_path / case, clock=lambda: dossiers.NOW) as opened:
            out = dossiers.export(opened, tmp_path / case / name)
            made.append(out.read_bytes() if out.is_file() else dossiers.load(out))
    assert made[0] == made[1]


@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_nothing_is_written_over(store, tmp_path, what):
    target = tmp_path / "out.zip"
    {"file": target.touch, "folder": target.mkdir, "link": lambda: target.symlink_to("nowhere")}[what]()
    with pytest.raises(UsageError):
        dossiers.export(store, target)


def test_a_case_without_anything_in_it_has_a_dossier_that_holds(tmp_path):
    with dossiers.a_case(tmp_path / "case", filled=False) as store:
        assert verify.check(dossiers.export(store, tmp_path / "out.zip")).status == 0


def test_a_second_export_holds_and_contains_the_first_ones_record(store, tmp_path):
    dossiers.export(store, tmp_path / "one")
    found = verify.check(dossiers.export(store, tmp_path / "two.zip"))
    assert found.status == 0
    assert [record["action"] for record in found.records].count("exported") == 2


def read_again(store, title):
    document = attrs.evolve(store.documents()[0], title=title)
    store.put_document(document, Outcome(document.id, "parse", "done", "2"))
    return document


def test_a_document_read_again_holds_with_what_is_new(store, tmp_path):
    document = read_again(store, "A title")
    store.put_reading(dossiers.a_reading(document), Outcome(document.id, "extract", "done", "2"))
    found = verify.check(dossiers.export(store, tmp_path / "out"), key=store.key_fingerprint)
    assert found.status == 0
    assert b"A title" in (tmp_path / "out" / "data" / "documents" / f"{document.id}.json").read_bytes()


def test_findings_older_than_their_readings_are_not_exported_and_the_next_step_is_said(store, tmp_path):
    read_again(store, "A title")
    with pytest.raises(CustodyError) as refused:
        dossiers.export(store, tmp_path / "out")
    assert "ascertain run" in refused.value.advice


def test_a_document_that_no_longer_parses_takes_its_reading_with_it(store, tmp_path, unchecked):
    document = store.documents()[0].id
    store.put_outcome(Outcome(document, "parse", "failed", "3", "no reader", "Convert it."))
    found = verify.check(dossiers.export(store, tmp_path / "out"))
    assert found.state("objects") == "holds"
    assert found.state("facts") == "fails"


@pytest.mark.parametrize("when", ["report", "record", "checkpoint", "pack", "place"])
@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_an_export_that_is_cut_short_leaves_nothing_under_its_name(store, tmp_path, monkeypatch, when, name):
    class CutShortError(BaseException):
        pass

    def cut(*_arguments, **_named):
        raise CutShortError

    with monkeypatch.context() as patch:
        if when == "record":
            patch.setattr(Protection, "record_export", cut)
        elif when == "checkpoint":
            patch.setattr(type(store), when, cut)
        elif when == "report":
            patch.setattr(dossiers, "write_report", cut)
        else:
            patch.setattr(_dossier, when, cut)
        if when == "pack" and name == "out":
            return
        with pytest.raises(CutShortError):
            dossiers.export(store, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["case"]
    assert verify.check(dossiers.export(store, tmp_path / name)).status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case", name]


def test_a_full_disk_is_said_in_words(store, tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ascertain.publish._bag.os.fsync", refuse)
    with pytest.raises(StoreError, match="No space left"):
        dossiers.export(store, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_report_with_a_name_that_means_two_things_is_refused(store, tmp_path):
    def report(folder):
        folder.mkdir(parents=True)
        (folder / "a b.html").write_text("", encoding="utf-8")

    with pytest.raises(UsageError):
        _dossier.export_dossier(store, tmp_path / "out", report=report, generated_at=dossiers.NOW, tool="t 0")


# --- the command line


def test_export_and_verify_from_the_command_line(store, tmp_path, capsys):
    key = store.key_fingerprint
    store.close()
    assert command("export", tmp_path / "case", "-o", tmp_path / "out.zip") == 0
    assert key in capsys.readouterr().out
    assert command("verify", tmp_path / "out.zip", "--key", key) == 0
    assert command("verify", tmp_path / "out.zip", "--json") == 0
    capsys.readouterr()
    raw = bytearray((tmp_path / "out.zip").read_bytes())
    raw[raw.index(b"Officials")] ^= 1
    (tmp_path / "out.zip").write_bytes(raw)
    assert command("verify", tmp_path / "out.zip") == 4
    assert "data/" in capsys.readouterr().out
    assert command("verify", tmp_path / "nothing") == 3
    assert command("verify", tmp_path / "out.zip", "--key", "short") == 2


# --- what was released verifies forever

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "dossier-1.zip"


def test_the_dossier_of_the_first_form_holds():
    assert verify.check(GOLDEN).status == 0


def test_the_specification_gives_its_figures():
    text = (ROOT / "docs" / "specs" / "dossier.md").read_text(encoding="utf-8")
    found = verify.check(GOLDEN)
    key = found.read("data/keys/verifier.key").decode().strip()
    root = found.read("data/log/checkpoint").decode().split("\n")[2]
    contents = found.records[-1]["parameters"]["contents"]
    figures = [hashlib.sha256(GOLDEN.read_bytes()).hexdigest(), found.signer["fingerprint"], key, root, contents]
    assert [figure for figure in figures if f"`{figure}`" not in text] == []
    assert f'"bytes":{found.records[-1]["parameters"]["bytes"]}' in text


def test_the_specification_names_every_file_of_the_example(dossier):
    text = (ROOT / "docs" / "specs" / "dossier.md").read_text(encoding="utf-8")
    for name in dossiers.load(dossier):
        folder, _, file = name.rpartition("/")
        assert file in text or f"{folder}/" in text or folder == "data/report/pages", name

"""Damage is found, named, and put right from a copy that proves itself."""

from __future__ import annotations

import json
import sqlite3

import dossiers
import pytest

from ascertain.cli import main as cli
from ascertain.errors import InputError, StoreError
from ascertain.preserve import check_fixity
from ascertain.publish import verify
from ascertain.store import Store


def nothing(done, total):
    """No progress is shown."""


@pytest.fixture
def store(tmp_path):
    with dossiers.a_case(tmp_path / "case") as opened:
        opened.checkpoint()
        yield opened


def place_of(store, digest):
    return store.folder / "originals" / digest[:2] / digest


def damage(store, how="change", number=0):
    digest = store.originals()[number]
    place = place_of(store, digest)
    place.chmod(0o644)
    if how == "missing":
        place.unlink()
    else:
        place.write_bytes({"change": b"changed", "empty": b"", "cut": place.read_bytes()[:-1]}[how])
    return digest


def check(store, *copies, restore=False):
    return check_fixity(store, copies=copies, restore=restore, progress=nothing)


def test_an_untouched_case_holds_and_the_check_is_logged(store):
    found = check(store)
    assert found.holds
    assert (found.originals, found.again) == (2, 2)
    last = list(store.log_entries())[-1].record
    last["parameters"].pop("salt")
    assert (last["action"], last["parameters"]) == ("checked", {"originals": 2, "damaged": 0, "restored": 0, "problems": 0})


@pytest.mark.parametrize("how", ["change", "empty", "cut", "missing"])
def test_a_damaged_original_is_named_with_what_still_proves_it(store, how):
    digest = damage(store, how)
    found = check(store)
    assert not found.holds
    (one,) = found.damages
    assert one.original == digest
    assert one.paths == ("a.txt", "again.txt")
    assert any("record 2 of the custody log" in sentence for sentence in one.proves)
    assert any("text is kept" in sentence for sentence in one.proves)
    assert (one.copy, one.restored) == (None, False)


@pytest.mark.parametrize("form", ["out", "out.zip", "case"])
def test_a_copy_is_found_and_put_back(store, tmp_path, form):
    if form == "case":
        dossiers.a_case(tmp_path / "other").close()
        source = tmp_path / "other"
    else:
        source = dossiers.export(store, tmp_path / form)
    digest = damage(store)
    (told,) = check(store, source).damages
    assert (told.copy, told.restored) == (str(source), False)
    found = check(store, source, restore=True)
    assert found.holds
    assert found.damages[0].restored
    assert store.original_bytes(digest) == dossiers.TEXT.encode()
    assert [path.read_bytes() for path in (store.folder / "damaged").iterdir()] == [b"changed"]
    assert check(store).damages == ()
    assert "restored" in [entry.record["action"] for entry in store.log_entries()]
    assert verify.check(dossiers.export(store, tmp_path / "after")).status == 0


def test_what_lay_there_is_kept_each_time(store, tmp_path):
    source = dossiers.export(store, tmp_path / "out")
    for _ in range(3):
        damage(store)
        assert check(store, source, restore=True).holds
    assert len(list((store.folder / "damaged").iterdir())) == 3


def test_a_copy_that_is_damaged_too_is_none(store, tmp_path):
    source = dossiers.export(store, tmp_path / "out")
    digest = damage(store)
    (source / "data" / "originals" / digest).write_bytes(b"changed")
    (one,) = check(store, source, restore=True).damages
    assert one.copy is None


def test_bytes_that_are_not_the_original_never_take_its_place(store):
    with pytest.raises(StoreError):
        store.restore_original(b"something else", store.originals()[0], source="x")


def test_a_place_that_is_neither_case_nor_dossier_is_refused(store, tmp_path):
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError):
        check(store, tmp_path / "letter.txt")


def test_a_check_that_was_cut_short_goes_on(store):
    class CutShortError(BaseException):
        pass

    def cut(done, total):
        raise CutShortError

    with pytest.raises(CutShortError):
        check_fixity(store, copies=(), restore=False, progress=cut)
    found = check(store)
    assert (found.originals, found.again, found.holds) == (2, 1, True)
    assert check(store).again == 2


def test_damage_found_before_the_cut_is_found_again(store):
    digest = damage(store)

    def cut(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_fixity(store, copies=(), restore=False, progress=cut)
    assert [one.original for one in check(store).damages] == [digest]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE reading SET record = replace(record, 'q1', 'q2')", "reading"),
        ("UPDATE outcome SET reason = 'all well'", "outcome"),
        ("DELETE FROM log WHERE number = 3", "record"),
        ("UPDATE log SET leaf = replace(leaf, 'Ann', 'Eve')", "record"),
        ("DELETE FROM decision WHERE number = 1", "decision"),
    ],
)
def test_a_change_of_the_database_is_found(store, statement, says):
    with sqlite3.connect(store.folder / "case.sqlite") as database:
        database.execute(statement)
    found = check(store)
    assert not found.holds
    assert any(says in problem for problem in found.problems)


@pytest.mark.parametrize("statement", ["UPDATE search SET words = 'x' WHERE kind = 'event'", "DELETE FROM search WHERE kind = 'statement'"])
def test_a_changed_search_index_is_found_by_a_check_and_hinders_no_export(store, tmp_path, statement):
    with sqlite3.connect(store.folder / "case.sqlite") as database:
        database.execute(statement)
    assert any("search index" in problem for problem in check(store).problems)
    assert dossiers.export(store, tmp_path / "out").exists()


def test_rows_of_a_kind_that_came_into_the_index_later_may_be_missing(store):
    with sqlite3.connect(store.folder / "case.sqlite") as database:
        database.execute("DELETE FROM search WHERE kind NOT IN ('document', 'statement', 'event')")
    assert check(store).holds


def test_the_command_says_it_and_its_exit_status(store, tmp_path, capsys):
    source = dossiers.export(store, tmp_path / "out.zip")
    damage(store, "missing")
    store.close()

    def command(*arguments):
        with pytest.raises(SystemExit) as end:
            cli(["check", str(tmp_path / "case"), *map(str, arguments)])
        return end.value.code

    assert command() == 4
    assert "a.txt" in capsys.readouterr().out
    assert command("--from", source) == 4
    assert "--restore" in capsys.readouterr().out
    assert command("--from", source, "--restore", "--json") == 0
    assert json.loads(capsys.readouterr().out)["holds"] is True
    assert command() == 0
    assert "everything holds" in capsys.readouterr().out
    with Store.open(tmp_path / "case", clock=lambda: dossiers.NOW) as opened:
        assert opened.check() == []

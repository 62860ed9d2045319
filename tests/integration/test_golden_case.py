"""A case of every version of the tables opens in this one, with all that was in it; opening it migrates it once."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from ascertain.case import Case
from ascertain.records import Status
from ascertain.store import _database as database

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("case-*"))


def revision(folder: Path) -> str:
    connection = sqlite3.connect(folder / "case.sqlite")
    [(found,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    connection.close()
    return found


@pytest.fixture(params=GOLDEN, ids=lambda path: path.name)
def old_case(request, tmp_path) -> Path:
    return Path(shutil.copytree(request.param, tmp_path / "case"))


def test_there_is_a_case_of_every_revision_but_the_newest():
    assert [revision(folder) for folder in GOLDEN] == list(database.KNOWN[: len(GOLDEN)])
    assert len(GOLDEN) >= len(database.KNOWN) - 1


def test_an_old_case_opens_with_all_that_was_in_it(old_case):
    before = revision(old_case)
    with Case.open(old_case) as case:
        assert revision(old_case) == database.HEAD != before
        assert (len(case.store.originals()), len(case.store.captures()), len(case.documents()), len(case.readings())) == (3, 3, 2, 2)
        assert [decision.reviewer for decision in case.store.decisions()] == ["R. One"]
        assert any(fact.decided_by == ("R. One",) and fact.at_least == 13 for i in case.incidents().incidents for fact in i.facts)
        assert all(fact.status is not Status.ESTABLISHED for incident in case.incidents().incidents for fact in incident.facts)
        assert case.search("mayor")
        assert case.status().failed == 1


def test_reading_an_old_case_migrates_it(old_case, run_cli):
    assert run_cli("search", old_case, "mayor").status == 0
    assert revision(old_case) == database.HEAD


def test_an_old_case_that_may_not_be_written_says_what_to_do(old_case, run_cli, monkeypatch):
    import os

    monkeypatch.setattr(os, "access", lambda *_: False)
    told = run_cli("status", old_case)
    assert told.status == 3
    assert "older ascertain" in told.err
    assert "ascertain run" in told.err


def test_an_old_case_goes_on(old_case, run_cli, tmp_path):
    (tmp_path / "new.txt").write_text("ODESA, 9 April 2022 (Wire) — Shelling killed 3 people in Odesa on Friday, police said.\n")
    assert run_cli("add", old_case, tmp_path / "new.txt").status == 0
    assert run_cli("run", old_case).status == 1
    assert run_cli("search", old_case, "Odesa").out


def test_what_was_restricted_before_roles_could_be_chosen_stays_so(tmp_path):
    from ascertain.store import Desk, People

    case = Path(shutil.copytree(Path(__file__).parents[1] / "golden" / "case-0003", tmp_path / "case"))
    with Desk.open(case) as desk:
        (held,) = People(desk).restrictions("incident").values()
        assert (held.people, held.roles, held.mentions) == (("R. One",), ("lead", "administrator"), ())

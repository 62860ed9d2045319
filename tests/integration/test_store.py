"""One case's store: what is acknowledged stays, what is damaged, newer, full or read-only is told."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from pathlib import Path

import attrs
import msgspec
import pytest
import sqlalchemy as sa
from builders import a_capture, a_document, an_outcome

from ascertain.errors import AscertainError, CaseBusyError, CaseError, CustodyError, StoreError
from ascertain.records import (
    Actuality,
    Decision,
    DecisionKind,
    Event,
    EventType,
    Findings,
    Form,
    Reading,
    Span,
    Stance,
    Statement,
)  # fmt: skip
from ascertain.store import Store
from ascertain.store import _database as database

NOW = "2026-01-02T03:04:05Z"
DATA = b"Shelling killed at least 12 people."


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "case", name="Harvan", collector="T. Collector", now=NOW) as made:
        yield made


def actions(store: Store) -> list[tuple[str, str]]:
    return [(entry.record["action"], entry.record["object"]) for entry in store.log_entries()]


def kept(store: Store, data: bytes = DATA, **more) -> str:
    capture = a_capture(data, **more)
    store.preserve(data, capture)
    return capture.original


def a_reading(digest: str, text: str = "Shelling killed 12 people in Kyiv.") -> Reading:
    statement = Statement("s1", (Span(0, 33),), Form.INDIRECT, Stance.ASSERTS)
    event = Event("v1", EventType.ASSAULT, Span(9, 15), Actuality.HAPPENED, kind="killing")
    return Reading(a_document(text, id=digest), statements=(statement,), events=(event,), made_by="test")


def a_decision(number: int = 1) -> Decision:
    return Decision(f"decision-{number}", DecisionKind.CONFIRM, "incident-1", "R. One", NOW, "Looked at it.")


# --- a new case


def test_a_new_case_is_one_folder_with_a_key_that_only_its_owner_reads(store):
    assert {p.name for p in store.folder.iterdir()} >= {"ascertain.toml", "case.sqlite", "originals", "keys", "checkpoint", "lock"}
    assert stat.S_IMODE((store.folder / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((store.folder / "keys" / "signing.pem").stat().st_mode) == 0o600
    assert actions(store) == [("created", "Harvan")]


def test_a_folder_that_holds_something_is_not_made_a_case(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(CaseError, match="not empty"):
        Store.create(tmp_path, name="x", collector="y", now=NOW)
    with pytest.raises(CaseError, match="can't be made a case"):
        Store.create(tmp_path / "notes.txt" / "case", name="x", collector="y", now=NOW)


@pytest.mark.parametrize("name", ['Quote " and \\ back', "Новости 🙂", "tab\there", "line\nend", "  ", "x" * 3000, "del\x7f", "nul\x00"])
def test_any_name_that_is_taken_can_be_read_again(tmp_path, name):
    try:
        Store.create(tmp_path / "case", name=name, collector=name, now=NOW).close()
    except AscertainError as refused:
        assert refused.advice
        return
    with Store.open(tmp_path / "case") as opened:
        assert (opened.name, opened.collector) == (name, name)


# --- originals and captures


def test_the_same_bytes_twice_are_one_original_and_two_captures(store):
    first, second = a_capture(DATA), a_capture(DATA, path="copy.txt", id="capture-2")
    assert store.preserve(DATA, first) is True
    assert store.preserve(DATA, second) is False
    assert store.originals() == (first.original,)
    assert store.captures() == (first, second)
    assert actions(store)[1:] == [("collected", first.original)] * 2


def test_the_same_capture_of_one_intake_changes_nothing_and_another_intake_captures_anew(store):
    one, two = store.begin_intake("a"), None
    for _ in range(2):
        store.preserve(DATA, a_capture(DATA), intake=one)
    assert (len(store.captures()), len(actions(store))) == (1, 2)
    assert store.begin_intake("a") == one
    store.end_intake(one)
    two = store.begin_intake("a")
    assert two != one
    store.preserve(DATA, a_capture(DATA, id="capture-2"), intake=two)
    assert len(store.captures(a_capture(DATA).original)) == 2


def test_parts_of_containers_are_captured_once(store):
    for _ in range(2):
        store.preserve(DATA, a_capture(DATA, parent="0" * 64))
    assert len(store.captures()) == 1


def test_bytes_that_are_not_those_of_the_capture_are_refused(store):
    with pytest.raises(StoreError, match="another digest"):
        store.preserve(b"other", a_capture(DATA))
    assert store.originals() == ()


def test_a_capture_comes_back_as_it_was_kept(store):
    capture = a_capture(
        DATA,
        headers=(("status", "200 OK"), ("Set-Cookie", "a"), ("Set-Cookie", "b")),
        parent="1" * 64,
        not_available=("screenshot",),
        context={"url": "ü"},
    )
    store.preserve(DATA, capture)
    assert store.captures() == (capture,)


def test_the_file_is_on_disk_before_the_database_knows_it(store, monkeypatch):
    order = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("disk"), fsync(handle)))
    sa.event.listen(store._engine, "commit", lambda _: order.append("database"))
    kept(store)
    assert order == ["disk", "disk", "disk", "database"]


def test_what_was_not_acknowledged_leaves_no_trace_in_the_log(store, monkeypatch):
    monkeypatch.setattr(
        store, "_append", lambda *_, **__: (_ for _ in ()).throw(sa.exc.OperationalError("x", {}, Exception("disk I/O error")))
    )
    with pytest.raises(StoreError, match="disk I/O error"):
        kept(store)
    assert (store.originals(), store.captures(), len(actions(store))) == ((), (), 1)


# --- results


def test_results_come_back_as_they_were_kept(store):
    digest = kept(store)
    reading = a_reading(digest)
    store.put_document(reading.document, an_outcome(digest))
    store.put_reading(reading, an_outcome(digest, "extract"))
    store.put_findings(Findings(made_by="test"), key="k")
    store.add_decision(a_decision())
    assert (store.document(digest), store.documents(), store.document_ids()) == (reading.document, (reading.document,), (digest,))
    assert (store.reading(digest), tuple(store.readings())) == (reading, (reading,))
    assert (store.findings(), store.findings_key(), store.decisions()) == (Findings(made_by="test"), "k", (a_decision(),))
    assert store.outcomes("parse") == (an_outcome(digest),)
    assert store.counts() == {"capture": 1, "document": 1, "decision": 1, "statement": 1, "event": 1}
    assert (store.document("f" * 64), store.reading("f" * 64)) == (None, None)


def test_parsing_anew_forgets_the_reading_of_the_old_text(store):
    """Else the old reading would count as finished, and its passages point into another text."""
    digest = kept(store)
    store.put_document(a_reading(digest).document, an_outcome(digest))
    store.put_reading(a_reading(digest), an_outcome(digest, "extract"))
    store.put_document(a_document("Another text.", id=digest), an_outcome(digest, version="2"))
    assert store.reading(digest) is None
    assert [o.stage for o in store.outcomes()] == ["parse"]
    assert [hit.kind for hit in store.search("shelling")] == []
    assert [hit.kind for hit in store.search("another")] == ["document"]


def test_a_failure_in_a_later_version_leaves_no_result_of_the_older_one(store):
    digest = kept(store)
    store.put_document(a_reading(digest).document, an_outcome(digest))
    store.put_reading(a_reading(digest), an_outcome(digest, "extract"))
    store.put_outcome(an_outcome(digest, "extract", "failed", "2", reason="x"))
    assert (store.reading(digest), store.document(digest) is not None) == (None, True)
    store.put_outcome(an_outcome(digest, "parse", "failed", "2", reason="x"))
    assert (store.document(digest), store.counts()["document"]) == (None, 0)
    assert store.search("shelling") == []


def test_a_decision_is_kept_once_and_for_good(store):
    store.add_decision(a_decision())
    with pytest.raises(StoreError):
        store.add_decision(a_decision())
    assert not [name for name in dir(store) if "decision" in name and name not in {"add_decision", "decisions"}]


def test_every_change_has_its_record_in_the_log(store):
    digest = kept(store)
    store.put_document(a_reading(digest).document, an_outcome(digest))
    store.put_reading(a_reading(digest), an_outcome(digest, "extract"))
    store.put_outcome(an_outcome(digest, "extract", "failed", reason="x"))
    store.put_findings(Findings(), key="k")
    store.add_decision(a_decision())
    store.record("viewed", "report")
    assert [action for action, _ in actions(store)] == [
        "created",
        "collected",
        "parsed",
        "sealed",
        "extracted",
        "failed",
        "linked",
        "reviewed",
        "sealed",
        "viewed",
    ]
    assert [entry.record["actor"] for entry in store.log_entries()][7] == "R. One"


# --- full text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("shelling", ["Shelling"]), ("SHELLING kyiv", ["Shelling"]), ('"in Kyiv"', ["in Kyiv"]), ("kill*", ["killed"]), ("café", ["café"]), ("cafe", ["café"]),
        ("nowhere", []), ("shelling AND nowhere", []), ("", []), ("*", []), ('"', []), ('""', []), ("NOT", []), ("a OR b", []), ("(", []), ("document:x", []),
        ("words NEAR/3 x", []), ("shelling; DROP TABLE search", []), ("\x00", []), ("x\x00y", []), ("^shelling", ["Shelling"]), ("{a b}", []),
    ],
)  # fmt: skip
def test_any_words_can_be_looked_for(store, words, found):
    digest = kept(store)
    document = a_document("On Monday at the café: Shelling killed 12 people in Kyiv.", id=digest)
    store.put_document(document, an_outcome(digest))
    assert [document.text[slice(*hit.span)] for hit in store.search(words)] == found


def test_a_hit_s_passage_holds_where_the_text_holds_marks_of_its_own(store):
    text = "\x02\x02 first \x03 café\r\nshelling \x00 and shelling"
    digest = kept(store)
    store.put_document(a_document(text, id=digest, title="Shelling of the town"), an_outcome(digest))
    [hit] = store.search("shelling")
    assert text[slice(*hit.span)] == "shelling"


def test_a_hit_in_a_title_only_points_to_the_document_s_beginning(store):
    digest = kept(store)
    store.put_document(a_document("Nothing of it here.", id=digest, title="Shelling of the town"), an_outcome(digest))
    assert [hit.span for hit in store.search("shelling")] == [(0, 1)]


def test_hits_are_bounded(store):
    for number in range(5):
        digest = kept(store, b"%d" % number)
        store.put_document(a_document("shelling", id=digest, path=f"{number}.txt"), an_outcome(digest))
    assert len(store.search("shelling", limit=3)) == 3


# --- opening


def test_a_folder_without_a_case_is_an_error_of_the_case(tmp_path):
    with pytest.raises(CaseError):
        Store.open(tmp_path)


def damage(folder: Path, name: str, data: bytes | None) -> None:
    path = folder / name
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ascertain.toml", b""), ("ascertain.toml", b"\xff\xfe"), ("ascertain.toml", b"[case]\nname = 3"), ("ascertain.toml", b"case = 1"), ("ascertain.toml", None),
        ("case.sqlite", None), ("case.sqlite", b""), ("case.sqlite", b"no database at all " * 500), ("case.sqlite", b"SQLite format 3\0" + b"\xff" * 4096),
        ("keys/verifier.key", None), ("keys/verifier.key", b"no key"),
    ],
)  # fmt: skip
def test_a_damaged_case_is_told_and_gives_its_lock_back(store, name, data, read_only):
    store.close()
    damage(store.folder, name, data)
    for _ in range(2):
        with pytest.raises((CaseError, CustodyError)) as refused:
            Store.open(store.folder, wait_seconds=0, read_only=read_only)
        assert refused.value.advice


@pytest.mark.parametrize("data", [None, b"no key"])
def test_a_damaged_private_key_stops_writers_and_no_reader(store, data):
    store.close()
    damage(store.folder, "keys/signing.pem", data)
    with pytest.raises((CaseError, CustodyError)):
        Store.open(store.folder, wait_seconds=0)
    with Store.open(store.folder, read_only=True) as opened:
        assert opened.key_fingerprint


def test_a_page_of_the_database_that_was_damaged_is_told(store):
    for number in range(200):
        kept(store, b"%d" % number * 50)
    store.close()
    path = store.folder / "case.sqlite"
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 600] = b"\xee" * 600
    path.write_bytes(data)
    with pytest.raises((StoreError, CaseError, CustodyError)), Store.open(store.folder) as opened:
        opened.captures()
        opened.originals()


def test_a_record_that_was_damaged_is_an_error_of_custody(store):
    kept(store)
    store.close()
    with sqlite3.connect(store.folder / "case.sqlite") as connection:
        connection.execute("UPDATE capture SET record = ?", (b'{"id": 3}',))
    connection.close()
    with Store.open(store.folder) as opened, pytest.raises(CustodyError, match="capture"):
        opened.captures()


def test_a_case_of_a_newer_version_is_refused_with_what_to_do(store):
    store.close()
    with sqlite3.connect(store.folder / "case.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for read_only in (True, False):
        with pytest.raises(CaseError, match=r"newer ascertain .*9999") as refused:
            Store.open(store.folder, read_only=read_only)
        assert "newest version" in refused.value.advice


def test_a_migration_that_breaks_off_leaves_the_old_database(tmp_path, monkeypatch):
    from alembic import op

    shutil.copytree(Path(__file__).parents[1] / "golden" / "case-0001", tmp_path / "case")
    path = tmp_path / "case" / "case.sqlite"
    monkeypatch.setattr(op, "drop_table", lambda _: (_ for _ in ()).throw(sa.exc.OperationalError("x", {}, Exception("disk full"))))
    with pytest.raises(StoreError, match="disk full"):
        database.connect(path, read_only=False)
    with sqlite3.connect(path) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    connection.close()
    assert "intake" not in names
    assert "capture" in names
    monkeypatch.undo()
    database.connect(path, read_only=False).dispose()


def test_what_is_read_only_can_be_read_and_not_written(store):
    kept(store)
    store.close()
    with Store.open(store.folder, read_only=True) as opened:
        assert len(opened.captures()) == 1
        with pytest.raises(StoreError, match="reading only"):
            kept(opened, b"other")


def test_a_reader_does_not_wait_for_the_writer(store):
    kept(store)
    with Store.open(store.folder, read_only=True) as reader:
        assert len(reader.captures()) == 1
        kept(store, b"another")
        assert len(reader.captures()) == 2


def test_a_second_writer_is_told_who_holds_the_case(store):
    with pytest.raises(CaseBusyError, match=f"process {os.getpid()} on "):
        Store.open(store.folder, wait_seconds=0)
    store.close()
    Store.open(store.folder, wait_seconds=0).close()


def test_a_disk_that_is_full_is_told_by_the_database_too(store):
    with store._write() as connection:
        pages = connection.execute(sa.text("PRAGMA page_count")).scalar()
    store._engine.dispose()

    def small(connection, _):
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    sa.event.listen(store._engine, "connect", small)
    with pytest.raises(StoreError, match="full"):
        for number in range(3000):
            kept(store, b"%d" % number, context={"about": "x" * 500})
    known = store.captures()
    assert known
    assert set(store.originals()) == {capture.original for capture in known}
    sa.event.remove(store._engine, "connect", small)


def test_a_folder_that_can_t_be_written_is_told(store, monkeypatch):
    store.close()

    def refuse(path, *_, **__):
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreError, match="Read-only file system"):
        Store.open(store.folder)


def test_a_case_on_a_medium_that_can_t_be_written_can_be_read(store, monkeypatch):
    kept(store)
    store.close()
    for left in ("case.sqlite-wal", "case.sqlite-shm"):
        (store.folder / left).unlink(missing_ok=True)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "immutable=1" in database._address(store.folder / "case.sqlite", read_only=True)
    with Store.open(store.folder, read_only=True) as opened:
        assert len(opened.captures()) == 1
    assert not (store.folder / "case.sqlite-shm").exists()


@pytest.mark.parametrize("name", ["with blank", "50%", "a?b#c", "новый"])
def test_a_case_may_lie_in_a_folder_of_any_name(tmp_path, name):
    with Store.create(tmp_path / name, name=name, collector="c", now=NOW) as made:
        kept(made)
    with Store.open(tmp_path / name) as opened, Store.open(tmp_path / name, read_only=True) as reader:
        assert len(opened.captures()) == len(reader.captures()) == 1


def test_records_are_kept_as_canonical_bytes(store):
    digest = kept(store)
    document = attrs.evolve(a_document(id=digest), title="Ünï \u2028 🙂")
    store.put_document(document, an_outcome(digest))
    with sqlite3.connect(store.folder / "case.sqlite") as connection:
        [(record,)] = connection.execute("SELECT record FROM document").fetchall()
    connection.close()
    assert msgspec.json.decode(record, type=type(document)) == document
    assert record == msgspec.json.encode(msgspec.json.decode(record), order="sorted")

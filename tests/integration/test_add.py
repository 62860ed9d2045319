"""Adding files and folders: everything named ends as preserved, left out by rule, or an error of its own."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from pathlib import Path

import attrs
import pytest

from ascertain.case import Case
from ascertain.errors import CustodyError, InputError, LimitError, StoreError, UsageError


def added(case: Case, *sources, **more):
    return {item.path: item for item in case.add(*sources, **more)}


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "evidence"
    (made / "deep" / "er").mkdir(parents=True)
    (made / "a.txt").write_text("First report of two dead.")
    (made / "deep" / "b.txt").write_text("Second report of two dead.")
    (made / "deep" / "er" / "c.txt").write_text("Third report of two dead.")
    return made


def test_a_folder_gives_every_file_below_it_in_a_fixed_order(case, folder):
    assert list(added(case, folder)) == ["evidence/a.txt", "evidence/deep/b.txt", "evidence/deep/er/c.txt"]
    assert [capture.path for capture in case.store.captures()] == ["evidence/a.txt", "evidence/deep/b.txt", "evidence/deep/er/c.txt"]


def test_the_capture_record_is_complete(case, folder):
    os.utime(folder / "a.txt", (1_649_160_000, 1_649_160_000))
    case.add(folder / "a.txt", collector="A. Other")
    [capture] = case.store.captures()
    assert attrs.asdict(capture) == {
        "id": capture.id, "original": capture.original, "path": str(folder / "a.txt"), "source": str(folder / "a.txt"), "collector": "A. Other",
        "captured_at": capture.captured_at, "tool": "ascertain 0.1.0", "media_type": "text/plain", "size": 25, "headers": (), "parent": None,
        "not_available": (), "context": {"file_modified": "2022-04-05T12:00:00Z"},
    }  # fmt: skip
    assert capture.captured_at.startswith("2026-01-02T03:")


def test_adding_again_captures_again_and_preserves_nothing_twice(case, folder):
    first, second = case.add(folder), case.add(folder)
    assert ([item.new for item in first], [item.new for item in second]) == ([True] * 3, [False] * 3)
    assert (len(case.store.originals()), len(case.store.captures())) == (3, 6)
    assert len({capture.id for capture in case.store.captures()}) == 6


def test_an_add_that_was_cut_off_goes_on_without_repeating(case, folder, monkeypatch):
    stop = iter([False, False, True])
    preserve = case.store.preserve

    def cut(data, capture, **more):
        if next(stop, False):
            raise KeyboardInterrupt
        return preserve(data, capture, **more)

    monkeypatch.setattr(case.store, "preserve", cut)
    with pytest.raises(KeyboardInterrupt):
        case.add(folder)
    assert len(case.store.captures()) == 2
    assert [item.new for item in case.add(folder)] == [False, False, True]
    assert len(case.store.captures()) == 3


def test_a_changed_file_is_a_new_original_under_the_same_path(case, folder):
    case.add(folder / "a.txt")
    (folder / "a.txt").write_text("First report, corrected.")
    assert case.add(folder / "a.txt")[0].new
    assert len({(capture.path, capture.original) for capture in case.store.captures()}) == 2


def test_hidden_files_are_left_out_and_said(case, folder):
    (folder / ".hidden.txt").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    found = added(case, folder)
    assert {path for path, item in found.items() if item.left_out} == {"evidence/.hidden.txt", "evidence/.git"}
    assert len(case.store.originals()) == 3
    assert case.add(folder / ".hidden.txt")[0].new


def test_the_case_itself_is_not_taken_in(tmp_path):
    (tmp_path / "a.txt").write_text("A report.")
    with Case.create(tmp_path / "case", collector="c") as case:
        assert len(case.add(tmp_path)) == 1


def test_links_that_lead_out_are_errors_and_links_inside_are_files(case, folder, tmp_path):
    (tmp_path / "secret.txt").write_text("outside")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "broken.txt").symlink_to(folder / "nothing")
    (folder / "loop").symlink_to(folder)
    found = added(case, folder)
    assert "leads out" in str(found["evidence/out.txt"].error)
    assert found["evidence/in.txt"].error is None
    assert "can't be read" in str(found["evidence/broken.txt"].error)
    assert "link to a folder" in str(found["evidence/loop"].error)
    assert case.add(folder / "out.txt")[0].error is None, "named by itself it is meant"


def test_pipes_and_sockets_in_a_folder_are_errors_and_do_not_block(case, folder, monkeypatch):
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        monkeypatch.chdir(folder)
        made.bind("socket")
        found = added(case, folder)
    assert all("no regular file" in str(found[f"evidence/{name}"].error) for name in ("pipe", "socket"))


def test_a_device_without_end_is_a_limit(case):
    case.settings = attrs.evolve(case.settings, max_original_bytes=1_000_000)
    [ended] = case.add("/dev/zero")
    assert isinstance(ended.error, LimitError)


def test_a_file_beyond_the_limit_is_named_and_the_others_go_on(case, folder):
    case.settings = attrs.evolve(case.settings, max_original_bytes=25)
    found = added(case, folder)
    assert isinstance(found["evidence/deep/b.txt"].error, LimitError)
    assert found["evidence/a.txt"].new


@pytest.mark.parametrize("name", ["nothing.txt", "no/such/folder", "a" * 300, "zero\x00byte", ""])
def test_what_is_not_there_is_an_error_of_its_own(case, folder, name):
    found = case.add(name, folder / "a.txt")
    assert isinstance(found[0].error, InputError)
    assert found[0].error.advice
    assert found[1].new


def test_names_that_are_no_text_are_kept_as_escapes(case, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"caf\xe9.txt", "новости 🙂.txt".encode(), b"new\nline.txt", b"tab\t.txt"):
        (folder / os.fsdecode(name)).write_text("A report of two dead in " + repr(name))
    found = added(case, folder)
    assert all(item.new for item in found.values())
    assert "odd/caf\\udce9.txt" in found
    assert case.run(jobs=1).failed == 0
    assert case.search("report")


def test_a_column_map_is_kept_with_the_capture(case, tmp_path):
    (tmp_path / "a.csv").write_text("inhalt,datum\nZwei Menschen starben in der Stadt am Montag.,2022-04-05\n")
    case.add(tmp_path / "a.csv", columns="text=inhalt, published=datum")
    assert case.store.captures()[0].context["columns"] == "published=datum,text=inhalt"
    with pytest.raises(UsageError):
        case.add(tmp_path / "a.csv", columns="nonsense")
    assert case.run(jobs=1).failed == 0
    [document] = case.documents()
    assert (document.path, document.published.value) == (f"{tmp_path}/a.csv#1", "2022-04-05")


def test_a_table_is_read_anew_when_its_columns_are_named_later(case, tmp_path):
    (tmp_path / "a.csv").write_text("inhalt\nTwo people died in the town on Monday.\n")
    case.add(tmp_path / "a.csv")
    assert case.run(jobs=1).failed == 1
    case.add(tmp_path / "a.csv", columns="text=inhalt")
    assert case.run(jobs=1).failed == 0
    assert case.run(jobs=1).parsed == 0
    assert [document.text for document in case.documents()] == ["Two people died in the town on Monday."]


def test_a_damaged_original_is_an_error_of_custody_and_the_others_go_on(case, folder, run_cli):
    [taken] = case.add(folder / "a.txt")
    path = case.store.folder / "originals" / taken.digest[:2] / taken.digest
    path.chmod(0o644)
    path.write_bytes(b"something else")
    found = added(case, folder)
    assert isinstance(found["evidence/a.txt"].error, CustodyError)
    assert found["evidence/deep/b.txt"].new
    case.close()
    assert run_cli("add", case.store.folder, folder).status == 4


def test_where_the_store_refuses_the_whole_ends(case, folder, monkeypatch):
    def full(*_, **__):
        raise StoreError("no space")

    monkeypatch.setattr(case.store, "preserve", full)
    with pytest.raises(StoreError):
        case.add(folder)


def test_what_was_added_is_signed_for(case, folder):
    case.add(folder)
    assert (case.store.folder / "checkpoint").read_text().splitlines()[1] == str(case.store.log_size())
    assert case.status(check=True).problems == ()


def test_a_folder_that_another_tool_exported_is_checked_against_its_hashes(case, tmp_path):
    root = tmp_path / "export"
    root.mkdir()
    (root / "letter.txt").write_bytes(b"Two people died in Kyiv.")
    (root / "note.txt").write_bytes(b"Three people died in Odesa.")
    right, gone = hashlib.md5(b"Two people died in Kyiv.", usedforsecurity=False).hexdigest(), "0" * 32
    medias = [{"filename": "letter.txt", "etag": right}, {"filename": "note.txt", "etag": gone}, {"filename": "lost.txt", "etag": gone}]
    (root / "export.json").write_text(json.dumps({"bulletins": [{"class": "bulletin", "id": 1, "title": "T", "medias": medias}]}))
    ended = added(case, root)
    assert "Bayanat names export/lost.txt, which is not there" in str(ended["export/lost.txt"].error)
    assert len(case.store.originals()) == 3, "what does not match is preserved all the same"
    contexts = {capture.path: capture.context for capture in case.store.captures()}
    assert contexts["export/letter.txt"]["claim_md5"] == right
    assert "mismatch" not in contexts["export/letter.txt"]
    assert contexts["export/note.txt"]["mismatch"].startswith("Bayanat says md5 0000")
    summary = case.run(jobs=1)
    assert summary.failed == 1
    [failed] = case.status().failures
    assert "export/note.txt is not what was exported: Bayanat says md5" in failed.reason
    assert [document.path for document in case.documents()] == ["export/letter.txt"]

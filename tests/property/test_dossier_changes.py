"""Whatever is changed in a dossier is found, and the right file is named; what is untouched holds."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import dossiers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.publish import verify

PACE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FLIPS = settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Scene:
    """One dossier in both forms, and a place where changed ones are written."""

    def __init__(self, folder: Path) -> None:
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        with dossiers.a_case(folder / "case") as store:
            self.files = dossiers.load(dossiers.export(store, folder / "dossier"))
            self.archive = dossiers.export(store, folder / "dossier.zip").read_bytes()
        with dossiers.a_case(folder / "other", filled=False) as store:
            store.record("something", "else")
            dossiers.fill(store)
            self.other = dossiers.load(dossiers.export(store, folder / "other-dossier"))
        self.number = 0

    def check(self, files: dossiers.Files, form: str) -> verify.Verifier:
        self.number += 1
        return checked(dossiers.save(files, self.scratch / f"{self.number}{form}"))

    def check_bytes(self, data: bytes) -> verify.Verifier:
        target = self.scratch / "changed.zip"
        target.write_bytes(data)
        return checked(target)


def checked(path: Path) -> verify.Verifier:
    found = verify.check(path)
    assert json.loads(found.as_json())["status"] == found.status
    assert "\n".join(found.as_text())
    return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return Scene(tmp_path_factory.mktemp("dossier"))


def assert_names(found: verify.Verifier, *names: str) -> None:
    assert found.status == 4
    named = {problem.file.partition("#")[0] for problem in found.problems if problem.false}
    assert named & set(names), f"{names} is not among {sorted(named)}"


def changed(data: bytes, how: str, position: int, other: bytes) -> bytes:
    position %= len(data) + 1
    if how == "flip":
        position = min(position, len(data) - 1)
        return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
    return {
        "cut": data[:position],
        "empty": b"",
        "append": data + b"\n",
        "insert": data[:position] + b"0" + data[position:],
        "remove a byte": data[:position] + data[position + 1 :],
        "double": data + data,
        "replace": other,
        "drop a line": b"".join(line for number, line in enumerate(data.splitlines(keepends=True)) if number != position % 5),
        "reverse lines": b"".join(reversed(data.splitlines(keepends=True))),
    }[how]


HOWS = ["flip", "cut", "empty", "append", "insert", "remove a byte", "double", "replace", "drop a line", "reverse lines"]
FORMS = st.sampled_from(["", ".zip"])


@PACE
@given(data=st.data(), how=st.sampled_from(HOWS), form=FORMS, remade=st.booleans(), position=st.integers(0, 1 << 16))
def test_a_changed_file_is_named(scene, data, how, form, remade, position):
    kept = {"manifest-sha256.txt", "tagmanifest-sha256.txt"} if remade else set()
    names = sorted(scene.files.keys() - kept)
    name, other = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    new = changed(scene.files[name], how, position, scene.files[other])
    if new == scene.files[name]:
        return
    files = scene.files | {name: new}
    assert_names(
        scene.check(dossiers.with_new_manifests(files) | ({name: new} if name == "bagit.txt" else {}) if remade else files, form), name
    )


@pytest.mark.parametrize("form", ["", ".zip"])
@pytest.mark.parametrize("remade", [False, True])
def test_every_missing_file_is_named(scene, form, remade):
    for name in scene.files:
        files = {other: data for other, data in scene.files.items() if other != name}
        if remade and name not in {"manifest-sha256.txt", "tagmanifest-sha256.txt", "bagit.txt"}:
            files = dossiers.with_new_manifests(files)
        assert_names(scene.check(files, form), name)


@pytest.mark.parametrize("form", ["", ".zip"])
@pytest.mark.parametrize("remade", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "new.txt", "data/new.txt", "data/originals/" + "0" * 64, "data/log/new", "data/log/tile/0/001", "data/report/new.html",
        "data/readings/new.json", "fetch.txt", "manifest-md5.txt",
    ],
)  # fmt: skip
def test_an_added_file_is_named(scene, name, form, remade):
    files = scene.files | {name: b"{}"}
    assert_names(scene.check(dossiers.with_new_manifests(files) if remade else files, form), name)


@PACE
@given(data=st.data(), form=FORMS, remade=st.booleans())
def test_two_swapped_files_are_named(scene, data, form, remade):
    names = sorted(scene.files.keys() - {"manifest-sha256.txt", "tagmanifest-sha256.txt", "bagit.txt"})
    one, two = data.draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
    if scene.files[one] == scene.files[two]:
        return
    files = scene.files | {one: scene.files[two], two: scene.files[one]}
    assert_names(scene.check(dossiers.with_new_manifests(files) if remade else files, form), one, two)


@pytest.mark.parametrize("form", ["", ".zip"])
def test_a_file_of_another_dossier_is_named(scene, form):
    tried = 0
    for name, data in scene.other.items():
        if scene.files.get(name) not in {None, data} and "manifest" not in name:
            assert_names(scene.check(dossiers.with_new_manifests(scene.files | {name: data}), form), name)
            tried += 1
    assert tried > 5


@pytest.mark.parametrize("name", ["captures", "outcomes", "decisions"])
def test_records_in_another_order_are_found(scene, name):
    path = f"data/{name}.jsonl"
    lines = scene.files[path].splitlines(keepends=True)
    files = dossiers.with_new_manifests(scene.files | {path: b"".join([lines[1], lines[0], *lines[2:]])})
    assert_names(scene.check(files, ""), path)


def test_the_changed_record_of_the_log_is_numbered(scene):
    leaves = scene.files["data/log/leaves.jsonl"].splitlines(keepends=True)
    leaves[4] = leaves[4].replace(b"2026-01-02", b"2025-01-02")
    found = scene.check(dossiers.with_new_manifests(scene.files | {"data/log/leaves.jsonl": b"".join(leaves)}), "")
    assert any("record 4 " in problem.says for problem in found.problems)


@pytest.mark.parametrize("number", [0, 4, 7])
@pytest.mark.parametrize("how", ["drop", "double"])
def test_the_record_is_numbered_where_their_number_changes_too(scene, number, how):
    leaves = scene.files["data/log/leaves.jsonl"].splitlines(keepends=True)
    leaves[number : number + 1] = [] if how == "drop" else [leaves[number]] * 2
    found = scene.check(dossiers.with_new_manifests(scene.files | {"data/log/leaves.jsonl": b"".join(leaves)}), "")
    assert any(f"record {number + (how == 'double')} " in problem.says for problem in found.problems)


# --- the archive's own bytes


@FLIPS
@given(position=st.integers(0, 1 << 20), flip=st.integers(1, 255))
def test_any_flipped_byte_of_an_archive_is_found(scene, position, flip):
    raw = bytearray(scene.archive)
    position %= len(raw)
    raw[position] ^= flip
    assert_names(scene.check_bytes(bytes(raw)), "changed.zip", *scene.files)


def test_every_byte_of_an_archives_structure_is_accounted_for(scene):
    files = dict(sorted(scene.files.items()))
    headers, at = [], 0
    for name, data in files.items():
        headers += range(at, at + 30 + len(name))
        at += 30 + len(name) + len(data)
    if len(scene.archive) != len(dossiers.zipped(files)):  # the second export's log is longer: take the form of the first
        scene.archive = dossiers.zipped(files)
    for position in (*headers, *range(at, len(scene.archive))):
        raw = bytearray(scene.archive)
        raw[position] ^= 0x41
        assert_names(scene.check_bytes(bytes(raw)), "changed.zip")


@PACE
@given(data=st.data(), how=st.sampled_from(["cut", "insert", "append", "prepend", "double", "remove a byte"]))
def test_an_archive_cut_or_grown_anywhere_is_found(scene, data, how):
    position = data.draw(st.integers(0, len(scene.archive) - 1))
    new = b"\x00" + scene.archive if how == "prepend" else changed(scene.archive, how, position, b"")
    found = scene.check_bytes(new)
    assert found.status == 4
    assert any(problem.file == "changed.zip" for problem in found.problems)


def test_members_in_another_order_twice_or_out_of_the_folder_are_found(scene):
    files = dict(sorted(scene.files.items()))
    for names in (
        list(reversed(files)),
        [*files, "bagit.txt"],
        [*files, "../outside"],
        [*files, "/etc/passwd"],
        [*files, "a//b"],
        [*files, "a\\b"],
    ):
        made, members = bytearray(), []
        for name in names:
            content = files.get(name, b"x")
            crc = verify.zlib.crc32(content)
            members.append((name, len(content), crc, len(made)))
            made += verify.local_header(name, size=len(content), crc=crc) + content
        assert_names(scene.check_bytes(bytes(made + verify.central_directory(members, start=len(made)))), "changed.zip")


@PACE
@given(junk=st.binary(max_size=200))
def test_an_archive_of_anything_is_no_dossier_and_no_traceback(scene, junk):
    assert scene.check_bytes(junk).status == 4


@PACE
@given(
    data=st.data(),
    form=FORMS,
    junk=st.one_of(st.binary(max_size=60), st.sampled_from([b"[]", b"{}", b"null", b"1", b'"', b"[" * 100_000, b"[]\n[]\n", b"{}\n{}\n"])),
)
def test_no_content_of_any_file_gives_a_traceback(scene, data, form, junk):
    name = data.draw(st.sampled_from(sorted(scene.files)))
    if scene.files[name] != junk:
        assert scene.check(dossiers.with_new_manifests(scene.files | {name: junk}) | {name: junk}, form).status == 4


def test_untouched_dossiers_hold_in_both_forms(scene):
    assert scene.check(scene.files, "").status == 0
    assert scene.check(scene.files, ".zip").status == 0
    assert scene.check(scene.other, ".zip").status == 0
    with suppress(FileNotFoundError):
        (scene.scratch / "changed.zip").unlink()

"""All three verifiers, each of another make, say the same of parts of a case: selections, and dossiers that withhold."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import dossiers
import forgeries
import pytest

from ascertain.publish import Wanted, verify, verify_parts

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import mutations_bench as whole
import part_mutations_bench as parts

pytestmark = pytest.mark.skipif(not all(map(shutil.which, ("sha256sum", "openssl", "jq"))), reason="needs sha256sum, openssl and jq")
SHARED_LAYERS = ("bytes", "signer", "log", "contents", "objects", "times")
PARTS = {"protected": Wanted(protected=True), "selection": Wanted(incidents=("incident-1",))}
SCRIPT = Path(verify.__file__).with_name("verify.sh")


@pytest.fixture(scope="module", params=PARTS)
def scene(request, tmp_path_factory):
    return parts.Scene(tmp_path_factory.mktemp(request.param), PARTS[request.param])


def shell(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", SCRIPT, folder, *map(str, arguments)], check=False, capture_output=True, text=True, timeout=120)


def test_both_hold_of_an_untouched_part(scene):
    part = scene.folder / "case.out"
    assert verify_parts.check(part, key=scene.key).status == 0
    said = shell(part, "--key", scene.key)
    assert said.returncode == 0, said.stdout
    assert "of this part of a case" in said.stdout
    assert "not proved: that nothing which belongs to the part was left out" in said.stdout
    assert shell(part, "0" * 64).returncode == 4


def test_both_can_tell_whether_a_part_goes_on_from_a_head_that_lies_in_it_and_from_no_other(scene, tmp_path):
    part = scene.folder / "case.out"
    [head] = sorted((part / "data" / "heads").iterdir())
    name, size, root, rest = (head / "checkpoint").read_text(encoding="utf-8").split("\n", 3)
    for number, (count, of, expected) in enumerate([(size, root, 0), (size, "A" * 43 + "=", 4), (str(int(size) - 1), root, 3)]):
        (kept := tmp_path / str(number)).write_text(f"{name}\n{count}\n{of}\n{rest}", encoding="utf-8")
        found = verify_parts.check(part, earlier=kept)
        assert (found.status, shell(part, "--earlier", kept).returncode) == (expected, expected)


@pytest.mark.parametrize("what", forgeries.FORGED)
def test_both_find_what_somebody_with_the_key_forged(scene, tmp_path, what):
    change = forgeries.FORGED[what](scene.files)
    files = forgeries.signed_anew(scene, scene.files | change)
    folder = dossiers.save(files, tmp_path / "forged")
    found = verify_parts.check(folder)
    assert found.status == 4
    said = shell(folder)
    assert said.returncode == 4, said.stdout
    assert "FALSE" in said.stdout


def test_signing_anew_without_a_change_holds(scene, tmp_path):
    folder = dossiers.save(forgeries.signed_anew(scene, scene.files), tmp_path / "same")
    assert verify_parts.check(folder).status == 0
    said = shell(folder)
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("how", whole.HOWS)
def test_both_find_every_kind_of_change(scene, tmp_path, how):
    found, number = 0, 0
    while found < 1:
        number += 1
        target, drawn, depth, change = whole.one_mutation(scene, random.Random(f"parts {how} {number}"))
        if drawn == how:
            kept = {name: data for name, data in (scene.files | change).items() if data is not None}
            folder = dossiers.save(whole.remade(kept, contents=depth > 1) if depth else kept, tmp_path / str(number))
            assert (verify_parts.check(folder).status, shell(folder).returncode) == (4, 4), (target, depth, sorted(change))
            found += 1

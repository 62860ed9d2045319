"""The verifier page from disk, in a browser that is given a dossier: it says what the other verifiers say."""

from __future__ import annotations

import hashlib
import importlib.util
import random
import sys
from pathlib import Path
from typing import Any

import dossiers
import forgeries
import pytest

from ascertain.publish import Wanted, verify, verify_parts

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import mutations_bench as mutations
import part_mutations_bench as parts

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("verify_page", ROOT / "tools" / "verify_page.py")
assert SPEC is not None
assert SPEC.loader is not None
verify_page = importlib.util.module_from_spec(SPEC)  # by its path: the folder has a `bench.py` that would hide the folder `bench`
SPEC.loader.exec_module(verify_page)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> mutations.Scene:
    return mutations.Scene(tmp_path_factory.mktemp("page"))


class Page:
    """The verifier page, opened from disk; what it fetched or complained about is a failure."""

    def __init__(self, browser: Any, file: Path) -> None:
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "request", lambda request: self.complaints.append(request.url) if not request.url.startswith(("file:", "blob:")) else None
        )
        self.page.goto(file.as_uri())

    def check(self, dossier: Path, *, key: str = "", earlier: Path | None = None) -> int:
        """The status that the page shows for a dossier."""
        self.page.fill("#key", key)
        self.page.set_input_files("#earlier", [] if earlier is None else str(earlier))
        self.page.evaluate("delete document.body.dataset.status")
        self.page.set_input_files("#archive" if dossier.is_file() else "#folder", str(dossier))
        self.page.wait_for_selector("body[data-status]", timeout=300_000)
        return int(self.page.get_attribute("body", "data-status"))

    def states(self) -> dict[str, str]:
        return dict(self.page.eval_on_selector_all("tr[data-layer]", "rows => rows.map(row => [row.dataset.layer, row.dataset.state])"))


@pytest.fixture
def page(chromium: Any, scene: mutations.Scene, tmp_path: Path) -> Any:
    dossiers.save(scene.files, tmp_path / "dossier")
    opened = Page(chromium, tmp_path / "dossier" / "verify.html")
    yield opened
    opened.context.close()
    assert opened.complaints == []


def test_what_was_deleted_is_not_missed(page, tmp_path):
    with dossiers.a_case(tmp_path / "case") as store:
        store.delete(hashlib.sha256(b"\x00\x01\x02").hexdigest(), reason="withdrawn", by="Ann")
        dossier = dossiers.export(store, tmp_path / "after.zip")
    assert (verify.check(dossier).status, page.check(dossier)) == (0, 0)


@pytest.mark.parametrize("form", ["", ".zip"])
def test_an_untouched_dossier_holds(page, scene, tmp_path, form):
    dossier = dossiers.save(scene.files, tmp_path / f"untouched{form}")
    assert page.check(dossier, key=scene.key, earlier=tmp_path / "dossier" / "data" / "log" / "checkpoint") == 0
    assert set(page.states().values()) == {"holds"}
    words = page.page.inner_text("#result")
    assert "The dossier holds" in words
    assert "witness.example" in words
    assert "not proved" in words.lower()
    assert page.page.locator("details[data-item]").count() == len(list(verify.check(dossier).items()))


def test_without_a_key_the_fingerprint_is_to_be_compared(page, scene, tmp_path):
    assert page.check(tmp_path / "dossier") == 0
    assert scene.key in page.page.inner_text("#result")
    assert page.states()["earlier"] == "not asked"
    assert page.check(tmp_path / "dossier", key="0" * 64) == 4
    assert page.states()["signer"] == "fails"


def test_an_earlier_checkpoint_of_another_history_does_not_hold(page, scene, tmp_path):
    name, size, _, rest = scene.files["data/log/checkpoint"].decode().split("\n", 3)
    (tmp_path / "other").write_text(f"{name}\n{size}\n{'A' * 43}=\n{rest}", encoding="utf-8")
    assert page.check(tmp_path / "dossier", earlier=tmp_path / "other") == 4
    assert [layer for layer, state in page.states().items() if state == "fails"] == ["earlier"]


def test_what_is_no_dossier_is_said(page, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("x", encoding="utf-8")
    page.page.set_input_files("#folder", str(tmp_path / "letters"))
    page.page.wait_for_function("document.getElementById('progress').textContent.includes('no dossier')")
    assert page.page.locator("body[data-status]").count() == 0


@pytest.mark.parametrize("how", mutations.HOWS)
def test_every_kind_of_change_is_found(page, scene, tmp_path, how):
    found, number = 0, 0
    while found < 6:
        number += 1
        target, drawn, depth, change = mutations.one_mutation(scene, random.Random(f"page {how} {number}"))
        if drawn == how:
            kept = {name: data for name, data in (scene.files | change).items() if data is not None}
            files = mutations.remade(kept, contents=depth > 1) if depth else kept
            dossier = dossiers.save(files, tmp_path / f"{number}{('', '.zip')[found % 2]}")
            assert page.check(dossier) == verify.check(dossier).status == 4, (target, depth, sorted(change))
            found += 1


@pytest.fixture(scope="module", params=["protected", "selection"])
def part(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> parts.Scene:
    wanted = {"protected": Wanted(protected=True), "selection": Wanted(incidents=("incident-1",))}
    return parts.Scene(tmp_path_factory.mktemp(request.param), wanted[request.param])


def test_an_untouched_part_holds(page, part, tmp_path):
    [head] = (part.folder / "case.out" / "data" / "heads").iterdir()
    for form in ("", ".zip"):
        dossier = dossiers.save(part.files, tmp_path / f"part{form}")
        assert verify_parts.check(dossier, earlier=head / "checkpoint").status == 0
        assert page.check(dossier, key=part.key, earlier=head / "checkpoint") == 0, page.page.inner_text("#result")
    assert set(page.states().values()) == {"holds"}
    assert "that nothing which belongs to the part was left out" in page.page.inner_text("#result")


def test_a_part_does_not_go_on_from_another_history(page, part, tmp_path):
    [head] = (part.folder / "case.out" / "data" / "heads").iterdir()
    name, size, root, rest = (head / "checkpoint").read_text(encoding="utf-8").split("\n", 3)
    for count, of, expected in ((size, "A" * 43 + "=", 4), (str(int(size) - 1), root, 3)):
        (tmp_path / "kept").write_text(f"{name}\n{count}\n{of}\n{rest}", encoding="utf-8")
        assert page.check(part.folder / "case.out", earlier=tmp_path / "kept") == expected
        assert verify_parts.check(part.folder / "case.out", earlier=tmp_path / "kept").status == expected


@pytest.mark.parametrize("how", mutations.HOWS)
def test_every_kind_of_change_of_a_part_is_found(page, part, tmp_path, how):
    found, number = 0, 0
    while found < 1:
        number += 1
        target, drawn, depth, change = mutations.one_mutation(part, random.Random(f"part page {how} {number}"))
        if drawn == how:
            kept = {name: data for name, data in (part.files | change).items() if data is not None}
            dossier = dossiers.save(mutations.remade(kept, contents=depth > 1) if depth else kept, tmp_path / f"{number}.zip")
            assert page.check(dossier) == verify_parts.check(dossier).status == 4, (target, depth, sorted(change))
            found += 1


@pytest.mark.parametrize("what", forgeries.FORGED)
def test_what_somebody_with_the_key_forged_is_found(page, part, tmp_path, what):
    folder = dossiers.save(forgeries.signed_anew(part, part.files | forgeries.FORGED[what](part.files)), tmp_path / "forged.zip")
    assert page.check(folder) == verify_parts.check(folder).status == 4


def test_the_pages_policy_names_its_own_script_and_style():
    page = verify_page.PAGE.read_text(encoding="utf-8")
    assert verify_page.with_digests(page) == page
    assert "default-src 'none'" in page

"""A whole investigation in two browsers, from an empty case to a dossier that verifies; with a picture of each page on the way.

The pictures go to build/screenshots. `ASCERTAIN_PICTURES=1` writes them into docs/images, where the tutorial of the workbench shows them.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("starlette")
from benches import PATIENCE_MS, Server, a_page, grave, log_in, settled
from desks import PASSWORD

from ascertain.case import Case
from ascertain.publish import verify

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "examples" / "reports"
NAMES = (
    "01-reliefroom.txt", "02-sahelwire.txt", "03-harbourtimes.html", "05-armyspokesman.txt", "07-crossbordermedics.pdf", "08-regionaloffice.txt",
    "09-meridian.html", "11-northernstar.txt", "12-coaltownecho.docx", "13-northernstar.txt", "15-meridian.txt",
)  # fmt: skip
DOCS, BUILD = ROOT / "docs/images", ROOT / "build/screenshots"
PICTURES = DOCS if os.environ.get("ASCERTAIN_PICTURES") == "1" else BUILD
ON_A_PHONE = {"area", "review"}  # of these the docs show the phone's picture too
LARGEST_BYTES = 300_000
COLOURS = 256
HEIGHTS = {1280: 1000, 390: 844}


class Person:
    """Somebody at a window of some width, who takes pictures and checks what they see for accessibility."""

    def __init__(self, chromium, server: Server, width: int) -> None:
        self.width = width
        self.page = a_page(chromium, server, width=width, height=HEIGHTS[width])
        self.found: list[tuple[str, str, str]] = []

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.page.wait_for_load_state("networkidle")

    def picture(self, name: str, *, height: int | None = None) -> None:
        """A picture of what stands in the window."""
        folder = PICTURES if self.width > 400 or name in ON_A_PHONE else BUILD
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"workbench-{name}{'' if self.width > 400 else '-phone'}.png"
        self.page.set_viewport_size({"width": self.width, "height": height or HEIGHTS[self.width]})
        self.page.mouse.move(0, 0)
        self.page.screenshot(path=str(path))
        Image.open(path).convert("RGB").quantize(COLOURS, kmeans=1).save(path, optimize=True)
        self.page.set_viewport_size({"width": self.width, "height": HEIGHTS[self.width]})
        assert path.stat().st_size < LARGEST_BYTES, name
        self.found += grave(self.page)


@pytest.mark.parametrize(("first", "second"), [(1280, 390), (390, 1280)])
def test_a_whole_investigation(chromium, tmp_path, first, second):
    pytest.importorskip("axe_playwright_python")
    folder = tmp_path / "case"
    Case.create(folder, name="Sample case", collector="L. One").close()
    running = Server(folder)
    one, two = Person(chromium, running, first), Person(chromium, running, second)
    try:
        begin(one, running.address)
        add_files(one)
        invite(one, two)
        look(one)
        key = review(two)
        merge_and_undo(two, key)
        establish(one, two, key)
        publish(one, two, tmp_path)
        verified(one)
        assert one.found + two.found == []
        assert [w for w in one.page.wrong + two.page.wrong if "503" not in w] == []
    finally:
        running.end()


def begin(person: Person, address: str) -> None:
    """Make the first account by the printed link."""
    page = person.page
    page.goto(address)
    person.picture("first")
    page.fill("input[name=name]", "L. One")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_selector("text=Add files")


def add_files(person: Person) -> None:
    """Add files and watch how far they are."""
    page = person.page
    page.set_input_files("input[type=file]", [str(REPORTS / name) for name in NAMES])
    page.click("text=Add and read them")
    page.wait_for_selector("#work progress")
    assert "You can leave this page." in page.inner_text("#work")
    page.wait_for_selector(f"text={len(NAMES)} in: {len(NAMES)} new", timeout=PATIENCE_MS)
    settled(page)
    person.go("/")
    person.picture("case")


def invite(one: Person, two: Person) -> None:
    """Make a second account, which logs in."""
    one.go("/people")
    one.page.fill("form[action='/people/add'] input[name=name]", "L. Two")
    one.page.select_option("form[action='/people/add'] select", "lead")
    one.page.fill("form[action='/people/add'] input[name=password]", PASSWORD)
    one.page.click("text=Add the account")
    one.page.wait_for_selector("tbody :text('L. Two')")
    one.picture("people")
    log_in(two.page, "L. Two")


def look(person: Person) -> None:
    """Look at what was found: all incidents, one, its documents, who speaks, what is said where."""
    page = person.page
    person.go("/incidents")
    page.wait_for_selector("#map .m-pin")
    person.picture("incidents", height=1350)
    person.go("/incidents?near=Druzhkivka&km=120&view=table")
    page.wait_for_selector("#map .m-pin")
    person.picture("area", height=1350)
    person.go("/incidents?sort=-origins")
    page.click("ol.incidents a")
    page.wait_for_selector("h2#facts")
    person.picture("incident")
    page.locator("#counts-killed").scroll_into_view_if_needed()
    person.picture("counts")
    person.go("/documents")
    person.picture("documents")
    person.go("/documents?q=07-crossborder")
    page.click("tbody th a")
    page.wait_for_load_state("networkidle")
    page.locator("h2#text").scroll_into_view_if_needed()
    page.locator("#marked .m-quantity").first.click()
    person.picture("document")
    person.go("/documents?q=03-harbour")
    page.click("tbody th a")
    page.wait_for_load_state("networkidle")
    assert any(frame.url.endswith("/original") for frame in page.frames)
    person.picture("original")
    person.go("/speakers")
    person.picture("speakers")
    person.go("/speaker?name=Ruslan Hordiichuk")
    person.picture("speaker")
    person.go("/search?q=killed OR bodies")
    assert page.locator(".hits li").count() > 3
    person.picture("search")
    page.fill("input[name=name]", "The dead")
    page.click("button:text-is('Keep')")
    page.wait_for_selector("h2#saved")
    person.go("/me")
    person.picture("settings")


def review(person: Person) -> str:
    """Confirm one finding, correct a place, amend nothing; gives the incident that was corrected."""
    page = person.page
    person.go("/review")
    person.picture("review")
    page.click("summary:has-text('Why it comes')")
    page.keyboard.press("c")
    page.wait_for_selector("text=Kept: confirm")
    page.keyboard.press("u")
    page.wait_for_selector("#decide")
    person.go("/incidents?q=Druzhkivka&sort=day")
    key = page.get_attribute("ol.incidents a", "href").rpartition("/")[2]
    person.go(f"/review/{key}/place")
    page.keyboard.press("x")
    page.fill("input[name=find]", "Kramatorsk")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=chosen]:checked")
    page.click("text=Mark it on the map instead")
    page.wait_for_selector("#pick path.m-land", state="attached")
    person.picture("place")
    page.click("#p-correct .why button >> nth=0")
    page.wait_for_selector("text=Kept: correct place")
    assert "Kramatorsk" in page.inner_text(".after")
    page.keyboard.press("u")
    page.wait_for_selector(f"#decide[action='/review/{key}/place']")
    assert "Druzhkivka" in page.inner_text("h1")
    return key


def merge_and_undo(person: Person, key: str) -> None:
    """Merge an incident with one that may be the same, and take it back."""
    page = person.page
    person.go("/incidents")
    count = page.locator("ol.incidents li").count()
    person.go(f"/incident/{key}")
    page.locator("h2#similar").scroll_into_view_if_needed()
    person.picture("similar")
    page.click("#similar ~ ul summary:has-text('Merge it')")
    page.fill("#similar ~ ul details[open] input[name=reason]", "One attack, told twice.")
    page.click("#similar ~ ul details[open] button")
    page.wait_for_load_state("networkidle")
    wait_for(lambda: incidents(person) == count - 1)
    person.go(f"/incident/{key}")
    page.click("tr:has(th:has-text('merge')) summary:has-text('Undo')")
    page.fill("tr:has(th:has-text('merge')) input[name=reason]", "Two attacks after all.")
    page.click("tr:has(th:has-text('merge')) details[open] button")
    page.wait_for_load_state("networkidle")
    wait_for(lambda: incidents(person) == count)


def incidents(person: Person) -> int:
    person.go("/incidents")
    return int(person.page.locator("ol.incidents li").count())


def wait_for(true) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.25)
    raise AssertionError("it never came")


def establish(one: Person, two: Person, key: str) -> None:
    """Two persons establish the same value."""
    for person in (one, two):
        person.go(f"/review/{key}/place")
        person.page.click("[data-opens=establish]")
        person.page.click("#p-establish .why button >> nth=0")
        person.page.wait_for_selector("text=Kept: establish")
    one.go(f"/incident/{key}")
    assert "established" in one.page.inner_text("section:has(> #facts)")
    one.go("/agreement")
    assert "L. One and L. Two" in one.page.inner_text("table")
    one.picture("agreement")


def publish(one: Person, two: Person, folder: Path) -> None:
    """One asks for a release, the other gives it; the dossier that comes out verifies."""
    one.go("/publish/look")
    one.picture("look")
    one.go("/publish")
    one.page.fill("input[name=title]", "For the court")
    one.page.click("text=Ask for a release")
    two.go("/publish")
    two.picture("publish")
    two.page.click("summary:has-text('Decide')")
    two.page.fill("details[open] input[name=reason]", "Looked through.")
    two.page.click("button[value=released]")

    def made() -> bool:
        one.go("/publish")
        return bool(one.page.locator("text=Take the file").count())

    wait_for(made)
    with one.page.expect_download() as taken:
        one.page.click("text=Take the file")
    taken.value.save_as(folder / "taken.zip")
    assert verify.main([str(folder / "taken.zip")]) == 0


def verified(person: Person) -> None:
    """One original is checked now, and the audit names all that was done."""
    person.go("/documents")
    person.page.click("tbody th a")
    person.page.click("text=Verify now")
    person.page.wait_for_selector("text=Custody holds")
    person.picture("verified")
    person.go("/audit")
    told = person.page.inner_text("table")
    assert all(words in told for words in ("viewed", "searched", "exported", "verified", "reviewed"))
    person.picture("audit")

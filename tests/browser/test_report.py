"""The report as people open it: from disk, at several widths, in light and dark, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reports import denial_reading, witness_reading

pytestmark = pytest.mark.browser
SHEET = "incident/incident-0123456789ab.html"
WITNESS = f"document/{witness_reading().document.id[:16]}.html"
PAGES = (
    "index.html",
    "incidents.html",
    SHEET,
    "incident/incident-ba9876543210.html",
    WITNESS,
    "documents.html",
    "failures.html",
    "methods.html",
)

CONTRAST = """
() => {
  const lum = c => { const f = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const rgb = s => { const m = s.match(/[\\d.]+/g).map(Number); return { c: m.slice(0, 3), a: m.length > 3 ? m[3] : 1 }; };
  const behind = e => { for (; e; e = e.parentElement) { const b = rgb(getComputedStyle(e).backgroundColor); if (b.a > .99) return b.c; } return rgb(getComputedStyle(document.documentElement).backgroundColor).c; };
  const bad = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest("svg, .shape, .m-pin, script")) continue;
    const a = lum(rgb(getComputedStyle(e).color).c), b = lum(behind(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push([ratio.toFixed(2), e.className, walk.currentNode.data.trim().slice(0, 40)]);
  }
  return bad;
}
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, input, select, summary, nav a")].filter(e => e.checkVisibility())
  .map(e => [e.tagName, e.closest("label") ? e.closest("label").getBoundingClientRect().height : e.getBoundingClientRect().height]).filter(t => t[1] < 24)
"""


class Seen:
    """A page with everything it complained about or asked for."""

    def __init__(self, browser: Any, report: Path, **context: Any) -> None:
        self.report = report
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.complaints.append(request.url) if not request.url.startswith("file:") else None)
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))

    def open(self, name: str) -> Any:
        path, _, fragment = name.partition("#")
        self.page.goto((self.report / path).as_uri() + (f"#{fragment}" if fragment else ""))
        return self.page


@pytest.fixture
def see(chromium: Any, report: Path) -> Iterator[Callable[..., Seen]]:
    """Open pages of the report; fails where a page logged, fetched or violated its policy."""
    opened: list[Seen] = []

    def make(**context: Any) -> Seen:
        opened.append(Seen(chromium, report, **context))
        return opened[-1]

    yield make
    for seen in opened:
        seen.context.close()
        assert seen.complaints == []


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_no_page_is_wider_than_the_screen(see: Callable[..., Seen], width: int) -> None:
    seen = see(viewport={"width": width, "height": 800})
    for name in PAGES:
        page = seen.open(name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(see: Callable[..., Seen], scheme: str) -> None:
    seen = see(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    for name in (*PAGES, f"{WITNESS}#p-0-10"):
        assert seen.open(name).evaluate(CONTRAST) == [], name


@pytest.mark.parametrize("width", [360, 1280])
def test_targets_are_large_enough(see: Callable[..., Seen], width: int) -> None:
    seen = see(viewport={"width": width, "height": 800})
    for name in PAGES:
        assert seen.open(name).evaluate(SMALL_TARGETS) == [], name


def test_the_policy_is_in_force(chromium: Any, report: Path) -> None:
    seen = Seen(chromium, report)
    page = seen.open("index.html")
    page.evaluate("const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)")
    page.evaluate("const i = new Image(); i.src = 'https://example.org/x.png'; document.body.append(i)")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p id=styled style=\"color:red\">x</p>')")
    assert page.evaluate("window.broken") is None
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"
    assert len([c for c in seen.complaints if "Content Security Policy" in c]) == 3
    seen.context.close()


def test_a_figure_leads_to_its_passage_marked_and_in_view(see: Callable[..., Seen]) -> None:
    page = see(viewport={"width": 1280, "height": 500}).open(SHEET)
    page.click("#fact-killed .claims tbody tr:first-child td[data-label=Says] a")
    page.wait_for_selector(".hit")
    assert page.evaluate("[...document.querySelectorAll('.hit')].map(e => e.textContent).join('')") == "at least 12 people"
    box = page.locator(".hit").first.bounding_box()
    assert 0 <= box["y"] <= 500


def test_a_passage_in_a_shielded_paragraph_is_shown_when_it_is_asked_for(see: Callable[..., Seen]) -> None:
    text = witness_reading().document.text
    start = text.index("tortured")
    page = see().open(f"{WITNESS}#p-{start}-{start + 8}")
    assert page.locator("details.shield").first.evaluate("e => e.open")
    assert page.inner_text(".hit") == "tortured"


def test_without_scripts_a_passage_is_still_found_and_the_list_read(see: Callable[..., Seen]) -> None:
    seen = see(java_script_enabled=False, viewport={"width": 1280, "height": 500})
    text = denial_reading().document.text
    start = text.index("9 people")
    page = seen.open(f"document/{denial_reading().document.id[:16]}.html#p-{start}-{start + 8}")
    assert page.locator(f"#p-{start}-{start + 8} + span").inner_text() == "9 people"
    page = seen.open("incidents.html")
    assert page.locator("#incidents > li").count() == 2
    assert not page.locator("#filters").is_visible()
    assert page.locator("#nomap").is_visible()


def test_the_map_is_drawn_and_the_list_beside_it_works_by_keyboard(see: Callable[..., Seen]) -> None:
    page = see(viewport={"width": 1280, "height": 900}).open("incidents.html")
    page.wait_for_selector("#map path.m-land")
    assert page.locator("#map path.m-disputed").count() > 10
    assert page.locator("#map path.m-circle").count() == 1
    assert page.locator("#map .m-pin").inner_text() == "◇"
    assert "Crimea" in page.locator("#disputed").text_content()
    page.locator("button.show").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#map .m-pin.picked").count() == 1
    assert "Kherson" in page.locator("#map .m-town").all_inner_texts()
    assert page.locator("#map .leaflet-marker-icon[tabindex='0']").count() == 1


def test_the_map_goes_where_a_fact_sheet_sends_it(see: Callable[..., Seen]) -> None:
    page = see(viewport={"width": 1280, "height": 900}).open(SHEET)
    page.get_by_role("link", name="on the map").click()
    page.wait_for_selector("#map .m-pin.picked")
    assert page.url.endswith("incidents.html#incident-0123456789ab")
    assert page.locator("#incident-0123456789ab.picked").is_visible()


def test_filters_act_on_list_map_and_timeline(see: Callable[..., Seen]) -> None:
    page = see(viewport={"width": 1280, "height": 900}).open("incidents.html")
    page.wait_for_selector("#map .m-pin")
    page.uncheck("input[value=contested]")
    assert page.locator("#incidents > li:visible").count() == 1
    assert page.locator("#map .m-pin").count() == 0
    assert page.locator("#timeline a.off").count() == 1
    assert page.inner_text("#shown") == "1 of 2 incidents shown."
    page.get_by_role("button", name="Show all").click()
    page.locator("#incidents > li:visible").nth(1).wait_for()
    page.fill("input[name=words]", "kherson shelling")
    assert page.locator("#incidents > li:visible").count() == 1
    page.fill("input[name=words]", "")
    page.fill("input[name=from]", "2023-07-01")
    assert page.locator("#incidents > li:visible").count() == 0


def test_dragging_over_the_timeline_sets_the_days(see: Callable[..., Seen]) -> None:
    page = see(viewport={"width": 1280, "height": 900}).open("incidents.html")
    box = page.locator("#timeline").bounding_box()
    page.mouse.move(box["x"] + 140, box["y"] + 33)
    page.mouse.down()
    page.mouse.move(box["x"] + 900, box["y"] + 33, steps=4)
    page.mouse.up()
    assert page.input_value("input[name=from]") == "2023-06-10"
    assert page.input_value("input[name=to]") >= "2023-06-14"
    assert page.locator("#incidents > li:visible").count() == 1


def test_marks_can_be_switched_off(see: Callable[..., Seen]) -> None:
    page = see().open(WITNESS)
    event = page.locator(".text .m-event").first
    assert event.evaluate("e => getComputedStyle(e).borderBottomWidth") == "2px"
    page.uncheck("#t-event")
    assert event.evaluate("e => getComputedStyle(e).borderBottomWidth") == "0px"


def test_a_figure_shows_its_sentence_on_focus(see: Callable[..., Seen]) -> None:
    page = see().open(SHEET)
    page.locator(".finding a").first.focus()
    assert page.locator(".tip").first.is_visible()
    assert page.locator(".tip mark").first.inner_text() == "at least 12 people"


def test_focus_is_visible(see: Callable[..., Seen]) -> None:
    page = see().open("index.html")
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_paper_has_the_case_and_the_checkpoint_on_each_page(see: Callable[..., Seen], tmp_path: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    page = see().open(SHEET)
    page.pdf(path=str(tmp_path / "sheet.pdf"), prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(str(tmp_path / "sheet.pdf"))
    assert len(document) > 1
    assert [round(n) for n in document[0].get_size()] == [595, 842]
    for number in range(len(document)):
        words = document[number].get_textpage().get_text_bounded()
        assert "Kherson market" in words
        assert "12 records" in words
    document.close()

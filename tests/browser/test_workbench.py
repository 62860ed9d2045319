"""The workbench as people use it: a whole investigation, review by keys, two reviewers at once, every page on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette")
from benches import DECIDED, PAGES, Server, a_case, a_page, grave, log_in

pytestmark = pytest.mark.browser
KEYS_AT_MOST = 2


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    return a_case(tmp_path_factory.mktemp("workbench") / "case")


@pytest.fixture(scope="module")
def server(case) -> Iterator[Server]:
    running = Server(case)
    yield running
    running.end()


def all_pages(page) -> list[str]:
    """Addresses of every kind of page, for whoever may see all."""
    log_in(page, "A. Admin")
    page.goto("/incidents")
    incident = page.get_attribute("ol.incidents a", "href")
    key = incident.rpartition("/")[2]
    page.goto("/documents?q=other.html")
    document = page.get_attribute("tbody th a", "href")
    page.goto("/speakers")
    speaker = page.get_attribute("tbody th a", "href")
    return [*PAGES, incident, document, speaker, f"/review/{key}/killed", f"/review/{key}/place?find=Goma", f"/review/{key}/missing"]


@pytest.mark.parametrize("width", [1280, 640, 390])  # 640: a desk at 200 % zoom
def test_every_page_fits_its_window_is_accessible_and_breaks_no_rule_of_the_policy(chromium, server, width):
    pytest.importorskip("axe_playwright_python")
    page = a_page(chromium, server, width=width)
    found = []
    for path in all_pages(page):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.inner_text("h1").strip(), path
        found += grave(page)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} with everything opened"
        found += grave(page)
    assert found == []
    assert page.wrong == []


REACHABLE = """() => Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")).filter(e =>
  e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0 && e.type !== "hidden" && e.getClientRects().length
  && !(e.type === "radio" && !e.checked)).length"""
FOCUSED = """() => { const e = document.activeElement; e.dataset.reached = "1"; const s = getComputedStyle(e);
  return e === document.body || s.outlineStyle !== "none" || s.boxShadow !== "none"; }"""


@pytest.mark.parametrize("path", ["/", "/incidents", "/review", "/search?q=killed", "/me"])
def test_everything_is_reached_by_the_tabulator_key_and_its_focus_is_seen(chromium, server, path):
    page = a_page(chromium, server)
    log_in(page, "A. Admin")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    count = page.evaluate(REACHABLE)
    for _ in range(count + 30):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED), page.evaluate("document.activeElement.outerHTML")
    assert page.locator("[data-reached]").count() >= count


def test_the_incidents_are_shown_with_a_pin_and_a_bar_for_each(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "Reader")
    page.goto("/incidents")
    page.wait_for_selector("#map .m-pin")
    count = page.locator("ol.incidents li").count()
    assert count >= 20
    assert page.locator("#timeline .d-incident").count() == count


def test_fifty_findings_by_keyboard_alone(chromium, server):
    """How soon the next one is there stands in bench/workbench_bench.py."""
    page = a_page(chromium, server)
    log_in(page, "R. One")
    page.goto("/review")
    seen = set()
    for number in range(50):
        action = page.get_attribute("#decide", "action")
        assert action not in seen, "a decided finding does not come back"
        seen.add(action)
        keys = ("c", "d", "r1")[number % 3]
        assert len(keys) <= KEYS_AT_MOST
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_function(DECIDED, arg=action)
    assert page.wrong == []
    page.keyboard.press("u")
    page.wait_for_function(
        "last => { const f = document.getElementById('decide'); return f && f.getAttribute('action') === last; }", arg=action
    )
    page.goto("/")
    assert "50" in page.inner_text("dl.box") or "51" in page.inner_text("dl.box")


def test_correcting_in_place_by_keyboard(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "R. Two")
    page.goto("/incidents?sort=-day")
    key = page.get_attribute("ol.incidents a", "href").rpartition("/")[2]
    page.goto(f"/review/{key}/killed")
    page.keyboard.press("x")
    page.keyboard.type("77")
    page.keyboard.press("Tab")
    page.keyboard.type("78")
    page.fill("#p-correct input[name=why]", "A later count.")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Kept: correct killed")
    page.goto(f"/incident/{key}")
    assert "77–78" in page.inner_text("h2#facts + table, section:has(> #facts)")


def test_the_second_of_two_browsers_sees_a_conflict(chromium, server):
    one, two = a_page(chromium, server), a_page(chromium, server)
    log_in(one, "R. One")
    log_in(two, "R. Two")
    one.goto("/incidents?sort=day")
    key = one.get_attribute("ol.incidents a", "href").rpartition("/")[2]
    for page in (one, two):
        page.goto(f"/review/{key}/place")
    one.keyboard.press("r")
    one.keyboard.press("2")
    one.wait_for_selector("text=Kept: reject place")
    two.keyboard.press("c")
    two.wait_for_selector("text=Somebody else decided first")
    assert "The words are about another incident." in two.inner_text("main")
    assert one.wrong == []
    assert two.wrong == []


def test_a_filter_acts_on_list_map_and_timeline_and_stands_in_the_address(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "Reader")
    page.goto("/incidents")
    page.wait_for_selector("#map .m-pin")
    bars, pins = page.locator("#timeline .d-incident").count(), page.locator("#map .m-pin").count()
    page.fill("#filter input[name=q]", "Goma")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Goma**")
    page.wait_for_function("n => document.querySelectorAll('#timeline .d-incident').length < n", arg=bars)
    page.wait_for_function(
        "n => { const found = document.querySelectorAll('#map .m-pin').length; return found > 0 && found < n; }", arg=pins
    )
    assert all("Goma" in row for row in page.locator("ol.incidents li").all_inner_texts())
    box = page.locator("#timeline").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] - 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] - 12)
    page.mouse.up()
    page.wait_for_url("**from=2023**")
    page.go_back()
    page.wait_for_function("() => document.querySelector('#filter input[name=from]').value === ''")
    assert page.wrong == []


def middle_of(page) -> tuple[float, float]:
    """Where the first shape on the map stands in the window."""
    pin = page.locator("#map .m-pin").first.bounding_box()
    return pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2


def test_an_area_drawn_on_the_map_filters_list_map_and_timeline(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "Reader")
    page.goto("/incidents?near=Goma&km=40")
    page.wait_for_selector("#map .m-pin")
    near = page.locator("ol.incidents li").count()
    page.goto("/incidents")
    page.wait_for_selector("#map .m-pin")
    page.click("[data-draw=shape]")
    page.keyboard.press("Escape")
    assert page.inner_text("#drawhelp") == ""
    page.click("[data-draw=shape]")
    middle = middle_of(page)
    for dx, dy in ((-25, -25), (25, -25), (25, 25), (-25, 25)):
        page.mouse.click(middle[0] + dx, middle[1] + dy)
    page.keyboard.press("Enter")
    page.wait_for_url("**area=**")
    page.wait_for_function("() => document.querySelectorAll('#map .m-pin').length === 1")
    assert "in the area drawn on the map" in page.inner_text(".count")
    found = page.locator("ol.incidents li").count()
    assert 0 < found < 20
    page.goto(page.url)
    assert page.locator("ol.incidents li").count() == found, "the address holds the area"
    page.click("text=everywhere")
    page.wait_for_function("n => document.querySelectorAll('ol.incidents li').length > n", arg=found)
    page.wait_for_selector("#map .m-pin")
    page.click("[data-draw=circle]")
    middle = middle_of(page)
    page.mouse.click(*middle)
    page.mouse.click(middle[0] + 30, middle[1])
    page.wait_for_url("**area=**")
    assert re.search(r"within [\d.]+ km of", page.inner_text(".count"))
    assert 0 < near < 20
    assert page.wrong == []


def test_a_place_is_corrected_on_the_map(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "R. Two")
    page.goto("/incidents?sort=-day&q=Bukavu")
    key = page.get_attribute("ol.incidents a", "href").rpartition("/")[2]
    page.goto(f"/review/{key}/place")
    page.keyboard.press("x")
    page.click("text=Mark it on the map instead")
    page.wait_for_selector("#pick path.m-land", state="attached")
    box = page.locator("#pick").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    assert re.fullmatch(r"-?\d+\.\d{4},-?\d+\.\d{4},5", page.input_value("input[name=point]"))
    page.fill("#p-correct input[name=value]", "The brick kiln")
    page.click("#p-correct .why button")
    page.wait_for_selector("text=Kept: correct place")
    page.goto(f"/incident/{key}")
    assert "The brick kiln" in page.inner_text("h1")
    assert page.wrong == []


def test_from_mark_to_mark_by_keys(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "Reader")
    page.goto("/documents?q=0.txt")
    page.click("tbody th a")
    page.focus("#marked")
    told = []
    for _ in range(5):
        page.keyboard.press("n")
        told.append(page.inner_text("#told"))
    assert any("statement" in words for words in told)
    assert any("place" in words for words in told)
    page.keyboard.press("5")
    assert not page.is_checked("#t-quantity")
    assert page.wrong == []


def test_the_original_runs_nothing_and_asks_no_network(chromium, server):
    page = a_page(chromium, server)
    asked: list[tuple[str, bool]] = []
    page.on("requestfinished", lambda request: asked.append((request.url, True)))
    page.on("requestfailed", lambda request: asked.append((request.url, request.failure != "csp")))
    log_in(page, "Reader")
    page.goto("/documents?q=other.html")
    page.click("tbody th a")
    page.wait_for_load_state("networkidle")
    frame = next(f for f in page.frames if f.url.endswith("/original"))
    assert "Five died." in frame.content()
    assert "run" not in page.title()
    assert [url for url, left in asked if left and not url.startswith(server.site)] == []


def test_shielded_passages_open_when_asked_for_and_toggles_work(chromium, server):
    page = a_page(chromium, server)
    log_in(page, "Reader")
    page.goto("/documents?q=0.txt")
    page.click("tbody th a")
    mark = page.locator("#marked .m-quantity").first
    before = mark.evaluate("e => getComputedStyle(e).boxShadow")
    page.keyboard.press("Tab")
    page.locator("#t-quantity").focus()
    page.keyboard.press("Space")
    assert mark.evaluate("e => getComputedStyle(e).boxShadow") != before

"""The workbench in a browser: when the incidents are painted with map and timeline, and how soon the next finding is there after a decision.

Chromium has to be installed. The measures that we hold ourselves to: painted within 1,500 ms, the next finding within 200 ms (medians).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import benches

PAINTS, DECISIONS = 5, 50
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def measure() -> dict[str, float]:
    """Milliseconds, medians and the 95th percentile of the decisions; nothing where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return {}
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        server = benches.Server(benches.a_case(Path(scratch) / "case"))
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            return paints(benches.a_page(browser, server)) | decisions(benches.a_page(browser, server))
        finally:
            browser.close()
            server.end()


def paints(page: Any) -> dict[str, float]:
    """The page of incidents, loaded anew several times."""
    benches.log_in(page, "Reader")
    page.goto("/incidents")
    first, whole = [], []
    for _ in range(PAINTS):
        page.reload()
        page.wait_for_selector("#map .m-pin")
        whole.append(page.evaluate("performance.now()"))
        noted = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)")
        first.append(noted[0] if noted else whole[-1])  # a headless browser may not have noted its paint yet
    return {"ms first paint of the incidents": round(median(first)), "ms with the map's pins": round(median(whole))}


def decisions(page: Any) -> dict[str, float]:
    """From the key that decides to the next finding."""
    benches.log_in(page, "R. One")
    page.goto("/review")
    waits = []
    for number in range(DECISIONS):
        action = page.get_attribute("#decide", "action")
        started = time.perf_counter()
        for key in ("c", "d", "r1")[number % 3]:
            page.keyboard.press(key)
        page.wait_for_function(benches.DECIDED, arg=action)
        waits.append(1000 * (time.perf_counter() - started))
    return {
        "ms next finding, median": round(median(waits)),
        "ms next finding, 95th percentile": round(sorted(waits)[int(0.95 * DECISIONS)]),
    }

"""Take the README's picture: a page of a report as the system's Chromium draws it, without a network.

python tools/screenshot.py demo-case/report/incident/incident-….html docs/images/report.png
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 1000
COLOURS = 256


def picture_of(page: Path) -> bytes:
    """A PNG of the top of a page as it lies on disk, with the network off."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on this machine: apt install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True, color_scheme="light")
        opened = context.new_page()
        opened.goto(page.resolve().as_uri(), wait_until="load")
        opened.wait_for_timeout(1500)  # until a map is drawn
        taken = opened.screenshot()
        browser.close()
    return taken


def main() -> None:
    """Take the picture."""
    page, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(picture_of(page))
    print(f"{out}: {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""The workbench in a browser: a server of its own, windows that remember what went wrong in them, and axe-core from its package."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from desks import PASSWORD

PAGES = (
    "/", "/incidents", "/incidents?view=table", "/documents", "/speakers", "/review", "/agreement", "/search", "/search?q=killed", "/publish",
    "/publish/look", "/audit", "/people", "/me",
)  # fmt: skip
EXPECTED = re.compile(r"status of 409|/original' because the document's frame is sandboxed|Loading the image 'http://127.0.0.1:1/")
GRAVE = {"serious", "critical"}


class Server:
    """`ascertain serve` in a process of its own."""

    def __init__(self, case: Path, *, port: int) -> None:
        command = [sys.executable, "-m", "ascertain", "serve", str(case), "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip() if self.process.stdout else ""
        self.site = f"http://127.0.0.1:{port}"

    def end(self) -> None:
        """Ask it to end."""
        self.process.terminate()
        self.process.wait(60)


def a_page(chromium: Any, *, width: int = 1280, height: int = 900) -> Any:
    """A fresh browser window that remembers what went wrong in it."""
    page = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    page.set_default_timeout(60_000)
    page.wrong = []
    page.on("console", lambda m: page.wrong.append(f"{page.url}: {m.text}") if m.type == "error" and not EXPECTED.search(m.text) else None)
    page.on("pageerror", lambda e: page.wrong.append(f"{page.url}: {e}"))
    return page


def open_soon(page: Any, address: str) -> None:
    """Open an address of a server that may still be starting."""
    for _ in range(100):
        try:
            page.goto(address)
        except Exception:  # noqa: BLE001  # the server is not up yet
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} was never there")


def log_in(page: Any, name: str, *, site: str = "http://127.0.0.1:8397") -> None:
    """Log in with the password of all test accounts."""
    open_soon(page, f"{site}/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_selector(".me")


def settled(page: Any) -> None:
    """Wait until no background work is under way."""
    page.wait_for_function("() => !document.querySelector('#work[data-poll]')", timeout=180_000)


def grave(page: Any) -> list[tuple[str, str, str]]:
    """What axe-core finds serious or critical on the page as it stands: where, which rule, the first element."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [(page.url, v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"] if v["impact"] in GRAVE]

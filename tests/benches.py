"""The workbench in a browser: a server of its own, windows that remember what went wrong in them, and axe-core from its package."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from desks import NOW, PASSWORD, a_reading, make_case

from ascertain.store import Account, Desk, Factors, People
from ascertain.web._index import relink
from ascertain.web._sessions import Gate

PAGES = (
    "/", "/incidents", "/incidents?view=table", "/documents", "/speakers", "/review", "/agreement", "/search", "/search?q=killed", "/publish",
    "/publish/look", "/audit", "/people", "/me",
)  # fmt: skip
PATIENCE_MS = 300_000  # only what hangs takes so long: a machine may be ten times busier than ours
EXPECTED = re.compile(r"status of 409|/original' because the document's frame is sandboxed|Loading the image 'http://127.0.0.1:1/")
DECIDED = "action => { const f = document.getElementById('decide'); return !f || f.getAttribute('action') !== action; }"
GRAVE = {"serious", "critical"}


def a_case(folder: Path) -> Path:
    """Twenty shellings with sixty findings, an HTML original, four accounts."""
    web = b"<html><body><h1>Report</h1><script>document.title='run'</script><img src='http://127.0.0.1:1/x.png'><p>Five died.</p></body></html>"
    readings = [
        a_reading(
            f"{n}.txt",
            speaker=f"Anna Weber{'x' * n}",
            count=3 + n,
            day=f"{1 + n} {'March' if n % 2 else 'April'} 2023",
            place=("Goma", "Ituri", "Bukavu")[n % 3],
        )
        for n in range(20)
    ]
    readings.append(
        a_reading("other.html", speaker="Boris Kahn", count=40, day="2 March 2023", place="Ituri", media_type="text/html", data=web)
    )
    make_case(folder, readings)
    with Desk.open(folder, clock=lambda: NOW) as desk:
        relink(desk)
        hashed = Gate(People(desk), Factors(desk), clock=lambda: NOW).hashed(PASSWORD)
        for name, role in (("A. Admin", "administrator"), ("R. One", "reviewer"), ("R. Two", "reviewer"), ("Reader", "reader")):
            People(desk).add_account(Account(name, role, hashed, NOW, "tests"))
    return folder


class Server:
    """`ascertain serve` in a process of its own, on a port that was free; it listens once it has told its address."""

    def __init__(self, case: Path) -> None:
        command = [sys.executable, "-m", "ascertain", "serve", str(case), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip() if self.process.stdout else ""
        self.site = "/".join(self.address.split("/")[:3])

    def end(self) -> None:
        """Ask it to end."""
        self.process.terminate()
        self.process.wait(300)


def a_page(chromium: Any, server: Server, *, width: int = 1280, height: int = 900) -> Any:
    """A fresh browser window at a server's site that remembers what went wrong in it."""
    page = chromium.new_context(viewport={"width": width, "height": height}, base_url=server.site).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.wrong = []
    page.on("console", lambda m: page.wrong.append(f"{page.url}: {m.text}") if m.type == "error" and not EXPECTED.search(m.text) else None)
    page.on("pageerror", lambda e: page.wrong.append(f"{page.url}: {e}"))
    return page


def log_in(page: Any, name: str) -> None:
    """Log in with the password of all test accounts; what the server does at its start, which fetches pages anew at its end, is over then."""
    page.goto("/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_selector(".me")
    settled(page)


def settled(page: Any) -> None:
    """Wait until no background work is under way."""
    page.wait_for_function("() => !document.querySelector('#work[data-poll]')", timeout=PATIENCE_MS)


def grave(page: Any) -> list[tuple[str, str, str]]:
    """What axe-core finds serious or critical on the page as it stands: where, which rule, the first element."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [(page.url, v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"] if v["impact"] in GRAVE]

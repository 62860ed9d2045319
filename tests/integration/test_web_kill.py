"""The real server, killed while people decide: what it has acknowledged is there after the start, nothing is half-done."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
import time

import pytest

pytest.importorskip("starlette")
import requests
from desks import NOW, PASSWORD, a_reading, make_case

from ascertain import pipeline
from ascertain.store import Account, Desk, Factors, People, Rows
from ascertain.web._index import relink
from ascertain.web._sessions import Gate

PLACES = ("Goma", "Ituri", "Bukavu")
WHO = ("R. One", "R. Two")


@pytest.fixture
def case(tmp_path):
    readings = [
        a_reading(
            f"{n}.txt", speaker=f"Anna Weber{'x' * n}", count=3 + n, day=f"{1 + n} {('March', 'April')[n % 2]} 2023", place=PLACES[n % 3]
        )
        for n in range(24)
    ]
    folder = make_case(tmp_path / "case", readings)
    with Desk.open(folder, clock=lambda: NOW) as desk:
        relink(desk)
        people = People(desk)
        hashed = Gate(people, Factors(desk), clock=lambda: NOW).hashed(PASSWORD)
        for name in WHO:
            people.add_account(Account(name, "reviewer", hashed, NOW, "tests"))
    return folder


def a_server(case) -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen([sys.executable, "-m", "ascertain", "serve", str(case), "--port", "0"], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()  # it listens once it tells its address


def review(site: str, name: str, kept: list[tuple[str, str]]) -> None:
    """Confirm one finding after another until the server is gone; what was acknowledged is kept."""
    session = requests.Session()
    try:
        session.post(f"{site}/login", data={"name": name, "password": PASSWORD}, timeout=300)
        while True:
            page = session.get(f"{site}/review", timeout=300).text
            found = re.search(r'action="(/review/(incident-[^/"]+)/[a-z_]+)" id="decide"', page)
            if found is None:
                return
            fields = {key: re.search(rf'name="{key}" value="([^"]*)"', page)[1] for key in ("csrf", "version")}
            answer = session.post(f"{site}{found[1]}", data={**fields, "decision": "confirm"}, allow_redirects=False, timeout=300)
            if answer.status_code == 303:
                kept.append((name, found[1]))
    except requests.RequestException:
        return


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_server_that_is_killed_loses_no_decision_and_leaves_none_half_done(case, seed):
    process, site = a_server(case)
    kept: list[tuple[str, str]] = []
    reviewers = [threading.Thread(target=review, args=(site, name, kept)) for name in WHO]
    for reviewer in reviewers:
        reviewer.start()
    end = time.monotonic() + 300
    while len(kept) < 3 + 4 * seed and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(random.Random(seed).random() * 0.2)
    process.kill()
    process.wait(300)
    for reviewer in reviewers:
        reviewer.join(300)
    with Desk.open(case, wait_seconds=300, clock=lambda: NOW) as desk:
        made = [(d.reviewer, f"/review/{d.target}/{d.attribute}") for d in desk.decisions()]
        assert len(kept) >= 3
        assert set(kept) <= set(made), "what was acknowledged is there"
        assert len(made) <= len(kept) + len(WHO), "and at most one more of each, which was not told yet"
        assert len(set(made)) == len(made)
        logged = [e.record for e in desk.log_entries() if e.record["action"] == "reviewed"]
        assert len(logged) == len(made), "each decision with its record in the log"
        relink(desk)
        readings = sorted(desk.readings(), key=lambda r: r.document.id)
        anew = pipeline.find_incidents(readings, decisions=desk.decisions(), paths=pipeline.paths_of(desk.captures()))
        assert tuple(Rows(desk).all_incidents()) == anew.incidents
        desk.checkpoint()
        assert desk.check() == []

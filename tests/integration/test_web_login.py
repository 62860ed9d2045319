"""Getting in: passwords, authenticators, recovery codes, waiting after failures, sessions."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("starlette")
from desks import NOW, PASSWORD, Browser, a_reading, make_case
from starlette.testclient import TestClient

from ascertain.store import Desk, Factors, People
from ascertain.web import make_app
from ascertain.web._index import relink
from ascertain.web._sessions import (
    FORGET_SECONDS,
    FREE_TRIES,
    FREE_TRIES_OF_ADDRESS,
    IDLE_SECONDS,
    LONGEST_SECONDS,
    STEP_SECONDS,
    Gate,
    code_at,
)
from ascertain.web._tickets import LIFE_SECONDS, MOST, Tickets


@pytest.fixture
def desk(tmp_path):
    with Desk.open(make_case(tmp_path / "case", [a_reading("a.txt")]), clock=lambda: NOW) as opened:
        relink(opened)
        yield opened


@pytest.fixture
def app(desk):
    return make_app(desk, inline=True, clock=lambda: NOW)


def a_client(app, address: str = "192.0.2.7") -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", client=(address, 1), follow_redirects=False)


def log_in(client, name: str, password: str = PASSWORD, **more):
    return client.post("/login", data={"name": name, "password": password, **more})


def with_phone(app, name: str = "With Phone") -> tuple[str, list[str], Browser]:
    """An account with an authenticator: its secret, its recovery codes, and its browser."""
    browser = Browser(app, name, "reader")
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', browser.post("/me/second-factor").text)[1]
    now = int(app.state.bench.gate.now()) // STEP_SECONDS
    page = browser.post("/me/second-factor", {"secret": secret, "code": code_at(secret, now), "password": PASSWORD})
    assert page.status_code == 200
    return secret, re.findall(r"<li><code>([A-Z2-7-]+)</code>", page.text), browser


def the_ticket(answer) -> str:
    return re.search(r'name="ticket" value="([^"]+)"', answer.text)[1]


def test_an_authenticator_is_asked_for_once_it_is_confirmed(app):
    browser = Browser(app, "With Phone", "reader")
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', browser.post("/me/second-factor").text)[1]
    step = int(app.state.bench.gate.now()) // STEP_SECONDS
    wrong = {"secret": secret, "code": "000000", "password": PASSWORD}
    assert browser.post("/me/second-factor", wrong).status_code == 400
    assert browser.post("/me/second-factor", wrong | {"code": code_at(secret, step), "password": "guess"}).status_code == 400
    assert log_in(a_client(app), "With Phone").status_code == 303, "nothing counts before a code was given"
    assert browser.post("/me/second-factor", wrong | {"code": code_at(secret, step)}).status_code == 200
    first = log_in(a_client(app), "With Phone")
    assert (first.status_code, "set-cookie" in first.headers) == (200, False)
    client = a_client(app)
    second = {"ticket": the_ticket(first), "code": code_at(secret, step + 1)}
    assert client.post("/login/second", data=second).status_code == 303
    assert client.get("/me").status_code == 200
    assert client.post("/login/second", data=second).status_code == 401, "a ticket is taken once"
    assert client.post("/login/second", data=second | {"ticket": the_ticket(log_in(client, "With Phone"))}).status_code == 401, (
        "a code works once"
    )
    assert log_in(client, "With Phone", code="123456").status_code == 401


def test_recovery_codes_work_once_each_and_go_with_the_last_factor(app):
    _, codes, browser = with_phone(app)
    assert len(set(codes)) == 10
    for code, status in ((codes[0], 303), (codes[0], 401), (codes[1].lower().replace("-", " "), 303)):
        client = a_client(app)
        answer = client.post("/login/second", data={"ticket": the_ticket(log_in(client, "With Phone")), "code": code})
        assert answer.status_code == status
    factors = app.state.bench.factors
    assert factors.codes_left("With Phone") == 8
    assert browser.post("/me/recovery-codes", {"password": "wrong password"}).status_code == 400
    fresh = re.findall(r"<li><code>([A-Z2-7-]+)</code>", browser.post("/me/recovery-codes", {"password": PASSWORD}).text)
    assert (factors.codes_left("With Phone"), set(fresh) & set(codes)) == (10, set())
    browser.post("/me/second-factor", {"end": "1", "password": PASSWORD})
    assert factors.codes_left("With Phone") == 0
    assert log_in(a_client(app), "With Phone").status_code == 303


def test_nobodys_recovery_code_opens_anothers_account(app):
    _, codes, _ = with_phone(app)
    with_phone(app, "Somebody Else")
    client = a_client(app)
    assert client.post("/login/second", data={"ticket": the_ticket(log_in(client, "Somebody Else")), "code": codes[0]}).status_code == 401


def test_an_administrator_takes_lost_factors_away_and_that_is_logged(app, desk):
    with_phone(app)
    admin = Browser(app, "A. Admin")
    assert "remove second factors" in admin.get("/people").text
    admin.post("/people/change", {"name": "With Phone", "role": "reader", "active": "1", "forget_second": "1"})
    assert log_in(a_client(app), "With Phone").status_code == 303
    assert ("A. Admin", "second factors removed", "With Phone") in {
        (e.record["actor"], e.record["action"], e.record["object"]) for e in desk.log_entries()
    }


def test_failures_in_a_row_make_the_next_login_wait_over_restarts_too(app, desk):
    Browser(app, "Somebody", "reviewer")
    client = a_client(app)
    tries = [log_in(client, "Somebody", "wrong password").status_code for _ in range(FREE_TRIES + 1)]
    assert tries == [401] * FREE_TRIES + [429]
    again = make_app(desk, inline=True, clock=lambda: NOW)
    assert log_in(a_client(again, "198.51.100.9"), "Somebody").status_code == 429, "another address and another server change nothing"
    assert log_in(a_client(again), "A stranger", "wrong password").status_code == 401, "others of the address may go on"


def a_gate(desk, clock: list[float]) -> Gate:
    return Gate(People(desk), Factors(desk), clock=lambda: NOW, now=lambda: clock[0])


def test_waits_double_and_are_forgotten_after_a_day(desk):
    clock = [1_800_000_000.0]
    gate, waits = a_gate(desk, clock), []
    for _ in range(FREE_TRIES + 4):
        wait = gate.begin_try("Somebody", "192.0.2.1")
        if wait:
            waits.append(wait)
            clock[0] += wait
            assert gate.begin_try("Somebody", "192.0.2.1") == 0
    assert waits == [30, 60, 120, 240]
    clock[0] += FORGET_SECONDS + 1
    assert gate.begin_try("Somebody", "192.0.2.1") == 0


def test_many_tries_at_once_count_as_many(desk):
    gate = a_gate(desk, [1_800_000_000.0])
    with ThreadPoolExecutor(16) as many:
        waits = list(many.map(lambda _: gate.begin_try("Somebody", "192.0.2.1"), range(40)))
    assert waits.count(0) == FREE_TRIES


def test_one_address_can_not_try_many_names_and_ones_own_success_forgives_nothing(desk):
    gate = a_gate(desk, [1_800_000_000.0])
    for number in range(FREE_TRIES_OF_ADDRESS):
        assert gate.begin_try(f"name {number}", "192.0.2.1") == 0
        gate.begin_try("mine", "198.51.100.1")
        gate.end_try("mine", "198.51.100.1")
    assert gate.begin_try("another", "192.0.2.1") > 0


def test_a_session_ends_when_unused_and_once_a_day_in_any_case(desk, app):
    Browser(app, "Somebody", "reader")
    clock = [1_800_000_000.0]
    gate = a_gate(desk, clock)
    token = gate.begin("Somebody")
    for _ in range(LONGEST_SECONDS // (IDLE_SECONDS - 10)):
        clock[0] += IDLE_SECONDS - 10
        assert gate.session_of(token) is not None
    clock[0] += IDLE_SECONDS - 10
    assert gate.session_of(token) is None, "twelve hours"
    token = gate.begin("Somebody")
    clock[0] += IDLE_SECONDS + 1
    assert gate.session_of(token) is None, "an hour without use"
    assert gate.session_of("guess") is None


def test_the_store_holds_no_password_token_or_recovery_code(app, desk):
    _, codes, browser = with_phone(app)
    token = browser.client.cookies["ascertain"]
    held = (desk.folder / "case.sqlite").read_bytes() + b"".join(p.read_bytes() for p in desk.folder.glob("case.sqlite-wal"))
    for secret in (PASSWORD, token, codes[0], codes[0].replace("-", "")):
        assert secret.encode() not in held


def test_a_person_who_leaves_keeps_their_past_decisions_and_their_name(app, desk):
    from ascertain.store import Rows

    admin, gone = Browser(app, "A. Admin"), Browser(app, "R. Gone", "reviewer")
    key = Rows(desk).all_incidents()[0].id
    page = gone.get(f"/review/{key}/killed").text
    version = re.search(r'name="version" value="([^"]*)"', page)[1]
    gone.post(f"/review/{key}/killed", {"decision": "confirm", "version": version})
    admin.post("/people/change", {"name": "R. Gone", "role": "reviewer"})
    assert gone.client.get("/review", follow_redirects=False).status_code == 303
    assert log_in(a_client(app), "R. Gone").status_code == 401
    assert "R. Gone" in admin.get(f"/incident/{key}").text
    assert desk.decisions()[-1].reviewer == "R. Gone"
    again = admin.post("/people/add", {"name": "R. Gone", "role": "lead", "password": PASSWORD})
    assert again.status_code == 400, "nobody else takes the name"


def test_tickets_are_taken_once_end_and_never_fill_the_memory():
    clock = [0.0]
    tickets = Tickets(now=lambda: clock[0])
    ticket = tickets.give("a")
    assert (tickets.take(ticket, int), tickets.take(ticket, str)) == (None, None), "another kind voids it too"
    ticket = tickets.give("a")
    assert (tickets.take(ticket, str), tickets.take(ticket, str)) == ("a", None)
    ticket = tickets.give("a")
    clock[0] += LIFE_SECONDS + 1
    assert tickets.take(ticket, str) is None
    first = tickets.give("a")
    for _ in range(MOST):
        tickets.give("b")
    assert tickets.take(first, str) is None

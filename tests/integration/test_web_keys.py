"""Security keys: made known, asked for at login, named, removed; and what a thief could send instead."""

from __future__ import annotations

import html
import json
import re
import zlib

import pytest

pytest.importorskip("starlette")
from authenticator import FLAG, SoftKey
from desks import NOW, PASSWORD, Browser, a_reading, make_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ascertain.errors import UsageError
from ascertain.store import Desk, Factors
from ascertain.web import make_app
from ascertain.web._keys import Keys, Site
from ascertain.web._sessions import plain_code

SITE = "http://localhost:8321"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with Desk.open(make_case(tmp_path_factory.mktemp("keys") / "case", [a_reading("a.txt")]), clock=lambda: NOW) as desk:
        yield make_app(desk, inline=True, clock=lambda: NOW)


def a_browser(app, name: str) -> Browser:
    """A person whose browser stands at localhost."""
    browser = Browser(app, name, "reviewer")
    session = browser.client.cookies["ascertain"]
    browser.client = TestClient(app, base_url=SITE, follow_redirects=True)
    browser.client.cookies.set("ascertain", session)
    return browser


def options_in(page: str) -> dict:
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page)[1]))


def ticket_in(page: str, name: str = "ticket") -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page[page.index("data-options") :] if "data-options" in page else page)[1]


def add(browser: Browser, key: SoftKey, name: str = "on my ring", **lies):
    page = browser.post("/me/keys/begin", {"name": name, "password": PASSWORD}).text
    answer = key.create(options_in(page), **{"origin": SITE, **lies})
    return browser.post("/me/keys/add", {"ticket": ticket_in(page), "answer": answer})


def a_login(app, name: str) -> tuple[TestClient, str]:
    client = TestClient(app, base_url=SITE, follow_redirects=False, client=(f"192.0.2.{zlib.crc32(name.encode()) % 250}", 1))
    return client, client.post("/login", data={"name": name, "password": PASSWORD}).text


def show(client: TestClient, page: str, answer: str):
    return client.post("/login/second", data={"ticket": ticket_in(page), "challenge": ticket_in(page, "challenge"), "answer": answer})


def test_a_key_lets_in_after_the_password_and_several_do(app):
    browser, keys = a_browser(app, "Two Keys"), [SoftKey(), SoftKey()]
    for number, key in enumerate(keys):
        assert add(browser, key, f"key {number}").status_code == 200
    assert add(browser, keys[0]).status_code == 400, "known already"
    assert all(f"<strong>key {number}</strong>" in browser.get("/me").text for number in range(2))
    for key in keys:
        client, page = a_login(app, "Two Keys")
        assert client.get("/me").status_code == 303, "the password alone lets nobody in"
        assert show(client, page, key.get(options_in(page), origin=SITE)).status_code == 303
        assert client.get("/me").status_code == 200
    assert app.state.bench.gate.keys.of("Two Keys")[0].used_at == NOW


def test_the_first_factor_brings_recovery_codes(app):
    browser = a_browser(app, "With Codes")
    codes = re.findall(r"<li><code>([A-Z2-7-]+)</code>", add(browser, SoftKey()).text)
    client, page = a_login(app, "With Codes")
    assert len(codes) == 10
    assert plain_code(codes[0]) not in browser.get("/me").text, "shown once"
    assert client.post("/login/second", data={"ticket": ticket_in(page), "code": codes[3]}).status_code == 303


def test_a_removed_key_lets_nobody_in_and_the_last_one_ends_the_asking(app):
    browser, keys = a_browser(app, "Loses One"), [SoftKey(), SoftKey()]
    for key in keys:
        add(browser, key)
    held = app.state.bench.gate.keys.of("Loses One")
    assert browser.post("/me/keys/remove", {"key": held[0].id, "password": "guess"}).status_code == 400
    other = a_browser(app, "Somebody Else")
    assert other.post("/me/keys/remove", {"key": held[0].id, "password": PASSWORD}).status_code == 400, "of one's own account alone"
    gone = next(key for key in keys if key.id.hex() == __import__("base64").urlsafe_b64decode(held[0].id + "==").hex())
    assert browser.post("/me/keys/remove", {"key": held[0].id, "password": PASSWORD}).status_code == 200
    client, page = a_login(app, "Loses One")
    assert show(client, page, gone.get(options_in(page), origin=SITE)).status_code == 401
    browser.post("/me/keys/remove", {"key": held[1].id, "password": PASSWORD})
    assert a_login(app, "Loses One")[0].get("/me").status_code == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://localhost:9999"}, {"origin": "https://evil.example"}, {"rp": "evil.example"}, {"kind": "webauthn.create"},
        {"counted": False},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_for_another_site_of_another_kind_or_of_a_copied_key_is_none(app, lie):
    name = f"Lied to {next(iter(lie))} {next(iter(lie.values()))}"[:70]
    browser, key = a_browser(app, name), SoftKey()
    add(browser, key)
    client, page = a_login(app, name)
    assert show(client, page, key.get(options_in(page), origin=SITE)).status_code == 303
    client, page = a_login(app, name)
    assert show(client, page, key.get(options_in(page), **{"origin": SITE, **lie})).status_code == 401
    assert client.get("/me").status_code == 303


def test_an_answer_is_good_once_for_one_account_and_one_challenge(app):
    browser, key = a_browser(app, "Victim"), SoftKey()
    add(browser, key)
    thief_key = SoftKey()
    add(a_browser(app, "Thief"), thief_key)
    client, page = a_login(app, "Victim")
    answer = key.get(options_in(page), origin=SITE)
    assert show(client, page, thief_key.get(options_in(page), origin=SITE)).status_code == 401, "another's key"
    client, page = a_login(app, "Victim")
    assert show(client, page, answer).status_code == 401, "an answer to an older challenge"
    client, page = a_login(app, "Victim")
    thiefs, own = a_login(app, "Thief")
    mixed = {"ticket": ticket_in(page), "challenge": ticket_in(own, "challenge"), "answer": thief_key.get(options_in(own), origin=SITE)}
    assert thiefs.post("/login/second", data=mixed).status_code == 401, "the challenge of one account with the password of another"


@pytest.mark.parametrize(
    "lie", [{"origin": "https://evil.example"}, {"rp": "evil.example"}, {"kind": "webauthn.get"}, {"flags": 0}], ids=str
)
def test_a_key_that_was_made_for_another_site_or_untouched_is_not_kept(app, lie):
    browser = a_browser(app, "Careful")
    assert add(browser, SoftKey(), **lie).status_code == 400
    assert app.state.bench.gate.keys.of("Careful") == []


def test_an_address_in_numbers_says_where_keys_work(app):
    browser = Browser(app, "By Number", "reader")
    assert "http://localhost" in browser.get("/me").text
    assert browser.post("/me/keys/begin", {"name": "k", "password": PASSWORD}).status_code == 400
    assert [Site(s, h).takes_keys for s, h in (("http", "localhost:1"), ("https", "case.example"), ("http", "case.example"), ("https", "10.0.0.1"))] == [
        True, True, False, False,
    ]  # fmt: skip


def test_an_open_session_alone_adds_no_key(app):
    browser = a_browser(app, "Left Open")
    assert browser.post("/me/keys/begin", {"name": "k", "password": "guess guess"}).status_code == 400
    assert browser.post("/me/keys/begin", {"name": "", "password": PASSWORD}).status_code == 400
    assert browser.post("/me/keys/add", {"ticket": "x", "answer": "{}"}).status_code == 400


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.binary(max_size=40).map(lambda b: __import__("base64").urlsafe_b64encode(b).decode()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "authenticatorData", "signature"]), inner, max_size=6
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSONISH, st.text(max_size=20))
def test_whatever_a_browser_sends_is_an_answer_or_a_refusal(app, tree, words):
    keys = Keys(Factors(app.state.bench.desk), clock=lambda: NOW)
    site = Site("http", "localhost:8321")
    for sent in (json.dumps(tree), words):
        _, challenge = keys.begin_adding("Fuzz", "k", site)
        with pytest.raises(UsageError):
            keys.add(challenge, sent)
        assert not keys.answers(keys.begin_asking("Fuzz", site)[1], sent)


def test_flags_are_those_of_the_standard():
    assert (FLAG.UP, FLAG.UV, FLAG.AT) == (1, 4, 64)

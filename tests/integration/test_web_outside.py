"""Logging in through an identity provider: who somebody is comes from there, what they may do never does."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("starlette")
import requests
from desks import NOW, PASSWORD, Browser, a_reading, make_case
from provider import IdentityProvider
from starlette.testclient import TestClient

from ascertain.errors import CaseError
from ascertain.store import Desk
from ascertain.store._factors import WAITING_AT_MOST
from ascertain.web import make_app
from ascertain.web._provider import checked_address, provider_settings


@pytest.fixture(scope="module")
def provider():
    made = IdentityProvider()
    yield made
    made.close()


@pytest.fixture
def app(tmp_path, provider, monkeypatch):
    provider.lies, provider.subject = {}, "subject-1"
    folder = make_case(tmp_path / "case", [a_reading("a.txt")])
    filed = folder / "ascertain.toml"
    filed.write_text(filed.read_text() + f'\n[oidc]\nissuer = "{provider.issuer}"\nclient_id = "the-case"\nlabel = "the house"\n')
    monkeypatch.setenv("ASCERTAIN_OIDC_SECRET", provider.secret)
    with Desk.open(folder, clock=lambda: NOW) as desk:
        yield make_app(desk, inline=True, clock=lambda: NOW)


def a_client(app) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


def go(client: TestClient, onward: str = "/documents") -> str:
    """To the provider and back: the address with the code, which the browser has not opened yet."""
    away = client.get(f"/login/outside?next={onward}")
    assert away.status_code == 303, away.text
    back = requests.get(away.headers["location"], allow_redirects=False, timeout=300).headers["Location"]
    parts = urlsplit(back)
    return f"{parts.path}?{parts.query}"


def admitted(app, name: str = "N. Novak", role: str = "reviewer") -> Browser:
    """An administrator who has made an account for the first that waits."""
    admin = Browser(app, "A. Admin")
    a = a_client(app)
    assert a.get(go(a)).status_code == 403
    number = re.search(r'name="number" value="(\d+)"', admin.get("/people").text)[1]
    assert admin.post("/people/admit", {"number": number, "name": name, "role": role}).status_code == 200
    return admin


def test_off_by_default(tmp_path):
    with Desk.open(make_case(tmp_path / "case", [a_reading("a.txt")]), clock=lambda: NOW) as desk:
        off = make_app(desk, inline=True, clock=lambda: NOW)
        Browser(off, "A. Admin")
        client = a_client(off)
        assert "Log in through" not in client.get("/login").text
        assert [client.get(path).status_code for path in ("/login/outside", "/login/outside/back?code=x&state=y")] == [404, 404]


def test_a_stranger_who_is_vouched_for_may_do_nothing_until_admitted(app, provider):
    client = a_client(app)
    answer = client.get(go(client))
    assert answer.status_code == 403
    assert "subject-1" in answer.text, "the number that the administrator is told"
    assert client.get("/documents").status_code == 303
    assert app.state.bench.people.accounts() == [], "nobody got an account"
    admitted(app)
    client = a_client(app)
    answer = client.get(go(client))
    assert (answer.status_code, answer.headers["refresh"]) == (200, "0; url=/documents")
    assert client.get("/documents").status_code == 200
    assert client.get("/audit").status_code == 403, "the role is the one given here"
    kept = [e.record for e in app.state.bench.desk.log_entries()]
    assert {"identity waits", "identity admitted", "logged in"} <= {e["action"] for e in kept}
    assert [e["parameters"]["by"] for e in kept if e["action"] == "logged in"][-1] == "provider"


def test_claims_about_roles_give_no_rights(app, provider):
    provider.lies = {"claims": {"role": "administrator", "groups": ["administrator"], "email": "admin@example.org", "name": "A. Admin"}}
    Browser(app, "A. Admin")
    client = a_client(app)
    assert client.get(go(client)).status_code == 403, "a name or address that somebody here has too is no link"


def test_an_account_without_password_has_none(app):
    admitted(app)
    for password in ("!", "", PASSWORD):
        assert a_client(app).post("/login", data={"name": "N. Novak", "password": password}).status_code == 401


def test_the_local_second_factor_is_asked_for_too(app):
    from ascertain.web._sessions import STEP_SECONDS, code_at, new_secret

    admitted(app)
    secret = new_secret()
    app.state.bench.people.change_account("N. Novak", by="tests", log=None, totp=secret)
    client = a_client(app)
    answer = client.get(go(client))
    assert client.get("/documents").status_code == 303
    ticket = re.search(r'name="ticket" value="([^"]+)"', answer.text)[1]
    code = code_at(secret, int(time.time()) // STEP_SECONDS)
    done = client.post("/login/second", data={"ticket": ticket, "code": code})
    assert (done.status_code, done.headers["location"]) == (303, "/documents")


def test_an_ended_link_or_account_ends_the_way_in_at_once(app):
    admin = admitted(app)
    client = a_client(app)
    client.get(go(client))
    number = re.search(r'name="number" value="(\d+)"', admin.get("/people").text)[1]
    admin.post("/people/admit", {"number": number, "remove": "1"})
    assert client.get("/documents").status_code == 303, "open sessions end"
    assert client.get(go(client)).status_code == 403


def test_a_subject_of_another_issuer_is_somebody_else(app):
    admitted(app)
    factors = app.state.bench.factors
    assert factors.identity("https://other.example", "subject-1") is None


@pytest.mark.parametrize(
    "lies",
    [
        {"claims": {"nonce": "another"}}, {"claims": {"nonce": None}}, {"claims": {"aud": "another-client"}}, {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1}}, {"claims": {"exp": None}}, {"claims": {"sub": None}}, {"claims": {"sub": ""}}, {"claims": {"sub": 7}},
        {"claims": {"aud": ["the-case", "x"], "azp": "x"}}, {"claims": {"iat": int(time.time()) + 9000}},
        {"signed": "none"}, {"signed": "another key"}, {"signed": "public key"}, {"state": "another"},
        {"description": {"issuer": "https://evil.example"}}, {"description": {"token_endpoint": "http://evil.example/token"}},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_hold_lets_nobody_in(app, provider, lies):
    admitted(app)
    client = a_client(app)
    if "description" in lies:
        provider.lies = lies
        assert client.get("/login/outside").status_code == 502
        return
    provider.lies = {key: value for key, value in lies.items() if key == "state"}
    back = go(client)
    provider.lies = lies
    assert client.get(back).status_code == 502
    assert client.get("/documents").status_code == 303


def test_a_code_is_taken_once_by_the_browser_that_began(app):
    admitted(app)
    client, thief = a_client(app), a_client(app)
    back = go(client)
    assert thief.get(back).status_code == 404, "a login that somebody else began (login CSRF)"
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 404
    mine, theirs = go(client), go(thief)
    code = parse_qs(urlsplit(theirs).query)["code"][0]
    state = parse_qs(urlsplit(mine).query)["state"][0]
    assert client.get(f"/login/outside/back?code={code}&state={state}").status_code == 502, "a stolen code has another verifier (PKCE)"


def test_a_provider_that_refuses_or_is_away_lets_nobody_in(app, provider):
    admitted(app)
    client = a_client(app)
    state = parse_qs(urlsplit(go(client)).query)["state"][0]
    assert client.get(f"/login/outside/back?error=access_denied&state={state}").status_code == 502
    app.state.bench.provider.settings = app.state.bench.provider.settings.__class__("http://127.0.0.1:9", "the-case")
    assert client.get("/login/outside").status_code == 502


def test_strangers_do_not_fill_the_case(app):
    factors = app.state.bench.factors
    for number in range(WAITING_AT_MOST + 20):
        factors.note_identity("https://i.example", f"s{number}", ("<script>alert(1)</script>",), at=NOW)
    assert len(factors.identities()) == WAITING_AT_MOST
    page = Browser(app, "A. Admin").get("/people").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_leading_away_after_the_login_is_not_possible(app):
    admitted(app)
    client = a_client(app)
    assert client.get(go(client, "https://evil.example")).headers["refresh"] == "0; url=/"


def test_the_settings_come_from_the_file_or_the_environment_and_hold_no_secret(tmp_path):
    path = tmp_path / "ascertain.toml"
    assert provider_settings(tmp_path, {}) is None
    path.write_text('[oidc]\nissuer = "https://id.example"\nclient_id = "c"\nsecret_file = "' + str(tmp_path / "secret") + '"\n')
    with pytest.raises(CaseError, match="secret"):
        provider_settings(tmp_path, {})
    (tmp_path / "secret").write_text("hush\n")
    found = provider_settings(tmp_path, {"ASCERTAIN_OIDC_CLIENT_ID": "d"})
    assert (found.issuer, found.client_id, found.secret) == ("https://id.example", "d", "hush")
    assert "hush" not in repr(found)
    for text in ('[oidc]\nissuer = "https://id.example"\n', '[oidc]\nissuer = "http://id.example"\nclient_id = "c"\n',
                 '[oidc]\nissuer = "https://id.example"\nclient_id = "c"\nsecret = "x"\n', "[oidc]\nissuer = 1\n"):  # fmt: skip
        path.write_text(text)
        with pytest.raises(CaseError):
            provider_settings(tmp_path, {})
    assert [checked_address(a) for a in ("https://a.example/x", "http://localhost:1", "http://[::1]:2")]

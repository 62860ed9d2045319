"""Security keys in the real browser, with its virtual authenticator; and logging in through a provider, where cookies must come along."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")
from benches import Server, a_page
from desks import NOW, PASSWORD, a_reading, make_case
from provider import IdentityProvider

from ascertain.store import Account, Desk, Factors, People
from ascertain.web._sessions import Gate

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = make_case(tmp_path_factory.mktemp("keys") / "case", [a_reading("a.txt")])
    provider = IdentityProvider(secret=None)
    filed = folder / "ascertain.toml"
    filed.write_text(filed.read_text() + f'\n[oidc]\nissuer = "{provider.issuer}"\nclient_id = "the-case"\nlabel = "the house"\n')
    with Desk.open(folder, clock=lambda: NOW) as desk:
        people, factors = People(desk), Factors(desk)
        people.add_account(Account("R. One", "reviewer", Gate(people, factors, clock=lambda: NOW).hashed(PASSWORD), NOW, "tests"))
        factors.admit(factors.note_identity(provider.issuer, "subject-1", ("Nina",), at=NOW).number, "R. One", by="tests")
    running = Server(folder)
    running.site = running.site.replace("127.0.0.1", "localhost")  # keys need a name
    yield running
    running.end()
    provider.close()


def with_authenticator(page):
    """A security key that is plugged in and touched at once."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def send_password(page) -> None:
    page.goto("/login")
    page.fill("input[name=name]", "R. One")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")


def add_key(page, name: str) -> None:
    page.goto("/me")
    page.click("text=Add a security key")
    page.fill("form[action='/me/keys/begin'] input[name=name]", name)
    page.fill("form[action='/me/keys/begin'] input[name=password]", PASSWORD)
    page.click("form[action='/me/keys/begin'] button")
    page.click("text=Add this key")
    page.wait_for_selector(f"strong:text-is('{name}')")


def test_a_team_member_comes_in_through_the_provider_and_stays(chromium, server):
    page = a_page(chromium, server)
    page.goto("/login?next=/documents")
    page.click("text=Log in through the house")
    page.wait_for_url("/documents")
    page.goto("/me")
    assert "R. One" in page.inner_text("main")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert (cookies["ascertain"]["sameSite"], cookies["ascertain"]["httpOnly"]) == ("Strict", True)
    assert "ascertain-outside" not in cookies
    assert page.wrong == []


def test_two_keys_are_added_used_and_removed(chromium, server):
    page = a_page(chromium, server)
    send_password(page)
    page.wait_for_selector(".me")
    devices, first = with_authenticator(page)
    add_key(page, "on my ring")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    held = devices.send("WebAuthn.getCredentials", {"authenticatorId": first})["credentials"]
    assert [credential["rpId"] for credential in held] == ["localhost"]
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": first})
    options = {
        "protocol": "ctap2",
        "transport": "nfc",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    add_key(page, "in the safe")
    page.click("text=Log out")
    send_password(page)
    page.click("text=Use the security key")
    page.wait_for_selector(".me")
    page.click("text=Log out")
    send_password(page)
    page.fill("input[name=code]", codes[0])
    page.click("section[aria-labelledby=code] button")
    page.wait_for_selector(".me")
    page.goto("/me")
    assert "Nine codes left" in page.inner_text("main")
    for _ in range(2):
        page.locator("details:has(form[action='/me/keys/remove']) summary").first.click()
        page.locator("form[action='/me/keys/remove'] input[name=password]").first.fill(PASSWORD)
        page.locator("form[action='/me/keys/remove'] button").first.click()
        page.wait_for_load_state()
    assert "A password alone lets you in" in page.inner_text("main")
    assert page.wrong == []


def test_without_the_key_the_script_says_so_and_the_code_remains(chromium, server):
    page = a_page(chromium, server)
    send_password(page)
    page.wait_for_selector(".me")
    devices, key = with_authenticator(page)
    add_key(page, "forgotten at home")
    codes = page.locator(".codes code").all_inner_texts()
    page.click("text=Log out")
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    send_password(page)
    page.click("text=Use the security key")
    page.wait_for_selector("text=The key did not answer")
    page.fill("input[name=code]", codes[5])
    page.click("section[aria-labelledby=code] button")
    page.wait_for_selector(".me")
    assert "R. One" in page.inner_text(".me")

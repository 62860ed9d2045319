"""Logging in and out, with a second factor where there is one, and the first account."""

from __future__ import annotations

import hmac
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Account
from ascertain.web._access import Role
from ascertain.web._asked import Asked, Handler, NotAllowedError
from ascertain.web._keys import Challenge
from ascertain.web._render import page
from ascertain.web._sessions import LONGEST_NAME, Passed

WRONG = "Name, password or second factor is wrong."
IN_ADDRESS = "/?&=#:;,+%@!~*'()"


def login(asked: Asked) -> Response:
    """The form."""
    if not asked.bench.people.accounts():
        return page(asked, "nobody.html")
    return login_page(asked, onward=own_path(asked.query("next")))


def login_page(asked: Asked, *, onward: str, failed: str | None = None, status: int = 200) -> Response:
    """The form, with what went wrong before."""
    provider = asked.bench.provider
    return page(asked, "login.html", status=status, goes_to=onward, failed=failed, provider=provider.settings.label if provider else None)


def login_send(asked: Asked) -> Response:
    """Check name and password; the answer is the same whatever was wrong."""
    name, onward, gate = asked.field("name"), own_path(asked.field("next")), asked.bench.gate
    wait = gate.begin_try(name, asked.came_from)
    if wait > 0:
        return _too_often(asked, wait, onward)
    account = gate.check(name, asked.field("password"))
    if account is None:
        _log_failure(asked, name, "password")
        return login_page(asked, onward=onward, status=401, failed=WRONG)
    return go_on(asked, account, onward=onward, by="password", counted=True)


def go_on(asked: Asked, account: Account, *, onward: str, by: str, counted: bool) -> Response:
    """Let somebody in whose password or provider was right, or ask for the second factor where they have one."""
    gate, code = asked.bench.gate, asked.field("code")
    if not gate.has_second(account):
        return let_in(asked, account.name, onward=onward, how=by, counted=counted)
    if not code:
        if counted:
            gate.end_try(account.name, asked.came_from, clean=False)
        return second_page(asked, Passed(account.name, by, onward))
    if not gate.is_code(account, code):
        _log_failure(asked, account.name, "second factor")
        return login_page(asked, onward=onward, status=401, failed=WRONG)
    return let_in(asked, account.name, onward=onward, how=f"{by}, code", counted=counted)


def second_page(asked: Asked, passed: Passed) -> Response:
    """Ask for the second factor."""
    gate = asked.bench.gate
    options, ticket = None, None
    if gate.keys.of(passed.account, asked.site) and asked.site.takes_keys:
        options, challenge = gate.keys.begin_asking(passed.account, asked.site)
        ticket = gate.tickets.give(challenge)
    elsewhere = sorted({key.host for key in gate.keys.of(passed.account)} - {asked.site.name})
    return page(asked, "login_second.html", options=options, challenge=ticket, elsewhere=elsewhere, ticket=gate.tickets.give(passed))


def login_second(asked: Asked) -> Response:
    """Check the second factor: a key's answer or a code."""
    gate = asked.bench.gate
    passed = gate.tickets.take(asked.field("ticket"), Passed)
    account = asked.bench.people.account(passed.account) if passed else None
    if passed is None or account is None or not account.active:
        return login_page(asked, onward="/", status=401, failed="That took too long, or was sent twice. Begin again.")
    wait = gate.begin_try(account.name, asked.came_from)
    if wait > 0:
        return _too_often(asked, wait, passed.onward)
    challenge = gate.tickets.take(asked.field("challenge"), Challenge)
    own = challenge is not None and challenge.account == account.name and challenge.site == asked.site
    if own and challenge is not None and gate.keys.answers(challenge, asked.field("answer")):
        how = "security key"
    elif gate.is_code(account, asked.field("code")):
        how = "code"
    else:
        _log_failure(asked, account.name, "second factor")
        return login_page(asked, onward=passed.onward, status=401, failed=WRONG)
    return let_in(asked, account.name, onward=passed.onward, how=f"{passed.by}, {how}", counted=True)


def let_in(asked: Asked, name: str, *, onward: str, how: str, counted: bool) -> Response:
    """Open a session and go where they wanted to go.

    Whoever comes back from a provider has followed a link of another site: browsers would not send the new cookie with a redirect.
    """
    token = asked.bench.gate.let_in(name, address=asked.came_from, how=how, counted=counted)
    if how.startswith("provider") and asked.rule.method == "GET":
        response = page(asked, "arrived.html", onward=onward)
        response.headers["Refresh"] = f"0; url={quote(onward, safe=IN_ADDRESS)}"
        return with_session(asked, response, token)
    return with_session(asked, RedirectResponse(onward, 303), token)


def _log_failure(asked: Asked, name: str, what: str) -> None:
    """A failure at an account that is there stands in the log, by the case: who tried is not known."""
    if asked.bench.people.account(name) is not None:
        asked.bench.desk.log(asked.bench.desk.collector, "login failed", name, wrong=what)


def _too_often(asked: Asked, wait: int, onward: str) -> Response:
    return login_page(asked, onward=onward, status=429, failed=f"Too many failures. Try again in {wait} seconds.")


def first(asked: Asked) -> Response:
    """The form for the first account, for whoever started the server."""
    _check_first(asked, asked.query("token"))
    return page(asked, "first.html", token=asked.query("token"))


def first_send(asked: Asked) -> Response:
    """Make the first account, an administrator's."""
    _check_first(asked, asked.field("token"))
    new_account(asked, asked.field("name"), Role.ADMINISTRATOR, asked.field("password"), by=asked.field("name"))
    asked.bench.first_token = None
    return with_session(asked, RedirectResponse("/", 303), asked.bench.gate.begin(asked.field("name")))


def _check_first(asked: Asked, token: str | None) -> None:
    wanted = asked.bench.first_token
    if wanted is None or not hmac.compare_digest(wanted.encode(), (token or "").encode()) or asked.bench.people.accounts():
        raise NotAllowedError("the first account can't be made with this link", advice="Use the link that `ascertain serve` printed last.")


def new_account(asked: Asked, name: str, role: Role, password: str, *, by: str) -> None:
    """Check a new account and keep it.

    Raises:
        UsageError: the name or password won't do.
    """
    check_name(name)
    hashed = asked.bench.gate.hashed(password)
    asked.bench.people.add_account(Account(name, role.value, hashed, asked.bench.clock(), by))


def check_name(name: str) -> None:
    """Check a new account's name.

    Raises:
        UsageError: it is empty, too long or can't be printed.
    """
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UsageError(f"a name has 1 to {LONGEST_NAME} printable characters", advice="Use the name that shall stand under decisions.")


def logout(asked: Asked) -> Response:
    """End the session."""
    if asked.session is not None:
        asked.bench.people.end_session(asked.session.token, account=asked.account.name, log="logged out")
    response = RedirectResponse("/login", 303)
    response.delete_cookie(asked.bench.cookie, path="/", secure=asked.bench.secure, httponly=True, samesite="strict")
    return response


def own_path(path: str | None) -> str:
    """A path of this site; anything else leads to the case."""
    good = path is not None and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if good and path is not None else "/"


def with_session(asked: Asked, response: Response, token: str) -> Response:
    """The answer with the session's cookie."""
    response.set_cookie(asked.bench.cookie, token, path="/", secure=asked.bench.secure, httponly=True, samesite="strict")
    return response


HANDLERS: dict[str, Handler] = {
    "login": login, "login_send": login_send, "login_second": login_second, "first": first, "first_send": first_send, "logout": logout,
}  # fmt: skip

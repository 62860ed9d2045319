"""Logging in and out, the first account, and what everybody may set for themselves."""

from __future__ import annotations

import hmac
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.publish.parts import harm_kinds
from ascertain.store import Account
from ascertain.web._access import Role
from ascertain.web._asked import Asked, Handler, NotAllowedError
from ascertain.web._render import page
from ascertain.web._sessions import matching_step, new_secret

LONGEST_NAME = 80


def login(asked: Asked) -> Response:
    """The form."""
    if not asked.bench.people.accounts():
        return page(asked, "nobody.html")
    return page(asked, "login.html", goes_to=_own_path(asked.query("next")), failed=None)


def login_send(asked: Asked) -> Response:
    """Check a login; the answer is the same whatever was wrong."""
    name, onward = asked.field("name"), _own_path(asked.field("next"))
    client = asked.request.client
    where = client.host if client else "nowhere"
    wait = asked.bench.gate.wait_seconds(f"name {name}", f"address {where}")
    if wait > 0:
        failed = f"Too many failures. Try again in {wait} seconds."
        return page(asked, "login.html", status=429, goes_to=onward, failed=failed)
    token = asked.bench.gate.log_in(name, asked.field("password"), asked.field("code"), address=where)
    if token is None:
        return page(asked, "login.html", status=401, goes_to=onward, failed="Name, password or code is wrong.")
    return _with_session(asked, RedirectResponse(onward, 303), token)


def first(asked: Asked) -> Response:
    """The form for the first account, for whoever started the server."""
    _check_first(asked, asked.query("token"))
    return page(asked, "first.html", token=asked.query("token"))


def first_send(asked: Asked) -> Response:
    """Make the first account, an administrator's."""
    _check_first(asked, asked.field("token"))
    new_account(asked, asked.field("name"), Role.ADMINISTRATOR, asked.field("password"), by=asked.field("name"))
    asked.bench.first_token = None
    return _with_session(asked, RedirectResponse("/", 303), asked.bench.gate.begin(asked.field("name")))


def _check_first(asked: Asked, token: str | None) -> None:
    wanted = asked.bench.first_token
    if wanted is None or not hmac.compare_digest(wanted.encode(), (token or "").encode()) or asked.bench.people.accounts():
        raise NotAllowedError("the first account can't be made with this link", advice="Use the link that `ascertain serve` printed last.")


def new_account(asked: Asked, name: str, role: Role, password: str, *, by: str) -> None:
    """Check a new account and keep it.

    Raises:
        UsageError: the name or password won't do.
    """
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UsageError(f"a name has 1 to {LONGEST_NAME} printable characters", advice="Use the name that shall stand under decisions.")
    hashed = asked.bench.gate.hashed(password)
    asked.bench.people.add_account(Account(name, role.value, hashed, asked.bench.clock(), by))


def logout(asked: Asked) -> Response:
    """End the session."""
    if asked.session is not None:
        asked.bench.people.end_session(asked.session.token, account=asked.account.name, log="logged out")
    response = RedirectResponse("/login", 303)
    response.delete_cookie(asked.bench.cookie, path="/", secure=asked.bench.secure, httponly=True, samesite="strict")
    return response


def me(asked: Asked) -> Response:
    """One's own settings."""
    return page(asked, "me.html", secret=None, link=None, said=None)


def me_password(asked: Asked) -> Response:
    """Change one's password; all sessions end, a new one begins."""
    if not asked.bench.gate.is_password(asked.account, asked.field("old")):
        raise UsageError("the old password is wrong", advice="Nothing was changed.")
    name = asked.account.name
    asked.bench.people.change_account(name, by=name, log="password changed", password=asked.bench.gate.hashed(asked.field("new")))
    return _with_session(asked, RedirectResponse("/me", 303), asked.bench.gate.begin(name))


def me_second(asked: Asked) -> Response:
    """Begin, confirm or end the second factor; a secret counts only once a code of it was given."""
    account, secret = asked.account, asked.field("secret")
    if asked.field("end"):
        if not asked.bench.gate.is_password(account, asked.field("password")):
            raise UsageError("the password is wrong", advice="The second factor stays.")
        asked.bench.people.change_account(account.name, by=account.name, log="second factor removed", totp=None)
        return RedirectResponse("/me", 303)
    if not secret:
        secret = new_secret()
        return page(asked, "me.html", secret=secret, link=_authenticator_link(asked, secret), said=None)
    step = matching_step(secret, asked.field("code"), at=asked.bench.gate.now(), after=0) if _is_secret(secret) else None
    if step is None:
        wrong = "That code is wrong. The clock of your phone and of this machine must agree."
        return page(asked, "me.html", status=400, secret=secret, link=_authenticator_link(asked, secret), said=wrong)
    asked.bench.people.change_account(account.name, by=account.name, log="second factor added", totp=secret, totp_step=step)
    return RedirectResponse("/me", 303)


def _is_secret(secret: str) -> bool:
    return len(secret) == 32 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _authenticator_link(asked: Asked, secret: str) -> str:
    label = quote(f"ascertain {asked.bench.desk.name}:{asked.account.name}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer=ascertain"


def me_shield(asked: Asked) -> Response:
    """From which kinds of harm one is shielded: their passages are covered until asked for."""
    name = asked.account.name
    covered = asked.fields("cover")
    bare = ";".join(kind for kind in harm_kinds() if kind not in covered)
    asked.bench.people.change_account(name, by=name, log=None, shielded=bool(covered), bare=bare)
    return RedirectResponse(_own_path(asked.field("next")) if asked.field("next") else "/me", 303)


def _own_path(path: str | None) -> str:
    """A path of this site; anything else leads to the case."""
    good = path is not None and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if good and path is not None else "/"


def _with_session(asked: Asked, response: Response, token: str) -> Response:
    response.set_cookie(asked.bench.cookie, token, path="/", secure=asked.bench.secure, httponly=True, samesite="strict")
    return response


HANDLERS: dict[str, Handler] = {
    "login": login, "login_send": login_send, "first": first, "first_send": first_send, "logout": logout, "me": me,
    "me_password": me_password, "me_second": me_second, "me_shield": me_shield,
}  # fmt: skip

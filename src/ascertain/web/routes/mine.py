"""What everybody may set for themselves: password, second factors, whether grave passages are covered."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.publish.parts import harm_kinds
from ascertain.web._asked import Asked, Handler
from ascertain.web._keys import Challenge, own_name
from ascertain.web._render import page
from ascertain.web._sessions import matching_step, new_secret
from ascertain.web.routes.account import own_path, with_session


def me(asked: Asked) -> Response:
    """One's own settings."""
    return _mine(asked)


def _mine(asked: Asked, *, status: int = 200, **now: Any) -> Response:
    """The page of settings; `now` is what is being done on it."""
    gate, name = asked.bench.gate, asked.account.name
    doing = {"secret": None, "link": None, "said": None, "adding": None, "codes": None} | now
    return page(
        asked, "me.html", status=status, keys=gate.keys.of(name), takes_keys=asked.site.takes_keys, own_name=own_name(asked.site),
        codes_left=asked.bench.factors.codes_left(name), second=gate.has_second(asked.account), **doing,
    )  # fmt: skip


def me_password(asked: Asked) -> Response:
    """Change one's password; all sessions end, a new one begins."""
    _check_password(asked, "old")
    name = asked.account.name
    asked.bench.people.change_account(name, by=name, log="password changed", password=asked.bench.gate.hashed(asked.field("new")))
    return with_session(asked, RedirectResponse("/me", 303), asked.bench.gate.begin(name))


def _check_password(asked: Asked, field: str = "password") -> None:
    """Whoever changes how an account is entered shows its password: an open session alone is not enough.

    Raises:
        UsageError: it is wrong, or there were too many tries.
    """
    gate, name = asked.bench.gate, asked.account.name
    wait = gate.begin_try(name, asked.came_from)
    if wait > 0:
        raise UsageError(f"too many failures: try again in {wait} seconds", advice="Nothing was changed.")
    if not gate.is_password(asked.account, asked.field(field)):
        raise UsageError("the password is wrong", advice="Nothing was changed.")
    gate.end_try(name, asked.came_from, clean=False)


def me_second(asked: Asked) -> Response:
    """Begin, confirm or end codes of an authenticator; a secret counts only once a code of it was given."""
    account, secret = asked.account, asked.field("secret")
    if asked.field("end"):
        _check_password(asked)
        asked.bench.people.change_account(account.name, by=account.name, log="authenticator removed", totp=None)
        return _ended(asked)
    if not secret:
        secret = new_secret()
        return _mine(asked, secret=secret, link=_authenticator_link(asked, secret))
    step = matching_step(secret, asked.field("code"), at=asked.bench.gate.now(), after=0) if _is_secret(secret) else None
    if step is None:
        wrong = "That code is wrong. The clock of your phone and of this machine must agree."
        return _mine(asked, status=400, secret=secret, link=_authenticator_link(asked, secret), said=wrong)
    _check_password(asked)
    asked.bench.people.change_account(account.name, by=account.name, log="authenticator added", totp=secret, totp_step=step)
    return _added(asked)


def _added(asked: Asked) -> Response:
    """With the first factor come recovery codes, shown once."""
    if asked.bench.factors.codes_left(asked.account.name):
        return RedirectResponse("/me#second", 303)
    return _mine(_again(asked), codes=asked.bench.gate.new_codes(asked.account.name))


def _ended(asked: Asked) -> Response:
    """Without any factor recovery codes would let nobody in."""
    now = _again(asked)
    if not asked.bench.gate.has_second(now.account) and asked.bench.factors.codes_left(now.account.name):
        asked.bench.factors.set_codes(now.account.name, (), by=now.account.name)
    return RedirectResponse("/me#second", 303)


def _again(asked: Asked) -> Asked:
    """The request with the account as it stands now."""
    who = (asked.session, asked.bench.people.account(asked.account.name) or asked.account) if asked.session else None
    return Asked(asked.bench, asked.request, asked.rule, who=who, form=None)


def me_key_begin(asked: Asked) -> Response:
    """Begin to make a security key known."""
    _check_password(asked)
    gate = asked.bench.gate
    options, challenge = gate.keys.begin_adding(asked.account.name, asked.field("name"), asked.site)
    return _mine(asked, adding={"options": options, "ticket": gate.tickets.give(challenge), "name": challenge.name})


def me_key_add(asked: Asked) -> Response:
    """Keep the key that answered."""
    gate = asked.bench.gate
    challenge = gate.tickets.take(asked.field("ticket"), Challenge)
    if challenge is None or challenge.account != asked.account.name or challenge.site != asked.site:
        raise UsageError("that took too long, or was sent twice", advice="Add the key again.")
    gate.keys.add(challenge, asked.field("answer"))
    return _added(asked)


def me_key_remove(asked: Asked) -> Response:
    """Take a key away."""
    _check_password(asked)
    if not asked.bench.factors.remove_key(asked.account.name, asked.field("key"), by=asked.account.name):
        raise UsageError("there is no such key", advice="Open the page again.")
    return _ended(asked)


def me_codes(asked: Asked) -> Response:
    """Make new recovery codes; they are shown once."""
    _check_password(asked)
    if not asked.bench.gate.has_second(asked.account):
        raise UsageError("recovery codes stand in for a second factor, and there is none", advice="Add one first.")
    return _mine(asked, codes=asked.bench.gate.new_codes(asked.account.name))


def _is_secret(secret: str) -> bool:
    return len(secret) == 32 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _authenticator_link(asked: Asked, secret: str) -> str:
    label = quote(f"ascertain {asked.bench.desk.name}:{asked.account.name}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer=ascertain"


def me_shield(asked: Asked) -> Response:
    """From which kinds of harm one is shielded: their passages are covered until asked for."""
    name, covered = asked.account.name, asked.fields("cover")
    bare = ";".join(kind for kind in harm_kinds() if kind not in covered)
    asked.bench.people.change_account(name, by=name, log=None, shielded=bool(covered), bare=bare)
    return RedirectResponse(own_path(asked.field("next")) if asked.field("next") else "/me", 303)


HANDLERS: dict[str, Handler] = {
    "me": me, "me_password": me_password, "me_second": me_second, "me_key_begin": me_key_begin, "me_key_add": me_key_add,
    "me_key_remove": me_key_remove, "me_codes": me_codes, "me_shield": me_shield,
}  # fmt: skip

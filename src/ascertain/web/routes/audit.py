"""The custody log to read, its check, and the accounts."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Account
from ascertain.web._access import MEANING, Role
from ascertain.web._asked import Asked, Handler
from ascertain.web._render import page
from ascertain.web.routes.account import check_name, new_account

PAGE = 100
DIGEST = re.compile(r"[0-9a-f]{64}")
NO_HASH = "!"  # nothing matches it: there is no password


def audit(asked: Asked) -> Response:
    """The log, newest first."""
    before = asked.query("before")
    wanted = {name: asked.query(name) for name in ("actor", "action", "object")}
    days = {"from": _day(asked.query("from")), "to": _day(asked.query("to"))}
    leaves = asked.bench.desk.log_page(
        before=int(before) if before and re.fullmatch(r"[0-9]{1,15}", before) else None, limit=PAGE, since=days["from"], until=days["to"], **wanted
    )  # fmt: skip
    return _page(asked, entries=[_entry(asked, leaf) for leaf in leaves], wanted={**wanted, **days}, more=len(leaves) == PAGE)


def _page(asked: Asked, **shown: Any) -> Response:
    """The page, with what can be chosen in its filter."""
    desk = asked.bench.desk
    size = desk.log_size()
    choices = asked.bench.remembered.get(
        asked.bench.rows.state().get("turn", ""), ("log", size), lambda: {name: desk.log_words(name) for name in ("actor", "action")}
    )
    values: dict[str, Any] = {"entries": [], "wanted": {}, "more": False, "problems": None, **shown}
    return page(asked, "audit.html", size=size, desk=desk, choices=choices, **values)


def _entry(asked: Asked, leaf: bytes) -> dict[str, Any]:
    """A record of the log as it is shown; what it says of an item that the asker may not know of is left out."""
    entry: dict[str, Any] = msgspec.json.decode(leaf)
    if any(key.encode() in leaf for key in (*asked.hidden_incidents, *asked.hidden_documents)):
        return entry | {"object": "a restricted item", "called": "a restricted item", "parameters": {}, "kind": None}
    kind = "incident" if entry["object"].startswith("incident-") else "document" if DIGEST.fullmatch(entry["object"]) else None
    return entry | {
        "kind": kind,
        "parameters": {name: _short(value) for name, value in entry["parameters"].items()},
        "called": _short(entry["object"]),
    }


def _short(value: Any) -> Any:
    """Digests by their first digits: whoever compares whole ones opens what they are of."""
    return f"{value[:12]}…" if isinstance(value, str) and DIGEST.fullmatch(value) else value


def _day(words: str | None) -> str | None:
    return words if words and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words) else None


def audit_verify(asked: Asked) -> Response:
    """Hash everything again."""
    return _page(asked, problems=asked.bench.desk.check())


def people(asked: Asked) -> Response:
    """All accounts and the form for a new one."""
    accounts, factors = asked.bench.people.accounts(), asked.bench.factors
    second = {a.name: asked.bench.gate.has_second(a) for a in accounts}
    return page(asked, "people.html", accounts=accounts, second=second, roles=MEANING, identities=factors.identities(),
                provider=asked.bench.provider is not None)  # fmt: skip


def people_add(asked: Asked) -> Response:
    """Add an account."""
    new_account(asked, asked.field("name"), _role(asked), asked.field("password"), by=asked.account.name)
    return RedirectResponse("/people", 303)


def people_change(asked: Asked) -> Response:
    """Change an account's role, end it, let it in again, or take its second factor away; never the last administrator's."""
    name, book = asked.field("name"), asked.bench.people
    account = book.account(name)
    if account is None:
        raise UsageError(f"there is no account {name[:40]}", advice="Open the page again.")
    keeps = [a for a in book.accounts() if a.role == Role.ADMINISTRATOR and a.active and a.name != name]
    role, active = _role(asked), asked.field("active") == "1"
    if not keeps and (role is not Role.ADMINISTRATOR or not active):
        raise UsageError("this is the last administrator", advice="Make another administrator first.")
    book.change_account(name, by=asked.account.name, log="account changed", role=role.value, active=active)
    if asked.field("forget_second"):
        asked.bench.factors.forget(name, by=asked.account.name)
    return RedirectResponse("/people", 303)


def people_admit(asked: Asked) -> Response:
    """Say which account somebody from outside is, that they are nobody here, or make an account for them that has no password."""
    book, by = asked.bench.people, asked.account.name
    number, name = asked.number_field("number"), asked.field("account")
    if asked.field("remove"):
        name = ""
    elif asked.field("name"):
        name = asked.field("name")
        check_name(name)
        book.add_account(Account(name, _role(asked).value, NO_HASH, asked.bench.clock(), by))
    if not asked.field("remove") and book.account(name) is None:
        raise UsageError(f"there is no account {name[:40]}", advice="Choose one from the list.")
    if number is None or not asked.bench.factors.admit(number, name or None, by=by):
        raise UsageError("there is nobody such who waits", advice="Open the page again.")
    return RedirectResponse("/people", 303)


def _role(asked: Asked) -> Role:
    if asked.field("role") not in set(Role):
        raise UsageError(f"{asked.field('role')[:20]!r} is no role", advice="Choose one from the list.")
    return Role(asked.field("role"))


HANDLERS: dict[str, Handler] = {
    "audit": audit, "audit_verify": audit_verify, "people": people, "people_add": people_add, "people_change": people_change,
    "people_admit": people_admit,
}  # fmt: skip

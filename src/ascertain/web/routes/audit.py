"""The custody log to read, its check, and the accounts."""

from __future__ import annotations

import msgspec
from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.web._access import MEANING, Role
from ascertain.web._asked import Asked, Handler
from ascertain.web._render import page
from ascertain.web.routes.account import new_account

PAGE = 100


def audit(asked: Asked) -> Response:
    """The log, newest first."""
    before = asked.query("before")
    actor, action = asked.query("actor"), asked.query("action")
    leaves = asked.bench.desk.log_page(
        before=int(before) if before and before.isdecimal() else None, limit=PAGE, actor=actor, action=action
    )
    entries = [msgspec.json.decode(leaf) for leaf in leaves]
    return page(asked, "audit.html", entries=entries, size=asked.bench.desk.log_size(), actor=actor, action=action, more=len(entries) == PAGE,
                desk=asked.bench.desk, problems=None)  # fmt: skip


def audit_verify(asked: Asked) -> Response:
    """Hash everything again."""
    problems = asked.bench.desk.check()
    return page(asked, "audit.html", entries=[], size=asked.bench.desk.log_size(), actor=None, action=None, more=False, desk=asked.bench.desk,
                problems=problems)  # fmt: skip


def people(asked: Asked) -> Response:
    """All accounts and the form for a new one."""
    return page(asked, "people.html", accounts=asked.bench.people.accounts(), roles=MEANING)


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
    changes = {"role": role.value, "active": active} | ({"totp": None} if asked.field("forget_second") else {})
    book.change_account(name, by=asked.account.name, log="account changed", **changes)
    return RedirectResponse("/people", 303)


def _role(asked: Asked) -> Role:
    if asked.field("role") not in set(Role):
        raise UsageError(f"{asked.field('role')[:20]!r} is no role", advice="Choose one from the list.")
    return Role(asked.field("role"))


HANDLERS: dict[str, Handler] = {
    "audit": audit, "audit_verify": audit_verify, "people": people, "people_add": people_add, "people_change": people_change,
}  # fmt: skip

"""Restricting one item to some roles and people, and opening it again."""

from __future__ import annotations

from ascertain.errors import UsageError
from ascertain.store import Restriction
from ascertain.web._access import Role
from ascertain.web._asked import Asked


def add_restriction(asked: Asked, kind: str, *, mentions: tuple[tuple[str, str], ...] = ()) -> None:
    """Restrict the item in the path or open it again; whoever restricts stays among those who see it.

    Raises:
        UsageError: no reason, an unknown role, or somebody without an account.
    """
    if asked.field("open"):
        for held in asked.bench.restrictions(kind).get(asked.key, ()):
            asked.bench.people.open_again(kind, held.item, by=asked.account.name)
        return
    roles = asked.fields("roles")
    if set(roles) - set(Role):
        raise UsageError("a restriction names roles of the case", advice="Choose them from the list.")
    if not asked.field("reason"):
        raise UsageError("a restriction needs a reason", advice="Say why; it is kept in the custody log.")
    people = tuple(dict.fromkeys((*_named(asked), asked.account.name)))
    now = asked.bench.clock()
    asked.bench.people.restrict(Restriction(kind, asked.key, people, asked.field("reason"), asked.account.name, now, roles, mentions))


def _named(asked: Asked) -> list[str]:
    people = [name.strip() for name in asked.field("people").split(",") if name.strip()]
    unknown = [name for name in people if asked.bench.people.account(name) is None]
    if unknown:
        raise UsageError(f"there is no account {unknown[0]}", advice="Names of accounts, with commas between.")
    return people

"""Second factors and identities from outside: security keys, recovery codes, and who an identity provider says somebody is.

Only public keys and digests are kept: nothing here lets anybody in.
"""

from __future__ import annotations

import json
from typing import Any

import attrs
import sqlalchemy as sa

import ascertain.store._desk_tables as tables
from ascertain.store._desk import Desk

WAITING_AT_MOST = 200  # identities that nobody has admitted: strangers must not fill the case


@attrs.frozen
class SecurityKey:
    """A WebAuthn credential of an account.

    Attributes:
        id: the credential's id, base64url.
        name: what its owner calls it.
        host: the name of the site that it was made for; it works there alone.
        public: attested credential data as the standard has it, with the public key.
        uses: the key's own counter, as it was last told.
    """

    id: str
    account: str
    name: str
    host: str
    public: bytes
    uses: int
    added_at: str
    used_at: str | None = None


@attrs.frozen
class Identity:
    """Somebody whom an identity provider vouches for; without `account` they may do nothing.

    Attributes:
        called: what the provider calls them, for the administrator's eyes alone: it proves nothing.
    """

    issuer: str
    subject: str
    called: tuple[str, ...]
    first_at: str
    last_at: str
    account: str | None = None
    admitted_by: str | None = None
    number: int = 0


class Factors:
    """What people log in with, beside their passwords."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- security keys

    def keys(self, account: str) -> list[SecurityKey]:
        """The keys of an account, oldest first."""
        column = tables.security_key.c
        query = sa.select(tables.security_key).where(column.account == account).order_by(column.added_at, column.id)
        with self._desk.reading_rows() as connection:
            return [SecurityKey(**row._asdict()) for row in connection.execute(query)]

    def add_key(self, key: SecurityKey) -> bool:
        """Keep a new key; False where it is known already."""
        column = tables.security_key.c
        with self._desk.writing() as writing:
            if writing.connection.execute(sa.select(column.id).where(column.id == key.id)).first():
                return False
            writing.connection.execute(tables.security_key.insert().values(**attrs.asdict(key)))
            writing.log(key.account, "security key added", key.account, key=key.id[:16])
        return True

    def use_key(self, key: str, *, uses: int, at: str) -> None:
        """Note that a key was used."""
        with self._desk.writing() as writing:
            query = tables.security_key.update().where(tables.security_key.c.id == key)
            writing.connection.execute(query.values(uses=uses, used_at=at))

    def remove_key(self, account: str, key: str, *, by: str) -> bool:
        """Take a key away from its account; False where it has none such."""
        column = tables.security_key.c
        with self._desk.writing() as writing:
            gone = writing.connection.execute(tables.security_key.delete().where(column.account == account, column.id == key)).rowcount
            if gone:
                writing.log(by, "security key removed", account, key=key[:16])
        return bool(gone)

    # --- recovery codes

    def set_codes(self, account: str, digests: tuple[str, ...], *, by: str) -> None:
        """Replace the recovery codes of an account by others, or by none."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.recovery_code.delete().where(tables.recovery_code.c.account == account))
            if digests:
                writing.connection.execute(tables.recovery_code.insert(), [{"digest": d, "account": account} for d in digests])
            writing.log(by, "recovery codes made" if digests else "recovery codes removed", account)

    def use_code(self, account: str, digest: str) -> bool:
        """Use up a recovery code; False where there is none such."""
        column = tables.recovery_code.c
        with self._desk.writing() as writing:
            used = writing.connection.execute(
                tables.recovery_code.delete().where(column.account == account, column.digest == digest)
            ).rowcount
            if used:
                writing.log(account, "recovery code used", account)
        return bool(used)

    def codes_left(self, account: str) -> int:
        """How many recovery codes an account has."""
        query = sa.select(sa.func.count()).select_from(tables.recovery_code).where(tables.recovery_code.c.account == account)
        with self._desk.reading_rows() as connection:
            return int(connection.execute(query).scalar() or 0)

    def forget(self, account: str, *, by: str) -> None:
        """Take every second factor of an account away, its sessions too: whoever lost a phone begins again."""
        with self._desk.writing() as writing:
            for table in (tables.security_key, tables.recovery_code, tables.session):
                writing.connection.execute(table.delete().where(table.c.account == account))
            writing.connection.execute(tables.account.update().where(tables.account.c.name == account).values(totp=None))
            writing.log(by, "second factors removed", account)

    # --- identities from outside

    def identity(self, issuer: str, subject: str) -> Identity | None:
        """What is known of somebody whom a provider vouches for."""
        column = tables.identity.c
        with self._desk.reading_rows() as connection:
            row = connection.execute(sa.select(tables.identity).where(column.issuer == issuer, column.subject == subject)).first()
        return None if row is None else _identity(row)

    def identities(self) -> list[Identity]:
        """Everybody who came from outside, those who wait first."""
        column = tables.identity.c
        with self._desk.reading_rows() as connection:
            rows = connection.execute(sa.select(tables.identity).order_by(column.account.is_not(None), column.number)).all()
        return [_identity(row) for row in rows]

    def note_identity(self, issuer: str, subject: str, called: tuple[str, ...], *, at: str) -> Identity:
        """Note that somebody came; of those who wait only the latest are kept."""
        column = tables.identity.c
        values: dict[str, Any] = {"called": json.dumps(called), "last_at": at}
        with self._desk.writing() as writing:
            known = tables.identity.update().where(column.issuer == issuer, column.subject == subject).values(**values)
            if not writing.connection.execute(known).rowcount:
                fresh = {"issuer": issuer, "subject": subject, "first_at": at, **values}
                writing.connection.execute(tables.identity.insert().values(**fresh))
                writing.log(self._desk.collector, "identity waits", "case", subject=subject[:80])
            latest = sa.select(column.number).where(column.account.is_(None)).order_by(column.number.desc()).limit(WAITING_AT_MOST)
            writing.connection.execute(tables.identity.delete().where(column.account.is_(None), column.number.not_in(latest)))
            row = writing.connection.execute(sa.select(tables.identity).where(column.issuer == issuer, column.subject == subject)).one()
        return _identity(row)

    def admit(self, number: int, account: str | None, *, by: str) -> bool:
        """Say which account an identity is, or that it is none (and end that account's sessions); False where there is no such identity."""
        column = tables.identity.c
        with self._desk.writing() as writing:
            row = writing.connection.execute(sa.select(tables.identity).where(column.number == number)).first()
            if row is None:
                return False
            if account is None:
                writing.connection.execute(tables.identity.delete().where(column.number == number))
                writing.connection.execute(tables.session.delete().where(tables.session.c.account == row.account))
            else:
                writing.connection.execute(tables.identity.update().where(column.number == number).values(account=account, admitted_by=by))
            writing.log(
                by, "identity admitted" if account else "identity removed", account or row.account or "case", subject=row.subject[:80]
            )
        return True


def _identity(row: sa.Row[Any]) -> Identity:
    values = row._asdict()
    return Identity(**values | {"called": tuple(json.loads(values["called"]))})

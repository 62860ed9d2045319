"""Who works on a case: accounts, sessions, failed logins, restrictions, notes, grades of sources, saved searches, skips, releases.

Passwords and session tokens come in as hashes; nothing here can be turned back into them. Every change is in the custody log under
the name of who made it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import attrs
import msgspec
import sqlalchemy as sa

import ascertain.store._desk_tables as tables
from ascertain.errors import UsageError
from ascertain.store._desk import Desk
from ascertain.store._writing import Writing


@attrs.frozen
class Account:
    """One person's account.

    Attributes:
        role: `reader`, `reviewer`, `lead` or `administrator`.
        password: Argon2id, encoded.
        totp: base32 secret of the second factor, None where there is none.
        totp_step: the last time step that was used: a code works once.
        shielded: passages about grave harm are covered until asked for.
        bare: kinds of harm that are shown at once all the same, with semicolons between.
    """

    name: str
    role: str
    password: str
    created_at: str
    created_by: str
    totp: str | None = None
    totp_step: int = 0
    shielded: bool = True
    active: bool = True
    bare: str = ""


@attrs.frozen
class Session:
    """A login; `token` is the SHA-256 of what the browser holds, times are seconds since 1970."""

    token: str
    account: str
    csrf: str
    created: int
    seen: int


@attrs.frozen
class Restriction:
    """An item that only some people may see.

    Attributes:
        people: names of accounts that are let in.
        roles: roles that are let in.
        mentions: document and event of each telling that an incident had: whatever incident tells it later is restricted too.
    """

    kind: str
    item: str
    people: tuple[str, ...]
    reason: str
    by: str
    at: str
    roles: tuple[str, ...] = ("lead", "administrator")
    mentions: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Note:
    """Words of a reviewer about an incident, document or origin."""

    kind: str
    item: str
    author: str
    at: str
    words: str
    number: int = 0


@attrs.frozen
class Grade:
    """The reliability of an origin, A to F of the Admiralty scale, as a person sees it."""

    origin: str
    grade: str
    reason: str
    by: str
    at: str


@attrs.frozen
class Publication:
    """Something that shall leave the case.

    Attributes:
        form: `site` (static pages of the chosen incidents) or `dossier` (the whole case).
        incidents: ids with the version that was looked at; empty for a dossier.
        state: `asked`, `released`, `refused`, `made`, `failed`.
        made: file below the case's `releases/`.
    """

    title: str
    form: str
    protect_names: bool
    asked_by: str
    asked_at: str
    incidents: tuple[tuple[str, str], ...] = ()
    state: str = "asked"
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None
    made: str | None = None
    number: int = 0


class People:
    """Accounts and what belongs to them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- accounts

    def accounts(self) -> list[Account]:
        """All accounts, by name."""
        with self._desk.reading_rows() as connection:
            return [Account(**row._asdict()) for row in connection.execute(sa.select(tables.account).order_by(tables.account.c.name))]

    def account(self, name: str) -> Account | None:
        """One account."""
        with self._desk.reading_rows() as connection:
            row = connection.execute(sa.select(tables.account).where(tables.account.c.name == name)).first()
        return None if row is None else Account(**row._asdict())

    def add_account(self, account: Account) -> None:
        """Keep a new account.

        Raises:
            UsageError: there is one of that name.
        """
        with self._desk.writing() as writing:
            for known in writing.connection.execute(sa.select(tables.account.c.name)).scalars():
                if plain_name(known) == plain_name(account.name):
                    raise UsageError(
                        f"there is an account {known} already", advice="Choose another name: no spelling makes a second person."
                    )
            writing.connection.execute(tables.account.insert().values(**attrs.asdict(account)))
            writing.log(account.created_by, "account added", account.name, role=account.role)

    def change_account(self, name: str, *, by: str, log: str | None, **values: Any) -> None:
        """Change an account; `log` names the action (None: not an action of a person). Ends its sessions where role or password change."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.account.update().where(tables.account.c.name == name).values(**values))
            if {"role", "password", "active"} & set(values):
                writing.connection.execute(tables.session.delete().where(tables.session.c.account == name))
            if log is not None:
                writing.log(by, log, name, **{key: value for key, value in values.items() if key in {"role", "active"}})

    # --- sessions and failed logins

    def open_session(self, session: Session, *, log: str, **about: Any) -> None:
        """Keep a new session; `about` goes into the log."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.session.insert().values(**attrs.asdict(session)))
            writing.log(session.account, log, session.account, **about)

    def session(self, token: str) -> tuple[Session, Account] | None:
        """A session and its account, where both are there and the account is active."""
        query = sa.select(tables.session, tables.account).join(tables.account, tables.account.c.name == tables.session.c.account)
        with self._desk.reading_rows() as connection:
            row = connection.execute(query.where(tables.session.c.token == token, tables.account.c.active)).first()
        return None if row is None else (Session(*row[:5]), Account(**dict(zip(tables.account.c.keys(), row[5:], strict=True))))

    def touch_session(self, token: str, seen: int) -> None:
        """Note that a session is in use."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.session.update().where(tables.session.c.token == token).values(seen=seen))

    def end_session(self, token: str, *, account: str, log: str) -> None:
        """Forget a session."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.session.delete().where(tables.session.c.token == token))
            writing.log(account, log, account)

    def attempts(self, key: str) -> tuple[int, int]:
        """Failed logins of a name or address in a row, and the second of the last one."""
        with self._desk.reading_rows() as connection:
            row = connection.execute(sa.select(tables.attempt).where(tables.attempt.c.key == key)).first()
        return (0, 0) if row is None else (row.failures, row.last_try)

    def set_attempts(self, key: str, failures: int, last_try: int) -> None:
        """Keep the count of failed logins; 0 forgets them."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.attempt.delete().where(tables.attempt.c.key == key))
            if failures:
                writing.connection.execute(tables.attempt.insert().values(key=key, failures=failures, last_try=last_try))

    # --- restrictions

    def restrictions(self, kind: str) -> dict[str, Restriction]:
        """All restricted items of a kind."""
        with self._desk.reading_rows() as connection:
            rows = connection.execute(sa.select(tables.restriction).where(tables.restriction.c.kind == kind)).all()
        return {row.item: _restriction(row) for row in rows}

    def restrict(self, restriction: Restriction) -> None:
        """Keep an item from all but the named people and roles."""
        lists = {name: json.dumps(getattr(restriction, name)) for name in ("people", "roles", "mentions")}
        values = attrs.asdict(restriction) | lists
        with self._desk.writing() as writing:
            self._unrestrict(writing, restriction.kind, restriction.item)
            writing.connection.execute(tables.restriction.insert().values(**values))
            about = {"people": list(restriction.people), "roles": list(restriction.roles), "reason": restriction.reason}
            writing.log(restriction.by, "restricted", restriction.item, **about)

    def open_again(self, kind: str, item: str, *, by: str) -> None:
        """Lift a restriction."""
        with self._desk.writing() as writing:
            self._unrestrict(writing, kind, item)
            writing.log(by, "restriction lifted", item)

    def _unrestrict(self, writing: Writing, kind: str, item: str) -> None:
        column = tables.restriction.c
        writing.connection.execute(tables.restriction.delete().where(column.kind == kind, column.item == item))

    # --- notes, grades, saved searches, skips

    def add_note(self, note: Note) -> None:
        """Keep a note."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.note.insert().values(**_without_number(note)))
            writing.log(note.author, "noted", note.item)

    def notes(self, kind: str, item: str) -> list[Note]:
        """Notes about one item, oldest first."""
        column = tables.note.c
        return self._notes(sa.select(tables.note).where(column.kind == kind, column.item == item).order_by(column.number))

    def find_notes(self, words: str, *, limit: int) -> list[Note]:
        """Notes that hold the words, newest first."""
        column = tables.note.c
        return self._notes(
            sa.select(tables.note).where(column.words.contains(words, autoescape=True)).order_by(column.number.desc()).limit(limit)
        )

    def _notes(self, query: sa.Select[Any]) -> list[Note]:
        with self._desk.reading_rows() as connection:
            return [Note(**row._asdict()) for row in connection.execute(query)]

    def add_grade(self, grade: Grade) -> None:
        """Keep a grade of an origin; earlier ones stay."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.grade.insert().values(**attrs.asdict(grade)))
            writing.log(grade.by, "graded", grade.origin, grade=grade.grade, reason=grade.reason)

    def grades(self, origin: str) -> list[Grade]:
        """All grades of an origin, oldest first."""
        with self._desk.reading_rows() as connection:
            rows = connection.execute(sa.select(tables.grade).where(tables.grade.c.origin == origin).order_by(tables.grade.c.number))
            return [Grade(**{k: v for k, v in row._asdict().items() if k != "number"}) for row in rows]

    def latest_grades(self) -> dict[str, str]:
        """The last grade of each origin."""
        with self._desk.reading_rows() as connection:
            rows = connection.execute(sa.select(tables.grade.c.origin, tables.grade.c.grade).order_by(tables.grade.c.number))
            return {row.origin: row.grade for row in rows}

    def save_search(self, account: str, name: str, query: str) -> None:
        """Keep a search under a name; the same name replaces it."""
        column = tables.saved_search.c
        with self._desk.writing() as writing:
            writing.connection.execute(tables.saved_search.delete().where(column.account == account, column.name == name))
            writing.connection.execute(tables.saved_search.insert().values(account=account, name=name, query=query))

    def forget_search(self, account: str, name: str) -> None:
        """Forget a person's search."""
        column = tables.saved_search.c
        with self._desk.writing() as writing:
            writing.connection.execute(tables.saved_search.delete().where(column.account == account, column.name == name))

    def saved_searches(self, account: str) -> list[tuple[str, str]]:
        """Name and query of a person's searches."""
        column = tables.saved_search.c
        with self._desk.reading_rows() as connection:
            return [tuple(row) for row in connection.execute(sa.select(column.name, column.query).where(column.account == account))]

    def skip(self, account: str, incident: str, attribute: str) -> None:
        """Leave a finding for later, for this person."""
        values = {"account": account, "incident": incident, "attribute": attribute}
        with self._desk.writing() as writing:
            writing.connection.execute(tables.skip.insert().prefix_with("OR IGNORE").values(**values))

    def forget_skips(self, account: str) -> None:
        """Bring back what a person has left for later."""
        with self._desk.writing() as writing:
            writing.connection.execute(tables.skip.delete().where(tables.skip.c.account == account))

    # --- what leaves the case

    def ask_publication(self, publication: Publication) -> int:
        """Keep a request to publish; gives its number."""
        with self._desk.writing() as writing:
            made = writing.connection.execute(tables.publication.insert().values(state="asked", record=msgspec.json.encode(publication)))
            number = int((made.inserted_primary_key or (0,))[0])
            about = {"form": publication.form, "incidents": len(publication.incidents), "protect_names": publication.protect_names}
            writing.log(publication.asked_by, "release asked", f"publication-{number}", **about)
        return number

    def change_publication(self, number: int, *, by: str, expect: str, log: Mapping[str, Any] | None = None, **values: Any) -> bool:
        """Change a publication that is in the state `expect`; False where it is in another: somebody was quicker.

        Raises:
            UsageError: who has asked for it would decide on it, or would make it without a second person's decision.
        """
        with self._desk.writing() as writing:
            known = self._publication(writing.connection, number)
            if known is None or known.state != expect:
                return False
            _check_second_person(known, by=by, state=str(values.get("state", known.state)))
            changed = attrs.evolve(known, **values)
            query = tables.publication.update().where(tables.publication.c.number == number)
            writing.connection.execute(query.values(state=changed.state, record=msgspec.json.encode(changed)))
            writing.log(by, f"release {changed.state}", f"publication-{number}", **(log or {}))
        return True

    def publication(self, number: int) -> Publication | None:
        """One publication."""
        with self._desk.reading_rows() as connection:
            return self._publication(connection, number)

    def publications(self) -> list[Publication]:
        """All publications, newest first."""
        with self._desk.reading_rows() as connection:
            rows = connection.execute(sa.select(tables.publication).order_by(tables.publication.c.number.desc())).all()
        return [attrs.evolve(msgspec.json.decode(row.record, type=Publication), number=row.number) for row in rows]

    def _publication(self, connection: sa.Connection, number: int) -> Publication | None:
        row = connection.execute(sa.select(tables.publication).where(tables.publication.c.number == number)).first()
        return None if row is None else attrs.evolve(msgspec.json.decode(row.record, type=Publication), number=number)


def _check_second_person(known: Publication, *, by: str, state: str) -> None:
    """Nothing leaves the case by one person's word, whatever calls the store."""
    if state in {"released", "refused"} and plain_name(by) == plain_name(known.asked_by):
        raise UsageError("who asks for a release doesn't decide on it", advice="Ask a second lead.")
    if state == "made" and (known.decided_by is None or plain_name(known.decided_by) == plain_name(known.asked_by)):
        raise UsageError("only what a second person has released is made", advice="Release it first.")


def plain_name(name: str) -> str:
    """A name as it is compared: letter case, spaces, full stops and look-alike forms make nobody a second person."""
    return re.sub(r"[\s.]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


def _restriction(row: sa.Row[Any]) -> Restriction:
    mentions = tuple((document, event) for document, event in json.loads(row.mentions))
    people, roles = (tuple(json.loads(words)) for words in (row.people, row.roles))
    return Restriction(row.kind, row.item, people, row.reason, row.by, row.at, roles, mentions)


def _without_number(record: Note) -> dict[str, Any]:
    return {key: value for key, value in attrs.asdict(record).items() if key != "number"}

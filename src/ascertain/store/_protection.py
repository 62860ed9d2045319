"""What of a case is protected, and the rule that nothing protected leaves on one person's word.

People's marks stand in the custody log, encrypted: who took one out, or changed one, would change the log. So does every pseudonym
that was given, so that it means the same person in every export.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

import ascertain.store._desk_tables as desk
import ascertain.store._tables as tables
from ascertain.custody import blind_name
from ascertain.errors import StoreError, UsageError
from ascertain.records import Mark, MarkKind, Sensitivity, Standing, standings
from ascertain.records.names import Forms
from ascertain.records.protection import RANK
from ascertain.store._sealing import seal_again
from ascertain.store._seals import decrypt, encrypt
from ascertain.store._store import Store

MAY_RAISE, MAY_LOWER = {"reviewer", "lead", "administrator"}, {"lead", "administrator"}
Key = tuple[MarkKind, str]


class Protection:
    """Marks, pseudonyms and releases of one case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- what people have said

    def add(self, mark: Mark) -> Standing:
        """Keep somebody's word about how sensitive something is; gives what the marks of it come to now.

        Raises:
            UsageError: the case has accounts, and this person has none that may say so.
        """
        secret = self._store.secret()
        about: dict[str, Any] = msgspec.to_builtins(mark)
        with self._store.writing() as writing:
            known = standings(self._marks(writing.connection))
            before = known.get((mark.kind, mark.key))
            lowers = before is not None and before.sensitivity is not None and RANK[mark.sensitivity] < RANK[before.sensitivity]
            _check_person(writing.connection, mark.by, lowers=lowers or mark.sensitivity is Sensitivity.PUBLIC)
            writing.log(
                mark.by, "classed", blind_name(secret, mark.kind, mark.key), kind=mark.kind.value, mark=encrypt(secret, about),
                **{"class": mark.sensitivity.value},
            )  # fmt: skip
            return standings(self._marks(writing.connection))[mark.kind, mark.key]

    def marks(self) -> tuple[Mark, ...]:
        """All marks, in order."""
        with self._store.reading_rows() as connection:
            return self._marks(connection)

    def standings(self) -> dict[Key, Standing]:
        """What the marks of each thing come to."""
        return standings(self.marks())

    def _marks(self, connection: sa.Connection) -> tuple[Mark, ...]:
        return tuple(msgspec.json.decode(words, type=Mark) for words in self._said(connection, "classed", "mark"))

    def _said(self, connection: sa.Connection, action: str, key: str) -> list[bytes]:
        """Encrypted words of all records of an action."""
        start = f'{{"action":"{action}",'.encode()  # a record is canonical, so its action stands first
        query = sa.select(tables.log.c.leaf).where(sa.func.substr(tables.log.c.leaf, 1, len(start)) == start).order_by(tables.log.c.number)
        found = [msgspec.json.decode(leaf)["parameters"][key] for leaf in connection.execute(query).scalars()]
        secret = self._store.secret() if found else None
        return [decrypt(secret, one) for one in found]

    def seal_older(self, *kinds: str) -> int:
        """Seal the documents and decisions (or `kinds` of these) that an older version kept without; gives how many there were.

        The seal says what they were when it was made, not when they were kept.
        """
        store = self._store
        names = {entry.record["object"] for entry in store.log_entries() if entry.record["action"] == "sealed"}
        count = 0
        for kind in kinds or ("document", "decision"):
            for _, record in store.recorded(kind):
                made = seal_again(store, kind, record)
                if made.name not in names:
                    with store.writing() as writing:
                        store.put_seal(writing.connection, made)
                    count += 1
        return count

    # --- pseudonyms

    def pseudonyms(self) -> dict[str, str]:
        """For each compared name that has one its pseudonym."""
        with self._store.reading_rows() as connection:
            said = self._said(connection, "pseudonyms given", "names")
        return {name: given for words in said for name, given in msgspec.json.decode(words, type=dict[str, str]).items()}

    def give_pseudonyms(self, given: Mapping[str, str]) -> None:
        """Keep pseudonyms, so that they stay; those that are known change nothing."""
        known = self.pseudonyms()
        new = {name: pseudonym for name, pseudonym in given.items() if name not in known}
        if new:
            secret = self._store.secret()
            with self._store.writing() as writing:
                writing.log(self._store.collector, "pseudonyms given", "pseudonyms", count=len(new), names=encrypt(secret, new))

    # --- what may leave

    def refuse_unreleased(self, documents: Collection[str] | None) -> None:
        """Refuse to let documents leave whole while something protected is in them.

        Args:
            documents: ids of what leaves whole; None: the whole case.

        Raises:
            StoreError: something protected would leave that two persons have not released.
        """
        with self._store.reading_rows() as connection:
            self._refuse(connection, documents)

    def refuse_words(self, words: str) -> None:
        """Refuse to let a list or table leave in which a protected name or passage stands.

        Raises:
            StoreError: as `refuse_unreleased`.
        """
        for one in self.standings().values():
            told = one.mark.kind is not MarkKind.ITEM and one.sensitivity is Sensitivity.PROTECTED
            if told and Forms.of(dict.fromkeys(one.names, "")).swaps(words):
                raise _refusal([one])

    def record_export(self, documents: Collection[str] | None, **about: Any) -> int:
        """Write the export into the custody log, where it may leave: the check and the record are one transaction.

        Args:
            documents: ids of what leaves whole; None: the whole case.

        Raises:
            StoreError: as `refuse_unreleased`.
        """
        with self._store.writing() as writing:
            self._refuse(writing.connection, documents)
            return writing.log(self._store.collector, "exported", "dossier", **about)

    def _refuse(self, connection: sa.Connection, documents: Collection[str] | None) -> None:
        protected = [one for one in standings(self._marks(connection)).values() if one.sensitivity is Sensitivity.PROTECTED]
        held = protected if documents is None else list(_held(connection, protected, documents))
        if held:
            raise _refusal(held)

    def withheld_items(self) -> dict[str, tuple[Sensitivity, str]]:
        """Originals that no protected export shows, with class and reason: those that are marked, and all that came out of such a one."""
        found: dict[str, tuple[Sensitivity, str]] = {}
        for one in self.standings().values():
            if one.mark.kind is MarkKind.ITEM and one.sensitivity in {Sensitivity.RESTRICTED, Sensitivity.PROTECTED}:
                found[one.mark.key] = one.sensitivity, one.mark.reason
        with self._store.reading_rows() as connection:
            above = containers(connection) if found else {}
        inherited = {
            item: max((found[c] for c in holders if c in found), key=lambda why: RANK[why[0]], default=None)
            for item, holders in above.items()
        }
        return {item: why for item, why in inherited.items() if why is not None} | found


def _refusal(held: Sequence[Standing]) -> StoreError:
    kinds = ", ".join(sorted({one.mark.kind.value for one in held}))
    return StoreError(
        f"{len(held)} protected ({kinds}) would leave, and no two persons have released them",
        advice="Export with --protected, or have two persons lower the class: `ascertain protect list CASE` shows what is missing.",
    )


def _held(connection: sa.Connection, protected: Iterable[Standing], documents: Collection[str]) -> Iterable[Standing]:
    """What of the protected things the documents hold: as itself, in a container that holds it, out of one that it is; as words."""
    above = containers(connection)
    leaving = set(documents)
    leaving |= {key for one in documents for key in above.get(one, ())}
    inside = {one for one, containers_ in above.items() if containers_ & set(documents)}
    texts = _texts(connection, set(documents) | inside) if any(one.mark.kind is not MarkKind.ITEM for one in protected) else []
    for standing in protected:
        mark = standing.mark
        if mark.kind is MarkKind.ITEM:
            if mark.key in leaving | inside:
                yield standing
        else:
            forms = Forms.of(dict.fromkeys(standing.names, ""))
            if mark.document in leaving | inside or any(forms.swaps(text) for text in texts):
                yield standing


def containers(connection: sa.Connection) -> dict[str, set[str]]:
    """For each original that came out of a container all originals that hold it."""
    parents: dict[str, set[str]] = defaultdict(set)
    for record in connection.execute(sa.select(tables.capture.c.record)).scalars():
        capture = msgspec.json.decode(record)
        if capture.get("parent"):
            parents[capture["original"]].add(capture["parent"])
    found: dict[str, set[str]] = {}
    for one, direct in parents.items():
        seen: set[str] = set()
        waiting = list(direct)
        while waiting:
            above = waiting.pop()
            if above not in seen:
                seen.add(above)
                waiting += parents.get(above, ())
        found[one] = seen
    return found


def _texts(connection: sa.Connection, documents: Collection[str]) -> list[str]:
    """All that stands in the records of some documents, as one string each."""
    column = tables.document.c
    listed = sorted(documents)
    found: list[str] = []
    for start in range(0, len(listed), 500):
        for record in connection.execute(sa.select(column.record).where(column.id.in_(listed[start : start + 500]))).scalars():
            about = msgspec.json.decode(record)
            found.append("\n\n".join(str(value) for value in about.values() if value is not None))
    return found


def _check_person(connection: sa.Connection, name: str, *, lowers: bool) -> None:
    """Where a case has accounts, only their holders have a say: a name that anybody can write is none."""
    if connection.execute(sa.select(desk.account.c.name).limit(1)).first() is None:
        return
    found = connection.execute(sa.select(desk.account).where(desk.account.c.name == name)).first()
    if found is None or not found.active or found.role not in (MAY_LOWER if lowers else MAY_RAISE):
        who = "a lead" if lowers else "a reviewer"
        raise UsageError(
            f"{name!r} has no account of this case that may say so", advice=f"Give the name of {who} with --by, as `serve` knows it."
        )

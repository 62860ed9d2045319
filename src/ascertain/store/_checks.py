"""What a store holds against its custody log: a sentence for each thing that does not hold."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from ascertain.errors import CustodyError
from ascertain.store._columns import strange_columns, strange_index, strange_order
from ascertain.store._head import check_head
from ascertain.store._held import KINDS, held_after

if TYPE_CHECKING:
    from ascertain.store._store import Store


def check_originals(store: Store) -> list[str]:
    """Hash the originals again."""
    problems = []
    for digest in store.originals():
        try:
            store.original_bytes(digest)
        except CustodyError as error:
            problems.append(str(error))
    return problems


def check_log(store: Store) -> list[str]:
    """Hash the records and the log again."""
    problems = check_head(store.folder / "checkpoint", store.verifier_key, store.tree())
    try:
        if store.key_in_log() != store.keys.fingerprint:
            problems.append("keys/verifier.key is not the key that the custody log names")
        return problems + _check_records(store) + _check_columns(store)
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        return [*problems, f"a record of the custody log can't be read ({error})"]


def check_index(store: Store) -> list[str]:
    """Hold the search index against texts and readings."""
    with store.reading_rows() as connection:
        return list(strange_index(connection))


def _check_records(store: Store) -> list[str]:
    """What is in the database and not in the log, or in the log and not in the database."""
    missing = held_after(entry.record for entry in store.log_entries())
    missing.subtract(("original", digest) for digest in store.originals())
    problems = []
    for kind in KINDS:
        for key, record in store.recorded(kind):
            digest = sha256(record).hexdigest()
            missing[kind, digest] -= 1
            if missing[kind, digest] < 0:
                problems.append(f"a {kind} in the database ({key}) is not what the custody log says")
    lost = sorted(named for named, count in missing.items() if count > 0)
    return problems + [f"the {kind} with the digest {digest}, which the custody log names, is not in the database" for kind, digest in lost]


def _check_columns(store: Store) -> list[str]:
    """Columns that do not follow from the records, and rows out of order."""
    logged = [entry.record for entry in store.log_entries()]
    sizes = {record["object"]: int(record["parameters"]["size"]) for record in logged if record["action"] == "collected"}
    with store.reading_rows() as connection:
        return [*strange_columns(connection, sizes), *strange_order(connection, logged)]

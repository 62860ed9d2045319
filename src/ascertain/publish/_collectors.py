"""Collectors with keys of their own: the log names whose key is whose, and each signs the log's head as a witness does.

A collector's key lies with the collector, in a folder as `ascertain witness init` makes one, never in the case. What was signed goes into every
dossier; a verifier says for each original whether a key of who took it in has signed a head that holds it (docs/specs/dossier.md, 57).
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ascertain.errors import UsageError
from ascertain.publish._heads import WITNESSED
from ascertain.publish._witness import ask_witness, keep_witness, key_of_witness, sign_head, signed_before

if TYPE_CHECKING:
    from ascertain.store import Store

NAMED, REVOKED = "collector named", "collector revoked"


@attrs.frozen
class Collector:
    """A person and the key that the log names for this person.

    Attributes:
        line: the key's line; `fingerprint` the SHA-256 of the raw key.
        signed: number of records in the last head that it signed, at `signed_at`; 0 for none.
        revoked: the reason; None where it stands.
    """

    person: str
    line: str
    fingerprint: str
    named_at: str
    signed: int = 0
    signed_at: str | None = None
    revoked: str | None = None


def collectors(store: Store) -> tuple[Collector, ...]:
    """All keys that the log has named for collectors, in order."""
    found: dict[str, Collector] = {}
    for entry in store.log_entries():
        about, action, when = entry.record["parameters"], entry.record["action"], entry.record["time"]
        if action == NAMED:
            found[about["collector"]] = Collector(entry.record["object"], about["line"], about["collector"], when)
        elif action == REVOKED:
            found[about["revoked"]] = attrs.evolve(found[about["revoked"]], revoked=about["reason"])
        elif action == WITNESSED and about["key"] in found:
            found[about["key"]] = attrs.evolve(found[about["key"]], signed=about["size"], signed_at=about["time"])
    return tuple(found.values())


def name_collector(store: Store, person: str, line: str) -> str:
    """Name a collector's key in the log; gives its fingerprint. An earlier key of the same person is followed by it.

    Raises:
        UsageError: it is no key's line, or is known already.
    """
    try:
        name, _, encoded = line.strip().split("+", 2)
        typed = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise UsageError("this is no key's line", advice="Give the line that `ascertain witness init` printed.") from error
    if len(typed) != 33 or typed[:1] != b"\4" or not name or not person.strip():
        raise UsageError("this is no key of a collector", advice="Make one with `ascertain witness init FOLDER --name NAME`.")
    fingerprint = hashlib.sha256(typed[1:]).hexdigest()
    if any(one.fingerprint == fingerprint for one in collectors(store)):
        raise UsageError(f"the key {fingerprint[:16]} is named already", advice="A revoked key stays revoked: make a new one.")
    store.record(NAMED, person.strip(), collector=fingerprint, line=line.strip())
    store.checkpoint()
    return fingerprint


def revoke_collector(store: Store, person: str, *, reason: str) -> str:
    """Say in the log that a collector's key is no longer to be trusted; gives its fingerprint.

    Raises:
        UsageError: the person has no key that stands.
    """
    standing = [one for one in collectors(store) if one.person == person and one.revoked is None]
    if not standing:
        raise UsageError(f"{person} has no key here that stands", advice="`ascertain key show CASE` lists them.")
    store.record(REVOKED, person, revoked=standing[-1].fingerprint, collector="", reason=reason)
    store.checkpoint()
    return standing[-1].fingerprint


def sign_as_collector(store: Store, folder: Path, *, clock: Callable[[], float]) -> tuple[Collector, int]:
    """Sign the log's head with a collector's key; gives whose it is and the number of records.

    Raises:
        UsageError: the log does not name this key, or revoked it.
        CustodyError: the log does not go on from what this key signed before: nothing is signed.
    """
    line = key_of_witness(folder)
    known = next((one for one in collectors(store) if one.line == line and one.revoked is None), None)
    if known is None:
        raise UsageError("the log names this key for nobody", advice="Name it first: `ascertain key collector CASE PERSON KEY`.")
    with tempfile.TemporaryDirectory() as scratch:
        request, answer = Path(scratch) / "request", Path(scratch) / "answer"
        size = ask_witness(store, request, since=signed_before(folder, store.signer))
        answer.write_text(sign_head(folder, request.read_bytes(), trust=store.verifier_key, clock=clock), encoding="utf-8")
        keep_witness(store, answer, key=line)
    return known, size

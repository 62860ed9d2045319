"""A claim of another tool about a file, and what checking it against the bytes gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

import attrs

CLAIMED_BY = "claimed_by"  # key in a capture's context: which tool says what stands under `claim_…`
MISMATCH = "mismatch"  # key in a capture's context: why the bytes are not what the tool exported
HEX_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128, "sha3_256": 64, "sha3_512": 128}
MAX_VALUE_CHARACTERS = 500
MAX_VALUES = 20


@attrs.frozen
class Claim:
    """What a tool says about one file of its export.

    Attributes:
        hashes: algorithm (hashlib's name) and hex digest, all of which have to hold.
        size: bytes, None where it says none.
        about: its other words about the file: address, title, time.
    """

    tool: str
    hashes: tuple[tuple[str, str], ...] = ()
    size: int | None = None
    about: Mapping[str, str] = attrs.field(factory=dict)

    def against(self, data: bytes) -> str | None:
        """Why these bytes are not what the tool speaks of, None where nothing speaks against it."""
        for algorithm, told in self.hashes:
            found = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
            if found != told:
                return f"{self.tool} says {algorithm} {told[:16]}…, the bytes have {found[:16]}…"
        if self.size is not None and self.size != len(data):
            return f"{self.tool} says {self.size:,} bytes, there are {len(data):,}"
        return None


@attrs.frozen
class Claims:
    """What the sidecars of an export say.

    Attributes:
        files: claims by the file's name in the export.
        missing: files that are named and not there.
        notes: further sentences about the export.
    """

    tool: str | None = None
    files: Mapping[str, Claim] = attrs.field(factory=dict)
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def context(self, name: str, data: bytes) -> dict[str, str]:
        """What goes into the context of a file's capture; with `mismatch` where a claim does not hold."""
        claim = self.files.get(name)
        return {} if claim is None else context_of(claim, data)


def context_of(claim: Claim, data: bytes) -> dict[str, str]:
    """A claim as the context of a capture; with `mismatch` where it does not hold."""
    told = {CLAIMED_BY: claim.tool} | {f"claim_{name}": value for name, value in [*claim.hashes, *claim.about.items()]}
    against = claim.against(data)
    return told if against is None else told | {MISMATCH: against}


def hash_of(told: object) -> tuple[tuple[str, str], ...]:
    """A hash as tools write it (`sha256:…`, `SHA-256:…`, `SHA3-512:…`); empty where it is none that can be checked."""
    if not isinstance(told, str) or ":" not in told:
        return ()
    name, _, value = told.partition(":")
    return known_hash(re.sub(r"^sha-", "sha", name.strip().lower()).replace("sha3-", "sha3_"), value)


def known_hash(algorithm: str, value: object) -> tuple[tuple[str, str], ...]:
    """A hash of a known algorithm; empty where the value is none, as the entity tag of an upload in parts, which is no MD5."""
    digits = str(value).strip().lower() if value else ""
    return (
        ((algorithm, digits),)
        if re.fullmatch(rf"[0-9a-f]{{{HEX_DIGITS.get(algorithm, 0) or 1}}}", digits) and algorithm in HEX_DIGITS
        else ()
    )


def words(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Values that are words or numbers, bounded, under plain names."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip() and len(found) < MAX_VALUES:
            found[re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")] = str(value).strip()[:MAX_VALUE_CHARACTERS]
    return found

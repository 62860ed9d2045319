"""Seals: one root for many small parts of a record, so that some can be shown and proved later while the others stay unguessable.

The rules are those of docs/specs/dossier.md, 46 and 47. Each part is a leaf of a Merkle tree, with a salt of its own; salts follow from a
secret of the case and what is sealed, so that they need not be kept, and only those of what is shown ever leave.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

import attrs

from ascertain.custody._merkle import EMPTY_ROOT, leaf_hash, node_hash

SALT_BYTES = 16
WORD = "text"  # the name of the leaves that together are a document's text
_WORDS = re.compile(r"\A\W+|\w+\W*")  # a word with what stands behind it; together they are the whole text


@attrs.frozen
class Part:
    """One leaf of a seal."""

    name: str
    value: str
    salt: bytes

    def hash(self) -> bytes:
        """The leaf's hash."""
        return leaf_hash(self.salt + self.name.encode() + b"\n" + self.value.encode("utf-8", "surrogatepass"))


@attrs.frozen
class Seal:
    """The parts of one thing, in order; `name` is what it is called where the case's secret is not known."""

    kind: str
    name: str
    parts: tuple[Part, ...]

    def root(self) -> bytes:
        """The root over all parts."""
        return root_of([part.hash() for part in self.parts])


def words_of(text: str) -> list[str]:
    """The words of a text, each with the blanks and marks behind it: joined they are the text."""
    return _WORDS.findall(text)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Root of a tree over leaf hashes (RFC 6962, 2.1)."""
    row = list(hashes)
    while len(row) > 1:  # a node without a partner goes up as it is: the same tree as that of the recursive rule
        row = [node_hash(row[i], row[i + 1]) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)]
    return row[0] if row else EMPTY_ROOT


def blind_name(secret: bytes, kind: str, key: str) -> str:
    """What a thing is called for those who don't have the secret: always the same, and not to be guessed from the thing."""
    return hmac.digest(secret, b"\0".join((b"name", kind.encode(), key.encode())), "sha256").hex()


def blind_salt(secret: bytes, what: str, number: int) -> bytes:
    """A salt for one record, that its hash can't be guessed."""
    return hmac.digest(secret, b"\0".join((what.encode(), str(number).encode())), "sha256")[:SALT_BYTES]


def seal(
    secret: bytes, kind: str, key: str, record: bytes, *, fields: Mapping[str, str], words: Iterable[str] = (), under: str = WORD
) -> Seal:
    """Seal a thing.

    Args:
        key: what the thing is called in the case.
        record: its bytes: with another record all salts are others, so that what one seal showed opens nothing of the next.
        fields: values by name.
        words: further parts, all under the name `under`.
    """
    base = hmac.digest(secret, b"\0".join((b"seal", kind.encode(), key.encode(), sha256(record).digest())), "sha256")
    named = (*sorted(fields.items()), *((under, word) for word in words))
    return Seal(kind, blind_name(secret, kind, key), tuple(_salted(base, named)))


def _salted(base: bytes, named: Iterable[tuple[str, str]]) -> Iterator[Part]:
    for number, (name, value) in enumerate(named):
        yield Part(name, value, hmac.digest(base, number.to_bytes(8, "big"), "sha256")[:SALT_BYTES])

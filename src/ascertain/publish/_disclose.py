"""Disclosures: what of a seal is shown, with its salts, and hashes in the place of the rest (docs/specs/dossier.md, 46 to 54)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from ascertain.custody import Part, Seal, canonical
from ascertain.publish._protect import ProtectedText
from ascertain.publish._register import Register
from ascertain.records import Sensitivity, Span
from ascertain.records.protection import RANK

SCHEMA = "ascertain/disclosure/1"
WORD = "text"
BETRAYS = "it would tell what is withheld"
Why = tuple[Sensitivity, str]


@attrs.frozen
class Shown:
    """What is shown of a field: its words, and why they are others than the sealed ones where they are."""

    words: str | None
    why: Why = (Sensitivity.RESTRICTED, BETRAYS)


@attrs.frozen
class Disclosure:
    """A disclosure and what it withholds.

    Attributes:
        name: of the thing; its file is `data/disclosures/NAME.json`.
        record: number of the log record that it opens.
        withheld: for each class how many words and fields.
    """

    name: str
    record: int
    data: bytes
    withheld: Mapping[str, int]


def disclose_document(made: Seal, record: int, *, fields: Mapping[str, Shown], text: ProtectedText, register: Register) -> Disclosure:
    """A document: its fields as they are shown, its words, and runs in which something is withheld."""
    words = [part for part in made.parts if part.name == WORD]
    runs = list(_runs(words, text, register))
    return _disclosure(made, record, fields=list(_fields(made, fields)), words=runs)


def disclose_decision(made: Seal, record: int, *, fields: Mapping[str, Shown]) -> Disclosure:
    """A decision: its fields as they are shown."""
    return _disclosure(made, record, fields=list(_fields(made, fields)))


def disclose_findings(made: Seal, record: int, *, shown: Callable[[str], bool]) -> Disclosure:
    """Findings: the incidents that are shown, whole, and hashes of the others."""
    incidents = [[part.value, part.salt.hex()] if shown(part.value) else part.hash().hex() for part in made.parts]
    about = {"id": "findings", "incidents": incidents, "kind": "findings", "record": record, "root": made.root().hex(), "schema": SCHEMA}
    return Disclosure("findings", record, canonical(about) + b"\n", {})


def _disclosure(made: Seal, record: int, **parts: list[Any]) -> Disclosure:
    about = {"id": made.name, "kind": made.kind, "record": record, "root": made.root().hex(), "schema": SCHEMA, **parts}
    withheld = dict.fromkeys(map(str, Sensitivity), 0)
    for one in (one for listed in parts.values() for one in listed if isinstance(one, dict) and "leaves" in one):
        withheld[one["class"]] += len(one["leaves"])
    return Disclosure(made.name, record, canonical(about) + b"\n", withheld)


def _fields(made: Seal, shown: Mapping[str, Shown]) -> Iterator[dict[str, Any]]:
    for part in made.parts:
        if part.name == WORD:
            return
        found = shown.get(part.name, Shown(None))
        if found.words == part.value:
            yield {"name": part.name, "salt": part.salt.hex(), "value": part.value}
        else:
            yield {"name": part.name, "shown": found.words, **_withheld(found.why, [part])}


def _withheld(why: Why, parts: Sequence[Part]) -> dict[str, Any]:
    return {"class": str(why[0]), "reason": why[1], "leaves": [part.hash().hex() for part in parts]}


def _runs(words: Sequence[Part], text: ProtectedText, register: Register) -> Iterator[list[str] | dict[str, Any]]:
    """The words in order: each with its salt, or in runs that some swap touches."""
    start, swap, number = 0, 0, 0
    while number < len(words):
        end = start + len(words[number].value)
        while swap < len(text.swaps) and text.swaps[swap].end <= start:
            swap += 1
        if swap == len(text.swaps) or text.swaps[swap].start >= end:
            yield [words[number].value, words[number].salt.hex()]
            start, number = end, number + 1
            continue
        first, begin, whys = number, start, []
        while swap < len(text.swaps) and text.swaps[swap].start < end:  # the run ends with a word in which no swap goes on or begins
            whys.append(register.reason(text.swaps[swap].words))
            while end < text.swaps[swap].end:
                number += 1
                end += len(words[number].value)
            swap += 1
        why = max(whys, key=lambda one: RANK[one[0]])
        yield {"shown": text.words(Span(begin, end)), **_withheld(why, words[first : number + 1])}
        start, number = end, number + 1

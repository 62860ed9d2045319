"""What a case has to hold after its log's records: the rule of docs/specs/dossier.md, 20."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

KINDS = ("capture", "document", "reading", "decision", "outcome", "findings")  # each a record in the database, named by its digest
REPLACED = {"parse": ("document", "reading"), "extract": ("reading",)}  # by a stage that runs again, with what later stages made


def held_after(records: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    """How often each (kind, digest) has to be there after all of these records, kinds as in `KINDS` and `original`."""
    added: Counter[tuple[str, str]] = Counter()
    originals: set[str] = set()
    replaced: dict[tuple[str, ...], str] = {}
    for record in records:
        thing, about = record["object"], record["parameters"]
        if record["action"] == "collected":
            originals.add(thing)
        if record["action"] == "deleted":
            originals.discard(thing)
            for gone in (("document", thing), ("reading", thing), ("outcome", thing, "parse"), ("outcome", thing, "extract")):
                replaced.pop(gone, None)
        stage = about.get("stage")
        for kind in REPLACED.get(stage, ()):
            replaced.pop((kind, thing), None)
        if stage == "parse":
            replaced.pop(("outcome", thing, "extract"), None)
        for kind in KINDS:
            if kind in about and kind in {"capture", "decision"}:
                added[kind, about[kind]] += 1
            elif kind in about:
                replaced[(kind, thing, stage) if kind == "outcome" else (kind, thing)] = about[kind]
    added.update(("original", digest) for digest in originals)
    added.update((key[0], digest) for key, digest in replaced.items())
    return added

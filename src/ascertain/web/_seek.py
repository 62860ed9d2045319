"""What a search asks for: words with operators, narrowed by who says it, how, where it stands and when.

`in:statement,event`, `by:"Anna Weber"` (the speaker), `from:Meridian` (publisher or path), `stance:denies`, `after:2025-03-01`,
`before:2025-04-01`; the rest are words for the full text (`_search.py` of the store knows these).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from ascertain.records import Reading, Stance
from ascertain.store import SearchHit, StatementQueries
from ascertain.web._asked import Asked

TEXTS = ("document", "statement", "event")
KINDS = (*TEXTS, "entity", "incident", "speaker", "note")
OPERATOR = re.compile(r"(?<!\S)(in|from|by|stance|after|before):(\"[^\"]*\"|\S+)")
LIMIT = 40
NARROWED = 600  # hits of the full text that are looked through where operators narrow them
ENTITY_DOCUMENTS = 20


@attrs.frozen
class Sought:
    """A search, taken apart; None: anything."""

    words: str
    kinds: tuple[str, ...] = ()
    by: str | None = None
    publisher: str | None = None
    stance: str | None = None
    after: str | None = None
    before: str | None = None
    unknown: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for of a text."""
        return any((self.by, self.publisher, self.stance, self.after, self.before))

    def wants(self, kind: str) -> bool:
        """Whether hits of that kind are looked for."""
        if self.by or self.stance:
            return kind == "statement"
        if self.narrowed and not self.kinds:
            return kind in TEXTS
        return not self.kinds or kind in self.kinds


def sought(query: str) -> Sought:
    """Take a search apart; what is no operator's value is told, not guessed."""
    found = {name: value.strip('"') for name, value in OPERATOR.findall(query)}
    kinds = tuple(k for k in found.get("in", "").split(",") if k)
    unknown = [k for k in kinds if k not in KINDS]
    unknown += [found["stance"]] if found.get("stance") and found["stance"] not in set(Stance) else []
    unknown += [found[n] for n in ("after", "before") if n in found and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", found[n])]
    return Sought(
        " ".join(OPERATOR.sub("", query).split()), tuple(k for k in kinds if k in KINDS), found.get("by") or None, found.get("from") or None,
        found.get("stance") or None, found.get("after"), found.get("before"), tuple(unknown),
    )  # fmt: skip


def text_hits(asked: Asked, what: Sought) -> list[dict[str, Any]]:
    """Hits in documents, statements and events, the best first."""
    kinds = tuple(kind for kind in TEXTS if what.wants(kind))
    if not kinds or (not what.words and not what.narrowed):
        return []
    if not what.words:
        return _each_once(_said(asked, what))
    found = asked.bench.queries.search(what.words, kinds=kinds, hidden=asked.hidden_documents, limit=NARROWED if what.narrowed else LIMIT)
    return _each_once(hit for hit in _placed(asked, found) if _fits(hit, what))[:LIMIT]


def _each_once(hits: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hits of one kind in one document with the same words as one, with how many there are."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for hit in hits:
        known = found.setdefault((hit["kind"], hit["document"], hit["snippet"]), hit | {"times": 0})
        known["times"] += 1
    return list(found.values())


def _said(asked: Asked, what: Sought) -> list[dict[str, Any]]:
    """Statements by their rows alone, where no words are asked for."""
    rows = StatementQueries(asked.bench.desk).said(
        by=what.by, publisher=what.publisher, stance=what.stance, after=what.after, before=what.before, hidden=asked.hidden_documents, limit=LIMIT
    )  # fmt: skip
    return [
        row
        | {
            "kind": "statement",
            "snippet": row["words"],
            "end": row["stop"],
            "on": row["said_on"],
            "publisher": row["publisher"] or row["path"],
        }
        for row in rows
    ]


def _placed(asked: Asked, hits: Iterable[SearchHit]) -> list[dict[str, Any]]:
    """Hits with the rows of their documents and statements."""
    found = list(hits)
    documents = asked.bench.queries.documents_named(tuple({hit.document for hit in found}))
    told = {(hit.document, hit.ref) for hit in found if hit.kind == "statement" and hit.ref}
    statements = StatementQueries(asked.bench.desk).named(told)
    placed = []
    for hit in found:
        document, statement = documents.get(hit.document, {}), statements.get((hit.document, hit.ref or ""), {})
        placed.append({
            "kind": hit.kind, "document": hit.document, "path": hit.path, "start": hit.span.start, "end": hit.span.end, "snippet": hit.snippet,
            "publisher": document.get("publisher") or hit.path, "speaker": statement.get("speaker"), "stance": statement.get("stance"),
            "on": statement.get("said_on") or document.get("published"),
        })  # fmt: skip
    return placed


def _fits(hit: dict[str, Any], what: Sought) -> bool:
    on = hit["on"] or ""
    return (
        (not what.by or what.by.casefold() in (hit["speaker"] or "").casefold())
        and (not what.stance or hit["stance"] == what.stance)
        and (not what.publisher or what.publisher.casefold() in f"{hit['publisher']} {hit['path']}".casefold())
        and (not what.after or on >= what.after)
        and (not what.before or (bool(on) and on[: len(what.before)] <= what.before))
    )


def entities(asked: Asked, what: Sought) -> list[dict[str, Any]]:
    """Persons, organisations, places and the like of that name, with the documents that name them."""
    if not what.words or not what.wants("entity") or what.narrowed:
        return []
    hits = asked.bench.queries.search(what.words, kinds=("entity",), hidden=asked.hidden_documents, limit=ENTITY_DOCUMENTS)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for reading in asked.bench.desk.readings_of(list(dict.fromkeys(hit.document for hit in hits))):
        for name, row in _named(reading, what.words):
            known = found.setdefault(name, row | {"documents": [], "mentions": 0})
            known["documents"].append(row["place"])
            known["mentions"] += row["n"]
    return sorted(found.values(), key=lambda row: (-len(row["documents"]), -row["mentions"], row["name"]))


def _named(reading: Reading, words: str) -> Iterable[tuple[tuple[str, str], dict[str, Any]]]:
    wanted = re.findall(r"\w+", words.casefold())
    for entity in reading.entities:
        names = re.findall(r"\w+", " ".join((entity.name, *entity.aliases)).casefold())
        if entity.mentions and wanted and all(any(name.startswith(word) for name in names) for word in wanted):
            first, document = entity.mentions[0], reading.document
            place = {"document": document.id, "start": first.start, "end": first.end, "path": document.publisher or document.path}
            row = {"name": entity.name, "kind": entity.type.value, "aliases": entity.aliases, "place": place, "n": len(entity.mentions)}
            yield (entity.name.casefold(), entity.type.value), row

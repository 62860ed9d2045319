"""What a person may not know of, taken out of what they are shown.

1. A restriction of an incident holds for whatever incident tells the same later: merged, split, linked anew or under another id.
2. An incident that is open may be told in restricted documents: their paths, their words and the sources that speak in them alone are
   taken out of it. Its figures stay, so that a restriction never hides what was counted or denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

import attrs

from ascertain.records import Claim, Fact, Incident
from ascertain.store import Queries, Restriction, Rows

WITHHELD_DOCUMENT = "a restricted document"
Covered = dict[str, tuple[Restriction, ...]]


def covered(restrictions: Iterable[Restriction], rows: Rows, queries: Queries) -> Covered:
    """For each item that is restricted, by which restrictions; those of incidents follow what they tell."""
    found: dict[str, list[Restriction]] = {}
    for restriction in restrictions:
        found.setdefault(restriction.item, []).append(restriction)
        for item in sorted(_telling(restriction, rows, queries) - {restriction.item}):
            found.setdefault(item, []).append(restriction)
    return {item: tuple(held) for item, held in found.items()}


def _telling(restriction: Restriction, rows: Rows, queries: Queries) -> set[str]:
    """Incidents that tell what was restricted.

    Where no telling is found any more (a document was read anew), every incident of the same documents counts: rather too much than too little.
    """
    documents = tuple(sorted({document for document, _ in restriction.mentions}))
    near = queries.incidents_telling(documents)
    told = set(restriction.mentions)
    kept = [found.incident for key in near if (found := rows.incident(key)) is not None]
    same = {incident.id for incident in kept if told & {(m.document, m.event) for m in incident.mentions}}
    return same or set(near)


def without(found: Incident, documents: Iterable[str]) -> Incident:
    """The incident without the words, paths and sources of some documents."""
    hidden = set(documents) & {m.document for m in found.mentions}
    if not hidden:
        return found
    paths = {m.path for m in found.mentions if m.document in hidden}
    names = _withheld_names(found, hidden, paths)
    told = (name for o in found.origins for name in (o.name, *o.also_called))
    replaced = {name: name for name in told} | dict.fromkeys(paths, WITHHELD_DOCUMENT) | names  # a name inside a longer one stays

    def seen(sentences: Sequence[str]) -> tuple[str, ...]:
        return tuple(_replaced(sentence, replaced, paths) for sentence in sentences)

    def named(known: Sequence[str]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in known)

    def seen_claim(claim: Claim) -> Claim:
        relayed = claim.relayed_by if claim.relayed_by not in paths else WITHHELD_DOCUMENT
        return attrs.evolve(claim, origin=names.get(claim.origin, claim.origin), relayed_by=relayed)

    def seen_fact(fact: Fact) -> Fact:
        claims = tuple(seen_claim(c) for c in fact.claims if c.document not in hidden)
        return attrs.evolve(
            fact, reasons=seen(fact.reasons), claims=claims, origins=named(fact.origins), contradicted_by=named(fact.contradicted_by)
        )

    origins = tuple(
        attrs.evolve(
            o, name=names.get(o.name, o.name), also_called=() if o.name in names else o.also_called,
            documents=tuple(d for d in o.documents if d not in paths),
        )
        for o in found.origins
    )  # fmt: skip
    return attrs.evolve(
        found, documents=tuple(d for d in found.documents if d not in paths), origins=origins, links=seen(found.links),
        mentions=tuple(m for m in found.mentions if m.document not in hidden), facts=tuple(seen_fact(f) for f in found.facts),
    )  # fmt: skip


def _withheld_names(found: Incident, hidden: AbstractSet[str], paths: AbstractSet[str]) -> dict[str, str]:
    """Sources that speak in hidden documents alone, and what stands for each."""
    heard = {claim.origin for fact in found.facts for claim in fact.claims if claim.document not in hidden}
    silent = [o for o in found.origins if o.name not in heard and not set(o.documents) - paths]
    names: dict[str, str] = {}
    for number, origin in enumerate(silent, start=1):
        names |= dict.fromkeys((origin.name, *origin.also_called), f"restricted source {number}")
    return names


def _replaced(sentence: str, replaced: dict[str, str], paths: AbstractSet[str]) -> str:
    """The sentence with names and paths replaced, longest first; a path goes with the offsets behind it."""
    parts = [
        f"{re.escape(word)}(?:\\[\\d+:\\d+\\])?" if word in paths else f"(?<!\\w){re.escape(word)}(?!\\w)"
        for word in sorted(replaced, key=len, reverse=True)
    ]
    pattern = re.compile("|".join(parts))

    def words(match: re.Match[str]) -> str:
        plain = re.sub(r"\[\d+:\d+\]\Z", "", match[0])
        return replaced.get(match[0]) or replaced.get(plain) or WITHHELD_DOCUMENT

    return pattern.sub(words, sentence)

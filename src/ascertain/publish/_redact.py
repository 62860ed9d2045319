"""A case without what is withheld: the one door through which everything of a protected export goes.

Out of it come records in which protected words are replaced, ids and places that would betray the originals are others, and what is
withheld whole is not there. Pages, tables and descriptions are then made from these, so none of them can know more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import attrs

from ascertain.publish._contents import CaseContents
from ascertain.publish._protect import ProtectedText
from ascertain.publish._register import Register
from ascertain.publish._words import AGAINST
from ascertain.records import (
    Claim,
    CopyGroup,
    Dated,
    Decision,
    DecisionKind,
    Document,
    Entity,
    EntityRole,
    Fact,
    Findings,
    Incident,
    Mention,
    Origin,
    Reading,
    Span,
)

Blind = Callable[[str, str], str]
ID_DIGITS = 12
PLACE = re.compile(r"(\d+)-(\d+)")


@attrs.frozen
class Redacted:
    """A case as it is shown.

    Attributes:
        contents: its records.
        documents: as they are shown, by what they are called.
        texts: the shown text of each document by its original's digest, with the way to it.
        names: for each original's digest what its document is called.
        decisions: for each decision's id what it is called; those that are not shown are not here.
        withheld: for each incident and attribute how many claims for and against lie in what is withheld.
    """

    contents: CaseContents
    documents: Mapping[str, Document]
    texts: Mapping[str, ProtectedText]
    names: Mapping[str, str]
    decisions: Mapping[str, str]
    withheld: Mapping[tuple[str, str], tuple[int, int]]


def redact(contents: CaseContents, register: Register, *, blind: Blind, gone: Mapping[str, str]) -> Redacted:
    """Take out of a case what is withheld.

    Args:
        contents: what is to leave; documents that are withheld whole have no reading in it.
        register: which words are replaced by which.
        blind: gives what a thing of a kind (`document`, `decision`, `incident`) is called.
        gone: paths of what is withheld whole, with the words that stand for each.
    """
    return _Redactor(contents, register, blind, gone).all()


class _Redactor:
    def __init__(self, contents: CaseContents, register: Register, blind: Blind, gone: Mapping[str, str]) -> None:
        self._contents, self._register, self._blind = contents, register, blind
        self._originals = {r.document.id: r.document.text for r in contents.readings}
        self._texts = {r.document.id: register.text(r) for r in contents.readings}
        self._names = {key: blind("document", key) for key in self._texts}
        self._paths = dict(gone)
        for reading in contents.readings:
            self._paths[reading.document.path] = register.words(reading.document.path)
        self._by_path = {r.document.path: r.document.id for r in contents.readings}
        self._withheld: dict[tuple[str, str], tuple[int, int]] = {}

    def all(self) -> Redacted:
        incidents = tuple(one for incident in self._contents.findings.incidents if (one := self._incident(incident)) is not None)
        shown = [d for d in self._contents.decisions if d.kind is not DecisionKind.AMEND]
        found = self._contents.findings
        contents = attrs.evolve(
            self._contents, name=self._register.words(self._contents.name), guard=None, register=self._register,
            findings=Findings(tuple(self._copies(found.copies)), incidents, made_by=found.made_by),
            readings=tuple(sorted(map(self._reading, self._contents.readings), key=lambda r: r.document.id)),
            captures=(), outcomes=(), decisions=tuple(map(self._decision, shown)),
        )  # fmt: skip
        documents = {reading.document.id: reading.document for reading in contents.readings}
        return Redacted(contents, documents, self._texts, self._names, {d.id: self._blind("decision", d.id) for d in shown}, self._withheld)

    # --- words

    def _words(self, words: str | None, names: Iterable[str] = ()) -> str | None:
        return None if words is None else self._register.words(words, names=names)

    def _sentence(self, sentence: str, names: Iterable[str]) -> str:
        """A sentence of the software: `path[12:34]` in it leads to the same words of the shown text."""
        for path in sorted(self._paths, key=len, reverse=True):
            if path in sentence:
                sentence = re.sub(rf"{re.escape(path)}(?:\[(\d+):(\d+)\])?", partial(self._reference, path), sentence)
        return self._register.words(sentence, names=names)

    def _reference(self, path: str, found: re.Match[str]) -> str:
        if path not in self._by_path or found[1] is None:
            return self._paths[path]
        span = self._span(self._by_path[path], Span(int(found[1]), int(found[2])))
        return f"{self._paths[path]}[{span.start}:{span.end}]"

    def _span(self, document: str, span: Span) -> Span:
        return self._texts[document].span(span)

    def _path(self, path: str) -> str:
        return self._paths.get(path) or self._register.words(path)

    # --- documents

    def _document(self, about: Document) -> Document:
        dated = about.published
        passage = dated.passage and self._span(about.id, dated.passage) if dated else None
        return attrs.evolve(
            about, id=self._names[about.id], path=self._path(about.path), text=self._texts[about.id].text, title=self._words(about.title),
            publisher=self._words(about.publisher), byline=self._words(about.byline), parent=None,
            published=Dated(dated.value, passage) if dated else None, url=self._register.address(about.url) if about.url else about.url,
        )  # fmt: skip

    def _reading(self, reading: Reading) -> Reading:
        key = reading.document.id

        def at(span: Span | None) -> Any:
            return None if span is None else self._span(key, span)

        return attrs.evolve(
            reading, document=self._document(reading.document), entities=tuple(self._entity(key, e) for e in reading.entities),
            times=tuple(attrs.evolve(t, passage=at(t.passage)) for t in reading.times),
            quantities=tuple(
                attrs.evolve(q, passage=at(q.passage), counted=self._words(q.counted), counted_passage=at(q.counted_passage))
                for q in reading.quantities
            ),
            statements=tuple(
                attrs.evolve(s, content=tuple(map(at, s.content)), cue=at(s.cue), speaker_passage=at(s.speaker_passage))
                for s in reading.statements
            ),
            events=tuple(
                attrs.evolve(
                    e, trigger=at(e.trigger), participants=tuple(attrs.evolve(p, passage=at(p.passage)) for p in e.participants)
                )
                for e in reading.events
            ),
        )  # fmt: skip

    def _entity(self, document: str, entity: Entity) -> Entity:
        name = self._shown_name(document, entity)
        aliases = tuple(dict.fromkeys(a for alias in entity.aliases if (a := self._register.words(alias, names=(entity.name,))) != name))
        place = entity.place if name == entity.name and (entity.place is None or self._unmarked(entity.place.admin)) else None
        roles = tuple(EntityRole(self._register.words(role.title), role.organisation) for role in entity.roles)
        return attrs.evolve(
            entity, name=name, aliases=aliases, roles=roles, place=place, mentions=tuple(self._span(document, m) for m in entity.mentions)
        )

    def _shown_name(self, document: str, entity: Entity) -> str:
        """A name that is replaced where it stands is replaced here: its first mention of the same words says by what."""
        text = self._originals[document]
        for mention in entity.mentions:
            if text[mention.start : mention.end] == entity.name:
                return self._texts[document].words(mention)
        return self._register.words(entity.name, names=entity.aliases)

    def _unmarked(self, words: Iterable[str]) -> bool:
        return all(self._register.words(one) == one for one in words)

    # --- incidents

    def _incident(self, incident: Incident) -> Incident | None:
        mentions = tuple(
            Mention(self._path(m.path), m.event, self._names[m.document]) for m in incident.mentions if m.document in self._names
        )
        if not mentions:
            return None
        names = [n for o in incident.origins for n in (o.name, *o.also_called)] + [f.value for f in incident.facts if f.value]
        key = self._incident_id(incident.id)
        place = incident.place if incident.place is None or self._register.words(incident.place.name) == incident.place.name else None
        return attrs.evolve(
            incident, id=key, mentions=mentions, place=place, documents=self._documents(incident.documents), title=self._words(incident.title, names),
            origins=tuple(self._origin(o) for o in incident.origins), links=tuple(self._sentence(one, names) for one in incident.links),
            facts=tuple(self._fact(key, f, names) for f in incident.facts),
        )  # fmt: skip

    def _incident_id(self, key: str) -> str:
        return f"incident-{self._blind('incident', key)[:ID_DIGITS]}"

    def _documents(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._path(path) for path in paths if path in self._by_path))

    def _origin(self, origin: Origin) -> Origin:
        name = self._origin_name(origin.name)
        also = tuple(dict.fromkeys(self._register.words(one, names=(origin.name,)) for one in origin.also_called))
        return attrs.evolve(origin, name=name, documents=self._documents(origin.documents), also_called=also)

    def _origin_name(self, name: str) -> str:
        return self._paths.get(name) or self._register.words(name)

    def _fact(self, incident: str, fact: Fact, names: Iterable[str]) -> Fact:
        kept = [claim for claim in fact.claims if claim.document in self._names]
        gone = [claim for claim in fact.claims if claim.document not in self._names]
        if gone:
            against = sum(claim.stance in AGAINST for claim in gone)
            self._withheld[incident, fact.attribute] = len(gone) - against, against
        return attrs.evolve(
            fact, value=self._words(fact.value), origins=tuple(map(self._origin_name, fact.origins)), claims=tuple(map(self._claim, kept)),
            contradicted_by=tuple(map(self._origin_name, fact.contradicted_by)), reasons=tuple(self._sentence(r, names) for r in fact.reasons),
            decided_by=tuple(map(self._register.words, fact.decided_by)),
        )  # fmt: skip

    def _claim(self, claim: Claim) -> Claim:
        relayed = None if claim.relayed_by is None else self._origin_name(claim.relayed_by)
        return attrs.evolve(
            claim, origin=self._origin_name(claim.origin), document=self._names[claim.document], path=self._path(claim.path),
            passage=self._span(claim.document, claim.passage), value=self._words(claim.value), relayed_by=relayed,
        )  # fmt: skip

    def _copies(self, groups: Iterable[CopyGroup]) -> Iterable[CopyGroup]:
        for group in groups:
            kept = self._documents(group.documents)
            if len(kept) > 1:
                fullest = self._path(group.fullest) if group.fullest in self._by_path else None
                yield CopyGroup(kept, tuple(self._sentence(r, ()) for r in group.reasons), fullest)

    # --- decisions

    def _decision(self, decision: Decision) -> Decision:
        about = decision.target
        target = self._decision_id(about) if decision.kind is DecisionKind.UNDO else self._incident_id(about)
        return attrs.evolve(
            decision, id=self._decision_id(decision.id), target=target, reviewer=self._register.words(decision.reviewer),
            reason=self._register.words(decision.reason), anchor=self._anchor(decision.anchor), value=self._value(decision.value),
        )  # fmt: skip

    def _decision_id(self, key: str) -> str:
        return f"decision-{self._blind('decision', key)[:ID_DIGITS]}"

    def _value(self, value: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, one in value.items():
            if key == "other":
                made[key] = self._incident_id(one)
            elif key in {"out", "other_anchor"}:
                made[key] = [list(pair) for pair in self._anchor(tuple((document, place) for document, place in one))]
            else:
                made[key] = self._register.words(one) if isinstance(one, str) else one
        return made

    def _anchor(self, anchor: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Passages of the original as passages of what is shown; those of withheld documents are left out."""
        found = []
        for document, place in anchor:
            matched = PLACE.fullmatch(place)
            if document in self._names and matched is not None:
                span = self._span(document, Span(int(matched[1]), int(matched[2])))
                found.append((self._names[document], f"{span.start}-{span.end}"))
        return tuple(found)

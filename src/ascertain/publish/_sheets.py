"""The fact sheet of an incident as a page model: each fact with its words for and against, who vouches, why it hangs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs

from ascertain.publish._book import Book, Piece, Quote
from ascertain.publish._drawings import Drawing
from ascertain.publish._ranges import draw_ranges
from ascertain.publish._vouching import Way, draw_vouching, ways_of
from ascertain.publish._words import (
    AGAINST,
    ATTRIBUTES,
    CREDIBILITY,
    NOT_STATED,
    NUMBERS,
    ORIGINS,
    STANCES,
    counted,
    day_words,
    fact_words,
    interval_words,
    moment_words,
    period_words,
    title_words,
    type_words,
)
from ascertain.records import Claim, Decision, Fact, Incident, Reading, Span, Stance, Status, overall_status

NOT_REVIEWED = "read by software, not reviewed"
HARM_FACTS = frozenset(NUMBERS)


@attrs.frozen
class ClaimRow:
    """What one origin says, at all its words: the same from the same origin once.

    Attributes:
        said: range or value in words.
        stance: "says so", "denies it"…
        relays: by whom it came where not in the origin's own publication.
        quotes: its passages, one at least.
        note: "later replaced" where its origin has said otherwise since.
    """

    origin: str
    said: str
    stance: str
    relays: str | None
    dated: str
    quotes: tuple[Quote, ...]
    note: str | None = None

    @property
    def href(self) -> str:
        """The first passage."""
        return self.quotes[0].href


@attrs.frozen
class FactRow:
    """One fact of the sheet; `first` is the passage that its figure leads to, `claims_other` name another actor."""

    attribute: str
    label: str
    words: str
    status: Status
    credibility: str
    decided: str
    first: Quote | None
    reasons: tuple[tuple[Piece, ...], ...]
    claims_for: tuple[ClaimRow, ...]
    claims_against: tuple[ClaimRow, ...]
    claims_other: tuple[ClaimRow, ...]
    drawing: Drawing | None
    origins: str


@attrs.frozen
class OriginRow:
    """Who vouches, with the documents that carry the word."""

    name: str
    kind: str
    stance: str
    also: str
    documents: tuple[Piece, ...]


@attrs.frozen
class DecisionRow:
    """What a person decided."""

    words: str
    reviewer: str
    decided: str
    reason: str


@attrs.frozen
class SheetPage:
    """The fact sheet."""

    incident: Incident
    title: str
    status: Status
    origins_words: str
    reviewed: str
    period: str
    place: str
    kind: str
    grade: str
    facts: tuple[FactRow, ...]
    origins: tuple[OriginRow, ...]
    ways: tuple[Way, ...]
    vouching: Drawing | None
    links: tuple[tuple[Piece, ...], ...]
    decisions: tuple[DecisionRow, ...]
    documents: tuple[Piece, ...]


def sheet_page(book: Book, incident: Incident) -> SheetPage:
    """Build the sheet of an incident."""
    place = incident.place
    decisions = tuple(d for d in book.contents.decisions if d.target == incident.id)
    return SheetPage(
        incident=incident, title=book.words(title_words(incident)), status=overall_status(incident.facts),
        origins_words=counted(len(incident.origins), "origin"), reviewed=reviewed_words(incident, decisions),
        period=period_words(incident.time), place=book.words(place.name) if place else NOT_STATED, kind=book.words(type_words(incident)),
        grade=incident.grade or NOT_STATED, facts=tuple(fact_row(book, incident, f) for f in _ordered(incident.facts)),
        origins=tuple(_origin_rows(book, incident)), ways=tuple(ways_of(book, incident)), vouching=draw_vouching(book, incident),
        links=tuple(book.linked(reason, incident.documents, names_in(incident)) for reason in incident.links), decisions=tuple(decision_row(book, d) for d in decisions),
        documents=document_pieces(book, incident.documents),
    )  # fmt: skip


def names_in(incident: Incident) -> tuple[str, ...]:
    """Of whom the software's sentences about an incident speak."""
    return tuple(n for o in incident.origins for n in (o.name, *o.also_called)) + tuple(f.value for f in incident.facts if f.value)


def _ordered(facts: Iterable[Fact]) -> list[Fact]:
    order = list(ATTRIBUTES)
    return sorted(facts, key=lambda f: order.index(f.attribute) if f.attribute in order else len(order))


def reviewed_words(incident: Incident, decisions: Sequence[Decision]) -> str:
    """Who has decided anything about it and when; else that it was read by software."""
    if not incident.reviewed and not decisions:
        return NOT_REVIEWED
    who = ", ".join(f"{d.reviewer}, {day_words(d.decided_at)}" for d in decisions)
    return f"reviewed ({who})" if who else "reviewed"


def fact_row(book: Book, incident: Incident, fact: Fact) -> FactRow:
    """One fact for its page."""
    claims = [c for c in (fact.claims or tuple(_words_of(book, incident, fact.attribute))) if c.document in book.readings]
    against = [c for c in claims if _is_against(fact, c)]
    other = [c for c in claims if c not in against and _names_another(fact, c)]
    rows, rows_against = claim_rows(book, fact, [c for c in claims if c not in against and c not in other]), claim_rows(book, fact, against)
    standing = [r for r in rows if r.note is None] or [*rows, *rows_against]
    first = standing[0].quotes[0] if standing else None
    return FactRow(
        attribute=fact.attribute, label=ATTRIBUTES.get(fact.attribute, fact.attribute), words=book.words(fact_words(fact)), status=fact.status,
        credibility=f"{fact.credibility} of 6: {CREDIBILITY[fact.credibility]}",
        decided=f"decided by {', '.join(fact.decided_by)}" if fact.decided_by else NOT_REVIEWED,
        first=first, reasons=tuple(book.linked(r, incident.documents, names_in(incident)) for r in fact.reasons), claims_for=rows, claims_against=rows_against,
        claims_other=claim_rows(book, fact, other),
        drawing=draw_ranges(book, fact) if fact.attribute in HARM_FACTS else None, origins=counted(len(fact.origins), "origin"),
    )  # fmt: skip


def _is_against(fact: Fact, claim: Claim) -> bool:
    return claim.stance in AGAINST or (claim.origin in fact.contradicted_by and claim.origin not in fact.origins)


def _names_another(fact: Fact, claim: Claim) -> bool:
    """Whether a claim about the actor names somebody else than the fact does: no capitalised word or initials in common."""
    if fact.attribute != "actor" or not fact.value or not claim.value or fact.value.casefold() == claim.value.casefold():
        return False
    return not _telling(fact.value) & _telling(claim.value)


def _telling(name: str) -> set[str]:
    """The capitalised words of a name, and their initials: `Allied Democratic Forces` also as `ADF`."""
    capital = [word for word in re.findall(r"\w+", name) if word[:1].isupper()]
    return {*capital, "".join(word[0] for word in capital)} if len(capital) > 1 else set(capital)


def claim_rows(book: Book, fact: Fact, claims: Iterable[Claim]) -> tuple[ClaimRow, ...]:
    """Claims for their page, those of one origin that say the same in one row."""
    rows: dict[tuple[str, ...], ClaimRow] = {}
    for claim in claims:
        said, stance = book.words(_said(fact, claim)), STANCES[claim.stance]
        relays = book.words(claim.relayed_by) if claim.relayed_by and claim.relayed_by != claim.origin else None
        note = "later replaced by the same origin" if claim.superseded else None
        key = (claim.origin, said.casefold(), stance, note or "")
        quote = book.quote(claim.document, claim.passage)
        if key not in rows:
            rows[key] = ClaimRow(book.words(claim.origin), said, stance, relays, day_words(claim.said_on), (quote,), note)
            continue
        row = rows[key]
        relaying = (
            ", ".join(dict.fromkeys(r for r in (row.relays, relays) if r)) if relays not in (row.relays or "").split(", ") else row.relays
        )
        dated = row.dated if day_words(claim.said_on) in row.dated else f"{row.dated}; {day_words(claim.said_on)}"
        rows[key] = attrs.evolve(
            row, relays=relaying or None, dated=dated, quotes=(*row.quotes, quote) if quote not in row.quotes else row.quotes
        )
    return tuple(rows.values())


def _said(fact: Fact, claim: Claim) -> str:
    if claim.value:
        return claim.value
    if fact.attribute in HARM_FACTS:
        return interval_words(claim.at_least, claim.at_most, approximate=claim.approximate)
    return "denies it" if claim.stance in AGAINST else NOT_STATED


def _words_of(book: Book, incident: Incident, attribute: str) -> Iterable[Claim]:
    """Place and time carry no claims of their own: the words of the mentions that name them."""
    seen: set[tuple[str, Span]] = set()
    named = {(c.document, c.event): c.origin for f in incident.facts for c in f.claims}
    for mention in incident.mentions:
        reading = book.readings.get(mention.document)
        span = _where_or_when(reading, mention.event, attribute) if reading else None
        if reading is None or span is None or (mention.document, span) in seen:
            continue
        seen.add((mention.document, span))
        about = reading.document
        origin = named.get((mention.document, mention.event)) or about.publisher or about.path
        yield Claim(
            origin, mention.document, mention.path, span, Stance.ASSERTS, value=" ".join(reading.words(span).split()),
            said_on=about.published.value[:10] if about.published else None, relayed_by=about.publisher,
        )  # fmt: skip


def _where_or_when(reading: Reading, event_id: str, attribute: str) -> Span | None:
    event = next((e for e in reading.events if e.id == event_id), None)
    if event is None:
        return None
    if attribute == "time":
        return next((t.passage for t in reading.times if t.id == event.time), None)
    entity = next((e for e in reading.entities if e.id == event.place), None) if attribute == "place" else None
    return min(entity.mentions, key=lambda m: abs(m.start - event.trigger.start)) if entity and entity.mentions else None


def _origin_rows(book: Book, incident: Incident) -> Iterable[OriginRow]:
    for origin in incident.origins:
        also = ", ".join(book.words(name) for name in origin.also_called) or "no other name"
        yield OriginRow(
            book.words(origin.name), ORIGINS[origin.kind], STANCES[origin.stance], also, document_pieces(book, origin.documents)
        )


def document_pieces(book: Book, paths: Iterable[str]) -> tuple[Piece, ...]:
    """Documents as links; paths of the same bytes lead to the same page."""
    return tuple(Piece(book.words(path), book.document_href(book.by_path[path]) if path in book.by_path else None) for path in paths)


def decision_row(book: Book, decision: Decision) -> DecisionRow:
    """One decision in words."""
    about = f" ({ATTRIBUTES.get(decision.attribute, decision.attribute).lower()})" if decision.attribute else ""
    return DecisionRow(f"{decision.kind}{about}", decision.reviewer, moment_words(decision.decided_at), book.words(decision.reason))

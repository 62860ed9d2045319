"""The fact sheet of an incident as a page model: each fact with its words for and against, who vouches, why it hangs together."""

from __future__ import annotations

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
    """What one origin says, at its words.

    Attributes:
        said: range or value in words.
        stance: "says so", "denies it"…
        relays: by whom it came where not in the origin's own publication.
        note: "later replaced" where its origin has said otherwise since.
    """

    origin: str
    said: str
    stance: str
    relays: str | None
    dated: str
    quote: Quote
    note: str | None = None


@attrs.frozen
class FactRow:
    """One fact of the sheet."""

    attribute: str
    label: str
    words: str
    status: Status
    credibility: str
    decided: str
    href: str | None
    first: Quote | None
    reasons: tuple[tuple[Piece, ...], ...]
    claims_for: tuple[ClaimRow, ...]
    claims_against: tuple[ClaimRow, ...]
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
        links=tuple(book.linked(reason) for reason in incident.links), decisions=tuple(decision_row(book, d) for d in decisions),
        documents=document_pieces(book, incident.documents),
    )  # fmt: skip


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
    rows = _claim_rows(book, incident, fact)
    first = next((r.quote for c, r in rows if not _is_against(fact, c)), rows[0][1].quote if rows else None)
    return FactRow(
        attribute=fact.attribute, label=ATTRIBUTES.get(fact.attribute, fact.attribute), words=book.words(fact_words(fact)), status=fact.status,
        credibility=f"{fact.credibility} of 6: {CREDIBILITY[fact.credibility]}",
        decided=f"decided by {', '.join(fact.decided_by)}" if fact.decided_by else NOT_REVIEWED,
        href=first.href if first else None, first=first, reasons=tuple(book.linked(r) for r in fact.reasons),
        claims_for=tuple(r for c, r in rows if not _is_against(fact, c)), claims_against=tuple(r for c, r in rows if _is_against(fact, c)),
        drawing=draw_ranges(book, fact) if fact.attribute in HARM_FACTS else None, origins=counted(len(fact.origins), "origin"),
    )  # fmt: skip


def _is_against(fact: Fact, claim: Claim) -> bool:
    return claim.stance in AGAINST or (claim.origin in fact.contradicted_by and claim.origin not in fact.origins)


def _claim_rows(book: Book, incident: Incident, fact: Fact) -> list[tuple[Claim, ClaimRow]]:
    claims = fact.claims or tuple(_words_of(book, incident, fact.attribute))
    return [(c, claim_row(book, fact, c)) for c in claims if c.document in book.readings]


def claim_row(book: Book, fact: Fact, claim: Claim) -> ClaimRow:
    """One claim for its page."""
    number = interval_words(claim.at_least, claim.at_most, approximate=claim.approximate)
    said = (
        book.words(claim.value)
        if claim.value
        else number
        if fact.attribute in HARM_FACTS
        else "denies it"
        if claim.stance in AGAINST
        else NOT_STATED
    )
    relays = claim.relayed_by if claim.relayed_by and claim.relayed_by != claim.origin else None
    return ClaimRow(
        book.words(claim.origin), said, STANCES[claim.stance], book.words(relays) if relays else None, day_words(claim.said_on),
        book.quote(claim.document, claim.passage), "later replaced by the same origin" if claim.superseded else None,
    )  # fmt: skip


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

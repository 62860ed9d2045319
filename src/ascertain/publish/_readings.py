"""A document's page as a model: marked text, what was read in it, and its custody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import attrs

from ascertain.publish._book import Book, Piece
from ascertain.publish._marks import Paragraph, paragraphs
from ascertain.publish._words import ACTUALITIES, NOT_STATED, day_words, interval_words, moment_words, title_words
from ascertain.records import Capture, EntityType, Event, Reading, Span, Statement

LANGUAGES = {"en": "English", "ar": "Arabic", "uk": "Ukrainian", "ru": "Russian", "fr": "French", "es": "Spanish"}


@attrs.frozen
class Finding:
    """One row of what was read: columns in words, the first of them leading to its passage."""

    href: str
    columns: tuple[str, ...]


@attrs.frozen
class CustodyRow:
    """One capture of the original."""

    path: str
    source: str
    source_href: str | None
    collector: str
    captured: str
    tool: str
    media_type: str
    size: str
    missing: str


@attrs.frozen
class DocumentPage:
    """The page of one document."""

    id: str
    href: str
    title: str
    publisher: str
    byline: str
    published: str
    published_href: str | None
    language: str
    language_code: str | None
    made_by: str
    paragraphs: tuple[Paragraph, ...]
    statements: tuple[Finding, ...]
    events: tuple[Finding, ...]
    places: tuple[Finding, ...]
    times: tuple[Finding, ...]
    quantities: tuple[Finding, ...]
    custody: tuple[CustodyRow, ...]
    copies: tuple[Piece, ...]
    copy_reasons: tuple[tuple[Piece, ...], ...]
    incidents: tuple[Piece, ...]


def claimed_passages(book: Book) -> dict[str, set[Span]]:
    """For each document the passages that claims point at."""
    found: dict[str, set[Span]] = defaultdict(set)
    for incident in book.contents.findings.incidents:
        for claim in (c for f in incident.facts for c in f.claims):
            found[claim.document].add(claim.passage)
    return found


def document_page(book: Book, reading: Reading, *, claimed: Iterable[Span] = ()) -> DocumentPage:
    """Build the page of a document."""
    about = reading.document
    dated = about.published
    copies, reasons = _copies(book, about.id)
    tables = _Tables(book, reading)
    return DocumentPage(
        id=about.id, href=book.document_href(about.id), title=book.words(about.title) or f"Document {book.words(about.path)}",
        publisher=book.words(about.publisher) or NOT_STATED, byline=book.words(about.byline) or NOT_STATED,
        published=day_words(dated.value) if dated else NOT_STATED,
        published_href=book.document_href(about.id, dated.passage) if dated and dated.passage else None,
        language=LANGUAGES.get(about.language or "", about.language or NOT_STATED), language_code=about.language, made_by=reading.made_by or NOT_STATED,
        paragraphs=paragraphs(reading, book.texts[about.id], further=claimed), statements=tables.statements(), events=tables.events(),
        places=tables.places(), times=tables.times(), quantities=tables.quantities(),
        custody=tuple(custody_row(book, c) for c in book.captures.get(about.id, ())), copies=copies, copy_reasons=reasons,
        incidents=tuple(Piece(book.words(title_words(i)), book.incident_href(i)) for i in book.incidents_of.get(about.id, ())),
    )  # fmt: skip


def custody_row(book: Book, capture: Capture) -> CustodyRow:
    """One capture in words; an address leads somewhere only where it is a web address and names nobody protected."""
    source = book.register.address(capture.source)
    web = urlsplit(source).scheme in {"http", "https"}
    return CustodyRow(
        book.words(capture.path), book.words(source), source if web else None, capture.collector, moment_words(capture.captured_at), capture.tool,
        capture.media_type, f"{capture.size:,} bytes", "; ".join(capture.not_available) or "nothing known to be missing",
    )  # fmt: skip


def _copies(book: Book, document: str) -> tuple[tuple[Piece, ...], tuple[tuple[Piece, ...], ...]]:
    pieces: dict[str, Piece] = {}
    reasons: list[tuple[Piece, ...]] = []
    for group in book.contents.findings.copies:
        inside = [book.by_path[p] for p in group.documents if p in book.by_path]
        if document not in inside:
            continue
        for path in group.documents:
            other = book.by_path.get(path)
            if other is not None and (other != document or path != book.readings[document].document.path):
                pieces[path] = Piece(book.words(path), book.document_href(other))
        reasons += [book.linked(reason, group.documents) for reason in group.reasons]
    return tuple(pieces.values()), tuple(reasons)


class _Tables:
    """The rows of what was read in one document."""

    def __init__(self, book: Book, reading: Reading) -> None:
        self._book, self._reading = book, reading
        self._entities = {e.id: e for e in reading.entities}
        self._quantities = {q.id: q for q in reading.quantities}
        self._times: Mapping[str, str] = {t.id: t.value for t in reading.times}
        self._voices = {s.id: self._name(s.speaker, s.speaker_passage) for s in reading.statements}

    def _row(self, span: Span, *columns: str) -> Finding:
        document = self._reading.document.id
        return Finding(self._book.document_href(document, span), (self._shown(span), *columns))

    def _shown(self, span: Span) -> str:
        return " ".join(self._book.texts[self._reading.document.id].words(span).split())

    def _name(self, entity: str | None, passage: Span | None = None) -> str:
        found = self._entities.get(entity or "")
        words = self._shown(passage) if passage is not None else ""
        name = self._book.words(found.name) if found is not None else ""
        return words if not name or name in words else f"{words} ({name})" if words else name

    def statements(self) -> tuple[Finding, ...]:
        return tuple(self._statement(s) for s in self._reading.statements if s.content)

    def _statement(self, statement: Statement) -> Finding:
        speaker = "the document's own voice" if statement.speaker is None else self._name(statement.speaker, statement.speaker_passage)
        return self._row(statement.content[0], speaker or NOT_STATED, str(statement.stance), str(statement.form))

    def events(self) -> tuple[Finding, ...]:
        return tuple(self._event(e) for e in self._reading.events)

    def _event(self, event: Event) -> Finding:
        taking_part = "; ".join(f"{p.role}: {self._name(None, p.passage)}" for p in event.participants) or NOT_STATED
        harms = "; ".join(f"{h.kind.replace('_', ' ')}: {self._number(h.quantity)}" for h in event.harms) or NOT_STATED
        said = " via ".join(self._voices.get(s) or NOT_STATED for s in reversed(event.according_to)) or "the document's own voice"
        kind = f"{event.type}: {event.kind}" if event.kind else str(event.type)
        where, when = self._name(event.place) or NOT_STATED, day_words(self._times.get(event.time or ""))
        return self._row(event.trigger, kind, ACTUALITIES[event.actuality], taking_part, where, when, harms, said)

    def _number(self, quantity: str | None) -> str:
        found = self._quantities.get(quantity or "")
        return interval_words(found.at_least, found.at_most, approximate=found.approximate) if found else "number not stated"

    def places(self) -> tuple[Finding, ...]:
        found = []
        for entity in self._reading.entities:
            if entity.type is EntityType.PLACE and entity.mentions:
                point = entity.place
                where = f"{point.lat:.3f}, {point.lon:.3f}" if point else "point not known"
                within = ", ".join(point.admin) if point and point.admin else NOT_STATED
                found.append(self._row(entity.mentions[0], self._book.words(entity.name), where, within, str(len(entity.mentions))))
        return tuple(found)

    def times(self) -> tuple[Finding, ...]:
        return tuple(self._row(t.passage, t.value, str(t.kind)) for t in self._reading.times)

    def quantities(self) -> tuple[Finding, ...]:
        return tuple(
            self._row(
                q.passage, interval_words(q.at_least, q.at_most, approximate=q.approximate), self._book.words(q.counted) or NOT_STATED
            )
            for q in self._reading.quantities
        )

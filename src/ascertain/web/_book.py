"""The report's page models over a part of a case, for one reader: links lead to the workbench, restricted documents are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from ascertain.publish.parts import Book, CaseContents, DocumentPage, Quote, Register, anchor, make_book
from ascertain.records import Decision, Findings, Incident, Reading, Span
from ascertain.store import Account
from ascertain.web._asked import Asked


@attrs.frozen
class DeskBook(Book):
    """A book whose links lead to the workbench's pages.

    Attributes:
        account: who reads: from which kinds of harm they are shielded.
    """

    account: Account | None = None

    def document_href(self, document: str, span: Span | None = None) -> str:
        """The page of a document, at a passage."""
        return f"document/{document}" if span is None else f"document/{document}#{anchor(span)}"

    def incident_href(self, incident: Incident) -> str:
        """The fact sheet of an incident."""
        return f"incident/{incident.id}"

    def quote(self, document: str, span: Span) -> Quote:
        """A passage in its sentence; without a shield for who wants none."""
        # not super(): attrs makes a new class with slots
        quote = Book.quote(self, document, span)
        return attrs.evolve(quote, graphic=covered(self.account, quote.graphic)) if quote.graphic and self.account else quote


def desk_book(
    asked: Asked, readings: Iterable[Reading], *, incidents: Sequence[Incident] = (), decisions: Sequence[Decision] = ()
) -> DeskBook:
    """A book of some readings and incidents; readings that the asker may not see are left out."""
    desk, hidden = asked.bench.desk, set(asked.hidden_documents)
    kept = tuple(reading for reading in readings if reading.document.id not in hidden)
    captures = desk.captures_of([reading.document.id for reading in kept])
    contents = CaseContents(
        name=desk.name, generated_at=asked.bench.clock(), findings=Findings(incidents=tuple(incidents)), readings=kept, captures=captures,
        decisions=tuple(decisions),
    )  # fmt: skip
    made = make_book(contents, Register())
    return DeskBook(
        made.contents,
        made.register,
        made.readings,
        made.texts,
        made.captures,
        made.by_path,
        made.incidents_of,
        account=asked.account,
    )


def shielded(page: DocumentPage, account: Account) -> DocumentPage:
    """A document's page with what the reader wants covered."""
    return attrs.evolve(page, paragraphs=tuple(attrs.evolve(p, graphic=covered(account, p.graphic)) for p in page.paragraphs))


def covered(account: Account, kinds: Sequence[str]) -> tuple[str, ...]:
    """Of the kinds of harm that a passage describes those from which this person is shielded; none: it is shown at once."""
    bare = set(account.bare.split(";"))
    return tuple(kind for kind in kinds if kind not in bare) if account.shielded else ()

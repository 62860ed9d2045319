"""What all pages of a report look things up in: readings, their protected texts, addresses of pages, quotes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import attrs

from ascertain.publish._contents import CaseContents
from ascertain.publish._graphic import graphic_kinds
from ascertain.publish._protect import ProtectedText
from ascertain.publish._register import Register
from ascertain.publish._words import day_words
from ascertain.records import Capture, Incident, Reading, Span

AROUND = 220  # characters of a sentence on each side of a passage that a quote shows at most
ENDS = (". ", "\n", "? ", "! ", ".” ", '." ', ".’ ")  # fmt: skip
# Controls that would turn the words of a page around or hide them; in the texts themselves they stay, each paragraph kept to itself.
UNSEEN = dict.fromkeys([*range(32), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F], " ")
DOCUMENT_DIGITS = 16  # of the digest in a page's name: two documents of one case don't share them


@attrs.frozen
class Piece:
    """Some words, and where they lead: `href` from the report's root, None for words that lead nowhere."""

    words: str
    href: str | None = None


@attrs.frozen
class Quote:
    """A passage in its sentence.

    Attributes:
        before, words, after: the sentence, `words` being the passage.
        href: the passage in its document's page.
        source: how the document is called.
        dated: its day in words.
        graphic: kinds of harm for which it is shielded.
    """

    before: str
    words: str
    after: str
    href: str
    source: str
    dated: str
    graphic: tuple[str, ...] = ()


@attrs.frozen
class Book:
    """The look-ups of a report; made once by `make_book`.

    Attributes:
        readings, texts, captures: by document id.
        by_path: every path of the case to its document's id.
        incidents_of: incidents that a document tells of, by its id.
    """

    contents: CaseContents
    register: Register
    readings: Mapping[str, Reading]
    texts: Mapping[str, ProtectedText]
    captures: Mapping[str, Sequence[Capture]]
    by_path: Mapping[str, str]
    incidents_of: Mapping[str, Sequence[Incident]]

    def words(self, words: str | None, *, names: Iterable[str] = ()) -> str:
        """Words without protected names; `names` are those of whom they speak."""
        return self.register.words((words or "").translate(UNSEEN), names=names)

    def document_href(self, document: str, span: Span | None = None) -> str:
        """The page of a document, at a passage; offsets in addresses are the original's."""
        page = f"document/{document[:DOCUMENT_DIGITS]}.html"
        return page if span is None else f"{page}#{anchor(span)}"

    def incident_href(self, incident: Incident) -> str:
        """The fact sheet of an incident."""
        return f"incident/{incident.id}.html"

    def source(self, document: str) -> str:
        """How a document is called: its publisher, else its path."""
        about = self.readings[document].document
        return self.words(about.publisher) if about.publisher else self.words(about.path)

    def quote(self, document: str, span: Span) -> Quote:
        """A passage in its sentence, protected."""
        reading, shown = self.readings[document], self.texts[document]
        whole = sentence_around(reading.document.text, span)
        before, words, after = (
            _one_line(shown.words(s)) for s in (Span(whole.start, span.start), span, Span(span.end, whole.end))
        )  # fmt: skip
        dated = reading.document.published.value if reading.document.published else None
        sentence = before + words + after
        return Quote(
            before.lstrip(), words, after.rstrip(), self.document_href(document, span), self.source(document), day_words(dated),
            graphic_kinds(sentence),
        )  # fmt: skip

    def linked(self, sentence: str, paths: Iterable[str], names: Iterable[str] = ()) -> tuple[Piece, ...]:
        """A sentence of the software in pieces, `path[12:34]` in it as a link to the passage, paths as links to documents.

        Args:
            sentence: its words.
            paths: documents that it may name; others stay words.
            names: of whom it speaks.
        """
        pieces, done, spoken_of = [], 0, tuple(names)
        for match in _references(tuple(p for p in paths if p in self.by_path)).finditer(sentence):
            document = self.by_path[match["path"]]
            span = Span(int(match["start"]), int(match["end"])) if match["start"] else None
            pieces.append(Piece(self.words(sentence[done : match.start()], names=spoken_of)))
            words = self.words(match["path"]) + (f" [{span.start}:{span.end}]" if span else "")
            pieces.append(Piece(words, self.document_href(document, span)))
            done = match.end()
        pieces.append(Piece(self.words(sentence[done:], names=spoken_of)))
        return tuple(p for p in pieces if p.words)


@lru_cache(maxsize=64)
def _references(paths: tuple[str, ...]) -> re.Pattern[str]:
    if not paths:
        return re.compile(r"(?!)")
    listed = "|".join(re.escape(path) for path in sorted(paths, key=lambda p: (-len(p), p)))
    return re.compile(rf"(?<![\w/])(?P<path>{listed})(?:\[(?P<start>\d+):(?P<end>\d+)\])?(?!\w)")


def anchor(span: Span) -> str:
    """The name of a passage within its document's page."""
    return f"p-{span.start}-{span.end}"


def sentence_around(text: str, span: Span) -> Span:
    """The sentence, or the next 220 characters on each side, in which a passage stands."""
    first, last = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    start = max((found + len(mark) for mark in ENDS if (found := text.rfind(mark, first, span.start)) >= 0), default=first)
    stops = [found + len(mark.rstrip()) for mark in ENDS if (found := text.find(mark, span.end, last)) >= 0]
    return Span(min(start, span.start), max(span.end, min([*stops, last])))


def _one_line(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def make_book(contents: CaseContents, register: Register) -> Book:
    """Build the look-ups."""
    readings = {r.document.id: r for r in contents.readings}
    captures: dict[str, list[Capture]] = defaultdict(list)
    by_path = {r.document.path: r.document.id for r in contents.readings}
    for capture in contents.captures:
        captures[capture.original].append(capture)
        if capture.original in readings:
            by_path.setdefault(capture.path, capture.original)
    incidents_of: dict[str, list[Incident]] = defaultdict(list)
    for incident in contents.findings.incidents:
        for document in dict.fromkeys(m.document for m in incident.mentions):
            incidents_of[document].append(incident)
    texts = {key: register.text(reading) for key, reading in readings.items()}
    return Book(contents, register, readings, texts, captures, by_path, incidents_of)

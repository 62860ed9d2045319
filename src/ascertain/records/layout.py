"""How a text is laid out: headline, head lines, date line, sentences. Pure string work; offsets are the document's."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum

import attrs

from ascertain.records.reading import Document, Reading, Span

HEAD_LINES = 7  # the body begins within so many lines
LONG_LINE = 90  # a line of so many characters is body, not head
LONG_HEADLINE = 130  # a first line of so many is no headline: some texts come without one
DATELINE_CHARACTERS = 90  # a dash within so many characters of a line's start can end a date line
DATELINE_WORDS = 12
LEAST_ENTRIES = 3  # so many paragraphs with heads of their own make a round-up
_BULLET = r"(?:[-–—•*·] ?|\(?\d{1,2}[.)] )?"
_NAME = r"[A-ZÀ-Þ][\w’'-]*(?:[ ](?:[a-z]{1,3}|[A-ZÀ-Þ(][\w’')-]*)){0,4}"
_DAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?(?: (?:the )?\d{1,2})?(?: [A-Z][a-z]+\.?)?|\d{1,2} [A-Z][a-z]+\.?|[A-Z][a-z]+\.? \d{1,2})"
_PLACED = re.compile(
    rf"{_BULLET}({_NAME}(?:, (?:the )?(?:[a-z]+ )?(?:{_NAME}|[“\"][^”\"\n]{{2,30}}[”\"]))?(?: [“\"][^”\"\n]{{2,30}}[”\"])?):(?= )"
)
_LABEL = re.compile(rf"{_BULLET}([A-ZÀ-Þ][A-ZÀ-Þ ,’'()/-]{{2,60}}?)(?:[.:]| [—–-])(?= )")
_DATED = re.compile(rf"{_BULLET}((?:{_NAME}(?:, {_NAME})?, (?:on )?{_DAY})|(?:{_DAY}, {_NAME}))(?:[.:]| [—–-])(?= )")
# Heads that are fields of one report (`WHERE: …`), not other news.
_FIELDS = re.compile(
    r"(?:WH(?:AT|ERE|EN|O)|HOW|DATE|DAY|TIME|PLACE|LOCATION|SITUATION|SUMMARY|BACKGROUND|CASUALT|VICTIM|KILLED|DEAD|INJURED|WOUNDED|DETAINED|"
    r"MISSING|NEED|SHELTER|WATER|PROTECTION|HEALTH|FOOD|EDUCATION|LOGISTICS|ACCESS|ACTION|ACTIVIT|RESPONSE|SOURCE|METHOD|NOTE|CONTACT|SUBJECT|FROM|TO|RE|TEL|PHONE|UPDATE|Q|A)\b",
)
_DASH = re.compile(r"\s?[—–]\s?|\s--?\s")
_STOP = re.compile(r"[.!?…]+[\"”’)\]]*(?=\s+[\"“‘(\[]?[^\W_a-zß-öø-ÿ])")
_SHORT = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Gen|Col|Lt|Maj|Sgt|Capt|Brig|Gov|Sen|Rep|Prof|No|vs|Jr|Sr|Inc|Ltd|Co)|\b[A-Z])\.$")


class Part(StrEnum):
    """Where in a document a sentence stands."""

    TITLE = "title"
    HEAD = "head"
    BODY = "body"


@attrs.frozen
class Sentence:
    """One sentence, or one line of the head.

    Attributes:
        start, end: code points of the text, half-open.
        paragraph: number of its line.
    """

    start: int
    end: int
    part: Part
    paragraph: int


@attrs.frozen
class Layout:
    """The sentences of a text in order, and the span of its date line (place, day, agency), None where it has none.

    Attributes:
        entries: of a round-up (several news in one text) the heads of its entries, by paragraph: `NORWAY.`, `Chaman, Thu 13.`
    """

    sentences: tuple[Sentence, ...]
    dateline: Span | None = None
    entries: tuple[tuple[int, Span], ...] = ()

    def entry_of(self, number: int) -> Span | None:
        """The head of the entry to which a sentence belongs; None where the text is no round-up or the paragraph has no head."""
        return dict(self.entries).get(self.sentences[number].paragraph) if self.sentences else None

    def number_at(self, offset: int) -> int:
        """Index of the sentence that holds an offset; the one before it where it falls between two; 0 before the first."""
        return max(0, bisect_right([s.start for s in self.sentences], offset) - 1)

    def in_dateline(self, offset: int) -> bool:
        """Whether an offset lies in the date line: where and when the text was written, not what it tells."""
        return self.dateline is not None and self.dateline.start <= offset < self.dateline.end


def without_borrowed_points(reading: Reading) -> Reading:
    """The reading without points that places bear only because another place is named beside them.

    They help a map. Linking must not go by them: many are no places, and two hamlets beside one town would be one.
    """
    borrowed = [e.place is not None and e.place.geonames is None and e.place.feature != "country" for e in reading.entities]
    if not any(borrowed):
        return reading
    entities = tuple(attrs.evolve(e, place=None) if b else e for e, b in zip(reading.entities, borrowed, strict=True))
    return attrs.evolve(reading, entities=entities)


def lay_out(document: Document) -> Layout:
    """Find headline, head lines, date line and sentences."""
    lines = _lines(document.text)
    body = _body_line(lines)
    sentences: list[Sentence] = []
    dateline: Span | None = None
    for number, span in enumerate(lines):
        start = span.start
        if dateline is None and number <= body + 1:
            dateline = _dateline(document.text, span)
            start = dateline.end if dateline else start
        if number < body:
            part = Part.TITLE if number == 0 else Part.HEAD
            if start < span.end:
                sentences.append(Sentence(start, span.end, part, number))
            continue
        sentences += [Sentence(s.start, s.end, Part.BODY, number) for s in _split(document.text, start, span.end)]
    return Layout(tuple(sentences), dateline, _entries(document.text, lines[body:], body, dateline))


def _entries(text: str, lines: list[Span], first: int, dateline: Span | None) -> tuple[tuple[int, Span], ...]:
    """Heads of paragraphs, where there are several and none stands twice: those of a transcript do, for people speak more than once."""
    found: list[tuple[int, Span]] = []
    for number, line in enumerate(lines, first):
        start = dateline.end if dateline is not None and line.start <= dateline.start < line.end else line.start
        head = _LABEL.match(text, start, line.end) or _DATED.match(text, start, line.end) or _PLACED.match(text, start, line.end)
        if head is not None and _FIELDS.match(head[1].upper()) is None:
            found.append((number, Span(head.start(1), head.end(1))))
    heads = [text[span.start : span.end] for _, span in found]
    return tuple(found) if len(found) >= LEAST_ENTRIES and len(set(heads)) == len(heads) else ()


def _lines(text: str) -> list[Span]:
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Span(start, start + len(line)))
        start += len(line) + 1
    return found


def _body_line(lines: list[Span]) -> int:
    """Number of the first line that is body."""
    for number, span in enumerate(lines[:HEAD_LINES]):
        if span.end - span.start >= (LONG_LINE if number else LONG_HEADLINE):
            return number
    return min(1, len(lines) - 1) if len(lines) < HEAD_LINES and lines else 0


def _dateline(text: str, line: Span) -> Span | None:
    """The date line at the start of a line: a place, a day, an agency, then a dash."""
    head = text[line.start : min(line.end, line.start + DATELINE_CHARACTERS)]
    dash = _DASH.search(head)
    if dash is None:
        return None
    words = head[: dash.start()].split()
    dated = re.search(r"\d{4}|\(\w", head[: dash.start()])
    shouted = bool(words) and words[0].strip(",.").isupper() and len(words[0]) > 2
    if not 0 < len(words) <= DATELINE_WORDS or not (dated or shouted):
        return None
    return Span(line.start, line.start + dash.end())


def _split(text: str, start: int, end: int) -> list[Span]:
    """Sentences of a paragraph, without the blanks between them."""
    found, first = [], start
    for stop in _STOP.finditer(text, start, end):
        if _SHORT.search(text[first : stop.start() + 1]):
            continue
        found.append(Span(first, stop.end()))
        first = stop.end()
        while first < end and text[first].isspace():
            first += 1
    if text[first:end].strip():
        found.append(Span(first, end))
    return found

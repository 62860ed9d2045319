"""A document's text cut into segments that carry their marks, so that overlapping findings can all be shown."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

import attrs

from ascertain.publish._book import anchor
from ascertain.publish._graphic import graphic_kinds
from ascertain.publish._protect import ProtectedText
from ascertain.records import EntityType, Reading, Span


class Mark(StrEnum):
    """What a passage is marked as."""

    STATEMENT = "statement"
    EVENT = "event"
    PLACE = "place"
    TIME = "time"
    QUANTITY = "quantity"


@attrs.frozen
class Segment:
    """Words that carry the same marks.

    Attributes:
        words: what is shown.
        start, end: offsets in the original.
        marks: kinds of findings that cover it.
        anchors: names of passages that begin here.
    """

    words: str
    start: int
    end: int
    marks: tuple[Mark, ...] = ()
    anchors: tuple[str, ...] = ()


@attrs.frozen
class Paragraph:
    """Segments of one paragraph; `graphic` names the kinds of harm for which it is shielded."""

    segments: tuple[Segment, ...]
    graphic: tuple[str, ...] = ()


def marked_passages(reading: Reading) -> list[tuple[Span, Mark]]:
    """What is marked in a reading, and as what."""
    found = [(span, Mark.STATEMENT) for s in reading.statements for span in s.content]
    found += [(e.trigger, Mark.EVENT) for e in reading.events]
    found += [(m, Mark.PLACE) for e in reading.entities if e.type is EntityType.PLACE for m in e.mentions]
    found += [(t.passage, Mark.TIME) for t in reading.times]
    found += [(q.passage, Mark.QUANTITY) for q in reading.quantities]
    return found


def paragraphs(reading: Reading, shown: ProtectedText, *, further: Iterable[Span] = ()) -> tuple[Paragraph, ...]:
    """The text in paragraphs of marked segments.

    Args:
        reading: the document and its findings; every passage of it gets an anchor.
        shown: its protected text.
        further: passages that get an anchor too (claims that point into this document).
    """
    text = reading.document.text
    marks = marked_passages(reading)
    anchors: dict[int, set[Span]] = defaultdict(set)
    dated = reading.document.published.passage if reading.document.published else None
    for span in [*reading.passages(), *further, *([dated] if dated else [])]:
        anchors[span.start].add(span)
    edges = {0, len(text), *_paragraph_edges(text)}
    edges |= {e for spans in anchors.values() for span in spans for e in span} | {e for span, _ in marks for e in span}
    edges -= {e for swap in shown.swaps for e in range(swap.start + 1, swap.end)}  # a pseudonym is never cut
    segments = _segments(sorted(edges), shown, marks, {s: tuple(sorted(anchor(a) for a in v)) for s, v in anchors.items()})
    return _gathered(segments, frozenset(_paragraph_edges(text)))


def _paragraph_edges(text: str) -> list[int]:
    return [i + 1 for i, c in enumerate(text) if c == "\n"]


def _segments(edges: list[int], shown: ProtectedText, marks: list[tuple[Span, Mark]], anchors: dict[int, tuple[str, ...]]) -> list[Segment]:
    covered: dict[int, set[Mark]] = defaultdict(set)
    for span, mark in marks:
        for n in range(bisect_right(edges, span.start) - 1, bisect_left(edges, span.end)):
            covered[n].add(mark)
    named: dict[int, list[str]] = defaultdict(list)
    for start in sorted(anchors):
        named[bisect_right(edges, start) - 1] += anchors[start]
    return [
        Segment(shown.words(Span(start, end)), start, end, tuple(m for m in Mark if m in covered[n]), tuple(named[n]))
        for n, (start, end) in enumerate(pairwise(edges))
    ]


def _gathered(segments: Iterable[Segment], breaks: frozenset[int]) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    held: list[Segment] = []
    for segment in segments:
        held.append(segment)
        if segment.end in breaks:
            found.append(_paragraph(held))
            held = []
    if held:
        found.append(_paragraph(held))
    return tuple(p for p in found if p.segments)


def _paragraph(segments: list[Segment]) -> Paragraph:
    return Paragraph(tuple(segments), graphic_kinds("".join(s.words for s in segments)))

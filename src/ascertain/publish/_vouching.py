"""Who vouches: documents → who relays → origin, from left to right; copies of one text stacked as one sheet with a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from ascertain.publish._book import Book
from ascertain.publish._drawings import Drawing, Shape, group, line, rect, words
from ascertain.publish._words import AGAINST, ORIGINS, counted, sentence_case
from ascertain.records import Incident, Stance

WIDTH, ROW, HEIGHT, TOP = 860, 40, 28, 26
COLUMNS = ((0, 270), (330, 200), (590, 270))  # x and width of each column
K = TypeVar("K", bound=Hashable)
MOST = (36, 26, 36)  # characters of a label


@attrs.frozen
class Sheet:
    """Documents that carry one text, by id; `words` is what the sheet says."""

    documents: tuple[str, ...]
    words: str


@attrs.frozen
class Way:
    """From a sheet over a relay to an origin; `relay` None where the outlet speaks in its own voice."""

    sheet: Sheet
    relay: str | None
    origin: str
    denies: bool

    @property
    def middle(self) -> tuple[str, bool]:
        """The place of the middle column: the relay, or the origin's own voice."""
        return (self.relay, False) if self.relay is not None else (self.origin, True)


def ways_of(book: Book, incident: Incident) -> list[Way]:
    """How each origin's word came into the case."""
    sheets = _sheets(book, incident)
    denying = {c.origin for f in incident.facts for c in f.claims if c.stance in AGAINST}
    found: dict[tuple[tuple[str, ...], str | None, str], Way] = {}
    for origin in incident.origins:
        denies = origin.stance is Stance.DENIES or (origin.name in denying and not _vouches(incident, origin.name))
        for path in origin.documents:
            document = book.by_path.get(path)
            if document is None:
                continue
            sheet = sheets.get(document) or Sheet((document,), book.source(document))
            publisher = book.readings[document].document.publisher
            relay = None if publisher is None or publisher in {origin.name, *origin.also_called} else publisher
            found.setdefault((sheet.documents, relay, origin.name), Way(sheet, relay, origin.name, denies))
    return list(found.values())


def _vouches(incident: Incident, origin: str) -> bool:
    return any(c.origin == origin and c.stance not in AGAINST for f in incident.facts for c in f.claims)


def _sheets(book: Book, incident: Incident) -> dict[str, Sheet]:
    inside = {m.document for m in incident.mentions}
    found: dict[str, Sheet] = {}
    for copies in book.contents.findings.copies:
        documents = tuple(dict.fromkeys(d for p in copies.documents if (d := book.by_path.get(p)) in inside))
        if len(documents) > 1:
            sheet = Sheet(documents, f"{book.source(documents[0])} and {counted(len(documents) - 1, 'copy', 'copies')}")
            found.update(dict.fromkeys(documents, sheet))
    return found


def draw_vouching(book: Book, incident: Incident) -> Drawing | None:
    """The graph of an incident; None where nobody is known to vouch."""
    ways = ways_of(book, incident)
    if not ways:
        return None
    columns = _columns(ways)
    height = TOP + ROW * max(len(c) for c in columns) + 4
    places = [_rows(column, height) for column in columns]
    shapes = [words(x, 14, head, "d-small") for (x, _), head in zip(COLUMNS, ("Documents", "Relayed by", "Origin"), strict=True)]
    for way in ways:
        shapes += _edges(way, places)
    sheets = {w.sheet.documents: w.sheet for w in ways}
    shapes += [_sheet(book, sheets[s], y) for s, y in places[0].items()]
    shapes += [_own(y) if own else _box(1, y, book.words(name), "d-box") for (name, own), y in places[1].items()]
    kinds = {o.name: ORIGINS[o.kind] for o in incident.origins}
    shapes += [_box(2, y, book.words(o), "d-box d-origin", note=kinds[o]) for o, y in places[2].items()]
    origins = columns[2]
    documents = len({d for w in ways for d in w.sheet.documents})
    title = f"{sentence_case(counted(documents, 'document'))} resting on {counted(len(origins), 'origin')}"
    description = "From left to right: documents, who relays, who vouches. Copies of one text are one stack. Dashed lines are denials."
    return Drawing("vouching", title, description, WIDTH, height, tuple(shapes))


def _columns(ways: Sequence[Way]) -> tuple[list[Any], list[Any], list[Any]]:
    """Sheets, relays and origins, each column ordered by what stands left of it, so that few lines cross."""
    sheets = list(dict.fromkeys(w.sheet.documents for w in ways))
    relays = _by_middle([(w.middle, sheets.index(w.sheet.documents)) for w in ways])
    return sheets, relays, _by_middle([(w.origin, relays.index(w.middle)) for w in ways])


def _by_middle(pairs: Sequence[tuple[Any, int]]) -> list[Any]:
    ranks: dict[Any, list[int]] = defaultdict(list)
    for key, rank in pairs:
        ranks[key].append(rank)
    return sorted(ranks, key=lambda key: (sum(ranks[key]) / len(ranks[key]), str(key)))


def _rows(keys: Sequence[K], height: float) -> dict[K, float]:
    """Middles of the rows of a column, the column spread over the height."""
    step = (height - TOP) / max(1, len(keys))
    return {key: TOP + step * (n + 0.5) for n, key in enumerate(keys)}


def _edges(way: Way, places: Sequence[Mapping[Any, float]]) -> list[Shape]:
    kind = "d-edge d-denies" if way.denies else "d-edge"
    start, middle, end = places[0][way.sheet.documents], places[1][way.middle], places[2][way.origin]
    first = _curve((sum(COLUMNS[0]), start), (COLUMNS[1][0], middle), kind)
    last = _curve((sum(COLUMNS[1]), middle), (COLUMNS[2][0], end), kind)
    through = [line(COLUMNS[1][0], middle, sum(COLUMNS[1]), middle, kind)] if way.relay is None else []
    return [first, *through, last]


def _own(y: float) -> Shape:
    return words(COLUMNS[1][0] + COLUMNS[1][1] / 2, y - 5, "in its own voice", "d-small d-middle")


def _curve(start: tuple[float, float], end: tuple[float, float], kind: str) -> Shape:
    (x1, y1), (x2, y2) = start, end
    bend = (x2 - x1) / 2
    return Shape("path", {"d": f"M{x1} {y1:.1f}C{x1 + bend:.0f} {y1:.1f} {x2 - bend:.0f} {y2:.1f} {x2} {y2:.1f}", "class": kind})


def _box(column: int, y: float, text: str, kind: str, *, note: str | None = None) -> Shape:
    x, width = COLUMNS[column]
    full = f"{text}, {note}" if note else text
    return group([rect(x, y - HEIGHT / 2, width, HEIGHT, kind), words(x + 8, y + 4, text, "d-text", most=MOST[column])], title=full)


def _sheet(book: Book, sheet: Sheet, y: float) -> Shape:
    x, width = COLUMNS[0]
    stack = [rect(x + 6 - 3 * n, y - HEIGHT / 2 + 4 - 2 * n, width - 6, HEIGHT - 4, "d-box") for n in range(min(3, len(sheet.documents)))]
    label = words(x + 12, y + 4, sheet.words, "d-text", most=MOST[0])
    return group([*stack, label], title=sheet.words, href=book.document_href(sheet.documents[0]))

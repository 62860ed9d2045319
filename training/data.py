"""The training sets as windows with labels. Texts are read where they lie, pinned by digest, and never copied into the project."""

from __future__ import annotations

import hashlib
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from cases import rows, small_words
from net import KINDS as INCIDENTS
from net import NAMES, ROLES

from ascertain.models.encoder_pieces import WordPieces
from ascertain.models.encoder_text import WINDOW, Window, sentence_ends, windows

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.muc4 import with_cases

KINDS = {
    "person": "PER", "PER": "PER", "Person": "PER", "politician": "PER", "ORG": "ORG", "Organization": "ORG", "corporation": "ORG",
    "group": "ORG", "organisation": "ORG", "politicalparty": "ORG", "LOC": "LOC", "location": "LOC", "Location": "LOC",
    "Facility": "LOC", "country": "LOC", "GPE": "LOC", "FAC": "LOC", "NORP": "NORP",
}  # fmt: skip
Row = dict[str, Any]
NamedSpan = tuple[int, int, str]


@attrs.frozen(eq=False)
class Sample:
    """One window of one task.

    Attributes:
        names: tag of each piece; `whole` says whether peoples and religions (NORP) are marked as well.
        tags: tags of content, source and cue (three rows).
        links: for each cue its pieces, and masks of its content and its source.
        events: pieces of a trigger, and how sure it is that it happened (-3 to 3).
        scale: whose scale that is: 0 of news, 1 of everyday text.
        roles: tags of each of the six roles of incidents (six rows).
        kinds: for each sentence its pieces, and which kinds of incident it tells of.
    """

    task: str
    window: Window
    names: np.ndarray | None = None
    whole: bool = True
    tags: np.ndarray | None = None
    links: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...] = ()
    events: tuple[tuple[np.ndarray, float], ...] = ()
    scale: int = 0
    roles: np.ndarray | None = None
    kinds: tuple[tuple[np.ndarray, np.ndarray], ...] = ()


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def named(entities: Iterable[NamedSpan]) -> list[NamedSpan]:
    """A set's names under our four kinds."""
    return [(start, end, KINDS[kind]) for start, end, kind in entities if kind in KINDS]


def pieces_of(window: Window, start: int, end: int) -> np.ndarray:
    """Numbers of the pieces that a passage touches."""
    return np.flatnonzero((window.offsets[:, 0] < end) & (window.offsets[:, 1] > start))


def name_tags(window: Window, spans: Iterable[NamedSpan]) -> np.ndarray:
    """A tag for each piece; of overlapping names the longest wins."""
    tags = np.zeros(len(window), np.int64)
    for start, end, kind in sorted(spans, key=lambda s: s[0] - s[1]):
        at = pieces_of(window, start, end)
        if len(at) and not tags[at].any():
            tags[at] = NAMES.index("I-" + kind)
            tags[at[0]] = NAMES.index("B-" + kind)
    return tags


def joined(sets: list[Row], key: str, rooms: tuple[int, ...]) -> Iterator[Row]:
    """Sentences put together until a text has about as many characters as one of `rooms` (0: alone)."""
    place = 0
    while place < len(sets):
        text, found, room = sets[place]["text"], list(sets[place][key]), random.choice(rooms)
        place += 1
        while place < len(sets) and len(text) + len(sets[place]["text"]) < room:
            shift = len(text) + 1
            text += random.choice(" \n") + sets[place]["text"]
            found += [_shifted(item, shift) for item in sets[place][key]]
            place += 1
        yield {"text": text, key: found}


def _shifted(item: Any, shift: int) -> Any:
    if isinstance(item, dict):
        return {**item, "start": item["start"] + shift, "end": item["end"] + shift}
    return [item[0] + shift, item[1] + shift, *item[2:]]


def names(paths: Iterable[Path], cutter: WordPieces, *, sentences: bool) -> list[Sample]:
    """Names: of articles (with NORP), or of sets of single sentences (without)."""
    found = []
    for path in paths:
        sets = rows(path)
        if sentences:
            random.shuffle(sets)
            sets = list(joined(sets, "entities", (0, 0, 300, 700)))
        for row in sets:
            limit = WINDOW if sentences else random.choice((62, 126, WINDOW, WINDOW, WINDOW))
            for window in windows(row["text"], cutter, limit):
                found.append(Sample("names", window, names=name_tags(window, named(row["entities"])), whole=not sentences))
    return found


def attribution(path: Path, cutter: WordPieces) -> list[Sample]:
    """Who said what: cue, content and source of each attribution that has a cue and a content."""
    found = []
    for row in rows(path):
        quotes = [q for q in row["quotes"] if q["cue"] and q["content"]]
        quotes.sort(key=lambda q: q["content"][0][0] - q["content"][-1][1])
        for window in windows(row["text"], cutter, random.choice((WINDOW, WINDOW, 160))):  # edges fall elsewhere at each reading
            found.append(_attributed(window, quotes))
    return found


def _attributed(window: Window, quotes: list[Row]) -> Sample:
    low, high = int(window.offsets[0, 0]), int(window.offsets[-1, 1])
    tags, links = np.zeros((3, len(window)), np.int64), []
    for quote in quotes:
        first = min(quote["cue"][0][0], quote["content"][0][0])
        last = max(quote["cue"][-1][1], quote["content"][-1][1])
        if first >= high or last <= low:
            continue
        masks = []
        for row, role in enumerate(("content", "source", "cue")):
            mask = np.zeros(len(window), bool)
            begins = []
            for start, end in quote[role]:
                at = pieces_of(window, start, end)
                mask[at] = True
                begins += at[:1].tolist()
            if not tags[row][mask].any():
                tags[row][mask] = 2
                tags[row][begins] = 1
            masks.append(mask)
        if masks[2].any():
            links.append((np.flatnonzero(masks[2]), masks[0], masks[1]))
    return Sample("attribution", window, tags=tags, links=tuple(links))


def factuality(path: Path, cutter: WordPieces, *, articles: bool = False, scale: int = 0) -> list[Sample]:
    """Did it happen: sentences, half of them joined to longer texts."""
    sets = rows(path)
    found = []
    for row in sets if articles else joined(sets, "events", (0, 0, 300, 700)):
        for window in windows(row["text"], cutter):
            events = []
            for event in row["events"]:
                at, score = pieces_of(window, event["start"], event["end"]), _score(event)
                if len(at) and score is not None:
                    events.append((at, score))
            if events:
                found.append(Sample("factuality", window, events=tuple(events), scale=scale))
    return found


def _score(event: Row) -> float | None:
    """People's figure, or MEANTIME's certainty, polarity and time on the same scale."""
    if "score" in event:
        return float(event["score"])
    if event.get("certainty") not in {"CERTAIN", "POSSIBLE", "PROBABLE"}:
        return None
    future = event.get("time") == "FUTURE"
    size = {"CERTAIN": 1.5, "PROBABLE": 1.0, "POSSIBLE": 0.5} if future else {"CERTAIN": 3.0, "PROBABLE": 1.5, "POSSIBLE": 0.8}
    return (-1 if event.get("polarity") == "NEG" else 1) * size[event["certainty"]]


SLOTS = ("perp_ind_id", "perp_org_id", "phys_id", "hum_name", "hum_desc", "instr_id")  # in the order of ROLES


def incidents(path: Path, cutter: WordPieces) -> list[Sample]:
    """Roles and kinds of incidents in MUC-4's articles; two of three are given their cases back, since they are printed in capitals."""
    small = small_words(path.parent.parent)
    found = []
    for row in rows(path):
        flat = re.sub(r"(?<!\n)\n(?!\s*\n)", " ", row["text"])  # of the same length: printed line breaks end no sentence
        flat = with_cases(flat, small) if random.random() < 0.67 else flat
        spans = [span for template in row["templates"] for span in _fills(template, row["mentions"])]
        ends = sentence_ends(flat)
        for window in windows(flat, cutter, random.choice((WINDOW, WINDOW, 126))):
            found.append(_told(window, spans, ends))
    return found


def _fills(template: Row, mentions: dict[str, list[list[int]]]) -> Iterator[tuple[int, int, int, list[str]]]:
    """Every place where a template's fills are written: start, end, role, kinds of its incident."""
    named = [alt.lower() for fill in template["inc_type"] or [] for alt in fill["alts"]]
    kinds = [kind for kind in INCIDENTS if any(kind in name for name in named)]
    for role, slot in enumerate(SLOTS):
        for fill in template[slot] or []:
            for alt in fill["alts"]:
                for start, end in mentions.get(alt, []):
                    yield start, end, role, kinds


def _told(window: Window, spans: list[tuple[int, int, int, list[str]]], ends: list[int]) -> Sample:
    tags = np.zeros((len(ROLES), len(window)), np.int64)
    sentence = np.searchsorted(ends, window.offsets[:, 0], side="right")
    told: dict[int, np.ndarray] = {int(n): np.zeros(len(INCIDENTS), np.float32) for n in np.unique(sentence)}
    for start, end, role, kinds in sorted(spans, key=lambda s: s[0] - s[1]):
        at = pieces_of(window, start, end)
        if not len(at):
            continue
        if not tags[role][at].any():
            tags[role][at], tags[role][at[0]] = 2, 1
        for number in np.unique(sentence[at]):
            told[int(number)][[INCIDENTS.index(kind) for kind in kinds]] = 1
    return Sample("incidents", window, roles=tags, kinds=tuple((np.flatnonzero(sentence == n), label) for n, label in told.items()))

"""Who said what, from the encoder: each cue points at its content and its source.

A cue is found by its tag; link scores between the cue and every word of its window say which words it makes somebody responsible
for, and which words name that somebody. So contents may be split around the cue, nest, and share words.
"""

from __future__ import annotations

import math

import attrs
import numpy as np
from numpy.typing import NDArray

from ascertain.models.encoder import LINK, Figures, Marks
from ascertain.records import Span

CONTENT, SOURCE, CUE = 0, 1, 2
CONTENT_FROM, SOURCE_FROM = 0.6, 0.3  # scores from which a word surely belongs to the content, the source (PolNeAR dev)
CONTENT_GROWS, SOURCE_GROWS = 0.4, 0.2  # scores from which a word beside sure ones goes with them
CUE_BIAS = 0.0  # added to the score of "no cue"
SHIFT = 2.0  # training begins from rare links


@attrs.frozen
class Attribution:
    """A cue with its content and its source; `source` is None where no words name it."""

    cue: Span
    content: tuple[Span, ...]
    source: Span | None
    score: float


def attributions(text: str, marks: Marks) -> list[Attribution]:
    """All attributions of a text in the order of their cues."""
    found, seen = [], set()
    for cue in _cues(marks):
        made = _linked(text, marks, cue)
        if made is not None and made.content not in seen:
            seen.add(made.content)
            found.append(made)
    return found


def _cues(marks: Marks) -> list[NDArray[np.int64]]:
    """Runs of pieces that the tags call a cue, whole words."""
    scores = marks.tags[:, CUE].copy()
    scores[:, 0] += CUE_BIAS
    tags = scores.argmax(-1)
    runs: list[list[int]] = []
    for at in range(len(tags)):
        same_word = at > 0 and marks.words[at] == marks.words[at - 1]
        if same_word:
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            continue
        joins = runs and runs[-1][-1] == at - 1 and marks.windows[at] == marks.windows[at - 1]
        if tags[at] and joins:
            runs[-1].append(at)
        elif tags[at]:
            runs.append([at])
    return [np.array(run) for run in runs]


def _linked(text: str, marks: Marks, cue: NDArray[np.int64]) -> Attribution | None:
    window = np.flatnonzero(marks.windows == marks.windows[cue[0]])
    scores: Figures = np.einsum("rd,trd->rt", marks.ask[cue].mean(0), marks.answer[window]) / math.sqrt(LINK) - SHIFT
    chances = _by_word((1 / (1 + np.exp(-scores))).astype(np.float32), marks.words[window])
    content = _grown(chances[CONTENT], CONTENT_FROM, CONTENT_GROWS)
    source = _grown(chances[SOURCE], SOURCE_FROM, SOURCE_GROWS) & ~content
    spans = _runs(text, marks, window[content], gap=1)
    if not spans:
        return None
    sources = _runs(text, marks, window[source], gap=0)
    best = max(sources, key=lambda s: float(chances[SOURCE][_inside(marks, window, s)].sum()), default=None)
    where = Span(int(marks.offsets[cue[0], 0]), int(marks.offsets[cue[-1], 1]))
    return Attribution(where, tuple(spans), best, float(chances[CONTENT][content].mean()))


def _grown(chances: Figures, sure_from: float, grows: float) -> NDArray[np.bool_]:
    """Runs of likely words that hold at least one sure word."""
    likely, sure = chances > grows, chances > sure_from
    runs = np.cumsum(np.diff(likely, prepend=False) & likely)
    found: NDArray[np.bool_] = likely & np.isin(runs, np.unique(runs[sure & likely]))
    return found


def _by_word(chances: Figures, words: NDArray[np.int64]) -> Figures:
    """One figure a word: the mean of its pieces."""
    local = words - words[0]
    size = np.bincount(local)
    return np.stack([(np.bincount(local, row) / size)[local] for row in chances]).astype(np.float32)


def _inside(marks: Marks, window: NDArray[np.int64], span: Span) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (marks.offsets[window, 0] >= span.start) & (marks.offsets[window, 1] <= span.end)
    return inside


def _runs(text: str, marks: Marks, pieces: NDArray[np.int64], *, gap: int) -> list[Span]:
    """Unbroken runs of pieces as passages; up to `gap` pieces may lie between."""
    runs: list[list[int]] = []
    for at in pieces.tolist():
        if runs and at - runs[-1][1] <= 1 + gap:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    spans = [Span(int(marks.offsets[first, 0]), int(marks.offsets[last, 1])) for first, last in runs]
    return [s for s in spans if any(c.isalnum() for c in text[s.start : s.end])]

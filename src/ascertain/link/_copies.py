"""Copies: texts that carry the same words, whole, cut down, or lightly reworded.

Candidates come from an inverted index of runs of five words, judged by exact containment: hashing for Jaccard similarity misses
reprints cut to a quarter by construction (decision 0003). Lines that stand in many documents are dropped first: most pairs of
high containment in the wild share nothing but them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import attrs

from ascertain.records import CopyGroup, Document, Reading

WORD = re.compile(r"\w+")
LONG, SHORT = 5, 3  # words in a run
REPEATED_LINE = 4  # a line in so many documents is furniture
LINE_CHARACTERS, FURNITURE_CHARACTERS = 15, 200
CREDIT_CHARACTERS = 300  # a credit stands in the first lines
WORDS_APART = 20  # texts that differ by fewer words are equally full
LEAST_WORDS = 40  # a shorter text is a stub: its runs prove nothing
COMMON_RUN = 40  # a run in more documents than this finds no candidates
COPY_CONTAINMENT = 0.5  # of the shorter text's runs of five: a copy
LOOK_CONTAINMENT = 0.04  # from here on a pair is looked at sentence by sentence
REWORDED_CONTAINMENT = 0.25  # of runs of three, together with aligned sentences: a light rewrite
ALIGNED_SENTENCES = 0.6  # share of the shorter text's sentences with a close counterpart
FREELY_REWORDED, NEARLY_ALL, SAME_LENGTH = 0.12, 0.9, 0.8  # fewer runs are enough where nearly all sentences have one, at the same length
CLOSE_SENTENCE = 0.5  # share of content words of the shorter sentence
SIMILAR_LENGTH = 0.45  # a light rewrite keeps the length, roughly


@attrs.frozen
class _Text:
    document: Document
    words: tuple[str, ...]
    long_runs: frozenset[int]
    short_runs: frozenset[int]
    sentences: tuple[frozenset[str], ...]


def find_copies(readings: Sequence[Reading]) -> tuple[CopyGroup, ...]:
    """Groups of documents that carry one text, with a reason for each pair, in order of path."""
    documents = sorted((r.document for r in readings), key=lambda d: (d.path, d.id))
    repeated = _repeated_lines(documents)
    texts = [_text(d, repeated) for d in documents]
    joined: list[tuple[int, int, str]] = []
    for (one, other), shared in sorted(_candidates(texts).items()):
        reason = _judge(texts[one], texts[other], shared)
        if reason is not None:
            joined.append((one, other, reason))
    return _groups(texts, joined)


def _repeated_lines(documents: Sequence[Document]) -> set[str]:
    """Lines that stand in several documents beside other lines each time: log-in boxes, copyright; a reprint's lines keep their neighbours."""
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for document in documents:
        lines = [line.strip() for line in document.text.split("\n") if line.strip()]
        for number, line in enumerate(lines):
            if LINE_CHARACTERS < len(line) < FURNITURE_CHARACTERS:
                seen[line].add((lines[number - 1] if number else "", lines[number + 1] if number + 1 < len(lines) else ""))
    return {line for line, beside in seen.items() if len(beside) >= REPEATED_LINE}


def _text(document: Document, repeated: set[str]) -> _Text:
    lines = [line for line in document.text.split("\n") if line.strip() not in repeated]
    body = "\n".join(lines)
    words = tuple(w.casefold() for w in WORD.findall(body))
    sentences = tuple(frozenset(w.casefold() for w in WORD.findall(s) if len(w) > 3) for s in re.split(r"(?<=[.!?”\"])\s+|\n", body))
    return _Text(document, words, _runs(words, LONG), _runs(words, SHORT), tuple(s for s in sentences if len(s) >= 4))


def _runs(words: Sequence[str], length: int) -> frozenset[int]:
    import zlib

    return frozenset(zlib.crc32(" ".join(words[i : i + length]).encode()) for i in range(len(words) - length + 1))


def _candidates(texts: Sequence[_Text]) -> dict[tuple[int, int], int]:
    """Pairs that share runs of five words, with how many."""
    index: dict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        if len(text.words) >= LEAST_WORDS:
            for run in text.long_runs:
                index[run].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for holders in index.values():
        if 1 < len(holders) <= COMMON_RUN:
            for place, one in enumerate(holders):
                for other in holders[place + 1 :]:
                    shared[one, other] += 1
    return {
        pair: count for pair, count in shared.items()
        if count >= LOOK_CONTAINMENT * min(len(texts[pair[0]].long_runs), len(texts[pair[1]].long_runs))
    }  # fmt: skip


def _judge(one: _Text, other: _Text, shared: int) -> str | None:
    """Why two texts are copies; None where they are not."""
    shorter, longer = sorted((one, other), key=lambda t: len(t.words))
    containment = shared / max(1, len(shorter.long_runs))
    names = f"{shorter.document.path} and {longer.document.path}"
    if containment >= COPY_CONTAINMENT:
        return f"{names}: {containment:.0%} of the shorter text's runs of five words stand in the other"
    runs = len(shorter.short_runs & longer.short_runs) / max(1, len(shorter.short_runs))
    length = len(shorter.words) / len(longer.words)
    if runs < FREELY_REWORDED or length < SIMILAR_LENGTH:
        return None
    aligned = _aligned(shorter, longer)
    freely = length >= SAME_LENGTH and aligned >= NEARLY_ALL
    if freely or (runs >= REWORDED_CONTAINMENT and aligned >= ALIGNED_SENTENCES):
        return f"{names}: {aligned:.0%} of the shorter text's sentences stand in the other, lightly reworded"
    return None


def _aligned(shorter: _Text, longer: _Text) -> float:
    """Share of sentences with a close counterpart."""
    if not shorter.sentences:
        return 0.0
    close = 0
    for sentence in shorter.sentences:
        best = max((len(sentence & other) / min(len(sentence), len(other)) for other in longer.sentences), default=0.0)
        close += best >= CLOSE_SENTENCE
    return close / len(shorter.sentences)


def _groups(texts: Sequence[_Text], joined: Sequence[tuple[int, int, str]]) -> tuple[CopyGroup, ...]:
    parent = list(range(len(texts)))

    def root(number: int) -> int:
        while parent[number] != number:
            number = parent[number]
        return number

    for one, other, _ in joined:
        parent[max(root(one), root(other))] = min(root(one), root(other))
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(texts)):
        groups[root(number)].append(number)
    made = []
    for members in groups.values():
        if len(members) > 1:
            reasons = tuple(reason for one, _, reason in joined if one in members)
            made.append(CopyGroup(tuple(texts[m].document.path for m in members), reasons, _fullest([texts[m] for m in members])))
    return tuple(made)


def _fullest(texts: Sequence[_Text]) -> str:
    """The one that is heard for all: whom the others credit, then the one with the most words, the earliest, the first by id."""

    def rank(text: _Text) -> tuple[int, int, str, str]:
        own = text.document.publisher or ""
        credited = sum(bool(own) and own in t.document.text[:CREDIT_CHARACTERS] for t in texts if t.document.publisher != own)
        published = text.document.published.value if text.document.published else "9999"
        return -credited, -(len(text.words) // WORDS_APART), published, text.document.id

    return min(texts, key=rank).document.path

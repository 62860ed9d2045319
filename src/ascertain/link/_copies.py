"""Copies: texts that carry the same words, whole, cut down, or lightly reworded.

Candidates come from an inverted index of runs of five words, judged by exact containment: hashing for Jaccard similarity misses
reprints cut to a quarter by construction (decision 0003). Lines that stand in many documents are dropped first: most pairs of
high containment in the wild share nothing but them.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from ascertain.records import CopyGroup, Document, Reading, shelved

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORD = re.compile(r"\w+")
LONG, SHORT = 5, 3  # words in a run
REPEATED_LINE = 4  # a line in so many documents is furniture
LINE_CHARACTERS, FURNITURE_CHARACTERS = 15, 200
CREDIT_CHARACTERS = 300  # a credit stands in the first lines
WORDS_APART = 20  # texts that differ by fewer words are equally full
KEPT = 2048  # texts whose parts are kept while pairs are judged
PARTS = 16  # the index is made and dropped in so many parts, so that it is never in memory as a whole
LEAST_WORDS = 40  # a shorter text is a stub: its runs prove nothing
COMMON_RUN = 40  # a run in more documents than this finds no candidates
COPY_CONTAINMENT = 0.5  # of the shorter text's runs of five: a copy
LOOK_CONTAINMENT = 0.04  # from here on a pair is looked at sentence by sentence
REWORDED_CONTAINMENT = 0.12  # of runs of three, together with aligned sentences: a light rewrite
ALIGNED_SENTENCES, ALIGNED_BACK = 0.8, 0.6  # share of the shorter text's sentences with a close counterpart, and of the longer's
CLOSE_SENTENCE = 0.5  # share of content words of the shorter sentence
SIMILAR_LENGTH = 0.8  # a light rewrite keeps the length, roughly
# A light rewrite that is cut too: runs of three, sentences with a counterpart, their least number, share in the same order. Checked
# on the pairs of thirteen corpora: no text that is no copy came above 0.18 of runs with half of its sentences aligned.
CUT_CONTAINMENT, CUT_ALIGNED, LEAST_ALIGNED, CUT_IN_ORDER = 0.25, 0.7, 4, 0.9
CUT_WORDS = 100  # fewer words prove nothing of it
CUT_LENGTH, CUT_KEPT = 0.5, 0.4  # share of the longer text's words and sentences: a short notice on a long report is no copy of it


@attrs.frozen
class _Text:
    """A document: how many words it has without repeated lines, and its distinct runs of five words, hashed and sorted."""

    number: int
    path: str
    length: int
    runs: NDArray[np.uint32]


@attrs.frozen
class _Parts:
    """What a closer look at a document needs: its distinct runs of three words, and the content words of its sentences."""

    runs: NDArray[np.uint32]
    sentences: list[frozenset[str]]


def find_copies(readings: Sequence[Reading]) -> tuple[CopyGroup, ...]:
    """Groups of documents that carry one text, with a reason for each pair, in order of path."""
    shelf = shelved(readings)
    order = sorted(range(len(shelf)), key=lambda n: (shelf.paths[n], shelf.ids[n]))
    repeated = _repeated_lines(reading.document for reading in shelf)
    made = {number: _text(number, reading.document, repeated) for number, reading in enumerate(shelf)}
    texts = [made[number] for number in order]
    joined: list[tuple[int, int, str]] = []
    parts = lru_cache(maxsize=KEPT)(lambda number: _parts(_body(shelf[number].document, repeated)))  # a text stands in many pairs
    for (one, other), shared in _candidates(texts):
        reason = _judge(texts[one], texts[other], shared, parts)
        if reason is not None:
            joined.append((one, other, reason))
    return _groups(texts, joined, lambda text: shelf[text.number].document)


def _repeated_lines(documents: Iterable[Document]) -> set[int]:
    """Lines that stand in several documents whose longest paragraphs differ: log-in boxes, copyright; reprints of one text share theirs."""
    first: dict[int, int] = {}  # by the line's hash; most lines stand in one document only
    more: dict[int, set[int]] = {}
    for document in documents:
        lines = {line.strip() for line in document.text.split("\n")}
        longest = zlib.crc32(max(lines, key=lambda line: (len(line), line)).encode())
        for line in lines:
            if LINE_CHARACTERS < len(line) < FURNITURE_CHARACTERS:
                key = _hash(line)
                if first.setdefault(key, longest) != longest:
                    more.setdefault(key, {first[key]}).add(longest)
    return {line for line, longest in more.items() if len(longest) >= REPEATED_LINE}


def _hash(line: str) -> int:
    """The same on every machine, and long enough that two lines of a case never share one."""
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=8).digest())


def _text(number: int, document: Document, repeated: set[int]) -> _Text:
    words = _words(_body(document, repeated))
    return _Text(number, document.path, len(words), _runs(words, LONG))


def _body(document: Document, repeated: set[int]) -> str:
    """A document's text without the lines that many share."""
    return "\n".join(line for line in document.text.split("\n") if _hash(line.strip()) not in repeated)


def _words(body: str) -> list[str]:
    return [w.casefold() for w in WORD.findall(body)]


def _runs(words: Sequence[str], length: int) -> NDArray[np.uint32]:
    import numpy as np

    found = [zlib.crc32(" ".join(words[i : i + length]).encode()) for i in range(len(words) - length + 1)]
    return np.unique(np.array(found, np.uint32))


def _candidates(texts: Sequence[_Text]) -> list[tuple[tuple[int, int], int]]:
    """Pairs that share enough runs of five words, with how many; by sorting all runs, so that time and memory grow with their number."""
    import numpy as np

    holders = [n for n, text in enumerate(texts) if text.length >= LEAST_WORDS]
    if not holders:
        return []
    edges = np.linspace(0, 2**32, PARTS + 1).astype(np.uint64)
    counted = [_shared(texts, holders, low, high) for low, high in pairwise(edges)]
    pairs, where = np.unique(np.concatenate([pairs for pairs, _ in counted]), return_inverse=True)
    counts = np.bincount(where, np.concatenate([count for _, count in counted]), minlength=len(pairs)).astype(np.int64)
    sizes = np.array([len(text.runs) for text in texts], np.int64)
    least = np.minimum(sizes[pairs // len(texts)], sizes[pairs % len(texts)])
    enough = counts >= LOOK_CONTAINMENT * least
    return [(divmod(pair, len(texts)), count) for pair, count in zip(pairs[enough].tolist(), counts[enough].tolist(), strict=True)]


def _shared(texts: Sequence[_Text], holders: Sequence[int], low: Any, high: Any) -> tuple[Any, Any]:
    """The pairs, each as one number, that share runs with hashes from `low` up to `high`, and how many runs each shares."""
    import numpy as np

    parts = [runs[np.searchsorted(runs, low) : np.searchsorted(runs, high)] for runs in (texts[n].runs for n in holders)]
    runs = np.concatenate(parts)
    owners = np.repeat(np.array(holders, np.int64), [len(part) for part in parts])
    order = np.lexsort((owners, runs))
    runs, owners = runs[order], owners[order]
    starts = np.flatnonzero(np.r_[True, runs[1:] != runs[:-1]]) if len(runs) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(runs)])
    keys = [_keys(owners, starts[sizes == size], size, len(texts)) for size in range(2, COMMON_RUN + 1)]
    return np.unique(np.concatenate(keys), return_counts=True)


def _keys(owners: Any, starts: Any, size: int, total: int) -> Any:
    """The pairs within runs that `size` texts hold, each as one number."""
    import numpy as np

    held = owners[starts[:, None] + np.arange(size)] if len(starts) else np.empty((0, size), np.int64)
    one, other = np.triu_indices(size, 1)
    return (held[:, one] * total + held[:, other]).ravel()


def _parts(body: str) -> _Parts:
    return _Parts(_runs(_words(body), SHORT), _sentences(body))


def _judge(one: _Text, other: _Text, shared: int, parts: Callable[[int], _Parts]) -> str | None:
    """Why two texts are copies; None where they are not."""
    import numpy as np

    shorter, longer = sorted((one, other), key=lambda t: t.length)
    containment = shared / max(1, len(shorter.runs))
    names = f"{shorter.path} and {longer.path}"
    if containment >= COPY_CONTAINMENT:
        return f"{names}: {containment:.0%} of the shorter text's runs of five words stand in the other"
    first, second = parts(shorter.number), parts(longer.number)
    runs = len(np.intersect1d(first.runs, second.runs, assume_unique=True)) / max(1, len(first.runs))
    length = shorter.length / longer.length
    if runs < REWORDED_CONTAINMENT:
        return None
    there, back = _aligned(first.sentences, second.sentences), _aligned(second.sentences, first.sentences)
    aligned = sum(place is not None for place in there) / max(1, len(there))
    if length >= SIMILAR_LENGTH and aligned >= ALIGNED_SENTENCES and sum(p is not None for p in back) >= ALIGNED_BACK * len(back):
        return f"{names}: {aligned:.0%} of the shorter text's sentences stand in the other, lightly reworded"
    kept = sum(p is not None for p in back) / max(1, len(back))
    enough = shorter.length >= CUT_WORDS and length >= CUT_LENGTH and kept >= CUT_KEPT
    if enough and runs >= CUT_CONTAINMENT and aligned >= CUT_ALIGNED and _in_order(there):
        return f"{names}: {aligned:.0%} of the shorter text's sentences stand in the other in the same order, lightly reworded; the rest is cut"
    return None


def _sentences(body: str) -> list[frozenset[str]]:
    """The content words of each sentence that has enough of them."""
    parts = re.split(r"(?<=[.!?”\"])\s+|\n", body)
    found = [frozenset(w.casefold() for w in WORD.findall(part) if len(w) > 3) for part in parts]
    return [words for words in found if len(words) >= 4]


def _aligned(shorter: Sequence[frozenset[str]], longer: Sequence[frozenset[str]]) -> list[int | None]:
    """For each sentence the number of its close counterpart; None where it has none."""
    found: list[int | None] = []
    for sentence in shorter:
        best = max(((len(sentence & other) / min(len(sentence), len(other)), -n) for n, other in enumerate(longer)), default=(0.0, 0))
        found.append(-best[1] if best[0] >= CLOSE_SENTENCE else None)
    return found


def _in_order(places: Sequence[int | None]) -> bool:
    """Whether enough counterparts stand in the order of the sentences: who retells tells in an order of their own."""
    known = [place for place in places if place is not None]
    kept = sum(one <= other for one, other in pairwise(known))
    return len(known) >= LEAST_ALIGNED and kept >= CUT_IN_ORDER * (len(known) - 1)


def _groups(texts: Sequence[_Text], joined: Sequence[tuple[int, int, str]], document: Callable[[_Text], Document]) -> tuple[CopyGroup, ...]:
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
    why: dict[int, list[str]] = defaultdict(list)
    for one, _, reason in joined:
        why[root(one)].append(reason)
    made = []
    for home, members in groups.items():
        if len(members) > 1:
            reasons = tuple(why[home])
            made.append(
                CopyGroup(tuple(texts[m].path for m in members), reasons, _fullest([(texts[m], document(texts[m])) for m in members]))
            )
    return tuple(made)


def _fullest(texts: Sequence[tuple[_Text, Document]]) -> str:
    """The one that is heard for all: whom the others credit, then the one with the most words, the earliest, the first by id."""

    def rank(item: tuple[_Text, Document]) -> tuple[int, int, str, str]:
        text, document = item
        own = document.publisher or ""
        credited = sum(bool(own) and own in other.text[:CREDIT_CHARACTERS] for _, other in texts if other.publisher != own)
        return -credited, -(text.length // WORDS_APART), document.published.value if document.published else "9999", document.id

    return min(texts, key=rank)[1].path

"""Event mentions over articles: which of them tell of one event, where the mentions themselves are given.

Articles are first grouped by their words (two look-alike stories must stay apart: telling them apart is the task), then the mentions of a
group are compared by head, words beside them, and names, numbers and places of their sentence. Chances come from packaged trees.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import attrs

from ascertain.link._clusters import average_link
from ascertain.link._trees import chances, weights

GROUP_THRESHOLD = 0.13  # average cosine from which articles are one group (the trial: 0.04 to 0.13 are alike)
WINDOW = 60  # characters on each side of a mention
LIGHT = frozenset(
    [
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "being",
        "am",
        "have",
        "has",
        "had",
        "having",
        "do",
        "does",
        "did",
        "will",
        "would",
        "could",
        "should",
        "may",
        "might",
        "can",
        "the",
        "a",
        "an",
        "to",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "and",
        "or",
        "not",
        "into",
        "up",
        "off",
        "out",
        "down",
        "over",
        "his",
        "her",
        "its",
        "their",
        "that",
        "which",
        "who",
    ]  # reads better
)
IRREGULAR = {
    "shot": "shoot", "shooting": "shoot", "died": "die", "dead": "die", "death": "die", "deaths": "die", "dying": "die", "killing": "kill", "killer": "kill",
    "murder": "kill", "murdered": "kill", "slain": "kill", "slaying": "kill", "struck": "strike", "bought": "buy", "sold": "sell", "sale": "sell", "said": "say",
    "told": "tell", "won": "win", "winning": "win", "winner": "win", "lost": "lose", "loss": "lose", "found": "find", "held": "hold", "left": "leave", "went": "go", "gone": "go",
    "came": "come", "took": "take", "taken": "take", "gave": "give", "given": "give", "made": "make", "ran": "run", "fell": "fall", "fallen": "fall",
    "began": "begin", "begun": "begin", "broke": "break", "broken": "break", "caught": "catch", "fought": "fight", "fled": "flee", "stole": "steal", "stolen": "steal",
    "theft": "steal", "paid": "pay", "payment": "pay", "led": "lead", "hit": "hit", "quake": "earthquake", "temblor": "earthquake", "blaze": "fire", "acquisition": "acquire",
    "purchase": "buy", "announcement": "announce", "arrests": "arrest", "sentencing": "sentence", "conviction": "convict", "nomination": "nominate",
    "injury": "injure", "injuries": "injure", "explosion": "explode", "blast": "explode", "escape": "escape", "departure": "leave",
}  # fmt: skip
SUFFIXES = ("ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ers", "er", "ies", "ied", "es", "ed", "s", "e")
FEATURES = (
    "head_equal", "surface_equal", "letters", "known_pair", "articles", "same_article", "same_sentence", "sentence", "left", "right", "capitals", "capitals_rare",
    "numbers", "head_common", "head_other", "place", "length",
)  # fmt: skip


@attrs.frozen
class EventMention:
    """A mention with what stands around it."""

    id: str
    document: int
    sentence: int
    surface: str
    head: str
    words: frozenset[str]
    left: frozenset[str]
    right: frozenset[str]
    capitals: frozenset[str]
    numbers: frozenset[str]
    position: float


def stem(word: str) -> str:
    """A word without its ending; irregular forms and nouns of events by a short list."""
    low = word.casefold()
    if low in IRREGULAR:
        return IRREGULAR[low]
    for suffix in SUFFIXES:
        if low.endswith(suffix) and len(low) - len(suffix) >= 3:
            cut = low[: -len(suffix)]
            return IRREGULAR.get(cut, cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "ls" else cut)
    return low


def head_of(surface: str) -> str:
    """The stem of the first word that is no auxiliary, article or preposition."""
    words = re.findall(r"[\w'-]+", surface)
    telling = next((w for w in words if w.casefold() not in LIGHT), words[0] if words else surface)
    return stem(telling)


def mentions_of(documents: Sequence[Mapping[str, Any]]) -> list[EventMention]:
    """The event mentions of some articles (rows with `text`, `sents`, `mentions`)."""
    return [
        _mention(number, document, mention)
        for number, document in enumerate(documents)
        for mention in document["mentions"]
        if mention["kind"] == "event"
    ]


def _mention(number: int, document: Mapping[str, Any], mention: Mapping[str, Any]) -> EventMention:
    text, start, end = document["text"], mention["spans"][0][0], mention["spans"][-1][1]
    at, sentence = next(
        ((n, s) for n, s in enumerate(document["sents"]) if s["start"] <= start < s["end"]), (0, {"start": 0, "end": len(text)})
    )
    around = text[sentence["start"] : sentence["end"]]
    return EventMention(
        id=mention["id"], document=number, sentence=at, surface=mention["surface"].casefold(), head=head_of(mention["surface"]),
        words=_content(around), left=_content(text[max(sentence["start"], start - WINDOW) : start]), right=_content(text[end : min(sentence["end"], end + WINDOW)]),
        capitals=frozenset(re.findall(r"\b[A-Z][\w'-]+", around[1:])), numbers=frozenset(re.findall(r"\d[\d.,]*", around)),
        position=start / max(1, len(text)),
    )  # fmt: skip


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in re.findall(r"[^\W\d_]{3,}", text) if w.casefold() not in LIGHT)


# --- articles into groups


def group_articles(texts: Sequence[str]) -> tuple[list[list[int]], Mapping[tuple[int, int], float]]:
    """Groups of articles on one story by average link over the cosines of their terms; and the cosines."""
    counts = [Counter(stem(w) for w in re.findall(r"[^\W\d_]{3,}", text) if w.casefold() not in LIGHT) for text in texts]
    frequency = Counter(term for c in counts for term in c)
    rarity = {term: math.log(len(texts) / n) + 0.1 for term, n in frequency.items()}
    vectors = []
    for count in counts:
        raw = {t: (1 + math.log(n)) * rarity[t] for t, n in count.items()}
        length = math.sqrt(sum(w * w for w in raw.values())) or 1.0
        vectors.append({t: w / length for t, w in raw.items()})
    cosines = {(a, b): _dot(vectors[a], vectors[b]) for a, b in combinations(range(len(texts)), 2)}
    return average_link(len(texts), cosines, threshold=GROUP_THRESHOLD, cap=1.0), cosines


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    short, long = sorted((one, other), key=len)
    return sum(w * long[t] for t, w in short.items() if t in long)


# --- pairs of mentions


def pairs_of(mentions: Sequence[EventMention], groups: Iterable[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs of mentions whose articles are in one group."""
    home = {article: n for n, group in enumerate(groups) for article in group}
    held: dict[int, list[int]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        held[home[mention.document]].append(number)
    return [pair for members in held.values() for pair in combinations(members, 2)]


class Comparer:
    """Compares mentions; knows how rare words, capitals and heads are among the articles, and which heads go together."""

    def __init__(self, mentions: Sequence[EventMention], cosines: Mapping[tuple[int, int], float], known: Mapping[str, float]) -> None:
        self._mentions, self._cosines, self._known = mentions, cosines, known
        total = len({m.document for m in mentions}) or 1
        words = Counter(w for m in mentions for w in m.words)
        capitals = Counter(c for m in mentions for c in m.capitals)
        heads = Counter(m.head for m in mentions)
        self._words = {w: math.log(1 + len(mentions) / n) for w, n in words.items()}
        self._capitals = {c: math.log(1 + len(mentions) / n) for c, n in capitals.items()}
        self._heads = {h: n / total for h, n in heads.items()}

    def figures(self, pair: tuple[int, int]) -> list[float]:
        """The figures of a pair, in the order of `FEATURES`."""
        one, other = (self._mentions[n] for n in pair)
        articles = (
            1.0 if one.document == other.document else self._cosines[min(one.document, other.document), max(one.document, other.document)]
        )
        shared = one.capitals & other.capitals
        heads = sorted((self._heads[one.head], self._heads[other.head]))
        return [
            float(one.head == other.head), float(one.surface == other.surface), _letters(one.head, other.head),
            self._known.get("|".join(sorted((one.head, other.head))), 0.0), articles, float(one.document == other.document),
            float(one.document == other.document and one.sentence == other.sentence), self._overlap(one.words, other.words),
            self._overlap(one.left, other.left), self._overlap(one.right, other.right), float(len(shared)), sum(self._capitals[c] for c in shared),
            float(len(one.numbers & other.numbers)), *heads, abs(one.position - other.position), float(min(len(one.words), len(other.words))),
        ]  # fmt: skip

    def _overlap(self, one: frozenset[str], other: frozenset[str]) -> float:
        shared = sum(self._words.get(w, 1.0) for w in one & other)
        every = sum(self._words.get(w, 1.0) for w in one | other)
        return shared / every if every else 0.0


def _letters(one: str, other: str) -> float:
    first, second = ({f" {w} "[i : i + 3] for i in range(len(w))} for w in (one, other))
    return len(first & second) / max(1, len(first | second))


def link_mentions(documents: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Chains of event mentions: for each mention's id the number of its chain."""
    import numpy as np

    ordered = sorted(documents, key=lambda d: str(d["doc"]))
    mentions = mentions_of(ordered)
    groups, cosines = group_articles([d["text"] for d in ordered])
    pairs = pairs_of(mentions, groups)
    model = weights("mentions")
    comparer = Comparer(mentions, cosines, model["known"])
    chance = chances(model, np.array([comparer.figures(p) for p in pairs])) if pairs else []
    chains = average_link(len(mentions), {p: float(c) for p, c in zip(pairs, chance, strict=True)}, threshold=model["threshold"], cap=1.0)
    return {mentions[n].id: number for number, chain in enumerate(chains) for n in chain}

"""Figures of linking: articles to incidents and their counts, events over articles, copies. Adapters for quality.py."""

from __future__ import annotations

import gzip
import importlib.util
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from ascertain.link import article_of, find_copies, incident_counts, link_articles, link_mentions
from ascertain.records import Dated, Document, Reading

Figures = dict[str, float]
COPIED, POOL = 200, 1500  # articles that are altered, and all among which they are looked for
FILLERS = (
    "also", "however", "early", "late", "many", "some", "another", "certain", "recent", "various", "local", "former", "main", "likely",
)  # fmt: skip


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """JSON Lines, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def scorer(score: Path, name: str) -> Any:
    """A scorer's module."""
    import sys

    sys.path.insert(0, str(score))
    try:
        spec = importlib.util.spec_from_file_location(name, score / f"{name}.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(score / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def shootings(gold: Path, score: Path) -> Figures:
    """gva_incidents: articles linked to incidents, and killed and injured on the gold groups."""
    documents = list(rows_of(gold))
    groups = link_articles([article_of(d) for d in documents])
    linked = scorer(score, "coref").evaluate(documents, [{"id": a, "chain": str(n)} for n, g in enumerate(groups) for a in g.articles])
    incidents = gold.with_name(gold.name.replace(".docs.", ".incidents."))
    by_incident: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: (d["date"], d["doc"])):
        by_incident[document["incident"]].append(document)
    told = []
    for members in by_incident.values():
        killed, injured = incident_counts([(d["title"], d["text"]) for d in members])
        told.append({"docs": [d["doc"] for d in members], "killed": killed, "injured": injured})
    counts = scorer(score, "counts").evaluate(documents, list(rows_of(incidents)), told)
    return {
        "CoNLL": round(100 * linked["CoNLL"], 1), "B-cubed": round(100 * linked["B3"][2], 1), "LEA": round(100 * linked["LEA"][2], 1),
        "killed exact, gold groups": round(counts["killed"]["exact"]["f1"], 1),
        "injured exact, gold groups": round(counts["injured"]["exact"]["f1"], 1),
    }  # fmt: skip


def events(gold: Path, score: Path) -> Figures:
    """ECB+: event mentions over articles, gold mentions, topics not given, without singletons."""
    documents = list(rows_of(gold))
    chains = link_mentions(documents)
    named = [{"id": mention, "chain": str(chain)} for mention, chain in chains.items()]
    coref = scorer(score, "coref")
    return {
        "CoNLL without singletons": round(100 * coref.evaluate(documents, named, drop_singletons=True)["CoNLL"], 1),
        "CoNLL": round(100 * coref.evaluate(documents, named)["CoNLL"], 1),
    }


def news(gold: Path, score: Path) -> Figures:
    """newscluster: articles of one event, B-cubed."""
    documents = [
        {"doc": row["id"], "incident": row["event"], "title": row["title"] or "", "text": row["text"], "date": (row["date"] or "2017-01-01")[:10], "url": row["url"]}
        for row in rows_of(gold)
    ]  # fmt: skip
    groups = link_articles([article_of(d) for d in documents])
    linked = scorer(score, "coref").evaluate(documents, [{"id": a, "chain": str(n)} for n, g in enumerate(groups) for a in g.articles])
    copies = find_copies([_reading(d["doc"], d["text"], d["date"]) for d in documents])
    found = {frozenset(p) for c in copies for p in combinations(c.documents, 2)}
    true = {frozenset((a["doc"], b["doc"])) for a, b in combinations(documents, 2) if _is_copy(a["text"], b["text"])}
    return {
        "same event, B-cubed": round(100 * linked["B3"][2], 1), "same event, CoNLL": round(100 * linked["CoNLL"], 1),
        "copies, F1 of pairs": round(200 * len(found & true) / max(1, len(found) + len(true)), 1),
    }  # fmt: skip


def _is_copy(one: str, other: str) -> bool:
    """Over half of the shorter text's runs of five words, sentences of the site left out; at least sixty words."""
    first, second = (_runs(text) for text in (one, other))
    short = min(len(first), len(second))
    return short >= 60 and len(first & second) / short >= 0.5


def _runs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}


def copies(gold: Path, score: Path) -> Figures:
    """Articles kept to a part, or with words changed, looked for among all others: the lowest recall and precision of all rows."""
    del score
    draw = random.Random(1)
    pool = draw.sample(sorted({d["text"] for d in rows_of(gold) if len(d["text"]) > 1500}), POOL)
    figures: Figures = {}
    for kept, changed in ((0.25, 0.0), (0.4, 0.0), (0.6, 0.0), (1.0, 0.1), (1.0, 0.2)):
        recall, precision = _found(pool, [altered(text, kept=kept, changed=changed, draw=draw) for text in pool[:COPIED]])
        name = f"kept {kept:.0%}" if changed == 0.0 else f"changed {changed:.0%}"
        figures |= {f"{name}, recall": recall, f"{name}, precision": precision}
    return figures


def _found(pool: Sequence[str], made: Sequence[str]) -> tuple[float, float]:
    """Recall and precision of the pairs (original, copy) in percent; pairs that are alike without us are left out."""
    texts = [*pool, *made]
    readings = [_reading(f"{n:05}", text, "2016-01-01") for n, text in enumerate(texts)]
    pairs = {tuple(sorted(map(int, p))) for g in find_copies(readings) for p in combinations(g.documents, 2)}
    before = {p for p in pairs if p[1] < len(pool)}
    alike = defaultdict(set)
    for one, other in before:
        alike[one].add(other)
        alike[other].add(one)
    true = {(n, len(pool) + n) for n in range(len(made))}
    found = {p for p in pairs if p[0] < len(pool) <= p[1] and (p in true or p[0] not in alike[p[1] - len(pool)])}
    return round(100 * len(found & true) / len(true), 1), round(100 * len(found & true) / max(1, len(found)), 1)


def altered(text: str, *, kept: float, changed: float, draw: random.Random) -> str:
    """The first sentences of a text (half of the time) or a choice of them, with a share of the words replaced (60 %) or left out (40 %)."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    count = max(2, round(kept * len(sentences)))
    chosen = (
        sentences[:count]
        if draw.random() < 0.5
        else [sentences[i] for i in sorted(draw.sample(range(len(sentences)), min(count, len(sentences))))]
    )
    words = []
    for word in " ".join(chosen).split():
        chance = draw.random()
        if chance < 0.6 * changed:
            words.append(draw.choice(FILLERS))
        elif chance >= changed:
            words.append(word)
    return " ".join(words)


def _reading(name: str, text: str, day: str) -> Reading:
    return Reading(Document(id=name, path=name, text=text, published=Dated(day), language="en"))

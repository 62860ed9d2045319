"""Whole documents linked to incidents by their own features: for corpora in which an article tells of one incident.

Chances come from trees trained on articles about shootings (training/link_weights.py); average link counts pairs that were never
compared as 0. Each link says what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import attrs

from ascertain.link._articles import Article, traits_of
from ascertain.link._clusters import average_link
from ascertain.link._likeness import FEATURES, rows
from ascertain.link._trees import chances, weights

REASONS = 3  # links that a group explains


@attrs.frozen
class ArticleGroup:
    """Articles on one incident, and why: sentences for the surest links."""

    articles: tuple[str, ...]
    links: tuple[str, ...] = ()


def article_of(row: Mapping[str, Any]) -> Article:
    """An article from a row with `doc`, `title`, `text`, `date` and perhaps `url`."""
    outlet = re.sub(r"^.*https?://(www\.)?", "", row.get("url") or "").split("/")[0].split(":")[0]
    return Article(str(row["doc"]), row["title"], row["text"], date.fromisoformat(row["date"][:10]), outlet)


def link_articles(articles: Sequence[Article]) -> tuple[ArticleGroup, ...]:
    """Group articles by the incident that they tell of.

    Returns:
        Every article once, groups in order of their first article's id. The result doesn't depend on the order of the articles.
    """
    ordered = sorted(articles, key=lambda a: a.id)
    traited = traits_of(ordered)
    pairs, values = rows(traited)
    model = weights("articles")
    chance = dict(zip(pairs, (float(c) for c in chances(model, values)), strict=True)) if pairs else {}
    groups = average_link(len(ordered), chance, threshold=model["threshold"], cap=1.0)
    figures = dict(zip(pairs, values, strict=True))
    return tuple(_group(ordered, group, chance, figures) for group in groups)


def _group(
    articles: Sequence[Article], group: Sequence[int], chance: Mapping[tuple[int, int], float], figures: Mapping[tuple[int, int], Any]
) -> ArticleGroup:
    inside = sorted((p for p in combinations(group, 2) if p in chance), key=lambda p: (-chance[p], p))[:REASONS]
    return ArticleGroup(
        tuple(articles[n].id for n in group),
        tuple(f"{articles[one].id} and {articles[other].id}: {reason(figures[one, other])} (chance {chance[one, other]:.2f})" for one, other in inside),
    )


def reason(figures: Any) -> str:
    """What a pair's figures say, in words: the days, names, places and words that agree."""
    told = dict(zip(FEATURES, (float(f) for f in figures), strict=True))
    parts = [
        "the same day named" if told["same_days"] else f"days named {told['near_day']:.0f} apart",
        f"{told['name_count']:.0f} rare names shared" if told["name_count"] else "",
        "a street shared" if told["street"] else "",
        "rare place words shared" if told["scene_max"] > 3 else "",
        f"{told['lead_ages_shared']:.0f} ages shared" if told["lead_ages_shared"] else "",
        f"words agree {told['body']:.2f}",
    ]
    return ", ".join(p for p in parts if p)

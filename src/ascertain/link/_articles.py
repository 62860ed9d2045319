"""What a document's own text tells for linking whole documents to incidents: terms, days named in its lead, names, places, ages, counts.

No reading is needed: this is for corpora in which one article tells of one incident, and for first passes over large ones. Lines that
stand in several documents (log-in boxes, copyright) are dropped first. Source of the features: the trial's ablation, in which days named
weigh most.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import attrs

from ascertain.link._counts import article_counts, number_of

LEAD = 600  # characters in which a text tells its news
DATED = 1500  # characters in which the days are read
NAMED = 2500  # characters in which ages are read
REPEATED_LINE = 4  # a line in so many documents is furniture
LINE_CHARACTERS = 15
TERM_SHARE = 0.3  # a term in a greater share of the documents tells nothing
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
MONTH = {name: number for number, full in enumerate(MONTHS, start=1) for name in (full, full[:3], *(["sept"] if number == 9 else []))}
TERM = re.compile(r"\b\w[\w'’-]+\b")
WORD = re.compile(r"\w[\w'’-]{2,}")
CAPITAL = re.compile(r"\b[A-Z][\w'’-]{2,}")
NAME = re.compile(r"\b[A-Z][a-z'’]+(?: (?:[A-Z]\.|[A-Z][A-Za-z'’-]+)){1,3}")
SCENE = re.compile(r"\b(?:in|near|at|of|from|outside)(?: the)? ((?:[A-Z][A-Za-z.'’-]+ ?){1,3})")
STREET = re.compile(
    r"\b((?:[A-Z0-9][\w.'’]* ){1,3})(?:Street|St\.|Avenue|Ave\.|Road|Rd\.|Drive|Dr\.|Boulevard|Blvd|Lane|Court|Place|Highway|Parkway)"
)
AGE = re.compile(r"\b(\d{1,2})[- ]year[- ]old|, (\d{1,2}),|\baged? (\d{1,2})\b|\((\d{1,2})\)")
LEAD_AGE = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[- ](year|month|day|week)s?[- ]old|, (\d{1,2}),|\((\d{1,2})\)|\baged? (\d{1,2})\b",
    re.IGNORECASE,
)
VICTIM = re.compile(
    r"\b(man|men|woman|women|boy|girl|teens?|teenager|child|children|toddler|infant|baby|officers?|deputy|mother|father|son|daughter|couple|students?|brothers?|sisters?|kids?|soldiers?|civilians?|passengers?|workers?|farmers?|journalists?|pensioners?|doctors?)\b",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b(\d{1,2}(?::\d\d)?) ?([ap])\.?m\b")
WEEKDAY = re.compile(r"\b(" + "|".join(WEEKDAYS) + r")\b", re.IGNORECASE)
MONTH_DAY = re.compile(
    r"\b(" + "|".join(sorted(MONTH, key=len, reverse=True)) + r")\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?", re.IGNORECASE
)
DAY_MONTH = re.compile(r"\b(\d{1,2}) (" + "|".join(MONTHS) + r")\b(?: (20\d\d))?", re.IGNORECASE)
STOP = frozenset(
    [
        "the",
        "and",
        "for",
        "that",
        "with",
        "was",
        "were",
        "are",
        "has",
        "have",
        "had",
        "his",
        "her",
        "their",
        "its",
        "they",
        "this",
        "from",
        "not",
        "but",
        "who",
        "which",
        "when",
        "after",
        "been",
        "will",
        "would",
        "said",
        "says",
        "also",
        "about",
        "one",
        "two",
        "out",
        "into",
        "over",
        "more",
        "than",
        "other",
        "she",
        "him",
        "you",
        "all",
        "there",
        "what",
        "police",
    ]  # reads better
)
NO_NAME = frozenset(
    "Police Department County Sheriff Office City High School Hospital Street Avenue Medical Center University News Associated Press Copyright "  # noqa: SIM905
    "Facebook Twitter United States Monday Tuesday Wednesday Thursday Friday Saturday Sunday District Court Road Drive Fire The January February "
    "March April June July August September October November December".split()
)


@attrs.frozen
class Article:
    """A document for linking: what it is called, when it was published, what it says."""

    id: str
    title: str
    text: str
    published: date
    outlet: str = ""


@attrs.frozen
class Traits:
    """What an article's text tells.

    Attributes:
        terms, title, lead: term weights of the whole, the headline, the first characters; each of length 1.
        ages, lead_ages: numbers that can be ages in the text, and ages with their unit in headline and lead.
        victims: who was harmed, by the words of the headline.
        days: days named in the lead, resolved backwards from publication, in text order.
        counts: killed and injured by the rules of `_counts`.
    """

    article: Article
    terms: Mapping[str, float]
    title: Mapping[str, float]
    lead: Mapping[str, float]
    days: tuple[date, ...]
    words: frozenset[str]
    capitals: frozenset[str]
    names: frozenset[str]
    scenes: frozenset[str]
    streets: frozenset[str]
    ages: frozenset[str]
    lead_ages: frozenset[str]
    victims: frozenset[str]
    clocks: frozenset[str]
    counts: tuple[int, int]


@attrs.frozen
class Traited:
    """All articles' traits, with the number of articles that each word, capital, name, scene or street stands in."""

    traits: tuple[Traits, ...]
    frequency: Mapping[str, Mapping[str, int]]


def traits_of(articles: Sequence[Article]) -> Traited:
    """Read the traits of all articles; rarity is among them."""
    cleaned = without_repeated_lines(articles)
    texts = [f"{a.title}\n{a.text}" for a in cleaned]
    rarity = _rarity(texts)
    made = tuple(_traits(article, text, rarity) for article, text in zip(cleaned, texts, strict=True))
    kinds = ("words", "capitals", "names", "scenes", "streets")
    return Traited(made, {kind: Counter(item for t in made for item in getattr(t, kind)) for kind in kinds})


def without_repeated_lines(articles: Sequence[Article]) -> list[Article]:
    """The articles without lines that stand in several of them."""
    seen: Counter[str] = Counter()
    for article in articles:
        seen.update({line.strip() for line in article.text.split("\n") if len(line.strip()) > LINE_CHARACTERS})
    repeated = {line for line, count in seen.items() if count >= REPEATED_LINE}
    return [attrs.evolve(a, text="\n".join(line for line in a.text.split("\n") if line.strip() not in repeated)) for a in articles]


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    """Inverse document frequency of terms that stand in two texts at least and in not too many."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update({t.casefold() for t in TERM.findall(text)} - STOP)
    most = max(2.0, TERM_SHARE * len(texts))
    return {term: math.log((1 + len(texts)) / (1 + count)) + 1 for term, count in found.items() if 2 <= count <= most}


def _weights(text: str, rarity: Mapping[str, float]) -> dict[str, float]:
    counts = Counter(t for t in (t.casefold() for t in TERM.findall(text)) if t in rarity)
    raw = {term: (1 + math.log(count)) * rarity[term] for term, count in counts.items()}
    length = math.sqrt(sum(w * w for w in raw.values()))
    return {term: w / length for term, w in raw.items()} if length else {}


def _traits(article: Article, text: str, rarity: Mapping[str, float]) -> Traits:
    return Traits(
        article=article, terms=_weights(text, rarity), title=_weights(article.title, rarity), lead=_weights(text[:LEAD], rarity),
        days=named_days(article.text[:DATED], article.published), words=frozenset(w.casefold() for w in WORD.findall(text)),
        capitals=frozenset(CAPITAL.findall(text)), names=frozenset(n for n in NAME.findall(text) if not NO_NAME & set(n.split())),
        scenes=frozenset(p.strip(" .") for p in SCENE.findall(text)), streets=frozenset(s.split()[-1] for s in STREET.findall(text)),
        ages=frozenset(a for group in AGE.findall(text[:NAMED]) for a in group if a),
        lead_ages=_lead_ages(f"{article.title}\n{article.text[:LEAD]}"), victims=frozenset(v.casefold().rstrip("s") for v in VICTIM.findall(article.title)),
        clocks=frozenset(f"{hour}{half}" for hour, half in CLOCK.findall(text[:NAMED])), counts=article_counts(article.title, article.text),
    )  # fmt: skip


def _lead_ages(text: str) -> frozenset[str]:
    """Ages with their unit where it isn't years: `6 month`, `34`."""
    found = set()
    for number, unit, *bare in LEAD_AGE.findall(text):
        value = str(number_of(number)) if number else next(b for b in bare if b)
        found.add(value if unit.casefold() in {"", "year"} else f"{value} {unit.casefold()}")
    return frozenset(found)


def named_days(text: str, published: date) -> tuple[date, ...]:
    """Days that a text names, resolved backwards from its publication, in text order."""
    found = [
        (m.start(), published - timedelta((published.weekday() - WEEKDAYS.index(m[1].casefold())) % 7)) for m in WEEKDAY.finditer(text)
    ]
    dated = [(m.start(), m[1], m[2], m[3]) for m in MONTH_DAY.finditer(text)] + [
        (m.start(), m[2], m[1], m[3]) for m in DAY_MONTH.finditer(text)
    ]
    for at, month, day, year in dated:
        resolved = _resolved(MONTH[month.casefold()], int(day), int(year) if year else None, published)
        if resolved is not None:
            found.append((at, resolved))
    return tuple(day for _, day in sorted(found))


def _resolved(month: int, day: int, year: int | None, published: date) -> date | None:
    try:
        found = date(year or published.year, month, day)
        return found.replace(year=found.year - 1) if year is None and found > published else found
    except ValueError:
        return None

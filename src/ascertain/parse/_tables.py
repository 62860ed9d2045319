"""Articles in tables: CSV, JSON and JSON Lines; each row is a part, and a row is a document."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ascertain.errors import InputError
from ascertain.models.media import ARTICLE
from ascertain.parse._parsed import Parsed, Parts, Source, bounded_text
from ascertain.parse._text import decode, document_of, with_context

# What columns are called in the wild; the first that is there is taken.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "maintext", "article_text", "full_text", "notes"),
    "title": ("title", "headline", "heading"),
    "published": ("published", "date", "pubdate", "published_at", "publication_date", "event_date", "datetime"),
    "publisher": ("publisher", "source", "outlet", "site", "sitename", "newspaper", "domain"),
    "url": ("url", "link", "address", "href"),
    "language": ("language", "lang"),
    "byline": ("byline", "author", "authors", "by"),
    "id": ("id", "article_id", "doc_id", "uid"),
}
MAX_FIELD = 10_000_000
DAY = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$")


def article_bytes(article: Mapping[str, Any]) -> bytes:
    """An article's own bytes: JSON with sorted keys."""
    return json.dumps({k: v for k, v in article.items() if v}, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def parse_article(source: Source) -> Parsed:
    """One article of a table; its text is unchanged."""
    row = _loaded(source.data, source)
    if not isinstance(row, dict):
        raise InputError(f"{source.path} is no article", advice="An article is a JSON object with `text`.")
    article = _mapped(row)
    document = document_of(bounded_text(article.get("text", ""), source), source)
    published = article.get("published")
    document = with_context(
        document, title=article.get("title"), publisher=article.get("publisher"), byline=article.get("byline"), language=article.get("language"),
        url=article.get("url"), published=published if published and DAY.match(published) else None,
    )  # fmt: skip
    return Parsed(document)


def _loaded(data: bytes, source: Source) -> Any:
    try:
        return json.loads(decode(data, source.path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{source.path} is no JSON: {error}"[:300], advice="Save it again from where it came.") from error


def _mapped(row: Mapping[str, Any]) -> dict[str, str]:
    """A row under our names: the first known column that has a value."""
    lower = {str(key).strip().lower(): value for key, value in row.items()}
    found = {}
    for name, columns in COLUMNS.items():
        value = next(
            (lower[column] for column in columns if lower.get(column) not in {None, ""} and not isinstance(lower[column], dict | list)),
            None,
        )
        if value is not None:
            found[name] = str(value)
    return found


def parse_json(source: Source) -> Parsed:
    """A JSON file: one article, or a list of them (also under one key)."""
    value = _loaded(source.data, source)
    if isinstance(value, dict) and "text" not in _mapped(value):
        value = next((inner for inner in value.values() if isinstance(inner, list) and inner and isinstance(inner[0], dict)), value)
    rows = value if isinstance(value, list) else [value]
    return _rows(rows, source)


def parse_json_lines(source: Source) -> Parsed:
    """JSON Lines, one article a line; lines that can't be read are said."""
    rows: list[Any] = []
    for line in decode(source.data, source.path).split("\n"):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except (json.JSONDecodeError, RecursionError):
                rows.append(None)
    return _rows(rows, source)


def parse_csv(source: Source) -> Parsed:
    """A table with a header row."""
    text = decode(source.data, source.path)
    csv.field_size_limit(MAX_FIELD)
    try:
        try:
            dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
        except csv.Error:
            dialect = csv.excel
        rows = list(csv.DictReader(io.StringIO(text, newline=""), dialect=dialect))
    except csv.Error as error:
        raise InputError(f"{source.path} is a damaged table: {error}", advice="Save it again as CSV with a header row.") from error
    return _rows([{k: v for k, v in row.items() if k is not None} for row in rows], source)


def _rows(rows: Iterable[Any], source: Source) -> Parsed:
    parts = Parts(source)
    for number, row in enumerate(rows, start=1):
        article = _mapped(row) if isinstance(row, dict) else {}
        if article.get("text", "").strip():
            about = (
                {"row": str(number)}
                | ({"url": article["url"]} if article.get("url") else {})
                | ({"id": article["id"]} if article.get("id") else {})
            )
            parts.add(f"#{number}", article_bytes(article), media_type=ARTICLE, context=about)
        else:
            parts.leave_out(f"#{number}", "a row without a text column")
    if not parts.children:
        raise InputError(
            f"{source.path} holds no articles: no row has a column such as {', '.join(COLUMNS['text'][:3])}",
            advice="Name the column of the text `text`.",
        )
    return Parsed(None, tuple(parts.children), tuple(parts.notes))

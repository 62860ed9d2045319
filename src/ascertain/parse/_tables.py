"""Articles in tables: CSV, JSON and JSON Lines; each row is a part, and a row is a document."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ascertain.errors import InputError, UsageError
from ascertain.intake import CLAIMED_BY, articles_of
from ascertain.models.media import ARTICLE
from ascertain.parse._dates import day_of
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
MAX_HEADER = 20_000  # characters in which the header row stands
DELIMITERS = ",;\t|"
LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]+)*$")


def checked_columns(columns: str | None) -> str | None:
    """A column map as it is kept, `published=date,text=body`; None for none.

    Raises:
        UsageError: it has not that form, or names no part of an article.
    """
    if columns is None:
        return None
    pairs = [part.partition("=") for part in columns.split(",") if part.strip()]
    found = {name.strip().lower(): column.strip() for name, _, column in pairs}
    wrong = [name for name, column in found.items() if name not in COLUMNS or not column]
    if wrong or not found:
        raise UsageError(
            f"{columns!r} is no map of columns", advice=f"Give pairs such as text=body,published=date; names are {', '.join(COLUMNS)}."
        )
    return ",".join(f"{name}={column}" for name, column in sorted(found.items()))


def _named(source: Source) -> dict[str, tuple[str, ...]]:
    """For each part of an article the columns that may hold it: the one that was named, else the usual ones."""
    told = source.context.get("columns") or ""
    named = {name: (column.lower(),) for name, _, column in (part.partition("=") for part in told.split(",")) if column}
    return {**COLUMNS, **named}


def article_bytes(article: Mapping[str, Any]) -> bytes:
    """An article's own bytes: JSON with sorted keys."""
    return json.dumps({k: v for k, v in article.items() if v}, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def parse_article(source: Source) -> Parsed:
    """One article of a table; its text is unchanged."""
    row = _loaded(source.data, source)
    if not isinstance(row, dict):
        raise InputError(f"{source.path} is no article", advice="An article is a JSON object with `text`.")
    article = _mapped(row, _named(source))
    document = document_of(bounded_text(article.get("text", ""), source), source)
    language = LANGUAGE.match(article.get("language", ""))
    document = with_context(
        document, title=article.get("title"), publisher=article.get("publisher"), byline=article.get("byline"), url=article.get("url"),
        language=language[1].lower() if language else None, published=day_of(article.get("published")),
    )  # fmt: skip
    return Parsed(document)


def _loaded(data: bytes, source: Source) -> Any:
    try:
        return json.loads(decode(data, source.path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source.path} is no JSON: {error}"[:300], advice="Save it again from where it came.") from error


def _mapped(row: Mapping[str, Any], columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A row under our names: the first column of each that has a value."""
    lower = {str(key).strip().lower(): value for key, value in row.items()}
    found = {}
    for name, wanted in columns.items():
        value = next((value for column in wanted if _has_value(value := lower.get(column))), None)
        if value is not None:
            found[name] = str(value)
    return found


def _has_value(value: object) -> bool:
    return value is not None and value != "" and not isinstance(value, dict | list)


def parse_json(source: Source) -> Parsed:
    """A JSON file: one article, or a list of them (also under one key), or the records of another tool."""
    value = _loaded(source.data, source)
    if (known := articles_of(value)) is not None and "columns" not in source.context:
        return _records(*known, source)
    if isinstance(value, dict) and "text" not in _mapped(value, _named(source)):
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
            except (ValueError, RecursionError):
                rows.append(None)
    return _rows(rows, source)


def parse_csv(source: Source) -> Parsed:
    """A table with a header row; the delimiter is the one that gives most known columns, then most columns."""
    text = decode(source.data, source.path)
    csv.field_size_limit(MAX_FIELD)
    known = {column for columns in _named(source).values() for column in columns}

    def worth(delimiter: str) -> tuple[int, int]:
        header = next(csv.reader(io.StringIO(text[:MAX_HEADER], newline=""), delimiter=delimiter), [])
        return sum(cell.strip().lower() in known for cell in header), len(header)

    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=worth)))
    except csv.Error as error:
        raise InputError(f"{source.path} is a damaged table: {error}", advice="Save it again as CSV with a header row.") from error
    listed = [{k: v for k, v in row.items() if k is not None} for row in rows]
    if (of_tool := articles_of(listed)) is not None and "columns" not in source.context:
        return _records(*of_tool, source)
    return _rows(listed, source)


def _records(tool: str, articles: Iterable[Mapping[str, Any]], source: Source) -> Parsed:
    """The records of another tool: their words are its own, and no claim of ours; a record without words is no failure."""
    parts = Parts(source)
    without = 0
    for number, article in enumerate(articles, start=1):
        if article.get("text"):
            told = {name: article[name] for name in ("url", "id") if article.get(name)}
            context = {"row": str(number), CLAIMED_BY: tool, **told}
            parts.add(f"#{number}", article_bytes(article), media_type=ARTICLE, context=context)
        else:
            without += 1
    if without:
        parts.note(f"{without:,} records of {tool} without words of their own.")
    return parts.parsed()


def _rows(rows: Iterable[Any], source: Source) -> Parsed:
    parts = Parts(source)
    columns = _named(source)
    for number, row in enumerate(rows, start=1):
        article = _mapped(row, columns) if isinstance(row, dict) else {}
        if article.get("text", "").strip():
            told = {name: article[name] for name in ("url", "id") if article.get(name)}
            parts.add(f"#{number}", article_bytes(article), media_type=ARTICLE, context={"row": str(number), **told})
        else:
            parts.leave_out(f"#{number}", "a row without a text column")
    if not parts.children:
        raise InputError(
            f"{source.path} holds no articles: no row has text in a column such as {', '.join(columns['text'][:3])}",
            advice="Name the column of the text with --columns text=NAME, or call it `text`.",
        )
    return parts.parsed()

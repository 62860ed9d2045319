"""The records of other tools as articles: their words become documents, with whose words they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ascertain.intake._forms import ATLOS, AUTO_ARCHIVER, BAYANAT, bayanat_rows

Article = dict[str, Any]
ATLOS_COLUMNS = {"slug", "project", "description", "inserted_at"}
BAYANAT_COLUMNS = {"origin_id", "source_link", "sjac_title", "description", "verified_labels"}


def articles_of(value: Any) -> tuple[str, list[Article]] | None:
    """The tool and its records under our names (`text`, `title`, `url`, `published`, `id`), in order; None where the form is not known.

    A record without words has an empty `text`.
    """
    if isinstance(value, dict):
        return _of_object(value)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return _of_rows(value)
    return None


def _of_object(value: Mapping[str, Any]) -> tuple[str, list[Article]] | None:
    if {"status", "metadata", "media"} <= set(value) and isinstance(value["metadata"], dict):
        about = value["metadata"]
        return AUTO_ARCHIVER, [_article(about.get("content"), about.get("title"), about.get("url"), about.get("timestamp"), None)]
    if isinstance(value.get("artifacts"), list) and "source_url" in value:
        return ATLOS, [_article(None, None, value.get("source_url"), None, value.get("id"))]
    if isinstance(value.get("results"), list) and {"next", "previous"} <= set(value):  # its API, page by page
        return ATLOS, [_of_atlos(row) for row in value["results"] if isinstance(row, dict)]
    if "slug" in value and ("attr_description" in value or "attr_sensitive" in value):
        return ATLOS, [_of_atlos(value)]
    rows = bayanat_rows(value)
    if rows and any("medias" in row or row.get("class") in {"bulletin", "actor", "incident"} for row in rows):
        return BAYANAT, [_of_bayanat(row) for row in rows]
    return None


def _of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[Article]] | None:
    columns = set(next(iter(rows)))
    if columns >= ATLOS_COLUMNS:
        return ATLOS, [_of_atlos(row) for row in rows]
    if columns >= BAYANAT_COLUMNS:
        return BAYANAT, [_of_bayanat(row) for row in rows]
    return None


def _of_atlos(row: Mapping[str, Any]) -> Article:
    url = row.get("source_1") or row.get("source_url")
    text = row.get("description") or row.get("attr_description")
    return _article(text, None, url, row.get("date") or row.get("attr_date"), row.get("slug") or row.get("id"))


def _of_bayanat(row: Mapping[str, Any]) -> Article:
    return _article(row.get("description"), row.get("title"), row.get("source_link"), row.get("publish_date"), row.get("id"))


def _article(text: object, title: object, url: object, published: object, number: object) -> Article:
    day = re.sub(r"^(\d{4}-\d\d-\d\d) (?=\d\d:)", r"\1T", str(published or ""))  # Python's notation of a time
    given = {"text": text, "title": title, "url": url, "published": day, "id": number}
    return {name: str(value) for name, value in given.items() if isinstance(value, str | int) and str(value).strip()}

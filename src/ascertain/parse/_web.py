"""Web pages and web archives: main text by trafilatura, date by htmldate; nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
from typing import Any
from urllib.parse import urlsplit

from ascertain.errors import InputError, LimitError
from ascertain.intake import MISMATCH
from ascertain.parse._parsed import THE_SAME, Parsed, Parts, Source, bounded_text
from ascertain.parse._text import decode, document_of, with_context
from ascertain.records import Document

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
BLOCK_BYTES = 64 * 1024
MAX_TAGS = 400_000  # a page with more is an attack or no page
MAX_DEPTH = 2_000  # nesting beyond which a tree walk would fail
TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/rss+xml", "application/atom+xml")
PAGE_STATUS = {"200", "203"}
for noisy in ("trafilatura", "htmldate", "readability", "courlan", "charset_normalizer"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)


def parse_html(source: Source) -> Parsed:
    """A web page."""
    declared = CHARSET.search(source.data[:4096])
    html = decode(source.data, source.path, declared[1].decode("ascii") if declared else None)
    _bound_tags(html, source)
    return Parsed(document_of_html(html, source))


def document_of_html(html: str, source: Source) -> Document:
    """The document of a page: trafilatura's main text, else all visible text.

    Raises:
        InputError: the page holds no text.
    """
    import trafilatura

    text = trafilatura.extract(html, fast=True, include_comments=False, include_tables=True, url=source.context.get("url")) or ""
    meta = trafilatura.extract_metadata(html, default_url=source.context.get("url"))
    if not text.strip():
        text = visible_text(html)
    if not text.strip():
        raise InputError(
            f"{source.path} is a page without text", advice="It stays preserved; a page built by scripts needs a saved, rendered copy."
        )
    title, publisher, author, url = (getattr(meta, key, None) if meta else None for key in ("title", "sitename", "author", "url"))
    document = document_of(bounded_text(text, source), source)
    return with_context(
        document, title=title, publisher=publisher, byline=author, published=_date(html), url=source.context.get("url") or url
    )


def _date(html: str) -> str | None:
    from htmldate import find_date

    try:
        found = find_date(html, original_date=True, extensive_search=False)
    except (ValueError, TypeError, AttributeError, LookupError):
        return None
    return str(found) if found else None


def visible_text(html: str) -> str:
    """All text of a page that a browser would show, a block a line; empty for no page."""
    from lxml import html as pages
    from lxml.etree import ParserError

    try:
        tree = pages.document_fromstring(html)
    except (ParserError, ValueError):
        return ""
    for element in tree.xpath("//script|//style|//noscript|//template|//head"):
        element.drop_tree()
    for block in tree.xpath("//p|//div|//li|//br|//h1|//h2|//h3|//h4|//tr"):
        block.tail = "\n" + (block.tail or "")
    return re.sub(r"[ \t]*\n\s*", "\n", re.sub(r"[ \t]+", " ", tree.text_content())).strip()


def _bound_tags(html: str, source: Source) -> None:
    if html.count("<") > MAX_TAGS:
        raise LimitError(f"{source.path} has more than {MAX_TAGS:,} tags", advice="Save its text and add that.")
    depth = deepest = 0
    for match in re.finditer(r"<(/?)(?:div|span|table|tbody|tr|td|ul|ol|li|b|i|em|font|section|blockquote|p|a)\b", html):
        depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    if deepest > 50 * MAX_DEPTH or (deepest > MAX_DEPTH and html.count("</") < deepest // 2 and deepest > 20_000):
        raise LimitError(f"{source.path} is nested {deepest:,} deep", advice="Save its text and add that.")


def parse_web_archive(source: Source) -> Parsed:
    """A WARC or ARC: each text record is a part with its address and date; broken records are said, the rest is kept."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    parts = Parts(source)
    try:
        for number, record in enumerate(
            ArchiveIterator(io.BytesIO(source.data), no_record_parse=False, arc2warc=True, check_digests=True), start=1
        ):
            _take_record(parts, record, number, source)
    except (ArchiveLoadFailed, EOFError, ValueError, TypeError, AttributeError, KeyError, OSError, IndexError) as error:
        if not parts.children:
            raise InputError(
                f"{source.path} is a damaged web archive: {type(error).__name__}", advice="Record it again, or repair it."
            ) from error
        parts.note(f"the web archive breaks off after {len(parts.children)} records ({type(error).__name__}).")
    if not parts.children:
        parts.note("the web archive holds no record with text.")
    return parts.parsed()


def _tell_against(parts: Parts, against: str | None, number: int) -> None:
    if against is not None:
        parts.note(f"#{number} is not what was recorded: {against}.")


def _against(record: Any, data: bytes) -> str | None:
    """Why a record is not what was recorded, None where its digests hold, or it has none.

    The digest of the whole record counts, where it has one: tools differ in what they take for the payload (with its chunks or without,
    unpacked or not), so that of the payload may be of either.
    """
    while record.raw_stream.read(BLOCK_BYTES):
        pass
    problems = record.digest_checker.problems if record.digest_checker is not None else []
    if any(problem.startswith("block digest failed") for problem in problems):
        return "its WARC-Block-Digest does not hold"
    whole = record.rec_headers.get_header("WARC-Block-Digest")
    if whole or not any(problem.startswith("payload digest failed") for problem in problems):
        return None
    told = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    return None if _is_digest(told, data) else "its WARC-Payload-Digest does not hold"


def _is_digest(told: str, data: bytes) -> bool:
    """Whether a digest as web archives write it (base 32 or hex) is that of some bytes."""
    algorithm, _, value = told.partition(":")
    found = hashlib.new(algorithm.lower().replace("-", ""), data, usedforsecurity=False).digest()
    return value.lower() in {found.hex(), base64.b32encode(found).decode().lower(), base64.b32encode(found).decode().lower().rstrip("=")}


def _take_record(parts: Parts, record: Any, number: int, source: Source) -> None:
    kind = getattr(record, "rec_type", None)
    if kind not in {"response", "resource", "conversion"}:
        return
    headers, http = record.rec_headers, getattr(record, "http_headers", None)
    address = headers.get_header("WARC-Target-URI") or f"record {number}"
    if address.startswith("dns:"):
        return
    status = http.get_statuscode() if http is not None else None
    if status is not None and status.isdecimal() and status not in PAGE_STATUS:
        parts.leave_out(f"#{number}", f"an answer of status {status}")
        return
    data = record.content_stream().read(max(1, parts.room + 1))
    against = _against(record, data)
    told = (http or headers).get_header("Content-Type") or ("text/plain" if kind == "conversion" else "")
    media_type = told.split(";")[0].strip().lower()
    if media_type and media_type not in TEXT_TYPES:
        parts.leave_out(f"#{number}", f"a record of type {media_type[:60]}")
        _tell_against(parts, against, number)
        return
    if urlsplit(address).path == "/robots.txt":
        parts.leave_out(f"#{number}", "what the site asks of machines (robots.txt)")
        return
    if not data:
        parts.leave_out(f"#{number}", "a record without content")
        return
    context = {"url": address, "warc_date": headers.get_header("WARC-Date") or "", "record": str(number)}
    if against is not None:
        context[MISMATCH] = against
        _tell_against(parts, against, number)
    ours = address == source.context.get("captured")  # the page that `add` was asked for is known by the address that was asked for
    parts.add(THE_SAME if ours else f"#{number}", data, media_type=media_type or None, context=context)

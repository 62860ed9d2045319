"""Media types from the first bytes and the name: the bytes win where they are sure, the name where they are not; names that can be shown."""

from __future__ import annotations

import re

HEAD_BYTES = 8192  # enough for every magic number and the first tags of a page
ARTICLE = "application/vnd.ascertain.article+json"

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"WARC/", "application/warc"),
    (b"filedesc://", "application/x-arc"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)
EXTENSIONS = {
    "txt": "text/plain", "text": "text/plain", "md": "text/plain", "html": "text/html", "htm": "text/html", "xhtml": "text/html",
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822", "mbox": "application/mbox", "rss": "application/rss+xml", "atom": "application/atom+xml", "xml": "application/xml",
    "warc": "application/warc", "arc": "application/x-arc", "wacz": "application/wacz", "zip": "application/zip", "tar": "application/x-tar",
    "gz": "application/gzip", "tgz": "application/gzip", "bz2": "application/x-bzip2", "csv": "text/csv", "tsv": "text/tab-separated-values",
    "json": "application/json", "jsonl": "application/jsonl", "ndjson": "application/jsonl",
}  # fmt: skip
HTML_MARK = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
FEED_MARK = re.compile(rb"<(rss|feed|rdf:RDF)[\s>]")
MAIL_MARK = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
MAIL_HEADER = re.compile(rb"(?im)^(from|subject|received|message-id|mime-version|return-path|delivered-to):")
TAR_MAGIC_AT = 257


def media_type(head: bytes, name: str) -> str:
    """Tell a media type.

    Args:
        head: the first bytes, some thousands.
        name: path or address; only the end of its last part counts.

    Returns:
        A media type; `application/octet-stream` where nothing tells.
    """
    extension = re.sub(r"[?#].*$", "", name).rsplit("/", 1)[-1].rsplit(".", 1)
    named = EXTENSIONS.get(extension[1].lower()) if len(extension) == 2 else None
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(head, named)
    if head[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] == b"ustar":
        return "application/x-tar"
    return _text_kind(head, named)


def _zip_kind(head: bytes, named: str | None) -> str:
    if b"word/" in head or (named or "").endswith("wordprocessingml.document"):
        return EXTENSIONS["docx"]
    return "application/wacz" if named == "application/wacz" else "application/zip"


def _text_kind(head: bytes, named: str | None) -> str:
    if named in {None, "application/xml", "text/html"} and not _is_mail(head) and FEED_MARK.search(head[:2048]):
        return "application/rss+xml"
    if named == "text/plain" and HTML_MARK.match(head.lstrip()[:64]):
        return "text/html"
    return _unnamed_kind(head) if named is None else named


def _unnamed_kind(head: bytes) -> str:
    if _is_mail(head):
        return "message/rfc822"
    if head.startswith(b"From "):
        return "application/mbox"
    if HTML_MARK.search(head[:4096]):
        return "text/html"
    if head.lstrip()[:1] in {b"{", b"["}:
        return "application/json"
    return "application/octet-stream" if b"\0" in head[:1024] and not head.startswith((b"\xff\xfe", b"\xfe\xff")) else "text/plain"


def _is_mail(head: bytes) -> bool:
    return MAIL_MARK.match(head) is not None and len({m[1].lower() for m in MAIL_HEADER.finditer(head)}) >= 2


def printable(name: str) -> str:
    """A file's name as it can be written and shown: bytes of it that are no text (lone surrogates in Python) stand as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")

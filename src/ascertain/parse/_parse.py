"""Choose the reader for a media type; turn whatever it raises into an error that names the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ascertain.errors import AscertainError, InputError, UnsupportedInputError
from ascertain.models.media import ARTICLE
from ascertain.models.media import media_type as told_type
from ascertain.parse import _archives, _documents, _feeds, _mail, _tables, _text, _web
from ascertain.parse._parsed import Limits, Parsed, Source

VERSION = "2"
HEAD_BYTES = 8192
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

READERS: dict[str, Callable[[Source], Parsed]] = {
    "text/plain": _text.parse_text,
    "text/html": _web.parse_html,
    "application/xhtml+xml": _web.parse_html,
    "application/pdf": _documents.parse_pdf,
    DOCX: _documents.parse_docx,
    "message/rfc822": _mail.parse_mail,
    "application/mbox": _mail.parse_mbox,
    "application/rss+xml": _feeds.parse_feed,
    "application/atom+xml": _feeds.parse_feed,
    "application/xml": _feeds.parse_feed,
    "text/xml": _feeds.parse_feed,
    "application/warc": _web.parse_web_archive,
    "application/x-arc": _web.parse_web_archive,
    "application/wacz": _archives.parse_zip,
    "application/zip": _archives.parse_zip,
    "application/x-tar": _archives.parse_tar,
    "application/gzip": _archives.parse_compressed,
    "application/x-bzip2": _archives.parse_compressed,
    "text/csv": _tables.parse_csv,
    "text/tab-separated-values": _tables.parse_csv,
    "application/json": _tables.parse_json,
    "application/jsonl": _tables.parse_json_lines,
    ARTICLE: _tables.parse_article,
}


def parse(
    data: bytes,
    *,
    digest: str,
    path: str,
    media_type: str | None = None,
    parent: str | None = None,
    context: Mapping[str, str] | None = None,
    limits: Limits = Limits(),  # noqa: B008  # frozen
) -> Parsed:
    """Parse one original.

    Args:
        data: its bytes; `digest` is their SHA-256.
        path: under which people know it; stands in errors and in the document.
        media_type: None, and types that say nothing, let bytes and name tell.
        parent, context: the container it came out of, and what that said about it.

    Raises:
        UnsupportedInputError: there is no reader for this type.
        LimitError: a limit was met.
        InputError: the input is damaged or holds no text.
    """
    told = told_type(data[:HEAD_BYTES], path)
    kind = told if media_type is None or media_type not in READERS or told in {"application/pdf", DOCX} else media_type
    if not data:
        raise InputError(f"{path} is empty", advice="Check how it was copied or downloaded.")
    reader = READERS.get(kind)
    if reader is None:
        raise UnsupportedInputError(
            f"{path} is of type {kind}, for which there is no reader", advice="It stays preserved; add it as text, HTML or PDF too."
        )
    try:
        return reader(Source(data, digest, path, kind, parent, dict(context or {}), limits))
    except AscertainError:
        raise
    except ImportError as error:
        raise InputError(f"{path} needs the package {error.name}", advice="Run `pip install 'ascertain[formats]'`.") from error
    except RecursionError as error:
        raise InputError(f"{path} is nested too deeply", advice="Convert it with another program and add the result.") from error
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OSError,
        ArithmeticError,
        AssertionError,
        EOFError,
        LookupError,
    ) as error:
        raise InputError(
            f"{path} is damaged: {type(error).__name__}", advice="Open it with another program, and add what that saves."
        ) from error

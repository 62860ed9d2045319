"""Choose the reader for a media type; turn whatever it raises into an error that names the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ascertain.errors import AscertainError, InputError, UnsupportedInputError
from ascertain.intake import MISMATCH
from ascertain.models.media import ARTICLE, HEAD_BYTES
from ascertain.models.media import media_type as told_type
from ascertain.parse._archives import parse_compressed, parse_tar, parse_zip, unpacked
from ascertain.parse._documents import parse_docx, parse_pdf
from ascertain.parse._feeds import parse_feed
from ascertain.parse._mail import parse_mail, parse_mbox
from ascertain.parse._parsed import Limits, Parsed, Source
from ascertain.parse._tables import parse_article, parse_csv, parse_json, parse_json_lines
from ascertain.parse._text import parse_text
from ascertain.parse._web import parse_html, parse_web_archive

VERSION = "4"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

READERS: dict[str, Callable[[Source], Parsed]] = {
    "text/plain": parse_text,
    "text/html": parse_html,
    "application/xhtml+xml": parse_html,
    "application/pdf": parse_pdf,
    DOCX: parse_docx,
    "message/rfc822": parse_mail,
    "application/mbox": parse_mbox,
    "application/rss+xml": parse_feed,
    "application/atom+xml": parse_feed,
    "application/xml": parse_feed,
    "text/xml": parse_feed,
    "application/warc": parse_web_archive,
    "application/x-arc": parse_web_archive,
    "application/wacz": parse_zip,
    "application/zip": parse_zip,
    "application/x-tar": parse_tar,
    "application/gzip": parse_compressed,
    "application/x-bzip2": parse_compressed,
    "text/csv": parse_csv,
    "text/tab-separated-values": parse_csv,
    "application/json": parse_json,
    "application/jsonl": parse_json_lines,
    ARTICLE: parse_article,
}


PACKED = {"application/gzip", "application/x-bzip2"}
PAGES = ("text/", "application/xhtml+xml", "application/xml", "application/rss+xml", "application/atom+xml")
SURE = {"application/pdf", DOCX, "image/png", "image/jpeg", "image/gif"}  # the bytes tell: whatever a server or a mail calls it

FAULTS = (ValueError, TypeError, LookupError, AttributeError, OSError, ArithmeticError, AssertionError, EOFError)  # what readers raise


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
        InputError: the input is damaged, holds no text, or is not what the export says that it came with.
    """
    if not data:
        raise InputError(f"{path} is empty", advice="Check how it was copied or downloaded.")
    if context is not None and MISMATCH in context:
        raise InputError(
            f"{path} is not what was exported: {context[MISMATCH]}",
            advice="It stays preserved, unread: ask for the export again; where the file itself is right, add it alone.",
        )
    told = told_type(data[:HEAD_BYTES], path)
    if told in PACKED and media_type is not None and media_type.startswith(PAGES):  # a server sent it packed (Content-Encoding)
        data, _ = unpacked(data, told, limits=limits, path=path)
        told = media_type
    kind = told if media_type is None or media_type not in READERS or told in SURE else media_type
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
        raise InputError(
            f"{path} needs the package {error.name or 'for this format'}", advice="Run `pip install 'ascertain[formats]'`."
        ) from error
    except RecursionError as error:
        raise InputError(f"{path} is nested too deeply", advice="Convert it with another program and add the result.") from error
    except FAULTS as error:
        raise InputError(
            f"{path} is damaged: {type(error).__name__}", advice="Open it with another program, and add what that saves."
        ) from error

"""Mail: the message is a document, its attachments are parts; a mailbox's messages are its parts."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage

from ascertain.errors import InputError
from ascertain.parse._dates import day_of
from ascertain.parse._parsed import Parsed, Parts, Source, bounded_text
from ascertain.parse._text import document_of, with_context
from ascertain.parse._web import document_of_html
from ascertain.records import Document

MAX_PARTS = 2_000
MESSAGE_START = re.compile(rb"(?m)^From [^\r\n]*\d{4}[^\r\n]*\r?\n(?=[A-Za-z-]+:)")


def parse_mail(source: Source) -> Parsed:
    """One message."""
    message = email.message_from_bytes(source.data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise InputError(f"{source.path} is no mail: it has no headers", advice="If it is plain text, give it the ending .txt.")
    parts = Parts(source)
    plain: list[str] = []
    pages: list[str] = []
    for number, part in enumerate(_own_parts(message)):
        if number >= MAX_PARTS:
            parts.note(f"left out all after {MAX_PARTS:,} parts.")
            break
        _sort(part, number, parts=parts, plain=plain, pages=pages)
    document = _message_document(message, source, plain, pages)
    if document is None and not parts.children:
        raise InputError(f"{source.path} is a mail without text", advice="It stays preserved.")
    return parts.parsed(document)


def _own_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves of a message in their order; an attached message is one of them, its own parts are not."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload() if part.is_multipart() and part.get_content_type() != "message/rfc822" else None
        if isinstance(inner, list):
            waiting.extend(one for one in reversed(inner) if isinstance(one, EmailMessage))
        else:
            yield part


def _sort(message: EmailMessage, number: int, *, parts: Parts, plain: list[str], pages: list[str]) -> None:
    """Put one part of a message where it belongs."""
    kind = message.get_content_type()
    name = message.get_filename()
    attached = message.get_content_disposition() == "attachment" or name is not None
    try:
        data = _bytes_of(message)
        if attached or kind == "message/rfc822":
            if data:
                parts.add(name or f"part-{number}.eml", data, media_type=None, context={"attached": "yes"})
        elif kind == "text/plain":
            plain.append(_decoded(data, message))
        elif kind == "text/html":
            pages.append(_decoded(data, message))
    except (ValueError, LookupError, AttributeError, UnicodeError, TypeError) as error:
        parts.leave_out(name or f"part {number}", f"it is damaged ({type(error).__name__})")


def _bytes_of(message: EmailMessage) -> bytes:
    if message.get_content_type() == "message/rfc822":
        inner = message.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, EmailMessage) else b""
    data: object = message.get_payload(decode=True)
    return data if isinstance(data, bytes) else str(data or "").encode("utf-8", "replace")


def _decoded(data: bytes, message: EmailMessage) -> str:
    charset = message.get_content_charset() or "utf-8"
    try:
        return data.decode(charset, errors="replace").replace("\r\n", "\n")
    except LookupError:
        return data.decode("utf-8", errors="replace").replace("\r\n", "\n")


def _message_document(message: EmailMessage, source: Source, plain: list[str], pages: list[str]) -> Document | None:
    text = "\n\n".join(part for part in plain if part.strip())
    if text.strip():
        document = document_of(bounded_text(text, source), source)
    elif any(page.strip() for page in pages):
        document = document_of_html("\n".join(pages), source)
    else:
        return None
    subject, sender = _header(message, "subject"), _header(message, "from")
    return with_context(document, title=subject, byline=sender, published=None if document.published else day_of(_header(message, "date")))


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return None
    return re.sub(r"\s+", " ", str(value)).strip() if value else None


def parse_mbox(source: Source) -> Parsed:
    """A mailbox: each message is a part."""
    starts = [match.end() for match in MESSAGE_START.finditer(source.data)]
    heads = [match.start() for match in MESSAGE_START.finditer(source.data)]
    if not starts:
        raise InputError(f"{source.path} is no mailbox: no message begins in it", advice="If it is one message, give it the ending .eml.")
    parts = Parts(source)
    for number, start in enumerate(starts, start=1):
        end = heads[number] if number < len(heads) else len(source.data)
        data = re.sub(rb"(?m)^>(>*From )", rb"\1", source.data[start:end]).rstrip(b"\r\n") + b"\n"
        parts.add(f"#{number}", data, media_type="message/rfc822", context={"message": str(number)})
    return parts.parsed()

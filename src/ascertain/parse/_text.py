"""Plain text: decoded, otherwise unchanged; its head tells title, publisher, byline and date."""

from __future__ import annotations

import codecs
import re

import attrs

from ascertain.errors import InputError
from ascertain.parse._dates import dates_in, published_in
from ascertain.parse._language import language_of
from ascertain.parse._parsed import Parsed, Source, bounded_text
from ascertain.records import Dated, Document

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
HEADLINE_CHARACTERS = 160
NAME_WORDS, SHORT_NAME = 9, 5  # words of a name of an outlet at most; of one below a headline in capitals
HEAD_LINES = 6
BYLINE = re.compile(r"^\s*(?:by|from)\s+(?=[A-Z])(.{3,80})$", re.IGNORECASE)
DATELINE_AGENCY = re.compile(r"\(([A-Z][\w&.' -]{1,60})\)\s*(?:[—–-]|$)")
SENTENCE_END = re.compile(r"[.!?][\"”’']?\s+[A-Z]|[.]\s*$")
CONTROL_SHARE = 0.05  # more control characters than this: not text
WIDE_SHARE = 0.6  # of the characters that have a zero byte: UTF-16 of a Latin script, spaces and digits of others stay below
LEAST_WIDE = 8  # characters below which UTF-16 is not guessed
WHOLE_FOR_BROKEN = 10  # well-formed characters beyond ASCII for each broken byte: bytes of another encoding are seldom well-formed UTF-8


def decode(data: bytes, path: str, declared: str | None = None) -> str:
    """Bytes to text: byte order mark (which is no part of the text), UTF-8, what was declared, then a guess.

    Raises:
        InputError: the bytes are no text.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    wide = _without_mark(data)
    if wide is not None:
        return data.decode(wide, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _declared(data, declared) or _damaged(data) or _guessed(data, path)
    controls = sum(ord(c) < 32 and c not in "\t\n\r\f\v" for c in text[:10_000])
    if controls > CONTROL_SHARE * min(len(text), 10_000):
        raise InputError(f"{path} is no text (it holds control characters)", advice="Check what kind of file it is; it stays preserved.")
    return text


def _declared(data: bytes, declared: str | None) -> str | None:
    try:
        return data.decode(declared) if declared else None
    except (UnicodeDecodeError, LookupError):
        return None


def _without_mark(data: bytes) -> str | None:
    """UTF-16 that no byte order mark announces: mostly Latin letters have a zero in every second byte."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < LEAST_WIDE:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > WIDE_SHARE * half and not even:
        return "utf-16-le"
    return "utf-16-be" if even > WIDE_SHARE * half and not odd else None


def _damaged(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes, each of which becomes U+FFFD; None where the bytes are rather of another encoding."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(c > "\x7f" for c in text) - broken
    return text if whole > WHOLE_FOR_BROKEN * broken else None


def _guessed(data: bytes, path: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise InputError(f"the encoding of {path} can't be told", advice="Save it as UTF-8 and add it again.")
    return data.decode(best.encoding, errors="replace")


def parse_text(source: Source) -> Parsed:
    """A plain text; every character stays where it is."""
    text = bounded_text(decode(source.data, source.path), source)
    return Parsed(document_of(text, source))


def document_of(text: str, source: Source) -> Document:
    """A document of a text whose head may tell title, publisher, byline and date.

    Raises:
        InputError: there is no text.
    """
    if not text.strip():
        raise InputError(f"{source.path} holds no text", advice="It stays preserved; if it is a picture of a text, OCR is needed.")
    title, publisher, byline = _head(text)
    published = published_in(text)
    return Document(
        id=source.digest, path=source.path, text=text, title=title, publisher=publisher, byline=byline, language=language_of(text),
        published=published, media_type=source.media_type, parent=source.parent, url=source.context.get("url"),
    )  # fmt: skip


def with_context(document: Document, **known: str | None) -> Document:
    """The document with what its format knows; only what is given replaces what the text told."""
    changes: dict[str, object] = {key: value.strip() for key, value in known.items() if value and value.strip() and key != "published"}
    published = known.get("published")
    if published:
        changes["published"] = Dated(published)
    return attrs.evolve(document, **changes)  # type: ignore[arg-type]  # keys are Document's, given by our readers


def _head(text: str) -> tuple[str | None, str | None, str | None]:
    """Title, publisher and byline from the first lines."""
    lines = [line.strip() for line in text.split("\n")[: 3 * HEAD_LINES] if line.strip()][:HEAD_LINES]
    byline = next((match[1].strip() for line in lines[1:] if (match := BYLINE.match(line))), None)
    heads = []
    for line in lines:
        if not _is_head_line(line):
            break
        heads.append(line)
    named = [line for line in heads if not BYLINE.match(line) and not _is_date_line(line) and any(c.isalpha() for c in line)]
    title = named[0] if named and len(heads) < len(lines) else None
    publisher = _agency(lines) or _named_publisher(heads, named)
    if publisher is not None and publisher == title:
        title = next((line for line in named if line != publisher), None)
    return title, publisher, byline


def _is_head_line(line: str) -> bool:
    return len(line) <= HEADLINE_CHARACTERS and not SENTENCE_END.search(line) and not _is_opening(line)


def _is_opening(line: str) -> bool:
    """Whether a line is a place or a date, a dash and the first words of the text; `FLASH No. 1 — Shells on a camp` is a headline."""
    dash = re.search(r"[—–]\s+\S+\s+\S+\s+\S+\s+\S+\s+\S", line)
    before = line[: dash.start()].strip() if dash else ""
    return dash is not None and (not before or bool(dates_in(before)) or re.sub(r"\(.*\)", "", before).isupper())


def _is_date_line(line: str) -> bool:
    found = dates_in(line)
    return bool(found) and len(line) - (found[0][1].end - found[0][1].start) < 40


def _is_name(line: str) -> bool:
    """Whether a line is a short name, every word with a capital: the outlet below a headline in capitals."""
    words = line.split()
    return (
        1 < len(words) <= SHORT_NAME and not line.isupper() and all(w[:1].isupper() or w in {"of", "the", "and", "de", "la"} for w in words)
    )


def _is_short(line: str) -> bool:
    """Whether a line can be an outlet's name: it is short, or it ends in the name's acronym."""
    return (len(line) <= 60 and len(line.split()) <= NAME_WORDS) or re.search(r" \([A-Z]{2,}[A-Za-z]*\)$", line) is not None


def _agency(lines: list[str]) -> str | None:
    """The agency in a dateline: `KYIV, 5 April 2022 (Agency) —`; a full name elsewhere in the head wins over a short form."""
    for line in lines:
        match = DATELINE_AGENCY.search(line[:HEADLINE_CHARACTERS])
        if match and dates_in(line[:HEADLINE_CHARACTERS]):
            full = [
                other for other in lines
                if other != line and len(other) < 60 and (other.startswith(match[1]) or "".join(w[0] for w in other.split() if w[:1].isupper()) == match[1])
            ]  # fmt: skip
            return full[0] if full else match[1]
    return None


def _named_publisher(heads: list[str], named: list[str]) -> str | None:
    """`Outlet | date | kind`, `Outlet, 27 March 2021`, or a short second line between headline and dateline."""
    for line in heads:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) > 1 and dates_in(line):
            return next((part for part in parts if not dates_in(part)), None)
    for number, line in enumerate(heads):
        found = dates_in(line)
        if number > 1 and len(named) > 1 and _is_short(named[1]):
            break  # a place and a day below the outlet: `Mountains of Cauca, 13 February`
        before = line[: found[0][1].start].rstrip(" ,") if found else ""
        if (
            found
            and 3 < len(before) < 60
            and not re.search(r"\b(issued|published|updated|posted|dated?|release|bulletin)\b", before, re.IGNORECASE)
            and not before.isupper()
        ):
            words = re.sub(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b,?", "", before, flags=re.IGNORECASE).rstrip(" ,")
            if words:
                return words
    if named and named[0].isupper() and len(named) > 1 and len(heads) > 2 and not _is_name(named[1]):
        return named[0]
    short = [line for line in named[1:] if _is_short(line)]
    return short[0] if short else None

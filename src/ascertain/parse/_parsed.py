"""What parsing gives, and the limits that bound it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import attrs

from ascertain.errors import LimitError
from ascertain.records import Document

MAX_NAME_CHARACTERS = 200
THE_SAME = "#"  # name of a part that is known under its container's name: the page of a web capture
MAX_NOTES = 50  # parts left out that are named; the others are counted


@attrs.frozen
class Limits:
    """Bounds on one original.

    Attributes:
        max_text_characters: of a main text.
        max_children: parts of a container.
        max_child_bytes: all parts of a container together, unpacked.
        max_ratio: unpacked over packed size of one entry, above which it is taken for a bomb (from a megabyte on).
        max_pages: of a PDF.
    """

    max_text_characters: int = 5_000_000
    max_children: int = 10_000
    max_child_bytes: int = 400_000_000
    max_ratio: int = 200
    max_pages: int = 2_000


@attrs.frozen
class Child:
    """A part of a container, to be preserved as an original of its own.

    Attributes:
        name: path part inside the container, harmless; begins with `#` for parts without a name of their own, is `#` alone where the container's name is theirs.
        context: what the container says about it (`url`, `warc_date`, `mail_subject`, `row`, …).
    """

    name: str
    data: bytes
    media_type: str | None = None
    context: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Parsed:
    """A document, parts, or both (mail with attachments); `notes` say what was left out and why."""

    document: Document | None
    children: tuple[Child, ...] = ()
    notes: tuple[str, ...] = ()


@attrs.frozen
class Source:
    """One original on its way through a reader."""

    data: bytes
    digest: str
    path: str
    media_type: str
    parent: str | None
    context: Mapping[str, str]
    limits: Limits


class Parts:
    """Collects a container's parts within its limits."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._bytes = 0
        self._unnamed = 0
        self.children: list[Child] = []
        self._notes: list[str] = []

    def add(self, name: str, data: bytes, *, media_type: str | None = None, context: Mapping[str, str] | None = None) -> None:
        """Take a part in.

        Raises:
            LimitError: there are too many, or they are too large together.
        """
        limits = self._source.limits
        self._bytes += len(data)
        if len(self.children) >= limits.max_children:
            raise LimitError(
                f"{self._source.path} has more than {limits.max_children:,} parts", advice="Unpack it by hand and add its parts."
            )
        if self._bytes > limits.max_child_bytes:
            raise LimitError(
                f"{self._source.path} unpacks to more than {limits.max_child_bytes:,} bytes", advice="Unpack it by hand and add its parts."
            )
        self.children.append(Child(harmless_name(name), data, media_type, dict(context or {})))

    def leave_out(self, name: str, why: str) -> None:
        """Say that a part was left out."""
        self.note(f"left out {harmless_name(name)}: {why}.")

    def note(self, sentence: str) -> None:
        """Say something about the container; beyond a number it is only counted."""
        if len(self._notes) < MAX_NOTES:
            self._notes.append(sentence)
        else:
            self._unnamed += 1

    def parsed(self, document: Document | None = None) -> Parsed:
        """What the container gave."""
        more = (f"{self._unnamed:,} more notes are not shown.",) if self._unnamed else ()
        return Parsed(document, tuple(self.children), (*self._notes, *more))

    @property
    def room(self) -> int:
        """Bytes that may still come."""
        return self._source.limits.max_child_bytes - self._bytes


def harmless_name(name: str) -> str:
    """A name that leads nowhere: no root, no `..`, no control or direction-changing characters, of bounded length."""
    parts = [part for part in re.split(r"[/\\]+", name) if part not in {"", ".", ".."}]
    clean = "/".join("".join(c if unicodedata.category(c)[0] != "C" else "_" for c in part) for part in parts)
    clean = re.sub(r"^(?:\s*[A-Za-z]:/?)+", "", clean).strip() or "unnamed"
    return clean if len(clean) <= MAX_NAME_CHARACTERS else clean[: MAX_NAME_CHARACTERS // 2] + "…" + clean[-MAX_NAME_CHARACTERS // 2 :]


def bounded_text(text: str, source: Source) -> str:
    """A main text without what JSON and UTF-8 can't carry (lone surrogates become U+FFFD, one for one).

    Raises:
        LimitError: it is too long.
    """
    if len(text) > source.limits.max_text_characters:
        raise LimitError(
            f"the text of {source.path} is longer than {source.limits.max_text_characters:,} characters",
            advice="Split it, or raise max_text_characters.",
        )
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)

"""Make a mark of sensitivity from what a person says, or refuse it with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ascertain.errors import UsageError
from ascertain.records import Document, Label, Mark, MarkKind, Sensitivity, Span
from ascertain.records.names import key_of


@attrs.frozen
class Classing:
    """What a person says of how sensitive something is.

    Attributes:
        thing: of an item a path or an id (8 digits or more), of an entity its name, of a passage its words.
        also: other names of an entity.
        label: what a pseudonym calls an entity; None: a person.
        document: where a passage stands: a path or an id.
    """

    kind: MarkKind
    thing: str
    sensitivity: Sensitivity
    by: str
    reason: str
    also: tuple[str, ...] = ()
    label: Label | None = None
    document: str | None = None


def make_mark(wanted: Classing, *, documents: Sequence[Document], originals: Sequence[str], at: str) -> Mark:
    """Check what a person says against the case and make the record.

    Raises:
        UsageError: there is no such document or passage, or no person or reason.
    """
    if not wanted.by.strip() or not wanted.reason.strip():
        raise UsageError("a class of sensitivity needs a person and a reason", advice="Give --by NAME and --reason TEXT.")
    if wanted.kind is MarkKind.ITEM:
        return _mark(wanted, _item(wanted.thing, documents, originals), at)
    if wanted.kind is MarkKind.ENTITY:
        key = key_of(wanted.thing)
        if not key:
            raise UsageError(f"{wanted.thing!r} is no name", advice="Give the name as it stands in the documents.")
        names = tuple(dict.fromkeys(" ".join(name.split()) for name in (wanted.thing, *wanted.also)))
        return _mark(wanted, key, at, names=names, label=wanted.label or Label.PERSON)
    document, span = _passage(wanted, documents, originals)
    words = document.text[span.start : span.end]
    return _mark(wanted, f"{document.id} {span.start}-{span.end}", at, names=(words,), document=document.id, span=span)


def _mark(wanted: Classing, key: str, at: str, **more: object) -> Mark:
    return Mark(wanted.kind, key, wanted.sensitivity, wanted.reason, wanted.by, at, **more)  # type: ignore[arg-type]  # as the callers give them


def _item(wanted: str, documents: Sequence[Document], originals: Sequence[str]) -> str:
    found = {document.id for document in documents if document.path == wanted or document.path.rpartition("/")[2] == wanted}
    found |= {digest for digest in originals if len(wanted) >= 8 and digest.startswith(wanted)}
    if len(found) != 1:
        many = "no document" if not found else f"{len(found)} documents"
        raise UsageError(f"there is {many} {wanted}", advice="Give its path as the reports print it, or 8 digits or more of its SHA-256.")
    return found.pop()


def _passage(wanted: Classing, documents: Sequence[Document], originals: Sequence[str]) -> tuple[Document, Span]:
    if wanted.document is None:
        raise UsageError("a passage stands in a document", advice="Give --in DOCUMENT.")
    key = _item(wanted.document, documents, originals)
    document = next((one for one in documents if one.id == key), None)
    start = document.text.find(wanted.thing) if document and wanted.thing.strip() else -1
    if document is None or start < 0:
        raise UsageError("these words do not stand in that document", advice="Give them exactly, with their capitals and marks.")
    return document, Span(start, start + len(wanted.thing))

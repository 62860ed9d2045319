"""PDF with a text layer, and DOCX."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

from ascertain.errors import InputError, LimitError
from ascertain.parse._parsed import Parsed, Source, bounded_text
from ascertain.parse._text import document_of, with_context

PAGE_BREAK = "\n\n"
MAX_DOCX_BYTES = 200_000_000  # of all its parts, unpacked
PDF_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def parse_pdf(source: Source) -> Parsed:
    """A PDF's text layer, pages joined by an empty line."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    try:
        pdf = pypdfium2.PdfDocument(source.data)
    except PdfiumError as error:
        locked = "password" in str(error).lower()
        advice = "Save it without a password and add that too." if locked else "Open it with another program, and add what that saves."
        raise InputError(f"{source.path} {'is locked with a password' if locked else 'is a damaged PDF'}", advice=advice) from error
    try:
        if len(pdf) > source.limits.max_pages:
            raise LimitError(
                f"{source.path} has {len(pdf):,} pages, more than {source.limits.max_pages:,}", advice="Split it, or raise max_pages."
            )
        pages, unread = [], 0
        for number in range(len(pdf)):
            try:
                pages.append(_page_text(pdf[number]))
            except PdfiumError:
                unread += 1
        about = pdf.get_metadata_dict()
    finally:
        pdf.close()
    text = PAGE_BREAK.join(page for page in pages if page.strip())
    if not text.strip():
        raise InputError(
            f"{source.path} has no text layer ({len(pages)} pages)", advice="It stays preserved; run OCR over it and add the result too."
        )
    document = document_of(bounded_text(text, source), source)
    made = PDF_DATE.match(about.get("CreationDate") or "")
    published = None if document.published or not made else "-".join(part for part in made.groups() if part)
    notes = (f"{unread} pages could not be read.",) if unread else ()
    return Parsed(with_context(document, title=about.get("Title"), byline=about.get("Author"), published=published), notes=notes)


def _page_text(page: object) -> str:
    layer = page.get_textpage()  # type: ignore[attr-defined]  # a pypdfium2 page
    return re.sub(r"\r\n?", "\n", str(layer.get_text_bounded())).replace("\ufffe", "-")


def parse_docx(source: Source) -> Parsed:
    """A DOCX: paragraphs and tables in their order."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_DOCX_BYTES:
                raise LimitError(f"{source.path} unpacks to more than {MAX_DOCX_BYTES:,} bytes", advice="Save its text and add that.")
        opened = docx.Document(io.BytesIO(source.data))
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{source.path} is a damaged DOCX", advice="Open it with another program, and add what that saves.") from error
    text = "\n\n".join(block for item in opened.iter_inner_content() if (block := _block(item)).strip())
    about = opened.core_properties
    made = about.created if isinstance(about.created, datetime) else None
    document = document_of(bounded_text(text, source), source)
    told = made.replace(tzinfo=UTC).date().isoformat() if made and not document.published and made.year > 2013 else None
    return Parsed(
        with_context(document, title=about.title or None, byline=about.author if about.author != "python-docx" else None, published=told)
    )


def _block(item: object) -> str:
    rows = getattr(item, "rows", None)
    if rows is None:
        return str(getattr(item, "text", ""))
    return "\n".join("\t".join(cell.text for cell in row.cells) for row in rows)

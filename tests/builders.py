"""Files and records for tests, with readable defaults."""

from __future__ import annotations

import io
import tarfile
import zipfile
from email.message import EmailMessage

from ascertain.parse import Limits
from ascertain.parse._parsed import Source
from ascertain.records import Capture, Document, Outcome

REPORT = "Shelling kills twelve in Harvan\n\nHARVAN, 5 April 2022 (Sample Wire) — Shelling killed at least 12 people in Kyiv on Monday, the mayor said.\n"
WIRE = (
    "Mayor counts the dead in Harvan\n\nHARVAN, 5 April 2022 (Sample Wire) — Shelling killed at least 12 people in Kyiv on Monday, the mayor said. "
    "The defence ministry denied it.\n"
)
PAGE = (
    '<!doctype html><html><head><title>Shelling in Kyiv</title><meta name="date" content="2022-04-06"></head><body><article>'
    "<p>Shelling in Kyiv on 4 April 2022 killed 14 people, the ambulance service said on Wednesday.</p>"
    "<p>Nine others were injured.</p></article></body></html>"
)


def a_source(data: bytes | str, path: str = "report.txt", media_type: str = "text/plain", **more) -> Source:
    content = data.encode() if isinstance(data, str) else data
    more = {"digest": "0" * 64, "parent": None, "context": {}, "limits": Limits()} | more
    return Source(data=content, path=path, media_type=media_type, **more)


def a_document(text: str = REPORT, number: int = 1, **more) -> Document:
    return Document(**{"id": f"{number:064x}", "path": f"report-{number}.txt", "text": text, "language": "en"} | more)


def a_capture(data: bytes = b"some bytes", **more) -> Capture:
    import hashlib

    digest = hashlib.sha256(data).hexdigest()
    given = {
        "id": f"capture-{digest[:8]}", "original": digest, "path": "report.txt", "source": "/evidence/report.txt", "collector": "T. Collector",
        "captured_at": "2026-01-02T03:04:05Z", "tool": "ascertain test", "media_type": "text/plain", "size": len(data),
    }  # fmt: skip
    return Capture(**given | more)


def an_outcome(original: str, stage: str = "parse", state: str = "done", version: str = "1", **more) -> Outcome:
    return Outcome(original, stage, state, version, **more)


def a_zip(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, (2022, 4, 5, 0, 0, 0)), data, compression)
    return out.getvalue()


def a_tar(files: dict[str, bytes], *links: tuple[str, str], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as packed:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
        for name, target in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            packed.addfile(entry)
    return out.getvalue()


def a_mail(body: str = REPORT, *, html: str | None = None, attachments: dict[str, bytes] | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in (
        {"Subject": "Field note", "From": "A. Monitor <a@example.org>", "Date": "Wed, 06 Apr 2022 10:00:00 +0300"} | headers
    ).items():
        message[name] = value
    if body:
        message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html") if body else message.set_content(html, subtype="html")
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def an_mbox(*messages: EmailMessage) -> bytes:
    return b"".join(b"From a@example.org Wed Apr  6 10:00:00 2022\n" + m.as_bytes() + b"\n\n" for m in messages)


def a_feed(*items: str, head: str = "<title>Harvan Daily</title>", declaration: str = "") -> bytes:
    return f'<?xml version="1.0"?>{declaration}<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def a_page(body: str = "", *, head: str = "<title>Shelling in Harvan</title>") -> str:
    paragraphs = body or "".join(f"<p>{line}</p>" for line in REPORT.splitlines() if line)
    return f"<!doctype html><html><head>{head}</head><body><article>{paragraphs}</article></body></html>"


def a_warc(*pages: tuple[str, str, bytes], packed: bool = False) -> bytes:
    """Response records of (address, media type, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for address, kind, body in pages:
        http = StatusAndHeaders("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=http))
    return out.getvalue()


def a_pdf(text: str = REPORT, *, title: str | None = None) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    if title:
        pdf.set_title(title)
    for page in text.split("\f"):
        pdf.add_page()
        pdf.multi_cell(0, 6, page.replace("—", "-"))
    return bytes(pdf.output())


def a_docx(*paragraphs: str, title: str = "", rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    import docx

    made = docx.Document()
    for paragraph in paragraphs or REPORT.strip().split("\n\n"):
        made.add_paragraph(paragraph)
    if rows:
        table = made.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    made.core_properties.title = title
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()

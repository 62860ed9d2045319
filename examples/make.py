"""Make the sample case's web pages, PDF, DOCX, mail, feed, web archive, table and ZIP from the plain texts in `sources/`.

    .venv/bin/python examples/make.py [OUT]

Writes to `reports/` beside this file, or to OUT. The plain texts of `reports/` stand there themselves and are not touched. Same sources and
same packages, same bytes: all dates are the texts' own and ids are fixed (DOCX is compressed, and so depends on the machine's zlib too).
Everything is synthetic.
"""

# ruff: noqa: INP001  (a script, no package)
from __future__ import annotations

import html
import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from string import Template

import docx
from fpdf import FPDF
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
ZIP_TIME = (2025, 3, 11, 9, 0, 0)


def text_of(name: str) -> str:
    """A source text."""
    return (SOURCES / f"{name}.txt").read_text(encoding="utf-8")


def blocks_of(name: str) -> list[str]:
    """Its paragraphs; the lines of the head each for itself."""
    head, *rest = text_of(name).strip().split("\n\n")
    return [*head.split("\n"), *rest]


def page(name: str, *, date: str, byline: str = "", skip: int = 2) -> bytes:
    """A news site's page; `skip` head lines (title, outlet, byline) stand in the page's head instead of its text."""
    title, outlet, *body = blocks_of(name)
    about = {
        "title": title, "outlet": outlet, "byline": byline or outlet, "date": date, "url": address(outlet, name),
    }  # fmt: skip
    paragraphs = "\n".join(f"<p>{html.escape(block)}</p>" for block in body[skip - 2 :])
    template = Template((SOURCES / "page.html").read_text(encoding="utf-8"))
    return template.substitute({k: html.escape(v) for k, v in about.items()}, paragraphs=paragraphs).encode()


def address(outlet: str, name: str) -> str:
    """An address under the top-level domain that is reserved for examples."""
    return f"https://{''.join(c for c in outlet.lower() if c.isalnum())}.example/{name}"


def pdf(name: str, *, made: datetime) -> bytes:
    """A one-page bulletin with a text layer."""
    made_pdf = FPDF(format="A4")
    made_pdf.core_fonts_encoding = "windows-1252"
    made_pdf.set_compression(False)  # the same bytes with every zlib
    made_pdf.set_creation_date(made)
    title, outlet, *body = blocks_of(name)
    made_pdf.set_title(title)
    made_pdf.set_author(outlet)
    made_pdf.add_page()
    for number, block in enumerate((title, outlet, *body)):
        made_pdf.set_font("Helvetica", style="B" if number == 0 else "", size=16 if number == 0 else 11)
        made_pdf.multi_cell(0, 6, block, new_x="LMARGIN", new_y="NEXT", align="L")
        made_pdf.ln(3)
    return bytes(made_pdf.output())


def word(name: str, *, made: datetime) -> bytes:
    """A DOCX, its inner ZIP written anew with fixed times."""
    document = docx.Document()
    title, *body = blocks_of(name)
    about = document.core_properties
    author = next((block.removeprefix("By ") for block in body if block.startswith("By ")), body[0])
    about.title, about.author, about.created, about.modified = title, author, made, made
    document.add_heading(title, level=1)
    for block in body:
        document.add_paragraph(block)
    packed = io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as inner:
        return zipped({entry: inner.read(entry) for entry in inner.namelist()}, method=zipfile.ZIP_DEFLATED)


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of files with one fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, ZIP_TIME), data, compress_type=method)
    return out.getvalue()


def mail(name: str, attached: str, *, sender: str, sent: datetime) -> bytes:
    """A mail with a DOCX attached."""
    subject, *body = text_of(name).split("\n", 1)
    message = EmailMessage(policy=policy.SMTP.clone(max_line_length=78))
    message["From"], message["To"], message["Subject"] = sender, "desk@borderrightsdesk.example", subject
    message["Date"], message["Message-ID"] = format_datetime(sent), f"<{name}@borderrightsdesk.example>"
    message.set_content(body[0], cte="8bit")
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    message.add_attachment(word(attached, made=sent), maintype="application", subtype=kind, filename=f"{attached}.docx")
    message.set_boundary("=_sample_case_1")
    return message.as_bytes()


def feed(names: dict[str, datetime], *, outlet: str) -> bytes:
    """An RSS feed whose items hold their whole text."""
    items = []
    for name, published in names.items():
        title, _, *body = blocks_of(name)
        paragraphs = html.escape("".join(f"<p>{html.escape(block)}</p>" for block in body))
        items.append(
            f"<item>\n<title>{html.escape(title)}</title>\n<link>{address(outlet, name)}</link>\n"
            f"<pubDate>{format_datetime(published)}</pubDate>\n<description>{html.escape(body[0][:90])}</description>\n"
            f"<content:encoded>{paragraphs}</content:encoded>\n</item>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        f"<title>{outlet}</title>\n<link>{address(outlet, '')}</link>\n<description>Synthetic feed of a sample case</description>\n"
        + "\n".join(items)
        + "\n</channel>\n</rss>\n"
    ).encode()


def crawl(pages: dict[str, tuple[bytes, str]]) -> bytes:
    """A web archive with a response record a page; each value is the page and the moment of its capture."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for number, (url, (data, captured)) in enumerate(pages.items(), start=1):
        told = {"WARC-Date": captured, "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"}
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(data), http_headers=http, warc_headers_dict=told))
    return out.getvalue()


def review(rows: dict[str, str]) -> bytes:
    """A table of articles as JSON Lines; each value is the day of publication."""
    lines = []
    for name, published in rows.items():
        title, outlet, *body = blocks_of(name)
        row = {"id": name, "title": title, "publisher": outlet, "published": published, "text": "\n\n".join(body)}
        lines.append(json.dumps(row, ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode()


def day(number: int, hour: int = 12) -> datetime:
    """A moment in March 2025."""
    return datetime(2025, 3, number, hour, tzinfo=UTC)


REPORTS: dict[str, Callable[[], bytes]] = {
    "03-harbourtimes.html": lambda: page("03-harbourtimes", date="2025-03-03", byline="Sahel Wire", skip=3),
    "06-sahelwire.html": lambda: page("06-sahelwire", date="2025-03-05"),
    "07-crossbordermedics.pdf": lambda: pdf("07-crossbordermedics", made=day(6)),
    "09-meridian.html": lambda: page("09-meridian", date="2025-03-04"),
    "12-coaltownecho.docx": lambda: word("12-coaltownecho", made=day(6)),
    "16-coaltownecho.html": lambda: page("16-coaltownecho", date="2025-03-07"),
    "17-crawl.warc": lambda: crawl(
        {
            address("Witness Bench", "17a"): (page("17a-witnessbench", date="2025-03-09"), "2025-03-10T08:00:00Z"),
            address("Harbour Times", "17b"): (
                page("17b-harbourtimes", date="2025-03-07", byline="Meridian News Agency", skip=3),
                "2025-03-10T08:01:00Z",
            ),
        }
    ),
    "19-monitor.eml": lambda: mail("19a-monitor", "19b-bodylist", sender="Naw Eh Paw <field@borderrightsdesk.example>", sent=day(8, 6)),
    "20-pressreview.jsonl": lambda: review({"20a-councilgazette": "2025-03-07", "20b-hillsvoice": "2025-03-08"}),
    "22-inbox.zip": lambda: zipped(
        {
            "22a-grabenpress.txt": text_of("22a-grabenpress").encode(),
            "22b-sectorcommand.txt": text_of("22b-sectorcommand").encode(),
            "22c-parish.html": page("22c-parish", date="2025-03-09"),
            "22d-grabenpress.txt": text_of("22d-grabenpress").encode(),
        }
    ),
    "23-meridian.xml": lambda: feed(
        {"23a-meridian": day(6), "23b-meridian": day(5), "23c-meridian": day(10)}, outlet="Meridian News Agency"
    ),
}


def main(out: Path) -> None:
    """Write all files that are not plain text."""
    out.mkdir(parents=True, exist_ok=True)
    for name, made in REPORTS.items():
        (out / name).write_bytes(made())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "reports")

"""Write the report: one folder of HTML, CSS, scripts, pictures and CSV that opens from disk and asks nothing of any network."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ascertain._version import VERSION
from ascertain.errors import InputError, UsageError
from ascertain.models.places import Gazetteer
from ascertain.publish._book import Book, make_book
from ascertain.publish._contents import CaseContents
from ascertain.publish._pages import IncidentRow, document_rows, failure_rows, overview_page
from ascertain.publish._protect import protect_text
from ascertain.publish._readings import claimed_passages, document_page
from ascertain.publish._register import Guard, Register, make_register
from ascertain.publish._sheets import sheet_page
from ascertain.publish._tables import claims_csv, documents_csv, facts_csv, failures_csv, incidents_csv
from ascertain.publish._towns import towns_near
from ascertain.publish._words import SHAPES, STATUSES, counted, moment_words, sentence_case
from ascertain.records import Reading

HERE = Path(__file__).parent
GENERATOR = "ascertain report"
# No inline script or style, nothing from anywhere but this folder; 'self' covers a folder on disk too (checked in Chromium).
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-src 'none'"
KNOWN_TOWN_PEOPLE = 15_000  # a place of this size is well enough known for its name to be read as a place's


@attrs.frozen
class Site:
    """What stands on every page."""

    case_name: str
    generated: str
    checkpoint: str
    protected: bool
    protected_count: int
    version: str = VERSION
    policy: str = POLICY
    generator: str = GENERATOR


def environment() -> Environment:
    """The templates; everything is escaped, and a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.update(shapes=SHAPES, statuses=STATUSES)
    made.filters.update(counted=counted, sentence=sentence_case)
    return made


def write_report(folder: Path, contents: CaseContents, *, protect_names: bool = True) -> Path:
    """Write the report of a case and give the path of its first page.

    An older report in the folder is replaced as a whole, once the new one is complete: no page of it is left behind.

    Args:
        folder: where to; made if it isn't there.
        contents: the case.
        protect_names: put pseudonyms for the names of victims, witnesses and private persons.

    Raises:
        UsageError: the folder holds something that is no report.
    """
    _refuse_other(folder)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, data in report_files(contents, protect_names=protect_names):
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder / "index.html"


def _refuse_other(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    index = folder / "index.html"
    if not index.is_file() or f'name="generator" content="{GENERATOR}' not in index.read_text("utf-8", errors="replace")[:2000]:
        raise UsageError(
            f"{folder} holds something else than a report", advice="Name an empty folder, or one that an earlier report is in."
        )


def report_files(contents: CaseContents, *, protect_names: bool = True) -> Iterator[tuple[str, bytes]]:
    """Every file of the report: its path within the folder and its bytes."""
    for name, data in _files(contents, protect_names=protect_names):
        yield name, data if contents.register is None else _without_names(name, data, contents.register)


def _without_names(name: str, data: bytes, register: Register) -> bytes:
    """Our own words hold names too (the base map those of countries): they must not be taken for the case's."""
    if not name.endswith((".html", "basemap.js")):
        return data
    text = data.decode("utf-8")
    # small letters are words and code, but several words can be a passage over two fields that a page puts side by side
    swaps = [swap for swap in register.surely(text) if text[swap.start].isupper() or " " in text[swap.start : swap.end]]
    return protect_text(text, swaps).text.encode() if swaps else data


def _files(contents: CaseContents, *, protect_names: bool) -> Iterator[tuple[str, bytes]]:
    gazetteer = _gazetteer()
    register = contents.register or (register_of(contents.readings, gazetteer, guard=contents.guard) if protect_names else Register())
    protected = protect_names or contents.register is not None
    book = make_book(contents, register)
    site = Site(
        book.words(contents.name), moment_words(contents.generated_at), checkpoint_words(contents.checkpoint), protected, register.count
    )  # fmt: skip
    rows = overview_page(book).incidents
    for name, text in (*_pages(book, site), *_data(book, rows)):
        yield name, text.encode("utf-8", errors="replace")
    yield "static/print.css", print_css(site).encode()
    towns = towns_near(rows, gazetteer, hidden=lambda n: book.words(n) != n) if gazetteer else []
    yield "static/towns.js", f"window.ascertainTowns={json.dumps([[t.name, t.lat, t.lon, t.people] for t in towns])};\n".encode()
    for path in sorted((HERE / "static").rglob("*")):
        if path.is_file():
            yield f"static/{path.relative_to(HERE / 'static').as_posix()}", path.read_bytes()


def register_of(readings: Sequence[Reading], gazetteer: Gazetteer | None = None, *, guard: Guard | None = None) -> Register:
    """Whose names a report of these readings would protect, and by which pseudonyms; `guard` is what people have said."""
    return make_register(readings, is_place=_place_test(gazetteer or _gazetteer()), guard=guard)


def _pages(book: Book, site: Site) -> Iterator[tuple[str, str]]:
    templates = environment()

    def page(template: str, *, root: str = "", here: str, **values: Any) -> str:
        return templates.get_template(template).render(site=site, root=root, here=here, **values)

    overview, failures, documents = overview_page(book), failure_rows(book), document_rows(book)
    yield "index.html", page("overview.html", here="overview", page=overview, failures=failures)
    yield "incidents.html", page("incidents.html", here="incidents", page=overview)
    yield "documents.html", page("documents.html", here="documents", rows=documents)
    yield "failures.html", page("failures.html", here="failures", rows=failures)
    yield "methods.html", page("methods.html", here="methods", contents=book.contents, makers=_makers(book), overview=overview)
    for incident in book.contents.findings.incidents:
        sheet = sheet_page(book, incident)
        yield book.incident_href(incident), page("incident.html", root="../", here="incidents", page=sheet)
    claimed = claimed_passages(book)
    for reading in book.contents.readings:
        shown = document_page(book, reading, claimed=claimed.get(reading.document.id, ()))
        yield shown.href, page("document.html", root="../", here="documents", page=shown)


def _data(book: Book, rows: Sequence[IncidentRow]) -> Iterator[tuple[str, str]]:
    incidents = book.contents.findings.incidents
    yield "data/incidents.csv", incidents_csv(rows)
    yield "data/facts.csv", facts_csv(book)
    yield "data/claims.csv", claims_csv(book, incidents)
    yield "data/documents.csv", documents_csv(document_rows(book))
    yield "data/failures.csv", failures_csv(failure_rows(book))
    for incident in incidents:
        yield f"data/{incident.id}.csv", claims_csv(book, [incident])


def _makers(book: Book) -> list[str]:
    """What read and linked: every version that stands in the readings and findings."""
    made = {r.made_by for r in book.contents.readings if r.made_by} | {book.contents.findings.made_by or ""}
    return sorted(m for m in made if m)


def _gazetteer() -> Gazetteer | None:
    """The gazetteer; a report can be written without it, its map then names no towns."""
    try:
        return Gazetteer.open()
    except InputError:
        return None


def _place_test(gazetteer: Gazetteer | None) -> Callable[[str], bool]:
    if gazetteer is None:
        return lambda _name: False
    return lambda name: any(c.kind != "city" or c.population >= KNOWN_TOWN_PEOPLE for c in gazetteer.exact(name))


def checkpoint_words(note: str | None) -> str:
    """A checkpoint in one line: log, size and the first characters of its root."""
    lines = (note or "").splitlines()
    if len(lines) < 3:
        return "no checkpoint"
    return f"{lines[0]}, {int(lines[1]):,} records, root {lines[2][:12]}…" if lines[1].isdigit() else lines[0]


def print_css(site: Site) -> str:
    """Page headers and footers on paper; the words are the report's, written as CSS strings."""
    names = "names protected" if site.protected else "names shown"
    return (
        f"@page {{ size: A4; margin: 22mm 16mm 18mm; @top-left {{ content: {css_string(f'{site.case_name} · {names}')}; }} "
        f"@top-right {{ content: {css_string(site.generated)}; }} @bottom-left {{ content: {css_string(f'checkpoint {site.checkpoint}')}; }} "
        '@bottom-right { content: counter(page) " of " counter(pages); } }\n'
    )


def css_string(words: str) -> str:
    """Words as a CSS string: everything but letters, digits and spaces of ASCII as an escape."""
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in words) + '"'

"""The report's pages: hostile words stay words, links lead somewhere, figures lead to their words, unknown is said."""

from __future__ import annotations

import csv
import hashlib
import io
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest
from reports import HOSTILE, a_capture_of, some_contents, witness_reading

from ascertain.errors import UsageError
from ascertain.publish import CaseContents, write_report
from ascertain.publish._report import css_string, report_files
from ascertain.publish._sheets import _telling
from ascertain.publish._tables import csv_text
from ascertain.records import Findings

ALLOWED = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "p", "nav", "ul", "li", "main", "footer", "script", "h1", "h2", "h3", "section",
    "dl", "dt", "dd", "div", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "svg", "g", "line", "rect",
    "text", "circle", "path", "span", "strong", "code", "form", "fieldset", "legend", "label", "input", "select", "option", "button", "ol", "q", "cite",
    "mark", "article", "pre",
}  # fmt: skip


class Page(HTMLParser):
    """Tags, ids and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def ids(self) -> set[str]:
        return {a["id"] or "" for _, a in self.tags if "id" in a}

    def links(self) -> list[str]:
        return [a[k] or "" for _, a in self.tags for k in ("href", "src") if k in a]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {name: data.decode() for name, data in report_files(some_contents(), protect_names=False)}


@pytest.fixture(scope="module")
def pages(files: dict[str, str]) -> dict[str, Page]:
    return {name: Page(html) for name, html in files.items() if name.endswith(".html")}


def test_hostile_words_make_no_element_and_no_attribute(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert {tag for tag, _ in page.tags} - {"title"} <= ALLOWED, name
        for tag, attributes in page.tags:
            assert not [a for a in attributes if a.startswith("on") or a == "style"], (name, tag)


def test_hostile_words_are_still_read_as_they_stand(pages: dict[str, Page]) -> None:
    page = pages[f"document/{witness_reading().document.id[:16]}.html"]
    assert HOSTILE in re.sub(r"\s+", " ", page.words)


def test_every_page_has_a_strict_policy_and_nothing_inline(files: dict[str, str], pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        policy = next(a["content"] or "" for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "<style" not in files[name]
        assert all(a.get("src") for tag, a in page.tags if tag == "script"), name


def test_links_from_documents_are_clickable_only_to_the_web(pages: dict[str, Page]) -> None:
    for page in pages.values():
        for tag, attributes in page.tags:
            link = attributes.get("href") or ""
            if re.match(r"\w+:", link):
                assert link.startswith(("https://", "http://"))
                assert tag == "a"
                assert "noreferrer" in (attributes.get("rel") or "")


def test_a_web_source_is_a_link_and_a_script_address_is_not() -> None:
    witness = witness_reading()
    captures = (a_capture_of(witness, source="https://example.org/a"), a_capture_of(witness, id="capture-2", source="javascript:alert(1)"))
    files = dict(report_files(some_contents(readings=(witness,), captures=captures, findings=Findings(), outcomes=())))
    page = Page(files[f"document/{witness.document.id[:16]}.html"].decode())
    assert "https://example.org/a" in page.links()
    assert not [link for link in page.links() if link.startswith("javascript")]
    assert "javascript:alert(1)" in page.words


def test_every_link_leads_to_a_file_and_a_place_in_it(files: dict[str, str], pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for link in page.links():
            if re.match(r"\w+:", link):
                continue
            path, _, fragment = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in files, f"{name} links to {link}"
            if fragment and not fragment.startswith("status="):
                assert fragment in pages[target].ids, f"{name} links to {link}"


def test_ids_are_unique_within_a_page(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        ids = [a["id"] for _, a in page.tags if "id" in a]
        assert len(ids) == len(set(ids)), name


def test_every_claim_leads_to_its_words(pages: dict[str, Page]) -> None:
    contents = some_contents()
    sheet = pages["incident/incident-0123456789ab.html"]
    for fact in contents.findings.incidents[0].facts:
        for claim in fact.claims:
            target = f"document/{claim.document[:16]}.html"
            anchor = f"p-{claim.passage.start}-{claim.passage.end}"
            assert anchor in pages[target].ids
            assert f"../{target}#{anchor}" in sheet.links()


def test_every_figure_of_the_fact_table_is_a_link_to_a_passage(files: dict[str, str]) -> None:
    sheet = files["incident/incident-0123456789ab.html"]
    cells = re.findall(r'<td data-label="Finding" class="finding">(.*?)</td>', sheet, re.DOTALL)
    assert len(cells) == 4
    assert all(re.search(r'href="\.\./document/\w+\.html#p-\d+-\d+"', cell) for cell in cells)


def test_the_title_says_the_finding_and_its_status(files: dict[str, str]) -> None:
    assert (
        "<title>9 or more killed in a shelling in Kherson, 11–12 June 2023 · contested · three origins"
        in files["incident/incident-0123456789ab.html"]
    )


def test_words_for_and_against_stand_apart_with_their_stance(files: dict[str, str]) -> None:
    actor = files["incident/incident-0123456789ab.html"].split('id="fact-actor"')[1].split("</section>")[0]
    backing, against = actor.split("<h3>Against</h3>")
    assert "Salma Osman" in backing
    assert "the defence ministry" in against
    assert "denies it" in against
    assert "<mark>shelled</mark>" in against


def test_a_machine_finding_says_that_nobody_has_reviewed_it(files: dict[str, str]) -> None:
    assert "Read by software, not reviewed" in files["incident/incident-0123456789ab.html"]


def test_unknown_is_not_stated(files: dict[str, str], pages: dict[str, Page]) -> None:
    words = pages["incident/incident-ba9876543210.html"].words
    assert re.search(r"When\s*not stated", words)
    assert re.search(r"Where\s*not stated", words)
    assert not [
        name for name, html in files.items() if name.endswith((".html", ".csv")) and re.search(r"(>|,|: )\s*(None|null)\s*(<|,|;)", html)
    ]
    assert "place not stated" in words


def test_graphic_passages_are_shielded_and_named(files: dict[str, str]) -> None:
    page = files[f"document/{witness_reading().document.id[:16]}.html"]
    shield = page.split('<details class="shield">')[1].split("</details>")[0]
    assert "it describes torture" in shield
    assert "tortured" in shield.split("</summary>")[1]
    assert "tortured" not in page.split('<details class="shield">')[0].split('id="text"')[1]


def test_what_failed_is_listed_with_its_reason(files: dict[str, str]) -> None:
    assert "One file could not be read" in files["failures.html"]
    assert "is no PDF &lt;script&gt;" in files["failures.html"]
    assert "4 = 3 done + " in Page(files["index.html"]).words


def test_totals_are_of_one_status_only(files: dict[str, str]) -> None:
    rows = re.findall(r'<th scope="row" data-label="Status">.*?</tr>', files["index.html"], re.DOTALL)
    contested = next(Page(row).words for row in rows if "s-contested" in row)
    alleged = next(Page(row).words for row in rows if "s-alleged" in row)
    assert "Killed: 9 or more" in re.sub(r"\s+", " ", contested)
    assert "Killed" not in alleged


def test_csv_is_complete_and_no_cell_is_a_formula(files: dict[str, str]) -> None:
    claims = list(csv.DictReader(io.StringIO(files["data/claims.csv"])))
    assert len(claims) == 6
    assert claims[0]["quote"] == "at least 12 people"
    assert claims[0]["at_most"] == "not stated"
    assert csv_text(["a"], [["=1+1"], ["@x"], [-3]]).splitlines() == ["a", "'=1+1", "'@x", "-3"]


def test_the_same_case_gives_the_same_bytes() -> None:
    assert list(report_files(some_contents())) == list(report_files(some_contents()))


def test_a_case_without_anything_says_what_to_do_next() -> None:
    files = {name: data.decode() for name, data in report_files(CaseContents("Empty", "2026-01-02T03:04:05Z"))}
    assert "ascertain run CASE" in files["incidents.html"]
    assert "ascertain add CASE" in files["index.html"]
    assert "no checkpoint" in files["index.html"]


def test_words_of_the_print_headers_cannot_leave_their_string() -> None:
    assert css_string('a"}\n</style>') == '"a\\22 \\7d \\a \\3c \\2f style\\3e "'


def test_controls_that_turn_words_around_stay_inside_their_paragraph() -> None:
    witness = witness_reading()
    turned = attrs.evolve(witness, document=attrs.evolve(witness.document, title="a\u202eb\x07c", language="ar"))
    files = dict(report_files(some_contents(readings=(turned,), findings=Findings(), captures=(), outcomes=())))
    page = files[f"document/{witness.document.id[:16]}.html"].decode()
    assert "<h1>a b c " in page
    assert 'lang="ar"' in page
    assert '<p dir="auto">' in page


def test_packaged_files_are_the_ones_that_were_checked(files: dict[str, str]) -> None:
    folder = Path(write_report.__code__.co_filename).parent / "static" / "vendor"
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert sums.keys() | {"SHA256SUMS"} == {p.name for p in folder.iterdir()}
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sums} == sums
    assert files["static/vendor/basemap.js"].count("Crimea: part of Ukraine") == 1


def test_another_actor_stands_apart_and_initials_are_the_same_name(files: dict[str, str]) -> None:
    assert _telling("Allied Democratic Forces") & _telling("a group of ADF terrorists") == {"ADF"}
    assert not _telling("Armed men") & _telling("ADF")
    assert "Others named" not in files["incident/incident-0123456789ab.html"]


def test_an_older_report_is_replaced_as_a_whole(tmp_path: Path) -> None:
    first = write_report(tmp_path / "report", some_contents(), protect_names=False)
    (first.parent / "incident" / "old.html").write_text("Salma Osman")
    write_report(tmp_path / "report", some_contents())
    assert not (first.parent / "incident" / "old.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="something else than a report"):
        write_report(tmp_path, some_contents())
    assert (tmp_path / "thesis.txt").read_text() == "mine"

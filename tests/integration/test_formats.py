"""Every format through a real case: what goes in comes out as documents with their words, dates and parents."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import tarfile

import pytest
from builders import REPORT, a_docx, a_feed, a_mail, a_page, a_pdf, a_tar, a_warc, a_zip, an_mbox

from ascertain.case import Case

WORDS = "at least 12 people"
RTF = b"{\\rtf1 Two people died.}"
ITEM = f"<item><title>T</title><pubDate>Wed, 06 Apr 2022 10:00:00 GMT</pubDate><description>{REPORT}</description></item>"
HTML = a_page(head='<title>T</title><meta name="date" content="2022-04-06">').encode()
WARC, WARC_2, WARC_3 = (a_warc((f"https://e.org/{number}", "text/html", HTML)) for number in (1, 2, 3))


def table(**row: str) -> bytes:
    return (",".join(row) + "\n" + ",".join('"' + value.replace('"', '""') + '"' for value in row.values()) + "\n").encode()


FORMATS: dict[str, tuple[bytes, str]] = {
    "plain.txt": (REPORT.encode(), ""), "utf16.txt": (REPORT.encode("utf-16"), ""), "cp1251.txt": (("Обстрел: " + REPORT).encode("cp1251"), ""),
    "noname": (REPORT.encode(), ""), "note.md": (REPORT.encode(), ""), "page.html": (HTML, ""), "page.xhtml": (HTML, ""),
    "report.pdf": (a_pdf(REPORT), ""), "letter.docx": (a_docx(), ""), "mail.eml": (a_mail(REPORT).as_bytes(), ""), "html.eml": (a_mail("", html=HTML.decode()).as_bytes(), ""),
    "attached.eml": (a_mail("", attachments={"a.pdf": a_pdf(REPORT)}).as_bytes(), "/a.pdf"), "box.mbox": (an_mbox(a_mail(REPORT)), "#1"),
    "feed.rss": (a_feed(ITEM), "#1"), "feed.xml": (a_feed(ITEM, head="<title>Other</title>"), "#1"), "crawl.warc": (WARC, "#1"), "crawl.warc.gz": (gzip.compress(WARC_2), "/crawl.warc#1"),
    "crawl.wacz": (a_zip({"archive/data.warc": WARC_3, "datapackage.json": b"{}"}), "/archive/data.warc#1"),
    "files.zip": (a_zip({"in/plain.txt": REPORT.encode()}), "/in/plain.txt"), "files.tar": (a_tar({"plain.txt": REPORT.encode()}), "/plain.txt"),
    "files.tgz": (a_tar({"other.txt": REPORT.encode()}, mode="w:gz"), "/files.tar/other.txt"), "plain.txt.gz": (gzip.compress(REPORT.encode()), "/plain.txt"),
    "plain.txt.bz2": (bz2.compress(REPORT.encode()), "/plain.txt"), "rows.csv": (table(id="1", text=REPORT, date="2022-04-05"), "#1"),
    "rows.tsv": (f"text\tdate\n{' '.join(REPORT.split())}\t2022-04-05\n".encode(), "#1"), "rows.json": (json.dumps({"articles": [{"body": REPORT}]}).encode(), "#1"),
    "rows.jsonl": (json.dumps({"text": REPORT}).encode() + b"\n", "#1"),
}  # fmt: skip


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """One case with a file of each format, run once."""
    folder = tmp_path_factory.mktemp("formats")
    (folder / "all").mkdir()
    for name, (data, _) in FORMATS.items():
        (folder / "all" / name).write_bytes(data)
    with Case.create(folder / "case", collector="c") as case:
        case.add(folder / "all")
        summary = case.run(jobs=2)
        yield case, summary, {path: document for document in case.documents() for path in all_paths(case, document.id)}


def all_paths(case: Case, digest: str) -> list[str]:
    return [capture.path for capture in case.store.captures(digest)]


def test_nothing_failed(everything):
    _, summary, _ = everything
    assert [failure.reason for failure in summary.failures] == []


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_its_words_and_date(everything, name):
    _, _, documents = everything
    document = documents[f"all/{name}{FORMATS[name][1]}"]
    assert WORDS in " ".join(document.text.split())
    assert document.published.value in {"2022-04-05", "2022-04-06"}
    assert document.language in {"en", "ru"}


def test_every_part_names_the_container_it_came_out_of(everything):
    case, _, documents = everything
    names = {capture.original: capture.path for capture in case.store.captures()}
    for path, document in documents.items():
        if document.parent is not None:
            assert path.startswith(names[document.parent].split("/")[0])
    parts = [capture for capture in case.store.captures() if capture.parent]
    assert all(capture.source == f"part of {capture.parent}" for capture in parts)


def test_a_part_s_bytes_are_originals_of_their_own(everything):
    case, _, documents = everything
    document = documents["all/files.zip/in/plain.txt"]
    assert case.store.original_bytes(document.id) == REPORT.encode()
    assert document.id == documents["all/plain.txt"].id, "the same bytes are one original, however they came"


def test_plain_text_is_the_original_s_text(everything):
    _, _, documents = everything
    assert documents["all/plain.txt"].text == REPORT


def test_the_same_bytes_in_several_places_are_said_to_be_copies(everything):
    case, _, _ = everything
    [group] = [group for group in case.incidents().copies if "all/plain.txt" in group.documents]
    assert {"all/noname", "all/note.md", "all/files.zip/in/plain.txt", "all/files.tar/plain.txt"} <= set(group.documents)


@pytest.mark.parametrize("name", ["odd.rtf", "photo.jpg", "old.doc", "empty.txt", "half.zip", "locked.zip"])
def test_what_can_t_be_read_says_why_and_stays_preserved(tmp_path, name):
    locked = bytearray(a_zip({"a.txt": b"1"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    data = {
        "odd.rtf": RTF,
        "photo.jpg": b"\xff\xd8\xff\xe0",
        "old.doc": b"\xd0\xcf\x11\xe0" + bytes(600),
        "empty.txt": b"",
        "half.zip": a_zip({"a": b"x" * 900})[:60],
    }
    (tmp_path / name).write_bytes(data.get(name, bytes(locked)))
    with Case.create(tmp_path / "case", collector="c") as case:
        [taken] = case.add(tmp_path / name)
        summary = case.run(jobs=1)
        assert case.store.original_bytes(taken.digest) == data.get(name, bytes(locked))
        [outcome] = case.store.outcomes("parse")
        assert outcome.reason
        assert summary.failed == (0 if name == "locked.zip" else 1)


def test_the_parser_samples_end_as_done_or_failed(shared, tmp_path):
    """A part of the fuzz seeds through the real readers; tools/parser_samples.py takes all of them."""
    import base64

    seeds = shared / "data" / "parser-samples" / "fuzz-seeds.jsonl"
    if not seeds.is_file():
        pytest.skip("the parser samples are absent")
    folder = tmp_path / "seeds"
    folder.mkdir()
    with seeds.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 16 == 0:
                row = json.loads(line)
                (folder / f"{number}.{row['kind']}").write_bytes(base64.b64decode(row["b64"]))
    count = len(list(folder.iterdir()))
    with Case.create(tmp_path / "case", collector="c") as case:
        assert len(case.add(folder)) == count
        summary = case.run(jobs=1)
        assert summary.originals == summary.done + summary.failed
        assert all(failure.reason and failure.advice for failure in summary.failures)


def test_a_tar_with_every_kind_of_entry_is_read(tmp_path, case):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for kind in (tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE):
            entry = tarfile.TarInfo(f"kind{kind.decode()}")
            entry.type, entry.linkname = kind, "/etc/passwd"
            packed.addfile(entry)
        entry = tarfile.TarInfo("a.txt")
        entry.size = len(REPORT.encode())
        packed.addfile(entry, io.BytesIO(REPORT.encode()))
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    case.add(tmp_path / "a.tar")
    assert case.run(jobs=1).failed == 0
    assert len(case.documents()) == 1
    [outcome] = [o for o in case.store.outcomes("parse") if o.reason]
    assert outcome.reason.count("left out") == 4

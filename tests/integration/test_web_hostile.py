"""Hostile documents, names and uploads: shown as words everywhere, run nowhere, written nowhere else."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import pytest

pytest.importorskip("starlette")
from desks import NOW, Browser, a_reading, make_case

from ascertain.store import Desk, Filter, Note, Rows
from ascertain.web import make_app
from ascertain.web._index import relink
from ascertain.web.routes.document import FRAME_POLICY

CORPUS = (
    "<script>steal(1)</script>", "<img src=x onerror=steal(2)>", '"><svg onload=steal(3)>', "' onmouseover='steal(4)", "javascript:steal(5)",
    "<iframe srcdoc='<script>steal(6)</script>'>", "{{ 7*7 }}{% raw %}", "</textarea></title><script>steal(8)</script>", "<style>@import 'http://x'</style>",
    '<a href="javascript:steal(9)">x</a>', "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>", "<form action=//evil.example>",
)  # fmt: skip
OURS = {"script": {"src", "defer"}, "iframe": {"sandbox", "src", "title", "loading"}}


class Looking(HTMLParser):
    """Collects what would run or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if any(name.startswith("on") or name in {"srcdoc", "style"} for name in names):
            self.bad.append(f"{tag} {names}")
        if tag in {"base", "object", "embed", "style"} or (tag == "meta" and "http-equiv" in names):
            self.bad.append(tag)
        if tag in OURS and set(names) - OURS[tag]:
            self.bad.append(f"{tag} {names}")
        if tag == "script" and not (names.get("src") or "").startswith(("/static/", "/shared/")):
            self.bad.append("inline script")
        for name in ("href", "src", "action", "formaction"):
            if (names.get(name) or "/").strip().lower().startswith(("javascript:", "data:", "//", "http:", "https:")):
                self.bad.append(f"{tag} {name}={names[name]}")


def seen(html: str) -> list[str]:
    looking = Looking()
    looking.feed(html)
    return looking.bad


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    readings = []
    for number, words in enumerate(CORPUS):
        speaker = f"Anna {words} Weber"
        readings.append(
            a_reading(
                f"{number}{words}.txt", speaker=speaker, count=5 + number, title=f"Title {words}", publisher=f"Wire {words}",
                text=f"{speaker} said on Friday that {5 + number} people were killed in a shelling in Goma on 3 March 2023. {words}",
                media_type="text/html" if number % 2 else "text/plain",
            )
        )  # fmt: skip
    with Desk.open(make_case(tmp_path_factory.mktemp("hostile") / "case", readings), clock=lambda: NOW) as desk:
        relink(desk)
        app = make_app(desk, inline=True, clock=lambda: NOW)
        yield desk, Browser(app, "A. Admin <script>steal(0)</script>"), app


def the_pages(desk, app) -> list[str]:
    from urllib.parse import quote

    queries = app.state.bench.queries
    pages = [
        "/",
        "/incidents",
        "/documents",
        "/speakers",
        "/review",
        "/agreement",
        "/search?q=killed",
        "/publish",
        "/publish/look",
        "/audit",
        "/people",
        "/me",
        "/progress",
    ]
    for row in queries.incidents(Filter()):
        pages += [f"/incident/{row['id']}", f"/incident/{row['id']}?on=2023-03-04", f"/review/{row['id']}/killed"]
    pages += [f"/document/{row['id']}" for row in queries.documents(words=None, hidden=(), limit=99, offset=0)[0]]
    pages += [f"/speaker?name={quote(row['name'])}" for row in queries.speakers(words=None, limit=99, offset=0)[0]]
    return pages


def test_no_page_lets_words_of_a_document_run(hostile):
    desk, browser, app = hostile
    incident = Rows(desk).all_incidents()[0].id
    document = next(iter(app.state.bench.rows.known_documents()))
    for words in CORPUS:
        app.state.bench.people.add_note(Note("incident", incident, "A. Admin", NOW, words))
        app.state.bench.people.add_note(Note("document", document, words, NOW, words))
        app.state.bench.people.save_search("A. Admin <script>steal(0)</script>", words, words)
    for path in the_pages(desk, app):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert seen(answer.text) == [], path


@pytest.mark.parametrize("words", CORPUS)
def test_no_query_or_form_comes_back_as_markup(hostile, words):
    _, browser, app = hostile
    key = Rows(app.state.bench.desk).all_incidents()[0].id
    for path in ("/search", "/incidents", "/documents", "/speakers", "/audit", "/login", "/speaker"):
        answer = browser.get(
            path,
            params={"q": words, "name": words, "origin": words, "next": words, "actor": words, "from": words, "box": words, "page": words},
        )
        assert seen(answer.text) == [], path
    for path, data in (
        (f"/review/{key}/killed", {"decision": words}), (f"/review/{key}/killed", {"decision": "correct", "at_least": words, "reason": words}),
        (f"/review/{key}/killed", {"decision": "confirm", "version": "old", "seen": words, "reason": words}), (f"/incident/{key}/merge", {"other": words, "reason": words}),
        ("/people/add", {"name": words, "role": words, "password": words}), ("/speaker/grade", {"name": words, "grade": words, "reason": words}),
    ):  # fmt: skip
        assert seen(browser.post(path, data).text) == [], path


def test_the_original_is_framed_without_scripts_and_never_opened_by_the_download(hostile):
    desk, browser, app = hostile
    web = next(r for r in app.state.bench.queries.documents(words=None, hidden=(), limit=99, offset=0)[0] if r["media_type"] == "text/html")
    frame = browser.get(f"/document/{web['id']}/original")
    assert frame.headers["content-security-policy"] == FRAME_POLICY
    assert FRAME_POLICY.startswith("sandbox; default-src 'none'")
    assert 'sandbox=""' in browser.get(f"/document/{web['id']}").text
    taken = browser.get(f"/document/{web['id']}/download")
    assert taken.content == desk.original_bytes(web["id"])
    assert taken.headers["content-type"] == "application/octet-stream"
    assert taken.headers["content-disposition"].startswith("attachment")


def test_only_web_pages_are_framed(hostile):
    _, browser, app = hostile
    plain = next(
        r for r in app.state.bench.queries.documents(words=None, hidden=(), limit=99, offset=0)[0] if r["media_type"] == "text/plain"
    )
    assert browser.get(f"/document/{plain['id']}/original").status_code == 400


def test_spreadsheets_take_no_exported_cell_for_a_formula():
    from ascertain.web.routes.incidents import _cell

    assert [_cell(v) for v in ("=1+1", "+1", "-1", "@x", "\tx", "plain", None, True, 5)] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "plain",
        "not stated",
        "yes",
        5,
    ]


def test_uploads_stay_in_their_folder_whatever_they_are_called(hostile, monkeypatch):
    desk, browser, app = hostile
    asked = []
    monkeypatch.setattr(app.state.bench.work, "put", lambda kind, **about: asked.append((kind, about)))
    names = [
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        "/abs/olute.txt",
        "folder/inner.txt",
        ".ssh/id",
        "a" * 400 + ".txt",
        "same.txt",
        "same.txt",
    ]
    files = [("files", (name, io.BytesIO(f"text {n}".encode()), "text/plain")) for n, name in enumerate(names)]
    assert browser.post("/add", files=files).status_code == 200
    kind, about = asked[0]
    folder = desk.folder / "incoming"
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert kind == "add"
    assert len(found) == len(names)
    assert str(about["folder"]).startswith(str(folder))
    assert not (desk.folder.parent / "etc").exists()


def test_a_body_that_is_too_large_or_of_unknown_length_is_refused(hostile):
    _, browser, _ = hostile
    assert browser.post("/me/shield", {"shielded": "x" * 300_000}).status_code == 413
    assert (
        browser.client.post("/me/shield", content=iter([b"a=b"]), headers={"content-type": "application/x-www-form-urlencoded"}).status_code
        == 413
    )

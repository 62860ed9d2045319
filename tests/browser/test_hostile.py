"""Stored XSS in the real browser: payloads come in through files of every kind and every form, then every page is opened; nothing executes."""

from __future__ import annotations

import contextlib
import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

pytest.importorskip("starlette")
from benches import PATIENCE_MS, Server, log_in
from builders import a_docx, a_feed, a_mail, a_pdf, a_warc
from desks import PASSWORD, a_reading, put_readings
from xss import PAYLOADS, TEMPLATES

from ascertain.case import Case
from ascertain.errors import UsageError
from ascertain.store import Account, Desk, Factors, Grade, Note, People, Publication, Queries, Restriction, Rows
from ascertain.web._access import RULES
from ascertain.web._index import relink
from ascertain.web._sessions import Gate

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOW = "2026-01-02T03:04:05Z"
MOST_PAGES = 260
WHO = "A. Admin <img src=x onerror=window.hurt=1,alert(1)>"
NOT_PAGES = {
    "login", "first", "outside", "outside_back", "description", "incidents_map", "incidents_export", "document_page", "document_download", "publish_take",
    "progress", "document_original",
}  # fmt: skip
WATCH = """
addEventListener("securitypolicyviolation", e => { (window.violations = window.violations || []).push(e.violatedDirective + " " + e.blockedURI + " " + e.sample); });
"""
# What would run, lead away or pose as ours: nothing that a payload could have made may be in the page.
LOOK = """() => {
  const found = [];
  if (window.hurt) found.push("executed");
  (window.violations || []).forEach(v => found.push("violation " + v));
  document.querySelectorAll("*").forEach(e => {
    for (const a of e.attributes) {
      if (a.name.startsWith("on") || a.name === "srcdoc") found.push(e.tagName + " " + a.name);
      if (["href", "src", "action", "formaction", "data", "xlink:href"].includes(a.name)) {
        const url = new URL(a.value, location.href);
        if (url.origin !== location.origin) found.push(e.tagName + " " + a.name + "=" + a.value);
      }
    }
  });
  document.querySelectorAll("script, iframe, object, embed, base, style, link, marquee, video, audio, math, template, xss, isindex, meta[http-equiv]").forEach(e => {
    const ours = (e.tagName === "SCRIPT" || e.tagName === "LINK") && /^\\/(static|shared)\\//.test(e.getAttribute("src") || e.getAttribute("href") || "");
    const frame = e.tagName === "IFRAME" && e.getAttribute("sandbox") === "" && /^\\/document\\/[0-9a-f]{64}\\/original/.test(e.getAttribute("src"));
    if (!ours && !frame) found.push(e.outerHTML.slice(0, 120));
  });
  if (document.querySelectorAll("#content").length !== 1 || document.querySelectorAll("main").length !== 1) found.push("a second main part");
  return found;
}"""


def file_name(number: int, words: str) -> str:
    return re.sub(r"[/\x00-\x1f\u2028\u2029]", "_", f"{number}{words}")[:80] + ".txt"


def write_files(folder: Path) -> None:
    """Each payload as file name, publisher, title, speaker and quotation of a text; then the other kinds of files, with it in their metadata."""
    folder.mkdir()
    for number, words in enumerate(PAYLOADS):
        day = f"{1 + number % 28} {('March', 'April', 'May')[number // 28 % 3]} 2023"
        text = f"Wire {words}\n\nReport {words}\nGoma, {day}\n\nShelling killed {3 + number} people in Goma on {day}, Anna {words} Weber said on Friday. “They hit the market {words},” she said.\n"
        (folder / file_name(number, words)).write_text(text, encoding="utf-8")
    for number, words in enumerate(PAYLOADS[::3]):
        safe = html.escape(words)
        body = (
            f"<p>Shelling killed {50 + number} people in Bukavu on 7 June 2023, the mayor, Paul {safe} Kasongo, said. {safe}</p><p>{words}</p>"
            * 3
        )
        head = f'<title>Title {safe}</title><meta property="og:site_name" content="{safe}"><meta name="author" content="{safe}"><link rel="canonical" href="{safe}">'
        (folder / f"page-{number}.html").write_text(
            f"<html><head>{head}</head><body><h1>{safe}</h1><article>{body}</article></body></html>", encoding="utf-8"
        )
    plain = [words for words in PAYLOADS if words.isascii() and words.isprintable()]
    report = "Shelling killed 6 people in Goma on 4 May 2023, the mayor said on Friday. "
    for number, words in enumerate(plain[::8]):
        (folder / f"paper-{number}.pdf").write_bytes(a_pdf(f"{report}{words}", title=f"Paper {words}"))
        (folder / f"letter-{number}.docx").write_bytes(a_docx(report, words, title=f"Letter {words}"))
        (folder / f"mail-{number}.eml").write_bytes(
            bytes(a_mail(f"{report}{words}", Subject=f"Subject {words}", From=f'"{words.replace(chr(34), "")}" <a@example.org>'))
        )
        item = f"<item><title>{html.escape(words)}</title><link>{html.escape(words)}</link><description>{html.escape(report + words)}</description></item>"
        (folder / f"feed-{number}.xml").write_bytes(a_feed(item))
        page = f"<html><head><title>{html.escape(words)}</title></head><body><p>{report * 4}</p></body></html>".encode()
        (folder / f"capture-{number}.warc").write_bytes(a_warc((f"http://x.example/{words}", "text/html", page)))


def put_names(desk: Desk) -> None:
    """Each payload as the name of a speaker and of a publisher, which a reader of texts would cut at the markup."""
    readings = []
    for number, words in enumerate(PAYLOADS):
        speaker, count = f"Anna {words} Weber", 400 + number
        text = f"{speaker} said on Friday that {count} people were killed in a shelling in Goma on {1 + number % 28} {('March', 'April')[number % 2]} 2023."
        day = f"{1 + number % 28} {('March', 'April')[number % 2]} 2023"
        readings.append(
            a_reading(f"{words}/{number}.txt", speaker=speaker, count=count, day=day, text=text, title=words, publisher=f"Wire {words}")
        )
    put_readings(desk, readings, called="hostile")


def write_words(desk: Desk) -> None:
    """Each payload as what people write: notes, reasons, grades, searches, titles of releases, names of accounts and of identities."""
    people, factors = People(desk), Factors(desk)
    hashed = Gate(people, factors, clock=lambda: NOW).hashed(PASSWORD)
    people.add_account(Account(WHO, "administrator", hashed, NOW, "tests"))
    incidents, documents = Rows(desk).all_incidents(), desk.document_ids()
    for number, words in enumerate(PAYLOADS):
        incident, document = incidents[number % len(incidents)].id, documents[number % len(documents)]
        people.add_note(Note("incident", incident, words, NOW, words))
        people.add_note(Note("document", document, words, NOW, words))
        people.save_search(WHO, words, words)
        people.add_grade(Grade(f"Anna {words} Weber", "C", words, words, NOW))
        people.ask_publication(Publication(words, "site", True, words, NOW, ((incident, words),), state="asked"))
        factors.note_identity("https://id.example", f"{number}{words}", (words,), at=NOW)
        desk.log(words, words, words, about=words)
        if words.isprintable() and len(words) <= 80:
            with contextlib.suppress(UsageError):  # the same name in other letters
                people.add_account(Account(words, "reader", "!", NOW, words))
    people.restrict(Restriction("incident", incidents[0].id, (PAYLOADS[0],), PAYLOADS[1], PAYLOADS[2], NOW))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("hostile")
    write_files(scratch / "in")
    with Case.create(scratch / "case", name=f"Case {PAYLOADS[0]}", collector=f"tests {PAYLOADS[10]}") as case:
        case.add(scratch / "in")
        case.run()
    with Desk.open(scratch / "case") as desk:
        put_names(desk)
        relink(desk)
        assert len(desk.document_ids()) >= len(PAYLOADS)
        assert len(Queries(desk).speakers(words="Weber", limit=5, offset=0)[0]) == 5, "payloads got as far as the names of speakers"
        write_words(desk)
    running = Server(scratch / "case")
    yield running
    running.end()


def a_watched_page(chromium: Any, server: Server) -> Any:
    """A window that remembers dialogs, and requests that leave the site."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=server.site).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(WATCH)
    page.bad = []
    page.on("dialog", lambda dialog: (page.bad.append(f"dialog at {page.url}"), dialog.dismiss()))
    page.on(
        "requestfinished",
        lambda r: None if r.url.startswith((server.site, "data:", "blob:")) else page.bad.append(f"asked {r.url} from {page.url}"),
    )
    return page


def rule_of(path: str) -> str | None:
    """The rule that serves a path."""
    for rule in RULES:
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(rule.path))
        if rule.method == "GET" and re.fullmatch(pattern, path):
            return rule.name
    return None


def test_nothing_that_came_in_executes_on_any_page(chromium, server):
    page = a_watched_page(chromium, server)
    log_in(page, WHO)
    waiting = [
        "/",
        "/incidents",
        "/documents",
        "/speakers",
        "/review",
        "/review?second=1",
        "/agreement",
        "/publish",
        "/publish/look",
        "/audit",
        "/people",
        "/me",
    ]
    waiting += [
        f"/{kind}?{name}={quote(words)}"
        for words in PAYLOADS[::5]
        for kind, name in (("search", "q"), ("incidents", "q"), ("audit", "actor"), ("documents", "q"))
    ]
    waiting += [f"/search?q={quote(word)}" for word in ("Weber", "script", "onerror", "killed", "in:note hurt")]
    seen: dict[str, int] = {}
    visited: set[str] = set()
    while waiting and len(visited) < MOST_PAGES:
        path = waiting.pop(0)
        name = rule_of(urlsplit(path).path)
        if path in visited or name is None or name in NOT_PAGES or seen.get(name, 0) >= 45:
            continue
        visited.add(path)
        seen[name] = seen.get(name, 0) + 1
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.evaluate(LOOK) == [], path
        links = page.eval_on_selector_all("main a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        waiting += [link.partition("#")[0] for link in dict.fromkeys(links)]
    assert page.bad == []
    assert {rule.name for rule in RULES if rule.method == "GET"} - NOT_PAGES <= set(seen), "every page was opened"
    assert seen["document"] >= 40
    assert seen["speaker"] >= 20


def test_payloads_are_shown_as_words(chromium, server):
    page = a_watched_page(chromium, server)
    log_in(page, WHO)
    page.goto("/me")
    assert WHO in page.inner_text("header.top")
    page.goto("/search")
    shown = page.inner_text("main")
    for words in TEMPLATES:
        assert words in shown, "templates are not filled in"


def test_an_original_that_is_opened_alone_runs_nothing(chromium, server):
    page = a_watched_page(chromium, server)
    log_in(page, WHO)
    page.goto("/documents?q=page-")
    documents = page.eval_on_selector_all("tbody th a", "all => all.map(a => a.getAttribute('href'))")
    assert len(documents) >= 15
    for path in documents:
        page.goto(f"{path}/original")
        assert page.evaluate("window.hurt") is None
        assert page.url == f"{server.site}{unquote(path)}/original", "it led nowhere else"
    assert page.bad == []


@pytest.mark.parametrize(
    "words", ["<img src=x onerror=window.hurt=1>", "<iframe srcdoc=x></iframe>", "<a href=//evil.example>x</a>", "<main></main>"]
)
def test_the_watch_sees_what_would_have_come_through(chromium, server, words):
    page = a_watched_page(chromium, server)
    page.goto("/login")
    assert page.evaluate(LOOK) == []
    page.evaluate("words => document.getElementById('content').insertAdjacentHTML('beforeend', words)", words)
    page.wait_for_function(f"() => ({LOOK})().length > 0")  # a violation of the policy is told a moment later

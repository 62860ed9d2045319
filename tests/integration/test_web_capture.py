"""Web capture against a server on this machine: what came, with its circumstances; what is not whole is not kept."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Iterator

import attrs
import pytest
from builders import a_page

from ascertain.case import Case
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError, UsageError
from ascertain.preserve import _web
from ascertain.preserve._web import fetch

PAGE = a_page().encode()


class Pages(http.server.BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        return

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        name = self.path.partition("?")[0].strip("/").partition("/")[0]
        getattr(self, f"page_{name}", self.missing)()

    def missing(self):
        self.answer(404, b"no such page")

    def page_report(self):
        self.answer(200, PAGE, Content_Type="text/html; charset=utf-8", Last_Modified="Tue, 05 Apr 2022 10:00:00 GMT", X_Twice="a")

    def page_packed(self):
        self.answer(200, gzip.compress(PAGE), Content_Type="text/html", Content_Encoding="gzip")

    def page_moved(self):
        self.answer(302, Location="/report?from=moved")

    def page_round(self):
        self.answer(301, Location="/round")

    def page_away(self):
        self.answer(302, Location=f"http://127.0.0.2:{self.server.server_port}/report")

    def page_file(self):
        self.answer(302, Location="file:///etc/passwd")

    def page_large(self):
        self.answer(200, b"x" * 5000, Content_Type="text/plain")

    def page_short(self):
        self.answer(200, b"only this", Content_Length="5000", Content_Type="text/plain")
        self.close_connection = True

    def page_chunked(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"5\r\nTwo d\r\n4\r\nied.\r\n0\r\n\r\n")

    def page_cutchunks(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nTwo d\r\n40\r\nied")
        self.close_connection = True

    def page_drip(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.close_connection = True
        for _ in range(100):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.1)

    def page_empty(self):
        self.answer(200, b"", Content_Type="text/plain")

    def page_nothing(self):
        self.close_connection = True

    def page_noise(self):
        self.wfile.write(b"\x16\x03\x01 this is no answer\r\n\r\n")
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.seen: list[tuple[str, dict]] = []

    def handle_error(self, *_):
        return


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def at(server):
    return lambda path: f"http://127.0.0.1:{server.server_port}/{path}"


def got(address: str, **settings):
    return fetch(address, allow_private=True, settings=attrs.evolve(Settings(), **settings))


def test_a_page_is_preserved_with_its_headers_and_what_could_not_be_had(case: Case, at):
    [taken] = case.add(at("report?id=1"), allow_private=True)
    [capture] = case.store.captures()
    assert case.store.original_bytes(taken.digest) == PAGE
    assert capture.path == capture.source == at("report?id=1")
    assert (capture.media_type, capture.size, capture.collector) == ("text/html", len(PAGE), "T. Collector")
    assert capture.headers[0] == ("status", "200 OK")
    assert ("Last-Modified", "Tue, 05 Apr 2022 10:00:00 GMT") in capture.headers
    assert {note.partition(":")[0] for note in capture.not_available} == {"screenshot", "embedded media", "comments and surrounding posts"}
    assert capture.context == {"url": at("report?id=1"), "machine": "127.0.0.1"}


def test_the_same_page_later_is_a_second_capture_of_one_original(case: Case, at):
    first, second = case.add(at("report"), allow_private=True), case.add(at("report"), allow_private=True)
    assert (first[0].new, second[0].new) == (True, False)
    assert len(case.store.originals()) == 1
    one, two = case.store.captures()
    assert one.id != two.id
    assert one.captured_at < two.captured_at


def test_a_page_is_read_with_its_address(case: Case, at):
    case.add(at("report"), at("packed"), allow_private=True)
    summary = case.run(jobs=1)
    assert (summary.done, summary.failed) == (2, 0)
    assert [document.url for document in case.documents()] == [at("report"), at("packed")]
    assert all("at least 12 people" in document.text for document in case.documents())


def test_a_redirect_is_followed_and_said(at):
    answer = got(at("moved"))
    assert (answer.data, answer.source) == (PAGE, at("report?from=moved"))
    assert answer.context["redirects"] == f"{at('moved')} {at('report?from=moved')}"


def test_nothing_is_sent_that_tells_more_than_needed(server, at):
    got(at("report"))
    [(path, headers)] = server.seen
    assert path == "/report"
    assert set(headers) == {"Host", "User-Agent", "Accept-Encoding", "Accept"}


def test_an_address_with_letters_beyond_ascii_is_asked_for_escaped(server, at):
    got(at("report/новости?q=ä b"))
    assert server.seen[0][0] == "/report/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?q=%C3%A4%20b"


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("none", InputError, "404"), ("round", InputError, "without end"), ("file", UsageError, "no http or https"), ("short", InputError, "broke off"),
        ("cutchunks", InputError, "no whole answer"), ("nothing", InputError, "no whole answer"), ("noise", InputError, "no whole answer"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_error_and_nothing_is_kept(case: Case, at, path, kind, words):
    [ended] = case.add(at(path), allow_private=True)
    assert isinstance(ended.error, kind)
    assert words in str(ended.error)
    assert ended.error.advice
    assert case.store.originals() == ()


def test_a_chunked_answer_is_put_together(at):
    assert got(at("chunked")).data == b"Two died."


def test_an_answer_beyond_the_limit_is_refused(at):
    with pytest.raises(LimitError, match="larger than 4,999 bytes"):
        got(at("large"), max_original_bytes=4999)
    assert len(got(at("large"), max_original_bytes=5000).data) == 5000


def test_a_server_that_drips_is_cut_off(at):
    started = time.monotonic()
    with pytest.raises(LimitError, match="longer than 1 seconds"):
        got(at("drip"), fetch_timeout_seconds=1)
    assert time.monotonic() - started < 5


def test_a_server_that_says_nothing_is_given_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        with pytest.raises(LimitError):
            got(f"http://127.0.0.1:{silent.getsockname()[1]}/", fetch_timeout_seconds=1)
        assert time.monotonic() - started < 5


def test_a_closed_port_is_an_error_of_the_input():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(InputError, match="gives no answer"):
        got(f"http://127.0.0.1:{port}/")


def test_an_answer_without_bytes_is_preserved_and_fails_in_reading(case: Case, at):
    case.add(at("empty"), allow_private=True)
    assert case.run(jobs=1).failed == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "0"]
)
def test_private_machines_are_not_asked_without_the_flag(case: Case, server, host):
    [ended] = case.add(f"http://{host}:{server.server_port}/report")
    assert isinstance(ended.error, UsageError | InputError)
    assert server.seen == []
    assert case.store.captures() == ()


def test_a_redirect_to_a_private_machine_is_judged_too(monkeypatch, server, at):
    """The first machine counts as public here; the one that it leads to does not."""
    monkeypatch.setattr(_web, "is_public", lambda address: address == "127.0.0.1")
    with pytest.raises(UsageError, match=r"127\.0\.0\.2, which is not a public machine"):
        fetch(at("away"), allow_private=False, settings=Settings())
    assert [path for path, _ in server.seen] == ["/away"]


def test_a_name_that_leads_to_a_private_machine_is_refused(monkeypatch, server):
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *a, **k: resolve("127.0.0.1" if name == "news.example.org" else name, *a, **k))
    with pytest.raises(UsageError, match=r"news\.example\.org leads to 127\.0\.0\.1"):
        fetch(f"http://news.example.org:{server.server_port}/report", allow_private=False, settings=Settings())
    assert server.seen == []

"""Web capture against a server on this machine: the web archive of what came; what is not whole is not kept."""

from __future__ import annotations

import hashlib
import io
import socket
import time

import attrs
import pytest
import webserver
from warcio.archiveiterator import ArchiveIterator
from webserver import PAGE, Certificates, Server, serving

from ascertain.capture import Visitor, _addresses
from ascertain.case import Case
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError, UsageError

NOW = "2026-01-02T03:04:05Z"


@pytest.fixture
def server():
    with serving() as made:
        yield made


@pytest.fixture
def at(server):
    return lambda path: f"http://127.0.0.1:{server.server_port}/{path}"


@pytest.fixture
def quick(case: Case) -> Case:
    """A case that waits for nobody."""
    case.settings = attrs.evolve(case.settings, fetch_interval_milliseconds=1)
    return case


def a_visitor(*, allow_private: bool = True, ignore_robots: str | None = None, sleep=time.sleep, **settings) -> Visitor:
    settings = {"fetch_interval_milliseconds": 1} | settings
    return Visitor(
        settings=attrs.evolve(Settings(), **settings), clock=lambda: NOW, tool="ascertain test", allow_private=allow_private,
        ignore_robots=ignore_robots, sleep=sleep,
    )  # fmt: skip


def records(warc: bytes) -> list[tuple[str, str, dict, bytes]]:
    """Type, address, headers and block of each record, every digest checked by another's reader."""
    checked = [
        (record.content_stream().read(), record.digest_checker.passed)
        for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise")
    ]
    assert all(passed for _, passed in checked)
    found = []
    for record in ArchiveIterator(io.BytesIO(warc), no_record_parse=True):
        block = record.raw_stream.read()
        found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), dict(record.rec_headers.headers), block))
    return found


def bodies(warc: bytes) -> dict[str, bytes]:
    return {
        record.rec_headers.get_header("WARC-Target-URI"): record.content_stream().read()
        for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise")
        if record.rec_type == "response" and record.http_headers.get_statuscode() == "200"
    }


def test_a_page_is_preserved_as_a_web_archive_with_its_circumstances(quick: Case, at):
    [taken] = quick.add(at("report?id=1"), allow_private=True)
    [capture] = quick.store.captures()
    assert bodies(quick.store.original_bytes(taken.digest)) == {at("report?id=1"): PAGE}
    assert capture.path == capture.source == at("report?id=1")
    assert (capture.media_type, capture.collector) == ("application/warc", "T. Collector")
    assert capture.headers[0] == ("status", "200 OK")
    assert ("Last-Modified", "Tue, 05 Apr 2022 10:00:00 GMT") in capture.headers
    assert {note.partition(":")[0] for note in capture.not_available} == {"screenshot", "embedded media", "comments and surrounding posts"}
    assert capture.context == {
        "url": at("report?id=1"), "captured": at("report?id=1"), "machine": "127.0.0.1", "status": "200", "robots": "allowed",
    }  # fmt: skip


def test_request_and_response_are_kept_as_they_went_over_the_wire(at):
    found = records(a_visitor().visit(at("folded")).warc)
    assert [(kind, address) for kind, address, _, _ in found] == [
        ("warcinfo", None), ("response", at("robots.txt")), ("request", at("robots.txt")), ("response", at("folded")), ("request", at("folded")),
    ]  # fmt: skip
    (_, _, response, block), (_, _, request, asked) = found[3:]
    assert block == b"HTTP/1.1 200 Fine\r\nx-odd:  two  blanks\r\nContent-Type:text/plain\r\nContent-Length: 4\r\n\r\nodd."
    assert asked.startswith(b"GET /folded HTTP/1.1\r\nHost: 127.0.0.1:")
    assert asked.endswith(b"\r\n\r\n")
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert (response["WARC-Date"], response["WARC-IP-Address"]) == (NOW, "127.0.0.1")
    assert response["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(b'odd.').hexdigest()}"


def test_the_same_exchange_makes_the_same_bytes(at):
    assert a_visitor().visit(at("folded")).warc == a_visitor().visit(at("folded")).warc


def test_the_same_page_later_is_a_second_capture_and_one_document(quick: Case, at):
    first, second = quick.add(at("report"), allow_private=True), quick.add(at("report"), allow_private=True)
    assert first[0].new
    assert second[0].new
    one, two = quick.store.captures()
    assert one.captured_at < two.captured_at
    quick.run(jobs=1)
    assert len(quick.documents()) == 1
    assert [c.path for c in quick.store.captures(quick.documents()[0].id)] == [at("report")] * 2


def test_a_page_is_read_under_its_address(quick: Case, at):
    quick.add(at("report"), at("packed"), at("moved"), allow_private=True)
    summary = quick.run(jobs=1)
    assert summary.failed == 0
    documents = quick.documents()
    assert [(document.path, document.url) for document in documents] == [(at("report"), at("report"))]  # three ways to the same bytes
    assert "at least 12 people" in documents[0].text
    captures = quick.store.captures(documents[0].id)
    assert [(c.path, c.context["url"]) for c in captures] == [
        (at("report"), at("report")), (at("packed"), at("packed")), (at("moved"), at("report?from=moved")),
    ]  # fmt: skip


def test_each_redirect_is_a_pair_of_records_and_followed(at):
    found = a_visitor().visit(at("moved"))
    assert found.address == at("report?from=moved")
    assert bodies(found.warc) == {at("report?from=moved"): PAGE}
    answers = [(address, block.split(b"\r\n")[0]) for kind, address, _, block in records(found.warc) if kind == "response"]
    assert answers[1:] == [(at("moved"), b"HTTP/1.1 302 Found"), (at("report?from=moved"), b"HTTP/1.1 200 OK")]
    assert found.context["redirects"] == f"{at('moved')} {at('report?from=moved')}"


def test_nothing_is_sent_that_tells_more_than_needed(server: Server, at):
    a_visitor().visit(at("report"))
    assert [path for path, _ in server.seen] == ["/robots.txt", "/report"]
    assert all(set(headers) == {"Host", "User-Agent", "Accept-Encoding", "Accept"} for _, headers in server.seen)


def test_an_address_with_letters_beyond_ascii_is_asked_for_escaped(server: Server, at):
    a_visitor().visit(at("report/новости?q=ä b#part"))
    assert server.asked == ["/report/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?q=%C3%A4%20b"]


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("none", InputError, "404"), ("gone", InputError, "410"), ("round", InputError, "without end"), ("file", UsageError, "no http or https"),
        ("short", InputError, "broke off"), ("cutchunks", InputError, "no whole answer"), ("nothing", InputError, "no whole answer"),
        ("noise", InputError, "no whole answer"), ("tired", InputError, "429"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_error_and_nothing_is_kept(quick: Case, at, path, kind, words):
    failed, taken = quick.add(at(path), at("report"), allow_private=True)
    assert isinstance(failed.error, kind)
    assert words in str(failed.error)
    assert str(at("")) in str(failed.error)
    assert failed.error.advice
    assert [capture.original for capture in quick.store.captures()] == [taken.digest]


def test_a_server_that_asks_to_wait_is_passed_on(at):
    with pytest.raises(InputError) as refused:
        a_visitor().visit(at("tired"))
    assert refused.value.advice == "Try again in 120 seconds."


def test_a_chunked_answer_is_kept_with_its_chunks_and_read_without(quick: Case, at):
    [taken] = quick.add(at("chunked"), allow_private=True)
    warc = quick.store.original_bytes(taken.digest)
    assert b"\r\n\r\n5\r\nTwo d\r\n4\r\nied.\r\n0\r\n\r\n" in warc
    quick.run(jobs=1)
    assert [document.text for document in quick.documents()] == ["Two died."]


def test_a_packed_bomb_is_kept_packed_and_fails_in_reading(quick: Case, at):
    quick.settings = attrs.evolve(quick.settings, max_unpacked_bytes=20_000_000)
    [taken] = quick.add(at("bomb"), allow_private=True)
    assert len(quick.store.original_bytes(taken.digest)) < 200_000
    assert quick.run(jobs=1).failed == 1
    assert quick.documents() == ()


def test_an_answer_beyond_the_limit_is_refused(at):
    with pytest.raises(LimitError, match="larger than 4,999 bytes"):
        a_visitor(max_original_bytes=4999).visit(at("large"))
    assert len(bodies(a_visitor(max_original_bytes=5000).visit(at("large")).warc)[at("large")]) == 5000


def test_trailers_without_end_are_cut_off(at):
    with pytest.raises(LimitError, match="longer on the wire"):
        a_visitor(max_original_bytes=5000).visit(at("trailers"))


def test_a_server_that_drips_is_cut_off(at):
    """It would go on for hours."""
    with pytest.raises(LimitError, match="longer than 1 seconds"):
        a_visitor(fetch_timeout_seconds=1).visit(at("drip"))


def test_a_server_that_says_nothing_is_given_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(LimitError):
            a_visitor(fetch_timeout_seconds=1).visit(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_closed_port_is_an_error_of_the_input():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(InputError, match="gives no answer"):
        a_visitor().visit(f"http://127.0.0.1:{port}/")


def test_an_answer_without_bytes_is_preserved_and_said(quick: Case, at):
    [taken] = quick.add(at("empty"), allow_private=True)
    quick.run(jobs=1)
    [outcome] = quick.store.outcomes("parse")
    assert outcome.original == taken.digest
    assert "a record without content" in outcome.reason


def test_an_interrupted_add_does_not_visit_again_what_it_took_in(quick: Case, server: Server, at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(quick.store, "end_intake", lambda _: None)  # as if killed before the end
        quick.add(at("report"), at("moved"), allow_private=True)
    first = quick.store.captures()
    server.seen.clear()
    quick.add(at("report"), at("moved"), allow_private=True)
    assert server.seen == []
    assert quick.store.captures() == first


# --- which machines


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "0"]
)
def test_private_machines_are_not_asked_without_the_flag(quick: Case, server: Server, host):
    [ended] = quick.add(f"http://{host}:{server.server_port}/report")
    assert isinstance(ended.error, UsageError | InputError)
    assert server.seen == []
    assert quick.store.captures() == ()


def test_a_redirect_to_a_private_machine_is_judged_too(monkeypatch, server: Server, at):
    """The first machine counts as public here; the one that it leads to does not."""
    monkeypatch.setattr(_addresses, "is_public", lambda address: address == "127.0.0.1")
    with pytest.raises(UsageError, match=r"127\.0\.0\.2, which is not a public machine"):
        a_visitor(allow_private=False).visit(at("away"))
    assert server.asked == ["/away"]


@pytest.fixture
def a_name(monkeypatch):
    """news.example.org leads to this machine."""
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *a, **k: resolve("127.0.0.1" if name == "news.example.org" else name, *a, **k))
    return "news.example.org"


def test_a_name_that_leads_to_a_private_machine_is_refused(a_name, server: Server):
    with pytest.raises(UsageError, match=r"news\.example\.org leads to 127\.0\.0\.1"):
        a_visitor(allow_private=False).visit(f"http://{a_name}:{server.server_port}/report")
    assert server.seen == []


def test_where_a_name_led_is_kept(a_name, server: Server):
    found = records(a_visitor().visit(f"http://{a_name}:{server.server_port}/report").warc)
    [(kind, _, headers, block)] = [one for one in found if one[1] == f"dns:{a_name}"]
    assert (kind, headers["Content-Type"], block) == ("resource", "text/dns", b"news.example.org.\tIN\tA\t127.0.0.1\r\n")


# --- TLS


@pytest.fixture
def certificates(tmp_path) -> Certificates:
    return Certificates(tmp_path / "certificates")


def test_the_certificates_that_were_shown_are_kept(certificates, quick: Case, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.root))
    with serving(certificates.context) as server:
        address = f"https://127.0.0.1:{server.server_port}/report"
        [taken] = quick.add(address, allow_private=True)
    [capture] = quick.store.captures()
    assert capture.context["certificate"] == hashlib.sha256(certificates.shown[0]).hexdigest()
    assert capture.context["tls"].startswith("TLSv1.")
    found = records(quick.store.original_bytes(taken.digest))
    [response] = [headers for kind, uri, headers, _ in found if kind == "response" and uri == address]
    [(headers, chain)] = [(headers, block) for kind, uri, headers, block in found if kind == "metadata" and uri == address]
    assert headers["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    shown = webserver.x509.load_pem_x509_certificates(chain)
    assert [one.public_bytes(webserver.serialization.Encoding.DER) for one in shown] == certificates.shown


def test_a_certificate_that_nobody_vouches_for_is_refused(certificates, quick: Case):
    with serving(certificates.context) as server:
        [ended] = quick.add(f"https://127.0.0.1:{server.server_port}/report", allow_private=True)
    assert "a certificate that does not hold" in str(ended.error)
    assert "SSL_CERT_FILE" in ended.error.advice
    assert server.seen == []


def test_a_certificate_for_another_name_is_refused(certificates, quick: Case, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.root))
    with serving(certificates.context) as server:
        [ended] = quick.add(f"https://localhost:{server.server_port}/report", allow_private=True)
    assert "a certificate that does not hold" in str(ended.error) or "gives no answer" in str(ended.error)
    assert server.seen == []


# --- robots.txt and pauses


def test_what_robots_txt_closes_is_not_visited(quick: Case, server: Server, at):
    server.robots = (200, b"User-agent: *\nDisallow: /report\nAllow: /report/open\n")
    closed, opened = quick.add(at("report/1"), at("report/open"), allow_private=True)
    assert isinstance(closed.error, UsageError)
    assert "its robots.txt says Disallow: /report" in str(closed.error)
    assert "--ignore-robots" in closed.error.advice
    assert opened.error is None
    assert server.asked == ["/report/open"]


def test_passing_over_robots_txt_is_logged_with_its_reason(quick: Case, server: Server, at):
    server.robots = (200, b"User-agent: *\nDisallow: /\n")
    [taken] = quick.add(at("report"), allow_private=True, ignore_robots="The ministry takes such pages down.")
    [record] = [entry.record for entry in quick.store.log_entries() if entry.record["action"] == "overrode"]
    assert record["object"] == taken.digest
    assert {name: value for name, value in record["parameters"].items() if name != "salt"} == {
        "rule": "robots.txt", "says": "its robots.txt says Disallow: /", "reason": "The ministry takes such pages down.",
    }  # fmt: skip
    [capture] = quick.store.captures()
    assert "The ministry takes such pages down." in capture.context["robots"]
    assert b"Disallow: /" in quick.store.original_bytes(taken.digest)


def test_passing_over_robots_txt_needs_a_reason(quick: Case, at):
    with pytest.raises(UsageError, match="needs a reason"):
        quick.add(at("report"), allow_private=True, ignore_robots=" ")


def test_a_site_whose_robots_txt_fails_is_left_alone(server: Server, at):
    server.robots = (503, b"later")
    with pytest.raises(UsageError, match="status 503"):
        a_visitor().visit(at("report"))


def test_a_machine_is_asked_for_its_robots_txt_once_and_not_without_a_pause(server: Server, at):
    waited: list[float] = []
    visitor = a_visitor(sleep=waited.append, fetch_interval_milliseconds=60_000)
    visitor.visit(at("report"))
    visitor.visit(at("report/2"))
    assert [path for path, _ in server.seen] == ["/robots.txt", "/report", "/report/2"]
    assert len(waited) == 2
    assert all(1 < seconds <= 60 for seconds in waited)  # the rest of the pause, however long the visit took


def test_a_longer_pause_that_robots_txt_asks_for_is_kept_to(server: Server, at):
    server.robots = (200, b"User-agent: ascertain\nCrawl-delay: 20\n")
    waited: list[float] = []
    a_visitor(sleep=waited.append).visit(at("report"))
    assert 1 < waited[0] <= 20  # the pause of its own would be a millisecond


# --- on the command line


def test_a_file_of_addresses(quick: Case, run_cli, server: Server, at, tmp_path, monkeypatch):
    monkeypatch.setenv("ASCERTAIN_FETCH_INTERVAL_MILLISECONDS", "1")
    quick.close()
    listed = tmp_path / "addresses.txt"
    listed.write_text(f"# what the mayor named\n{at('report')}\n\n  {at('none')}\n", encoding="utf-8")
    ended = run_cli("add", quick.store.folder, "--addresses", listed, "--allow-private")
    assert ended.status == 1
    assert "1 new" in ended.out
    assert at("none") in ended.err
    assert "404" in ended.err
    assert server.asked == ["/report", "/none"]


@pytest.mark.parametrize(("text", "words"), [("ftp://e.org/\n", "line 1"), ("http://e.org/\nreports/\n", "line 2")])
def test_a_line_that_is_no_address_ends_it_before_anything_is_asked(case: Case, run_cli, text, words):
    case.close()
    ended = run_cli("add", case.store.folder, "--addresses", "-", stdin=text.encode())
    assert ended.status == 2
    assert words in ended.err


def test_nothing_named_is_wrong_usage(case: Case, run_cli):
    case.close()
    assert run_cli("add", case.store.folder).status == 2

"""A web server on this machine that answers well and badly, with or without TLS, and the certificates that it shows."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import http.server
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from builders import a_page
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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
        name = self.path.partition("?")[0].strip("/").partition("/")[0].partition(".")[0]
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
        for _ in range(100_000):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.1)

    def page_robots(self):
        if self.server.robots is None:
            self.answer(404, b"none", Content_Type="text/plain")
        else:
            self.answer(self.server.robots[0], self.server.robots[1], Content_Type="text/plain")

    def page_tired(self):
        self.answer(429, b"later", Retry_After="120")

    def page_gone(self):
        self.answer(410, b"gone")

    def page_bomb(self):
        self.answer(200, gzip.compress(b"<p>" + b" " * 60_000_000), Content_Type="text/html", Content_Encoding="gzip")

    def page_folded(self):
        self.wfile.write(b"HTTP/1.1 200 Fine\r\nx-odd:  two  blanks\r\nContent-Type:text/plain\r\nContent-Length: 4\r\n\r\nodd.")
        self.close_connection = True

    def page_trailers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
        with contextlib.suppress(OSError):
            for _ in range(2_000):
                self.wfile.write(b"X: " + b"y" * 60_000 + b"\r\n")
        self.close_connection = True

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
        self.robots: tuple[int, bytes] | None = None

    @property
    def asked(self) -> list[str]:
        """Paths that were asked for, robots.txt left out."""
        return [path for path, _ in self.seen if path != "/robots.txt"]

    def handle_error(self, *_):
        return


@contextlib.contextmanager
def serving(secure: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server in a thread of its own."""
    made = Server(("127.0.0.1", 0), Pages)
    if secure is not None:
        made.socket = secure.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


class Certificates:
    """Root, intermediate and a server's certificate; the server shows the last two, its users trust the first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        root_key, root = certified("Root of the tests", None, None)
        middle_key, middle = certified("Middle of the tests", root_key, root)
        key, leaf = certified("127.0.0.1", middle_key, middle, server=True)
        self.shown = [one.public_bytes(serialization.Encoding.DER) for one in (leaf, middle)]
        self.root, chain, key_file = folder / "root.pem", folder / "chain.pem", folder / "key.pem"
        self.root.write_bytes(root.public_bytes(serialization.Encoding.PEM))
        chain.write_bytes(b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, middle)))
        key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain, key_file)


def certified(name: str, by_key, by, *, server: bool = False):
    """A new key and its certificate, signed by another or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.subject if by is not None else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not server, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((by_key or key).public_key()), critical=False)
    )
    if server:
        names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("news.example.org")]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    else:
        use = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
        use |= {"key_cert_sign": True, "crl_sign": True, "encipher_only": False, "decipher_only": False}
        made = made.add_extension(x509.KeyUsage(**use), critical=True)
    return key, made.sign(by_key or key, hashes.SHA256())

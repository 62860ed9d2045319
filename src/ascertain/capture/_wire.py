"""One request and its answer, with every byte as it went over the wire and the certificates that the other side showed.

The name is resolved here, every address that it has is judged, and the connection goes to a judged address, so that a name can't
lead elsewhere between the look and the connection. What http.client reads is kept as it reads it: a record that is put together from
parsed headers would not be what was sent.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

import attrs

from ascertain.capture._addresses import Machine, Target, judged_machine
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError

USER_AGENT = "ascertain (evidence preservation)"
# An answer's bytes on the wire, over those of its body: chunks of a few bytes each double it, endless trailers would have no end.
WIRE_SHARE, WIRE_BYTES = 2, 1_000_000


class UnreachableError(InputError):
    """Nobody is there, or nobody whom the certificate names."""


@attrs.frozen
class Exchange:
    """One request and its answer.

    Attributes:
        uri: the address as it was asked for.
        at: when it was asked, ISO 8601 UTC.
        request, response: all bytes as sent and received; the response's head is its first `head_bytes`.
        body: what the answer holds, transfer coding undone, content coding (gzip) not.
        certificates: DER, as the server sent them, its own first; empty without TLS.
        tls: version and cipher.
    """

    uri: str
    target: Target
    at: str
    machine: Machine
    request: bytes
    response: bytes
    head_bytes: int
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    certificates: tuple[bytes, ...] = ()
    tls: str | None = None

    def header(self, name: str) -> str | None:
        """The first header of a name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Deadline:
    """Shuts its sockets when the time is over, whatever they wait for; a context manager."""

    def __init__(self, seconds: float) -> None:
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.seconds = seconds
        self._until = time.monotonic() + seconds

    def watch(self, one: socket.socket) -> None:
        """Shut this one too."""
        self._sockets.append(one)

    def _end(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        if time.monotonic() >= self._until and (kind is None or issubclass(kind, InputError)):
            raise LimitError(
                f"the answer took longer than {self.seconds:g} seconds", advice="Raise fetch_timeout_seconds, or try again."
            ) from error


class _Reader:
    """A socket's file that keeps what is read from it."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most = file, most
        self.kept = bytearray()

    def read(self, size: int = -1) -> bytes:
        """Read, and keep."""
        return self._keep(self._file.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Read a line, and keep."""
        return self._keep(self._file.readline(size))

    def readinto(self, buffer: bytearray) -> int:
        """Read into a buffer, and keep."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _keep(self, data: bytes) -> bytes:
        self.kept += data
        if len(self.kept) > self._most:
            raise LimitError(f"the answer is longer on the wire than {self._most:,} bytes", advice="Raise max_original_bytes.")
        return data

    def flush(self) -> None:
        """Nothing to flush: it is read only."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Wire:
    """A socket that keeps what is sent and received."""

    def __init__(self, real: socket.socket, most: int) -> None:
        self._real, self._most = real, most
        self.sent = bytearray()
        self.reader: _Reader | None = None

    def sendall(self, data: bytes) -> None:
        """Send, and keep."""
        self._real.sendall(data)
        self.sent += data

    def makefile(self, _mode: str) -> _Reader:
        """The file from which the answer is read."""
        self.reader = _Reader(self._real.makefile("rb"), self._most)
        return self.reader

    def close(self) -> None:
        """Close the socket."""
        self._real.close()


def exchange(target: Target, deadline: Deadline, *, allow_private: bool, settings: Settings, clock: Callable[[], str]) -> Exchange:
    """Ask for one address, whatever it answers.

    Raises:
        UsageError: the address leads to a private machine.
        InputError: no answer, or one that breaks off.
        LimitError: the answer is too long.
    """
    machine = judged_machine(target.name, target.port, allow_private=allow_private)
    at = clock()
    real = _connected(target, machine, deadline)
    try:
        certificates, tls = _shown(real)
        return _asked(target, real, settings=settings, about={"at": at, "machine": machine, "certificates": certificates, "tls": tls})
    finally:
        real.close()


def _connected(target: Target, machine: Machine, deadline: Deadline) -> socket.socket:
    """A connection to a judged machine; for https the certificate is checked against the name."""
    try:
        plain = socket.create_connection((machine.address, target.port), timeout=deadline.seconds)
        deadline.watch(plain)
        if target.scheme == "http":
            return plain
        secure = ssl.create_default_context().wrap_socket(plain, server_hostname=target.name)
        deadline.watch(secure)
    except ssl.SSLCertVerificationError as error:
        raise UnreachableError(
            f"{target.uri} shows a certificate that does not hold: {error.verify_message}",
            advice="Check the address; for an authority of your own name its file in SSL_CERT_FILE.",
        ) from error
    except (OSError, ValueError) as error:
        raise UnreachableError(f"{target.uri} gives no answer: {error}", advice="Check the address and the network.") from error
    return secure


def _shown(real: socket.socket) -> tuple[tuple[bytes, ...], str | None]:
    """The certificates that the other side showed, its own first, and how the connection is secured."""
    if not isinstance(real, ssl.SSLSocket):
        return (), None
    cipher = real.cipher()
    tls = f"{real.version()} {cipher[0] if cipher else ''}".strip()
    chain = getattr(real, "get_unverified_chain", None)  # public from Python 3.13 on
    if chain is not None:
        return tuple(chain()), tls
    kept = real._sslobj.get_unverified_chain()  # type: ignore[attr-defined]  # noqa: SLF001  # the same, before it was public
    return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in kept), tls


def _asked(target: Target, real: socket.socket, *, settings: Settings, about: dict[str, object]) -> Exchange:
    most = settings.max_original_bytes
    wire = _Wire(real, WIRE_SHARE * most + WIRE_BYTES)
    made = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection  # they know the default port
    connection = made(target.name, target.port)
    connection.sock = wire
    try:
        connection.request("GET", target.path, headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"})
        response = connection.getresponse()
        head_bytes = len(wire.reader.kept) if wire.reader else 0
        body = _body(response, target, most=most)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise InputError(f"{target.uri} gives no whole answer ({reason})", advice="Try again later; nothing was kept of it.") from error
    return Exchange(
        uri=target.uri, target=target, request=bytes(wire.sent), response=bytes(wire.reader.kept) if wire.reader else b"",
        head_bytes=head_bytes, status=response.status, reason=response.reason,
        headers=tuple((str(k), str(v)) for k, v in response.getheaders()), body=body, **about,  # type: ignore[arg-type]  # the caller gives the rest by name
    )  # fmt: skip


def _body(response: http.client.HTTPResponse, target: Target, *, most: int) -> bytes:
    told = response.length  # None where the server does not say
    data = response.read(most + 1)
    if len(data) > most:
        raise LimitError(f"{target.uri} is larger than {most:,} bytes", advice="Raise max_original_bytes.")
    if told is not None and len(data) < told:
        raise InputError(f"{target.uri} broke off after {len(data):,} of {told:,} bytes", advice="Try again; nothing was kept of it.")
    return data

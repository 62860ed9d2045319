"""One web address: fetched once, nothing that it links to, never from a private machine unless that is asked for.

The name is resolved here, every address that it has is judged, and the connection goes to a judged address, so that a name can't
lead elsewhere between the look and the connection. Each redirect is judged anew. The whole has one time limit: a server that drips
its answer is cut off.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import attrs

from ascertain.config import Settings
from ascertain.errors import InputError, LimitError, UsageError

REDIRECTS = 5
USER_AGENT = "ascertain (evidence preservation)"
REDIRECT_STATUS = {301, 302, 303, 307, 308}
# Addresses that carry another one inside: translation prefixes lead to machines that the outer address does not tell.
CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "2001::/32")))
ASCII_OF_ADDRESSES = "%/:?#[]@!$&'()*+,;=-._~"  # what stays as it is in a path or query


@attrs.frozen
class Answer:
    """Bytes with what came with them.

    Attributes:
        source: the address that gave them in the end.
        not_available: what could not be had.
        context: further circumstances of the capture.
    """

    data: bytes
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str | None = None
    source: str | None = None
    not_available: tuple[str, ...] = ()
    context: Mapping[str, str] = attrs.field(factory=dict)


def is_address(source: str) -> bool:
    """Whether a source is a web address."""
    return source.lower().startswith(("http://", "https://"))


def fetch(address: str, *, allow_private: bool, settings: Settings) -> Answer:
    """Fetch one address, redirects followed.

    Raises:
        UsageError: the address is none, or leads to a private machine.
        InputError: no answer, one that says no, or one that breaks off.
        LimitError: the answer is too long.
    """
    visited = [address]
    with _Deadline(settings.fetch_timeout_seconds) as deadline:
        for _ in range(REDIRECTS + 1):
            connection, machine = _connected(address, deadline, allow_private=allow_private)
            try:
                target, answer = _exchange(connection, address, settings=settings)
            finally:
                connection.close()
            if answer is not None:
                context = {"url": visited[0], "machine": machine} | ({"redirects": " ".join(visited)} if len(visited) > 1 else {})
                return attrs.evolve(answer, context=context)
            address = urljoin(address, target)
            visited.append(address)
    raise InputError(f"{visited[0]} leads from one address to the next without end", advice="Add the last address itself.")


class _Deadline:
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


def _exchange(connection: http.client.HTTPConnection, address: str, *, settings: Settings) -> tuple[str, Answer | None]:
    """One request: where it leads on, or its answer."""
    parts = urlsplit(address)
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=ASCII_OF_ADDRESSES)
    try:
        connection.request("GET", path, headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"})
        response = connection.getresponse()
        target = response.getheader("Location")
        if response.status in REDIRECT_STATUS and target:
            return target, None
        if response.status != http.client.OK:
            raise InputError(f"{address} answered {response.status} {response.reason}", advice="Look at it in a browser; try again later.")
        return "", _answer(response, address, settings=settings)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise InputError(f"{address} gives no whole answer ({reason})", advice="Try again later; nothing was kept of it.") from error


def _answer(response: http.client.HTTPResponse, address: str, *, settings: Settings) -> Answer:
    told = response.length  # None where the server does not say
    data = response.read(settings.max_original_bytes + 1)
    if len(data) > settings.max_original_bytes:
        raise LimitError(f"{address} is larger than {settings.max_original_bytes:,} bytes", advice="Raise max_original_bytes.")
    if told is not None and len(data) < told:
        raise InputError(f"{address} broke off after {len(data):,} of {told:,} bytes", advice="Try again; nothing was kept of it.")
    kind = (response.getheader("Content-Type") or "").split(";")[0].strip().lower() or None
    headers = (("status", f"{response.status} {response.reason}"), *response.getheaders())
    return Answer(data, tuple((str(k), str(v)) for k, v in headers), kind, address)


def _connected(address: str, deadline: _Deadline, *, allow_private: bool) -> tuple[http.client.HTTPConnection, str]:
    """A connection to a judged machine, and that machine's address."""
    parts, name, port = _parts(address)
    machine = judged_address(name, port, allow_private=allow_private)
    connection = _connection(parts.scheme, name, (machine, port), deadline)
    try:
        connection.connect()
    except (OSError, ValueError) as error:
        connection.close()
        raise InputError(f"{address} gives no answer: {error}", advice="Check the address and the network.") from error
    return connection, machine


def _parts(address: str) -> tuple[SplitResult, str, int]:
    """The parts, name and port of an address.

    Raises:
        UsageError: it is no web address, or carries a password, which would be kept for good.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise UsageError(f"{address} is no valid address: {error}", advice="Give the full address.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{address} is no http or https address", advice="Give the full address.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"an address at {parts.hostname} carries a user name or password", advice="Give it without: addresses are kept for good."
        )
    return parts, parts.hostname, port


def judged_address(name: str, port: int, *, allow_private: bool) -> str:
    """Resolve a name and give its first address, if all that it has may be visited.

    Raises:
        UsageError: one of them is private, loopback or otherwise not public.
        InputError: the name is not known.
    """
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise InputError(f"{name} is not known to the network", advice="Check the address; without a network add files instead.") from error
    for address in found:
        if not allow_private and not is_public(address):
            raise UsageError(f"{name} leads to {address}, which is not a public machine", advice="If that is meant, give --allow-private.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one machine of the open network: not private, loopback, link-local, multicast, or carrying another."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.is_site_local or any(found in carrier for carrier in CARRIERS):
            return False
    return found.is_global and not found.is_multicast


def _connection(scheme: str, name: str, machine: tuple[str, int], deadline: _Deadline) -> http.client.HTTPConnection:
    """A connection to a judged address; for https the certificate is checked against the name."""

    def to_machine(*_: object) -> socket.socket:
        made = socket.create_connection(machine, timeout=deadline.seconds)
        deadline.watch(made)
        return made

    if scheme == "https":
        secure = http.client.HTTPSConnection(name, machine[1], timeout=deadline.seconds, context=ssl.create_default_context())
        secure._create_connection = to_machine  # type: ignore[attr-defined]  # noqa: SLF001  # http.client's own hook
        return secure
    plain = http.client.HTTPConnection(name, machine[1], timeout=deadline.seconds)
    plain._create_connection = to_machine  # type: ignore[attr-defined]  # noqa: SLF001  # http.client's own hook
    return plain

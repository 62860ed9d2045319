"""One web address: fetched once, nothing that it links to, never from a private machine unless that is asked for.

The name is resolved here, every address that it has is judged, and the connection goes to a judged address, so that a name can't
lead elsewhere between the look and the connection. Each redirect is judged anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urljoin, urlsplit

import attrs

from ascertain.config import Settings
from ascertain.errors import InputError, LimitError, UsageError

REDIRECTS = 5
USER_AGENT = "ascertain (evidence preservation)"
REDIRECT_STATUS = {301, 302, 303, 307, 308}


@attrs.frozen
class Answer:
    """Bytes with what came with them; `source` is the address that gave them in the end."""

    data: bytes
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str | None = None
    source: str | None = None


def is_address(source: str) -> bool:
    """Whether a source is a web address."""
    return source.lower().startswith(("http://", "https://"))


def fetch(address: str, *, allow_private: bool, settings: Settings) -> Answer:
    """Fetch one address, redirects followed.

    Raises:
        UsageError: the address is none, or leads to a private machine.
        InputError: no answer, or one that says no.
        LimitError: the answer is too long.
    """
    for _ in range(REDIRECTS + 1):
        response, connection = _ask(address, allow_private=allow_private, settings=settings)
        try:
            target = response.getheader("Location")
            if response.status in REDIRECT_STATUS and target:
                address = urljoin(address, target)
                continue
            if response.status != http.client.OK:
                raise InputError(
                    f"{address} answered {response.status} {response.reason}", advice="Look at it in a browser; try again later."
                )
            data = response.read(settings.max_original_bytes + 1)
            if len(data) > settings.max_original_bytes:
                raise LimitError(f"{address} is larger than {settings.max_original_bytes:,} bytes", advice="Raise max_original_bytes.")
            kind = (response.getheader("Content-Type") or "").split(";")[0].strip().lower() or None
            headers = (("status", f"{response.status} {response.reason}"), *response.getheaders())
            return Answer(data, tuple((str(k), str(v)) for k, v in headers), kind, address)
        except (OSError, http.client.HTTPException) as error:
            raise InputError(f"{address} broke off: {error}", advice="Try again; nothing was kept of it.") from error
        finally:
            connection.close()
    raise InputError(f"{address} leads from one address to the next without end", advice="Add the last address itself.")


def _ask(address: str, *, allow_private: bool, settings: Settings) -> tuple[http.client.HTTPResponse, http.client.HTTPConnection]:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{address} is no http or https address", advice="Give the full address.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise UsageError(f"{address} has no valid port", advice="Give the full address.") from error
    machine = judged_address(parts.hostname, port, allow_private=allow_private)
    connection = _connection(parts.scheme, parts.hostname, machine, port, settings.fetch_timeout_seconds)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(
            "GET", path, headers={"Host": parts.netloc, "User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"}
        )
        return connection.getresponse(), connection
    except (OSError, http.client.HTTPException, ValueError) as error:
        connection.close()
        raise InputError(f"{address} gives no answer: {error}", advice="Check the address and the network.") from error


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
        if not allow_private and not ipaddress.ip_address(address.split("%")[0]).is_global:
            raise UsageError(f"{name} leads to {address}, which is not a public machine", advice="If that is meant, give --allow-private.")
    return found[0]


def _connection(scheme: str, name: str, machine: str, port: int, timeout_seconds: int) -> http.client.HTTPConnection:
    """A connection to a judged address; for https the certificate is checked against the name."""
    sock_address = (machine, port)

    def to_machine(*_: object) -> socket.socket:
        return socket.create_connection(sock_address, timeout=timeout_seconds)

    if scheme == "https":
        secure = http.client.HTTPSConnection(name, port, timeout=timeout_seconds, context=ssl.create_default_context())
        secure._create_connection = to_machine  # type: ignore[attr-defined]  # noqa: SLF001  # http.client's own hook
        return secure
    plain = http.client.HTTPConnection(name, port, timeout=timeout_seconds)
    plain._create_connection = to_machine  # type: ignore[attr-defined]  # noqa: SLF001  # http.client's own hook
    return plain

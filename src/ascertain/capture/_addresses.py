"""Which addresses are visited: http and https without a password, on machines of the open network alone unless that is asked for."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import quote, urlsplit

import attrs

from ascertain.errors import InputError, UsageError

# Addresses that carry another one inside: translation prefixes lead to machines that the outer address does not tell.
CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "2001::/32")))
ASCII_OF_ADDRESSES = "%/:?#[]@!$&'()*+,;=-._~"  # what stays as it is in a path or query
PORTS = {"http": 80, "https": 443}


@attrs.frozen
class Target:
    """An address taken apart.

    Attributes:
        path: path and query as they are asked for, escaped.
        where: scheme, name and port: what a robots.txt speaks for.
    """

    scheme: str
    name: str
    port: int
    path: str

    @property
    def where(self) -> str:
        """The beginning of all addresses on this machine and port."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"{self.scheme}://{name}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def uri(self) -> str:
        """The address as it is asked for."""
        return self.where + self.path


@attrs.frozen
class Machine:
    """Where a name led: all that it resolved to, and the one that is asked."""

    address: str
    resolved: tuple[str, ...]


def is_address(source: str) -> bool:
    """Whether a source is a web address."""
    return source.lower().startswith(("http://", "https://"))


def target_of(address: str) -> Target:
    """Take an address apart.

    Raises:
        UsageError: it is no web address, or carries a password, which would be kept for good.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{address} is no valid address: {error}", advice="Give the full address.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise UsageError(f"{address} is no http or https address", advice="Give the full address.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"an address at {parts.hostname} carries a user name or password", advice="Give it without: addresses are kept for good."
        )
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=ASCII_OF_ADDRESSES)
    return Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)


def judged_machine(name: str, port: int, *, allow_private: bool) -> Machine:
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
    return Machine(found[0], tuple(dict.fromkeys(found)))


def is_public(address: str) -> bool:
    """Whether an IP address is one machine of the open network: not private, loopback, link-local, multicast, or carrying another."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.is_site_local or any(found in carrier for carrier in CARRIERS):
            return False
    return found.is_global and not found.is_multicast


def is_name(name: str) -> bool:
    """Whether a host is a name that was resolved, and no IP address itself."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False

"""Which machines a web capture may visit."""

from __future__ import annotations

import socket

import pytest

from ascertain.capture._addresses import is_address, is_public, judged_machine, target_of
from ascertain.errors import InputError, UsageError


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "1.1.1.1%0"])
def test_machines_of_the_open_network_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "fe80::1", "fe80::1%eth0",
        "fd00:ec2::254", "100.64.0.1", "100.100.100.200", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255", "fec0::1", "192.0.2.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "::7f00:1", "2001:0:1::",
        "198.18.0.1",
    ],
)  # fmt: skip
def test_private_machines_and_addresses_that_hide_one_are_not(address):
    assert not is_public(address)


@pytest.mark.parametrize("name", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]"[1:-1], "0"])
def test_other_ways_to_write_a_private_machine_are_refused(name):
    with pytest.raises((UsageError, InputError)):
        judged_machine(name, 80, allow_private=False)


def resolver(*addresses: str):
    def resolve(_name, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("8.8.8.8", "10.0.0.1"))
    with pytest.raises(UsageError, match=r"leads to 10\.0\.0\.1") as refused:
        judged_machine("rebound.example.org", 80, allow_private=False)
    assert "--allow-private" in refused.value.advice


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("8.8.8.8", "1.1.1.1"))
    assert judged_machine("example.org", 80, allow_private=False).address == "8.8.8.8"
    monkeypatch.setattr(socket, "getaddrinfo", resolver("10.0.0.1"))
    assert judged_machine("example.org", 80, allow_private=True).address == "10.0.0.1"


def test_an_unknown_name_is_an_error_of_the_input(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(InputError, match="not known to the network"):
        judged_machine("nowhere.invalid", 80, allow_private=False)
    with pytest.raises(InputError):
        judged_machine("a" * 70 + ".org", 80, allow_private=False)


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///path", "https://[::1", "http://e.org:99999/", "http://e.org:x/", "http://user:word@e.org/", "http://user@e.org/"],
)
def test_malformed_addresses_and_those_with_a_password_are_refused(address):
    with pytest.raises(UsageError) as refused:
        target_of(address)
    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize(
    ("source", "web"),
    [("http://e.org", True), ("HTTPS://e.org", True), ("ftp://e.org", False), ("file:///etc/passwd", False), ("reports", False)],
)
def test_only_http_and_https_are_web_addresses(source, web):
    assert is_address(source) is web

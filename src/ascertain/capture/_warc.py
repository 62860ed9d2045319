"""A capture as one WARC 1.1 file (ISO 28500:2017), uncompressed, so that its bytes can be looked at and hashed as they are.

Records, in order: `warcinfo`; then for each exchange, robots.txt first, then the addresses as they led on: `resource` with the DNS
answer (`dns:NAME`, text/dns, RFC 4027), `response`, `request`, and `metadata` with the certificate chain that the server showed
(application/pem-certificate-chain, RFC 8555), the last two concurrent to the response. HTTP bytes are those of the wire: warcio, with
which the tests read these files, would write headers anew from its parsed form. Ids follow from the content: the same capture has the
same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import textwrap
import uuid
from collections.abc import Mapping, Sequence

from ascertain.capture._addresses import is_name
from ascertain.capture._wire import Exchange

VERSION = b"WARC/1.1\r\n"
CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
CERTIFICATES = "application/pem-certificate-chain"


def warc_of(exchanges: Sequence[Exchange], about: Mapping[str, str]) -> bytes:
    """The file of a capture; `about` goes into its `warcinfo`."""
    info = "".join(f"{name}: {value}\r\n" for name, value in {**about, "format": "WARC File Format 1.1", "conformsTo": CONFORMS}.items())
    made = [_record("warcinfo", {"WARC-Date": exchanges[0].at, "Content-Type": "application/warc-fields"}, info.encode())]
    resolved: set[tuple[str, tuple[str, ...]]] = set()
    for one in exchanges:
        if is_name(one.target.name) and (one.target.name, one.machine.resolved) not in resolved:
            resolved.add((one.target.name, one.machine.resolved))
            made.append(_resolution(one))
        made += _pair(one)
    return b"".join(made)


def pem(certificates: Sequence[bytes]) -> bytes:
    """Certificates as text, in their order."""
    shown = ("\n".join(textwrap.wrap(base64.b64encode(one).decode(), 64)) for one in certificates)
    return "".join(f"-----BEGIN CERTIFICATE-----\n{one}\n-----END CERTIFICATE-----\n" for one in shown).encode()


def _resolution(one: Exchange) -> bytes:
    """The DNS answer as lines of a zone; how long it holds is not told by the system's resolver, and left out."""
    lines = (f"{one.target.name}.\tIN\t{'AAAA' if ':' in address else 'A'}\t{address}\r\n" for address in one.machine.resolved)
    return _record(
        "resource", {"WARC-Target-URI": f"dns:{one.target.name}", "WARC-Date": one.at, "Content-Type": "text/dns"}, "".join(lines).encode()
    )


def _pair(one: Exchange) -> list[bytes]:
    here = {"WARC-Target-URI": one.uri, "WARC-Date": one.at}
    there = here | {"WARC-IP-Address": one.machine.address.partition("%")[0]}
    payload = {"WARC-Payload-Digest": _digest(one.response[one.head_bytes :])}
    response = there | payload | {"Content-Type": "application/http; msgtype=response"}
    beside = {"WARC-Concurrent-To": _id("response", response, one.response)}
    request = there | beside | {"WARC-Payload-Digest": _digest(b""), "Content-Type": "application/http; msgtype=request"}
    made = [_record("response", response, one.response), _record("request", request, one.request)]
    if one.certificates:
        made.append(_record("metadata", here | beside | {"Content-Type": CERTIFICATES}, pem(one.certificates)))
    return made


def _record(kind: str, headers: Mapping[str, str], block: bytes) -> bytes:
    lines = {
        "WARC-Type": kind,
        "WARC-Record-ID": _id(kind, headers, block),
        **headers,
        "WARC-Block-Digest": _digest(block),
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return VERSION + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _id(kind: str, headers: Mapping[str, str], block: bytes) -> str:
    told = "\n".join((kind, headers["WARC-Date"], headers.get("WARC-Target-URI", ""), _digest(block)))
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, told)}>"


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"

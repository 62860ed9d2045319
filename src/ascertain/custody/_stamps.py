"""RFC 3161 time stamps: the request for a digest, and what an answer says once its signature and certificates were checked.

DER is written and read here, as far as these two forms need it; signatures are `cryptography`'s. `openssl ts -verify` says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import attrs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from ascertain.errors import CustodyError

INTEGER, OCTETS, SEQUENCE, SET, CONTEXT_0 = 0x02, 0x04, 0x30, 0x31, 0xA0
SHA256 = bytes.fromhex("300d06096086480165030402010500")  # the algorithm, with its empty parameters
DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "608648016503040201": hashes.SHA256(),
    "608648016503040202": hashes.SHA384(),
    "608648016503040203": hashes.SHA512(),
}  # by object identifier, hex
MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")  # the signed attribute that holds the digest of what was signed
GRANTED = {b"\x00", b"\x01"}
ODD = (UnsupportedAlgorithm, x509.InvalidVersion, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
MAX_CHAIN, LONG_FORM = 8, 0x80
Elements = list[tuple[int, bytes, bytes]]


@attrs.frozen
class Stamp:
    """What an authority says: the time (ISO 8601 UTC), its name, and whether its certificate leads to a root that was given."""

    time: str
    authority: str
    trusted: bool


def stamp_request(digest: bytes, nonce: int) -> bytes:
    """The request for a SHA-256 digest: version 1, nonce, and the wish for the authority's certificates."""
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    imprint = _element(SEQUENCE, SHA256 + _element(OCTETS, digest))
    return _element(SEQUENCE, _element(INTEGER, b"\x01") + imprint + _element(INTEGER, number) + b"\x01\x01\xff")


def read_stamp(response: bytes, request: bytes, *, roots: bytes | None = None) -> Stamp:
    """Check the answer to a request.

    Args:
        roots: certificates of the authority, PEM; None where they are not at hand: then nothing is said about trust.

    Raises:
        CustodyError: it refuses, answers another request, its signature does not hold, or it does not lead to the roots.
    """
    try:
        return _read(response, request, roots)
    except (ValueError, IndexError, KeyError, StopIteration, TypeError, *ODD) as error:
        raise CustodyError(f"the stamp does not hold: {error or type(error).__name__}", advice="Ask the authority again.") from error
    except InvalidSignature as error:
        raise CustodyError("the stamp does not hold: the authority's signature is false", advice="Ask the authority again.") from error


def _read(response: bytes, request: bytes, roots: bytes | None) -> Stamp:
    parts = _elements(_elements(response)[0][1])
    if _elements(parts[0][1])[0][1] not in GRANTED or len(parts) == 1:
        raise ValueError("the authority refused it")
    signed = _elements(_elements(_elements(parts[1][1])[1][1])[0][1])
    info = _elements(_elements(_elements(signed[2][1])[1][1])[0][1])[0]
    fields, asked = _elements(info[1]), _elements(_elements(request)[0][1])
    nonces = [content for tag, content, _ in fields[5:] if tag == INTEGER]
    if _elements(fields[2][1])[1][1] != _elements(asked[1][1])[1][1] or nonces != [asked[2][1]]:
        raise ValueError("it answers another request")
    held = [x509.load_der_x509_certificate(whole) for tag, content, _ in signed[3:] if tag == CONTEXT_0 for *_, whole in _elements(content)]
    certificate = _check_signature(_elements(_elements(signed[-1][1])[0][1]), info[2], held)
    when = datetime.strptime(fields[4][1].decode()[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if roots is not None:
        _check_chain(certificate, held, x509.load_pem_x509_certificates(roots), when)
    return Stamp(when.strftime("%Y-%m-%dT%H:%M:%SZ"), certificate.subject.rfc4514_string(), roots is not None)


def _check_signature(signer: Elements, info: bytes, held: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate whose key signed the attributes, which hold the digest of the stamp's content."""
    serial = int.from_bytes(_elements(signer[1][1])[1][1], "big", signed=True)
    algorithm = DIGESTS[_elements(signer[2][1])[0][1].hex()]
    attributes = {_elements(content)[0][1]: _elements(_elements(content)[1][1])[0][1] for _, content, _ in _elements(signer[3][1])}
    total = hashes.Hash(algorithm)
    total.update(info)
    if attributes[MESSAGE_DIGEST] != total.finalize():
        raise ValueError("what was signed is another stamp")
    certificate = next(one for one in held if one.serial_number == serial)
    if ExtendedKeyUsageOID.TIME_STAMPING not in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value:
        raise ValueError("its certificate is not one for time stamps")
    key, covered, signature = certificate.public_key(), bytes([SET]) + signer[3][2][1:], signer[5][1]
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, covered, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, covered, ec.ECDSA(algorithm))
    else:
        raise ValueError("its key is neither RSA nor of an elliptic curve")  # noqa: TRY004  # the answer's fault, not a caller's
    return certificate


def _check_chain(
    certificate: x509.Certificate, held: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], when: datetime
) -> None:
    """Climb from a certificate to a root, each valid at the stamp's time and allowed to issue the one below."""
    for _ in range(MAX_CHAIN):
        if not certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc:
            raise ValueError("a certificate was not valid at its time")
        if certificate in roots:
            return
        certificate = next((one for one in (*roots, *held) if _issued(one, certificate)), certificate)
    raise ValueError("its certificate does not lead to the authority's certificates that were given")


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer is not certificate and issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, *ODD):
        return False


def _element(tag: int, content: bytes) -> bytes:
    """One element of DER; what we write is shorter than 128 bytes."""
    return bytes([tag, len(content)]) + content


def _elements(data: bytes) -> Elements:
    """The elements of some DER, one after the other: tag, content, and all of it as it stands."""
    found: Elements = []
    at = 0
    while at < len(data):
        start, length = at + 2, data[at + 1]
        if length >= LONG_FORM:
            start, length = start + length - LONG_FORM, int.from_bytes(data[start : start + length - LONG_FORM], "big")
        if start + length > len(data):
            raise ValueError("it is cut")
        found.append((data[at], data[start : start + length], data[at : start + length]))
        at = start + length
    return found

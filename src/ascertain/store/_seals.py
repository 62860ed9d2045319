"""What of a case is sealed when it is kept: documents field by field and word by word, decisions by field, findings by incident."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ascertain.custody import Seal, canonical, seal, words_of
from ascertain.errors import CustodyError
from ascertain.records import Capture, Decision, Document, Findings

NONCE_BYTES = 12


def document_seal(secret: bytes, record: bytes, document: Document, capture: Capture | None) -> Seal:
    """A document's fields, what is known of its first capture, and its words."""
    return seal(secret, "document", document.id, record, fields=document_fields(document, capture), words=words_of(document.text))


def document_fields(document: Document, capture: Capture | None) -> dict[str, str]:
    """The fields of a document that are sealed, by name; those without a value are left out."""
    about: dict[str, str | None] = {
        "original": document.id, "path": document.path, "title": document.title, "publisher": document.publisher, "byline": document.byline,
        "language": document.language, "published": document.published.value if document.published else None,
        "media_type": document.media_type, "parent": document.parent, "url": document.url,
    }  # fmt: skip
    if capture is not None:
        about |= {"captured_at": capture.captured_at, "collector": capture.collector, "source": capture.source, "tool": capture.tool}
    return {name: value for name, value in about.items() if value is not None}


def decision_seal(secret: bytes, record: bytes, decision: Decision) -> Seal:
    """A decision's fields."""
    return seal(secret, "decision", decision.id, record, fields=decision_fields(record))


def decision_fields(record: bytes) -> dict[str, str]:
    """The fields of a decision's record that are sealed; those without a value are left out."""
    about: dict[str, Any] = msgspec.json.decode(record)
    return {name: value if isinstance(value, str) else canonical(value).decode() for name, value in about.items() if value is not None}


def findings_record(findings: Findings) -> tuple[bytes, list[bytes]]:
    """The canonical record of findings, and within it that of each incident: made once, since both are large."""
    about: dict[str, Any] = msgspec.to_builtins(findings)
    incidents = [canonical(incident) for incident in about.pop("incidents")]
    parts = {name: canonical(value) for name, value in about.items()} | {"incidents": b"[" + b",".join(incidents) + b"]"}
    return b"{" + b",".join(canonical(name) + b":" + parts[name] for name in sorted(parts)) + b"}", incidents


def findings_seal(secret: bytes, record: bytes, incidents: Iterable[bytes]) -> Seal:
    """Findings by incident."""
    return seal(secret, "findings", "findings", record, fields={}, words=(one.decode() for one in incidents), under="incident")


def sealed_about(made: Seal) -> dict[str, Any]:
    """What a log record says of a seal."""
    return {"kind": made.kind, "leaves": len(made.parts), "root": made.root().hex()}


def encrypt(secret: bytes, about: Mapping[str, Any]) -> str:
    """Words that only the case reads, for the custody log; equal words give equal results."""
    words = canonical(dict(about))
    nonce = hmac.digest(_key(secret, b"nonce"), words, "sha256")[:NONCE_BYTES]
    return base64.b64encode(nonce + ChaCha20Poly1305(_key(secret, b"words")).encrypt(nonce, words, None)).decode()


def decrypt(secret: bytes | None, sealed: str) -> bytes:
    """The words again, canonical JSON.

    Raises:
        CustodyError: the case's secret is missing or another one, or the words were changed.
    """
    try:
        if secret is None:
            raise ValueError("the secret is missing")
        blob = base64.b64decode(sealed, validate=True)
        return ChaCha20Poly1305(_key(secret, b"words")).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise CustodyError(
            "what people have protected can't be read: keys/salts.pem is missing or another one",
            advice="Restore it from a copy of the case.",
        ) from error


def _key(secret: bytes, what: bytes) -> bytes:
    return hmac.digest(secret, b"key\0" + what, "sha256")

"""A security key in software, for tests: it answers as a browser with a key would, and can be made to lie."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One key; its counter grows with every use."""

    def __init__(self) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.uses = 0

    def create(
        self, options: dict[str, Any], *, origin: str, kind: str = "webauthn.create", rp: str | None = None, flags: int = FLAG.UP
    ) -> str:
        """The answer to the options of a registration."""
        public = AttestedCredentialData.create(b"\0" * 16, self.id, ES256.from_cryptography_key(self.secret.public_key()))
        data = AuthenticatorData.create(_digest(rp or options["rp"]["id"]), FLAG(flags) | FLAG.AT, self.uses, public)
        client = CollectedClientData.create(kind, options["challenge"], origin)
        made = AttestationObject.create("none", data, {})
        return self._told({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(made)})

    def get(self, options: dict[str, Any], *, origin: str, kind: str = "webauthn.get", rp: str | None = None, counted: bool = True) -> str:
        """The answer to the options of a login."""
        self.uses += counted
        data = AuthenticatorData.create(_digest(rp or options["rpId"]), FLAG.UP, self.uses)
        client = CollectedClientData.create(kind, options["challenge"], origin)
        signature = self.secret.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._told(
            {"clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(data), "signature": websafe_encode(signature)}
        )

    def _told(self, response: dict[str, str]) -> str:
        key = websafe_encode(self.id)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response, "clientExtensionResults": {}})


def _digest(rp: str) -> bytes:
    return hashlib.sha256(rp.encode()).digest()

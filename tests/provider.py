"""A small identity provider on loopback, for tests: OpenID Connect with PKCE, honest unless it is told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey


class IdentityProvider:
    """Signs whom `subject` names; `lies` are claims and answers that differ from what is right."""

    def __init__(self, *, client_id: str = "the-case", secret: str | None = "s3cret of the case") -> None:
        self.client_id, self.secret = client_id, secret
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
        self.subject, self.claims = "subject-1", {"name": "Nina Novak", "email": "nina@example.org"}
        self.lies: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, "")

            def do_POST(self) -> None:
                provider.answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        """One request."""
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(body or parts.query).items()}
        self.asked.append(parts.path)
        status, headers, told = {
            "/.well-known/openid-configuration": self.description, "/keys": self.keys, "/authorize": self.authorize, "/token": self.token,
        }[parts.path](query, handler)  # fmt: skip
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(json.dumps(told).encode())

    def description(self, _query: dict[str, str], _handler: Any) -> tuple[int, dict[str, str], Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return 200, {}, found | self.lies.get("description", {})

    def keys(self, _query: dict[str, str], _handler: Any) -> tuple[int, dict[str, str], Any]:
        return 200, {}, KeySet([self.key]).as_dict(private=False)

    def authorize(self, query: dict[str, str], _handler: Any) -> tuple[int, dict[str, str], Any]:
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": self.lies.get("state", query["state"])}
        return 303, {"Location": f"{query['redirect_uri']}?{urlencode(back)}"}, {}

    def token(self, query: dict[str, str], handler: Any) -> tuple[int, dict[str, str], Any]:
        begun = self.codes.pop(query.get("code", ""), None)
        digest = hashlib.sha256(query.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        basic = base64.b64encode(f"{self.client_id}:{self.secret}".replace(" ", "%20").encode()).decode()
        plain = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        known = self.secret is None or handler.headers.get("Authorization") in {f"Basic {basic}", f"Basic {plain}"}
        if begun is None or begun.get("code_challenge_method") != "S256" or begun["code_challenge"] != challenge or not known:
            return 400, {}, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": self.client_id,
            "exp": now + 300,
            "iat": now,
            "nonce": begun["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in (claims | self.lies.get("claims", {})).items() if value is not None}
        return 200, {}, {"access_token": "a", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        """The token; with a lie it is signed by nobody, by another key, or with the public key as a secret."""
        how = self.lies.get("signed")
        if how == "none":
            head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, claims))
            return f"{head}.{body}."
        if how == "public key":
            return jwt.encode(
                {"alg": "HS256", "kid": "k1"}, claims, OctKey.import_key(self.key.as_pem(private=False)), algorithms=["HS256"]
            )
        key = RSAKey.generate_key(2048, {"kid": "k1"}) if how == "another key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)

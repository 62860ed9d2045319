"""An identity provider of the team (OpenID Connect, code flow with PKCE): off unless it is configured.

It says who somebody is, never what they may do: which account a subject is, an administrator decides. Settings stand in the table `[oidc]`
of the case's `ascertain.toml` or in the environment, which wins; the secret stands in the environment or in a file of its own.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs
import msgspec

from ascertain.errors import AscertainError, CaseError

PREFIX = "ASCERTAIN_OIDC_"
NAMES = ("issuer", "client_id", "secret_file", "label")
# No `none`, and nothing symmetric: a token must be signed by a key that the provider alone holds.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
LARGEST_ANSWER = 1_000_000
SHOWN_CLAIMS = ("name", "email", "preferred_username")
SHOWN_CHARACTERS = 120


class ProviderError(AscertainError):
    """The identity provider can't be reached, or what it says does not hold."""


@attrs.frozen
class ProviderSettings:
    """Which provider is asked.

    Attributes:
        issuer: its address, https (http on this machine alone).
        secret: the client's; None for a public client, which PKCE protects alone.
        label: what the button is called.
    """

    issuer: str
    client_id: str
    secret: str | None = attrs.field(default=None, repr=False)
    label: str = "your organisation"


@attrs.frozen
class Going:
    """Somebody who was sent to the provider."""

    state: str
    nonce: str
    verifier: str = attrs.field(repr=False)
    back: str
    onward: str


@attrs.frozen
class Vouched:
    """Whom the provider vouches for; `called` proves nothing."""

    issuer: str
    subject: str
    called: tuple[str, ...]


def provider_settings(case: Path, environment: Mapping[str, str] | None = None) -> ProviderSettings | None:
    """The provider of a case, None where none is configured.

    Raises:
        CaseError: the settings are incomplete, or an address may be overheard.
    """
    values = os.environ if environment is None else environment
    found = _filed(case) | {name: values[PREFIX + name.upper()] for name in NAMES if values.get(PREFIX + name.upper())}
    if not found:
        return None
    if not found.get("issuer") or not found.get("client_id"):
        raise CaseError("the identity provider needs an issuer and a client_id", advice="Complete [oidc] in ascertain.toml, or remove it.")
    checked_address(found["issuer"])
    secret = values.get(PREFIX + "SECRET") or _secret(found.get("secret_file"))
    return ProviderSettings(found["issuer"], found["client_id"], secret, found.get("label") or "your organisation")


def _filed(case: Path) -> dict[str, str]:
    path = case / "ascertain.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("oidc", {})
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path} can't be read: {error}", advice="Correct the file.") from error
    if not isinstance(table, dict) or set(table) - set(NAMES) or not all(isinstance(value, str) for value in table.values()):
        raise CaseError(
            f"{path} holds unknown settings in [oidc]", advice=f"Known are {', '.join(NAMES)}, each a text; no secret stands there."
        )
    return dict(table)


def _secret(file: str | None) -> str | None:
    try:
        return Path(file).read_text(encoding="utf-8").strip() if file else None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"the secret of the identity provider can't be read: {file}", advice="Correct secret_file in [oidc].") from error


def checked_address(address: str) -> str:
    """The address, where nobody on the way can read it.

    Raises:
        CaseError: it is neither https nor this machine.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return address
    if parts.scheme == "http" and _is_this_machine(host):
        return address
    raise CaseError(f"{address[:80]!r} is no address of an identity provider", advice="Use https; http is for this machine alone.")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Provider:
    """Sends people to the provider and checks what they bring back."""

    def __init__(self, settings: ProviderSettings, *, now: Callable[[], float]) -> None:
        self.settings = settings
        self._now = now

    def start(self, back: str, onward: str) -> tuple[str, Going]:
        """The address to send the browser to, and what must be remembered meanwhile.

        Raises:
            ProviderError: the provider can't be reached.
        """
        from authlib.common.security import generate_token

        going = Going(generate_token(32), generate_token(32), generate_token(64), back, onward)
        with self._session(back) as session:
            where = self._metadata(session)["authorization_endpoint"]
            address, _ = session.create_authorization_url(where, state=going.state, nonce=going.nonce, code_verifier=going.verifier)
        return str(address), going

    def finish(self, going: Going, query: Mapping[str, str]) -> Vouched:
        """Whom the provider vouches for.

        Raises:
            ProviderError: it does not, or what came back does not hold.
        """
        if not hmac.compare_digest(query.get("state", "").encode(), going.state.encode()):
            raise ProviderError("what came back belongs to no login that was begun here", advice="Log in again.")
        if query.get("iss", self.settings.issuer) != self.settings.issuer:
            raise ProviderError("another provider has answered", advice="Log in again.")
        if not query.get("code"):
            raise ProviderError("the identity provider let nobody in", advice="Log in again, or ask whoever keeps it.")
        with self._session(going.back) as session:
            metadata = self._metadata(session)
            token = self._asked(
                lambda: session.fetch_token(
                    metadata["token_endpoint"],
                    code=query["code"],
                    code_verifier=going.verifier,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
            )
            keys = self._fetched(session, metadata["jwks_uri"])
        return self._vouched(token, keys, going)

    def _session(self, back: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        known = self.settings
        method = "client_secret_basic" if known.secret else "none"
        return OAuth2Session(
            known.client_id, known.secret, redirect_uri=back, scope="openid profile email", code_challenge_method="S256",
            token_endpoint_auth_method=method,
        )  # fmt: skip

    def _metadata(self, session: Any) -> dict[str, str]:
        """The provider's own description; it must be of the issuer that is configured, and name addresses that nobody overhears."""
        found = self._fetched(session, self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.settings.issuer:
            raise ProviderError("the description of the identity provider is another's", advice="Compare the issuer, letter by letter.")
        try:
            return {name: checked_address(str(found[name])) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        except (KeyError, CaseError) as error:
            raise ProviderError("the description of the identity provider is incomplete", advice="Ask whoever keeps it.") from error

    def _fetched(self, session: Any, address: str) -> dict[str, Any]:
        answer = self._asked(
            lambda: session.request("GET", address, withhold_token=True, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True)
        )
        try:
            body = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
        except OSError as error:
            raise _unreachable() from error
        if answer.status_code != 200 or len(body) > LARGEST_ANSWER:
            raise _unreachable()
        return _object(body)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        import requests
        from authlib.common.errors import AuthlibBaseError

        try:
            return ask()
        except (requests.RequestException, AuthlibBaseError, ValueError) as error:
            raise _unreachable() from error

    def _vouched(self, token: Mapping[str, Any], keys: dict[str, Any], going: Going) -> Vouched:
        """Check the token: its signature, issuer, audience, nonce and times (OpenID Connect Core, 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        known = self.settings
        wanted = {"iss": {"essential": True, "value": known.issuer}, "aud": {"essential": True, "value": known.client_id}}
        told = {"nonce": going.nonce, "client_id": known.client_id, "access_token": token.get("access_token")}
        try:
            read = jwt.decode(str(token.get("id_token", "")), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # checked there
            claims = CodeIDToken(read.claims, read.header, wanted, told)
            claims.validate(now=int(self._now()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderError(
                "the identity provider's token does not hold", advice="Log in again; tell whoever keeps the provider."
            ) from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= 255:  # OpenID Connect Core, section 2
            raise ProviderError("the identity provider names nobody", advice="Ask whoever keeps it.")
        shown = (claims.get(name) for name in SHOWN_CLAIMS)
        return Vouched(known.issuer, subject, tuple(words[:SHOWN_CHARACTERS] for words in shown if isinstance(words, str) and words))


def _unreachable() -> ProviderError:
    return ProviderError("the identity provider can't be reached, or refused", advice="Log in with your password, or try again.")


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise _unreachable() from error

"""Security keys (WebAuthn, https://www.w3.org/TR/webauthn-3/): made known, and asked for at login.

A key is bound to the name of the site: browsers take names alone, never addresses in numbers, and only over TLS or on `localhost`.
"""

from __future__ import annotations

import ipaddress
import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from cryptography.exceptions import InvalidKey, UnsupportedAlgorithm
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ascertain.errors import UsageError
from ascertain.store import Factors, SecurityKey

LONGEST_NAME = 60
LONGEST_ANSWER = 20_000
MOST_KEYS = 20
# What the library, or what it stands on, raises about an answer that no key has given.
MALFORMED = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError, RecursionError, struct.error, UnsupportedAlgorithm, InvalidKey,
)  # fmt: skip


@attrs.frozen
class Site:
    """Where the browser stands: scheme, host and port as the address bar shows them."""

    scheme: str
    host: str  # with its port

    @property
    def name(self) -> str:
        """The host without its port."""
        name, colon, port = self.host.rpartition(":")
        return (name if colon and port.isdecimal() else self.host).lower()

    @property
    def origin(self) -> str:
        """What the browser signs."""
        return f"{self.scheme}://{self.host.lower()}"

    @property
    def takes_keys(self) -> bool:
        """Whether browsers let a key be used here."""
        try:
            ipaddress.ip_address(self.name.strip("[]"))
        except ValueError:
            return self.scheme == "https" or self.name == "localhost"
        return False


@attrs.frozen
class Challenge:
    """A ceremony that was begun by one account.

    Attributes:
        state: of the library: the challenge and what was asked for.
        name: of the key that is being made known.
    """

    account: str
    site: Site
    state: Mapping[str, Any]
    name: str = ""


class Keys:
    """The ceremonies, over the keys that the store holds."""

    def __init__(self, factors: Factors, *, clock: Callable[[], str]) -> None:
        self._factors = factors
        self._clock = clock

    def of(self, account: str, site: Site | None = None) -> list[SecurityKey]:
        """The keys of an account, of one site where it is named."""
        return [key for key in self._factors.keys(account) if site is None or key.host == site.name]

    def begin_adding(self, account: str, name: str, site: Site) -> tuple[str, Challenge]:
        """What the browser needs to make a key known (JSON), and what must be remembered.

        Raises:
            UsageError: the name won't do, there are too many keys, or the browser would refuse here.
        """
        known = self.of(account)
        if not site.takes_keys:
            raise UsageError("a security key needs a site with a name", advice=f"Open {own_name(site)} and try again.")
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or len(known) >= MOST_KEYS:
            raise UsageError(
                f"a key has a name of 1 to {LONGEST_NAME} characters, an account at most {MOST_KEYS} keys",
                advice="Name it for where it lies.",
            )
        user = PublicKeyCredentialUserEntity(id=account.encode()[:64], name=account, display_name=account)
        options, state = _server(site).register_begin(
            user, [_public(key) for key in known], resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        )  # fmt: skip
        return json.dumps(dict(options.public_key)), Challenge(account, site, state, name)

    def add(self, challenge: Challenge, answer: str) -> SecurityKey:
        """Keep the key that answered.

        Raises:
            UsageError: the answer does not hold, or the key is known.
        """
        try:
            made = _server(challenge.site).register_complete(challenge.state, _parsed(answer))
        except MALFORMED as error:
            raise UsageError("the key's answer does not hold", advice="Try again; nothing was changed.") from error
        if made.credential_data is None:
            raise UsageError("the key's answer holds no key", advice="Try again; nothing was changed.")
        key = SecurityKey(
            websafe_encode(made.credential_data.credential_id), challenge.account, challenge.name, challenge.site.name,
            bytes(made.credential_data), made.counter, self._clock(),
        )  # fmt: skip
        if not self._factors.add_key(key):
            raise UsageError("this key is known already", advice="Use another, or remove it first.")
        return key

    def begin_asking(self, account: str, site: Site) -> tuple[str, Challenge]:
        """What the browser needs to ask for one of the account's keys (JSON), and what must be remembered."""
        options, state = _server(site).authenticate_begin(
            [_public(key) for key in self.of(account, site)], user_verification=UserVerificationRequirement.PREFERRED
        )
        return json.dumps(dict(options.public_key)), Challenge(account, site, state)

    def answers(self, challenge: Challenge, answer: str) -> bool:
        """Whether one of the account's keys has answered; its counter must have grown, where it counts at all (a copy is found so)."""
        known = self.of(challenge.account, challenge.site)
        try:
            given = _parsed(answer)
            used = _server(challenge.site).authenticate_complete(challenge.state, [_public(key) for key in known], given)
            counter = AuthenticationResponse.from_dict(given).response.authenticator_data.counter
        except MALFORMED:
            return False
        key = next(key for key in known if key.id == websafe_encode(used.credential_id))
        if (counter or key.uses) and counter <= key.uses:
            return False
        self._factors.use_key(key.id, uses=counter, at=self._clock())
        return True


def own_name(site: Site) -> str:
    """The address under which this machine's own browser can use keys."""
    port = site.host.rpartition(":")[2] if ":" in site.host.rpartition("]")[2] else ""
    return f"{site.scheme}://localhost{':' + port if port else ''}"


def _server(site: Site) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name="ascertain", id=site.name)
    return Fido2Server(entity, verify_origin=lambda origin: origin == site.origin)


def _public(key: SecurityKey) -> AttestedCredentialData:
    return AttestedCredentialData(key.public)


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("the answer is too long")
    given = json.loads(answer)
    if not isinstance(given, dict):
        raise TypeError("the answer is no object")
    return given

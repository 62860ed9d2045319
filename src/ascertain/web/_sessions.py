"""Logging in: Argon2id, a second factor by time (RFC 6238), sessions kept by the server, and waiting after failures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import threading
import time
from collections.abc import Callable

import attrs
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ascertain.errors import UsageError
from ascertain.store import Account, People, Session

IDLE_SECONDS = 60 * 60  # a session that nobody uses ends
LONGEST_SECONDS = 12 * 60 * 60  # and so does every other, once a working day
TOUCH_SECONDS = 60  # how exactly its use is kept
FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30  # doubled with every failure after that
LONGEST_WAIT_SECONDS = 60 * 60
SHORTEST_PASSWORD = 12  # NIST SP 800-63B asks for 8 at least; what lies here is worth more
LONGEST_PASSWORD = 1000
STEP_SECONDS = 30
DIGITS = 6
STEPS_ASIDE = 1  # clocks may differ by half a minute


class Gate:
    """Lets people in and remembers them."""

    def __init__(self, people: People, *, now: Callable[[], float] = time.time) -> None:
        self._people = people
        self._now = now
        self._hasher = PasswordHasher()  # RFC 9106's second recommendation: 64 MiB, 3 passes
        self._hashing = threading.Lock()  # one at a time: many logins at once must not take the memory
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now()

    def hashed(self, password: str) -> str:
        """The encoded Argon2id hash of a new password.

        Raises:
            UsageError: it is too short or too long.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise UsageError(
                f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, got {len(password)}",
                advice="Take four or five words that don't belong together.",
            )
        with self._hashing:
            return self._hasher.hash(password)

    def wait_seconds(self, *keys: str) -> int:
        """How long the next try of these names and addresses has to wait."""
        waits = [0]
        for key in keys:
            failures, last = self._people.attempts(key)
            if failures >= FREE_TRIES:
                wait = min(FIRST_WAIT_SECONDS * 2 ** min(failures - FREE_TRIES, 20), LONGEST_WAIT_SECONDS)
                waits.append(int(last + wait - self._now()))
        return max(waits)

    def log_in(self, name: str, password: str, code: str, *, address: str) -> str | None:
        """Check a login; gives the new session's token, None where something is wrong (never what)."""
        keys = (f"name {name}", f"address {address}")
        account = self._people.account(name)
        good = self.is_password(account, password)
        if account is None or not account.active or not good or not self._second(account, code):
            for key in keys:
                self._people.set_attempts(key, self._people.attempts(key)[0] + 1, int(self._now()))
            return None
        for key in keys:
            self._people.set_attempts(key, 0, 0)
        return self.begin(account.name)

    def is_password(self, account: Account | None, password: str) -> bool:
        """Whether it is the account's password; takes as long where there is no account."""
        with self._hashing:
            try:
                self._hasher.verify(account.password if account else self._nobody, password[:LONGEST_PASSWORD])
            except (VerificationError, InvalidHashError):
                return False
        return account is not None

    def _second(self, account: Account, code: str) -> bool:
        if account.totp is None:
            return True
        step = matching_step(account.totp, code, at=self._now(), after=account.totp_step)
        if step is None:
            return False
        self._people.change_account(account.name, by=account.name, log=None, totp_step=step)
        return True

    def begin(self, name: str) -> str:
        """Open a session; gives the token for the browser."""
        token, now = secrets.token_urlsafe(32), int(self._now())
        self._people.open_session(Session(token_digest(token), name, secrets.token_urlsafe(24), now, now), log="logged in")
        return token

    def session_of(self, token: str | None) -> tuple[Session, Account] | None:
        """The session of a browser's token, where it still holds."""
        found = self._people.session(token_digest(token)) if token else None
        if found is None:
            return None
        session, now = found[0], int(self._now())
        if now - session.seen > IDLE_SECONDS or now - session.created > LONGEST_SECONDS:
            self._people.end_session(session.token, account=session.account, log="session ended")
            return None
        if now - session.seen > TOUCH_SECONDS:
            self._people.touch_session(session.token, now)
        return attrs.evolve(session, seen=now), found[1]


def token_digest(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_secret() -> str:
    """A new secret of a second factor, base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a time step (RFC 6238 with SHA-1, as every authenticator has it)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: str, code: str, *, at: float, after: int) -> int | None:
    """The time step that a code belongs to, None where it is wrong or was used before."""
    given = "".join(code.split())
    now = int(at) // STEP_SECONDS
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), given.encode()):
            return step
    return None

"""Logging in: Argon2id, second factors, sessions that the server keeps, and waiting after failures.

Second factors are codes by time (RFC 6238), security keys and recovery codes. Failures are counted in the case: a restart of the server
shortens no wait.
"""

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
from ascertain.store import Account, Factors, People, Session
from ascertain.web._keys import Keys
from ascertain.web._tickets import Tickets

IDLE_SECONDS = 60 * 60  # a session that nobody uses ends
LONGEST_SECONDS = 12 * 60 * 60  # and so does every other, once a working day
TOUCH_SECONDS = 60  # how exactly its use is kept
FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 20  # a whole house may share one
FORGET_SECONDS = 24 * 60 * 60  # after the last failure
LONGEST_NAME = 80  # characters of a name
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits each: no list of digests gives them away
FIRST_WAIT_SECONDS = 30  # doubled with every failure after that
LONGEST_WAIT_SECONDS = 60 * 60
SHORTEST_PASSWORD = 12  # NIST SP 800-63B asks for 8 at least; what lies here is worth more
LONGEST_PASSWORD = 1000
STEP_SECONDS = 30
DIGITS = 6
STEPS_ASIDE = 1  # clocks may differ by half a minute


@attrs.frozen
class Passed:
    """Somebody whose password, or whose provider, was right, and who still has to show a second factor.

    Attributes:
        by: `password` or `provider`.
        onward: where they wanted to go.
    """

    account: str
    by: str
    onward: str


class Gate:
    """Lets people in and remembers them."""

    def __init__(self, people: People, factors: Factors, *, clock: Callable[[], str], now: Callable[[], float] = time.time) -> None:
        self._people = people
        self._factors = factors
        self._now = now
        self._hasher = PasswordHasher()  # RFC 9106's second recommendation: 64 MiB, 3 passes
        self._hashing = threading.Lock()  # one at a time: many logins at once must not take the memory
        self._counting = threading.Lock()  # a try is counted before it is looked at: many at once are as many
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self.keys = Keys(factors, clock=clock)
        self.tickets = Tickets(now=now)

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

    # --- tries

    def begin_try(self, name: str, address: str) -> int:
        """Count a try of a name from an address as failed until it is more; gives how many seconds it has to wait instead, 0 for none."""
        keys = {f"name {name[:LONGEST_NAME]}": FREE_TRIES, f"address {address}": FREE_TRIES_OF_ADDRESS}
        now = int(self._now())
        with self._counting:
            known = {key: self._failures(key, now) for key in keys}
            waits = [_wait(*known[key], free=free) - now for key, free in keys.items() if known[key][0] >= free]
            if waits and max(waits) > 0:
                return max(waits)
            for key, (failures, _) in known.items():
                self._people.set_attempts(key, failures + 1, now)
        return 0

    def _failures(self, key: str, now: int) -> tuple[int, int]:
        failures, last = self._people.attempts(key)
        return (0, 0) if now - last > FORGET_SECONDS else (failures, last)

    def end_try(self, name: str, address: str, *, clean: bool = True) -> None:
        """What was counted was no failure; with `clean` the name's earlier failures are forgotten too, those of the address never."""
        with self._counting:
            for key, forget in ((f"name {name[:LONGEST_NAME]}", clean), (f"address {address}", False)):
                failures, last = self._people.attempts(key)
                self._people.set_attempts(key, 0 if forget else max(0, failures - 1), last)

    # --- the two steps

    def check(self, name: str, password: str) -> Account | None:
        """The account, where the password is right and it may log in."""
        account = self._people.account(name)
        good = self.is_password(account, password)
        return account if account is not None and good and account.active else None

    def is_password(self, account: Account | None, password: str) -> bool:
        """Whether it is the account's password; takes as long where there is no account."""
        with self._hashing:
            try:
                self._hasher.verify(account.password if account else self._nobody, password[:LONGEST_PASSWORD])
            except (VerificationError, InvalidHashError):
                return False
        return account is not None

    def has_second(self, account: Account) -> bool:
        """Whether a second factor is asked for: it is where one was added, on every way in."""
        return account.totp is not None or bool(self._factors.keys(account.name))

    def is_code(self, account: Account, code: str) -> bool:
        """Whether it is a code of the account's authenticator, or one of its recovery codes; each works once."""
        if account.totp is not None:
            with self._counting:
                fresh = self._people.account(account.name) or account
                step = matching_step(account.totp, code, at=self._now(), after=fresh.totp_step)
                if step is not None:
                    self._people.change_account(account.name, by=account.name, log=None, totp_step=step)
                    return True
        return self._factors.use_code(account.name, token_digest(plain_code(code))) if code else False

    def let_in(self, name: str, *, address: str, how: str, counted: bool) -> str:
        """Open a session, after a try where it was counted; gives the token for the browser."""
        if counted:
            self.end_try(name, address)
        return self.begin(name, how=how)

    # --- sessions

    def begin(self, name: str, *, how: str = "password") -> str:
        """Open a session; gives the token for the browser."""
        token, now = secrets.token_urlsafe(32), int(self._now())
        self._people.open_session(Session(token_digest(token), name, secrets.token_urlsafe(24), now, now), log="logged in", by=how)
        return token

    def new_codes(self, account: str) -> list[str]:
        """Make new recovery codes; they are shown once, the old ones are void."""
        codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
        self._factors.set_codes(account, tuple(token_digest(code) for code in codes), by=account)
        return ["-".join(code[n : n + 4] for n in range(0, len(code), 4)) for code in codes]

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


def plain_code(code: str) -> str:
    """A recovery code as it was made, however it was typed."""
    return "".join(c for c in code.upper() if c.isalnum())


def _wait(failures: int, last: int, *, free: int) -> int:
    """Until when the next try has to wait."""
    wait: int = FIRST_WAIT_SECONDS * 2 ** min(failures - free, 20)
    return last + min(wait, LONGEST_WAIT_SECONDS)


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

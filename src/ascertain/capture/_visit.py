"""Visit addresses: robots.txt first, a pause between two requests to one machine, redirects followed, all of it kept as a WARC.

A `Visitor` lives as long as one call of `add`: it asks each machine for its robots.txt once.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from urllib.parse import urljoin

import attrs

from ascertain.capture._addresses import Target, target_of
from ascertain.capture._robots import Robots, robots_of
from ascertain.capture._warc import warc_of
from ascertain.capture._wire import Deadline, Exchange, UnreachableError, exchange
from ascertain.config import Settings
from ascertain.errors import InputError, LimitError, UsageError

REDIRECTS = 5
REDIRECT_STATUS = {301, 302, 303, 307, 308}
ANSWERED = {200, 203}  # others carry no page, or a part of one
SLOW_DOWN = {429, 503}


@attrs.frozen
class Visited:
    """What one address gave.

    Attributes:
        warc: the capture, a WARC file.
        address: the address that answered in the end.
        headers: of that answer, its status first.
        context: further circumstances, words for words.
        overrode: what robots.txt says against the visit, where it was made nevertheless.
    """

    warc: bytes
    address: str
    headers: tuple[tuple[str, str], ...]
    context: dict[str, str]
    overrode: str | None = None


class Visitor:
    """Asks for addresses, one after the other."""

    def __init__(
        self, *, settings: Settings, clock: Callable[[], str], tool: str, allow_private: bool, ignore_robots: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        """Make a visitor.

        Args:
            ignore_robots: why what robots.txt says is passed over; None: it is kept to.
        """
        if ignore_robots is not None and not ignore_robots.strip():
            raise UsageError("passing over robots.txt needs a reason", advice="Give it: --ignore-robots 'why this page is needed'.")
        self._settings, self._clock, self._tool = settings, clock, tool
        self._allow_private, self._ignore_robots, self._sleep = allow_private, ignore_robots, sleep
        self._robots: dict[str, tuple[Robots, tuple[Exchange, ...]]] = {}
        self._last: dict[tuple[str, int], float] = {}

    def visit(self, address: str) -> Visited:
        """Capture one address, redirects followed.

        Raises:
            UsageError: the address is none, leads to a private machine, or robots.txt speaks against it.
            InputError: no answer, one that says no, or one that breaks off.
            LimitError: the answer is too long, or takes too long.
        """
        target = target_of(address)
        said = [self._judged(target)]  # asks for robots.txt, in a time of its own
        with Deadline(self._settings.fetch_timeout_seconds) as deadline:
            pages = [self._ask(target, deadline)]
            while (location := _location(pages[-1])) is not None:
                if len(pages) > REDIRECTS:
                    raise InputError(f"{address} leads from one address to the next without end", advice="Add the last address itself.")
                try:
                    following = target_of(location)
                    said.append(self._judged(following))
                    pages.append(self._ask(following, deadline))
                except UsageError as error:
                    raise UsageError(f"{address} leads to another address: {error}", advice=error.advice) from error
        _demand_page(pages[-1])
        return self._visited(address, pages, overrode=next(filter(None, said), None))

    def _judged(self, target: Target) -> str | None:
        """What robots.txt says against a visit that is made nevertheless.

        Raises:
            UsageError: it speaks against the visit.
        """
        robots, _ = self._robots_at(target)
        against = robots.against(target.path)
        if against is not None and self._ignore_robots is None:
            raise UsageError(
                f"{target.uri} is closed to machines: {against}", advice="If the evidence needs it, give --ignore-robots with the reason."
            )
        return against

    def _robots_at(self, target: Target) -> tuple[Robots, tuple[Exchange, ...]]:
        if target.where not in self._robots:
            self._robots[target.where] = self._asked_robots(attrs.evolve(target, path="/robots.txt"))
        return self._robots[target.where]

    def _asked_robots(self, target: Target) -> tuple[Robots, tuple[Exchange, ...]]:
        made: list[Exchange] = []
        here: Target | None = target
        try:
            with Deadline(self._settings.fetch_timeout_seconds) as deadline:
                while here is not None and len(made) <= REDIRECTS:
                    made.append(self._ask(here, deadline))
                    location = _location(made[-1])
                    here = target_of(location) if location else None
        except (UnreachableError, LimitError):
            raise  # nobody is there: that is the reason to give, not robots.txt
        except InputError as error:
            return Robots(closed=f"its robots.txt can't be had ({error})"), tuple(made)
        return robots_of(made[-1].status, made[-1].body), tuple(made)

    def _ask(self, target: Target, deadline: Deadline) -> Exchange:
        self._pause(target)
        try:
            return exchange(target, deadline, allow_private=self._allow_private, settings=self._settings, clock=self._clock)
        finally:
            self._last[target.name, target.port] = time.monotonic()

    def _pause(self, target: Target) -> None:
        """Wait until a machine may be asked again."""
        last = self._last.get((target.name, target.port))
        if last is None:
            return
        known = self._robots.get(target.where)
        between = max(self._settings.fetch_interval_milliseconds / 1000, known[0].delay_seconds if known else 0.0)
        waiting = last + between - time.monotonic()
        if waiting > 0:
            self._sleep(waiting)

    def _visited(self, address: str, pages: list[Exchange], *, overrode: str | None) -> Visited:
        last = pages[-1]
        wheres = dict.fromkeys(page.target.where for page in pages)
        robots = [one for where in wheres for one in self._robots[where][1]]
        context = {"url": address, "captured": last.uri, "machine": last.machine.address, "status": str(last.status)}
        if last.certificates:
            context |= {"certificate": hashlib.sha256(last.certificates[0]).hexdigest(), "tls": last.tls or ""}
        if len(pages) > 1:
            context["redirects"] = " ".join([address, *(page.uri for page in pages[1:])])
        context["robots"] = f"overridden: {overrode}; reason: {self._ignore_robots}" if overrode else "allowed"
        headers = (("status", f"{last.status} {last.reason}"), *last.headers)
        return Visited(warc_of([*robots, *pages], {"software": self._tool}), last.uri, headers, context, overrode)


def _location(one: Exchange) -> str | None:
    """Where an answer leads on, None where it is the last."""
    location = one.header("Location") if one.status in REDIRECT_STATUS else None
    return urljoin(one.uri, location) if location else None


def _demand_page(one: Exchange) -> None:
    if one.status in ANSWERED:
        return
    advice = "Look at it in a browser; try again later."
    if one.status in SLOW_DOWN:
        wait = (one.header("Retry-After") or "").strip()
        advice = (
            f"Try again in {wait} seconds."
            if wait.isdecimal() and len(wait) < 7
            else "It asks to be left alone for a while: try again later."
        )
    raise InputError(f"{one.uri} answered {one.status} {one.reason}".rstrip(), advice=advice)

"""What a site asks of machines: robots.txt after RFC 9309.

The group that names us counts, else the one for all; of its rules the one with the longest pattern, and of two as long the one that
allows. `*` stands for anything, `$` for the end. A missing file (any 4xx) allows everything, one that can't be had (5xx, 429) nothing.
`Crawl-delay` is no part of the RFC, but widely given: it is kept to, up to a bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

US = "ascertain"
READ_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB; what comes after is not read
LONGEST_DELAY_SECONDS = 30.0
TOO_MANY = 429
TOKEN = re.compile(r"[^a-z_-].*", re.DOTALL)  # what follows a product token: its version


@attrs.frozen
class Rule:
    """One line: `pattern` is the path with its signs."""

    pattern: str
    allows: bool

    def matches(self, path: str) -> bool:
        """Whether it speaks of a path; the signs are matched piece by piece, so that no pattern takes longer than the path is long."""
        ends = self.pattern.endswith("$")
        first, *more = self.pattern.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        for number, piece in enumerate(more, start=1):
            found = path.rfind(piece, at) if ends and number == len(more) else path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return not ends or at == len(path) or (bool(more) and more[-1] == "")


@attrs.frozen
class Robots:
    """The rules that hold for us; `closed` says why nothing may be visited at all."""

    rules: tuple[Rule, ...] = ()
    delay_seconds: float = 0.0
    closed: str | None = None

    def against(self, path: str) -> str | None:
        """What speaks against visiting a path, None where nothing does."""
        if self.closed is not None:
            return self.closed
        found = max((rule for rule in self.rules if rule.matches(path)), key=lambda r: (len(r.pattern), r.allows), default=None)
        return None if found is None or found.allows else f"its robots.txt says Disallow: {found.pattern}"


def robots_of(status: int, body: bytes) -> Robots:
    """The rules of an answer to /robots.txt."""
    if status >= 500 or status == TOO_MANY:
        return Robots(closed=f"its robots.txt can't be had (status {status})")
    if status >= 300:
        return Robots()
    return parsed(body[:READ_BYTES].decode("utf-8", "replace"))


def parsed(text: str) -> Robots:
    """The rules for us in the text of a robots.txt."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    in_rules = False
    for key, value in _lines(text):
        if key == "user-agent":
            agents = [] if in_rules else agents
            agents.append(value.lower())
            groups.setdefault(value.lower(), [])
            in_rules = False
        elif key in {"allow", "disallow", "crawl-delay"}:
            in_rules = True
            for agent in agents:
                groups[agent].append((key, value))
    tokens = {agent: TOKEN.sub("", agent) for agent in groups}
    wanted = US if US in tokens.values() else "*"
    return _rules([line for agent, lines in groups.items() if wanted in {tokens[agent], agent} for line in lines])


def _rules(lines: Iterable[tuple[str, str]]) -> Robots:
    rules, delay = [], 0.0
    for key, value in lines:
        if key == "crawl-delay":
            delay = min(float(value), LONGEST_DELAY_SECONDS) if re.fullmatch(r"\d{1,4}(\.\d{1,3})?", value) else delay
        elif value:
            rules.append(Rule(value, key == "allow"))
    return Robots(tuple(rules), delay)


def _lines(text: str) -> Iterable[tuple[str, str]]:
    for line in re.split(r"\r\n?|\n", text.removeprefix("\ufeff")):
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()

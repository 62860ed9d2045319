"""Reasons: sentences that say why a fact has its status, each with its rule and passages, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ascertain.assess._rules import cite, rules
from ascertain.records import Claim, Status


def credibility_of(status: Status, origins: Sequence[str]) -> int:
    """The Admiralty number that corroboration alone proposes."""
    table = rules()["credibility"]
    if status is Status.CORROBORATED:
        return int(table["corroborated_by_three"] if len(origins) >= 3 else table["corroborated"])
    if status is Status.CONTESTED:
        return int(table["contested"])
    return int(table["single_named"] if all(is_named(o) for o in origins) else table["single_unnamed"])


def is_named(origin: str) -> bool:
    """Whether an origin's name is a name and no description."""
    return len(origin.split()) > 1 and all(part[:1].isupper() for part in origin.split() if len(part) > 3)


def passage_of(claim: Claim) -> str:
    """Where a claim stands: `path[start:end]`."""
    return f"{claim.path}[{claim.passage.start}:{claim.passage.end}]"


def interval_of(claim: Claim) -> str:
    """A claim's number in words."""
    if claim.at_least is not None and claim.at_most is None:
        return f"{claim.at_least} or more"
    if claim.at_least is None:
        return f"up to {claim.at_most}"
    if claim.at_least == claim.at_most:
        return f"{'about ' if claim.approximate else ''}{claim.at_least}"
    return f"{claim.at_least} to {claim.at_most}"


def number_reasons(attribute: str, claims: Sequence[Claim], last: Mapping[str, Claim], status: Status) -> tuple[str, ...]:
    """Why a number stands as it does."""
    label = attribute.replace("_", " ")
    reasons = []
    for origin, claim in sorted(last.items()):
        paths = sorted({c.path for c in claims if c.origin == origin})
        several = f"; told in {len(paths)} documents, one origin {cite('copies')}" if len(paths) > 1 else ""
        reasons.append(f"{origin} says {interval_of(claim)} {label} ({passage_of(claim)}){several}.")
    for claim in claims:
        if claim.superseded and _is_step(claim, last):
            reasons.append(
                f"{claim.origin} said {interval_of(claim)} before ({passage_of(claim)}); its last word counts {cite('last_word')}."
            )
    if len(last) > 1:
        reasons.append(f"The range holds the last words of {len(last)} origins {cite('hull')}.")
    return (*reasons, status_reason(status, list(last)))


def _is_step(claim: Claim, last: Mapping[str, Claim]) -> bool:
    """Whether a superseded claim was an earlier total, and no part of a number in the same document."""
    return claim.document != last[claim.origin].document and (claim.said_on or "") <= (last[claim.origin].said_on or "")


def status_reason(status: Status, origins: Sequence[str]) -> str:
    """Why a fact has its status, and what would change it."""
    if status is Status.ALLEGED:
        return f"Only {origins[0]} says it {cite('alleged')}; a second, independent origin would corroborate it, another number contest it."
    if status is Status.CORROBORATED:
        return f"{len(origins)} independent origins agree {cite('corroborated')}; a number outside what they all allow, or a denial, would contest it."
    return f"Origins contradict each other {cite('contested')}; a last word on which they agree would end it."


def actor_reasons(
    value: str, vouching: Sequence[Claim], against: Sequence[Claim], others: Sequence[str], status: Status
) -> tuple[str, ...]:
    """Why somebody is held responsible, and who denies it."""
    reasons = []
    for origin in sorted({c.origin for c in vouching}):
        first = min((c for c in vouching if c.origin == origin), key=lambda c: (c.said_on or "", c.path, c.passage))
        reasons.append(f"{origin} holds {first.value or value} responsible ({passage_of(first)}) {cite('actor')}.")
    for origin in sorted({c.origin for c in against}):
        first = min((c for c in against if c.origin == origin), key=lambda c: (c.said_on or "", c.path, c.passage))
        reasons.append(f"{origin} denies it ({passage_of(first)}) {cite('denial')}.")
    if others:
        reasons.append(f"Also named: {', '.join(others)}.")
    if against:
        return (*reasons, "Evidence of who was there, and of what was used from where, would settle it.")
    return (*reasons, status_reason(status, sorted({c.origin for c in vouching})))

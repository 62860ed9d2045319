"""What became of what a speaker said: of each claim what others say and what people have decided since."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

from ascertain.publish.parts import ATTRIBUTES, counted, fact_words, interval_words
from ascertain.records import Claim, Fact, Incident, Stance, Status

DENYING = {Stance.DENIES, Stance.DOUBTS}
MOST_NAMES = 3


@attrs.frozen
class Verdict:
    """One thing that a speaker said of an incident.

    Attributes:
        fate: one of `confirmed`, `contradicted`, `replaced`, `open`.
        told: why, in a sentence.
        now: what stands of the fact.
    """

    incident: str
    title: str
    label: str
    said: str
    on: str | None
    claim: Claim
    fate: str
    told: str
    now: str
    status: Status


def verdicts(name: str, incidents: Iterable[Incident]) -> list[Verdict]:
    """Of each different thing that somebody said about the facts of some incidents what became of it."""
    found: list[Verdict] = []
    for incident in incidents:
        for fact in incident.facts:
            seen: set[str] = set()
            for claim in (c for c in fact.claims if c.origin == name):
                said = said_words(claim)
                if said not in seen:
                    seen.add(said)
                    found.append(_verdict(name, incident, fact, claim, said))
    return found


def said_words(claim: Claim) -> str:
    """What a claim says, in words."""
    words = claim.value or interval_words(claim.at_least, claim.at_most, approximate=claim.approximate)
    return f"{claim.stance.value}: {words}" if claim.stance in DENYING else words


def _verdict(name: str, incident: Incident, fact: Fact, claim: Claim, said: str) -> Verdict:
    fate, told = _fate(name, fact, claim)
    label = ATTRIBUTES.get(fact.attribute, fact.attribute)
    title = incident.title or incident.id
    return Verdict(incident.id, title, label, said, claim.said_on, claim, fate, told, fact_words(fact), fact.status)


def _fate(name: str, fact: Fact, claim: Claim) -> tuple[str, str]:
    fits = _fits(fact, claim) != (claim.stance in DENYING)
    if fact.status in {Status.ESTABLISHED, Status.REFUTED}:
        right = fits == (fact.status is Status.ESTABLISHED)
        return ("confirmed" if right else "contradicted"), f"{fact.status.value.capitalize()} by {_names(fact.decided_by)}."
    if claim.superseded:
        return "replaced", "The same origin said otherwise later."
    against = _others(name, (*fact.contradicted_by, *(o for o in fact.origins if claim.stance in DENYING)))
    if against and (claim.stance in DENYING or fact.status is Status.CONTESTED):
        return "contradicted", f"{_names(against)} {'says' if len(against) == 1 else 'say'} otherwise."
    agreeing = _others(name, fact.origins)
    if fact.status is Status.CORROBORATED and agreeing and fits:
        return "confirmed", f"{_names(agreeing)} {'says' if len(agreeing) == 1 else 'say'} so too."
    if fact.status is Status.CONTESTED and agreeing:
        return "contradicted", f"Other last words: {_names(agreeing)}."
    return "open", "Others say something else of it." if agreeing else "Nobody else says anything of it."


def _fits(fact: Fact, claim: Claim) -> bool:
    """Whether a claim and what stands of the fact can both be right."""
    if claim.at_least is None and claim.at_most is None:
        return fact.value is None or claim.value is None or bool(_telling(fact.value) & _telling(claim.value))
    low, high = (fact.at_least or 0), (fact.at_most if fact.at_most is not None else float("inf"))
    return (claim.at_least or 0) <= high and (claim.at_most if claim.at_most is not None else float("inf")) >= low


def _telling(value: str) -> set[str]:
    """The words of a name that tell it from others: those with a capital, else all."""
    found = re.findall(r"\w+", value)
    return {word.casefold() for word in found if word[:1].isupper()} or {word.casefold() for word in found}


def _others(name: str, origins: Iterable[str]) -> list[str]:
    return [origin for origin in dict.fromkeys(origins) if origin != name]


def _names(names: Iterable[str]) -> str:
    known = list(names)
    shown = ", ".join(known[:MOST_NAMES])
    return shown if len(known) <= MOST_NAMES else f"{shown} and {counted(len(known) - MOST_NAMES, 'other')}"

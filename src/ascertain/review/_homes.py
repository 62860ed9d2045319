"""Which incident each decision is about now, found by index: thousands of decisions over thousands of incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ascertain.records import Decision, DecisionKind, Incident, Reading
from ascertain.review._links import Places


def homes_of(decisions: Iterable[Decision], incidents: Iterable[Incident], readings: Sequence[Reading]) -> dict[str, str]:
    """For each decision's id the incident that `best_match` names; without those that share no event.

    An `undo` is at home where the decision is that it undoes.
    """
    places = Places.of(readings)
    holders: dict[tuple[str, str], list[str]] = {}
    for incident in incidents:
        for mention in incident.mentions:
            holders.setdefault((mention.document, mention.event), []).append(incident.id)
    homes: dict[str, str] = {}
    for decision in decisions:
        if decision.kind is DecisionKind.UNDO:
            shared = Counter([homes[decision.target]] if decision.target in homes else [])
        else:
            shared = Counter(key for event in places.found_again(decision.anchor) for key in holders.get(event, ()))
        if shared:
            homes[decision.id] = max(shared, key=lambda key: (shared[key], key))
    return homes

"""Merges and splits: which mentions people have put together or taken apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from ascertain.records import Cluster, Decision, DecisionKind, Incident, Linking, Mention, Reading

Anchor = tuple[str, str]  # (document id, "start-end" of the event's trigger): outlives the numbering of events
Triggers = Mapping[tuple[str, str], Anchor]


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Decisions that have not been undone, in the order in which they were made."""
    made = list(decisions)
    undone: set[str] = set()
    for decision in reversed(made):
        if decision.kind is DecisionKind.UNDO and decision.id not in undone:
            undone.add(decision.target)
    return tuple(d for d in made if d.id not in undone and d.kind is not DecisionKind.UNDO)


def triggers_of(readings: Iterable[Reading]) -> dict[tuple[str, str], Anchor]:
    """For each (document id, event id) the anchor of its trigger."""
    return {
        (reading.document.id, event.id): (reading.document.id, f"{event.trigger.start}-{event.trigger.end}")
        for reading in readings
        for event in reading.events
    }


def anchor_of(mentions: Iterable[Mention], readings: Iterable[Reading]) -> tuple[Anchor, ...]:
    """The anchors of some mentions, sorted; what a decision about them is bound to."""
    triggers = triggers_of(readings)
    return tuple(sorted({triggers[m.document, m.event] for m in mentions if (m.document, m.event) in triggers}))


def best_match(anchor: Sequence[Anchor], incidents: Iterable[Incident], triggers: Triggers) -> str | None:
    """Id of the incident that shares most anchors; None where none is shared."""
    wanted = set(anchor)
    shared = [(sum(triggers.get((m.document, m.event)) in wanted for m in incident.mentions), incident.id) for incident in incidents]
    count, found = max(shared, key=lambda pair: (pair[0], pair[1]), default=(0, None))
    return found if count else None


def cluster_id(mentions: Sequence[Mention]) -> str:
    """An id for a cluster that people made: from its first mention in order of document and event."""
    first = min(mentions, key=lambda m: (m.document, m.event))
    return "incident-" + hashlib.sha256(f"people\n{first.document}\n{first.event}".encode()).hexdigest()[:12]


def apply_links(linking: Linking, decisions: Sequence[Decision], readings: Sequence[Reading]) -> Linking:
    """Put together and take apart what people have decided, in the order of their decisions.

    A merge gathers all mentions that both incidents held then, and whatever else the software now keeps with most of them; a split
    takes the named mentions out into a cluster of their own. Each leaves a sentence in the cluster's links.
    """
    triggers = triggers_of(readings)
    clusters = list(linking.clusters)
    for decision in standing(decisions):
        if decision.kind is DecisionKind.MERGE:
            clusters = _merged(clusters, decision, triggers)
        elif decision.kind is DecisionKind.SPLIT:
            clusters = _split(clusters, decision, triggers)
    return Linking(linking.copies, tuple(clusters))


def _pairs(value: object) -> set[Anchor]:
    return {(str(pair[0]), str(pair[1])) for pair in value} if isinstance(value, list | tuple) else set()


def _merged(clusters: list[Cluster], decision: Decision, triggers: Triggers) -> list[Cluster]:
    wanted = set(decision.anchor) | _pairs(decision.value.get("other_anchor"))
    taken: list[Mention] = []
    links: list[str] = [f"{decision.reviewer} merged these on {decision.decided_at[:10]}: {decision.reason}"]
    rest: list[Cluster] = []
    home: str | None = None
    for cluster in clusters:
        inside = [m for m in cluster.mentions if triggers.get((m.document, m.event)) in wanted]
        if 2 * len(inside) >= len(cluster.mentions):
            taken += cluster.mentions
            links += cluster.links
            home = cluster.id if home is None or cluster.id == decision.target else home
        else:
            taken += inside
            rest += [_without(cluster, inside)] if inside else [cluster]
    if not taken:
        return clusters
    return [*rest, Cluster(home or cluster_id(taken), tuple(sorted(taken, key=_order)), tuple(links))]


def _split(clusters: list[Cluster], decision: Decision, triggers: Triggers) -> list[Cluster]:
    out = _pairs(decision.value.get("out"))
    link = f"{decision.reviewer} split these off on {decision.decided_at[:10]}: {decision.reason}"
    taken = [m for cluster in clusters for m in cluster.mentions if triggers.get((m.document, m.event)) in out]
    if not taken:
        return clusters
    rest = [_without(cluster, [m for m in cluster.mentions if m in taken]) for cluster in clusters]
    return [*(cluster for cluster in rest if cluster.mentions), Cluster(cluster_id(taken), tuple(sorted(taken, key=_order)), (link,))]


def _without(cluster: Cluster, mentions: Sequence[Mention]) -> Cluster:
    return Cluster(cluster.id, tuple(m for m in cluster.mentions if m not in mentions), cluster.links)


def _order(mention: Mention) -> tuple[str, str]:
    return mention.document, mention.event

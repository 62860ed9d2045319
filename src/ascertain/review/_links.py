"""Merges and splits: which mentions people have put together or taken apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ascertain.records import Cluster, Decision, DecisionKind, Incident, Linking, Mention, Reading, Span

Anchor = tuple[str, str]  # (document id, "start-end" of the event's trigger): outlives the numbering of events
Key = tuple[str, str]  # (document id, event id): of the present readings only
NEAR_CHARACTERS = 200  # about a sentence: a trigger that moved further is another event


def undone(decisions: Sequence[Decision]) -> frozenset[str]:
    """Ids of the decisions that a later one took back; an undoing that was itself undone takes nothing back."""
    found: set[str] = set()
    for decision in reversed(decisions):
        if decision.kind is DecisionKind.UNDO and decision.id not in found:
            found.add(decision.target)
    return frozenset(found)


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Decisions that have not been undone, in the order in which they were made."""
    made = tuple(decisions)
    taken_back = undone(made)
    return tuple(d for d in made if d.id not in taken_back and d.kind is not DecisionKind.UNDO)


@attrs.frozen
class Places:
    """Where the events of the present readings stand, to find again what a decision was bound to.

    Attributes:
        spans: for each document its events (ids) with the code points of their triggers, in text order.
    """

    spans: Mapping[str, tuple[tuple[Span, str], ...]]

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> Places:
        """The places of some readings."""
        return cls({r.document.id: tuple(sorted((event.trigger, event.id) for event in r.events)) for r in readings})

    def anchor_of(self, mentions: Iterable[Mention]) -> tuple[Anchor, ...]:
        """The anchors of some mentions, sorted; what a decision about them is bound to."""
        wanted = {(m.document, m.event) for m in mentions}
        found = {
            (document, f"{span.start}-{span.end}")
            for document in {d for d, _ in wanted}
            for span, event in self.spans.get(document, ())
            if (document, event) in wanted
        }
        return tuple(sorted(found))

    def found_again(self, anchors: Iterable[Anchor]) -> frozenset[Key]:
        """The events that now stand at some anchors.

        A new version may read a trigger a word longer, or number events anew: so of each anchor the events at the same code points
        count, else those that overlap them, else the nearest within `NEAR_CHARACTERS`.
        """
        return frozenset(key for anchor in anchors for key in self._at(*anchor))

    def _at(self, document: str, place: str) -> list[Key]:
        start, _, end = place.partition("-")
        wanted = Span(int(start), int(end))
        spans = self.spans.get(document, ())
        same = [event for span, event in spans if span == wanted]
        if not same:
            same = [event for span, event in spans if span.start < wanted.end and wanted.start < span.end]
        if not same and spans:
            distance, event = min((_distance(span, wanted), event) for span, event in spans)
            same = [event] if distance <= NEAR_CHARACTERS else []
        return [(document, event) for event in same]


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def anchor_of(mentions: Iterable[Mention], readings: Iterable[Reading]) -> tuple[Anchor, ...]:
    """The anchors of some mentions, sorted; what a decision about them is bound to."""
    return Places.of(readings).anchor_of(mentions)


def best_match(anchor: Sequence[Anchor], incidents: Iterable[Incident], places: Places) -> str | None:
    """Id of the incident that shares most of the anchored events; None where none is shared."""
    wanted = places.found_again(anchor)
    shared = [(sum((m.document, m.event) in wanted for m in incident.mentions), incident.id) for incident in incidents]
    count, found = max(shared, key=lambda pair: (pair[0], pair[1]), default=(0, None))
    return found if count else None


def without_home(decisions: Iterable[Decision], incidents: Sequence[Incident], readings: Iterable[Reading]) -> tuple[Decision, ...]:
    """Standing decisions whose passages no incident holds now: they have no effect until somebody decides anew."""
    places = Places.of(readings)
    return tuple(d for d in standing(decisions) if d.kind is not DecisionKind.AMEND and best_match(d.anchor, incidents, places) is None)


def cluster_id(mentions: Sequence[Mention]) -> str:
    """An id for a cluster that people made: from its first mention in order of document and event."""
    first = min(mentions, key=lambda m: (m.document, m.event))
    return "incident-" + hashlib.sha256(f"people\n{first.document}\n{first.event}".encode()).hexdigest()[:12]


def apply_links(linking: Linking, decisions: Sequence[Decision], readings: Sequence[Reading]) -> Linking:
    """Put together and take apart what people have decided, in the order of their decisions.

    A merge gathers all mentions that both incidents held then, and whatever else the software now keeps with most of them; a split
    takes the named mentions out into a cluster of their own. Each leaves a sentence in the cluster's links.
    """
    if not decisions:
        return linking
    places = Places.of(readings)
    clusters = list(linking.clusters)
    for decision in standing(decisions):
        if decision.kind is DecisionKind.MERGE:
            clusters = _merged(clusters, decision, places)
        elif decision.kind is DecisionKind.SPLIT:
            clusters = _split(clusters, decision, places)
    return attrs.evolve(linking, clusters=tuple(clusters))


def _pairs(value: object) -> set[Anchor]:
    return {(str(pair[0]), str(pair[1])) for pair in value} if isinstance(value, list | tuple) else set()


def _merged(clusters: list[Cluster], decision: Decision, places: Places) -> list[Cluster]:
    wanted = places.found_again({*decision.anchor, *_pairs(decision.value.get("other_anchor"))})
    taken: list[Mention] = []
    links: list[str] = [f"{decision.reviewer} merged these on {decision.decided_at[:10]}: {decision.reason}"]
    rest: list[Cluster] = []
    home: str | None = None
    for cluster in clusters:
        inside = [m for m in cluster.mentions if (m.document, m.event) in wanted]
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


def _split(clusters: list[Cluster], decision: Decision, places: Places) -> list[Cluster]:
    out = places.found_again(_pairs(decision.value.get("out")))
    link = f"{decision.reviewer} split these off on {decision.decided_at[:10]}: {decision.reason}"
    taken = [m for cluster in clusters for m in cluster.mentions if (m.document, m.event) in out]
    if not taken:
        return clusters
    rest = [_without(cluster, [m for m in cluster.mentions if m in taken]) for cluster in clusters]
    return [*(cluster for cluster in rest if cluster.mentions), Cluster(cluster_id(taken), tuple(sorted(taken, key=_order)), (link,))]


def _without(cluster: Cluster, mentions: Sequence[Mention]) -> Cluster:
    return Cluster(cluster.id, tuple(m for m in cluster.mentions if m not in mentions), cluster.links)


def _order(mention: Mention) -> tuple[str, str]:
    return mention.document, mention.event

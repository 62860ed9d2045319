"""The same documents in another order give the same findings; people's decisions keep all mentions."""

from __future__ import annotations

import itertools
import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import clusterings

from ascertain import pipeline
from ascertain.case import read
from ascertain.records import Actuality, Cluster, Decision, DecisionKind, Document, Event, EventType, Linking, Reading, Span
from ascertain.review import anchor_of, apply_links, standing

REPORTS = (
    "KYIV, 5 April 2022 (Wire) — Shelling killed at least 12 people in Kyiv on Monday, the mayor said.",
    "KYIV, 6 April 2022 (Post) — Shelling in Kyiv on 4 April killed 14 people, the ambulance service said.",
    "LVIV, 9 May 2023 (Wire) — A drone strike killed 3 people in Lviv on Monday, the governor said.",
    "KYIV, 7 April 2022 (Wire) — The defence ministry denied that its forces shelled Kyiv on Monday.",
    "KYIV, 5 April 2022 (Reprint) — Shelling killed at least 12 people in Kyiv on Monday, the mayor said.",
)


@cache
def reports() -> tuple[Reading, ...]:
    return tuple(read(text, path=f"{number}.txt") for number, text in enumerate(REPORTS))


@given(st.permutations(range(len(REPORTS))))
@settings(max_examples=20)
def test_findings_do_not_depend_on_the_order_of_the_documents(order):
    assert pipeline.find_incidents([reports()[number] for number in order]) == pipeline.find_incidents(reports())


@given(st.sets(st.integers(0, len(REPORTS) - 1), min_size=1), st.integers(0, 5))
@settings(max_examples=15)
def test_a_document_twice_is_one_document(chosen, seed):
    picked = [reports()[number] for number in sorted(chosen)]
    shuffled = random.Random(seed).sample(picked, len(picked))
    assert pipeline.find_incidents(picked) == pipeline.find_incidents(shuffled)


def readings_of(linking: Linking) -> list[Reading]:
    """A reading for each document that is mentioned, its events ten characters apart."""
    found: dict[str, list[str]] = {}
    for cluster in linking.clusters:
        for mention in cluster.mentions:
            found.setdefault(mention.document, []).append(mention.event)
    return [
        Reading(
            Document(document, f"{int(document, 16)}.txt", "killed    " * 10),
            events=tuple(
                Event(e, EventType.ASSAULT, Span(10 * int(e[1:]), 10 * int(e[1:]) + 6), Actuality.HAPPENED) for e in sorted(events)
            ),
        )
        for document, events in sorted(found.items())
    ]


def mentions(linking: Linking) -> list[tuple[str, str]]:
    return sorted((m.document, m.event) for cluster in linking.clusters for m in cluster.mentions)


def decision(number: int, kind: DecisionKind, cluster: Cluster, readings, **value) -> Decision:
    return Decision(
        f"d{number}", kind, cluster.id, "R", "2026-01-02T03:04:05Z", "x", value=value, anchor=anchor_of(cluster.mentions, readings)
    )


@given(clusterings(), st.data())
def test_merges_and_splits_lose_no_mention_and_double_none(linking, data):
    readings = readings_of(linking)
    made = []
    for number in range(data.draw(st.integers(0, 4))):
        cluster, other = (data.draw(st.sampled_from(linking.clusters)) for _ in range(2))
        if data.draw(st.booleans()):
            made.append(
                decision(number, DecisionKind.MERGE, cluster, readings, other_anchor=[list(a) for a in anchor_of(other.mentions, readings)])
            )
        else:
            out = data.draw(st.lists(st.sampled_from(cluster.mentions), min_size=1))
            made.append(decision(number, DecisionKind.SPLIT, cluster, readings, out=[list(a) for a in anchor_of(out, readings)]))
    changed = apply_links(linking, made, readings)
    assert mentions(changed) == mentions(linking)
    assert all(cluster.mentions for cluster in changed.clusters)
    assert apply_links(linking, made, readings) == changed


@given(clusterings(), st.data())
def test_what_was_merged_is_together_whatever_the_software_does_later(linking, data):
    readings = readings_of(linking)
    cluster, other = (data.draw(st.sampled_from(linking.clusters)) for _ in range(2))
    merge = decision(0, DecisionKind.MERGE, cluster, readings, other_anchor=[list(a) for a in anchor_of(other.mentions, readings)])
    apart = Linking(clusters=tuple(Cluster(f"incident-x{n}", (m,)) for n, m in enumerate(m for c in linking.clusters for m in c.mentions)))
    wanted = {(m.document, m.event) for m in (*cluster.mentions, *other.mentions)}
    assert any(wanted <= {(m.document, m.event) for m in c.mentions} for c in apply_links(apart, [merge], readings).clusters)


@pytest.mark.parametrize("depth", range(6))
def test_undoing_is_undone_in_turn(depth):
    first = Decision("d0", DecisionKind.REFUTE, "incident-1", "R", "t", "x")
    undoings = [Decision(f"d{n}", DecisionKind.UNDO, f"d{n - 1}", "R", "t", "x") for n in range(1, depth + 1)]
    assert standing([first, *undoings]) == (() if depth % 2 else (first,))
    assert all(d.kind is not DecisionKind.UNDO for d in standing(itertools.chain([first], undoings)))

"""Decisions find the passages that they were bound to in later readings."""

from __future__ import annotations

import pytest

from ascertain.records import (
    Actuality,
    Cluster,
    Decision,
    DecisionKind,
    Document,
    Event,
    EventType,
    Incident,
    Linking,
    Mention,
    Period,
    Reading,
    Span,
)
from ascertain.review import apply_links, without_home
from ascertain.review._links import NEAR_CHARACTERS, Places, best_match

DOCUMENT = "a" * 64
TEXT = "x" * 2000


def places(*triggers: tuple[int, int], document: str = DOCUMENT) -> Places:
    return Places.of([reading(*triggers, document=document)])


def reading(*triggers: tuple[int, int], document: str = DOCUMENT) -> Reading:
    events = tuple(Event(f"v{n}", EventType.ASSAULT, Span(*span), Actuality.HAPPENED) for n, span in enumerate(triggers, start=1))
    return Reading(Document(document, "a.txt", TEXT), events=events)


def incident(*events: str, number: str = "1", document: str = DOCUMENT) -> Incident:
    return Incident(
        f"incident-{number}", EventType.ASSAULT, None, None, Period(), ("a.txt",), tuple(Mention("a.txt", e, document) for e in events)
    )


def a_decision(anchor, kind=DecisionKind.CONFIRM, **value) -> Decision:
    return Decision("d1", kind, "incident-1", "R", "2026-01-02T03:04:05Z", "x", value=value, anchor=anchor)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ([(100, 106)], {"v1"}),  # the same code points
        ([(98, 106), (300, 305)], {"v1"}),  # a word longer
        ([(10, 15), (106, 109)], {"v2"}),  # beside it: the nearest
        ([(99, 101), (104, 110), (500, 505)], {"v1", "v2"}),  # two that overlap it
        ([(100, 106), (104, 110)], {"v1"}),  # the same wins over an overlap
        ([(106 + NEAR_CHARACTERS, 400)], {"v1"}),  # as far as a sentence
        ([(107 + NEAR_CHARACTERS, 400)], set()),  # too far: another event
        ([], set()),
    ],
)
def test_an_anchor_is_found_at_its_place_or_near_it(now, found):
    assert {event for _, event in places(*now).found_again([(DOCUMENT, "100-106")])} == found


def test_an_anchor_is_never_found_in_another_document():
    assert places((100, 106), document="b" * 64).found_again([(DOCUMENT, "100-106")]) == frozenset()


def test_anchors_are_sorted_and_once_each():
    mentions = [
        Mention("a.txt", "v2", DOCUMENT),
        Mention("copy.txt", "v2", DOCUMENT),
        Mention("a.txt", "v1", DOCUMENT),
        Mention("a.txt", "v9", DOCUMENT),
    ]
    assert places((5, 9), (1, 3)).anchor_of(mentions) == ((DOCUMENT, "1-3"), (DOCUMENT, "5-9"))


def test_the_incident_that_holds_most_anchors_is_the_one():
    here = places((0, 5), (10, 15), (20, 25))
    anchor = ((DOCUMENT, "0-5"), (DOCUMENT, "10-15"), (DOCUMENT, "20-25"))
    assert best_match(anchor, [incident("v1", number="1"), incident("v2", "v3", number="2")], here) == "incident-2"
    assert best_match(anchor, [], here) is None
    assert best_match((), [incident("v1")], here) is None


def test_a_decision_whose_passages_are_gone_is_said():
    kept, gone = a_decision(((DOCUMENT, "0-5"),)), a_decision((("b" * 64, "0-5"),))
    assert without_home([kept, gone], [incident("v1")], [reading((0, 5))]) == (gone,)


def test_a_merge_takes_in_what_the_software_keeps_with_most_of_it():
    clusters = (
        Cluster("incident-1", (Mention("a.txt", "v1", DOCUMENT), Mention("a.txt", "v2", DOCUMENT))),
        Cluster("incident-2", (Mention("a.txt", "v3", DOCUMENT),)),
    )
    merge = a_decision(((DOCUMENT, "0-5"),), DecisionKind.MERGE, other_anchor=[[DOCUMENT, "20-25"]])
    [merged] = apply_links(Linking(clusters=clusters), [merge], [reading((0, 5), (10, 15), (20, 25))]).clusters
    assert [mention.event for mention in merged.mentions] == ["v1", "v2", "v3"]
    assert merged.id == "incident-1"
    assert merged.links[0].startswith("R merged these on 2026-01-02")


def test_a_merge_leaves_in_place_what_was_never_part_of_it():
    others = tuple(Mention("a.txt", f"v{n}", DOCUMENT) for n in range(2, 6))
    merge = a_decision(((DOCUMENT, "0-5"),), DecisionKind.MERGE, other_anchor=[[DOCUMENT, "10-15"]])
    spans = [(n * 10, n * 10 + 5) for n in range(5)]
    linking = Linking(clusters=(Cluster("incident-1", (Mention("a.txt", "v1", DOCUMENT),)), Cluster("incident-2", others)))
    found = {tuple(m.event for m in c.mentions) for c in apply_links(linking, [merge], [reading(*spans)]).clusters}
    assert found == {("v1", "v2"), ("v3", "v4", "v5")}

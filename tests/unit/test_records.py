"""An illegal record cannot be made, and only people establish."""

from __future__ import annotations

import attrs
import pytest
from builders import a_document

from ascertain import records
from ascertain.records import (
    Actuality,
    Entity,
    EntityType,
    Event,
    EventType,
    Fact,
    Quantity,
    Reading,
    Span,
    Status,
    TimeExpression,
    TimeKind,
)

TEXT = "Shelling killed 12 people."


def a_reading(**more) -> Reading:
    return Reading(a_document(TEXT), **more)


@pytest.mark.parametrize("span", [(0, 0), (5, 4), (-1, 3), (0, len(TEXT) + 1), (len(TEXT), len(TEXT) + 1)])
def test_a_passage_lies_inside_the_text_and_is_not_empty(span):
    with pytest.raises(ValueError, match="passage lies inside"):
        a_reading(times=(TimeExpression("t1", Span(*span), "2022", TimeKind.DATE),))
    with pytest.raises(ValueError, match="passage lies inside"):
        a_reading(entities=(Entity("n1", EntityType.PERSON, "x", (Span(0, 3), Span(*span))),))


def test_an_id_stands_for_one_thing():
    event = Event("v1", EventType.ASSAULT, Span(0, 8), Actuality.HAPPENED)
    with pytest.raises(ValueError, match="unique"):
        a_reading(events=(event, event))


def test_the_whole_text_is_a_passage():
    assert a_reading(times=(TimeExpression("t1", Span(0, len(TEXT)), "2022", TimeKind.DATE),)).words(Span(16, 18)) == "12"


def test_an_interval_has_its_ends_in_order():
    assert Quantity("q1", Span(0, 1), None, 3)
    assert Quantity("q1", Span(0, 1), 3, 3)
    with pytest.raises(ValueError, match="lower end"):
        Quantity("q1", Span(0, 1), 4, 3)


@pytest.mark.parametrize("status", [Status.ESTABLISHED, Status.REFUTED])
def test_software_alone_establishes_and_refutes_nothing(status):
    with pytest.raises(ValueError, match="only people's decision"):
        Fact("killed", status, 1)
    assert Fact("killed", status, 1, decided_by=("A", "B")).status is status


@pytest.mark.parametrize("credibility", [0, 7])
def test_credibility_is_on_the_admiralty_scale(credibility):
    with pytest.raises(ValueError, match="1 to 6"):
        Fact("killed", Status.ALLEGED, credibility)


def test_records_are_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        a_document().title = "another"


def test_every_public_record_is_exported_and_nothing_else():
    assert all(hasattr(records, name) for name in records.__all__)
    made_here = {name for name, value in vars(records).items() if getattr(value, "__module__", "").startswith("ascertain.records")}
    assert made_here == set(records.__all__)

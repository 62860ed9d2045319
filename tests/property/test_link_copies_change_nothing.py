"""Copies, reprints and relays change no fact, origin, status or credibility; the order of arrival changes nothing."""

from __future__ import annotations

import hashlib
import random
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain import pipeline
from ascertain.config import Settings
from ascertain.records import Document, Findings, Reading

CORPORA = Path(__file__).resolve().parent.parent / "quality" / "corpora"
NAMES = ("hills", "sahel", "olive")

pytestmark = pytest.mark.slow


@cache
def readings(name: str) -> tuple[Reading, ...]:
    documents: list[Document] = []
    for path in sorted((CORPORA / name).glob("*.txt")):
        found = pipeline.documents_in(path.read_bytes(), path=path.name, settings=Settings())
        documents += [d for d in found if isinstance(d, Document)]
    return tuple(r for r in pipeline.read_documents(documents) if isinstance(r, Reading))


def reprint(reading: Reading, number: int) -> Reading:
    """The same text in another paper."""
    document = reading.document
    digest = hashlib.sha256(f"{document.id} {number}".encode()).hexdigest()
    return attrs.evolve(
        reading, document=attrs.evolve(document, id=digest, path=f"{document.path}#{number}", publisher=f"Reprint {number}")
    )


def shape(findings: Findings) -> dict[tuple[str, ...], object]:
    """What must not change: for each incident, known by its documents, its origins and facts."""
    return {
        tuple(sorted({d.split("#")[0] for d in incident.documents})): (
            sorted(o.name for o in incident.origins),
            sorted(repr((f.attribute, f.at_least, f.at_most, f.value, f.status, f.credibility, f.origins, f.contradicted_by)) for f in incident.facts),
        )
        for incident in findings.incidents
    }  # fmt: skip


@cache
def found(name: str) -> dict[tuple[str, ...], object]:
    return shape(pipeline.find_incidents(readings(name)))


@given(name=st.sampled_from(NAMES), seed=st.integers(0, 10_000), count=st.integers(1, 6))
@settings(max_examples=12, deadline=None)
def test_reprints_in_any_order_change_no_fact(name, seed, count):
    draw = random.Random(seed)
    chosen = draw.sample(readings(name), count)
    added = [reprint(reading, number) for number, reading in enumerate(chosen)] + [reprint(chosen[0], 99)]
    everything = [*readings(name), *added]
    draw.shuffle(everything)
    assert shape(pipeline.find_incidents(everything)) == found(name)


@given(name=st.sampled_from(NAMES), seed=st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_any_order_gives_the_same_findings(name, seed):
    shuffled = random.Random(seed).sample(readings(name), len(readings(name)))
    assert pipeline.find_incidents(shuffled) == pipeline.find_incidents(readings(name))


def test_a_relay_changes_no_number_and_adds_no_origin():
    text = (
        "News from abroad\nEvening Digest\n7 March 2023 — Nine people were killed when jets bombed a camp for displaced people near Loikaw in Myanmar "
        "on Sunday, the Hillside Post reported.\n"
    )
    [document] = [
        d for d in pipeline.documents_in(text.encode(), path="90-eveningdigest.txt", settings=Settings()) if isinstance(d, Document)
    ]
    [relay] = [r for r in pipeline.read_documents([document]) if isinstance(r, Reading)]
    before, after = (
        next(i for i in pipeline.find_incidents(given_).incidents if "02-hillsidepost.txt" in i.documents)
        for given_ in (readings("hills"), [*readings("hills"), relay])
    )
    assert "90-eveningdigest.txt" in after.documents
    assert [o.name for o in after.origins] == [o.name for o in before.origins]
    assert [(f.attribute, f.at_least, f.at_most, f.status, f.credibility) for f in after.facts] == [
        (f.attribute, f.at_least, f.at_most, f.status, f.credibility) for f in before.facts
    ]

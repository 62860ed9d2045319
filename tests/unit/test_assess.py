"""Assessing: last words, hulls, status, history, totals; nothing is established by software."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.assess import as_known_on, changes, totals
from ascertain.assess._facts import Word, hull, last_words
from ascertain.assess._reasons import credibility_of, is_named
from ascertain.assess._rules import pattern, rules
from ascertain.assess._sources import content, fold, proper
from ascertain.assess._titles import range_of
from ascertain.records import (
    Claim,
    Dated,
    Document,
    EventType,
    Fact,
    Findings,
    Incident,
    IncidentPlace,
    Mention,
    Period,
    Reading,
    Span,
    Stance,
    Status,
)


def a_claim(low: int | None = 5, high: int | None = 5, *, origin: str = "Ada Mayor", day: str = "2023-06-12", path: str = "a.txt") -> Claim:
    return Claim(origin, path, path, Span(0, 4), Stance.ASSERTS, low, high, said_on=day)


def a_word(*bounds: int | None, main: bool = True, relayed: bool = False, part: bool = False, **more) -> Word:
    return Word(a_claim(*bounds, **more), relayed, main, part)


def test_a_higher_number_later_is_an_update():
    last = last_words([a_word(3, None), a_word(5, 5, day="2023-06-13", path="b.txt")])
    assert [(c.at_least, c.at_most) for c in last.values()] == [(5, 5)]


def test_within_a_document_the_greatest_number_is_the_total():
    last = last_words([a_word(2, 2), a_word(5, 5)])
    assert last["Ada Mayor"].at_least == 5


def test_a_relay_never_overrides_what_was_said_directly():
    last = last_words([a_word(5, 5), a_word(3, 3, day="2023-06-20", path="b.txt", relayed=True)])
    assert last["Ada Mayor"].at_least == 5


def test_a_mention_in_passing_counts_only_if_it_raises_the_number():
    low = last_words([a_word(5, 5), a_word(3, 3, day="2023-06-20", path="b.txt", main=False)])
    high = last_words([a_word(5, 5), a_word(7, 7, day="2023-06-20", path="b.txt", main=False)])
    assert (low["Ada Mayor"].at_least, high["Ada Mayor"].at_least) == (5, 7)


def test_the_hull_is_open_where_one_is_open():
    assert hull([a_claim(16, None), a_claim(17, 17)]) == (16, None)
    assert hull([a_claim(None, 50), a_claim(20, 30)]) == (None, 50)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6))
def test_the_hull_holds_every_interval(bounds):
    claims = [a_claim(min(b), max(b)) for b in bounds]
    low, high = hull(claims)
    assert all(low <= c.at_least and c.at_most <= high for c in claims)


def test_credibility_follows_from_corroboration_alone():
    assert credibility_of(Status.CORROBORATED, ["A B", "C D", "E F"]) == 1
    assert credibility_of(Status.CORROBORATED, ["A B", "C D"]) == 2
    assert credibility_of(Status.CONTESTED, ["A B", "C D"]) == 5
    assert credibility_of(Status.ALLEGED, ["Ada Mayor"]) == 3
    assert credibility_of(Status.ALLEGED, ["A resident"]) == 6
    assert not is_named("Surgeon")


def test_every_rule_that_reasons_cite_has_a_name_and_a_text():
    for key in ("copies", "last_word", "hull", "alleged", "corroborated", "contested", "actor", "denial", "place", "time"):
        assert rules()[key]["name"]
        assert rules()[key]["text"].endswith(".")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Pavlo Sydorchuk", True),
        ("Khaled al-Nadhri", True),
        ("Readers", False),
        ("Tuesday", False),
        ("Residents", False),
        ("the governor", False),
        ("A\nB", False),
    ],
)
def test_what_is_a_proper_name(words, expected):
    assert proper(words) is expected


@pytest.mark.parametrize(
    ("rule", "key", "words", "expected"),
    [
        ("reaction", "cues", "condemned", True), ("reaction", "cues", "said", False),
        ("nobody", "rejected", "I counted ten, and not nine as ", True), ("nobody", "rejected", "I counted nine as ", False),
        ("denial", "own", "Allegations that a wedding was hit are false", True), ("denial", "own", "Our forces hit a depot", False),
        ("implied", "admits", "its forces had hit a deployment point", True), ("implied", "admits", "its forces are ready", False),
        ("actor", "leads", "Gran Grif's leader", True), ("actor", "leads", "camp leader", False),
        ("aside", "whose", "'s defence ministry", True), ("aside", "whose", ", where shells fell", False),
    ],
)  # fmt: skip
def test_what_the_words_of_a_rule_say(rule, key, words, expected):
    assert (pattern(rule, key).search(words) is not None) is expected


def test_content_words_of_a_description():
    assert content("the spokesman for the region's Health Office") == {"spokesman", "region", "health", "office"} - {"regional"}
    assert fold("Gaza’s Civil Defence") == "gaza civil defence"


# --- history and totals


def an_incident(number: int = 1, *facts: Fact, events: tuple[str, ...] = ("v1",)) -> Incident:
    mentions = tuple(Mention(f"{number}.txt", e, f"{number:064x}") for e in events)
    return Incident(
        f"incident-{number}", EventType.ASSAULT, "shelling", IncidentPlace("Kherson", 46.6, 32.6, country="UA"), Period("2023-06-12", "2023-06-12"),
        (f"{number}.txt",), mentions, (), facts, f"Shelling {number}",
    )  # fmt: skip


def a_fact(low: int | None, high: int | None, status: Status = Status.CORROBORATED, *claims: Claim) -> Fact:
    return Fact("killed", status, 2, low, high, claims=claims)


def test_the_difference_of_two_days_is_readable():
    before = Findings(incidents=(an_incident(1, a_fact(3, None, Status.ALLEGED, a_claim(3, None))),))
    after = Findings(
        incidents=(an_incident(1, a_fact(5, 5, Status.CORROBORATED, a_claim(3, None), a_claim(5, 5, day="2023-06-13"))), an_incident(2))
    )
    told = [str(c) for c in changes(before, after)]
    assert told[0].startswith("killed: 3 or more (alleged) → 5")
    assert "Ada Mayor says 5 (a.txt[0:4])" in str(changes(before, after)[0]) or changes(before, after)[0].because == ()
    assert any(c.attribute is None and c.before is None for c in changes(before, after))
    assert changes(after, after) == ()


def test_what_was_known_on_a_day():
    def reading(number: int, day: str | None) -> Reading:
        return Reading(Document(f"{number:064x}", f"{number}.txt", "text", published=Dated(day) if day else None))

    held = [reading(1, "2023-06-12"), reading(2, "2023-06-14"), reading(3, None)]
    assert as_known_on(held, "2023-06-13") == held[:1]
    assert as_known_on(held, "2023-06-15", {held[0].document.id: "2023-06-16T10:00:00Z", held[2].document.id: "2023-06-01"}) == [
        held[1],
        held[2],
    ]


def test_totals_add_minima_and_maxima_and_never_mix_statuses():
    found = totals(
        [
            an_incident(1, a_fact(5, 5)),
            an_incident(2, a_fact(2, 3)),
            an_incident(3, a_fact(9, 9, Status.ALLEGED)),
            an_incident(4, a_fact(1, None)),
        ],
        by="country",
    )
    assert [(t.status, t.key, t.at_least, t.at_most, len(t.parts)) for t in found] == [
        (Status.ALLEGED, "UA", 9, 9, 1), (Status.CORROBORATED, "UA", 8, None, 3),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), min_size=1, max_size=8))
def test_totals_equal_the_sum_of_their_parts(bounds):
    incidents = [an_incident(n, a_fact(low, low + more)) for n, (low, more) in enumerate(bounds, start=1)]
    [total] = totals(incidents)
    assert total.at_least == sum(p.at_least for p in total.parts) == sum(low for low, _ in bounds)
    assert total.at_most == sum(p.at_most for p in total.parts)


def test_no_number_is_not_zero():
    assert totals([an_incident(1)]) == ()
    assert range_of(a_fact(None, None)) != "0"

"""Linking: spellings, days, places, clusters, copies, articles."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from builders import a_document

from ascertain.link import article_of, average_link, find_copies, incident_counts, link_articles
from ascertain.link._articles import named_days
from ascertain.link._clusters import adopt, knit
from ascertain.link._ground import days_of, ground_of
from ascertain.link._mentions import head_of
from ascertain.link._names import alike, fold
from ascertain.link._rules import family_names, pattern
from ascertain.records import Dated, Entity, EntityType, Part, Place, Reading, Span, TimeExpression, TimeKind, lay_out

TEXT = (
    "Shells hit market in Taiz\nAden Herald\nADEN, 7 May 2024 (Herald) — Four people were killed on Tuesday in Taiz, the director said on Wednesday. "
    "Dr. Qaid counted them."
)


def a_reading(text: str = TEXT, number: int = 1, **more) -> Reading:
    return Reading(a_document(text, number, published=Dated("2024-05-08")), **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Wad Madani", "Wad Medani"), ("El Geneina", "Al-Junaynah"), ("Kherson", "Cherson"), ("Taiz", "Ta'izz"), ("Adré", "ADRE")],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(("one", "other"), [("Izium", "Izmail"), ("Azaz", "Aden"), ("Namapa", "Nampula"), ("Sumy", "Sana")])
def test_similar_names_of_two_towns_are_not_alike(one, other):
    assert not alike(one, other)


def test_fold_drops_accents_and_apostrophes():
    assert fold("Ta’izz-Álamo") == "taizz alamo"


def test_the_layout_finds_headline_head_dateline_and_sentences():
    layout = lay_out(a_document(TEXT))
    parts = [(s.part, TEXT[s.start : s.end]) for s in layout.sentences]
    assert parts[0] == (Part.TITLE, "Shells hit market in Taiz")
    assert parts[1] == (Part.HEAD, "Aden Herald")
    assert TEXT[layout.dateline.start : layout.dateline.end] == "ADEN, 7 May 2024 (Herald) — "
    assert [words for part, words in parts if part is Part.BODY][1] == "Dr. Qaid counted them."


def test_the_day_on_which_somebody_spoke_is_not_the_happenings():
    times = tuple(
        TimeExpression(f"t{n}", Span(TEXT.index(words), TEXT.index(words) + len(words)), value, TimeKind.DATE)
        for n, (words, value) in enumerate((("7 May 2024", "2024-05-07"), ("Tuesday", "2024-05-07"), ("Wednesday", "2024-05-08")), start=1)
    )
    ground = ground_of(a_reading(times=times), {})
    days = [days for items in ground.days.values() for _, days in items]
    assert days == [(date(2024, 5, 7), date(2024, 5, 7))]


def test_the_place_in_the_date_line_is_not_the_happenings():
    def town(number: int, name: str, words: str) -> Entity:
        at = TEXT.index(words)
        return Entity(
            f"e{number}", EntityType.PLACE, name, (Span(at, at + len(name)),), place=Place(13.0 + number, 44.0, number, "city", "YE")
        )

    ground = ground_of(a_reading(entities=(town(1, "ADEN", "ADEN"), town(2, "Taiz", "Taiz, the director"))), {})
    assert [s.name for spots in ground.spots.values() for s in spots] == ["Taiz"]


@pytest.mark.parametrize(
    ("rule", "words", "expected"),
    [
        ("burial", "The dead were buried on Friday", True), ("burial", "The dead were shopkeepers", False),
        ("aftermath", "who left in the three days after that strike", True), ("aftermath", "who left after dark", False),
    ],
)  # fmt: skip
def test_what_the_words_of_a_rule_say(rule, words, expected):
    assert (pattern(rule).search(words) is not None) is expected


@pytest.mark.parametrize("kind", ["grenade attack", "chemical attack", "drone strike", "ambush"])
def test_ways_of_attack_are_of_one_family(kind):
    assert family_names()[kind] == "strike"


def test_days_of_a_value():
    assert days_of("2024-05-07TNI") == (date(2024, 5, 7), date(2024, 5, 7))
    assert days_of("2024-W19") == (date(2024, 5, 6), date(2024, 5, 12))
    assert days_of("P2W") is None
    assert days_of("2024-13-40") is None


def test_average_link_lets_no_round_up_glue_two_groups():
    # 0-1 and 3-4 are one each; 2 tells of both, a little
    scores = {(0, 1): 5.0, (3, 4): 5.0, (0, 2): 3.2, (2, 3): 3.2}
    assert average_link(5, scores, threshold=3.0) == [[0, 1], [2], [3, 4]] or average_link(5, scores, threshold=3.0) == [
        [0, 1],
        [2],
        [3, 4],
    ]


def test_average_link_does_not_depend_on_the_order_of_the_pairs():
    scores = {(0, 1): 4.0, (1, 2): 4.0, (0, 2): 4.0, (2, 3): 3.5, (3, 4): 3.9}
    backwards = dict(reversed(list(scores.items())))
    assert average_link(5, scores, threshold=3.0) == average_link(5, backwards, threshold=3.0)


def test_knit_joins_what_a_few_poor_pairs_kept_apart_but_not_other_days():
    groups = [[0, 1], [2, 3]]
    good = {(0, 2): (5.0, True), (0, 3): (4.0, True), (1, 2): (0.5, True), (1, 3): (0.4, True)}
    assert knit(groups, good, threshold=3.0) == [[0, 1, 2, 3]]
    other_day = {pair: (score, False) for pair, (score, _) in good.items()}
    assert knit(groups, other_day, threshold=3.0) == groups


def test_a_report_that_stayed_alone_joins_the_cluster_that_clearly_fits():
    groups = [[0, 1], [2, 3], [4]]
    near = {(0, 4): (2.8, True), (1, 4): (2.4, False), (2, 4): (0.9, False)}
    assert adopt(groups, near, [4]) == [[0, 1, 4], [2, 3]]
    torn = near | {(2, 4): (2.7, True), (3, 4): (2.5, True)}
    assert adopt(groups, torn, [4]) == groups


WORDS = " ".join(f"word{n} tells of thing{n} in place{n}." for n in range(40))


def copies_of(*texts: str) -> list[tuple[str, ...]]:
    return [g.documents for g in find_copies([a_reading(text, number) for number, text in enumerate(texts, start=1)])]


def test_a_text_cut_to_a_quarter_is_a_copy():
    quarter = " ".join(WORDS.split(". ")[0:10])
    longer = " ".join(WORDS.split(". ")[0:12])
    assert quarter in longer
    assert copies_of(WORDS, ". ".join(WORDS.split(". ")[:12]) + ".") == [("report-1.txt", "report-2.txt")]


def test_texts_that_share_site_lines_only_are_no_copies():
    furniture = "\n".join(f"Please log in to read more of our site, section {n}, and accept all cookies of ours." for n in range(8))
    bodies = [" ".join(f"{letter}{n}x {letter}{n}y {letter}{n}z." for n in range(30)) for letter in "abcde"]
    assert copies_of(*(f"{furniture}\n{body}\n{furniture}" for body in bodies)) == []


def test_the_credited_text_is_heard_for_its_copies():
    first = a_reading(f"Headline\nWire Agency\n{WORDS}", 1)
    second = a_reading(f"Other headline\nDaily\nWire Agency\n{WORDS}", 2)
    named = [attrs.evolve(r, document=attrs.evolve(r.document, publisher=p)) for r, p in ((first, "Wire Agency"), (second, "Daily"))]
    [group] = find_copies(named)
    assert group.fullest == "report-1.txt"


def test_weekdays_and_months_are_resolved_backwards_from_publication():
    published = date(2016, 1, 4)  # a Monday
    assert named_days("Shot on Saturday, after Dec. 30 and 28 December", published) == (
        date(2016, 1, 2),
        date(2015, 12, 30),
        date(2015, 12, 28),
    )
    assert named_days("on Feb. 31", published) == ()


def test_articles_on_one_shooting_are_grouped_in_any_order():
    rows = [
        {"doc": "a", "title": "Two shot in Elm Park", "date": "2016-05-03", "text": "Two men, 24 and 31, were shot Monday night in Elm Park, police said. John Carver, 24, died."},
        {"doc": "b", "title": "Man dies after Elm Park shooting", "date": "2016-05-04", "text": "John Carver, 24, died after a shooting Monday in Elm Park. A 31-year-old man was hurt."},
        {"doc": "c", "title": "Woman shot in Troy", "date": "2016-05-20", "text": "A 45-year-old woman was shot Thursday in Troy at a gas station, police said."},
    ]  # fmt: skip
    groups = link_articles([article_of(r) for r in rows])
    assert sorted(a for g in groups for a in g.articles) == ["a", "b", "c"]
    assert groups == link_articles([article_of(r) for r in reversed(rows)])
    assert any(g.articles == ("c",) for g in groups)


def test_counts_of_an_incident():
    assert (
        incident_counts(
            [("Three killed, two wounded in shooting", "Three people were killed and two others were wounded on Monday, police said.")]
        )[0]
        == 3
    )


@pytest.mark.parametrize(
    ("surface", "head"), [("was shot", "shoot"), ("shooting", "shoot"), ("the killing", "kill"), ("acquisition", "acquire")]
)
def test_heads_of_mentions(surface, head):
    assert head_of(surface) == head

"""The workbench's parts without a server: codes of the second factor, who may do what, filters in addresses, agreement, pictures."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette")

from ascertain.models.places import kilometres
from ascertain.review import agreements, homes_of
from ascertain.review._agreement import cohens_kappa
from ascertain.review._links import Places, best_match
from ascertain.store import Account, Restriction
from ascertain.store._areas import lies_in
from ascertain.web._access import RULES, Role, may_see, may_use
from ascertain.web._areas import area_of, circle
from ascertain.web._filters import box_of
from ascertain.web._pictures import png
from ascertain.web._render import marked
from ascertain.web._seek import KINDS, sought
from ascertain.web._sessions import code_at, matching_step
from ascertain.web.routes.account import own_path
from ascertain.web.routes.home import _days_of, _harmless

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert code_at(SECRET, seconds // 30) == code[-6:]


def test_a_code_works_half_a_minute_around_and_only_once():
    code = code_at(SECRET, 1000)
    assert matching_step(SECRET, code, at=30_000, after=0) == 1000
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}", at=30_045, after=0) == 1000
    assert matching_step(SECRET, code, at=30_000, after=1000) is None
    assert matching_step(SECRET, code, at=30_090, after=0) is None
    assert matching_step(SECRET, "", at=30_000, after=0) is None


def an_account(role: Role, name: str = "R. One") -> Account:
    return Account(name, role.value, "-", "2026-01-01", "tests")


def test_every_role_may_do_what_those_before_it_may():
    for rule in RULES:
        allowed = [may_use(role, rule) for role in Role]
        assert allowed == sorted(allowed)


def test_rules_name_each_route_once():
    assert len({(rule.method, rule.path) for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_only_log_in_and_the_first_account_are_open_to_all():
    assert {rule.name for rule in RULES if rule.least is None} == {
        "login",
        "login_send",
        "login_second",
        "outside",
        "outside_back",
        "first",
        "first_send",
    }


def test_a_restricted_item_is_there_for_the_named_roles_and_people_only():
    restriction = Restriction("incident", "incident-1", ("R. Two",), "why", "L. Lead", "2026-01-01")
    closed = Restriction("incident", "incident-1", ("R. Two",), "why", "L. Lead", "2026-01-01", roles=())
    assert may_see(an_account(Role.READER), ())
    assert not may_see(an_account(Role.REVIEWER), (restriction,))
    assert may_see(an_account(Role.REVIEWER, "R. Two"), (restriction, closed))
    assert may_see(an_account(Role.LEAD), (restriction,))
    assert not may_see(an_account(Role.ADMINISTRATOR), (restriction, closed)), "every restriction must let in"


@pytest.mark.parametrize("words", ["1,2,3", "a,b,c,d", "5,0,1,1", "0,5,1,1", "1e9,0,2,1", "", None, "0,0,1,1;drop"])
def test_a_malformed_box_is_no_box(words):
    assert box_of(words) is None


def test_a_box_is_south_west_north_east():
    assert box_of("-2.5,28,1,30.25") == (-2.5, 28.0, 1.0, 30.25)


@pytest.mark.parametrize(
    "words",
    [
        "1,2;3,4",
        "1,2,3,4",
        "91,0,5",
        "0,181,5",
        "1,2,0",
        "1,2,99999",
        "a,b;c,d;e,f",
        "1,2;3,4;5",
        "1,2;3,4;5,6 or 1",
        ";".join(["1,2"] * 61),
        "",
        None,
    ],
)
def test_a_malformed_area_is_no_area(words):
    assert area_of(words) is None


def test_a_circle_reaches_as_far_as_it_says():
    found = area_of("50,30,100")
    assert found is not None
    assert {round(kilometres(50, 30, lat, lon)) for lat, lon in found.corners} == {100}


@given(st.integers(-80, 80), st.integers(-170, 170), st.integers(5, 900), st.floats(0, 360), st.floats(0, 2))
def test_a_point_lies_in_a_circle_where_it_is_nearer_than_its_radius(lat, lon, km, turn, share):
    area = area_of(f"{lat},{lon},{km}")
    point = circle((lat, lon), max(1, km * share)).corners[int(turn / 7.5) % 48]
    away = kilometres(lat, lon, *point)
    if abs(point[1]) > 175 or max(abs(y) for _, y in area.corners) > 180 or 0.98 * km < away < 1.02 * km:
        return
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        found = connection.execute(sa.select(lies_in(sa.literal(point[0]), sa.literal(point[1]), area.corners))).scalar()
    assert bool(found) == (away < km)


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", None, "", "/a\nb"])
def test_after_login_no_other_site_is_opened(path):
    assert own_path(path) == "/"


def test_after_login_an_own_page_is_opened():
    assert own_path("/incidents?q=a") == "/incidents?q=a"


@pytest.mark.parametrize(("name", "kept"), [("..", ""), (".ssh", "ssh"), ("a\x00b\x1b.txt", "ab.txt"), ("репортаж.txt", "репортаж.txt")])
def test_names_of_uploads_are_made_harmless(name, kept):
    assert _harmless(name) == kept


def test_an_overlong_name_keeps_its_ending():
    assert _harmless("x" * 500 + ".pdf").endswith(".pdf")
    assert len(_harmless("ж" * 500 + ".pdf").encode()) <= 200


def test_operators_are_taken_out_of_a_search():
    found = sought('in:statement,note by:"Anna Weber" market from:Wire stance:denies after:2025-03 "two words"')
    assert (found.words, found.kinds, found.by) == ('market "two words"', ("statement", "note"), "Anna Weber")
    assert (found.publisher, found.stance, found.after, found.before) == ("Wire", "denies", "2025-03", None)
    assert [kind for kind in KINDS if found.wants(kind)] == ["statement"]


def test_what_an_operator_can_t_mean_is_told():
    assert sought("in:moon stance:shouts after:soon words").unknown == ("moon", "shouts", "soon")
    assert sought("http://in:x says").words == "http://in:x says"


def test_marks_around_hits_escape_what_is_marked():
    assert str(marked("<b>five</b> & fivefold", "five")) == "&lt;b&gt;<mark>five</mark>&lt;/b&gt; &amp; <mark>fivefold</mark>"
    assert str(marked("<i>", "")) == "&lt;i&gt;"


def test_kappa_of_cohens_definition():
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert cohens_kappa(pairs) == pytest.approx(0.4)
    assert cohens_kappa([]) is None
    assert cohens_kappa([("yes", "yes")] * 3) is None


def test_agreement_takes_the_last_word_of_each_reviewer():
    judged = [("i1", "killed", "A", "confirm"), ("i1", "killed", "B", "reject"), ("i1", "killed", "B", "confirm"), ("i2", "killed", "A", "reject"),
              ("i2", "killed", "B", "confirm"), ("i3", "place", "A", "confirm")]  # fmt: skip
    (pair,) = agreements(judged)
    assert (pair.one, pair.two, pair.both, pair.agreed, pair.apart) == ("A", "B", 2, 1, (("i2", "killed"),))


def test_homes_by_index_are_those_of_best_match():
    from unit.test_review import READINGS, Findings, an_incident, decide

    from ascertain.records import DecisionKind

    findings = Findings(incidents=(an_incident("a", number="1"), an_incident("b", "c", number="2")))
    made = [decide(DecisionKind.CONFIRM, findings, target=i.id, attribute="killed") for i in findings.incidents]
    undo = decide(DecisionKind.UNDO, findings, target=made[1].id, decisions=tuple(made))
    later = (an_incident("a", "b", number="7"), an_incident("c", number="9"))
    homes = homes_of([*made, undo], later, READINGS)
    assert [homes[d.id] for d in made] == [best_match(d.anchor, later, Places.of(READINGS)) for d in made]
    assert homes[undo.id] == homes[made[1].id]


def test_a_picture_is_a_sound_png():
    data = png(bytes([1, 2, 3, 0, 4, 5, 6, 0]) + b"pad!" + bytes([7, 8, 9, 0, 10, 11, 12, 0]) + b"pad!", 2, 2, 12)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (2, 2)
    start = data.index(b"IDAT") + 4
    length = struct.unpack(">I", data[start - 8 : start - 4])[0]
    assert zlib.decompress(data[start : start + length]) == b"\0\1\2\3\4\5\6" + b"\0\7\x08\x09\x0a\x0b\x0c"


def test_a_span_of_time_is_a_year_or_a_month():
    assert _days_of("2024") == ("2024-01-01", "2024-12-31")
    assert _days_of("2024-02") == ("2024-02-01", "2024-02-29")

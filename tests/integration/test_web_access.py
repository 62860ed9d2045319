"""Who gets in where: every route, for every role and every state of the item, from the table that the application enforces."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")
from desks import NOW, PASSWORD, Browser, a_case, a_reading, make_case
from starlette.routing import Route
from starlette.testclient import TestClient

from ascertain.errors import UsageError
from ascertain.store import Desk, Filter, Publication, Restriction
from ascertain.web import make_app
from ascertain.web._access import RULES, Role, may_use
from ascertain.web._index import relink
from ascertain.web._rim import POLICY

LEADS = ("lead", "administrator")
STATES = {  # of an item: open to all, or who is let in by role and by name
    "open": None,
    "restricted": (LEADS, ()),
    "named": ((), ("reader", "lead")),
    "for reviewers": (("reviewer",), ()),
    "closed": ((), ("somebody else",)),
}
TELLINGS = (
    ("Anna Weber", 5, "Goma", "3 March 2023"), ("Carla Ruiz", 3, "Ituri", "9 March 2023"), ("Dora Lind", 7, "Bukavu", "12 April 2023"),
    ("Emil Roth", 8, "Goma", "20 April 2023"), ("Fay Osei", 2, "Ituri", "25 April 2023"),
)  # fmt: skip


def lets_in(state: str, role: str) -> bool:
    """Written down here once more, so that the rule of the application is held against something."""
    held = STATES[state]
    return held is None or role in held[0] or role in held[1]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    readings = [a_reading(f"{n}.txt", speaker=s, count=c, place=p, day=d) for n, (s, c, p, d) in enumerate(TELLINGS)]
    with Desk.open(make_case(tmp_path_factory.mktemp("web") / "case", readings), clock=lambda: NOW) as opened:
        relink(opened)
        yield opened


@pytest.fixture(scope="module")
def app(desk):
    made = make_app(desk, inline=True, clock=lambda: NOW)
    bench = made.state.bench
    bench.work.put = lambda kind, **_: kind  # what a job does is tested elsewhere
    keys = [row["id"] for row in bench.queries.incidents(Filter(), sort="day")]
    documents = [row["id"] for row in bench.queries.documents(words=None, hidden=(), limit=9, offset=0)[0]]
    made.state.items = {"incident": dict(zip(STATES, keys, strict=True)), "document": dict(zip(STATES, documents, strict=True))}
    made.state.speaker = bench.desk.reading(made.state.items["document"]["open"]).entities[0].name
    for kind, states in made.state.items.items():
        for state, held in STATES.items():
            if held is not None:
                bench.people.restrict(Restriction(kind, states[state], held[1], "a witness is at risk", "tests", NOW, roles=held[0]))
    folder = desk.folder / "releases"
    folder.mkdir()
    (folder / "r.zip").write_bytes(b"zip")
    bench.people.ask_publication(Publication("A release", "site", True, "somebody", NOW, state="made", made="r.zip"))
    return made


def the_path(rule, app, state: str) -> str:
    path = rule.path.replace("{attribute}", "killed").replace("{number:int}", "1").replace("{form}", "csv")
    path = path.replace("{key}", app.state.items[rule.item][state]) if rule.item else path
    return path + (f"?name={app.state.speaker}" if rule.name == "speaker" else "")


def ask(client, rule, path: str, csrf: str | None):
    if rule.method == "GET":
        return client.get(path, follow_redirects=False)
    return client.post(path, data={"csrf": csrf} if csrf else {}, follow_redirects=False)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.least is not None], ids=lambda rule: rule.name)
def test_nobody_gets_in_without_an_account(app, rule):
    answer = ask(TestClient(app, base_url="http://127.0.0.1"), rule, the_path(rule, app, "open"), None)
    assert (answer.status_code, answer.headers.get("location", "").startswith("/login")) in {(303, True), (401, False)}


@pytest.fixture(scope="module")
def browsers(app):
    return {role: Browser(app, role.value, role.value) for role in Role}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.least is not None and rule.name != "logout"], ids=lambda rule: rule.name)
def test_each_route_for_each_role_and_state_of_the_item(app, browsers, rule, role):
    browser = browsers[role]
    for state in STATES if rule.item else ("open",):
        status = ask(browser.client, rule, the_path(rule, app, state), browser.csrf).status_code
        if not may_use(role, rule):
            assert status == 403
        elif rule.item and not lets_in(state, role):
            assert status == 404, (state, status)
        else:
            assert status in {200, 303, 400, 409}, (state, status)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.method == "POST" and rule.least is not None], ids=lambda rule: rule.name)
def test_a_form_without_the_token_of_the_session_is_refused(app, browsers, rule):
    for token in (None, "x" * 32, browsers[Role.READER].csrf):
        assert ask(browsers[Role.ADMINISTRATOR].client, rule, the_path(rule, app, "open"), token).status_code == 403


def test_every_route_of_the_application_stands_in_the_table_and_in_this_test(app):
    served = {(route.path, tuple(sorted(route.methods - {"HEAD"}))) for route in app.routes if isinstance(route, Route)}
    assert served == {(rule.path, (rule.method,)) for rule in RULES}
    assert {route.path for route in app.routes if not isinstance(route, Route)} == {"/static", "/shared"}, "files of this package alone"
    for rule in RULES:
        assert ("{key}" in rule.path) == (rule.item is not None), f"{rule.name}: an item in the path is checked"


def test_every_route_tells_the_custody_log_or_says_why_not():
    """A view, search, export or check is logged by its rule; what changes something is logged by the store, in the same transaction."""
    quiet = {
        "description": "says nothing of the case", "progress": "asked by the page's script again and again", "incidents_map": "part of the page of incidents",
        "document_original": "part of the page of a document", "document_page": "part of the page of a document", "me": "one's own settings",
        "login": "nobody yet", "first": "nobody yet", "search": "logs its words itself", "outside": "nobody yet", "outside_back": "logs the login",
    }  # fmt: skip
    assert {rule.name for rule in RULES if rule.method == "GET" and rule.log is None} == set(quiet)


def test_a_form_from_another_site_is_refused(browsers):
    browser = browsers[Role.ADMINISTRATOR]
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert browser.post("/me/shield", {"shielded": "0"}, headers=headers).status_code == 403


def test_another_host_name_is_refused(app):
    assert TestClient(app, base_url="http://rebound.example").get("/login").status_code == 421


def test_every_answer_carries_the_strict_headers(app, browsers):
    for path in ("/", "/login", "/nowhere", "/incidents", "/static/workbench.js"):
        headers = browsers[Role.LEAD].get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
    assert browsers[Role.LEAD].get("/").headers["cache-control"] == "no-store"
    assert "unsafe" not in POLICY


def test_the_cookie_is_for_the_server_alone(app):
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    cookie = client.post("/login", data={"name": "reader", "password": PASSWORD}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(desk):
    secure = make_app(desk, inline=True, secure=True, clock=lambda: NOW)
    client = TestClient(secure, base_url="https://127.0.0.1", follow_redirects=False)
    answer = client.post("/login", data={"name": "reader", "password": PASSWORD})
    assert answer.headers["set-cookie"].startswith("__Host-ascertain=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" in answer.headers


def test_logging_out_ends_the_session_on_the_server(app):
    browser = Browser(app, "reader")
    cookie = dict(browser.client.cookies)
    browser.post("/logout")
    again = TestClient(app, base_url="http://127.0.0.1", cookies=cookie, follow_redirects=False)
    assert again.get("/").status_code == 303


def test_the_last_administrator_stays(app, browsers):
    browser = Browser(app, "administrator")
    answer = browser.post("/people/change", {"name": "administrator", "role": "reader", "active": "1"})
    assert answer.status_code == 400
    assert "last administrator" in answer.text


def test_a_changed_role_ends_the_sessions(app):
    admin, other = Browser(app, "administrator"), Browser(app, "Was Lead", "lead")
    admin.post("/people/change", {"name": "Was Lead", "role": "reader", "active": "1"})
    assert other.client.get("/audit", follow_redirects=False).status_code == 303
    admin.post("/people/change", {"name": "Was Lead", "role": "reader"})
    assert other.client.post("/login", data={"name": "Was Lead", "password": PASSWORD}).status_code == 401


def test_views_searches_and_exports_are_in_the_custody_log_under_the_persons_name(desk, app):
    browser, before = Browser(app, "lead"), desk.log_size()
    browser.get("/incidents?status=contested")
    browser.get("/incidents/export.csv")
    browser.get("/search?q=shelling")
    kept = [entry.record for entry in desk.log_entries()][before:]
    assert [(e["actor"], e["action"]) for e in kept] == [("lead", "viewed"), ("lead", "exported"), ("lead", "searched")]
    assert kept[0]["parameters"]["query"] == "status=contested"


def test_the_first_account_is_made_with_the_printed_link_alone(tmp_path):
    with Desk.open(a_case(tmp_path / "case"), clock=lambda: NOW) as desk:
        app = make_app(desk, inline=True, clock=lambda: NOW)
        client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        assert client.get("/first?token=guess").status_code == 403
        data = {"token": app.state.bench.first_token, "name": "A. First", "password": "short"}
        assert client.post("/first", data=data).status_code == 400
        assert client.post("/first", data=data | {"password": PASSWORD}).status_code == 303
        assert client.post("/first", data=data | {"name": "B", "password": PASSWORD}).status_code == 403
        assert client.get("/people").status_code == 200


def test_plain_http_off_loopback_is_refused(tmp_path):
    from ascertain.cli.serve_cmd import command

    with pytest.raises(UsageError, match="plain HTTP is refused"):
        command.main([str(tmp_path), "--host", "0.0.0.0"], standalone_mode=False)

"""The description of the routes is true: what is declared is served, what is served is declared, and nothing makes the server fail."""

from __future__ import annotations

import ast
import inspect
import socket
import threading
import time

import pytest

pytest.importorskip("starlette")
import schemathesis
import uvicorn
from desks import NOW, PASSWORD, Browser, a_case
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    status_code_conformance,
    unsupported_method,
)

from ascertain.store import Account, Desk, Filter, Publication
from ascertain.web import _asked, _filters, _guard, _restrict, make_app, routes
from ascertain.web._access import RULES
from ascertain.web._described import FORM, QUERY, answers, description, kinds
from ascertain.web._index import relink

EXAMPLES = 12  # a route: about a thousand requests in all
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, ignored_auth, unsupported_method,
]  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The application on a port of this machine, with an administrator and a few items."""
    with Desk.open(a_case(tmp_path_factory.mktemp("described") / "case"), clock=lambda: NOW) as desk:
        relink(desk)
        app = make_app(desk, inline=True, clock=lambda: NOW)
        bench = app.state.bench
        bench.work.put = lambda kind, **_: kind
        bench.people.add_account(Account("A. Admin", "administrator", bench.gate.hashed(PASSWORD), NOW, "tests"))
        bench.people.ask_publication(Publication("A release", "dossier", True, "somebody", NOW))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        app.state.address = f"http://127.0.0.1:{port}"
        yield app
        server.should_exit = True
        thread.join(300)


schema = schemathesis.openapi.from_dict(description("ascertain"))


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_request_brings_what_is_not_declared(case, served):
    """Sent as an administrator in a session of its own, with the right token, so that requests reach the handlers."""
    bench = served.state.bench
    token = bench.gate.begin("A. Admin")
    session, _ = bench.gate.session_of(token)
    if isinstance(case.body, dict) and "csrf" in case.body:
        case.body["csrf"] = session.csrf
    if (case.path_parameters or {}).get("key") and len(case.path_parameters["key"]) % 2:
        key = bench.queries.incidents(Filter())[0]["id"] if "document" not in case.path else next(iter(bench.rows.known_documents()))
        case.path_parameters["key"] = key
    case.call_and_validate(
        base_url=served.state.address, headers={"Cookie": f"ascertain={token}"}, checks=CHECKS, allow_redirects=False, timeout=30
    )


def test_the_description_names_every_route_of_the_table_once(served):
    told = description("ascertain")["paths"]
    assert {(path, method) for path, kept in told.items() for method in kept} == {
        (rule.path.replace(":int", ""), rule.method.lower()) for rule in RULES
    }
    assert {rule.name for rule in RULES if rule.method == "POST"} == set(FORM)
    assert set(QUERY) <= {rule.name for rule in RULES if rule.method == "GET"}


def test_every_field_that_a_handler_reads_is_described_and_no_other():
    """Read from the code: the names in `asked.query("…")`, `asked.field("…")` and the like."""
    asked: dict[str, set[str]] = {"query": set(), "form": set()}
    files = [
        _asked,
        _filters,
        _guard,
        _restrict,
        *(getattr(routes, name) for name in dir(routes) if inspect.ismodule(getattr(routes, name))),
    ]
    for module in files:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args and isinstance(node.args[0], ast.Constant):
                kind = {
                    "query": "query",
                    "queries": "query",
                    "field": "form",
                    "fields": "form",
                    "number_field": "form",
                    "files": "form",
                }.get(node.func.attr)
                if kind and isinstance(node.args[0].value, str):
                    asked[kind].add(node.args[0].value)
    told = {"query": QUERY, "form": FORM}
    for kind, table in told.items():
        words = {word.rstrip("!*#") for words in table.values() for word in words.split()}
        extra = {
            "query": {"code", "state", "iss", "error", "reviewed", "sort", "view", "actor", "action", "object"},
            "form": {"csrf", "old"},
        }[kind]  # read by the provider, or through a name
        assert asked[kind] - extra == words - extra, kind


def test_what_plain_requests_bring_is_declared(served):
    """Each route once per role of its own, without any fuzzing: statuses and content types."""
    browsers = {role: Browser(served, f"{role} here", role) for role in ("reader", "reviewer", "lead", "administrator")}
    by_name = {rule.name: rule for rule in RULES}
    key = served.state.bench.queries.incidents(Filter())[0]["id"]
    document = next(iter(served.state.bench.rows.known_documents()))
    for browser in browsers.values():
        for rule in by_name.values():
            if rule.name == "logout":
                continue
            path = rule.path.replace("{attribute}", "killed").replace("{number:int}", "1").replace("{form}", "csv")
            path = path.replace("{key}", document if rule.item == "document" else key)
            ask = browser.client.get if rule.method == "GET" else browser.client.post
            sent = {"data": {"csrf": browser.csrf}} if rule.method == "POST" else {}
            answer = ask(path, follow_redirects=False, **sent)
            assert answer.status_code in answers(rule), (rule.name, answer.status_code)
            told = kinds(rule, answer.status_code)
            assert not told or answer.headers["content-type"].partition(";")[0] in told, (rule.name, answer.headers["content-type"])

"""What the application serves, as OpenAPI 3.1: every route of the table with what it takes and what it answers.

Written as words in two tables: a name alone is one value, `name*` may be repeated, `name!` must be there, `name#` is a whole number.
What is malformed in an address is left out by the pages (an old address still opens), so that parts of a query are plain text here.
"""

from __future__ import annotations

from typing import Any

from ascertain import __version__
from ascertain.web._access import RULES, Rule

FILTER = "q type* kind* status* origin box area near km from to reviewed sort view"
QUERY = {
    "login": "next", "outside": "next", "outside_back": "code state iss error", "first": "token", "case": "", "incidents": f"{FILTER} page",
    "incidents_map": FILTER, "incidents_export": FILTER, "incident": "on", "documents": "q page", "document": "at amend amended",
    "speakers": "q page", "speaker": "name! page", "review": "second incident after amended find", "review_item": "second incident after amended find",
    "search": "q", "publish_look": f"{FILTER} names", "audit": "actor action object from to before",
}  # fmt: skip
FORM = {
    "login_send": "name! password! code next", "login_second": "ticket! challenge answer code", "first_send": "token! name! password!", "logout": "",
    "me_password": "old! new!", "me_second": "secret code password end", "me_key_begin": "name! password!", "me_key_add": "ticket! answer!",
    "me_key_remove": "key! password!", "me_codes": "password!", "me_shield": "cover* next", "add": "files*", "run": "",
    "incident_merge": "version! other! reason!", "incident_split": "version! documents* reason!", "incident_undo": "version! decision! reason!",
    "incident_note": "words!", "incident_restrict": "reason roles* people open", "document_verify": "",
    "document_amend": "statement! seen# speaker stance start# end# reason! back", "document_undo": "decision! reason!", "document_note": "words!",
    "document_restrict": "reason roles* people open", "speaker_grade": "name! grade! reason!",
    "decide": "decision! version! reason why at_least# at_most# value find chosen point second seen only", "review_undo": "reason", "review_again": "",
    "search_save": "name q forget", "publish_ask": "form! title! names incidents*", "publish_decide": "verdict! reason!", "audit_verify": "",
    "people_add": "name! role! password!", "people_change": "name! role! active forget_second", "people_admit": "number# account name role remove",
}  # fmt: skip
# Beside what every route of its kind answers. 404 stands where a route looks something up that its path does not name as an item.
PAGES_OF_FORMS = {"login_send", "login_second", "me_second", "me_key_begin", "me_key_add", "me_codes", "document_verify", "audit_verify"}
MORE = {
    "login_send": {401, 429}, "login_second": {401, 429}, "outside": {404, 502}, "outside_back": {404, 502}, "incidents_export": {404}, "speaker": {404},
    "incident_merge": {409}, "incident_split": {409}, "incident_undo": {409}, "decide": {409}, "publish_decide": {404}, "publish_take": {404},
    "document_original": {500}, "document_page": {500}, "document_download": {500},
}  # fmt: skip
ALSO_REDIRECTS = {"login_send", "login_second", "me_second", "me_key_add", "outside", "review"}
KINDS = {
    "incidents_map": "application/json", "document_page": "image/png", "document_download": "application/octet-stream",
    "publish_take": "application/zip", "description": "application/json",
}  # fmt: skip
EXPORTS = ("text/csv", "application/json", "application/geo+json")
PAGE = "text/html"
SAID = {
    200: "What was asked for.", 303: "Go on there.", 400: "What was sent can't be used; nothing was changed.", 401: "Nobody is logged in.",
    403: "The role is not enough, or the form is not from this session.", 404: "There is no such thing, or the asker may not know of it.",
    409: "Somebody else came first; both versions are shown.", 413: "More was sent than is taken.", 421: "The host is not served here.",
    429: "Too many failures: wait.", 500: "An original is damaged.", 502: "The identity provider can't be reached, or its word does not hold.",
    503: "A dossier is being made, or the store refuses; nothing was changed.",
}  # fmt: skip


def description(cookie: str) -> dict[str, Any]:
    """The description of all routes; `cookie` is the name under which the session travels."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in RULES:
        paths.setdefault(rule.path.replace(":int", ""), {})[rule.method.lower()] = _operation(rule)
    session = {"type": "apiKey", "in": "cookie", "name": cookie}
    return {
        "openapi": "3.1.0", "info": {"title": "ascertain, the workbench", "version": __version__}, "paths": paths,
        "components": {"securitySchemes": {"session": session}},
    }  # fmt: skip


def _operation(rule: Rule) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": rule.name, "summary": f"From the role {rule.least}." if rule.least else "Without an account.",
        "parameters": [*_in_path(rule), *(_in_query(word) for word in QUERY.get(rule.name, "").split())],
        "responses": {str(status): _answer(rule, status) for status in sorted(answers(rule))}, "security": [{"session": []}] if rule.least else [],
    }  # fmt: skip
    if rule.method == "POST":
        made["requestBody"] = {"required": True, "content": {_sent_as(rule): {"schema": _form(rule)}}}
    return made


def answers(rule: Rule) -> frozenset[int]:
    """Every status that a route may answer with."""
    found = {400, 403, 421, 503} | MORE.get(rule.name, set())
    found |= {200} if rule.method == "GET" or rule.name in PAGES_OF_FORMS else {303}
    if rule.name in ALSO_REDIRECTS or (rule.least and rule.method == "GET"):
        found |= {303}  # to the login
    if rule.method == "POST":
        found |= {413}
    if rule.least:
        found |= {401}
    return frozenset(found | ({404} if "{" in rule.path else set()))


def kinds(rule: Rule, status: int) -> tuple[str, ...]:
    """Content types of an answer; none where there is nothing but a place to go."""
    if status == 421:
        return ("text/plain",)
    if status == 303:
        return ()
    if status == 200 and rule.name == "incidents_export":
        return EXPORTS
    return (KINDS.get(rule.name, PAGE),) if status == 200 else (PAGE,)


def _answer(rule: Rule, status: int) -> dict[str, Any]:
    made: dict[str, Any] = {"description": SAID[status]}
    if status == 303:
        made["headers"] = {"Location": {"required": True, "schema": {"type": "string"}}}
    found = kinds(rule, status)
    return made | ({"content": {kind: {} for kind in found}} if found else {})


def _in_path(rule: Rule) -> list[dict[str, Any]]:
    names = [part.strip("{}") for part in rule.path.replace(".png", "").replace("export.", "").split("/") if part.startswith("{")]
    return [
        {"name": name.removesuffix(":int"), "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0, "maximum": 1_000_000} if name.endswith(":int") else {"type": "string", "minLength": 1}}
        for name in names
    ]  # fmt: skip


def _in_query(word: str) -> dict[str, Any]:
    name = word.rstrip("!*#")
    return {"name": name, "in": "query", "required": word.endswith("!"), "schema": _shape(word)}


def _shape(word: str) -> dict[str, Any]:
    if word.endswith("*"):
        return {"type": "array", "items": {"type": "string"}}
    return {"type": "string", "pattern": "^[0-9,]*$", "maxLength": 12} if word.endswith("#") else {"type": "string"}


def _sent_as(rule: Rule) -> str:
    return "multipart/form-data" if rule.name == "add" else "application/x-www-form-urlencoded"


def _form(rule: Rule) -> dict[str, Any]:
    words = FORM[rule.name].split()
    shapes = {word.rstrip("!*#"): _shape(word) for word in words}
    if rule.name == "add":
        shapes["files"] = {"type": "array", "items": {"type": "string", "format": "binary"}}
    needed = [word.rstrip("!") for word in words if word.endswith("!")]
    if rule.least:
        shapes["csrf"], needed = {"type": "string"}, [*needed, "csrf"]
    return {"type": "object", "properties": shapes, "required": needed}

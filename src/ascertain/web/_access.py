"""Who may do what: the one table of routes, which the application enforces and the tests walk through.

An item (an incident or a document) is `open`, or `restricted`: then only the people and the roles named in the restriction know that it
is there. A rule asks for a least role; of a restricted item whoever is not let in is told that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from ascertain.store import Account, Restriction


class Role(StrEnum):
    """What a person may do; each may do what those before it may."""

    READER = "reader"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"


RANK = {role: number for number, role in enumerate(Role)}
MEANING = {
    Role.READER: "sees, searches and exports what is not restricted",
    Role.REVIEWER: "decides, corrects, adds files, runs, writes notes, grades sources",
    Role.LEAD: "restricts items, asks for and decides on releases, reads the audit",
    Role.ADMINISTRATOR: "keeps the accounts",
}


@attrs.frozen
class Rule:
    """One route.

    Attributes:
        name: of the handler.
        least: the role that it needs; None: anybody, also without an account.
        item: `incident` or `document` where `{key}` in the path names one.
        log: the action under which a call is kept in the custody log; None where the handler says it itself, or where it only serves a page
            that was logged.
        body: largest body, in bytes; None: the setting for originals.
    """

    name: str
    method: str
    path: str
    least: Role | None
    item: str | None = None
    log: str | None = None
    body: int | None = 200_000


_READER, _REVIEWER, _LEAD, _ADMINISTRATOR = Role
RULES = (
    Rule("login", "GET", "/login", None),
    Rule("login_send", "POST", "/login", None),
    Rule("login_second", "POST", "/login/second", None),
    Rule("outside", "GET", "/login/outside", None),
    Rule("outside_back", "GET", "/login/outside/back", None),
    Rule("first", "GET", "/first", None),
    Rule("first_send", "POST", "/first", None),
    Rule("logout", "POST", "/logout", _READER),
    Rule("me", "GET", "/me", _READER),
    Rule("me_password", "POST", "/me/password", _READER),
    Rule("me_second", "POST", "/me/second-factor", _READER),
    Rule("me_key_begin", "POST", "/me/keys/begin", _READER),
    Rule("me_key_add", "POST", "/me/keys/add", _READER),
    Rule("me_key_remove", "POST", "/me/keys/remove", _READER),
    Rule("me_codes", "POST", "/me/recovery-codes", _READER),
    Rule("me_shield", "POST", "/me/shield", _READER),
    Rule("description", "GET", "/openapi.json", _READER),
    Rule("case", "GET", "/", _READER, log="viewed"),
    Rule("progress", "GET", "/progress", _READER),
    Rule("add", "POST", "/add", _REVIEWER, body=None),
    Rule("run", "POST", "/run", _REVIEWER),
    Rule("incidents", "GET", "/incidents", _READER, log="viewed"),
    Rule("incidents_map", "GET", "/incidents/map.json", _READER),
    Rule("incidents_export", "GET", "/incidents/export.{form}", _READER, log="exported"),
    Rule("incident", "GET", "/incident/{key}", _READER, item="incident", log="viewed"),
    Rule("incident_merge", "POST", "/incident/{key}/merge", _REVIEWER, item="incident"),
    Rule("incident_split", "POST", "/incident/{key}/split", _REVIEWER, item="incident"),
    Rule("incident_undo", "POST", "/incident/{key}/undo", _REVIEWER, item="incident"),
    Rule("incident_note", "POST", "/incident/{key}/note", _REVIEWER, item="incident"),
    Rule("incident_restrict", "POST", "/incident/{key}/restrict", _LEAD, item="incident"),
    Rule("documents", "GET", "/documents", _READER, log="viewed"),
    Rule("document", "GET", "/document/{key}", _READER, item="document", log="viewed"),
    Rule("document_original", "GET", "/document/{key}/original", _READER, item="document"),
    Rule("document_page", "GET", "/document/{key}/page/{number:int}.png", _READER, item="document"),
    Rule("document_download", "GET", "/document/{key}/download", _READER, item="document", log="exported"),
    Rule("document_verify", "POST", "/document/{key}/verify", _READER, item="document", log="verified"),
    Rule("document_amend", "POST", "/document/{key}/amend", _REVIEWER, item="document"),
    Rule("document_undo", "POST", "/document/{key}/undo", _REVIEWER, item="document"),
    Rule("document_note", "POST", "/document/{key}/note", _REVIEWER, item="document"),
    Rule("document_restrict", "POST", "/document/{key}/restrict", _LEAD, item="document"),
    Rule("speakers", "GET", "/speakers", _READER, log="viewed"),
    Rule("speaker", "GET", "/speaker", _READER, log="viewed"),
    Rule("speaker_grade", "POST", "/speaker/grade", _REVIEWER),
    Rule("review", "GET", "/review", _REVIEWER, log="viewed"),
    Rule("review_item", "GET", "/review/{key}/{attribute}", _REVIEWER, item="incident", log="viewed"),
    Rule("decide", "POST", "/review/{key}/{attribute}", _REVIEWER, item="incident"),
    Rule("review_undo", "POST", "/review/undo", _REVIEWER),
    Rule("review_again", "POST", "/review/again", _REVIEWER),
    Rule("agreement", "GET", "/agreement", _REVIEWER, log="viewed"),
    Rule("search", "GET", "/search", _READER),
    Rule("search_save", "POST", "/search/save", _READER),
    Rule("publish", "GET", "/publish", _LEAD, log="viewed"),
    Rule("publish_look", "GET", "/publish/look", _LEAD, log="viewed"),
    Rule("publish_ask", "POST", "/publish/ask", _LEAD),
    Rule("publish_decide", "POST", "/publish/{number:int}/decide", _LEAD),
    Rule("publish_take", "GET", "/publish/{number:int}/take", _LEAD, log="exported"),
    Rule("audit", "GET", "/audit", _LEAD, log="viewed"),
    Rule("audit_verify", "POST", "/audit/verify", _LEAD, log="verified"),
    Rule("people", "GET", "/people", _ADMINISTRATOR, log="viewed"),
    Rule("people_add", "POST", "/people/add", _ADMINISTRATOR),
    Rule("people_change", "POST", "/people/change", _ADMINISTRATOR),
    Rule("people_admit", "POST", "/people/admit", _ADMINISTRATOR),
)  # fmt: skip


def may_use(role: str, rule: Rule) -> bool:
    """Whether a role is enough for a route."""
    return rule.least is None or RANK[Role(role)] >= RANK[rule.least]


def may_see(account: Account, restrictions: Iterable[Restriction]) -> bool:
    """Whether an account may know of an item: every restriction of it lets in the account's name or role."""
    return all(account.name in restriction.people or account.role in restriction.roles for restriction in restrictions)

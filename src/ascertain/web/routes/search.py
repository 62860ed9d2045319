"""Search over documents, statements, events, incidents, speakers and notes; searches can be kept under a name."""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Filter
from ascertain.web._asked import Asked, Handler, address
from ascertain.web._render import page

LIMIT = 40
KINDS = ("document", "statement", "event")
OPERATOR = re.compile(r"\b(in|from|by):(\"[^\"]*\"|\S+)")


def search(asked: Asked) -> Response:
    """The form and what was found."""
    query = asked.query("q") or ""
    if query:
        asked.log("searched", "case", words=query[:500])
    bare, operators = split_query(query)
    kinds = [k for k in operators.get("in", "").split(",") if k]
    hits = (
        asked.bench.queries.search(bare, kinds=tuple(k for k in kinds if k in KINDS), hidden=asked.hidden_documents, limit=LIMIT)
        if bare
        else []
    )
    wanted = set(kinds) if kinds else {"incident", "speaker", "note", *KINDS}
    queries, people = asked.bench.queries, asked.bench.people
    notes = (
        [n for n in people.find_notes(bare, limit=20) if n.item not in {*asked.hidden_incidents, *asked.hidden_documents}]
        if bare and "note" in wanted
        else []
    )
    return page(
        asked, "search.html", q=query, hits=hits if wanted & set(KINDS) else [], limit=LIMIT, notes=notes,
        incidents=queries.incidents(Filter(words=bare.replace('"', ""), hidden=asked.hidden_incidents, veiled=asked.veiled_incidents), limit=8) if bare and "incident" in wanted else [],
        speakers=queries.speakers(words=bare.replace('"', ""), hidden=asked.hidden_documents, limit=8, offset=0)[0] if bare and "speaker" in wanted else [],
        saved=people.saved_searches(asked.account.name),
    )  # fmt: skip


def split_query(query: str) -> tuple[str, dict[str, str]]:
    """The words of a search and its operators (`in:statement`, `in:note`)."""
    operators = {name: value.strip('"') for name, value in OPERATOR.findall(query)}
    return OPERATOR.sub("", query).strip(), operators


def search_save(asked: Asked) -> Response:
    """Keep a search under a name."""
    name, query = asked.field("name"), asked.field("q")
    if not name or not query or len(name) > 80 or len(query) > 500:
        raise UsageError("a saved search has a name and words", advice="Give both, the name in at most 80 characters.")
    asked.bench.people.save_search(asked.account.name, name, query)
    return RedirectResponse(address("/search", {"q": query}), 303)


HANDLERS: dict[str, Handler] = {"search": search, "search_save": search_save}

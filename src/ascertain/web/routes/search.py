"""Search over documents, statements, events, entities, incidents, speakers and notes; searches can be kept under a name."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Filter
from ascertain.web._asked import Asked, Handler, address
from ascertain.web._render import page
from ascertain.web._seek import LIMIT, Sought, entities, sought, text_hits

NOTES, ROWS = 20, 8


def search(asked: Asked) -> Response:
    """The form and what was found."""
    query = asked.query("q") or ""
    if query:
        asked.log("searched", "case", words=query[:500])
    what = sought(query)
    return page(
        asked, "search.html", q=query, what=what, hits=text_hits(asked, what), limit=LIMIT, entities=entities(asked, what),
        saved=asked.bench.people.saved_searches(asked.account.name), **_rows(asked, what),
    )  # fmt: skip


def _rows(asked: Asked, what: Sought) -> dict[str, Any]:
    """Incidents, speakers and notes in which the words stand."""
    plain, queries = re.sub(r'["*]|(?<!\S)(-\S+|OR)(?!\S)', "", what.words), asked.bench.queries
    hidden = {*asked.hidden_incidents, *asked.hidden_documents}

    def asked_for(kind: str) -> bool:
        return bool(plain.strip()) and what.wants(kind) and not what.narrowed

    where = Filter(words=plain, hidden=asked.hidden_incidents, veiled=asked.veiled_incidents)
    return {
        "notes": [n for n in asked.bench.people.find_notes(what.words, limit=NOTES) if n.item not in hidden] if asked_for("note") else [],
        "incidents": queries.incidents(where, limit=ROWS) if asked_for("incident") else [],
        "speakers": queries.speakers(words=plain, hidden=asked.hidden_documents, limit=ROWS, offset=0)[0] if asked_for("speaker") else [],
    }


def search_save(asked: Asked) -> Response:
    """Keep a search under a name, or forget one."""
    name, query = asked.field("name"), asked.field("q")
    if asked.field("forget"):
        asked.bench.people.forget_search(asked.account.name, asked.field("forget"))
        return RedirectResponse("/search", 303)
    if not name or not query or len(name) > 80 or len(query) > 500:
        raise UsageError("a saved search has a name and words", advice="Give both, the name in at most 80 characters.")
    asked.bench.people.save_search(asked.account.name, name, query)
    return RedirectResponse(address("/search", {"q": query}), 303)


HANDLERS: dict[str, Handler] = {"search": search, "search_save": search_save}

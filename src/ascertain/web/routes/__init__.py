"""The handlers of all routes, by the names of their rules."""

from __future__ import annotations

from ascertain.web._asked import Handler
from ascertain.web.routes import (
    account,
    audit,
    described,
    document,
    home,
    incident,
    incidents,
    mine,
    outside,
    publish,
    review,
    search,
    speakers,
)

ALL_HANDLERS: dict[str, Handler] = {
    **account.HANDLERS, **audit.HANDLERS, **described.HANDLERS, **document.HANDLERS, **home.HANDLERS, **incident.HANDLERS, **incidents.HANDLERS,
    **mine.HANDLERS, **outside.HANDLERS, **publish.HANDLERS, **review.HANDLERS, **search.HANDLERS, **speakers.HANDLERS,
}  # fmt: skip

__all__ = ["ALL_HANDLERS"]

"""Publishing: what will leave is looked at as it will be, one person asks, another releases, then it is made."""

from __future__ import annotations

import attrs
from starlette.responses import FileResponse, RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.store import Publication
from ascertain.web._asked import Asked, Handler, NotAllowedError, NotThereError
from ascertain.web._filters import shown_filter
from ascertain.web._releases import look_at, release_folder
from ascertain.web._render import page

MOST_INCIDENTS = 500


def publish(asked: Asked) -> Response:
    """What was asked for, released and made."""
    return page(
        asked, "publish.html", publications=asked.bench.people.publications(), jobs=asked.bench.work.jobs(), busy=asked.bench.work.busy()
    )


def publish_look(asked: Asked) -> Response:
    """Exactly what would leave under a filter."""
    shown = shown_filter(asked)
    rows = [r for r in asked.bench.queries.incidents(shown.filter, limit=MOST_INCIDENTS + 1) if r["id"] not in asked.veiled_incidents]
    if len(rows) > MOST_INCIDENTS:
        raise UsageError(f"more than {MOST_INCIDENTS} incidents can't be looked through at once", advice="Filter the incidents further.")
    protect = asked.query("names") != "shown"
    return page(
        asked,
        "publish_look.html",
        shown=shown,
        rows=rows,
        protect=protect,
        look=look_at(asked.bench.desk, [r["id"] for r in rows], protect=protect),
    )


def publish_ask(asked: Asked) -> Response:
    """Ask for a release of what was looked at, at the versions that were looked at."""
    form, title = asked.field("form"), asked.field("title")
    if form not in {"site", "dossier"} or not title:
        raise UsageError(
            "a release needs a title and a form", advice="Choose the site of some incidents, or the dossier of the whole case."
        )
    incidents = tuple((key, version) for key, _, version in (pair.partition(" ") for pair in asked.fields("incidents")))
    if form == "site" and not incidents:
        raise UsageError("no incident was chosen", advice="Choose at least one.")
    _check_seen(asked, form, {key for key, _ in incidents})
    protect = asked.field("names") != "shown"
    asked.bench.people.ask_publication(
        Publication(title, form, protect, asked.account.name, asked.bench.clock(), incidents if form == "site" else ())
    )
    return RedirectResponse("/publish", 303)


def publish_decide(asked: Asked) -> Response:
    """Release or refuse what somebody else has asked for."""
    number = int(asked.request.path_params["number"])
    found = _publication(asked, number)
    _check_seen(asked, found.form, {key for key, _ in found.incidents})
    if found.asked_by == asked.account.name:
        raise UsageError("who asks for a release doesn't decide on it", advice="Ask a second lead.")
    verdict, reason = asked.field("verdict"), asked.field("reason")
    if verdict not in {"released", "refused"} or not reason:
        raise UsageError("a release needs a decision and a reason", advice="Say why.")
    if verdict == "released":
        _check_versions(asked, found)
    changes = {"state": verdict, "decided_by": asked.account.name, "decided_at": asked.bench.clock(), "reason": reason}
    if not asked.bench.people.change_publication(number, by=asked.account.name, expect="asked", log={"reason": reason}, **changes):
        raise UsageError("somebody has decided on this already", advice="Open the page again.")
    if verdict == "released":
        asked.bench.work.put("publish", by=asked.account.name, number=number, alone=found.form == "dossier")
    return RedirectResponse("/publish", 303)


def _check_versions(asked: Asked, found: Publication) -> None:
    """What is released must be what was looked at."""
    for key, version in found.incidents:
        kept = asked.bench.rows.incident(key)
        if kept is None or kept.version != version:
            title = kept.incident.title if kept else key
            raise UsageError(f"since it was asked for, this has changed: {title}", advice="Refuse it, look again, and ask anew.")


def _check_seen(asked: Asked, form: str, incidents: set[str]) -> None:
    """Nobody asks for, decides on or takes what holds things that they may not know of.

    Raises:
        NotAllowedError: it does.
    """
    unseen = {*asked.hidden_incidents, *asked.veiled_incidents}
    if (incidents & unseen) if form == "site" else (asked.hidden_incidents or asked.hidden_documents):
        raise NotAllowedError("this release holds what you may not see", advice="Ask somebody who may see all of it.")


def _publication(asked: Asked, number: int) -> Publication:
    found = asked.bench.people.publication(number)
    if found is None:
        raise NotThereError("there is no such release", advice="Open the page again.")
    return attrs.evolve(found, number=number)


def publish_take(asked: Asked) -> Response:
    """The file that was made."""
    found = _publication(asked, int(asked.request.path_params["number"]))
    _check_seen(asked, found.form, {key for key, _ in found.incidents})
    path = release_folder(asked.bench.desk) / (found.made or "")
    if found.made is None or not path.is_file():
        raise NotThereError("it is not made yet", advice="Wait for it on the page of releases.")
    return FileResponse(path, media_type="application/zip", filename=found.made)


HANDLERS: dict[str, Handler] = {
    "publish": publish, "publish_look": publish_look, "publish_ask": publish_ask, "publish_decide": publish_decide, "publish_take": publish_take,
}  # fmt: skip

"""The review queue: one finding after another, most valuable first, one key a decision."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import RedirectResponse, Response

from ascertain.errors import UsageError
from ascertain.publish import parts as words
from ascertain.records import DecisionKind, Fact, IncidentPlace, Stance, Status
from ascertain.review import Choice, agreements
from ascertain.web._areas import described, place_chosen, places_named
from ascertain.web._asked import Asked, Handler, NotThereError, address, in_path
from ascertain.web._book import desk_book
from ascertain.web._decide import decide as keep_decision
from ascertain.web._decide import readings_of
from ascertain.web._index import worth_reasons
from ascertain.web._render import page
from ascertain.web._statements import amended_alike, statements_behind
from ascertain.web._veil import without
from ascertain.web.routes.incident import incident_of

MOST_LAT, MOST_LON = 90, 180
UNKNOWN = 6  # of the Admiralty scale: truth cannot be judged
PLAIN_REASONS = {DecisionKind.CONFIRM: "The passages say so.", DecisionKind.CANT_TELL: "It can't be told from the passages."}
REASONS = {
    "reject": (
        "The number or name stands for something else.", "The words are about another incident.", "Somebody else says it.",
        "It is not said to have happened.", "The place or the day is another.",
    ),
    "establish": ("Independent origins agree at their own words.", "Physical or documentary evidence was looked at.", "Witnesses were heard."),
    "refute": ("Evidence shows that it did not happen so.", "The origin has withdrawn it.", "The passages can't mean this."),
    "correct": ("The passages give another figure.", "The figure stands for another group.", "A later word of the same origin replaces it."),
}  # fmt: skip
PLACE_REASONS = ("The passages name another place.", "Another place of that name is meant.", "The place is known more closely.")
KINDS = {
    DecisionKind.CONFIRM,
    DecisionKind.CORRECT,
    DecisionKind.REJECT,
    DecisionKind.CANT_TELL,
    DecisionKind.ESTABLISH,
    DecisionKind.REFUTE,
}


def review(asked: Asked) -> Response:
    """The next finding."""
    found = asked.bench.queries.next_fact(
        asked.account.name, second=_second(asked), hidden=asked.hidden_incidents, incident=asked.query("incident")
    )
    if found is None:
        return page(
            asked,
            "review_done.html",
            alike_statements=[],
            second=_second(asked),
            waiting=asked.bench.queries.open_facts(asked.hidden_incidents),
            **_after(asked),
        )
    return _item(asked, found["incident"], found["attribute"])


def review_item(asked: Asked) -> Response:
    """One finding, by its address."""
    return _item(asked, asked.key, str(asked.request.path_params["attribute"]))


def _second(asked: Asked) -> bool:
    return asked.query("second") == "1" or asked.field("second") == "1"


def _item(asked: Asked, incident: str, attribute: str) -> Response:
    kept = asked.bench.rows.incident(incident)
    if kept is None or attribute not in words.ATTRIBUTES:
        raise NotThereError("there is no such finding", advice="A new run may have linked it otherwise: go on with the queue.")
    seen = without(kept.incident, asked.hidden_documents)
    fact = fact_of(kept.incident, attribute) or Fact(attribute=attribute, status=Status.ALLEGED, credibility=UNKNOWN)
    shown = fact_of(seen, attribute) or fact
    readings = readings_of(asked.bench.desk, kept)
    book = desk_book(asked, readings, incidents=[seen])
    decisions = [d for d in asked.bench.rows.decisions_at(incident) if d.attribute == attribute]
    return page(
        asked, "review.html", incident=seen, fact=shown, row=words.fact_row(book, seen, shown), title=words.title_words(seen),
        said=words.fact_words(shown), version=kept.version, decisions=[] if _second(asked) else decisions, second=_second(asked),
        reasons=REASONS | ({"correct": PLACE_REASONS} if attribute == "place" else {}), waiting=asked.bench.queries.open_facts(asked.hidden_incidents), only=asked.query("incident"), path=in_path(incident),
        numbers=attribute not in {"actor", "place", "time"}, withheld=len(fact.claims) - len(shown.claims), stated=fact_of(kept.incident, attribute) is not None,
        worths=[] if _second(asked) else worth_reasons(kept.incident, fact), **_places(asked, attribute),
        statements=statements_behind(shown, book.readings, asked.bench.desk),
        stances=[s.value for s in Stance], back=f"/review/{in_path(incident)}/{attribute}", **_after(asked), **_after_amendment(asked),
    )  # fmt: skip


def _places(asked: Asked, attribute: str) -> dict[str, Any]:
    """Places of the gazetteer to choose from, where somebody looks one up."""
    find = (asked.query("find") or "") if attribute == "place" else ""
    return {"find": find, "places": [(place, described(place)) for place in places_named(find)]}


def fact_of(incident: Any, attribute: str) -> Fact | None:
    """The fact of that attribute."""
    return next((fact for fact in incident.facts if fact.attribute == attribute), None) if incident else None


def _after(asked: Asked) -> dict[str, Any]:
    """What was decided just before, and where the same mistake may stand."""
    nothing: dict[str, Any] = {"last": None, "alike": []}
    found = asked.bench.rows.decision(asked.query("after") or "")
    if found is None or found[0].reviewer != asked.account.name:
        return nothing
    made, home, stands = found
    kept = asked.bench.rows.incident(home or "")
    wrong = fact_of(kept.base if kept else None, made.attribute or "")
    alike: list[dict[str, Any]] = []
    if made.kind is DecisionKind.CORRECT and stands and wrong is not None and wrong.value:
        alike = asked.bench.queries.same_value(wrong.attribute, wrong.value, but=home or "", hidden=asked.hidden_incidents)
    told = {"made": made, "stands": stands, "title": words.title_words(kept.incident) if kept else made.target}
    return nothing | {"last": told, "alike": alike}


def _after_amendment(asked: Asked) -> dict[str, Any]:
    """The statements that may be wrong like the one that was amended just before."""
    return {"alike_statements": amended_alike(asked, asked.query("amended"))}


def decide(asked: Asked) -> Response:
    """Keep a decision, or leave the finding for later; then the next."""
    attribute, kind = str(asked.request.path_params["attribute"]), asked.field("decision")
    incident_of(asked)
    onward = {"second": "1" if _second(asked) else None, "incident": asked.field("only") or None}
    if kind == "skip":
        asked.bench.people.skip(asked.account.name, asked.key, attribute)
        return RedirectResponse(address("/review", onward), 303)
    if kind not in KINDS:
        raise UsageError(f"{kind[:20]!r} is no decision about a finding", advice="Choose one of those on the page.")
    choice = Choice(
        kind=DecisionKind(kind), target=asked.key, reviewer=asked.account.name, attribute=attribute,
        reason=asked.field("reason") or asked.field("why") or PLAIN_REASONS.get(DecisionKind(kind), ""), **_corrected(asked, kind, attribute),
    )  # fmt: skip
    done = keep_decision(asked.bench.desk, choice, expected=asked.field("version"), clock=asked.bench.clock)
    if done.made is None:
        return _conflict(asked, choice, attribute)
    asked.bench.work.changed()
    return RedirectResponse(address("/review", {**onward, "after": done.made.id}), 303)


def _corrected(asked: Asked, kind: str, attribute: str) -> dict[str, Any]:
    if kind != DecisionKind.CORRECT:
        return {}
    place = _place(asked) if attribute == "place" else None
    value = place.name if place else asked.field("value")
    return {"at_least": asked.number_field("at_least"), "at_most": asked.number_field("at_most"), "value": value or None, "place": place}


def _place(asked: Asked) -> IncidentPlace | None:
    """The place that was chosen from the gazetteer, or marked on the map and named.

    Raises:
        UsageError: the point is none, or has no name.
    """
    if asked.field("chosen"):
        number = asked.field("chosen")
        chosen = place_chosen(asked.field("find"), int(number)) if re.fullmatch(r"-?\d{1,12}", number) else None
        if chosen is None:
            raise UsageError("that place is not in the gazetteer", advice="Look it up again and choose from the list.")
        return chosen
    marked = asked.field("point")
    if not marked:
        return None
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?),(\d{1,4}(?:\.\d{1,3})?)", marked)
    lat, lon, radius = (float(number) for number in found.groups()) if found else (99.0, 0.0, 0.0)
    if abs(lat) > MOST_LAT or abs(lon) > MOST_LON or radius <= 0:
        raise UsageError(
            f"{marked[:40]!r} is no point on the map", advice="Mark it again: latitude, longitude and how many km it may be off."
        )
    if not asked.field("value"):
        raise UsageError("a point on the map needs a name", advice="Write what the place is called; nothing was kept.")
    return IncidentPlace(asked.field("value"), lat, lon, radius_km=radius)


def _conflict(asked: Asked, choice: Choice, attribute: str) -> Response:
    """Somebody else came first: both versions side by side; nothing of this one was kept."""
    kept = incident_of(asked)
    now = fact_of(without(kept.incident, asked.hidden_documents), attribute)
    others = [d for d in asked.bench.rows.decisions_at(asked.key) if d.attribute == attribute][-5:]
    wanted = (
        words.interval_words(choice.at_least, choice.at_most) if choice.kind is DecisionKind.CORRECT and not choice.value else choice.value
    )
    return page(
        asked, "conflict.html", status=409, choice=choice, wanted=wanted, seen=asked.field("seen"), now=now, now_words=words.fact_words(now) if now else None,
        others=others, version=kept.version, path=in_path(asked.key), attribute=attribute, title=words.title_words(kept.incident),
    )  # fmt: skip


def review_undo(asked: Asked) -> Response:
    """Take back one's last decision and show its finding again."""
    last = asked.bench.rows.last_decision_of(asked.account.name)
    found = asked.bench.rows.decision(last or "")
    if found is None or found[1] is None:
        raise UsageError("there is no decision of yours to undo", advice="Go on with the queue.")
    made, home = found[0], found[1]
    kept = asked.bench.rows.incident(home)
    choice = Choice(
        kind=DecisionKind.UNDO, target=made.id, reviewer=asked.account.name, reason=asked.field("reason") or "Taken back in review."
    )
    done = keep_decision(asked.bench.desk, choice, expected=kept.version if kept else "", clock=asked.bench.clock)
    if done.relink:
        asked.bench.work.put("relink", by=asked.account.name)
    asked.bench.work.changed()
    onward = f"/review/{in_path(home)}/{made.attribute}" if made.attribute else f"/incident/{in_path(home)}"
    return RedirectResponse(onward, 303)


def review_again(asked: Asked) -> Response:
    """Bring back what was left for later."""
    asked.bench.people.forget_skips(asked.account.name)
    return RedirectResponse("/review", 303)


def agreement(asked: Asked) -> Response:
    """How far reviewers agree."""
    hidden = set(asked.hidden_incidents)
    judged = [row for row in asked.bench.rows.judgements() if row[0] not in hidden]
    pairs = agreements(judged)
    titles = {key: kept.incident.title for pair in pairs for key, _ in pair.apart[:20] if (kept := asked.bench.rows.incident(key))}
    return page(asked, "agreement.html", pairs=pairs, titles=titles)


HANDLERS: dict[str, Handler] = {
    "review": review, "review_item": review_item, "decide": decide, "review_undo": review_undo, "review_again": review_again,
    "agreement": agreement,
}  # fmt: skip

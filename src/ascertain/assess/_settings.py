"""Where and when an incident happened, and of what kind: by what its tellings say, copies and relays counted once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from ascertain.assess._tellings import Telling
from ascertain.records import Actuality, Event, EventType, HarmKind, IncidentPlace, Period, Place, Setting

FINE = {"city": 0, "district": 0, "area": 2, "region": 2, "country": 3}
COARSE_WEIGHT = (1.0, 1.0, 0.3, 0.05)  # a town weighs more than the province or the country that holds it
GUESS = 0.15  # a place that is only that of the date line
SPREAD_DAYS = 7  # bodies are found over so many days at most
TRACES = frozenset({"bodies found", "torture", "sexual violence", "detention", "abduction", "disappearance"})  # what stands beside a find
VAGUE = frozenset({"killing", "injuring", "attack", "destruction", "explosion", "beating", "clash", "displacement"})


def settings_by_mention(settings: Sequence[Setting]) -> dict[tuple[str, str], Setting]:
    """Settings by (document, event)."""
    return {(s.document, event): s for s in settings for event in s.events}


def settings_of(telling: Telling, known: Mapping[tuple[str, str], Setting]) -> list[Setting]:
    """The settings of a telling's mentions, each once."""
    found: dict[tuple[str, ...], Setting] = {}
    for name in (*(e.id for e in telling.events), *(f"@{span.start}" for span in telling.spans)):
        setting = known.get((telling.document, name))
        if setting is not None:
            found[setting.events] = setting
    return list(found.values())


def place_of(settings: Sequence[Sequence[Setting]]) -> IncidentPlace | None:
    """The place that most tellings give first, the finer before the coarser.

    Args:
        settings: for each telling its settings.
    """
    votes: dict[tuple[float, float], float] = defaultdict(float)
    known: dict[tuple[float, float], Counter[str]] = defaultdict(Counter)
    points: dict[tuple[float, float], Place] = {}
    for told in settings:
        for setting in told:
            for order, (name, place) in enumerate(setting.places[:4]):
                point = (round(place.lat, 2), round(place.lon, 2))
                guess = GUESS if setting.guessed else 1.0
                votes[point] += guess * (2.0 if setting.lead else 1.0) * COARSE_WEIGHT[FINE.get(place.feature or "", 2)] / (1 + 2 * order)
                known[point][name] += 1
                points[point] = place
    if not votes:
        return None
    best = max(votes, key=lambda p: (round(votes[p], 6), p))
    name = max(known[best], key=lambda n: (known[best][n], n))
    place = points[best]
    return IncidentPlace(name, place.lat, place.lon, place.geonames, place.country, place.radius_km)


def period_of(settings: Sequence[Sequence[Setting]], *, finds: bool) -> Period:
    """The days of an incident: those most named; of finds from the first to the last; else the days before the first report.

    Args:
        settings: for each telling its settings.
        finds: whether the incident is that bodies were found.
    """
    dated = [s for told in settings for s in told if s.dated]
    named: Counter[date] = Counter()
    for setting in [s for s in dated if _days(s) <= 1] or dated:
        first, last = date.fromisoformat(setting.earliest), date.fromisoformat(setting.latest)
        named.update({first: 2 if setting.lead else 1, **({last: 1} if finds else {})})
    if not named:
        return _undated([s for told in settings for s in told])
    centre = max(named, key=lambda d: (named[d], -d.toordinal()))
    near = [d for d in named if abs((d - centre).days) <= SPREAD_DAYS] if finds else [centre]
    return Period(min(near).isoformat(), max(near).isoformat())


def _days(setting: Setting) -> int:
    return (date.fromisoformat(setting.latest) - date.fromisoformat(setting.earliest)).days


def _undated(settings: Sequence[Setting]) -> Period:
    """The days that all settings allow, as far as they do; else those of the first report."""
    if not settings:
        return Period()
    earliest, latest = max(s.earliest for s in settings), min(s.latest for s in settings)
    if earliest <= latest:
        return Period(earliest, latest)
    first = min(settings, key=lambda s: (s.latest, s.earliest))
    return Period(first.earliest, first.latest)


def kind_of(tellings: Sequence[Telling]) -> tuple[EventType, str | None]:
    """Type and kind that most tellings bear; kinds that only say harm yield to those that say how."""
    told = [e for t in tellings for e in t.events if e.actuality is not Actuality.DENIED] or [e for t in tellings for e in t.events]
    if 2 * sum(_tells_of_bodies(t) for t in tellings) >= len(tellings):
        return EventType.DISCOVER, "bodies found"
    telling = (
        [e for e in told if e.kind and e.kind not in VAGUE | {"bodies found"}] or [e for e in told if e.kind != "bodies found"] or told
    )
    counts: Counter[tuple[EventType, str | None]] = Counter((e.type, e.kind) for e in _one_a_document(tellings, telling))
    (kind_of_event, kind), _ = max(counts.items(), key=lambda item: (item[1], str(item[0])))
    return kind_of_event, kind


def _tells_of_bodies(telling: Telling) -> bool:
    """Whether the finding of bodies is what a telling tells first, or most."""
    kinds = [e.kind for e in telling.events if e.actuality is not Actuality.DENIED]
    if not kinds or "bodies found" not in kinds:
        return False
    return kinds[0] == "bodies found" or 2 * kinds.count("bodies found") >= len(kinds) or _counts_bodies_alone(telling)


def _counts_bodies_alone(telling: Telling) -> bool:
    """Whether the only number of dead is one of bodies, and nothing says by which weapon they died."""
    if {e.kind for e in telling.events} - VAGUE - TRACES:
        return False
    counted = {(e.kind == "bodies found", h.kind) for e in telling.events for h in e.harms if h.quantity is not None}
    return (True, HarmKind.BODIES_FOUND) in counted and not any(kind is HarmKind.KILLED for _, kind in counted)


def _one_a_document(tellings: Sequence[Telling], wanted: Sequence[Event]) -> list[Event]:
    """Of each telling every kind once, so that a wordy text doesn't outvote the others."""
    found = []
    for telling in tellings:
        seen: set[str | None] = set()
        for event in telling.events:
            if event in wanted and event.kind not in seen:
                seen.add(event.kind)
                found.append(event)
    return found

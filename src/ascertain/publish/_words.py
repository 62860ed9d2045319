"""How pages say things: ranges, days, statuses, credibility; unknown is always "not stated"."""

from __future__ import annotations

from datetime import date

from ascertain.records import Actuality, Fact, Incident, OriginKind, Period, Stance, Status

NOT_STATED = "not stated"
SHAPES = {Status.ALLEGED: "○", Status.CORROBORATED: "◐", Status.CONTESTED: "◇", Status.ESTABLISHED: "●", Status.REFUTED: "⊘"}
STATUSES = tuple(Status)
MEANING = {
    Status.ALLEGED: "one origin says so",
    Status.CORROBORATED: "two or more independent origins agree",
    Status.CONTESTED: "origins contradict each other",
    Status.ESTABLISHED: "two reviewers have decided so",
    Status.REFUTED: "reviewers have decided that it is not so",
}
CREDIBILITY = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
ATTRIBUTES = {
    "killed": "Killed",
    "injured": "Injured",
    "detained": "Detained",
    "missing": "Missing",
    "displaced": "Displaced",
    "bodies_found": "Bodies found",
    "actor": "Held responsible",
    "place": "Place",
    "time": "Time",
}
NUMBERS = ("killed", "bodies_found", "injured", "missing", "detained", "displaced")
STANCES = {
    Stance.ASSERTS: "says so",
    Stance.ALLEGES: "alleges it",
    Stance.CONFIRMS: "confirms it",
    Stance.DENIES: "denies it",
    Stance.DOUBTS: "doubts it",
    Stance.EXPECTS: "expects it",
    Stance.PLEDGES: "pledges it",
    Stance.DEMANDS: "demands it",
    Stance.ASKS: "asks about it",
}
AGAINST = {Stance.DENIES, Stance.DOUBTS}
ORIGINS = {
    OriginKind.OFFICIAL: "official",
    OriginKind.PERSON: "person",
    OriginKind.ORGANISATION: "organisation",
    OriginKind.OUTLET: "outlet in its own voice",
}
ACTUALITIES = {
    Actuality.HAPPENED: "said to have happened",
    Actuality.ALLEGED: "alleged",
    Actuality.POSSIBLE: "possible",
    Actuality.EXPECTED: "expected",
    Actuality.PLANNED: "planned",
    Actuality.DENIED: "denied",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def interval_words(at_least: int | None, at_most: int | None, *, approximate: bool = False) -> str:
    """A range of people or things: `410 or more`, `up to 50`, `20–30`, `about 90`, `not stated`."""
    about = "about " if approximate else ""
    if at_least is None and at_most is None:
        return NOT_STATED
    if at_most is None:
        return f"{about}{at_least:,} or more"
    if at_least is None:
        return f"up to {about}{at_most:,}"
    return f"{about}{at_least:,}" if at_least == at_most else f"{about}{at_least:,}–{at_most:,}"


def fact_words(fact: Fact) -> str:
    """A fact's value or range in words."""
    if fact.attribute == "time" and fact.value:
        first, _, last = fact.value.partition(" to ")
        return period_words(Period(first, last or first))
    if fact.at_least is None and fact.at_most is None:
        return fact.value or NOT_STATED
    return interval_words(fact.at_least, fact.at_most, approximate=fact.approximate)


def day_words(value: str | None) -> str:
    """An ISO 8601 date at its precision: `5 April 2022`, `April 2022`, `2022`; what is no date stays as it is."""
    if not value:
        return NOT_STATED
    parts = value[:10].split("-")
    if not all(part.isdigit() for part in parts) or (len(parts) > 1 and not 1 <= int(parts[1]) <= 12):
        return value
    words = [parts[0]] if len(parts) == 1 else [MONTHS[int(parts[1]) - 1], parts[0]]
    return " ".join([str(int(parts[2])), *words] if len(parts) == 3 else words)


def moment_words(value: str | None) -> str:
    """An ISO 8601 moment in UTC: `5 April 2022, 14:03 UTC`."""
    if not value or len(value) < 16:
        return day_words(value)
    return f"{day_words(value)}, {value[11:16]} UTC"


def period_words(period: Period) -> str:
    """The days on which it can have happened: `1–5 April 2022`, `not stated`."""
    first, last = parsed_day(period.earliest), parsed_day(period.latest)
    if first is None or last is None:
        known = period.earliest or period.latest
        return day_words(known) if known else NOT_STATED
    if first == last:
        return day_words(period.earliest)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(period.latest)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {day_words(period.latest)}"
    return f"{day_words(period.earliest)} – {day_words(period.latest)}"


def parsed_day(value: str | None) -> date | None:
    """The day of an ISO 8601 value with day precision; None for anything else."""
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None


def counted(number: int, noun: str, many: str | None = None) -> str:
    """`one origin`, `two origins`, `12 origins`, `no origins`."""
    word = SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"
    return f"{word} {noun if number == 1 else many or noun + 's'}"


def sentence_case(words: str) -> str:
    """The words with a capital first letter."""
    return words[:1].upper() + words[1:]


def type_words(incident: Incident) -> str:
    """The finer word of an incident's type where there is one."""
    return incident.kind or str(incident.type)


def title_words(incident: Incident) -> str:
    """The finding as a sentence; never a bare id."""
    if incident.title:
        return incident.title
    where = f" in {incident.place.name}" if incident.place else ", place not stated"
    when = period_words(incident.time)
    return f"{sentence_case(type_words(incident))}{where}, {'day not stated' if when == NOT_STATED else when}"

"""What time expressions mean: TIMEX3-style values from a match, the document's date, the tale's last date and the governing verb's tense."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import attrs

from ascertain.extract._quantities_numbers import TENS, value_of
from ascertain.extract._times_forms import DAYS, MONTHS, PARTS, REFERENCES, SEASONS, UNITS
from ascertain.records import TimeKind

Value = tuple[str, TimeKind]
HOURS = {"second", "minute", "hour"}
BACK = {"last", "past", "previous"}
AHEAD = {"next", "coming", "following"}
TIMES_OF = {"day": 1, "night": 1, "week": 7, "fortnight": 14}
SMALL = {"a": 1, "an": 1, "another": 1, "one": 1, "couple of": 2, "a couple of": 2, "a dozen": 12}
SETS = {"daily": "P1D", "nightly": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y"}
YESTERDAY = 2  # a weekday so few days back is meant as past unless the verb looks forward without doubt
AGAINST_TENSE = 4.0  # fitted on TempEval-3 train: `payable Dec. 1` with a past tense still means the coming one
AGAINST_PAST = 1.5
MANY = {"several", "few", "a few", "many"}


@attrs.frozen
class Given:
    """What a value follows from.

    Attributes:
        groups: the named groups of the match that took part, lower case.
        anchor: the document's date.
        tale: the last full date that the text told of; the anchor before any.
        quarter: the latest quarter that the text around has named; empty before any.
        year: the year that the paragraph has named, where it isn't the document's.
        clock: the minute that the paragraph has named, ISO; empty where it has named none.
        tense: 2 or 1 where the governing verb looks forward, surely or by its form, -1 where it looks back, 0 where it tells nothing.
    """

    groups: dict[str, str]
    anchor: date | None = None
    tale: date | None = None
    quarter: str = ""
    year: int | None = None
    tense: int = 0
    clock: str = ""

    @property
    def future(self) -> bool:
        """Whether the governing verb looks forward."""
        return self.tense > 0

    def number(self) -> float | None:
        """The number in the expression; None for `several`."""
        raw = self.groups.get("number", "a")
        if raw in MANY:
            return None
        if raw in SMALL:
            return SMALL[raw]
        half = 0.5 if raw.endswith("1/2") else 0.0
        raw = raw.removesuffix("1/2").strip()
        return (float(raw) if raw[:1].isdigit() else float(value_of(raw) or 0)) + half

    def unit(self) -> str:
        """The unit, singular."""
        unit = self.groups.get("unit", "day")
        return "century" if unit.startswith("centur") else unit if unit in UNITS else unit.removesuffix("s")


def value_for(name: str, given: Given) -> Value | None:
    """The value of a match of a form; None where it turns out to be no time."""
    try:
        return RESOLVERS[name](given)
    except (ValueError, OverflowError):
        return None


# --- calendar dates


def _full(given: Given) -> Value | None:
    groups = given.groups
    month = int(groups["monthno"]) if "monthno" in groups else MONTHS[groups["month"].rstrip(".")]
    if "day" not in groups:
        return (f"{groups['year']}-{month:02d}", TimeKind.DATE) if 1 <= month <= 12 else None
    day = int(groups["day"])
    if month > 12 >= day and "monthno" in groups:
        day, month = month, day  # 12/31/2021: the American order, where it alone gives a date
    year = int(groups["year"]) if "year" in groups else _year_by_weekday(given, month, day) or _year_of(given, month, day)
    if year is None:
        return f"XXXX-{month:02d}-{day:02d}", TimeKind.DATE
    value = date(year, month, day).isoformat()
    return (f"{value}T{groups['clock']}", TimeKind.TIME) if "clock" in groups else (value, TimeKind.DATE)


def _year_by_weekday(given: Given, month: int, day: int) -> int | None:
    """The year next to the document's in which a day falls on the weekday that is named with it."""
    if given.anchor is None or "weekday" not in given.groups:
        return None
    wanted = DAYS[given.groups["weekday"].rstrip(".")]
    years = (given.anchor.year, given.anchor.year - 1, given.anchor.year + 1)
    return next((year for year in years if date(year, month, day).weekday() == wanted), None)


def _year_of(given: Given, month: int, day: int | None) -> int | None:
    """The year of a month or day without one: the paragraph's, else by tense before or after the document's date, else the nearer one."""
    behind = given.anchor is not None and given.year is not None and given.year < given.anchor.year
    if given.year is not None and not (behind and given.future):
        return given.year
    if given.anchor is None:
        return None
    years = (given.anchor.year, given.anchor.year - 1, given.anchor.year + 1)
    return min(years, key=lambda year: (_strain(given, year, month, day), year))


def _strain(given: Given, year: int, month: int, day: int | None) -> float:
    """How hard it is to read a day or month into a year: its distance, many times over against the verb's tense, a little against the past."""
    assert given.anchor is not None
    away = ((year - given.anchor.year) * 12 + month - given.anchor.month) * 30.4 + (day - given.anchor.day if day else 0)
    if given.tense:
        return abs(away) * (1 if away * given.tense >= 0 else AGAINST_TENSE)
    return abs(away) * (AGAINST_PAST if away > 0 else 1)


def _month_only(given: Given) -> Value | None:
    month = MONTHS[given.groups["month"].rstrip(".")]
    year = int(given.groups["year"]) if "year" in given.groups else _year_of(given, month, None)
    return (f"{year:04d}-{month:02d}" if year is not None else f"XXXX-{month:02d}"), TimeKind.DATE


def _month_of_year(given: Given) -> Value | None:
    month = MONTHS[given.groups["month"].rstrip(".")]
    year = _which_year(given)
    return (f"{year}-{month:02d}", TimeKind.DATE) if year else None


def _which_year(given: Given) -> int | None:
    """The year of `last year`, `this year`, `next year`."""
    if given.anchor is None:
        return None
    return given.anchor.year + {"last": -1, "next": 1}.get(given.groups.get("which", "this"), 0)


def _year(given: Given) -> Value:
    return given.groups["year"], TimeKind.DATE


def _spelled(given: Given) -> Value | None:
    words = given.groups["spelled"].replace("-", " ").split()[1:]
    number = value_of(" ".join(w for w in words if w not in {"oh", "hundred"})) if words != ["hundred"] else 0
    return (f"19{number:02d}", TimeKind.DATE) if number is not None and number < 100 else None


def _day_only(given: Given) -> Value | None:
    base = given.tale or given.anchor
    if base is None:
        return None
    return base.replace(day=int(given.groups["nthday"])).isoformat(), TimeKind.DATE


# --- weekdays and days


def _weekday(given: Given) -> Value:
    number, which = DAYS[given.groups["weekday"].rstrip(".")], given.groups.get("which")
    if given.anchor is None:
        return f"XXXX-WXX-{number + 1}", TimeKind.DATE
    back = (given.anchor.weekday() - number) % 7
    forward = given.future and (given.tense > 1 or back > YESTERDAY)
    if which in AHEAD or (which is None and forward):
        day = given.anchor + timedelta((number - given.anchor.weekday()) % 7 or (7 if which else 0))
    elif which == "this":
        day = given.anchor + timedelta(number - given.anchor.weekday())
    else:
        day = given.anchor - timedelta(back or (7 if which in BACK else 0))
    return _with_part(day, given)


def _with_part(day: date, given: Given) -> Value:
    part = given.groups.get("part", "")
    if part in {"noon", "midday"}:
        return f"{day.isoformat()}T12:00", TimeKind.TIME
    return (f"{day.isoformat()}T{PARTS[part]}", TimeKind.TIME) if part else (day.isoformat(), TimeKind.DATE)


def _named_day(given: Given) -> Value | None:
    word = given.groups["word"]
    if given.anchor is None:
        return "PRESENT_REF" if word in {"today", "tonight"} else "XXXX-XX-XX", TimeKind.DATE
    day = given.anchor + timedelta({"yesterday": -1, "tomorrow": 1}.get(word, 0))
    if word in {"tonight", "overnight"}:
        return f"{day.isoformat()}TNI", TimeKind.TIME
    return _with_part(day, given)


def _beyond(given: Given) -> Value | None:
    if given.anchor is None:
        return None
    return (given.anchor + timedelta(-2 if given.groups["way"].startswith("before") else 2)).isoformat(), TimeKind.DATE


def _tale_day(given: Given) -> Value | None:
    """`the next day`, `that night`: seen from the tale's last date."""
    base, unit = given.tale, given.groups["unit"]
    way = given.groups.get("way", "same")
    step = {"previous": -1, "before": -1, "next": 1, "following": 1, "after": 1}.get(way, 0)
    if base is None:
        return None
    if unit in PARTS:
        return f"{(base + timedelta(step)).isoformat()}T{PARTS[unit]}", TimeKind.TIME
    if unit == "weekend":
        return _weekend(base, step)
    return _moved(base, unit, step)


def _this_part(given: Given) -> Value | None:
    if given.anchor is None:
        return None
    return _with_part(given.anchor - timedelta(1 if given.groups["which"] == "last" else 0), given)


def _part(given: Given) -> Value | None:
    base = given.tale or given.anchor
    return _with_part(base, given) if base else None


def _midnight(given: Given) -> Value | None:
    base = given.tale or given.anchor
    return (f"{base.isoformat()}T24:00", TimeKind.TIME) if base else None


# --- from some day on


def _ago(given: Given) -> Value | None:
    number, unit, way = given.number(), given.unit(), given.groups["way"]
    later = way in {"later", "after that", "afterwards", "from now", "hence", "after"}
    base = given.anchor if way in {"ago", "from now", "hence"} else given.tale
    if unit in {"hour", "minute"} and number is not None and given.clock:
        moved = datetime.fromisoformat(given.clock) + timedelta(**{f"{unit}s": number if later else -number})
        return moved.isoformat(timespec="minutes"), TimeKind.TIME
    if number is None and way != "ago":
        return _length(None, unit), TimeKind.DURATION
    if number is None or base is None or unit in HOURS:
        return ("FUTURE_REF" if later else "PAST_REF"), TimeKind.TIME if unit in HOURS else TimeKind.DATE
    if unit == "year" and not later and (quarter := re.fullmatch(r"(\d{4})(-Q\d)", given.quarter)):
        return f"{int(quarter[1]) - int(number)}{quarter[2]}", TimeKind.DATE  # results are compared with the quarter a year before
    return _moved(base, unit, round(number) if later else -round(number))


def _ago_today(given: Given) -> Value | None:
    """`Twenty-five years ago today`: the very day."""
    number, unit = given.number(), given.unit()
    if given.anchor is None or number is None:
        return None
    day = given.anchor + timedelta({"yesterday": -1, "tomorrow": 1}.get(given.groups["word"], 0))
    if unit == "week":
        return (day - timedelta(7 * int(number))).isoformat(), TimeKind.DATE
    months = day.year * 12 + day.month - 1 - int(number) * (12 if unit == "year" else 1)
    return date(months // 12, months % 12 + 1, min(day.day, 28) if day.day > 28 and unit == "month" else day.day).isoformat(), TimeKind.DATE


def _moved(base: date, unit: str, number: int) -> Value:
    """A date some units away, at the precision of the unit."""
    if unit in {"day", "night"}:
        return (base + timedelta(number)).isoformat(), TimeKind.DATE
    if unit in {"week", "fortnight"}:
        year, week, _ = (base + timedelta(TIMES_OF[unit] * number)).isocalendar()
        return f"{year}-W{week:02d}", TimeKind.DATE
    if unit == "weekend":
        return _weekend(base, number)
    if unit in {"month", "quarter"}:
        months = base.year * 12 + base.month - 1 + number * (3 if unit == "quarter" else 1)
        name = f"Q{months % 12 // 3 + 1}" if unit == "quarter" else f"{months % 12 + 1:02d}"
        return f"{months // 12:04d}-{name}", TimeKind.DATE
    year = base.year + number * {"year": 1, "decade": 10, "century": 100}[unit]
    digits = {"year": 4, "decade": 3, "century": 2}[unit]
    return f"{year:04d}"[:digits], TimeKind.DATE


def _weekend(base: date, step: int) -> Value:
    year, week, _ = (base + timedelta(7 * step)).isocalendar()
    return f"{year}-W{week:02d}-WE", TimeKind.DATE


def _the_weekend(given: Given) -> Value | None:
    """The one before in the past tense or early in a week, else this week's."""
    if given.anchor is None:
        return None
    back = not given.future and given.anchor.weekday() < 5
    return _weekend(given.anchor, -1 if back else 0)


def _last_next(given: Given) -> Value | None:
    which, groups = given.groups["which"], given.groups
    if "weekday" in groups:
        return _weekday(given)
    step = -1 if which in BACK else 1 if which in AHEAD else 0
    if given.anchor is None:
        return {-1: "PAST_REF", 1: "FUTURE_REF", 0: "PRESENT_REF"}[step], TimeKind.DATE
    base = given.tale or given.anchor if which in {"previous", "following"} else given.anchor
    if "month" in groups:
        return _month_near(given.anchor, MONTHS[groups["month"].rstrip(".")], step)
    unit = groups["unit"]
    if (which == "past" and unit in UNITS) or (which == "last" and unit in {"decade", "century"}):
        return _length(1, unit), TimeKind.DURATION  # "the past year"
    if unit == "night":
        return f"{(base + timedelta(min(step, 0))).isoformat()}TNI", TimeKind.TIME
    if unit in SEASONS:
        return f"{_season_year(base, unit, step)}-{SEASONS[unit]}", TimeKind.DATE
    return _moved(base, unit, step)


def _month_near(anchor: date, month: int, step: int) -> Value:
    """`last March`: the one before the document's month; `next March` the one after it; `this March` the year's own."""
    year = anchor.year - (step < 0 and month >= anchor.month) + (step > 0 and month <= anchor.month)
    return f"{year:04d}-{month:02d}", TimeKind.DATE


def _season_year(base: date, season: str, step: int) -> int:
    begins = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[season]
    if step < 0:
        return base.year - (base.month < begins + 3 or season == "winter")
    return base.year + (step > 0 and base.month >= begins)


def _end_of(given: Given) -> Value | None:
    if given.anchor is None:
        return None
    step = {"last": -1, "next": 1}.get(given.groups["which"], 0)
    return _moved(given.anchor, given.groups["unit"], step)


def _quarter(given: Given) -> Value | None:
    number = {"f": 1, "1": 1, "s": 2, "2": 2, "t": 3, "3": 3, "4": 4}[given.groups["quarter"][0]]
    number = 4 if given.groups["quarter"].startswith("fo") else number
    year = given.groups.get("year") or given.groups.get("year0")
    if year:
        return f"{year}-Q{number}", TimeKind.DATE
    if given.anchor is None:
        return None
    if "which" in given.groups:
        return f"{_which_year(given)}-Q{number}", TimeKind.DATE
    ahead = number * 3 - 2 > given.anchor.month and not given.future
    return f"{given.anchor.year - ahead}-Q{number}", TimeKind.DATE


def _the_quarter(given: Given) -> Value | None:
    """`the quarter`, `the latest period` after a quarter was named."""
    return (given.quarter, TimeKind.DATE) if re.fullmatch(r"\d{4}-Q\d", given.quarter) else None


def _year_ago(given: Given) -> Value | None:
    if given.anchor is None:
        return None
    quarter = re.fullmatch(r"(\d{4})(-Q\d)", given.quarter)
    if quarter:
        return f"{int(quarter[1]) - 1}{quarter[2]}", TimeKind.DATE
    return str(given.anchor.year - 1), TimeKind.DATE


# --- lengths and sets


def _length(number: float | None, unit: str) -> str:
    """An ISO duration; `X` where the number is not told."""
    if number is not None and unit in {"fortnight", "decade", "century"}:
        number *= {"fortnight": 2, "decade": 10, "century": 100}[unit]
    if number is None and unit in {"decade", "century"}:
        return f"PX{'E' if unit == 'decade' else 'C'}"
    if unit == "quarter":
        number, unit = (None if number is None else number * 3), "month"
    time = "T" if unit in HOURS else ""
    if number is not None and number % 1:
        return _with_half(number, unit, time)
    return f"P{time}{'X' if number is None else round(number)}{UNITS[unit]}"


def _with_half(number: float, unit: str, time: str) -> str:
    """`two and a half years` is P2Y6M."""
    whole = int(number)
    head = f"{whole}{UNITS[unit]}" if whole else ""
    if unit == "hour":
        return f"PT{head}30M"
    if unit == "minute":
        return f"PT{head}30S"
    if unit == "year":
        return f"P{head}6M"
    if unit == "day":
        return f"P{head}T12H"
    return f"P{time}{number:g}{UNITS[unit]}"


def _duration(given: Given) -> Value:
    return _length(given.number(), given.unit()), TimeKind.DURATION


def _half(given: Given) -> Value:
    if "halfunit" in given.groups:
        unit = given.groups["halfunit"]
        number = {"decade": 5.0, "century": 50.0}.get(unit, 0.5)
        return _length(number, "year" if number > 1 else unit), TimeKind.DURATION
    unit = given.groups.get("unit") or given.groups["unit2"]
    return _length((given.number() or 1) + 0.5, unit), TimeKind.DURATION


def _period(given: Given) -> Value:
    """`the last three weeks` is a duration; `recent days` and `the coming weeks` point without saying how far."""
    if "number" in given.groups:
        return _length(given.number(), given.unit()), TimeKind.DURATION
    which = given.groups.get("which")
    if which in {"recent", "coming", "next"}:
        return ("PAST_REF" if which == "recent" else "FUTURE_REF"), TimeKind.DATE
    return _length(None, given.unit()), TimeKind.DURATION


def _vague(given: Given) -> Value:
    word = given.groups["vague"]
    return _length(None, "century" if word == "centuries" else word.removesuffix("s")), TimeKind.DURATION


def _set(given: Given) -> Value:
    groups = given.groups
    if "weekday" in groups:
        part = groups.get("part", "")
        return f"XXXX-WXX-{DAYS[groups['weekday']] + 1}{'T' + PARTS[part] if part else ''}", TimeKind.SET
    if "month" in groups:
        return f"XXXX-{MONTHS[groups['month']]:02d}", TimeKind.SET
    if "set" in groups:
        return SETS[groups["set"]], TimeKind.SET
    return _length(given.number(), given.unit()), TimeKind.SET


def _per_set(given: Given) -> Value:
    return _length(1, given.groups["per"]), TimeKind.SET


# --- the rest


def _clock(given: Given) -> Value | None:
    groups = given.groups
    if "hour" in groups:
        hour, minute = int(groups["hour"]) % 12 + (12 if groups["half"].startswith("p") else 0), groups.get("minute", "00")
    elif "military" in groups:
        hour, minute = int(groups["military"][:2]), groups["military"][2:]
    else:
        hour, minute = int(groups["hour24"]), groups.get("minute24") or groups["minuteh"]
    if hour > 24:
        return None
    day = given.tale.isoformat() if given.tale else "XXXX-XX-XX"
    utc = {groups.get("zone"), groups.get("zone24")} & {"gmt", "utc"}
    return f"{day}T{hour:02d}:{minute}{'Z' if utc else ''}", TimeKind.TIME


def _o_clock(given: Given) -> Value | None:
    raw = given.groups["ohour"]
    hour = int(raw) if raw.isdigit() else value_of(raw)
    if hour is not None and hour < 12 and given.groups.get("ohalf") in {"afternoon", "evening"}:
        hour += 12
    if hour is not None and 6 <= hour < 12 and "onight" in given.groups:
        hour += 12
    day = given.tale.isoformat() if given.tale else "XXXX-XX-XX"
    return (f"{day}T{hour:02d}:00", TimeKind.TIME) if hour is not None and hour <= 24 else None


def _season(given: Given) -> Value | None:
    year = given.groups.get("year") or _which_year(given)
    return (f"{year}-{SEASONS[given.groups['season']]}", TimeKind.DATE) if year else None


def _the_season(given: Given) -> Value | None:
    """`the summer` without a year: the one that began last, or with a verb that looks forward the next."""
    if given.anchor is None:
        return None
    season = given.groups["season"]
    begins = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[season]
    return f"{given.anchor.year - (begins > given.anchor.month and not given.future)}-{SEASONS[season]}", TimeKind.DATE


def _bare_ago(given: Given) -> Value:
    return ("FUTURE_REF" if given.tense > 0 else "PAST_REF"), TimeKind.DATE


def _decade(given: Given) -> Value:
    if "tens" in given.groups:
        return f"19{TENS[given.groups['tens'].removesuffix('ies') + 'y'] // 10}", TimeKind.DATE
    return given.groups["decade"][:3], TimeKind.DATE


def _century(given: Given) -> Value:
    return f"{int(given.groups['nth']) - 1:02d}", TimeKind.DATE


def _reference(given: Given) -> Value:
    return REFERENCES[re.sub(r"\s+", " ", given.groups["ref"])], TimeKind.DATE


RESOLVERS: dict[str, Callable[[Given], Value | None]] = {
    "iso": _full, "range": _full, "dmy": _full, "mdy": _full, "my": _month_only, "myear": _month_of_year, "month": _month_only, "numeric": _full,
    "weekday": _weekday, "lastnext": _last_next, "set": _set, "perset": _per_set, "ago": _ago, "agotoday": _ago_today, "yearago": _year_ago, "period": _period,
    "recent": _period, "firstperiod": _period, "endof": _end_of, "theweekend": _the_weekend, "taleday": _tale_day, "dayafter": _tale_day,
    "beforeyesterday": _beyond, "thequarter": _the_quarter, "ordinalquarter": _quarter, "century": _century, "half": _half, "duration": _duration,
    "vague": _vague, "day": _named_day, "decade": _decade, "ref": _reference, "thispart": _this_part, "partalone": _part, "midnight": _midnight,
    "season": _season, "clock": _clock, "oclock": _o_clock, "year": _year, "theseason": _the_season, "bareago": _bare_ago, "dayonly": _day_only, "spelled": _spelled,
}  # fmt: skip


def day_of(value: str | None) -> date | None:
    """The calendar day that an ISO value begins with; None where it has none."""
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", value or "")
    if match is None or not 1 <= int(match[2]) <= 12 or not 1 <= int(match[3]) <= calendar.monthrange(int(match[1]), int(match[2]))[1]:
        return None
    return date(int(match[1]), int(match[2]), int(match[3]))

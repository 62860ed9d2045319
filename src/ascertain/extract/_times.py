"""Time expressions and their values: dates, times, durations, sets; relative ones against the document's date and the tale's own last date.

Rules over text and tokens in the manner of HeidelTime, our own: an expression is found by its form, and its value follows from the
tense of the verb that governs it (a weekday in the past tense is the last one, with `will` the next).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

import attrs

from ascertain.models.language import Parse, Token
from ascertain.records import Span, TimeExpression, TimeKind

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
DAYS |= {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "several": None, "few": None, "a few": None,
    "a couple of": 2, "couple of": 2, "many": None,
}  # fmt: skip
UNITS = {
    "second": "S",
    "minute": "M",
    "hour": "H",
    "day": "D",
    "night": "D",
    "week": "W",
    "fortnight": "W",
    "month": "M",
    "year": "Y",
    "decade": "E",
    "century": "C",
}
PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "noon": "MI", "midday": "MI", "dawn": "MO", "dusk": "EV"}
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
FUTURE_WORDS = {"will", "shall", "wo", "'ll", "going", "plan", "due", "schedule", "expect", "set", "would"}
MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
WEEKDAY = "(?P<weekday>" + "|".join(sorted(DAYS, key=len, reverse=True)) + ")"
NUMBER = r"(?P<number>\d{1,3}(?:\.\d+)?|a couple of|couple of|a few|" + "|".join(w for w in NUMBERS if " " not in w) + ")"
UNIT_WORDS = "|".join(UNITS)
UNIT = f"(?P<unit>{UNIT_WORDS})s?"
PART = "(?P<part>" + "|".join(PARTS) + ")"
HEDGE = r"(?:(?:about|around|nearly|almost|more than|less than|over|at least|up to|some|the)\s+)?"


@attrs.frozen
class _Form:
    name: str
    pattern: re.Pattern[str]


def _form(name: str, pattern: str, *, case: bool = False) -> _Form:
    return _Form(name, re.compile(pattern, 0 if case else re.IGNORECASE))


# In order: at one place the earlier form wins, then the longer match.
FORMS = (
    _form("iso", rf"\b{YEAR}-(?P<monthno>[01]\d)(?:-(?P<day>[0-3]\d))?(?:T(?P<clock>\d\d:\d\d)(?::\d\d)?)?(?!\d)"),
    _form("range", rf"\b{DAY}\s*(?:-|–|to|and)\s*(?P<day2>\d{{1,2}})\s+{MONTH}(?:,?\s+{YEAR})?(?!\w)"),
    _form("dmy", rf"\b(?:{WEEKDAY},?\s+)?(?:the\s+)?{DAY}\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?(?!\w)"),
    _form("mdy", rf"\b(?:{WEEKDAY},?\s+)?{MONTH}\s+{DAY}(?:,?\s+{YEAR})?(?!\w|:\d|,\d)"),
    _form("my", rf"\b(?P<early>(?:early|mid|late)[\s-]+|the (?:beginning|end|middle|start) of\s+)?{MONTH},?\s+(?:of\s+)?{YEAR}\b"),
    _form("ago", rf"\b{HEDGE}{NUMBER}\s+{UNIT}\s+(?P<way>ago|earlier|later|before|after that|afterwards|previously)\b"),
    _form("lastnext", rf"\b(?P<which>last|past|previous|next|this|coming|following|current)\s+(?:{WEEKDAY}|{MONTH}|(?P<unit>week|month|year|weekend|night|decade|century|quarter|spring|summer|autumn|fall|winter))(?:\s+{PART})?\b"),
    _form("period", rf"\b(?:the\s+)?(?P<which>last|past|recent|coming|next|previous)\s+(?:{NUMBER}\s+)?(?P<unit>second|minute|hour|day|week|month|year|decade)s\b"),
    _form("weekday", rf"\b{WEEKDAY}(?:\s+{PART})?\b"),
    _form("day", rf"\b(?P<word>yesterday|today|tomorrow|tonight|overnight)(?:\s+{PART})?\b"),
    _form("thispart", rf"\b(?:this|that|the same)\s+{PART}\b"),
    _form("numeric", r"\b(?P<day>\d{1,2})/(?P<monthno>\d{1,2})/(?P<year>(?:19|20)\d\d)\b"),
    _form("season", rf"\b(?:the\s+)?(?P<season>spring|summer|autumn|winter)\s+(?:of\s+)?(?:{YEAR}|(?P<which>last year|this year))"),
    _form("quarter", rf"\b(?P<quarter>first|second|third|fourth)[\s-]quarter(?:\s+(?:of\s+)?{YEAR})?\b"),
    _form("decade", r"\b(?:the\s+)?(?:early |mid-?|late )?(?P<decade>(?:19|20)\d0)s\b"),
    _form("clock", r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?)|\b(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?!\d)"),
    _form("set", rf"\b(?P<set>daily|weekly|monthly|yearly|annually|nightly|every\s+(?:{WEEKDAY}|(?:{NUMBER}\s+)?{UNIT})|each\s+(?P<unit2>{UNIT_WORDS}))\b"),
    _form("perset", r"\b(?:a|per)\s+(?P<per>day|week|month|year)\b(?=\s*[,.;)]|\s*$|\s+(?:and|or|in|at|to))"),
    _form("duration", rf"\b{HEDGE}{NUMBER}[\s-]+{UNIT}\b(?!\s+(?:ago|earlier|later|before|old)|-old)"),
    _form("vague", r"\b(?:for\s+)?(?P<vague>weeks|months|years|days|hours|decades)\b(?!-old)"),
    _form("the", r"\b(?:that|the same|the previous|the following|the next)\s+(?P<unit>day|night|week|month|year|morning)\b"),
    _form("month", rf"\b(?P<early>(?:early|mid|late)[\s-]+|the (?:beginning|end|middle|start) of\s+)?{MONTH}\b", case=False),
    _form("year", rf"(?<![\d.,$€£-])\b{YEAR}\b(?![\d%]|,\d|\s*(?:people|men|women|civilians|soldiers|troops|dollars|houses|families|mm\b|km\b|metres|meters|kg))"),
    _form("now", r"\b(?P<ref>now|currently|at present|nowadays|at the moment|recently|lately|so far|soon|shortly|in the future|in the past|once|formerly|previously)\b"),
)  # fmt: skip
REFERENCES = {
    "now": "PRESENT_REF", "currently": "PRESENT_REF", "at present": "PRESENT_REF", "nowadays": "PRESENT_REF", "at the moment": "PRESENT_REF",
    "recently": "PAST_REF", "lately": "PAST_REF", "previously": "PAST_REF", "formerly": "PAST_REF", "in the past": "PAST_REF", "once": "PAST_REF",
    "so far": "PRESENT_REF", "soon": "FUTURE_REF", "shortly": "FUTURE_REF", "in the future": "FUTURE_REF",
}  # fmt: skip
AMBIGUOUS = {"may", "march", "mar", "sun", "sat", "mon", "wed", "dec", "second", "fall", "spring", "once", "august", "jan", "april", "june"}
QUIET = {"once", "previously", "so far", "the", "perset"}  # found forms that are too often no dates to be worth it


def find_times(parse: Parse, *, published: str | None) -> tuple[TimeExpression, ...]:
    """Find time expressions and resolve them.

    Args:
        published: the document's date, ISO 8601; None leaves relative expressions without a day (`XXXX-WXX-2`).

    Returns:
        Expressions in text order with ids `t1`, `t2`, …; passages leave prepositions out.
    """
    anchor = _day(published)
    tale = anchor
    found = []
    for match, form in _matches(parse.text):
        if _no_time(match, form, parse):
            continue
        token = parse.token_at(match.start())
        future = token is not None and _future(parse, token)
        resolved = _resolve(form, match, anchor=anchor, tale=tale, future=future)
        if resolved is None:
            continue
        value, kind = resolved
        full = _day(value)
        if full is not None and kind is TimeKind.DATE and form.name not in {"day", "now"}:
            tale = full
        start, end = _trimmed(parse.text, match.start(), match.end())
        found.append(TimeExpression(f"t{len(found) + 1}", Span(start, end), value, kind))
    return tuple(found)


def _matches(text: str) -> Iterator[tuple[re.Match[str], _Form]]:
    """Matches in text order without overlaps; earlier forms and longer matches win."""
    every = sorted(
        ((match, form, rank) for rank, form in enumerate(FORMS) for match in form.pattern.finditer(text)),
        key=lambda item: (item[0].start(), -(item[0].end() - item[0].start()), item[2]),
    )
    chosen: list[tuple[re.Match[str], _Form]] = []
    taken: list[tuple[int, int]] = []
    for match, form, _ in sorted(
        every, key=lambda item: (item[2] if item[1].name in {"iso", "range", "dmy", "mdy"} else 50, item[0].start(), -item[0].end())
    ):
        near = [span for span in taken if span[0] < match.end() and match.start() < span[1]]
        if not near:
            taken.append((match.start(), match.end()))
            chosen.append((match, form))
    return iter(sorted(chosen, key=lambda item: item[0].start()))


def _no_time(match: re.Match[str], form: _Form, parse: Parse) -> bool:
    """Words that only look like a time: `may` the verb, `Sun` in names, `second` the ordinal, ages, `3 May Street`."""
    word = match[0].lower()
    if word in QUIET or form.name in QUIET:
        return True
    token = parse.token_at(match.start())
    if form.name in {"month", "weekday"} and word in AMBIGUOUS:
        capital = match[0][0].isupper()
        return (
            not capital
            or token is None
            or token.pos in {"AUX", "VERB"}
            or (len(word) <= 3 and word not in {"may"} and not _dated(parse.text, match))
        )
    if form.name in {"month", "weekday"} and not match[0][0].isupper() and not match["early" if form.name == "month" else "weekday"]:
        return True
    if form.name == "vague":
        return (
            re.search(
                r"\b(for|in|after|within|over|of|several|few|many|recent|coming|last|past)\s+(?:\w+\s+)?$",
                parse.text[max(0, match.start() - 20) : match.start()],
            )
            is None
        )
    if form.name == "duration":
        after = parse.text[match.end() : match.end() + 12].lower()
        return after.startswith(("-old", " old", " of age"))
    if form.name == "dmy" and match["month"].lower() in {"may", "march"} and not match["month"][0].isupper():
        return True
    if form.name == "day" and word == "overnight":
        return False
    return False


def _dated(text: str, match: re.Match[str]) -> bool:
    return re.search(r"\b(on|by|since|until|from|last|next)\s+$", text[max(0, match.start() - 8) : match.start()]) is not None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in ". ,":
        if text[end - 1] == "." and re.search(r"[ap]\.?m\.$", text[start:end], re.IGNORECASE):
            break
        end -= 1
    return start, end


def _future(parse: Parse, token: Token) -> bool:
    """Whether the verb that governs a token looks forward."""
    verb = next((t for t in (token, *parse.ancestors(token.index)) if t.pos in {"VERB", "AUX"}), None)
    if verb is None:
        return False
    aux = [t.lower for t in parse.dependents(verb.index, "aux", "auxpass")]
    if any(word in {"will", "shall", "wo", "'ll", "’ll", "would", "could", "can", "may", "might"} for word in aux):
        return True
    if verb.lemma in FUTURE_WORDS and verb.tag not in {"VBD"} and verb.lemma not in {"set"}:
        return True
    if "to" in aux:  # "are to meet on Monday", "is due to travel on Thursday"
        above = next(iter(parse.ancestors(verb.index)), None)
        return above is None or above.tag not in {"VBD", "VBN"} or above.lemma in {"plan", "schedule", "expect", "due"}
    if verb.tag in {"VBP", "VBZ"} and verb.lemma == "be":
        return any(t.lemma in FUTURE_WORDS for t in parse.dependents(verb.index, "acomp", "xcomp", "attr"))
    passive = [t for t in parse.dependents(verb.index, "auxpass") if t.tag in {"VBZ", "VBP"}]
    return bool(passive) and verb.lemma in {"plan", "schedule", "expect", "set"}


def _day(value: str | None) -> date | None:
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", value or "")
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


Value = tuple[str, TimeKind]


def _resolve(form: _Form, match: re.Match[str], *, anchor: date | None, tale: date | None, future: bool) -> Value | None:
    """The value of one match; None where it turns out to be no time."""
    groups = {key: value for key, value in match.groupdict().items() if value}
    given = _Given(groups, match[0], anchor, tale, future)
    try:
        return RESOLVERS[form.name](given)
    except (ValueError, OverflowError):
        return None


@attrs.frozen
class _Given:
    groups: dict[str, str]
    words: str
    anchor: date | None
    tale: date | None
    future: bool

    def number(self) -> int | None:
        """The number in the expression; None for `several`."""
        raw = self.groups.get("number", "a").lower()
        return int(float(raw)) if raw[0].isdigit() else NUMBERS.get(raw)


def _full(given: _Given) -> Value | None:
    groups = given.groups
    month = int(groups["monthno"]) if "monthno" in groups else MONTHS[groups["month"].lower().rstrip(".")]
    year = int(groups["year"]) if "year" in groups else _year_of(given, month, int(groups["day"]) if "day" in groups else None)
    if "day" not in groups:
        return (f"{year:04d}-{month:02d}", TimeKind.DATE) if 1 <= month <= 12 else None
    if year is None:
        return f"XXXX-{month:02d}-{int(groups['day']):02d}", TimeKind.DATE
    value = date(year, month, int(groups["day"])).isoformat()
    return (f"{value}T{groups['clock']}", TimeKind.TIME) if "clock" in groups else (value, TimeKind.DATE)


def _year_of(given: _Given, month: int, day: int | None) -> int | None:
    """The year of a month or day without one: looking back from the document's date, forward where the verb does."""
    if given.anchor is None:
        return None
    year, now = given.anchor.year, (given.anchor.month, given.anchor.day if day else 0)
    then = (month, day or 0)
    if given.future:
        return year if then >= now else year + 1
    return year if then <= now else year - 1


def _month_only(given: _Given) -> Value | None:
    month = MONTHS[given.groups["month"].lower().rstrip(".")]
    year = int(given.groups["year"]) if "year" in given.groups else _year_of(given, month, None)
    return (f"{year:04d}-{month:02d}" if year is not None else f"XXXX-{month:02d}"), TimeKind.DATE


def _weekday(given: _Given, which: str | None = None) -> Value:
    number = DAYS[given.groups["weekday"].lower()]
    if given.anchor is None:
        return f"XXXX-WXX-{number + 1}", TimeKind.DATE
    back = (given.anchor.weekday() - number) % 7
    if which in {"next", "coming", "following"} or (which is None and given.future):
        day = given.anchor + timedelta((number - given.anchor.weekday()) % 7 or (7 if which else 0))
    elif which in {"last", "past", "previous"}:
        day = given.anchor - timedelta(back or 7)
    else:
        day = given.anchor - timedelta(back)
    return _with_part(day, given)


def _with_part(day: date, given: _Given) -> Value:
    part = given.groups.get("part", "").lower()
    return (f"{day.isoformat()}T{PARTS[part]}", TimeKind.TIME) if part else (day.isoformat(), TimeKind.DATE)


def _named_day(given: _Given) -> Value | None:
    word = given.groups["word"].lower()
    if given.anchor is None:
        return "PRESENT_REF" if word in {"today", "tonight"} else "XXXX-XX-XX", TimeKind.DATE
    day = given.anchor + timedelta({"yesterday": -1, "tomorrow": 1}.get(word, 0))
    if word in {"tonight", "overnight"}:
        return f"{day.isoformat()}TNI", TimeKind.TIME
    return _with_part(day, given)


def _ago(given: _Given) -> Value | None:
    number, unit, way = given.number(), given.groups["unit"].lower(), given.groups["way"].lower()
    later = way in {"later", "after that", "afterwards"}
    base = given.tale if later else given.anchor
    if number is None or base is None:
        return ("FUTURE_REF" if later else "PAST_REF"), TimeKind.DATE
    sign = 1 if later else -1
    if unit in {"second", "minute", "hour"}:
        return ("FUTURE_REF" if later else "PAST_REF"), TimeKind.TIME
    return _moved(base, unit, sign * number)


def _moved(base: date, unit: str, number: int) -> Value:
    """A date some units away, at the precision of the unit."""
    if unit in {"day", "night"}:
        return (base + timedelta(number)).isoformat(), TimeKind.DATE
    if unit in {"week", "fortnight"}:
        year, week, _ = (base + timedelta((14 if unit == "fortnight" else 7) * number)).isocalendar()
        return f"{year}-W{week:02d}", TimeKind.DATE
    if unit == "month":
        months = base.year * 12 + base.month - 1 + number
        return f"{months // 12:04d}-{months % 12 + 1:02d}", TimeKind.DATE
    years = {"year": 1, "decade": 10, "century": 100}[unit] * number
    return {
        "year": f"{base.year + years:04d}",
        "decade": f"{(base.year + years) // 10:03d}",
        "century": f"{(base.year + years) // 100:02d}",
    }[unit], TimeKind.DATE


def _last_next(given: _Given) -> Value | None:
    which, groups = given.groups["which"].lower(), given.groups
    if "weekday" in groups:
        return _weekday(given, which)
    if given.anchor is None:
        return {"last": "PAST_REF", "next": "FUTURE_REF"}.get(which, "PRESENT_REF"), TimeKind.DATE
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(which, 0)
    if "month" in groups:
        month = MONTHS[groups["month"].lower()]
        year = (
            given.anchor.year
            - (1 if step < 0 and month >= given.anchor.month else 0)
            + (1 if step > 0 and month <= given.anchor.month else 0)
        )
        return f"{year:04d}-{month:02d}", TimeKind.DATE
    unit = groups["unit"].lower()
    if unit == "night":
        return f"{(given.anchor + timedelta(min(step, 0))).isoformat()}TNI", TimeKind.TIME
    if unit == "weekend":
        year, week, _ = (given.anchor + timedelta(7 * step)).isocalendar()
        return f"{year}-W{week:02d}-WE", TimeKind.DATE
    if unit in SEASONS:
        return f"{given.anchor.year + min(step, 0)}-{SEASONS[unit]}", TimeKind.DATE
    if unit == "quarter":
        quarter = given.anchor.year * 4 + (given.anchor.month - 1) // 3 + step
        return f"{quarter // 4}-Q{quarter % 4 + 1}", TimeKind.DATE
    return _moved(given.anchor, unit, step)


def _period(given: _Given) -> Value:
    """`the last three weeks` is a duration; `recent days`, `the coming weeks` point without saying how far."""
    which, unit = given.groups["which"].lower(), given.groups["unit"].lower()
    if "number" in given.groups:
        return _length(given.number(), unit), TimeKind.DURATION
    if which in {"coming", "next"}:
        return "FUTURE_REF", TimeKind.DATE
    return ("PAST_REF", TimeKind.DATE) if which == "recent" else (_length(None, unit), TimeKind.DURATION)


def _length(number: int | None, unit: str) -> str:
    count = (
        "X" if number is None else str(number * (2 if unit == "fortnight" else 10 if unit == "decade" else 100 if unit == "century" else 1))
    )
    letter = {"decade": "Y", "century": "Y"}.get(unit, UNITS[unit])
    return f"PT{count}{letter}" if unit in {"second", "minute", "hour"} else f"P{count}{letter}"


def _duration(given: _Given) -> Value:
    return _length(given.number(), given.groups["unit"].lower()), TimeKind.DURATION


def _clock(given: _Given) -> Value | None:
    groups = given.groups
    if "hour24" in groups:
        hour, minute = int(groups["hour24"]), groups["minute24"]
    else:
        hour, minute = int(groups["hour"]) % 12, groups.get("minute", "00")
        hour += 12 if groups["half"].lower().startswith("p") else 0
    day = given.tale.isoformat() if given.tale else "XXXX-XX-XX"
    return f"{day}T{hour:02d}:{minute}", TimeKind.TIME


def _set(given: _Given) -> Value:
    words = given.groups["set"].lower()
    fixed = {"daily": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y", "annually": "P1Y", "nightly": "TNI"}
    if words in fixed:
        return fixed[words], TimeKind.SET
    if "weekday" in given.groups:
        return f"XXXX-WXX-{DAYS[given.groups['weekday'].lower()] + 1}", TimeKind.SET
    return _length(given.number(), given.groups.get("unit", given.groups.get("unit2", "day")).lower()), TimeKind.SET


def _season(given: _Given) -> Value | None:
    if "year" in given.groups:
        return f"{given.groups['year']}-{SEASONS[given.groups['season'].lower()]}", TimeKind.DATE
    if given.anchor is None:
        return None
    year = given.anchor.year - (given.groups["which"].lower() == "last year")
    return f"{year}-{SEASONS[given.groups['season'].lower()]}", TimeKind.DATE


def _quarter(given: _Given) -> Value | None:
    number = ("first", "second", "third", "fourth").index(given.groups["quarter"].lower()) + 1
    year = given.groups.get("year") or (str(given.anchor.year) if given.anchor else None)
    return (f"{year}-Q{number}", TimeKind.DATE) if year else None


def _range(given: _Given) -> Value | None:
    return _full(given)


def _this_part(given: _Given) -> Value | None:
    return _with_part(given.anchor, given) if given.anchor else None


RESOLVERS = {
    "iso": _full, "range": _range, "dmy": _full, "mdy": _full, "my": _month_only, "ago": _ago, "lastnext": _last_next, "period": _period,
    "weekday": _weekday, "day": _named_day, "thispart": _this_part, "numeric": _full, "season": _season, "quarter": _quarter,
    "decade": lambda given: (given.groups["decade"][:3], TimeKind.DATE), "clock": _clock, "set": _set,
    "perset": lambda given: (_length(1, given.groups["per"].lower()), TimeKind.SET), "duration": _duration,
    "vague": lambda given: (_length(None, given.groups["vague"].lower()[:-1]), TimeKind.DURATION), "the": lambda _given: None,
    "month": _month_only, "year": lambda given: (given.groups["year"], TimeKind.DATE),
    "now": lambda given: (REFERENCES[given.groups["ref"].lower()], TimeKind.DATE),
}  # fmt: skip

"""Time expressions and their values: dates, times, durations, sets; relative ones against the document's date and the tale's own last date.

Rules over text and parse in the manner of HeidelTime, our own: an expression is found by its form (`_times_forms`), its value follows
(`_times_values`) from the tense of the verb that governs it (a weekday in the past tense is the last one, with `will` the next), from
the year that the paragraph has named and from the date that the text told of before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import attrs

from ascertain.extract._lexicon import words
from ascertain.extract._times_forms import MONTHS, Form, matches
from ascertain.extract._times_values import Given, day_of, value_for
from ascertain.models.language import Parse, Token
from ascertain.records import Span, TimeExpression, TimeKind

FORWARD = words("times", "tense.forward_auxiliaries")
FORWARD_VERBS = words("times", "tense.forward_verbs")
FIXED_VERBS = words("times", "tense.fixed_verbs")
PAST_INFINITIVES = words("times", "tense.past_infinitives")
DEFERRING = words("times", "tense.deferring_verbs")
SURELY = 2  # looks forward without doubt
SURE_FORWARD = {"will", "shall", "wo", "'ll", "’ll"}
PERFECT = {"have", "has", "had", "’ve", "'ve"}
DATES = {
    "iso",
    "range",
    "dmy",
    "mdy",
    "numeric",
    "weekday",
    "lastnext",
    "day",
    "dayonly",
}  # with one of these a clock or part of a day is one time
CLOCKS = {"clock", "oclock", "partalone", "midnight"}
JOINS = re.compile(r"\s*(?:\([^)\n]{3,22}\)\s*)?(?:(?:GMT|UTC|EST|EDT|CET|local time)\s*)?(?:,\s*)?(?:(?:on|of)\s+)?$|^\s+(?:at\s+)?$")
HEAD_CHARACTERS, HEAD_LINE = 400, 90  # where a text without a known date may bear its own
QUARTER_REACH = 1500
LONG_AGO = 2  # years; a tale of so long ago goes on over paragraphs
RECENT_DAYS = 60
YEAR_REACH = 600  # characters over which a year that was named goes on to hold
NAMES_THAT_ARE_WORDS = {"may", "march", "mar", "sun", "sat", "mon", "wed", "dec", "jan", "thu"}
DATED_DAY = re.compile(r"\b(?:on|by|since|until|till|from|last|next|late|early)\s+$", re.IGNORECASE)
DATED_MONTH = re.compile(r"\b(?:by|since|until|till|from|last|next|in|of|this|early|late|mid|and|to|during)[\s-]+$", re.IGNORECASE)
REFERENCE_ADJECTIVES = {"current"}
LATER = re.compile(r"\b(?:later|after that|afterwards)\b", re.IGNORECASE)
DEADLINE = re.compile(r"\b(?:by|until|till|from)\s+$", re.IGNORECASE)
TELLING = words("cues", "verbs.asserts") | words("cues", "verbs.alleges") | words("cues", "verbs.expects")
SINCE = re.compile(r"\bsince\s+$", re.IGNORECASE)


@attrs.frozen
class _Item:
    """A resolved match."""

    start: int
    end: int
    value: str
    kind: TimeKind
    form: str


def find_times(parse: Parse, *, published: str | None) -> tuple[TimeExpression, ...]:
    """Find time expressions and resolve them.

    Args:
        published: the document's date, ISO 8601; None leaves relative expressions without a day (`XXXX-WXX-2`).

    Returns:
        Expressions in text order with ids `t1`, `t2`, …; passages leave prepositions out.
    """
    items = _joined(_resolved(parse, day_of(published) or _head_date(parse.text)), parse.text)
    kept = [item for item in items if item.form != "partalone"]
    return tuple(TimeExpression(f"t{n}", Span(item.start, item.end), item.value, item.kind) for n, item in enumerate(kept, start=1))


def _head_date(text: str) -> date | None:
    """The first full date in the first lines, where they stand apart (`Monday, 11 August 2008. All times GMT.`)."""
    for match, form in matches(text[:HEAD_CHARACTERS], lambda _match, form: form.name in {"iso", "dmy", "mdy", "numeric"}):
        groups = {key: value.lower() for key, value in match.groupdict().items() if value}
        line = text[text.rfind("\n", 0, match.start()) + 1 :].split("\n", 1)[0]
        found = value_for(form.name, Given(groups)) if "year" in groups and len(line) <= HEAD_LINE else None
        if found is not None:
            return day_of(found[0])
    return None


def _resolved(parse: Parse, anchor: date | None) -> list[_Item]:
    found: list[_Item] = []
    tale, year, quarter = _Tale(parse.text, anchor), _Year(parse.text, anchor), _Quarter(anchor)
    for match, form in matches(parse.text, lambda match, form: not _no_time(match, form, parse)):
        groups = {key: value.lower() for key, value in match.groupdict().items() if value}
        given = Given(
            groups, anchor, tale.before(match, form), quarter.before(match), year.before(match), _tense(parse, match), tale.clock(match)
        )
        resolved = value_for(form.name, given)
        if resolved is None:
            continue
        value, kind = resolved
        year.learn(match, value, form)
        tale.learn(match, value, form)
        quarter.learn(match)
        start, end = _trimmed(parse.text, match.start(), match.end())
        found.append(_Item(start, end, value, kind, form.name))
    return found


class _Tale:
    """The last full date that the text told of, from which `two days later` counts."""

    def __init__(self, text: str, anchor: date | None) -> None:
        self._text, self._anchor = text, anchor
        self._day, self._end = anchor, 0
        self._clock, self._clock_end = "", 0
        self._coarse = False  # whether a month or year was named since

    def clock(self, match: re.Match[str]) -> str:
        """The time of day that the paragraph has named (`15:25` in a live report); empty where it has named none."""
        return self._clock if "\n\n" not in self._text[self._clock_end : match.start()] else ""

    def before(self, match: re.Match[str], form: Form) -> date | None:
        """The date to count from: the tale's last one where it stands in this paragraph or the one before, or where the words go on from it."""
        if form.name == "clock" and not self._text[self._text.rfind("\n", 0, match.start()) + 1 : match.start()].strip():
            return self._anchor  # an entry of a live report is of the report's own day
        goes_on = form.name in {"taleday", "dayafter"} or LATER.search(match[0]) is not None
        if self._coarse and form.name in {"taleday", "dayafter"}:
            return None
        near = self._text.count("\n\n", self._end, match.start()) <= 1
        return self._day if near or goes_on else self._anchor

    def learn(self, match: re.Match[str], value: str, form: Form) -> None:
        """Keep a full date; those that stand for the document's own day or for parts of a day tell nothing new."""
        full = day_of(value)
        if form.name == "clock" and full is not None:
            self._clock, self._clock_end = value[:16], match.end()
        if full is not None and form.name not in {"day", "ref", "partalone", "thispart"}:
            self._day, self._end, self._coarse = full, match.end(), False
        elif full is None and re.fullmatch(r"\d{4}(?:-\d\d|-[A-Z]\w+)?", value):
            self._coarse = True


class _Year:
    """The year that a paragraph has named, where it is not the document's: `In March 2011 … By July …`."""

    def __init__(self, text: str, anchor: date | None) -> None:
        self._text, self._anchor = text, anchor
        self._year: int | None = None
        self._month, self._end = 1, 0

    def before(self, match: re.Match[str]) -> int | None:
        """The year for a month or day without one; None for the document's own."""
        month = MONTHS.get((match.groupdict().get("month") or "").lower().rstrip("."))
        gap = self._text[self._end : match.start()]
        if self._year is None or month is None or len(gap) > YEAR_REACH:
            return None
        breaks = gap.count("\n\n")
        if breaks > 1 or (breaks and self._anchor is not None and abs(self._anchor.year - self._year) < LONG_AGO):
            return None
        if month < self._month or self._recent(match, month):
            return None
        return self._year

    def _recent(self, match: re.Match[str], month: int) -> bool:
        """Whether a day and month lie in the weeks before the document's date: then it is of the document's year."""
        day = match.groupdict().get("day")
        if self._anchor is None or day is None:
            return False
        away = (self._anchor.month - month) * 30 + self._anchor.day - int(day)
        return 0 <= away <= RECENT_DAYS

    def learn(self, match: re.Match[str], value: str, form: Form) -> None:
        """Keep an explicit year; another expression of the document's own time ends it."""
        if (match.groupdict().get("year") or form.name in {"myear", "agotoday"}) and re.match(r"\d{4}(?:-|$)", value):
            own = self._anchor is not None and int(value[:4]) == self._anchor.year
            month = re.match(r"\d{4}-(\d\d)", value)
            self._year, self._month, self._end = (None if own else int(value[:4])), int(month[1]) if month else 1, match.end()
        elif form.name in {"weekday", "day", "lastnext"}:
            self._year = None


class _Quarter:
    """The quarter that results are told of: the last full one before the document's date, where the text around speaks of quarters."""

    def __init__(self, anchor: date | None) -> None:
        self._value, self._end = "", -QUARTER_REACH
        if anchor is not None:
            months = anchor.year * 12 + anchor.month - 4
            self._value = f"{months // 12}-Q{months % 12 // 3 + 1}"

    def before(self, match: re.Match[str]) -> str:
        """The quarter's value; empty where none is spoken of near."""
        return self._value if match.start() - self._end < QUARTER_REACH else ""

    def learn(self, match: re.Match[str]) -> None:
        """Keep where the text speaks of quarters."""
        if "quarter" in match[0].lower() or "period" in match[0].lower():
            self._end = match.end()


def _joined(items: Sequence[_Item], text: str) -> list[_Item]:
    """A clock or part of a day with the date beside it is one time (`10 p.m. Wednesday`, `noon on 5 May`)."""
    found: list[_Item] = []
    for item in items:
        before = found[-1] if found else None
        gap = text[before.end : item.start] if before is not None else "x"
        if before is not None and len(gap) <= 36 and "\n" not in gap and JOINS.match(gap):
            both = _one_time(before, item)
            if both is not None:
                found[-1] = both
                continue
        if item.form == "midnight" or (item.form == "partalone" and _at(text, item)):
            item = attrs.evolve(item, form="clock")  # noqa: PLW2901
        found.append(item)
    return found


def _at(text: str, item: _Item) -> bool:
    """`at dawn`, `by noon`: a part of a day that stands for a time by itself."""
    single = text[item.start : item.end].lower() in {
        "dawn",
        "noon",
        "midday",
        "dusk",
        "sunset",
        "sunrise",
        "nightfall",
        "mid-afternoon",
        "daybreak",
    }
    return (
        single and re.search(r"\b(?:at|by|until|before|after|around|since|from)\s+$", text[max(0, item.start - 8) : item.start]) is not None
    )


def _one_time(first: _Item, second: _Item) -> _Item | None:
    if first.form in CLOCKS and second.form in DATES and second.kind is TimeKind.DATE:
        clock, day = first, second
    elif second.form in CLOCKS and first.form in DATES and first.kind is TimeKind.DATE:
        clock, day = second, first
    else:
        return None
    if "T" not in clock.value or day_of(day.value) is None:
        return None
    return _Item(first.start, second.end, f"{day.value}T{clock.value.partition('T')[2]}", TimeKind.TIME, day.form)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in ". ,":
        if text[end - 1] == "." and re.search(r"[ap]\.?m\.$", text[start:end], re.IGNORECASE):
            break
        end -= 1
    return start, end


# --- what only looks like a time


def _no_time(match: re.Match[str], form: Form, parse: Parse) -> bool:
    """Words that only look like a time: `may` the verb, `Sun` in names, ages, `700 seats a week` aside."""
    check = CHECKS.get(form.name)
    token = parse.token_at(match.start()) or parse.token_at(match.end() - 1)
    return token is None or (check is not None and check(match, parse, token))


def _name_as_word(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """Months and weekdays are capitalised; some are words or short names as well."""
    word = (match.groupdict().get("month") or match.groupdict().get("weekday") or "").rstrip(".")
    if not word[:1].isupper():
        return True
    if word.lower() not in NAMES_THAT_ARE_WORDS:
        return False
    named = parse.token_at(match.start("month") if match.groupdict().get("month") else match.start("weekday")) or token
    before = DATED_MONTH if match.groupdict().get("month") else DATED_DAY
    dated = before.search(parse.text[max(0, match.start() - 8) : match.start()]) is not None
    return (
        named.pos in {"AUX", "VERB"}
        or (len(word) <= 3 and word.lower() != "may" and not dated)
        or (word.lower() in {"may", "march"} and not dated and named.pos != "PROPN")
    )


def _lower_name(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`3 may`, `2 march`: no dates."""
    del parse, token
    name = match["month"]
    return name.lower() in {"may", "march"} and not name[0].isupper()


def _age(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`a 44-year-old surgeon`, `ten years of age`; `second` as an ordinal."""
    del token
    after = parse.text[match.end() : match.end() + 12].lower()
    ordinal = match["unit"].lower() == "second" and not re.match(r"\d", match["number"] or "x")
    return after.startswith(("-old", " old", " of age")) or ordinal


def _vague(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`for years`, `within hours`, `days of shelling`: lengths; `days` alone is none."""
    del token
    before = parse.text[max(0, match.start() - 20) : match.start()]
    return re.search(
        r"\b(?:for|in|after|within|over|several|few|many|past|took|lasted|spent|last)\s+(?:\w+\s+)?$", before, re.IGNORECASE
    ) is None and (re.match(r"\s+(?:of|later|before|after)\b", parse.text[match.end() : match.end() + 8]) is None)


def _no_rate(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`700 seats a week` is a set, `within a week` a length."""
    del token
    before = parse.text[max(0, match.start() - 24) : match.start()].rstrip()
    previous = parse.token_at(len(parse.text[: match.start()].rstrip()) - 1) if before else None
    return match[0].lower().startswith("a") and (
        previous is None or previous.pos not in {"NOUN", "NUM", "PROPN"} or re.search(r"\b(?:half|than|quarter)$", before) is not None
    )


def _no_year(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`2,000 people`, `1991 houses`, `flight 2019`: numbers, no years."""
    del token
    before, after = parse.text[max(0, match.start() - 14) : match.start()], parse.text[match.end() : match.end() + 24]
    counted = re.match(
        r"\s*(?:people|men|women|children|civilians|soldiers|troops|fighters|dollars|euros|houses|homes|families|refugees|prisoners|mm\b|km\b|kg\b|miles|"
        r"metres|meters|tons|tonnes|of them|others|more\b|hours\b|GMT\b|UTC\b|hrs\b)",
        after,
    )
    return (
        counted is not None
        or re.search(
            r"(?:\b(?:flight|no\.?|number|resolution|room|page|about|nearly|some|than|route|section)\s+|[#/-])$", before, re.IGNORECASE
        )
        is not None
    )


def _no_reference(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`as soon as`, `the future king`; adjectives count before a noun alone."""
    word, before, after = (
        match[0].lower(),
        parse.text[max(0, match.start() - 4) : match.start()].lower(),
        parse.text[match.end() : match.end() + 7].lower(),
    )
    if word == "soon":
        return before.endswith("as ") or after.startswith((" after", " as "))
    if word == "shortly":
        return after.startswith((" after", " before"))
    if word in REFERENCE_ADJECTIVES:
        return token.pos != "ADJ" or token.dep != "amod"
    if word == "now":
        return before.endswith("by ") or (match.start() > 0 and after[:1] == ",")
    if word == "the past":
        return (
            re.match(r"\s+(?:\w+\s+)?(?:day|week|month|year|decade|hour)", after + parse.text[match.end() + 7 : match.end() + 20])
            is not None
        )
    return False


def _no_set(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`the Daily Lantern`: a name."""
    del token
    return match[0][:1].isupper() and re.match(r"\s+[A-Z]", parse.text[match.end() : match.end() + 3]) is not None


def _no_part(match: re.Match[str], parse: Parse, token: Token) -> bool:
    del parse, token
    return match[0][:1].isupper() and not match[0].isupper()


def _no_clock(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """Scores, verses and ratios: `won 3:15`."""
    del token
    return re.match(r"\s*(?:%|percent|km|m\b|million|billion)", parse.text[match.end() : match.end() + 9]) is not None


def _no_that_day(match: re.Match[str], parse: Parse, token: Token) -> bool:
    """`that year` before a clause is no expression of time (`the day that the war began`)."""
    del token
    return match.groupdict().get("that") is not None and parse.text[match.end() : match.end() + 6].lower().startswith((" that", " when"))


CHECKS: dict[str, Callable[[re.Match[str], Parse, Token], bool]] = {
    "month": _name_as_word, "weekday": _name_as_word, "dmy": _lower_name, "mdy": _lower_name, "range": _lower_name, "my": _lower_name,
    "duration": _age, "vague": _vague, "perset": _no_rate, "year": _no_year, "ref": _no_reference, "set": _no_set, "partalone": _no_part, "clock": _no_clock,
    "taleday": _no_that_day, "lastnext": lambda match, parse, token: bool(match.groupdict().get("month")) and _lower_name(match, parse, token),
}  # fmt: skip


# --- tense


def _tense(parse: Parse, match: re.Match[str]) -> int:
    """1 where the verb that governs an expression looks forward, -1 where it looks back, 0 where neither shows."""
    token = parse.token_at(match.start()) or parse.token_at(match.end() - 1)
    if token is None or SINCE.search(parse.text[max(0, match.start() - 8) : match.start()]):
        return -1
    if parse.text[match.end() : match.end() + 2] in {"'s", "’s"}:
        return -1  # "Wednesday's ruling"
    tense = _verb_tense(parse, token)
    until = tense >= 0 and DEADLINE.search(parse.text[max(0, match.start() - 8) : match.start()])
    return min(tense + 1, SURELY) if until else tense


def _verb_tense(parse: Parse, token: Token) -> int:
    """The tense of the nearest verb above that has one; what hangs on a saying verb behind its clause is the clause's."""
    for verb in (token, *parse.ancestors(token.index)):
        if verb.pos in {"VERB", "AUX"}:
            told = next((c for c in parse.dependents(verb.index, "ccomp") if verb.index < c.index < token.index), None)
            tense = _tense_of(parse, told if told is not None and verb.lemma.lower() in TELLING else verb)
            if tense:
                return tense
    return 0


def _tense_of(parse: Parse, verb: Token) -> int:
    """As `_tense`, of one verb; 0 for a participle or gerund without an auxiliary, which takes the tense above it."""
    if verb.lemma.lower() in DEFERRING:
        return SURELY
    auxiliaries = {t.lower for t in parse.dependents(verb.index, "aux", "auxpass", "neg")}
    if verb.tag == "VBG" and not auxiliaries and verb.lemma.lower() not in FORWARD_VERBS:
        return 0
    if auxiliaries & PERFECT or {"could", "not"} <= auxiliaries or {"could", "n't"} <= auxiliaries:
        return -1
    if auxiliaries & FORWARD:
        return SURELY if auxiliaries & SURE_FORWARD else 1
    if "to" in auxiliaries:
        return _infinitive_tense(parse, verb)
    return _finite_tense(parse, verb, auxiliaries)


def _infinitive_tense(parse: Parse, verb: Token) -> int:
    """`to do` looks forward, but not after `began`, nor under a past perfect (`had been due to expire`)."""
    above = next(iter(parse.ancestors(verb.index)), None)
    if above is None:
        return 1
    back = above.lemma.lower() in PAST_INFINITIVES and above.tag in {"VBD", "VBN"}
    return -1 if back or any(t.lower == "had" for t in parse.dependents(above.index, "aux")) else 1


def _finite_tense(parse: Parse, verb: Token, auxiliaries: set[str]) -> int:
    lemma = verb.lemma.lower()
    if verb.tag == "VBD":
        return -1
    if verb.tag == "VBN":
        return 1 if lemma in FORWARD_VERBS else 0 if auxiliaries & {"is", "are", "be"} else -1
    if lemma in FORWARD_VERBS or (verb.tag in {"VBP", "VBZ"} and lemma in FIXED_VERBS):
        return 1
    forward = (t.lemma.lower() in FORWARD_VERBS for t in parse.dependents(verb.index, "acomp", "xcomp", "attr"))
    return int(lemma == "be" and any(forward))

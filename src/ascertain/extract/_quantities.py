"""Numbers of people and things as closed intervals, with what is counted.

`at least 410` is 410 and open; `more than 300` is 301 and open; `up to 50` is open and 50; `between 20 and 30` is 20 to 30; `dozens` is 24
and open, and approximate. Ages, years, dates, clock times, money, shares and measures are no quantities.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from ascertain.extract._lexicon import words
from ascertain.extract._quantities_numbers import NUMBER, VAGUE, value_of
from ascertain.models.language import Parse, Token
from ascertain.records import Quantity, Span, TimeExpression

LOWER = r"at (?:the very )?least|(?:no|not) (?:fewer|less) than|a minimum of|minimum of|upwards of"
ABOVE = r"more than|over|above|in excess of|just over|well over|exceeding|upward of"
UPPER = r"up to|as many as|at (?:the very )?most|(?:no|not) more than|a maximum of|maximum of|as much as"
BELOW = r"fewer than|less than|under|below"
ABOUT = r"about|around|some|nearly|almost|roughly|approximately|an estimated|estimated|close to|nearly|just under|circa|more or less"
MODIFIERS = (("lower", LOWER), ("above", ABOVE), ("upper", UPPER), ("below", BELOW))
AFTER = {"lower": "or more", "above": "plus", "upper": "or fewer|or less", "below": "(?!)"}
QUANTITY = re.compile(
    rf"\b(?:(?P<between>between|from)\s+(?P<low>{NUMBER})\s+(?:and|to)\s+(?P<high>{NUMBER})"
    rf"|(?:(?:{ABOUT})\s+)?(?P<low2>{NUMBER})(?:\s+to\s+|(?<=\d)\s*[-–]\s*)(?P<high2>{NUMBER})"
    rf"|(?P<modifier>{LOWER}|{ABOVE}|{UPPER}|{BELOW}|{ABOUT})\s+(?:(?:the|its|their)\s+)?(?P<number>{NUMBER})"
    rf"|(?P<vague>{'|'.join(sorted(VAGUE, key=len, reverse=True))})(?:\s+of)?"
    rf"|(?P<bare>{NUMBER})(?:\s+(?P<after>or more|or fewer|or less|or so))?)(?![\w%])",
    re.IGNORECASE,
)
# What may stand before or after a number that makes it no count.
MONEY_BEFORE = re.compile(r"(?:[$€£¥₴₽₦₹]|\b(?:US|USD|EUR|GBP|UAH|Rs\.?|Sh)\s?)\s*$")
NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:aged?|article|articles|resolution|chapter|page|room|no\.|number|block|building|apartment|highway|route|version|phase|section|"
    r"boeing|airbus|flight|unit|brigade|battalion|paragraph|bulletin|vol\.|issue|kalashnikov|ak|m|t|f|su|mig|grad|iskander)[\s-]*|#|[A-Z]-)$",
    re.IGNORECASE,
)
MEASURE_AFTER = re.compile(
    r"^(?:\s*(?:%|per\s?cent|percent|percentage)|[\s-]*(?:mm|cm|km|kms|kilomet(?:er|re)s?|met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|kg|kilos?|kilograms?|tons?|tonnes?|"
    r"lit(?:er|re)s?|barrels?|degrees?|hectares?|acres?|square|calib(?:er|re)|volts?|watts?|knots?|mph|kph|am\b|a\.m|p\.m|pm\b|o'clock|o’clock|"
    r"seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|dollars?|euros?|pounds?|roubles?|rubles?|shillings?|rupees?|hryvnias?|cents?|"
    r"points?|times\b|storeys?|stor(?:y|ies)|floors?|-?year-?olds?|per\b)"
    r"|\s*(?:million|billion|thousand)?\s*(?:dollars|euros|pounds|shillings|rubles|roubles|rupees|hryvnias)|(?:st|nd|rd|th)\b|[:/]\d|\.\d|-[a-z])",
    re.IGNORECASE,
)
CHANGE_BEFORE = re.compile(
    r"\b(?:rais|ris|rose|increas|climb|jump|went|go|gone|grew|grow|up|revis|correct|updat|lower|cut|fell|fall|drop|chang|down)\w*\b[^.!?;]*$",
    re.IGNORECASE,
)
AGE_BEFORE = re.compile(r"\b(?:oldest|youngest|elder|younger)\b[^.;]{0,25}$", re.IGNORECASE)
TAKE_OVER = {"hand", "turn", "take", "give", "pass", "sign", "bring", "send", "win"}  # verbs with the particle `over`
GROUP_OF = re.compile(r"\b(family|group|crew|team|party|gang|squad|delegation|household) of $", re.IGNORECASE)
ORDER_AFTER = re.compile(r"^\s*(?:of\s+(?:them|those|these|whom|the)\b)", re.IGNORECASE)
PART_BEFORE = re.compile(r"\b(?:including|among them|among whom were|of whom|of them|them)\W*(?:at least\s+)?$", re.IGNORECASE)
COUNTED_TAGS = {"NN", "NNS", "NNP", "NNPS", "JJ"}
NO_PEOPLE_DO = {
    "equal",
    "mean",
    "follow",
    "add",
    "make",
    "seem",
    "apply",
    "suffice",
    "sell",
    "expire",
    "cost",
}  # what numbers themselves may do
HAVING_PEOPLE = words("people", "having")  # verbs whose bare number counts people (`we have 412`)
PRONOUN_ONE = re.compile(
    r"^\s*(?:of\s+(?:the|them|those|these|whom|my|his|her|its|their|our)\b|another\b|day\b|side\b|who\b|is\b|was\b|has\b|had\b|,)",
    re.IGNORECASE,
)


@attrs.frozen
class _Range:
    at_least: int | None
    at_most: int | None
    approximate: bool


def find_quantities(parse: Parse, times: Sequence[TimeExpression]) -> tuple[Quantity, ...]:
    """Find the numbers that count people or things.

    Returns:
        Quantities in text order with ids `q1`, …; the passage holds the modifier, the number and the words for what is counted.
    """
    taken = [time.passage for time in times]
    found: list[Quantity] = []
    for match in QUANTITY.finditer(parse.text):
        span = Span(match.start(), match.end())
        if any(span.start < t.end and t.start < span.end for t in taken) or _no_count(match, parse.text):
            continue
        bounds = _range_of(match)
        if bounds is None:
            continue
        if _particle(match, parse):
            span, bounds = Span(match.start("number"), match.end()), _modified(value_of(match["number"]) or 0, "", "")
        if (match["between"] or "").lower() == "from" and CHANGE_BEFORE.search(parse.text[max(0, match.start() - 90) : match.start()]):
            span, bounds = Span(match.start("high"), match.end()), _of_change(match)
        counted = _counted(parse, match)
        if counted is None and not _stands_alone(match, parse):
            continue
        end = max(span.end, counted.end) if counted and counted.start - span.end < 60 else span.end
        found.append(
            Quantity(
                f"q{len(found) + 1}",
                Span(span.start, end),
                bounds.at_least,
                bounds.at_most,
                bounds.approximate,
                counted=parse.text[counted.start : counted.end] if counted else None,
                counted_passage=counted,
                part_of=_part_of(parse, span, found),
            )  # fmt: skip
        )
    return tuple(found)


def _particle(match: re.Match[str], parse: Parse) -> bool:
    """`handed over five boys`: the `over` belongs to the verb."""
    token = parse.token_at(match.start("modifier")) if (match["modifier"] or "").lower() == "over" else None
    if token is None or token.index == 0:
        return False
    before = parse.tokens[token.index - 1]
    return token.dep == "prt" or (before.pos == "VERB" and before.lemma.lower() in TAKE_OVER)


def _of_change(match: re.Match[str]) -> _Range:
    """`raised from 12 to 14`: a count that changed is what it is now."""
    number = value_of(match["high"])
    return _Range(number, number, approximate=False)


def _range_of(match: re.Match[str]) -> _Range | None:
    """The interval that a match means; None where it turns out to be no number."""
    groups = match.groupdict()
    if groups["vague"]:
        low, high = VAGUE[groups["vague"].lower()]
        return _Range(low, high, high is None)
    low_words, high_words = groups["low"] or groups["low2"], groups["high"] or groups["high2"]
    if low_words and high_words:
        return _between(low_words, high_words)
    number = value_of(groups["number"] or groups["bare"] or "")
    return None if number is None else _modified(number, (groups["modifier"] or "").lower(), (groups["after"] or "").lower())


def _between(low_words: str, high_words: str) -> _Range | None:
    first, second = value_of(low_words), value_of(high_words)
    if first is None or second is None:
        return None
    scaled = re.search(r"thousand|million|,\d{3}", high_words) is not None
    if first < 1000 <= second and scaled and "," not in low_words and first * 1000 <= second:
        first *= 1_000_000 if "million" in high_words else 1_000  # "20 to 30 thousand"
    return _Range(first, second, approximate=False) if first <= second else None


def _modified(number: int, modifier: str, after: str) -> _Range:
    """A number under its modifier; without one it is exact."""
    ranges = {
        "lower": _Range(number, None, approximate=False),
        "above": _Range(number + 1, None, approximate=False),
        "upper": _Range(None, number, approximate=False),
        "below": _Range(None, max(0, number - 1), approximate=False),
    }
    for name, pattern in MODIFIERS:
        if re.fullmatch(pattern, modifier) or re.fullmatch(AFTER[name], after):
            return ranges[name]
    return _Range(number, number, approximate=bool(modifier or after))


def _no_count(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 30]
    bare = match["bare"] or match["number"] or ""
    if (
        AGE_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
        or MONEY_BEFORE.search(before)
        or NO_COUNT_BEFORE.search(before)
        or MEASURE_AFTER.match(after)
    ):
        return True
    if bare.lower() == "one" and (PRONOUN_ONE.match(after) and not re.match(r"\s*of\s+(?:them|whom|the)", after)):
        return True
    if (
        re.fullmatch(r"(?:19|20)\d\d", bare)
        and not match["modifier"]
        and re.search(r"\b(in|since|of|by|until|from|to|year)\s+$", before, re.IGNORECASE)
    ):
        return True
    return bool(re.match(r"\d", bare)) and before.endswith(("-", ".", "/", ":")) and not before.endswith(" -")


def _counted(parse: Parse, match: re.Match[str]) -> Span | None:
    """The words for what is counted: the noun that the number modifies, what stands after `of`, the group that has so many (`a family of five`)."""
    tokens = parse.tokens_in(Span(match.start(), match.end()))
    if not tokens:
        return None
    group = GROUP_OF.search(parse.text[max(0, match.start() - 24) : match.start()])
    if group is not None:
        return Span(match.start() - len(group[0]), match.start() - len(group[0]) + len(group[1]))
    return _modified_noun(parse, tokens) or _following_noun(parse, tokens)


def _modified_noun(parse: Parse, tokens: Sequence[Token]) -> Span | None:
    for token in reversed(tokens):
        head = parse.tokens[token.head]
        if (
            token.dep in {"nummod", "amod", "quantmod", "compound", "det"}
            and head.index > tokens[-1].index
            and head.tag in COUNTED_TAGS
            and head.sentence == token.sentence
        ):
            return _noun(parse, tokens[-1].index + 1, head)
        of = next((parse.tokens[i] for i in parse.children[token.index] if parse.tokens[i].lower == "of"), None)
        if of is not None:
            nouns = parse.dependents(of.index, "pobj")
            if nouns:
                return _noun(parse, of.index + 1, nouns[0])
    return None


def _following_noun(parse: Parse, tokens: Sequence[Token]) -> Span | None:
    following = tokens[-1].index + 1
    words = parse.tokens[following : following + 3]
    for word in words:
        if word.tag in {"NNS", "NN", "NNPS"} and word.sentence == tokens[-1].sentence:
            return Span(words[0].start, word.end)
        if word.pos not in {"ADJ", "NOUN", "PROPN"}:
            break
    return None


def _noun(parse: Parse, first: int, head: Token) -> Span:
    start = parse.tokens[min(first, head.index)].start
    return Span(start, head.end)


def _stands_alone(match: re.Match[str], parse: Parse) -> bool:
    """A number without a noun counts people where a verb of harm, a toll or `of them` stands by it."""
    if match["vague"] or match["modifier"] or match["low"] or _argument(match, parse):
        return True
    after = parse.text[match.end() : match.end() + 40]
    before = parse.text[max(0, match.start() - 60) : match.start()]
    if ORDER_AFTER.match(after):
        return True
    harmed = (
        r"(?:were|was|are|have|had|more|others?|dead|injured|wounded|killed|hurt|missing|died|civilians?|people|,\s+(?:including|among|of))"
    )
    if re.match(rf"\s*{harmed}\b", after, re.IGNORECASE):
        return True
    return bool(
        re.search(r"\b(toll|dead|killed|killing|kills?|wounded|injured|injuring|wounding|number|figure|total|count(?:ed)?|bodies|all|rise[sn]?|rose|stands?|put|detained|seized|missing|took)\b[^.!?]*$", before, re.IGNORECASE)
    )  # fmt: skip


def _argument(match: re.Match[str], parse: Parse) -> bool:
    """A number that is somebody in its clause: the subject of a verb (`11 survived`), or one of several such (`five died, two on the way`)."""
    tokens = parse.tokens_in(Span(match.start(), match.end()))
    token = next((t for t in tokens if t.pos == "NUM" and t.head not in {u.index for u in tokens if u is not t}), None)
    for _ in range(3):
        if token is None or token.pos != "NUM" or token.lower == "zero" or "." in token.text:
            return False
        above = parse.tokens[token.head]
        if token.dep == "dobj":
            return above.lemma.lower() in HAVING_PEOPLE and not re.match(r"\s*[-–]?\w", parse.text[token.end : token.end + 2])
        if token.dep in {"nsubj", "nsubjpass"}:
            return above.pos == "VERB" and above.lemma.lower() not in NO_PEOPLE_DO
        if token.dep not in {"conj", "appos"}:
            return False
        token = above
    return False


def _part_of(parse: Parse, span: Span, found: Sequence[Quantity]) -> str | None:
    """The quantity of which this one is said to be a part (`12, including three children`; `two of them children`)."""
    token = parse.token_at(span.start)
    if not found or token is None:
        return None
    before = parse.text[max(0, span.start - 30) : span.start]
    after = parse.text[span.end : span.end + 12]
    whole = next((q for q in reversed(found) if q.part_of is None), None)
    if whole is None or span.start - whole.passage.end > 150:
        return None
    if PART_BEFORE.search(before) or re.match(r"\s*of (?:them|whom)\b", after, re.IGNORECASE):
        return whole.id
    listed = re.search(r"\bincluding\b[^.;!?]*(?:and|,)\s*$", before, re.IGNORECASE)
    return whole.id if listed and found[-1].part_of else None

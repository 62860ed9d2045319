"""Titles in a clause beside a name: `X, 41, the Sahel director of Y`, `X is head of Y`, `X, who runs Y`, `the head of Y, X,`.

Read from the words in their order, where the parse often takes the clause for something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.extract._lexicon import table, words
from ascertain.extract._roles import PERSON, TITLES, Title
from ascertain.models.language import Parse, Token
from ascertain.records import Span

BODIES = words("people", "group") | words("people", "organisation")
LEADING: dict[str, str] = table("people")["leading"]
DETERMINERS = {"the", "a", "an", "one", "its", "their", "his", "her", "my", "our", "another", "then", "now", "currently", "also", "both"}
BETWEEN = words("people", "between_titles") | {"-", ".", "’", "'s", "’s"}
TOWARDS = {"of", "for", "at", "in", "from", "with", "to"}
FIELDS = words("people", "fields")
INSIDE = {"of", "the", "for", "and", "'s", "’s", "-", "&", "on"}  # words that a body's name may hold
KINDS = {"ADJ", "NOUN", "PROPN", "NUM"}
APPOSED = re.compile(r"\s*,\s+(?:(?:aged\s+)?\d{1,2},\s+)?(?:who\s+(?:is|was)\s+)?")
COPULA = re.compile(r"\s+(?:is|was|remains|became|has\s+been)\s+(?=(?:now\s+|also\s+)?(?:the|an?|its|their|his|her|[a-z]+)\b)")
LEADS = re.compile(r",?\s+who\s+(?:now\s+|also\s+)?(?P<verb>" + "|".join(LEADING) + r")\s+")
RANKS = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Sheikh|[A-Z]{0,3}(?:Gen|Col|Maj|Capt|Lt|Sgt|Cpl|Adm|Brig|Insp|Supt|Cmdr|Gov|Sen))\b\.?\s+)*"
BEFORE = re.compile(r"(?P<title>[^,.;:()\n\"“”]{3,90}),\s+" + RANKS + r"(?:\w+\s+)?$")
REACH = 110  # characters on either side of a name
LONGEST = 8  # words before an office's noun


def titles_beside(parse: Parse, name: Span) -> list[Title]:
    """The titles that stand in a clause of their own beside a name, those behind it first."""
    found = [_apposed(parse, name), _led(parse, name), _foregoing(parse, name)]
    return [title for title in found if title is not None]


def _tokens(parse: Parse, start: int, stop: int) -> list[Token]:
    return parse.tokens_in(Span(start, stop))


def _apposed(parse: Parse, name: Span) -> Title | None:
    text = parse.text[name.end : name.end + REACH]
    for form, apart in ((APPOSED, True), (COPULA, False)):
        match = form.match(text)
        if match:
            stop = re.search(r"[,;:()\n—–\"“”]|\.\s|\.$", text[match.end() :])
            end = match.end() + (stop.start() if stop else len(text) - match.end())
            return _read(parse, _tokens(parse, name.end + match.end(), name.end + end), apart=apart)
    return None


def _led(parse: Parse, name: Span) -> Title | None:
    """`X, who heads the agency`: the title is the verb's noun."""
    match = LEADS.match(parse.text[name.end : name.end + REACH])
    if match is None:
        return None
    body = _body(parse.tokens_in(Span(name.end + match.end(), name.end + REACH)))
    if body is None:
        return None
    office = LEADING[match["verb"]]
    return Title(office, office, body, None, None, parse.text[body.start : body.end])


def _foregoing(parse: Parse, name: Span) -> Title | None:
    """`the head of the agency, X,`: what stands before the comma, from an article on, and is a title as a whole."""
    begin = max(0, name.start - REACH)
    match = BEFORE.search(parse.text[begin : name.start])
    if match is None or not re.match(r"\s*(?:[,.;:)\n]|$)", parse.text[name.end : name.end + 3]):
        return None
    inside = _tokens(parse, begin + match.start("title"), begin + match.end("title"))
    for first, token in enumerate(inside):
        if token.lower in DETERMINERS and len(inside) - first <= LONGEST + 4:
            title = _read(parse, inside[first:], apart=True)
            if title is not None and title.where is not None and title.where.end == inside[-1].end:
                return title
    return None


def _read(parse: Parse, inside: Sequence[Token], *, apart: bool) -> Title | None:
    """`[the] [Z's | Z] [senior] director [of Z]` at the beginning of some words; None where they begin with no title."""
    first = 0
    while first < len(inside) and inside[first].lower in DETERMINERS:
        first += 1
    at = _office(inside, first)
    if at is None:
        return None
    if len(inside) > at + 2 and inside[at + 1].lower in {"of", "for"}:
        field = next((i for i in range(at + 2, min(len(inside), at + 5)) if inside[i].lower in FIELDS), None)
        if field is not None and all(t.pos in KINDS for t in inside[at + 2 : field + 1]):
            at = field
    begin, owner = _owner(parse, inside[first : at + 1])
    last, body = at, owner
    if at + 1 < len(inside) and inside[at + 1].lower in TOWARDS:
        behind = _body(inside[at + 2 :])
        if behind is not None:
            body = body if body is not None and inside[at + 1].lower in {"in", "from", "to"} else behind
            last = next(i for i, t in enumerate(inside) if t.end == behind.end)
    text = parse.text[inside[first + begin].start : inside[at].end]
    where = Span(inside[0].start, inside[last].end)
    described = Span(inside[0].start, inside[at].end) if apart else None
    return Title(text, inside[at].lemma.lower(), body, described, where, parse.text[body.start : body.end] if body else None)


def _office(inside: Sequence[Token], first: int) -> int | None:
    """Where the noun of an office stands: the last of the first unbroken run of nouns and adjectives."""
    found = None
    for at in range(first, min(len(inside), first + LONGEST)):
        token = inside[at]
        if token.lemma.lower() in PERSON or token.lower in PERSON or token.lower.rstrip(".") in TITLES:
            found = at if token.tag not in {"NNS", "NNPS"} else found
        elif (token.lower not in {"-", "general"}) if found is not None else (token.pos not in KINDS and token.lower not in BETWEEN):
            break
    return found


def _owner(parse: Parse, title: Sequence[Token]) -> tuple[int, Span | None]:
    """Where an office begins behind the body that it belongs to (`Z's director`, `NATO spokesman`), and that body."""
    mark = next((i for i, t in enumerate(title) if t.lower in {"'s", "’s"}), None)
    if mark:
        return mark + 1, Span(title[0].start, title[mark - 1].end)
    named = [n for n in parse.names if n.label in {"ORG", "GPE", "NORP"} and title[0].start <= n.start < title[-1].start]
    if named:
        last = max(i for i, t in enumerate(title) if t.start < named[-1].end)
        if last + 1 < len(title):
            return last + 1, Span(named[-1].start, min(named[-1].end, title[last].end))
    last = max((i for i, t in enumerate(title[:-1]) if t.lower in BODIES), default=-1)
    return (0, Span(title[0].start, title[last].end)) if last >= 0 else (0, None)


def _body(inside: Sequence[Token]) -> Span | None:
    """The body that some words begin with: nouns and what may stand inside a name, article left out."""
    first = 0
    while first < len(inside) and inside[first].lower in DETERMINERS:
        first += 1
    last = -1
    for at in range(first, len(inside)):
        token = inside[at]
        if token.pos in KINDS or (token.text[:1].isupper() and token.pos != "PUNCT"):
            last = at
        elif token.lower not in INSIDE or (token.lower == "and" and not inside[min(at + 1, len(inside) - 1)].text[:1].isupper()):
            break
    return Span(inside[first].start, inside[last].end) if last >= first else None

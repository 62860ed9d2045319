"""Titles and offices around a name: `NATO Secretary-General Jens Stoltenberg`, `Karim Wardak, the Afghan ambassador`."""

from __future__ import annotations

import re
from collections.abc import Collection

import attrs

from ascertain.extract._lexicon import words
from ascertain.models.language import Parse, Token
from ascertain.records import Span

TITLES, PERSON = words("people", "titles"), words("people", "person")
COURTESY = {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "lord", "lady"}
STANDING_IN = {"deputy", "acting", "assistant", "vice", "interim"}  # words that open a title, its field behind them
NAMING = {"PROPN", "NOUN", "ADJ"}
MAX_TITLE_TOKENS = 14


@attrs.frozen
class Title:
    """A title with its head noun.

    Attributes:
        organisation: words for the body that it belongs to, None where none stands.
        apart: the description as a mention of its own (an apposition), None for a title before the name.
        where: all the words of the title.
    """

    text: str
    head: str
    organisation: Span | None
    apart: Span | None
    where: Span | None = None
    organisation_words: str | None = None


def title_before(parse: Parse, name: Span) -> Title | None:
    """The title that runs up to a name, with the body named in it; None where none stands there."""
    first = parse.token_at(name.start)
    if first is None:
        return None
    start = first.index
    while start > 0 and first.index - start < MAX_TITLE_TOKENS:
        token = parse.tokens[start - 1]
        if token.sentence != first.sentence or not _in_title(token):
            break
        start -= 1
    while start < first.index and parse.tokens[start].pos in {"DET", "PUNCT", "ADP", "CCONJ", "NUM"} and parse.tokens[start].text != "(":
        start += 1
    tokens = list(parse.tokens[start : first.index])
    titled = [i for i, t in enumerate(tokens) if t.lower.rstrip(".") in TITLES or t.lemma.lower() in PERSON or _hyphened(t.lower)]
    if not titled:
        return None
    begin = next(i for i in range(titled[-1] + 1) if all(_title_word(t) for t in tokens[i : titled[-1] + 1]))
    office_from = next((i for i in range(begin) if tokens[i].lower in STANDING_IN and all(t.pos in NAMING for t in tokens[i:begin])), begin)
    # "Prime Minister", "Secretary-General", "Special Representative": the words that belong to the office itself
    head = tokens[titled[-1]]
    text = parse.text[tokens[office_from].start : tokens[-1].end].strip(" ,(")
    organisation = _before([t for i, t in enumerate(tokens[:begin]) if i != office_from])
    where = Span(tokens[begin].start, tokens[-1].end)
    about = parse.text[organisation.start : organisation.end] if organisation else None
    joined = re.search(r"[\w.]+(?:\s?-\s?[\w.]+)+$", parse.text[tokens[begin].start : head.end])  # "Secretary-General" is three tokens
    office = joined[0].lower().replace(" ", "") if joined else head.lower.rstrip(".")
    return Title(
        text,
        office if office in TITLES else head.lower.rstrip(".").split("-")[0],
        organisation,
        None,
        where,
        about,
    )


def _in_title(token: Token) -> bool:
    if token.lower in {"(", ")", "'s", "’s", "-", "of"} or token.lower.rstrip(".") in TITLES:
        return True
    return token.pos in {"PROPN", "NOUN", "ADJ"} or (token.pos == "DET" and token.lower in {"the", "a", "an"})


def _title_word(token: Token) -> bool:
    low = token.lower.rstrip(".")
    return (
        low in TITLES or token.lemma.lower() in PERSON or low in {"-", "general", "deputy", "senior", "acting", "former"} or _hyphened(low)
    )


def _hyphened(word: str) -> bool:
    return "-" in word and word.split("-", maxsplit=1)[0] in TITLES | PERSON


def _before(tokens: list[Token]) -> Span | None:
    """The words of the body before a title: the last run of capitalised words, brackets left out."""
    kept = [t for t in tokens if t.pos in {"PROPN", "NOUN", "ADJ"} and t.text not in {"(", ")"}]
    if not kept:
        return None
    run = [kept[-1]]
    for token in reversed(kept[:-1]):
        if run[0].start - token.end <= 2:
            run.insert(0, token)
        else:
            break
    return Span(run[0].start, run[-1].end)


def titles_after(parse: Parse, head: Token, name: Span, people: Collection[str]) -> list[Title]:
    """Appositions of a name: `, head of the administration,`, `a spokeswoman for …`, and those before it that it is the apposition of."""
    found = []
    for noun in parse.dependents(head.index, "appos"):
        if noun.lemma.lower() in people or noun.lower in people or _hyphened(noun.lower):
            found.append(_apposition(parse, noun, name))
    above = parse.tokens[head.head]
    if head.dep == "appos" and above.index != head.index and (above.lemma.lower() in people or above.lower in people):
        found.append(_apposition(parse, above, name))
    if not found:
        match = re.match(
            r",\s+(?:who\s+(?P<verb>coordinates|leads|heads|runs|directs|commands|chairs|represents)\s+)?(?P<title>[^,.;\n]{3,70}?)(?=[,.;]|\s+said|\s+told)",
            parse.text[name.end : name.end + 110],
        )
        if match and not match["verb"]:
            token = next(
                (
                    t
                    for t in parse.tokens_in(Span(name.end + match.start("title"), name.end + match.end("title")))
                    if t.lemma.lower() in people
                ),
                None,
            )
            if (
                token is not None
                and re.match(r"(?:an?|the|head|spokes|director|chair|minister|governor|mayor|commander|chief|[a-z]+\s)", match["title"])
                and token.dep not in {"nsubj", "dobj"}
                and not _is_clause(parse, Span(name.end, token.end))
            ):
                found.append(_apposition(parse, token, name))
    return found


def _is_clause(parse: Parse, words_: Span) -> bool:
    """Whether words behind a name hold a verb of their own (`In Mahagi, a patrol was stoned by youths`): they are no title."""
    return any(t.pos == "AUX" or t.tag in {"VBD", "VBZ", "VBP"} for t in parse.tokens_in(words_))


def _apposition(parse: Parse, noun: Token, name: Span) -> Title:
    inside = [i for i in parse.subtree(noun.index) if not (name.start <= parse.tokens[i].start < name.end)]
    inside = [i for i in inside if (i < noun.index or parse.tokens[i].start < name.start) == (noun.start < name.start) or i >= noun.index]
    run = _around(inside, noun.index)
    stop = next(
        (
            i
            for i in run
            if i > noun.index and (parse.tokens[i].dep in {"relcl", "acl", "appos"} or parse.tokens[i].text in {",", ";", "who", "which"})
        ),
        None,
    )
    run = [i for i in run if stop is None or i < stop]
    start = run[0]
    while parse.tokens[start].pos in {"DET", "PUNCT"} and start < noun.index:
        start += 1
    where = Span(parse.tokens[start].start, parse.tokens[run[-1]].end)
    preposition = next((t for t in parse.dependents(noun.index, "prep") if t.index > noun.index and t.index in run), None)
    if preposition is not None:
        text_end, organisation = (
            parse.tokens[preposition.index - 1].end,
            Span(parse.tokens[min(preposition.index + 1, run[-1])].start, where.end),
        )
    else:
        text_end, organisation = noun.end, None
        before = [t for t in parse.tokens[start : noun.index] if t.pos in {"PROPN", "ADJ", "NOUN"} or t.lower in {"its", "their"}]
        if before:
            organisation = Span(before[0].start, before[-1].end)
        elif (owner := next(iter(parse.dependents(noun.index, "poss")), None)) is not None:
            organisation = owner.span
    text = parse.text[parse.tokens[start].start : max(text_end, noun.end)]
    about = parse.text[organisation.start : organisation.end] if organisation else None
    apart = Span(parse.tokens[run[0]].start, max(text_end, noun.end))
    return Title(text, noun.lemma.lower(), organisation, apart, where, about)


def _around(indices: list[int], centre: int) -> list[int]:
    """The unbroken run of indices around one."""
    found = [centre]
    have = set(indices)
    while found[0] - 1 in have:
        found.insert(0, found[0] - 1)
    while found[-1] + 1 in have:
        found.append(found[-1] + 1)
    return found

"""Entities: one for all the names, titles, descriptions and pronouns of a person, body, group, armed actor or place in a text.

Mentions are gathered in text order (places, names, noun phrases for people and bodies, pronouns) and each is joined to an entity
that it can mean, or makes a new one: names by their parts and initials, descriptions by office and head noun, pronouns by the
nearest fitting one, subjects and speakers before others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ascertain.extract._entities_bodies import give_bodies, roles_of
from ascertain.extract._entities_drafts import GROUP, ORGANISATION, PERSON, TITLES, Draft, Phrase
from ascertain.extract._entities_joining import join, noun_phrase
from ascertain.extract._entities_named import name_the_called
from ascertain.extract._entities_pronouns import AGED, NEW_AGED, PRONOUNS
from ascertain.extract._entities_same import ACRONYM
from ascertain.extract._places import PlaceMention
from ascertain.extract._quotes import find_quotes
from ascertain.models.language import Parse, Token
from ascertain.records import Entity, EntityType, Span

INITIALS = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?")
ARGUMENTS = {"nsubj", "nsubjpass", "dobj", "pobj", "appos", "poss", "conj", "agent"}
PRONOUN_TAGS = {"PRP", "PRP$"}
NAME_LABELS = {"PERSON", "ORG", "NORP", "FAC", "GPE", "LOC", "PRODUCT", "EVENT"}


def find_entities(
    parse: Parse, places: Sequence[PlaceMention], *, learned: bool = False, speakers: Sequence[Span] = ()
) -> tuple[Entity, ...]:
    """All entities of a text with ids `e1`, `e2`, … in order of their first mention.

    Args:
        learned: the names are the encoder's and need no help from the parse.
        speakers: words that name who says something; each means an entity, whatever its noun.
    """
    drafts: list[Draft] = []
    quotes = [q.outer for q in find_quotes(parse.text)]
    starts = [q.start for q in quotes]

    def inside(offset: int) -> bool:
        at = bisect_right(starts, offset) - 1
        return at >= 0 and offset < quotes[at].end

    for phrase in sorted(_phrases(parse, places, learned=learned, speakers=speakers), key=lambda p: (p.span.start, -p.span.end)):
        join(parse, phrase, drafts, inside)
    name_the_called(parse, drafts)
    give_bodies(parse, drafts)
    return _finished(drafts)


def _phrases(parse: Parse, places: Sequence[PlaceMention], *, learned: bool, speakers: Sequence[Span]) -> list[Phrase]:
    places = [p for p in places if not _is_initials(parse.text[p.span.start : p.span.end])]
    found = [Phrase(p.span, token, "place", place=p) for p in places if (token := _head(parse, p.span)) is not None]
    taken = [p.span for p in places]
    for span, label in _names(parse, [p.span for p in places if p.how == "name"], learned=learned):
        head = _head(parse, span)
        if head is not None and not any(span == other for other in taken):
            found.append(Phrase(span, head, "name", label=label))
            taken.append(span)
    covered = {t.index for span in taken for t in parse.tokens_in(span)}
    return [*found, *_unnamed(parse, covered, {head.index for span in speakers if (head := _head(parse, span)) is not None})]


def _unnamed(parse: Parse, covered: set[int], spoken: set[int]) -> Iterator[Phrase]:
    """Pronouns and descriptions; `spoken` are the heads of words that name who says something."""
    aged = {m.start("old"): Span(*m.span()) for m in AGED.finditer(parse.text)}
    new = {m.start("old"): Span(*m.span()) for m in NEW_AGED.finditer(parse.text)}
    for token in parse.tokens:
        if token.start in aged and not _before_noun(parse, token):
            yield Phrase(aged[token.start], token, "pronoun")
        elif token.start in new and not _before_noun(parse, token):
            yield Phrase(new[token.start], token, "aged")
        elif token.lower in PRONOUNS and token.pos == "PRON" and token.lower != "who":
            yield Phrase(token.span, token, "pronoun")
        elif token.index not in covered and token.pos in {"NOUN", "PROPN", "ADJ"}:
            plain = _is_people(token) and token.dep != "compound" and token.tag != "JJ"
            if plain or (token.index in spoken and token.tag not in PRONOUN_TAGS):
                yield Phrase(noun_phrase(parse, token), token, "noun")


def _before_noun(parse: Parse, token: Token) -> bool:
    """`the 58-year-old man`: the words only tell of a noun behind them."""
    return token.head > token.index and parse.tokens[token.head].pos in {"NOUN", "PROPN"}


def _is_initials(words: str) -> bool:
    """Letters with points that stand for an office (`the I.G.`) rather than for a country or its capital."""
    return bool(INITIALS.fullmatch(words)) and words.upper().replace(".", "") not in {
        "US",
        "USA",
        "UK",
        "UAE",
        "UN",
        "EU",
        "DC",
        "DRC",
        "PNG",
        "NZ",
    }


def _is_people(token: Token) -> bool:
    lemma = token.lemma.lower()
    return lemma in PERSON or lemma in GROUP or token.lower in GROUP or token.lower in PERSON


def _head(parse: Parse, span: Span) -> Token | None:
    """The token of a span whose head lies outside of it; the last where several do."""
    inside = parse.tokens_in(span)
    if not inside:
        return parse.token_at(span.start)
    indices = {t.index for t in inside}
    return next((t for t in reversed(inside) if t.head not in indices or t.head == t.index), inside[-1])


def _names(parse: Parse, places: Sequence[Span], *, learned: bool) -> list[tuple[Span, str]]:
    """Names of people and bodies: the model's, cleaned; with the parser's own also runs of proper nouns that it missed."""
    found: list[tuple[Span, str]] = []
    for name in parse.names:
        if name.label in NAME_LABELS:
            span = _cleaned(parse, Span(name.start, name.end))
            if span is not None and not any(p.start <= span.start and span.end <= p.end for p in places):
                found.append((span, name.label))
    for span in () if learned else _proper_runs(parse):
        taken = any(span.start < other.end and other.start < span.end for other, _ in found)
        if not taken and not any(p.start <= span.start and span.end <= p.end for p in places):
            found.append((span, "RUN"))
    return found


def _cleaned(parse: Parse, span: Span) -> Span | None:
    """A name without article, title words, possessive; None where nothing of a name is left."""
    tokens = parse.tokens_in(span)
    while tokens and (tokens[0].pos in {"DET", "PUNCT", "ADP", "NUM", "CCONJ"} or not tokens[0].text[:1].isupper()):
        tokens = tokens[1:]
    while tokens and (
        tokens[-1].tag == "POS" or (tokens[-1].pos in {"PUNCT", "ADP", "CCONJ", "NUM", "VERB"} and not ACRONYM.match(tokens[-1].text))
    ):
        tokens = tokens[:-1]
    while len(tokens) > 1 and tokens[0].lower.rstrip(".") in TITLES and tokens[-1].lower not in ORGANISATION:
        tokens = tokens[1:]
    if not tokens or "\n" in parse.text[tokens[0].start : tokens[-1].end]:
        return None
    if len(tokens) == 1 and (tokens[0].pos not in {"PROPN", "NOUN", "ADJ", "X"} or tokens[0].lower in PRONOUNS):
        return None
    end = tokens[-1].end
    text = parse.text[tokens[0].start : end]
    return Span(tokens[0].start, end - (2 if text.endswith(("'s", "’s")) else 0))


def _proper_runs(parse: Parse) -> list[Span]:
    """Runs of two or more proper nouns, and single ones that are subjects or follow a title, that the model gave no label."""
    runs: list[Span] = []
    current: list[Token] = []
    for token in (*parse.tokens, None):
        joins = token is not None and token.pos == "PROPN" and token.text[:1].isupper() and not token.text.isdigit()
        if joins and token is not None and current and token.start - current[-1].end <= 1 and token.sentence == current[-1].sentence:
            current.append(token)
            continue
        while len(current) > 1 and current[0].lower.rstrip(".") in TITLES and current[-1].lower not in ORGANISATION:
            current = current[1:]
        alone = len(current) == 1 and current[0].dep in ARGUMENTS and len(current[0].text) > 2
        if (len(current) >= 2 or alone) and current[0].lower.rstrip(".") not in TITLES:
            runs.append(Span(current[0].start, current[-1].end))
        current = [token] if joins and token is not None else []
    return runs


# --- finishing


def _finished(drafts: Iterable[Draft]) -> tuple[Entity, ...]:
    kept = [d for d in drafts if d.mentions]
    kept.sort(key=lambda d: min(d.mentions))
    ids = {d.number: f"e{n}" for n, d in enumerate(kept, start=1)}
    finished = []
    for draft in kept:
        roles = roles_of(kept, ids, draft) if draft.type is EntityType.PERSON else ()
        aliases = tuple(n for n in dict.fromkeys(draft.names) if n != draft.name)
        mentions = tuple(sorted(set(draft.mentions)))
        finished.append(Entity(ids[draft.number], draft.type, draft.name, mentions, aliases, roles, draft.place))
    return tuple(finished)

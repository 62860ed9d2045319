"""Where words of violence are meant otherwise: sports, films, accidents, prices; nouns of telling that `statements` carry already."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ascertain.extract._cues import NOUNS as CUE_NOUNS
from ascertain.extract._events_arguments import Arguments
from ascertain.extract._lexicon import word_class, words
from ascertain.models.language import Parse, Token
from ascertain.records import EventType

TOLD = {EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN}
SPORTS_REPORT = 4  # so many words of sports in a text make it a report on a match
PLAY = {"kill", "shoot", "attack", "strike", "wound", "fighter", "shooting"}  # words of war that such a report uses of play
SCORE = re.compile(
    r"(?<![\w-])\d{1,2}\s?[-–]\s?\d{1,2}(?![\w-])|\b(?:one|two|three|four|five|six)[- ](?:nil|one|two|three|four|all)\b", re.IGNORECASE
)
TEAMS = {"united", "city", "rovers", "pillars", "fc", "team", "side", "beat", "win", "lose", "draw", "defeat", "play", "score"}
FICTION = words("events_conditions", "fiction")
GIVES_TELLING = words("events_conditions", "gives_telling")
BEARS_ARMS = word_class("bears_arms")
STRUCK = word_class("people") | word_class("force") | word_class("building") | {"@Name", "@pronoun"}


def meant_otherwise(parse: Parse, token: Token, event: EventType, kind: str | None) -> bool:
    """Whether a trigger word is meant otherwise here."""
    if token.pos in {"NOUN", "PROPN"} and event in TOLD and token.lemma.lower() in CUE_NOUNS:
        return not _given(parse, token)
    if event is EventType.ASSAULT:
        return any(test(parse, token, kind) for test in OTHERWISE)
    if event in {EventType.COERCE, EventType.PROTEST, EventType.RETREAT, EventType.CONCEDE}:
        return _sport(parse, token, None) or _fiction(parse, token, kind)
    return False


def _given(parse: Parse, token: Token) -> bool:
    """`issued a warning`, `rejected the accusation`: a noun of telling as the object of a verb that gives it."""
    return token.dep in {"dobj", "nsubjpass"} and parse.tokens[token.head].lemma.lower() in GIVES_TELLING


@lru_cache(maxsize=4)
def _paragraphs(parse: _Key) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for sentence in parse.parse.sentences:
        lemmas = found.setdefault(sentence.paragraph, set())
        lemmas.update(t.lemma.lower() for t in parse.parse.tokens[sentence.first : sentence.last])
    return {number: frozenset(lemmas) for number, lemmas in found.items()}


class _Key:
    """A parse by its identity, so that the sets of its paragraphs are made once."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse

    def __hash__(self) -> int:
        return id(self.parse)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.parse is self.parse


def _sentence(parse: Parse, token: Token) -> frozenset[str]:
    sentence = parse.sentence_of(token)
    return frozenset(t.lemma.lower() for t in parse.tokens[sentence.first : sentence.last])


def _sport(parse: Parse, token: Token, kind: str | None) -> bool:
    """One word of sports or films in the sentence, or two in the paragraph, and none of war; for violence (`kind`) four in the text.

    Not where the ones who do it bear arms (`jets bombed a concert`).
    """
    war, sport = word_class("war"), word_class("sport")
    if token.pos == "VERB" and not BEARS_ARMS.isdisjoint(Arguments(parse, token).of("subject")):
        return False
    here = _sentence(parse, token)
    if SCORE.search(parse.text, parse.sentence_of(token).start, parse.sentence_of(token).end) and here & TEAMS:
        return not (here & war - {token.lemma.lower()})
    if here & sport:
        return not (here & war - {token.lemma.lower()})
    paragraphs = _paragraphs(_Key(parse))
    around = paragraphs[parse.sentence_of(token).paragraph]
    if len(around & sport) >= 2:
        return not around & war - {token.lemma.lower()}
    if kind is None:
        return False
    told_of_sport = len(frozenset().union(*paragraphs.values()) & sport) >= SPORTS_REPORT
    return told_of_sport and not around & war - PLAY - {token.lemma.lower()}


def _fiction(parse: Parse, token: Token, kind: str | None) -> bool:
    """`In the film, soldiers massacre villagers`; `the novel tells how…`: told, not happened."""
    del kind
    sentence = parse.sentence_of(token)
    for other in parse.tokens[sentence.first : sentence.last]:
        if other.lemma.lower() in FICTION:
            inside = other.dep == "pobj" and parse.tokens[other.head].lower in {"in", "of"} and _opens(parse, other, sentence.first, token)
            if inside or (other.dep in {"nsubj", "nsubjpass"} and other.index < token.index):
                return True
    return False


def _business(parse: Parse, token: Token, kind: str | None) -> bool:
    """Analysts that open fire, shares that are hammered, profit-takers that attack."""
    del kind
    governing = token.dep == "dobj" and parse.tokens[token.head].pos == "VERB"
    arguments = Arguments(parse, parse.tokens[token.head] if governing else token)
    doing, struck = arguments.of("subject"), arguments.of("object")
    traded = word_class("business")
    return bool((doing | struck) & traded) and not (doing | struck) & word_class("armed")


def _opens(parse: Parse, noun: Token, first: int, trigger: Token) -> bool:
    """Whether a phrase opens its sentence, or stands under the trigger itself."""
    return noun.index - first < 8 or any(t is trigger for t in parse.ancestors(noun.index))


def _figurative(parse: Parse, token: Token, kind: str | None) -> bool:
    """An object that no weapon strikes: prices, records, headlines."""
    del kind
    if token.pos != "VERB":
        return False
    near = Arguments(parse, token).of("any")
    return bool(near & word_class("not_war")) and not near & STRUCK - {"@Name"}


def _accident(parse: Parse, token: Token, kind: str | None) -> bool:
    """Deaths and injuries among words of accidents and nature, with none of war in the sentence."""
    if kind not in {"killing", "injuring", "explosion", "destruction"}:
        return False
    here = _sentence(parse, token)
    return bool(here & word_class("accident")) and not here & (word_class("war") - {"kill", "wound", "civilian", "police", "explosion"})


OTHERWISE: tuple[Callable[[Parse, Token, str | None], bool], ...] = (_figurative, _business, _sport, _fiction, _accident)

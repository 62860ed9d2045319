"""Which words tell of an event, and of what: the lexicon, the rules for words that mean it only in company, compound nouns, states.

`data/events.toml` lists words by type and kind, `data/events_rules.toml` the senses of words by what stands around them,
`data/events_conditions.toml` compounds (`air strike`) and states (`dead`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import attrs

from ascertain.extract._events_arguments import Arguments, Condition
from ascertain.extract._events_context import meant_otherwise
from ascertain.extract._events_syntax import is_finite_noun
from ascertain.extract._lexicon import table, words
from ascertain.models.language import Parse, Token
from ascertain.records import EventType, Span

STATE_PLACES = {"acomp", "attr", "ROOT", "conj", "oprd", "ccomp", "amod", "xcomp", "dobj", "advcl", "appos", "dep"}
VIOLENT = {EventType.ASSAULT, EventType.DISCOVER, EventType.PROTEST}
NAMED = {"ORG", "PERSON", "FAC", "WORK_OF_ART", "PRODUCT", "LAW"}
VERB_TAGS = {"VBN", "VBD", "VBG", "VB", "VBZ", "VBP"}
NOUNS_THAT_MODIFY = words("events_conditions", "may_modify")


@attrs.frozen
class Meaning:
    """A trigger's type and kind."""

    type: EventType
    kind: str | None

    @classmethod
    def read(cls, text: str) -> Meaning | None:
        """From `TYPE.KIND` of the data files; None for `none`."""
        kind_of_event, _, kind = text.strip().partition(".")
        return None if kind_of_event == "none" else cls(EventType(kind_of_event), kind or None)


@attrs.frozen
class Sense:
    """What a word means where its conditions hold; `meaning` None: no event."""

    meaning: Meaning | None
    conditions: tuple[Condition, ...]


@attrs.frozen
class Lexicon:
    """Words of one part of speech: their senses, and what they mean where none holds."""

    senses: dict[str, tuple[Sense, ...]]
    plain: dict[str, Meaning]

    def meaning(self, word: str, arguments: Arguments) -> Meaning | None:
        """What a word means here."""
        for sense in self.senses.get(word, ()):
            if all(condition.holds(arguments) for condition in sense.conditions):
                return sense.meaning
        return self.plain.get(word)

    def __contains__(self, word: str) -> bool:
        return word in self.senses or word in self.plain


@cache
def lexicon(part: str) -> Lexicon:
    """The words of a part of speech, `verbs` or `nouns`."""
    plain: dict[str, Meaning] = {}
    for kind_of_event, kinds in table("events").items():
        for kind, listed in kinds.items():
            for word in listed.get(part, "").split():
                plain.setdefault(word, Meaning(EventType(kind_of_event), kind))
    senses: dict[str, tuple[Sense, ...]] = {}
    for key, rules in table("events_rules")[part].items():
        read = tuple(_sense(rule) for rule in rules)
        for word in key.split():
            senses[word] = senses.get(word, ()) + read
    return Lexicon(senses, plain)


def _sense(rule: str) -> Sense:
    meaning, _, conditions = rule.partition(" if ")
    return Sense(Meaning.read(meaning), tuple(Condition.read(part) for part in conditions.split(" and ") if part.strip()))


@cache
def _compounds() -> dict[tuple[str, str], Meaning]:
    made = {}
    for words_, meaning in table("events_conditions")["compounds"].items():
        first, second = words_.split()
        read = Meaning.read(meaning)
        if read is not None:
            made[first, second] = read
    return made


@cache
def _states() -> dict[str, Meaning]:
    found = {word: Meaning.read(meaning) for word, meaning in table("events_conditions")["states"].items()}
    return {word: meaning for word, meaning in found.items() if meaning is not None}


def triggers(parse: Parse) -> Iterator[tuple[Token, Span, Meaning]]:
    """The trigger words of a text with their passages and meanings, in text order; words inside names of bodies and works are none."""
    named = bytearray(len(parse.text))
    for name in parse.names:
        if name.label in NAMED:
            named[name.start : name.end] = b"\1" * (name.end - name.start)
    for token in parse.tokens:
        if token.pos == "PROPN" and named[token.start]:
            continue
        if token.pos in {"PUNCT", "DET", "ADP", "NUM", "SPACE", "CCONJ", "PART", "PRON"}:
            continue
        meaning = _meaning(parse, token)
        if meaning is not None and meaning.type not in VIOLENT and _in_name(parse, token):
            continue
        if meaning is not None and not meant_otherwise(parse, token, meaning.type, meaning.kind):
            yield token, _span(parse, token), meaning


def _in_name(parse: Parse, token: Token) -> bool:
    """A capitalised noun at the end of a capitalised name that the model did not mark (`Lúrio Relief`)."""
    return token.pos == "PROPN" and any(t.pos == "PROPN" for t in parse.dependents(token.index, "compound"))


def _span(parse: Parse, token: Token) -> Span:
    """The word with its particle or the adjective that completes it (`shot dead`, `blew up`)."""
    following = parse.tokens[token.index + 1] if token.index + 1 < len(parse.tokens) else None
    if following is not None and following.sentence == token.sentence and (following.dep == "prt" or following.lower == "dead"):
        return Span(token.start, following.end)
    return token.span


def _meaning(parse: Parse, token: Token) -> Meaning | None:
    if token.lower == "missing" and not parse.dependents(token.index, "dobj"):
        return _state_meaning(parse, token)
    if token.pos == "VERB" or is_finite_noun(token) or (token.pos in {"ADJ", "NOUN"} and token.tag in VERB_TAGS):
        return _verb_meaning(parse, token)
    if token.pos in {"NOUN", "PROPN"} or token.tag in {"NN", "NNS"}:
        return _noun_meaning(parse, token)
    if token.pos == "ADJ" and token.lower in _states() and (token.dep in STATE_PLACES or _counted(parse, token)):
        return _state_meaning(parse, token)
    return None


def _counted(parse: Parse, token: Token) -> bool:
    """`They counted eleven dead`: a number right before a state."""
    return token.index > 0 and parse.tokens[token.index - 1].pos == "NUM"


def _state_meaning(parse: Parse, token: Token) -> Meaning | None:
    """`dead`, `missing`: said of somebody, not before a noun (`dead bodies`), not completing a trigger (`shot dead`)."""
    before = parse.tokens[token.index - 1] if token.index else None
    if token.dep == "amod" and parse.tokens[token.head].index > token.index:
        return None
    if before is not None and token.lower == "dead" and before.lemma.lower() in {"shoot", "leave", "find", "discover", "feared"}:
        return None
    return _states()[token.lower]


def _verb_meaning(parse: Parse, token: Token) -> Meaning | None:
    known = lexicon("verbs")
    lemma = token.lemma.lower()
    lemma = lemma if lemma in known else _inflected().get(token.lower, lemma)
    arguments = Arguments(parse, token)
    for sense in known.senses.get(lemma, ()):
        if sense.conditions and all(condition.holds(arguments) for condition in sense.conditions):
            return sense.meaning
    for particle in parse.dependents(token.index, "prt", "advmod"):
        if f"{lemma}-{particle.lower}" in known.plain:
            return known.plain[f"{lemma}-{particle.lower}"]
    return known.meaning(lemma, arguments) if lemma in known else None


@cache
def _inflected() -> dict[str, str]:
    """Regular forms of the verbs in the lexicon with their lemma, for words that the parser's lemmatiser does not know (`raped` to `rap`)."""
    known = lexicon("verbs")
    found: dict[str, str] = {}
    for verb in sorted({*known.plain, *known.senses}):
        stem = verb[:-1] if verb.endswith("e") else verb[:-1] + "i" if re.search(r"[^aeiou]y$", verb) else verb
        doubled = verb + verb[-1] if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", verb) else None
        forms = [stem + "ed", stem + "es", verb + "s", verb[:-1] + "ing" if verb.endswith("e") else verb + "ing"]
        forms += [doubled + "ed", doubled + "ing"] if doubled else []
        for form in forms:
            found.setdefault(form, verb)
    return found


def _noun_meaning(parse: Parse, token: Token) -> Meaning | None:
    known = lexicon("nouns")
    lemma = token.lemma.lower()
    before = _modifier_before(parse, token)
    if before is not None:
        joined = known.plain.get(f"{before.lower}-{lemma}")
        compound = joined or _compounds().get((before.lemma.lower(), lemma)) or _compounds().get((before.lower, lemma))
        if compound is not None:
            return None if _modifies(parse, token) else compound
    word = lemma if lemma in known else token.lower
    if word not in known or _modifies(parse, token):
        return None
    return known.meaning(word, Arguments(parse, token))


def _modifier_before(parse: Parse, token: Token) -> Token | None:
    """The word before a noun in its sentence, across a hyphen that the parser made a token (`cease-fire`)."""
    index = token.index - 1
    if index > 0 and parse.tokens[index].text in {"-", "–"} and parse.tokens[index].end == token.start:
        index -= 1
    return parse.tokens[index] if index >= 0 and parse.tokens[index].sentence == token.sentence else None


def _modifies(parse: Parse, token: Token) -> bool:
    """Whether a noun only stands before another (`attack helicopter`, `aid workers`) or inside a name; `death toll` counts once."""
    if token.dep == "poss":
        return token.pos == "PROPN"
    if token.dep not in {"compound", "nmod", "amod"}:
        return False
    head = parse.tokens[token.head]
    if head.index < token.index:
        return False
    if token.pos == "PROPN" or head.lemma.lower() in lexicon("nouns"):
        return True
    return token.lemma.lower() not in NOUNS_THAT_MODIFY or head.lemma.lower() not in words("events_conditions", "told_of")

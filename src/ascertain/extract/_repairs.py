"""Repairs of the parse, by rules, before anything is read off it: verbs hung on the wrong verb, verbs taken for adjectives.

The parser hangs a coordinated verb on the nearest verb (`denies that they shot at him and blames the army`): where its form agrees with
the saying verb and not with the clause it is the saying verb's. And it takes a plain past for an adjective (`set fires and abducted women`).
"""

from __future__ import annotations

import attrs

from ascertain.extract._lexicon import by_word, table
from ascertain.models.language import Parse, Token

SAYING = frozenset(by_word("cues", "verbs"))
FINITE = {"VBZ", "VBP", "VBD"}


def repaired(parse: Parse) -> Parse:
    """The parse with the repairs made; the same object where there are none."""
    changed: dict[int, Token] = {}
    for token in parse.tokens:
        made = _of_saying(parse, token) or _verb_again(parse, token)
        if made is not None:
            changed.update((t.index, t) for t in made)
    if not changed:
        return parse
    return attrs.evolve(parse, tokens=tuple(changed.get(t.index, t) for t in parse.tokens))


def _of_saying(parse: Parse, verb: Token) -> tuple[Token, ...] | None:
    """`denies that the men shot at him and blames the army`: who denies blames."""
    if verb.dep != "conj" or verb.tag not in FINITE:
        return None
    clause = parse.tokens[verb.head]
    above = parse.tokens[clause.head]
    fits = clause.dep == "ccomp" and above.lemma.lower() in SAYING and verb.tag == above.tag != clause.tag and above.index < clause.index
    if not fits or parse.dependents(verb.index, "nsubj", "nsubjpass", "aux", "auxpass") or _has_auxiliary(parse, clause):
        return None
    return (attrs.evolve(verb, head=above.index),)


def _has_auxiliary(parse: Parse, clause: Token) -> bool:
    return clause.tag not in FINITE and bool(parse.dependents(clause.index, "aux", "auxpass"))


def _verb_again(parse: Parse, word: Token) -> tuple[Token, ...] | None:
    """`set houses on fire and abducted women`: a past form between `and` and a bare plural, behind an object, is a verb of the same subject."""
    noun = parse.tokens[word.head]
    before = parse.tokens[word.index - 1] if word.index else word
    shape = word.dep == "amod" and word.tag in {"VBN", "VBD", "JJ"} and word.lower.endswith("ed") and noun.index == word.index + 1
    if (
        not shape
        or before.lower not in {"and", "but"}
        or noun.tag != "NNS"
        or noun.dep != "conj"
        or word.lower.removesuffix("ed") in STATES
    ):
        return None
    verb = next((t for t in parse.ancestors(noun.index) if t.tag == "VBD"), None)
    if verb is None or verb.index > word.index:
        return None
    return attrs.evolve(word, dep="conj", head=verb.index, tag="VBD", pos="VERB", lemma=_lemma(word)), attrs.evolve(
        noun, dep="dobj", head=word.index
    )


STATES = frozenset(word.removesuffix("ed") for word in table("events_conditions")["states"])  # `the dead and injured people`


def _lemma(word: Token) -> str:
    return word.lemma if word.lemma.lower() != word.lower else word.lower

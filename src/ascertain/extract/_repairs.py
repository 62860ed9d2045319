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
        made = _of_saying(parse, token) or _verb_again(parse, token) or _only_verb(parse, token)
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


def _only_verb(parse: Parse, word: Token) -> tuple[Token, ...] | None:
    """`Two men on a motorcycle opened fire on the car`: a set phrase's past form, taken for an adjective in a sentence without a verb, is its verb."""
    noun = parse.tokens[word.head]
    fits = word.dep == "amod" and noun.index == word.index + 1 and (word.lower, noun.lower) in SET_PHRASES
    sentence = parse.sentence_of(word)
    inside = parse.tokens[sentence.first : sentence.last]
    subject = next((t for t in inside if t.head == t.index), None) if fits else None
    if subject is None or subject.pos not in {"NOUN", "PROPN", "PRON", "NUM"} or subject.index > word.index:
        return None
    if any(t.tag in FINITE for t in inside):
        return None
    verb = attrs.evolve(word, dep="ROOT", head=word.index, tag="VBD", pos="VERB", lemma=SET_PHRASES[word.lower, noun.lower])
    made = [verb, attrs.evolve(subject, dep="nsubj", head=word.index), attrs.evolve(noun, dep="dobj", head=word.index)]
    made += [attrs.evolve(t, head=word.index) for t in parse.dependents(noun.index, "prep") if t.index > noun.index]
    return tuple(made + _loosened(parse, word, noun))


def _loosened(parse: Parse, word: Token, noun: Token) -> list[Token]:
    """A noun before the new verb that hung on it (`a motorcycle opened`) goes to the preposition before it, which had the new object."""
    preposition = parse.tokens[noun.head]
    before = [t for t in parse.dependents(word.index, "npadvmod", "nmod", "compound") if t.index < word.index]
    if preposition.pos != "ADP" or preposition.index > word.index or not before:
        return []
    articles = [t for t in parse.dependents(noun.index, "det") if t.index < before[-1].index]
    return [attrs.evolve(before[-1], dep="pobj", head=preposition.index), *(attrs.evolve(t, head=before[-1].index) for t in articles)]


SET_PHRASES = {
    (word, noun): lemma
    for lemma, word, nouns in (
        ("open", "opened", "fire"),
        ("take", "took", "part control cover hostages responsibility refuge shelter"),
        ("lay", "laid", "siege charges mines"),
        ("set", "set", "fire ablaze"),
    )
    for noun in nouns.split()
}
STATES = frozenset(word.removesuffix("ed") for word in table("events_conditions")["states"])  # `the dead and injured people`


def _lemma(word: Token) -> str:
    return word.lemma if word.lemma.lower() != word.lower else word.lower

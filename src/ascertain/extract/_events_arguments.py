"""What stands around a trigger word, and the conditions of the rules about it (see the head of data/events_rules.toml)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from ascertain.extract._events_syntax import doers, is_passive, spread, sufferers
from ascertain.extract._lexicon import word_class
from ascertain.models.language import Parse, Token

MARKERS = frozenset({"@Name", "@pronoun", "@number", "@any"})
FINDING = {"find", "discover", "recover", "unearth", "exhume", "uncover", "count", "record", "locate", "retrieve", "identify"}
ALONE = {"nsubj", "nsubjpass", "dobj", "conj"}
CROWDS = {"dozen", "score", "hundred", "thousand", "many", "several", "other", "some", "most", "all", "both"}
PLANNING = {"plan", "schedule", "prepare"}


def marked(token: Token) -> list[str]:
    """A token's lemma and form, with the markers that conditions may name."""
    found = [token.lemma.lower(), token.lower, "@any"]
    if token.pos == "PROPN" or (token.text[:1].isupper() and token.pos in {"ADJ", "NOUN"}):
        found += ["@Name", token.lower.removesuffix("s")]
    elif token.pos == "PRON":
        found.append("@pronoun")
    elif token.pos == "NUM":
        found.append("@number")
    if token.dep in ALONE and (token.pos == "NUM" or token.lemma.lower() in CROWDS) and "%" not in token.text and "." not in token.text:
        found.append("people")  # "two were beaten", "dozens were held": a number by itself counts people
    return found


class Arguments:
    """The words around one token by their place, each set made when first asked for."""

    def __init__(self, parse: Parse, token: Token) -> None:
        self.parse, self.token = parse, token
        self._made: dict[str, frozenset[str]] = {}

    def of(self, where: str) -> frozenset[str]:
        """Lemmas, forms and markers at one place.

        Raises:
            KeyError: there is no such place.
        """
        if where not in self._made:
            self._made[where] = frozenset(word for token in PLACES[where](self.parse, self.token) for word in marked(token))
        return self._made[where]


def _objects(parse: Parse, token: Token) -> list[Token]:
    return spread(parse, sufferers(parse, token))


def _subjects(parse: Parse, token: Token) -> list[Token]:
    return spread(parse, doers(parse, token))


def _behind(parse: Parse, token: Token) -> list[Token]:
    """Nouns behind the token's prepositions, one of another's too (`the fire of rockets on the town`)."""
    prepositions = parse.dependents(token.index, "prep", "agent", "dative")
    nouns = [noun for p in prepositions for noun in parse.dependents(p.index, "pobj", "pcomp")]
    return spread(parse, nouns)


def _prepositions(parse: Parse, token: Token) -> list[Token]:
    return parse.dependents(token.index, "prep", "agent", "dative")


def _particles(parse: Parse, token: Token) -> list[Token]:
    """Particles, and prepositions or adverbs that stand alone (`took two nurses off`)."""
    found = parse.dependents(token.index, "prt", "advmod", "oprd", "acomp", "dobj")
    return found + [t for t in parse.dependents(token.index, "prep") if not parse.children[t.index]]


def _modifiers(parse: Parse, token: Token) -> list[Token]:
    return [parse.tokens[i] for i in parse.children[token.index] if i < token.index and parse.tokens[i].pos not in {"PUNCT", "DET", "ADP"}]


def _below(parse: Parse, token: Token) -> list[Token]:
    return [parse.tokens[i] for i in parse.subtree(token.index) if i != token.index and abs(i - token.index) < 25]


def _given(parse: Parse, token: Token) -> list[Token]:
    """Everything in the phrases of a verb's objects."""
    objects = parse.dependents(token.index, "dobj", "nsubjpass")
    return [parse.tokens[i] for noun in objects for i in parse.subtree(noun.index)]


def _near(parse: Parse, token: Token) -> list[Token]:
    sentence = parse.sentence_of(token)
    return [t for t in parse.tokens[max(sentence.first, token.index - 60) : min(sentence.last, token.index + 60)] if t is not token]


def _neighbour(parse: Parse, token: Token, step: int) -> list[Token]:
    index = token.index + step
    inside = 0 <= index < len(parse.tokens) and parse.tokens[index].sentence == token.sentence
    return [parse.tokens[index]] if inside else []


PLACES: dict[str, Callable[[Parse, Token], list[Token]]] = {
    "object": _objects,
    "subject": _subjects,
    "any": lambda parse, token: _objects(parse, token) + _subjects(parse, token) + _behind(parse, token),
    "to": _behind,
    "prep": _prepositions,
    "particle": _particles,
    "mod": _modifiers,
    "below": _below,
    "given": _given,
    "head": lambda parse, token: [parse.tokens[token.head]] if token.head != token.index else [],
    "near": _near,
    "next": lambda parse, token: _neighbour(parse, token, 1),
    "last": lambda parse, token: _neighbour(parse, token, -1),
}  # fmt: skip


def _counted(parse: Parse, token: Token) -> bool:
    """`27 bodies`, `the bodies of 21 people` where no verb of finding governs them: the find itself."""
    governed = (parse.tokens[token.head], *parse.dependents(token.index, "acl", "relcl"), *parse.ancestors(token.index))
    if any(t.lemma.lower() in FINDING for t in governed):
        return False
    return any(parse.tokens[i].pos == "NUM" and i - token.index < 5 for i in parse.subtree(token.index))


def _planned(parse: Parse, token: Token) -> bool:
    return token.dep == "nsubjpass" and parse.tokens[token.head].lemma.lower() in PLANNING


STATES: dict[str, Callable[[Parse, Token], bool]] = {"passive": is_passive, "counted": _counted, "planned": _planned}


@attrs.frozen
class Condition:
    """One condition of a rule."""

    where: str
    words: frozenset[str]
    negated: bool

    @classmethod
    def read(cls, text: str) -> Condition:
        """From its words in the data file.

        Raises:
            ValueError: it names a place or state that there is not.
        """
        parts = text.split()
        negated = parts[0] == "not"
        where, listed = parts[int(negated)], parts[int(negated) + 1 :]
        known = STATES if where == "is" else PLACES
        if (where == "is" and listed[0] not in known) or (where != "is" and where not in known) or not listed:
            raise ValueError(f"a rule's condition names a place and words, got {text!r}")
        return cls(where, _expanded(listed), negated)

    def holds(self, arguments: Arguments) -> bool:
        """Whether it is so around a token."""
        if self.where == "is":
            found = any(STATES[state](arguments.parse, arguments.token) for state in self.words)
        else:
            found = not self.words.isdisjoint(arguments.of(self.where))
        return found is not self.negated


def _expanded(listed: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for word in listed:
        if word.startswith("@") and word not in MARKERS:
            found |= word_class(word[1:])
        else:
            found.add(word)
    return frozenset(found)

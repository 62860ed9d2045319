"""The syntax that triggers and participants share: who does, who suffers, in the passive, in relative and coordinated clauses.

The parser reads headlines (`Three killed in blast`) as active; a verb of harm without an object is taken for passive there.
"""

from __future__ import annotations

from collections.abc import Iterable

from ascertain.extract._lexicon import word_class, words
from ascertain.models.language import Parse, Token

MEASURES = words("events_classes", "measure")
PEOPLE, PERSONS = word_class("people"), word_class("persons")
BODIES = words("people", "organisation") | words("people", "group")
COUNT_WORDS = {
    "at",
    "least",
    "most",
    "more",
    "than",
    "about",
    "some",
    "up",
    "to",
    "as",
    "many",
    "nearly",
    "almost",
    "around",
    "over",
    "fewer",
    "the",
    "another",
}
NUMBER_PREPOSITIONS = {"between", "up", "around", "about", "over", "under", "to"}
HEADLINE_VERBS = {"kills", "injures", "wounds", "hits", "bombs", "shells", "strikes", "raids", "disputes", "rejects", "denies"}
RELATIVE = {"who", "which", "that", "whom"}
WEAPONS = words("events_classes", "missile")
NOUN_LIKE = {"NOUN", "PROPN", "PRON", "NUM"}
NEEDS_OBJECT = words("events_participants", "needs_object")
SMALL_CLAUSE = {"let", "make", "force"}  # `let two of the boys go`: the parser takes whom for the subject of the clause
GIVING = words("events_participants", "receives_by_to") | {"deny", "pay", "award", "show", "tell", "ask", "call", "name", "teach", "owe"}
CONTROL = words("events_participants", "object_control")
BLAMING = words("events_participants", "blaming")


def is_passive(parse: Parse, verb: Token) -> bool:
    """Whether a verb's subject suffers what it tells."""
    children = [parse.tokens[i] for i in parse.children[verb.index]]
    labels = {t.dep for t in children}
    if labels & {"auxpass", "nsubjpass", "agent"}:
        return True
    if verb.tag not in {"VBN", "VBD"}:
        return False
    if verb.lemma.lower() in NEEDS_OBJECT and ("dobj" in labels or counted_object(parse, verb) is not None):
        return False
    if verb.lemma == "shoot" and labels.isdisjoint({"dobj", "aux"}) and _dead_after(parse, verb):
        return number_object(parse, verb) is None
    if verb.tag == "VBN" and "aux" not in labels and verb.dep in {"acl", "amod", "relcl", "oprd"}:
        return "dobj" not in labels or verb.lemma.lower() in GIVING  # "residents of the town set fire to a station" is active
    if "dobj" in labels or number_object(parse, verb) is not None:
        return False
    above = parse.tokens[verb.head]
    if verb.dep == "conj" and verb.tag == "VBN" and not labels & {"aux", "nsubj"} and above.tag == "VBN":
        return is_passive(parse, above)
    armed = any(t.lemma.lower() in WEAPONS for t in children if t.dep == "nsubj")
    return verb.lemma.lower() in NEEDS_OBJECT and not labels & {"aux", "xcomp"} and not armed


def _dead_after(parse: Parse, verb: Token) -> bool:
    """`Fishermen shot dead`, with nobody behind it."""
    after = parse.tokens[verb.index + 1 : verb.index + 3]
    return (
        bool(after) and after[0].lower == "dead" and not (len(after) > 1 and after[1].pos in {"NUM", "NOUN", "DET", "ADJ", "PROPN", "ADV"})
    )


def counted_object(parse: Parse, verb: Token) -> Token | None:
    """People counted right behind a verb, whatever the parser makes of them (`killed at least seven people, the head said`)."""
    seen = False
    for token in parse.tokens[verb.index + 1 : verb.index + 7]:
        if token.sentence != verb.sentence:
            return None
        if token.pos == "NUM":
            seen = True
        elif seen and token.lemma.lower() in PEOPLE and token.pos in {"NOUN", "PROPN"}:
            return token
        elif token.lower not in COUNT_WORDS and token.pos != "ADJ":
            return None
    return None


def number_object(parse: Parse, verb: Token) -> Token | None:
    """An object that begins with a preposition of number (`arrested between 10 and 15 of them`)."""
    for preposition in parse.dependents(verb.index, "prep", "advmod"):
        if preposition.lower in NUMBER_PREPOSITIONS and preposition.index - verb.index in {1, 2}:
            for noun in parse.dependents(preposition.index, "pobj"):
                if noun.pos == "NUM" or any(parse.tokens[i].pos == "NUM" for i in parse.children[noun.index]):
                    return noun
    return None


def is_finite_noun(token: Token) -> bool:
    """Verbs of headlines that the parser takes for nouns (`Strike on market kills 12`)."""
    return token.lower in HEADLINE_VERBS and token.dep in {"ROOT", "ccomp", "conj", "dep"}


def is_nominal(parse: Parse, token: Token) -> bool:
    """Whether a word stands as a noun: a noun, or a gerund without object or auxiliary (`Fighting between the two resumed`)."""
    if token.pos in {"NOUN", "PROPN"}:
        return not is_finite_noun(token)
    gerund = token.tag == "VBG" and token.dep in {"nsubj", "nsubjpass", "pobj", "dobj", "attr", "appos", "conj"}
    return gerund and not parse.dependents(token.index, "dobj", "aux", "auxpass", "nsubj")


def resolved(parse: Parse, noun: Token) -> Token:
    """What a relative pronoun stands for."""
    if noun.lower in RELATIVE:
        verb = parse.tokens[noun.head]
        for _ in range(3):
            if verb.dep in {"relcl", "acl"}:
                return _somebody(parse, parse.tokens[verb.head]) if noun.lower in {"who", "whom"} else parse.tokens[verb.head]
            verb = parse.tokens[verb.head]
    return noun


def _somebody(parse: Parse, noun: Token) -> Token:
    """The person above a thing that a `who` was hung on (`men on motorcycles, who burned …`)."""
    current = noun
    for _ in range(3):
        if current.lemma.lower() in PEOPLE or current.pos in {"PROPN", "PRON", "NUM"}:
            return current
        if current.dep != "pobj":
            break
        current = parse.tokens[parse.tokens[current.head].head]
    return current if current.lemma.lower() in PEOPLE else noun


def conjuncts(parse: Parse, noun: Token) -> list[Token]:
    """The nouns coordinated with one, without itself."""
    found: list[Token] = []
    current = noun
    for _ in range(8):
        following = [t for t in parse.dependents(current.index, "conj") if t.pos in NOUN_LIKE]
        if not following:
            break
        current = following[0]
        found.append(current)
    return found


def measured(parse: Parse, noun: Token) -> Token | None:
    """The noun behind `of` where a word only tells how many (`dozens of fighters`, `two of the boys`)."""
    if noun.pos not in {"NUM", "PRON"} and noun.lemma.lower() not in MEASURES:
        return None
    for of in parse.dependents(noun.index, "prep"):
        inner = parse.dependents(of.index, "pobj") if of.lower == "of" else []
        if inner:
            return inner[0]
    return None


def spread(parse: Parse, nouns: Iterable[Token]) -> list[Token]:
    """Nouns with what they are coordinated with and what they measure."""
    found: list[Token] = []
    for noun in nouns:
        for each in (noun, *conjuncts(parse, noun)):
            found.append(each)
            inner = measured(parse, each)
            if inner is not None:
                found.append(inner)
    return found


def sufferers(parse: Parse, verb: Token) -> list[Token]:
    """Objects of a verb, its subject in the passive, the noun that a participle stands behind."""
    if is_passive(parse, verb):
        subject = subject_of(parse, verb, passive=True)
        if subject is None and verb.dep in {"acl", "amod", "relcl"}:
            subject = parse.tokens[verb.head]
        if subject is not None and verb.dep == "acl" and subject.index == verb.head:
            subject = _member(parse, subject)
        return [resolved(parse, subject)] if subject is not None else []
    direct = (t for t in parse.dependents(verb.index, "dobj", "dative", "oprd") if t.pos != "ADP" and t.lower != "dead")
    return [resolved(parse, t) for t in direct] or _hidden_objects(parse, verb)


def _hidden_objects(parse: Parse, verb: Token) -> list[Token]:
    """Objects that the parse does not call so: numbers, whom a small clause tells of, what a relative clause without its pronoun hangs on."""
    number = number_object(parse, verb) or (counted_object(parse, verb) if verb.lemma.lower() in NEEDS_OBJECT else None)
    if number is not None:
        return [number]
    if verb.lemma.lower() in SMALL_CLAUSE:
        clauses = (t for t in parse.dependents(verb.index, "ccomp") if not parse.dependents(t.index, "mark", "aux"))
        found = [noun for clause in clauses for noun in parse.dependents(clause.index, "nsubj")]
        if found:
            return found
    subject = next(iter(parse.dependents(verb.index, "nsubj")), None) if verb.dep == "relcl" else None
    return [parse.tokens[verb.head]] if subject is not None and subject.lower not in RELATIVE else []  # "the men they killed"


def _member(parse: Parse, noun: Token) -> Token:
    """The persons whose body a participle was hung on (`Two volunteers of a partner organisation detained at the bridge`)."""
    of = parse.tokens[noun.head]
    above = parse.tokens[of.head]
    persons = above.lemma.lower() in PERSONS and above.tag in {"NN", "NNS"}
    return above if persons and noun.dep == "pobj" and of.lower in {"of", "from"} and noun.lemma.lower() in BODIES - PERSONS else noun


def doers(parse: Parse, verb: Token) -> list[Token]:
    """The subject of an active verb, who stands behind `by` in the passive."""
    if is_passive(parse, verb):
        behind = (t for t in parse.dependents(verb.index, "agent", "prep") if t.lower == "by")
        return [noun for by in behind for noun in parse.dependents(by.index, "pobj")]
    subject = subject_of(parse, verb, passive=False) or _misread_subject(parse, verb) or _misread_head(parse, verb)
    return [resolved(parse, subject)] if subject is not None else []


def _misread_head(parse: Parse, verb: Token) -> Token | None:
    """The head of the phrase that an active verb is hung on (`Gunmen on motorbikes killed 20 people`)."""
    if verb.dep != "acl" or verb.tag != "VBN":
        return None
    noun = parse.tokens[verb.head]
    for _ in range(3):
        if noun.dep != "pobj":
            break
        noun = parse.tokens[parse.tokens[noun.head].head]
    return noun if noun.pos in NOUN_LIKE else None


def _misread_subject(parse: Parse, verb: Token) -> Token | None:
    """The noun right before a finite verb that has no subject: the parser takes it into a phrase in front (`At the gate soldiers took …`)."""
    before = parse.tokens[verb.index - 1] if verb.index else None
    fits = before is not None and before.sentence == verb.sentence and before.lemma.lower() in PEOPLE
    return before if fits and verb.tag in {"VBD", "VBZ", "VBP"} and verb.dep == "ROOT" else None


def subject_of(parse: Parse, verb: Token, *, passive: bool) -> Token | None:
    """The verb's own subject, or that of the verb that governs it: coordinated, participial, controlled."""
    current = verb
    for _ in range(5):
        own = parse.dependents(current.index, "nsubj", "csubj", "nsubjpass")
        if own:
            return own[-1]
        above = parse.tokens[current.head]
        if above is current:
            return None
        if current.dep in {"relcl", "acl"}:
            return above if current.dep == "relcl" or current.tag == "VBG" or passive else None
        if current.dep == "pcomp":  # "accused X of having killed": X is the one who killed
            current = parse.tokens[above.head]
            blaming = _blaming(parse, current)
            if blaming is not None:
                return _object(parse, blaming)
            continue
        bare = current.dep == "ccomp" and {t.dep for t in parse.dependents(current.index, "aux", "mark")} == {"aux"}
        if current.dep == "conj" and above.pos == "NOUN" and above.dep == "dobj":  # "putting up resistance and regaining land"
            current = parse.tokens[above.head]
            continue
        if current.dep not in {"conj", "advcl", "xcomp", "acomp"} and not bare:  # "troops massed north of the town could attack"
            return None
        controlled = _object(parse, above) if current.dep == "xcomp" and above.lemma.lower() in CONTROL else None
        if controlled is not None:
            return controlled
        current = above
    return None


def _blaming(parse: Parse, governor: Token) -> Token | None:
    """The verb of blame at or closely above a token."""
    return next((t for t in (governor, *parse.ancestors(governor.index))[:4] if t.lemma.lower() in BLAMING), None)


def _object(parse: Parse, verb: Token) -> Token | None:
    return next(iter(parse.dependents(verb.index, "dobj", "nsubjpass")), None)

"""Who takes part in an event, by role: from subject and object, active and passive, nominal and elided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import attrs

from ascertain.extract._cues import noun_span
from ascertain.extract._events_syntax import NOUN_LIKE, conjuncts, doers, is_nominal, is_passive, measured, resolved, subject_of, sufferers
from ascertain.extract._lexicon import word_class, words
from ascertain.models.language import Parse, Token
from ascertain.records import EventType, Participant, Role, Span

WEAPONS = word_class("weapon") - {"aircraft", "strike", "shelling", "explosion", "blast", "airstrike", "bomber"}  # these act or happen
PEOPLE, ARMED, BUILDINGS = word_class("people"), word_class("armed"), word_class("building")
EntityOf = Callable[[Span, Token], str | None]
Found = tuple[Role, Token]
TIME_WORDS = words("events_participants", "time_words")
SHOTS = {
    "gas",
    "teargas",
    "fire",
    "shot",
    "round",
    "volley",
    "burst",
    "salvo",
    "life",
    "warning",
}  # objects that are no victims (`opened fire on the crowd`)
NOBODY = {
    "telephone",
    "phone",
    "radio",
    "video",
    "letter",
    "way",
    "chance",
    "accident",
    "mistake",
    "means",
    "surprise",
    "contrast",
}  # `by the way` does nothing
PRISONERS = {"prisoner", "hostage", "captive", "detainee", "body", "remains", "soldier", "civilian", "suspect"}
THROWN = {"stone", "rock", "bottle", "brick", "acid", "petrol", "cocktail", "chair"}
ORDER = {Role.ACTOR: 0, Role.RECIPIENT: 1, Role.OBJECT: 2, Role.INSTRUMENT: 3}
TAKES_THINGS = {"seizure", "looting", "restriction"}
HARM_IN = {"in", "by", "during", "of", "from"}
THINGS = {EventType.MOBILIZE, EventType.DISCOVER, EventType.AGREE}  # what these act on is an object, nobody who suffers


@attrs.frozen
class _Words:
    """The lists of events_participants.toml."""

    subject_suffers: frozenset[str]
    receives_by_to: frozenset[str]
    of_does: frozenset[str]
    light: frozenset[str]
    light_suffers: frozenset[str]
    onto: frozenset[str]
    owner_suffers: frozenset[str]
    carries_harm: frozenset[str]
    noun_onto: frozenset[str]
    noun_between: frozenset[str]
    flees: frozenset[str]
    wields: frozenset[str]


LISTS = _Words(**{field.name: words("events_participants", field.name) for field in attrs.fields(_Words)})


def participants_of(parse: Parse, trigger: Token, event: EventType, kind: str | None, entity_of: EntityOf) -> tuple[Participant, ...]:
    """The participants of one event, without repetition, actors first."""
    made: dict[tuple[Role, Span], Participant] = {}
    flees = kind == "displacement" and trigger.lemma.lower() in LISTS.flees
    for role, noun in _fleeing(_found(parse, trigger)) if flees else _found(parse, trigger):
        for each in (noun, *conjuncts(parse, noun)):
            span = noun_span(parse, each)
            own = _role(role, each, event, kind)
            if own is Role.RECIPIENT and (
                kind == "visit" or (event is EventType.RETREAT and trigger.lemma.lower() in LISTS.subject_suffers)
            ):
                own = Role.ACTOR  # "the escort fled", "monitors are expected in the city"
            made.setdefault((own, span), Participant(own, span, _meant(parse, span, each, entity_of)))
    return tuple(sorted(made.values(), key=lambda p: (ORDER[p.role], p.passage)))


def _meant(parse: Parse, span: Span, head: Token, entity_of: EntityOf) -> str | None:
    """The entity that words mean, else that of the name in apposition to them."""
    names = (t for t in parse.dependents(head.index, "appos") if t.pos == "PROPN")
    return entity_of(span, head) or next((found for t in names if (found := entity_of(t.span, t)) is not None), None)


def _fleeing(found: Iterator[Found]) -> Iterator[Found]:
    """Those who leave, cross or escape are the displaced; what they leave is an object."""
    moved = {Role.ACTOR: Role.RECIPIENT, Role.RECIPIENT: Role.OBJECT}
    return ((moved.get(role, role), noun) for role, noun in found)


def _found(parse: Parse, trigger: Token) -> Iterator[Found]:
    if trigger.lower == "missing":
        yield from _of_state(parse, trigger)
    elif not is_nominal(parse, trigger) and (trigger.pos in {"VERB", "AUX"} or trigger.tag in {"VBN", "VBG", "VBD"}):
        yield from _of_verb(parse, trigger)
    elif trigger.pos == "ADJ":
        yield from _of_state(parse, trigger)
    else:
        yield from _of_noun(parse, trigger)


def _role(role: Role, noun: Token, event: EventType, kind: str | None) -> Role:
    """A recipient that is a thing taken, sent or found is an object."""
    if role is not Role.RECIPIENT:
        return role
    if event in THINGS:
        return Role.OBJECT
    person = noun.lemma.lower() in PEOPLE or noun.pos in {"PROPN", "PRON", "NUM"} or noun.lemma.lower() in BUILDINGS
    return Role.OBJECT if kind in TAKES_THINGS and not person else role


def is_weapon(token: Token) -> bool:
    """Whether a noun is a weapon or what it fires."""
    return token.lemma.lower() in WEAPONS or token.lower in WEAPONS


def _as_doer(parse: Parse, noun: Token) -> Iterator[Found]:
    """One who does it as actor, or a weapon as instrument with its owner as actor (`Russian drones attacked`)."""
    if not is_weapon(noun):
        yield Role.ACTOR, noun
        return
    yield Role.INSTRUMENT, noun
    for owner in parse.dependents(noun.index, "amod", "poss", "compound", "nmod"):
        if owner.text[:1].isupper() and owner.pos in {"ADJ", "PROPN", "NOUN"}:
            yield Role.ACTOR, owner
    for clause in parse.dependents(noun.index, "acl"):  # "rockets fired by the militia"
        for doer in doers(parse, clause) if is_passive(parse, clause) else ():
            yield Role.ACTOR, doer


def _is_time(noun: Token) -> bool:
    return noun.lemma.lower() in TIME_WORDS or (noun.pos == "NUM" and noun.text.isdigit() and len(noun.text) == 4)


def _behind(parse: Parse, token: Token, prepositions: frozenset[str] | set[str]) -> Iterator[Token]:
    """Nouns behind the named prepositions of a token, times left out."""
    for preposition in parse.dependents(token.index, "prep", "agent", "dative"):
        if preposition.lower in prepositions:
            yield from (noun for noun in parse.dependents(preposition.index, "pobj") if not _is_time(noun))


# --- verbs


def _of_verb(parse: Parse, verb: Token) -> Iterator[Found]:
    lemma = verb.lemma.lower()
    set_phrase = list(_of_set_phrase(parse, verb, lemma))
    yield from set_phrase or _of_plain_verb(parse, verb, lemma)


def _of_set_phrase(parse: Parse, verb: Token, lemma: str) -> Iterator[Found]:
    """Phrases whose words take other roles than their places tell: `the town fell to the rebels`, `lost their lives`."""
    taken = list(_behind(parse, verb, {"to", "into"})) if lemma == "fall" else []
    if taken:
        yield from ((Role.RECIPIENT, noun) for noun in doers(parse, verb))
        yield from ((Role.ACTOR, noun) for noun in taken)
    for life in (noun for noun in parse.dependents(verb.index, "dobj") if noun.lemma.lower() == "life"):
        if lemma == "lose":
            yield from ((Role.RECIPIENT, noun) for noun in doers(parse, verb))
        elif lost := list(_behind(parse, life, {"of"})):  # "the blast claimed the lives of seven children"
            yield from _doing(parse, verb, lemma)
            yield from ((Role.RECIPIENT, noun) for noun in lost)


def _doing(parse: Parse, verb: Token, lemma: str) -> Iterator[Found]:
    """Who does what a verb tells; with verbs like `die` its subject suffers."""
    suffers = lemma in LISTS.subject_suffers and not is_passive(parse, verb) and not parse.dependents(verb.index, "dobj")
    for noun in doers(parse, verb):
        if suffers:
            yield Role.RECIPIENT, noun
        elif noun.lemma.lower() not in NOBODY:
            yield from _as_doer(parse, noun)


def _of_plain_verb(parse: Parse, verb: Token, lemma: str) -> Iterator[Found]:
    yield from _doing(parse, verb, lemma)
    struck = list(_struck(parse, verb, lemma))
    yield from struck
    if lemma in LISTS.wields and not _downs(parse, verb):
        means = (noun for noun in sufferers(parse, verb) if is_weapon(noun) or noun.lemma.lower() in THROWN)
        yield from ((Role.INSTRUMENT, noun) for noun in means)
    leads_on = not is_passive(parse, verb) or lemma in LISTS.receives_by_to or bool(_shots_of(parse, verb))
    if not struck and lemma not in LISTS.subject_suffers and leads_on:
        yield from _onto(parse, verb) if lemma != "threaten" else _threatened(parse, verb)
    yield from _with_means(parse, verb)


def _with_means(parse: Parse, verb: Token) -> Iterator[Found]:
    """Weapons behind a verb's prepositions, and what is used behind `using`."""
    for noun in _behind(parse, verb, {"with", "by", "in", "from", "using"}):
        if is_weapon(noun):
            yield from _as_doer(parse, noun)
    for using in parse.dependents(verb.index, "advcl"):
        if using.lower == "using":
            yield from ((Role.INSTRUMENT, noun) for noun in parse.dependents(using.index, "dobj"))


def _shots_of(parse: Parse, verb: Token) -> list[Token]:
    """`shots were fired at a patrol`: shots and rounds that are the verb's object or passive subject."""
    return [noun for noun in sufferers(parse, verb) if noun.lemma.lower() in SHOTS or is_weapon(noun)]


def _threatened(parse: Parse, verb: Token) -> Iterator[Found]:
    """`threatened to jail my surveyors`."""
    for inner in parse.dependents(verb.index, "xcomp"):
        yield from ((Role.RECIPIENT, noun) for noun in sufferers(parse, inner))


def _struck(parse: Parse, verb: Token, lemma: str) -> Iterator[Found]:
    """Direct objects, and what they measure; with verbs of giving see `_receiving`."""
    direct = _direct(parse, verb, lemma)
    blamed = list(_behind(parse, verb, {"on"})) if lemma == "blame" else []
    handed = lemma == "hand" and any(noun.lemma.lower() in PRISONERS for noun in direct)
    if lemma in LISTS.receives_by_to and not handed:
        yield from _receiving(parse, verb, direct)
    elif blamed:  # "the attack was blamed on the militia"
        yield from ((Role.RECIPIENT, noun) for noun in blamed)
        yield from ((Role.OBJECT, noun) for noun in direct)
    else:
        behind = (measured(parse, noun) for noun in direct if noun.pos == "NUM")
        yield from ((Role.RECIPIENT, noun) for noun in (*direct, *behind) if noun is not None)


def _direct(parse: Parse, verb: Token, lemma: str) -> list[Token]:
    """Whom or what a verb strikes, without times, shots, and what is only the means (`dropped bombs on the town`)."""
    direct = [noun for noun in sufferers(parse, verb) if not _is_time(noun) and noun.lemma.lower() not in SHOTS]
    if lemma in LISTS.wields and not _downs(parse, verb):
        direct = [noun for noun in direct if not is_weapon(noun) and noun.lemma.lower() not in THROWN]
    if lemma == "lay":  # "laid a hand on him", "laid siege to the base"
        direct = [noun for noun in direct if noun.lemma.lower() not in {"hand", "siege", "finger", "hold"}]
    return direct


def _downs(parse: Parse, verb: Token) -> bool:
    """`shot down a drone`: the drone is struck."""
    return any(t.lower == "down" for t in parse.dependents(verb.index, "prt", "advmod"))


def _receiving(parse: Parse, verb: Token, direct: Sequence[Token]) -> Iterator[Found]:
    """With verbs of giving those behind `to` receive, and the things given are objects."""
    towards = {"with"} if verb.lemma.lower() == "share" else {"to", "for", "into"}
    receiving = [*parse.dependents(verb.index, "dative"), *_behind(parse, verb, towards)]
    receiving = [noun for noun in receiving if noun.pos in NOUN_LIKE]
    receiving = receiving or [noun for given in direct for noun in _behind(parse, given, {"to", "for"})]
    yield from ((Role.RECIPIENT, noun) for noun in receiving)
    for noun in direct:
        if noun not in receiving:
            person = noun.lemma.lower() in PEOPLE or noun.pos == "PROPN"
            yield (Role.RECIPIENT if person and not receiving else Role.OBJECT), noun


def _onto(parse: Parse, verb: Token) -> Iterator[Found]:
    """Those behind the first preposition that leads to somebody or something (`fired on the crowd`, `clashed with police`)."""
    for preposition in parse.dependents(verb.index, "prep", "dative"):
        nouns = [n for n in parse.dependents(preposition.index, "pobj") if not _is_time(n) and not is_weapon(n)]
        if preposition.lower in LISTS.onto and nouns:
            yield from ((Role.RECIPIENT, noun) for noun in nouns)
            return


# --- states and nouns


def _of_state(parse: Parse, state: Token) -> Iterator[Found]:
    """`12 are dead`, `three missing`, `the wounded`."""
    if state.dep in {"acomp", "attr", "oprd"}:
        verb = parse.tokens[state.head]
        found = parse.dependents(verb.index, "dobj") or [n for n in [subject_of(parse, verb, passive=True)] if n is not None]
    elif state.dep == "conj":
        found = list(parse.dependents(state.index, "nsubj", "nsubjpass", "nummod"))
        if not found:
            yield from _of_state(parse, parse.tokens[state.head]) if parse.tokens[state.head].pos == "ADJ" else ()
    elif state.dep == "amod":
        found = [parse.tokens[state.head]]
    else:
        found = parse.dependents(state.index, "nsubj", "nsubjpass", "nummod")
    if not found and parse.tokens[state.head].lemma in {"go", "be", "remain", "stay", "report", "leave"}:  # "went missing"
        found = list(parse.dependents(state.head, "nsubj", "nsubjpass"))
    before = parse.tokens[state.index - 1] if state.index else state
    if not found and before.pos == "NUM":
        found = [before]
    yield from ((Role.RECIPIENT, resolved(parse, noun)) for noun in found)


def _of_noun(parse: Parse, noun: Token) -> Iterator[Found]:
    """`the slaying of X by Y`, `civilian slayings`, `Russian push`, `attack on X`, `Y's attack`; as object of a verb its subject."""
    above = [*_of_governor(parse, noun)]
    led = any(role is Role.ACTOR for role, _ in above)  # "the envoy held talks with elders": the others receive
    found = [*_before(parse, noun), *_after(parse, noun, led=led)]
    yield from found
    has_actor = any(role is Role.ACTOR for role, _ in found)
    has_recipient = any(role is Role.RECIPIENT for role, _ in found)
    for role, each in above:
        if not (has_actor if role is Role.ACTOR else has_recipient if role is Role.RECIPIENT else False):
            yield role, each


def _before(parse: Parse, noun: Token) -> Iterator[Found]:
    suffers = noun.lemma.lower() in LISTS.owner_suffers
    for token in parse.dependents(noun.index, "amod", "compound", "poss", "nmod"):
        lemma = token.lemma.lower()
        if is_weapon(token):
            yield Role.INSTRUMENT, token
        elif _is_time(token):
            continue
        elif token.dep == "poss":
            yield (Role.RECIPIENT if suffers else Role.ACTOR), token
        elif lemma in ARMED or (token.text[:1].isupper() and token.pos in {"ADJ", "PROPN"}):
            yield Role.ACTOR, token
        elif lemma in PEOPLE and lemma not in {"group", "family", "head", "community", "police"}:
            yield Role.RECIPIENT, token


def _after(parse: Parse, noun: Token, *, led: bool) -> Iterator[Found]:
    lemma = noun.lemma.lower()
    struck = list(_behind(parse, noun, {"of", "on"}))
    for inner in (agent for each in (noun, *struck) for agent in _behind(parse, each, {"by"})):  # "the arrest of X by Y"
        yield from _as_doer(parse, inner)
    yield from ((Role.RECIPIENT, inner) for inner in _behind(parse, noun, LISTS.noun_onto))
    for inner in _behind(parse, noun, {"of"}):
        does = lemma in LISTS.of_does and (inner.lemma.lower() in ARMED or lemma not in {"deployment", "advance"})
        yield (Role.ACTOR if does and lemma not in {"death", "disappearance", "exodus", "flight"} else Role.RECIPIENT), inner
    yield from ((Role.ACTOR, inner) for inner in _behind(parse, noun, LISTS.noun_between - {"with"}))
    yield from ((Role.RECIPIENT if led else Role.ACTOR, inner) for inner in _behind(parse, noun, {"with"}))
    for clause in parse.dependents(noun.index, "acl"):  # "an attack carried out by the group"
        if is_passive(parse, clause):
            for inner in doers(parse, clause):
                yield from _as_doer(parse, inner)


def _of_governor(parse: Parse, noun: Token) -> Iterator[Found]:
    """What the verb above adds: `launched an attack`, `suffered an attack`, `the blast killed two`, `two killed in the blast`."""
    above = parse.tokens[noun.head]
    if noun.dep == "pobj":
        yield from _of_phrase(parse, noun, above)
    elif noun.dep in {"dobj", "conj"} and above.pos == "VERB":
        yield from _of_light_verb(parse, above)
    elif noun.dep == "nsubjpass" and above.lemma.lower() in LISTS.light:
        for inner in doers(parse, above):
            yield from _as_doer(parse, inner)
    elif noun.dep == "nsubj" and above.lemma.lower() in LISTS.carries_harm:
        yield from ((Role.RECIPIENT, inner) for inner in sufferers(parse, above))


def _of_phrase(parse: Parse, noun: Token, preposition: Token) -> Iterator[Found]:
    """What a phrase's verb adds: `have been on strike`, `are in custody`, `came under attack from X`, `two killed in the blast`."""
    verb = parse.tokens[preposition.head]
    subjects = parse.dependents(verb.index, "nsubj")
    if preposition.lower == "on" and verb.lemma in {"be", "go"}:
        yield from ((Role.ACTOR, inner) for inner in subjects)
    elif preposition.lower == "in" and noun.lemma == "custody":
        yield from ((Role.RECIPIENT, inner) for inner in subjects)
    elif preposition.lower == "under" and verb.lemma.lower() in {"come", "be"}:
        yield from ((Role.RECIPIENT, inner) for inner in subjects)
        for inner in (*_behind(parse, noun, {"from", "by"}), *_behind(parse, verb, {"from", "by"})):
            yield from _as_doer(parse, inner)
    elif preposition.lower in HARM_IN:
        yield from _of_harm_around(parse, verb)


def _of_light_verb(parse: Parse, verb: Token) -> Iterator[Found]:
    """The subject of a verb whose object is the event: it does it, or suffers it."""
    lemma = verb.lemma.lower()
    suffers = lemma in LISTS.light_suffers
    if (lemma not in LISTS.light and not suffers) or is_passive(parse, verb):
        return
    subject = subject_of(parse, verb, passive=False)
    if subject is not None and suffers:
        yield Role.RECIPIENT, resolved(parse, subject)
    elif subject is not None:
        yield from _as_doer(parse, resolved(parse, subject))
        yield from ((Role.RECIPIENT, noun) for noun in _behind(parse, verb, {"on", "against", "to", "upon"}) if noun.pos != "VERB")


def _of_harm_around(parse: Parse, verb: Token) -> Iterator[Found]:
    """Those of whom the verb around tells harm (`two killed in the blast`)."""
    if verb.lemma.lower() in LISTS.carries_harm and verb.pos == "VERB":
        found = sufferers(parse, verb) or parse.dependents(verb.index, "nsubj")
        yield from ((Role.RECIPIENT, inner) for inner in found)


def harmed(participants: Sequence[Participant]) -> list[Participant]:
    """Those who suffer."""
    return [p for p in participants if p.role in {Role.RECIPIENT, Role.OBJECT}]

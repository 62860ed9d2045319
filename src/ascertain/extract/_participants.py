"""Who takes part in an event, by role: from subject and object, active and passive, nominal and elided."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ascertain.extract._cues import noun_span
from ascertain.extract._lexicon import words
from ascertain.models.language import Parse, Token
from ascertain.records import Participant, Role, Span

WEAPONS = words("people", "weapons") | words("events_conditions", "missiles")
SUBJECTS = ("nsubj", "csubj")
INTRANSITIVE = {"die", "perish", "succumb", "flee", "explode", "burn", "cross", "collapse"}  # the subject suffers
EntityOf = Callable[[Span, Token], str | None]


def participants_of(parse: Parse, trigger: Token, entity_of: EntityOf) -> tuple[Participant, ...]:
    """The participants of one event, without repetition, actors first."""
    found: list[tuple[Role, Token]] = []
    if trigger.pos in {"VERB", "AUX"} or trigger.tag in {"VBN", "VBG", "VBD"}:
        found += _of_verb(parse, trigger)
    else:
        found += _of_noun(parse, trigger)
    order = {Role.ACTOR: 0, Role.RECIPIENT: 1, Role.OBJECT: 2, Role.INSTRUMENT: 3}
    made: dict[tuple[Role, Span], Participant] = {}
    for role, noun in found:
        for each in (noun, *_coordinated(parse, noun)):
            span = noun_span(parse, each)
            made.setdefault((role, span), Participant(role, span, entity_of(span, each)))
    return tuple(sorted(made.values(), key=lambda p: (order[p.role], p.passage)))


def _coordinated(parse: Parse, noun: Token) -> list[Token]:
    found, current = [], noun
    for _ in range(6):
        following = parse.dependents(current.index, "conj")
        if not following or following[0].pos not in {"NOUN", "PROPN", "PRON", "NUM"}:
            break
        current = following[0]
        found.append(current)
    return found


def is_weapon(token: Token) -> bool:
    """Whether a noun is a weapon or what it fires."""
    return token.lemma.lower() in WEAPONS or token.lower in WEAPONS


def _doer(parse: Parse, noun: Token) -> list[tuple[Role, Token]]:
    """A subject as actor, or as instrument with its owner as actor (`Russian drones attacked`)."""
    if not is_weapon(noun):
        return [(Role.ACTOR, noun)]
    owners = [t for t in parse.dependents(noun.index, "amod", "poss", "compound") if t.text[:1].isupper()]
    return [(Role.INSTRUMENT, noun), *((Role.ACTOR, owner) for owner in owners)]


def _resolved(parse: Parse, noun: Token) -> Token:
    """What a relative pronoun stands for."""
    if noun.lower in {"who", "which", "that", "whom"}:
        verb = parse.tokens[noun.head]
        for _ in range(3):
            if verb.dep in {"relcl", "acl"}:
                return parse.tokens[verb.head]
            verb = parse.tokens[verb.head]
    return noun


def _of_verb(parse: Parse, verb: Token) -> list[tuple[Role, Token]]:
    passive = bool(parse.dependents(verb.index, "auxpass", "nsubjpass")) or (
        verb.tag == "VBN" and verb.dep in {"acl", "amod", "relcl"} and not parse.dependents(verb.index, "aux")
    )
    found: list[tuple[Role, Token]] = []
    if passive:
        subject = _subject(parse, verb, ("nsubjpass", *SUBJECTS))
        if subject is None and verb.dep in {"acl", "amod"}:
            subject = parse.tokens[verb.head]
        if subject is not None:
            found.append((Role.RECIPIENT, _resolved(parse, subject)))
        for agent in parse.dependents(verb.index, "agent", "prep"):
            if agent.lower == "by":
                for noun in parse.dependents(agent.index, "pobj"):
                    found += _doer(parse, noun)
    else:
        subject = _subject(parse, verb, SUBJECTS)
        if subject is not None:
            subject = _resolved(parse, subject)
            found += [(Role.RECIPIENT, subject)] if verb.lemma.lower() in INTRANSITIVE else _doer(parse, subject)
        for noun in parse.dependents(verb.index, "dobj", "dative", "oprd"):
            if noun.pos != "ADP":
                found.append((Role.RECIPIENT, _resolved(parse, noun)))
        if not any(role is Role.RECIPIENT for role, _ in found):
            for preposition in parse.dependents(verb.index, "prep", "dative"):
                if preposition.lower in {"on", "at", "against", "into", "with", "to", "for", "of", "through"}:
                    found += [
                        (Role.RECIPIENT if preposition.lower != "with" or not is_weapon(n) else Role.INSTRUMENT, n)
                        for n in parse.dependents(preposition.index, "pobj")
                        if not _is_time(n)
                    ]
                    break
    for preposition in parse.dependents(verb.index, "prep", "dative"):
        nouns = parse.dependents(preposition.index, "pobj")
        if preposition.lower in {"with", "by", "in"}:
            found += [(Role.INSTRUMENT, n) for n in nouns if is_weapon(n)]
        elif preposition.lower in {"to", "for"} and verb.lemma.lower() in {
            "provide",
            "give",
            "supply",
            "send",
            "deliver",
            "donate",
            "brief",
            "address",
        }:
            found += [(Role.RECIPIENT, n) for n in nouns]
    return found


def _is_time(noun: Token) -> bool:
    return (
        noun.lemma.lower()
        in {
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "day",
            "week",
            "month",
            "year",
            "morning",
            "night",
            "afternoon",
            "evening",
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        }
        or noun.pos == "NUM"
    )


def _subject(parse: Parse, verb: Token, labels: tuple[str, ...]) -> Token | None:
    """The verb's own subject, or that of the verb that governs it: coordinated, participial, controlled."""
    current = verb
    for _ in range(4):
        own = parse.dependents(current.index, *labels, *(("nsubjpass",) if current is not verb else ()))
        if own:
            return own[-1]
        if current.dep in {"relcl", "acl"}:
            head = parse.tokens[current.head]
            return head if current.dep == "relcl" or current.tag == "VBG" else None
        if current.dep == "pcomp":  # "accused X of having killed": X is the one who killed
            preposition = parse.tokens[current.head]
            above = parse.tokens[preposition.head]
            if above.lemma.lower() in {"accuse", "suspect", "blame", "charge", "convict"}:
                objects = parse.dependents(above.index, "dobj", "nsubjpass")
                return objects[0] if objects else None
            current = above
            continue
        if current.dep in {"conj", "advcl", "xcomp"} and current.head != current.index:
            above = parse.tokens[current.head]
            if current.dep == "xcomp" and above.lemma.lower() in {"order", "ask", "urge", "tell", "force", "allow", "call"}:
                objects = parse.dependents(above.index, "dobj")
                if objects:
                    return objects[0]
            current = above
            continue
        return None
    return None


def _of_noun(parse: Parse, noun: Token) -> list[tuple[Role, Token]]:
    """`the slaying of X by Y`, `civilian slayings`, `Russian push`, `attack on X`, `Y's attack`; as object of a verb its subject."""
    found: list[tuple[Role, Token]] = []
    for token in parse.dependents(noun.index, "amod", "compound", "poss", "nmod"):
        if is_weapon(token):
            found.append((Role.INSTRUMENT, token))
        elif (
            token.lemma.lower() in words("people", "armed")
            or (token.text[:1].isupper() and token.pos in {"ADJ", "PROPN"})
            or token.dep == "poss"
        ):
            found.append((Role.ACTOR, token))
        elif token.lemma.lower() in words("people", "person") | words("people", "group") or token.lower in {"civilian", "civilians"}:
            found.append((Role.RECIPIENT, token))
    for preposition in parse.dependents(noun.index, "prep", "agent"):
        for inner in parse.dependents(preposition.index, "pobj"):
            if _is_time(inner):
                continue
            if preposition.lower == "by":
                found += _doer(parse, inner)
            elif preposition.lower in {"on", "against", "to", "upon"}:
                found.append((Role.RECIPIENT, inner))
            elif preposition.lower == "of":
                group = inner.lemma.lower() in words("people", "armed") and noun.lemma.lower() in {
                    "movement",
                    "withdrawal",
                    "retreat",
                    "departure",
                    "push",
                    "offensive",
                    "advance",
                    "deployment",
                    "build-up",
                }
                found.append((Role.ACTOR if group else Role.RECIPIENT, inner))
            elif preposition.lower == "between":
                found.append((Role.ACTOR, inner))
    above = parse.tokens[noun.head]
    if noun.dep == "dobj" and above.pos == "VERB" and not any(role is Role.ACTOR for role, _ in found):
        subject = _subject(parse, above, SUBJECTS)
        if subject is not None and above.lemma.lower() in {
            "launch",
            "carry",
            "conduct",
            "stage",
            "mount",
            "begin",
            "provide",
            "give",
            "announce",
            "increase",
            "make",
            "support",
            "order",
            "open",
            "broker",
            "hold",
            "impose",
            "commit",
            "plan",
            "prepare",
            "sign",
        }:
            found += _doer(parse, _resolved(parse, subject))
    return found


def harmed(participants: Sequence[Participant]) -> list[Participant]:
    """Those who suffer."""
    return [p for p in participants if p.role in {Role.RECIPIENT, Role.OBJECT}]

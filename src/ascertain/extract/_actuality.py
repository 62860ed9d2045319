"""Whether an event is told as having happened: from tense, modality, negation, conditionals, hedges and the holder's stance."""

from __future__ import annotations

from collections.abc import Sequence

from ascertain.extract._lexicon import words
from ascertain.models.language import Parse, Token
from ascertain.records import Actuality, Span, Stance, Statement

MAY, WILL, PLAN, EXPECT, HEDGES, PREVENT, DEMAND, SILENT_CLAUSES, UNSURE, CARRIED_OUT, SAID = (
    words("actuality", key)
    for key in ("may", "will", "plan", "expect", "hedges", "prevent", "demand", "silent_clauses", "unsure", "carried_out", "said")
)
GOVERNED = frozenset({"dobj", "xcomp", "ccomp", "pobj", "nsubjpass", "pcomp", "attr", "prep"})


def actuality_of(parse: Parse, trigger: Token, carrying: Sequence[Statement]) -> Actuality:
    """How an event is told, seen from its trigger up to the clause of whoever carries it.

    Args:
        carrying: the statements whose content covers the trigger, outermost first.
    """
    stances = {statement.stance for statement in carrying}
    told = _in_clause(parse, trigger, carrying[-1].content[0].start if carrying else None)
    if Stance.DENIES in stances:
        return Actuality.DENIED if told is not Actuality.DENIED else Actuality.HAPPENED
    if told is not None:
        return told
    if carrying and carrying[-1].stance is Stance.ASSERTS and _is_planned(parse, trigger, carrying[-1].cue):
        return Actuality.PLANNED
    inner = carrying[-1].stance if carrying else None
    if inner is Stance.EXPECTS:
        return Actuality.EXPECTED if not _past(parse, trigger) else Actuality.POSSIBLE
    if inner is Stance.PLEDGES:
        return Actuality.PLANNED if not _past(parse, trigger) else Actuality.HAPPENED
    if inner in {Stance.DEMANDS, Stance.ASKS}:
        return Actuality.EXPECTED if not _past(parse, trigger) else Actuality.HAPPENED
    if stances & {Stance.ALLEGES, Stance.DOUBTS}:
        return Actuality.ALLEGED
    return Actuality.HAPPENED


def _is_planned(parse: Parse, trigger: Token, cue: Span | None) -> bool:
    """`The bishops plan a march`: what the saying word, a verb of planning, has for its object."""
    above = parse.tokens[trigger.head]
    within = cue is not None and cue.start <= above.start < cue.end
    return within and trigger.dep in {"dobj", "nsubjpass"} and above.lemma.lower() in PLAN


def _climb(parse: Parse, token: Token, limit: int | None) -> list[Token]:
    """The token and the verbs and nouns above it inside the holder's words."""
    found = [token]
    for above in parse.ancestors(token.index):
        if limit is not None and above.start < limit and token.start >= limit:
            break
        if _parted(parse, found[-1], above):
            break
        found.append(above)
    return found


def _parted(parse: Parse, one: Token, other: Token) -> bool:
    """Whether a semicolon parts two words: what is said of one says nothing of the other (`Three were freed; Haben was not`)."""
    first, last = sorted((one.start, other.start))
    return ";" in parse.text[first:last]


def _in_clause(parse: Parse, trigger: Token, limit: int | None) -> Actuality | None:
    """What the words around the trigger say; None for a plain telling."""
    path = _climb(parse, trigger, limit)
    if _hedged(parse, trigger):
        return Actuality.ALLEGED
    for depth, token in enumerate(path):
        below = path[depth - 1] if depth else None
        found = _said_by(parse, token, below, limit=limit or 0, nominal=trigger.pos in {"NOUN", "PROPN"})
        if found is not None:
            return found
        last = depth == len(path) - 1
        if (below is not None and _stands_alone(parse, token, below)) or (token.tag == "VBD" and not last and token.dep in CLAUSES):
            break
    return None


CLAUSES = frozenset({"relcl", "advcl", "ROOT", "ccomp"})


def _stands_alone(parse: Parse, token: Token, below: Token) -> bool:
    """Whether what is said of a word above says nothing of the word below: another clause with a tense or subject of its own."""
    if token.pos in {"VERB", "AUX"} and below.dep not in SILENT_CLAUSES:
        return True
    if below.dep in {"conj", "parataxis"} and token.pos == "VERB" and below.pos == "VERB":
        return bool(parse.dependents(below.index, "nsubj", "nsubjpass")) or below.tag == "VBD"
    return below.dep in {"relcl", "advcl", "nsubj", "nsubjpass"} and below.tag in {"VBD", "VBN", "VBG"} and token.pos != "VERB"


def _said_by(parse: Parse, token: Token, below: Token | None, *, limit: int, nominal: bool) -> Actuality | None:
    """What one token on the way up says about the event."""
    children = [parse.tokens[i] for i in parse.children[token.index]]
    auxiliaries = {t.lower for t in children if t.dep in {"aux", "auxpass"}}
    if any(t.dep == "mark" and t.lower in {"if", "unless", "whether"} and t.start >= limit for t in children):
        return Actuality.POSSIBLE
    if _negated(token, children, below):
        return Actuality.DENIED
    modal = _modal(auxiliaries)
    if modal is not None:
        return modal
    if "to" in auxiliaries or (token.tag == "VB" and any(t.lower == "to" for t in children)):
        return _infinitive(parse, token)
    if below is not None:
        return _governed(token.lemma.lower(), below) if below.dep in GOVERNED else None
    return _by_itself(parse, token, children, auxiliaries, nominal=nominal)


def _modal(auxiliaries: set[str]) -> Actuality | None:
    if auxiliaries & (DEMAND | WILL):
        return Actuality.EXPECTED
    if auxiliaries & MAY:
        return Actuality.EXPECTED if "would" in auxiliaries and "have" not in auxiliaries else Actuality.POSSIBLE
    return None


def _governed(lemma: str, below: Token) -> Actuality | None:
    """What a verb says of the event that is its object or complement."""
    if lemma in PREVENT:
        return Actuality.POSSIBLE
    if lemma in EXPECT and not (below.dep == "ccomp" and below.tag == "VBD"):
        return Actuality.EXPECTED
    if lemma in PLAN and (below.dep in {"xcomp", "dobj", "nsubjpass", "pcomp"} or lemma == "prepare"):
        return Actuality.PLANNED
    return Actuality.EXPECTED if lemma in {"demand", "urge", "request"} else None


def _by_itself(parse: Parse, token: Token, children: Sequence[Token], auxiliaries: set[str], *, nominal: bool) -> Actuality | None:
    """What the event's own word says: adjectives before a noun, a gerund as subject, an imperative."""
    if not nominal and token.lemma.lower() in (PLAN | EXPECT) - {"expect"}:
        return None
    if nominal:
        modifiers = {t.lower for t in children if t.dep in {"amod", "det", "compound"}}
        if modifiers & UNSURE:
            return Actuality.POSSIBLE if "planned" not in modifiers else Actuality.PLANNED
        if token.dep == "nsubjpass" and parse.tokens[token.head].lemma in {"plan", "schedule", "prepare", "intend"}:
            return Actuality.PLANNED
    if token.tag == "VBG" and token.dep in {"csubj", "nsubj"}:
        return Actuality.POSSIBLE  # "Targeting civilians is a war crime": the act in general
    if token.lemma == "expect" and "auxpass" in {t.dep for t in children}:
        return Actuality.EXPECTED  # "monitors are expected in the city"
    alone = token.tag == "VB" and token.dep in {"ROOT", "ccomp", "conj"} and not auxiliaries
    return Actuality.EXPECTED if alone and not parse.dependents(token.index, "nsubj") else None  # an imperative


def _infinitive(parse: Parse, token: Token) -> Actuality:
    """`to do`: planned after words of plan, expected after words of expectation and `is to`, else possible (purpose)."""
    above = parse.tokens[token.head]
    if above.index != token.index:
        found = _under(parse, token, above)
        if found is not None:
            return found
    if any(t.lemma == "be" and t.index < token.index for t in parse.dependents(token.index, "aux")):
        return Actuality.PLANNED
    return Actuality.POSSIBLE


def _under(parse: Parse, token: Token, above: Token) -> Actuality | None:
    """What the word above an infinitive says of it."""
    lemma = above.lemma.lower()
    if lemma in CARRIED_OUT | {"fail"} and above.tag in {"VBD", "VBN"}:
        modal = _modal({t.lower for t in parse.dependents(above.index, "aux", "auxpass")})
        return modal or (Actuality.DENIED if lemma == "fail" else Actuality.HAPPENED)
    if above.tag == "VBD" and any(t.lower == "only" and t.index < token.index for t in parse.dependents(token.index, "advmod")):
        return Actuality.HAPPENED  # "they crossed, only to be turned back"
    if lemma in PLAN or lemma == "be":
        return Actuality.PLANNED
    if lemma in EXPECT or lemma in {"likely", "bound", "about"}:
        return Actuality.EXPECTED
    return Actuality.ALLEGED if lemma in SAID else None


def _negated(token: Token, children: Sequence[Token], below: Token | None) -> bool:
    if any(
        t.dep == "neg"
        or (t.lower in {"never", "nobody", "none", "nor", "neither"} and t.dep in {"nsubj", "nsubjpass", "dobj", "advmod", "preconj"})
        for t in children
    ):
        return True
    return any(t.lower == "no" and t.dep == "det" for t in children) and (below is None or token.pos == "NOUN")


def negated_subject(parse: Parse, trigger: Token) -> bool:
    """Whether the one who suffers or acts is nobody: `no soldier was killed`, `none was killed`, `nobody stopped them`."""
    for noun in parse.dependents(trigger.index, "nsubj", "nsubjpass", "dobj"):
        if noun.lower in {"none", "nobody", "nothing", "no"}:
            return True
        if any(t.lower in {"no", "neither"} for t in parse.dependents(noun.index, "det", "neg")):
            return True
        if noun.lower == "one" and any(t.lower == "no" for t in parse.tokens[max(0, noun.index - 1) : noun.index]):
            return True
    return False


def is_aside(parse: Parse, trigger: Token, start: int) -> bool:
    """Whether a trigger stands in a relative clause behind a comma, in a past tense of its own, within words that begin at `start`."""
    for token in (trigger, *parse.ancestors(trigger.index)):
        if token.start < start:
            return False
        if token.dep == "relcl" and token.tag == "VBD":
            first = parse.tokens[min(parse.subtree(token.index))]
            return first.lower in {"which", "who"} and first.index > 0 and parse.tokens[first.index - 1].text == ","
    return False


def _hedged(parse: Parse, trigger: Token) -> bool:
    near = [
        *parse.dependents(trigger.index, "amod", "advmod"),
        *(t for t in parse.dependents(parse.tokens[trigger.head].index, "amod", "advmod") if trigger.dep in {"dobj", "compound"}),
    ]
    return any(t.lower in HEDGES for t in near)


def _past(parse: Parse, trigger: Token) -> bool:
    """Whether the trigger's own clause is in a past tense."""
    auxiliaries = {t.lower for t in parse.dependents(trigger.index, "aux", "auxpass")}
    if auxiliaries & (WILL | MAY):
        return False
    return trigger.tag == "VBD" or bool(auxiliaries & {"was", "were", "had", "has", "have", "did", "been"})

"""Whether an event is told as having happened: from tense, modality, negation, conditionals, hedges and the holder's stance."""

from __future__ import annotations

from collections.abc import Sequence

from ascertain.models.language import Parse, Token
from ascertain.records import Actuality, Stance, Statement

MAY = {"may", "might", "could", "can", "ca", "would", "should"}
WILL = {"will", "shall", "wo", "'ll", "’ll"}
PLAN = {
    "plan",
    "prepare",
    "intend",
    "aim",
    "schedule",
    "promise",
    "pledge",
    "vow",
    "determine",
    "agree",
    "decide",
    "set",
    "due",
    "want",
    "seek",
    "try",
    "attempt",
    "threaten",
    "offer",
    "propose",
    "arrange",
    "undertake",
    "ready",
    "ask",
    "invite",
}
EXPECT = {"expect", "fear", "anticipate", "predict", "forecast", "warn", "hope"}
HEDGES = {
    "alleged",
    "allegedly",
    "reportedly",
    "suspected",
    "purported",
    "so-called",
    "apparent",
    "apparently",
    "unconfirmed",
    "presumed",
    "supposed",
    "supposedly",
}
NEGATIVE = {"no", "not", "n't", "n’t", "never", "nobody", "none", "neither", "nor", "without"}
PREVENT = {"prevent", "avoid", "avert", "stop", "deter", "halt", "prohibit", "ban", "rule"}
DEMAND = {"must", "should", "ought"}
FUTURE_ADJ = {"future", "possible", "potential", "further", "imminent", "planned", "likely", "threatened", "would-be", "second"}
CONDITIONAL = {"if", "unless", "whether", "should", "until", "before", "condition", "long"}
SILENT_CLAUSES = {
    "advcl",
    "ccomp",
    "acl",
    "xcomp",
    "relcl",
    "conj",
    "prep",
    "pobj",
    "dobj",
    "pcomp",
    "nsubj",
    "attr",
    "dep",
    "appos",
    "csubj",
    "agent",
    "nsubjpass",
    "parataxis",
    "oprd",
    "acomp",
    "npadvmod",
}


def actuality_of(parse: Parse, trigger: Token, carrying: Sequence[Statement]) -> Actuality:
    """How an event is told, seen from its trigger up to the clause of whoever carries it.

    Args:
        carrying: the statements whose content covers the trigger, outermost first.
    """
    stances = {statement.stance for statement in carrying}
    told = _in_clause(parse, trigger, _limit(parse, trigger, carrying))
    if Stance.DENIES in stances:
        return Actuality.DENIED if told not in {Actuality.DENIED} else Actuality.HAPPENED
    if told is not None:
        return told
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


def _limit(parse: Parse, trigger: Token, carrying: Sequence[Statement]) -> int | None:
    """Offset span start of the innermost content, so that the saying verb's own tense is not taken for the event's."""
    del parse, trigger
    return carrying[-1].content[0].start if carrying else None


def _climb(parse: Parse, token: Token, limit: int | None) -> list[Token]:
    """The token and the verbs and nouns above it inside the holder's words."""
    found = [token]
    for above in parse.ancestors(token.index):
        if limit is not None and above.start < limit and token.start >= limit:
            break
        found.append(above)
    return found


def _in_clause(parse: Parse, trigger: Token, limit: int | None) -> Actuality | None:
    """What the words around the trigger say; None for a plain telling."""
    path = _climb(parse, trigger, limit)
    if _hedged(parse, trigger):
        return Actuality.ALLEGED
    for depth, token in enumerate(path):
        below = path[depth - 1] if depth else None
        found = _said_by(parse, token, below, trigger, nominal=trigger.pos in {"NOUN", "PROPN"})
        if found is not None:
            return found
        if depth and token.pos in {"VERB", "AUX"} and below is not None and below.dep not in SILENT_CLAUSES:
            break
        if (
            below is not None
            and below.dep in {"conj", "parataxis"}
            and token.pos == "VERB"
            and below.pos == "VERB"
            and (parse.dependents(below.index, "nsubj", "nsubjpass") or below.tag in {"VBD"})
        ):
            break  # a coordinated clause with a subject or tense of its own
        if (
            below is not None
            and below.dep in {"relcl", "advcl", "nsubj", "nsubjpass"}
            and below.tag in {"VBD", "VBN", "VBG"}
            and token.pos != "VERB"
        ):
            break
        if token.tag == "VBD" and depth < len(path) - 1 and token.dep in {"relcl", "advcl", "ROOT", "ccomp"}:
            break
    return None


def _said_by(parse: Parse, token: Token, below: Token | None, trigger: Token, *, nominal: bool) -> Actuality | None:
    """What one token on the way up says about the event."""
    children = [parse.tokens[i] for i in parse.children[token.index]]
    auxiliaries = {t.lower for t in children if t.dep in {"aux", "auxpass"}}
    if any(t.dep == "mark" and t.lower in {"if", "unless", "whether"} for t in children):
        return Actuality.POSSIBLE
    if _negated(token, children, below):
        return Actuality.DENIED
    if auxiliaries & DEMAND:
        return Actuality.EXPECTED
    if auxiliaries & WILL:
        return Actuality.EXPECTED
    if auxiliaries & MAY and "have" not in auxiliaries:
        return Actuality.EXPECTED if "would" in auxiliaries else Actuality.POSSIBLE
    if auxiliaries & MAY:
        return Actuality.POSSIBLE
    lemma = token.lemma.lower()
    infinitive = "to" in auxiliaries or (token.tag == "VB" and any(t.lower == "to" for t in children))
    if infinitive:
        return _infinitive(parse, token)
    if below is not None and below.dep in {"dobj", "xcomp", "ccomp", "pobj", "nsubjpass", "pcomp", "attr", "prep"}:
        if lemma in PREVENT:
            return Actuality.POSSIBLE
        if lemma in EXPECT and not (below.dep == "ccomp" and below.tag == "VBD"):
            return Actuality.EXPECTED
        if lemma in PLAN and (below.dep in {"xcomp", "dobj", "nsubjpass", "pcomp"} or lemma == "prepare"):
            return Actuality.PLANNED
        if lemma in {"demand", "urge", "request"}:
            return Actuality.EXPECTED
    if below is None and lemma in PLAN | EXPECT and not nominal:
        return None
    if below is None and nominal:
        modifiers = {t.lower for t in children if t.dep in {"amod", "det", "compound"}}
        if modifiers & {"future", "possible", "potential", "imminent", "planned", "threatened"}:
            return Actuality.POSSIBLE if "planned" not in modifiers else Actuality.PLANNED
        if token.dep == "nsubjpass" and parse.tokens[token.head].lemma in {"plan", "schedule", "prepare", "intend"}:
            return Actuality.PLANNED
    if below is None and token.tag in {"VBG"} and token.dep in {"csubj", "nsubj"}:
        return Actuality.POSSIBLE  # "Targeting civilians is a war crime": the act in general
    if below is None and token.tag == "VBG" and token.dep == "ROOT" and not auxiliaries:
        return None
    if (
        below is None
        and token.tag in {"VB"}
        and token.dep in {"ROOT", "ccomp", "conj"}
        and not auxiliaries
        and trigger is token
        and parse.dependents(token.index, "nsubj") == []
    ):
        return Actuality.EXPECTED  # an imperative
    return None


def _infinitive(parse: Parse, token: Token) -> Actuality:
    """`to do`: planned after words of plan, expected after words of expectation and `is to`, else possible (purpose)."""
    above = parse.tokens[token.head]
    lemma = above.lemma.lower()
    if token.dep in {"xcomp", "ccomp", "advcl", "acl", "relcl", "oprd"} or above.index != token.index:
        if lemma in {"manage", "begin", "start", "continue", "help", "force", "come", "go", "fail"} and above.tag in {"VBD", "VBN"}:
            return Actuality.HAPPENED if lemma != "fail" else Actuality.DENIED
        if lemma in PLAN:
            return Actuality.PLANNED
        if lemma in EXPECT or lemma in {"likely", "bound", "about"}:
            return Actuality.EXPECTED
        if lemma == "be":
            return Actuality.PLANNED
        if lemma in {"say", "claim", "believe", "think", "report", "know", "allege"}:
            return Actuality.ALLEGED
    if any(t.lemma == "be" and t.index < token.index for t in parse.dependents(token.index, "aux")):
        return Actuality.PLANNED
    return Actuality.POSSIBLE


def _negated(token: Token, children: Sequence[Token], below: Token | None) -> bool:
    if any(
        t.dep == "neg"
        or (t.lower in {"never", "nobody", "none", "nor", "neither"} and t.dep in {"nsubj", "nsubjpass", "dobj", "advmod", "preconj"})
        for t in children
    ):
        return True
    if any(t.lower == "no" and t.dep == "det" for t in children) and (below is None or token.pos in {"NOUN"}):
        return True
    return False


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

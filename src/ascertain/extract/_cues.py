"""Saying words and what they make somebody responsible for, read off the parse."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import attrs

from ascertain.extract._lexicon import by_word, table, words
from ascertain.extract._quotes import Quote
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Form, Span, Stance

VERBS, NOUNS = by_word("cues", "verbs"), by_word("cues", "nouns")
WEAK = words("cues", "weak.verbs")
TO_VERBS, OF_VERBS, FOR_VERBS, GERUND_VERBS, OBJECT_VERBS = (
    words("cues", f"takes.{key}") for key in ("to", "of", "for", "gerund", "object")
)
CLAUSE_DEPS = {"ccomp", "xcomp", "advcl", "pcomp"}
SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
NEGATORS = {"not", "n't", "n’t", "never", "hardly"}
MIN_CONTENT_TOKENS = 2
HYPHENED = re.compile(r"(?:-\w+)+")
MAX_OWNER_TOKENS = 14  # between a noun of telling and its `that`
HEARD = frozenset(table("cues")["phrases"]["heard"])


@attrs.frozen
class Cue:
    """A statement in the making: `inherits` are the speaker's words elsewhere, `entity` the speaker where known, `verb` the saying token."""

    content: tuple[Span, ...]
    cue: Span | None
    speaker: Span | None
    form: Form
    stance: Stance
    at: int = 0
    verb: int | None = None
    inherits: Span | None = None
    entity: str | None = None
    sure: bool = True


def saying_verb(token: Token) -> bool:
    """Whether a token is a verb of the cue lexicon."""
    return (token.pos in {"VERB", "AUX"} and token.lemma.lower() in VERBS) or token.lower in {"said", "says"}


def stance_of(parse: Parse, verb: Token, *, quoted: bool = False) -> Stance:
    """A saying verb's stance: its own, turned by a negation (`did not deny` confirms nothing: it asserts)."""
    stance = Stance(VERBS.get(verb.lemma.lower(), "asserts"))
    if verb.lemma.lower() == "call" and any(t.lower in {"for", "on", "upon"} for t in parse.dependents(verb.index, "prep", "prt")):
        stance = Stance.DEMANDS
    if stance is Stance.PLEDGES and (
        _told_past(parse, verb) or any(_is_past(parse, clause) for clause in parse.dependents(verb.index, "ccomp"))
    ):
        stance = Stance.ASSERTS  # "assured me that they had left": nobody pledges what has been
    negated = any(t.lower in NEGATORS for t in parse.dependents(verb.index, "neg", "advmod"))
    if negated or (verb.dep == "xcomp" and parse.tokens[verb.head].lemma.lower() in {"refuse", "decline"}):
        turned = {
            Stance.DENIES: Stance.ASSERTS,
            Stance.DOUBTS: Stance.ASSERTS,
            Stance.CONFIRMS: Stance.DOUBTS,
            Stance.EXPECTS: Stance.DOUBTS,
        }
        stance = turned.get(stance, stance)
        if verb.lemma.lower() in {"believe", "think"}:
            stance = Stance.DOUBTS
    if stance is Stance.DENIES and quoted:
        return Stance.ASSERTS  # the quoted words themselves are asserted
    return stance


def _told_past(parse: Parse, verb: Token) -> bool:
    """Whether the clause behind a verb's `that` is in the past, wherever the parse hangs it (`assured us in writing that no call had come`)."""
    that = next(
        (t for t in parse.tokens[verb.index + 1 : verb.index + 8] if t.lower == "that" and t.dep == "mark" and t.sentence == verb.sentence),
        None,
    )
    return that is not None and _is_past(parse, parse.tokens[that.head])


def _is_past(parse: Parse, clause: Token) -> bool:
    auxiliaries = {t.lower for t in parse.dependents(clause.index, "aux", "auxpass")}
    return (clause.tag == "VBD" and not auxiliaries) or bool(auxiliaries & {"had", "was", "were", "did"})


def cue_span(parse: Parse, verb: Token) -> Span:
    """The saying word with a particle (`pointed out`)."""
    particle = next((t for t in parse.dependents(verb.index, "prt") if t.index == verb.index + 1), None)
    return Span(verb.start, particle.end if particle else verb.end)


def subject_of(parse: Parse, verb: Token) -> Span | None:
    """The words that name who says: the subject, also of a coordinated verb; the agent of a passive."""
    token: Token | None = verb
    for _ in range(3):
        if token is None:
            return None
        passive = bool(parse.dependents(token.index, "auxpass"))
        if passive:
            for agent in parse.dependents(token.index, "agent"):
                for noun in parse.dependents(agent.index, "pobj"):
                    return noun_span(parse, noun)
            if verb.lemma not in {"tell", "inform", "accuse", "ask", "report", "quote"} or token is not verb:
                subject = parse.dependents(token.index, *SUBJECTS)
                return noun_span(parse, subject[0]) if subject and token is not verb else None
            return None
        subject = parse.dependents(token.index, *SUBJECTS)
        if subject and subject[-1].lower not in {"which", "that", "what", "there", "who"}:
            return noun_span(parse, subject[-1])
        if subject and subject[-1].lower in {"who", "which", "that"} and token.dep == "relcl":
            return noun_span(parse, parse.tokens[token.head])
        token = parse.tokens[token.head] if token.dep in {"conj", "xcomp", "advcl"} and token.head != token.index else None
    return None


def noun_span(parse: Parse, noun: Token) -> Span:
    """A noun with what stands before it and `of …`/`for …` after it; clauses and appositions stay out."""
    out: set[int] = set()
    for child in parse.children[noun.index]:
        token = parse.tokens[child]
        if token.dep == "prep" and parse.dependents(child, "pcomp"):
            out.update(parse.subtree(child))  # `accused by the governor of burning …`: no part of the governor
        if (token.dep in {"relcl", "acl", "appos", "conj", "cc", "punct", "advcl", "ccomp"} and child > noun.index) or (
            token.dep == "prep" and token.lower not in {"of", "for", "in", "from", "at"} and child > noun.index
        ):
            out.update(parse.subtree(child))
    inside = [i for i in parse.subtree(noun.index) if i not in out]
    first, last = noun.index, noun.index
    while first - 1 in inside:
        first -= 1
    while last + 1 in inside:
        last += 1
    while parse.tokens[first].pos in {"PUNCT", "CCONJ", "SCONJ"} and first < noun.index:
        first += 1
    return Span(parse.tokens[first].start, hyphened(parse.text, parse.tokens[last].end))


def hyphened(text: str, end: int) -> int:
    """The end of a written word that the parser cut at its hyphens (`brother-in-law`, `secretary-general`)."""
    rest = HYPHENED.match(text, end)
    return rest.end() if rest is not None else end


# --- clauses


def clause_statements(parse: Parse, quotes: Sequence[Quote]) -> list[Cue]:
    """Statements of saying verbs and nouns with the clause that they govern."""
    found: list[Cue] = []
    for token in parse.tokens:
        heard = _heard(parse, token) if token.pos in {"VERB", "AUX"} else []
        if heard:
            found += heard
        elif saying_verb(token):
            found += _of_verb(parse, token, quotes)
        elif token.pos == "NOUN" and token.lemma.lower() in NOUNS:
            found += _of_noun(parse, token)
    return found


def _of_verb(parse: Parse, verb: Token, quotes: Sequence[Quote]) -> list[Cue]:
    content = _content_of(parse, verb)
    if content is None:
        return []
    subject = subject_of(parse, verb)
    if subject is None and verb.dep not in {"ROOT", "conj", "parataxis", "ccomp", "advcl", "acl", "pcomp", "xcomp", "relcl"}:
        return []
    spans = _spans(parse, content, cut=_cut(parse, verb, subject))
    if not spans or sum(len(parse.tokens_in(s)) for s in spans) < MIN_CONTENT_TOKENS:
        return []
    quoted = all(any(q.outer.start <= s.start and s.end <= q.outer.end for q in quotes) for s in spans)
    if quoted:
        whole = next((q for q in quotes if q.outer.start <= spans[0].start and spans[-1].end <= q.outer.end), None)
        if whole is not None and not (whole.outer.start <= verb.start < whole.outer.end):
            return []  # the quotation's own way finds it
    sure = (verb.lemma.lower() not in WEAK or _asks_somebody(parse, verb)) and subject is not None
    return [
        Cue(tuple(spans), cue_span(parse, verb), subject, Form.INDIRECT, stance_of(parse, verb), at=verb.start, verb=verb.index, sure=sure)
    ]


def _asks_somebody(parse: Parse, verb: Token) -> bool:
    """`advised him to change his number`: a verb of asking with whom and what for."""
    infinitive = (
        t for t in parse.dependents(verb.index, "xcomp", "ccomp") if any(a.lower == "to" for a in parse.dependents(t.index, "aux"))
    )
    whom = parse.dependents(verb.index, "dobj") or any(parse.dependents(t.index, "nsubj") for t in infinitive)
    return (
        verb.lemma.lower() in TO_VERBS
        and bool(whom)
        and any(t.dep in {"xcomp", "ccomp"} for t in parse.dependents(verb.index, "xcomp", "ccomp"))
    )


def _content_of(parse: Parse, verb: Token) -> list[int] | None:
    """Indices of the tokens that a saying verb makes its subject responsible for; None where it governs no words."""
    lemma = verb.lemma.lower()
    for clause in _clauses(parse, verb):
        inside = parse.subtree(clause.index)
        if clause.dep == "xcomp" and not _counts_as_content(parse, clause, lemma):
            continue
        if clause.dep == "advcl":
            continue
        if (
            lemma in WEAK
            and clause.dep == "ccomp"
            and not _marked(parse, clause)
            and inside[0] > verb.index
            and lemma not in {"think", "believe", "fear", "hope", "expect", "know", "feel"}
        ):
            continue
        return [i for i in inside if i != verb.index]
    if lemma in OF_VERBS or lemma in FOR_VERBS:
        found = _prepositional(parse, verb, {"of", "about"} if lemma in OF_VERBS else {"for", "on"})
        if found:
            return found
    if lemma in OBJECT_VERBS or lemma in GERUND_VERBS:
        return _object_content(parse, verb)
    return _parenthetical(parse, verb)


def _clauses(parse: Parse, verb: Token) -> list[Token]:
    found = [t for t in parse.dependents(verb.index, *CLAUSE_DEPS) if t.dep != "pcomp"]
    to_do = verb.lemma.lower() in TO_VERBS  # "A stopped, but it may not last: both have threatened to resume": what follows is said
    found.sort(key=lambda t: (to_do and not (t.dep == "xcomp" and t.index > verb.index), t.dep != "ccomp", t.index))
    return found


def _marked(parse: Parse, clause: Token) -> bool:
    return any(t.lower in {"that", "whether", "if", "how", "why"} for t in parse.dependents(clause.index, "mark", "advmod"))


def _counts_as_content(parse: Parse, clause: Token, lemma: str) -> bool:
    infinitive = any(t.lower == "to" for t in parse.dependents(clause.index, "aux"))
    return (infinitive and lemma in TO_VERBS) or (clause.tag == "VBG" and lemma in GERUND_VERBS)


def _prepositional(parse: Parse, verb: Token, prepositions: Collection[str]) -> list[int] | None:
    for preposition in parse.dependents(verb.index, "prep"):
        if preposition.lower in prepositions:
            below = [i for child in parse.children[preposition.index] for i in parse.subtree(child)]
            if below:
                return sorted(below)
    agents = [noun for by in parse.dependents(verb.index, "agent") for noun in parse.dependents(by.index, "pobj")]
    for noun in (*parse.dependents(verb.index, "dobj"), *agents):
        for preposition in parse.dependents(noun.index, "prep"):
            if preposition.lower in prepositions and verb.lemma.lower() in OF_VERBS:
                below = [i for child in parse.children[preposition.index] for i in parse.subtree(child)]
                if below:
                    return sorted(below)
    return None


def _object_content(parse: Parse, verb: Token) -> list[int] | None:
    """`denied involvement`, `rejected the suggestion that …`: the clause of a cue noun, else the object itself."""
    objects = parse.dependents(verb.index, "dobj")
    for noun in objects:
        clause = next(iter(parse.dependents(noun.index, "acl", "ccomp", "relcl")), None)
        if clause is not None and (noun.lemma.lower() in NOUNS or noun.lemma.lower() in {"idea", "notion", "fact", "news", "word"}):
            return parse.subtree(clause.index)
    if objects and verb.lemma.lower() in {"deny", "promise", "pledge", "demand", "threaten", "announce", "predict", "expect", "fear"}:
        noun = objects[0]
        if noun.lemma.lower() in NOUNS and not parse.dependents(noun.index, "prep"):
            return None
        return parse.subtree(noun.index)
    return None


def _parenthetical(parse: Parse, verb: Token) -> list[int] | None:
    """`X, he said, Y` and `X, the ministry said.` where the parse has no clause: the rest of the sentence.

    Only strong cues with a subject right beside them, next to a comma or at the end of the sentence.
    """
    if verb.lemma.lower() in WEAK or verb.dep in {"amod", "acl"}:
        return None
    subject = subject_of(parse, verb)
    if subject is None:
        return None
    sentence = parse.sentence_of(verb)
    near = parse.text[min(subject.start, verb.start) - 3 : min(subject.start, verb.start)]
    comma_before = "," in near
    after = parse.text[max(verb.end, subject.end) : max(verb.end, subject.end) + 60]
    ends = re.match(r"\s*(?:on \w+|[\w ]{0,30})?[.,;]", after) is not None
    if not comma_before or not ends or min(subject.start, verb.start) - sentence.start < 12:
        return None
    tail_start = parse.text.find(",", max(verb.end, subject.end), sentence.end)
    tail_tokens = range(sentence.first, sentence.last)
    start_of_cue = min(subject.start, verb.start)
    end_of_cue = tail_start if tail_start > 0 else sentence.end
    return [i for i in tail_tokens if parse.tokens[i].end <= start_of_cue or parse.tokens[i].start >= end_of_cue]


def _cut(parse: Parse, verb: Token, subject: Span | None) -> list[Span]:
    """Words of a sentence that belong to the saying, not to what is said."""
    cut = [cue_span(parse, verb)]
    if subject is not None:
        cut.append(subject)
    for child in parse.children[verb.index]:
        token = parse.tokens[child]
        if token.dep in {"aux", "auxpass", "neg", "advmod", "npadvmod", "dative", "prt", "mark", "cc"} or (
            token.dep in {"nsubj", "nsubjpass"} and subject is None
        ):
            inner = [parse.tokens[i] for i in parse.subtree(child)]
            cut.append(Span(inner[0].start, inner[-1].end))
    return cut


def _spans(parse: Parse, indices: Sequence[int], *, cut: Sequence[Span]) -> list[Span]:
    """Unbroken runs of the tokens, without what is cut, `that` at the head, and marks at the edges."""
    kept = [parse.tokens[i] for i in sorted(indices) if not any(c.start <= parse.tokens[i].start < c.end for c in cut)]
    runs: list[list[Token]] = []
    for token in kept:
        if runs and token.index - runs[-1][-1].index == 1 and token.sentence == runs[-1][-1].sentence:
            runs[-1].append(token)
        else:
            runs.append([token])
    spans = []
    for number, whole in enumerate(runs):
        run = whole
        while run and (
            (run[0].pos == "PUNCT" and run[0].text not in '“"‘«')
            or (number == 0 and run[0].lower in {"that", "to", "and", "but", "whether"})
        ):
            run = run[1:]
        while run and run[-1].text in {",", ".", ";", ":", "—", "–", "-", "!", "and", "but", ")"}:
            run = run[:-1]
        if run and not all(t.pos == "PUNCT" for t in run):
            spans.append(_without_marks(parse.text, Span(run[0].start, run[-1].end)))
    return [s for s in spans if s.end - s.start > 1]


def _without_marks(text: str, span: Span) -> Span:
    """Leave a pair of quotation marks at the edges out, and a lone one."""
    start, end = span
    if text[start] in '“"‘«' and not re.search(r"[”\"’»]", text[start + 1 : end - 1]):
        start += 1
    if end - 1 > start and text[end - 1] in '”"»' and not re.search(r"[“\"«]", text[start : end - 1]):
        end -= 1
    return Span(start, end)


def _that_clause(parse: Parse, noun: Token) -> Token | None:
    """The clause of a noun of telling: below it, or behind a phrase for whose it is, wherever the parse hangs it (`the claim of X that …`)."""
    clause = next((t for t in parse.dependents(noun.index, "acl", "ccomp") if _marked(parse, t)), None)
    above = parse.tokens[noun.head]
    if clause is None and noun.dep == "nsubj" and above.lemma == "be":  # "the army's version is that …"
        clause = next((t for t in parse.dependents(above.index, "ccomp") if _marked(parse, t)), None)
    if clause is not None:
        return clause
    for token in parse.tokens[noun.index + 1 : noun.index + MAX_OWNER_TOKENS]:
        if token.lower == "that" and token.dep in {"mark", "dobj"} and token.index > noun.index + 1:
            clause = parse.tokens[token.head]
            own = any(t.index > token.index for t in parse.dependents(clause.index, "nsubj", "nsubjpass"))
            return clause if clause.index > token.index and (own or token.dep == "mark") else None
        if token.sentence != noun.sentence or token.pos in {"VERB", "AUX", "SCONJ", "PUNCT", "CCONJ"}:
            return None
    return None


def _clause_words(parse: Parse, clause: Token) -> list[int]:
    """A clause from its `that` on: what stands before belongs to whoever tells."""
    inside = parse.subtree(clause.index)
    first = next((t.index for t in parse.dependents(clause.index, "mark", "dobj") if t.lower == "that"), inside[0])
    return [i for i in inside if i >= first]


def _heard(parse: Parse, verb: Token) -> list[Cue]:
    """`had heard from X that Y`, `had it from X, a docker, that Y`: X tells."""
    if verb.lemma.lower() not in HEARD or (
        verb.lemma.lower() in {"have", "get"} and not any(t.lower == "it" for t in parse.dependents(verb.index, "dobj"))
    ):
        return []
    source = next((n for p in parse.dependents(verb.index, "prep") if p.lower == "from" for n in parse.dependents(p.index, "pobj")), None)
    if source is None:
        return []
    behind = parse.tokens[source.index + 1 : source.index + MAX_OWNER_TOKENS]
    that = next((t for t in behind if t.lower == "that" and t.dep == "mark" and t.sentence == verb.sentence and t.head > t.index), None)
    if that is None:
        return []
    spans = _spans(parse, _clause_words(parse, parse.tokens[that.head]), cut=[])
    return (
        [Cue(tuple(spans), verb.span, noun_span(parse, source), Form.INDIRECT, Stance.ASSERTS, at=verb.start, verb=verb.index)]
        if spans
        else []
    )


def _of_noun(parse: Parse, noun: Token) -> list[Cue]:
    """`the claim that …`, `an allegation by X that …`: content is the clause, speaker whose claim it is."""
    clause = _that_clause(parse, noun)
    if clause is None:
        return []
    above = parse.tokens[noun.head]
    if noun.dep == "dobj" and saying_verb(above) and VERBS.get(above.lemma.lower()) == "denies":
        return []  # the denier's statement holds these words
    speaker = None
    for child in parse.dependents(noun.index, "poss"):
        speaker = noun_span(parse, child)
    for preposition in parse.dependents(noun.index, "prep"):
        if preposition.lower in {"by", "from", "of"}:
            for inner in parse.dependents(preposition.index, "pobj"):
                speaker = noun_span(parse, inner)
            break
    if speaker is None and noun.dep == "dobj" and above.lemma.lower() in {"make", "issue", "repeat", "voice", "raise", "express", "have"}:
        speaker = subject_of(parse, above)
    if speaker is None:
        return []
    spans = _spans(parse, _clause_words(parse, clause), cut=[])
    return [Cue(tuple(spans), noun.span, speaker, Form.INDIRECT, Stance(NOUNS[noun.lemma.lower()]), at=noun.start)] if spans else []


# --- prepositions


def preposition_statements(parse: Parse, quotes: Sequence[Quote]) -> list[Cue]:
    """`According to X, Y.` and `Y, according to X.`: the sentence without the phrase."""
    found = []
    phrases = "|".join(re.escape(p) for p in table("cues")["phrases"]["asserts"])
    for match in re.finditer(rf"\b(?:{phrases})\s+", parse.text, re.IGNORECASE):
        token = parse.token_at(match.start())
        noun = parse.token_at(match.end())
        if token is None or noun is None:
            continue
        speaker = _object_span(parse, noun)
        sentence = parse.sentence_of(token)
        start, end = match.start(), speaker.end
        if noun.lower == "which":
            found += _of_which(parse, sentence, match, noun)
            continue
        within = _clause_around(parse, sentence.start, sentence.end, start, end)
        spans = [s for s in within if s.end - s.start > 8]
        stance = Stance.ASSERTS
        if spans and not any(q.outer.start <= start < q.outer.end for q in quotes):
            found.append(
                Cue(
                    tuple(spans),
                    Span(start, match.end() - len(match[0]) + len(match[0].rstrip())),
                    speaker,
                    Form.INDIRECT,
                    stance,
                    at=start,
                )
            )
    return found


def _of_which(parse: Parse, sentence: Sentence, match: re.Match[str], which: Token) -> list[Cue]:
    """`reports in the press according to which Y`: the reports, with the words for those who made them."""
    before = [t for t in parse.tokens[sentence.first : sentence.last] if t.end <= match.start()]
    told = next((t for t in reversed(before) if t.pos == "NOUN" and t.lemma.lower() in NOUNS), None)
    if told is None:
        return []
    content = _tidy(parse.text, Span(which.end, sentence.end))
    cue = Span(match.start(), match.start() + len(match[0].rstrip()))
    return [Cue((content,), cue, Span(told.start, before[-1].end), Form.INDIRECT, Stance.ASSERTS, at=match.start())]


def _object_span(parse: Parse, first: Token) -> Span:
    """The noun phrase that begins at a token, as the parse has it, not over a comma."""
    top = first
    while (
        parse.tokens[top.head].index != top.index
        and parse.tokens[top.head].index > top.index
        and parse.tokens[top.head].pos in {"NOUN", "PROPN", "PRON"}
        and parse.tokens[top.head].sentence == top.sentence
    ):
        top = parse.tokens[top.head]
    span = noun_span(parse, top)
    end = span.end
    comma = parse.text.find(",", first.start, end)
    return Span(first.start, comma if comma > 0 else max(end, first.end))


def _clause_around(parse: Parse, start: int, end: int, cue_start: int, cue_end: int) -> list[Span]:
    """The sentence before and after a phrase; a relative clause that holds the phrase inside commas keeps to its own words."""
    text = parse.text
    before, after = text[start:cue_start], text[cue_end:end]
    relative = re.search(r"\b(?:that|which|who),\s*$", before)
    if relative:
        stop = re.search(r"[.;!?]|\s+and\s", after[1:])
        tail = Span(cue_end, cue_end + 1 + stop.start() if stop else end)
        return [_tidy(text, tail)]
    if before.strip(' ,“"') == "":
        return [_tidy(text, Span(cue_end, end))]
    semicolon = max(before.rfind("; "), before.rfind(": "))
    head = _tidy(text, Span(start + (semicolon + 1 if semicolon > 0 else 0), cue_start))
    tail = _tidy(text, Span(cue_end, end))
    if re.match(r"\s*,?\s*(?:who|which)\b", after) or len(after.strip(' .,;”"')) < 8:
        return [head]
    return [head, tail] if re.match(r"\s*,", after) or re.match(r"\s+(?:and|but)\b", after) else [head]


def _tidy(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in " ,;:\n-–—":
        start += 1
    while end > start and text[end - 1] in " ,;:.!?\n-–—":
        end -= 1
    return Span(start, end)

"""Sentences of several tellers, cut at their semicolons, and set phrases of telling that no single verb shows.

`Twelve were killed, according to a priest; five more, he said, died later.` has two tellers, each of his own part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from ascertain.extract._cues import VERBS, Cue, saying_verb
from ascertain.extract._lexicon import table
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Form, Span, Stance

WHO = r"(?P<who>(?:[Aa]n?|[Tt]he|[Oo]ne|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[A-Z]\w+)\b[^,;:\"“”()]{1,60}?)"
KNOWN = "|".join(re.escape(phrase) for phrase in table("cues")["phrases"]["known"])
BEFORE = re.compile(rf"(?P<content>[^\"“”;]{{12,}}),\s+{WHO}\s+(?P<cue>(?:(?:has|have|had|also)\s+)*(?:{KNOWN}))[.]?\s*$")
BEHIND = re.compile(rf"(?:^|.*?[,;]\s+){WHO}\s+(?P<cue>(?:(?:has|have|had|also)\s+)*(?:{KNOWN}))\s+that\s+(?P<content>[^;]{{8,}}?)[.]?\s*$")
ACCOUNT = re.compile(
    r"(?:^|,\s+)(?P<cue>(?:[Bb]y|[Oo]n|[Ii]n)\s+(?P<who>[^,;:\"“”()]{2,50}?)(?:['’]s|s['’])\s+(?:own\s+)?(?:account|reckoning|telling|version|view|opinion|estimate))"
    r"(?:,\s+|[.]?\s*$)"
)
AS_TOLD = re.compile(
    r"(?P<before>(?:[^;:\"“”]*\b(?:that|whether|if)\b|[^;:,\"“”]{12,}))?,?\s*\b[Aa]s\s+(?P<who>(?!(?:well|soon|far|long|much|many|if|he|she|it|they|I|we|you)\b)[^,;:\"“”()]{3,60}?)\s+"
    r"(?P<cue>(?:(?:has|have|had|also|later)\s+)*(?:reported|report|reports|said|say|says|told|tells?|claim|claims|claimed|allege|alleges|alleged|confirmed|stated|"
    r"put|puts|recalled|recalls|noted|notes))(?:\s+(?:to\s+)?(?:him|her|them|us|me|it))?\s*,\s+(?P<after>[^;:\"“”]{8,})"
)
LIST_LEAD = re.compile(
    r"(?P<who>[^\n.:;]{2,60}?)\s+(?P<cue>demands?|calls? (?:up)?on|urges?|asks?|appeals? to|requests?|recommends?)\b(?P<whom>[^\n.:;]{0,60}?):?[ \t]*\n+"
    r"(?P<items>(?:[ \t]*(?:[-–—•*·]|\(?\w{1,2}[.)])[ \t]+[^\n]+\n*){2,})"
)
ITEM = re.compile(r"[ \t]*(?:[-–—•*·]|\(?\w{1,2}[.)])[ \t]+(?:that[ ]|to[ ])?(?P<words>[^\n]+)")
LONGEST = 500  # characters of a sentence; longer ones are lists and tables
LEAST = 3  # words of what is told


def phrased_cues(parse: Parse, found: Sequence[Cue]) -> list[Cue]:
    """The cues with those of set phrases (`X let it be known that Y`, `by X's account, Y`); another's on the same words gives way."""
    kept = [*found, *_listed(parse)]
    for sentence in parse.sentences:
        if sentence.end - sentence.start <= LONGEST:
            for cue in _phrased(parse, sentence):
                kept = [other for other in kept if other.cue is None or not _meet(other.cue, cue.cue)] + [cue]
    return kept


def _phrased(parse: Parse, sentence: Sentence) -> Iterator[Cue]:
    text = parse.text[sentence.start : sentence.end]
    for form in (BEFORE, BEHIND):
        match = form.match(text)
        if match is not None:
            who, cue, told = (_at(sentence, match, part) for part in ("who", "cue", "content"))
            yield Cue((told,), cue, who, Form.INDIRECT, Stance.ASSERTS, at=cue.start)
            return
    yield from _as_told(parse, sentence, text)
    match = ACCOUNT.search(text)
    if match is not None:
        cue = _at(sentence, match, "cue")
        sides = (Span(sentence.start, sentence.start + match.start()), Span(sentence.start + match.end(), sentence.end))
        content = tuple(
            side for side in (_tidy(parse.text, side) for side in sides) if side is not None and len(parse.tokens_in(side)) >= LEAST
        )
        if content:
            yield Cue(content, cue, _at(sentence, match, "who"), Form.INDIRECT, Stance.ASSERTS, at=cue.start)


def _as_told(parse: Parse, sentence: Sentence, text: str) -> Iterator[Cue]:
    """`that, as the governor had reported, X`; `whether X, as some residents allege, Y`: the clause on the side where one stands."""
    match = AS_TOLD.search(text)
    verb = parse.token_at(sentence.start + match.start("cue")) if match is not None else None
    if match is None or verb is None:
        return
    before = match["before"] or ""
    opened = re.search(r"\b(?:that|whether|if)\s+(?=\S)(?P<clause>[^,;]{8,})$", before)
    if opened is not None:
        told = Span(sentence.start + match.start("before") + opened.start("clause"), sentence.start + match.end("before"))
    elif re.search(r"\b(?:that|whether)$", before) or not before:
        told = _at(sentence, match, "after")
    else:
        told = _at(sentence, match, "before")
    content = _tidy(parse.text, told)
    verb = next((t for t in parse.tokens_in(_at(sentence, match, "cue")) if saying_verb(t)), verb)
    if content is not None and len(parse.tokens_in(content)) >= LEAST:
        stance = Stance(VERBS.get(verb.lemma.lower(), "asserts"))
        yield Cue(
            (content,), _at(sentence, match, "cue"), _at(sentence, match, "who"), Form.INDIRECT, stance, at=verb.start, verb=verb.index
        )


def _listed(parse: Parse) -> Iterator[Cue]:
    """`We demand` above a list: each item is demanded."""
    for lead in LIST_LEAD.finditer(parse.text):
        for item in ITEM.finditer(parse.text, lead.start("items"), lead.end("items")):
            content = _tidy(parse.text, Span(*item.span("words")))
            if content is not None and len(parse.tokens_in(content)) >= LEAST:
                yield Cue((content,), None, Span(*lead.span("who")), Form.INDIRECT, Stance.DEMANDS, at=content.start)


def _at(sentence: Sentence, match: re.Match[str], part: str) -> Span:
    return Span(sentence.start + match.start(part), sentence.start + match.end(part))


def parted(parse: Parse, cues: Sequence[Cue]) -> list[Cue]:
    """The cues, each kept to its own side of a semicolon where another teller's saying word stands on the other; so at `while X said`."""
    made = [attrs.evolve(cue, content=_to_the_next(parse, cue)) for cue in cues]
    for sentence in parse.sentences:
        sides = _sides(parse, sentence)
        if len(sides) > 1:
            _keep_apart(parse, made, sides)
    return [cue for cue in made if cue.content]


def _sides(parse: Parse, sentence: Sentence) -> list[Span]:
    """The parts of a sentence between its semicolons."""
    breaks = [sentence.start + m.start() for m in re.finditer(r";(?=\s)", parse.text[sentence.start : sentence.end])]
    return [Span(a, b) for a, b in zip([sentence.start, *(b + 1 for b in breaks)], [*breaks, sentence.end], strict=True)]


def _keep_apart(parse: Parse, made: list[Cue], sides: Sequence[Span]) -> None:
    """Clip the cues of one sentence that reach into a side where another speaks, or that have no words on their own."""
    at = {i: side for i, cue in enumerate(made) if (side := _side(cue, sides)) is not None}
    outer = [i for i in at if not any(j != i and at[j] == at[i] and _holds(made[j], made[i]) for j in at)]
    several = len({at[i] for i in outer}) > 1
    for i in outer:
        elsewhere = [made[j] for j in at if at[j] != at[i]]
        if _outside(made[i], at[i]) or (several and any(_holds(made[i], other) for other in elsewhere)):
            made[i] = attrs.evolve(made[i], content=_within(parse, made[i], at[i]))


def _to_the_next(parse: Parse, cue: Cue) -> tuple[Span, ...]:
    """A cue's content up to a verb that goes on from its own (`denies that … and blames …`), or to another's clause (`while Y said …`)."""
    if cue.verb is None:
        return cue.content
    stops = [first.start for verb in parse.dependents(cue.verb, "conj") if (first := _first(parse, verb)) is not None]
    for token in (t for span in cue.content for t in parse.tokens_in(span)):
        verb = parse.tokens[token.head]
        if (
            token.lower in {"while", "whereas"}
            and token.dep in {"mark", "advmod"}
            and saying_verb(verb)
            and parse.dependents(verb.index, "nsubj")
        ):
            stops.append(token.start)
    stop = min((s for s in stops if s > parse.tokens[cue.verb].end), default=None)
    if stop is None or not any(s.start < stop < s.end and s.start > parse.tokens[cue.verb].start for s in cue.content):
        return cue.content
    clipped = (Span(s.start, min(s.end, stop)) for s in cue.content if s.start < stop)
    return tuple(span for span in (_tidy(parse.text, s) for s in clipped) if span is not None) or cue.content


def _first(parse: Parse, verb: Token) -> Token | None:
    """The conjunction before a coordinated verb, or the verb's first word; None where other words than a saying's come between."""
    above = parse.tokens[verb.head]
    if verb.tag not in {"VBD", "VBZ", "VBP"} or verb.index < above.index:
        return None
    first = verb
    own = {t.index for t in parse.dependents(verb.index, "nsubj", "aux", "auxpass", "neg", "advmod") if t.index < verb.index}
    while first.index > 0 and (parse.tokens[first.index - 1].pos in {"CCONJ", "PUNCT", "ADV"} or first.index - 1 in own):
        first = parse.tokens[first.index - 1]
    return first if any(t.pos == "CCONJ" for t in parse.tokens[first.index : verb.index]) else None


def _side(cue: Cue, sides: Sequence[Span]) -> Span | None:
    where = cue.cue or cue.speaker
    return next((side for side in sides if where is not None and side.start <= where.start < side.end), None)


def _outside(cue: Cue, side: Span) -> bool:
    """Whether none of a cue's words stand on its own side."""
    return not any(s.start < side.end and side.start < s.end for s in cue.content)


def _holds(outer: Cue, inner: Cue) -> bool:
    return inner.cue is not None and any(s.start <= inner.cue.start < s.end for s in outer.content)


def _within(parse: Parse, cue: Cue, side: Span) -> tuple[Span, ...]:
    """A cue's content on its own side; where the cue has none there, the words behind it."""
    clipped = (Span(max(s.start, side.start), min(s.end, side.end)) for s in cue.content if s.start < side.end and side.start < s.end)
    kept = tuple(span for span in (_tidy(parse.text, s) for s in clipped) if span is not None)
    if kept or cue.cue is None:
        return kept
    behind = _tidy(parse.text, Span(max(cue.cue.end, cue.speaker.end if cue.speaker and cue.speaker.end < side.end else 0), side.end))
    return (behind,) if behind is not None and len(parse.tokens_in(behind)) >= LEAST else cue.content


def _tidy(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and text[start] in " ,;:\n-–—":
        start += 1
    while end > start and text[end - 1] in " ,;:.\n-–—":
        end -= 1
    return Span(start, end) if end - start > 1 else None


def _meet(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.start < other.end and other.start < one.end

"""Sentences of several tellers, cut at their semicolons, and set phrases of telling that no single verb shows.

`Twelve were killed, according to a priest; five more, he said, died later.` has two tellers, each of his own part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from ascertain.extract._cues import Cue
from ascertain.extract._lexicon import table
from ascertain.models.language import Parse, Sentence
from ascertain.records import Form, Span, Stance

WHO = r"(?P<who>(?:[Aa]n?|[Tt]he|[Oo]ne|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[A-Z]\w+)\b[^,;:\"“”()]{1,60}?)"
KNOWN = "|".join(re.escape(phrase) for phrase in table("cues")["phrases"]["known"])
BEFORE = re.compile(rf"(?P<content>[^\"“”;]{{12,}}),\s+{WHO}\s+(?P<cue>(?:(?:has|have|had|also)\s+)*(?:{KNOWN}))[.]?\s*$")
BEHIND = re.compile(rf"(?:^|.*?[,;]\s+){WHO}\s+(?P<cue>(?:(?:has|have|had|also)\s+)*(?:{KNOWN}))\s+that\s+(?P<content>[^;]{{8,}}?)[.]?\s*$")
ACCOUNT = re.compile(
    r"(?:^|,\s+)(?P<cue>(?:[Bb]y|[Oo]n|[Ii]n)\s+(?P<who>[^,;:\"“”()]{2,50}?)(?:['’]s|s['’])\s+(?:own\s+)?(?:account|reckoning|telling|version|view|opinion|estimate))"
    r"(?:,\s+|[.]?\s*$)"
)
LONGEST = 500  # characters of a sentence; longer ones are lists and tables
LEAST = 3  # words of what is told


def phrased_cues(parse: Parse, found: Sequence[Cue]) -> list[Cue]:
    """The cues with those of set phrases (`X let it be known that Y`, `by X's account, Y`); another's on the same words gives way."""
    kept = list(found)
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
            who, cue, content = (_at(sentence, match, part) for part in ("who", "cue", "content"))
            yield Cue((content,), cue, who, Form.INDIRECT, Stance.ASSERTS, at=cue.start)
            return
    match = ACCOUNT.search(text)
    if match is not None:
        cue = _at(sentence, match, "cue")
        sides = (Span(sentence.start, sentence.start + match.start()), Span(sentence.start + match.end(), sentence.end))
        content = tuple(side for side in (_tidy(parse.text, side) for side in sides) if side is not None and len(parse.tokens_in(side)) >= LEAST)
        if content:
            yield Cue(content, cue, _at(sentence, match, "who"), Form.INDIRECT, Stance.ASSERTS, at=cue.start)


def _at(sentence: Sentence, match: re.Match[str], part: str) -> Span:
    return Span(sentence.start + match.start(part), sentence.start + match.end(part))


def parted(parse: Parse, cues: Sequence[Cue]) -> list[Cue]:
    """The cues, each kept to its own side of a semicolon where another teller's saying word stands on the other."""
    made = list(cues)
    for sentence in parse.sentences:
        breaks = [sentence.start + m.start() for m in re.finditer(r";(?=\s)", parse.text[sentence.start : sentence.end])]
        if not breaks:
            continue
        sides = [Span(a, b) for a, b in zip([sentence.start, *(b + 1 for b in breaks)], [*breaks, sentence.end], strict=True)]
        at = {i: side for i, cue in enumerate(made) if (side := _side(cue, sides)) is not None}
        outer = [i for i in at if not any(j != i and _holds(made[j], made[i]) and at[j] == at[i] for j in at)]
        if len({at[i] for i in outer}) < 2 and not any(_outside(made[i], at[i]) for i in outer):
            continue
        for i in outer:
            taken = [made[j].cue for j in at if j != i and at[j] != at[i]]
            if any(s.start <= c.start < s.end for s in made[i].content for c in taken if c is not None) or _outside(made[i], at[i]):
                made[i] = attrs.evolve(made[i], content=_within(parse, made[i], at[i]))
    return [cue for cue in made if cue.content]


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

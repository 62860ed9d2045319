"""Statements around or before their saying words (`Shells, Amina Yusuf said, had hit the school`, `Shells hit it, an official said.`).

The encoder finds most of them in articles; in notes of a sentence or two it may miss them, and the parse takes the inserted words for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import attrs

from ascertain.extract._cues import NOUNS, Cue, cue_span, saying_verb, stance_of, subject_of
from ascertain.models.language import Parse, Token
from ascertain.records import Form, Span, Stance

BETWEEN = 6  # words between `denied` and its `that`
LEAST = 3  # words of what is said, with all its parts
MARKS = " ,;:“”\"'"


def with_clauses_around(parse: Parse, cues: Sequence[Cue]) -> list[Cue]:
    """The cues, and those of finite saying verbs between commas that none of them has; a cue that found its saying word alone is filled."""
    found = list(cues)
    for token in parse.tokens:
        made = _around(parse, token) if token.tag in {"VBD", "VBZ"} and saying_verb(token) else None
        if made is None or made.speaker is None:
            continue
        who = made.speaker
        found = [cue for cue in found if not _inside(cue.content, who)]  # `an official who asked not to be named said`
        twin = next((i for i, cue in enumerate(found) if cue.cue is not None and cue.cue.start <= token.start < cue.cue.end), None)
        if twin is None:
            found.append(made)
        elif all(any(whole.start <= part.start and part.end <= whole.end for whole in made.content) for part in found[twin].content):
            found[twin] = attrs.evolve(found[twin], content=made.content, speaker=who)
    found += [made for made in _nouns(parse) if not any(cue.cue == made.cue and cue.content for cue in found)]
    return [cue for cue in found if cue.content]


def _nouns(parse: Parse) -> Iterator[Cue]:
    """Clauses that hang on a saying noun and have no speaker (`Reports that planes had been sent could not be confirmed`)."""
    for noun, that in pairwise(parse.tokens):
        if noun.lemma.lower() not in NOUNS or noun.pos != "NOUN" or that.lower != "that" or parse.dependents(noun.index, "poss", "prep"):
            continue
        verb = next((t for t in parse.tokens if t.head == noun.index and t.dep in {"acl", "ccomp", "relcl"} and t.index > that.index), None)
        if verb is None:
            continue
        held, waiting = {verb.index}, [verb.index]
        while waiting:
            more = parse.children[waiting.pop()]
            held.update(more)
            waiting += more
        last = max(held)
        content = _bare(parse.text, Span(that.end, parse.tokens[last].end))
        if content is not None:
            yield Cue((content,), Span(noun.start, noun.end), None, Form.INDIRECT, Stance(NOUNS[noun.lemma.lower()]), at=noun.start)


def _inside(content: Sequence[Span], who: Span) -> bool:
    return bool(content) and all(who.start <= span.start < who.end for span in content)


def _speaker(parse: Parse, verb: Token) -> Span | None:
    """The subject of a verb; where the parse lost it, all words from the comma before it on, if they begin as somebody does."""
    subject = subject_of(parse, verb)
    comma = parse.text.rfind(",", parse.sentence_of(verb).start, verb.start)
    if subject is not None and subject.start > comma:
        return subject
    inside = [t for t in parse.tokens if comma < t.start < verb.start] if comma >= 0 else []
    return Span(inside[0].start, inside[-1].end) if inside and inside[0].pos in {"DET", "PROPN"} else None


def _around(parse: Parse, verb: Token) -> Cue | None:
    """What a saying verb with its subject is put into, or behind: a comma stands before the subject, a comma or full stop after the verb."""
    subject, text = _speaker(parse, verb), parse.text
    sentence = parse.sentence_of(verb)
    if subject is None or subject.start > verb.start or text[verb.end : verb.end + 1] not in {",", "."}:
        return None
    before = Span(sentence.start, sentence.start + len(text[sentence.start : subject.start].rstrip()))
    if not text[before.start : before.end].endswith(","):
        return None
    parts = [_bare(text, before), _bare(text, Span(verb.end, sentence.end))]
    content = tuple(part for part in parts if part is not None)
    words = [t for span in content for t in parse.tokens_in(span) if t.pos != "PUNCT"]
    if parts[0] is None or len(words) < LEAST or not any(t.pos in {"VERB", "AUX"} for t in words):
        return None
    return Cue(content, cue_span(parse, verb), subject, Form.INDIRECT, stance_of(parse, verb, quoted=False), at=verb.start, verb=verb.index)


def _bare(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and text[start] in MARKS:
        start += 1
    while end > start and text[end - 1] in MARKS + ".":
        end -= 1
    return Span(start, end) if start < end else None


def with_denials(parse: Parse, cues: Sequence[Cue]) -> list[Cue]:
    """The cues, and every finite `denied … that` that none of them has: a denial is never lost to a clause before it."""
    found = list(cues)
    for token in parse.tokens:
        if token.lower not in {"denied", "denies"} or any(
            c.cue is not None and c.cue.start < token.end and token.start < c.cue.end for c in found
        ):
            continue
        made = _denial(parse, token)
        if made is not None:
            found = [attrs.evolve(cue, content=_cut(cue.content, token.start)) for cue in found]
            found.append(made)
    return [cue for cue in found if cue.content]


def _denial(parse: Parse, verb: Token) -> Cue | None:
    sentence = parse.sentence_of(verb)
    inside = parse.tokens[sentence.first : sentence.last]
    that = next((t for t in inside if verb.index < t.index <= verb.index + BETWEEN and t.lower == "that"), None)
    opening = [t for t in inside if t.index < verb.index]
    if that is None or not opening or any(t.dep in {"auxpass", "aux"} and t.head == verb.index for t in opening):
        return None
    last = next((t for t in opening if t.lower in {"who", "which", "that"} or t.pos in {"VERB", "AUX"} or t.text == ","), verb)
    content = _bare(parse.text, Span(that.end, sentence.end))
    who = [t for t in opening if t.index < last.index]
    if content is None or not who or not any(t.pos in {"NOUN", "PROPN", "PRON"} for t in who):
        return None
    return Cue(
        (content,),
        Span(verb.start, verb.end),
        Span(who[0].start, who[-1].end),
        Form.INDIRECT,
        Stance.DENIES,
        at=verb.start,
        verb=verb.index,
    )


def _cut(content: Sequence[Span], stop: int) -> tuple[Span, ...]:
    """A content that runs over a place, up to it."""
    if not any(span.start < stop < span.end for span in content):
        return tuple(content)
    return tuple(Span(span.start, min(span.end, stop - 1)) for span in content if span.start < stop - 1)

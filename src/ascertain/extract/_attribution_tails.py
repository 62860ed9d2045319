"""Statements whose speaker stands behind or amid them with a clause of its own, where the parse loses the thread.

`X, an official who asked not to be named said.` and `X, says Ana Lis, who runs a clinic, Y.`
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.extract._cues import Cue, saying_verb, stance_of
from ascertain.extract._lexicon import word_class
from ascertain.models.language import Parse, Sentence
from ascertain.records import Form, Span

PEOPLE = word_class("people")
LONGEST = 600  # characters of a sentence; longer ones are lists and tables
SAYING = r"(?P<cue>said|says|added|announced|reported|warned|claimed|alleged|confirmed|told\s+reporters)"
WHEN = r"(?:\s+(?:on|in|at|late|early|yesterday|today|earlier)\b[\w ]{0,30})?"
WHO = r"(?P<who>(?:[Aa]n?|[Tt]he|[Oo]ne|[Tt]wo|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[A-Z]\w+)\b[^,;:\"“”()]{2,60}?)"
BEHIND = re.compile(rf"(?P<first>[^\"“”]{{12,}}),\s+{WHO}(?:,?\s+who\s+[^,;:\"“”]{{3,70}}?,?)?\s+{SAYING}{WHEN}[.]?\s*$")
AMID = re.compile(
    rf"(?P<first>[^\"“”]{{8,}}),\s+{SAYING}\s+{WHO}(?:,\s+(?:who|the|an?)\s[^,;:\"“”]{{3,80}})?,\s+(?P<second>[^\"“”]{{8,}}?)[.]?\s*$"
)


def with_tails(parse: Parse, cues: Sequence[Cue]) -> list[Cue]:
    """The cues with those that these two forms give.

    Another's cue on the same saying word stands, unless it takes the speaker for what is said.
    """
    found = list(cues)
    for sentence in parse.sentences:
        for form in (BEHIND, AMID):
            cue = _read(parse, sentence, form)
            if cue is None:
                continue
            rivals = [other for other in found if _meet(other.cue, cue.cue)]
            if rivals and not any(_meet(span, cue.speaker) for other in rivals for span in other.content):
                continue
            misread = [other for other in found if any(_meet(span, cue.cue) for span in other.content)]
            found = [other for other in found if other not in rivals and other not in misread]
            found.append(cue)
    return found


def _read(parse: Parse, sentence: Sentence, form: re.Pattern[str]) -> Cue | None:
    short = sentence.end - sentence.start <= LONGEST
    match = form.match(parse.text[sentence.start : sentence.end]) if short else None
    if match is None:
        return None
    who, cue = (Span(sentence.start + match.start(part), sentence.start + match.end(part)) for part in ("who", "cue"))
    verb = parse.token_at(cue.start)
    somebody = any(t.pos == "PROPN" or t.lemma.lower() in PEOPLE for t in parse.tokens_in(who))
    if verb is None or not saying_verb(verb) or not somebody:
        return None
    parts = [Span(sentence.start + match.start(p), sentence.start + match.end(p)) for p in ("first", "second") if p in form.groupindex]
    if " said" in match["first"] or " says" in match["first"]:
        return None  # somebody else's words already
    return Cue(tuple(parts), cue, who, Form.INDIRECT, stance_of(parse, verb), at=cue.start, verb=verb.index)


def _meet(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.start < other.end and other.start < one.end

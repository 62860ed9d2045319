"""Headlines and flashes: who says so stands behind a dash, before a colon, or after a comma."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.extract._cues import Cue
from ascertain.extract._lexicon import words
from ascertain.models.language import Parse
from ascertain.records import Form, Span, Stance

HEADLINE = re.compile(r"^(?P<content>.{12,150}?)(?:\s+[-–—]\s+|:\s+)(?P<speaker>[\w' ]{3,40})$")
HEADLINE_SAYS = re.compile(r"^(?P<content>.{12,150}?),\s+(?P<speaker>[\w' -]{3,40}?)\s+(?P<cue>says?|said|claims?|warns?)$")


LABEL = re.compile(r"^(?:\d{1,2}[:.h]\d{2}\s+(?:GMT\s+)?)?(?P<speaker>[A-Z][\w'’ -]{2,50}?):\s+(?P<content>[^\s“\"][^\n]{14,})$")
SPEAKING = words("people", "person") | words("people", "group") | words("people", "organisation")


def _labelled(parse: Parse, line: re.Match[str]) -> Cue | None:
    """`Interior ministry: two aircraft bombed the base`: a headline or flash whose label names who says so."""
    match = LABEL.match(line[0].rstrip())
    if match is None:
        return None
    speaker = Span(line.start() + match.start("speaker"), line.start() + match.end("speaker"))
    tokens = parse.tokens_in(speaker)
    if not tokens or not (SPEAKING & {tokens[-1].lemma.lower(), tokens[-1].lower}) or parse.text[slice(*speaker)].isupper():
        return None
    start = line.start() + match.start("content")
    sentence = next((s for s in parse.sentences if s.start <= start < s.end), None)
    end = min(sentence.end if sentence else start, line.start() + match.end("content"))
    while end > start and parse.text[end - 1] in " .!":
        end -= 1
    return Cue((Span(start, end),), None, speaker, Form.INDIRECT, Stance.ASSERTS, at=speaker.start) if end - start > 12 else None


def headline_cues(parse: Parse, found: Sequence[Cue]) -> list[Cue]:
    """`Blast hits market - police`; `Minibus carried ammunition, ministry says` where the parse found nothing."""
    made = []
    for line in re.finditer(r"[^\n]{15,200}", parse.text):
        words_ = line[0].rstrip()
        labelled = _labelled(parse, line)
        if labelled is not None and not any(line.start() <= c.at < line.end() for c in found):
            made.append(labelled)
            continue
        if words_.endswith((".", "?", "!", '"', "”")):
            continue
        match = HEADLINE_SAYS.match(words_) or HEADLINE.match(words_)
        if match is None or any(line.start() <= c.at < line.end() for c in found):
            continue
        cue = match.groupdict().get("cue")
        speaker = Span(line.start() + match.start("speaker"), line.start() + match.end("speaker"))
        if cue is None and (not _names_people(parse, speaker) or " - " not in words_.replace("–", "-").replace("—", "-")):
            continue
        content = Span(line.start() + match.start("content"), line.start() + match.end("content"))
        prefix = re.match(r"(?:FLASH|URGENT|BREAKING|UPDATE \d+|ALERT):?\s+", words_)
        content = Span(content.start + (prefix.end() if prefix else 0), content.end)
        where = Span(line.start() + match.start("cue"), line.start() + match.end("cue")) if cue else None
        made.append(
            Cue(
                (content,),
                where,
                speaker,
                Form.INDIRECT,
                Stance.ALLEGES if cue and cue.startswith("claim") else Stance.ASSERTS,
                at=speaker.start,
            )
        )
    return made


def _names_people(parse: Parse, span: Span) -> bool:
    return any(t.lemma.lower() in words("people", "person") | words("people", "group") for t in parse.tokens_in(span))

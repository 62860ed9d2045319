"""Implied speech: sentences and quotations without a statement for which somebody named beside them vouches."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ascertain.assess._harms import CountedHarm
from ascertain.assess._pronouns import SUBJECT_WITHIN, named_before
from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, described, source_of_entity
from ascertain.assess._speaker import speaker_of
from ascertain.assess._tellings import Telling, spans_meet
from ascertain.assess._turns import turns_of
from ascertain.records import EntityType, Part, Sentence, Span

QUOTED = re.compile(r"“[^”\n]+”|\"[^\"\n]+\"")
AUXILIARY = re.compile(r"(?: (?:has|have|had|also|initially|earlier|first|later|since|then|meanwhile|originally|already))+ ?$")
LEAST_QUOTE = 4  # words from which words in quotation marks are a quotation
OFFICE_WORDS = 6  # an office is named in so many words at most


def implied(telling: Telling, harms: Sequence[CountedHarm]) -> list[tuple[Span, Source]]:
    """What is vouched for though nothing is `said`: `also speaks of 17 now`, `counts on his fingers: “Five are dead.”`, turns of a transcript."""
    covered = [c for s in telling.reading.statements if speaker_of(telling, s) is not None for c in s.content]
    turns = turns_of(telling)
    covered += [span for span, _ in turns]
    found = [(span, source) for span, source in turns if source is not None]
    for sentence in telling.sentences():
        if sentence.part is Part.BODY:
            found += _in_sentence(telling, sentence, covered, harms)
    return found + _quoted(telling, covered)


def _in_sentence(telling: Telling, sentence: Sentence, covered: Sequence[Span], harms: Sequence[CountedHarm]) -> list[tuple[Span, Source]]:
    """The part of a sentence from a word such as `puts the number at`, with the one named before it."""
    verb = pattern("implied").search(telling.words(sentence))
    if verb is None:
        return []
    span = Span(sentence.start, sentence.end)
    if any(spans_meet(c, span) for c in covered):
        span = Span(sentence.start + verb.start(), sentence.end)  # `confirmed the attack but put the number at 22`
        first = min((c.start for c in covered if spans_meet(c, span)), default=sentence.end)
        if first > span.start and any(span.start <= h.quantity.passage.start < first for h in harms):
            span = Span(span.start, first)  # `put the number at five, saying that two girls were cut`
    if any(spans_meet(c, span) for c in covered):
        return []
    source = (
        named_before(telling, sentence.start, sentence.start + verb.start())
        or _office_before(telling, sentence, verb.start())
        or _of_pronoun(telling, sentence)
        or (_speaking_in(telling, sentence, verb.start()) if verb[0].startswith(("say", "said", "report")) else None)
    )
    return [(span, source)] if source is not None else []


def _of_pronoun(telling: Telling, sentence: Sentence) -> Source | None:
    """The person named at the head of the sentence before, where this one begins with a pronoun: `His report gives eight bodies`."""
    number = telling.layout.number_at(sentence.start)
    before = telling.layout.sentences[number - 1] if number else None
    begin = re.match(r"(?:(His|Her|He|She)|They|It|Their) ", telling.words(sentence))
    if before is None or before.paragraph != sentence.paragraph or begin is None:
        return None
    if begin[1]:
        return named_before(telling, before.start, before.end)
    bodies = [
        (m.start, e.id, e) for e in telling.reading.entities for m in e.mentions
        if e.type is EntityType.ORGANISATION and before.start <= m.start < before.start + SUBJECT_WITHIN and content(e.name) & listed("office", "bodies")
    ]  # fmt: skip
    return source_of_entity(telling.reading, min(bodies, key=lambda item: item[:2])[2], None) if bodies else None


def _quoted(telling: Telling, covered: Sequence[Span]) -> list[tuple[Span, Source]]:
    """Quotations without a saying word, with the one named before them in their line."""
    text = telling.reading.document.text
    found = []
    for quote in QUOTED.finditer(text):
        inside = Span(quote.start() + 1, quote.end())
        if len(quote[0].split()) < LEAST_QUOTE or not telling.owns(quote.start()) or any(spans_meet(c, inside) for c in covered):
            continue
        source = named_before(telling, text.rfind("\n", 0, quote.start()) + 1, quote.start())
        found += [(inside, source)] if source is not None else []
    return found


def _office_before(telling: Telling, sentence: Sentence, stop: int) -> Source | None:
    """The office at the start of a sentence: `The local health authority had reported`."""
    words = AUXILIARY.sub("", telling.words(sentence)[:stop].split(",")[0]).strip()
    if not words or len(words.split()) > OFFICE_WORDS:
        return None
    return described(telling.reading, Span(sentence.start, sentence.start + len(words)))


def _speaking_in(telling: Telling, sentence: Sentence, stop: int) -> Source | None:
    """Who speaks earlier in a sentence, if but one does: `The police note counts those who have a pension and says five`."""
    cues = [s for s in telling.reading.statements if s.cue is not None and sentence.start <= s.cue.start < sentence.start + stop]
    speakers = {s.speaker_passage: s for s in cues if s.speaker_passage is not None and s.speaker_passage.start >= sentence.start}
    return speaker_of(telling, next(iter(speakers.values()))) if len(speakers) == 1 else None

"""From the encoder's attributions to statements in the making: edges at quotation marks, the stance of the saying words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ascertain.extract._attribution import Attribution, attributions
from ascertain.extract._cues import NOUNS, VERBS, Cue, stance_of
from ascertain.extract._quotes import Quote
from ascertain.models.encoder import Marks
from ascertain.models.language import Parse, Token
from ascertain.records import Form, Span, Stance

BEGINS = ("that ", ", that ", ": that ")  # how a clause hangs on its cue; no part of what is said
EDGE = 3  # characters by which a content may miss a quotation's edge and still mean it
MOSTLY = 0.6  # share of a quotation from which a content means all of it


def learned_cues(parse: Parse, quotes: Sequence[Quote], marks: Marks) -> list[Cue]:
    """What the encoder found, as cues."""
    found = []
    for attribution in attributions(parse.text, marks):
        content = _edges(parse.text, attribution.content, attribution, quotes)
        if not content:
            continue
        verb = _saying(parse, attribution.cue)
        source = _source(parse.text, attribution.source)
        quoted = all(any(q.span.start <= s.start and s.end <= q.span.end for q in quotes) for s in content)
        stance = _stance(parse, attribution.cue, verb, quoted=quoted)
        found.append(
            Cue(
                content, attribution.cue, source, Form.INDIRECT, stance, at=attribution.cue.start,
                verb=verb.index if verb is not None else None,
            )
        )  # fmt: skip
    return found


def _edges(text: str, content: Iterable[Span], of: Attribution, quotes: Sequence[Quote]) -> tuple[Span, ...]:
    """Passages without marks at their edges; one that means a quotation takes its edges."""
    made: list[Span] = []
    for span in content:
        for quote in quotes:
            shared = min(span.end, quote.span.end) - max(span.start, quote.span.start)
            holds_cue = quote.outer.start <= of.cue.start < quote.outer.end
            if shared <= 0 or holds_cue:
                continue
            outside = (span.end - span.start) - shared
            if shared >= MOSTLY * (quote.span.end - quote.span.start) and outside <= EDGE:
                span = quote.span
                break
        tidy = _tidy(text, span)
        if tidy is not None and (not made or tidy.start >= made[-1].end):
            made.append(tidy)
    return tuple(made)


def _source(text: str, span: Span | None) -> Span | None:
    """The words that name a source, whole: with the name before a possessive, without marks at the edges."""
    if span is None:
        return None
    start, end = span
    while start > 0 and (text[start] in "'’-" or text[start - 1] in "'’-") and not text[start - 1].isspace():
        start -= 1
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end > start and text[end - 1] in ' ,;:-–—“"(':
        end -= 1
    while start < end and text[start] in ' ,;:-–—”"’)':
        start += 1
    return Span(start, end) if end > start else None


def _tidy(text: str, span: Span) -> Span | None:
    start, end = span
    while text.startswith(BEGINS, start, end):
        start = text.index(" ", start) + 1
    while start < end and text[start] in ' \n\t,;:.“”"«»—–':
        start += 1
    while end > start and text[end - 1] in ' \n\t,;:“"«”»—–' and not _closes(text, start, end):
        end -= 1
    return Span(start, end) if end - start > 1 else None


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last mark closes a quotation that begins inside."""
    mark = text[end - 1]
    opening = {"”": "“", "»": "«", '"': '"'}.get(mark)
    return opening is not None and opening in text[start : end - 1]


def _saying(parse: Parse, cue: Span) -> Token | None:
    """The word of a cue that bears its meaning: a saying verb, a saying noun, the last verb, the last word."""
    tokens = [t for t in parse.tokens if t.start < cue.end and cue.start < t.end]
    ranked = sorted(
        tokens, key=lambda t: (t.lemma.lower() in VERBS and t.pos in {"VERB", "AUX"}, t.lemma.lower() in NOUNS, t.pos == "VERB", t.index)
    )
    return ranked[-1] if ranked else None


def _stance(parse: Parse, cue: Span, word: Token | None, *, quoted: bool) -> Stance:
    if word is None:
        return Stance.ASSERTS
    if word.lemma.lower() in NOUNS and word.pos == "NOUN":
        stance = Stance(NOUNS[word.lemma.lower()])
        return Stance.ASSERTS if quoted and stance is Stance.DENIES else stance
    return stance_of(parse, word, quoted=quoted)

"""From the encoder's attributions to statements in the making: edges at quotation marks, the stance of the saying words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ascertain.extract._attribution import Attribution
from ascertain.extract._cues import NOUNS, VERBS, Cue, saying_verb, stance_of, subject_of
from ascertain.extract._lexicon import words
from ascertain.extract._quotes import Quote
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Form, Span, Stance

BEGINS = ("that ", ", that ", ": that ")  # how a clause hangs on its cue; no part of what is said
NEVER = words("cues", "never.verbs")
TAIL = 2  # words by which a content may stop short of its sentence's end
EDGE = 3  # characters by which a content may miss a quotation's edge and still mean it
STRAY, CLAUSE = 1, 4  # words of a passage that is there by mistake beside one that is a clause
TELLING = {"tell", "inform", "assure", "remind", "warn", "ask", "urge", "notify", "brief"}  # verbs followed by the one who is spoken to
PIECES = 0.4  # share of a clause that the encoder must have found of it
DATELINE = re.compile(r"[^.!?\n]{0,90}?[)\w] ?[—–] |[^.!?\n]{0,60}?(?:\)|\d{4}) - ")
MOSTLY = 0.6  # share of a quotation from which a content means all of it


def learned_cues(parse: Parse, quotes: Sequence[Quote], learned: Sequence[Attribution]) -> list[Cue]:
    """What the encoder found, as cues."""
    found = []
    for attribution in learned:
        cue = _cue(parse, attribution.cue)
        verb = _saying(parse, cue)
        if verb is not None and verb.lemma.lower() in NEVER:
            continue
        near = _to_the_end(parse, _near(parse, attribution, quotes), attribution)
        near = _clause_before(parse, near, attribution, quotes)
        near = _without_stragglers(parse, _without_subject(parse, _to_the_next_verb(parse, near, verb), verb), cue)
        content = _edges(parse.text, near, attribution, quotes)
        if (content or verb is None or not saying_verb(verb)) and not _says_something(parse, content):
            continue  # a saying verb alone is kept: rules may find its clause
        source = _source(parse, attribution)
        if verb is not None and saying_verb(verb) and (source is None or _is_told(parse, verb, source) or _hangs_on(parse, verb, source)):
            source = subject_of(parse, verb) or source
        quoted = all(any(q.span.start <= s.start and s.end <= q.span.end for q in quotes) for s in content)
        stance = _stance(verb, parse, quoted=quoted)
        found.append(
            Cue(
                content, cue, source, Form.INDIRECT, stance, at=cue.start,
                verb=verb.index if verb is not None else None,
            )
        )  # fmt: skip
    return found


def _without_subject(parse: Parse, content: list[Span], verb: Token | None) -> list[Span]:
    """A content without the subject of its saying verb: who speaks, or is quoted, is no part of what is said."""
    subject = _whole_subject(parse, verb) if verb is not None and saying_verb(verb) else None
    if subject is None:
        return content
    kept = []
    for span in content:
        parts = (Span(span.start, min(span.end, subject.start)), Span(max(span.start, subject.end), span.end))
        kept += [span] if span.end <= subject.start or subject.end <= span.start else [part for part in parts if part.start < part.end]
    return kept


def _whole_subject(parse: Parse, verb: Token) -> Span | None:
    """The subject of a verb with all that hangs on it (`Sanders, whose candidacy …`), where its words stand together."""
    heads = parse.dependents(verb.index, "nsubj", "nsubjpass")
    if not heads:
        return None
    held, waiting = set(), [heads[0].index]
    while waiting:
        at = waiting.pop()
        held.add(at)
        waiting += parse.children[at]
    first, last = min(held), max(held)
    if last - first + 1 != len(held) or first <= verb.index <= last:
        return None
    return Span(parse.tokens[first].start, parse.tokens[last].end)


def _to_the_next_verb(parse: Parse, content: list[Span], verb: Token | None) -> list[Span]:
    """A content up to what its speaker does next: `answered that …, and offered to …`, `said …, adding that …`."""
    if verb is None or not saying_verb(verb):
        return content
    following = [t for t in parse.tokens if t.head == verb.index and t.index > verb.index and _goes_on(t)]
    outside = [t.start for t in following if not any(span.start <= t.start < span.end for span in content)]
    kept = [span for span in content if not any(verb.start < start < span.start for start in outside)] or content
    main = _main_verb(parse, verb)
    if main is None or not any(span.start < main.start for span in kept):
        return kept
    return [Span(span.start, min(span.end, main.start)) for span in kept if span.start < main.start]


def _main_verb(parse: Parse, verb: Token) -> Token | None:
    """Where the sentence goes on behind a relative clause (`men who said they spoke for it | denied …`): the first word of its verb."""
    noun = parse.tokens[verb.head]
    main = parse.tokens[noun.head]
    if verb.dep != "relcl" or noun.dep not in {"nsubj", "nsubjpass"} or main.index <= verb.index or main.pos not in {"VERB", "AUX"}:
        return None
    auxiliaries = [t for t in parse.dependents(main.index, "aux", "auxpass", "neg") if t.index > verb.index]
    return min([main, *auxiliaries], key=lambda t: t.index)


def _goes_on(token: Token) -> bool:
    return token.pos == "VERB" and (token.dep == "conj" or (token.dep == "advcl" and token.tag == "VBG" and saying_verb(token)))


def _without_stragglers(parse: Parse, content: list[Span], cue: Span) -> list[Span]:
    """A content without single words before its cue, where it has a clause elsewhere."""
    sizes = [len([t for t in parse.tokens_in(span) if t.pos != "PUNCT"]) for span in content]
    if max(sizes, default=0) < CLAUSE:
        return content
    return [span for span, size in zip(content, sizes, strict=True) if size > STRAY or span.start > cue.start]


def _hangs_on(parse: Parse, verb: Token, source: Span) -> bool:
    """Whether a source is only what stands behind the subject's name: `Hawa Tijani | of the Relief Room | said`."""
    subject = _whole_subject(parse, verb)
    heads = parse.dependents(verb.index, "nsubj", "nsubjpass")
    return subject is not None and subject.start < source.start and source.end <= subject.end and heads[0].end <= source.start


def _clause_before(parse: Parse, content: list[Span], of: Attribution, quotes: Sequence[Quote]) -> list[Span]:
    """All of an unquoted clause before a comma and who says it (`S, NP said.`), of which the encoder found pieces."""
    home = _sentence(parse, of.cue)
    if home is None or of.source is None or not content or content[-1].end > of.source.start or of.source.start > of.cue.start:
        return content
    stop = len(parse.text[: of.source.start].rstrip())
    if parse.text[stop - 1 : stop] != "," or any(q.outer.start < stop and home.start < q.outer.end for q in quotes):
        return content
    lead = DATELINE.match(parse.text, home.start, stop)
    whole = Span(lead.end() if lead else home.start, stop - 1)
    found = sum(span.end - span.start for span in content if whole.start <= span.start and span.end <= whole.end)
    return [whole] if PIECES * (whole.end - whole.start) <= found else content


def _is_told(parse: Parse, verb: Token, source: Span) -> bool:
    """Whether a source is the one who was told: right behind `told`, `asked`, `assured`, whose subject speaks."""
    if verb.lemma.lower() not in TELLING or source.start < verb.end or parse.dependents(verb.index, "nsubjpass", "auxpass"):
        return False
    return not parse.text[verb.end : source.start].strip() and bool(parse.dependents(verb.index, "nsubj"))


def _says_something(parse: Parse, content: Sequence[Span]) -> bool:
    """Whether a content has a word that bears meaning, or more than one word."""
    tokens = [t for span in content for t in parse.tokens_in(span) if t.pos != "PUNCT"]
    return len(tokens) > 1 or any(t.pos in {"NOUN", "PROPN", "VERB", "ADJ", "NUM", "INTJ"} for t in tokens)


def _near(parse: Parse, of: Attribution, quotes: Sequence[Quote]) -> list[Span]:
    """The content without words of other sentences than the cue's, but for quoted ones."""
    home = _sentence(parse, of.cue)
    if home is None:
        return list(of.content)
    kept: list[Span] = []
    for span in of.content:
        for sentence in parse.sentences:
            start, end = max(span.start, sentence.start), min(span.end, sentence.end)
            if start >= end:
                continue
            at_home = sentence.index == home.index
            quoted = any(q.outer.start <= start and end <= q.outer.end + 1 for q in quotes)
            if not at_home and not quoted:
                continue
            if kept and not parse.text[kept[-1].end : start].strip():
                kept[-1] = Span(kept[-1].start, end)
            else:
                kept.append(Span(start, end))
    return kept


def _to_the_end(parse: Parse, content: list[Span], of: Attribution) -> list[Span]:
    """A content that stops a word or two before its sentence does goes on to the end, unless the cue or source stands there."""
    home = _sentence(parse, of.cue)
    if home is None or not content or not home.start <= content[-1].start < home.end:
        return content
    last = content[-1]
    rest = [t for t in parse.tokens[home.first : home.last] if t.start >= last.end]
    words_left = [t for t in rest if t.pos != "PUNCT"]
    taken = [of.cue, *([of.source] if of.source else [])]
    if not words_left or len(words_left) > TAIL or any(t.pos == "PUNCT" for t in rest[: len(words_left)]):
        return content
    if any(span.start < words_left[-1].end and words_left[0].start < span.end for span in taken):
        return content
    return [*content[:-1], Span(last.start, words_left[-1].end)]


def _sentence(parse: Parse, span: Span) -> Sentence | None:
    token = parse.token_at(span.start)
    return parse.sentence_of(token) if token is not None else None


def _edges(text: str, content: Iterable[Span], of: Attribution, quotes: Sequence[Quote]) -> tuple[Span, ...]:
    """Passages without marks at their edges; one that means a quotation takes its edges."""
    made: list[Span] = []
    for passage in content:
        span = passage
        for quote in quotes:
            shared = min(span.end, quote.span.end) - max(span.start, quote.span.start)
            holds_cue = quote.outer.start <= of.cue.start < quote.outer.end
            if shared <= 0 or holds_cue:
                continue
            outside = (span.end - span.start) - shared
            runs_on = quote.span.start <= span.start and not text[span.end : of.cue.start].strip() and span.end <= of.cue.start
            if shared >= MOSTLY * (quote.span.end - quote.span.start) and (outside <= EDGE or runs_on):
                span = quote.span
                break
        tidy = _tidy(text, span)
        if tidy is not None and (not made or tidy.start >= made[-1].end):
            made.append(tidy)
    return tuple(made)


def _source(parse: Parse, of: Attribution) -> Span | None:
    """The words that name a source, whole: with the name before a possessive, without marks at the edges, in one sentence."""
    if of.source is None:
        return None
    text, home = parse.text, _sentence(parse, of.cue)
    start, end = of.source
    if home is not None and start < home.end and home.start < end:
        start, end = max(start, home.start), min(end, home.end)
    while start > 0 and (text[start] in "'’-" or text[start - 1] in "'’-") and not text[start - 1].isspace():
        start -= 1
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end > start and text[end - 1] in ' ,;:-–—“"(':
        end -= 1
    while start < end and text[start] in ' ,;:-–—”"’)':
        start += 1
    tokens = parse.tokens_in(Span(start, end))
    if (
        not any(t.pos in {"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"} for t in tokens)
        or tokens[0].pos in {"AUX", "VERB"}
        or tokens[0].lower == "me"
    ):
        return None  # no words for somebody
    return Span(start, end)


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


def _cue(parse: Parse, cue: Span) -> Span:
    """The cue, to the verb that its auxiliaries and adverbs lead to (`also alleged`, `has said`)."""
    tokens = [t for t in parse.tokens if t.start < cue.end and cue.start < t.end]
    if not tokens or any(t.pos in {"VERB", "NOUN", "ADJ"} or saying_verb(t) for t in tokens):
        return cue
    end = tokens[-1].index + 1
    for token in parse.tokens[end : end + 3]:
        if token.pos == "VERB":
            return Span(cue.start, token.end)
        if token.pos not in {"AUX", "ADV", "PART"}:
            break
    return cue


def _saying(parse: Parse, cue: Span) -> Token | None:
    """The word of a cue that bears its meaning: a saying verb, a saying noun, the last verb, the last word."""
    tokens = [t for t in parse.tokens if t.start < cue.end and cue.start < t.end]
    ranked = sorted(
        tokens, key=lambda t: (t.lemma.lower() in VERBS and t.pos in {"VERB", "AUX"}, t.lemma.lower() in NOUNS, t.pos == "VERB", t.index)
    )
    return ranked[-1] if ranked else None


def _stance(word: Token | None, parse: Parse, *, quoted: bool) -> Stance:
    if word is None:
        return Stance.ASSERTS
    if word.lemma.lower() in NOUNS and word.pos == "NOUN":
        stance = Stance(NOUNS[word.lemma.lower()])
        return Stance.ASSERTS if quoted and stance is Stance.DENIES else stance
    return stance_of(parse, word, quoted=quoted)

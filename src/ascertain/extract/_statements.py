"""Statements: the words that somebody is made responsible for, who that is, how they are given, and what stance they take.

Three ways lead to a statement: a saying verb with its clause (indirect, and mixed where parts are quoted), a quotation with the saying
words beside it, and a preposition such as "according to". Quotations without any go on with the speaker before them; the answers
of an interview belong to the one who is interviewed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs

from ascertain.extract._cues import Cue, clause_statements, preposition_statements
from ascertain.extract._quotes import Quote, find_quotes
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Entity, EntityType, Form, Span, Stance, Statement, TimeExpression

SCARE_WORDS = 3  # a quotation of so few words inside a clause, with no saying words, is a manner of speaking
REACH = 160  # characters around a quotation in which its saying words are looked for


def find_statements(parse: Parse, *, entities: Sequence[Entity], times: Sequence[TimeExpression]) -> tuple[Statement, ...]:
    """All statements of a text, in text order, with ids `s1`, `s2`, …"""
    quotes = find_quotes(parse.text)
    who = Speakers(parse, entities)
    cues = clause_statements(parse, quotes) + preposition_statements(parse, quotes)
    cues += _quoted(parse, quotes, cues, who)
    cues += _interview(parse, quotes, entities, cues)
    return _finished(parse, cues, who, times, quotes)


def holders_of(span: Span, statements: Iterable[Statement]) -> tuple[str, ...]:
    """Ids of the statements whose content covers a passage, outermost first."""
    covering = []
    for statement in statements:
        if any(part.start <= span.start and span.end <= part.end for part in statement.content):
            covering.append((-sum(part.end - part.start for part in statement.content), statement.content[0].start, statement.id))
    return tuple(key for _, _, key in sorted(covering))


class Speakers:
    """Which entity words mean."""

    def __init__(self, parse: Parse, entities: Sequence[Entity]) -> None:
        self._parse = parse
        self._mentions = (
            sorted((mention, entity) for entity in entities for mention in entity.mentions)
            if False
            else sorted(((mention, entity) for entity in entities for mention in entity.mentions), key=lambda pair: pair[0])
        )

    def of(self, span: Span | None) -> str | None:
        """The entity for words that name a speaker: the mention that holds the head word; persons and bodies before places."""
        if span is None:
            return None
        inside = [(m, e) for m, e in self._mentions if m.start < span.end and span.start < m.end]
        if not inside:
            return None
        head = _head(self._parse, span)
        best = None
        for mention, entity in inside:
            covers = head is not None and mention.start <= head.start < mention.end
            rank = (covers, entity.type is not EntityType.PLACE, entity.type is EntityType.PERSON, mention.end - mention.start)
            if best is None or rank > best[0]:
                best = (rank, entity)
        return best[1].id if best else None


def _head(parse: Parse, span: Span) -> Token | None:
    tokens = parse.tokens_in(span)
    indices = {t.index for t in tokens}
    return next((t for t in tokens if t.head not in indices or t.head == t.index), tokens[-1] if tokens else None)


# --- quotations


def _quoted(parse: Parse, quotes: Sequence[Quote], clauses: Sequence[Cue], who: Speakers) -> list[Cue]:
    """Statements of quotations: saying words beside it, else the speaker of the quotation before it."""
    found: list[Cue] = []
    previous: tuple[Quote, Cue] | None = None
    used = [c for c in clauses]
    for quote in quotes:
        inside = any(part.start <= quote.span.start and quote.span.end <= part.end for c in clauses for part in c.content)
        if inside:
            owner = next(c for c in clauses for part in c.content if part.start <= quote.span.start and quote.span.end <= part.end)
            if _long(parse, quote):
                previous = (quote, owner)
            continue
        beside = _beside(parse, quote, quotes)
        if beside is None:
            beside = _introduced(parse, quote, used)
        if beside is not None:
            made = _direct(parse, quote, beside)
        elif previous is not None and _goes_on(parse.text, previous[0], quote) and _long(parse, quote):
            made = _direct(parse, quote, attrs.evolve(previous[1], cue=None, speaker=None))
            made = [attrs.evolve(m, inherits=previous[1].inherits or previous[1].speaker) for m in made]
        elif _long(parse, quote) and _own_paragraph(parse.text, quote):
            made = _direct(
                parse, quote, Cue((), None, None, Form.DIRECT, Stance.ASSERTS, inherits=_last_speaker(parse, quote, clauses, found))
            )
        else:
            continue
        found += made
        if made:
            previous = (quote, made[0])
    return found


def _long(parse: Parse, quote: Quote) -> bool:
    return len(parse.tokens_in(quote.span)) > SCARE_WORDS


def _own_paragraph(text: str, quote: Quote) -> bool:
    start = text.rfind("\n", 0, quote.outer.start) + 1
    return text[start : quote.outer.start].strip() == ""


def _goes_on(text: str, before: Quote, quote: Quote) -> bool:
    """Whether a quotation is the next words of the speaker of the one before: same or next paragraph, nobody else speaking between."""
    between = text[before.outer.end : quote.outer.start]
    if len(between) > 400 or between.count("\n\n") > 1 or (between.count("\n") > 2):
        return False
    return not re.search(r"[“\"«]", between) and (before.goes_on or len(between) < 220)


def _last_speaker(parse: Parse, quote: Quote, clauses: Sequence[Cue], found: Sequence[Cue]) -> Span | None:
    """Speaker words of the last statement before a quotation, not farther than two paragraphs."""
    before = [c for c in (*clauses, *found) if (c.speaker or c.inherits) and c.at < quote.outer.start]
    if not before:
        return None
    last = max(before, key=lambda c: c.at)
    if parse.text.count("\n\n", last.at, quote.outer.start) > 2:
        return None
    return last.speaker or last.inherits


def _direct(parse: Parse, quote: Quote, cue: Cue) -> list[Cue]:
    """A quotation's statements: the whole, and each sentence of it where it has several."""
    whole = attrs.evolve(cue, content=(quote.span,), form=Form.DIRECT)
    parts = _sentences_in(parse, quote.span)
    if len(parts) < 2:
        return [whole]
    return [whole, *(attrs.evolve(cue, content=(part,), form=Form.DIRECT) for part in parts)]


def _sentences_in(parse: Parse, span: Span) -> list[Span]:
    parts = []
    for sentence in parse.sentences:
        start, end = max(sentence.start, span.start), min(sentence.end, span.end)
        if end - start > 1:
            words = parse.text[start:end].strip(" “”\"‘’'")
            if len(words) > 1:
                offset = parse.text.find(words, start)
                parts.append(Span(offset, offset + len(words)))
    return parts


def _beside(parse: Parse, quote: Quote, quotes: Sequence[Quote]) -> Cue | None:
    """Saying words right after (`," Stoltenberg said`) or right before (`said: "`) a quotation, outside of any quotation."""
    text = parse.text
    line_end = text.find("\n", quote.outer.end)
    line_end = len(text) if line_end < 0 else line_end
    following = next((q.outer.start for q in quotes if q.outer.start >= quote.outer.end), line_end)
    after = Span(quote.outer.end, min(line_end, following, quote.outer.end + REACH))
    inner_end = text[max(quote.outer.start, quote.outer.end - 2) : quote.outer.end]
    outside = text[after.start : after.start + 2]
    closes = bool(re.search(r"[,?!—–-]", inner_end)) or outside.startswith((",", " —", " –"))
    if closes or re.match(r"\s+(?:[a-z]+ed|said|says)\b", text[after.start : after.start + 20]):
        cue = _saying(parse, after, before=False)
        if cue is not None:
            return cue
    line_start = text.rfind("\n", 0, quote.outer.start) + 1
    previous = max((q.outer.end for q in quotes if q.outer.end <= quote.outer.start), default=line_start)
    before = Span(max(line_start, previous, quote.outer.start - REACH), quote.outer.start)
    if re.search(r"(?:[:,]|\bthat|\bsaid|\bsays)\s*$", text[before.start : before.end]):
        return _saying(parse, before, before=True)
    return None


def _saying(parse: Parse, span: Span, *, before: bool) -> Cue | None:
    """The saying verb in a stretch of text that is nearest to the quotation, with its subject."""
    from ascertain.extract._cues import saying_verb

    tokens = [t for t in parse.tokens if span.start <= t.start < span.end]
    if not before:
        stop = next((i for i, t in enumerate(tokens) if t.text in {".", "!", "?"} and i > 0), len(tokens))
        tokens = tokens[:stop]
    else:
        last = next((i for i, t in reversed(list(enumerate(tokens))) if t.text in {".", "!", "?"} and i < len(tokens) - 1), -1)
        tokens = tokens[last + 1 :]
    verbs = [t for t in tokens if saying_verb(t)]
    for verb in reversed(verbs) if before else verbs:
        cue = _with_subject(parse, verb, tokens, span)
        if cue is not None:
            return cue
    return None


def _with_subject(parse: Parse, verb: Token, tokens: Sequence[Token], span: Span) -> Cue | None:
    from ascertain.extract._cues import Cue as Made
    from ascertain.extract._cues import cue_span, stance_of, subject_of

    subject = subject_of(parse, verb)
    if subject is not None and not (span.start <= subject.start and subject.end <= span.end + 2):
        nearby = _noun_beside(parse, verb, tokens)
        subject = nearby or subject
    elif subject is None:
        subject = _noun_beside(parse, verb, tokens)
    if subject is None:
        return None
    return Made((), cue_span(parse, verb), subject, Form.DIRECT, stance_of(parse, verb, quoted=True), at=verb.start, verb=verb.index)


def _noun_beside(parse: Parse, verb: Token, tokens: Sequence[Token]) -> Span | None:
    """The words that name somebody right beside a saying verb where the parse lost its subject: `said Amina Douglas, who …`."""
    after = [t for t in tokens if t.index > verb.index]
    run: list[Token] = []
    for token in after[:7]:
        if token.pos in {"PROPN", "NOUN", "DET", "ADJ", "PRON"} or (run and token.text in {"-", "'s", "’s"}):
            run.append(token)
        else:
            break
    if run and run[-1].pos in {"PROPN", "NOUN", "PRON"}:
        return Span(run[0].start, run[-1].end)
    before = [t for t in tokens if t.index < verb.index]
    run = []
    for token in reversed(before[-6:]):
        if token.pos in {"PROPN", "NOUN", "DET", "ADJ", "PRON", "ADV"} and token.lower not in {"also", "later"}:
            run.insert(0, token)
        elif token.pos != "ADV":
            break
    while run and run[0].pos == "ADV":
        run.pop(0)
    return Span(run[0].start, run[-1].end) if run and run[-1].pos in {"PROPN", "NOUN", "PRON"} else None


def _introduced(parse: Parse, quote: Quote, clauses: Sequence[Cue]) -> Cue | None:
    """A quotation that follows an indirect statement's sentence in the same paragraph belongs to its speaker."""
    text = parse.text
    line_start = text.rfind("\n", 0, quote.outer.start) + 1
    before = [c for c in clauses if c.speaker and line_start <= c.at < quote.outer.start]
    if not before or len(parse.tokens_in(quote.span)) <= SCARE_WORDS:
        return None
    opens_sentence = re.search(r"(?:[.!?:]|[.!?][”\"])\s*$", text[line_start : quote.outer.start]) is not None
    if not opens_sentence:
        return None
    last = max(before, key=lambda c: c.at)
    return Cue((), None, None, Form.DIRECT, Stance.ASSERTS, at=quote.outer.start, inherits=last.speaker)


# --- interviews


def _interview(parse: Parse, quotes: Sequence[Quote], entities: Sequence[Entity], cues: Sequence[Cue]) -> list[Cue]:
    """Answers without quotation marks: at least two paragraphs that are questions, each followed by an answer."""
    paragraphs = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", parse.text)]
    quoted = [q.outer for q in quotes]
    asked = [
        i for i, p in enumerate(paragraphs)
        if parse.text[p.start : p.end].rstrip().endswith("?") and len(parse.text[p.start : p.end]) < 300 and not any(q.start <= p.start < q.end for q in quoted)
    ]  # fmt: skip
    asked_or_told = [i for i in asked if i + 1 < len(paragraphs) and i + 1 not in asked]
    if len(asked_or_told) < 2:
        return []
    person = _interviewee(parse, entities, paragraphs[asked_or_told[0]].start)
    if person is None:
        return []
    found = []
    for number in range(asked_or_told[0] + 1, len(paragraphs)):
        paragraph = paragraphs[number]
        words = parse.text[paragraph.start : paragraph.end]
        if number in asked or not re.search(r"\b(?:I|we|my|our|me|us)\b", words, re.IGNORECASE) or _about(parse, person, paragraph):
            continue
        found += [
            Cue(
                (Span(s.start, s.end - (parse.text[s.end - 1] in ".!?")),),
                None,
                None,
                Form.DIRECT,
                Stance.ASSERTS,
                at=s.start,
                entity=person.id,
            )
            for s in parse.sentences
            if paragraph.start <= s.start and s.end <= paragraph.end and s.end - s.start > 2 and not _is_prompt(parse, s)
        ]
    return found


def _is_prompt(parse: Parse, sentence: Sentence) -> bool:
    return parse.text[sentence.start : sentence.end].endswith("?")


def _interviewee(parse: Parse, entities: Sequence[Entity], before: int) -> Entity | None:
    people = [e for e in entities if e.type is EntityType.PERSON and e.mentions[0].start < before and e.name[:1].isupper()]
    return max(people, key=lambda e: (sum(m.start < before for m in e.mentions), -e.mentions[0].start), default=None)


def _about(parse: Parse, person: Entity, paragraph: Span) -> bool:
    """Whether a paragraph speaks of the interviewed person by name: then it is the writer's."""
    last = person.name.split()[-1]
    return any(paragraph.start <= m.start < paragraph.end and last in parse.text[m.start : m.end] for m in person.mentions)


# --- finishing


def _finished(
    parse: Parse, cues: Sequence[Cue], who: Speakers, times: Sequence[TimeExpression], quotes: Sequence[Quote]
) -> tuple[Statement, ...]:
    made = []
    seen: set[tuple[tuple[Span, ...], Span | None]] = set()
    for cue in sorted(cues, key=lambda c: (c.content[0].start if c.content else 0, -(c.content[-1].end if c.content else 0), c.at)):
        content = tuple(span for span in cue.content if span.end > span.start)
        if not content or (content, cue.speaker) in seen:
            continue
        seen.add((content, cue.speaker))
        speaker = cue.entity or who.of(cue.speaker) or who.of(cue.inherits)
        said_at = _said_at(parse, cue, times, content)
        made.append(
            Statement(f"s{len(made) + 1}", content, _form(cue, content, quotes), cue.stance, cue.cue, speaker, cue.speaker, said_at)
        )
    return tuple(made)


def _form(cue: Cue, content: tuple[Span, ...], quotes: Sequence[Quote]) -> Form:
    if cue.form is Form.DIRECT:
        return Form.DIRECT
    length = sum(span.end - span.start for span in content)
    quoted = sum(max(0, min(span.end, q.outer.end) - max(span.start, q.outer.start)) for span in content for q in quotes)
    if quoted >= 0.9 * length:
        return Form.DIRECT
    return Form.MIXED if quoted else Form.INDIRECT


def _said_at(parse: Parse, cue: Cue, times: Sequence[TimeExpression], content: tuple[Span, ...]) -> str | None:
    """The time that stands by the saying word, outside of what is said."""
    if cue.verb is None:
        return None
    verb = parse.tokens[cue.verb]
    sentence = parse.sentence_of(verb)
    for time in times:
        span = time.passage
        if sentence.start <= span.start < sentence.end and not any(c.start <= span.start < c.end for c in content):
            token = parse.token_at(span.start)
            above = {verb.index} if token is None else {t.index for t in parse.ancestors(token.index)}
            if verb.index in above and abs(span.start - verb.end) < 80:
                return time.id
    return None

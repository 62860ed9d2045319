"""Statements: the words that somebody is made responsible for, who that is, how they are given, and what stance they take.

The encoder finds most of them; rules find what it leaves: quotations that go on, introduced or answered ones, saying verbs with a
clause, "according to". Where there is no encoder the rules find all. A statement of several sentences is also given sentence by
sentence, as parts of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from ascertain.extract._attribution import Attribution
from ascertain.extract._attribution_between import with_clauses_around, with_denials
from ascertain.extract._attribution_cues import learned_cues
from ascertain.extract._attribution_headlines import headline_cues
from ascertain.extract._attribution_quoted import interview_cues, quoted_cues, transcript_cues
from ascertain.extract._attribution_tails import with_tails
from ascertain.extract._cues import TO_VERBS, Cue, clause_statements, preposition_statements
from ascertain.extract._entities_named import ONE_OF
from ascertain.extract._lexicon import words
from ascertain.extract._quotes import Quote, find_quotes
from ascertain.extract._statements_parts import parted, phrased_cues
from ascertain.models.language import Parse, Token
from ascertain.records import Entity, EntityType, Form, Span, Stance, Statement, TimeExpression

NOTE = 60  # words of a text so short that the encoder, which was trained on articles, may miss its sayings: rules are trusted more
MIN_WORDS = 3  # of what a rule takes for asserted, where the encoder found nothing (`denied bombing Gori` has two)
PEOPLE = words("people", "person") | words("people", "group")
NOBODY, REAL, UNREAL = (words("cues", f"plain.{key}") for key in ("nobody", "real", "unreal"))
ALIKE = 0.3  # overlap from which encoder and rule mean one clause (union: exact contents +0.9 points on PolNeAR dev, overlap the same)
RELATIVE = {"who", "whom", "which", "whose"}
AND_THAT = re.compile(r",?\s+(?:and|but|or)\s+that\s+(?=\S+\s)")
SAME = 0.5  # overlap from which two contents are of one statement


def find_statements(
    parse: Parse, *, entities: Sequence[Entity], times: Sequence[TimeExpression], learned: Sequence[Attribution] | None = None
) -> tuple[Statement, ...]:
    """All statements of a text, in text order, with ids `s1`, `s2`, …; `learned` are the encoder's, where there is one."""
    quotes = find_quotes(parse.text)
    who = Speakers(parse, entities)
    cues = clause_statements(parse, quotes)
    cues += headline_cues(parse, cues)
    cues += preposition_statements(parse, quotes)
    if learned is not None:
        note = len(parse.tokens) < NOTE
        cues = _joined(parse, learned_cues(parse, quotes, learned), cues, trusting=note)
        cues = with_denials(parse, with_clauses_around(parse, cues) if note else [cue for cue in cues if cue.content])
    cues = parted(parse, phrased_cues(parse, with_tails(parse, cues)))
    cues = quoted_cues(parse, quotes, cues)
    cues += transcript_cues(parse, entities) or interview_cues(parse, quotes, entities)
    return _finished(parse, cues, who, times, quotes)


def holders_of(span: Span, statements: Iterable[Statement]) -> tuple[str, ...]:
    """Ids of the statements whose content covers a passage, outermost first; parts of a statement stay out."""
    covering = []
    for statement in statements:
        if statement.part_of is None and any(part.start <= span.start and span.end <= part.end for part in statement.content):
            covering.append((-sum(part.end - part.start for part in statement.content), statement.content[0].start, statement.id))
    return tuple(key for _, _, key in sorted(covering))


class Speakers:
    """Which entity words mean."""

    def __init__(self, parse: Parse, entities: Sequence[Entity]) -> None:
        self._parse = parse
        self._mentions = sorted(((mention, entity) for entity in entities for mention in entity.mentions), key=lambda pair: pair[0])

    def of(self, span: Span | None) -> str | None:
        """The entity for words that name a speaker: the mention that holds the head word; persons and bodies before places."""
        if span is None:
            return None
        inside = [(m, e) for m, e in self._mentions if m.start < span.end and span.start < m.end]
        head = _head(self._parse, span)
        told = self._apposed(head)
        if told is not None:
            return told
        best = None
        for mention, entity in inside:
            covers = head is not None and mention.start <= head.start < mention.end
            named = (
                entity.type is EntityType.PERSON
                and mention.start >= span.start
                and mention.end <= span.end
                and mention.end - span.start > 1
            )
            named = named and self._parse.text[mention.start].isupper() and self._is_name(entity, mention)
            rank = (named, covers, entity.type is not EntityType.PLACE, entity.type is EntityType.PERSON, mention.end - mention.start)
            if best is None or rank > best[0]:
                best = (rank, entity)
        return best[1].id if best else None

    def _apposed(self, head: Token | None) -> str | None:
        """`One of them, a schoolteacher, said`: who that one is, not whom `them` means."""
        if head is None or head.lower not in ONE_OF:
            return None
        nouns = [t for t in self._parse.dependents(head.index, "appos") if t.pos in {"NOUN", "PROPN"}]
        return next((e.id for noun in nouns for m, e in self._mentions if m.start <= noun.start < m.end), None)

    def _is_name(self, entity: Entity, mention: Span) -> bool:
        """Whether a mention is a person's proper name, and no description or pronoun."""
        words_ = self._parse.text[mention.start : mention.end]
        return words_ in {entity.name, *entity.aliases} and all(t.pos in {"PROPN", "PUNCT", "PART"} for t in self._parse.tokens_in(mention))


def _head(parse: Parse, span: Span) -> Token | None:
    tokens = parse.tokens_in(span)
    indices = {t.index for t in tokens}
    return next((t for t in tokens if t.head not in indices or t.head == t.index), tokens[-1] if tokens else None)


# --- the encoder's and the rules'


def _joined(parse: Parse, learned: Sequence[Cue], ruled: Sequence[Cue], *, trusting: bool = False) -> list[Cue]:
    """The encoder's statements, and those of the rules that it did not find and that are sure enough.

    A saying word inside another's content speaks for somebody there: it makes a chain. Where the encoder gives one saying word the
    clauses of two (`said that X but denied that Y`), the nearer word takes its own.
    """
    found = list(learned)
    for cue in ruled:
        twin = next((i for i, c in enumerate(learned) if _touch(c.cue, cue.cue)), None)
        if twin is not None:
            found[twin] = _agreed(parse, found[twin], cue) if cue.sure else _nearer(parse, found[twin], cue)
        elif (cue.sure or trusting) and _plainly(parse, cue):
            _add(parse, found, cue)
    return found


def _add(parse: Parse, found: list[Cue], cue: Cue) -> None:
    """Put a rule's statement beside those found: as a chain, with words of its own, or not at all where they are another's."""
    outer = next((i for i, c in enumerate(found) if _inside(cue, c)), None)
    if outer is not None:
        if _coordinated(parse, cue, found[outer]):
            found[outer] = attrs.evolve(found[outer], content=_before(parse, found[outer].content, cue))
            cue = attrs.evolve(cue, speaker=found[outer].speaker or cue.speaker)
        found.append(cue)
        return
    rival = next((i for i, c in enumerate(found) if _overlap(c.content, cue.content) >= SAME or _holds_span(c, cue)), None)
    if rival is None:
        found.append(cue)
        return
    if found[rival].speaker is None and cue.speaker is not None:
        found[rival] = cue  # `I do not accept the claim of X that …`
        return
    kept = tuple(s for s in found[rival].content if _overlap((s,), cue.content) < SAME)
    if kept and kept != found[rival].content:
        found[rival] = attrs.evolve(found[rival], content=kept)
        found.append(cue)


def _agreed(parse: Parse, learned: Cue, ruled: Cue) -> Cue:
    """What both say of one saying word: the clause whole, where the encoder found most of it; the speaker, where it found none."""
    content = learned.content
    if ruled.verb is None and ruled.cue is not None and ruled.content and _overlap(content, ruled.content) >= ALIKE:
        content = ruled.content if _size(ruled.content) >= _size(content) / 2 else content
    elif _overlap(content, ruled.content) >= ALIKE:
        content = _united((*content, *ruled.content))
    elif not _overlap(content, ruled.content) and (_size(ruled.content) > _size(content) or _to_do(parse, ruled)):
        content = ruled.content  # `The rebels were accused of burning …`: who is spoken of is not what is said
    speaker = ruled.speaker if ruled.speaker is not None and _astray(parse, learned, ruled) else learned.speaker or ruled.speaker
    return attrs.evolve(learned, content=content, speaker=speaker)


def _to_do(parse: Parse, ruled: Cue) -> bool:
    """Whether what is said is an infinitive behind its verb (`both have threatened to resume shelling`), not what stands before it."""
    return ruled.verb is not None and parse.tokens[ruled.verb].lemma.lower() in TO_VERBS and ruled.content[0].start > ruled.at


def _nearer(parse: Parse, learned: Cue, ruled: Cue) -> Cue:
    """An unsure rule gives no more than the subject of its saying word, where the encoder's source stands in another sentence.

    Its clause is taken where the encoder found the saying word alone.
    """
    if not learned.content:
        return attrs.evolve(learned, content=ruled.content, speaker=ruled.speaker or learned.speaker)
    return attrs.evolve(learned, speaker=ruled.speaker) if ruled.speaker is not None and _astray(parse, learned, ruled) else learned


def _astray(parse: Parse, learned: Cue, ruled: Cue) -> bool:
    """Whether the encoder's speaker is none: a relative clause's beginning (`whom I`), or somebody in another sentence than the cue's.

    The latter only where the saying verb has a subject of its own, a noun.
    """
    if learned.speaker is None or learned.cue is None:
        return True
    if (
        ruled.speaker is not None
        and _within(learned.speaker, (*learned.content, *ruled.content))
        and not _within(ruled.speaker, learned.content)
    ):
        return True  # somebody spoken of in the clause, where the saying word has a subject of its own
    tokens = parse.tokens_in(learned.speaker)
    if len(tokens) > 1 and all(t.lower in NOBODY or t.lower in RELATIVE for t in tokens):
        return any(t.lower in RELATIVE for t in tokens)
    one, other = parse.token_at(learned.speaker.start), parse.token_at(learned.cue.start)
    if ruled.verb is None:  # `the claim by X that`, `according to X`: the form itself names who
        return learned.speaker != ruled.speaker
    if one is None or other is None or one.sentence == other.sentence:
        return False
    if other.sentence < one.sentence:
        return True
    return any(t.pos in {"NOUN", "PROPN"} for t in parse.dependents(ruled.verb, "nsubj"))


def _within(span: Span, content: Sequence[Span]) -> bool:
    return any(part.start <= span.start and span.end <= part.end for part in content)


def _size(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _united(spans: Sequence[Span]) -> tuple[Span, ...]:
    made: list[Span] = []
    for span in sorted(spans):
        if made and span.start <= made[-1].end + 1:
            made[-1] = Span(made[-1].start, max(made[-1].end, span.end))
        else:
            made.append(span)
    return tuple(made)


def _plainly(parse: Parse, cue: Cue) -> bool:
    """Whether a rule's statement is said by somebody, not perhaps, by nobody, or by the one who is quoted with it."""
    if cue.stance is Stance.ASSERTS and sum(len(parse.tokens_in(span)) for span in cue.content) < MIN_WORDS:
        return False
    if cue.speaker is not None and parse.text[slice(*cue.speaker)].lower() in NOBODY:
        return False
    if cue.verb is None:
        return True
    verb = parse.tokens[cue.verb]
    auxiliaries = {t.lower for t in parse.dependents(cue.verb, "aux", "auxpass")}
    return not auxiliaries & UNREAL and (verb.tag in {"VBD", "VBZ", "VBP"} or bool(auxiliaries & REAL))


def _inside(cue: Cue, other: Cue) -> bool:
    """Whether a saying word stands in another statement's content."""
    return cue.cue is not None and any(s.start <= cue.cue.start < s.end for s in other.content)


def _coordinated(parse: Parse, cue: Cue, other: Cue) -> bool:
    """Whether a saying verb goes on where another's sentence was (`said … but denied …`), with the same subject."""
    if cue.verb is None or other.verb is None:
        return False
    token = parse.tokens[cue.verb]
    while token.dep == "conj" and token.head != token.index:
        token = parse.tokens[token.head]
        if token.index == other.verb:
            return True
    first = cue.verb
    while first > 0 and parse.tokens[first - 1].pos in {"AUX", "ADV", "PART"}:
        first -= 1
    # `said the town was quiet but denied`: the parse may take what was spoken of for who denies; a thing denies nothing
    thing = cue.speaker is not None and not any(
        t.lemma.lower() in PEOPLE or t.pos in {"PRON", "PROPN"} for t in parse.tokens_in(cue.speaker)
    )
    return thing and first > 0 and parse.tokens[first - 1].pos == "CCONJ"


def _before(parse: Parse, content: Sequence[Span], cue: Cue) -> tuple[Span, ...]:
    """The passages of a content up to another saying word and the conjunction before it."""
    assert cue.verb is not None  # coordinated cues have one
    first = cue.verb
    while first > 0 and parse.tokens[first - 1].pos in {"AUX", "ADV", "PART", "CCONJ", "PUNCT"}:
        first -= 1
    stop = parse.tokens[first].start
    kept = [Span(s.start, min(s.end, stop)) for s in content if s.start < stop]
    return tuple(Span(s.start, s.start + len(parse.text[s.start : s.end].rstrip(" ,;"))) for s in kept)


def _touch(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.start < other.end and other.start < one.end


def _holds_span(cue: Cue, other: Cue) -> bool:
    """Whether one passage of a statement is the other's content."""
    return any(_overlap((span,), other.content) >= 0.8 for span in cue.content)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Share of characters that two contents have in common (Dice)."""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    return 2 * shared / max(1, sum(s.end - s.start for s in (*one, *other)))


# --- finishing


def _finished(
    parse: Parse, cues: Sequence[Cue], who: Speakers, times: Sequence[TimeExpression], quotes: Sequence[Quote]
) -> tuple[Statement, ...]:
    made: list[Statement] = []
    seen: set[tuple[tuple[Span, ...], Span | None]] = set()
    for cue in sorted(
        _apart(parse, cues, quotes), key=lambda c: (c.content[0].start if c.content else 0, -(c.content[-1].end if c.content else 0), c.at)
    ):
        content = tuple(sorted(span for span in cue.content if span.end > span.start))
        if not content or (content, cue.speaker) in seen:
            continue
        seen.add((content, cue.speaker))
        speaker = cue.entity or who.of(cue.speaker) or who.of(cue.inherits)
        said_at = _said_at(parse, cue, times, content)
        form = _form(cue, content, quotes)
        whole = Statement(f"s{len(made) + 1}", content, form, cue.stance, cue.cue, speaker, cue.speaker, said_at)
        made.append(whole)
        for part in (*_by_sentence(parse, content), *_by_clause(parse, content)):
            made.append(
                attrs.evolve(
                    whole,
                    id=f"s{len(made) + 1}",
                    content=part,
                    form=_form(cue, part, quotes),
                    stance=_stance_of_part(parse, cue, part),
                    part_of=whole.id,
                )
            )
    return tuple(made)


def _apart(parse: Parse, cues: Sequence[Cue], quotes: Sequence[Quote]) -> Iterator[Cue]:
    """The cues; one whose clause is followed by a colon and a quotation (`denied that X: "Y."`) as two, the quotation in its speaker's own words."""
    for cue in cues:
        quote = next((q for q in quotes if _behind_colon(parse, cue, q)), None)
        if quote is None:
            yield cue
            continue
        before = tuple(Span(s.start, min(s.end, quote.outer.start)) for s in cue.content if s.start < quote.outer.start)
        clause = (*before[:-1], Span(before[-1].start, before[-1].start + len(parse.text[slice(*before[-1])].rstrip(" :\n"))))
        yield attrs.evolve(cue, content=clause)
        stance = cue.stance if cue.stance is Stance.ALLEGES else Stance.ASSERTS
        rest = tuple(Span(max(s.start, quote.span.start), s.end) for s in cue.content if s.end > quote.span.start)
        end = max(rest[-1].end if rest else 0, quote.span.end)
        yield attrs.evolve(
            cue, content=(Span(quote.span.start, end if end <= quote.outer.end else quote.span.end),), form=Form.DIRECT, stance=stance
        )


def _behind_colon(parse: Parse, cue: Cue, quote: Quote) -> bool:
    """Whether a statement is a clause behind its saying word, a colon, and one quotation of a sentence or more that ends it."""
    if cue.cue is None or cue.form is Form.DIRECT or not cue.content:
        return False
    start, end = cue.content[0].start, cue.content[-1].end
    if not cue.cue.end <= start < quote.outer.start < end <= quote.outer.end + 1:
        return False
    before = parse.text[start : quote.outer.start].rstrip()
    return before.endswith(":") and len(parse.tokens_in(Span(start, quote.outer.start))) > MIN_WORDS


def _by_sentence(parse: Parse, content: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """The passages of each sentence of a content; nothing where it has one sentence only."""
    groups: dict[int, list[Span]] = {}
    for span in content:
        for sentence in parse.sentences:
            start, end = max(sentence.start, span.start), min(sentence.end, span.end)
            words = parse.text[start:end].strip(" \n“”\"‘’'") if end - start > 1 else ""
            if len(words) > 1:
                first = parse.text.find(words, start)
                groups.setdefault(sentence.index, []).append(Span(first, first + len(words)))
    if len(groups) > 1:
        yield from (tuple(group) for group in groups.values())


def _by_clause(parse: Parse, content: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """The clauses of one sentence that are coordinated with a `that` each (`that X and that Y`)."""
    for span in content:
        joints = list(AND_THAT.finditer(parse.text, span.start, span.end))
        edges = [span.start, *(edge for m in joints for edge in (m.start(), m.end())), span.end]
        yield from ((Span(a, b),) for a, b in zip(edges[::2], edges[1::2], strict=True) if joints and b - a > 1)


def _form(cue: Cue, content: tuple[Span, ...], quotes: Sequence[Quote]) -> Form:
    if cue.form is Form.DIRECT:
        return Form.DIRECT
    length = sum(span.end - span.start for span in content)
    quoted = sum(max(0, min(span.end, q.outer.end) - max(span.start, q.outer.start)) for span in content for q in quotes)
    if quoted >= 0.9 * length:
        return Form.DIRECT
    return Form.MIXED if quoted else Form.INDIRECT


def _stance_of_part(parse: Parse, cue: Cue, part: tuple[Span, ...]) -> Stance:
    """A part's stance: the saying word's own, but words in other sentences than a `warned` are plainly asserted."""
    if cue.cue is None or cue.stance is not Stance.EXPECTS:
        return cue.stance
    one, other = parse.token_at(cue.cue.start), parse.token_at(part[0].start)
    return cue.stance if one is None or other is None or one.sentence == other.sentence else Stance.ASSERTS


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

"""Quotations by rules: the saying words beside a quotation, else the speaker of the one before it; answers of an interview."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import attrs

from ascertain.extract._cues import Cue, cue_span, saying_verb, stance_of, subject_of
from ascertain.extract._quotes import Quote
from ascertain.models.language import Parse, Sentence, Token
from ascertain.records import Entity, EntityType, Form, Span, Stance

SCARE_WORDS = 3  # a quotation of so few words inside a clause, with no saying words, is a manner of speaking
WHOLLY = 5  # tenths of a statement that its last quotation must be, for the next one to go on with it
REACH = 160  # characters around a quotation in which its saying words are looked for


def quoted_cues(parse: Parse, quotes: Sequence[Quote], known: Sequence[Cue]) -> list[Cue]:
    """All statements: the known ones, and those of quotations that none of them holds.

    A quotation without saying words of its own that goes on where another ended is part of that one's statement.
    """
    found = list(known)
    previous: tuple[Quote, int] | None = None
    for quote in quotes:
        owner = next((i for i, cue in enumerate(found) if _holds(cue, quote)), None)
        if owner is not None:
            previous = (quote, owner) if _long(parse, quote) else previous
            continue
        made = _signed(parse.text, quote) or _beside(parse, quote, quotes)
        going_on = previous is not None and _long(parse, quote) and _goes_on(parse.text, previous[0], quote)
        if made is None and not (going_on and previous is not None and _last_said(found, previous, quote)):
            made = _introduced(parse, quote, found)
        if made is not None:
            found.append(attrs.evolve(made, content=(quote.span,), form=Form.DIRECT))
            previous = (quote, len(found) - 1)
        elif previous is not None and going_on:
            last = found[previous[1]]
            found[previous[1]] = attrs.evolve(last, content=(*last.content, quote.span))
            previous = (quote, previous[1])
        elif _long(parse, quote) and _own_paragraph(parse.text, quote):
            speaker = _last_speaker(parse, quote, found)
            found.append(Cue((quote.span,), None, None, Form.DIRECT, Stance.ASSERTS, at=quote.outer.start, inherits=speaker))
            previous = (quote, len(found) - 1)
    return found


def _holds(cue: Cue, quote: Quote) -> bool:
    """Whether a statement's content has at least half of a quotation."""
    shared = sum(max(0, min(p.end, quote.span.end) - max(p.start, quote.span.start)) for p in cue.content)
    return 2 * shared >= quote.span.end - quote.span.start


def _last_said(found: Sequence[Cue], previous: tuple[Quote, int], quote: Quote) -> bool:
    """Whether the quotation before is all of what its speaker says there, and nobody else speaks after it: `“A,” she said. “B.”`."""
    before, number = previous
    own = found[number]
    size = sum(part.end - part.start for part in own.content)
    last = max((c.at for c in found if c.speaker and before.outer.start <= c.at < quote.outer.start), default=own.at)
    return last == own.at and 10 * (before.span.end - before.span.start) >= WHOLLY * size


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


SIGNED = re.compile(
    r"[ \t]*\n?[ \t]*(?P<dash>[―—–]|--?)[ \t]*(?P<who>(?:[A-Z]|an? |the )[^\n,;“”\"]{2,60}?)(?:,[^\n]{1,60}|\.)?[ \t]*(?=\n|$)"
)


def _signed(text: str, quote: Quote) -> Cue | None:
    """Who is named alone in the line behind a quotation and a dash: `“…” — Olena, 34, teacher`."""
    found = SIGNED.match(text, quote.outer.end)
    if found is None:
        return None
    return Cue((), Span(*found.span("dash")), Span(*found.span("who")), Form.DIRECT, Stance.ASSERTS, at=found.start("dash"))


def _last_speaker(parse: Parse, quote: Quote, known: Sequence[Cue]) -> Span | None:
    """Speaker words of the last statement before a quotation, not farther than two paragraphs."""
    before = [c for c in known if (c.speaker or c.inherits) and c.at < quote.outer.start]
    if not before:
        return None
    last = max(before, key=lambda c: c.at)
    if parse.text.count("\n\n", last.at, quote.outer.start) > 2:
        return None
    return last.speaker or last.inherits


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
    if re.search(
        r"(?:[:,]|\bthat|\bsaid|\bsays|\b(?:spoke|speaks|talked|talks|warned|complained|told) of)\s*$", text[before.start : before.end]
    ):
        return _saying(parse, before, before=True)
    return None


def _saying(parse: Parse, span: Span, *, before: bool) -> Cue | None:
    """The saying verb in a stretch of text that is nearest to the quotation, with its subject."""
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
    subject = subject_of(parse, verb)
    if subject is not None and not (span.start <= subject.start and subject.end <= span.end + 2):
        nearby = _noun_beside(verb, tokens)
        subject = nearby or subject
    elif subject is None:
        subject = _noun_beside(verb, tokens)
    if subject is None:
        return None
    return Cue((), cue_span(parse, verb), subject, Form.DIRECT, stance_of(parse, verb, quoted=True), at=verb.start, verb=verb.index)


def _noun_beside(verb: Token, tokens: Sequence[Token]) -> Span | None:
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


def interview_cues(parse: Parse, quotes: Sequence[Quote], entities: Sequence[Entity]) -> list[Cue]:
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
    person = _interviewee(entities, paragraphs[asked_or_told[0]].start)
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


def _interviewee(entities: Sequence[Entity], before: int) -> Entity | None:
    people = [e for e in entities if e.type is EntityType.PERSON and e.mentions[0].start < before and e.name[:1].isupper()]
    return max(people, key=lambda e: (sum(m.start < before for m in e.mentions), -e.mentions[0].start), default=None)


def _about(parse: Parse, person: Entity, paragraph: Span) -> bool:
    """Whether a paragraph speaks of the interviewed person by name: then it is the writer's."""
    last = person.name.split()[-1]
    return any(paragraph.start <= m.start < paragraph.end and last in parse.text[m.start : m.end] for m in person.mentions)


# --- transcripts

LABELLED = re.compile(
    r"^(?P<label>(?:[A-Z][\w.'’-]*)(?:[ \t]+(?:[A-Z][\w.'’-]*|\([^)\n]{1,40}\)|of|the|and|de|bin|al)){0,6}):[ \t]+(?P<words>\S.*)$",
    re.MULTILINE,
)
QUESTIONER = re.compile(
    r"^(?:(?:Q|A|Question|Reporter|Journalist|Interviewer|Moderator|Host|Anchor|Presenter|Newsreader|Announcer|Narrator|Studio|Voice-?over)(?:\s+\([^)]*\))?|Subject|Re|From|To|Cc|Date|Sent|Note|Photo|Source|Tags?)$",
    re.IGNORECASE,
)


def transcript_cues(parse: Parse, entities: Sequence[Entity] = ()) -> list[Cue]:
    """Lines that begin with a speaker's label (`KHUN REH: We left at dawn.`), where a text has two such lines or more."""
    lines = list(LABELLED.finditer(parse.text))
    places = {mention for e in entities if e.type is EntityType.PLACE for mention in e.mentions}
    labels = [m["label"].split(" (")[0] for m in lines]
    once = len(set(labels)) == len(labels)
    if len(lines) < 2 or (once and (len(lines) > 4 or not all(_is_speakers(line) for line in lines))):
        return []  # labels that never come back are headings
    lines = [
        line
        for line in lines
        if not QUESTIONER.match(line["label"]) and not (labels.count(line["label"].split(" (")[0]) == 1 and _names_place(line, places))
    ]
    found = []
    for line in lines:
        start, end = line.span("words")
        words = parse.text[start:end].rstrip().strip('“”"')
        at = parse.text.index(words, start)
        speaker = Span(*line.span("label"))
        found.append(Cue((Span(at, at + len(words)),), None, speaker, Form.DIRECT, Stance.ASSERTS, at=start))
    return found


def _is_speakers(line: re.Match[str]) -> bool:
    """Whether a label that comes only once is somebody's: in capitals, or what is said is said by an I or we."""
    said = re.search(r"\b(?:I|we|my|our|me|us|you|your)\b", line["words"]) is not None
    return said or line["label"].isupper()


def _names_place(line: re.Match[str], places: Collection[Span]) -> bool:
    """`Loikaw: Soldiers shelled three villages`: a run-in heading that names where."""
    start, end = line.span("label")
    return any(start <= place.start < end for place in places)

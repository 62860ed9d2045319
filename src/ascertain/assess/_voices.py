"""Hearing a telling: who vouches in it, who denies, who only reacts, and on whom its unattributed sentences rest.

Rules 7 to 11 of docs/explanation/independence.md. The result names sources of one document; `_chain` follows them over documents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from ascertain.assess._behind import named_by_office, of_publisher, with_body, with_headed_body
from ascertain.assess._harms import CountedHarm, counted_harms, speaks_of_harm
from ascertain.assess._implied import implied
from ascertain.assess._narrator import narrator_of, unquoted
from ascertain.assess._outlets import Outlets, cited_outlets
from ascertain.assess._pronouns import pronouns_resolved
from ascertain.assess._rules import listed, pattern, witness_marks
from ascertain.assess._sources import (
    OWN,
    Key,
    Source,
    by_key,
    content,
    fold,
    one_in_document,
    own_source,
    source_of_entity,
)
from ascertain.assess._speaker import speaker_of
from ascertain.assess._tellings import NEWS, Telling, spans_meet
from ascertain.assess._turns import turns_of
from ascertain.records import Actuality, EntityType, Event, EventType, OriginKind, Part, Role, Span, Stance, Statement

SUBJECT = 70  # characters in which the subject of a sentence stands
TURN_NAME = 45  # characters of a speaker's name before a line of a transcript
LONGEST_DESCRIPTION = 60  # characters
DENYING = re.compile(
    r"(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|disput(?:es|ed|ing)|disclaim(?:s|ed)?|disown(?:s|ed)?|repudiat(?:es|ed))$", re.IGNORECASE
)
BODIES = frozenset({EntityType.ORGANISATION, EntityType.ARMED_ACTOR})
VOUCHING = frozenset({Stance.ASSERTS, Stance.CONFIRMS, Stance.ALLEGES})


@attrs.frozen
class Testimony:
    """What one source answers for in a telling.

    Attributes:
        spans: the words that it answers for.
        statement: the statement's id, None for the document's own voice.
    """

    source: Source
    denies: bool
    spans: tuple[Span, ...]
    statement: str | None = None


@attrs.frozen
class Hearing:
    """A telling with its testimonies.

    Attributes:
        rests_on: the source on which sentences without one of their own rest; None where there is none (a mention in passing).
        cites: outlets of the case on which the text says that it leans.
        harms: the numbers of people harmed that it tells.
        narrated: whether the whole text is the word of the one on whom it rests (a letter, a communiqué).
    """

    telling: Telling
    testimonies: tuple[Testimony, ...]
    rests_on: Source | None
    cites: tuple[str, ...]
    harms: tuple[CountedHarm, ...] = ()
    narrated: bool = False

    def voice_at(self, span: Span) -> Source | None:
        """Who answers for some words: the innermost testimony that holds them, else the one that the rest rests on."""
        return self.testimony_at(span) or self.rests_on

    def testimony_at(self, span: Span) -> Source | None:
        """The source of the innermost testimony that holds some words."""
        holding = [
            (c.end - c.start, t.source.key, t.source)
            for t in self.testimonies
            for c in t.spans
            if c.start <= span.start < c.end and not t.denies
        ]
        return min(holding)[2] if holding else None

    def statement_at(self, span: Span) -> str | None:
        """The statement that holds some words, the innermost."""
        holding = [
            (c.end - c.start, t.statement) for t in self.testimonies for c in t.spans if c.start <= span.start < c.end and t.statement
        ]
        return min(holding)[1] if holding else None

    def denials(self) -> list[Testimony]:
        """The testimonies that deny."""
        return [t for t in self.testimonies if t.denies]


@attrs.frozen
class Known:
    """What the whole case knows: its publishers, and folded names of its places (towns are often read as persons)."""

    outlets: Outlets
    places: frozenset[str]


def hear(telling: Telling, known: Known) -> Hearing:
    """Who vouches and who denies in a telling."""
    cites = cited_outlets(telling, known.outlets)
    harms = counted_harms(telling)
    beside = [(span, with_headed_body(telling, source)) for span, source in implied(telling, harms)]
    said, beside = _people(_spoken(telling), known), _people(beside, known)
    sources = _one_each([source for _, source in (*said, *beside)])
    spoken = [(statement, sources[source.key]) for statement, source in said]
    found = _testimonies(telling, spoken, [(span, sources[source.key]) for span, source in beside], harms)
    own, narrator = own_source(telling), narrator_of(telling)
    found += _own_testimonies(telling, narrator or own, found, spoken)
    found += _flat_denials(telling, found, sources)
    if narrator is not None or (not found and own.offices & listed("office", "bodies")):
        found += _narrated_denials(telling, narrator or own, found)
    rests_on = _rests_on(telling, found, spoken, cites)
    return Hearing(telling, tuple(found), rests_on, cites, harms, narrated=narrator is not None or rests_on == own)


def _testimonies(
    telling: Telling, spoken: Sequence[tuple[Statement, Source]], implied: Sequence[tuple[Span, Source]], harms: Sequence[CountedHarm]
) -> list[Testimony]:
    """What those who speak answer for, denials first; who denies vouches for nothing."""
    denials = [(s, who) for s, who in spoken if _denies(telling, s) and not _of_target(telling, s, who, spoken)]
    denying = {who.key for _, who in denials}
    found = [Testimony(who, True, s.content, s.id) for s, who in denials]
    vouching = [
        (s, who) for s, who in spoken
        if who.key not in denying and (_vouches(telling, s, spoken, harms) or (who.persons and _accuses(telling, s)) or _admits(telling, s, who))
    ]  # fmt: skip
    found += [Testimony(who, False, s.content, s.id) for s, who in vouching]
    for span, who in implied:
        if who.key not in denying:
            words = telling.reading.words(span)
            denies = pattern("denial", "own").search(words) is not None and pattern("denial", "about").search(words) is not None
            found.append(Testimony(who, denies, (span,)))
    return found


def _own_testimonies(
    telling: Telling, voice: Source, found: Sequence[Testimony], spoken: Sequence[tuple[Statement, Source]]
) -> list[Testimony]:
    """Paragraphs that the document's people saw, counted or examined themselves, and that are not mostly somebody else's words."""
    heard = [c for t in found for c in t.spans]
    spans = _witnessed(telling, [c for statement, _ in spoken for c in statement.content])
    return [
        Testimony(voice, False, (span,)) for span in spans
        if not any(spans_meet(span, c) for c in heard if c.end - c.start > span.end - span.start - TURN_NAME)
    ]  # fmt: skip


def _people(heard: Sequence[tuple[Any, Source]], known: Known) -> list[tuple[Any, Source]]:
    """The same without names that are places', and without those who are nobody else."""
    found = []
    for what, source in heard:
        names = tuple(n for n in source.names if not _is_town(fold(n), known.places))
        if names == source.names:
            found.append((what, source))
        elif names or source.offices - content(" ".join(source.names)):
            found.append((what, attrs.evolve(source, names=names, persons=source.persons & frozenset(names))))
    return found


def _is_town(name: str, places: frozenset[str]) -> bool:
    """Whether a folded name is a town's, or begins with a town's as only towns' names do: `Mocímboa da Praia`."""
    parts = name.split()
    return name in places or (len(parts) > 2 and parts[0] in places and parts[1] in listed("turn", "particles"))


# --- who speaks


def _spoken(telling: Telling) -> list[tuple[Statement, Source]]:
    """Statements in the telling's sentences with their speakers, in text order; the document's own voice is left out."""
    found = []
    turns = [span for span, _ in turns_of(telling)]
    for statement in telling.reading.statements:
        at = statement.content[0].start
        if statement.cue is None and any(spans_meet(statement.content[0], turn) for turn in turns):
            continue  # what is said in a turn is the word of the one whose turn it is
        if not telling.owns(at) and not (statement.cue and telling.owns(statement.cue.start)):
            continue
        if _is_rejected(telling, statement):
            continue
        source = with_body(telling, statement, speaker_of(telling, statement))
        if source is not None and _is_self(telling, statement, source):
            body = content(telling.publisher or "")
            official = body & listed("office", "bodies") and not body & listed("relay", "outlets")
            found += [(statement, own_source(telling))] if statement.stance is Stance.DENIES and official else []
        elif source is not None:
            found.append((statement, with_headed_body(telling, of_publisher(telling, named_by_office(telling, source)))))
    ordered = sorted(found, key=lambda item: (item[0].content[0], item[0].id))
    return pronouns_resolved(telling, _without_headlines(telling, ordered))


def _is_rejected(telling: Telling, statement: Statement) -> bool:
    """Whether a statement is one that the text only mentions to reject its number."""
    passage = statement.speaker_passage
    if passage is None:
        return False
    before = telling.reading.document.text[telling.sentence(passage.start).start : passage.start]
    return pattern("nobody", "rejected").search(before) is not None


def _without_headlines(telling: Telling, spoken: Sequence[tuple[Statement, Source]]) -> list[tuple[Statement, Source]]:
    """The statements without those of somebody unnamed in the headline, where the text below tells who speaks."""
    below = [item for item in spoken if not telling.in_headline(item[0].content[0].start)]
    return [item for item in spoken if item in below or item[1].persons] if below else list(spoken)


def _is_self(telling: Telling, statement: Statement, source: Source) -> bool:
    """Whether the speaker is the document itself: its publisher by name, or `we` outside quotation marks."""
    own = fold(telling.publisher or "")
    if own and any(set(fold(name).split()) <= set(own.split()) for name in source.names if not source.persons):
        passage = statement.speaker_passage
        return passage is None or fold(telling.reading.words(passage)) in own
    body = content(telling.publisher or "") & listed("office", "bodies")  # `the command` in its own communiqué
    outlet = content(telling.publisher or "") & listed("relay", "outlets")
    parts = source.offices - content(telling.publisher or "")
    if body and not outlet and not source.names and parts <= listed("office", "teams") and source.offices & listed("office", "teams"):
        return True  # `the team of the Division` in the Division's own note
    return bool(body) and source.is_body and not source.names and source.offices <= listed("office", "bodies") | body


def _one_each(heard: Sequence[Source]) -> dict[Key, Source]:
    """For each source's key the source that it is: those that are one and the same become one that knows what all of them tell."""
    sources = by_key(heard)
    order = sorted(sources.values(), key=lambda s: (s.first, s.key))
    home: dict[Key, Key] = {s.key: s.key for s in order}

    def root(key: Key) -> Key:
        while home[key] != key:
            key = home[key]
        return key

    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if root(one.key) != root(other.key) and one_in_document(one, other, order):
                home[root(other.key)] = root(one.key)
    merged: dict[Key, Source] = {}
    for key in sorted({root(s.key) for s in order}):
        merged[key] = _merged([s for s in order if root(s.key) == key])
    return {s.key: merged[root(s.key)] for s in order}


def _merged(sources: Sequence[Source]) -> Source:
    """One source for several: a person by name before a body, a body by name before a description."""
    best = min(sources, key=lambda s: (not s.names, s.is_body is not (not s.names), s.first, s.key))
    described = [s.description for s in sources if s.is_body is best.is_body]
    return attrs.evolve(
        best,
        description=max(described, key=lambda d: (bool(content(d) & listed("office", "bodies")), len(d) <= LONGEST_DESCRIPTION, len(d), d)),
        names=tuple(sorted({n for s in sources for n in s.names}, key=lambda n: (n not in best.names, -len(n.split()), -len(n), n))),
        offices=frozenset().union(*(s.offices for s in sources)), bodies=frozenset().union(*(s.bodies for s in sources)),
        spokes=any(s.spokes for s in sources), ranked=any(s.ranked for s in sources), persons=frozenset().union(*(s.persons for s in sources)), place=next((s.place for s in sources if s.place), None),
        kind=OriginKind.OFFICIAL if any(s.kind is OriginKind.OFFICIAL for s in sources) else best.kind, first=min(s.first for s in sources),
    )  # fmt: skip


# --- what they do


def _denies(telling: Telling, statement: Statement) -> bool:
    """Whether a statement denies the incident or one's own part in it."""
    words = " ".join(telling.reading.words(c) for c in statement.content)
    if statement.stance is Stance.DENIES:
        near = statement.cue or statement.content[0]
        around = telling.reading.document.text[near.start : near.end + 60]
        return pattern("denial", "about").search(f"{words} {around}") is not None
    if statement.stance in VOUCHING and pattern("denial", "own").search(words):
        return True
    return any(_own_denial(telling, statement, event, words) for event in telling.reading.events)


def _of_target(telling: Telling, statement: Statement, source: Source, spoken: Sequence[tuple[Statement, Source]]) -> bool:
    """Whether somebody who says that they struck something denies only that civilians were the target."""
    words = " ".join(telling.reading.words(c) for c in statement.content)
    if pattern("denial", "target").search(words) is None:
        return False
    others = [s for s, speaker in spoken if speaker.key == source.key and s.id != statement.id]
    return any(_vouches(telling, other, spoken, ()) for other in others)


def _flat_denials(telling: Telling, found: Sequence[Testimony], sources: Mapping[Key, Source]) -> list[Testimony]:
    """Bodies that deny without a statement (`The military council denies it`)."""
    made = []
    for event in telling.reading.events:
        if not _is_flat_denial(telling, event):
            continue
        span = _denied_in(telling, event, found)
        if span is not None:
            made += [Testimony(source, True, (span,)) for source in _denying_bodies(telling, event) if source.key not in sources]
    return made


def _is_flat_denial(telling: Telling, event: Event) -> bool:
    """Whether an event is a denial told in the telling's own sentences below the headline."""
    at = event.trigger.start
    if event.type is not EventType.REJECT or not telling.owns(at) or telling.in_headline(at):
        return False
    return DENYING.match(telling.reading.words(event.trigger)) is not None


def _denying_bodies(telling: Telling, event: Event) -> list[Source]:
    """The bodies that deny, in the order of the event's participants; `it` can be the one whose text this is."""
    entities = {e.id: e for e in telling.reading.entities}
    bodies = []
    for participant in event.participants:
        entity = entities.get(participant.entity or "")
        if participant.role is not Role.ACTOR or entity is None:
            continue
        source = source_of_entity(telling.reading, entity, participant.passage)
        if fold(telling.reading.words(participant.passage)) == "it" and _speaks_of_itself(telling, event.trigger.start):
            source = own_source(telling)
        if source is not None and (entity.type in BODIES or source.is_body):
            bodies.append(source)
    return bodies


def _denied_in(telling: Telling, event: Event, found: Sequence[Testimony]) -> Span | None:
    """The sentence of a denial; None where it denies something else, or where somebody's denial is heard in it already."""
    sentence = telling.sentence(event.trigger.start)
    span, words = Span(sentence.start, sentence.end), telling.words(sentence)
    about = pattern("denial", "about").search(words) or pattern("denial", "it").search(words)
    if not about or pattern("denial", "other").search(words) is not None:
        return None
    heard = [c for t in found if t.denies for c in t.spans]
    return None if any(spans_meet(c, span) for c in heard) else span


def _speaks_of_itself(telling: Telling, offset: int) -> bool:
    """Whether `it` is the body whose text this is: the last sentence before that begins with a name begins with the publisher's."""
    own = content(telling.publisher or "")
    if not own or own & listed("relay", "outlets"):
        return False
    for sentence in reversed(telling.layout.sentences[: telling.layout.number_at(offset)]):
        words = telling.words(sentence)
        if sentence.part is Part.BODY and not words.startswith(("It ", "Its ", "They ")):
            return len(content(words[:SUBJECT]) & own) >= min(2, len(own))
    return False


def _narrated_denials(telling: Telling, voice: Source, found: Sequence[Testimony]) -> list[Testimony]:
    """Sentences of a communiqué that deny in the first person: `Our forces fired no shell`."""
    said = [(Span(s.start, s.end), telling.words(s)) for s in telling.sentences()]
    spans = [span for span, words in said if pattern("denial", "own").search(words) and pattern("denial", "about").search(words)]
    return [Testimony(voice, True, (span,)) for span in spans if not any(spans_meet(span, c) for t in found for c in t.spans)]


def _own_denial(telling: Telling, statement: Statement, event: Event, words: str) -> bool:
    """Whether an event that a statement denies is its speaker's own deed: `We did not bomb`, `the armed forces did not fire, their spokesman said`."""
    inside = any(c.start <= event.trigger.start < c.end for c in statement.content)
    if (
        event.actuality is not Actuality.DENIED
        or not inside
        or statement.stance not in VOUCHING
        or event.type.value not in {"assault", "coerce"}
    ):
        return False
    first_person = re.search(r"\b(?:[Ww]e|[Oo]ur)\b", words) is not None
    actors = [p for p in event.participants if p.role is Role.ACTOR]
    entities = {e.id: e for e in telling.reading.entities}
    own = any((e := entities.get(p.entity or "")) is not None and e.type is EntityType.ARMED_ACTOR for p in actors)
    return pattern("denial", "about").search(words) is not None and (first_person or own)


def _vouches(telling: Telling, statement: Statement, spoken: Sequence[tuple[Statement, Source]], harms: Sequence[CountedHarm]) -> bool:
    """Whether a statement asserts the incident or something that it did to people."""
    if statement.stance not in VOUCHING or _reacts(telling, statement):
        return False
    inner = [s for s, _ in spoken if s.id != statement.id and _within(s, statement)]
    for said in statement.content:
        for event in telling.events:
            held = said.start <= event.trigger.start < said.end
            if held and event.actuality in NEWS and not any(_holds(s, event.trigger.start) for s in inner):
                return True
        words = telling.reading.words(said)
        if (
            speaks_of_harm(words)
            or (telling.main and pattern("implied", "seen").search(words))
            or any(said.start <= h.quantity.passage.start < said.end for h in harms)
        ):
            return True
    return False


def _accuses(telling: Telling, statement: Statement) -> bool:
    """Whether the saying word holds somebody responsible."""
    return statement.cue is not None and pattern("implied", "accuses").search(telling.reading.words(statement.cue)) is not None


def _admits(telling: Telling, statement: Statement, source: Source) -> bool:
    """Whether a body says that its own forces struck, be it something else than people say: `its forces had hit a deployment point`."""
    words = " ".join(telling.reading.words(c) for c in statement.content)
    return (source.is_body or source.spokes) and statement.stance in VOUCHING and pattern("implied", "admits").search(words) is not None


def _reacts(telling: Telling, statement: Statement) -> bool:
    """Whether the saying word condemns, asks or promises."""
    if statement.cue is None:
        return False
    cue, said = telling.reading.words(statement.cue), telling.reading.words(statement.content[0])
    if pattern("reaction", "silent").search(cue):
        return True
    return pattern("reaction", "cues").search(cue) is not None or (
        pattern("reaction", "calling").search(cue) is not None and pattern("reaction", "names").match(said) is not None
    )


def _within(one: Statement, other: Statement) -> bool:
    return all(any(o.start <= c.start and c.end <= o.end for o in other.content) for c in one.content)


def _holds(statement: Statement, offset: int) -> bool:
    return any(c.start <= offset < c.end for c in statement.content)


def _witnessed(telling: Telling, said: Sequence[Span]) -> list[Span]:
    """Paragraphs in the document's own voice that say that its people saw, counted or examined something."""
    if telling.correction:
        return []
    text = telling.reading.document.text
    found = []
    for sentence in telling.sentences():
        start, end = text.rfind("\n", 0, sentence.start) + 1, text.find("\n", sentence.end)
        words = unquoted(text[sentence.start : sentence.end])
        told = any(c.start <= sentence.start and sentence.end <= c.end + 2 for c in said)  # `we counted` in somebody else's words
        if not told and any(mark.search(words) for mark in witness_marks(telling.publisher or "")):
            found.append(Span(start, end if end >= 0 else len(text)))
    return sorted(set(found))


# --- on whom the rest rests


def _rests_on(
    telling: Telling, found: Sequence[Testimony], spoken: Sequence[tuple[Statement, Source]], cites: Sequence[str]
) -> Source | None:
    """The source of sentences that name none: the one who vouches for most of the telling, else the narrator, else who speaks there."""
    narrator = narrator_of(telling)
    if narrator is not None:
        return next((t.source for t in found if t.source.persons & narrator.persons), narrator)
    vouching = [t for t in found if not t.denies]
    if vouching:
        return _foremost([t.source for t in vouching])
    if found:
        return None  # all that is said is denial
    if cites:
        return _outlet_source(telling, cites[0])
    speaking = [
        source
        for statement, source in spoken
        if statement.stance in VOUCHING and not _reacts(telling, statement) and not any(t.source.key == source.key for t in found)
    ]
    if speaking and telling.main:
        return _foremost(speaking)
    body = content(telling.publisher or "") & listed("office", "bodies")
    if telling.layout.entries:
        return None  # a round-up relays: its entries rest on whom they name
    return own_source(telling) if body and telling.main and not content(telling.publisher or "") & listed("relay", "outlets") else None


def _foremost(sources: Sequence[Source]) -> Source:
    """The source that stands most often, a speaker before the own voice, the earlier before the later."""
    counts = Counter(s.key for s in sources)
    return max(sources, key=lambda s: (s.key[1] != OWN, bool(s.names), counts[s.key], -s.first, s.key))


def _outlet_source(telling: Telling, outlet: str) -> Source:
    return Source((telling.document, f"body {fold(outlet)}"), (outlet,), outlet, content(outlet), OriginKind.OUTLET)

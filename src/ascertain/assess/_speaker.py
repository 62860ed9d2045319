"""The speaker of a statement, by what the reading made of it and by the words that stand beside."""

from __future__ import annotations

import re

import attrs

from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, described, fold, is_pronoun, proper, source_of_entity
from ascertain.assess._tellings import Telling
from ascertain.records import Entity, EntityType, EventType, OriginKind, Reading, Role, Span, Statement

# Whatever follows these words is a place, even if it was read as a person.
WHERE = re.compile(r"\b(?:off|in|at|near|from|around|outside|to) (?:the )?$")
TITLES = 20  # characters of titles before a name
NEAR = 4  # characters between a description and the name that stands in apposition to it


def speaker_of(telling: Telling, statement: Statement) -> Source | None:
    """Who says it; None for the document's own voice and for nobody in particular."""
    passage = statement.speaker_passage
    if passage is not None and pattern("nobody", "relative").match(telling.reading.words(passage)):
        named = _named_ahead(telling.reading, passage)
        return source_of_entity(telling.reading, named, None) if named is not None else None
    if passage is not None and (_is_told(telling.reading, statement, passage) or _is_below(telling, statement, passage)):
        return _office_beside(telling, statement)
    if passage is None:
        return _by_entity(telling, statement) or _office_beside(telling, statement)
    if _is_heading(telling, passage):
        return _office_beside(telling, statement)
    shared = _shared_subject(telling, statement, passage)
    if shared is not None:
        return speaker_of(telling, shared)
    if _is_ours(telling, passage):
        return None
    if _is_harmed(telling.reading, passage) or _is_deed(telling.reading, passage) or _is_event(telling.reading, passage):
        return _swapped(telling.reading, statement) or _office_beside(telling, statement)
    return _by_entity(telling, statement) or (None if _entity(telling, statement) is not None else described(telling.reading, passage))


def _by_entity(telling: Telling, statement: Statement) -> Source | None:
    """The speaker whom the reading knows: the name that stands beside its words first."""
    reading, passage = telling.reading, statement.speaker_passage
    namesake = _namesake(telling, statement)
    if namesake is not None:
        return source_of_entity(reading, namesake, None)
    beside, entity = _beside(reading, statement), _known(telling, statement)
    plain = passage is not None and reading.words(passage)[:1].islower()
    if beside is not None and (plain or entity is None or not (proper(entity.name) and entity.type is EntityType.PERSON)):
        return _with_description(reading, source_of_entity(reading, beside, None), passage)
    if entity is not None and passage is not None and _is_publisher_else(telling, entity, passage):
        return _anyone(reading, passage)
    return source_of_entity(reading, entity, passage) if entity is not None and not _is_other(reading, entity, passage) else None


def _namesake(telling: Telling, statement: Statement) -> Entity | None:
    """The person of the text whose last name was read as a place: `Togo said`, of Mayor Hamidou Togo."""
    entity = _known(telling, statement)
    if entity is None or entity.type is not EntityType.PLACE:
        return None
    passage = statement.speaker_passage
    called = fold(telling.reading.words(passage) if passage is not None else entity.name)
    people = [e for e in telling.reading.entities if e.type is EntityType.PERSON and proper(e.name) and len(e.name.split()) > 1]
    return next((e for e in people if fold(e.name).split()[-1] == called), None)


def _known(telling: Telling, statement: Statement) -> Entity | None:
    return next((e for e in telling.reading.entities if e.id == statement.speaker), None)


def _entity(telling: Telling, statement: Statement) -> Entity | None:
    """The entity that the reading gives, unless a description of another one was taken for it."""
    entity = _known(telling, statement)
    return None if entity is None or _is_other(telling.reading, entity, statement.speaker_passage) else entity


def _beside(reading: Reading, statement: Statement) -> Entity | None:
    told = statement.cue is not None and reading.words(statement.cue).casefold().startswith(("told", "tell", "inform"))
    return _named_beside(reading, statement.speaker_passage) or (None if told else _named_beside(reading, statement.cue))


def _with_description(reading: Reading, named: Source | None, passage: Span | None) -> Source | None:
    if named is None or passage is None:
        return named
    extra = content(reading.words(passage))
    return attrs.evolve(named, offices=named.offices | extra, spokes=named.spokes or bool(extra & listed("office", "spokes")))


def _is_harmed(reading: Reading, passage: Span) -> bool:
    """Whether the words taken for the speaker are a number of people who were harmed: the speaker is another one."""
    counted = {q.id for q in reading.quantities if passage.start <= q.passage.start < passage.end}
    if not counted:
        return False
    suffering = any(p.role is Role.RECIPIENT and _meets(p.passage, passage) for e in reading.events for p in e.participants)
    return suffering or any(h.quantity in counted for e in reading.events for h in e.harms)


def _is_deed(reading: Reading, passage: Span) -> bool:
    """Whether the words taken for the speaker are unnamed people who did it: `abducted by unidentified gunmen`."""
    if reading.words(passage)[:1].isupper() or not content(reading.words(passage)) & listed("actor", "vague"):
        return False
    violent = {EventType.ASSAULT, EventType.COERCE}
    return any(p.role is Role.ACTOR and _meets(p.passage, passage) for e in reading.events if e.type in violent for p in e.participants)


def _swapped(reading: Reading, statement: Statement) -> Source | None:
    """The person who was taken for the words: `General Fausto Andrade, the police commander, said` with that name as what was said."""
    cue = statement.cue
    for said in statement.content if cue is not None else ():
        if cue is not None and 0 <= cue.start - said.end <= NEAR:
            named = [
                (m.start, e.id, e, m) for e in reading.entities for m in e.mentions
                if e.type is EntityType.PERSON and proper(e.name) and said.start <= m.start < said.start + TITLES and m.end <= said.end
            ]  # fmt: skip
            if named:
                _, _, entity, mention = min(named, key=lambda item: item[:2])
                return source_of_entity(reading, entity, mention)
    return None


def _shared_subject(telling: Telling, statement: Statement, passage: Span) -> Statement | None:
    """The statement before in the sentence whose speaker goes on: `Islamic State claimed the attack and said its fighters had killed 20`.

    None where the speaker of this one stands in its own sentence.
    """
    cue = statement.cue
    if cue is None:
        return None
    sentence = telling.sentence(cue.start)
    before = telling.reading.document.text[sentence.start : cue.start]
    if sentence.start <= passage.start < sentence.end or re.search(r"\band (?:also |then |later |has |have |had )?$", before) is None:
        return None
    earlier = [
        s for s in telling.reading.statements
        if s.cue is not None and s.speaker_passage is not None and sentence.start <= s.speaker_passage.start < s.cue.start < cue.start
    ]  # fmt: skip
    return max(earlier, key=lambda s: s.cue.start if s.cue else 0) if earlier else None


def _is_heading(telling: Telling, passage: Span) -> bool:
    """Whether the words taken for the speaker are the heading of a paragraph: `MALI: Two soldiers were killed`."""
    text = telling.reading.document.text
    entry = telling.layout.entry_of(telling.layout.number_at(passage.start))
    if entry is not None and entry.start <= passage.start < entry.end:
        return True
    place = any(e.type is EntityType.PLACE and passage in e.mentions for e in telling.reading.entities)
    return place and text[max(0, passage.start - 1) : passage.start] in {"", "\n"} and text[passage.end : passage.end + 1] == ":"


def _is_ours(telling: Telling, passage: Span) -> bool:
    """Whether the speaker is a part of whoever writes, and no person: `our surgical centre declared`; that is the document's own voice."""
    words = telling.reading.words(passage)
    quoted = telling.reading.document.text[telling.sentence(passage.start).start : passage.start]
    if re.match(r"(?i)our [a-z]", words) is None or re.search(r"[“\"][^”\"]*$", quoted):
        return False
    return not content(words) & (listed("office", "heads") | listed("office", "spokes") | listed("office", "ranks"))


def _is_event(reading: Reading, passage: Span) -> bool:
    """Whether the words taken for the speaker begin with what happened: `the killings bore the mark of a gang`."""
    first = re.match(r"(?i)(?:the|this|that|these|those|an?) ", reading.words(passage))
    at = passage.start + (first.end() if first else 0)
    violent = {EventType.ASSAULT, EventType.COERCE}
    return any(e.trigger.start == at and e.type in violent for e in reading.events)


def _meets(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_publisher_else(telling: Telling, entity: Entity, passage: Span) -> bool:
    """Whether a speaker was taken for the publisher, though other words name them: `one of them told Darfur Voice Radio`."""
    own = fold(telling.publisher or "")
    return bool(own) and fold(entity.name) == own and fold(telling.reading.words(passage)) not in own


def _is_other(reading: Reading, entity: Entity, passage: Span | None) -> bool:
    """Whether a described office was taken for a named person of whom the text tells no such office: the description is trusted."""
    if passage is None or entity.type is not EntityType.PERSON or not proper(entity.name) or not reading.words(passage)[:1].islower():
        return False
    heads = content(reading.words(passage)) & (listed("office", "heads") | listed("office", "spokes"))
    return bool(heads) and not heads & content(" ".join(r.title for r in entity.roles))


def _anyone(reading: Reading, passage: Span) -> Source | None:
    """Somebody known only by a description of any kind: `one of them`, `a woman from the next village`."""
    words = reading.words(passage)
    if is_pronoun(words):
        return None
    return Source((reading.document.id, fold(words)), (), words, content(words), OriginKind.PERSON, first=passage.start)


def _named_beside(reading: Reading, passage: Span | None) -> Entity | None:
    """The person whose name stands in apposition to some words: `the mayor, Edilma Trochez`, `said Álvaro Quintero`."""
    if passage is None:
        return None
    for entity in reading.entities:
        if entity.type is not EntityType.PERSON or not proper(entity.name) or len(entity.name.split()) < 2:
            continue
        for mention in entity.mentions:
            if fold(entity.name) == fold(reading.document.publisher or ""):
                continue
            between = reading.document.text[passage.end : mention.start] if mention.start >= passage.end else None
            if between is not None and len(between) <= NEAR and not between.strip(" ,"):
                return entity
            if passage.start <= mention.start and mention.end <= passage.end:
                return entity
    return None


def _is_told(reading: Reading, statement: Statement, passage: Span) -> bool:
    """Whether the words taken for the speaker are those to whom it was told: `its director told Cordillera Wire`."""
    cue = statement.cue
    if cue is None or not 0 <= passage.start - cue.end <= NEAR:
        return False
    return reading.words(cue).casefold().split()[-1] in {"told", "tells", "informed", "telling"}


def _is_below(telling: Telling, statement: Statement, passage: Span) -> bool:
    """Whether the words taken for the speaker stand in a later paragraph than the saying word."""
    cue = statement.cue
    return cue is not None and passage.start > cue.end and "\n" in telling.reading.document.text[cue.end : passage.start]


def _named_ahead(reading: Reading, passage: Span) -> Entity | None:
    """The person whose name stands right before a relative clause: `Ihor Vasylenko, who heads the council, says`."""
    ending = [
        (m.end, e.id, e) for e in reading.entities for m in e.mentions
        if e.type is EntityType.PERSON and proper(e.name) and 0 <= passage.start - m.end <= NEAR
        and not reading.document.text[m.end : passage.start].strip(" ,")
    ]  # fmt: skip
    return max(ending, key=lambda item: item[:2])[2] if ending else None


def _office_beside(telling: Telling, statement: Statement) -> Source | None:
    """Who speaks where the reading found none: the office or the person that stands next to the saying word."""
    if statement.cue is None:
        return None
    reading, cue = telling.reading, statement.cue
    sentence = telling.sentence(cue.start)
    inside = [c for c in statement.content if sentence.start <= c.start < sentence.end]
    start = max([sentence.start, *(c.end for c in inside if c.end <= cue.start)])
    stop = min([sentence.end, *(c.start for c in inside if c.start >= cue.end)])
    heads = listed("office", "heads") | listed("office", "spokes") | listed("office", "bodies")
    words = re.finditer(r"[^\W\d_]+", reading.document.text[start:stop])
    offices = [w for w in words if w[0].casefold() in heads and not cue.start <= start + w.start() < cue.end]
    spokes = [w for w in offices if w[0].casefold() in listed("office", "spokes")]
    named = _nearest_person(reading, Span(start, stop), cue, least=2 if spokes else 1)
    if named is not None:
        return named
    for at in spokes or offices:
        return described(reading, Span(start + at.start(), start + at.end()))
    return None


def _nearest_person(reading: Reading, within: Span, cue: Span, *, least: int) -> Source | None:
    """The named person nearest to the saying word, with so many words in the name at least; a place's name is no person's."""
    places = {fold(e.name) for e in reading.entities if e.type is EntityType.PLACE}
    near = [
        (min(abs(m.end - cue.start), abs(m.start - cue.end)), entity.id, entity, m)
        for entity in reading.entities for m in entity.mentions
        if entity.type is EntityType.PERSON and within.start <= m.start and m.end <= within.end
        and proper(entity.name) and len(entity.name.split()) >= least and fold(entity.name) not in places
        and WHERE.search(reading.document.text[max(0, m.start - 12) : m.start]) is None
    ]  # fmt: skip
    if not near:
        return None
    _, _, entity, mention = min(near, key=lambda item: item[:2])
    return source_of_entity(reading, entity, mention)

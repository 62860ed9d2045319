"""The body behind a speaker: `its spokesman` is that of the ministry named before, and some speak `for` a group that they name."""

from __future__ import annotations

import re

import attrs

from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import RELATIVE, Source, content, is_pronoun, proper, source_of_entity
from ascertain.assess._tellings import Telling
from ascertain.records import Entity, EntityType, OriginKind, Span, Statement

OURS = 60  # characters beside a name in which `our` stands
FAR = 260  # characters before `its spokesman` in which the body stands
GROUP = re.compile(r"\b(?:of|by|from|the) ((?:[A-Z][\w’-]+ )+[A-Z][\w’-]+|[A-Z]{2,6})\b")
BODIES = frozenset({EntityType.ORGANISATION, EntityType.ARMED_ACTOR})


def with_body(telling: Telling, statement: Statement, source: Source | None) -> Source | None:
    """The source as it is, or with the body for which the text says that it speaks."""
    group = _spoken_for(telling, statement) or (_spokesman_of(telling, statement) if source is None else None)
    if group is not None:
        return group
    passage = statement.speaker_passage
    if passage is not None and _is_anaphor(telling, statement, passage):
        body = _body_before(telling, passage.start) or _speaking_before(telling, passage.start)
        behind = source_of_entity(telling.reading, body, None) if body is not None else _named_group(telling, passage.start)
        return behind or source
    possessed = pattern("office", "possessed").match(telling.reading.words(passage)) if passage is not None else None
    if passage is None or source is None or possessed is None:
        return source
    noun = possessed["noun"]
    anaphor = noun is not None and pattern("office", "anaphor").match(f"the {noun}") is not None  # `the group's spokesman`
    body = _body_before(telling, passage.start, None if anaphor else noun)
    if body is None:
        return source
    behind = source_of_entity(telling.reading, body, None)
    if behind is None:
        return source
    if not source.is_body:
        return attrs.evolve(source, bodies=source.bodies | content(" ".join((body.name, *body.aliases))), spokes=True)
    return attrs.evolve(behind, spokes=True)


def _is_anaphor(telling: Telling, statement: Statement, passage: Span) -> bool:
    """Whether the speaker is `the group`, or a pronoun for it."""
    words = RELATIVE.split(telling.reading.words(passage))[0]
    known = next((e.name for e in telling.reading.entities if e.id == statement.speaker), words)
    return any(pattern("office", "anaphor").match(w) for w in ((words, known) if is_pronoun(words) else (words,)))


def _body_before(telling: Telling, offset: int, noun: str | None = None) -> Entity | None:
    """The body that is named last before an offset: an armed actor, an acronym, a name with the word of an office (with `noun`, that one)."""
    own = content(telling.publisher or "")
    near = [
        (m.end, e.id, e) for e in telling.reading.entities for m in e.mentions
        if e.type in BODIES and offset - FAR < m.start and m.end <= offset and _is_body(e) and not content(e.name) <= own
        and (noun is None or noun.casefold() in content(e.name))
        and pattern("office", "possessed").match(e.name) is None
    ]  # fmt: skip
    return max(near, key=lambda item: item[:2])[2] if near else None


def _speaking_before(telling: Telling, offset: int) -> Entity | None:
    """The body by name that spoke last before an offset: `Islamic State has claimed … the group said`."""
    entities = {e.id: e for e in telling.reading.entities if e.type in BODIES and proper(e.name)}
    said = [
        (s.speaker_passage.start, s.speaker) for s in telling.reading.statements
        if s.speaker in entities and s.speaker_passage is not None and s.speaker_passage.start < offset
    ]  # fmt: skip
    return entities[max(said)[1] or ""] if said else None


def _named_group(telling: Telling, offset: int) -> Source | None:
    """The last words with capitals before `the group`, where the reading knows no body there: `a statement of Islamic State`."""
    text = telling.reading.document.text
    named = [m for m in GROUP.finditer(text, max(0, offset - FAR), offset) if proper(m[1])]
    if not named:
        return None
    name = named[-1][1]
    return Source((telling.document, f"body {name}"), (name,), name, content(name), OriginKind.ORGANISATION, first=named[-1].start(1))


def _is_body(entity: Entity) -> bool:
    words = content(entity.name)
    if words <= listed("actor", "vague"):
        return False
    return (
        bool(words & listed("office", "bodies")) or entity.name.isupper() or (entity.type is EntityType.ARMED_ACTOR and proper(entity.name))
    )


def _spoken_for(telling: Telling, statement: Statement) -> Source | None:
    """The group in whose name unnamed people say something: `men who said that they spoke for Los Tiguerones denied`."""
    at = statement.cue or statement.content[0]
    return _group_in(telling, at.start)


def _spokesman_of(telling: Telling, statement: Statement) -> Source | None:
    """The group of somebody unnamed who was introduced before as its voice: `A man who speaks for the Front … He denies`."""
    entity = next((e for e in telling.reading.entities if e.id == statement.speaker), None)
    found = (_group_in(telling, m.start) for m in entity.mentions) if entity is not None and not proper(entity.name) else ()
    return next((group for group in found if group is not None), None)


def _group_in(telling: Telling, offset: int) -> Source | None:
    """The group for which somebody speaks by the words of the sentence at an offset."""
    sentence = telling.sentence(offset)
    match = pattern("office", "spoken_for").search(telling.words(sentence))
    if match is None:
        return None
    name = match["group"]
    span = Span(sentence.start + match.start("group"), sentence.start + match.end("group"))
    return Source((telling.document, f"body {name}"), (name,), name, content(name), OriginKind.ORGANISATION, spokes=True, first=span.start)


def of_publisher(telling: Telling, source: Source) -> Source:
    """With the publisher as body for those whom an organisation's own text calls its own: `Dr Ilse Brandt, our coordinator`."""
    own = content(telling.publisher or "")
    if not source.persons or not own or own & listed("relay", "outlets"):
        return source
    text = telling.reading.document.text
    for name in source.persons:
        for match in re.finditer(re.escape(name), text):
            before = re.sub(r"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )$", "", text[max(0, match.start() - OURS) : match.start()])
            after = text[match.end() : match.end() + OURS]
            if pattern("office", "ours_before").search(before) or pattern("office", "ours_after").match(after):
                return attrs.evolve(source, bodies=source.bodies | own, spokes=True)
    return source


def named_by_office(telling: Telling, source: Source) -> Source:
    """`the bishop` under the one name with which the text gives that office: `the bishop of Nacala, Inácio Rupia`."""
    heads = source.heads & listed("office", "titles")
    if source.names or source.is_body or source.spokes or "deputy" in source.offices or len(heads) != 1:
        return source
    [head] = heads
    name = r"(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z]\.|al|el|de|da|del|van|bin|ben|ould|[A-Z][\w’'-]+)){0,2} [A-Z][\w’'-]+)"
    place = r"(?: (?:of|for) (?:the )?(?:[\w’-]+ ){0,3}[A-Z][\w-]+)?"
    marks = (
        rf"\b(?i:{head}){place},? {name}",
        rf"{name},? (?:who is )?(?:the )?(?:\w+ ){{0,2}}{head}\b",
        rf"{name}, [^.,;]{{0,30}}\b{head}\b",
    )
    text = telling.reading.document.text
    found = {m["name"] for mark in marks for m in re.finditer(mark, text) if _is_person(telling, m["name"])}
    if len(found) != 1:
        return source
    [only] = found
    return attrs.evolve(source, key=(telling.document, f"named {only}"), names=(only,), persons=frozenset({only}))


def _is_person(telling: Telling, name: str) -> bool:
    """Whether capitalised words can be a person's name: no office, no day, no place of the text."""
    others = listed("office", "heads") | listed("office", "bodies") | listed("nobody", "days")
    places = {w for e in telling.reading.entities if e.place is not None for w in content(e.name)}
    return not content(name) & others and not content(name) <= places


def with_headed_body(telling: Telling, source: Source) -> Source:
    """With the body that a person heads, where an apposition to the name tells it: `Mustafa Hamdo, president of the council`."""
    if not source.persons or source.bodies:
        return source
    text = telling.reading.document.text
    for name in sorted(source.persons):
        for match in re.finditer(re.escape(name), text):
            follows = text[match.end() : match.end() + FAR]
            headed = pattern("office", "heads_body").match(follows) or pattern("office", "belongs").match(follows)
            words = content(headed["body"]) if headed is not None else frozenset()
            if words & listed("office", "bodies"):
                return attrs.evolve(source, bodies=words)
    return source

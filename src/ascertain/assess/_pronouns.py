"""Who `he` and `she` are: the one named before, in the text's order; never the author of the text."""

from __future__ import annotations

from collections.abc import Sequence

from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, proper, source_of_entity
from ascertain.assess._tellings import Telling
from ascertain.records import EntityType, OriginKind, Statement

SUBJECT_WITHIN = 50  # characters of a sentence in which its subject begins


def pronouns_resolved(telling: Telling, spoken: Sequence[tuple[Statement, Source]]) -> list[tuple[Statement, Source]]:
    """`he said` after a named person's words is that person, whatever else was taken for the speaker."""
    found: list[tuple[Statement, Source]] = []
    for statement, source in spoken:
        passage = statement.speaker_passage
        words = telling.reading.words(passage).casefold() if passage is not None else ""
        pronoun = words in listed("turn", "pronouns") or pattern("office", "persons_own").match(words) is not None
        last = next((s for _, s in reversed(found) if s.persons or words in listed("turn", "plural")), None)
        author = pronoun and bool(source.persons & {telling.reading.document.byline or ""})  # nobody calls themselves `she`
        if author and passage is not None:
            last = _subject_of_story(telling, passage.start) or last
        beside = (
            _subject_before(telling, passage.start) if pronoun and passage is not None and words not in listed("turn", "plural") else None
        )
        last = beside or last
        known = not author and source.persons and any(source.key == s.key for _, s in found)
        found.append((statement, last if pronoun and last is not None and not known else source))
    return found


def _subject_before(telling: Telling, offset: int) -> Source | None:
    """The person named at the head of the sentence before a pronoun, in its paragraph: `he` is most often that one."""
    number = telling.layout.number_at(offset)
    sentences = telling.layout.sentences
    if number == 0 or sentences[number - 1].paragraph != sentences[number].paragraph:
        return None
    start = sentences[number - 1].start
    return named_before(telling, start, start + SUBJECT_WITHIN)


def _subject_of_story(telling: Telling, offset: int) -> Source | None:
    """The last one before an offset whose name can be a person's, whatever the reading took it for."""
    near = [
        (m.start, e.id, e) for e in telling.reading.entities for m in e.mentions
        if m.end <= offset and proper(e.name) and len(e.name.split()) > 1 and e.type is not EntityType.PLACE
        and not content(e.name) & (listed("office", "bodies") | listed("relay", "outlets")) and e.name not in
        {telling.reading.document.byline, telling.publisher} and not telling.layout.in_dateline(m.start)
    ]  # fmt: skip
    if not near:
        return None
    entity = max(near, key=lambda item: item[:2])[2]
    return Source(
        (telling.document, entity.id), (entity.name, *(a for a in entity.aliases if proper(a))), entity.name, frozenset(), OriginKind.PERSON,
        first=min(m.start for m in entity.mentions), persons=frozenset({entity.name}),
    )  # fmt: skip


def named_before(telling: Telling, start: int, stop: int) -> Source | None:
    """The last person with a name who is mentioned between two offsets."""
    near = [
        (m.start, e.id, e) for e in telling.reading.entities for m in e.mentions
        if e.type is EntityType.PERSON and proper(e.name) and len(e.name.split()) > 1 and start <= m.start < stop
    ]  # fmt: skip
    return source_of_entity(telling.reading, max(near, key=lambda item: item[:2])[2], None) if near else None

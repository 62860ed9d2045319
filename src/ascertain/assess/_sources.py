"""Sources: who speaks in a document, by name, office and body, and which of them are one and the same there.

`the regional governor said` and `Governor Pavlo Sydorchuk said` are one speaker; so are `the ministry` and `its spokesman`; and where a
report attributes its lead to `a local official`, it names him in the next sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ascertain.assess._rules import listed
from ascertain.assess._tellings import Telling
from ascertain.records import Entity, EntityType, OriginKind, Reading, Role, Span, Statement

OWN = "own voice"
NEAR = 4  # characters between a description and the name that stands in apposition to it
WHERE = re.compile(
    r"\b(?:off|in|at|near|from|around|outside|to) (?:the )?$"
)  # whatever follows is a place, even if it was read as a person
Key = tuple[str, str]


@attrs.frozen
class Source:
    """Who vouches in one document: a person, a body, or the document's own voice.

    Attributes:
        key: (document, entity id), (document, words) or (document, OWN).
        names: proper names, longest first; empty for those who are only described.
        description: the words that name them in the text.
        offices: content words of roles and descriptions, folded.
        heads: those of them that are offices (`governor`, `surgeon`).
        bodies: folded content words of the organisations for which they speak.
        spokes: whether they speak for a body by office.
        ranked: whether they bear a rank.
        place: the place under whose name they stand (`Moscow`, `Gaza's civil defence`).
        first: where they first stand in the text.
        persons: those of the names that are persons'.
        group: some people of whom one may be named later: `rescuers`, `two residents`.
    """

    key: Key
    names: tuple[str, ...]
    description: str
    offices: frozenset[str]
    kind: OriginKind
    bodies: frozenset[str] = frozenset()
    spokes: bool = False
    ranked: bool = False
    place: str | None = None
    first: int = 0
    persons: frozenset[str] = frozenset()
    group: bool = False

    @property
    def heads(self) -> frozenset[str]:
        """The offices among the words."""
        return self.offices & listed("office", "heads")

    @property
    def is_body(self) -> bool:
        """Whether it is an organisation and no person."""
        if self.group:
            return False
        return self.kind in {OriginKind.ORGANISATION, OriginKind.OUTLET} or (
            self.kind is OriginKind.OFFICIAL and self.key[1].startswith("body ")
        )


def fold(words: str) -> str:
    """Lower case without accents, apostrophes, possessives and articles' hyphens."""
    plain = unicodedata.normalize("NFKD", re.sub(r"[’']s\b", "", words.casefold()))
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’")))


def content(words: str) -> frozenset[str]:
    """The telling words of a description."""
    return frozenset(fold(words).split()) - listed("office", "small")


def is_acronym(short: str, name: str) -> bool:
    """Whether some letters are the initials of a name: `lpw` of `Levant Press Wire`."""
    initials = "".join(word[0] for word in fold(name).split() if word not in listed("office", "small"))
    return len(initials) > 1 and short == initials


def proper(name: str) -> bool:
    """Whether words are a proper name: capitals at both ends, no day, no heading run together with what follows."""
    parts = name.split()
    if not parts or "\n" in name or {p.casefold() for p in parts} & listed("nobody", "days"):
        return False
    lower = {"the", "a", "an", "our", "its", "their", "his", "her", "of"}
    common = listed("office", "heads") | listed("office", "spokes") | listed("nobody", "names") | listed("harm", "people")
    if len(parts) == 1 and parts[0].casefold() in common:
        return False
    return parts[0][:1].isupper() and parts[-1][:1].isupper() and parts[0].casefold() not in lower


def source_of_entity(reading: Reading, entity: Entity, passage: Span | None) -> Source | None:
    """The source that an entity is; None where it is nobody in particular."""
    words = reading.words(passage) if passage else entity.name
    if entity.type is EntityType.PLACE:
        return _place_source(reading, entity, words, passage)
    names = _names_of(entity)
    if entity.type is EntityType.WEAPON or (not names and _is_unnamed(entity, words)):
        return None
    person = entity.type is EntityType.PERSON
    told = passage is not None and not _pronoun(words) and not proper(words)
    described = words if told else ("" if names else entity.name)
    offices = _offices_of(entity, names, described)
    description = (described or entity.name) + ("" if names or passage is None else _where(reading, passage))
    return Source(
        key=(reading.document.id, entity.id if person else f"body {entity.id}"), names=names, description=description, offices=offices,
        kind=_kind(entity, offices, person=person), bodies=_bodies(reading, entity), spokes=_speaks(offices) and (person or not names),
        ranked=bool(offices & listed("office", "ranks")), first=min((m.start for m in entity.mentions), default=passage.start if passage else 0),
        persons=frozenset(n for n in names if person and len(n.split()) > 1), group=entity.type is EntityType.GROUP and not names,
    )  # fmt: skip


def _names_of(entity: Entity) -> tuple[str, ...]:
    """Proper names, the fullest first."""
    return tuple(sorted({n for n in (entity.name, *entity.aliases) if proper(n)}, key=lambda n: (-len(n.split()), -len(n), n)))


def _is_unnamed(entity: Entity, words: str) -> bool:
    """Whether an entity without a name is nobody in particular: `residents`, `they`."""
    if entity.type in {EntityType.PERSON, EntityType.GROUP}:
        return _is_nobody(words)
    return _is_nobody(entity.name) and _is_nobody(words)


def _offices_of(entity: Entity, names: tuple[str, ...], described: str) -> frozenset[str]:
    """Content words of roles and descriptions; of a body also those of its name."""
    if entity.type is EntityType.PERSON:
        return content(" ".join((*(r.title for r in entity.roles), described)))
    return content(" ".join((*(names or (entity.name,)), described)))


def _speaks(offices: frozenset[str]) -> bool:
    return bool(offices & listed("office", "spokes"))


def _where(reading: Reading, passage: Span) -> str:
    """The place after a description: `the defence ministry` ` in Moscow`."""
    match = re.match(r" (?:in|of) [A-Z][\w-]+", reading.document.text[passage.end : passage.end + 40])
    return match[0] if match else ""


def _place_source(reading: Reading, entity: Entity, words: str, passage: Span | None) -> Source | None:
    """A place as a speaker: its government, or the body that the words name (`Gaza's civil defence`)."""
    first = passage.start if passage else 0
    offices = content(words) - content(entity.name)
    if not offices:
        return Source(
            (reading.document.id, f"body {entity.id}"), (), words, frozenset(), OriginKind.OFFICIAL, place=entity.name, first=first
        )
    if offices <= listed("nobody", "names") or _is_nobody(words):
        return None
    return Source((reading.document.id, f"body {words}"), (), words, content(words), OriginKind.OFFICIAL, place=entity.name, first=first)


def _kind(entity: Entity, offices: frozenset[str], *, person: bool) -> OriginKind:
    official = {"governor", "minister", "mayor", "president", "ambassador", "commander", "ministry", "police", "army", "military", "authorities",
                "government", "prosecutor", "administration", "forces", "council", "junta"}  # fmt: skip
    if offices & official or entity.type is EntityType.ARMED_ACTOR or (person and offices & listed("office", "ranks")):
        return OriginKind.OFFICIAL
    return OriginKind.PERSON if person else OriginKind.ORGANISATION


def _bodies(reading: Reading, entity: Entity) -> frozenset[str]:
    """Content words of the organisations in an entity's roles."""
    entities = {e.id: e for e in reading.entities}
    found: set[str] = set()
    for role in entity.roles:
        body = entities.get(role.organisation or "")
        if body is not None and body.type is not EntityType.PERSON:
            found |= content(" ".join((body.name, *body.aliases))) - listed("nobody", "days")
    return frozenset(found)


def _pronoun(words: str) -> bool:
    return words.casefold() in listed("nobody", "names") | {"him", "her", "them"}


def _is_nobody(words: str) -> bool:
    parts = fold(words).split()
    if len(parts) > 1 and parts[-1] in {"source", "sources", "officials"} and set(parts) & listed("nobody", "telling"):
        return False
    return not parts or parts[-1] in listed("nobody", "names") | listed("nobody", "days")


# --- the speaker of a statement


def speaker_of(telling: Telling, statement: Statement) -> Source | None:
    """Who says it; None for the document's own voice and for nobody in particular."""
    reading = telling.reading
    entities = {e.id: e for e in reading.entities}
    told = statement.cue is not None and reading.words(statement.cue).casefold().startswith(("told", "tell", "inform"))
    beside = _named_beside(reading, statement.speaker_passage) or (None if told else _named_beside(reading, statement.cue))
    entity = entities.get(statement.speaker or "")
    if _is_harmed(telling, statement):
        return _office_beside(telling, statement)
    plain = statement.speaker_passage is not None and reading.words(statement.speaker_passage)[:1].islower()
    if beside is not None and (plain or entity is None or not (proper(entity.name) and entity.type is EntityType.PERSON)):
        named = source_of_entity(reading, beside, None)
        if named is not None and statement.speaker_passage is not None:
            extra = content(reading.words(statement.speaker_passage))
            named = attrs.evolve(named, offices=named.offices | extra, spokes=named.spokes or bool(extra & listed("office", "spokes")))
        return named
    if entity is not None and statement.speaker_passage is not None and _is_publisher_else(telling, entity, statement.speaker_passage):
        return _anyone(reading, statement.speaker_passage)
    if entity is not None and not (plain and _is_other(reading, entity, statement.speaker_passage)):
        return source_of_entity(reading, entity, statement.speaker_passage)
    if statement.speaker_passage is not None:
        return described(reading, statement.speaker_passage)
    return _office_beside(telling, statement)


def _is_harmed(telling: Telling, statement: Statement) -> bool:
    """Whether the words taken for the speaker are a number of people who were harmed: the speaker is another one."""
    passage, reading = statement.speaker_passage, telling.reading
    if passage is None or not any(passage.start <= q.passage.start < passage.end for q in reading.quantities):
        return False
    return any(
        p.role is Role.RECIPIENT and p.passage.start < passage.end and passage.start < p.passage.end
        for e in reading.events
        for p in e.participants
    ) or any(
        h.quantity
        for e in reading.events
        for h in e.harms
        for q in reading.quantities
        if q.id == h.quantity and passage.start <= q.passage.start < passage.end
    )


def _is_publisher_else(telling: Telling, entity: Entity, passage: Span) -> bool:
    """Whether a speaker was taken for the publisher, though other words name them: `one of them told Darfur Voice Radio`."""
    own = fold(telling.publisher or "")
    return bool(own) and fold(entity.name) == own and fold(telling.reading.words(passage)) not in own


def _is_other(reading: Reading, entity: Entity, passage: Span | None) -> bool:
    """Whether a described office was taken for a named person of whom the text tells no such office: the description is trusted."""
    if passage is None or entity.type is not EntityType.PERSON or not proper(entity.name):
        return False
    heads = content(reading.words(passage)) & (listed("office", "heads") | listed("office", "spokes"))
    return bool(heads) and not heads & content(" ".join(r.title for r in entity.roles))


def _anyone(reading: Reading, passage: Span) -> Source | None:
    """Somebody known only by a description of any kind: `one of them`, `a woman from the next village`."""
    words = reading.words(passage)
    if _pronoun(words):
        return None
    return Source((reading.document.id, fold(words)), (), words, content(words), OriginKind.PERSON, first=passage.start)


def described(reading: Reading, passage: Span) -> Source | None:
    """A source known only by some words of the text; None where they are nobody, or `we`."""
    words = reading.words(passage)
    offices = content(words)
    bodies = offices & listed("office", "bodies")
    if _is_nobody(words) or not offices & (listed("office", "heads") | listed("office", "spokes") | listed("office", "bodies")):
        return None
    local = f"body {fold(words)}" if bodies and not offices & listed("office", "heads") else fold(words)
    spokes = bool(offices & listed("office", "spokes"))
    kind = OriginKind.OFFICIAL if bodies else OriginKind.PERSON
    return Source((reading.document.id, local), (), words, offices, kind, spokes=spokes, first=passage.start)


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


# --- one and the same within a document


def one_in_document(one: Source, other: Source, order: Sequence[Source]) -> bool:
    """Whether two sources of one document are the same: by name, by office, as body and spokesperson, as a description and its name."""
    if one.key == other.key or (one.names and other.names and names_agree(one, other)):
        return True
    if one.names and other.names:
        return speaks_for(one, other) or speaks_for(other, one)
    plain, named = (one, other) if not one.names else (other, one)
    if speaks_for(plain, named) or speaks_for(named, plain):
        return True
    if plain.heads & named.heads and not _different(plain, named):
        return True
    if plain.spokes and named.spokes:
        return True
    if is_force(plain) and (named.ranked or named.spokes) and not named.is_body:
        return _next_person(plain, named, order)
    return bool(named.names) and _next_person(plain, named, order) and _may_be(plain, named)


def names_agree(one: Source, other: Source) -> bool:
    """Whether two sources bear one name: equal, the surname alone, an acronym, a body's name within another."""
    return any(_names_agree(a, b, body=one.is_body or other.is_body) for a in one.names for b in other.names)


def _names_agree(one: str, other: str, *, body: bool) -> bool:
    first, second = fold(one).split(), fold(other).split()
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if not short:
        return False
    if len(short) == 1 and len(short[0]) > 2 and short[0] == long[-1] and not body:
        return True
    if len(short) > 1 and short == long[-len(short) :]:
        return True
    if len(short) > 1 and set(short) <= set(long):
        return True
    initials = "".join(word[0] for word in long if word not in listed("office", "small"))
    return body and len(short) == 1 and len(initials) > 2 and short[0] == initials


def speaks_for(person: Source, body: Source) -> bool:
    """Whether a person or a description speaks for a body: `RSF spokesman`, `the ministry's spokesman`, `the health office's director`."""
    if person.is_body or not body.is_body or not (person.bodies or person.spokes):
        return False
    about = person.bodies or (person.offices - listed("office", "spokes") - listed("office", "ranks"))
    known = body.offices | content(" ".join(body.names))
    if not about:
        return False
    return about <= known or known <= about or bool(about & known & listed("office", "bodies") and person.spokes)


def _different(one: Source, other: Source) -> bool:
    """Whether two offices of one kind are said to be of different places or bodies."""
    first, second = (s.offices - listed("office", "heads") - listed("office", "ranks") for s in (one, other))
    return bool(one.bodies and other.bodies and not one.bodies & other.bodies) or (
        "deputy" in (one.offices ^ other.offices) and bool(first and second)
    )


def is_force(source: Source) -> bool:
    """Whether a source is an army, a police, a guard: those whose officers speak for it."""
    forces = {
        "army",
        "military",
        "police",
        "forces",
        "force",
        "navy",
        "guard",
        "troops",
        "brigade",
        "junta",
        "council",
        "ministry",
        "service",
        "command",
    }
    return source.is_body and bool(source.offices & forces)


def _next_person(plain: Source, named: Source, order: Sequence[Source]) -> bool:
    """Whether `named` is the first person by name who speaks after (or as) the description first does."""
    after = [s for s in order if s.names and not s.is_body and s.first >= plain.first - 1]
    return bool(after) and min(after, key=lambda s: s.first).key == named.key


def _may_be(plain: Source, named: Source) -> bool:
    """Whether a description without a name can be of a person: it is of one, and no other office is told of that person."""
    if plain.is_body or named.is_body:
        return False
    general = {
        "official",
        "resident",
        "witness",
        "member",
        "leader",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "volunteer",
        "survivor",
        "director",
    }
    told = named.heads - general
    return (
        not told
        or bool(told & plain.heads)
        or not plain.heads
        or bool(plain.heads & general and not told & plain.heads and plain.heads <= {"official"})
    )


def own_source(telling: Telling) -> Source:
    """The document's own voice."""
    author = re.sub(r"\s*<[^>]*>", "", telling.reading.document.byline or "").strip()
    name = telling.publisher or author or telling.path
    persons = frozenset({name} if name == author and len(name.split()) > 1 else ())
    return Source((telling.document, OWN), (name,), name, content(name), OriginKind.OUTLET, persons=persons)


def by_key(sources: Iterable[Source]) -> Mapping[Key, Source]:
    """Sources by key; where one stands twice, the one with more to tell."""
    found: dict[Key, Source] = {}
    for source in sources:
        known = found.get(source.key)
        if known is None:
            found[source.key] = source
        else:
            merged = attrs.evolve(
                known, offices=known.offices | source.offices, bodies=known.bodies | source.bodies, spokes=known.spokes or source.spokes,
                ranked=known.ranked or source.ranked, first=min(known.first, source.first),
            )  # fmt: skip
            found[source.key] = merged
    return found

"""Origins: for each telling of an incident, who vouches for it in the end.

A document's mention leads through its statements to the innermost speaker; that speaker is matched over documents by name and
office. An outlet that is quoted leads to the origins of its own document, where the case holds it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ascertain.assess._rules import marks, words
from ascertain.records import Actuality, Cluster, CopyGroup, Entity, EntityType, Event, Origin, OriginKind, Reading, Stance, Statement

SPOKEN_FOR = {"spokesman", "spokeswoman", "spokesperson", "spokesmen", "representative", "statement", "report"}
OFFICE_WORDS = {
    "governor", "mayor", "minister", "president", "ambassador", "spokesman", "spokeswoman", "director", "chief", "commander", "head", "police",
    "ministry", "administration", "army", "council", "committee", "surgeon", "doctor", "lawyer", "driver", "volunteer", "witness", "official",
    "superintendent", "commissioner", "secretary", "coordinator", "chairman", "prosecutor", "general",
}  # fmt: skip
OFFICE_OF = {"region": "governor", "regional": "governor"}
SMALL = {"the", "a", "an", "of", "for", "and", "in", "at", "to", "its", "their", "his", "her"}
OWN = "own voice"


@attrs.frozen
class Source:
    """Who vouches in one document: an entity, or the document's own voice.

    Attributes:
        key: (document, entity id), or (document, OWN).
        names: proper names, longest first; empty for descriptions.
        offices: content words of roles and descriptions.
    """

    key: tuple[str, str]
    names: tuple[str, ...]
    description: str
    offices: frozenset[str]
    kind: OriginKind
    organisation: frozenset[str] = frozenset()


@attrs.frozen
class Voice:
    """One mention with its sources: (document, event) and whether they deny it."""

    document: str
    event: str
    source: tuple[str, str]
    denies: bool
    statement: str | None
    relayed_by: str | None


def voices_of(cluster: Cluster, readings: Mapping[str, Reading]) -> tuple[list[Voice], dict[tuple[str, str], Source]]:
    """Who stands behind each mention of a cluster."""
    voices: list[Voice] = []
    sources: dict[tuple[str, str], Source] = {}
    by_document: dict[str, list[str]] = defaultdict(list)
    for mention in cluster.mentions:
        by_document[mention.document].append(mention.event)
    for document, events in by_document.items():
        reading = readings[document]
        found = _document_voices(reading, events)
        for voice, source in found:
            voices.append(voice)
            sources[source.key] = source
    return voices, sources


def _document_voices(reading: Reading, wanted: Sequence[str]) -> list[tuple[Voice, Source]]:
    entities = {e.id: e for e in reading.entities}
    statements = {s.id: s for s in reading.statements}
    events = [e for e in reading.events if e.id in wanted]
    found: list[tuple[Voice, Source]] = []
    unattributed: list[Event] = []
    for event in events:
        speaker = _speaker(event, statements, entities)
        if speaker is None:
            unattributed.append(event)
            continue
        entity, statement = speaker
        denies = event.actuality is Actuality.DENIED or statement.stance is Stance.DENIES
        source = _source(reading, entity, entities)
        found.append((Voice(reading.document.id, event.id, source.key, denies, statement.id, reading.document.publisher), source))
    found += _denials(reading, wanted, entities, statements)
    if unattributed:
        found += _own_voice(reading, unattributed, found, entities)
    return found


def _speaker(event: Event, statements: Mapping[str, Statement], entities: Mapping[str, Entity]) -> tuple[Entity, Statement] | None:
    """The innermost speaker that is somebody."""
    for key in reversed(event.according_to):
        statement = statements.get(key)
        entity = entities.get(statement.speaker or "") if statement else None
        if entity is not None and statement is not None and not _nobody(entity):
            return entity, statement
    return None


def _nobody(entity: Entity) -> bool:
    last = entity.name.casefold().split()[-1]
    return last in words("generic", "names") or entity.type is EntityType.WEAPON


def _denials(
    reading: Reading, wanted: Sequence[str], entities: Mapping[str, Entity], statements: Mapping[str, Statement]
) -> list[tuple[Voice, Source]]:
    """Speakers who deny in a document that tells of the incident: they count as contradicting it."""
    found = []
    events = {e.id: e for e in reading.events}
    first = wanted[0]
    for statement in reading.statements:
        entity = entities.get(statement.speaker or "")
        if statement.stance is not Stance.DENIES or entity is None or _nobody(entity) or entity.type is EntityType.PLACE:
            continue
        inside = [e for e in reading.events if e.id in events and any(c.start <= e.trigger.start < c.end for c in statement.content)]
        violent = [e for e in inside if e.type.value in {"assault", "coerce", "discover"} or e.id in wanted]
        if violent:
            source = _source(reading, entity, entities)
            event = next((e.id for e in violent if e.id in wanted), first)
            found.append((Voice(reading.document.id, event, source.key, True, statement.id, reading.document.publisher), source))
    return found


def _own_voice(
    reading: Reading, events: Sequence[Event], found: Sequence[tuple[Voice, Source]], entities: Mapping[str, Entity]
) -> list[tuple[Voice, Source]]:
    """Mentions without a speaker: the outlet's own where it says that it saw; else they rest on the document's speakers; else on the outlet."""
    document = reading.document
    own = Source(
        (document.id, OWN), (document.publisher or document.path,), document.publisher or document.path, frozenset(), OriginKind.OUTLET
    )
    witnessed = [e for e in events if _witnessed(reading, e)]
    made = [(Voice(document.id, e.id, own.key, e.actuality is Actuality.DENIED, None, document.publisher), own) for e in witnessed]
    rest = [e for e in events if e not in witnessed]
    carried = [pair for pair in found if not pair[0].denies] + made
    if rest and not carried:
        narrator = _narrator(reading, rest, entities)
        for event in rest:
            source = narrator or own
            made.append((Voice(document.id, event.id, source.key, event.actuality is Actuality.DENIED, None, document.publisher), source))
    elif rest:
        main = _main_source([s for _, s in carried])
        made += [
            (Voice(document.id, e.id, main.key, False, None, document.publisher), main) for e in rest if e.actuality is not Actuality.DENIED
        ]
    return made


def _main_source(sources: Sequence[Source]) -> Source:
    return max(sources, key=lambda s: (sum(o.key == s.key for o in sources), s.kind is not OriginKind.OUTLET, s.key))


def _witnessed(reading: Reading, event: Event) -> bool:
    """Whether the words around a mention say that the outlet's own people saw it."""
    text = reading.document.text
    start, end = text.rfind("\n", 0, event.trigger.start) + 1, text.find("\n", event.trigger.end)
    paragraph = text[start : end if end >= 0 else len(text)]
    quoted = re.sub(r"[“\"][^”\"]*[”\"]", " ", paragraph)
    return any(mark.search(quoted) for mark in marks("witness"))


def _narrator(reading: Reading, events: Sequence[Event], entities: Mapping[str, Entity]) -> Source | None:
    """The speaker whose statements tell of the same paragraph, or who is said to inform at the head of the text."""
    text = reading.document.text
    head = re.search(r"\b(?:informs|reports|states|announces|writes|said|says|reported)\s*:\s*\n", text[:800])
    people = [e for e in entities.values() if e.type is EntityType.PERSON and e.name[:1].isupper()]
    if head:
        line = text.rfind("\n", 0, head.start()) + 1
        named = [e for e in people if any(line <= m.start < head.end() for m in e.mentions)]
        if named:
            return _source(reading, named[0], entities)
    paragraphs = {text.count("\n", 0, e.trigger.start) for e in events}
    near = [
        s for s in reading.statements
        if s.speaker and any(abs(text.count("\n", 0, s.content[0].start) - p) <= 2 for p in paragraphs) and s.stance in {Stance.ASSERTS, Stance.CONFIRMS, Stance.ALLEGES}
    ]  # fmt: skip
    speakers = [
        entities[s.speaker]
        for s in near
        if s.speaker in entities and not _nobody(entities[s.speaker]) and entities[s.speaker].type is not EntityType.PLACE
    ]
    return _source(reading, speakers[0], entities) if speakers else None


def _source(reading: Reading, entity: Entity, entities: Mapping[str, Entity]) -> Source:
    named = [n for n in (entity.name, *entity.aliases) if _is_proper(n)]
    roles = {w.casefold().strip(".,") for r in entity.roles for w in r.title.split()}
    organisations: set[str] = set()
    for role in entity.roles:
        body = entities.get(role.organisation or "")
        if body is not None:
            organisations |= {w.casefold() for n in (body.name, *body.aliases) for w in n.split()}
    description = {w.casefold().strip(".,'’") for n in (entity.name, *entity.aliases) for w in n.split()}
    offices = frozenset((roles | (description if not named or entity.type is not EntityType.PERSON else set())) - SMALL)
    kind = {EntityType.PERSON: OriginKind.PERSON, EntityType.PLACE: OriginKind.OFFICIAL}.get(entity.type, OriginKind.ORGANISATION)
    if roles & {
        "governor",
        "minister",
        "mayor",
        "spokesman",
        "spokeswoman",
        "ambassador",
        "president",
        "commander",
        "general",
        "brigadier",
    } or offices & {"ministry", "police", "army", "authorities", "officials", "government", "governor"}:
        kind = OriginKind.OFFICIAL
    return Source(
        (reading.document.id, entity.id), tuple(sorted(named, key=len, reverse=True)), entity.name, offices, kind, frozenset(organisations)
    )


def _is_proper(name: str) -> bool:
    parts = name.split()
    return bool(parts) and parts[0][:1].isupper() and parts[-1][:1].isupper() and parts[0].casefold() not in {"the", "a", "an"}


# --- the same origin over documents


def merge_sources(
    sources: Mapping[tuple[str, str], Source], copies: Sequence[CopyGroup], readings: Mapping[str, Reading]
) -> dict[tuple[str, str], int]:
    """Which sources are one: same name, same office, copies' own voices, relays that lead to another document's source."""
    keys = sorted(sources)
    parent = {key: key for key in keys}

    def root(key: tuple[str, str]) -> tuple[str, str]:
        while parent[key] != key:
            key = parent[key]
        return key

    def join(one: tuple[str, str], other: tuple[str, str]) -> None:
        first, second = sorted((root(one), root(other)))
        parent[second] = first

    group_of = {path: n for n, group in enumerate(copies) for path in group.documents}
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            if _same(sources[one], sources[other]) or _copied(sources[one], sources[other], group_of, readings):
                join(one, other)
    _join_descriptions(keys, sources, root, join)
    _join_relays(keys, sources, readings, root, join)
    numbers = {key: n for n, key in enumerate(sorted({root(k) for k in keys}))}
    return {key: numbers[root(key)] for key in keys}


def _same(one: Source, other: Source) -> bool:
    """Whether two sources bear one name, or one is the spokesman of the other."""
    if one.key[1] == OWN and other.key[1] == OWN:
        return one.names == other.names
    if any(_names_agree(a, b, one.kind is not OriginKind.PERSON) for a in one.names for b in other.names):
        return True
    if not one.names and not other.names:
        shared = (one.offices & other.offices) - {"spokesman", "spokeswoman", "official", "officials"}
        smaller = min(len(one.offices), len(other.offices))
        return bool(shared) and len(shared) >= smaller and bool(shared & OFFICE_WORDS)
    return _speaks_for(one, other) or _speaks_for(other, one)


def _names_agree(one: str, other: str, body: bool) -> bool:
    a, b = one.casefold().split(), other.casefold().split()
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    return (
        (len(short) == 1 and len(short[0]) > 3 and short[0] == long[-1])
        or (len(short) > 1 and short == long[-len(short) :])
        or (body and len(short) > 1 and set(short) <= set(long))
    )


def _speaks_for(person: Source, body: Source) -> bool:
    """A person with a role in a body, and that body by name or description."""
    about = person.organisation | person.offices
    if not about & SPOKEN_FOR and not person.organisation:
        return False
    words_ = {w.casefold() for n in body.names for w in n.split()} | (body.offices if not body.names else set())
    words_ -= SMALL
    return bool(words_) and words_ <= (person.organisation | person.offices) and body.kind is not OriginKind.PERSON


def _copied(one: Source, other: Source, group_of: Mapping[str, int], readings: Mapping[str, Reading]) -> bool:
    """The own voices, or equally described speakers, of two copies."""
    first, second = (group_of.get(readings[s.key[0]].document.path) for s in (one, other))
    if first is None or first != second:
        return False
    return (one.key[1] == OWN and other.key[1] == OWN) or one.description.casefold() == other.description.casefold()


def _join_descriptions(keys: Sequence[tuple[str, str]], sources: Mapping[tuple[str, str], Source], root: object, join: object) -> None:
    """`the regional governor` is the governor who is named elsewhere in the same incident, if there is but one."""
    for key in keys:
        source = sources[key]
        if source.names or key[1] == OWN:
            continue
        heads = source.offices & (OFFICE_WORDS - {"official", "witness", "volunteer", "doctor", "police"}) | (
            {"volunteer", "driver"} & source.offices
        )
        fitting = {root(k) for k in keys if sources[k].names and k[1] != OWN and heads & sources[k].offices}  # type: ignore[operator]  # closures of the caller
        if not fitting and heads & {"governor"}:
            fitting = {root(k) for k in keys if {"administration", "region", "head"} & sources[k].offices and sources[k].names}  # type: ignore[operator]
        if len(fitting) == 1:
            join(key, next(iter(fitting)))  # type: ignore[operator]


def _join_relays(
    keys: Sequence[tuple[str, str]], sources: Mapping[tuple[str, str], Source], readings: Mapping[str, Reading], root: object, join: object
) -> None:
    """A source that is an outlet of the case leads to the main source of that outlet's documents."""
    published: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        publisher = readings[key[0]].document.publisher
        if publisher:
            published[publisher.casefold()].append(key[0])
    for key in keys:
        source = sources[key]
        for outlet, documents in sorted(published.items()):
            if (
                key[1] != OWN
                and readings[key[0]].document.publisher != outlet
                and any(_is_outlet(name, outlet) for name in (*source.names, source.description))
            ):
                behind = [k for k in keys if k[0] in documents and k[0] != key[0] and k[1] != OWN]
                if behind:
                    join(key, behind[0])  # type: ignore[operator]  # a closure of the caller
                    break


def _is_outlet(name: str, outlet: str) -> bool:
    words_, known = {w for w in name.casefold().split()} - SMALL, set(outlet.split())
    return len(words_ & known) >= 2 or (
        len(words_) >= 1
        and words_ <= known | {"agency", "news", "station", "radio"}
        and bool(words_ & (known - {"news", "agency", "radio"}))
    )


def origins_of(
    voices: Iterable[Voice],
    sources: Mapping[tuple[str, str], Source],
    groups: Mapping[tuple[str, str], int],
    readings: Mapping[str, Reading],
) -> dict[int, Origin]:
    """The origins of an incident by group number."""
    members: dict[int, set[tuple[str, str]]] = defaultdict(set)
    documents: dict[int, set[str]] = defaultdict(set)
    denials: dict[int, list[bool]] = defaultdict(list)
    for voice in voices:
        group = groups[voice.source]
        members[group].add(voice.source)
        documents[group].add(readings[voice.document].document.path)
        denials[group].append(voice.denies)
    found: dict[int, Origin] = {}
    taken: set[str] = set()
    for group in sorted(members):
        listed = [sources[key] for key in sorted(members[group])]
        name, others = _best_name(listed)
        while name in taken:
            name += " (another)"
        taken.add(name)
        stance = Stance.DENIES if all(denials[group]) else Stance.ASSERTS
        kinds = [s.kind for s in listed]
        kind = next((k for k in (OriginKind.OFFICIAL, OriginKind.PERSON, OriginKind.ORGANISATION) if k in kinds), OriginKind.OUTLET)
        found[group] = Origin(name, kind, tuple(sorted(documents[group])), stance, others)
    return found


def _best_name(sources: Sequence[Source]) -> tuple[str, tuple[str, ...]]:
    """The fullest proper name of a person, else of a body, else the fullest description; and the other names."""
    people = [n for s in sources if s.kind in {OriginKind.PERSON, OriginKind.OFFICIAL} for n in s.names if 1 < len(n.split()) <= 4]
    proper = [n for s in sources for n in s.names]
    names = people or proper or [s.description for s in sources]
    best = max(sorted(set(names)), key=lambda n: (len(n.split()), len(n)))
    others = {n for s in sources for n in (*s.names, s.description)} - {best}
    return best, tuple(sorted(others))

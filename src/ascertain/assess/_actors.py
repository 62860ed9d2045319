"""Who is held responsible, by whom, and who denies it. Rules 12 and 15 of docs/explanation/independence.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs

from ascertain.assess._chain import Chain
from ascertain.assess._facts import claim_of
from ascertain.assess._reasons import actor_reasons, credibility_of
from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, fold, proper
from ascertain.assess._tellings import NEWS
from ascertain.assess._voices import Hearing, Testimony
from ascertain.records import Claim, Entity, EntityType, EventType, Fact, Reading, Role, Span, Stance, Status

FORCE = re.compile(
    r"(?:(?:[Mm]embers|[Mm]en|[Ff]ighters|[Ss]oldiers|[Gg]uerrillas|[Gg]unmen|[Tt]roops|[Uu]nits|[Aa] joint force) (?:of|from) (?:the )?)?"
    r"(?:(?:police|army) and )?(?:[A-Z][\w-]+ (?:of )?){0,3}(?:(?:military|state|security|national|special) )?"
    r"(?:\b(?:troops|forces|army|military|soldiers|fighters|militia|rebels|insurgents|guerrillas|intelligence|police|security forces|marines|"
    r"paramilitaries|guards?|brigade|column|gang|gunmen|guerrillas|commandos|dissidents|militants|cartel|movement)\b|(?<=of )[A-Z]{2,6}\b|(?<=the )[A-Z]{2,6}\b|(?<=from )[A-Z]{2,6}\b)"
)
PHRASE = r"(?:military |state |national |security |air )(?:intelligence|police|guard|service|forces?)|\b(?:police|army|navy|military|paramilitaries|air force)\b"
PRONOUNS = frozenset({"their", "them", "him", "her", "his", "our", "us", "its", "my"})
CAPTORS = frozenset({"security", "police", "intelligence"})
REACH = 90  # characters before or after a name in which words of accusation can stand
ACTORS = frozenset({EntityType.ARMED_ACTOR, EntityType.ORGANISATION, EntityType.GROUP})


@attrs.frozen
class Blame:
    """An actor whom an origin holds responsible; `marks` are what tells it from others: countries, names, acronyms."""

    claim: Claim
    marks: frozenset[str]


def actor_fact(hearings: Sequence[Hearing], chain: Chain) -> Fact | None:
    """The actor whom most origins hold responsible; None where nobody names one."""
    blames = [blame for hearing in hearings for blame in _blames(hearing, chain)]
    denied = [
        claim_of(h, chain.origin(t.source), t.spans[0], stance=Stance.DENIES) for h in hearings for t in h.denials() if t.spans
    ]  # fmt: skip
    groups = _grouped(blames)
    if not groups:
        return None
    best = max(groups, key=lambda g: (len({b.claim.origin for b in g}), len(g), _value(g)))
    value, vouching = _value(best), [b.claim for b in best]
    origins = tuple(sorted({c.origin for c in vouching}))
    against = [c for c in denied if c.origin not in origins]
    status = Status.CONTESTED if against else Status.CORROBORATED if len(origins) > 1 else Status.ALLEGED
    others = sorted({_value(g) for g in groups if g is not best} - {value})
    return Fact(
        "actor", status, credibility_of(status, origins), value=value, origins=origins, contradicted_by=tuple(sorted({c.origin for c in against})),
        reasons=actor_reasons(value, vouching, against, others, status),
        claims=tuple(sorted({*(b.claim for b in blames), *denied}, key=lambda c: (c.path, c.passage, c.origin))),
    )  # fmt: skip


def _grouped(blames: Sequence[Blame]) -> list[list[Blame]]:
    """Blames by the actor meant: those that share a mark are one."""
    groups: list[list[Blame]] = []
    for blame in sorted(blames, key=lambda b: (b.claim.path, b.claim.passage, b.claim.origin)):
        fitting = [g for g in groups if any(b.marks & blame.marks for b in g)]
        merged = [b for g in fitting for b in g] + [blame]
        groups = [g for g in groups if g not in fitting] + [merged]
    return groups


def _value(blames: Iterable[Blame]) -> str:
    """The fullest name of an actor: proper names first, then the longest."""
    values = sorted({b.claim.value or "" for b in blames})
    return max(values, key=lambda v: (any(w[:1].isupper() for w in v.split()), min(len(v), 60), v))


# --- what is said


def _blames(hearing: Hearing, chain: Chain) -> list[Blame]:
    found = []
    for span, value, marks in [*_from_events(hearing), *_from_words(hearing)]:
        source = _accuser(hearing, span)
        if source is not None:
            found.append(Blame(claim_of(hearing, chain.origin(source), span, value=value), marks))
    return found + _admissions(hearing, chain)


Named = tuple[Span, str, frozenset[str]]


def _from_events(hearing: Hearing) -> list[Named]:
    """Actors of the mentions, and whose their weapons are."""
    reading = hearing.telling.reading
    entities = {e.id: e for e in reading.entities}
    found = []
    for event in hearing.telling.events:
        if event.actuality not in NEWS or event.type is EventType.DISCOVER:  # who finds is not who did it
            continue
        for participant in event.participants:
            fled = (
                event.kind == "displacement"
                and participant.role is Role.ACTOR
                and any(participant.passage.start <= q.passage.start < participant.passage.end for q in reading.quantities)
            )  # `3,000 people have fled`
            if participant.role in {Role.ACTOR, Role.INSTRUMENT} and not fled:
                entity = entities.get(participant.entity or "")
                named = _named(reading, participant.passage, entity, weapon=participant.role is Role.INSTRUMENT)
                if named is not None and not _is_victim(reading, participant.passage):
                    found.append(named)
    return found


def _is_victim(reading: Reading, passage: Span) -> bool:
    """Whether some words are a recipient of a mention too: headlines read badly (`Evacuees killed`)."""
    return any(
        p.role is Role.RECIPIENT and p.passage.start < passage.end and passage.start < p.passage.end
        for e in reading.events
        for p in e.participants
    )


def _from_words(hearing: Hearing) -> list[Named]:
    """Actors named after or before words of accusation."""
    reading, telling = hearing.telling.reading, hearing.telling
    text = reading.document.text
    found = []
    for entity in reading.entities:
        for mention in entity.mentions:
            if (entity.type not in ACTORS and not _is_state(entity)) or not telling.owns(mention.start):
                continue
            sentence = telling.sentence(mention.start)
            before = text[max(sentence.start, mention.start - REACH) : mention.start]
            after = text[mention.end : min(sentence.end, mention.end + REACH)]
            accused = pattern("actor", "accuse_before").search(before) or pattern("actor", "accuse_after").search(after)
            struck = (
                _is_state(entity)
                and not _is_victim(reading, mention)
                and (weapon := pattern("actor", "weapons_after").match(after)) is not None
            )
            passage = Span(mention.start, mention.end + weapon.end()) if struck and weapon is not None else mention
            named = _named(reading, passage, entity, weapon=False) if accused or struck else None
            if named is not None:
                found.append(named)
    return found + _from_deeds(hearing) + _from_accusations(hearing)


def _from_accusations(hearing: Hearing) -> list[Named]:
    """Whatever stands after a verb of accusation, where the reading knows it as nobody: `blamed Los Tiguerones`, `put it down to a gang`."""
    found = []
    for sentence in hearing.telling.sentences():
        words = hearing.telling.words(sentence)
        for blamed in pattern("actor", "blamed").finditer(words):
            span = Span(sentence.start + blamed.start("who"), sentence.start + blamed.end("who"))
            named = _named(hearing.telling.reading, span, None, weapon=False)
            found += [named] if named is not None else []
        for start in [m.end() for m in re.finditer(r"\s(?=\S)", words)]:
            if pattern("actor", "accuse_before").search(words[max(0, start - REACH) : start]) is None:
                continue
            match = pattern("actor", "accused").match(words[start:]) if not words.startswith("by ", start) else None
            if match is None or pattern("actor", "denied_before").search(words[:start]):
                continue
            force = FORCE.match(match["who"])  # `fired by Russian forces slammed into`
            end = match.start("who") + force.end() if force is not None else len(match[0].rstrip())
            span = Span(sentence.start + start + match.start("who"), sentence.start + start + end)
            named = _named(hearing.telling.reading, span, None, weapon=False)
            called = words[:start].rstrip().endswith("themselves")  # whatever they call themselves is their name
            if named is None and (called or content(match["who"]) & listed("actor", "stateless")):
                named = span, match["who"].strip(), content(match["who"]) - listed("actor", "vague")
            found += [named] if named is not None else []
    return found


def _from_deeds(hearing: Hearing) -> list[Named]:
    """Forces named as those who did it, whatever the reading made of the sentence: `taken away by military intelligence`."""
    found = []
    for sentence in hearing.telling.sentences():
        words = hearing.telling.words(sentence)
        for match in FORCE.finditer(words):
            did = pattern("actor", "did_before").search(words[: match.start()]) or pattern("actor", "did_after").match(words[match.end() :])
            span = Span(sentence.start + match.start(), sentence.start + match.end())
            named = _named(hearing.telling.reading, span, None, weapon=False) if did else None
            if named is not None:
                found.append(named)
    return found


def _accuser(hearing: Hearing, span: Span) -> Source | None:
    """Who accuses: whose words it stands in, else who speaks in the same sentence, else the one on whom the telling rests."""
    holding = [t for t in hearing.testimonies if not t.denies and any(c.start <= span.start < c.end for c in t.spans)]
    if holding:
        return hearing.voice_at(span)
    cues = {s.id: s.cue for s in hearing.telling.reading.statements}
    sentence = hearing.telling.sentence(span.start)
    beside = [
        t for t in hearing.testimonies
        if not t.denies and t.statement and (cue := cues.get(t.statement)) is not None and sentence.start <= cue.start < sentence.end
    ]  # fmt: skip
    return beside[0].source if beside else hearing.rests_on


def _admissions(hearing: Hearing, chain: Chain) -> list[Blame]:
    """Those who say that they did it themselves: `its aircraft had struck`, `we are holding`."""
    found = []
    reading = hearing.telling.reading
    for testimony in (*hearing.testimonies, *_own_words(hearing)):
        source = testimony.source
        office = content(" ".join(source.names)) & listed("office", "bodies") or source.offices & listed("nobody", "telling")
        led = _led_by(reading, source)
        if testimony.denies or not (source.is_body or source.spokes or source.ranked or office or led):
            continue
        words = " ".join(reading.words(s) for s in (*_cue(reading, testimony), *testimony.spans))
        marks = _marks_of_source(reading, source) | _marks_of_captors(hearing, source) | _marks(led)
        if marks and pattern("actor", "admits").search(words):
            bodies = [led] if led else [n for n in source.names if content(n) & listed("office", "bodies")]
            value = next(iter((*bodies, *source.names)), source.description)
            found.append(Blame(claim_of(hearing, chain.origin(source), testimony.spans[0], value=value), marks))
    return found


def _cue(reading: Reading, testimony: Testimony) -> tuple[Span, ...]:
    """The saying word of a testimony: `has claimed` of `has claimed responsibility`."""
    cue = next((s.cue for s in reading.statements if s.id == testimony.statement), None)
    return (cue,) if cue is not None and reading.words(cue).casefold().split()[-1].startswith("claim") else ()


def _led_by(reading: Reading, source: Source) -> str:
    """The group that somebody leads, by the titles that the text gives them: `Gran Grif's leader`; empty where there is none."""
    entity = next((e for e in reading.entities if e.id == source.key[1]), None)
    titles = [role.title for role in entity.roles] if entity is not None else []
    led = [m["led"] or m["of"] for title in titles if (m := pattern("actor", "leads").search(title)) is not None]
    return led[0] if led else ""


def _own_words(hearing: Hearing) -> list[Testimony]:
    """What is left of a text that is somebody's own: the sentences that are nobody else's words."""
    if hearing.rests_on is None or not hearing.narrated:
        return []
    taken = [c for t in hearing.testimonies for c in t.spans]
    spans = [Span(s.start, s.end) for s in hearing.telling.sentences()]
    rest = tuple(s for s in spans if not any(c.start < s.end and s.start < c.end for c in taken))
    return [Testimony(hearing.rests_on, False, rest)] if rest else []


def _marks_of_captors(hearing: Hearing, source: Source) -> frozenset[str]:
    """The force of somebody who confirms arrests in its name: police and security services who tell of an arrest made it."""
    if not any(e.type is EventType.COERCE for e in hearing.telling.events):
        return frozenset()
    return frozenset(f"captor {w}" for w in (source.offices | source.bodies) & CAPTORS)


# --- who is meant


def _named(reading: Reading, passage: Span, entity: Entity | None, *, weapon: bool) -> Named | None:
    """An actor as words with the marks by which it is known; None for those who are nobody in particular."""
    words = re.split(r" [—–] ", " ".join(reading.words(passage).split()))[-1]
    if fold(words) in listed("nobody", "names") | PRONOUNS:
        return None
    state = _state(reading, passage) if not content(words) & listed("actor", "stateless") else None
    if entity is not None and _is_scene(reading, entity, words):
        return None
    if entity is not None and entity.type is EntityType.PLACE and not _is_state(entity) and state is None:
        return None
    if entity is not None and entity.type is EntityType.PERSON and not state:
        return None
    marks = _marks(words)
    if entity is not None and entity.type in ACTORS:
        marks |= {m for name in (entity.name, *entity.aliases) for m in _marks(name)}
    marks |= {f"captor {w}" for w in content(words) & CAPTORS if len(content(words)) > 1}
    if state is not None:
        marks |= {f"state {state[1]}"}
    if not marks or (weapon and state is None and not _forces(words)):
        return None
    value = words if state is None or fold(state[0]) in fold(words) else f"{words} ({state[0]})"
    return passage, value, frozenset(marks)


def _is_scene(reading: Reading, entity: Entity, words: str) -> bool:
    """Whether a country's bare name is where it happened (`Haiti gang attack`): a town of that country is named too."""
    if not _is_state(entity) or entity.place is None or fold(words) != fold(entity.name):
        return False
    code = entity.place.country
    return any(e.place is not None and e.place.country == code and e.place.feature == "city" for e in reading.entities)


def _forces(words: str) -> bool:
    return bool(content(words) & listed("actor", "forces")) and any(w[:1].isupper() for w in words.split()[:-1])


def _is_state(entity: Entity) -> bool:
    return entity.type is EntityType.PLACE and entity.place is not None and entity.place.feature == "country"


def _state(reading: Reading, passage: Span) -> tuple[str, str] | None:
    """Name and code of the state that stands in some words, as a name or an adjective."""
    for entity in reading.entities:
        if _is_state(entity) and entity.place is not None and any(passage.start <= m.start < passage.end for m in entity.mentions):
            return entity.name, entity.place.country or fold(entity.name)
    return None


def _marks(words: str) -> set[str]:
    """What tells an actor from others: its capitalised words and their initials; without capitals the whole phrase, if it says anything."""
    plain = re.sub(r"^(?:the|a|an|some|several|its|their)\s+", "", words, flags=re.IGNORECASE)
    phrases = re.findall(PHRASE, plain, re.IGNORECASE)
    capitals = [
        w
        for w in re.findall(r"[^\W\d_][\w’'-]*", plain)
        if w[:1].isupper() and fold(w) not in listed("office", "small") | listed("nobody", "days")
    ]
    lower = {fold(w) for w in capitals} <= listed("actor", "vague") | listed("actor", "forces")
    if capitals and proper(plain.split()[0]) and not lower:
        initials = "".join(w[0] for w in capitals)
        return (
            {fold(w) for w in capitals if fold(w) not in listed("actor", "forces")}
            | ({initials.casefold()} if len(initials) > 2 else set())
            | {fold(p) for p in phrases if " " in p}
        )
    if capitals and not lower:
        return {fold(w) for w in capitals if fold(w) not in listed("actor", "forces") | listed("actor", "vague")}
    return {fold(p) for p in phrases}


def _marks_of_source(reading: Reading, source: Source) -> frozenset[str]:
    """The marks of somebody who speaks: names, the state in them, and the place from which a ministry or an army speaks."""
    marks = {m for name in source.names if source.is_body or content(name) & listed("office", "bodies") for m in _marks(name)}
    entity = next((e for e in reading.entities if source.key[1] in {e.id, f"body {e.id}"}), None)
    if entity is not None:
        for mention in entity.mentions:
            state = _state(reading, mention)
            marks |= {f"state {state[1]}"} if state else set()
    if source.place is not None:
        place = next((e for e in reading.entities if e.name == source.place and e.place is not None), None)
        marks |= {f"state {place.place.country}"} if place is not None and place.place is not None and place.place.country else set()
    return frozenset(marks | {fold(w) for w in source.bodies if len(w) > 2} - listed("office", "bodies") - listed("office", "heads"))

"""What a telling says of who did it: actors of its mentions, words of accusation, deeds, answers, and admissions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import attrs

from ascertain.assess._accused import ACTORS, CAPTORS, FORCE, Named, is_state, marks_of, marks_of_source, named_of
from ascertain.assess._chain import Chain
from ascertain.assess._facts import claim_of
from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, fold, proper
from ascertain.assess._tellings import NEWS, Telling, spans_meet
from ascertain.assess._turns import turns_of
from ascertain.assess._voices import Hearing, Testimony
from ascertain.records import Claim, Event, EventType, Participant, Reading, Role, Span

REACH = 90  # characters before or after a name in which words of accusation can stand


@attrs.frozen
class Blame:
    """An actor whom an origin holds responsible; `marks` are what tells it from others: countries, names, acronyms."""

    claim: Claim
    marks: frozenset[str]


def blames_of(hearing: Hearing, chain: Chain) -> list[Blame]:
    """Whom the voices of a telling hold responsible, what they tell of it, and who takes it on themselves."""
    found = []
    for span, value, marks in [*_from_events(hearing), *_from_words(hearing)]:
        source = _accuser(hearing, span)
        if source is not None:
            found.append(Blame(claim_of(hearing, chain.origin(source), span, value=value), marks))
    return found + _admissions(hearing, chain)


def _from_events(hearing: Hearing) -> list[Named]:
    """Actors of the mentions, and whose their weapons are."""
    telling = hearing.telling
    entities = {e.id: e for e in telling.reading.entities}
    found = []
    for event in telling.events:
        if event.actuality not in NEWS or event.type is EventType.DISCOVER:  # who finds is not who did it
            continue
        for participant in event.participants:
            if participant.role not in {Role.ACTOR, Role.INSTRUMENT} or _is_no_actor(telling, event, participant):
                continue
            entity = entities.get(participant.entity or "")
            named = _of_speaker(hearing, participant.passage) or named_of(
                telling.reading, participant.passage, entity, weapon=participant.role is Role.INSTRUMENT
            )
            found += [named] if named is not None else []
    return found


def _is_no_actor(telling: Telling, event: Event, participant: Participant) -> bool:
    """Whether the words read as an actor are those who fled or were harmed, a civil body, or where a text was written."""
    passage = participant.passage
    if telling.layout.in_dateline(passage.start) or _is_victim(telling.reading, passage):
        return True
    counted = any(passage.start <= q.passage.start < passage.end for q in telling.reading.quantities)
    return event.kind == "displacement" and participant.role is Role.ACTOR and counted  # `3,000 people have fled`


def _of_speaker(hearing: Hearing, passage: Span) -> Named | None:
    """The body that speaks, where the actor is its own: `Islamic State said that one of its fighters blew himself up`."""
    reading = hearing.telling.reading
    match = pattern("actor", "own").match(reading.words(passage))
    holding = [
        (c.end - c.start, c.start, t.source.key, t.source) for t in hearing.testimonies for c in t.spans if c.start <= passage.start < c.end
    ]
    if match is None or not holding:
        return None
    _, start, _, source = min(holding)
    other = [
        e for e in reading.entities for m in e.mentions
        if start <= m.start < passage.start and (e.type in ACTORS or is_state(e)) and proper(reading.words(m))
    ]  # fmt: skip
    if other or not source.is_body:
        return None  # `they shelled an army post after its soldiers had fired`: the post's
    return passage, next(iter(source.names), source.description), marks_of_source(reading, source)


def _is_victim(reading: Reading, passage: Span) -> bool:
    """Whether some words are a recipient of a mention too (headlines read badly: `Evacuees killed`), or a number of people who are harmed."""
    harmed = {h.quantity for e in reading.events for h in e.harms}
    if any(q.id in harmed and q.passage.start <= passage.start < q.passage.end for q in reading.quantities):
        return True
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
            if (entity.type not in ACTORS and not is_state(entity)) or not telling.owns(mention.start):
                continue
            sentence = telling.sentence(mention.start)
            before = text[max(sentence.start, mention.start - REACH) : mention.start]
            after = text[mention.end : min(sentence.end, mention.end + REACH)]
            accused = pattern("actor", "accuse_before").search(before) or pattern("actor", "accuse_after").search(after)
            struck = (
                is_state(entity)
                and not _is_victim(reading, mention)
                and (weapon := pattern("actor", "weapons_after").match(after)) is not None
            )
            passage = Span(mention.start, mention.end + weapon.end()) if struck and weapon is not None else mention
            named = named_of(reading, passage, entity, weapon=False) if accused or struck else None
            if named is not None:
                found.append(named)
    return found + _from_deeds(hearing) + _from_accusations(hearing) + _from_answers(hearing)


def _from_accusations(hearing: Hearing) -> list[Named]:
    """Whatever stands after a verb of accusation, where the reading knows it as nobody: `blamed Los Tiguerones`, `put it down to a gang`."""
    found = []
    for sentence in hearing.telling.sentences():
        words = hearing.telling.words(sentence)
        for blamed in pattern("actor", "blamed").finditer(words):
            span = Span(sentence.start + blamed.start("who"), sentence.start + blamed.end("who"))
            named = named_of(hearing.telling.reading, span, None, weapon=False)
            name = blamed["who"]  # a name that the reading knows as nobody's is that of whoever is blamed
            found.append(named or (span, name, content(name)))
        for start in [m.end() for m in re.finditer(r"\s(?=\S)", words)]:
            if pattern("actor", "accuse_before").search(words[max(0, start - REACH) : start]) is None:
                continue
            match = pattern("actor", "accused").match(words[start:]) if not words.startswith("by ", start) else None
            if match is None or pattern("actor", "denied_before").search(words[:start]):
                continue
            force = FORCE.match(match["who"])  # `fired by Russian forces slammed into`
            end = match.start("who") + force.end() if force is not None else len(match[0].rstrip())
            span = Span(sentence.start + start + match.start("who"), sentence.start + start + end)
            named = named_of(hearing.telling.reading, span, None, weapon=False)
            called = words[:start].rstrip().endswith("themselves")  # whatever they call themselves is their name
            if named is None and (called or content(match["who"]) & listed("actor", "stateless")):
                named = span, match["who"].strip(), content(match["who"]) - listed("actor", "vague")
            found += [named] if named is not None else []
    return found


def _from_deeds(hearing: Hearing) -> list[Named]:
    """Forces and groups named as those who did it, whatever the reading made of the sentence: `taken away by military intelligence`."""
    found = []
    reading = hearing.telling.reading
    groups = [(m, e) for e in reading.entities for m in e.mentions if e.type in ACTORS and hearing.telling.owns(m.start)]
    for sentence in hearing.telling.sentences():
        words = hearing.telling.words(sentence)
        forces = [(Span(sentence.start + m.start(), sentence.start + m.end()), None) for m in FORCE.finditer(words)]
        for span, entity in (*forces, *((m, e) for m, e in groups if sentence.start <= m.start < sentence.end)):
            if _did(hearing, words[: span.start - sentence.start], words[span.end - sentence.start :]) and not _is_victim(reading, span):
                named = named_of(reading, span, entity, weapon=False)
                found += [named] if named is not None else []
    return found


def _did(hearing: Hearing, before: str, after: str) -> bool:
    """Whether the words beside an actor say that it did something of the incident's kind: an arrest of suspects is no part of a shelling."""
    did = pattern("actor", "did_after").match(after)
    done = pattern("actor", "did_before").search(before)
    if did is None and done is None:
        return False
    if pattern("actor", "denied_deed").search(before):
        return False
    verb = (did or done)[0]  # type: ignore[index]  # one of them is there
    held = bool(hearing.telling.spans) or any(
        e.type is EventType.COERCE or e.kind in {"abduction", "detention", "disappearance"} for e in hearing.telling.events
    )
    return held or pattern("actor", "captures").search(verb) is None


def _from_answers(hearing: Hearing) -> list[Named]:
    """Whom somebody names when asked who did it: `Who did it?` `The ADF, who else?`."""
    telling = hearing.telling
    reading = telling.reading
    turns = [span for span, _ in turns_of(telling)]
    found = []
    for asked, answer in pairwise(turns):
        said = reading.document.text[answer.start : min(answer.end, answer.start + REACH)]
        if pattern("actor", "asked").search(reading.words(asked)) is None or pattern("actor", "no_answer").search(said):
            continue
        named = [
            named_of(reading, m, e, weapon=False) for e in reading.entities for m in e.mentions
            if (e.type in ACTORS or is_state(e)) and answer.start <= m.start < answer.start + len(said)
        ]  # fmt: skip
        found += [n for n in named if n is not None]
    return found


def _accuser(hearing: Hearing, span: Span) -> Source | None:
    """Who accuses: whose words it stands in, else who speaks in the same sentence, else the one on whom the telling rests."""
    holding = [t for t in hearing.testimonies if any(c.start <= span.start < c.end for c in t.spans)]
    if holding:
        return None if all(t.denies for t in holding) else hearing.voice_at(span)
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
        denies = testimony.denies or any(source.key == t.source.key for t in hearing.denials())
        if denies or not (source.is_body or source.spokes or source.ranked or office or led):
            continue
        words = " ".join(reading.words(s) for s in (*_cue(reading, testimony), *testimony.spans))
        marks = marks_of_source(reading, source) | _marks_of_captors(hearing, source) | marks_of(led)
        if marks and _admits(source, words, armed=bool(led)):
            bodies = [led] if led else [n for n in source.names if content(n) & listed("office", "bodies")]
            bodies = bodies or [" ".join(sorted((source.offices | source.bodies) & CAPTORS))] if source.persons else bodies
            bodies = [body for body in bodies if body]
            value = next(iter((*bodies, *source.names)), source.description)
            found.append(Blame(claim_of(hearing, chain.origin(source), testimony.spans[0], value=value), marks))
    return found


def _admits(source: Source, words: str, *, armed: bool) -> bool:
    """Whether words admit a deed; some do only in the mouth of a force: `confirmed the arrest`, `our brothers`."""
    if pattern("actor", "admits").search(words):
        return True
    civil = source.offices & {"secretary", "director", "attorney", "manager"}  # a general secretary commands nobody
    forces = listed("actor", "forces") | CAPTORS | (frozenset() if civil else listed("office", "ranks"))
    known = source.offices | source.bodies | content(" ".join(source.names))
    return (armed or bool(known & forces)) and pattern("actor", "force_admits").search(words) is not None


def suspected(denying: Hearing, hearings: Sequence[Hearing], chain: Chain) -> list[Blame]:
    """Whom a denial names, where no accusation was read: nobody denies what nobody alleges, so an origin whose words name the denier accuses.

    An army's denial answers those who say `soldiers`.
    """
    found = []
    for denial in denying.denials():
        source = denial.source
        marks = marks_of_source(denying.telling.reading, source)
        army = bool((source.offices | content(" ".join(source.names))) & {"army", "armed", "military"})
        names = {
            name for mark in marks if (name := mark.removeprefix("known ")) and len(name) > 2 and not name.startswith(("state ", "captor "))
        }
        value = next((n for n in source.names if not content(n) & listed("office", "heads")), source.description)
        for hearing in hearings:
            for span, vouching in _naming(hearing, names, army=army):
                if chain.origin(vouching) != chain.origin(source):
                    found.append(Blame(claim_of(hearing, chain.origin(vouching), span, value=value), marks))
    return found


def _naming(hearing: Hearing, names: set[str], *, army: bool) -> list[tuple[Span, Source]]:
    """The sentences that name somebody and deny nothing, each with the source that answers for it."""
    found = []
    for sentence in hearing.telling.sentences():
        words = hearing.telling.words(sentence)
        named = any(f" {name} " in f" {fold(words)} " for name in names) or (
            army and pattern("actor", "soldiers").search(words) is not None
        )
        span = Span(sentence.start, sentence.end)
        denied = pattern("denial", "words").search(words) or any(spans_meet(c, span) for t in hearing.denials() for c in t.spans)
        source = _accuser(hearing, span) if named and not denied else None
        if source is not None:
            found.append((span, source))
    return found


def _cue(reading: Reading, testimony: Testimony) -> tuple[Span, ...]:
    """The saying word of a testimony: `has claimed` of `has claimed responsibility`."""
    cue = next((s.cue for s in reading.statements if s.id == testimony.statement), None)
    return (cue,) if cue is not None and "claim" in reading.words(cue).casefold() else ()


def _led_by(reading: Reading, source: Source) -> str:
    """The group that somebody leads, by the titles that the text gives them: `Gran Grif's leader`; empty where there is none."""
    entity = next((e for e in reading.entities if e.id == source.key[1]), None)
    titles = [role.title for role in entity.roles] if entity is not None else []
    text = reading.document.text
    for name in sorted(source.persons):
        titles += [text[max(0, m.start() - REACH) : m.end() + REACH] for m in re.finditer(re.escape(name), text)]
    led = [m["led"] or m["of"] for title in titles if (m := pattern("actor", "leads").search(title)) is not None]
    return led[0].strip() if led else ""


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

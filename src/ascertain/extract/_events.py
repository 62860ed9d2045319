"""Events: what is said to have happened, to whom, where, when, how many, how surely, and who carries it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from ascertain.extract._actuality import actuality_of, negated_subject
from ascertain.extract._cues import NOUNS as CUE_NOUNS
from ascertain.extract._cues import saying_verb
from ascertain.extract._harms import harms_of
from ascertain.extract._lexicon import table, words
from ascertain.extract._participants import is_weapon, participants_of
from ascertain.extract._statements import holders_of
from ascertain.models.language import Parse, Token
from ascertain.records import (
    Actuality,
    Entity,
    EntityType,
    Event,
    EventType,
    Participant,
    Quantity,
    Role,
    Span,
    Statement,
    TimeExpression,
    TimeKind,
)

SKIP = {"steal", "capture", "time", "address", "charge"}
LIGHT = {"carry", "conduct", "launch", "commit", "stage", "mount", "make", "take", "give", "hold"}
PLACE_PREPOSITIONS = {
    "in",
    "at",
    "near",
    "outside",
    "around",
    "on",
    "into",
    "to",
    "inside",
    "across",
    "throughout",
    "from",
    "of",
    "toward",
    "towards",
    "through",
    "off",
}
TELLING = {"speak", "tell", "say", "talk", "report", "announce"}
VIOLENT = {EventType.ASSAULT, EventType.COERCE, EventType.DISCOVER}


@attrs.frozen
class Meaning:
    """A trigger's type and kind."""

    type: EventType
    kind: str | None


def _lexicon() -> tuple[dict[str, Meaning], dict[str, Meaning]]:
    verbs: dict[str, Meaning] = {}
    nouns: dict[str, Meaning] = {}
    for kind_of_event, kinds in table("events").items():
        for kind, listed in kinds.items():
            meaning = Meaning(EventType(kind_of_event), kind)
            for word in listed.get("verbs", "").split():
                verbs.setdefault(word, meaning)
            for word in listed.get("nouns", "").split():
                nouns.setdefault(word, meaning)
    return verbs, nouns


VERBS, NOUNS = _lexicon()
CONDITIONS = table("events_conditions")
NEEDS_FORCE, BODIES, DISCOVER = (words("events_conditions", key) for key in ("needs_force", "bodies", "discover_verbs"))
MISSILES, MISSILE_VERBS, NOT_WAR = (words("events_conditions", key) for key in ("missiles", "missile_verbs", "not_war"))
ACCIDENT, BUILDINGS, SPORTS = (words("events_conditions", key) for key in ("accident", "buildings", "sports"))
BY_INSTRUMENT: dict[str, str] = CONDITIONS["kind_by_instrument"]
COMPOUNDS: dict[str, str] = CONDITIONS["nouns_with"]
PEOPLE = words("people", "person") | words("people", "group") | words("people", "armed")
FORCE = words("people", "armed") | MISSILES
AMBIGUOUS_TAKE = {"take", "hold", "seize", "pick"}


class _Text:
    """What the finders below look things up in, for one text."""

    def __init__(
        self,
        parse: Parse,
        entities: Sequence[Entity],
        times: Sequence[TimeExpression],
        quantities: Sequence[Quantity],
        statements: Sequence[Statement],
    ) -> None:
        self.parse = parse
        self.entities = {e.id: e for e in entities}
        self.mentions = sorted(((m, e) for e in entities for m in e.mentions), key=lambda pair: pair[0])
        self.places = [(m, e) for m, e in self.mentions if e.type is EntityType.PLACE and e.place is not None]
        self.times, self.quantities = times, quantities
        self.statements = {s.id: s for s in statements}

    def entity_of(self, span: Span, head: Token) -> str | None:
        """The entity whose mention covers a head word, people and bodies before places."""
        best = None
        for mention, entity in self.mentions:
            if mention.start <= head.start < mention.end:
                rank = (entity.type is not EntityType.PLACE, -(mention.end - mention.start))
                if best is None or rank > best[0]:
                    best = (rank, entity.id)
        if best is None:
            inside = [e for m, e in self.mentions if span.start <= m.start and m.end <= span.end and e.type is not EntityType.PLACE]
            return inside[-1].id if inside else None
        return best[1]


def find_events(
    parse: Parse,
    *,
    entities: Sequence[Entity],
    times: Sequence[TimeExpression],
    quantities: Sequence[Quantity],
    statements: Sequence[Statement],
) -> tuple[Event, ...]:
    """All event mentions of a text, in text order, with ids `v1`, `v2`, …"""
    text = _Text(parse, entities, times, quantities, statements)
    found: list[Event] = []
    for trigger, span, meaning in _triggers(parse):
        holders = holders_of(trigger.span, statements)
        carrying = [text.statements[key] for key in holders]
        participants = participants_of(parse, trigger, text.entity_of)
        actuality = Actuality.DENIED if negated_subject(parse, trigger) else actuality_of(parse, trigger, carrying)
        place, time = _place(text, trigger, found), _time(text, trigger, carrying)
        kind = _kind(parse, trigger, meaning, participants)
        harms = harms_of(parse, trigger, meaning.type, participants, quantities)
        codes = _codes(parse, meaning.type, kind, participants)
        found.append(
            Event(f"v{len(found) + 1}", meaning.type, span, actuality, kind, participants, place, time, harms, holders, codes)  # fmt: skip
        )
    return tuple(found)


# --- triggers


def _triggers(parse: Parse) -> Iterator[tuple[Token, Span, Meaning]]:
    for token in parse.tokens:
        meaning = _meaning(parse, token)
        if meaning is not None and not _otherwise(parse, token, meaning):
            yield token, _trigger_span(parse, token), meaning


def _trigger_span(parse: Parse, token: Token) -> Span:
    """The word with its particle or the adjective that completes it (`shot dead`, `blew up`)."""
    end = token.end
    following = parse.tokens[token.index + 1] if token.index + 1 < len(parse.tokens) else None
    if following is not None and following.sentence == token.sentence and (following.dep == "prt" or following.lower == "dead"):
        end = following.end
    return Span(token.start, end)


def _meaning(parse: Parse, token: Token) -> Meaning | None:
    lemma = token.lemma.lower()
    if token.pos in {"VERB"} or (token.pos in {"ADJ", "NOUN"} and token.tag in {"VBN", "VBD", "VBG"}):
        return _verb_meaning(parse, token, lemma)
    if token.pos in {"NOUN", "PROPN"} or token.tag in {"NN", "NNS"}:
        return _noun_meaning(parse, token, lemma)
    if (
        token.pos == "ADJ"
        and token.lower in {"dead", "missing", "injured", "wounded", "killed"}
        and token.dep in {"acomp", "attr", "ROOT", "conj", "oprd"}
    ):
        return Meaning(
            EventType.ASSAULT,
            "killing" if token.lower in {"dead", "killed"} else "injuring" if token.lower != "missing" else "disappearance",
        )
    return None


def _verb_meaning(parse: Parse, token: Token, lemma: str) -> Meaning | None:
    particle = next((t.lower for t in parse.dependents(token.index, "prt")), None)
    if particle and f"{lemma}-{particle}" in VERBS:
        return VERBS[f"{lemma}-{particle}"]
    if lemma in {"blow", "burn"} and particle in {"up", "down", "out"}:
        return Meaning(EventType.ASSAULT, "explosion" if particle == "up" else "destruction")
    objects = [
        *parse.dependents(token.index, "dobj", "nsubjpass"),
        *(parse.tokens[token.head] for _ in [0] if token.dep in {"acl", "relcl"} and token.tag == "VBN"),
    ]
    subjects = parse.dependents(token.index, "nsubj", "nsubjpass", "agent")
    if lemma in DISCOVER:
        return (
            Meaning(
                EventType.DISCOVER,
                "bodies found"
                if any(_of_bodies(parse, n) for n in objects if n.lemma.lower() not in {"evidence", "cache", "tunnel", "weapon", "arm"})
                else "evidence found",
            )
            if any(_of_bodies(parse, n) for n in objects)
            else None
        )
    if lemma in MISSILE_VERBS and any(is_weapon(n) or n.lower in MISSILES for n in subjects if n.dep != "agent"):
        return Meaning(EventType.ASSAULT, "attack")
    if lemma == "fire" and (parse.dependents(token.index, "prep") or objects):
        near = {t.lower for t in parse.dependents(token.index, "prep")}
        weapon = any(is_weapon(n) for n in (*objects, *subjects))
        if weapon or near & {"at", "on", "into", "upon"} or any(n.lower in {"shot", "shots", "round", "rounds"} for n in objects):
            return Meaning(EventType.ASSAULT, "shooting")
        return None
    if lemma in {"open", "return"} and any(n.lower == "fire" for n in objects):
        return Meaning(EventType.ASSAULT, "shooting")
    if lemma in AMBIGUOUS_TAKE:
        return _taking(parse, token, lemma, objects)
    if lemma == "call":
        return (
            Meaning(EventType.REQUEST, "request")
            if any(t.lower in {"for", "on", "upon"} for t in parse.dependents(token.index, "prep"))
            else None
        )
    if lemma == "regain" or (lemma in {"retake", "recapture", "liberate"} and objects):
        return Meaning(EventType.COERCE, "seizure")
    if lemma == "disappear" or lemma == "vanish":
        return Meaning(EventType.ASSAULT, "disappearance") if any(n.lemma.lower() in PEOPLE for n in subjects) else None
    if lemma == "impose" and not any(
        n.lower in {"curfew", "sanction", "sanctions", "blockade", "ban", "restriction", "restrictions", "law"} for n in objects
    ):
        return None
    if lemma == "impose" and any(n.lower.startswith("sanction") for n in objects):
        return Meaning(EventType.SANCTION, "sanctions")
    if lemma == "announce" and any(
        t.lower in {"aid", "assistance", "support", "help", "funding", "package"}
        for n in objects
        for t in (n, *(parse.tokens[i] for i in parse.subtree(n.index)))
    ):
        return Meaning(EventType.AID, "aid")
    if lemma in {"promise", "pledge", "vow"} and objects:
        return Meaning(EventType.AID, "pledge") if not any(n.pos == "VERB" for n in objects) else None
    if lemma == "help":
        return Meaning(EventType.COOPERATE, "cooperation") if objects and any(n.lemma.lower() in PEOPLE for n in objects) else None
    return VERBS.get(lemma)


def _of_bodies(parse: Parse, noun: Token) -> bool:
    below = {
        parse.tokens[i].lemma.lower()
        for i in parse.subtree(noun.index)
        if parse.tokens[i].pos in {"NOUN", "PROPN", "ADJ"} and i - noun.index < 8
    }
    lead = {noun.lemma.lower(), noun.lower} | {t.lower for t in parse.dependents(noun.index, "compound", "amod")}
    return bool(lead & BODIES) or (noun.pos == "NUM" and bool(below & BODIES))


def _taking(parse: Parse, token: Token, lemma: str, objects: Sequence[Token]) -> Meaning | None:
    """`took two nurses` is a detention, `took the town` a seizure, `took place` nothing."""
    words_of = [n.lemma.lower() for n in objects]
    particle = next(
        (t.lower for t in parse.dependents(token.index, "prt", "advmod") if t.lower in {"away", "in", "off", "hostage", "prisoner"}), None
    )
    people = any(n.lemma.lower() in PEOPLE or n.pos == "PRON" or (n.pos == "NUM" and particle) for n in objects)
    plural_people = any(n.lemma.lower() in PEOPLE for n in objects)
    if lemma == "hold" and not parse.dependents(token.index, "auxpass"):
        return None
    if lemma == "hold":
        return Meaning(EventType.COERCE, "detention") if people else None
    if people and (lemma != "take" or particle or plural_people):
        return Meaning(EventType.COERCE, "detention")
    if any(w in BUILDINGS or w in {"territory", "stock", "property", "power", "control"} for w in words_of) or any(
        n.pos == "PROPN" for n in objects
    ):
        return Meaning(EventType.COERCE, "seizure")
    if any(parse.tokens[i].lemma.lower() in PEOPLE for n in objects for i in parse.subtree(n.index)) and lemma == "take":
        return Meaning(EventType.COERCE, "detention")
    return Meaning(EventType.COERCE, "seizure") if lemma == "seize" else None


def _noun_meaning(parse: Parse, token: Token, lemma: str) -> Meaning | None:
    before = parse.tokens[token.index - 1] if token.index else None
    if before is not None and before.sentence == token.sentence:
        compound = f"{before.lemma.lower()} {lemma}"
        if compound in COMPOUNDS:
            kind = COMPOUNDS[compound]
            return Meaning(
                {"aid": EventType.AID, "bodies found": EventType.DISCOVER, "protest": EventType.PROTEST}.get(kind, EventType.ASSAULT), kind
            )
    if lemma == "toll" or (lemma in {"dead", "fatality", "casualty"} and token.pos == "NOUN"):
        return Meaning(EventType.ASSAULT, "killing")
    if lemma in {"injured", "wounded"} and token.pos == "NOUN":
        return Meaning(EventType.ASSAULT, "injuring")
    if lemma in {"body", "corpse"} and _counted_bodies(parse, token):
        return Meaning(EventType.DISCOVER, "bodies found")
    if lemma == "movement":
        troops = any(parse.tokens[i].lemma.lower() in words("people", "armed") for i in parse.subtree(token.index))
        return (
            Meaning(
                EventType.RETREAT if "away" in {parse.tokens[i].lower for i in parse.subtree(token.index)} else EventType.MOBILIZE,
                "troop movement",
            )
            if troops
            else None
        )
    if lemma in {"push", "drive"}:
        owners = parse.dependents(token.index, "amod", "poss", "compound")
        return Meaning(EventType.ASSAULT, "attack") if any(t.text[:1].isupper() or t.lower == "military" for t in owners) else None
    if lemma == "aid" and token.dep == "compound":
        return None
    if lemma == "convoy" and token.dep == "nsubjpass" and parse.tokens[token.head].lemma in {"plan", "schedule"}:
        return Meaning(EventType.COOPERATE, "evacuation")
    if lemma in {"strike"} and before is not None and before.lower in {"general", "hunger", "rail", "train", "teachers"}:
        return Meaning(EventType.PROTEST, "strike")
    if (
        lemma in {"visit", "talk", "deal", "appeal", "release", "support", "charge", "sanction", "movement", "relief", "delivery"}
        and token.dep == "compound"
    ):
        return None
    return NOUNS.get(lemma)


def _counted_bodies(parse: Parse, token: Token) -> bool:
    """`27 bodies`, `the bodies of 21 people` where no verb of finding governs them: the find itself."""
    above = parse.tokens[token.head]
    if above.lemma.lower() in DISCOVER or any(t.lemma.lower() in DISCOVER for t in parse.dependents(token.index, "acl", "relcl")):
        return False
    if any(t.lemma.lower() in DISCOVER for t in parse.ancestors(token.index) if t.sentence == token.sentence):
        return False
    below = [parse.tokens[i] for i in parse.subtree(token.index)]
    return any(t.pos == "NUM" for t in below if t.index - token.index < 5)


def _otherwise(parse: Parse, token: Token, meaning: Meaning) -> bool:
    """Whether a trigger word is meant otherwise: metaphor, sport, accident, title of something."""
    lemma = token.lemma.lower()
    arguments = [
        *parse.dependents(token.index, "dobj", "nsubjpass", "nsubj"),
        *(n for p in parse.dependents(token.index, "prep", "agent") for n in parse.dependents(p.index, "pobj")),
    ]
    near = {t.lemma.lower() for t in arguments} | {t.lower for t in arguments}
    sentence = parse.sentence_of(token)
    inside = {t.lemma.lower() for t in parse.tokens[sentence.first : sentence.last]}
    if meaning.type is EventType.ASSAULT:
        if inside & SPORTS and not inside & {"kill", "wound", "civilian", "soldier", "shell"}:
            return True
        if near & NOT_WAR and not near & (PEOPLE | FORCE | BUILDINGS):
            return True
        if (
            meaning.kind in {"killing", "injuring"}
            and inside & ACCIDENT
            and not inside & (FORCE | {"attack", "shell", "bomb", "strike", "shoot"})
        ):
            return True
    if lemma in NEEDS_FORCE and token.pos == "VERB" and meaning.type in VIOLENT:
        people = near & (PEOPLE | FORCE | BUILDINGS)
        named = any(t.pos in {"PROPN"} for t in arguments)
        if not people and not named and not any(t.pos == "PRON" for t in arguments):
            return True
    if token.pos in {"NOUN", "PROPN"} and token.dep == "compound" and lemma not in {"toll"}:
        return parse.tokens[token.head].lemma.lower() in NOUNS or (
            parse.tokens[token.head].pos in {"NOUN", "PROPN"} and meaning.type not in {EventType.ASSAULT}
        )
    if token.pos == "PROPN" and token.dep in {"compound", "poss"}:
        return True
    if meaning.type is EventType.SUPPORT and lemma in {"back", "support"} and token.pos == "NOUN" and token.dep == "compound":
        return True
    if (
        lemma in {"leave", "take", "send", "free", "join", "increase", "lift", "mass", "supply", "feed", "block", "reopen"}
        and token.pos == "VERB"
    ):
        return not _weighty(parse, token, lemma, near)
    if lemma in {"meet", "address", "visit", "host", "chair", "brief", "discuss"} and token.pos == "VERB":
        subject = parse.dependents(token.index, "nsubj", "nsubjpass")
        return not subject and token.dep not in {"xcomp", "conj", "advcl"}
    return (
        meaning.type in {EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN}
        and token.pos == "NOUN"
        and lemma in CUE_NOUNS
        and not _light(parse, token)
    )


def _light(parse: Parse, token: Token) -> bool:
    return token.dep in {"dobj", "nsubjpass"} and parse.tokens[token.head].lemma.lower() in LIGHT | {"issue", "face", "reject", "repeat"}


def _weighty(parse: Parse, token: Token, lemma: str, near: set[str]) -> bool:
    """Whether an everyday verb tells of something that PLOVER counts."""
    people, force = bool(near & PEOPLE), bool(near & FORCE)
    if lemma == "leave":
        return force
    if lemma == "send":
        return force or bool(near & {"aid", "reinforcement", "reinforcements", "convoy", "relief"})
    if lemma in {"increase", "supply"}:
        below = {parse.tokens[i].lemma.lower() for i in parse.subtree(token.index)}
        return bool(below & {"aid", "assistance", "support", "weapon", "food", "relief", "ammunition"})
    if lemma in {"free", "mass", "feed"}:
        return people or force
    if lemma == "join":
        return force or bool(near & {"talk", "coalition", "alliance", "nato"})
    return bool(near & {"road", "border", "sanction", "blockade", "siege", "bridge", "ban", "curfew", "school", "crossing", "aid"})


# --- place, time, kind, codes


def _place(text: _Text, trigger: Token, found: Sequence[Event]) -> str | None:
    """Where it happened: a place in the event's own clause, its sentence, else that of the event before in the paragraph, else the lead's."""
    parse = text.parse
    sentence = parse.sentence_of(trigger)
    in_sentence = [(m, e) for m, e in text.places if sentence.start <= m.start < sentence.end and _is_location(text, m, e)]
    below = {parse.tokens[i].start for i in parse.subtree(trigger.index)}
    ranked = []
    for mention, entity in in_sentence:
        token = parse.token_at(mention.start)
        if token is None:
            continue
        path = [token, *parse.ancestors(token.index)]
        depth = next((i for i, t in enumerate(path) if t.index == trigger.index), None)
        governed_by_telling = any(t.lemma.lower() in TELLING for t in path[:4]) and depth is None
        common = _steps(parse, token, trigger)
        city = entity.place is not None and entity.place.feature == "city"
        ranked.append(
            (
                governed_by_telling,
                0 if depth is not None or mention.start in below else 1,
                common - (1 if city else 0),
                abs(mention.start - trigger.start),
                entity.id,
            )
        )
    if ranked:
        return min(ranked)[4]
    paragraph = [e for e in found if e.place and parse.sentences[_sentence_at(parse, e.trigger.start)].paragraph == sentence.paragraph]
    if paragraph:
        return paragraph[-1].place
    before = [
        (m, e)
        for m, e in text.places
        if m.start < sentence.start
        and parse.sentences[_sentence_at(parse, m.start)].paragraph == sentence.paragraph
        and _is_location(text, m, e)
    ]
    if before:
        return before[-1][1].id
    return _lead_place(text, sentence.paragraph, found)


def _lead_place(text: _Text, paragraph: int, found: Sequence[Event]) -> str | None:
    """The place of the nearest earlier violent event, else the first place of the text; not for far-off paragraphs of other matters."""
    earlier = [e for e in found if e.place and e.type in VIOLENT]
    if earlier:
        return earlier[-1].place
    local = [e for m, e in text.places if e.place is not None and e.place.feature in {"city", "district", "region"} and m.start < 600]
    return local[0].id if local and paragraph < 12 else None


def _sentence_at(parse: Parse, offset: int) -> int:
    token = parse.token_at(offset)
    return token.sentence if token else 0


def _steps(parse: Parse, one: Token, other: Token) -> int:
    """Steps in the tree between two tokens of a sentence."""
    first = [one.index, *(t.index for t in parse.ancestors(one.index))]
    second = [other.index, *(t.index for t in parse.ancestors(other.index))]
    for steps, index in enumerate(first):
        if index in second:
            return steps + second.index(index)
    return 20


def _is_location(text: _Text, mention: Span, entity: Entity) -> bool:
    """Whether a place's mention can be where something happened: a name (no adjective, no government), not a dateline of elsewhere."""
    token = text.parse.token_at(mention.start)
    if token is None or token.tag in {"JJ", "NNPS"} or text.parse.text[mention.start : mention.end].endswith(("ian", "ians", "ese", "ish")):
        return False
    last = text.parse.token_at(mention.end - 1) or token
    if last.dep in {"poss", "nsubj", "agent"} and text.parse.text[mention.end : mention.end + 2] not in {"'s", "’s"}:
        return last.dep == "poss"
    return last.dep not in {"amod"} and not (
        last.dep == "compound" and text.parse.tokens[last.head].lemma.lower() in words("people", "group")
    )


def _time(text: _Text, trigger: Token, carrying: Sequence[Statement]) -> str | None:
    """When it happened: a time in the event's clause or sentence that isn't the telling's."""
    parse = text.parse
    said = {s.said_at for s in carrying}
    sentence = parse.sentence_of(trigger)
    ranked = []
    for time in text.times:
        if not sentence.start <= time.passage.start < sentence.end or time.kind in {TimeKind.DURATION, TimeKind.SET}:
            continue
        token = parse.token_at(time.passage.start)
        if token is None or time.value == "PRESENT_REF":
            continue
        below = any(t.index == trigger.index for t in parse.ancestors(token.index))
        fine = bool(re.match(r"\d{4}-\d\d(-\d\d)?", time.value))
        ranked.append(
            (
                time.id in said and len(said) < 3 and not below,
                not below,
                not fine,
                _steps(parse, token, trigger),
                abs(time.passage.start - trigger.start),
                time.id,
            )
        )
    if not ranked:
        return None
    best = min(ranked)
    if best[0]:
        return None if any(s.said_at == best[5] for s in carrying) and len(ranked) == 1 else best[5]
    return best[5]


def _kind(parse: Parse, trigger: Token, meaning: Meaning, participants: Sequence[Participant]) -> str | None:
    """The finer word: for attacks and harm by weapons the weapon tells."""
    if meaning.type is not EventType.ASSAULT or meaning.kind not in {"attack", "killing", "injuring", "destruction", "explosion"}:
        return meaning.kind
    sentence = parse.sentence_of(trigger)
    spoken = [parse.text[p.passage.start : p.passage.end].lower().split()[-1] for p in participants if p.role is Role.INSTRUMENT]
    spoken += [t.lower for t in parse.tokens[sentence.first : sentence.last]] if meaning.kind == "attack" else []
    for word in spoken:
        if word in BY_INSTRUMENT:
            return BY_INSTRUMENT[word]
    return meaning.kind


def _codes(parse: Parse, kind_of_event: EventType, kind: str | None, participants: Sequence[Participant]) -> tuple[str, ...]:
    """ACLED's sub-event type, and articles of the Rome Statute on which such facts may bear."""
    del kind_of_event
    codes = table("codes")
    found = [f"acled:{codes['acled'][kind]}"] if kind in codes["acled"] else []
    tags = list(codes["rome"].get(kind, []))
    struck = {
        w
        for p in participants
        if p.role in {Role.RECIPIENT, Role.OBJECT}
        for w in parse.text[p.passage.start : p.passage.end].lower().split()
    }
    if struck and not struck & (words("people", "armed") - {"guard", "guards"}):
        tags += codes["rome_civilians"].get(kind, [])
    if struck & frozenset(codes["rome_objects"]["words"].split()):
        tags += codes["rome_objects"]["tags"]
    return (*found, *(f"rome:{tag}" for tag in dict.fromkeys(tags)))


def is_cue(token: Token) -> bool:
    """Whether a trigger is a saying word as well."""
    return saying_verb(token)

"""Sources: who speaks in a document, by name, office and body, and which of them are one and the same there.

`the regional governor said` and `Governor Pavlo Sydorchuk said` are one speaker; so are `the ministry` and `its spokesman`; and where a
report attributes its lead to `a local official`, it names him in the next sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import attrs

from ascertain.assess._rules import listed
from ascertain.assess._tellings import Telling
from ascertain.records import Entity, EntityType, OriginKind, Reading, Span

OWN = "own voice"
PRESS_DESK = re.compile(r"(?i)\bpress (?:desk|office|service|cent(?:re|er)|department|unit|section)\b")
FOLDED = 1 << 15  # folded words that are kept
LONGEST_ACRONYM = 7  # letters
RELATIVE = re.compile(r",? (?:who|which|whom|whose)\b")  # `a local official, who asked not to be named`
PARTICLE = re.compile(r"^(?:a[lnrstz]|a[dst]h|el|ul|ben|bin|ould|d|l|de|van|von)[-’'](?=\w)")
OURS = re.compile(r"\b(?:this|our own) (?:newspaper|paper|site|website|station|agency|radio|magazine|page)\b", re.IGNORECASE)
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


@lru_cache(maxsize=FOLDED)
def fold(words: str) -> str:
    """Lower case without accents, apostrophes, possessives and articles' hyphens."""
    plain = unicodedata.normalize("NFKD", re.sub(r"[’']s\b", "", words.casefold()))
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’")))


def content(words: str) -> frozenset[str]:
    """The telling words of a description."""
    return frozenset(fold(words).split()) - listed("office", "small")


def is_acronym(short: str, name: str) -> bool:
    """Whether some letters are the initials of a name: `lpw` of `Levant Press Wire`."""
    return len(short) > 1 and short == initials_of(name)


@lru_cache(maxsize=FOLDED)
def initials_of(name: str) -> str:
    """The first letters of a name's words, folded, small words left out."""
    small = listed("office", "small")
    return "".join(word[0] for word in fold(name).split() if word not in small)


def proper(name: str) -> bool:
    """Whether words are a proper name: capitals at both ends, no day, no heading run together with what follows."""
    parts = name.split()
    if not parts or "\n" in name or {p.casefold() for p in parts} & listed("nobody", "days"):
        return False
    lower = {"the", "a", "an", "our", "its", "their", "his", "her", "of"}
    common = listed("office", "heads") | listed("office", "spokes") | listed("nobody", "names") | listed("harm", "people")
    if len(parts) == 1 and parts[0].casefold() in common:
        return False
    last = PARTICLE.sub("", parts[-1])  # `Khaled al-Nadhri`
    return parts[0][:1].isupper() and last[:1].isupper() and parts[0].casefold() not in lower


def source_of_entity(reading: Reading, entity: Entity, passage: Span | None) -> Source | None:
    """The source that an entity is; None where it is nobody in particular."""
    words = RELATIVE.split(reading.words(passage))[0] if passage else entity.name
    if entity.type is EntityType.WEAPON:
        return None
    if entity.type is EntityType.PLACE:
        return _place_source(reading, entity, words, passage)
    names = _names_of(entity)
    if not names and (_is_pair(words) or _is_unnamed(entity, words)):
        return None
    person = entity.type is EntityType.PERSON and not _is_group(entity)
    names = _longer_names(names, words, person=person)
    told = passage is not None and not is_pronoun(words) and not proper(words)
    said = words if told else ("" if names else entity.name)
    offices = _offices_of(entity, names, said)
    description = (said or entity.name) + ("" if names or passage is None else _where(reading, passage))
    return Source(
        key=(reading.document.id, entity.id if person else f"body {entity.id}"), names=names, description=description, offices=offices,
        kind=_kind(entity, offices, person=person), bodies=_bodies(reading, entity), spokes=_speaks(offices) and (person or not names),
        ranked=bool(offices & listed("office", "ranks")), first=_first(entity, passage),
        persons=frozenset(n for n in names if person and len(n.split()) > 1),
        group=entity.type is EntityType.GROUP and not names and not offices & listed("office", "bodies"),
    )  # fmt: skip


def _is_group(entity: Entity) -> bool:
    """Whether somebody read as a person is a body: its name has an acronym, as `Tehreek-e-Taliban Pakistan (TTP)`."""
    return any(alias.isupper() and 1 < len(alias) < LONGEST_ACRONYM and " " not in alias for alias in entity.aliases)


def _longer_names(names: tuple[str, ...], words: str, *, person: bool) -> tuple[str, ...]:
    """Names of a body with what the text says after them and the reading cut off: `Group for the Support of Islam and Muslims (JNIM)`."""
    if person or not names:
        return names
    found = [
        m[1] for n in names if (m := re.match(rf"(?:[Tt]he )?({re.escape(n)}(?: (?:of|for|and|de|the)+ [A-Z][\w’-]+)+)", words)) is not None
    ]
    short = re.search(r"\(([A-Z]{2,6})\)", words)
    return tuple(dict.fromkeys((*found, *names, *((short[1],) if short is not None else ()))))


def _first(entity: Entity, passage: Span | None) -> int:
    """Where an entity first stands."""
    return min((m.start for m in entity.mentions), default=passage.start if passage else 0)


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


def is_pronoun(words: str) -> bool:
    """Whether some words only stand for somebody named elsewhere."""
    return words.casefold() in listed("nobody", "names") | {"him", "his", "her", "hers", "them", "their", "its"}


def _is_nobody(words: str) -> bool:
    parts = fold(_without_where(words)).split()
    if OURS.search(words):
        return True
    common = words[:1].islower() or re.match(r"(?:A|An|The|This|One|Its|Some) ", words) is not None
    if parts and common and set(parts) & listed("nobody", "things"):
        return True
    if len(parts) > 1 and parts[-1] in {"source", "sources", "officials"} and set(parts) & listed("nobody", "telling"):
        return False
    return not parts or parts[-1] in listed("nobody", "names") | listed("nobody", "days")


def _without_where(words: str) -> str:
    """`Readers in Nikopol` are readers, wherever; `a source in the ministry` is one of the ministry."""
    plain = re.split(r" (?:in|at|on|from|near)(?: |$)", words)[0]
    rest = content(words[len(plain) :])
    return words if rest & (listed("office", "bodies") | listed("office", "heads")) else plain


def _is_pair(words: str) -> bool:
    """Whether two bodies or offices are named together: they vouch for nothing in common (`police and a mining house`)."""
    both = listed("office", "bodies") | listed("office", "heads")
    halves = re.split(r" and (?:a |an |the )", words)
    return len(halves) == 2 and bool(content(halves[0]) & both) and not content(halves[1]) <= listed("office", "small")


def described(reading: Reading, passage: Span) -> Source | None:
    """A source known only by some words of the text; None where they are nobody, or `we`."""
    words = reading.words(passage)
    offices = content(words)
    bodies = offices & listed("office", "bodies")
    if (
        _is_nobody(words)
        or fold(words).split()[0] in {"our", "my", "we"}
        or not offices & (listed("office", "heads") | listed("office", "spokes") | listed("office", "bodies"))
    ):
        return None
    local = f"body {fold(words)}" if bodies and not offices & listed("office", "heads") else fold(words)
    spokes = bool(offices & listed("office", "spokes"))
    kind = OriginKind.OFFICIAL if bodies else OriginKind.PERSON
    return Source((reading.document.id, local), (), words, offices, kind, spokes=spokes, first=passage.start)


# --- one and the same within a document


def one_in_document(one: Source, other: Source, order: Sequence[Source]) -> bool:
    """Whether two sources of one document are the same: by name, by office, as body and spokesperson, as a description and its name."""
    if one.key == other.key or (one.names and other.names and names_agree(one, other)):
        return True
    if one.names and other.names:
        return speaks_for(one, other) or speaks_for(other, one)
    plain, named = (one, other) if not one.names else (other, one)
    if _is_branch(plain, named) or speaks_for(plain, named) or speaks_for(named, plain):
        return True
    if plain.heads & named.heads and not _different(plain, named):
        return True
    if plain.spokes and named.spokes:
        return True
    if is_force(plain) and (named.ranked or named.spokes) and not named.is_body:
        return _next_person(plain, named, order)
    return bool(named.names) and _next_person(plain, named, order) and _may_be(plain, named)


def _is_branch(plain: Source, named: Source) -> bool:
    """Whether a body is described by another's name: `the regional branch of Islamic State`."""
    bodies = plain.is_body and named.is_body
    return bodies and any(len(words) > 1 and words <= plain.offices for words in map(content, named.names))


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
    known = (body.offices | content(" ".join(body.names))) - listed("office", "spokes")
    if not about or (known & listed("relay", "outlets") and not about & listed("relay", "outlets")):
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
    civil = plain.offices & listed("office", "civil")
    if civil and (named.ranked or named.spokes) and not civil & named.offices:
        return False  # `residents said`, and later a colonel
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
    short = re.search(r"^(.+?) \(([A-Z][A-Za-z]+)\)$", name)  # `Directorate of Information (DIRPA)`
    names = (*((short[1], short[2]) if short is not None else (name,)), *_own_spokespeople(telling))
    return Source((telling.document, OWN), names, name, content(name), OriginKind.OUTLET, persons=persons)


def _own_spokespeople(telling: Telling) -> tuple[str, ...]:
    """Those who speak for a body in its own text: a spokesperson of whom no other body is told."""
    publisher = PRESS_DESK.sub("", telling.publisher or "")
    if not publisher or content(publisher) & listed("relay", "outlets"):
        return ()
    people = [e for e in telling.reading.entities if e.type is EntityType.PERSON and proper(e.name) and len(e.name.split()) > 1]
    speaking = [e for e in people if any(content(r.title) & listed("office", "spokes") for r in e.roles)]
    return tuple(e.name for e in speaking if not _bodies(telling.reading, e) - content(publisher))


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

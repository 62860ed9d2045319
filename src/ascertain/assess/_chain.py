"""The chain: sources followed over documents to the origin at its end.

One person, one office, one body is one origin wherever it is cited; an outlet that is cited leads to the origin of its own report; a
document that names an origin of the incident counts under it. Copies are heard once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import attrs

from ascertain.assess._rules import listed
from ascertain.assess._sources import OWN, Key, Source, content, fold, is_acronym, is_force, names_agree, proper, speaks_for
from ascertain.assess._voices import Hearing
from ascertain.records import Origin, OriginKind, Stance

Join = Callable[[Key, Key], None]
Root = Callable[[Key], Key]
Publishers = Mapping[str, frozenset[str]]
NAME_WORDS = 4  # a person's name has at most so many


@attrs.frozen
class Chain:
    """Which origin each source leads to.

    Attributes:
        origins: the origins of the incident, by number.
        number: the origin's number for each source.
        relayed: sources that reach their origin through another outlet's report.
    """

    origins: Mapping[int, Origin]
    number: Mapping[Key, int]
    relayed: frozenset[Key]

    def origin(self, source: Source) -> Origin:
        """The origin at the end of the chain."""
        return self.origins[self.number[source.key]]


def follow(hearings: Sequence[Hearing], copies: Mapping[str, tuple[str, ...]], publishers: Mapping[str, frozenset[str]]) -> Chain:
    """Follow all sources of an incident to their origins.

    Args:
        hearings: of one incident; of copies only the one that is heard.
        copies: for the path of each hearing that has copies in the incident, all their paths.
        publishers: for the path of each hearing who published it or a copy of it.
    """
    sources = _sources(hearings)
    home = {key: key for key in sources}

    def root(key: Key) -> Key:
        while home[key] != key:
            key = home[key]
        return key

    def join(one: Key, other: Key) -> None:
        first, second = sorted((root(one), root(other)))
        home[second] = first

    keys = sorted(sources)
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            if root(one) != root(other) and _same(sources[one], sources[other]):
                join(one, other)
    _join_parts(hearings, sources, join)
    _join_publishers(hearings, sources, join)
    _join_relays(hearings, sources, publishers, join)
    _join_offices(sources, root, join)
    relayed = _relayed(hearings, sources, publishers, root)
    roots = sorted({root(k) for k in keys})
    number = {key: roots.index(root(key)) for key in keys}
    return Chain(_origins(hearings, sources, number, copies), number, relayed)


def _sources(hearings: Sequence[Hearing]) -> dict[Key, Source]:
    found: dict[Key, Source] = {}
    for hearing in hearings:
        listed_ = [t.source for t in hearing.testimonies] + ([hearing.rests_on] if hearing.rests_on is not None else [])
        for source in listed_:
            known = found.get(source.key)
            if known is None or len(source.names) > len(known.names):
                found[source.key] = source
    return found


def _same(one: Source, other: Source) -> bool:
    """Whether two sources of one incident are one: by name, as spokesperson and body, by the same description."""
    if OWN in (one.key[1], other.key[1]) and one.key[0] != other.key[0] and one.kind is other.kind is OriginKind.OUTLET:
        return bool(one.names) and bool(other.names) and fold(one.names[0]) == fold(other.names[0])
    if {fold(n) for n in one.names if " " in n} & {fold(n) for n in other.names if " " in n}:
        return True
    if one.names and other.names and names_agree(one, other):
        return one.is_body == other.is_body or OWN in (one.key[1], other.key[1]) or speaks_for(one, other) or speaks_for(other, one)
    if speaks_for(one, other) or speaks_for(other, one):
        return True
    if one.place is not None and one.place == other.place and one.is_body and other.is_body:
        return not one.offices or not other.offices or bool(one.offices & other.offices)
    if one.names or other.names:
        return False
    shared = one.offices & other.offices & (listed("office", "bodies") | listed("office", "single"))
    return bool(shared) and bool(one.offices <= other.offices or other.offices <= one.offices)


def _join_parts(hearings: Sequence[Hearing], sources: Mapping[Key, Source], join: Join) -> None:
    """A letter and what is attached to it are of one sender."""
    rests = {h.telling.document: h.rests_on for h in hearings}
    for hearing in hearings:
        sender = rests.get(hearing.telling.reading.document.parent or "")
        own = (hearing.telling.document, OWN)
        if sender is not None and own in sources and sender.key in sources:
            join(sender.key, own)


def _join_publishers(hearings: Sequence[Hearing], sources: Mapping[Key, Source], join: Join) -> None:
    """A body that one text cites is the one whose own text another is: `Azaz's local council` and the `Local Council of Azaz`."""
    owns = [content(h.telling.publisher or "") for h in hearings]
    only = [own for own in owns if sum(bool(own & other & listed("office", "bodies")) for other in set(owns)) == 1]
    for hearing, own in zip(hearings, owns, strict=True):
        if hearing.rests_on is None or not own & listed("office", "bodies") or own & listed("relay", "outlets"):
            continue
        for key in sorted(sources):
            source = sources[key]
            words = source.offices | content(" ".join(source.names))
            words = (words - {"un"}) | {"united", "nations"} if "un" in words else words  # `the UN mission`
            named = source.is_body and bool(words & listed("office", "bodies"))
            if key[0] != hearing.telling.document and named and (words == own or ((source.names or own in only) and words <= own)):
                join(key, hearing.rests_on.key)


# --- relays


def _join_relays(hearings: Sequence[Hearing], sources: Mapping[Key, Source], publishers: Publishers, join: Join) -> None:
    """An outlet that a text cites, and those whom the text does not name, lead to the origin of the outlet's own report."""
    for hearing in hearings:
        for target, outlet in _ends(hearing, hearings, publishers):
            for key, source in sources.items():
                if key[0] == hearing.telling.document and (_is_outlet(source, outlet) or not (source.names or source.is_body)):
                    join(key, target.key)


def _ends(hearing: Hearing, hearings: Sequence[Hearing], publishers: Publishers) -> list[tuple[Source, str]]:
    """For each outlet that a text cites: the source on which that outlet's own telling of the incident rests."""
    found = []
    for outlet in hearing.cites:
        theirs = [
            h
            for h in hearings
            if outlet in publishers.get(h.telling.path, frozenset())
            and h.rests_on is not None
            and h.telling.document != hearing.telling.document
        ]
        before = [h for h in theirs if (h.telling.day or "") <= (hearing.telling.day or "9999")] or theirs
        if before and before[0].rests_on is not None:
            found.append((before[0].rests_on, outlet))
    return found


def _is_outlet(source: Source, outlet: str) -> bool:
    known = fold(outlet)
    called = [fold(name) for name in (*source.names, source.description)]
    if source.is_body and " " in known and any(f" {known} " in f" {name} " for name in called):
        return True  # `the agency Sahel Wire`
    if source.is_body and any(is_acronym(word, outlet) for name in called for word in name.split()):
        return True  # `the SNS agency`
    return any(name == known or is_acronym(known, name) or (len(name.split()) > 1 and known.startswith(name + " ")) for name in called)


def _relayed(hearings: Sequence[Hearing], sources: Mapping[Key, Source], publishers: Publishers, root: Root) -> frozenset[Key]:
    """Sources in texts that cite an outlet whose own telling leads to the same origin."""
    found = set()
    for hearing in hearings:
        ends = {root(target.key) for target, _ in _ends(hearing, hearings, publishers)}
        found |= {key for key in sources if key[0] == hearing.telling.document and root(key) in ends}
    return frozenset(found)


def _join_offices(sources: Mapping[Key, Source], root: Root, join: Join) -> None:
    """`the regional governor` is the governor who is named elsewhere in the incident, if there is but one; so with bodies."""
    for key in sorted(sources):
        source = sources[key]
        if source.names or key[1] == OWN:
            continue
        fitting = {root(k) for k in sources if sources[k].names and k[1] != OWN and _fits(source, sources[k])}
        if not fitting and is_force(source) and source.offices <= listed("office", "bodies"):  # `the army`, of which the incident knows one
            fitting = {root(k) for k in sources if root(k) != root(key) and _is_of_force(sources[k]) and _one_force(source, sources[k])}
        if not fitting and source.is_body and source.offices <= listed("office", "local"):  # `local authorities`
            fitting = {root(k) for k in sources if root(k) != root(key) and _governs(sources[k])}
        if len(fitting) == 1:
            join(key, next(iter(fitting)))


def _governs(source: Source) -> bool:
    """Whether a source is the administration of a place, or holds its office."""
    return bool((source.offices | source.bodies | content(" ".join(source.names))) & listed("office", "governing"))


def _is_of_force(source: Source) -> bool:
    return is_force(source) or (
        not source.is_body and bool((source.offices | source.bodies) & {"army", "military", "police", "forces", "force", "brigade"})
    )


def _one_force(plain: Source, other: Source) -> bool:
    """Whether a force without a name can be another one: both are armies, or the same word stands in both."""
    armies = frozenset({"army", "military", "forces", "force", "troops", "soldiers", "brigade"})
    words = other.offices | other.bodies | content(" ".join(other.names))
    return bool(plain.offices & armies) or bool(plain.offices & words)


def _fits(plain: Source, named: Source) -> bool:
    if plain.is_body and not plain.offices & named.heads & listed("office", "single"):
        telling = plain.offices - listed("office", "bodies") - listed("office", "heads")
        return bool(telling & (named.bodies | (named.offices if not named.is_body else content(" ".join(named.names)))))
    if "deputy" in plain.offices ^ named.offices:
        return False
    return bool(plain.heads & named.heads & listed("office", "single")) or (
        bool(plain.offices & {"mayor", "governor"}) and bool(plain.offices & named.offices & listed("office", "single"))
    )


# --- the origins


def _origins(
    hearings: Sequence[Hearing], sources: Mapping[Key, Source], number: Mapping[Key, int], copies: Mapping[str, tuple[str, ...]]
) -> dict[int, Origin]:
    documents: dict[int, set[str]] = defaultdict(set)
    denials: dict[int, list[bool]] = defaultdict(list)
    for hearing in hearings:
        heard = [(t.source, t.denies) for t in hearing.testimonies]
        if hearing.rests_on is not None:
            heard.append(
                (
                    hearing.rests_on,
                    all(t.denies for t in hearing.testimonies if t.source.key == hearing.rests_on.key)
                    and any(t.source.key == hearing.rests_on.key for t in hearing.testimonies),
                )
            )
        for source, denies in heard:
            documents[number[source.key]] |= {hearing.telling.path, *copies.get(hearing.telling.path, ())}
            denials[number[source.key]].append(denies)
    members: dict[int, list[Source]] = defaultdict(list)
    for key in sorted(number):
        members[number[key]].append(sources[key])
    _add_named(hearings, members, documents, copies)
    found: dict[int, Origin] = {}
    taken: set[str] = set()
    for group in sorted(documents):
        name, others = _names(members[group], taken)
        taken.add(name)
        stance = Stance.DENIES if all(denials[group]) else Stance.ASSERTS
        found[group] = Origin(name, _kind(members[group]), tuple(sorted(documents[group])), stance, others)
    return found


def _add_named(
    hearings: Sequence[Hearing],
    members: Mapping[int, Sequence[Source]],
    documents: dict[int, set[str]],
    copies: Mapping[str, tuple[str, ...]],
) -> None:
    """A document that names an origin of the incident in full leans on it, even where it only disputes its number."""
    for group in sorted(documents):
        names = {n for s in members[group] for n in s.persons}
        for hearing in hearings:
            said = " ".join(hearing.telling.words(s) for s in hearing.telling.sentences())
            if any(re.search(rf"\b{re.escape(name)}\b", said) for name in names):
                documents[group] |= {hearing.telling.path, *copies.get(hearing.telling.path, ())}


def _kind(sources: Sequence[Source]) -> OriginKind:
    kinds = {s.kind for s in sources}
    return next((k for k in (OriginKind.OFFICIAL, OriginKind.PERSON, OriginKind.ORGANISATION) if k in kinds), OriginKind.OUTLET)


def _names(sources: Sequence[Source], taken: set[str]) -> tuple[str, tuple[str, ...]]:
    """The fullest name of a person, else of a body, else the fullest description; and the other names."""
    people = {n for s in sources for n in s.persons if len(n.split()) <= NAME_WORDS}
    named = {n for s in sources for n in s.names}
    described = {_tidy(s.description) for s in sources}
    pool = people or named or described
    best = max(sorted(pool), key=lambda n: (len(n.split()) <= NAME_WORDS + 2, len(n.split()), len(n)))
    while best in taken:
        best += " (another)"
    others = {n for n in named | described if n and n != best and (proper(n) or n in described)}
    return best, tuple(sorted(others))


def _tidy(description: str) -> str:
    """A description without its article, with a capital."""
    words = re.sub(r"^(?:the|a|an|its|their|his|her)\s+", "", " ".join(description.split()), flags=re.IGNORECASE)
    return words[:1].upper() + words[1:]

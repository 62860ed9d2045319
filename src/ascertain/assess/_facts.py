"""Facts about numbers: each origin's last word, the hull of all last words, and where they contradict each other.

Rules 12 to 15 of docs/explanation/independence.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ascertain.assess._chain import Chain
from ascertain.assess._harms import CountedHarm
from ascertain.assess._numerals import passed_over
from ascertain.assess._reasons import credibility_of, number_reasons
from ascertain.assess._rules import pattern
from ascertain.assess._tellings import Telling
from ascertain.assess._voices import Hearing
from ascertain.records import Claim, Fact, HarmKind, Origin, Span, Stance, Status

OWN_TITLE = re.compile(r"\bour (?:report|article|story|headline|piece)s?,? [\"“][^\"”]*$")
REJECTED = re.compile(r"\b(?:not|instead of) (?:the )?$")
NUMBERS = tuple(kind.value for kind in HarmKind)


@attrs.frozen
class Word:
    """A number that an origin gives.

    Attributes:
        relayed: it reached the document through another outlet's report.
        main: the document is mostly about the incident.
        part: it counts a part or an addition; it stands for the total only where its origin gives none.
    """

    claim: Claim
    relayed: bool
    main: bool
    part: bool


def number_facts(hearings: Sequence[Hearing], chain: Chain, *, bodies: bool) -> list[Fact]:
    """Facts about numbers of people, in the contract's order.

    Args:
        hearings: of one incident; of copies only the one that is heard.
        bodies: whether the incident is that bodies were found: then the dead are counted once, as bodies.
    """
    words: dict[str, list[Word]] = defaultdict(list)
    withdrawn = _withdrawn(hearings)
    for hearing in hearings:
        for harm in hearing.harms:
            word = _word(hearing, harm, chain)
            if word is not None and not _gone(hearing, harm, withdrawn):
                words[harm.kind.value].append(word)
    one, other = ("bodies_found", "killed") if bodies else ("killed", "bodies_found")
    words[one] += words.pop(other, [])  # the dead are counted once
    return [_fact(attribute, _whole(words[attribute])) for attribute in NUMBERS if words.get(attribute)]


def _whole(words: Sequence[Word]) -> list[Word]:
    """The words without parts and additions of origins that give a total."""
    totals = {w.claim.origin for w in words if not w.part}
    return [w for w in words if not w.part or w.claim.origin not in totals]


def _word(hearing: Hearing, harm: CountedHarm, chain: Chain) -> Word | None:
    """Who says a number; None where nobody does (a mention in passing)."""
    source = hearing.voice_at(harm.quantity.passage)
    if source is None or (harm.moved and not hearing.narrated and hearing.testimony_at(harm.quantity.passage) is None):
        return None  # a part that nobody in particular gives is no total
    claim = claim_of(hearing, chain.origin(source), harm.quantity.passage)
    quantity = harm.quantity
    counted = attrs.evolve(claim, at_least=quantity.at_least, at_most=quantity.at_most, approximate=quantity.approximate, event=harm.event)
    main = hearing.telling.main and not hearing.telling.correction  # what a correction repeats is no new word
    return Word(counted, source.key in chain.relayed, main, harm.part)


def claim_of(hearing: Hearing, origin: Origin, passage: Span, *, value: str | None = None, stance: Stance | None = None) -> Claim:
    """A claim of an origin at some words."""
    reading = hearing.telling.reading
    statement = hearing.statement_at(passage)
    said = next((s for s in reading.statements if s.id == statement), None)
    return Claim(
        origin=origin.name, document=hearing.telling.document, path=hearing.telling.path, passage=passage,
        stance=stance or (said.stance if said else Stance.ASSERTS), value=value, said_on=hearing.telling.day, statement=statement,
        relayed_by=hearing.telling.publisher,
    )  # fmt: skip


# --- what is withdrawn


@attrs.frozen
class _Withdrawal:
    """A correction takes back what an outlet wrote before: a number, or all numbers of a kind."""

    publisher: str | None
    day: str
    kind: HarmKind
    number: int | None


def _withdrawn(hearings: Sequence[Hearing]) -> list[_Withdrawal]:
    found = []
    for hearing in hearings:
        telling = hearing.telling
        if not telling.correction:
            continue
        for harm in hearing.harms:
            if _repeats_mistake(hearing, harm):
                found.append(_Withdrawal(telling.publisher, telling.day or "", harm.kind, harm.quantity.at_least))
        found += _in_titles(telling)
        text = telling.reading.document.text
        for quantity in (*telling.reading.quantities, *passed_over(telling)):  # `It is 38, not 36`
            if telling.owns(quantity.passage.start) and REJECTED.search(text[max(0, quantity.passage.start - 12) : quantity.passage.start]):
                kinds = sorted({h.kind for h in hearing.harms}, key=lambda k: k.value)
                found += [_Withdrawal(telling.publisher, telling.day or "", kind, quantity.at_least) for kind in kinds]
        for sentence in telling.sentences():
            match = pattern("withdrawn", "nobody").search(telling.words(sentence))
            if match:
                kind = HarmKind.KILLED if re.search(r"killed|dead|died", match[0]) else HarmKind.INJURED
                found.append(_Withdrawal(telling.publisher, telling.day or "", kind, None))
    return found


def _in_titles(telling: Telling) -> list[_Withdrawal]:
    """Numbers in the title of the report that a correction takes back: `our report "Thirteen killed …"`."""
    text, quantities = telling.reading.document.text, {q.id: q for q in telling.reading.quantities}
    harms = [(h.kind, quantities[h.quantity]) for e in telling.reading.events for h in e.harms if h.quantity in quantities]
    return [
        _Withdrawal(telling.publisher, telling.day or "", kind, quantity.at_least) for kind, quantity in harms
        if OWN_TITLE.search(text[max(0, quantity.passage.start - 60) : quantity.passage.start])
    ]  # fmt: skip


def _repeats_mistake(hearing: Hearing, harm: CountedHarm) -> bool:
    sentence = hearing.telling.sentence(harm.quantity.passage.start)
    return pattern("withdrawn", "mistaken").search(hearing.telling.words(sentence)) is not None


def _gone(hearing: Hearing, harm: CountedHarm, withdrawn: Iterable[_Withdrawal]) -> bool:
    """Whether a number stands in a correction as what was wrong, or was taken back later by the outlet that wrote it."""
    telling = hearing.telling
    if telling.correction and _repeats_mistake(hearing, harm):
        return True
    return any(
        w.publisher == telling.publisher
        and w.kind is harm.kind
        and (telling.day or "") <= w.day
        and w.number in {None, harm.quantity.at_least}
        for w in withdrawn
    )


# --- last words


def _fact(attribute: str, words: Sequence[Word]) -> Fact:
    last = last_words(words)
    claims = _marked(words, last)
    at_least, at_most = hull(list(last.values()))
    meet = all(_meet(a, b) for a in last.values() for b in last.values())
    status = Status.ALLEGED if len(last) == 1 else Status.CORROBORATED if meet else Status.CONTESTED
    against = tuple(sorted(o for o, c in last.items() if any(not _meet(c, other) for other in last.values())))
    return Fact(
        attribute, status, credibility_of(status, list(last)), at_least, at_most, None, any(c.approximate for c in last.values()),
        tuple(sorted(last)), against, number_reasons(attribute, claims, last, status), tuple(claims),
    )  # fmt: skip


def last_words(words: Sequence[Word]) -> dict[str, Claim]:
    """Each origin's last word.

    Within a document the greatest number is the total, the others are parts of it or steps towards it. Of an origin's documents the latest
    counts; a mention in passing only if it raises the number, a relayed one only where nothing direct is known.
    """
    by_origin: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        by_origin[word.claim.origin].append(word)
    return {origin: _last(_totals(told)) for origin, told in sorted(by_origin.items())}


def _totals(words: Iterable[Word]) -> list[Word]:
    """The greatest number of each document, by day and path."""
    best: dict[str, Word] = {}
    for word in words:
        known = best.get(word.claim.document)
        if known is None or _size(word.claim) > _size(known.claim):
            best[word.claim.document] = word
    return sorted(best.values(), key=lambda w: (w.claim.said_on or "", _size(w.claim), w.claim.path))


def _size(claim: Claim) -> tuple[int, bool, int]:
    """The order of numbers: the greater first bound, the open one before the closed one, the earlier passage."""
    low = claim.at_least if claim.at_least is not None else claim.at_most or 0
    return low, claim.at_most is None, -claim.passage.start


def _last(totals: Sequence[Word]) -> Claim:
    direct = [w for w in totals if not w.relayed] or list(totals)
    told = [w for w in direct if w.main] or direct
    last = told[-1]
    later = [
        w
        for w in direct
        if not w.main and (w.claim.said_on or "") > (last.claim.said_on or "") and _size(w.claim)[0] > _size(last.claim)[0]
    ]
    return (later[-1] if later else last).claim


def _marked(words: Iterable[Word], last: Mapping[str, Claim]) -> list[Claim]:
    """All claims in order of time, those that differ from their origin's last word marked as superseded."""
    claims = sorted({w.claim for w in words}, key=lambda c: (c.said_on or "", c.path, c.passage))
    bounds = {origin: (c.at_least, c.at_most) for origin, c in last.items()}
    return [attrs.evolve(c, superseded=(c.at_least, c.at_most) != bounds[c.origin]) for c in claims]


def hull(claims: Sequence[Claim]) -> tuple[int | None, int | None]:
    """The hull of some intervals; a side on which one of them is open is open."""
    lows, highs = [c.at_least for c in claims], [c.at_most for c in claims]
    known_lows, known_highs = [low for low in lows if low is not None], [high for high in highs if high is not None]
    return (
        min(known_lows) if len(known_lows) == len(lows) else None,
        max(known_highs) if len(known_highs) == len(highs) else None,
    )


def _meet(one: Claim, other: Claim) -> bool:
    low = max(one.at_least or 0, other.at_least or 0)
    highs = [h for h in (one.at_most, other.at_most) if h is not None]
    return not highs or low <= min(highs)

"""Counted harm: which numbers of a telling say how many people were killed, injured, detained …, and which of them are only parts.

The reading's events give most of them. Numbers that stand beside a word of harm without an event of their own are read here.
"""

from __future__ import annotations

import re

import attrs

from ascertain.assess._numerals import is_people, passed_over, sentence_of
from ascertain.assess._rules import listed, pattern
from ascertain.assess._tellings import Telling
from ascertain.records import HarmKind, Quantity, Reading

CLAUSE = re.compile(r"[;:.]|, (?:and|but|while|which|who)\b|\band \w+ (?:were|was|had)\b")
CLIMBED = re.compile(r"\b(?:gone|goes|went|going|climbed|moved|crept|jumped|shot|driven|pushed)\s+$", re.IGNORECASE)
RISE = re.compile(r"(?:up |down )?from \S+ to \S+", re.IGNORECASE)
LONGEST_ANSWER, ANSWERED = 4, 4  # words after the number in an answer; sentences back to what it answers
REACH_AFTER, REACH_BEFORE = 70, 45  # characters after and before a number in which a word of harm tells what it counts
OWN_WORDS = {"dead": "killed", "killed": "killed", "deaths": "killed", "fatalities": "killed", "deceased": "killed", "wounded": "injured", "injured": "injured",
             "bodies": "bodies_found", "corpses": "bodies_found", "skeletons": "bodies_found", "missing": "missing", "displaced": "displaced", "detainees": "detained",
             "captives": "detained", "hostages": "detained"}  # fmt: skip


@attrs.frozen
class CountedHarm:
    """A number of people harmed.

    Attributes:
        event: the event that carries it, None where it was read beside a word of harm.
        part: it counts some of those who are counted elsewhere (children, the latest to die).
        moved: it counts some who were taken elsewhere.
    """

    kind: HarmKind
    quantity: Quantity
    event: str | None
    part: bool
    moved: bool = False


def speaks_of_harm(words: str) -> bool:
    """Whether words say that people were killed, injured, detained, or found dead."""
    return any(pattern("harm", kind).search(words) for kind in ("killed", "injured", "detained", "bodies_found"))


def counted_harms(telling: Telling) -> tuple[CountedHarm, ...]:
    """The numbers of people harmed in a telling's sentences, in text order; rejected and zero numbers are left out."""
    reading = telling.reading
    carried = {h.quantity: (h.kind, e.id) for e in reading.events for h in e.harms if h.quantity}
    own = {e.id for e in telling.events}
    found: list[CountedHarm] = []
    for quantity in sorted((*reading.quantities, *passed_over(telling)), key=lambda q: q.passage):
        if not telling.owns(quantity.passage.start) or telling.layout.in_dateline(quantity.passage.start) or _is_none(quantity):
            continue
        if _is_thing(reading, quantity) or _is_old(telling, quantity):
            continue
        kind, event = carried.get(quantity.id, (None, None))
        if kind is None and _is_heard(telling, quantity):
            continue
        if event is not None and event not in own and not telling.correction:
            continue  # history, a plan, or another incident
        read = _kind_beside(telling, quantity) or _kind_of_toll(telling, quantity, found) or _kind_of_ellipsis(telling, quantity)
        if kind is None or (read is HarmKind.BODIES_FOUND and kind is HarmKind.KILLED):
            kind = read
        if kind is not None:
            whole = next((f.kind for f in found if f.quantity.id == quantity.part_of), None)
            unharmed = quantity.part_of is not None and whole is None  # `we received 40 people, eleven of them are dead`
            part, moved = _is_part(telling, quantity, of_kind=whole is kind, unharmed=unharmed), _is_moved(telling, quantity)
            found.append(CountedHarm(kind, _risen(reading, quantity), event, part or moved, moved))
    return tuple(found)


def _risen(reading: Reading, quantity: Quantity) -> Quantity:
    """`raised from 12 to 14` is 14: the range of a rise is no range of the number."""
    text = reading.document.text
    climbed = CLIMBED.search(text[max(0, quantity.passage.start - 30) : quantity.passage.start])  # `has gone up to fifteen`
    exact = climbed is not None and reading.words(quantity.passage).casefold().startswith("up to ")
    if (exact or RISE.match(reading.words(quantity.passage))) and quantity.at_most is not None:
        return attrs.evolve(quantity, at_least=quantity.at_most)
    return quantity


def _is_none(quantity: Quantity) -> bool:
    return (quantity.at_least or 0) == 0 and (quantity.at_most or 0) == 0


def _sentence_around(telling: Telling, quantity: Quantity) -> tuple[str, str]:
    """The words of the sentence before and after a number."""
    sentence = telling.sentence(quantity.passage.start)
    text = telling.reading.document.text
    number = _number_end(text, quantity)
    return text[sentence.start : quantity.passage.start], text[number : max(number, sentence.end)]


def _number_end(text: str, quantity: Quantity) -> int:
    """Where the number itself ends: its passage may hold the words for what is counted too."""
    if quantity.counted_passage is not None and quantity.passage.start < quantity.counted_passage.start < quantity.passage.end:
        return quantity.counted_passage.start
    words = text[quantity.passage.start : quantity.passage.end]
    if quantity.counted and quantity.counted in words:
        return quantity.passage.start + words.rindex(quantity.counted)
    return quantity.passage.end


def _is_thing(reading: Reading, quantity: Quantity) -> bool:
    """Whether things are counted, or metres, or hours."""
    counted = {w.casefold() for w in re.findall(r"\w+", quantity.counted or "")}
    if counted & listed("harm", "things") and not is_people(quantity.counted or ""):
        return True
    text = reading.document.text
    if quantity.counted is None and pattern("harm", "before_age").search(
        text[max(0, quantity.passage.start - 30) : quantity.passage.start]
    ):
        return True
    if quantity.counted is None and pattern("harm", "age").match(reading.words(quantity.passage)):
        return True
    return pattern("harm", "after_thing").search(text[_number_end(text, quantity) : quantity.passage.end + 40]) is not None


def _is_old(telling: Telling, quantity: Quantity) -> bool:
    """Whether the words before a number make it an earlier or a rejected one: `up from 14`, `not 17`, `the official count of two`."""
    before, after = _sentence_around(telling, quantity)
    if pattern("harm", "before_disputed").search(before):
        return True
    return pattern("harm", "before_old").search(before.casefold()) is not None or pattern("harm", "after_old").match(after) is not None


def _is_heard(telling: Telling, quantity: Quantity) -> bool:
    """Whether those are counted who told it: `interviews with 26 residents`, `nine patients told us`."""
    speakers = [s.speaker_passage for s in telling.reading.statements if s.speaker_passage is not None]
    before, _ = _sentence_around(telling, quantity)
    return any(p.start <= quantity.passage.start < p.end for p in speakers) or pattern("harm", "before_heard").search(before) is not None


def _is_moved(telling: Telling, quantity: Quantity) -> bool:
    """Whether a number counts some of the wounded, who were taken elsewhere."""
    _, after = _sentence_around(telling, quantity)
    return pattern("harm", "moved").search(after) is not None and pattern("harm", "killed").search(after) is None


def _is_part(telling: Telling, quantity: Quantity, *, of_kind: bool, unharmed: bool) -> bool:
    """Whether a number counts some of those who are counted elsewhere; a part of people to whom nothing happened is no such part."""
    before, after = _sentence_around(telling, quantity)
    if {w.casefold() for w in re.findall(r"\w+", quantity.counted or "")} & listed("harm", "attackers"):
        return True  # those who attacked are counted apart from those whom they harmed
    if (quantity.part_of is not None and of_kind) or (not unharmed and pattern("harm", "after_part").search(after.casefold())):
        return True
    return pattern("harm", "before_part").search(before.casefold()) is not None


def _kind_beside(telling: Telling, quantity: Quantity) -> HarmKind | None:
    """The kind of harm that the words around a number tell; None where they tell none or no people are counted."""
    own = _own_kind(quantity)
    if own is not None:
        return own
    if quantity.counted and not is_people(quantity.counted):
        return None
    before, after = _sentence_around(telling, quantity)
    ahead = CLAUSE.split(after[:REACH_AFTER])[0]
    behind = CLAUSE.split(before[-REACH_BEFORE:])[-1]
    for words in (ahead, behind):
        kinds = [(m.start(), k) for k in HarmKind if (m := pattern("harm", k.value).search(words)) is not None]
        if kinds:
            return (min(kinds) if words is ahead else max(kinds))[1]
    return None


def _own_kind(quantity: Quantity) -> HarmKind | None:
    """The kind that the counted words say themselves: `27 bodies`, `eleven dead`."""
    words = [w.casefold() for w in re.findall(r"\w+", quantity.counted or "")]
    for word in reversed(words):
        if word in OWN_WORDS:
            return HarmKind(OWN_WORDS[word])
    return None


def _kind_of_toll(telling: Telling, quantity: Quantity, before: list[CountedHarm]) -> HarmKind | None:
    """The kind of a toll whose words stand farther off; of a bare number (`also speaks of 17 now`) that of the numbers before it."""
    words, after = _sentence_around(telling, quantity)
    toll = _last_match(pattern("harm", "before_toll"), words) or pattern("harm", "after_toll").match(after)
    if toll is not None and not toll["kind"]:  # `the number of villagers who were killed near Mangina has gone up to 14`
        told = [(m.start(), k) for k in HarmKind for m in pattern("harm", k.value).finditer(toll[0])]
        return min(told)[1] if told else None
    if toll is not None and toll["kind"]:
        kinds = [k for k in HarmKind if pattern("harm", k.value).search(toll["kind"])]
        return kinds[0] if kinds else HarmKind.KILLED if toll["kind"].casefold() == "casualties" else None
    if pattern("harm", "before_death_toll").search(words) or pattern("harm", "before_buried").search(words):
        return HarmKind.KILLED
    if quantity.counted is None and pattern("harm", "before_bare").search(words):
        if before:
            return before[0].kind
        return HarmKind.BODIES_FOUND if any(e.kind == "bodies found" for e in telling.events) else None
    return None


def _last_match(mark: re.Pattern[str], words: str) -> re.Match[str] | None:
    """The match that begins last: `the number of dead as five and that of the wounded as`."""
    found, start = None, 0
    while (match := mark.search(words, start)) is not None:
        found, start = match, match.start() + 1
    return found


def _kind_of_ellipsis(telling: Telling, quantity: Quantity) -> HarmKind | None:
    """The kind of a number that is an answer or a sentence by itself (`And the injured?` `Eleven.`): that of the words before it."""
    words, after = _sentence_around(telling, quantity)
    if (quantity.counted and not is_people(quantity.counted)) or not pattern("harm", "answer_before").search(words):
        return None
    if len(after.split()) > LONGEST_ANSWER and not after.startswith((",", ";", ".")):
        return None
    for earlier in (words, *sentence_of(telling, telling.layout.number_at(quantity.passage.start), ANSWERED)):
        kinds = [(m.start(), k) for k in HarmKind for m in pattern("harm", k.value).finditer(earlier)]
        if kinds:
            return max(kinds)[1]
    return None

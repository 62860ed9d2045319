"""The register of a report: which words stand for which protected name, in a text and in any other string."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

import attrs

from ascertain.publish._people import Known, Named, Person, bare, byline_names, named_in, persons, words
from ascertain.publish._protect import ProtectedText, protect_text
from ascertain.records import EntityType, Label, MarkKind, Reading, Sensitivity, Standing
from ascertain.records.names import ANYTHING, Forms, Swap, key_of
from ascertain.records.protection import PEOPLE

WITHHELD = "(address withheld: it holds a protected name)"
ANY = "a protected person"
BY_DEFAULT = "the name of a private person"


@attrs.frozen
class Register:
    """Pseudonyms, and where they go.

    Attributes:
        everywhere: compared form of a name to its pseudonym: replaced wherever it stands.
        in_documents: for each document id, names that mean a protected person there only.
        at_mentions: for each document id, passages whose name is shared or is also a common word.
        alone: every name of a protected person: a string that is nothing else is replaced.
        capital: words of names that people have marked, and that are also common words: replaced where they have a capital.
        phrases: words of passages that people have marked: replaced wherever they follow each other.
        why: by pseudonym what people have said of it: class and reason.
        given: compared full names with their pseudonyms, for the next export.
        count: how many are protected.
    """

    everywhere: dict[str, str] = attrs.field(factory=dict)
    in_documents: dict[str, dict[str, str]] = attrs.field(factory=dict)
    at_mentions: dict[str, tuple[Swap, ...]] = attrs.field(factory=dict)
    alone: dict[str, str] = attrs.field(factory=dict)
    capital: dict[str, str] = attrs.field(factory=dict)
    phrases: dict[str, str] = attrs.field(factory=dict)
    why: dict[str, tuple[Sensitivity, str]] = attrs.field(factory=dict)
    given: dict[str, str] = attrs.field(factory=dict)
    count: int = 0
    _forms: Forms = attrs.field(init=False, repr=False, default=attrs.Factory(lambda self: Forms.of(self.everywhere), takes_self=True))
    _capital: Forms = attrs.field(init=False, repr=False, default=attrs.Factory(lambda self: Forms.of(self.capital), takes_self=True))
    _phrases: Forms = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: Forms.of(self.phrases, between=ANYTHING), takes_self=True)
    )

    def text(self, reading: Reading) -> ProtectedText:
        """A document's text with its protected names replaced."""
        text, document = reading.document.text, reading.document.id
        swaps = [*self.at_mentions.get(document, ()), *self._sure(text)]
        inside = Forms.of(self.in_documents.get(document, {})).swaps(text, capital=True)
        places = [m for e in reading.entities if e.type is EntityType.PLACE for m in e.mentions] if inside else []
        swaps += [s for s in inside if not any(m.start < s.end and s.start < m.end for m in places)]
        return protect_text(text, swaps)

    def _sure(self, words: str) -> list[Swap]:
        """What is replaced in any string."""
        return [*self.surely(words), *self._capital.swaps(words, capital=True)]

    def surely(self, words: str) -> list[Swap]:
        """Where something stands that must not be left anywhere."""
        return [*self._phrases.swaps(words), *self._forms.swaps(words)]

    def words(self, words: str, *, names: Iterable[str] = ()) -> str:
        """Any other string with its protected names replaced.

        Args:
            words: the string.
            names: who is spoken of in it: a name of theirs is replaced here though it may be a common word elsewhere.
        """
        if words and (pseudonym := self.alone.get(key_of(words))) is not None:
            return pseudonym
        spoken_of = {key: self.alone[key] for key in map(key_of, names) if key in self.alone}
        swaps = self._sure(words) + (Forms.of(spoken_of).swaps(words, capital=True) if spoken_of else [])
        return protect_text(words, swaps).text if swaps else words

    def address(self, address: str) -> str:
        """A web address, or the note that it is withheld: a name can hide in it in many spellings."""
        readable = unquote(address)
        return address if self.words(readable) == readable else WITHHELD

    def reason(self, pseudonym: str) -> tuple[Sensitivity, str]:
        """Class and reason of what a pseudonym stands for."""
        sensitivity, reason = self.why.get(pseudonym, (Sensitivity.RESTRICTED, BY_DEFAULT))
        return sensitivity, self.words(reason)


@attrs.frozen
class Guard:
    """What people have said of names and passages, and which pseudonyms were given before.

    Attributes:
        marked: entities and passages that are restricted or protected.
        free: compared names that two persons have released.
        pseudonyms: compared names with the pseudonyms that they have already.
    """

    marked: tuple[Standing, ...] = ()
    free: frozenset[str] = frozenset()
    pseudonyms: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of(cls, standings: Iterable[Standing], pseudonyms: Mapping[str, str]) -> Guard:
        """From all standings of a case."""
        found = [one for one in standings if one.mark.kind is not MarkKind.ITEM]
        marked = tuple(one for one in found if one.sensitivity in {Sensitivity.RESTRICTED, Sensitivity.PROTECTED})
        free = frozenset(key_of(name) for one in found if one.sensitivity is Sensitivity.PUBLIC for name in one.names)
        return cls(marked, free, pseudonyms)


class _Numbers:
    """Gives pseudonyms: the one that a name has had before, else the next of its label."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._last = dict.fromkeys(map(_titled, Label), 0)
        for pseudonym in known.values():
            label, _, number = pseudonym.rpartition(" ")
            if label in self._last and number.isdigit():
                self._last[label] = max(self._last[label], int(number))

    def give(self, label: Label, forms: Iterable[str]) -> str:
        """A pseudonym for who has these compared names, the fullest first."""
        title = _titled(label)
        for form in forms:
            if self._known.get(form, "").startswith(f"{title} "):
                return self._known[form]
        self._last[title] += 1
        return f"{title} {self._last[title]}"


def _titled(label: Label) -> str:
    return label.value.capitalize()


def make_register(readings: Sequence[Reading], *, is_place: Callable[[str], bool], guard: Guard | None = None) -> Register:
    """Find who is to be protected in some readings and give each a pseudonym, numbered by document and place of first mention.

    Args:
        readings: all readings of the report.
        is_place: whether a name is well known as a place's; a place that the software took for a person is left as it is.
        guard: what people have said; None: nothing.
    """
    guard = guard or Guard()
    known = Known.of(readings, is_place)
    told = [n for reading in readings for n in named_in(reading, known)]
    told += [
        Named(r.document.id, "", (name,), official=False, harmed=False)
        for r in readings
        for name in byline_names(r.document.byline, outlets=known.outlets)
    ]
    found = persons(told)
    officials = [p for p in found if not p.protected]
    of_officials = frozenset(word for p in officials for f in p.forms for word in key_of(f).split())
    of_places = known.places | {word for place in known.places for word in place.split()}
    shared = of_officials | words("days_and_months")
    numbers = _Numbers(guard.pseudonyms)
    marked = _of_marks(guard, numbers, common=known.common | words("particles") | words("titles"))
    people = [
        p for p in found if p.protected and not guard.free.intersection(map(key_of, p.forms)) and key_of(p.forms[0]) not in marked.alone
    ]
    return _joined(marked, _filled(people, readings, numbers, shared=shared, unsure=known.common | of_places))


def _of_marks(guard: Guard, numbers: _Numbers, *, common: frozenset[str]) -> Register:
    """The names and passages that people have marked."""
    made = Register(count=len(guard.marked))
    for number, standing in enumerate(guard.marked, start=1):
        mark = standing.mark
        if mark.kind is MarkKind.PASSAGE:
            pseudonym = f"[passage {number} withheld]"
            made.phrases.update(dict.fromkeys(standing.names, pseudonym))
            if mark.document is not None and mark.span is not None:
                made.at_mentions[mark.document] = (*made.at_mentions.get(mark.document, ()), Swap(*mark.span, pseudonym))
        else:
            keys = [key_of(name) for name in standing.names]
            label = mark.label or Label.PERSON
            pseudonym = numbers.give(label, keys)
            made.given.update(_full(keys, pseudonym))
            _place_names(made, pseudonym, keys, parts=label in PEOPLE, common=common)
        made.why[pseudonym] = (standing.sensitivity or Sensitivity.RESTRICTED, mark.reason)
    return made


def _place_names(made: Register, pseudonym: str, keys: Sequence[str], *, parts: bool, common: frozenset[str]) -> None:
    """A marked name goes everywhere; of a person each word of it too, where it is no common word or has a capital."""
    for key in keys:
        backwards = " ".join(reversed(key.split()))
        made.alone.update({key: pseudonym, backwards: pseudonym})
        made.everywhere.update({key: pseudonym, backwards: pseudonym} if parts else {key: pseudonym})
    for word in {bare(word) for key in keys for word in key.split() if parts and len(bare(word)) >= 3}:
        if word in made.everywhere:
            continue
        (made.capital if word in common else made.everywhere)[word] = pseudonym
        made.alone[word] = pseudonym


def _full(keys: Iterable[str], pseudonym: str) -> dict[str, str]:
    """The names by which somebody is known again: those of several words, else what there is (a family's name alone is many people's)."""
    listed = list(keys)
    return dict.fromkeys([key for key in listed if " " in key] or listed, pseudonym)


def _joined(marked: Register, found: Register) -> Register:
    """Both registers as one; what people have marked goes first."""
    mentions = {d: (*marked.at_mentions.get(d, ()), *found.at_mentions.get(d, ())) for d in {*marked.at_mentions, *found.at_mentions}}
    return attrs.evolve(
        found, everywhere=found.everywhere | marked.everywhere, at_mentions=mentions, alone=found.alone | marked.alone, capital=marked.capital,
        phrases=marked.phrases, why=marked.why, given=found.given | marked.given, count=found.count + marked.count,
    )  # fmt: skip


def _filled(
    people: Sequence[Person], readings: Sequence[Reading], numbers: _Numbers, *, shared: frozenset[str], unsure: frozenset[str]
) -> Register:
    """Put each form where it is sure: everywhere, in the documents that tell of the person, or at the mentions alone."""
    everywhere: dict[str, str] = {}
    in_documents: dict[str, dict[str, str]] = defaultdict(dict)
    at_mentions: dict[str, list[Swap]] = defaultdict(list)
    alone: dict[str, str] = {}
    given: dict[str, str] = {}
    by_id = {r.document.id: r for r in readings}
    for person in people:
        pseudonym = numbers.give(Label.PERSON, map(key_of, person.forms))
        given |= _full(map(key_of, person.forms), pseudonym)
        for form in _all_forms(person):
            alone[form] = pseudonym if alone.get(form, pseudonym) == pseudonym else ANY
            if form in shared or len(form) < 3:
                continue  # only where it stands as a mention, below
            if " " not in form and form in unsure:
                for told in person.tellings:
                    in_documents[told.document].setdefault(form, pseudonym)
            else:
                everywhere[form] = pseudonym if everywhere.get(form, pseudonym) == pseudonym else ANY
        for told in person.tellings:
            at_mentions[told.document] += _mention_swaps(by_id[told.document], told, pseudonym)
    return Register(everywhere, dict(in_documents), {d: tuple(s) for d, s in at_mentions.items()}, alone, given=given, count=len(people))


def _all_forms(person: Person) -> set[str]:
    """Compared forms: names as they stand, last names, and `Last, First`."""
    forms = {key_of(f) for f in person.forms}
    for form in tuple(forms):
        parts = [p for p in form.split() if p not in words("particles")]
        if len(parts) > 1:
            forms |= {parts[-1], bare(parts[-1]), " ".join(reversed(parts)), " ".join(parts)}
    return {f for f in forms if f}


def _mention_swaps(reading: Reading, told: Named, pseudonym: str) -> list[Swap]:
    """The names inside the mentions of one person of one document."""
    entity = next((e for e in reading.entities if e.id == told.entity), None)
    names = Forms.of(dict.fromkeys(told.forms, pseudonym))
    found = []
    for mention in entity.mentions if entity else ():
        inside = names.swaps(reading.words(mention), capital=True)
        found += [Swap(mention.start + s.start, mention.start + s.end, s.words) for s in inside]
    return found

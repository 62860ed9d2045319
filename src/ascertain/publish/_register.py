"""The register of a report: which words stand for which protected name, in a text and in any other string."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from urllib.parse import unquote

import attrs

from ascertain.publish._people import Named, Person, byline_names, key_of, named_in, persons, tokens, words
from ascertain.publish._protect import ProtectedText, Swap, protect_text
from ascertain.records import EntityType, Reading

WITHHELD = "(address withheld: it holds a protected name)"
ANY = "a protected person"
BETWEEN = r"[\s_\-‐–.,]*"  # what may stand between the words of a name: in texts, file names and addresses


@attrs.frozen
class Register:
    """Pseudonyms, and where they go.

    Attributes:
        everywhere: compared form of a name to its pseudonym: replaced wherever it stands.
        in_documents: for each document id, names that mean a protected person there only.
        at_mentions: for each document id, passages whose name is shared or is also a common word.
        count: how many persons are protected.
    """

    everywhere: dict[str, str] = attrs.field(factory=dict)
    in_documents: dict[str, dict[str, str]] = attrs.field(factory=dict)
    at_mentions: dict[str, tuple[Swap, ...]] = attrs.field(factory=dict)
    count: int = 0

    def text(self, reading: Reading) -> ProtectedText:
        """A document's text with its protected names replaced."""
        text, document = reading.document.text, reading.document.id
        swaps = list(self.at_mentions.get(document, ()))
        swaps += _swaps(text, self.everywhere, exact=False)
        swaps += _swaps(text, self.in_documents.get(document, {}), exact=True)
        return protect_text(text, swaps)

    def words(self, words: str) -> str:
        """Any other string with its protected names replaced."""
        return protect_text(words, _swaps(words, self.everywhere, exact=False)).text

    def address(self, address: str) -> str:
        """A web address, or the note that it is withheld: a name can hide in it in many spellings."""
        plain = unquote(address)
        return address if self.words(plain) == plain else WITHHELD


def _swaps(text: str, names: dict[str, str], *, exact: bool) -> list[Swap]:
    if not names:
        return []
    pattern = _pattern(tuple(sorted(names, key=lambda n: (-len(n), n))))
    found = [m for m in pattern.finditer(text) if not exact or m[0][:1].isupper()]
    return [Swap(m.start(), m.end(), names[key_of(m[0])]) for m in found if key_of(m[0]) in names]


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    written = [BETWEEN.join(re.escape(word) for word in name.split()) for name in names]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(written)})(?![^\W_])", re.IGNORECASE)


def make_register(readings: Sequence[Reading], *, is_place: Callable[[str], bool]) -> Register:
    """Find who is to be protected in some readings and give each a pseudonym, numbered by document and place of first mention.

    Args:
        readings: all readings of the report.
        is_place: whether a name is well known as a place's; a place that the software took for a person is left as it is.
    """
    common = _common_words(readings)
    places = {key_of(n) for r in readings for e in r.entities if e.type is EntityType.PLACE for n in (e.name, *e.aliases)}

    def known_place(name: str) -> bool:
        return key_of(name) in places or is_place(name)

    told = [n for reading in readings for n in named_in(reading, common=common, is_place=known_place)]
    told += [Named(r.document.id, "", (name,), official=False, harmed=False) for r in readings for name in byline_names(r.document.byline)]
    found = persons(told)
    officials = [p for p in found if not p.protected]
    shared = {word for p in officials for f in p.forms for word in key_of(f).split()} | places | words("days_and_months")
    return _filled([p for p in found if p.protected], readings, shared=frozenset(shared), common=common)


def _common_words(readings: Iterable[Reading]) -> frozenset[str]:
    """Words that stand with a small letter in some text."""
    return frozenset(t for r in readings for t in tokens(r.document.text) if t[0].islower())


def _filled(people: Sequence[Person], readings: Sequence[Reading], *, shared: frozenset[str], common: frozenset[str]) -> Register:
    everywhere: dict[str, str] = {}
    in_documents: dict[str, dict[str, str]] = defaultdict(dict)
    at_mentions: dict[str, list[Swap]] = defaultdict(list)
    by_id = {r.document.id: r for r in readings}
    for number, person in enumerate(people, start=1):
        pseudonym = f"Person {number}"
        for form in _all_forms(person):
            if form in shared or len(form) < 3:
                continue  # only where it stands as a mention, below
            if " " not in form and form in common:
                for told in person.tellings:
                    in_documents[told.document].setdefault(form, pseudonym)
            else:
                everywhere[form] = pseudonym if everywhere.get(form, pseudonym) == pseudonym else ANY
        for told in person.tellings:
            at_mentions[told.document] += _mention_swaps(by_id[told.document], told, pseudonym)
    return Register(everywhere, dict(in_documents), {d: tuple(s) for d, s in at_mentions.items()}, len(people))


def _all_forms(person: Person) -> set[str]:
    """Compared forms: names as they stand, last names, and `Last, First`."""
    forms = {key_of(f) for f in person.forms}
    for form in tuple(forms):
        parts = [p for p in form.split() if p not in words("particles")]
        if len(parts) > 1:
            forms |= {parts[-1], " ".join(reversed(parts)), " ".join(parts)}
    return {f for f in forms if f}


def _mention_swaps(reading: Reading, told: Named, pseudonym: str) -> list[Swap]:
    """The names inside the mentions of one person of one document."""
    entity = next((e for e in reading.entities if e.id == told.entity), None)
    names = {key_of(f): pseudonym for f in told.forms}
    found = []
    for mention in entity.mentions if entity else ():
        inside = _swaps(reading.words(mention), names, exact=True)
        found += [Swap(mention.start + s.start, mention.start + s.end, s.words) for s in inside]
    return found

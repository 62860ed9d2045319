"""The register of a report: which words stand for which protected name, in a text and in any other string."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from urllib.parse import unquote

import attrs

from ascertain.publish._people import Known, Named, Person, bare, byline_names, key_of, named_in, persons, words
from ascertain.publish._protect import ProtectedText, Swap, protect_text
from ascertain.records import EntityType, Reading

WITHHELD = "(address withheld: it holds a protected name)"
ANY = "a protected person"
RUN = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")  # letters and digits with their accents
BETWEEN = re.compile(r"[\s_\-‐–.,'’ʻ]*")  # what may stand between the words of a name: in texts, file names and addresses


@attrs.frozen
class Forms:
    """Names to look for in any string, by their words; found in one pass, however many there are.

    Attributes:
        starting: first word to the names that begin with it, each its words and its pseudonym, the longest first.
    """

    starting: dict[str, tuple[tuple[tuple[str, ...], str], ...]]

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Forms:
        """From names to pseudonyms."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for name, pseudonym in sorted(names.items()):
            parts = tuple(plain(m[0]) for m in RUN.finditer(name))
            if parts:
                found[parts[0]].append((parts, pseudonym))
        return cls({first: tuple(sorted(forms, key=lambda f: -len(f[0]))) for first, forms in found.items()})

    def swaps(self, text: str, *, capital: bool = False) -> list[Swap]:
        """Where the names stand; with `capital` only where they begin with one."""
        if not self.starting:
            return []
        runs = [(m.start(), m.end(), plain(m[0])) for m in RUN.finditer(text)]
        found, n = [], 0
        while n < len(runs):
            form = next((f for f in self.starting.get(runs[n][2], ()) if _stands(text, runs, n, f[0])), None)
            if form is None or (capital and not text[runs[n][0]].isupper()):
                n += 1
                continue
            found.append(Swap(runs[n][0], runs[n + len(form[0]) - 1][1], form[1]))
            n += len(form[0])
        return found


def _stands(text: str, runs: Sequence[tuple[int, int, str]], n: int, words: tuple[str, ...]) -> bool:
    """Whether these words follow each other from run `n` on, with nothing but spaces and joining marks between them."""
    here = runs[n : n + len(words)]
    return tuple(run[2] for run in here) == words and all(BETWEEN.fullmatch(text, a[1], b[0]) for a, b in pairwise(here))


def plain(word: str) -> str:
    """A word without case and accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


@attrs.frozen
class Register:
    """Pseudonyms, and where they go.

    Attributes:
        everywhere: compared form of a name to its pseudonym: replaced wherever it stands.
        in_documents: for each document id, names that mean a protected person there only.
        at_mentions: for each document id, passages whose name is shared or is also a common word.
        alone: every name of a protected person: a string that is nothing else is replaced.
        count: how many persons are protected.
    """

    everywhere: dict[str, str] = attrs.field(factory=dict)
    in_documents: dict[str, dict[str, str]] = attrs.field(factory=dict)
    at_mentions: dict[str, tuple[Swap, ...]] = attrs.field(factory=dict)
    alone: dict[str, str] = attrs.field(factory=dict)
    count: int = 0
    _forms: Forms = attrs.field(init=False, repr=False, default=attrs.Factory(lambda self: Forms.of(self.everywhere), takes_self=True))

    def text(self, reading: Reading) -> ProtectedText:
        """A document's text with its protected names replaced."""
        text, document = reading.document.text, reading.document.id
        swaps = list(self.at_mentions.get(document, ()))
        swaps += self._forms.swaps(text)
        inside = Forms.of(self.in_documents.get(document, {})).swaps(text, capital=True)
        places = [m for e in reading.entities if e.type is EntityType.PLACE for m in e.mentions] if inside else []
        swaps += [s for s in inside if not any(m.start < s.end and s.start < m.end for m in places)]
        return protect_text(text, swaps)

    def words(self, words: str, *, names: Iterable[str] = ()) -> str:
        """Any other string with its protected names replaced.

        Args:
            words: the string.
            names: who is spoken of in it: a name of theirs is replaced here though it may be a common word elsewhere.
        """
        if words and (pseudonym := self.alone.get(key_of(words))) is not None:
            return pseudonym
        spoken_of = {key: self.alone[key] for key in map(key_of, names) if key in self.alone}
        swaps = self._forms.swaps(words) + (Forms.of(spoken_of).swaps(words, capital=True) if spoken_of else [])
        return protect_text(words, swaps).text if swaps else words

    def address(self, address: str) -> str:
        """A web address, or the note that it is withheld: a name can hide in it in many spellings."""
        readable = unquote(address)
        return address if self.words(readable) == readable else WITHHELD


def make_register(readings: Sequence[Reading], *, is_place: Callable[[str], bool]) -> Register:
    """Find who is to be protected in some readings and give each a pseudonym, numbered by document and place of first mention.

    Args:
        readings: all readings of the report.
        is_place: whether a name is well known as a place's; a place that the software took for a person is left as it is.
    """
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
    return _filled([p for p in found if p.protected], readings, shared=shared, unsure=known.common | of_places)


def _filled(people: Sequence[Person], readings: Sequence[Reading], *, shared: frozenset[str], unsure: frozenset[str]) -> Register:
    """Put each form where it is sure: everywhere, in the documents that tell of the person, or at the mentions alone."""
    everywhere: dict[str, str] = {}
    in_documents: dict[str, dict[str, str]] = defaultdict(dict)
    at_mentions: dict[str, list[Swap]] = defaultdict(list)
    alone: dict[str, str] = {}
    by_id = {r.document.id: r for r in readings}
    for number, person in enumerate(people, start=1):
        pseudonym = f"Person {number}"
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
    return Register(everywhere, dict(in_documents), {d: tuple(s) for d, s in at_mentions.items()}, alone, len(people))


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

"""Outlets of the case that a text names: found by looking words up, so that time does not grow with the number of outlets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import attrs

from ascertain.assess._rules import pattern
from ascertain.assess._sources import fold, initials_of
from ascertain.assess._tellings import Telling

NAMES = re.compile(r"\b[A-Z]{3,5}\b|\b[A-Z][\w’-]+(?: (?:of |the )?[A-Z][\w’-]+){1,4}")
SHORTEST = 4  # letters of a folded name that is looked for among lower-case words


@attrs.frozen
class Outlets:
    """Publishers of a case.

    Attributes:
        names: the publisher that each folded name stands for.
        by_word: folded names by their first word.
        by_initials: folded names by the initials of their publisher.
    """

    names: Mapping[str, str]
    by_word: Mapping[str, tuple[str, ...]]
    by_initials: Mapping[str, tuple[str, ...]]


def outlets_of(names: Mapping[str, str]) -> Outlets:
    """The outlets by what they are looked up with."""
    by_word: dict[str, list[str]] = defaultdict(list)
    by_initials: dict[str, list[str]] = defaultdict(list)
    for folded, name in names.items():
        if len(folded) >= SHORTEST:
            by_word[folded.split()[0]].append(folded)
        by_initials[initials_of(name)].append(folded)
    return Outlets(names, {k: tuple(v) for k, v in by_word.items()}, {k: tuple(v) for k, v in by_initials.items()})


def cited_outlets(telling: Telling, outlets: Outlets) -> tuple[str, ...]:
    """Outlets of the case that the telling's sentences name beside a word of relaying."""
    found = set()
    for sentence in telling.sentences():
        words = telling.words(sentence)
        if not pattern("relay", "verbs").search(words):
            continue
        plain = f" {fold(words)} "
        for folded in _named(plain, words, outlets):
            affiliated = re.search(rf" (?:of|for|from) (?:the )?{re.escape(folded)} ", plain)  # whose speaker it is, not who reports it
            if outlets.names[folded] != telling.publisher and not affiliated:
                found.add(outlets.names[folded])
    return tuple(sorted(found))


def _named(plain: str, words: str, outlets: Outlets) -> set[str]:
    """Folded names of the outlets that stand in a sentence: as they are, by their initials, or with the full name of their initials."""
    found = {folded for word in set(plain.split()) for folded in outlets.by_word.get(word, ()) if f" {folded} " in plain}
    for name in NAMES.findall(words):
        initials, short = initials_of(name), fold(name)
        if len(initials) > 1 and initials in outlets.names:
            found.add(initials)
        if len(short) > 1:
            found.update(outlets.by_initials.get(short, ()))
    return found

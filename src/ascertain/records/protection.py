"""How sensitive a document, a name or a passage is, as people have said it, and what that comes to.

Raising a class counts at once, by whoever does it. Lowering it is a *release*: it counts when two different persons have said so since
the class was last raised or confirmed. So nothing leaves on one person's word, and whoever doubts can always stop it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from ascertain.records.names import person_key
from ascertain.records.reading import Span

RELEASERS = 2


class Sensitivity(StrEnum):
    """Where something may go, the least sensitive first."""

    PUBLIC = "public"  # leaves in every export
    RESTRICTED = "restricted"  # withheld from protected exports, leaves with whole ones
    PROTECTED = "protected"  # leaves with none


class MarkKind(StrEnum):
    """What a class is given to."""

    ITEM = "item"
    ENTITY = "entity"
    PASSAGE = "passage"


class Label(StrEnum):
    """What a pseudonym calls an entity."""

    PERSON = "person"
    WITNESS = "witness"
    VICTIM = "victim"
    SOURCE = "source"
    REVIEWER = "reviewer"
    PLACE = "place"
    ORGANISATION = "organisation"
    THING = "thing"


PEOPLE = frozenset({Label.PERSON, Label.WITNESS, Label.VICTIM, Label.SOURCE, Label.REVIEWER})
RANK = {one: number for number, one in enumerate(Sensitivity)}


@attrs.frozen
class Mark:
    """One person's word about how sensitive something is; append-only.

    Attributes:
        key: of an item the document's id (of a container too), of an entity its name as it is compared, of a passage `id start-end`.
        names: of an entity all its names, of a passage its words.
        label: what a pseudonym calls an entity.
        document, span: where a passage stands.
    """

    kind: MarkKind
    key: str
    sensitivity: Sensitivity
    reason: str
    by: str
    at: str
    names: tuple[str, ...] = ()
    label: Label | None = None
    document: str | None = None
    span: Span | None = None

    def __attrs_post_init__(self) -> None:
        if not self.reason.strip() or not person_key(self.by):
            raise ValueError("a class of sensitivity needs a person and a reason")
        if self.kind is not MarkKind.ITEM and not any(name.strip() for name in self.names):
            raise ValueError(f"a mark of an {self.kind} needs its words")


@attrs.frozen
class Standing:
    """What the marks of one thing come to.

    Attributes:
        sensitivity: its class now; None where only one person has asked to show what may be hidden by default.
        mark: the last mark that raised or confirmed it, else the last one: its reason and words are those that are shown.
        names: all names that any mark gave it.
        asked: who has asked for which lower class since, by compared name; another person's word is missing.
        released_by: who lowered it, the persons' names; empty where nobody has.
    """

    sensitivity: Sensitivity | None
    mark: Mark
    names: tuple[str, ...]
    asked: tuple[tuple[str, Sensitivity], ...] = ()
    released_by: tuple[str, ...] = ()


def standings(marks: Iterable[Mark]) -> dict[tuple[MarkKind, str], Standing]:
    """For each thing that people have marked what the marks come to, in order of first mark."""
    grouped: dict[tuple[MarkKind, str], list[Mark]] = {}
    for mark in marks:
        grouped.setdefault((mark.kind, mark.key), []).append(mark)
    return {key: _standing(found) for key, found in grouped.items()}


def _standing(marks: list[Mark]) -> Standing:
    current: Sensitivity | None = None
    shown, released = marks[0], tuple[str, ...]()
    asked: dict[str, Mark] = {}
    for mark in marks:
        # a name that no person has raised may be one that is hidden by default: one person doesn't show it
        before = current or (Sensitivity.RESTRICTED if mark.kind is MarkKind.ENTITY else Sensitivity.PUBLIC)
        if RANK[mark.sensitivity] >= RANK[before]:
            current, shown, released = mark.sensitivity, mark, ()
            asked.clear()
            continue
        asked[person_key(mark.by)] = mark
        lower = _agreed(list(asked.values()))
        if lower is not None:
            current, released = lower, tuple(sorted(one.by for one in asked.values()))
            asked = {who: one for who, one in asked.items() if RANK[one.sensitivity] < RANK[lower]}
    names = tuple(dict.fromkeys(name for mark in marks for name in mark.names))
    return Standing(current, shown, names, tuple((who, one.sensitivity) for who, one in asked.items()), released)


def _agreed(asked: list[Mark]) -> Sensitivity | None:
    """The lowest class that enough persons find low enough; None where too few ask for a lower one."""
    ranks = sorted(RANK[one.sensitivity] for one in asked)
    return list(Sensitivity)[ranks[RELEASERS - 1]] if len(ranks) >= RELEASERS else None

"""The bodies of titles: every organisation that a title names is an entity, also one without a capital (`an army spokeswoman`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ascertain.extract._entities_drafts import ARMED, GROUP, ORGANISATION, Draft, new_draft
from ascertain.extract._roles import Title
from ascertain.models.language import Parse
from ascertain.records import EntityRole, EntityType, Span

BODIES = GROUP | ORGANISATION


def give_bodies(parse: Parse, drafts: list[Draft]) -> None:
    """Make an entity for the body of each person's title where no mention covers its last word."""
    for draft in [d for d in drafts if d.type is EntityType.PERSON and d.mentions]:
        for title in draft.roles:
            where = title.organisation
            if where is not None and _covering(where, drafts, draft) is None:
                _make(parse, where, drafts, draft)


def _make(parse: Parse, where: Span, drafts: list[Draft], own: Draft) -> None:
    inside = parse.tokens_in(where)
    if not inside or not any(t.lower in BODIES or t.lemma.lower() in BODIES for t in inside):
        return
    words = parse.text[where.start : where.end]
    known = next((d for d in drafts if d is not own and d.type is not EntityType.PERSON and _plain(words) in map(_plain, d.names)), None)
    if known is None:
        armed = inside[-1].lower in ARMED
        known = new_draft(drafts, EntityType.ARMED_ACTOR if armed else EntityType.ORGANISATION, words, names=[words])
    known.mentions.append(where)


def _plain(name: str) -> str:
    return re.sub(r"^(?:the|an?|its|their)\s+", "", name.casefold())


def _covering(where: Span, drafts: Iterable[Draft], own: Draft) -> Draft | None:
    """The entity with a mention of the last word of some words; of several a name, then the longest."""
    best: tuple[tuple[bool, int], Draft] | None = None
    for draft in drafts:
        if draft is own or draft.type is EntityType.PERSON:
            continue
        for mention in draft.mentions:
            if mention.start < where.end <= mention.end:
                rank = (draft.named, mention.end - max(mention.start, where.start))
                if best is None or rank > best[0]:
                    best = (rank, draft)
    return best[1] if best else None


def organisation_of(title: Title, drafts: Sequence[Draft], own: Draft) -> Draft | None:
    """The entity that a title's organisation words mean: that of their last word, else the one that shares most with them."""
    where = title.organisation
    if where is None:
        return None
    covering = _covering(where, drafts, own)
    if covering is not None:
        return covering
    best: tuple[int, Draft] | None = None
    for draft in drafts:
        for mention in draft.mentions if draft is not own else ():
            shared = min(mention.end, where.end) - max(mention.start, where.start)
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, draft)
    return best[1] if best else None


def roles_of(drafts: Sequence[Draft], ids: dict[int, str], own: Draft) -> tuple[EntityRole, ...]:
    """A person's roles; one that another says in more words is left out."""
    bodies = [organisation_of(title, drafts, own) for title in own.roles]
    made = [
        EntityRole(re.sub(r"^.*['’]s\s+", "", t.text), ids.get(b.number) if b else None) for t, b in zip(own.roles, bodies, strict=True)
    ]
    return tuple(role for role in dict.fromkeys(made) if not any(_says_more(other, role) for other in made))


def _says_more(other: EntityRole, role: EntityRole) -> bool:
    ends = other.title.lower().endswith(" " + role.title.lower()) or (other.title.lower() == role.title.lower() and other != role)
    return ends and role.organisation in {None, other.organisation}

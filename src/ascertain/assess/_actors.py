"""Who is held responsible, by whom, and who denies it. Rules 12 and 15 of docs/explanation/independence.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ascertain.assess._blames import Blame, blames_of, suspected
from ascertain.assess._chain import Chain
from ascertain.assess._facts import claim_of
from ascertain.assess._reasons import actor_reasons, credibility_of
from ascertain.assess._voices import Hearing
from ascertain.records import Fact, Stance, Status


def actor_fact(hearings: Sequence[Hearing], chain: Chain) -> Fact | None:
    """The actor whom most origins hold responsible; None where nobody names one."""
    blames = [blame for hearing in hearings for blame in blames_of(hearing, chain)]
    denied = [
        claim_of(h, chain.origin(t.source), t.spans[0], stance=Stance.DENIES) for h in hearings for t in h.denials() if t.spans
    ]  # fmt: skip
    blames = blames or [blame for hearing in hearings for blame in suspected(hearing, hearings, chain)]
    groups = _grouped(blames)
    if not groups:
        return None
    best = max(groups, key=lambda g: (len({b.claim.origin for b in g}), _is_known(g), len(g), _value(g)))
    value, vouching = _value(best), [b.claim for b in best]
    origins = tuple(sorted({c.origin for c in vouching}))
    against = [c for c in denied if c.origin not in origins]
    status = Status.CONTESTED if against else Status.CORROBORATED if len(origins) > 1 else Status.ALLEGED
    others = sorted({_value(g) for g in groups if g is not best} - {value})
    return Fact(
        "actor", status, credibility_of(status, origins), value=value, origins=origins, contradicted_by=tuple(sorted({c.origin for c in against})),
        reasons=actor_reasons(value, vouching, against, others, status),
        claims=tuple(sorted({*(b.claim for b in blames), *denied}, key=lambda c: (c.path, c.passage, c.origin))),
    )  # fmt: skip


def _is_known(blames: Sequence[Blame]) -> bool:
    """Whether some blames are of an armed group that the world knows by name."""
    return any(mark.startswith("known ") for blame in blames for mark in blame.marks)


def _grouped(blames: Sequence[Blame]) -> list[list[Blame]]:
    """Blames by the actor meant: those that share a mark are one."""
    groups: list[list[Blame]] = []
    for blame in sorted(blames, key=lambda b: (b.claim.path, b.claim.passage, b.claim.origin)):
        fitting = [g for g in groups if any(b.marks & blame.marks for b in g)]
        merged = [b for g in fitting for b in g] + [blame]
        groups = [g for g in groups if g not in fitting] + [merged]
    return groups


def _value(blames: Iterable[Blame]) -> str:
    """The fullest name of an actor: proper names first, then the longest."""
    values = sorted({b.claim.value or "" for b in blames})
    return max(values, key=lambda v: (any(w[:1].isupper() for w in v.split()), min(len(v), 60), v))

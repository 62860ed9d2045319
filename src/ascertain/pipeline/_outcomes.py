"""How work ends, and who is told on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

from ascertain.errors import AscertainError
from ascertain.records import Outcome

if TYPE_CHECKING:
    from ascertain.store import Store


class Progress(Protocol):
    """Told what is going on; the screen is its business."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` in `stage`."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Say nothing."""


@attrs.frozen
class Summary:
    """How a run ended: in = done + failed, and what the findings hold.

    Attributes:
        originals: all originals of the case.
        done, failed: originals by how they ended; together they are all.
        parsed, extracted: how many this run worked on.
        failures: outcomes with their reasons.
    """

    originals: int
    done: int
    failed: int
    parsed: int
    extracted: int
    incidents: int
    failures: tuple[Outcome, ...] = ()


@attrs.frozen
class Unread:
    """An input that a one-shot reading could not read, and why."""

    path: str
    error: AscertainError


def last_outcomes(store: Store) -> list[Outcome]:
    """For each original that ended, how: a failure of any stage, else its last done stage."""
    found: dict[str, Outcome] = {}
    for outcome in store.outcomes():
        known = found.get(outcome.original)
        if known is None or known.state != "failed":
            found[outcome.original] = outcome
    return list(found.values())

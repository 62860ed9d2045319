"""The encoder's figure for each event corrects the rules where they go wrong most: a negation or a modal that belongs to other words.

The figure runs from -3 (certainly did not happen) to 3. The bounds were read off news sentences that people judged (UW, development
part): of the events that the rules call denied and the encoder gives 2 or more, people hold three in four to have happened; of those
called possible with 2.5 or more, 19 in 20; of those called happened with less than 0, one in six.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ascertain.models.encoder import Marks
from ascertain.records import Actuality, Event, Stance, Statement

DENIED_FROM, POSSIBLE_FROM, HAPPENED_BELOW = 2.0, 2.5, 0.0


def judged(events: Sequence[Event], statements: Sequence[Statement], marks: Marks) -> tuple[Event, ...]:
    """The events, with their actuality corrected where rules and figure disagree widely."""
    stances = {statement.id: statement.stance for statement in statements}
    return tuple(_judged(event, {stances[key] for key in event.according_to}, marks) for event in events)


def _judged(event: Event, stances: set[Stance], marks: Marks) -> Event:
    figure = marks.happened(event.trigger.start, event.trigger.end)
    if figure is None:
        return event
    if event.actuality is Actuality.DENIED and figure >= DENIED_FROM and Stance.DENIES not in stances:
        return attrs.evolve(event, actuality=Actuality.HAPPENED)
    if event.actuality is Actuality.POSSIBLE and figure >= POSSIBLE_FROM:
        return attrs.evolve(event, actuality=Actuality.HAPPENED)
    if event.actuality is Actuality.HAPPENED and figure < HAPPENED_BELOW:
        return attrs.evolve(event, actuality=Actuality.POSSIBLE)
    return event

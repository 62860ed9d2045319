"""The encoder's figure for each event corrects the rules where they go wrong most: a modal or condition that belongs to other words.

The figure runs from -3 (certainly did not happen) to 3. The bounds were read off news sentences that people judged (UW, development
part): of the events that the rules call possible and the encoder gives 2.5 or more, people hold 19 in 20 to have happened; of those
called happened with less than 0, one in six. A denial is never turned by a figure, however sure: it is people's to judge.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ascertain.models.encoder import Marks
from ascertain.records import Actuality, Event

POSSIBLE_FROM, HAPPENED_BELOW = 2.5, 0.0


def judged(events: Sequence[Event], marks: Marks) -> tuple[Event, ...]:
    """The events, with their actuality corrected where rules and figure disagree widely."""
    return tuple(_judged(event, marks) for event in events)


def _judged(event: Event, marks: Marks) -> Event:
    figure = marks.happened(event.trigger.start, event.trigger.end)
    if figure is None:
        return event
    if event.actuality is Actuality.POSSIBLE and figure >= POSSIBLE_FROM:
        return attrs.evolve(event, actuality=Actuality.HAPPENED)
    if event.actuality is Actuality.HAPPENED and figure < HAPPENED_BELOW:
        return attrs.evolve(event, actuality=Actuality.POSSIBLE)
    return event

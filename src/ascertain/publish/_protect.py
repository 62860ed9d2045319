"""Words put in the place of protected names, and where every passage then stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import attrs

from ascertain.records import Span
from ascertain.records.names import Swap


@attrs.frozen
class ProtectedText:
    """A text after its swaps, with the way from offsets of the original to offsets of what is shown.

    Attributes:
        text: what is shown.
        swaps: in order, none touching another's inside; offsets of the original.
        shifts: for each swap, how far everything behind it has moved.
    """

    text: str
    swaps: tuple[Swap, ...] = ()
    shifts: tuple[int, ...] = ()

    def at(self, offset: int, *, end: bool = False) -> int:
        """Where an offset of the original stands; inside a swap its start, or with `end` its end."""
        index = bisect_right([swap.start for swap in self.swaps], offset - 1 if end else offset) - 1
        if index < 0:
            return offset
        swap = self.swaps[index]
        before = self.shifts[index - 1] if index else 0
        if offset < swap.end:
            return swap.start + before + (len(swap.words) if end else 0)
        return offset + self.shifts[index]

    def span(self, span: Span) -> Span:
        """A passage of the original in what is shown; one that begins or ends inside a swap is widened to the whole of it."""
        return Span(self.at(span.start), self.at(span.end, end=True))

    def words(self, span: Span) -> str:
        """What is shown of a passage of the original."""
        shown = self.span(span)
        return self.text[shown.start : shown.end]


def protect_text(text: str, swaps: Iterable[Swap]) -> ProtectedText:
    """Put the words of each swap in its place; of swaps that overlap the earlier, then the longer, is taken."""
    taken = _disjoint(sorted(swaps, key=lambda s: (s.start, -s.end)))
    pieces, shifts, done, shift = [], [], 0, 0
    for swap in taken:
        pieces += [text[done : swap.start], swap.words]
        shift += len(swap.words) - (swap.end - swap.start)
        shifts.append(shift)
        done = swap.end
    return ProtectedText("".join([*pieces, text[done:]]), tuple(taken), tuple(shifts))


def _disjoint(swaps: Sequence[Swap]) -> list[Swap]:
    taken: list[Swap] = []
    for swap in swaps:
        if swap.start < swap.end and (not taken or swap.start >= taken[-1].end):
            taken.append(swap)
        elif taken and swap.start < taken[-1].end < swap.end:  # what sticks out of the one before must not be left to read
            taken[-1] = attrs.evolve(taken[-1], end=swap.end)
    return taken

"""Readings kept packed: a case of a hundred thousand documents fits in memory, and each reading is unpacked when it is looked at."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import msgspec

from ascertain.records.reading import Reading

KEPT = 256  # readings that stay unpacked, the latest looked at


class Shelf(Sequence[Reading]):
    """Readings in order of document id, one a document; about a tenth of the memory that they take as records.

    Two readings of one document are not for a shelf: the later one replaces the earlier.
    """

    def __init__(self, readings: Iterable[Reading]) -> None:
        packed = {}
        for reading in readings:
            packed[reading.document.id] = (zlib.compress(msgspec.msgpack.encode(reading), 1), reading.document.path, reading.made_by)
        self.ids = tuple(sorted(packed))
        self.paths = tuple(packed[key][1] for key in self.ids)
        self.made_by = tuple(packed[key][2] for key in self.ids)
        self._packed = [packed[key][0] for key in self.ids]
        self._places = {key: number for number, key in enumerate(self.ids)}
        self._open: dict[int, Reading] = {}
        self._decoder = msgspec.msgpack.Decoder(Reading)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Reading: ...
    @overload
    def __getitem__(self, index: slice) -> list[Reading]: ...
    def __getitem__(self, index: int | slice) -> Reading | list[Reading]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        number = index if index >= 0 else len(self) + index
        if not 0 <= number < len(self):
            raise IndexError(index)
        reading = self._open.pop(number, None) or self._unpacked(number)
        self._open[number] = reading  # the latest last
        if len(self._open) > KEPT:
            del self._open[next(iter(self._open))]
        return reading

    def __iter__(self) -> Iterator[Reading]:
        return (self._unpacked(number) for number in range(len(self)))

    def holds(self, document: str) -> bool:
        """Whether there is a reading of a document, by its id."""
        return document in self._places

    def of(self, document: str) -> Reading:
        """The reading of a document.

        Raises:
            KeyError: there is none.
        """
        return self[self._places[document]]

    def _unpacked(self, number: int) -> Reading:
        return self._decoder.decode(zlib.decompress(self._packed[number]))


def shelved(readings: Sequence[Reading]) -> Shelf:
    """Readings on a shelf; a shelf as it is."""
    return readings if isinstance(readings, Shelf) else Shelf(readings)

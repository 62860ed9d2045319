"""The files of a dossier that follow from its others: made from what lies in the bag, never from the case, so that they can't know more."""

from __future__ import annotations

from collections.abc import Iterable

from ascertain.publish._bag import Bag
from ascertain.publish.derive import Files, derived


def add_derived(bag: Bag, leaves: Iterable[bytes]) -> None:
    """Add annotations and provenance to a bag that holds what they follow from.

    Args:
        leaves: the records of the log that the dossier will show.
    """
    files = Files(dict(bag.digests), lambda name: (bag.folder / name).read_bytes())
    for path, parts in derived(files, leaves):
        bag.add(path, parts)

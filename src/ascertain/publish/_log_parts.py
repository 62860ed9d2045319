"""The custody log of a part: the records that it needs, each with its way to the head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import msgspec

from ascertain.custody import MerkleTree, canonical
from ascertain.publish._proof import named_objects
from ascertain.publish.verify import CHECKPOINT, CONTENTS, LEAVES, LOG, PROOFS

Object = tuple[str, str, str]


@attrs.frozen
class LogIndex:
    """Where in a log things stand.

    Attributes:
        named: for each object the first record that names it.
        sealed: for each name the last `sealed` record, with its parameters.
        linked: the last record of findings that has a seal, with its parameters; None where there is none.
    """

    named: Mapping[Object, int]
    sealed: Mapping[str, tuple[int, Mapping[str, Any]]]
    linked: tuple[int, Mapping[str, Any]] | None

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> LogIndex:
        """Go through the records, once."""
        named: dict[Object, int] = {}
        sealed: dict[str, tuple[int, Mapping[str, Any]]] = {}
        linked = None
        for number, leaf in enumerate(leaves):
            record = msgspec.json.decode(leaf)
            about = record["parameters"]
            for one in named_objects(record):
                named.setdefault(one, number)
            if record["action"] == "sealed":
                sealed[record["object"]] = number, about
            elif record["action"] == "linked" and "sealed" in about:
                linked = number, about
        return cls(named, sealed, linked)


def part_log(
    leaves: Sequence[bytes],
    *,
    checkpoint: str,
    objects: Mapping[Object, Sequence[str]],
    shown: Mapping[int, Sequence[str]],
    heads: Iterable[int],
) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """The files below `data/log/`, by path.

    Args:
        leaves: all records of the log, the export's own last.
        objects: what the part holds by its digest: (kind, object of its record, digest) to where it stands.
        shown: places of disclosures and of what is withheld, by the record that they name.
        heads: sizes of the earlier heads that are here.
    """
    tree, index = MerkleTree(leaves), LogIndex.of(leaves)
    places: dict[int, list[str]] = defaultdict(list, {number: list(found) for number, found in shown.items()})
    for one, found in objects.items():
        places[index.named[one]] += found
    places[len(leaves) - 1] = [CONTENTS]
    chosen = sorted(places)
    yield LEAVES, (leaves[number] + b"\n" for number in chosen)
    yield CHECKPOINT, checkpoint.encode()
    yield (
        PROOFS,
        (
            canonical({"leaf": number, "objects": sorted(places[number]), "path": [step.hex() for step in tree.inclusion(number)]}) + b"\n"
            for number in chosen
        ),
    )
    for size in sorted(set(heads)):
        yield f"{LOG}consistency/{size}", "".join(f"{step.hex()}\n" for step in tree.consistency(size)).encode()

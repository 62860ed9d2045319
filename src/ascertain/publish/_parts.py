"""Export a part of a case: some incidents or documents as they are, or a protected dossier of these or of all.

The order is that of `_dossier`. A part shows only the log's records that it needs, each with its way to the head of the whole log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import msgspec

from ascertain.custody import canonical
from ascertain.publish._bag import Bag
from ascertain.publish._choice import Choice, choose, decisions_of
from ascertain.publish._contents import CaseContents
from ascertain.publish._crate import About
from ascertain.publish._derived import add_derived
from ascertain.publish._disclose import disclose_findings
from ascertain.publish._dossier import Objects, describe, export_beside, write_objects
from ascertain.publish._heads import head_files
from ascertain.publish._log_parts import LogIndex, part_log
from ascertain.publish._protected import Closed, fill_closed
from ascertain.publish._register import Guard
from ascertain.publish._report import write_report
from ascertain.publish.verify import CONTENTS, INCIDENTS, PAYLOAD, SCHEMA, listing
from ascertain.records import Findings
from ascertain.store import Protection, Store, seal_findings_again

FINDINGS = "data/disclosures/findings.json"


@attrs.frozen
class Wanted:
    """What somebody wants to have in a part.

    Attributes:
        incidents, documents: ids or paths; none of both: the whole case (only where it is protected).
        protected: withhold what is restricted or protected.
        protect_names: of an open part, whether the report inside has pseudonyms.
    """

    incidents: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    protected: bool = False
    protect_names: bool = True


def export_part(store: Store, out: Path, wanted: Wanted, *, generated_at: str, tool: str) -> Closed | None:
    """Write the dossier of a part.

    Args:
        out: a new folder, or a new file whose name ends in `.zip`.
        generated_at: time of the export, ISO 8601 UTC.
        tool: name and version of what exports.

    Returns:
        Of a protected part, what its pseudonyms stand for and what is withheld; None of an open one.

    Raises:
        UsageError: nothing of that name is in the case, or there is something at `out` already.
        CustodyError: the case is not what its log says; nothing is written.
        StoreError: something protected would leave, or the disk refused.
    """
    choice = choose(store.findings() or Findings(), store.documents(), incidents=wanted.incidents, paths=wanted.documents)
    about = About(
        " ".join(store.name.split()),
        store.signer,
        store.key_fingerprint,
        generated_at,
        tool,
        "protected" if wanted.protected else "part",
        store.collector,
    )
    closed: list[Closed] = []

    def make(bag: Bag) -> None:
        if wanted.protected:
            closed.append(fill_closed(bag, store, choice, about))
            _finish(bag, store, about, Filled(shown=closed[0].shown), protected=True)
        else:
            Protection(store).refuse_unreleased(choice.documents)
            filled = _fill_open(bag, store, choice, about, protect_names=wanted.protect_names)
            _finish(bag, store, about, filled, protected=False)

    export_beside(store, out, make)
    return closed[0] if closed else None


@attrs.frozen
class Filled:
    """What a part's log has to show.

    Attributes:
        objects: what stands here by its digest: (kind, object of its record, digest) to its places.
        shown: places of disclosures and of what is withheld, by the number of the record that they open.
        whole: ids of the documents that leave whole.
        captures: of these.
    """

    objects: Objects = attrs.field(factory=dict)
    shown: Mapping[int, Sequence[str]] = attrs.field(factory=dict)
    whole: tuple[str, ...] = ()
    captures: tuple[Mapping[str, Any], ...] = ()


def _fill_open(bag: Bag, store: Store, choice: Choice, about: About, *, protect_names: bool) -> Filled:
    """A part as it is: originals and all records of the chosen documents, incidents and decisions."""
    chosen = set(choice.documents)
    decisions = decisions_of(choice, store.decisions())
    decided = {decision.id for decision in decisions}
    objects = write_objects(store, bag, keep=lambda kind, key: key in (decided if kind == "decision" else chosen))
    leaves = store.log_leaves()
    index = LogIndex.of(leaves)
    shown = _incidents(bag, store, choice, index)
    whole = ("findings", "findings", bag.digests[INCIDENTS])
    if whole in index.named:  # all incidents were chosen: the record names this very file
        objects[whole] = [INCIDENTS]
    add_derived(bag, [leaves[number] for number in sorted(shown.keys() | {index.named[one] for one in objects})])
    protection = Protection(store)
    contents = CaseContents(
        name=store.name, generated_at=about.exported_at, findings=attrs.evolve(store.findings() or Findings(), incidents=choice.incidents, copies=()),
        readings=tuple(r for key in sorted(chosen) if (r := store.reading(key)) is not None), decisions=tuple(decisions),
        captures=tuple(c for c in store.captures() if c.original in chosen), outcomes=tuple(o for o in store.outcomes() if o.original in chosen),
        checkpoint=store.checkpoint(), signer=store.signer, key_fingerprint=store.key_fingerprint,
        guard=Guard.of(protection.standings().values(), protection.pseudonyms()),
    )  # fmt: skip
    write_report(bag.folder / "data" / "report", contents, protect_names=protect_names)
    bag.adopt("data/report")
    captures = tuple(msgspec.json.decode(record) for key, record in store.recorded("capture") if key in chosen)
    return Filled(objects, shown, choice.documents, captures)


def _incidents(bag: Bag, store: Store, choice: Choice, index: LogIndex) -> dict[int, list[str]]:
    """The chosen incidents, and what of the findings' seal proves them."""
    record = next((record for _, record in store.recorded("findings")), None)
    whole: dict[str, Any] = msgspec.json.decode(record) if record else {"copies": [], "incidents": []}
    ids = {one.id for one in choice.incidents}
    paths = {document.path for document in store.documents() if document.id in set(choice.documents)}
    incidents = [one for one in whole["incidents"] if one["id"] in ids]
    copies = [one for one in whole["copies"] if paths.issuperset(one["documents"])]
    bag.add(INCIDENTS, canonical(whole | {"incidents": incidents, "copies": copies}))
    linked, made = index.linked, seal_findings_again(store)
    if linked is None or made is None or made.root().hex() != linked[1]["sealed"]["root"]:
        return {}
    values = {canonical(one).decode() for one in incidents}
    disclosure = disclose_findings(made, linked[0], shown=values.__contains__)
    bag.add(FINDINGS, disclosure.data)
    return {linked[0]: [FINDINGS]}


def _finish(bag: Bag, store: Store, about: About, filled: Filled, *, protected: bool) -> None:
    """Describe a filled bag, record the export, sign the log's head, and write what of the log belongs to the part."""
    heads = dict(head_files(store))
    for path, data in heads.items():
        bag.add(f"{PAYLOAD}{path}", data)
    describe(store, bag, about, filled.captures)
    bag.sync()
    contents = listing(bag.digests)
    Protection(store).record_export(
        filled.whole, schema=SCHEMA, scope="part", protected=protected, key=store.key_fingerprint, contents=sha256(contents).hexdigest(),
        files=len(bag.digests), bytes=sum(bag.sizes.values()), tool=about.tool,
    )  # fmt: skip
    bag.add(CONTENTS, contents)
    sizes = {int(path.split("/")[1]) for path in heads if path.startswith("heads/")}
    checkpoint = store.checkpoint()
    for path, file in part_log(store.log_leaves(), checkpoint=checkpoint, objects=filled.objects, shown=filled.shown, heads=sizes):
        bag.add(path, file)
    bag.close()

"""Verify parts of a case: selections, and dossiers that withhold (docs/specs/dossier.md, 40 to 55).

In a part lies one file with `verify.py` and this behind it; `shipped` makes it. What a part shows is proved against the head of the whole
log: each record by its path, each document and decision by the salted leaves of its seal, of which some are only hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ascertain.publish.verify as verifier
from ascertain.publish.derive import ANNOTATIONS, PROV, Files, disagreements
from ascertain.publish.verify import (
    CHECKPOINT,
    CONTENTS,
    DECISIONS,
    HEADS,
    INCIDENTS,
    LEAVES,
    LOG,
    MAX_LOG_BYTES,
    NOT_PROVED,
    PLACES,
    PROOFS,
    UnreadableError,
    Verifier,
    sha256,
)

# --- what stands below goes into the file that lies in a part

DISCLOSURES, WITHHELD, CONSISTENCY = "data/disclosures/", "data/withheld.jsonl", LOG + "consistency/"
CLASSES, FIELDS = {"restricted", "protected"}, ("path", "title", "publisher", "byline", "language", "media_type", "url")
DECIDED = ("kind", "reviewer", "decided_at", "reason", "attribute")
NOT_PROVED_OF_PARTS = (
    "that nothing which belongs to the part was left out", "that no later record replaces what is shown",
    "that stand-in words, classes and reasons say the truth",
)  # fmt: skip
EXPORTERS_WORD = "that incidents follow from what is shown: they are the exporter's word"
EXPORTERS_WORDS = "that readings, incidents, the report and renderings follow from the originals: they are the exporter's words about the text that is proved"


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees together (RFC 6962)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Root over the hashes of leaves."""
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(root_of(hashes[:middle]), root_of(hashes[middle:]))


def climb(index: int, size: int, path: Sequence[bytes], *found: bytes) -> tuple[bytes, ...]:
    """Where hashes lead along a path (RFC 9162, 2.1.3.2 and 2.1.4.2): with a second one, the first takes only what stands left of it."""
    last = size - 1
    for step in path:
        if last == 0:
            raise ValueError("a path is too long")
        if index % 2 or index == last:
            found = tuple(node(step, one) for one in found)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            found = (*found[:-1], node(found[-1], step))
        index, last = index >> 1, last >> 1
    if last:
        raise ValueError("a path is too short")
    return found


def goes_on(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether a proof shows that a tree is the beginning of a later one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    steps = [old_root, *proof] if old & (old - 1) == 0 else proof
    index, last = old - 1, new - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    return bool(proof) and climb(index, last + 1, steps[1:], steps[0], steps[0]) == (old_root, new_root)


def compact(found: Any) -> bytes:
    """The canonical JSON of what holds no fractions."""
    return json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def from_hex(digits: Any, length: int) -> bytes:
    """So many bytes from lower-case hex digits."""
    if not isinstance(digits, str) or not re.fullmatch(rf"[0-9a-f]{{{2 * length}}}", digits):
        raise ValueError("not the hex digits of a hash or a salt")
    return bytes.fromhex(digits)


def shown_leaf(name: str, value: str, salt: str) -> bytes:
    """Hash of a leaf that is shown (49)."""
    return hashlib.sha256(b"\0" + from_hex(salt, 16) + f"{name}\n{value}".encode("utf-8", "surrogatepass")).digest()


class Disclosure:
    """What one disclosure shows and withholds (47, 48): the hashes of its leaves, its fields, its text, what is withheld by class."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.kind, self.id, self.record, self.root = found["kind"], found["id"], found["record"], found["root"]
        self.hashes, self.withheld, self.text = list[bytes](), Counter[str](), ""
        self.fields: dict[str, Any] = {}
        self.values = set[str]()  # names of the fields that are shown as they are
        for one in found["fields"] if self.kind != "findings" else ():
            self.take_field(one)
        if list(self.fields) != sorted(self.fields):
            raise ValueError("fields out of order")
        for word in found["words"] if self.kind == "document" else ():
            self.take_word(word)
        self.incidents = [one[0] for one in found["incidents"] if isinstance(one, list)] if self.kind == "findings" else []
        for one in found["incidents"] if self.kind == "findings" else ():
            self.hashes.append(shown_leaf("incident", *one) if isinstance(one, list) else from_hex(one, 32))

    def take_field(self, one: Mapping[str, Any]) -> None:
        """A field: its value and salt, or what stands in its place and the hash of its leaf."""
        name = one["name"]
        if name in self.fields or "\n" in name:
            raise ValueError("a field twice, or with a name of another form")
        self.fields[name] = one["value"] if "salt" in one else one["shown"]
        if "salt" in one:
            self.values.add(name)
            self.hashes.append(shown_leaf(name, one["value"], one["salt"]))
        else:
            self.take_hidden(one, "field", most=1)

    def take_word(self, word: Any) -> None:
        """A word with its salt, or a run of words that is withheld."""
        if isinstance(word, list):
            self.hashes.append(shown_leaf("text", *word))
            self.text += word[0]
        else:
            self.text += word["shown"] or ""
            self.take_hidden(word, "word", most=len(word["leaves"]))

    def take_hidden(self, one: Mapping[str, Any], what: str, *, most: int) -> None:
        """The hashes of what is withheld."""
        if one["class"] not in CLASSES or not 1 <= len(one["leaves"]) <= most or not isinstance(one["reason"], str):
            raise ValueError("something is withheld without a class, a reason or a hash")
        self.hashes += [from_hex(leaf, 32) for leaf in one["leaves"]]
        self.withheld[f"{one['class']} {what}s"] += len(one["leaves"])

    def field(self, name: str) -> Any:
        """A field as it is shown; None where there is none, or nothing in its place."""
        return self.fields.get(name)


class Part(Verifier):
    """One check of one part."""

    def __init__(self, path: Path, key: str | None, earlier: Path | None) -> None:
        super().__init__(path, key, earlier)
        self.scope = "part"
        self.proofs: dict[int, list[str]] = {}  # number of a record -> objects that its line names
        self.disclosed: dict[str, Disclosure] = {}
        self.protected, self.withheld, self.not_at_all = False, Counter[str](), 0

    def check_log(self) -> None:
        """The records that are here lead to the signed head, each by its path (40 to 42)."""
        with self.guarded("log", LEAVES):
            *self.leaves, rest = self.read(LEAVES, limit=MAX_LOG_BYTES).split(b"\n")
            records = [json.loads(leaf) for leaf in self.leaves]
            for record in records:
                if [type(record[key]) for key in ("action", "actor", "object", "parameters", "time", "number")] != [
                    str,
                    str,
                    str,
                    dict,
                    str,
                    int,
                ]:
                    raise ValueError("a record is none")
            numbers = [record["number"] for record in records]
            if rest or not numbers or numbers != sorted({*numbers}) or (self.head is not None and numbers[-1] != self.head[0] - 1):
                self.fail("log", LEAVES, "is cut, out of order, or does not end with the log's last record")
            self.records, self.numbered = records, dict(zip(numbers, records, strict=True))
            about = records[-1]["parameters"]
            self.protected = about["protected"] is not False
            if self.signer and about["key"] != self.signer["fingerprint"]:
                self.fail("signer", LEAVES, "the last record names another key than the signer's")
            heads = {CONSISTENCY + name.split("/")[2] for name in self.digests if name.startswith(HEADS)}
            for name in {name for name in self.digests if name.startswith(LOG)} - {LEAVES, CHECKPOINT, PROOFS, CONTENTS} - heads:
                self.fail("log", name, "is no file of a part's log")
            self.check_proofs()
            self.says["log"] = (
                f"{len(records):,} records of {numbers[-1] + 1:,} lead to the signed head, {records[0]['time']} to {records[-1]['time']}"
            )

    def check_proofs(self) -> None:
        """A line for each record, whose path leads to the head's root."""
        with self.guarded("log", PROOFS):
            *lines, rest = self.read(PROOFS, limit=MAX_LOG_BYTES).split(b"\n")
            proofs = [json.loads(line) for line in lines]
            if rest or [compact(proof) for proof in proofs] != lines or [proof["leaf"] for proof in proofs] != [*self.numbered]:
                self.fail("log", PROOFS, "does not have a canonical line for each record, in their order")
            for leaf, proof in zip(self.leaves, proofs, strict=True):
                path = [from_hex(step, 32) for step in proof["path"]]
                found = climb(proof["leaf"], self.head[0], path, hashlib.sha256(b"\0" + leaf).digest()) if self.head else None
                if self.head and found != (self.head[1],):
                    self.fail("log", LEAVES, f"record {proof['leaf']} is not in the signed log")
                    self.fail("log", PROOFS, f"has no way from record {proof['leaf']} to the signed head")
                self.proofs[proof["leaf"]] = proof["objects"]

    def earlier_head(self, layer: str, file: str, note: bytes) -> tuple[int, bytes]:
        """An earlier head leads to this one by the proof that lies here (45)."""
        size, root = int(note.split(b"\n")[1]), base64.b64decode(note.split(b"\n")[2], validate=True)
        head, way = self.head_text(size, root).encode(), f"{CONSISTENCY}{size}"
        if self.head is None or (size != self.head[0] and way not in self.digests):
            if layer == "earlier":
                raise UnreadableError(f"a part can prove this only for the heads that lie in it, not for one of {size} records")
            self.fail(layer, way, f"is missing: nothing proves that this log goes on from {file}")
            raise FileNotFoundError(way)
        proof, whole = [], False
        with self.guarded(layer, way):
            text = self.read(way).decode() if way in self.digests else ""
            proof = [from_hex(step, 32) for step in text.splitlines()]
            whole = text == "".join(f"{step.hex()}\n" for step in proof) and 0 < size <= self.head[0]
            whole = whole and goes_on(size, root, *self.head, proof)
        if not whole or not note.startswith(head + b"\n"):
            self.fail(layer, file, f"is a checkpoint of {size} records from which this log of {self.head[0]} does not go on")
            if size != self.head[0]:
                self.fail(layer, way, f"does not prove that this log goes on from {file}")
        return size, head

    def check_objects(self) -> None:
        """Disclosures lead to the seals of their records; every object is named by a record here, or stands by a disclosure (43, 46 to 55)."""
        for name in sorted(name for name in self.digests if name.startswith(DISCLOSURES)):
            with self.guarded("objects", name):
                self.check_disclosure(name)
        sealed = [record["object"] for record in self.records if record["action"] == "sealed"]
        if len(sealed) != len({*sealed}):
            self.fail("objects", LEAVES, "has two seals of one thing")
        places: dict[int, list[str]] = {number: [] for number in self.numbered}
        with self.guarded("objects", LEAVES):
            for place, number in (*self.named_places(), *self.withheld_places()):
                places[number].append(place)
        for disclosure in self.disclosed.values():
            places[disclosure.record].append(f"{DISCLOSURES}{disclosure.id}.json")
        places[self.records[-1]["number"]] = [CONTENTS]
        for number, names in places.items():
            if self.proofs.get(number) != sorted(names):
                self.fail("objects", PROOFS, f"gives other objects to record {number} than it names")
        self.check_standing()
        shown = [one for one in self.disclosed.values() if one.kind == "document"]
        whole = sum(place.startswith("data/originals/") for place in self.objects)
        self.withheld = sum((one.withheld for one in self.disclosed.values()), Counter())
        words = ", ".join(f"{count:,} {what}" for what, count in sorted(self.withheld.items())) or "nothing"
        self.says["objects"] = (
            f"a part{' that protects' if self.protected else ''}: {whole:,} documents whole, {len(shown):,} by their words, "
        )
        self.says["objects"] += f"{self.not_at_all:,} not at all; withheld: {words}"

    def check_disclosure(self, name: str) -> None:
        """One disclosure against the seal in its record (49)."""
        data = self.read(name)
        found = json.loads(data)
        one = Disclosure(found)
        record = self.numbered[one.record]
        about = record["parameters"]
        seal = about["sealed"] if one.kind == "findings" else about
        right = (record["action"], "findings") if one.kind == "findings" else (record["action"], record["object"])
        if right != ("linked" if one.kind == "findings" else "sealed", one.id) or (one.kind != "findings" and about["kind"] != one.kind):
            self.fail("objects", name, f"names record {one.record}, which is no seal of it")
        if name != f"{DISCLOSURES}{one.id}.json" or found["schema"] != "ascertain/disclosure/1" or compact(found) + b"\n" != data:
            self.fail("objects", name, "is not in the one form of a disclosure")
        if len(one.hashes) != seal["leaves"] or not root_of(one.hashes).hex() == one.root == seal["root"]:
            self.fail(
                "objects", name, f"does not lead to the seal in record {one.record}: something that it shows is another, or was left out"
            )
        self.disclosed[one.id] = one

    def named_places(self) -> Iterator[tuple[str, int]]:
        """What records here name that is here, with the first that does (19); it is put among the objects."""
        lines: dict[str, dict[str, list[str]]] = {}
        for kind in ("capture", "outcome", "decision"):
            lines[kind] = {}
            for number, line in enumerate(self.read(PLACES[kind]).split(b"\n")[:-1] if PLACES[kind] in self.digests else (), start=1):
                lines[kind].setdefault(sha256(line), []).append(f"{PLACES[kind]}#{number}")
        for number, record in self.numbered.items():
            named = {kind: record["parameters"][kind] for kind in PLACES if kind in record["parameters"]}
            if record["action"] == "collected":
                named["original"] = record["object"]
            for kind, digest in named.items():
                for place in lines[kind].get(digest, ()) if kind in lines else (PLACES[kind].format(record["object"]),):
                    if place not in self.objects and (kind in lines or self.digests.get(place) == digest):
                        self.objects[place] = digest, number
                        yield place, number

    def withheld_places(self) -> Iterator[tuple[str, int]]:
        """The lines about what is withheld whole (53), with the seals that they name."""
        if WITHHELD in self.digests:
            with self.guarded("objects", WITHHELD):
                *lines, rest = self.read(WITHHELD).split(b"\n")
                if rest or not lines:
                    raise ValueError("it is cut, or empty")
                for number, line in enumerate(lines, start=1):
                    one = json.loads(line)
                    if (
                        compact(one) != line
                        or one["kind"] not in {"document", "decision"}
                        or one["class"] not in CLASSES
                        or one["id"] in self.disclosed
                    ):
                        raise ValueError(f"line {number} has another form, or is about what is shown")
                    self.not_at_all += one["kind"] == "document"
                    if one["record"] is not None:
                        record = self.numbered[one["record"]]
                        if (record["action"], record["object"], record["parameters"]["kind"]) != ("sealed", one["id"], one["kind"]):
                            raise ValueError(f"line {number} names a record that is no seal of it")
                        yield f"{WITHHELD}#{number}", one["record"]

    def check_standing(self) -> None:
        """Nothing is here that no record here names and no disclosure carries (51, 55)."""
        documents = {one.id for one in self.disclosed.values() if one.kind == "document"}
        for name in sorted(self.digests):
            folder, _, rest = name.removeprefix("data/").partition("/")
            if folder == "originals" and name not in self.objects:
                self.fail("objects", name, "is named by no record here")
            if folder in {"documents", "texts", "readings"} and name not in self.objects and rest.partition(".")[0] not in documents:
                self.fail("objects", name, "is named by no record here, and no disclosure carries it")
            if self.protected and (folder == "originals" or name == PLACES["capture"]):
                self.fail("objects", name, "is in a dossier that protects, where no original may be")
        carried = {f"decision-{one.id[:12]}" for one in self.disclosed.values() if one.kind == "decision"}
        for kind in ("capture", "outcome", "decision"):
            with self.guarded("objects", PLACES[kind]):
                for number, line in enumerate(self.read(PLACES[kind]).split(b"\n") if PLACES[kind] in self.digests else (), start=1):
                    named = f"{PLACES[kind]}#{number}" in self.objects
                    if line and not named and not (kind == "decision" and json.loads(line)["id"] in carried):
                        self.fail("objects", f"{PLACES[kind]}#{number}", "is named by no record here")

    def check_passages(self) -> None:
        """Texts and documents are what the disclosures show (50), and every span lies in its text."""
        named = dict(self.objects)
        for one in self.disclosed.values():
            places = {kind: PLACES[kind].format(one.id) for kind in ("document", "reading")} if one.kind == "document" else {}
            self.objects |= {place: (self.digests[place], one.record) for place in places.values() if place in self.digests}
            for kind, place in places.items():
                if place in self.digests:
                    with self.guarded("passages", place):
                        found = json.loads(self.read(place))
                        document = found["document"] if kind == "reading" else found
                        told = [document.get(name) for name in FIELDS] + [(document.get("published") or {}).get("value")]
                        if document["text"] != one.text or told != [one.field(name) for name in (*FIELDS, "published")]:
                            self.fail("passages", place, "is not what its disclosure shows")
            if one.kind == "document":
                with self.guarded("passages", place := PLACES["text"].format(one.id)):
                    if self.read(place) != one.text.encode("utf-8", "surrogatepass"):
                        self.fail("passages", place, "is not the text that its disclosure shows")
        super().check_passages()
        self.objects = named

    def check_facts(self) -> None:
        """Decisions and incidents are those disclosed (52, 54); then as in a whole case."""
        with self.guarded("facts", DECISIONS):
            self.check_decisions()
        findings = self.disclosed.get("findings")
        with self.guarded("facts", INCIDENTS):
            if findings is not None and not self.protected and INCIDENTS in self.digests:
                shown = iter([json.loads(one) for one in findings.incidents])
                if not all(any(incident == one for one in shown) for incident in json.loads(self.read(INCIDENTS))["incidents"]):
                    self.fail("facts", INCIDENTS, "holds an incident that the disclosure does not show, or in another order")
        named = dict(self.objects)
        if INCIDENTS in self.digests:
            self.objects[INCIDENTS] = self.digests[INCIDENTS], self.records[-1]["number"]
        super().check_facts()
        self.objects = named
        words = EXPORTERS_WORDS if self.protected else EXPORTERS_WORD if findings is None else None
        self.not_proved = (*NOT_PROVED, *NOT_PROVED_OF_PARTS, *((words,) if words else ()))

    def check_decisions(self) -> None:
        """Each disclosed decision is what its disclosure shows (52)."""
        decisions = {f"decision-{one.id[:12]}": one for one in self.disclosed.values() if one.kind == "decision"}
        for line in self.read(DECISIONS).splitlines() if DECISIONS in self.digests else ():
            said = json.loads(line)
            one = decisions.get(said["id"])
            if one is None:
                continue
            value = json.loads(one.field("value")) if "value" in one.values else said["value"]
            if [said.get(name) for name in DECIDED] != [one.field(name) for name in DECIDED] or said["value"] != value:
                self.fail("facts", DECISIONS, f"{said['id']} is not what its disclosure shows")


# --- to here


def check_derived(found: Verifier) -> None:
    """Annotations and provenance are what follows from the rest (58 to 69), where that holds: else the rest is what is wrong."""
    if any(problem.layer not in {"signer", "earlier", "times"} for problem in found.problems):
        return
    with found.guarded("passages", ANNOTATIONS.rstrip("/")):
        for name, says in disagreements(Files(found.digests, lambda name: found.read(name, limit=MAX_LOG_BYTES))):
            found.fail("objects" if name == PROV else "passages", name, says)


def check(path: Path, *, key: str | None = None, earlier: Path | None = None) -> Verifier:
    """Check a whole dossier or a part; as `verify.check`, and what follows from the rest besides."""
    found = verifier.check(path, key=key, earlier=earlier, part=Part)
    check_derived(found)
    return found


def main(arguments: Sequence[str]) -> int:
    """Check a whole dossier or a part and say what was found; gives the exit status."""
    return verifier.main(arguments, part=Part, also=check_derived)


def shipped() -> bytes:
    """One file that checks whole dossiers and parts: `verify.py`, and what stands between the marks here."""
    whole = Path(verifier.__file__).read_text(encoding="utf-8")
    ours = (
        Path(__file__).read_text(encoding="utf-8").partition("# --- what stands below")[2].partition("\n")[2].partition("# --- to here")[0]
    )
    start, _, _ = whole.rpartition("if __name__")
    start = start.replace("import argparse\n", "import argparse\n", 1).replace(
        "import zlib\n", "import zlib\nfrom collections import Counter\n", 1
    )
    return f'{start}{ours.strip()}\n\n\nif __name__ == "__main__":\n    sys.exit(main(sys.argv[1:], part=Part))\n'.encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Verify a dossier, offline, with Python's standard library and the package `cryptography` only; docs/specs/dossier.md is the form.

    python verify.py DOSSIER [--key FINGERPRINT] [--earlier CHECKPOINT] [--items] [--json]

Nothing is unpacked, written or fetched. Exit status: 0 all holds; 2 wrong usage; 3 something could not be checked; 4 something is false.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

SCHEMA, MANIFEST, TAGMANIFEST = "ascertain/dossier/1", "manifest-sha256.txt", "tagmanifest-sha256.txt"
PAYLOAD, LOG, KEY, INCIDENTS, DECISIONS = "data/", "data/log/", "data/keys/verifier.key", "data/incidents.json", "data/decisions.jsonl"
LEAVES, CHECKPOINT, PROOFS, CONTENTS = LOG + "leaves.jsonl", LOG + "checkpoint", LOG + "proofs.jsonl", LOG + "contents-sha256.txt"
HEADS, WITNESSES, COUNTED = "data/heads/", "data/keys/witnesses", ("at_least", "at_most", "value")
NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*"  # ASCII; no part is empty or begins with a dot
LAYERS = ("bytes", "signer", "log", "earlier", "contents", "objects", "times", "passages", "facts")
READ = (("document", ""), ("text", ""), ("reading", ""), ("outcome", "extract"))  # what parsing, and each later stage, leaves of a document
REMOVED = {"parse": READ, "extract": READ[2:3], "deleted": (("original", ""), ("outcome", "parse"), *READ)}
PLACES = {  # where an object stands: by the word under which a log record names its digest
    "original": "data/originals/{}", "document": "data/documents/{}.json", "text": "data/texts/{}.txt", "reading": "data/readings/{}.json",
    "findings": INCIDENTS, "capture": "data/captures.jsonl", "outcome": "data/outcomes.jsonl", "decision": DECISIONS,
}  # fmt: skip
SPANS, SPAN_LISTS = {"passage", "cue", "trigger", "speaker_passage", "counted_passage"}, {"mentions", "content"}
CHUNK_BYTES, MAX_RECORD_BYTES, MAX_LOG_BYTES = 1 << 20, 1 << 28, 1 << 31  # the longest reading has a few MB, a million records have 400
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError, struct.error)
REVIEWERS_TO_ESTABLISH, NEAR_CHARACTERS, KEYED = 2, 200, {"created", "rotated"}  # the last: actions whose records name the signer's key
STAMPED = re.compile(rb"(?s)\x06\x09\x60\x86H\x01e\x03\x04\x02\x01(?:\x05\0)?\x04 (.{32})\x02.{2,22}?\x18[\x0f-\x17](\d{14})")
NOT_PROVED = (
    "that what the documents say is true", "who holds the key", "that nothing was left out before it was collected",
    "when things happened (records' times are the clock of the machine that kept the case; stamps and witnesses say between when it logged them)",
    "who signed a stamp (openssl ts -verify -data data/heads/N/checkpoint -in data/heads/N/STAMP.tsr -CAfile AUTHORITYS_ROOT)",
)  # fmt: skip


class UnreadableError(Exception):
    """Something could not be checked: never the same as false."""


class Problem(NamedTuple):
    """What does not hold (`false`), or could not be checked."""

    layer: str
    file: str
    says: str
    false: bool


class Spot(NamedTuple):
    """Where the bytes of a file lie on disk; `crc` is the archive's checksum of a member."""

    path: str  # not a Path: tens of thousands of them are large
    start: int
    size: int
    crc: int | None = None

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in parts."""
        with Path(self.path).open("rb") as file:
            file.seek(self.start)
            for start in range(0, self.size, CHUNK_BYTES):
                yield file.read(min(CHUNK_BYTES, self.size - start))


def sha256(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def local_header(name: str, *, size: int, crc: int) -> bytes:
    """The header before an archive's member: stored, no flags, 1 January 1980, no extra field."""
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0x21, crc, size, size, len(name), 0) + name.encode("latin-1")


def central_directory(members: Sequence[tuple[str, int, int, int]], *, start: int) -> bytes:
    """All that follows the members (name, size, checksum, offset); the 64-bit forms stand only where a number needs them."""
    made = bytearray()
    for name, size, crc, offset in members:
        far = struct.pack("<2HQ", 1, 8, offset) if offset >= 0xFFFFFFFF else b""
        sizes = (0x21, crc, size, size, len(name), len(far), 0, 0, 0, 0, min(offset, 0xFFFFFFFF))
        made += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 45 if far else 20, 0, 0, 0, *sizes) + name.encode("latin-1") + far
    count, length, few = len(members), len(made), min(len(members), 0xFFFF)
    if count >= 0xFFFF or start >= 0xFFFFFFFF or length >= 0xFFFFFFFF:
        made += struct.pack("<4sQ2H2L4Q4sLQL", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start, b"PK\6\7", 0, start + length, 1)
    return bytes(made + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, few, few, min(length, 0xFFFFFFFF), min(start, 0xFFFFFFFF), 0))


def is_covered(name: str) -> bool:
    """Whether the signed list of contents holds this file: all but the log, and the manifests, which follow from the rest."""
    return not name.startswith(LOG) and name not in {MANIFEST, TAGMANIFEST}


def listing(digests: Mapping[str, str]) -> bytes:
    """The lines that `sha256sum -c` reads, in order of path."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


class Tree:
    """The Merkle tree of RFC 6962: the hashes of all complete subtrees, by level."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self.rows = [[hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]]
        while len(row := self.rows[-1]) > 1:
            self.rows.append([hashlib.sha256(b"\1" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)])

    def hash(self, start: int, end: int) -> bytes:
        """Hash of the subtree over leaves `start` to `end`."""
        level = (end - start).bit_length() - 1
        if end - start == 1 << level:
            return self.rows[level][start >> level]
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        return hashlib.sha256(b"\1" + self.hash(start, middle) + self.hash(middle, end)).digest()

    def audit_path(self, index: int) -> list[str]:
        """The hashes that lead from a leaf to the root, lowest first (RFC 6962, 2.1.1)."""
        size = len(self.rows[0])
        beside = [((index >> level) ^ 1) << level for level in range(size.bit_length())]
        return [self.hash(start, min(start + (1 << level), size)).hex() for level, start in enumerate(beside) if start < size]

    def tiles(self, leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """The files of C2SP tlog-tiles: 256 hashes or leaves each, every eighth level."""
        kinds = {str(level // 8): row for level, row in enumerate(self.rows) if level % 8 == 0}
        for kind, items in (kinds | {"entries": [struct.pack(">H", len(leaf)) + leaf for leaf in leaves]}).items():
            for start in range(0, len(items), 256):
                part, index = items[start : start + 256], str(start // 256)
                groups = re.sub(r"(...)(?=.)", r"x\1/", index.zfill(-(-len(index) // 3) * 3))  # three digits, an x before all but the last
                yield f"{LOG}tile/{kind}/{groups}" + ("" if len(part) == 256 else f".p/{len(part)}"), b"".join(part)


class Verifier:
    """One check of one dossier: what was found so far, and a method a layer; `earlier` is a checkpoint that the reader kept."""

    def __init__(self, path: Path, key: str | None, earlier: Path | None) -> None:
        self.path, self.key, self.earlier, self.scope, self.not_proved = path, key, earlier, "whole", NOT_PROVED
        self.files, self.problems = dict[str, Spot](), list[Problem]()
        self.digests, self.says, self.signer = dict[str, str](), dict[str, str](), dict[str, Any]()
        self.head: tuple[int, bytes] | None = None
        self.leaves, self.records, self.numbered = list[bytes](), list[dict[str, Any]](), dict[int, dict[str, Any]]()
        self.since, self.decisions = 0, list[dict[str, Any]]()  # records in the earlier checkpoint; decisions that stand
        self.bounds = list[tuple[int, str, str, int | None]]()  # so many records not after a time, by whom, those past which not before it
        self.objects: dict[str, tuple[str, int]] = {}  # place in the dossier -> digest, first record that names it
        self.readings: dict[str, tuple[int, dict[str, Any], set[str]]] = {}  # document -> length, events' triggers, statements

    def fail(self, layer: str, file: str, says: str, *, false: bool = True, when: bool = True) -> None:
        """Note a problem, when it is one and the first of its layer and file."""
        if when and not any(problem[:2] == (layer, file) for problem in self.problems[-200:]):
            self.problems.append(Problem(layer, file, says, false))

    @contextmanager
    def guarded(self, layer: str, file: str) -> Iterator[None]:
        """Turn whatever a damaged file causes into a problem of that file."""
        try:
            yield
        except FileNotFoundError:
            self.fail(layer, file, "is missing")
        except (UnreadableError, OSError, ImportError) as error:  # the last: the package cryptography is not installed
            self.fail(layer, file, f"could not be checked: {error}", false=False)
        except MALFORMED as error:
            self.fail(layer, file, f"is malformed, or names what is not there ({type(error).__name__}: {str(error)[:120]})")

    @property
    def status(self) -> int:
        """The exit status."""
        return 4 if any(problem.false for problem in self.problems) else 3 if self.problems or len(self.says) < len(LAYERS) else 0

    def state(self, layer: str) -> str:
        """`holds`, `fails` or `not checked`."""
        found = [problem.false for problem in self.problems if problem.layer == layer]
        if layer == "earlier" and self.earlier is None:
            return "not asked"
        return "fails" if True in found else "not checked" if found or layer not in self.says else "holds"

    def take_folder(self) -> None:
        """Find the files of a folder; links and whatever is no plain file are refused."""
        for entry in sorted(self.path.rglob("*")):
            name = entry.relative_to(self.path).as_posix()
            if entry.is_symlink() or not re.fullmatch(NAME, name) or not (entry.is_file() or (entry.is_dir() and any(entry.iterdir()))):
                self.fail("bytes", ascii(name)[1:-1], "is a link, no plain file or an empty folder, or has a name that no file here has")
            elif entry.is_file():
                self.files[name] = Spot(str(entry), 0, entry.stat().st_size)

    def take_archive(self) -> None:
        """Find the members of an archive in its one form: one after the other, then the directory that follows from them, then nothing."""
        members, position, form = list[tuple[str, int, int, int]](), 0, "the archive is not in the one form of a dossier's: "
        with (archive := self.path).open("rb") as file:
            while (head := file.read(30))[:4] == b"PK\x03\x04" and len(head) == 30:
                crc, size, _, length = struct.unpack("<3LH", head[14:28])
                name, start = file.read(length).decode("latin-1"), position + 30 + length
                sound = name not in self.files and re.fullmatch(NAME, name) and head == local_header(name, size=size, crc=crc)[:30]
                self.fail("bytes", archive.name, f"{form}the header of {name!a} is changed, or stands twice", when=not sound)
                self.files[name] = Spot(str(archive), start, size, crc)
                members.append((name, size, crc, position))
                position = file.seek(start + size)
            rest = central_directory(members, start=position)
            file.seek(position)
            if file.read(len(rest) + 1) != rest or members != sorted(members):
                self.fail("bytes", archive.name, f"{form}what stands from byte {position} on does not follow from its members")

    def hash_files(self) -> None:
        """Hash every file, once."""
        for name, spot in sorted(self.files.items()):
            with self.guarded("bytes", name):
                total, crc = hashlib.sha256(), 0
                for part in spot.chunks():
                    total.update(part)
                    crc = zlib.crc32(part, crc)
                self.digests[name] = total.hexdigest()
                self.fail("bytes", name, "does not match its checksum in the archive", when=spot.crc not in {None, crc})

    def read(self, name: str, *, limit: int = MAX_RECORD_BYTES) -> bytes:
        """The bytes of a file, the same that were hashed."""
        if name not in self.digests:
            raise FileNotFoundError(name)
        if self.files[name].size > limit:
            raise UnreadableError(f"it has {self.files[name].size:,} bytes, more than this verifier reads")
        data = b"".join(self.files[name].chunks())
        if sha256(data) != self.digests[name]:
            raise UnreadableError("it changed while it was being checked")
        return data

    def check_list(self, layer: str, list_name: str, listed: Callable[[str], bool]) -> None:
        """A list in the form of sha256sum, in order of path: it names exactly the files that `listed` chooses, as they are."""
        with self.guarded(layer, list_name):
            text, before = self.read(list_name, limit=MAX_LOG_BYTES), len(self.problems)
            actual = {name: digest for name, digest in self.digests.items() if listed(name)}
            if text == listing(actual):
                return
            said = {name: digest for digest, name in re.findall(rf"(?m)^([0-9a-f]{{64}})  ({NAME})$", text.decode("ascii", "replace"))}
            for name in sorted({name for name, _ in said.items() ^ actual.items()}):
                self.fail(layer, name, f"is not what {list_name} lists" if name in actual else f"is missing: {list_name} lists it")
            if list_name != CONTENTS or len(self.problems) == before:
                self.fail(layer, list_name, "is not the list of these files: paths in order, each once, two blanks between")

    def check_bytes(self) -> None:
        """The bag's manifests (RFC 8493); its declaration and description are among the files that the signed list names."""
        self.check_list("bytes", MANIFEST, lambda name: name.startswith(PAYLOAD))
        self.check_list("bytes", TAGMANIFEST, lambda name: not name.startswith((PAYLOAD, TAGMANIFEST)))
        self.says["bytes"] = f"{len(self.files):,} files, as the manifests list them, none besides"

    def check_signer(self) -> None:
        """The key in its one form, and its signature under the checkpoint: origin, size, root, an empty line, one signature, no more."""
        with self.guarded("signer", KEY):
            name, short, raw = parsed_key(self.read(KEY).decode(), b"\1")
            self.signer = {"name": name, "fingerprint": sha256(raw), "demanded": self.key is not None}
            self.fail("signer", KEY, f"is the key {sha256(raw)}, not that demanded ({self.key})", when=self.key not in {None, sha256(raw)})
            with self.guarded("signer", CHECKPOINT):
                note = self.read(CHECKPOINT).decode()
                origin, size, root, _, signature, _ = note.split("\n")
                blob = base64.b64decode(signature.rpartition(" ")[2], validate=True)
                self.head = int(size), base64.b64decode(root, validate=True)
                body = self.head_text(*self.head)
                if note != f"{body}\n— {name} {base64.b64encode(short + blob[4:]).decode()}\n" or origin != name:
                    raise ValueError("not the one form of a checkpoint of this key")
                signed = signature_holds(raw, blob[4:], body.encode())
                self.fail("signer", CHECKPOINT, f"the signature of {name} does not hold", when=not signed)
            self.says["signer"] = f"{name}, key {sha256(raw)}"

    def head_text(self, size: int, root: bytes) -> str:
        """The three lines of a checkpoint that are signed."""
        return f"{self.signer['name']}\n{size}\n{base64.b64encode(root).decode()}\n"

    def check_log(self) -> None:
        """The records are those that were signed: their places, their number, their root, their tiles."""
        with self.guarded("log", LEAVES):
            *self.leaves, rest = self.read(LEAVES, limit=MAX_LOG_BYTES).split(b"\n")
            self.fail("log", LEAVES, "is cut within a record", when=rest != b"")
            self.tree = Tree(self.leaves)
            tiles = {name: sha256(tile) for name, tile in self.tree.tiles(self.leaves)}
            if self.head is not None and self.head != (len(self.leaves), self.tree.hash(0, len(self.leaves))):
                known = b"".join(
                    self.read(name) for name in sorted(self.digests) if name.startswith(LOG + "tile/0/")
                )  # of the log that was
                strange = [number for number, found in enumerate(self.tree.rows[0]) if known[32 * number : 32 * number + 32] != found]
                first = f"; record {strange[0]} is the first that its tile does not know" if strange else ""
                self.fail("log", LEAVES, f"has {len(self.leaves)} records that do not lead to the signed head{first}")
            elif self.head is not None:
                for name in tiles.keys() | {name for name in self.digests if name.startswith(LOG)} - {LEAVES, CHECKPOINT, PROOFS, CONTENTS}:
                    if self.digests.get(name) != tiles.get(name):
                        self.fail("log", name, "is missing, or nothing that the log's records give")
            records = [json.loads(leaf) for leaf in self.leaves]
            for number, record in enumerate(records):
                kinds = [type(record[key]) for key in ("action", "actor", "object", "parameters", "time")]
                if kinds != [str, str, str, dict, str] or record["number"] != number or record["schema"] != "ascertain/log/1":
                    raise ValueError(f"record {number} is none, or is out of its place")
            if self.signer and [r["parameters"]["key"] for r in records if r["action"] in KEYED][-1] != self.signer["fingerprint"]:
                self.fail("log", LEAVES, "names another key than the signer's")
            self.records, self.numbered = records, dict(enumerate(records))
            self.replay()
            self.says["log"] = f"{len(self.leaves):,} records lead to the signed head, {records[0]['time']} to {records[-1]['time']}"

    def earlier_head(self, layer: str, file: str, note: bytes) -> tuple[int, bytes]:
        """Size and signed text of a checkpoint from which this log has to go on, by the records that are here."""
        size, here = int(note.split(b"\n")[1]), len(self.leaves)
        head = self.head_text(size, self.tree.hash(0, size)).encode() if size <= here else b""
        says = f"covers {size} records from which this log of {here} does not go on: they were changed, or it was cut"
        self.fail(layer, file, says, when=not head or not note.startswith(head + b"\n"))
        return size, head

    def check_earlier(self) -> None:
        """The log goes on from a checkpoint that left it earlier and was kept elsewhere."""
        if self.earlier is not None:
            with self.guarded("earlier", self.earlier.name):
                self.since, _ = self.earlier_head("earlier", self.earlier.name, self.earlier.read_bytes())
        self.says["earlier"] = f"the log goes on from the {self.since:,} records of the earlier checkpoint"

    def replay(self) -> None:
        """What the case holds after the last record: a stage that ran again replaces what it and later ones left, the rest is added."""
        held: dict[tuple[str, Any, str], tuple[str, int]] = {}  # by kind, object or number of the record, and stage
        first: dict[tuple[str, str, str], int] = {}
        for number, record in enumerate(self.records):
            thing, collected = record["object"], record["action"] == "collected"
            about = record["parameters"] | ({"original": thing} if collected else {})
            for kind, of in REMOVED.get("deleted" if record["action"] == "deleted" else about.get("stage", ""), ()):
                held.pop((kind, thing, of), None)
            for kind, digest in ((kind, about[kind]) for kind in PLACES if kind in about):
                key = {"capture": number, "decision": number, "findings": ""}.get(kind, thing)
                held[kind, key, about["stage"] if kind == "outcome" else ""] = digest, first.setdefault((kind, thing, digest), number)
        for kind, place in PLACES.items():
            found, lines = [key for key in held if key[0] == kind], place.endswith("jsonl")
            for number, name in enumerate(sorted(found) if lines else found, start=1):
                self.objects[f"{place}#{number}" if lines else place.format(name[1])] = held[name]

    def check_contents(self) -> None:
        """The last record is this export, and names the list of all files outside the log."""
        self.check_list("contents", CONTENTS, is_covered)
        with self.guarded("contents", CONTENTS):
            action, about = self.records[-1]["action"], self.records[-1]["parameters"]
            if action != "exported" or about["schema"] != SCHEMA or about["scope"] != self.scope:
                self.fail("contents", LEAVES, f"does not end with an export in this form, of the scope {self.scope}")
            elif about["contents"] != sha256(self.read(CONTENTS, limit=MAX_LOG_BYTES)):
                self.fail("contents", CONTENTS, "is not the list that the log's last record names: a file that it lists was exchanged")
            self.says["contents"] = f"{sum(map(is_covered, self.digests)):,} files are those that were signed when they left"

    def check_objects(self) -> None:
        """Every object is the one that the log names last, every such object is there, and the proofs are theirs."""
        folders = tuple(place.partition("{")[0] for place in PLACES.values() if not place.endswith("jsonl"))
        present = {name: digest for name, digest in self.digests.items() if name.startswith(folders)}
        for kind in ("capture", "outcome", "decision"):
            with self.guarded("objects", PLACES[kind]):
                *lines, rest = self.read(PLACES[kind]).split(b"\n")
                present |= {f"{PLACES[kind]}#{number}": sha256(line) for number, line in enumerate(lines, start=1)}
                self.fail("objects", PLACES[kind], "is cut within a line", when=rest != b"")
        unread = {problem.file for problem in self.problems if not problem.false}
        for name in sorted(present.keys() | self.objects.keys()):
            digest, number = self.objects.get(name, (None, None))
            if present.get(name) != digest and name.partition("#")[0] not in unread:
                says = "is in no record of the log" if digest is None else f"is not what record {number} of the log names"
                self.fail("objects", name, says if name in present else f"is missing: record {number} of the log names it")
        self.fail("objects", PROOFS, "is missing, or is not the proof of these objects in this log", when=not self.proofs_hold())
        counts = {kind: sum(name.startswith(place.partition("{")[0]) for name in self.objects) for kind, place in PLACES.items()}
        self.says["objects"] = ", ".join(f"{count:,} {kind}s" for kind, count in counts.items() if kind != "findings")

    def proofs_hold(self) -> bool:
        """Whether the proofs are a line for each record that was first to name an object: number, where the objects stand, audit path."""
        places: dict[int, list[str]] = {len(self.records) - 1: [CONTENTS]}
        for name, (_, number) in self.objects.items():
            places.setdefault(number, []).append(name)
        lines = [{"leaf": n, "objects": sorted(names), "path": self.tree.audit_path(n)} for n, names in sorted(places.items())]
        made = (json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n" for line in lines)
        return self.digests.get(PROOFS) == sha256(b"".join(made))

    def check_times(self) -> None:
        """Heads that others saw: the log goes on from each, and each stamp and signature of a witness is of that head."""
        answers = {r["parameters"]["answer"]: r["number"] for r in self.records if "answer" in r["parameters"]}
        for name in sorted(name for name in self.digests if name.startswith(HEADS)):
            with self.guarded("times", name):
                data, note = self.read(name), self.read(f"{name.rpartition('/')[0]}/checkpoint")
                size, head = self.earlier_head("times", name, note)
                if name.endswith("/cosigned"):
                    for line in data.removeprefix(note).splitlines(keepends=True):
                        time, who = self.cosignature(name, line.decode(), head)
                        self.bounds.append((size, time, who, answers.get(sha256(line))))
                elif name.endswith(".tsr"):
                    [(imprint, digits)] = {(found[1].hex(), found[2].decode()) for found in STAMPED.finditer(data)}
                    self.fail("times", name, "is a stamp of something else than its checkpoint", when=imprint != sha256(note))
                    time = datetime.strptime(f"{digits}+0000", "%Y%m%d%H%M%S%z").isoformat()
                    self.bounds.append((size, time, f"stamp {name}", answers.get(sha256(data))))
        self.bounds.sort(key=lambda bound: bound[:3])
        said = [f"; {size:,} records not after {time} ({by})" for size, time, by, _ in self.bounds[-3:]]
        self.says["times"] = f"{len(self.bounds):,} stamps and signatures of witnesses{''.join(said)}"

    def cosignature(self, name: str, line: str, head: bytes) -> tuple[str, str]:
        """When which witness signed a checkpoint (C2SP tlog-cosignature): a line after the note."""
        _, who, encoded = line.rstrip("\n").split(" ")
        keys = [key for key in self.read(WITNESSES).decode().splitlines(keepends=True) if key.startswith(f"{who}+")]
        _, short, raw = parsed_key(keys[0], b"\4")
        blob = base64.b64decode(encoded, validate=True)
        seconds = int.from_bytes(blob[4:12], "big")
        if blob[:4] != short or not signature_holds(raw, blob[12:], f"cosignature/v1\ntime {seconds}\n".encode() + head):
            self.fail("times", name, f"the signature of the witness {who} does not hold")
        return datetime.fromtimestamp(seconds, UTC).isoformat(), f"witness {who}, key {sha256(raw)}"

    def check_passages(self) -> None:
        """Every document's text is its hashed layer, and every span of its reading lies in it."""
        total = 0
        for name in sorted(name for name in self.objects if name.startswith(("data/documents/", "data/readings/"))):
            thing = name.rpartition("/")[2].partition(".")[0]
            with self.guarded("passages", name):
                found = json.loads(self.read(name))
                document, text = found.get("document", found), self.read(PLACES["text"].format(thing)).decode("utf-8", "surrogatepass")
                same = document["id"] == thing and document["text"] == text
                self.fail("passages", name, "is about another text than the one of its document", when=not same)
                total += len(spans := list(spans_of(found)))
                if wrong := [span for span in spans if not lies_within(span, len(text))]:
                    self.fail("passages", name, f"has {len(wrong)} passages outside its text, the first {wrong[0]}")
                if document is not found:
                    triggers = {event["id"]: tuple(event["trigger"]) for event in found["events"]}
                    self.readings[thing] = len(text), triggers, {statement["id"] for statement in found["statements"]}
        self.says["passages"] = f"{total:,} passages of {len(self.readings):,} readings lie in their texts"

    def unfounded(self, claim: Mapping[str, Any]) -> str:
        """What is wrong with a claim, given the reading that it rests on."""
        length, events, statements = self.readings[claim["document"]]
        if claim["event"] not in {None, *events} or claim["statement"] not in {None, *statements}:
            return "a claim rests on an event or statement that its reading has not"
        return "" if lies_within(claim["passage"], length) else "a claim has no passage in its text"

    def undecided(self, fact: Mapping[str, Any], mentions: Sequence[tuple[str, int, int]]) -> Iterator[str]:
        """What is wrong with who decided a fact, from the decisions about it; of each reviewer the last word counts."""
        about = [d for d in self.decisions if d["attribute"] == fact["attribute"] and is_about(d, mentions)]
        last: dict[str, Mapping[str, Any]] = {}
        for decision in (one for one in about if one["kind"] in {"establish", "refute"}):  # no spelling of a name makes a second person
            last[re.sub(r"[\s.]+", " ", unicodedata.normalize("NFKC", decision["reviewer"])).strip().casefold()] = decision
        agreed = [all(d["value"].get(key) == fact[key] for key in COUNTED) for d in last.values() if d["kind"] == "establish"]
        agreeing, refuting = sum(agreed), len(last) - len(agreed)
        if fact["status"] == "established" and (agreeing < REVIEWERS_TO_ESTABLISH or refuting):
            yield f"is called established: {agreeing} reviewers have said so, {refuting} deny it"
        if fact["status"] == "refuted" and not refuting:
            yield "is called refuted, but no reviewer has said so"
        if not {*fact["decided_by"]} <= {d["reviewer"] for d in about}:
            yield "names a reviewer who decided nothing about it"

    def take_decisions(self) -> None:
        """Decisions are by the reviewers that the log names; kept are those not undone (an undoing that was undone undoes nothing)."""
        lines, undone = self.read(DECISIONS).splitlines() if DECISIONS in self.digests else (), set[str]()  # a part may have none
        for number, decision in reversed([*enumerate(map(json.loads, lines), start=1)]):
            _, logged = self.objects.get(f"{DECISIONS}#{number}", ("", None))
            if logged is not None and self.numbered[logged]["actor"] != decision["reviewer"]:
                self.fail("facts", DECISIONS, f"line {number} names another reviewer than the log")
            if decision["id"] not in undone and decision["kind"] == "undo":
                undone.add(decision["target"])
            elif decision["id"] not in undone:
                self.decisions.insert(0, decision)

    def check_facts(self) -> None:
        """Every mention and claim stands on a finding that is there; people's decisions carry what is established or refuted."""
        claims, decided = 0, 0
        with self.guarded("facts", DECISIONS):
            self.take_decisions()
        with self.guarded("facts", INCIDENTS):
            for incident in json.loads(self.read(INCIDENTS))["incidents"] if INCIDENTS in self.objects else ():
                mentions = [(one["document"], *self.readings[one["document"]][1][one["event"]]) for one in incident["mentions"]]
                for fact in incident["facts"]:
                    claims, decided = claims + len(fact["claims"]), decided + (fact["status"] in {"established", "refuted"})
                    for says in filter(None, (*self.undecided(fact, mentions), *map(self.unfounded, fact["claims"]))):
                        self.fail("facts", f"{INCIDENTS}#{incident['id']}.{fact['attribute']}", says)
        self.says["facts"] = f"{claims:,} claims stand on passages that are there; {decided:,} facts were decided by people"

    def items(self) -> Iterator[dict[str, Any]]:
        """What holds of each original by itself, and between which times the log took it in; None is not known."""
        wrong = {p.file: p.false for p in sorted(self.problems, key=lambda p: p.false) if p.layer in {"bytes", "contents", "objects"}}
        state = {layer: self.state(layer) for layer in LAYERS}
        keys = {r["object"]: r["parameters"]["collector"] for r in self.records if "collector" in r["parameters"]}
        for place, (thing, number) in self.objects.items():
            if place.startswith("data/originals/"):
                record = self.numbered[number]
                own = keys.get(record["actor"])
                files = {PLACES[kind].format(thing) for kind in ("original", "document", "text", "reading")}
                before = [f"{time} ({by})" for _, time, by, past in self.bounds if past is not None and past < number]
                after = [f"{time} ({by})" for size, time, by, _ in self.bounds if number < size]
                yield {
                    "item": thing, "log": state["log"], "record": number, "passages": state["passages"] if thing in self.readings else None,
                    "bytes": "fails" if any(map(wrong.get, files)) else "not checked" if files & wrong.keys() else "holds",
                    "earlier": state["earlier"] if number < self.since or not self.since else "not in it", "signer": state["signer"],
                    "collector": record["actor"], "collectors_key": own if own and any(own in by for by in after) else None,
                    "clock": record["time"], "not_before": max(before, default=None), "not_after": min(after, default=None),
                }  # fmt: skip

    def as_json(self) -> str:
        """The result for machines."""
        return json.dumps({
            "schema": "ascertain/verification/1", "dossier": str(self.path), "scope": self.scope,
            "status": self.status, "holds": self.status == 0, "not_proved": self.not_proved, "signer": self.signer,
            "layers": [{"layer": n, "state": self.state(n), "says": self.says.get(n)} for n in LAYERS if self.earlier or n != "earlier"],
            "problems": [one._asdict() for one in self.problems], "items": list(self.items()),
            "times": {"first": self.records[0]["time"], "export": self.records[-1]["time"]} if self.records else {},
            "bounds": [{"records": size, "not_after": time, "by": by} for size, time, by, _ in self.bounds],
        })  # fmt: skip

    def as_text(self, *, items: bool = False, shown: int = 20) -> Iterator[str]:
        """The result for people, line by line."""
        yield f"{self.path}: " + {0: "HOLDS", 3: "COULD NOT BE CHECKED", 4: "DOES NOT HOLD"}[self.status]
        for layer in LAYERS:
            wrong = [f"            {problem.file}: {problem.says}" for problem in self.problems if problem.layer == layer]
            says = {"holds": self.says.get(layer), "not asked": "with --earlier CHECKPOINT, one that reached you before"}
            yield f"  {layer:<9} {(state := self.state(layer)):<12}{says.get(state, f'{len(wrong)} found (--json lists all)')}"
            yield from wrong[:shown]
        yield from (f"  {key:<16}{value or 'not known'}" for item in (self.items() if items else ()) for key, value in item.items())
        if self.signer and not self.signer["demanded"]:
            yield "  The key came with the dossier: compare its fingerprint with one that reached you by another way, or give that with --key."
        yield "  Not proved: " + "; ".join(self.not_proved) + "."


def parsed_key(line: str, kind: bytes) -> tuple[str, bytes, bytes]:
    """Name, short hash and raw key of an Ed25519 key's line in its one form; `kind` is 1 for signers, 4 for witnesses."""
    name, _, encoded = line.rstrip("\n").split("+", 2)
    typed = base64.b64decode(encoded, validate=True)
    short = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    if line != f"{name}+{short.hex()}+{base64.b64encode(typed).decode()}\n" or typed[:1] != kind or len(typed) != 33:
        raise ValueError("not the line of an Ed25519 key")
    return name, short, typed[1:]


def signature_holds(public: bytes, signature: bytes, body: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    with suppress(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
        return True
    return False


def spans_of(found: Any) -> Iterator[Any]:
    """Every span in a reading, however deep it lies."""
    for key, value in found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ():
        yield from value if key in SPAN_LISTS else (value,) if key in SPANS and value is not None else spans_of(value)


def lies_within(span: Any, length: int) -> bool:
    """Whether a span is two whole numbers inside a text, in order."""
    return [type(one) for one in span] == [int, int] and 0 <= span[0] < span[1] <= length


def is_about(decision: Mapping[str, Any], mentions: Sequence[tuple[str, int, int]]) -> bool:
    """Whether a decision was bound to an event of an incident; a later version may read its trigger some words further on."""
    places = [(document, *map(int, place.split("-"))) for document, place in decision["anchor"]]
    return any(one == other and max(s - f, b - e, 0) <= NEAR_CHARACTERS for one, s, e in places for other, b, f in mentions)


def check(path: Path, *, key: str | None = None, earlier: Path | None = None, part: type[Verifier] | None = None) -> Verifier:
    """Check all of a dossier (else UnreadableError): `key` is the signer's fingerprint, `earlier` a checkpoint, `part` checks parts."""
    found = taken = Verifier(path, key, earlier)
    try:
        taken.take_folder() if path.is_dir() else taken.take_archive()
        if LEAVES in taken.files and b'"scope":"part"' in b"".join(taken.files[LEAVES].chunks())[-1000:]:
            if part is None:
                raise UnreadableError(f"{path} is a part of a case, this file checks whole ones: take the verifier that lies in it")
            found = part(path, key, earlier)
            found.files, found.problems = taken.files, taken.problems
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}") from error
    if not any(name.startswith(("bagit.txt", MANIFEST, TAGMANIFEST, LOG)) for name in found.files) and path.suffix != ".zip":
        raise UnreadableError(f"{path} is no dossier: neither a bag's folder nor a .zip file")
    found.hash_files()
    for number, layer in enumerate(LAYERS):
        if number < 3 or found.records:  # without records the first three have failed
            getattr(found, f"check_{layer}")()
    return found


def main(arguments: Sequence[str], part: type[Verifier] | None = None, also: Callable[[Verifier], None] = lambda _: None) -> int:
    """Check a dossier, and what `also` checks besides, and say what was found; gives the exit status."""
    parser = argparse.ArgumentParser(prog="verify", description="Check every layer of a dossier, offline.")
    parser.add_argument("dossier", type=Path)
    parser.add_argument("--key", type=lambda text: re.sub(r"[\s:]", "", text).lower(), metavar="FINGERPRINT", help="demand this signer")
    parser.add_argument("--earlier", type=Path, metavar="CHECKPOINT", help="demand that the log goes on from this checkpoint of it")
    parser.add_argument("--items", action="store_true", help="say for each original, apart, what holds")
    parser.add_argument("--json", action="store_true", help="the result for machines")
    try:
        given = parser.parse_args(arguments)
        if given.key is not None and not re.fullmatch(r"[0-9a-f]{64}", given.key):
            parser.error("a fingerprint is the SHA-256 of the signer's public key: 64 hex digits")
        also(found := check(given.dossier, key=given.key, earlier=given.earlier, part=part))
    except SystemExit as end:
        return int(end.code or 0)
    except UnreadableError as error:
        sys.stderr.write(f"Error: {error}\nNext: give the folder that holds bagit.txt, or the .zip file.\n")
        return 3
    text = found.as_json() if given.json else "\n".join(found.as_text(items=given.items))
    sys.stdout.write("".join(one if one.isprintable() or one == "\n" else "?" for one in text) + "\n")
    return found.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

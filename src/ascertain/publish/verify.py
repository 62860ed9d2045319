"""Verify a dossier, offline, with Python's standard library and the package `cryptography` only.

    python verify.py DOSSIER [--key FINGERPRINT] [--json]

DOSSIER is a folder, or a file ending in `.zip`. Nothing is unpacked, written or fetched. Exit status: 0 all holds; 2 wrong usage;
3 something could not be checked; 4 something was checked and is false. The form is `ascertain/dossier/1`; its specification is
`docs/specs/dossier.md`. This file can be read from top to bottom; it checks seven layers, each on its own:

    bytes      the archive, the bag and its manifests, every file against them
    signer     the key, and its signature under the head of the custody log
    log        the records lead to the signed head; tiles and proofs follow from them
    contents   the log's last record names the list of all files outside the log
    objects    originals, captures, documents, texts, readings, outcomes, decisions, incidents: those that the log's records name, all of them
    passages   every finding of every reading lies in its text
    facts      every claim stands on a finding; what is established or refuted was decided by people
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import stat
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

SCHEMA = "ascertain/dossier/1"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGMANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
LOG = "data/log/"
CONTENTS = LOG + "contents-sha256.txt"
NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*"  # no empty part, none that begins with a dot, ASCII
CHUNK_BYTES = 1 << 20
MAX_RECORD_BYTES = 1 << 28  # a reading of the longest text has a few MB
MAX_LOG_BYTES = 1 << 31  # about five million records
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError, struct.error)
LAYERS = ("bytes", "signer", "log", "contents", "objects", "passages", "facts")
REVIEWERS_TO_ESTABLISH = 2
NOT_PROVED = (
    "that what the documents say is true",
    "when things happened: all times are the clock of the machine that kept the case, no outside authority has stamped them",
    "who holds the key: compare the fingerprint with one that reached you by another way",
    "that nothing was left out before it was collected",
)


class UnreadableError(Exception):
    """Something could not be checked: never the same as false."""


@dataclass(frozen=True)
class Problem:
    """What does not hold (`false`), or could not be checked."""

    layer: str
    file: str
    says: str
    false: bool = True


@dataclass
class Result:
    """What was found, layer by layer."""

    dossier: str
    problems: list[Problem] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    signer: dict[str, Any] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)

    def fail(self, layer: str, file: str, says: str, *, false: bool = True) -> None:
        """Note a problem, once for each layer and file."""
        if not any(p.layer == layer and p.file == file for p in self.problems[-500:]):
            self.problems.append(Problem(layer, file, says, false))

    @property
    def status(self) -> int:
        """The exit status."""
        if any(problem.false for problem in self.problems):
            return 4
        return 3 if self.problems or len(self.says) < len(LAYERS) else 0

    def state(self, layer: str) -> str:
        """`holds`, `fails` or `not checked`."""
        found = [problem.false for problem in self.problems if problem.layer == layer]
        if True in found:
            return "fails"
        return "not checked" if found or layer not in self.says else "holds"

    @contextmanager
    def guarded(self, layer: str, file: str) -> Iterator[None]:
        """Turn whatever a damaged file causes into a problem of that file."""
        try:
            yield
        except UnreadableError as error:
            self.fail(layer, file, str(error), false=False)
        except OSError as error:
            self.fail(layer, file, f"can't be read ({error.strerror})", false=False)
        except MissingError:
            self.fail(layer, file, "is missing")
        except MALFORMED as error:
            self.fail(layer, file, f"is malformed ({type(error).__name__}: {str(error)[:120]})")


class MissingError(Exception):
    """A file that every dossier has is not there."""


# --- the bytes: a folder, or an archive ------------------------------------------------------------------------------------------


class Source(Protocol):
    """Where the files are."""

    sizes: dict[str, int]
    structure: list[tuple[str, str]]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one file."""
        ...


class Folder:
    """A dossier as a folder; links and whatever is no plain file are refused."""

    def __init__(self, path: Path) -> None:
        self.path, self.sizes, self.structure = path, dict[str, int](), list[tuple[str, str]]()
        self._walk(path, "")

    def _walk(self, folder: Path, prefix: str) -> None:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        if not entries:
            self.structure.append((prefix or ".", "is an empty folder"))
        for entry in entries:
            name, about = prefix + entry.name, entry.stat(follow_symlinks=False)
            if not re.fullmatch(NAME, name):
                self.structure.append((ascii(name), "has a name that no file of a dossier has"))
            elif stat.S_ISDIR(about.st_mode):
                self._walk(folder / entry.name, f"{name}/")
            elif stat.S_ISREG(about.st_mode):
                self.sizes[name] = about.st_size
            else:
                self.structure.append((name, "is a link or no plain file"))

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one file."""
        with (self.path / name).open("rb") as file:
            while part := file.read(CHUNK_BYTES):
                yield part


class Archive:
    """A dossier as a ZIP in its one form: members stored one after the other, then the directory that follows from them, then nothing."""

    def __init__(self, path: Path) -> None:
        self.file, self.label = path.open("rb"), path.name
        self.total = self.file.seek(0, os.SEEK_END)
        self.sizes, self.structure = dict[str, int](), list[tuple[str, str]]()
        self._starts: dict[str, tuple[int, int]] = {}
        members: list[tuple[str, int, int, int]] = []
        position = 0
        while (head := self._at(position, 30))[:4] == b"PK\x03\x04" and len(head) == 30:
            crc, size, _, length = struct.unpack("<3LH", head[14:28])
            name = self._at(position + 30, length).decode("latin-1")
            start = position + 30 + length
            self._member(name, head, size, crc, start)
            members.append((name, size, crc, position))
            position = start + size
        rest = central_directory(members, start=position)
        if self._at(position, len(rest) + 1) != rest:
            self._wrong(f"is not in the one form of a dossier's archive: its directory does not follow from its members (byte {position})")
        if [member[0] for member in members] != sorted(self.sizes):
            self._wrong("holds members twice or out of order")

    def _at(self, position: int, count: int) -> bytes:
        self.file.seek(position)
        return self.file.read(count)

    def _wrong(self, says: str) -> None:
        self.structure.append((self.label, says))

    def _member(self, name: str, head: bytes, size: int, crc: int, start: int) -> None:
        if head + name.encode("latin-1") != local_header(name, size=size, crc=crc) or start + size > self.total:
            self._wrong(f"is not in the one form of a dossier's archive: the header of {name!a} is changed or its member is cut")
        elif not re.fullmatch(NAME, name):
            self._wrong(f"holds {name!a}, a name that no file of a dossier has")
        self.sizes[name], self._starts[name] = size, (start, crc)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one member, checked against its checksum."""
        (start, crc), size, found = self._starts[name], self.sizes[name], 0
        for position in range(start, start + size, CHUNK_BYTES):
            part = self._at(position, min(CHUNK_BYTES, start + size - position))
            found = zlib.crc32(part, found)
            yield part
        if found != crc:
            self.structure.append((name, "does not match its checksum in the archive"))


def local_header(name: str, *, size: int, crc: int) -> bytes:
    """The header before a member: stored, no flags, 1 January 1980, no extra field."""
    raw = name.encode("latin-1")
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0x21, crc, size, size, len(raw), 0) + raw


def central_directory(members: Sequence[tuple[str, int, int, int]], *, start: int) -> bytes:
    """All that follows the members (name, size, checksum, offset); the 64-bit forms stand only where a number needs them."""
    made = bytearray()
    for name, size, crc, offset in members:
        raw = name.encode("latin-1")
        far = struct.pack("<2HQ", 1, 8, offset) if offset >= 0xFFFFFFFF else b""
        fields = (20, 45 if far else 20, 0, 0, 0, 0x21, crc, size, size, len(raw), len(far), 0, 0, 0, 0, min(offset, 0xFFFFFFFF))
        made += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *fields) + raw + far
    count, length = len(members), len(made)
    if count >= 0xFFFF or start >= 0xFFFFFFFF or length >= 0xFFFFFFFF:
        made += struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
        made += struct.pack("<4sLQL", b"PK\x06\x07", 0, start + length, 1)
    fields = (0, 0, min(count, 0xFFFF), min(count, 0xFFFF), min(length, 0xFFFFFFFF), min(start, 0xFFFFFFFF), 0)
    return bytes(made + struct.pack("<4s4H2LH", b"PK\x05\x06", *fields))


@dataclass
class Dossier:
    """The files with their digests, hashed once; whatever is read later is hashed again."""

    source: Source
    digests: dict[str, str]

    def read(self, name: str, *, limit: int = MAX_RECORD_BYTES) -> bytes:
        """The bytes of a file, the same that were hashed."""
        if name not in self.digests:
            raise MissingError(name)
        if self.source.sizes[name] > limit:
            raise UnreadableError(f"has {self.source.sizes[name]:,} bytes, more than this verifier reads")
        data = b"".join(self.source.chunks(name))
        if sha256(data) != self.digests[name]:
            raise UnreadableError("changed while it was being checked")
        return data


def sha256(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def hashed(source: Source, result: Result) -> Dossier:
    """Hash every file."""
    digests = {}
    for name in sorted(source.sizes):
        total = hashlib.sha256()
        with result.guarded("bytes", name):
            for part in source.chunks(name):
                total.update(part)
            digests[name] = total.hexdigest()
    for file, says in source.structure:
        result.fail("bytes", file, says)
    return Dossier(source, digests)


def is_payload(name: str) -> bool:
    """Whether the bag's first manifest lists this file (else the second does)."""
    return name.startswith("data/")


def is_covered(name: str) -> bool:
    """Whether the signed list of contents holds this file: all but the log and what follows from the list."""
    return not name.startswith(LOG) and name not in {MANIFEST, TAGMANIFEST}


def check_list(dossier: Dossier, result: Result, layer: str, list_name: str, listed: Callable[[str], bool]) -> None:
    """A list of files in the form of sha256sum, in order of path: it names exactly the files that `listed` chooses, as they are."""
    with result.guarded(layer, list_name):
        text = dossier.read(list_name, limit=MAX_LOG_BYTES)
        actual = {name: digest for name, digest in sorted(dossier.digests.items()) if listed(name)}
        if text == "".join(f"{digest}  {name}\n" for name, digest in actual.items()).encode():
            return
        lines = re.findall(rf"^([0-9a-f]{{64}})  ({NAME})$", text.decode("ascii", "replace"), flags=re.MULTILINE)
        said = {name: digest for digest, name in lines}
        count = len(result.problems)
        for name in sorted(said.keys() | actual.keys()):
            if name not in actual:
                result.fail(layer, name, f"is missing, or not to be listed; {list_name} lists it")
            elif name not in said:
                result.fail(layer, name, f"is not listed in {list_name}")
            elif said[name] != actual[name]:
                result.fail(layer, name, f"is not what {list_name} lists (now {actual[name][:12]}…, listed {said[name][:12]}…)")
        if len(result.problems) == count:
            result.fail(layer, list_name, "is not a list of paths in order, each once, with two blanks between")


def check_bytes(dossier: Dossier, result: Result) -> None:
    """The bag (RFC 8493): its declaration and both manifests."""
    with result.guarded("bytes", "bagit.txt"):
        if dossier.read("bagit.txt") != BAGIT:
            result.fail("bytes", "bagit.txt", "is not the declaration of a dossier's bag")
    check_list(dossier, result, "bytes", MANIFEST, is_payload)
    check_list(dossier, result, "bytes", TAGMANIFEST, lambda name: not is_payload(name) and name != TAGMANIFEST)
    result.says["bytes"] = f"{len(dossier.digests):,} files, as the manifests list them, none besides"


# --- the log: RFC 6962 tree, C2SP signed note and tiles ---------------------------------------------------------------------------


class Tree:
    """The hashes of all complete subtrees, by level."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self.rows = [[hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]]
        while len(row := self.rows[-1]) > 1:
            self.rows.append([node(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)])

    def hash(self, start: int, end: int) -> bytes:
        """Hash of the subtree over leaves `start` to `end`."""
        size = end - start
        if size == 0:
            return hashlib.sha256(b"").digest()
        level = size.bit_length() - 1
        if size == 1 << level:
            return self.rows[level][start >> level]
        middle = start + half(size)
        return node(self.hash(start, middle), self.hash(middle, end))

    def audit_path(self, index: int) -> list[str]:
        """The hashes that lead from a leaf to the root, lowest first (RFC 6962, 2.1.1)."""
        start, end, path = 0, len(self.rows[0]), []
        while end - start > 1:
            middle = start + half(end - start)
            path.append(self.hash(middle, end) if index < middle else self.hash(start, middle))
            start, end = (start, middle) if index < middle else (middle, end)
        return [step.hex() for step in reversed(path)]

    def tiles(self, leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """The files of C2SP tlog-tiles: 256 hashes or leaves each, every eighth level."""
        for level in range(0, len(self.rows), 8):
            for start in range(0, len(row := self.rows[level]), 256):
                yield tile_name(str(level // 8), start // 256, len(row[start : start + 256])), b"".join(row[start : start + 256])
        for start in range(0, len(leaves), 256):
            part = leaves[start : start + 256]
            yield tile_name("entries", start // 256, len(part)), b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in part)


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees together."""
    return hashlib.sha256(b"\1" + left + right).digest()


def half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def tile_name(kind: str, index: int, width: int) -> str:
    """Path of a tile: three digits a group, `x` before all but the last, `.p/W` where it isn't full."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return f"{LOG}tile/{kind}/{'/'.join(groups)}" + ("" if width == 256 else f".p/{width}")


@dataclass(frozen=True)
class Head:
    """What the signed checkpoint says."""

    origin: str
    size: int
    root: bytes


def check_signer(dossier: Dossier, result: Result, key: str | None) -> Head | None:
    """The key's one form, its signature under the checkpoint, and whether it is the one that was demanded."""
    file = LOG + "verifier.key"
    with result.guarded("signer", file):
        name, _, encoded = dossier.read(file).decode("utf-8").rstrip("\n").split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        short = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        if dossier.read(file).decode() != f"{name}+{short.hex()}+{base64.b64encode(raw).decode()}\n" or raw[:1] != b"\1" or len(raw) != 33:
            raise ValueError("not the line of an Ed25519 key")
        fingerprint = sha256(raw[1:])
        result.signer = {"name": name, "fingerprint": fingerprint, "demanded": key is not None}
        if key is not None and key != fingerprint:
            result.fail("signer", file, f"is the key {fingerprint}, not the one demanded ({key})")
        der = bytes.fromhex("302a300506032b6570032100") + raw[1:]
        pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(der).decode()}\n-----END PUBLIC KEY-----\n"
        with result.guarded("signer", LOG + "signer.pem"):
            if dossier.read(LOG + "signer.pem") != pem.encode():
                result.fail("signer", LOG + "signer.pem", "is not the key of verifier.key")
        head = signed_head(dossier, result, name, short, raw[1:])
        result.says["signer"] = f"{name}, key {fingerprint}"
        return head
    return None


def signed_head(dossier: Dossier, result: Result, name: str, short: bytes, public: bytes) -> Head | None:
    """The checkpoint, if its signature holds: origin, size, root, an empty line, one signature; nothing else, in the one form."""
    file = LOG + "checkpoint"
    with result.guarded("signer", file):
        note = dossier.read(file).decode("utf-8")
        origin, size, root, _, line, _ = note.split("\n")
        blob = base64.b64decode(line.rpartition(" ")[2], validate=True)
        head = Head(origin, int(size), base64.b64decode(root, validate=True))
        body = f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
        if note != f"{body}\n— {name} {base64.b64encode(short + blob[4:]).decode()}\n" or len(blob) != 68 or len(head.root) != 32:
            raise ValueError("not the one form of a checkpoint signed by this key")
        if origin != name:
            result.fail("signer", file, "is of another log than the key")
        if not signature_holds(public, blob[4:], body.encode()):
            result.fail("signer", file, f"the signature of {name} does not hold")
        return head
    return None


def signature_holds(public: bytes, signature: bytes, body: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as error:
        raise UnreadableError("the signature can't be checked without the package: pip install cryptography") from error
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except InvalidSignature:
        return False
    return True


@dataclass
class Log:
    """The records, and what they say a case holds: path or line to (digest, number of the first record that names it)."""

    leaves: list[bytes]
    records: list[dict[str, Any]]
    tree: Tree
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    lines: dict[str, dict[str, int]] = field(default_factory=lambda: {"captures": {}, "outcomes": {}, "decisions": {}})
    current: dict[tuple[str, str], str] = field(default_factory=dict)

    def replay(self) -> None:
        """What the case holds after the last record: later parses and readings replace earlier ones, the rest stays."""
        first: dict[tuple[str, str, str], int] = {}
        for number, record in enumerate(self.records):
            thing, about = record["object"], record["parameters"]
            named = {
                kind: about[kind] for kind in ("capture", "document", "text", "reading", "findings", "outcome", "decision") if kind in about
            }
            if record["action"] == "collected":
                named["original"] = thing
            for kind, digest in named.items():
                known = first.setdefault((kind, thing, digest), number)
                if kind in {"capture", "decision"}:
                    self.lines[f"{kind}s"].setdefault(digest, known)
                elif kind == "outcome":
                    old = self.current.pop((thing, about["stage"]), None)
                    self.lines["outcomes"].pop(old or "", None)
                    self.current[thing, about["stage"]] = digest
                    self.lines["outcomes"][digest] = known
                else:
                    self.files[path_of(kind, thing)] = (digest, known)
            if "document" in about and "reading" not in about:
                self.files.pop(path_of("reading", thing), None)


def path_of(kind: str, thing: str) -> str:
    """Where an object stands in a dossier."""
    folder = {"original": "originals", "document": "documents", "text": "texts", "reading": "readings"}
    ending = {"original": "", "document": ".json", "text": ".txt", "reading": ".json"}
    return "data/incidents.json" if kind == "findings" else f"data/{folder[kind]}/{thing}{ending[kind]}"


def check_log(dossier: Dossier, result: Result, head: Head | None) -> Log | None:
    """The records are those that were signed: number, root, and all that follows from them."""
    file = LOG + "leaves.jsonl"
    with result.guarded("log", file):
        *leaves, rest = dossier.read(file, limit=MAX_LOG_BYTES).split(b"\n")
        if rest or not leaves:
            result.fail("log", file, "is cut within a record")
        log = Log(leaves, [json.loads(leaf) for leaf in leaves], Tree(leaves))
        for number, record in enumerate(log.records):
            if record["number"] != number or record["schema"] != "ascertain/log/1":
                result.fail("log", file, f"record {number} is out of its place")
        log.replay()
        check_root(dossier, result, log, head)
        times = [str(record["time"]) for record in log.records]
        result.times = {"first_record": min(times), "last_record": max(times), "exported": times[-1]}
        if result.signer and log.records[0]["parameters"].get("key") != result.signer["fingerprint"]:
            result.fail("log", file, "begins with another key than the signer's")
        result.says["log"] = f"{len(leaves):,} records lead to the signed head; tiles and proofs follow from them"
        return log
    return None


def check_root(dossier: Dossier, result: Result, log: Log, head: Head | None) -> None:
    """The records lead to the signed root; tiles are theirs."""
    tiles = dict(log.tree.tiles(log.leaves))
    if head is not None and (head.size != len(log.leaves) or head.root != log.tree.hash(0, len(log.leaves))):
        shown = b"".join(dossier.read(name) for name in sorted(tiles) if name.startswith(LOG + "tile/0/") and name in dossier.digests)
        wrong = next((i for i, leaf in enumerate(log.tree.rows[0]) if shown[32 * i : 32 * i + 32] != leaf), None)
        where = "" if wrong is None else f"; record {wrong} is the first that its tile does not know"
        result.fail("log", LOG + "leaves.jsonl", f"has {len(log.leaves)} records that don't lead to the signed head of {head.size}{where}")
        return
    for name, data in tiles.items():
        if name not in dossier.digests:
            result.fail("log", name, "is missing")
        elif dossier.digests[name] != sha256(data):
            result.fail("log", name, "is not what the log's records give")
    known = (
        {LOG + name for name in ("leaves.jsonl", "checkpoint", "verifier.key", "signer.pem", "proofs.jsonl")} | {CONTENTS} | tiles.keys()
    )
    for name in dossier.digests:
        if name.startswith(LOG) and name not in known:
            result.fail("log", name, "is no file of the log")


def check_contents(dossier: Dossier, result: Result, log: Log) -> None:
    """The last record is this export, and names the list of all files outside the log."""
    check_list(dossier, result, "contents", CONTENTS, is_covered)
    with result.guarded("contents", CONTENTS):
        last = log.records[-1]
        if last["action"] != "exported" or last["parameters"]["schema"] != SCHEMA or last["parameters"]["scope"] != "whole":
            result.fail("contents", LOG + "leaves.jsonl", "does not end with the export of a whole case in this form")
        elif last["parameters"]["contents"] != sha256(dossier.read(CONTENTS, limit=MAX_LOG_BYTES)):
            result.fail("contents", CONTENTS, "is not the list that the log's last record names: a file that it lists was exchanged")
        result.says["contents"] = f"{sum(map(is_covered, dossier.digests)):,} files are those that were signed when they left"


# --- what the case holds ----------------------------------------------------------------------------------------------------------


def check_objects(dossier: Dossier, result: Result, log: Log) -> None:
    """Every object is one that the log names, and every object that the log names last is there."""
    places: dict[int, list[str]] = {}
    for name, (digest, number) in log.files.items():
        if name not in dossier.digests:
            result.fail("objects", name, f"is missing: record {number} of the log names it")
        elif dossier.digests[name] != digest:
            result.fail("objects", name, f"is not what record {number} of the log names")
        places.setdefault(number, []).append(name)
    folders = ("data/originals/", "data/documents/", "data/texts/", "data/readings/")
    for name in dossier.digests:
        if (name.startswith(folders) or name == "data/incidents.json") and name not in log.files:
            result.fail("objects", name, "is in no record of the log")
    for kind in log.lines:
        with result.guarded("objects", f"data/{kind}.jsonl"):
            check_lines(dossier, result, log, kind, places)
    with result.guarded("objects", LOG + "proofs.jsonl"):
        places.setdefault(len(log.records) - 1, []).append(CONTENTS)
        total = hashlib.sha256()
        for number, names in sorted(places.items()):
            line = {"leaf": number, "objects": sorted(names), "path": log.tree.audit_path(number)}
            total.update(json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n")
        if LOG + "proofs.jsonl" not in dossier.digests:
            raise MissingError
        if dossier.digests[LOG + "proofs.jsonl"] != total.hexdigest():
            result.fail("objects", LOG + "proofs.jsonl", "is not the proof of these objects in this log")
    count = {name: sum(path.startswith(f"data/{name}/") for path in log.files) for name in ("originals", "documents", "readings")}
    count |= {kind: len(lines) for kind, lines in log.lines.items()}
    result.says["objects"] = ", ".join(f"{number:,} {name}" for name, number in count.items()) + ": each in the log, none missing"


def check_lines(dossier: Dossier, result: Result, log: Log, kind: str, places: dict[int, list[str]]) -> None:
    """A file of records, one a line, each named by the log; a decision's record says that its reviewer acted."""
    file = f"data/{kind}.jsonl"
    *lines, rest = dossier.read(file).split(b"\n")
    if rest:
        result.fail("objects", file, "is cut within a line")
    waiting = dict(log.lines[kind])
    for number, line in enumerate(lines, start=1):
        leaf = waiting.pop(sha256(line), None)
        if leaf is None:
            result.fail("objects", file, f"line {number} is in no record of the log, or stands twice")
            continue
        places.setdefault(leaf, []).append(f"{file}#{number}")
        if kind == "decisions" and json.loads(line)["reviewer"] != log.records[leaf]["actor"]:
            result.fail("objects", file, f"line {number} names another reviewer than record {leaf} of the log")
    if waiting:
        result.fail("objects", file, f"lacks what records {sorted(waiting.values())[:5]} of the log name")


@dataclass
class Read:
    """What the facts need of a reading: length of the text, triggers of the events by id, ids of the statements."""

    length: int
    events: dict[str, str]
    statements: set[str]


def check_passages(dossier: Dossier, result: Result, log: Log) -> dict[str, Read]:
    """Every document's text is its hashed layer, and every span of its reading lies in it."""
    read: dict[str, Read] = {}
    total = 0
    for name in sorted(log.files):
        thing = name.rpartition("/")[2].partition(".")[0]
        if name.startswith("data/documents/"):
            with result.guarded("passages", name):
                same_text(dossier, result, name, thing, json.loads(dossier.read(name)))
        elif name.startswith("data/readings/"):
            with result.guarded("passages", name):
                reading = json.loads(dossier.read(name))
                length = same_text(dossier, result, name, thing, reading["document"])
                spans = list(spans_of(reading))
                total += len(spans)
                wrong = [span for span in spans if not lies_within(span, length)]
                if wrong:
                    result.fail("passages", name, f"has {len(wrong)} passages outside its text, the first {wrong[0]}")
                events = {event["id"]: "{}-{}".format(*event["trigger"]) for event in reading["events"]}
                read[thing] = Read(length, events, {statement["id"] for statement in reading["statements"]})
    result.says["passages"] = f"{total:,} passages of {len(read):,} readings lie in their texts"
    return read


def same_text(dossier: Dossier, result: Result, name: str, thing: str, document: Mapping[str, Any]) -> int:
    """The length of a document's text, which is the one that was hashed."""
    text = dossier.read(path_of("text", thing)).decode("utf-8", "surrogatepass")
    if document["id"] != thing or document["text"] != text:
        result.fail("passages", name, f"is about another text than {path_of('text', thing)}")
    return len(text)


def spans_of(reading: Mapping[str, Any]) -> Iterator[Any]:
    """Every span of a reading that is there."""
    for entity in reading["entities"]:
        yield from entity["mentions"]
    for item in (*reading["times"], *reading["quantities"]):
        yield item["passage"]
    found = [quantity.get("counted_passage") for quantity in reading["quantities"]]
    for statement in reading["statements"]:
        yield from statement["content"]
        found += [statement.get("cue"), statement.get("speaker_passage")]
    for event in reading["events"]:
        yield event["trigger"]
        yield from (participant["passage"] for participant in event["participants"])
    found.append((reading["document"].get("published") or {}).get("passage"))
    yield from (span for span in found if span is not None)


def lies_within(span: Any, length: int) -> bool:
    """Whether a span is two whole numbers inside a text, in order."""
    start, end = span
    return type(start) is int and type(end) is int and 0 <= start < end <= length


def check_facts(dossier: Dossier, result: Result, log: Log, read: Mapping[str, Read]) -> None:
    """Every mention and claim stands on a finding that is there; people's decisions carry what is established or refuted."""
    file, claims, decided = "data/incidents.json", 0, 0
    if file in log.files:
        with result.guarded("facts", file):
            decisions = standing([json.loads(line) for line in dossier.read("data/decisions.jsonl").splitlines()])
            for incident in json.loads(dossier.read(file))["incidents"]:
                for mention in incident["mentions"]:
                    if mention["document"] not in read or mention["event"] not in read[mention["document"]].events:
                        result.fail("facts", file, f"{incident['id']} rests on an event that no reading has")
                for fact in incident["facts"]:
                    claims += len(fact["claims"])
                    decided += fact["status"] in {"established", "refuted"}
                    for says in (*unfounded(fact, read), *undecided(incident, fact, read, decisions)):
                        result.fail("facts", file, f"{incident['id']}, {fact['attribute']}: {says}")
    result.says["facts"] = (
        f"{claims:,} claims stand on passages that are there; {decided:,} facts established or refuted, by people's decisions"
    )


def unfounded(fact: Mapping[str, Any], read: Mapping[str, Read]) -> Iterator[str]:
    """What is wrong with the claims of a fact."""
    for claim in fact["claims"]:
        reading = read.get(claim["document"])
        if reading is None or not lies_within(claim["passage"], reading.length):
            yield "a claim has no passage"
        elif (claim.get("event") or next(iter(reading.events), None)) not in {*reading.events, None}:
            yield "a claim rests on an event that its reading has not"
        elif claim.get("statement") is not None and claim["statement"] not in reading.statements:
            yield "a claim rests on a statement that its reading has not"


def standing(decisions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Decisions that were not undone (an undone undoing undoes nothing)."""
    undone: set[str] = set()
    for decision in reversed(decisions):
        if decision["kind"] == "undo" and decision["id"] not in undone:
            undone.add(decision["target"])
    return [decision for decision in decisions if decision["kind"] != "undo" and decision["id"] not in undone]


def undecided(
    incident: Mapping[str, Any], fact: Mapping[str, Any], read: Mapping[str, Read], decisions: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """What is wrong with who decided a fact: decisions count that share a passage with the incident and name the fact."""
    mentions = [(m["document"], m["event"]) for m in incident["mentions"]]
    anchors = {
        (document, read[document].events[event]) for document, event in mentions if document in read and event in read[document].events
    }
    about = [d for d in decisions if d["attribute"] == fact["attribute"] and anchors & {(a, b) for a, b in d["anchor"]}]
    value = {key: fact[key] for key in ("at_least", "at_most", "value")}
    refuters = {d["reviewer"] for d in about if d["kind"] == "refute"}
    establishers = {d["reviewer"] for d in about if d["kind"] == "establish" and {key: d["value"].get(key) for key in value} == value}
    if fact["status"] == "established" and (len(establishers) < REVIEWERS_TO_ESTABLISH or refuters):
        yield f"is called established, but {len(establishers)} reviewers have said so and {len(refuters)} deny it"
    if fact["status"] == "refuted" and not refuters:
        yield "is called refuted, but no reviewer has said so"
    strangers = set(fact["decided_by"]) - {d["reviewer"] for d in about}
    if strangers:
        yield "names a reviewer who decided nothing about it"


# --- all of it --------------------------------------------------------------------------------------------------------------------


def check(path: Path, *, key: str | None = None) -> Result:
    """Check all layers of a dossier.

    Args:
        path: a folder, or an archive.
        key: the fingerprint that the signer must have (SHA-256 of the raw public key, 64 hex digits); None takes any.

    Raises:
        UnreadableError: there is no dossier.
    """
    try:
        source: Source = Folder(path) if path.is_dir() else Archive(path)
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}") from error
    signs = ("bagit.txt", MANIFEST, TAGMANIFEST, LOG)
    if not any(name.startswith(signs) for name in source.sizes) and (path.is_dir() or path.suffix != ".zip"):
        raise UnreadableError(f"{path} is no dossier: neither a bag's folder nor a .zip file")
    result = Result(str(path))
    dossier = hashed(source, result)
    check_bytes(dossier, result)
    head = check_signer(dossier, result, key)
    log = check_log(dossier, result, head)
    if log is not None:
        check_contents(dossier, result, log)
        check_objects(dossier, result, log)
        check_facts(dossier, result, log, check_passages(dossier, result, log))
    return result


def as_json(result: Result) -> str:
    """The result for machines."""
    return json.dumps(
        {
            "schema": "ascertain/verification/1", "dossier": result.dossier, "status": result.status, "holds": result.status == 0,
            "layers": [{"layer": one, "state": result.state(one), "says": result.says.get(one)} for one in LAYERS],
            "problems": [vars(problem) for problem in result.problems],
            "signer": result.signer, "times": result.times, "not_proved": list(NOT_PROVED),
        },
        ensure_ascii=False,
    ) + "\n"  # fmt: skip


def as_text(result: Result, *, shown: int = 20) -> Iterator[str]:
    """The result for people, line by line."""
    verdict = {0: "HOLDS", 3: "COULD NOT BE CHECKED", 4: "DOES NOT HOLD"}[result.status]
    yield f"{result.dossier}: {verdict}"
    for layer in LAYERS:
        state = result.state(layer)
        yield f"  {layer:<9} {state:<12}" + (f"{result.says[layer]}" if state == "holds" else "")
        wrong = [problem for problem in result.problems if problem.layer == layer]
        yield from (f"            {problem.file}: {problem.says}" for problem in wrong[:shown])
        if len(wrong) > shown:
            yield f"            … and {len(wrong) - shown} more (--json lists all)"
    if result.times:
        yield "  records from {first_record} to {last_record}, exported {exported}".format(**result.times)
    if result.signer and not result.signer["demanded"]:
        yield "  The signer's key came with the dossier. Compare its fingerprint with one that reached you by another way, or give --key:"
        yield f"    {result.signer['fingerprint']}"
    yield "  Not proved: " + "; ".join(NOT_PROVED) + "."


def fingerprint(text: str) -> str:
    """A fingerprint as people write it: 64 hex digits, colons and blanks between them allowed."""
    digits = re.sub(r"[\s:]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise argparse.ArgumentTypeError("a fingerprint is the SHA-256 of the signer's public key: 64 hex digits")
    return digits


def main(arguments: Sequence[str]) -> int:
    """Check a dossier and say what was found; gives the exit status."""
    parser = argparse.ArgumentParser(prog="verify", description="Check every layer of a dossier, offline.")
    parser.add_argument("dossier", type=Path)
    parser.add_argument("--key", type=fingerprint, metavar="FINGERPRINT", help="demand this signer")
    parser.add_argument("--json", action="store_true", help="the result for machines")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    try:
        result = check(given.dossier, key=given.key)
    except UnreadableError as error:
        sys.stderr.write(f"Error: {error}\nNext: give the folder that holds bagit.txt, or the .zip file.\n")
        return 3
    sys.stdout.write(as_json(result) if given.json else "\n".join(as_text(result)) + "\n")
    return result.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

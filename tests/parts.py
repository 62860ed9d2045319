"""The rules of docs/specs/dossier.md for parts (40 to 55), written a second time: what tests hold the exporter to."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from ascertain.custody import canonical, consistency_holds, inclusion_holds

TOLD = ("path", "title", "publisher", "byline", "language", "media_type", "url")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def leaf_of(salt: str, name: str, value: str) -> bytes:
    assert len(bytes.fromhex(salt)) == 16
    return hashlib.sha256(b"\0" + bytes.fromhex(salt) + name.encode() + b"\n" + value.encode()).digest()


def root_of(hashes: list[bytes]) -> str:
    if len(hashes) == 1:
        return hashes[0].hex()
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + bytes.fromhex(root_of(hashes[:half])) + bytes.fromhex(root_of(hashes[half:]))).hexdigest()


class Part:
    """A part that was read; each method asserts some rules."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[int, dict[str, Any]] = {}
        self.disclosures = {path.stem: json.loads(path.read_bytes()) for path in sorted((folder / "data" / "disclosures").glob("*"))}

    def read(self, name: str) -> bytes:
        return (self.folder / "data" / name).read_bytes()

    def lines(self, name: str) -> list[bytes]:
        return self.read(name).splitlines() if (self.folder / "data" / name).exists() else []

    def check(self) -> Part:
        self.check_log()
        self.check_seals()
        self.check_objects()
        self.check_texts()
        return self

    def check_log(self) -> None:
        _, size, root = self.read("log/checkpoint").decode().split("\n")[:3]
        leaves, proofs = self.lines("log/leaves.jsonl"), self.lines("log/proofs.jsonl")
        assert len(leaves) == len(proofs)
        for leaf, line in zip(leaves, proofs, strict=True):
            record, proof = json.loads(leaf), json.loads(line)
            assert canonical(record) == leaf
            assert canonical(proof) == line
            assert proof["leaf"] == record["number"]
            path = [bytes.fromhex(step) for step in proof["path"]]
            assert inclusion_holds(leaf, index=record["number"], size=int(size), path=path, root=base64.b64decode(root))
            self.records[record["number"]] = record
        assert list(self.records) == sorted(self.records)
        last = self.records[int(size) - 1]
        assert (last["action"], last["parameters"]["scope"]) == ("exported", "part")
        assert last["parameters"]["contents"] == sha(self.read("log/contents-sha256.txt"))
        assert not (self.folder / "data" / "log" / "tile").exists()
        for head in (self.folder / "data" / "heads").glob("*"):
            old = base64.b64decode((head / "checkpoint").read_text().split("\n")[2])
            steps = [bytes.fromhex(step.decode()) for step in self.lines(f"log/consistency/{head.name}")]
            assert consistency_holds(old=int(head.name), new=int(size), old_root=old, new_root=base64.b64decode(root), proof=steps)

    @property
    def protected(self) -> bool:
        return bool(self.records[max(self.records)]["parameters"]["protected"])

    def check_seals(self) -> None:
        for name, about in self.disclosures.items():
            record = self.records[about["record"]]
            assert about["id"] == name
            sealed = record["parameters"]["sealed"] if name == "findings" else record["parameters"]
            if name != "findings":
                assert (record["action"], record["object"], sealed["kind"]) == ("sealed", name, about["kind"])
            hashes = [*self.hashes_of(about)]
            assert len(hashes) == sealed["leaves"]
            assert root_of(hashes) == sealed["root"] == about["root"]

    def hashes_of(self, about: dict[str, Any]) -> list[bytes]:
        found = []
        for field in about.get("fields", ()):
            found += [leaf_of(field["salt"], field["name"], field["value"])] if "salt" in field else [bytes.fromhex(field["leaves"][0])]
        for word in about.get("words", ()):
            found += [leaf_of(word[1], "text", word[0])] if isinstance(word, list) else [bytes.fromhex(one) for one in word["leaves"]]
        for one in about.get("incidents", ()):
            found.append(leaf_of(one[1], "incident", one[0]) if isinstance(one, list) else bytes.fromhex(one))
        return found

    def check_objects(self) -> None:
        named = {value for record in self.records.values() for value in record["parameters"].values() if isinstance(value, str)}
        named |= {record["object"] for record in self.records.values() if record["action"] == "collected"}
        shown = {name for name, about in self.disclosures.items() if about["kind"] == "document"}
        for folder in ("originals", "documents", "texts", "readings"):
            for path in (self.folder / "data" / folder).glob("*"):
                assert path.stem in shown if self.protected else sha(path.read_bytes()) in named, path
        for name in ("captures", "outcomes", "decisions"):
            for line in self.lines(f"{name}.jsonl"):
                assert sha(line) in named or self.decision_of(json.loads(line)) is not None, name
        places = [place for line in self.lines("log/proofs.jsonl") for place in json.loads(line)["objects"]]
        assert len(places) == len(set(places))
        assert {f"data/disclosures/{name}.json" for name in self.disclosures} <= set(places)
        if self.protected:
            assert not (self.folder / "data" / "originals").exists()
            assert not (self.folder / "data" / "captures.jsonl").exists()

    def decision_of(self, line: dict[str, Any]) -> dict[str, Any] | None:
        return next((about for name, about in self.disclosures.items() if line["id"] == f"decision-{name[:12]}"), None)

    def check_texts(self) -> None:
        for name, about in self.disclosures.items():
            if about["kind"] != "document":
                continue
            text = "".join(word[0] if isinstance(word, list) else word["shown"] for word in about["words"])
            assert self.read(f"texts/{name}.txt").decode() == text
            fields = {field["name"]: field["value"] if "salt" in field else field["shown"] for field in about["fields"]}
            reading = json.loads(self.read(f"readings/{name}.json"))
            for document in (json.loads(self.read(f"documents/{name}.json")), reading["document"]):
                assert (document["id"], document["text"]) == (name, text)
                assert {key: document[key] for key in TOLD} == {key: fields.get(key) for key in TOLD}
                assert (document["published"] or {}).get("value") == fields.get("published")


def inflated(folder: Path) -> bytes:
    """All bytes of a folder, and again those of all streams in it that are compressed."""
    import re
    import zlib

    whole = b"\n".join(path.as_posix().encode() + b"\n" + path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    found = [whole]
    for match in re.finditer(rb"stream\r?\n", whole):
        try:
            found.append(zlib.decompressobj().decompress(whole[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(found)

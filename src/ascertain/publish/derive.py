"""What of a dossier follows from the rest of it: every claim as a W3C Web Annotation, and provenance in PROV-O.

    python derive.py DOSSIER

makes both anew from texts, readings, incidents and the log, and says whether they are what lies in the dossier, byte for byte
(docs/specs/dossier.md, 58 to 69). Standard library only; nothing is fetched: the context of annotations is named, that of PROV stands in the
file. This says only that the rest is told rightly here; whether the rest holds, the verifiers say. Exit status: 0 agrees; 2 wrong usage;
3 could not be checked; 4 does not agree.
"""

import base64
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

PAYLOAD, ANNOTATIONS, PROV, LEAVES = "data/", "data/annotations/", "data/prov.jsonld", "data/log/leaves.jsonl"
INCIDENTS, CAPTURES, DECISIONS, DISCLOSURES = "data/incidents.json", "data/captures.jsonl", "data/decisions.jsonl", "data/disclosures/"
ANNOTATION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND_CHARACTERS = 32  # of the text before and behind a quote: enough to find it again in a text that was edited
LINKS = (
    "actedOnBehalfOf", "atLocation", "hadMember", "specializationOf", "used", "wasAssociatedWith", "wasAttributedTo", "wasDerivedFrom",
    "wasGeneratedBy", "wasQuotedFrom",
)  # fmt: skip
CLASSES = ("Activity", "Agent", "Collection", "Entity", "Person", "SoftwareAgent")
PROV_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#", "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "endedAtTime": {"@id": "prov:endedAtTime", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
    **{name: {"@id": f"prov:{name}", "@type": "@id"} for name in LINKS}, **{name: f"prov:{name}" for name in CLASSES},
}  # fmt: skip
PLACES = {
    "original": "originals/{}", "document": "documents/{}.json", "text": "texts/{}.txt", "reading": "readings/{}.json",
    "findings": "incidents.json", "capture": "captures.jsonl", "decision": "decisions.jsonl",
}  # fmt: skip
LINED = {"capture": CAPTURES, "decision": DECISIONS}
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)
Node = dict[str, Any]


class Files(NamedTuple):
    """The files of a dossier: SHA-256 by path, and how to read one."""

    digests: Mapping[str, str]
    read: Callable[[str], bytes]

    def lines(self, name: str) -> list[bytes]:
        """The lines of a file; none where it is not there."""
        return self.read(name).splitlines() if name in self.digests else []

    def leaves(self) -> Iterator[bytes]:
        """The records of the log, one after the other, read when the first is asked for."""
        yield from io.BytesIO(self.read(LEAVES))

    def has(self, place: str) -> bool:
        """Whether something lies at a place below `data`."""
        return PAYLOAD + place in self.digests


def compact(thing: Any) -> bytes:
    """Canonical JSON (RFC 8785) of what holds strings and whole numbers only, under plain keys."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def ni(digest: str) -> str:
    """The name of some bytes by their SHA-256 (RFC 6920)."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"


# --- claims as annotations


def claims_of(findings: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    """For each document its claims, in the order of the incidents: JSON pointer of the claim (RFC 6901), attribute, claim."""
    found: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for i, incident in enumerate(findings["incidents"]):
        for f, fact in enumerate(incident["facts"]):
            for c, claim in enumerate(fact["claims"]):
                found.setdefault(claim["document"], []).append((f"/incidents/{i}/facts/{f}/claims/{c}", fact["attribute"], claim))
    return found


def said(attribute: str, claim: Mapping[str, Any]) -> str:
    """What is claimed, in a sentence."""
    low, high = claim["at_least"], claim["at_most"]
    if claim["value"] is not None:
        words = claim["value"]
    elif low is None and high is None:
        words = "number not stated"
    else:
        words = str(low) if low == high else f"{'?' if low is None else low} to {'?' if high is None else high}"
        words = f"about {words}" if claim["approximate"] else words
    superseded = " (a later word of the same origin replaced it)" if claim["superseded"] else ""
    return f"{claim['origin']} {claim['stance']}: {attribute.replace('_', ' ')}: {words}{superseded}"


def selectors(text: str, start: int, end: int) -> list[Node]:
    """The words, and where they stand: both in Unicode code points."""
    return [
        {
            "type": "TextQuoteSelector", "exact": text[start:end], "prefix": text[max(start - AROUND_CHARACTERS, 0) : start],
            "suffix": text[end : end + AROUND_CHARACTERS],
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]  # fmt: skip


def annotations(files: Files, document: str, claims: Sequence[tuple[str, str, Mapping[str, Any]]], made_by: str | None) -> bytes:
    """The claims of one document as a collection of annotations on one page."""
    place = PLACES["text"].format(document)
    text, source = files.read(PAYLOAD + place).decode("utf-8", "surrogatepass"), ni(files.digests[PAYLOAD + place])
    reading = json.loads(files.read(PAYLOAD + PLACES["reading"].format(document)))["made_by"]
    items: list[Node] = [
        {
            "id": f"#{number}", "type": "Annotation", "motivation": "describing", "creator": "#software",
            "body": [
                {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "language": "en", "value": said(attribute, claim)},
                f"../incidents.json#{pointer}",
            ],
            "target": {
                "type": "SpecificResource", "source": source, "state": "#layer", "selector": selectors(text, *claim["passage"]),
            },
        }
        for number, (pointer, attribute, claim) in enumerate(claims, start=1)
    ]  # fmt: skip
    items[0]["target"]["state"] = {"id": "#layer", "type": "TimeState", "cached": f"../{place}"}
    return compact({
        "@context": ANNOTATION_CONTEXT, "id": f"{document}.jsonld", "type": "AnnotationCollection", "label": f"What is claimed in {place}", "total": len(items),
        "creator": {"id": "#software", "type": "Software", "name": "; ".join(f"ascertain {one}" for one in (reading, made_by) if one)},
        "first": {"id": "#page", "type": "AnnotationPage", "partOf": f"{document}.jsonld", "startIndex": 0, "items": items}, "last": "#page",
    }) + b"\n"  # fmt: skip


# --- provenance


class Provenance:
    """Entities, activities and agents of a dossier, node by node."""

    def __init__(self, files: Files, findings: Mapping[str, Any]) -> None:
        self.files, self.findings = files, findings
        self.people, self.software = dict[str, str](), dict[str, str]()
        self.seen, self.readings = set[str](), list[str]()
        self.captures = [json.loads(line) for line in files.lines(CAPTURES)]
        self.about, self.lines_of = (
            dict[tuple[str, str | None], list[str]](),
            dict[str, list[str]](),
        )  # decisions by what they are about, and by id
        for number, decision in enumerate(map(json.loads, files.lines(DECISIONS)), start=1):
            self.about.setdefault((decision["target"], decision["attribute"]), []).append(f"{PLACES['decision']}#{number}")
            self.lines_of.setdefault(decision["id"], []).append(f"{PLACES['decision']}#{number}")
        self.places = {kind: dict[str, list[str]]() for kind in LINED}
        for kind, name in LINED.items():
            for number, line in enumerate(files.lines(name), start=1):
                self.places[kind].setdefault(hashlib.sha256(line).hexdigest(), []).append(f"{PLACES[kind]}#{number}")
        self.disclosed = self.disclosures()

    def disclosures(self) -> dict[int, list[tuple[str, str]]]:
        """Kind and id of what is disclosed, by the record that it opens."""
        found: dict[int, list[tuple[str, str]]] = {}
        for name in sorted(name for name in self.files.digests if name.startswith(DISCLOSURES)):
            one = json.loads(self.files.read(name))
            found.setdefault(one["record"], []).append((one["kind"], one["id"]))
        return found

    def nodes(self, leaves: Iterable[bytes]) -> Iterator[Node]:
        """All nodes: what the log tells, in its order, then incidents and facts, then who had a hand in it."""
        keys: dict[str, str] = {}
        for record in map(json.loads, leaves):
            about = record["parameters"]
            if record["action"] in {"created", "rotated"} and "key" in about:
                keys[about["key"]] = record["actor"]
            if "collector" in about:
                keys[about["collector"]] = record["object"]
            yield from self.record(record)
        yield from self.incidents()
        keyed = [(ni(key), self.person(name)) for key, name in keys.items()]
        yield from ({"@id": key, "@type": "Agent", "label": "a signing key", "actedOnBehalfOf": person} for key, person in keyed)
        yield from ({"@id": key, "@type": ["Agent", "Person"], "label": name} for name, key in self.people.items())
        yield from ({"@id": key, "@type": ["Agent", "SoftwareAgent"], "label": name} for name, key in self.software.items())

    def person(self, name: str) -> str:
        """The agent that a person's name stands for."""
        return self.people.setdefault(name, f"#person-{len(self.people) + 1}")

    def program(self, name: str | None) -> list[str]:
        """The agent that a name of software, with its version and models, stands for."""
        return [self.software.setdefault(name, f"#software-{len(self.software) + 1}")] if name else []

    def named(self, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Kind and place of what this record is the first to name, where it is here."""
        thing, about = record["object"], record["parameters"]
        about = about | ({"original": thing} if record["action"] == "collected" else {})
        for kind, place in PLACES.items():
            if kind not in about:
                continue
            lined = self.places[kind].get(about[kind], ()) if kind in LINED else ()
            places = lined or (place.format(thing),)
            for one in places:
                here = bool(lined) or self.files.digests.get(PAYLOAD + one) == about[kind]
                if here and one not in self.seen:
                    self.seen.add(one)
                    yield kind, one

    def record(self, record: Mapping[str, Any]) -> Iterator[Node]:
        """An activity and what it left, where something of it is here."""
        number, opened = f"#record-{record['number']}", self.disclosed.get(record["number"], ())
        named = list(self.named(record))
        if not (named or opened):
            return
        activity: Node = {
            "@id": number, "@type": "Activity", "label": record["action"], "endedAtTime": record["time"],
            "wasAssociatedWith": [self.person(record["actor"]), *self.programs(record, named)],
        }  # fmt: skip
        if used := self.used(record, named):
            activity["used"] = used
        yield activity
        for kind, place in named:
            yield self.entity(place, self.origins(kind, record["object"]), generated=number)
        if opened:
            yield {"@id": f"#sealed-{record['number']}", "@type": "Entity", "wasGeneratedBy": number}
        for kind, name in opened:
            yield from self.shown(kind, name, f"#sealed-{record['number']}")

    def programs(self, record: Mapping[str, Any], named: Sequence[tuple[str, str]]) -> list[str]:
        """The software that took part."""
        version, stage = record["parameters"].get("version"), record["parameters"].get("stage")
        names = [self.captures[int(place.partition("#")[2]) - 1]["tool"] for kind, place in named if kind == "capture"]
        if stage is not None and version:
            names.append(f"ascertain {version}" if version.startswith(stage) else f"ascertain {stage} {version}")
        if any(kind == "findings" for kind, _ in named) and self.findings.get("made_by"):
            names.append(f"ascertain {self.findings['made_by']}")
        return [key for name in dict.fromkeys(names) for key in self.program(name)]

    def used(self, record: Mapping[str, Any], named: Sequence[tuple[str, str]]) -> list[str]:
        """What of the dossier an activity used."""
        kinds = {kind for kind, _ in named}
        self.readings += [place for kind, place in named if kind == "reading"]
        if "findings" in kinds:
            return list(self.readings)
        place = {"document": "original", "text": "original", "reading": "text"}
        wanted = sorted({PLACES[place[kind]].format(record["object"]) for kind in kinds & place.keys()})
        return [one for one in wanted if self.files.has(one)]

    def origins(self, kind: str, thing: str) -> list[str]:
        """What something was derived from."""
        if kind == "original":
            parents = {PLACES["original"].format(c["parent"]) for c in self.captures if c["original"] == thing and c["parent"]}
            return sorted(filter(self.files.has, parents))
        before = {"capture": "original", "document": "original", "text": "document", "reading": "text"}
        wanted = [PLACES[before[kind]].format(thing)] if kind in before else []
        return [one for one in wanted if self.files.has(one)]

    def entity(self, place: str, origins: Sequence[str], generated: str | None = None) -> Node:
        """A file or line: the bytes that its digest names, in a place."""
        made: Node = {"@id": place, "@type": "Entity"}
        if (digest := self.files.digests.get(PAYLOAD + place)) is not None:
            made["specializationOf"] = ni(digest)
        made |= {"wasGeneratedBy": generated} if generated else {}
        return made | ({"wasDerivedFrom": list(origins)} if origins else {})

    def shown(self, kind: str, name: str, sealed: str) -> Iterator[Node]:
        """What a disclosure carries, down from what was sealed."""
        disclosure = f"disclosures/{name}.json"
        yield self.entity(disclosure, [sealed])
        if kind == "document":
            before = {"document": disclosure, "text": "documents/{}.json", "reading": "texts/{}.txt"}
            for one, origin in before.items():
                if self.files.has(PLACES[one].format(name)):
                    yield self.entity(PLACES[one].format(name), [origin.format(name)])
        elif kind == "decision":
            yield from (self.entity(place, [disclosure]) for place in self.lines_of.get(f"decision-{name[:12]}", ()))
        elif INCIDENTS in self.files.digests:
            yield self.entity(PLACES["findings"], [disclosure])

    def incidents(self) -> Iterator[Node]:
        """Incidents with their facts: each fact from the passages of its claims and from what people decided about it."""
        if INCIDENTS not in self.files.digests:
            return
        root, all_of = PLACES["findings"], self.findings["incidents"]
        yield {"@id": root, "@type": ["Entity", "Collection"], "hadMember": [f"{root}#/incidents/{i}" for i in range(len(all_of))]}
        numbers: dict[str, int] = {}  # of the claims of each document, as its annotations count them
        for i, incident in enumerate(all_of):
            yield self.incident(f"{root}#/incidents/{i}", incident)
            for f, fact in enumerate(incident["facts"]):
                claims = []
                for document in (claim["document"] for claim in fact["claims"]):
                    numbers[document] = numbers.get(document, 0) + 1
                    claims.append(f"annotations/{document}.jsonld#{numbers[document]}")
                yield self.fact(f"{root}#/incidents/{i}/facts/{f}", incident["id"], fact, claims)

    def incident(self, key: str, incident: Mapping[str, Any]) -> Node:
        """An incident: what was read in the documents that mention it."""
        facts = [f"{key}/facts/{f}" for f in range(len(incident["facts"]))]
        made: Node = {"@id": key, "@type": ["Entity", "Collection"], "label": incident["id"]}
        readings = sorted({PLACES["reading"].format(mention["document"]) for mention in incident["mentions"]})
        return made | ({"hadMember": facts} if facts else {}) | ({"wasDerivedFrom": readings} if readings else {})

    def fact(self, key: str, incident: str, fact: Mapping[str, Any], claims: Sequence[str]) -> Node:
        """A fact: from its claims, and from the decisions about it; attributed to the people who decided it."""
        decisions = self.about.get((incident, fact["attribute"]), [])
        made: Node = {"@id": key, "@type": "Entity", "label": f"{fact['attribute']}: {fact['status']}"}
        texts = sorted({PLACES["text"].format(claim["document"]) for claim in fact["claims"]})
        links = {"wasDerivedFrom": [*claims, *decisions], "wasQuotedFrom": texts}
        links["wasAttributedTo"] = [self.person(name) for name in fact["decided_by"]]
        return made | {name: found for name, found in links.items() if found}


def provenance(files: Files, findings: Mapping[str, Any], leaves: Iterable[bytes]) -> Iterator[bytes]:
    """PROV-O as canonical JSON-LD, in parts."""
    yield b'{"@context":' + compact(PROV_CONTEXT) + b',"@graph":['
    between = b""
    for node in Provenance(files, findings).nodes(leaves):
        yield between + compact(node)
        between = b","
    yield b"]}\n"


# --- both


def derived(files: Files, leaves: Iterable[bytes]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files that follow from the others, by path, in ascending order.

    Args:
        files: the others.
        leaves: the records of the log, or of a part those that it shows; the export's own may be missing.
    """
    findings = json.loads(files.read(INCIDENTS)) if INCIDENTS in files.digests else {"incidents": []}
    for document, claims in sorted(claims_of(findings).items()):
        if not all(files.has(PLACES[kind].format(document)) for kind in ("text", "reading")):
            continue  # a claim without its words: what checks the facts says so
        yield f"{ANNOTATIONS}{document}.jsonld", [annotations(files, document, claims, findings.get("made_by"))]
    yield PROV, provenance(files, findings, leaves)


def disagreements(files: Files) -> Iterator[tuple[str, str]]:
    """Path of each derived file that is not what follows from the others, and what is wrong; nothing where a dossier has none of them."""
    there = {name for name in files.digests if name == PROV or name.startswith(ANNOTATIONS)}
    if not there:
        return
    rest = Files({name: digest for name, digest in files.digests.items() if name not in there}, files.read)
    for name, parts in derived(rest, rest.leaves()):
        total = hashlib.sha256()
        for part in parts:
            total.update(part)
        if name not in there:
            yield name, "is missing: what it says follows from the other files"
        elif total.hexdigest() != files.digests[name]:
            yield name, "is not what follows from texts, readings, incidents and log"
        there.discard(name)
    yield from ((name, "follows from nothing here") for name in sorted(there))


def opened(path: Path) -> Files:
    """A dossier's folder or archive."""
    if path.is_dir():
        names = [one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file()]

        def read(name: str) -> bytes:
            return (path / name).read_bytes()
    else:
        archive = zipfile.ZipFile(path)
        names, read = archive.namelist(), archive.read
    return Files({name: hashlib.sha256(read(name)).hexdigest() for name in names if name.startswith(PAYLOAD)}, read)


def main(arguments: Sequence[str]) -> int:
    """Say whether annotations and provenance agree with the rest of a dossier; gives the exit status."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("Usage: python derive.py DOSSIER\n")
        return 2
    try:
        files = opened(Path(arguments[0]))
        found = list(disagreements(files))
    except (OSError, zipfile.BadZipFile, *MALFORMED) as error:
        sys.stderr.write(f"Error: {arguments[0]} can't be read: {type(error).__name__}: {error}\n")
        return 3
    count = sum(name.startswith(ANNOTATIONS) for name in files.digests)
    for name, says in found:
        sys.stdout.write(f"{name} {says}\n")
    if not found:
        sys.stdout.write(f"annotations of {count:,} documents and {PROV} agree with the rest\n" if PROV in files.digests else "has none\n")
    return 4 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

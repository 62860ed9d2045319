"""What a dossier says about itself: the bag's description, a page for people, and RO-Crate 1.2 metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from ascertain.publish.verify import SCHEMA

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FOLDERS = {
    "originals": "The files as they came in, each named by its SHA-256.",
    "documents": "What was parsed from each original.",
    "texts": "The main text of each document: the layer that all passages point into, in Unicode code points.",
    "readings": "What was read in each text; every finding has its passage.",
    "heads": "Earlier heads of the custody log that others saw: time stamps with requests and certificates, signatures of witnesses.",
    "disclosures": "What is shown of documents and decisions, with the salts that prove it, and hashes in the place of the rest.",
    "renderings": "PDF files as pictures of their pages, without text; lines that hold withheld words are covered, pictures left out.",
    "log": "The custody log: records, signed checkpoint, key, tiles, and a proof for each object.",
    "annotations": "Every claim as a W3C Web Annotation on the text that carries it, a file for each document.",
    "keys": "The public key that signed the log's head.",
    "report": "The report for people: open report/index.html.",
}
FILES = {
    "captures.jsonl": "How each original came in.",
    "outcomes.jsonl": "How each original ended in each stage.",
    "decisions.jsonl": "What people decided, in order.",
    "withheld.jsonl": "What is withheld whole, with class and reason.",
    "incidents.json": "What happened, who vouches for it, and how far each fact is carried.",
    "prov.jsonld": "Provenance in PROV-O: from originals over texts and readings to incidents, facts and decisions, and who did what.",
}
CONFORMS = {"annotations": "https://www.w3.org/TR/annotation-model/", "prov.jsonld": "https://www.w3.org/TR/prov-o/"}
STANDARDS = {
    CONFORMS["annotations"]: "Web Annotation Data Model, W3C Recommendation of 23 February 2017",
    CONFORMS["prov.jsonld"]: "PROV-O: The PROV Ontology, W3C Recommendation of 30 April 2013",
}
KINDS = {
    "jsonld": "application/ld+json",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "txt": "text/plain",
    "html": "text/html",
}
RIGHTS_ADDRESS = "http://rightsstatements.org/vocab/CNE/1.0/"
RIGHTS = "Rights in the originals stay with their holders; this dossier grants none."

WHOLE = """\
Handle it as you would handle the originals: they are in it whole, with every name in them."""
PART = """\
It is a part of the case: some incidents or documents. Handle it as you would handle the originals: they are in it whole, with every name
in them. That nothing is missing which belongs to the part is the exporter's word."""
PROTECTED = """\
Protected: words that would harm somebody are withheld, and pseudonyms stand in their place; originals are not in it. What is shown of the
texts is proved word by word against the custody log (data/disclosures); readings, incidents and the report are the exporter's words about
them. Do not try to find out who is meant."""
DESCRIPTIONS = {
    "whole": "Dossier: originals, readings, incidents, decisions, custody log with proofs",
    "part": "Dossier of a part of a case: originals, readings, incidents, decisions, proofs in the custody log",
    "protected": "Protected dossier: texts as far as they are shown, readings, incidents, decisions, proofs in the custody log",
}
SCOPES = {"whole": WHOLE, "part": PART, "protected": PROTECTED}
README = """\
DOSSIER OF {case}
Form: {schema}. Exported {exported_at} with {tool}. Signed by {signer}
Key's fingerprint: {fingerprint}

{handle}

LOOK AT IT
  data/report/index.html      the report (open it in a browser; it needs no network)
  data/incidents.json         incidents and facts
  data/texts, data/readings   what was read, and the text that every passage points into
  data/annotations            every claim as a W3C Web Annotation on its text; data/prov.jsonld where everything comes from (PROV-O)
{originals}

CHECK IT
Get the key's fingerprint from the people who made the dossier, by another way than the dossier.

1. All of it, with the verifier that lies here (Python 3.11 or newer with the package "cryptography"):
     python verify.py . --key FINGERPRINT
   A verifier that comes with what it checks proves little to a doubter: read it (it is one file), take it from a release of ascertain,
   or write your own from the specification.

   If a checkpoint of the same case reached you earlier, add --earlier CHECKPOINT: the log has to go on from it.
   A second verifier, of another make, checks all but passages and facts (sha256sum, openssl, jq):
     sh verify.sh . --key FINGERPRINT
   A third one is a page: open verify.html in a browser and give it this folder or the ZIP file. It fetches and sends nothing.

   Whether annotations and provenance follow from the rest (they are told twice so that other software can read them):
     python derive.py .

2. The bytes, with standard tools:
     sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
     bagit.py --validate .
   This finds damage, not somebody who changed the manifests too. Steps 1 and 3 find that.

3. The signature of the log's head, with openssl (write head.txt and head.sig elsewhere: a file more in this folder is a changed dossier):
     head -n 3 data/log/checkpoint > /tmp/head.txt
     tail -n 1 data/log/checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > /tmp/head.sig
     openssl pkeyutl -verify -pubin -inkey data/keys/signer.pem -rawin -in /tmp/head.txt -sigfile /tmp/head.sig
     openssl pkey -pubin -in data/keys/signer.pem -outform DER | tail -c 32 | sha256sum      # the fingerprint
   Time stamps lie in data/heads, for each a folder by the number of records; the authority's root comes from the authority:
     openssl ts -verify -data data/heads/N/checkpoint -in data/heads/N/STAMP.tsr -CAfile ROOT
   The last record in data/log/leaves.jsonl says "contents": the SHA-256 of data/log/contents-sha256.txt, and that lists the files.

WHAT IT DOES NOT PROVE
  That what the documents say is true. When things happened: the records' times are the clock of the
  machine that kept the case, and stamps say only before when the records were there.
  Who holds the key. That nothing was left out before it was collected.
"""

LINES_OF_ORIGINALS = {
    "whole": "  data/originals              the files as they came in; data/captures.jsonl says how each came",
    "protected": "  data/disclosures            what is shown of each document, and what is withheld; data/withheld.jsonl what is withheld whole",
}


@attrs.frozen
class About:
    """What is known of an export.

    Attributes:
        exported_at: ISO 8601 UTC.
        tool: a name and a version.
        scope: `whole`, `part` or `protected`.
        keeper: who keeps the case, under whose name the log has what no other person did; None: not said.
    """

    case: str
    signer: str
    fingerprint: str
    exported_at: str
    tool: str
    scope: str = "whole"
    keeper: str | None = None


def bag_info(about: About) -> bytes:
    """The bag's description. No Payload-Oxum: it would count the signed log, which has to cover this file."""
    lines = {
        "Bag-Software-Agent": about.tool,
        "Bagging-Date": about.exported_at[:10],
        "Dossier-Form": SCHEMA,
        "External-Description": DESCRIPTIONS[about.scope],
        "External-Identifier": about.signer,
        "Internal-Sender-Identifier": about.case,
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items()).encode()


def readme(about: About) -> bytes:
    """The page for people."""
    originals = LINES_OF_ORIGINALS["protected" if about.scope == "protected" else "whole"]
    return README.format(schema=SCHEMA, handle=SCOPES[about.scope], originals=originals, **attrs.asdict(about)).encode()


def crate(about: About, files: Mapping[str, tuple[str, int]], captures: Sequence[Mapping[str, Any]]) -> bytes:
    """RO-Crate 1.2 metadata of the payload.

    Args:
        files: digest and size of the payload's files, by path below `data/`; those of the log come later and are described as a folder.
        captures: capture records, in order: they name the originals.
    """
    listed = sorted(path for path in files if not path.startswith("report/") or path == "report/index.html")
    folders = [f"{name}/" for name in FOLDERS if name == "log" or any(path.startswith(f"{name}/") for path in files)]
    within: dict[str, list[str]] = {}
    for path in listed:
        within.setdefault(f"{path.partition('/')[0]}/", []).append(path)
    known: dict[str, Mapping[str, Any]] = {}
    for capture in captures:
        known.setdefault(f"originals/{capture['original']}", capture)
    publisher = {"publisher": {"@id": "#keeper"}} if about.keeper else {}
    graph = [
        {
            "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "name": "Metadata of the dossier", "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
        },
        {
            "@id": "./", "@type": "Dataset", "name": f"Dossier of {about.case}", "description": f"{DESCRIPTIONS[about.scope]}.",
            "datePublished": about.exported_at, "license": {"@id": RIGHTS_ADDRESS}, "identifier": {"@id": "#key"},
            "mentions": {"@id": "#export"}, **publisher,
            "hasPart": [{"@id": one} for one in (*folders, *listed)],
        },
        *_context(about, [path for path in listed if path.partition("/")[0] in CONFORMS]),
        *(_folder(one, within.get(one, [])) for one in folders),
        *(_file(path, *files[path], known.get(path)) for path in listed),
    ]  # fmt: skip
    made = {"@context": "https://w3id.org/ro/crate/1.2/context", "@graph": graph}
    return (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")


def _context(about: About, standing: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Who and what the description names that is no file; `standing` are the files that stand on a standard of their own."""
    name, _, version = about.tool.rpartition(" ")
    yield {"@id": RIGHTS_ADDRESS, "@type": "CreativeWork", "name": "Copyright not evaluated", "description": RIGHTS, "url": RIGHTS_ADDRESS}
    yield {
        "@id": "#key", "@type": "PropertyValue", "name": about.signer, "propertyID": "SHA-256 of the public key that signs the custody log",
        "value": about.fingerprint,
    }  # fmt: skip
    yield {
        "@id": "#software", "@type": "SoftwareApplication", "name": name, "version": version, "url": "../README.txt",
        "description": "What kept the case, read the documents and exported the dossier.",
    }  # fmt: skip
    people = {"agent": {"@id": "#keeper"}} if about.keeper else {}
    yield {
        "@id": "#export", "@type": "CreateAction", "name": "Export of the dossier", "endTime": about.exported_at,
        "description": f"Made with {about.tool}.", "instrument": {"@id": "#software"}, "result": {"@id": "./"}, **people,
    }  # fmt: skip
    if about.keeper:
        yield {"@id": "#keeper", "@type": "Person", "name": about.keeper, "description": "Keeps the case on the machine that exported it."}
    for address in sorted({CONFORMS[path.partition("/")[0]] for path in standing}):
        yield {"@id": address, "@type": "CreativeWork", "name": STANDARDS[address], "url": address}


def _folder(path: str, parts: Sequence[str]) -> dict[str, Any]:
    about = {"@id": path, "@type": "Dataset", "name": path.rstrip("/"), "description": FOLDERS[path.rstrip("/")]}
    links = [{"@id": one} for one in parts]
    return about | ({"hasPart": links if len(links) > 1 else links[0]} if links else {})


def _file(path: str, digest: str, size: int, capture: Mapping[str, Any] | None) -> dict[str, Any]:
    about: dict[str, Any] = {"@id": path, "@type": "File", "contentSize": str(size), "sha256": digest}
    if capture is not None:
        return about | {
            "name": capture["path"],
            "encodingFormat": capture["media_type"],
            "description": f"As it came in from {capture['source']}.",
        }
    kind = KINDS.get(path.rpartition(".")[2], "application/octet-stream")
    if (standard := CONFORMS.get(path.partition("/")[0])) is not None:
        about["conformsTo"] = {"@id": standard}
    return about | {"name": path, "encodingFormat": kind, "description": FILES.get(path) or FOLDERS[path.partition("/")[0]]}

"""Ask other people's software about a dossier, without a network: the RO-Crate validator, rdflib, and the PROV library.

    python -m venv /tmp/others && /tmp/others/bin/pip install roc-validator "prov[rdf]"
    /tmp/others/bin/python tools/crate_check.py DOSSIER

DOSSIER is an unpacked folder. Nothing of `ascertain` is imported. The validator (roc-validator 0.13) asks for the context of RO-Crate by its
address; it has an offline mode that answers from a cache, so the cache is filled here with the context's terms from tools/contexts. A
term that isn't there is one that our crates don't use, and the validator complains of it. Exit status: 0 all accept it; 4 one does not.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONTEXTS = Path(__file__).parent / "contexts"
CRATE_CONTEXT, ANNOTATION_CONTEXT = "https://w3id.org/ro/crate/1.2/context", "http://www.w3.org/ns/anno.jsonld"
OA, PROV = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#"

NOT_FOLLOWED = {  # recommendations that a dossier can't follow, by the validator's name for the check
    "ro-crate-1.2_68.1": "contents of the folder log: they are made after the description, which the log covers",
    "ro-crate-1.2_91.0": "ORCID of a person: the log knows people by name and key",
    "ro-crate-1.2_93.0": "contact of a person: the log knows none",
}


def fill_cache(cache: Path) -> None:
    """Put the context of RO-Crate into the validator's cache, as if it had been fetched."""
    import requests
    import requests_cache
    import urllib3

    class Packaged(requests.adapters.HTTPAdapter):
        """Answers with the packaged context whatever is asked."""

        def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
            data = (CONTEXTS / "ro-crate-1.2.jsonld").read_bytes()
            head = {"Content-Type": "application/ld+json", "Content-Length": str(len(data))}
            return self.build_response(request, urllib3.HTTPResponse(io.BytesIO(data), head, 200, preload_content=False))

    with requests_cache.CachedSession(str(cache), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", Packaged())
        session.get(CRATE_CONTEXT, headers={"Accept": "application/ld+json, application/json, */*;q=0.1"})


def crate_issues(folder: Path, cache: Path) -> Iterator[str]:
    """What the RO-Crate validator finds in a dossier's payload: required and recommended."""
    from rocrate_validator import models, services

    fill_cache(cache)
    settings = models.ValidationSettings(
        rocrate_uri=models.URI(str(folder / "data")), profile_identifier="ro-crate-1.2", offline=True, cache_path=cache,
        requirement_severity=models.Severity.RECOMMENDED,
    )  # fmt: skip
    for issue in services.validate(settings).get_issues():
        if issue.check.identifier not in NOT_FOLLOWED or issue.severity is models.Severity.REQUIRED:
            yield f"{issue.severity.name} {issue.check.identifier}: {issue.message}"


def graph_of(path: Path, base: str, context: dict[str, Any] | None = None) -> Any:
    """The triples of a JSON-LD file; a context that it only names is replaced by the packaged one."""
    import rdflib

    found = json.loads(path.read_bytes())
    if context is not None:
        if found["@context"] != ANNOTATION_CONTEXT:
            raise ValueError(f"{path.name} names the context {found['@context']}")
        found["@context"] = context
    return rdflib.Graph().parse(data=json.dumps(found), format="json-ld", publicID=base)


def annotation_triples(folder: Path) -> tuple[int, int]:
    """Annotations and triples, as rdflib reads them."""
    import rdflib

    context = json.loads((CONTEXTS / "anno.jsonld").read_bytes())["@context"]
    annotations, triples = 0, 0
    for path in sorted((folder / "data" / "annotations").glob("*.jsonld")):
        graph = graph_of(path, f"file:///dossier/data/annotations/{path.name}", context)
        annotations += sum(1 for _ in graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{OA}Annotation")))
        triples += len(graph)
    return annotations, triples


def provenance(folder: Path) -> tuple[Any, Any]:
    """The graph that rdflib reads, and the document that the PROV library makes of it."""
    from prov.model import ProvDocument

    graph = graph_of(folder / "data" / "prov.jsonld", "file:///dossier/data/prov.jsonld")
    named = "@prefix ni: <ni:///> .\n@prefix here: <file:///dossier/data/> .\n"  # the library wants a prefix for every name
    return graph, ProvDocument.deserialize(content=named + graph.serialize(format="turtle"), format="rdf", rdf_format="turtle")


def constraint_breaches(graph: Any) -> Iterator[str]:
    """What breaks the constraints of PROV (W3C PROV-CONSTRAINTS) that can be seen in such a graph."""
    import rdflib

    named = {
        name: rdflib.URIRef(f"{PROV}{name}") for name in ("Activity", "Entity", "used", "wasGeneratedBy", "wasDerivedFrom", "endedAtTime")
    }
    kinds = {name: set(graph.subjects(rdflib.RDF.type, named[name])) for name in ("Activity", "Entity")}
    yield from (f"{one} is an entity and an activity (typing 50)" for one in kinds["Activity"] & kinds["Entity"])
    made = dict(graph.subject_objects(named["wasGeneratedBy"]))
    if len(made) != len(list(graph.subject_objects(named["wasGeneratedBy"]))):
        yield "an entity was generated twice (unique generation 24)"
    ended = {activity: str(time) for activity, time in graph.subject_objects(named["endedAtTime"])}
    for activity, entity in graph.subject_objects(named["used"]):
        if entity in made and ended[made[entity]] > ended[activity]:
            yield f"{activity} used {entity} before there was one (generation precedes usage 37)"
    for entity, origin in graph.subject_objects(named["wasDerivedFrom"]):
        if entity in made and origin in made and ended[made[origin]] > ended[made[entity]]:
            yield f"{entity} was derived from a later {origin} (derivation 42)"
        if entity in set(graph.transitive_objects(origin, named["wasDerivedFrom"])):
            yield f"{entity} was derived from itself (derivation 42)"


def main(arguments: list[str]) -> int:
    """Ask all three, and say what they said."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "data" / "ro-crate-metadata.json").is_file():
        sys.exit(f"Usage: python {Path(__file__).name} DOSSIER, an unpacked folder")
    folder = Path(arguments[0])
    with tempfile.TemporaryDirectory() as scratch:
        issues = list(crate_issues(folder, Path(scratch) / "cache"))
    print(f"RO-Crate validator: {len(issues)} issues, required or recommended; not followed: {'; '.join(NOT_FOLLOWED.values())}")
    if (folder / "data" / "prov.jsonld").exists():
        annotations, triples = annotation_triples(folder)
        print(f"annotations: {annotations:,} in {triples:,} triples")
        graph, document = provenance(folder)
        breaches = list(constraint_breaches(graph))
        print(f"provenance: {len(graph):,} triples, {len(document.records):,} records of PROV, {len(breaches)} constraints broken")
        issues += breaches
    for issue in issues[:50]:
        print(f"  {issue}")
    return 4 if issues else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

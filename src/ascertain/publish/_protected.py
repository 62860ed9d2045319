"""What a protected part is filled with: redacted records, disclosures that prove what is shown, and a search for what must not be left."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import msgspec

from ascertain.custody import Seal, blind_name, canonical
from ascertain.publish._bag import Bag
from ascertain.publish._choice import Choice, decisions_of
from ascertain.publish._contents import CaseContents
from ascertain.publish._crate import About
from ascertain.publish._derived import add_derived
from ascertain.publish._disclose import Disclosure, Shown, disclose_decision, disclose_document
from ascertain.publish._leaks import Search
from ascertain.publish._log_parts import LogIndex
from ascertain.publish._redact import Redacted, redact
from ascertain.publish._register import Guard
from ascertain.publish._renderings import rendering
from ascertain.publish._report import register_of, write_report
from ascertain.records import Decision, DecisionKind, Document, Findings, Sensitivity
from ascertain.store import Protection, Store, seal_again

NEVER_SEALED = "it was kept before its words could be proved one by one"
NOT_READ = "no reading tells which names stand in it"
CORRECTS = "it corrects a reading at places of the text as it is not shown"
PDF = "application/pdf"
DIGEST = re.compile(r"[0-9a-f]{64}")
Why = tuple[Sensitivity, str]


@attrs.frozen
class Closed:
    """What a protected part holds back.

    Attributes:
        shown: places of disclosures and of what is withheld whole, by the number of the record that they open.
        key: what pseudonyms and names stand for: for a file of its own that only the right people open.
        counts: documents shown `whole`, in `part`, `withheld`; and by class how many words and fields are withheld.
    """

    shown: Mapping[int, Sequence[str]]
    key: Mapping[str, Any]
    counts: Mapping[str, int]


def fill_closed(bag: Bag, store: Store, choice: Choice, about: About) -> Closed:
    """Fill a bag with a protected part; `choice` without anything is the whole case.

    Raises:
        StoreError: a protected name would be left somewhere.
    """
    return _Filling(bag, store, choice, about).fill()


class _Filling:
    def __init__(self, bag: Bag, store: Store, choice: Choice, about: About) -> None:
        self.bag, self.store, self.about = bag, store, about
        protection = Protection(store)
        everything = list(store.readings())
        self.register = register_of(everything, guard=Guard.of(protection.standings().values(), protection.pseudonyms()))
        protection.give_pseudonyms(self.register.given)
        protection.seal_older("decision")  # an established fact is shown with who established it
        self.choice = choice
        self.index = LogIndex.of(store.log_leaves())
        self.shown: dict[int, list[str]] = defaultdict(list)
        self.counts: Counter[str] = Counter(dict.fromkeys(("whole", "part", "withheld", "restricted", "protected"), 0))
        self.withheld: list[dict[str, Any]] = []
        self.gone: dict[str, str] = {}
        self.seals: dict[str, tuple[Seal, int]] = {}
        self.readings = {r.document.id: r for r in everything if r.document.id in set(choice.documents)}
        self._withhold_documents(protection.withheld_items())

    def fill(self) -> Closed:
        redacted = self._redacted()
        self._write_records(redacted)
        for key in sorted(self.readings, key=lambda one: redacted.names[one]):
            self._write_document(key, redacted)
        self._write_decisions(redacted)
        if self.withheld:
            self._write_withheld()
        write_report(self.bag.folder / "data" / "report", redacted.contents, protect_names=False)
        self.bag.adopt("data/report")
        leaves = self.store.log_leaves()
        add_derived(self.bag, [leaves[number] for number in sorted(self.shown)])
        Search.of(self.register).refuse(self.bag, [self.about.case, self.about.signer, self.about.tool, self.store.collector])
        return Closed(self.shown, self._key(redacted), dict(self.counts))

    # --- what is withheld whole

    def _withhold_documents(self, items: Mapping[str, Why]) -> None:
        """Documents that people have marked, that no seal proves, or whose names nobody has read."""
        paths, chosen = {}, set(self.choice.documents)
        for _, record in self.store.recorded("document"):
            document = msgspec.json.decode(record, type=Document)
            if document.id not in chosen:
                continue
            made = seal_again(self.store, "document", record)
            number, known = self.index.sealed.get(made.name, (None, {}))
            sealed = number is not None and known["root"] == made.root().hex()
            why = items.get(document.id) or (None if sealed else (Sensitivity.RESTRICTED, NEVER_SEALED))
            why = why or (None if document.id in self.readings else (Sensitivity.RESTRICTED, NOT_READ))
            if why is None and number is not None:
                self.seals[document.id] = made, number
                continue
            self.readings.pop(document.id, None)
            paths[document.path] = made.name
            self._withhold("document", made.name if sealed else None, number if sealed else None, why or (Sensitivity.RESTRICTED, NOT_READ))
        self.counts["withheld"] = len(paths)
        ordered = sorted(paths, key=lambda path: paths[path])
        self.gone = {path: f"[document {number} withheld]" for number, path in enumerate(ordered, start=1)}

    def _withhold(self, kind: str, name: str | None, record: int | None, why: Why) -> None:
        about = {"kind": kind, "id": name, "record": record, "class": str(why[0]), "reason": self.register.words(why[1])}
        self.withheld.append(about)

    def _write_withheld(self) -> None:
        path = "data/withheld.jsonl"
        lines = sorted(self.withheld, key=lambda one: (one["kind"], one["id"] or "", one["class"], one["reason"]))
        self.bag.add(path, (canonical(line) + b"\n" for line in lines))
        for number, line in enumerate(lines, start=1):
            if line["record"] is not None:
                self.shown[line["record"]].append(f"{path}#{number}")

    # --- what is shown

    def _redacted(self) -> Redacted:
        store, secret = self.store, self.store.secret()
        findings = store.findings() or Findings()
        contents = CaseContents(
            name=store.name, generated_at=self.about.exported_at, findings=attrs.evolve(findings, incidents=self.choice.incidents),
            readings=tuple(self.readings.values()), decisions=tuple(decisions_of(self.choice, store.decisions())), checkpoint=store.checkpoint(),
            signer=store.signer, key_fingerprint=store.key_fingerprint,
        )  # fmt: skip
        return redact(contents, self.register, blind=lambda kind, key: blind_name(secret, kind, key), gone=self.gone)

    def _write_records(self, redacted: Redacted) -> None:
        made: dict[str, Any] = msgspec.to_builtins(redacted.contents.findings)
        for incident in made["incidents"]:
            for fact in incident["facts"]:
                gone = redacted.withheld.get((incident["id"], fact["attribute"]))
                if gone is not None:
                    fact["withheld"] = {"for": gone[0], "against": gone[1]}
        self.bag.add("data/incidents.json", canonical(made))
        self.bag.add("data/decisions.jsonl", (canonical(msgspec.to_builtins(d)) + b"\n" for d in redacted.contents.decisions))
        for reading in redacted.contents.readings:
            document = reading.document
            self.bag.add(f"data/documents/{document.id}.json", canonical(msgspec.to_builtins(document)))
            self.bag.add(f"data/texts/{document.id}.txt", document.text.encode("utf-8", "surrogatepass"))
            self.bag.add(f"data/readings/{document.id}.json", canonical(msgspec.to_builtins(reading)))

    def _write_document(self, key: str, redacted: Redacted) -> None:
        made, number = self.seals[key]
        shown = redacted.documents[made.name]
        text = redacted.texts[key]
        fields = self._fields(made, shown)
        changed = bool(text.swaps) or any(f.words != part.value for part in made.parts if (f := fields.get(part.name)) is not None)
        if not changed:
            fields["original"] = Shown(key)
        self.counts["part" if changed else "whole"] += 1
        self._disclose(disclose_document(made, number, fields=fields, text=text, register=self.register))
        if shown.media_type == PDF:
            hidden = {self.readings[key].document.text[swap.start : swap.end] for swap in text.swaps}
            words = sorted(hidden | set(self.register.phrases) | set(self.register.everywhere))
            picture = rendering(self.store.original_bytes(key), words)
            if picture is not None:
                self.bag.add(f"data/renderings/{made.name}.pdf", picture)

    def _fields(self, made: Seal, shown: Document) -> dict[str, Shown]:
        """What is shown of a document's fields; digests of originals are not: they could be tried."""
        own: dict[str, str | None] = {
            "path": shown.path, "title": shown.title, "publisher": shown.publisher, "byline": shown.byline, "language": shown.language,
            "published": shown.published.value if shown.published else None, "media_type": shown.media_type, "url": shown.url,
        }  # fmt: skip
        sealed = {part.name: part.value for part in made.parts}
        words = {name: self.register.words(sealed[name]) for name in ("captured_at", "collector", "source", "tool") if name in sealed}
        words = {name: DIGEST.sub("an original", value) for name, value in words.items()}
        return {name: Shown(value, self._why(sealed.get(name, ""))) for name, value in (own | words).items()}

    def _why(self, words: str) -> Why:
        found = [self.register.reason(swap.words) for swap in self.register.surely(words)]
        return found[0] if found else self.register.reason("")

    def _disclose(self, found: Disclosure) -> None:
        path = f"data/disclosures/{found.name}.json"
        self.bag.add(path, found.data)
        self.shown[found.record].append(path)
        self.counts.update(found.withheld)

    def _write_decisions(self, redacted: Redacted) -> None:
        wanted = {decision.id: decision for decision in decisions_of(self.choice, self.store.decisions())}
        for key, record in self.store.recorded("decision"):
            if key not in wanted:
                continue
            made = seal_again(self.store, "decision", record)
            number, known = self.index.sealed.get(made.name, (None, {}))
            if number is None or known["root"] != made.root().hex() or key not in redacted.decisions:
                why = CORRECTS if wanted[key].kind is DecisionKind.AMEND else NEVER_SEALED
                self._withhold("decision", made.name if number is not None else None, number, (Sensitivity.RESTRICTED, why))
                continue
            self._disclose(disclose_decision(made, number, fields=self._decision_fields(made, wanted[key])))

    def _decision_fields(self, made: Seal, decision: Decision) -> dict[str, Shown]:
        sealed = {part.name: part.value for part in made.parts}
        fields: dict[str, Shown] = {
            str(name): Shown(self.register.words(sealed[name]), self._why(sealed[name]))
            for name in ("attribute", "decided_at", "kind", "reason", "reviewer")
            if name in sealed
        }
        plain = not {"other", "other_anchor", "out"} & decision.value.keys()
        if plain and all(self.register.words(one) == one for one in decision.value.values() if isinstance(one, str)):
            fields["value"] = Shown(sealed["value"])
        return fields

    def _key(self, redacted: Redacted) -> dict[str, Any]:
        names: dict[str, list[str]] = defaultdict(list)
        for name, pseudonym in sorted(self.register.given.items()):
            names[pseudonym].append(name)
        for words, pseudonym in self.register.phrases.items():
            names[pseudonym].append(words)
        documents = {redacted.names[key]: {"original": key, "path": reading.document.path} for key, reading in self.readings.items()}
        return {"schema": "ascertain/names/1", "names": names, "documents": documents, "withheld": {v: k for k, v in self.gone.items()}}

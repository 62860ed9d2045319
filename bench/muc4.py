"""From readings to MUC-4 incident templates: an adapter for the benchmark, not a part of the reader.

MUC-4's texts are in capitals and its templates follow their own rules (which acts count, which words fill a slot). So the text is given
its cases back from the words that the parser knows, it is read as any document, and small linear models over the reading (events, roles,
entities, grammar) decide which incidents a document tells of and which noun phrases fill their roles. `training/muc4_templates.py` fits
the models on MUC-4's train part.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from ascertain.extract import extract
from ascertain.extract._lexicon import word_class
from ascertain.models import Models
from ascertain.models.language import Parse, Token
from ascertain.records import Actuality, Dated, Document, Reading, Span

MODEL = Path(__file__).parent / "muc4.npz"
BITS = 17  # hashed features of each model
ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")  # of the coarse form; people that are described, not named, stand apart
FILLED = (*ROLES, "HumDesc")
KINDS = ("attack", "bombing", "kidnapping", "arson", "robbery")
INCIDENT = {
    "bombing": "bombing", "explosion": "bombing", "suicide bombing": "bombing", "grenade attack": "bombing", "mine": "bombing",
    "abduction": "kidnapping", "detention": "kidnapping", "disappearance": "kidnapping", "looting": "robbery", "destruction": "arson",
}  # fmt: skip
CLASSES = ("people", "armed", "building", "vehicle", "missile", "goods")
OPENING = re.compile(r"(?:[.!?]\s+|\[TEXT\]\s+|\"\s?|\n\n\s+)$")
Features = NDArray[np.int64]


# --- case


def with_cases(text: str, small: frozenset[str]) -> str:
    """A text in capitals with small letters where a word is one of those that are mostly written small; of the same length."""

    def one(match: re.Match[str]) -> str:
        word = match[0]
        if _bracketed(text, match):
            return word
        if word.lower() not in small:
            return word.capitalize()
        opens = OPENING.search(text, max(0, match.start() - 12), match.start()) is not None
        return word.capitalize() if opens else word.lower()

    return re.sub(r"[A-ZÀ-Þ][A-ZÀ-Þ'’]*", one, text)


def _bracketed(text: str, match: re.Match[str]) -> bool:
    """Abbreviations in brackets keep their capitals (`[FMLN]`)."""
    return text[match.start() - 1 : match.start()] == "[" and text[match.end() : match.end() + 1] == "]"


def read(row: dict[str, Any], models: Models, small: frozenset[str]) -> tuple[Parse, Reading]:
    """The parse and the reading of one article's body."""
    text = with_cases(row["text"], small)
    text = re.sub(r"(?<=[^\n])\n(?=[^\n ])", " ", text)  # lines are cut at a width
    document = Document(
        id=row["docid"], path=row["docid"], text=text, published=Dated(row["date"]) if row.get("date") else None, language="en"
    )
    return models.language.parse(text), extract(document, models)


# --- candidates


@attrs.frozen
class Candidate:
    """A noun phrase with its features.

    Attributes:
        words: the phrase without article and number.
        shown: how a slot would hold it: the whole of a name, else the phrase.
        incident: of the event in which it takes part, None where it takes part in none.
    """

    words: str
    shown: str
    head: int
    incident: str | None
    features: tuple[str, ...]


def candidates(parse: Parse, reading: Reading) -> Iterator[Candidate]:
    """Every noun phrase that could fill a role."""
    taking = _taking_part(parse, reading)
    kinds = {entity_span: e.type.value for e in reading.entities for entity_span in e.mentions}
    starts: dict[int, str] = {}
    for span, kind in kinds.items():
        for token in parse.tokens_in(span):
            starts[token.index] = kind
    named = _names(parse)
    for token in parse.tokens:
        if token.pos not in {"NOUN", "PROPN"} or token.dep in {"compound", "nmod"} or not token.text[0].isalpha():
            continue
        roles = taking.get(token.index, [])
        words = _words(parse, token)
        if words:
            incident = next((INCIDENT.get(kind, "attack") for _, kind, _ in roles), None)
            yield Candidate(
                words,
                named.get(token.index, words),
                token.index,
                incident,
                tuple(_features(parse, token, roles, starts.get(token.index), words)),
            )


def _names(parse: Parse) -> dict[int, str]:
    """For the words of a name that the model marks its whole text."""
    found: dict[int, str] = {}
    for name in parse.names:
        if name.label in {"PERSON", "ORG"}:
            words = re.sub(
                r"^(?:the|an?)\s+|[\s\[\](),.]+$|^[\s\[\](),.]+",
                "",
                " ".join(parse.text[name.start : name.end].split()),
                flags=re.IGNORECASE,
            )
            for token in parse.tokens_in(Span(name.start, name.end)) if words else ():
                found[token.index] = words
    return found


def _taking_part(parse: Parse, reading: Reading) -> dict[int, list[tuple[str, str, str]]]:
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for event in reading.events:
        for participant in event.participants:
            inside = parse.tokens_in(participant.passage)
            for token in inside:
                if parse.tokens[token.head] not in inside or token.dep in {"conj", "appos"}:
                    found[token.index].append((participant.role.value, event.kind or event.type.value, event.actuality.value))
    return found


def _words(parse: Parse, head: Token) -> str:
    """The head with the modifiers right before it, without article, number, owner and quantifier."""
    first = head.index
    while first > 0 and _belongs(parse, parse.tokens[first - 1], head):
        first -= 1
    return " ".join(parse.text[parse.tokens[first].start : head.end].split())


def _belongs(parse: Parse, before: Token, head: Token) -> bool:
    """Whether a word before a phrase is a part of it."""
    if before.sentence != head.sentence or before.pos in {"NUM", "DET"} or (before.pos == "PUNCT" and before.text != "-"):
        return False
    own = before.head == head.index and before.dep in {"compound", "amod", "nmod", "punct"}
    return own or (before.dep in {"compound", "punct"} and parse.tokens[before.head].head == head.index)


def _features(parse: Parse, token: Token, roles: Sequence[tuple[str, str, str]], kind: str | None, words: str) -> Iterator[str]:
    lemma, above = token.lemma.lower(), parse.tokens[token.head]
    yield f"head={lemma}"
    yield f"words={words.lower()}"
    yield f"dep={token.dep}"
    yield f"above={above.lemma.lower()}:{token.dep}"
    if token.dep in {"pobj", "conj", "appos"}:
        further = parse.tokens[above.head]
        yield f"further={further.lemma.lower()}:{above.lower}:{token.dep}"
        yield f"headfurther={lemma}:{further.lemma.lower()}"
    yield f"entity={kind}"
    yield f"proper={token.pos == 'PROPN'}"
    for name in CLASSES:
        if lemma in word_class(name):
            yield f"class={name}"
            yield f"class={name}:{token.dep}:{above.lemma.lower()}"
    for role, what, how in roles:
        yield f"role={role}"
        yield f"role={role}:{what}"
        yield f"role={role}:{how}"
        yield f"role={role}:{lemma}"
    if not roles:
        yield "role=none"
        yield f"role=none:{lemma}"
    for step in (-2, -1, 1, 2):
        at = token.index + step
        if 0 <= at < len(parse.tokens) and parse.tokens[at].sentence == token.sentence:
            yield f"at{step}={parse.tokens[at].lower}"
    for child in parse.children[token.index]:
        yield f"mod={parse.tokens[child].lemma.lower()}"
    sentence = parse.sentence_of(token)
    yield f"place={min(sentence.index, 12) // 3}"
    for other in parse.tokens[sentence.first : sentence.last]:
        if other.pos == "VERB":
            yield f"near={other.lemma.lower()}"


def document_features(parse: Parse, reading: Reading) -> list[str]:
    """What tells which incidents a document is about."""
    found = {f"word={t.lemma.lower()}" for t in parse.tokens if t.pos in {"NOUN", "VERB", "PROPN", "ADJ"}}
    for event in reading.events:
        kind = event.kind or event.type.value
        found |= {f"event={kind}", f"event={kind}:{event.actuality.value}"}
        if event.actuality in {Actuality.HAPPENED, Actuality.ALLEGED} and event.time is not None:
            found.add(f"dated={kind}")
        if event.actuality is Actuality.HAPPENED:
            found |= {f"told={kind}:{p.role.value}" for p in event.participants}
    early = parse.sentences[: min(5, len(parse.sentences))]
    for sentence in early:
        found |= {f"lead={t.lemma.lower()}" for t in parse.tokens[sentence.first : sentence.last] if t.pos in {"NOUN", "VERB"}}
    return sorted(found)


# --- models


def hashed(features: Sequence[str]) -> Features:
    """Positions of features in a model's weights; the same on every machine."""
    return np.array([zlib.crc32(f.encode()) & ((1 << BITS) - 1) for f in features], dtype=np.int64)


@attrs.frozen(eq=False)
class Linear:
    """A linear model with a sigmoid for each label."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, features: Sequence[str]) -> NDArray[np.float64]:
        """A probability for each label."""
        total = self.weights[:, hashed(features)].sum(axis=1, dtype=np.float64) + self.bias
        result: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
        return result


@attrs.frozen(eq=False)
class Adapter:
    """The two models, the thresholds fitted with them, and the words that news mostly writes small."""

    roles: Linear
    incidents: Linear
    role_at: tuple[float, ...]
    incident_at: tuple[float, ...]
    small: frozenset[str]

    @classmethod
    def load(cls, path: Path = MODEL) -> Adapter:
        """The fitted models."""
        stored = np.load(path)
        levels = json.loads(str(stored["levels"]))
        roles, incidents = (Linear(stored[f"{name}_weights"].astype(np.float32), stored[f"{name}_bias"]) for name in ("roles", "incidents"))
        return cls(roles, incidents, tuple(levels["roles"]), tuple(levels["incidents"]), frozenset(str(stored["small"]).split()))

    def templates(self, parse: Parse, reading: Reading) -> list[dict[str, Any]]:
        """The templates of one document, one for each kind of incident that it tells of."""
        listed = [(c.shown, c.incident, self.roles.scores(c.features)) for c in candidates(parse, reading)]
        return filled(listed, self.incidents.scores(document_features(parse, reading)), self.role_at, self.incident_at)


Scored = tuple[str, str | None, NDArray[np.float64]]


def filled(
    listed: Sequence[Scored], likely: NDArray[np.float64], role_at: Sequence[float], incident_at: Sequence[float]
) -> list[dict[str, Any]]:
    """Templates from scored candidates and from how likely each kind of incident is."""
    kinds = [kind for kind, score, level in zip(KINDS, likely, incident_at, strict=True) if score >= level]
    if not kinds:
        return []
    main = max(kinds, key=lambda kind: likely[KINDS.index(kind)])
    made: dict[str, dict[str, Any]] = {kind: {"incident_type": kind, **{role: {} for role in FILLED}} for kind in kinds}
    for shown, incident, scores in listed:
        for role, score, level in zip(FILLED, scores, role_at, strict=True):
            if score >= level:
                where = incident if incident in made else main
                fills = made[where][role]
                fills[shown.lower()] = max(float(score), fills.get(shown.lower(), 0.0))
    return [_finished(template) for template in made.values()]


def _finished(template: dict[str, Any]) -> dict[str, Any]:
    """Fills as lists of mentions; a shorter form of a longer one joins it."""
    done: dict[str, Any] = {"incident_type": template["incident_type"]}
    for role in FILLED:
        words = sorted(template[role], key=len, reverse=True)
        kept: list[str] = []
        for word in words:
            if not any(re.search(rf"\b{re.escape(word)}\b", longer) for longer in kept):
                kept.append(word)
        done[role] = [[word] for word in kept]
    return done


def full_form(template: dict[str, Any], parse: Parse, reading: Reading) -> dict[str, Any]:
    """A template with MUC-4's slots: the roles, and what follows from them and from the reading (place, date, kinds, effects)."""
    slots = {
        "PerpInd": "perp_ind_id",
        "PerpOrg": "perp_org_id",
        "Target": "phys_id",
        "Weapon": "instr_id",
        "Victim": "hum_name",
        "HumDesc": "hum_desc",
    }
    full: dict[str, Any] = {"inc_type": _fills([template["incident_type"]]), "inc_stage": _fills(["ACCOMPLISHED"])}
    for role, slot in slots.items():
        full[slot] = [{"alts": [words[0].upper()]} for words in template[role]]
    full["inc_date"], full["inc_location"] = _date(reading, template["incident_type"]), _location(reading, template["incident_type"])
    full["perp_category"] = _fills([_category(template)] if template["PerpInd"] or template["PerpOrg"] else [])
    full["perp_org_conf"] = [{"alts": ["REPORTED AS FACT"], "of": words} for words in _upper(template["PerpOrg"])]
    full["instr_type"] = _typed(template["Weapon"], WEAPON_TYPES, "BOMB")
    full["phys_type"] = _typed(template["Target"], TARGET_TYPES, "OTHER")
    effect = "DESTROYED" if template["incident_type"] == "arson" else "SOME DAMAGE"
    full["phys_effect"] = [{"alts": [effect], "of": words} for words in _upper(template["Target"])]
    full["phys_number"] = [{"alts": ["PLURAL" if words[0].endswith("S") else "1"], "of": words} for words in _upper(template["Target"])]
    people = _upper(template["Victim"] or []) + _upper(template["HumDesc"] or [])
    full["hum_type"] = [{"alts": [_kind_of_person(words[0])], "of": words} for words in people]
    full["hum_number"] = [{"alts": [_number(words[0], parse, reading)], "of": words} for words in people]
    if template["incident_type"] in {"attack", "bombing", "arson"}:
        full["hum_effect"] = [{"alts": [_effect(words[0], parse, reading)], "of": words} for words in people]
    return full


# Words at the end of a fill and the type that MUC-4 gives it.
WEAPON_TYPES = {
    "bomb": "BOMB", "bombs": "BOMB", "car bomb": "VEHICLE BOMB", "dynamite": "DYNAMITE", "grenade": "GRENADE", "grenades": "GRENADE", "rifle": "RIFLE",
    "rifles": "RIFLE", "gun": "GUN", "guns": "GUN", "machinegun": "MACHINE GUN", "machineguns": "MACHINE GUN", "submachineguns": "MACHINE GUN",
    "mortar": "MORTAR", "mortars": "MORTAR", "rocket": "ROCKET", "rockets": "ROCKET", "explosives": "EXPLOSIVE", "explosive": "EXPLOSIVE", "mine": "MINE",
    "mines": "MINE", "pistol": "HANDGUN", "pistols": "HANDGUN", "charge": "EXPLOSIVE", "charges": "EXPLOSIVE", "fire": "FIRE", "knife": "CUTTING DEVICE",
}  # fmt: skip
TARGET_TYPES = {
    "vehicle": "TRANSPORT VEHICLE", "vehicles": "TRANSPORT VEHICLE", "car": "TRANSPORT VEHICLE", "cars": "TRANSPORT VEHICLE", "bus": "TRANSPORT VEHICLE",
    "buses": "TRANSPORT VEHICLE", "truck": "TRANSPORT VEHICLE", "trucks": "TRANSPORT VEHICLE", "helicopter": "TRANSPORT VEHICLE", "plane": "TRANSPORT VEHICLE",
    "house": "CIVILIAN RESIDENCE", "houses": "CIVILIAN RESIDENCE", "home": "CIVILIAN RESIDENCE", "homes": "CIVILIAN RESIDENCE", "residence": "CIVILIAN RESIDENCE",
    "bridge": "TRANSPORTATION ROUTE", "bridges": "TRANSPORTATION ROUTE", "embassy": "DIPLOMAT OFFICE OR RESIDENCE", "office": "ORGANIZATION OFFICE",
    "offices": "ORGANIZATION OFFICE", "headquarters": "ORGANIZATION OFFICE", "bank": "FINANCIAL", "banks": "FINANCIAL", "church": "CHURCH",
    "pylon": "ENERGY", "pylons": "ENERGY", "tower": "ENERGY", "towers": "ENERGY", "pipeline": "ENERGY", "store": "COMMERCIAL", "stores": "COMMERCIAL",
    "hotel": "COMMERCIAL", "restaurant": "COMMERCIAL", "building": "OTHER", "buildings": "OTHER", "university": "SCHOOL", "school": "SCHOOL",
    "facilities": "OTHER", "ministry": "GOVERNMENT OFFICE OR RESIDENCE", "palace": "GOVERNMENT OFFICE OR RESIDENCE", "station": "OTHER",
}  # fmt: skip
OFFICIALS = {
    "minister",
    "president",
    "mayor",
    "governor",
    "deputy",
    "senator",
    "judge",
    "official",
    "officials",
    "attorney",
    "candidate",
    "magistrate",
    "director",
}
LAW = {"police", "policeman", "policemen", "guard", "guards", "bodyguards", "agents", "agent"}
ARMED = {"soldier", "soldiers", "colonel", "general", "lieutenant", "captain", "major", "troops", "sergeant", "officer", "officers"}
STATE_ACTORS = re.compile(r"\b(?:soldiers?|army|armed forces|police|military|troops|battalion|air force|members of the)\b")


def _fills(words: Sequence[str]) -> list[dict[str, Any]]:
    return [{"alts": [word.upper()]} for word in words]


def _upper(entities: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[word.upper() for word in words] for words in entities]


def _typed(entities: Sequence[Sequence[str]], types: dict[str, str], other: str) -> list[dict[str, Any]]:
    last = (words[0].split()[-1].lower() for words in entities)
    return [{"alts": [types.get(word, other)], "of": [words[0].upper()]} for word, words in zip(last, entities, strict=True)]


def _category(template: dict[str, Any]) -> str:
    named = " ".join(words[0] for role in ("PerpInd", "PerpOrg") for words in template[role])
    return "STATE-SPONSORED VIOLENCE" if STATE_ACTORS.search(named) else "TERRORIST ACT"


def _kind_of_person(words: str) -> str:
    last = set(words.lower().split())
    return (
        "GOVERNMENT OFFICIAL"
        if last & OFFICIALS
        else "LAW ENFORCEMENT"
        if last & LAW
        else "ACTIVE MILITARY"
        if last & ARMED
        else "CIVILIAN"
    )


def _number(words: str, parse: Parse, reading: Reading) -> str:
    """How many, by a quantity whose words hold them; else one or several by form."""
    for quantity in reading.quantities:
        told = parse.text[quantity.passage.start : quantity.passage.end].upper()
        if quantity.at_least is not None and told.endswith(words):
            return str(quantity.at_least)
    return "PLURAL" if words.endswith(("S", "MEN", "PEOPLE", "CHILDREN")) and not words[:1].isdigit() and " " not in words else "1"


def _effect(words: str, parse: Parse, reading: Reading) -> str:
    """What the events that strike somebody of these words did to them."""
    for event in reading.events:
        for participant in event.participants:
            if words in parse.text[participant.passage.start : participant.passage.end].upper():
                kinds = {harm.kind.value for harm in event.harms}
                if "injured" in kinds:
                    return "INJURY"
                if "killed" in kinds:
                    return "DEATH"
    return "DEATH"


def _of_kind(reading: Reading, incident: str) -> list[Any]:
    """The events of an incident type, those told as fact first."""
    own = [
        e
        for e in reading.events
        if e.kind is not None and e.type.value in {"assault", "coerce"} and INCIDENT.get(e.kind, "attack") == incident
    ]
    return sorted(own, key=lambda e: e.actuality is not Actuality.HAPPENED)


def _date(reading: Reading, incident: str) -> list[dict[str, Any]]:
    """The day of the first event of the kind that has one; else the document's and the day before."""
    times = {t.id: t.value for t in reading.times}
    for event in _of_kind(reading, incident):
        value = times.get(event.time or "", "")
        if re.match(r"\d{4}-\d\d-\d\d", value):
            return [{"alts": [{"raw": value[:10], "from": value[:10], "to": value[:10]}]}]
    published = reading.document.published
    return [{"alts": [{"raw": published.value, "from": None, "to": published.value}]}] if published is not None else []


def _location(reading: Reading, incident: str) -> list[dict[str, Any]]:
    """Country, department and town of the first event of the kind that has a place."""
    places = {e.id: e for e in reading.entities if e.place is not None}
    for event in _of_kind(reading, incident):
        entity = places.get(event.place or "")
        if entity is not None and entity.place is not None:
            path = [*reversed(entity.place.admin), entity.name]
            return [{"alts": [[[part.upper() for part in dict.fromkeys(path)]]]}]
    return []

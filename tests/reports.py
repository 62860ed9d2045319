"""A small case in records for tests of the report: a witness by name, an official, a denial, an update, copies, hostile words, a failure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import attrs

from ascertain.publish import CaseContents
from ascertain.records import (
    Actuality,
    Capture,
    Claim,
    CopyGroup,
    Dated,
    Document,
    Entity,
    EntityRole,
    EntityType,
    Event,
    EventType,
    Fact,
    Findings,
    Form,
    Harm,
    HarmKind,
    Incident,
    IncidentPlace,
    Mention,
    Origin,
    OriginKind,
    Outcome,
    Participant,
    Period,
    Place,
    Quantity,
    Reading,
    Role,
    Span,
    Stance,
    Statement,
    Status,
    TimeExpression,
    TimeKind,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} {% raw %} ]]> <!-- &amp; </textarea></details>"
WITNESS = (
    "Market hit in Kherson\n\nKHERSON, 12 June 2023 - Shelling killed at least 12 people at a market in Kherson on Monday, Salma Osman said.\n\n"
    f'"I heard it fall," Osman said. She is a cook. {HOSTILE}\n\nGovernor Pavlo Sydorchuk said 14 people had died. A boy, Tymofii Bevz, was tortured. '
    "OSMAN'S brother Karim Osman was killed.\n"
)
DENIAL = "Ministry denies\n\nMOSCOW, 14 June 2023 - The defence ministry denied that its forces had shelled the market. 9 people died, it said earlier.\n"
UPDATE = "Toll rises\n\n13 June 2023 - Pavlo Sydorchuk, the governor, said that 20 to 25 people had died in Kherson. Salma  Osman was not reached.\n"
NAMES = ("Salma Osman", "salma osman", "Osman", "OSMAN", "Salma", "Karim", "Tymofii", "Bevz")
KHERSON = Place(46.6354, 32.6169, geonames=706448, feature="city", country="UA", radius_km=8.0, admin=("Kherson Oblast", "Ukraine"))


def at(text: str, words: str, nth: int = 0) -> Span:
    """Where words stand, counted from 0."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def a_reading(text: str, path: str, *, published: str, publisher: str | None, title: str | None = None, **found: object) -> Reading:
    digest = hashlib.sha256(f"{path}{text}".encode()).hexdigest()
    document = Document(digest, path, text, title=title, publisher=publisher, language="en", published=Dated(published))
    return Reading(document, made_by="extract test", **found)


def a_person(text: str, key: str, name: str, *mentions: Span, roles: Iterable[str] = (), aliases: tuple[str, ...] = ()) -> Entity:
    return Entity(key, EntityType.PERSON, name, mentions or (at(text, name),), aliases, tuple(EntityRole(r) for r in roles))


def a_fact(attribute: str, claims: tuple[Claim, ...], **more: object) -> Fact:
    given = {"status": Status.ALLEGED, "credibility": 3, "origins": tuple(dict.fromkeys(c.origin for c in claims))} | more
    return Fact(attribute, claims=claims, **given)


def witness_reading() -> Reading:
    text = WITNESS
    return a_reading(
        text, "in/salma-osman/market.txt", published="2023-06-12", publisher=f"Estuary {HOSTILE}", title=f"Market hit {HOSTILE}, says Salma Osman",
        entities=(
            a_person(text, "e1", "Salma Osman", at(text, "Salma Osman"), at(text, "Osman", 1), at(text, "She"), aliases=("Osman",)),
            a_person(text, "e2", "Pavlo Sydorchuk", roles=("Governor",)),
            a_person(text, "e3", "Tymofii Bevz"),
            a_person(text, "e5", "Karim Osman"),
            Entity("e4", EntityType.PLACE, "Kherson", (at(text, "Kherson"), at(text, "KHERSON"), at(text, "Kherson", 1)), place=KHERSON),
        ),
        times=(TimeExpression("t1", at(text, "Monday"), "2023-06-12", TimeKind.DATE),),
        quantities=(
            Quantity("q1", at(text, "at least 12 people"), 12, None, counted="people", counted_passage=at(text, "people")),
            Quantity("q2", at(text, "14 people"), 14, 14),
        ),
        statements=(
            Statement("s1", (at(text, "Shelling killed at least 12 people at a market in Kherson on Monday"),), Form.INDIRECT, Stance.ASSERTS, speaker="e1", speaker_passage=at(text, "Salma Osman")),
            Statement("s2", (at(text, "I heard it fall"),), Form.DIRECT, Stance.ASSERTS, speaker="e1", speaker_passage=at(text, "Osman", 1)),
        ),
        events=(
            Event("v1", EventType.ASSAULT, at(text, "Shelling"), Actuality.HAPPENED, "shelling", place="e4", time="t1", harms=(Harm(HarmKind.KILLED, "q1"),), according_to=("s1",)),
            Event("v2", EventType.ASSAULT, at(text, "tortured"), Actuality.HAPPENED, "torture", participants=(Participant(Role.RECIPIENT, at(text, "Tymofii Bevz"), "e3"),)),
        ),
    )  # fmt: skip


def denial_reading() -> Reading:
    text = DENIAL
    return a_reading(
        text, "in/denial.txt", published="2023-06-14", publisher="Rubezh-24",
        entities=(Entity("e1", EntityType.ORGANISATION, "The defence ministry", (at(text, "The defence ministry"),)),),
        quantities=(Quantity("q1", at(text, "9 people"), 9, 9),),
        statements=(Statement("s1", (at(text, "its forces had shelled the market"),), Form.INDIRECT, Stance.DENIES, speaker="e1"),),
        events=(Event("v1", EventType.ASSAULT, at(text, "shelled"), Actuality.DENIED, "shelling", according_to=("s1",)),),
    )  # fmt: skip


def update_reading() -> Reading:
    text = UPDATE
    return a_reading(
        text, "in/update.txt", published="2023-06-13", publisher="Delta Chronicle",
        entities=(a_person(text, "e1", "Pavlo Sydorchuk", roles=("governor",)),),
        quantities=(Quantity("q1", at(text, "20 to 25 people"), 20, 25),),
        events=(Event("v1", EventType.ASSAULT, at(text, "died"), Actuality.HAPPENED, "shelling", harms=(Harm(HarmKind.KILLED, "q1"),)),),
    )  # fmt: skip


def an_incident(witness: Reading, denial: Reading, update: Reading) -> Incident:
    def claim(origin: str, reading: Reading, words: str, event: str, **more: object) -> Claim:
        about = reading.document
        given = {"stance": Stance.ASSERTS, "said_on": about.published.value, "event": event, "relayed_by": about.publisher} | more
        return Claim(origin, about.id, about.path, at(about.text, words), **given)

    killed = (
        claim("Salma Osman", witness, "at least 12 people", "v1", at_least=12, statement="s1"),
        claim("Pavlo Sydorchuk", witness, "14 people", "v1", at_least=14, at_most=14, superseded=True),
        claim("Pavlo Sydorchuk", update, "20 to 25 people", "v1", at_least=20, at_most=25),
        claim("the defence ministry", denial, "9 people", "v1", at_most=9),
    )
    actor = (
        claim("Salma Osman", witness, "Shelling", "v1", value="Russian artillery"),
        claim("the defence ministry", denial, "shelled", "v1", stance=Stance.DENIES),
    )
    path = witness.document.path
    facts = (
        a_fact("killed", killed, status=Status.CONTESTED, credibility=5, at_least=9, contradicted_by=("Salma Osman", "the defence ministry"), reasons=(
            f"Salma Osman says 12 or more killed ({path}[{killed[0].passage.start}:{killed[0].passage.end}]).", "A second reviewer could settle it.",
        )),
        a_fact("actor", actor, value="Russian artillery", contradicted_by=("the defence ministry",), origins=("Salma Osman",), status=Status.CONTESTED, credibility=5),
        a_fact("place", (), value="Kherson", origins=("Salma Osman",), reasons=("One document puts it there.",)),
        a_fact("time", (), value="2023-06-11 to 2023-06-12", origins=("Salma Osman",)),
    )  # fmt: skip
    origins = (
        Origin("Salma Osman", OriginKind.PERSON, (path, "in/copy.txt"), also_called=("Osman",)),
        Origin("Pavlo Sydorchuk", OriginKind.OFFICIAL, (path, update.document.path)),
        Origin("the defence ministry", OriginKind.OFFICIAL, (denial.document.path,), Stance.DENIES),
    )
    mentions = tuple(Mention(r.document.path, "v1", r.document.id) for r in (witness, denial, update))
    return Incident(
        "incident-0123456789ab", EventType.ASSAULT, "shelling", IncidentPlace("Kherson", 46.6354, 32.6169, 706448, "UA", 8.0),
        Period("2023-06-11", "2023-06-12"), (path, denial.document.path, update.document.path), mentions, origins, facts,
        "9 or more killed in a shelling in Kherson, 11–12 June 2023", "contested",
        (f"{path} and {denial.document.path}: same day, Osman named in both",),
    )  # fmt: skip


def a_bare_incident(reading: Reading) -> Incident:
    mention = Mention(reading.document.path, "v2", reading.document.id)
    return Incident("incident-ba9876543210", EventType.COERCE, None, None, Period(), (reading.document.path,), (mention,))


def some_contents(**more: object) -> CaseContents:
    """The case; keyword arguments replace its parts."""
    witness, denial, update = witness_reading(), denial_reading(), update_reading()
    captures = [a_capture_of(r) for r in (witness, denial, update)]
    captures.append(attrs.evolve(captures[0], id="capture-copy", path="in/copy.txt", source="javascript:alert(1)"))
    failed = "f" * 64
    captures.append(
        attrs.evolve(
            captures[0], id="capture-failed", original=failed, path="in/Osman,Salma.pdf", source="https://example.org/Salma%20Osman"
        )
    )
    outcomes = [Outcome(r.document.id, stage, "done", "1") for r in (witness, denial, update) for stage in ("parse", "extract")]
    outcomes.append(Outcome(failed, "parse", "failed", "1", f"in/Osman,Salma.pdf is no PDF {HOSTILE}", "Ask Salma Osman for it again."))
    copies = (CopyGroup((witness.document.path, "in/copy.txt"), ("the files are the same byte for byte",)),)
    given: dict[str, object] = {
        "name": f"Kherson <b>&{HOSTILE}", "generated_at": "2026-01-02T03:04:05Z",
        "findings": Findings(copies, (an_incident(witness, denial, update), a_bare_incident(witness)), made_by="link 1 assess 1"),
        "readings": tuple(sorted((witness, denial, update), key=lambda r: r.document.id)), "captures": tuple(captures), "outcomes": tuple(outcomes),
        "checkpoint": "ascertain/test\n12\nquNIWjn6PbgQL3CwiZt5r6PnuuJszlqGZ1KtvniRHV0=\n\n— ascertain/test abc=\n", "signer": "ascertain/test", "key_fingerprint": "ab" * 32,
    } | more  # fmt: skip
    return CaseContents(**given)


def a_capture_of(reading: Reading, **more: object) -> Capture:
    about = reading.document
    given = {
        "id": f"capture-{about.id[:8]}", "original": about.id, "path": about.path, "source": about.path, "collector": "T. Collector",
        "captured_at": "2026-01-02T03:04:05Z", "tool": "ascertain test", "media_type": "text/plain", "size": len(about.text),
    } | more  # fmt: skip
    return Capture(**given)

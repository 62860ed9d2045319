"""What happened once, who vouches for it, and what is proposed about it: the contract's incidents."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ascertain.records.reading import Place, Span
from ascertain.records.vocabulary import EventType, OriginKind, Stance, Status

INCIDENTS_SCHEMA = "ascertain/incidents/1"


@attrs.frozen
class IncidentPlace:
    """Where an incident happened; `radius_km` says how uncertain the point is."""

    name: str
    lat: float
    lon: float
    geonames: int | None = None
    country: str | None = None
    radius_km: float | None = None


@attrs.frozen
class Period:
    """First and last day on which it can have happened, ISO 8601 days, both included."""

    earliest: str | None = None
    latest: str | None = None


@attrs.frozen
class Mention:
    """One telling of an incident: an event (id within its reading) of the document `document` (id) at `path`."""

    path: str
    event: str
    document: str


@attrs.frozen
class Claim:
    """What one origin says about one attribute, at its exact words.

    Attributes:
        origin: the origin's name.
        document: document id; `passage` and `trigger` lie in its text.
        passage: the words that carry the claim (the quantity, the actor's name, the event).
        said_on: ISO day on which it was said or published, for the order of updates; None where unknown.
        superseded: a later word of the same origin replaced it.
        relayed_by: publisher or path of the document that carries it.
    """

    origin: str
    document: str
    path: str
    passage: Span
    stance: Stance
    at_least: int | None = None
    at_most: int | None = None
    value: str | None = None
    approximate: bool = False
    said_on: str | None = None
    superseded: bool = False
    event: str | None = None
    statement: str | None = None
    relayed_by: str | None = None


@attrs.frozen
class Origin:
    """Who vouches: the innermost named source, or the outlet in its own voice.

    Attributes:
        documents: paths of the documents that carry its word, copies and relays too.
        stance: `denies` where the origin only denies.
        also_called: other names under which it stands in the documents.
    """

    name: str
    kind: OriginKind
    documents: tuple[str, ...]
    stance: Stance = Stance.ASSERTS
    also_called: tuple[str, ...] = ()


@attrs.frozen
class Fact:
    """One row of a fact sheet: a proposal of the software, or a decision of people where `decided_by` says so.

    Attributes:
        attribute: `killed`, `injured`, `detained`, `missing`, `displaced`, `bodies_found`, `actor`, `place` or `time`.
        at_least, at_most: hull of the last words of all origins; None is open.
        value: words, for `actor`, `place` and `time`.
        credibility: 1 to 6 of the Admiralty scale, a proposal.
        reasons: sentences, each naming its rule, origins and passages.
        claims: every claim for and against, superseded ones too.
        decided_by: reviewers whose decision this status is.
    """

    attribute: str
    status: Status
    credibility: int
    at_least: int | None = None
    at_most: int | None = None
    value: str | None = None
    approximate: bool = False
    origins: tuple[str, ...] = ()
    contradicted_by: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    decided_by: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.status in {Status.ESTABLISHED, Status.REFUTED} and not self.decided_by:
            raise ValueError(f"only people's decision makes a fact {self.status}")
        if not 1 <= self.credibility <= 6:
            raise ValueError(f"credibility is 1 to 6, got {self.credibility}")


def overall_status(facts: Sequence[Fact]) -> Status:
    """One word for an incident: contested where any fact is, else the best carried status; `alleged` without facts."""
    found = {fact.status for fact in facts}
    order = (Status.CONTESTED, Status.ESTABLISHED, Status.CORROBORATED, Status.ALLEGED, Status.REFUTED)
    return next((status for status in order if status in found), Status.ALLEGED)


@attrs.frozen
class Incident:
    """What happened once, somewhere, however often it is told.

    Attributes:
        id: `incident-` and 12 hex digits of its earliest mention's digest; kept while that mention stays in it.
        grade: Airwars pre-grade, a proposal (`fair`, `weak`, `contested`).
        links: reasons for which its mentions were joined, one sentence each.
        reviewed: some decision of people applies.
    """

    id: str
    type: EventType
    kind: str | None
    place: IncidentPlace | None
    time: Period
    documents: tuple[str, ...]
    mentions: tuple[Mention, ...]
    origins: tuple[Origin, ...] = ()
    facts: tuple[Fact, ...] = ()
    title: str | None = None
    grade: str | None = None
    links: tuple[str, ...] = ()
    reviewed: bool = False


@attrs.frozen
class CopyGroup:
    """Documents that carry the same text; `documents` are paths, `reasons` say why pair by pair.

    Attributes:
        fullest: path of the one that is heard for all: credited by others, or with the most words; None where nobody chose.
    """

    documents: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    fullest: str | None = None


@attrs.frozen
class Findings:
    """The contract's incidents of a whole case."""

    copies: tuple[CopyGroup, ...] = ()
    incidents: tuple[Incident, ...] = ()
    schema: str = INCIDENTS_SCHEMA
    made_by: str | None = None


@attrs.frozen
class Cluster:
    """Mentions that tell of one happening, before anything is assessed; `links` say in sentences why they were joined."""

    id: str
    mentions: tuple[Mention, ...]
    links: tuple[str, ...] = ()


@attrs.frozen
class Setting:
    """Where and when one document sets some of its mentions.

    Attributes:
        events: ids of the mentions, of the reading of `document`; `@` and an offset for words without an event.
        places: names and points that the text gives, the likeliest first.
        earliest, latest: ISO days on which it can have happened.
        dated: whether words of the text tell the day, not only its date.
        lead: whether it is the document's news, not a mention in passing.
        guessed: the place is only that of the date line: where the text was written.
    """

    document: str
    events: tuple[str, ...]
    places: tuple[tuple[str, Place], ...]
    earliest: str
    latest: str
    dated: bool
    lead: bool
    guessed: bool = False


@attrs.frozen
class Worded:
    """Words by which a document tells of a cluster, though the reading found no event of its kind in them."""

    cluster: str
    document: str
    path: str
    passage: Span


@attrs.frozen
class Linking:
    """What `link` hands to `assess`: groups of copies, and clusters of event mentions (a document may stand in several).

    Attributes:
        settings: where and when each document sets its mentions; they stay with the mentions when people merge or split clusters.
        worded: what documents tell of clusters without an event of the reading.
    """

    copies: tuple[CopyGroup, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    settings: tuple[Setting, ...] = ()
    worded: tuple[Worded, ...] = ()

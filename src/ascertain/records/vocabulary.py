"""Closed vocabularies: the words of the contract, once for code, JSON, SQL and pages."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """How a statement's words are given."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Stance(StrEnum):
    """What a speaker does with the content."""

    ASSERTS = "asserts"
    ALLEGES = "alleges"
    CONFIRMS = "confirms"
    DENIES = "denies"
    DOUBTS = "doubts"
    EXPECTS = "expects"
    PLEDGES = "pledges"
    DEMANDS = "demands"
    ASKS = "asks"


class Actuality(StrEnum):
    """Whether the text presents an event as having happened."""

    HAPPENED = "happened"
    ALLEGED = "alleged"
    POSSIBLE = "possible"
    EXPECTED = "expected"
    PLANNED = "planned"
    DENIED = "denied"


class EventType(StrEnum):
    """PLOVER's sixteen types and `discover` (evidence found)."""

    AGREE = "agree"
    CONSULT = "consult"
    SUPPORT = "support"
    CONCEDE = "concede"
    COOPERATE = "cooperate"
    AID = "aid"
    RETREAT = "retreat"
    REQUEST = "request"
    ACCUSE = "accuse"
    REJECT = "reject"
    THREATEN = "threaten"
    PROTEST = "protest"
    SANCTION = "sanction"
    MOBILIZE = "mobilize"
    COERCE = "coerce"
    ASSAULT = "assault"
    DISCOVER = "discover"


class Role(StrEnum):
    """What a participant does in an event; for violence the recipient is the victim."""

    ACTOR = "actor"
    RECIPIENT = "recipient"
    INSTRUMENT = "instrument"
    OBJECT = "object"


class HarmKind(StrEnum):
    """What was done to those who are counted."""

    KILLED = "killed"
    INJURED = "injured"
    DETAINED = "detained"
    MISSING = "missing"
    DISPLACED = "displaced"
    BODIES_FOUND = "bodies_found"


class TimeKind(StrEnum):
    """TIMEX3's types."""

    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    SET = "set"


class EntityType(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    GROUP = "group"
    ARMED_ACTOR = "armed_actor"
    WEAPON = "weapon"


class Status(StrEnum):
    """How far a fact is carried; the last two only by people's decision."""

    ALLEGED = "alleged"
    CORROBORATED = "corroborated"
    CONTESTED = "contested"
    ESTABLISHED = "established"
    REFUTED = "refuted"


class OriginKind(StrEnum):
    """What an origin is."""

    OFFICIAL = "official"
    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"


class DecisionKind(StrEnum):
    """What people decide in review."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    REJECT = "reject"
    CANT_TELL = "cant_tell"
    AMEND = "amend"
    MERGE = "merge"
    SPLIT = "split"
    ESTABLISH = "establish"
    REFUTE = "refute"
    UNDO = "undo"

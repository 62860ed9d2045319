"""The domain in one place: frozen records that cannot be made illegal."""

from __future__ import annotations

from ascertain.records.custody import Capture, Decision, LogEntry, Outcome
from ascertain.records.incident import (
    Claim,
    Cluster,
    CopyGroup,
    Fact,
    Findings,
    Incident,
    IncidentPlace,
    Linking,
    Mention,
    Origin,
    Period,
    Setting,
    Worded,
    overall_status,
)
from ascertain.records.layout import Layout, Part, Sentence, lay_out, without_borrowed_points
from ascertain.records.protection import Label, Mark, MarkKind, Sensitivity, Standing, standings
from ascertain.records.reading import (
    Dated,
    Document,
    Entity,
    EntityRole,
    Event,
    Harm,
    Participant,
    Place,
    Quantity,
    Reading,
    Span,
    Statement,
    TimeExpression,
)
from ascertain.records.shelf import Shelf, shelved
from ascertain.records.vocabulary import (
    Actuality,
    DecisionKind,
    EntityType,
    EventType,
    Form,
    HarmKind,
    OriginKind,
    Role,
    Stance,
    Status,
    TimeKind,
)

__all__ = [
    "Actuality", "Capture", "Claim", "Cluster", "CopyGroup", "Dated", "Decision", "DecisionKind", "Document", "Entity", "EntityRole", "EntityType",
    "Event", "EventType", "Fact", "Findings", "Form", "Harm", "HarmKind", "Incident", "IncidentPlace", "Label", "Layout", "Linking", "LogEntry", "Mark", "MarkKind", "Mention", "Origin",
    "OriginKind", "Outcome", "Part", "Participant", "Period", "Place", "Quantity", "Reading", "Role", "Sensitivity", "Sentence", "Setting", "Shelf", "Span", "Stance", "Standing", "Statement", "Status",
    "TimeExpression", "TimeKind", "Worded", "lay_out", "overall_status", "shelved", "standings", "without_borrowed_points",
]  # fmt: skip

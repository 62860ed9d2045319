"""What the case keeps about originals, runs and people's decisions."""

from __future__ import annotations

from typing import Any

import attrs

from ascertain.records.vocabulary import DecisionKind


@attrs.frozen
class Capture:
    """How an original came to the case: the Berkeley Protocol's collection record.

    Attributes:
        original: SHA-256 of the bytes.
        path: name under which the user knows it (relative path, address, `archive.zip/inner.txt`).
        source: where it was taken from (absolute path's last part is not enough for web: the full address).
        collector: who or what took it in.
        captured_at: ISO 8601 UTC.
        tool: name and version.
        media_type: as told from name and bytes.
        size: bytes.
        headers: HTTP response headers of a web capture, in order.
        parent: SHA-256 of the container it came out of.
        not_available: what could not be had, each with its reason.
        context: what the container said about it (mail headers, WARC target and date, row number).
    """

    id: str
    original: str
    path: str
    source: str
    collector: str
    captured_at: str
    tool: str
    media_type: str
    size: int
    headers: tuple[tuple[str, str], ...] = ()
    parent: str | None = None
    not_available: tuple[str, ...] = ()
    context: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Outcome:
    """How one original ended in one stage: `done`, or `failed` with a reason that names the file and the next step."""

    original: str
    stage: str
    state: str
    version: str
    reason: str | None = None
    advice: str | None = None


@attrs.frozen
class LogEntry:
    """One leaf of the custody log: the canonical bytes that were hashed, and our reading of them."""

    index: int
    leaf: bytes
    record: dict[str, Any]


@attrs.frozen
class Decision:
    """What a person decided; append-only.

    Attributes:
        target: incident id, or document id for readings.
        attribute: the fact it is about, None for the incident as a whole.
        value: kind-specific, JSON: corrected interval, ids merged, mentions split off.
        anchor: for decisions on incidents: the (document, event) pairs that the incident held, so that it is found again
            after a new run.
        undone_by: not stored here: an UNDO decision names its target's id.
    """

    id: str
    kind: DecisionKind
    target: str
    reviewer: str
    decided_at: str
    reason: str
    attribute: str | None = None
    value: dict[str, Any] = attrs.field(factory=dict)
    anchor: tuple[tuple[str, str], ...] = ()

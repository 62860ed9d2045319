"""What a report is made of: everything that a case holds when it is published, in records."""

from __future__ import annotations

import attrs

from ascertain.publish._register import Guard, Register
from ascertain.records import Capture, Decision, Findings, Outcome, Reading


@attrs.frozen
class CaseContents:
    """A case at one moment.

    Attributes:
        name: the case's name.
        generated_at: ISO 8601 UTC, the moment of publishing.
        checkpoint: the custody log's signed note; None where nothing was logged.
        signer, key_fingerprint: who signs the checkpoint, and the SHA-256 of the public key.
        guard: what people have said of names and passages; None: nothing.
        register: what is replaced in all of this already, so that nothing of it comes in from elsewhere; None: nothing is.
    """

    name: str
    generated_at: str
    findings: Findings = attrs.field(factory=Findings)
    readings: tuple[Reading, ...] = ()
    captures: tuple[Capture, ...] = ()
    decisions: tuple[Decision, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    checkpoint: str | None = None
    signer: str | None = None
    key_fingerprint: str | None = None
    guard: Guard | None = None
    register: Register | None = None

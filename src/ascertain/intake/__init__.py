"""Exports of other tools: what they say about their files, and their own records, kept as their claims and never as ours.

Known forms: WACZ (Webrecorder, 1.1.1 and 1.2.0), auto-archiver (`metadata.json`, CSV), Atlos (full export, CSV, API), Bayanat (JSON, CSV).
A claim is checked against the bytes where it is a hash, and carried along where it is not.
"""

from __future__ import annotations

from ascertain.intake._claims import CLAIMED_BY, MISMATCH, Claim, Claims, context_of
from ascertain.intake._forms import SIDECAR_BYTES, claims_of, is_sidecar
from ascertain.intake._records import articles_of

__all__ = ["CLAIMED_BY", "MISMATCH", "SIDECAR_BYTES", "Claim", "Claims", "articles_of", "claims_of", "context_of", "is_sidecar"]

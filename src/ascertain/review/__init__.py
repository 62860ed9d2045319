"""What people decide, and how it bears on what the software proposes.

Decisions are append-only. They are anchored at the passages that the incident held when they were made, not at its number, so they
survive a new run. Merges and splits act on the clusters before anything is assessed (`apply_links`), all else on the assessed
facts (`apply_facts`). Software proposes; only here does a fact become established or refuted, and nothing is ever hidden.
"""

from __future__ import annotations

from ascertain.review._agreement import Agreement, agreements
from ascertain.review._amend import OWN_VOICE, Amendment, apply_amendments, make_amendment
from ascertain.review._classing import Classing, make_mark
from ascertain.review._facts import apply_facts
from ascertain.review._homes import homes_of
from ascertain.review._links import anchor_of, apply_links, standing, undone, without_home
from ascertain.review._make import Choice, make_decision

__all__ = [
    "OWN_VOICE", "Agreement", "Amendment", "Choice", "Classing", "agreements", "anchor_of", "apply_amendments", "apply_facts", "apply_links", "homes_of",
    "make_amendment", "make_decision", "make_mark", "standing", "undone",
    "without_home",
]  # fmt: skip

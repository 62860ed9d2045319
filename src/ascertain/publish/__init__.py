"""What leaves a case: the report that people read, the dossier that others check."""

from __future__ import annotations

from ascertain.publish._contents import CaseContents
from ascertain.publish._dossier import export_dossier
from ascertain.publish._heads import StampRequest, ask_stamp, problems_of_heads, stamp_requests, take_stamps, write_courier
from ascertain.publish._report import write_report

__all__ = [
    "CaseContents", "StampRequest", "ask_stamp", "export_dossier", "problems_of_heads", "stamp_requests", "take_stamps", "write_courier",
    "write_report",
]  # fmt: skip

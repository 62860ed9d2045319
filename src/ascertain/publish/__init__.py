"""What leaves a case: the report that people read, the dossier that others check."""

from __future__ import annotations

from ascertain.publish._bounds import Bound, Logged, bounds_of, logged
from ascertain.publish._collectors import Collector, collectors, name_collector, revoke_collector, sign_as_collector
from ascertain.publish._contents import CaseContents
from ascertain.publish._dossier import export_dossier
from ascertain.publish._heads import StampRequest, ask_stamp, problems_of_heads, stamp_requests, take_stamps, write_courier
from ascertain.publish._names import open_names, write_names
from ascertain.publish._parts import Wanted, export_part
from ascertain.publish._protected import Closed
from ascertain.publish._register import Guard
from ascertain.publish._report import write_report
from ascertain.publish._witness import ask_witness, keep_witness, make_witness, sign_head

__all__ = [
    "Bound", "CaseContents", "Closed", "Collector", "Guard", "Logged", "StampRequest", "Wanted", "ask_stamp", "ask_witness", "bounds_of",
    "collectors", "export_dossier", "export_part", "keep_witness", "logged", "make_witness", "name_collector", "open_names",
    "problems_of_heads", "revoke_collector", "sign_as_collector", "sign_head", "stamp_requests", "take_stamps", "write_courier",
    "write_names", "write_report",
]  # fmt: skip

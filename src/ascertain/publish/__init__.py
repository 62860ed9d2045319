"""What leaves a case: the report that people read, the dossier that others check."""

from __future__ import annotations

from ascertain.publish._contents import CaseContents
from ascertain.publish._dossier import export_dossier
from ascertain.publish._report import write_report

__all__ = ["CaseContents", "export_dossier", "write_report"]

"""What leaves a case: the dossier that others check."""

from __future__ import annotations

from ascertain.publish._dossier import export_dossier

__all__ = ["export_dossier"]

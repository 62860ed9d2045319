"""Which version this is: what capture records, reports and dossiers name as the tool."""

from __future__ import annotations

VERSION = "0.1.0"
TOOL = f"ascertain {VERSION}"

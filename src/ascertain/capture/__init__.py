"""Web addresses captured as web archives (WARC 1.1): what was asked and answered on the wire, by whom, under which certificate."""

from __future__ import annotations

from ascertain.capture._addresses import is_address
from ascertain.capture._visit import Visited, Visitor

__all__ = ["Visited", "Visitor", "is_address"]

"""From an original's bytes to a document: main text, date, title, publisher, language; containers to their parts.

Every input ends as `Parsed` or as an `AscertainError` that names it. Nothing is fetched, no external entity is resolved, no path of an
archive is used as a path; sizes and numbers are bounded here, time and memory by the worker in which this runs.
"""

from __future__ import annotations

from ascertain.parse._parse import VERSION, parse
from ascertain.parse._parsed import THE_SAME, Child, Limits, Parsed
from ascertain.parse._tables import checked_columns

__all__ = ["THE_SAME", "VERSION", "Child", "Limits", "Parsed", "checked_columns", "parse"]

"""Who really vouches for what, and where they contradict each other: origins, ranges, status and reasons for each incident.

The rules stand in `rules.toml`, their explanation in docs/explanation/independence.md. Everything here is a proposal.
"""

from __future__ import annotations

from ascertain.assess._assess import VERSION, assess
from ascertain.assess._history import Change, as_known_on, changes
from ascertain.assess._titles import retitled
from ascertain.assess._totals import Part, Total, totals

__all__ = ["VERSION", "Change", "Part", "Total", "as_known_on", "assess", "changes", "retitled", "totals"]

"""Who really vouches for what, and where they contradict each other: origins, ranges, status and reasons for each incident.

The rules stand in `rules.toml`, their explanation in docs/explanation/independence.md. Everything here is a proposal.
"""

from __future__ import annotations

from ascertain.assess._assess import VERSION, assess

__all__ = ["VERSION", "assess"]

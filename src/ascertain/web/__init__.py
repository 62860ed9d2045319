"""The workbench: a web application over one case, for its investigators.

`_access.py` is the table of routes, roles and items that everything goes by; `_guard.py` enforces it; `routes/` are the handlers;
`_index.py` keeps the rows that make pages fast in step with the records; `_work.py` does long work in a child process.
"""

from __future__ import annotations

from ascertain.store import Desk
from ascertain.web.app import make_app

__all__ = ["Desk", "make_app"]

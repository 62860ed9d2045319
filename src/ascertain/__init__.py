"""Reporting on armed conflict, turned into facts that carry their words, their origins and their proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ascertain._version import VERSION

if TYPE_CHECKING:
    from ascertain.case import Case, read


__version__ = VERSION

__all__ = ["Case", "__version__", "read"]


def __getattr__(name: str) -> Any:
    """Load the heavy parts when they are first used, so that `ascertain --help` answers at once."""
    if name in {"Case", "read"}:
        from ascertain import case

        return getattr(case, name)
    raise AttributeError(f"module 'ascertain' has no attribute {name!r}")

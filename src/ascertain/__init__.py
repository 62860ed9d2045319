"""Reporting on armed conflict, turned into facts that carry their words, their origins and their proof."""

from __future__ import annotations

__version__ = "0.1.0"

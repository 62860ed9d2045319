"""Bytes and their circumstances: from what a user names to originals with a custody entry each."""

from __future__ import annotations

from ascertain.preserve._collect import Circumstances, Collected, collect, preserve_child

__all__ = ["Circumstances", "Collected", "collect", "preserve_child"]

"""Bytes and their circumstances: from what a user names to originals with a custody entry each."""

from __future__ import annotations

from ascertain.preserve._collect import Collected, collect, preserve_child

__all__ = ["Collected", "collect", "preserve_child"]

"""Bytes and their circumstances: from what a user names to originals with a custody entry each."""

from __future__ import annotations

from ascertain.preserve._collect import Circumstances, Collected, collect, preserve_child
from ascertain.preserve._deletion import to_delete
from ascertain.preserve._fixity import Damage, Fixity, check_fixity

__all__ = ["Circumstances", "Collected", "Damage", "Fixity", "check_fixity", "collect", "preserve_child", "to_delete"]

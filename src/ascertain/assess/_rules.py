"""The rules file, loaded once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules() -> dict[str, Any]:
    """All rules by name."""
    return tomllib.loads(files("ascertain.assess").joinpath("rules.toml").read_text("utf-8"))


@cache
def marks(rule: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a rule."""
    return tuple(re.compile(mark) for mark in rules()[rule]["marks"])


def words(rule: str, key: str) -> frozenset[str]:
    """A word list of a rule."""
    return frozenset(str(rules()[rule][key]).split())

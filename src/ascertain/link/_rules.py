"""The rules file of linking, loaded once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def rules() -> dict[str, dict[str, str]]:
    """All rules by name."""
    return tomllib.loads(files("ascertain.link").joinpath("rules.toml").read_text("utf-8"))


@cache
def listed(rule: str, key: str) -> frozenset[str]:
    """The words of a comma-separated list."""
    return frozenset(word.strip() for word in rules()[rule][key].split(","))


@cache
def pattern(rule: str, key: str = "marks") -> re.Pattern[str]:
    """A compiled pattern."""
    return re.compile(rules()[rule][key])


@cache
def family_names() -> dict[str, str]:
    """The family of each kind of event."""
    return {kind: family for family in rules()["families"] for kind in listed("families", family)}

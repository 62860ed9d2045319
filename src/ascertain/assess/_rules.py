"""The rules file, loaded once."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@cache
def rules() -> dict[str, dict[str, Any]]:
    """All rules by name."""
    return tomllib.loads(files("ascertain.assess").joinpath("rules.toml").read_text("utf-8"))


@cache
def listed(rule: str, key: str) -> frozenset[str]:
    """The words of a comma-separated list."""
    return frozenset(word.strip() for word in str(rules()[rule][key]).split(","))


@cache
def pattern(rule: str, key: str = "marks") -> re.Pattern[str]:
    """A compiled pattern."""
    return re.compile(str(rules()[rule][key]))


ARTICLE = re.compile(r"^(?:the|le|la|les|l|el|los|las|al|il|der|die|das|o|a)[ ’'-]+", re.IGNORECASE)


@lru_cache(maxsize=1024)  # a case may have any number of outlets
def witness_marks(own: str) -> tuple[re.Pattern[str], ...]:
    """The patterns by which an outlet of the name `own` says that its own people saw something; its article may go (`the Volcan's reporter`)."""
    bare = ARTICLE.sub("", own)
    name = "(?:" + "|".join(re.escape(n) for n in dict.fromkeys((own, bare))) + ")" if own else r"(?!)"
    return tuple(re.compile(str(mark).replace("{own}", name)) for mark in rules()["witness"]["marks"])


def cite(rule: str) -> str:
    """How a reason names its rule: `[rule: last word]`."""
    return f"[rule: {rules()[rule]['name']}]"

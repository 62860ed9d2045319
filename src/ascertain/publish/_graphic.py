"""Which passages are shielded until a reader asks for them: by the words of graphic.toml, each kind named on the shield."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists: dict[str, str] = tomllib.loads((Path(__file__).parent / "graphic.toml").read_text("utf-8"))["kinds"]
    return tuple(
        (kind, re.compile(rf"\b(?:{'|'.join(_written(w) for w in stems.split())})\b", re.IGNORECASE)) for kind, stems in lists.items()
    )


def _written(stem: str) -> str:
    return re.escape(stem.rstrip("*")).replace(r"\-", "[ -]") + (r"\w*" if stem.endswith("*") else "")


def harm_kinds() -> tuple[str, ...]:
    """All kinds of harm for which a passage may be shielded."""
    return tuple(kind for kind, _ in _kinds())


def graphic_kinds(words: str) -> tuple[str, ...]:
    """The kinds of harm that the words describe closely; empty where they may be shown at once."""
    return tuple(kind for kind, pattern in _kinds() if pattern.search(words))

"""Texts to measure on: the sample case's, with names of places and numbers replaced so that no two are the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "examples" / "reports"
SEED = 20260314


def sample_texts(count: int, *, paragraphs: int = 12) -> list[str]:
    """`count` made-up articles: paragraphs of the sample case mixed and with other numbers, the same at every call.

    Raises:
        SystemExit: the sample case is missing.
    """
    pool = sorted({p.strip() for path in sorted(SAMPLES.rglob("*.txt")) for p in path.read_text("utf-8").split("\n\n") if len(p) > 80})
    if not pool:
        raise SystemExit(f"{SAMPLES} holds no text: the benchmark is made from the sample case")
    chance = random.Random(SEED)
    return ["\n\n".join(_varied(chance.choice(pool), chance) for _ in range(paragraphs)) for _ in range(count)]


def _varied(paragraph: str, chance: random.Random) -> str:
    return re.sub(r"\b\d{1,3}\b", lambda _: str(chance.randint(2, 400)), paragraph)

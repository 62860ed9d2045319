"""Rows of the sets, and which words news mostly writes small: MUC-4's articles are printed in capitals."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any


def rows(path: Path) -> list[dict[str, Any]]:
    """JSON Lines, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def small_words(folder: Path) -> frozenset[str]:
    """Words that other news texts of the data folder mostly write small inside a sentence."""
    small: Counter[str] = Counter()
    big: Counter[str] = Counter()
    for name in ("polnear", "trnews", "lgl", "geovirus", "geowebnews"):
        path = next((p for p in (folder / name / "train.jsonl", folder / name / "train.jsonl.gz") if p.is_file()), None)
        for row in rows(path) if path is not None else ():
            for match in re.finditer(r"(?<=[a-z,;] )[A-Za-zÀ-ÿ'’]+", row["text"]):
                (small if match[0].islower() else big)[match[0].lower()] += 1
    return frozenset(word for word, count in small.items() if count >= 2 * big[word])

"""Articles linked to incidents when all incidents are moved into two weeks: a war is dense. Nothing is retrained.

The mover shifts everything that one incident's articles tell by whole weeks (publication and the days named), so that weekdays stay true.
Needs the gva_incidents folder and the scorer beside the project; measures nothing where they are absent.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from ascertain.link import article_of, average_link
from ascertain.link._articles import moved, shift_into, traits_of
from ascertain.link._likeness import rows
from ascertain.link._trees import chances, weights

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
DATA = SHARED / "data" / "gva_incidents"
WEEKS = (0, 52, 13, 4, 2)  # 0: as they are


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _scorer() -> Any:
    sys.path.insert(0, str(SHARED / "score"))
    spec = importlib.util.spec_from_file_location("coref", SHARED / "score" / "coref.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SHARED / "score" / "coref.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.pop(0)
    return module


def measure() -> dict[str, float]:
    """CoNLL F1 on the dev part, as it is and squeezed."""
    if not (DATA / "dev.docs.jsonl.gz").is_file():
        return {}
    documents = sorted(_rows(DATA / "dev.docs.jsonl.gz"), key=lambda d: d["doc"])
    when = {i["incident"]: date.fromisoformat(i["date"]) for i in _rows(DATA / "dev.incidents.jsonl.gz")}
    traited = traits_of([article_of(d) for d in documents])
    model, coref, first = weights("articles"), _scorer(), min(when.values())
    found = {}
    for weeks in WEEKS:
        pairs, values = rows(moved(traited, [shift_into(when[d["incident"]], first, weeks) for d in documents]))
        chance = {pair: float(c) for pair, c in zip(pairs, chances(model, values), strict=True)}
        groups = average_link(len(documents), chance, threshold=model["threshold"], cap=1.0)
        named = [{"id": documents[i]["doc"], "chain": str(n)} for n, group in enumerate(groups) for i in group]
        found[f"CoNLL, {f'in {weeks} weeks' if weeks else 'as they are'}"] = round(100 * coref.evaluate(documents, named)["CoNLL"], 1)
    return found

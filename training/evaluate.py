"""Dev figures of an exported model, by the code that reads: python training/evaluate.py FOLDER --data DIR [names attribution fact]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from cases import rows

from ascertain.extract import _attribution
from ascertain.extract._names import names_of
from ascertain.models.encoder import EVERYDAY, NEWS, OnnxEncoder

KINDS = {
    "Person": "PER", "PER": "PER", "Organization": "ORG", "ORG": "ORG", "Location": "LOC", "LOC": "LOC", "Facility": "LOC",
    "PERSON": "PER", "GPE": "LOC",
}  # fmt: skip
EDGES = ("'s", "’s", " 's")


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    if text[start:end].lower().startswith("the "):
        start += 4
    for tail in EDGES:
        if text[start:end].endswith(tail):
            end -= len(tail)
    if text[start:end].endswith(".") and text[start:end].count(".") == 1:
        end -= 1
    return start, end


def f1(hits: float, predicted: int, gold: int) -> float:
    """Balanced F."""
    return 2 * hits / (predicted + gold) if predicted + gold else 0.0


def names(encoder: OnnxEncoder, path: Path) -> dict[str, float]:
    """Exact F1 of names (without article, possessive and full stop)."""
    counts = {"all": [0, 0, 0], "PER": [0, 0, 0], "ORG": [0, 0, 0], "LOC": [0, 0, 0]}
    for row in rows(path):
        text = row["text"]
        gold = {(*_bare(text, s, e), KINDS[k]) for s, e, k in row["entities"] if k in KINDS}
        found = {(*_bare(text, n.start, n.end), KINDS[n.label]) for n in names_of(text, encoder.read(text)) if n.label in KINDS}
        for kind, count in counts.items():
            a, b = ({x for x in group if kind in ("all", x[2])} for group in (gold, found))
            count[0], count[1], count[2] = count[0] + len(a & b), count[1] + len(b), count[2] + len(a)
    return {kind: round(100 * f1(*count), 1) for kind, count in counts.items()}


def attribution(encoder: OnnxEncoder, path: Path, scorer: Path) -> dict[str, float]:
    """The scorer's figures for the bare attributions of the encoder, no rules."""
    sys.path.insert(0, str(scorer))
    import attribution as score

    gold = score.read(path)
    marks = [(key, row["text"], encoder.read(row["text"])) for key, row in gold.items()]
    best: dict[str, float] = {}
    for content, source, bias in ((0.65, 0.5, 0.0), (0.5, 0.5, 0.0), (0.6, 0.4, 0.0), (0.6, 0.5, 0.5), (0.6, 0.5, -0.5)):
        _attribution.CONTENT_FROM, _attribution.SOURCE_FROM, _attribution.CUE_BIAS = content, source, bias
        predictions = {}
        for key, text, mark in marks:
            found = [
                {"content": list(a.content), "source": [a.source] if a.source else [], "cue": [a.cue], "kind": _kind(text, a.content)}
                for a in _attribution.attributions(text, mark)
            ]
            predictions[key] = {"id": key, "quotes": found}
        figures = {}
        for kind in (None, "direct"):
            result = score.score(gold, predictions, kind)
            for name in ("content exact", "content overlap", "quote overlap", "cue exact"):
                figures[f"{kind or 'all'} {name}"] = round(100 * result[name]["f1"], 1)
        print(content, source, bias, figures)
        best = max(best, figures, key=lambda f: f.get("all quote overlap", 0))
    return best


def _kind(text: str, content: Iterable[tuple[int, int]]) -> str:
    from ascertain.extract._quotes import find_quotes

    marks = [q.outer for q in find_quotes(text)]
    size = sum(e - s for s, e in content)
    quoted = sum(max(0, min(e, q.end) - max(s, q.start)) for s, e in content for q in marks)
    return "direct" if quoted > 0.9 * size else "mixed" if quoted else "indirect"


def fact(encoder: OnnxEncoder, path: Path) -> dict[str, float]:
    """Pearson's r and the mean absolute error of the figure of each gold trigger."""
    scale = EVERYDAY if "uds" in path.parent.name else NEWS
    pairs = []
    for row in rows(path):
        marks = encoder.read(row["text"])
        for event in row["events"]:
            figure = marks.happened(event["start"], event["end"], scale)
            pairs.append((0.0 if figure is None else figure, event["score"]))
    found, gold = map(np.array, zip(*pairs, strict=True))
    return {"r": round(float(np.corrcoef(found, gold)[0, 1]), 3), "mae": round(float(abs(found - gold).mean()), 3)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", nargs="*", default=["names", "attribution", "fact"])
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    encoder = OnnxEncoder.open(options.folder)
    if encoder is None:
        raise SystemExit(f"no model in {options.folder}")
    if "names" in options.what:
        for name in ("ner_worldwide_news", "ner_uner_ewt"):
            print(name, names(encoder, options.data / name / "dev.jsonl.gz"))
    if "attribution" in options.what:
        attribution(encoder, options.data / "polnear" / "dev.jsonl", options.data.parent / "score")
    if "fact" in options.what:
        for name in ("fact-uw", "fact-uds-ih2"):
            print(name, fact(encoder, options.data / name / "dev.jsonl"))


if __name__ == "__main__":
    main()

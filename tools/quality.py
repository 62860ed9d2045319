"""Accuracy on annotated data: each benchmark whose folder is found, by the scorers beside the data, against floors that only rise.

    python tools/quality.py --data DIR --part dev --out build/quality.json

DIR holds one folder a benchmark; `articles`, `seed`, `corpus` and the scorers (`score`) stand beside DIR. A benchmark whose folder is
absent is named as skipped. Exit status 1 where a figure lies below its floor in tests/quality/floors.toml (only for PART dev).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import correlation
from typing import Any

import quality_links

from ascertain import pipeline
from ascertain.config import load_settings
from ascertain.extract._names import names_of
from ascertain.models import load_models
from ascertain.models.encoder import EVERYDAY, NEWS
from ascertain.records import Dated, Document, EntityType, Reading, Span

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))  # for the adapters
import muc4  # noqa: E402

FLOORS = ROOT / "tests" / "quality" / "floors.toml"
Figures = dict[str, float]


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """JSON Lines, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def part_file(folder: Path, part: str) -> Path | None:
    """The file of a part, gzipped or not; None where it is absent."""
    names = (f"{part}.jsonl", f"{part}.jsonl.gz", f"{part}.docs.jsonl", f"{part}.docs.jsonl.gz")
    return next((path for name in names if (path := folder / name).is_file()), None)


def readings_of(rows: list[dict[str, Any]], *, date_key: str) -> Iterator[tuple[dict[str, Any], Reading]]:
    """Each row with its reading; texts are read as English articles with the date that the row gives."""
    documents = []
    for row in rows:
        published = Dated(str(row[date_key])) if row.get(date_key) else None
        documents.append(Document(id=str(row["id"]), path=str(row["id"]), text=row["text"], published=published, language="en"))
    models = load_models()
    for row, item in zip(rows, pipeline.read_documents(documents, models=models), strict=True):
        if isinstance(item, Reading):
            yield row, item
        else:
            print(f"could not read {item.path}: {item.error}", file=sys.stderr)


def scored(scorer: Path, gold: Path, predictions: list[dict[str, Any]], *options: str) -> dict[str, Any]:
    """What a scorer prints as JSON."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        for row in predictions:
            out.write(json.dumps(row) + "\n")
        out.flush()
        done = subprocess.run(
            [sys.executable, scorer, gold, out.name, "--json", *options], capture_output=True, text=True, check=True, cwd=scorer.parent
        )
    return json.loads(done.stdout)


OPENING, CLOSING = re.compile(r"[\"“‘’«»]+$"), re.compile(r"[.,!?;—-]*[\"”’»]+")


def as_polnear(text: str, content: tuple[Span, ...]) -> list[list[int]]:
    """A content as PolNeAR draws it: with its quotation marks and with the `that` before it, which readings leave out."""
    found = []
    for start, end in content:
        closing = CLOSING.match(text, end, end + 5)
        opening = OPENING.search(text[max(0, start - 3) : start])
        before = len(opening[0]) if opening else 5 if text.endswith(" that ", 0, start) else 0
        found.append([start - before, closing.end() if closing else end])
    return found


def attribution(gold: Path, score: Path) -> Figures:
    """PolNeAR: who said what.

    There an attribution has a cue, and one statement of several sentences is one attribution: so statements without saying words
    (a quotation that stands alone) and the parts of longer ones are left out.
    """
    predictions = []
    for row, reading in readings_of(list(rows_of(gold)), date_key="date"):
        quotes = [
            {
                "content": as_polnear(row["text"], s.content), "source": [s.speaker_passage] if s.speaker_passage else [],
                "cue": [s.cue] if s.cue else [], "kind": str(s.form),
            }
            for s in reading.statements if s.part_of is None and s.cue is not None
        ]  # fmt: skip
        predictions.append({"id": row["id"], "quotes": quotes})
    figures = {}
    for kind, options in (("", ()), ("direct ", ("--kind", "direct"))):
        found = scored(score / "attribution.py", gold, predictions, *options)
        for name in ("content exact", "content overlap", "quote overlap", "cue exact", "source overlap"):
            figures[kind + name] = round(100 * found[name]["f1"], 1)
    return figures


NAME_KINDS = {
    "Person": "PERSON", "PER": "PERSON", "Organization": "ORG", "ORG": "ORG", "Location": "GPE", "Facility": "GPE", "LOC": "GPE",
    "PERSON": "PERSON", "GPE": "GPE",
}  # fmt: skip


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without article, possessive and full stop, in which annotators differ."""
    start += 4 if text[start:end].lower().startswith("the ") else 0
    for tail in (" 's", "'s", "’s"):
        end -= len(tail) if text[start:end].endswith(tail) else 0
    return start, end - (text[start:end].endswith(".") and text[start:end].count(".") == 1)


def names(gold: Path, _score: Path) -> Figures:
    """Names of people, bodies and places that the reader marks: exact F1."""
    encoder = load_models().encoder
    if encoder is None:
        return {}
    hits = {kind: [0, 0] for kind in ("all", "PERSON", "ORG", "GPE")}  # twice the hits, marked and wanted together
    for row in rows_of(gold):
        text = row["text"]
        wanted = {(*bare(text, s, e), NAME_KINDS[kind]) for s, e, kind in row["entities"] if kind in NAME_KINDS}
        marked = {(*bare(text, n.start, n.end), n.label) for n in names_of(text, encoder.read(text)) if n.label in NAME_KINDS}
        for kind, count in hits.items():
            one, other = ({name for name in group if kind in {"all", name[2]}} for group in (wanted, marked))
            count[0], count[1] = count[0] + 2 * len(one & other), count[1] + len(one) + len(other)
    return {kind: round(100 * both / max(1, total), 1) for kind, (both, total) in hits.items()}


def factuality(gold: Path, _score: Path) -> Figures:
    """Did it happen: correlation of the reader's figure at each gold event with people's judgement."""
    encoder = load_models().encoder
    if encoder is None:
        return {}
    scale = EVERYDAY if "uds" in gold.parent.name else NEWS
    found, wanted = [], []
    for row in rows_of(gold):
        marks = encoder.read(row["text"])
        for event in row["events"]:
            found.append(marks.happened(event["start"], event["end"], scale) or 0.0)
            wanted.append(float(event["score"]))
    error = sum(abs(a - b) for a, b in zip(found, wanted, strict=True)) / len(found)
    return {"pearson": round(correlation(found, wanted), 3), "mean error": round(error, 3)}


def times(gold: Path, score: Path) -> Figures:
    """TempEval-3: time expressions and their values."""
    predictions = []
    for row, reading in readings_of(list(rows_of(gold)), date_key="dct"):
        found = [{"start": t.passage.start, "end": t.passage.end, "type": t.kind.upper(), "value": t.value} for t in reading.times]
        predictions.append({"id": row["id"], "timexes": found})
    result = scored(score / "timex.py", gold, predictions)
    return {name: round(100 * result[name]["f1"], 1) for name in ("strict", "relaxed", "type", "value")}


def places(gold: Path, score: Path) -> Figures:
    """Geoparsing: which words name a place, and where it is."""
    predictions = []
    for row, reading in readings_of(list(rows_of(gold)), date_key="date"):
        found = [
            {"start": m.start, "end": m.end, "lat": e.place.lat, "lon": e.place.lon, "geonameid": str(e.place.geonames)}
            for e in reading.entities
            if e.type is EntityType.PLACE and e.place
            for m in e.mentions
        ]
        predictions.append({"id": row["id"], "toponyms": found})
    result = scored(score / "geoparsing.py", gold, predictions, *([] if gold.parent.name == "geovirus" else ["--resolvable"]))
    return {
        "overlap": round(100 * result["overlap"]["f1"], 1),
        "found within 161 km": round(100 * (result["resolution"]["accuracy@161km found"] or 0), 1),
        "end to end": round(100 * (result["resolution"]["accuracy@161km end to end"] or 0), 1),
    }


def incident_templates(gold: Path, score: Path) -> Figures:
    """MUC-4: incident templates, by an adapter that is fitted on its train part (bench/muc4.py)."""
    adapter, models = muc4.Adapter.load(), load_models()
    coarse, full = [], []
    for row in rows_of(gold):
        parse, reading = muc4.read(row, models, adapter.small)
        found = adapter.templates(parse, reading)
        coarse.append(
            {"docid": row["docid"], "templates": [{role: fills for role, fills in t.items() if role != "HumDesc"} for t in found]}
        )
        full.append({"docid": row["docid"], "templates": [muc4.full_form(t, parse, reading) for t in found]})
    figures = {}
    for predictions, metric in ((coarse, "tf"), (coarse, "ree"), (full, "slots")):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in predictions)
            out.flush()
            command = [sys.executable, str(score / "muc4.py"), "--gold", str(gold), "--pred", out.name, "--metric", metric, "--json"]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=score)
        figures[metric] = round(json.loads(done.stdout)[metric]["micro_avg"]["f1"], 1)
    return figures


BENCHMARKS: dict[str, Callable[[Path, Path], Figures]] = {
    "polnear": attribution, "ner_worldwide_news": names, "ner_uner_ewt": names, "fact-uw": factuality, "fact-uds-ih2": factuality,
    "tempeval3": times, "trnews": places, "lgl": places, "geovirus": places, "geowebnews": places,
    "muc4": incident_templates,
    "gva_incidents": quality_links.shootings, "ecbplus": quality_links.events, "newscluster": quality_links.news,
}  # fmt: skip


def gold_sheets(folder: Path, score: Path) -> Figures:
    """Rows of gold sheets that hold, in percent, over a folder of texts."""
    holds = total = 0
    models = load_models()
    for sheet in sorted(folder.glob("*gold.json")):
        gold = json.loads(sheet.read_text(encoding="utf-8"))
        path = folder / gold["text"]
        [document] = pipeline.documents_in(path.read_bytes(), path=path.name, settings=load_settings(None))
        assert isinstance(document, Document)
        [reading] = pipeline.read_documents([document], models=models)
        assert isinstance(reading, Reading)
        command = [sys.executable, str(score / "reading.py"), str(sheet), "-", "--min", "0"]
        done = subprocess.run(command, input=pipeline.encode(reading), capture_output=True, check=True)
        found = re.search(rb"rows (\d+) of (\d+)", done.stdout)
        assert found
        holds, total = holds + int(found[1]), total + int(found[2])
    return {"rows": holds, "of": total, "percent": round(100 * holds / total, 1)}


def incidents(folder: Path, score: Path) -> Figures:
    """The nine parts of the incident score, in percent."""
    documents = []
    for path in sorted(folder.glob("*.txt")):
        documents += list(pipeline.documents_in(path.read_bytes(), path=path.name, settings=load_settings(None)))
    readings = [item for item in pipeline.read_documents(documents) if isinstance(item, Reading)]
    findings = pipeline.find_incidents(readings)
    with tempfile.NamedTemporaryFile("wb", suffix=".json") as out:
        out.write(pipeline.encode(findings))
        out.flush()
        command = [sys.executable, str(score / "incidents.py"), str(folder / "gold.json"), out.name, "--min", "0"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name.strip(): float(value) for name, value in re.findall(r"^([a-z ]+?)\s+(\d+(?:\.\d+)?)\s*%?$", done.stdout, re.MULTILINE)}


def scorers_beside(data: Path) -> Path:
    """The folder of scorers: in or beside the data, else beside the project; one that is not there where none is."""
    places = (data / "score", data.parent / "score", ROOT.parent / "shared" / "score")
    return next((place.resolve() for place in places if place.is_dir()), places[1])


def measure(data: Path, part: str) -> dict[str, Figures]:
    """All figures of the benchmarks that are there; the others are named as skipped."""
    score = scorers_beside(data)
    found: dict[str, Figures] = {}
    for name, benchmark in BENCHMARKS.items():
        gold = part_file(data / name, part if name != "newscluster" or part == "test" else "train")  # it has no dev part
        if gold is None or not score.is_dir():
            print(f"{name}: skipped, {data / name} has no part {part}", file=sys.stderr)
            continue
        try:
            found[name] = benchmark(gold.resolve(), score)
        except (OSError, KeyError, ValueError, subprocess.CalledProcessError) as error:  # one unreadable set must not cost the others
            print(f"{name}: failed, {type(error).__name__}: {error}", file=sys.stderr)
            continue
        print(name, found[name], file=sys.stderr)
    pool = part_file(data / "gva_incidents", "train.docs")
    if part == "dev" and pool is not None and score.is_dir():
        found["copies"] = quality_links.copies(pool.resolve(), score)
        print("copies", found["copies"], file=sys.stderr)
    for name, sheets in (("seed", gold_sheets), ("articles", gold_sheets), ("corpus", incidents)):
        folder = data.parent / name
        if part != "dev" or not folder.is_dir() or not score.is_dir():
            print(f"{name}: skipped", file=sys.stderr)
            continue
        found[name] = sheets(folder, score)
        print(name, found[name], file=sys.stderr)
    own = ROOT / "tests" / "quality" / "articles"
    if part == "dev" and score.is_dir():
        found["own articles"] = gold_sheets(own, score)
        print("own articles", found["own articles"], file=sys.stderr)
    corpora = ROOT / "tests" / "quality" / "corpora"
    for folder in sorted(path.parent for path in corpora.glob("*/gold.json")):
        if part == "dev" and score.is_dir():
            found[f"corpus {folder.name}"] = incidents(folder, score)
            print(folder.name, found[f"corpus {folder.name}"], file=sys.stderr)
    return found


def below(found: dict[str, Figures]) -> list[str]:
    """Sentences for figures that lie below their floor."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    return [
        f"{name}: {figure} is {found[name].get(figure)}, its floor is {floor}"
        for name, wanted in floors.items()
        if name in found
        for figure, floor in wanted.items()
        if found[name].get(figure, 0) < floor
    ]


def main() -> int:
    """Measure, write, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--part", choices=["train", "dev", "test"], default="dev")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "quality.json")
    options = parser.parse_args()
    found = measure(options.data.resolve(), options.part)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    low = below(found) if options.part == "dev" else []
    for sentence in low:
        print(f"below its floor: {sentence}", file=sys.stderr)
    print(f"{len(found)} benchmarks measured, figures in {options.out}")
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())

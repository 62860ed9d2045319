"""Parsing web pages, against trafilatura alone on the same pages; and preserving files, each acknowledged on disk."""

from __future__ import annotations

import hashlib
import tempfile
import time
from pathlib import Path
from statistics import median

from texts import sample_texts

from ascertain import Case
from ascertain.parse import parse

PAGES = 100
FILES = 1_000


def _pages() -> list[bytes]:
    texts = sample_texts(PAGES)
    made = []
    for number, text in enumerate(texts):
        body = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
        menu = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(40))
        made.append(
            f"<html><head><title>Report {number}</title><meta property='article:published_time' content='2026-03-14'></head>"
            f"<body><nav><ul>{menu}</ul></nav><article><h1>Report {number}</h1>{body}</article><footer>All rights reserved</footer></body></html>".encode()
        )
    return made


def _ours(pages: list[bytes]) -> float:
    started = time.perf_counter()
    for number, page in enumerate(pages):
        parse(page, digest=hashlib.sha256(page).hexdigest(), path=f"{number}.html", media_type="text/html")
    return time.perf_counter() - started


def _peer(pages: list[bytes]) -> float:
    import trafilatura

    started = time.perf_counter()
    for page in pages:
        trafilatura.bare_extraction(page, fast=True, with_metadata=True)
    return time.perf_counter() - started


def _preserved() -> float:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "files"
        source.mkdir()
        for number in range(FILES):
            (source / f"{number}.txt").write_text(f"report {number}\n" * 20, encoding="utf-8")
        with Case.create(Path(folder) / "case", collector="bench") as case:
            started = time.perf_counter()
            case.add(source)
            return time.perf_counter() - started


def measure() -> dict[str, float]:
    """Pages a second of both and their ratio; originals preserved a second, each acknowledged on disk."""
    pages = _pages()
    _ours(pages[:3]), _peer(pages[:3])
    ours, theirs = median(_ours(pages) for _ in range(3)), median(_peer(pages) for _ in range(3))
    return {
        "pages a second": round(PAGES / ours, 1),
        "trafilatura pages a second": round(PAGES / theirs, 1),
        "ratio to trafilatura": round(theirs / ours, 2),
        "originals preserved a second": round(FILES / _preserved()),
    }

"""Feed every file of a folder of parser samples to the readers and count how they ended: done or failed with a reason, nothing else.

python tools/parser_samples.py ../shared/data/parser-samples ../shared/data/html-pages
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import attrs

from ascertain import pipeline
from ascertain.config import Settings
from ascertain.records import Document
from ascertain.workers import BoundedWorker

ENDINGS = {"stdhtml": "html", "mail": "eml", "mime": "eml", "multipart": "eml", "gzip": "gz", "bzip2": "bz2"}


def samples(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and bytes of each sample."""
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(("fuzz-seeds.jsonl",)):
            for line in path.open(encoding="utf-8"):
                row = json.loads(line)
                yield f"fuzz {row['kind']}", f"{row['name']}.{ENDINGS.get(row['kind'], row['kind'])}", base64.b64decode(row["b64"])
        elif path.name.endswith(".jsonl.gz"):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    html = row["html"].encode() if "html" in row else base64.b64decode(row["html_b64"])
                    yield "page", f"{row['id']}.html", html
        elif path.is_file() and path.name != "README.md":
            yield path.parent.name, path.name, path.read_bytes()


def main() -> int:
    """Count, and print every kind of reason."""
    settings = attrs.evolve(Settings(), parse_timeout_seconds=20)
    ended: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    slowest = (0.0, "")
    with BoundedWorker(memory_bytes=settings.parse_memory_bytes) as worker:
        for folder in map(Path, sys.argv[1:]):
            for kind, name, data in samples(folder):
                started = time.monotonic()
                found = list(pipeline.documents_in(data, path=name, settings=settings, worker=worker))
                failed = [item for item in found if not isinstance(item, Document)]
                ended.setdefault(kind, Counter())["failed" if failed and len(failed) == len(found) else "done"] += 1
                for item in failed:
                    reasons[re.sub(r"\d+", "N", str(item.error).replace(item.path, "FILE"))[:110]] += 1
                slowest = max(slowest, (time.monotonic() - started, f"{kind} {name}"))
    for kind, counts in sorted(ended.items()):
        print(f"{kind:16} {counts['done']:4} done {counts['failed']:4} failed")
    total = sum((c for c in ended.values()), Counter())
    print(f"{'all':16} {total['done']:4} done {total['failed']:4} failed; slowest {slowest[0]:.1f} s ({slowest[1]})")
    for reason, count in reasons.most_common(60):
        print(f"  {count:4} {reason}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

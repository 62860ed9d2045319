"""The order of the stages, and the only place that knows it.

    preserve → parse → extract → link → assess → (review) → publish

Each stage takes frozen records and gives frozen records. What ended is kept under the original's digest, the stage and its version,
so a second run does only what is new or changed, and a run that was killed goes on where it stood. A document that fails is
an outcome with a reason; the others go on.

`_run.py` is a whole case; `_parse.py`, `_extract.py` and `_find.py` are its parts, each for a case and for files without one.
"""

from __future__ import annotations

from ascertain.pipeline._extract import read_document, read_documents
from ascertain.pipeline._find import amended, encode, find_again, find_incidents, findings_key, json_line, paths_of, versions
from ascertain.pipeline._outcomes import Progress, Summary, Unread, last_outcomes, no_progress
from ascertain.pipeline._parse import articles_in, documents_in
from ascertain.pipeline._run import finished, run

__all__ = [
    "Progress",
    "Summary",
    "Unread",
    "amended",
    "articles_in",
    "documents_in",
    "encode",
    "find_again",
    "find_incidents",
    "findings_key",
    "finished",
    "json_line",
    "last_outcomes",
    "no_progress",
    "paths_of",
    "read_document",
    "read_documents",
    "run",
    "versions",
]

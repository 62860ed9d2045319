"""A last look through all files of a protected export for what must not be left: found anywhere, nothing leaves."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import attrs

from ascertain.errors import StoreError
from ascertain.publish._bag import Bag
from ascertain.publish._register import Register

HERE = Path(__file__).parent
OURS = (
    "verify.py",
    "verify.sh",
    "verify.html",
    "derive.py",
    "data/report/static/",
)  # the same in every dossier; what is made for one stands in MADE
MADE = ("data/report/static/print.css", "data/report/static/towns.js", "data/report/static/vendor/basemap.js")
PICTURES = (".pdf", ".tsq", ".tsr")  # renderings hold no text; stamps are an authority's


@cache
def _packaged() -> str:
    """The words of our own pages and records, which stand in every export and tell nothing."""
    words = [HERE / f"_{name}.py" for name in ("crate", "pages", "readings", "report", "sheets", "tables", "words")]
    records = [HERE.parent / "records" / f"{name}.py" for name in ("custody", "incident", "reading", "vocabulary")]
    sources = [*sorted((HERE / "templates").rglob("*.html")), *words, *records, HERE / "derive.py"]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


@attrs.frozen
class Search:
    """What is searched for.

    Attributes:
        common: single words among it that stand in our own pages too: these are not looked for in pages.
    """

    register: Register
    common: frozenset[str]

    @classmethod
    def of(cls, register: Register) -> Search:
        """Everything that a register replaces wherever it stands."""
        ours = _packaged()
        return cls(register, frozenset(ours[swap.start : swap.end].casefold() for swap in register.surely(ours)))

    def refuse(self, bag: Bag, strings: Iterable[str]) -> None:
        """Search every file of a bag, its name, and some strings that the log's records will hold.

        Raises:
            StoreError: something is left.
        """
        for words in strings:
            if self.register.surely(words):
                raise StoreError(
                    "the name of the case, its signer or its collector holds a protected word, and stands in every signed head",
                    advice="Export from a case with another name: `ascertain init`, then `add` the same files.",
                )
        for path in sorted(bag.digests):
            if path.startswith(OURS) and path not in MADE:
                continue
            data = b"" if path.endswith(PICTURES) else (bag.folder / path).read_bytes()
            text = data.decode("utf-8", "replace")
            # two cells beside each other are no name
            parts = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row] if path.endswith(".csv") else [text]
            if self._found(path) or any(map(self._found, parts)):
                raise StoreError(
                    f"{path} would still hold a protected word",
                    advice="Nothing was exported. Please report it: this is a fault of ascertain.",
                )

    def _found(self, words: str) -> bool:
        return any(words[swap.start : swap.end].casefold() not in self.common for swap in self.register.surely(words))

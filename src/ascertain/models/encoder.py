"""The learned reader: one small encoder whose heads mark names, who said what, and whether it happened, behind our own interface.

The weights are a packaged int8 ONNX file, made by `training/` and checked by digest at load. Windows are run one at a time, because the
file scales numbers over all that is run together: so what is read in a window hangs on its own words alone, whatever else is read before,
after or beside it. (On one core it is also the fastest way: 8.0 thousand word pieces a second against 7.1 to 7.8 in batches.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from ascertain.errors import InputError
from ascertain.models.encoder_pieces import WordPieces
from ascertain.models.encoder_text import Window, padded, windows

Figures = NDArray[np.float32]
LINK = 96  # length of a link vector
BLOCK = 200_000  # characters tokenised at once; cut at line ends or blanks
NEWS, EVERYDAY = 0, 1  # annotators of news and of everyday text scale certainty differently
HEADS = ("names", "tags", "ask", "answer", "fact", "roles", "kinds")


@attrs.frozen(eq=False)
class Marks:
    """What the encoder says of each word piece of a text; all arrays have one row a piece.

    Attributes:
        offsets: start and end in the text; `words`: number of the word; `windows`: number of the window.
        names: scores of the name tags (`labels`).
        tags: scores of outside, begin, inside for content, source and cue.
        ask, answer: link vectors for content and source; a cue asks, every piece answers.
        fact: how sure it is that what the word tells happened, -3 (certainly not) to 3 (certainly), on the scales of NEWS and EVERYDAY.
        roles: scores of outside, begin, inside for each role of an incident (`role_labels`).
        kinds: scores of each kind of incident (`kind_labels`); their mean over a sentence says what it tells of.
    """

    offsets: NDArray[np.int64]
    words: NDArray[np.int64]
    windows: NDArray[np.int64]
    labels: tuple[str, ...]
    names: Figures
    tags: Figures
    ask: Figures
    answer: Figures
    fact: Figures
    roles: Figures
    kinds: Figures
    role_labels: tuple[str, ...] = ()
    kind_labels: tuple[str, ...] = ()

    def pieces(self, start: int, end: int) -> NDArray[np.int64]:
        """Numbers of the pieces that a passage touches."""
        first = int(np.searchsorted(self.offsets[:, 1], start, side="right"))
        last = int(np.searchsorted(self.offsets[:, 0], end, side="left"))
        return np.arange(first, max(first, last))

    def happened(self, start: int, end: int, scale: int = NEWS) -> float | None:
        """How sure it is that what a passage tells happened; None where it holds no word."""
        at = self.pieces(start, end)
        return float(self.fact[at, scale].mean()) if len(at) else None


class EncoderModel(Protocol):
    """What extraction needs of a learned reader."""

    @property
    def version(self) -> str:
        """Name and digest, as kept with every finding."""
        ...

    def read(self, text: str) -> Marks:
        """Mark a text of any length."""
        ...


@attrs.define(eq=False)
class OnnxEncoder:
    """The packaged encoder, loaded at the first text, on one thread (two on a busy machine are many times slower)."""

    folder: Path
    about: dict[str, Any]
    _session: Any = None
    _cutter: WordPieces | None = None

    @classmethod
    def open(cls, folder: Path | None = None) -> OnnxEncoder | None:
        """The packaged encoder, or that of a folder; None where there is none, and rules alone read."""
        folder = folder or Path(str(files("ascertain.models").joinpath("data")))
        described = folder / "reader.json"
        if not described.is_file() or not (folder / "reader.onnx").is_file():
            return None
        return cls(folder, json.loads(described.read_text("utf-8")))

    @property
    def version(self) -> str:
        """Name and the first digits of the weights' digest."""
        return f"reader sha256:{self.about['digests']['reader.onnx'][:16]}"

    def read(self, text: str) -> Marks:
        """Mark a text of any length; memory grows with the text, not with its number of windows squared.

        Raises:
            InputError: a file of the model is not the one that was measured with.
        """
        session, cutter = self._load()
        found = list(self._windows(text, cutter))
        results = [_heads(session, window) for window in found]
        labels = tuple(self.about["names"])
        if not found:
            return _empty(self.about)
        heads = {name: np.concatenate([result[name] for result in results]) for name in HEADS}
        total = len(heads["fact"])
        words = np.cumsum(np.concatenate([np.diff(w.words, prepend=-1) != 0 for w in found])) - 1
        return Marks(
            offsets=np.concatenate([w.offsets for w in found]),
            words=words,
            windows=np.repeat(np.arange(len(found)), [len(w) for w in found]),
            labels=labels,
            names=heads["names"],
            tags=heads["tags"].reshape(total, 3, 3),
            ask=heads["ask"].reshape(total, 2, LINK),
            answer=heads["answer"].reshape(total, 2, LINK),
            fact=heads["fact"],
            roles=heads["roles"].reshape(total, -1, 3),
            kinds=heads["kinds"],
            role_labels=tuple(self.about["roles"]),
            kind_labels=tuple(self.about["kinds"]),
        )

    def _windows(self, text: str, cutter: WordPieces) -> Iterator[Window]:
        for start, end in _blocks(text):
            for window in windows(text[start:end], cutter):
                yield attrs.evolve(window, offsets=window.offsets + start) if start else window

    def _load(self) -> tuple[Any, WordPieces]:
        if self._session is not None and self._cutter is not None:
            return self._session, self._cutter
        import onnxruntime

        for name, digest in self.about["digests"].items():
            if hashlib.sha256((self.folder / name).read_bytes()).hexdigest() != digest:
                raise InputError(f"{name} is not the file that ascertain was measured with", advice="Install ascertain again.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for good
        options.log_severity_level = 3
        self._cutter = WordPieces(self.folder / "reader-words.txt")
        path = str(self.folder / "reader.onnx")
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return self._session, self._cutter


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """A long text in parts, cut at a line end, else a blank, else anywhere."""
    start = 0
    while len(text) - start > BLOCK:
        cut = text.rfind("\n", start + BLOCK // 2, start + BLOCK)
        cut = cut if cut > 0 else text.rfind(" ", start + BLOCK // 2, start + BLOCK)
        cut = cut if cut > 0 else start + BLOCK
        yield start, cut
        start = cut
    yield start, len(text)


def _heads(session: Any, window: Window) -> dict[str, Figures]:
    """The heads for one window, without the marks at either end."""
    ids, mask, shapes = padded([window])
    heads = session.run(list(HEADS), {"ids": ids, "mask": mask, "shapes": shapes})
    return {name: head[0, 1:-1] for name, head in zip(HEADS, heads, strict=True)}


def _empty(about: dict[str, Any]) -> Marks:
    none, numbers = np.zeros(0, np.float32), np.zeros(0, np.int64)
    links = none.reshape(0, 2, LINK)
    labels, roles, kinds = (tuple(about[key]) for key in ("names", "roles", "kinds"))
    return Marks(
        numbers.reshape(0, 2), numbers, numbers, labels, none.reshape(0, len(labels)), none.reshape(0, 3, 3), links, links,
        none.reshape(0, 2), none.reshape(0, len(roles), 3), none.reshape(0, len(kinds)), roles, kinds,
    )  # fmt: skip

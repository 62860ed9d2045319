"""The packaged encoder: checked at load, the same for a text whatever is read around it, absent without harm."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from ascertain.errors import InputError
from ascertain.extract._attribution import attributions
from ascertain.extract._names import names_of
from ascertain.models import load_models
from ascertain.models.encoder import Marks, OnnxEncoder

TEXT = 'Governor Ana Lis said on Monday that shells had hit Kharkiv. "We counted nine craters," she told the Harbour Gazette.'


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    found = OnnxEncoder.open()
    if found is None:
        pytest.skip("the packaged encoder is absent: rules alone read")
    return found


def same(one: Marks, other: Marks) -> bool:
    return all(np.array_equal(getattr(one, head), getattr(other, head)) for head in ("offsets", "names", "tags", "ask", "answer", "fact"))


def test_names_and_speakers_are_found(encoder: OnnxEncoder) -> None:
    marks = encoder.read(TEXT)
    names = {TEXT[n.start : n.end]: n.label for n in names_of(TEXT, marks)}
    assert names["Ana Lis"] == "PERSON"
    assert names["Harbour Gazette"] == "ORG"
    told = [(TEXT[slice(*a.cue)], a.source and TEXT[slice(*a.source)]) for a in attributions(TEXT, marks)]
    assert any("said" in cue and source and "Ana Lis" in source for cue, source in told)


def test_what_did_not_happen_has_a_lower_figure(encoder: OnnxEncoder) -> None:
    figures = []
    for text in (
        "Troops attacked the town on Monday.",
        "Troops did not attack the town on Monday.",
        "Troops may attack the town on Monday.",
    ):
        figure = encoder.read(text).happened(text.index("attack"), text.index("attack") + 6)
        assert figure is not None
        figures.append(figure)
    assert figures[0] > figures[2] > figures[1]


def test_a_text_is_read_the_same_whatever_is_read_around_it(encoder: OnnxEncoder) -> None:
    alone = encoder.read(TEXT)
    for other in ("", "No.", TEXT * 9, "WAR!!! " * 40):
        encoder.read(other)
        assert same(alone, encoder.read(TEXT))
    fresh = OnnxEncoder.open()
    assert fresh is not None
    assert same(alone, fresh.read(TEXT))


def test_every_word_of_a_long_text_is_marked(encoder: OnnxEncoder) -> None:
    text = (TEXT + "\n\n") * 30
    marks = encoder.read(text)
    assert len(marks.fact) == len(marks.names) == len(marks.offsets) == len(marks.words)
    assert (np.diff(marks.words) >= 0).all()
    assert marks.windows.max() > 2
    assert marks.offsets[-1, 1] == len(text.rstrip())


def test_no_words_no_marks(encoder: OnnxEncoder) -> None:
    marks = encoder.read(" \n")
    assert len(marks.fact) == 0
    assert marks.happened(0, 1) is None


@pytest.mark.parametrize("name", ["reader.onnx", "reader-words.txt"])
def test_a_changed_file_is_refused(encoder: OnnxEncoder, tmp_path: Path, name: str) -> None:
    for part in ("reader.onnx", "reader-words.txt", "reader.json"):
        shutil.copy(encoder.folder / part, tmp_path / part)
    raw = bytearray((tmp_path / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / name).write_bytes(bytes(raw))
    changed = OnnxEncoder.open(tmp_path)
    assert changed is not None
    with pytest.raises(InputError, match=name):
        changed.read(TEXT)


def test_without_a_model_there_is_none(tmp_path: Path) -> None:
    assert OnnxEncoder.open(tmp_path) is None
    (tmp_path / "reader.json").write_text(json.dumps({"digests": {}}), "utf-8")
    assert OnnxEncoder.open(tmp_path) is None


def test_the_version_names_the_weights(encoder: OnnxEncoder) -> None:
    assert encoder.about["digests"]["reader.onnx"][:16] in encoder.version
    models = load_models()
    assert models.encoder is not None
    assert models.encoder.version == encoder.version

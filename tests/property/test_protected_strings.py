"""Strings of the sample case, chosen at random and protected: none of them is left in any byte of the protected dossier."""

from __future__ import annotations

import html
import re
import shutil
import tempfile
from pathlib import Path

import dossiers
import parts
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain import Case
from ascertain.publish import Wanted
from ascertain.publish._leaks import _packaged
from ascertain.records import Document, Label, MarkKind, Outcome, Reading, Sensitivity
from ascertain.records.names import RUN
from ascertain.review import Classing
from ascertain.store import Store

SOURCES = sorted((Path(__file__).resolve().parents[2] / "examples" / "sources").glob("*.txt"))
NAME = re.compile(r"[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})+")  # two words with capitals: people, places, outlets


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The texts of the sample case, kept and read (of the names nothing is known), and the folder."""
    folder = tmp_path_factory.mktemp("strings") / "case"
    Store.create(folder, name="Sample", collector="Tester", now=dossiers.NOW).close()
    texts = {path.name: path.read_text(encoding="utf-8") for path in SOURCES}
    with Case.open(folder, clock=lambda: dossiers.NOW) as case:
        for name, text in texts.items():
            capture = dossiers.a_capture(text.encode(), f"reports/{name}")
            case.store.preserve(text.encode(), capture)
            document = Document(capture.original, capture.path, text, title=text.splitlines()[0])
            case.store.put_document(document, Outcome(document.id, "parse", "done", "1"))
            case.store.put_reading(Reading(document, made_by="extract test"), Outcome(document.id, "extract", "done", "1"))
        case.store.checkpoint()
    return folder, texts


def squeezed(words: str) -> str:
    return " ".join(match[0] for match in RUN.finditer(words)).casefold()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_no_protected_string_is_left_in_any_byte(sample, data: st.DataObject) -> None:
    folder, texts = sample
    names = sorted({name for text in texts.values() for name in NAME.findall(text)})
    marked = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    phrases = []
    for name in data.draw(st.lists(st.sampled_from(sorted(texts)), min_size=1, max_size=2, unique=True)):
        runs = list(RUN.finditer(texts[name]))
        first, count = data.draw(st.integers(0, len(runs) - 8)), data.draw(st.integers(3, 7))
        phrases.append((f"reports/{name}", texts[name][runs[first].start() : runs[first + count].end()]))
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(folder, Path(place) / "case")
        with Case.open(Path(place) / "case", clock=lambda: dossiers.NOW) as case:
            for name in marked:
                case.classify(Classing(MarkKind.ENTITY, name, Sensitivity.PROTECTED, "Ann", "chosen at random", label=Label.WITNESS))
            for path, words in phrases:
                case.classify(Classing(MarkKind.PASSAGE, words, Sensitivity.RESTRICTED, "Ann", "chosen at random", document=path))
            case.export_part(Path(place) / "out", Wanted(protected=True))
        parts.Part(Path(place) / "out").check()
        everything = parts.inflated(Path(place) / "out").decode("utf-8", "replace")
    left = {everything.casefold(), html.unescape(everything).casefold()}
    squeezed_left = f" {squeezed(everything)} "
    ours = f" {squeezed(_packaged())} "
    for words in (*marked, *(words for _, words in phrases)):
        assert all(words.casefold() not in whole for whole in left), words
        assert f" {squeezed(words)} " not in squeezed_left, words
    for word in {word for name in marked for word in squeezed(name).split()}:
        assert f" {word} " not in squeezed_left or f" {word} " in ours or not _telling(word, texts), word


def _telling(word: str, texts: dict[str, str]) -> bool:
    """Whether a word of a name is no common word: it stands nowhere with a small letter."""
    return not any(re.search(rf"\b{re.escape(word)}\b", text) for text in texts.values())

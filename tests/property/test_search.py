"""Whatever is looked for in whatever text: no error, and every hit's passage is the word."""

from __future__ import annotations

import re
import unicodedata

import pytest
from builders import a_capture, an_outcome
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import broken_texts, full_texts

from ascertain.records import Document
from ascertain.store import Store
from ascertain.store._search import query_of


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.create(tmp_path_factory.mktemp("search") / "case", name="x", collector="c", now="2026-01-02T03:04:05Z") as made:
        made.preserve(b"x", a_capture(b"x"))
        yield made


def folded(word: str) -> str:
    """As the index compares words: without letter case and marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


@given(broken_texts)
def test_any_words_can_be_looked_for(store, words):
    assert store.search(words) == store.search(words)


@given(broken_texts)
def test_a_query_is_words_in_quotes_and_nothing_else(words):
    term = r'"[^"\x00]+"\*?'
    either = rf"{term}(?: (?:OR )?{term})*"
    assert re.fullmatch(rf"(?:(?:{either}|\({either}\))(?: NOT {term})*)?", query_of(words))


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("a b", '"a" "b"'), ("a OR b c", '"a" OR "b" "c"'), ("a -b", '"a" NOT "b"'), ('a OR b -"c d"', '("a" OR "b") NOT "c d"'),
        ("-a", ""), ("OR a OR OR", '"a"'), ("shell* -fire*", '"shell"* NOT "fire"*'), ("a or b", '"a" "or" "b"'), ("- a", '"a"'),
    ],
)  # fmt: skip
def test_operators_of_a_query(store, words, query):
    assert query_of(words) == query
    assert store.search(words) == store.search(words)


@given(before=full_texts, after=full_texts, title=st.none() | st.just("The word shelling in a title"))
@settings(max_examples=50)
@example(before="\x00", after="\x00", title=None)
@example(before="\x02", after="\x03", title="The word shelling in a title")
def test_a_hit_s_passage_is_the_word_in_any_text(store, before, after, title):
    text = f"{before} shelling {after}"
    digest = store.originals()[0]
    store.put_document(Document(digest, "a.txt", text, title=title), an_outcome(digest))
    [hit] = store.search("shelling")
    assert folded(text[slice(*hit.span)]) == "shelling"

"""How a text is cut before it is parsed."""

from __future__ import annotations

import pytest

from ascertain.models.language import MAX_WORD, paragraphs


@pytest.mark.parametrize("run", ['"' * 3000, "“‘" * 1500, "killed" * 500])
def test_a_run_without_white_space_is_cut_and_nothing_of_it_is_lost(run):
    text = f"Shells fell. {run} The mayor spoke."
    pieces = paragraphs(text)
    assert "".join(text[p.start : p.end] for p in pieces) == text
    assert max(len(word) for p in pieces for word in text[p.start : p.end].split()) <= 2 * MAX_WORD


def test_prose_is_not_cut():
    text = "Shells fell on the market, and the mayor of the town said that at least 12 people had been killed there on Monday. " * 20
    assert [text[p.start : p.end] for p in paragraphs(text)] == [text.strip()]

"""The MUC-4 adapter: case given back, candidates, templates from scores."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from bench import muc4

from ascertain.models import load_models

SMALL = frozenset("the have been kidnapped by terrorists of in peasants were".split())  # noqa: SIM905
TEXT = "THE PEASANTS WERE KIDNAPPED BY TERRORISTS OF THE [FMLN] IN USULUTAN."


def test_case_is_given_back_at_the_same_length():
    found = muc4.with_cases(TEXT, SMALL)
    assert found == "the peasants were kidnapped by terrorists of the [FMLN] in Usulutan."
    assert len(found) == len(TEXT)


def test_candidates_carry_the_reading_s_roles():
    parse, reading = muc4.read({"docid": "d", "text": TEXT, "date": "1990-01-03"}, load_models(), SMALL)
    found = {c.words: c for c in muc4.candidates(parse, reading)}
    assert found["peasants"].incident == "kidnapping"
    assert "role=recipient" in found["peasants"].features


def test_templates_follow_scores_and_thresholds():
    scores = np.array([0.9, 0.0, 0.0, 0.0, 0.0, 0.0])
    listed = [("terrorists", "kidnapping", scores), ("armed terrorists", "kidnapping", scores)]
    likely = np.array([0.1, 0.1, 0.8, 0.0, 0.0])
    [template] = muc4.filled(listed, likely, [0.5] * 6, [0.5] * 5)
    assert (template["incident_type"], template["PerpInd"]) == ("kidnapping", [["armed terrorists"]])
    assert muc4.filled(listed, likely, [0.5] * 6, [0.9] * 5) == []


def test_hashing_is_the_same_everywhere():
    assert muc4.hashed(["head=bomb"]).tolist() == muc4.hashed(["head=bomb"]).tolist() == [84460]

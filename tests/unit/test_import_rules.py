"""The import rules hold: who may import whom is the architecture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_layers_and_forbidden_imports_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_help_answers_without_loading_a_model():
    code = "import sys; import ascertain.cli; assert not {'spacy', 'sqlalchemy', 'trafilatura'} & set(sys.modules), 'heavy'"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

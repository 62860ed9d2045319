"""The README's transcript works as pasted, and prints what the README says that it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(bash|text)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


def shape(line: str) -> str:
    """A line without what changes from case to case: the keys."""
    return re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", line.strip())


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """What a user has after `make setup`: the examples, and the program in `.venv/bin`."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / "Makefile").write_text("setup:\n\t@true\n", encoding="utf-8")
    program = folder / ".venv" / "bin" / "ascertain"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ascertain "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def pasted(code: str, folder: Path) -> str:
    about = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(["bash", "-e", "-c", code], cwd=folder, env=about, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_transcript_prints_what_it_says(clone):
    commands, printed = BLOCKS[0][1], BLOCKS[1][1]
    assert (BLOCKS[0][0], BLOCKS[1][0]) == ("bash", "text")
    lines = iter(shape(line) for line in pasted(commands, clone).splitlines())
    for line in printed.splitlines():
        if line != "…":
            assert shape(line) in lines, f"not printed, or not there: {line}"
    assert (clone / "mycase" / "report" / "index.html").is_file()


def test_the_other_commands_run(clone):
    for language, code in BLOCKS[2:]:
        assert language == "bash"
        assert pasted(code, clone).strip()


def test_the_screenshot_is_there_and_small():
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / name).stat().st_size < 250_000

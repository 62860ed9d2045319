"""What tests share: the number of kills of a soak run, and a clock that stands still."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=4, help="real kills in test_kill.py")


@pytest.fixture
def shared() -> Path:
    """The folder of annotated texts; tests that use it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent: this check uses its annotated texts")
    return SHARED


@pytest.fixture
def clock():
    return lambda: "2026-01-02T03:04:05Z"

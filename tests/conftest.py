"""What tests share: a clock that ticks, a case, the command line in this process, and a case that has been run."""

from __future__ import annotations

import io
import itertools
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import hypothesis
import pytest
from builders import PAGE, WIRE

from ascertain.case import Case
from ascertain.cli import main

# The same examples in every run, and no failure because a machine is slow; `--hypothesis-profile=search` looks further.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("repeatable")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=4, help="real kills in test_kill.py")


@attrs.frozen
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def shared() -> Path:
    """The folder of annotated texts; tests that use it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent: this check uses its annotated texts")
    return SHARED


@pytest.fixture
def clock() -> Callable[[], str]:
    """A clock that moves on a second each time it is asked."""
    seconds = itertools.count(5)
    return lambda: "2026-01-02T{:02d}:{:02d}:{:02d}Z".format(*(3 + (n := next(seconds)) // 3600, n // 60 % 60, n % 60))


@pytest.fixture
def case(tmp_path: Path, clock: Callable[[], str]) -> Iterator[Case]:
    """A new, open case."""
    with Case.create(tmp_path / "case", name="Harvan", collector="T. Collector", clock=clock) as made:
        yield made


@pytest.fixture(scope="session")
def finished_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of three files that has been run; look, don't touch: `copied_case` is for changes."""
    folder = tmp_path_factory.mktemp("finished")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "wire.txt").write_text(WIRE, encoding="utf-8")
    (reports / "page.html").write_text(PAGE, encoding="utf-8")
    (reports / "empty.txt").write_bytes(b"")
    with Case.create(folder / "case", name="Harvan", collector="T. Collector") as made:
        made.add(reports)
        made.run()
    return folder / "case"


@pytest.fixture
def copied_case(finished_case: Path, tmp_path: Path) -> Path:
    """A copy of the finished case that a test may change."""
    return Path(shutil.copytree(finished_case, tmp_path / "case"))


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Run the command line in this process, so that models are loaded once for all tests."""

    def run(*arguments: object, stdin: bytes = b"", encoding: str = "utf-8") -> Ended:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            patch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=encoding))
            patch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding=encoding))
            with pytest.raises(SystemExit) as ended:
                main([str(argument) for argument in arguments])
            sys.stdout.flush()
            sys.stderr.flush()
            status = ended.value.code
            told = Ended(status if isinstance(status, int) else 0, out.getvalue().decode(encoding), err.getvalue().decode(encoding))
        assert "Traceback" not in told.err
        assert "a fault of ascertain" not in told.err
        return told

    return run

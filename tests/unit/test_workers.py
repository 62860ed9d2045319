"""Work on hostile input ends as a result or as an error, whatever the input does to its process."""

from __future__ import annotations

import ctypes
import operator
import os
import subprocess
import sys
import time

import pytest

from ascertain.errors import AscertainError, InputError, LimitError
from ascertain.workers import BoundedWorker, WorkerPool

MEMORY = 2_000_000_000


@pytest.fixture(scope="module")
def worker():
    with BoundedWorker(memory_bytes=MEMORY) as made:
        yield made


def test_a_function_gives_its_result(worker):
    assert worker.call(operator.add, 2, 3, timeout_seconds=300) == 5


def test_the_worker_is_another_process_and_is_kept(worker):
    first = worker.call(os.getpid, timeout_seconds=300)
    assert first != os.getpid()
    assert worker.call(os.getpid, timeout_seconds=300) == first


def test_what_takes_too_long_is_ended_and_the_next_call_works(worker):
    before = worker.call(os.getpid, timeout_seconds=300)
    with pytest.raises(LimitError, match="longer than 0.3 seconds") as ended:
        worker.call(time.sleep, 3_600, timeout_seconds=0.3)
    assert "time limit" in ended.value.advice
    assert worker.call(os.getpid, timeout_seconds=300) != before


def test_what_needs_too_much_memory_is_a_limit(worker):
    with pytest.raises(LimitError, match="memory"):
        worker.call(bytes, MEMORY * 2, timeout_seconds=300)


def test_a_process_that_dies_of_its_input_is_an_error_of_the_input(worker):
    with pytest.raises(InputError, match="died"):
        worker.call(os._exit, 3, timeout_seconds=300)
    with pytest.raises(InputError, match="died"):
        worker.call(ctypes.string_at, 0, timeout_seconds=300)
    assert worker.call(operator.neg, 1, timeout_seconds=300) == -1


def test_any_other_error_becomes_a_reason_without_its_words(worker):
    with pytest.raises(InputError, match="ZeroDivisionError") as ended:
        worker.call(operator.truediv, 1, 0, timeout_seconds=300)
    assert "division by zero" not in str(ended.value)


def test_what_a_library_prints_goes_nowhere(worker, capfd):
    worker.call(os.write, 1, b"the name of a witness", timeout_seconds=300)
    worker.call(os.write, 2, b"the name of a witness", timeout_seconds=300)
    assert capfd.readouterr() == ("", "")


def test_the_current_folder_is_not_searched_for_modules(tmp_path, monkeypatch):
    (tmp_path / "operator.py").write_text("raise SystemExit('evidence was run')\n", encoding="utf-8")
    (tmp_path / "attrs.py").write_text("raise SystemExit('evidence was run')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with BoundedWorker(memory_bytes=MEMORY) as fresh:
        assert fresh.call(operator.add, 1, 1, timeout_seconds=300) == 2


def test_a_script_without_a_guard_is_not_run_again(tmp_path):
    """`multiprocessing` would run the caller's main module once more in the child."""
    script = tmp_path / "script.py"
    script.write_text(
        "import operator, pathlib\nfrom ascertain.workers import BoundedWorker\n"
        f"open({str(tmp_path / 'runs')!r}, 'a').write('x')\n"
        "with BoundedWorker(memory_bytes=2_000_000_000) as w:\n    assert w.call(operator.add, 1, 2, timeout_seconds=300) == 3\n",
        encoding="utf-8",
    )
    subprocess.run([sys.executable, script], check=True, timeout=300)
    assert (tmp_path / "runs").read_text() == "x"


def test_a_pool_gives_results_in_the_order_of_the_items():
    with WorkerPool(2, memory_bytes=MEMORY) as pool:
        waits = [0.4, 0.0, 0.1, 0.0, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0]
        assert [item for item, _ in pool.in_order(time.sleep, waits, timeout_seconds=300)] == waits


def test_a_pool_takes_items_only_as_it_needs_them():
    taken = []

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    with WorkerPool(1, memory_bytes=MEMORY) as pool:
        results = pool.in_order(operator.neg, items(), timeout_seconds=300)
        assert next(results) == (0, 0)
        assert len(taken) < 10
        results.close()


def test_in_a_pool_one_bad_item_fails_alone():
    with WorkerPool(2, memory_bytes=MEMORY) as pool:
        list(pool.in_order(time.sleep, [0.0] * 8, timeout_seconds=300))  # both have started: that may take long on a busy machine
        ended = dict(pool.in_order(time.sleep, [0, 3_600, "x", 0.01, None], timeout_seconds=4))
    assert ended[0] is None
    assert ended[0.01] is None
    assert isinstance(ended[3_600], LimitError)
    assert isinstance(ended["x"], InputError)
    assert isinstance(ended[None], AscertainError)


def test_in_a_pool_a_process_that_dies_takes_only_its_item():
    with WorkerPool(1, memory_bytes=MEMORY) as pool:
        ended = list(pool.in_order(os._exit, [1, 2], timeout_seconds=300))
    assert [type(result) for _, result in ended] == [InputError, InputError]


def test_an_empty_pool_run_starts_nothing():
    with WorkerPool(3, memory_bytes=MEMORY) as pool:
        assert list(pool.in_order(operator.neg, [], timeout_seconds=1)) == []
        assert all(worker._process is None for worker in pool._workers)

"""Threads where there is a core for them, and none where there is not."""

import threading
import time
from typing import Any

import pytest

from workbench.foundation import cores
from workbench.foundation.steps import Progress, drain
from workbench.foundation.threads import in_thread, threads


@pytest.fixture(params=["threads", "none"])
def who(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "none":
        monkeypatch.setattr(cores, "_is_shared", True)
        monkeypatch.setattr(cores, "_limit", 1)
    return str(request.param)


def test_that_one_of_several_processes_starts_no_thread(who: str) -> None:
    with threads(1, "made") as pool:
        name = pool.submit(lambda: threading.current_thread().name).result()

    assert name.startswith("made") == (who == "threads")


def test_that_the_results_are_the_same(who: str) -> None:
    with threads(2, "made") as pool:
        assert list(pool.map(pow, (2, 3), (3, 2))) == [8, 9]


def test_that_an_error_comes_with_the_result(who: str) -> None:
    with threads(1, "made") as pool:
        future = pool.submit(lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            future.result()


def test_that_what_is_done_meanwhile_is_done(who: str) -> None:
    done: list[str] = []
    value = drain(in_thread(lambda: 7, "stage", lambda: done.append("closed"), lambda: done.append("meanwhile")))

    assert (value, done) == (7, ["meanwhile", "closed"])


def test_that_waiting_for_a_thread_gives_signs_of_life_and_can_be_closed() -> None:
    end = threading.Event()
    steps: Any = in_thread(lambda: end.wait(20), "long", end.set)

    assert next(steps) == Progress("long", 0, 0)
    start = time.monotonic()
    steps.close()
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(("count", "expected"), [(1, True), (2, False)])
def test_that_a_process_with_cores_of_its_own_has_threads(
    monkeypatch: pytest.MonkeyPatch, count: int, expected: bool
) -> None:
    monkeypatch.setattr(cores, "_is_shared", False)
    monkeypatch.setattr(cores, "_limit", 0)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    assert not cores.has_one_of_several()
    cores.share(count)
    assert cores.has_one_of_several() == expected

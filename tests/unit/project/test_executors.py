"""Tasks for the processes of this machine."""

import itertools
import os
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.waiting import SOON, until
from tests.processes import is_alive
from tests.unit.project import made_tasks as made
from workbench.foundation.steps import Event, Progress, drain
from workbench.project.workers.executors import Outcome, Task, TaskDefectError, Workers, completed, workers


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers]:
    """Two processes that have begun."""
    with workers(2) as found:
        outcomes(found, *[Task(made.slept, (0.2, None))] * 2)
        yield found


@pytest.fixture
def own_pool() -> Iterator[Workers]:
    """Processes that a test may lose."""
    with workers(2) as found:
        yield found


def outcomes(pool: Workers, *tasks: Task) -> list[Outcome]:
    found: list[Outcome] = []
    drain(completed(pool, tasks, found.append))
    return found


def test_that_every_task_is_done_once(pool: Workers) -> None:
    found = outcomes(pool, *(Task(made.slept, (0, number)) for number in range(30)))

    assert sorted(item.value for item in found) == list(range(30))


def test_that_no_more_tasks_are_read_than_workers_can_take_soon(pool: Workers) -> None:
    read = itertools.count()
    done: list[Outcome] = []
    ahead: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(200):
            ahead.append(next(read) - len(done))
            yield Task(made.slept, (0, number))

    drain(completed(pool, tasks(), done.append))

    assert len(done) == 200
    assert max(ahead) <= pool.count + 2


def test_that_tasks_which_a_result_leads_to_are_done_before_the_others(pool: Workers) -> None:
    done: list[Any] = []

    def take(outcome: Outcome) -> list[Task]:
        done.append(outcome.value)
        return [Task(made.slept, (0, "next"))] if outcome.value == 0 else []

    drain(completed(pool, [Task(made.slept, (0, number)) for number in range(20)], take))

    assert len(done) == 21
    assert done.index("next") < 10


def test_that_progress_counts_what_is_done(pool: Workers) -> None:
    events: list[Event] = []
    tasks = [Task(made.slept, (0, None), name=str(number)) for number in range(3)]
    drain(completed(pool, tasks, lambda outcome: None, "sweep", 3), events.append)

    counts = [event.done for event in events if isinstance(event, Progress)]
    assert counts == sorted(counts)
    assert events[-1] == Progress("sweep", 3, 3)


def test_that_what_the_user_is_told_comes_back(pool: Workers) -> None:
    refused, warned = sorted(
        outcomes(pool, Task(made.refuses, ("It is wrong.",)), Task(made.warns, ("beware",))),
        key=lambda item: not item.error,
    )

    assert (refused.value, str(refused.error)) == (None, "It is wrong. Do something else.")
    assert (warned.value, warned.warnings) == (1, ("beware",))


def test_that_a_defect_is_raised_with_its_trace(pool: Workers) -> None:
    with pytest.raises(TaskDefectError, match=r"(?s)broken: .*made_tasks.*ZeroDivisionError: a defect"):
        outcomes(pool, Task(made.fails, name="broken"))


def test_that_a_worker_that_dies_loses_nothing(own_pool: Workers, tmp_path: Path) -> None:
    tasks = [Task(made.slept, (0.05, number)) for number in range(8)]
    tasks.insert(3, Task(made.dies_once, (tmp_path / "mark",)))

    values = [item.value for item in outcomes(own_pool, *tasks)]

    assert sorted(values, key=str) == [*range(8), "alive"]


def test_that_a_task_that_kills_its_worker_again_is_given_up_and_no_other(own_pool: Workers) -> None:
    tasks = [Task(made.slept, (0.05, number)) for number in range(4)]
    found = outcomes(own_pool, *tasks[:2], Task(made.dies, name="w8a8"), *tasks[2:])

    assert sorted(item.value for item in found if item.error is None) == [0, 1, 2, 3]
    assert [str(item.error) for item in found if item.error is not None] == [
        "The process that computed w8a8 ended unexpectedly, 2 times. Where memory ran out, use fewer processes "
        "(--jobs), or close other programs."
    ]


def test_that_a_task_which_comes_before_a_death_is_settled_is_done_again(own_pool: Workers) -> None:
    dying, innocent = Task(made.dies), Task(made.slept, (0, 5))
    died = own_pool.start(dying)
    wait([died])
    late = own_pool.start(innocent)

    assert [own_pool.settled(dying, died), own_pool.settled(innocent, late)] == [None, None]
    again = own_pool.settled(innocent, own_pool.start(innocent))
    assert again is not None
    assert again.value == 5


def test_that_steps_are_closed_when_the_whole_is_cancelled(own_pool: Workers, tmp_path: Path) -> None:
    started, mark = tmp_path / "started", tmp_path / "closed"
    steps = completed(own_pool, [Task(made.long_steps, (60, 0.05, mark, started))], lambda outcome: None)
    wait_for(steps, started)
    begin = time.monotonic()
    steps.close()

    assert mark.exists()
    assert time.monotonic() - begin < SOON


def test_that_a_task_that_cannot_be_stopped_does_not_keep_its_process(tmp_path: Path) -> None:
    with workers(1) as pool:
        [number] = [item.value[0] for item in outcomes(pool, Task(made.where))]
        steps = completed(pool, [Task(made.slept, (60, None))], lambda outcome: None)
        limit = time.monotonic() + 1
        while time.monotonic() < limit:
            next(steps)
        steps.close()

        assert not is_alive(number)


def test_that_the_pool_goes_on_after_a_cancelled_run(own_pool: Workers, tmp_path: Path) -> None:
    started = tmp_path / "started"
    steps = completed(own_pool, [Task(made.long_steps, (60, 0.05, None, started))], lambda outcome: None)
    wait_for(steps, started)
    steps.close()

    assert [item.value for item in outcomes(own_pool, Task(made.slept, (0, "again")))] == ["again"]


def test_that_tasks_that_need_the_same_board_never_run_at_a_time(pool: Workers, tmp_path: Path) -> None:
    tasks = [Task(made.holds, (tmp_path / "board", 0.05), needs={"rk3588": 1}) for _ in range(5)]

    assert [item.value for item in outcomes(pool, *tasks)] == [True] * 5


def test_that_a_worker_has_a_folder_of_its_own_until_the_pool_ends() -> None:
    with workers(1) as pool:
        first, second = (item.value for item in outcomes(pool, Task(made.where), Task(made.where)))
        assert first == second
        assert Path(first[1]).is_dir()

    assert not Path(first[1]).parent.exists()
    assert not is_alive(first[0])


def test_that_processes_begin_with_the_modules_that_they_will_need() -> None:
    with workers(1) as pool:
        pool.begin("colorsys")
        assert [item.value for item in outcomes(pool, Task(made.imported, ("colorsys",)))] == [True]


def test_that_a_pool_that_is_not_wanted_any_more_is_not_waited_for(tmp_path: Path) -> None:
    module, mark = tmp_path / "imports_for_long.py", tmp_path / "pid"
    module.write_text(f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    with pytest.MonkeyPatch.context() as changed, workers(1) as pool:
        changed.syspath_prepend(str(tmp_path))
        pool.begin(module.stem)
        until(lambda: mark.exists() and mark.read_text(), "it imports")
        start = time.monotonic()

    assert time.monotonic() - start < SOON
    assert not is_alive(int(mark.read_text()))


def test_that_workers_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.foundation.cores._limit", 8)
    with workers(2) as pool:
        assert [item.value for item in outcomes(pool, Task(made.cores_to_use))] == [4]


def test_that_the_process_that_computes_for_the_window_can_have_workers(tmp_path: Path) -> None:
    from workbench.ui.child import Child

    child = Child()
    try:
        value, parent = child.call(made.with_a_pool)
    finally:
        child.close()

    assert value == "done"
    assert parent != os.getpid()


def wait_for(steps: Any, mark: Path) -> None:
    limit = time.monotonic() + SOON
    while not mark.exists():
        next(steps)
        assert time.monotonic() < limit

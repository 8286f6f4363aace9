"""The same tasks on a cluster: a real scheduler and real workers on this machine."""

import gc
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.waiting import SOON
from tests.unit.project import made_tasks as made
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import Event, Warn, drain
from workbench.project.workers.executors import Outcome, Task, TaskDefectError, Workers, completed, workers

pytest.importorskip("distributed", reason="needs the extra `cluster`")

from distributed import Client

from tests.helpers.cluster import RunningCluster
from workbench.project.workers.cluster import connected
from workbench.project.workers.cluster_worker import lacking
from workbench.project.workers.parcels import parcel_of


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """Two workers, of which one has a board."""
    with RunningCluster(tmp_path_factory.mktemp("cluster"), workers=1) as running:
        running.add_worker("--resources", "rk3588=1")
        yield running


@pytest.fixture
def pool(cluster: RunningCluster) -> Iterator[Workers]:
    with workers(cluster=cluster.address) as found:
        yield found


@dataclass(frozen=True)
class Holder:
    """A value with a path inside."""

    inside: tuple[Path, ...]


def outcomes(pool: Workers, *tasks: Task) -> list[Outcome]:
    found: list[Outcome] = []
    drain(completed(pool, tasks, found.append))
    return found


def test_that_every_task_is_done_once_and_by_all_workers(pool: Workers) -> None:
    found = outcomes(pool, *(Task(made.slept, (0.02, number)) for number in range(30)))

    assert sorted(item.value for item in found) == list(range(30))
    assert len({item.worker for item in found}) == 2


def test_that_files_are_sent_and_found_deep_in_the_arguments(pool: Workers, tmp_path: Path) -> None:
    for folder, text in (("a", "one"), ("b", "other")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "net.onnx").write_text(text)
        (tmp_path / folder / "weights").mkdir()
        (tmp_path / folder / "weights" / "w.bin").write_bytes(b"")
    together = [(tmp_path / name / "net.onnx", tmp_path / name / "weights" / "w.bin") for name in "ab"]
    tasks = [Task(made.looked_into, (Holder(files),), files=(files,)) for files in together]

    values = [item.value for item in outcomes(pool, *tasks, *tasks)]

    assert sorted(text for text, _, _ in values) == ["one", "one", "other", "other"]
    assert all(name == "weights/w.bin" for _, name, _ in values)
    assert not any(Path(place).is_relative_to(tmp_path) for _, _, place in values)


def test_that_a_file_goes_to_a_worker_once(pool: Workers, tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(os.urandom(9 << 20))  # three pieces
    tasks = [Task(made.looked_at, (path,), files=((path,),)) for _ in range(12)]
    first = {item.value for item in outcomes(pool, *tasks)}
    second = {item.value for item in outcomes(pool, *tasks)}

    assert {size for size, _, _ in first} == {9 << 20}
    assert len(first) <= 2  # as many copies as there are workers, each written once
    assert len(first | second) <= 2


def test_that_files_that_are_told_of_early_are_there_when_tasks_begin(
    pool: Workers, tmp_path: Path, cluster: RunningCluster
) -> None:
    path = tmp_path / "early.bin"
    path.write_bytes(os.urandom(1000))
    pool.begin(made.__name__)
    pool.announce(((path,),))
    opening = pool.opening()
    assert opening is not None
    opening.result(SOON)
    digest = parcel_of((path,)).digest

    with connected(cluster.address) as client:
        assert list(client.run(lacking, [digest]).values()) == [(), ()]
        assert list(client.run(lacking, ["0" * 32]).values()) == [("0" * 32,)] * 2
    assert [item.value[0] for item in outcomes(pool, Task(made.looked_at, (path,), files=((path,),)))] == [1000]


def test_that_what_the_user_is_told_comes_back(pool: Workers) -> None:
    found = outcomes(pool, Task(made.refuses, ("It is wrong.",)), Task(made.warns, ("beware",)))

    assert sorted(str(item.error) for item in found) == ["It is wrong. Do something else.", "None"]
    assert sorted(item.warnings for item in found) == [(), ("beware",)]


def test_that_a_defect_is_raised_with_its_trace(pool: Workers) -> None:
    with pytest.raises(TaskDefectError, match=r"(?s)broken: .*ZeroDivisionError: a defect"):
        outcomes(pool, Task(made.fails, name="broken"))


def test_that_a_cancelled_task_is_stopped_on_its_worker(pool: Workers, tmp_path: Path) -> None:
    started, mark = tmp_path / "started", tmp_path / "closed"
    steps = completed(pool, [Task(made.long_steps, (60, 0.05, mark, started))], lambda outcome: None)
    limit = time.monotonic() + SOON
    while not started.exists() and time.monotonic() < limit:
        next(steps)
    steps.close()
    while not mark.exists() and time.monotonic() < limit:
        time.sleep(0.02)

    assert mark.exists()


def test_that_only_a_worker_with_the_board_takes_what_needs_it(pool: Workers, tmp_path: Path) -> None:
    tasks = [Task(made.holds, (tmp_path / "board", 0.05), needs={"rk3588": 1}) for _ in range(4)]
    found = outcomes(pool, *tasks)

    assert [item.value for item in found] == [True] * 4
    assert len({item.worker for item in found}) == 1


def test_that_a_killed_worker_loses_nothing_and_another_may_come(tmp_path: Path) -> None:
    with RunningCluster(tmp_path / "cluster", workers=2) as running, workers(cluster=running.address) as pool:
        done: list[Outcome] = []

        def take(outcome: Outcome) -> None:
            done.append(outcome)
            if len(done) == 5:
                running.workers[0].kill()
                running.add_worker()

        drain(completed(pool, [Task(made.slept, (0.1, number)) for number in range(30)], take))

        assert sorted(item.value for item in done) == list(range(30))


def test_that_a_task_that_kills_its_workers_is_told_of(tmp_path: Path) -> None:
    with RunningCluster(tmp_path / "cluster", workers=5) as running, workers(cluster=running.address) as pool:
        found = outcomes(pool, Task(made.dies, name="w8a8"), *(Task(made.slept, (0.05, n)) for n in range(4)))

    assert [item.error.message for item in found if item.error is not None] == [
        "w8a8: the workers that computed it ended unexpectedly, again and again."
    ]
    assert sorted(item.value for item in found if item.error is None) == [0, 1, 2, 3]


def test_that_a_cluster_without_workers_is_told_of_and_waited_for(tmp_path: Path) -> None:
    with RunningCluster(tmp_path / "cluster", workers=0) as running, workers(cluster=running.address) as pool:
        events: list[Event] = []

        def tell(event: Event) -> None:
            events.append(event)
            if isinstance(event, Warn) and not running.workers:
                running.add_worker()

        drain(completed(pool, [Task(made.slept, (0, 1))], lambda outcome: None), tell)

    assert [event.text for event in events if isinstance(event, Warn)] == [
        f"The cluster {running.address} has no worker: waiting for one (dask worker {running.address})."
    ]


def test_that_a_scheduler_that_dies_is_told_of(tmp_path: Path) -> None:
    with RunningCluster(tmp_path / "cluster", workers=1) as running, workers(cluster=running.address) as pool:
        steps = completed(
            pool,
            [Task(made.slept, (0.1, number)) for number in range(500)],
            lambda outcome: running.scheduler.kill() if outcome.value == 3 else None,  # type: ignore[func-returns-value]
        )
        with pytest.raises(WorkbenchError, match=r"The connection to the cluster .* was lost"):
            drain(steps)


def test_that_an_address_where_nobody_answers_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.project.workers.cluster.LIMIT", 1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        workers(cluster=f"tcp://127.0.0.1:{port}") as pool,
        pytest.raises(WorkbenchError, match="No scheduler answers"),
    ):
        outcomes(pool, Task(made.slept, (0, 1)))


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tcp://"])
def test_that_what_is_no_address_is_told_of(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.project.workers.cluster.LIMIT", 1)
    with workers(cluster=address) as pool, pytest.raises(WorkbenchError, match="No scheduler answers"):
        outcomes(pool, Task(made.slept, (0, 1)))
    assert {item.status for item in gc.get_objects() if isinstance(item, Client)} <= {"closed"}


def test_that_workers_of_another_version_are_refused(pool: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.project.workers.cluster.PROGRAM", "0.0.1 1")
    with pytest.raises(WorkbenchError, match=r"it has version .* of the program, not 0\.0\.1 1"):
        outcomes(pool, Task(made.slept, (0, 1)))

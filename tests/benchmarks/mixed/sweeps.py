"""Sweeps: how much faster two processes are than one, what a cluster costs, and how the time grows.

What two processes and a cluster take is measured in turns, with a new cluster each time, as machines change their speed
within a minute; the middle of the ratios counts.

python -m tests.benchmarks.mixed sweeps [--images FOLDER] [--only speed|cluster|growth]
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.in_short import in_short
from tests.benchmarks.mixed.mobilenet_v2 import mobilenet_v2
from tests.helpers.cluster import RunningCluster
from tests.networks import MEAN, STD
from tests.unit.project.made_tasks import slept
from workbench.foundation.steps import drain
from workbench.preprocess.dataset import Sample
from workbench.preprocess.preprocess import Preprocess
from workbench.project.pipeline import analyze
from workbench.project.session import Session
from workbench.project.workers.executors import Task, completed, workers

SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
AXES = "method,algorithm=normal/kl_divergence,calibration=1/2/3/4/5/6/7/8/9"  # 36 settings
LEAST_SPEEDUP, MOST_OVERHEAD = 1.7, 0.10
ROUNDS = 5
COUNTS = (250, 500, 1000)
TASK = 0.02  # s that a simulated setting takes
MOST_GROWTH = 1.25  # of the time a setting, from the fewest to the most
MOST_MORE = 32  # MB that a process may grow by from the fewest to the most
Told = list[tuple[str, bool]]
"""What was measured beside its limit, and whether that holds."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m tests.benchmarks.mixed sweeps", description=__doc__)
    parser.add_argument("--images", type=Path, default=SHARED / "images" / "imagenet_rknnzoo")
    parser.add_argument("--only", choices=("speed", "cluster", "growth"))
    chosen = parser.parse_args(arguments)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it imports compiled modules, as once installed
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        told = [] if chosen.only == "growth" else _of_network(folder, chosen.images, chosen.only)
        told += [] if chosen.only in ("speed", "cluster") else _growth_at_home() + _growth_on_cluster(folder)
    return in_short("; ".join(text for text, _ in told), all(holds for _, holds in told))


def _of_network(folder: Path, images: Path, only: str | None) -> Told:
    """36 settings of a network of the size of MobileNetV2."""
    session = _session(folder, images)
    _swept(session, "--jobs", "2")  # compiles
    told = _of_processes(session) if only != "cluster" else []
    return told + (_of_cluster(session, folder) if only != "speed" else [])


def _of_processes(session: Path) -> Told:
    ratios, are_same = [], True
    for _ in range(ROUNDS):
        one, two = _swept(session, "--jobs", "1"), _swept(session, "--jobs", "2")
        ratios.append(one.seconds / two.seconds)
        are_same = are_same and one.numbers == two.numbers
    told = _told("times as fast on two processes", statistics.median(ratios), LEAST_SPEEDUP, more=True)
    return told + _same("the same numbers", are_same)


def _of_cluster(session: Path, folder: Path) -> Told:
    """One that has never seen the network, and one whose worker is killed in the middle."""
    ratios, are_same = [], True
    for number in range(ROUNDS):
        two = _swept(session, "--jobs", "2")
        with _begun(folder / f"cluster-{number}") as running:
            cluster = _swept(session, "--cluster", running.address)
        ratios.append(cluster.seconds / two.seconds)
        are_same = are_same and cluster.numbers == two.numbers
    with _begun(folder / "broken") as running:
        killer = threading.Timer(cluster.seconds / 2, running.workers[0].kill)
        killer.start()
        broken = _swept(session, "--cluster", running.address)
        killer.join()
        died = running.workers[0].poll() is not None
    told = _told("share of time that a cluster takes more", statistics.median(ratios) - 1, MOST_OVERHEAD)
    told += _same("the same numbers on the cluster", are_same)
    return told + _same("the same with a worker killed", died and broken.numbers == two.numbers)


@contextmanager
def _begun(folder: Path) -> Iterator[RunningCluster]:
    """Two workers that have begun."""
    with RunningCluster(folder, 2) as running:
        drain(completed_on(running.address, [Task(slept, (0.5, None))] * 8))
        yield running


class _Swept:
    """What a sweep gave, and how long it took."""

    def __init__(self, numbers: object, seconds: float, processor: float) -> None:
        self.numbers, self.seconds, self.processor = numbers, seconds, processor


def _swept(session: Path, *where: str) -> _Swept:
    """A sweep from nothing, through the command line."""
    for path in (*(session / "sweep").rglob("*.*"), *(session / "dumps").glob("ranges-*")):
        path.unlink()
    command = [sys.executable, "-m", "workbench", "sweep", str(session), "--axes", AXES, "--json", "--quiet", *where]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    document = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    numbers = {cell["name"]: cell["outputs"] for cell in document["cells"]}
    print(
        f"{' '.join(where):40} {len(numbers)} settings {seconds:7.1f} s, processor here {processor:6.1f} s", flush=True
    )
    return _Swept(numbers, seconds, processor)


def _session(folder: Path, images: Path) -> Path:
    samples = tuple(Sample((path,)) for path in sorted(images.iterdir())[:9])
    model = mobilenet_v2(folder / "mobilenet_v2.onnx")
    session = Session(model, preprocess={"input": Preprocess(MEAN, STD)}, samples=samples[:4], dataset=samples)
    drain(analyze(session, folder / "session"))
    return folder / "session"


def _growth_at_home() -> Told:
    def run(tasks: Sequence[Task]) -> None:
        with workers(2) as pool:
            drain(completed(pool, tasks[:4], lambda outcome: None))
            drain(completed(pool, (task for task in tasks), lambda outcome: None, "sweep", len(tasks)))

    return _growth("two processes", run, os.getpid)


def _growth_on_cluster(folder: Path) -> Told:
    with RunningCluster(folder / "growth", 2) as running:

        def run(tasks: Sequence[Task]) -> None:
            drain(completed_on(running.address, tasks))

        run([Task(slept, (0.5, None))] * 8)
        return _growth("a cluster's scheduler", run, lambda: running.scheduler.pid)


def completed_on(address: str, tasks: Sequence[Task]):  # noqa: ANN201
    """The steps of tasks on a cluster, results thrown away."""
    with workers(cluster=address) as pool:
        yield from completed(pool, (task for task in tasks), lambda outcome: None, "sweep", len(tasks))


def _growth(who: str, run: Callable[[Sequence[Task]], None], process: Callable[[], int]) -> Told:
    """Time a task, and memory of a process, for more and more simulated settings."""
    seconds, memory = [], []
    for count in COUNTS:
        start = time.perf_counter()
        run([Task(slept, (TASK, bytes(10_000)), str(number)) for number in range(count)])
        seconds.append((time.perf_counter() - start) / count)
        memory.append(_megabytes(process()))
        print(f"{who:24} {count:5} settings {seconds[-1] * 1000:6.1f} ms each, {memory[-1]:6.0f} MB", flush=True)
    told = _told(f"{who}: growth of the time of a setting", max(seconds) / seconds[0], MOST_GROWTH)
    return told + _told(f"{who}: MB more for more settings", memory[-1] - memory[0], MOST_MORE)


def _megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _same(what: str, is_same: bool) -> Told:
    print(f"{what:52} {'yes' if is_same else 'NO'}", flush=True)
    return [(what if is_same else f"not {what}", is_same)]


def _told(what: str, value: float, limit: float, more: bool = False) -> Told:
    holds = value >= limit if more else value <= limit
    print(f"{what:52} {value:8.2f}  limit {limit:6.2f}  {'holds' if holds else 'MISSED'}", flush=True)
    return [(f"{what} {value:.2f} (limit {limit:g})", holds)]

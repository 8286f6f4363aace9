"""How long the tensor panes take to fill with a layer of 4 M elements a tensor in three sources, and to change channel.

    python -m tests.benchmarks.gui.tensors

Cold: read for the first time, from files that the system has in memory. Warm: seen a moment ago. All panes are filled
when all have painted what was chosen; the numbers above them are those of the whole tensor. The channel is changed to
its neighbour, as one goes through them, and to others that nobody could foresee. Beside it stands what plain
numpy takes to read the same planes. On a machine that does other things too, see also what all threads of the process
computed together, and compare with the loop of `speed.py`.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.gui import Figure, speed
from workbench.compare.compare import LayerError, summarise
from workbench.dump.store import Dump, DumpWriter
from workbench.project.results import Results
from workbench.quantize.encoding import Encoding
from workbench.ui import theme
from workbench.ui.jobs import JobPool
from workbench.ui.models.tensors.planes import MEAN, RMS, STRANGE, TILES
from workbench.ui.views.tensors.panes import TensorPanes
from workbench.ui.workspace import Workspace

INT8 = Encoding("int8", (0.05,), (4,))
LARGE = (1, 64, 256, 256)
SHAPES = {**{f"layer{number}": LARGE for number in range(4)}, "matrix": (1, 2048, 2048)}
SOURCES = ("golden", "simulator", "runtime")
CHANNELS, PATIENCE_MS, REST_MS = 40, 60_000, 150
STRIDE = 27
"""From one channel to another that is no neighbour, and in the end to all of them."""
COLD, WARM, CHANNEL = 150.0, 50.0, 16.0


class Watch(QObject):
    """Waits until the panes have painted what was asked for; the event loop rests in between, as it does for a user."""

    def __init__(self, panes: TensorPanes) -> None:
        super().__init__()
        self._panes, self._loop = panes, QEventLoop()
        self._due: set[QObject] = set()
        self._is_read = False
        self.painted = 0.0
        self.computed: list[float] = []
        panes._loader.planes_read.connect(self._on_read)
        assert panes.views is not None
        for pane in panes.views.row.panes.values():
            pane.heatmap.viewport().installEventFilter(self)

    def time(self, do: Callable[[], object]) -> float:
        """Milliseconds until all panes are painted; `computed` gets those that all threads computed."""
        self._is_read = False
        computed, start = time.process_time(), time.perf_counter()
        do()
        self._wait(lambda: self._is_read and not self._due)
        self.computed.append(1000 * (time.process_time() - computed))
        return 1000 * (self.painted - start)

    def until(self, condition: Callable[[], object]) -> None:
        """Rest until something holds."""
        poll = QTimer(interval=2)
        poll.timeout.connect(lambda: self._loop.quit() if condition() else None)
        poll.start()
        self._wait(condition)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched in self._due:
            self._due.discard(watched)
            QTimer.singleShot(0, self, self._on_painted)  # when this paint is done
        return False

    def _wait(self, condition: Callable[[], object]) -> None:
        QTimer.singleShot(PATIENCE_MS, self._loop, self._loop.quit)
        while not condition():
            self._loop.exec()

    def _on_read(self) -> None:
        assert self._panes.views is not None
        self._is_read = True
        shown = self._panes.views.row.panes.values()
        self._due = {pane.heatmap.viewport() for pane in shown if pane.heatmap.isVisible()}

    def _on_painted(self) -> None:
        self.painted = time.perf_counter()
        if not self._due:
            self._loop.quit()


def measure() -> list[Figure]:
    """Figures of panes of 1100 x 400 pixels."""
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory(prefix="bench-tensors-") as folder:
        workspace, jobs = Workspace(), JobPool()
        results = make_results(Path(folder))
        panes = TensorPanes(workspace, jobs)
        panes.resize(1100, 400)
        panes.show()
        _rest(600)
        workspace.set_results(results)
        try:
            return _figures(panes, workspace, Path(folder))
        finally:
            jobs.shutdown()
            panes.close()


def _figures(panes: TensorPanes, workspace: Workspace, folder: Path) -> list[Figure]:
    panes._made_views()
    watch = Watch(panes)
    _rest(REST_MS)
    watch.time(lambda: workspace.select("layer0"))  # the first layer of a session also opens the files
    watch.until(lambda: panes.summary is not None)
    cold, numbers = [], []
    for name in ("layer1", "layer2", "matrix"):
        _rest(REST_MS)
        start = time.perf_counter()
        cold.append(watch.time(lambda name=name: workspace.select(name)))
        watch.until(lambda: panes.summary is not None)
        numbers.append(1000 * (time.perf_counter() - start))
    computed = [max(watch.computed[1:])]
    warm = [_rested(lambda name=name: watch.time(lambda: workspace.select(name))) for name in ("layer1", "layer2") * 3]
    computed.append(max(watch.computed[4:]))
    channels = _channels(panes, watch, range(1, CHANNELS))
    computed.append(statistics.median(watch.computed[10:]))
    _rested(lambda: watch.time(lambda: workspace.select("layer1")))
    far = _channels(panes, watch, [at * STRIDE % LARGE[1] for at in range(1, CHANNELS)])
    return [
        ("select a layer of 3 x 4 M elements, cold: panes filled, worst of 3", max(cold), COLD, "ms"),
        ("select a layer of 3 x 4 M elements, cold: numbers of the whole tensor too", max(numbers), 10 * COLD, "ms"),
        ("select a layer of 3 x 4 M elements, warm: panes filled, worst of 6", max(warm), WARM, "ms"),
        ("change the channel (256 x 256, 3 sources): median", statistics.median(channels), CHANNEL, "ms"),
        ("change the channel (256 x 256, 3 sources): p95", float(np.percentile(channels, 95)), CHANNEL, "ms"),
        ("go to a channel far away: median", statistics.median(far), CHANNEL, "ms"),
        ("go to a channel far away: p95", float(np.percentile(far, 95)), CHANNEL, "ms"),
        ("cold, computed by all threads, worst of 3", computed[0], COLD, "ms"),
        ("warm, computed by all threads, worst of 6", computed[1], WARM, "ms"),
        ("change the channel, computed by all threads, median", computed[2], CHANNEL, "ms"),
        *_ways(panes, workspace, watch),
        ("for comparison: numpy reads the three planes of a channel", _plain(folder), CHANNEL, "ms"),
    ]


def _channels(panes: TensorPanes, watch: Watch, channels: Iterable[int]) -> list[float]:
    """Milliseconds of going to each, one after the other."""
    spin = panes.controls.channel
    return [_rested(lambda at=at: watch.time(lambda: spin.setValue(at)), 30) for at in channels]


def _ways(panes: TensorPanes, workspace: Workspace, watch: Watch) -> list[Figure]:
    """The ways that read the whole tensor; one figure a way."""
    workspace.select("layer3")
    watch.until(lambda: panes.summary is not None and panes._planes is not None)
    found: list[Figure] = []
    for way in (TILES, MEAN, RMS, STRANGE):
        took = _rested(lambda way=way: watch.time(lambda: panes._on_way_chosen(way)))
        found.append((f"all channels of 3 x 4 M elements, {way}, cold", took, 2 * COLD, "ms"))
    return found


def make_results(folder: Path) -> Results:
    """Dumps of normal numbers: golden and runtime as float32, the simulator's as int8."""
    random = np.random.default_rng(0)
    values = {name: random.standard_normal(shape, dtype=np.float32) for name, shape in SHAPES.items()}
    dumps = {source: (folder / f"{source}.h5",) for source in SOURCES}
    for source, (path,) in dumps.items():
        with DumpWriter(path, {"source": source}) as writer:
            for name, array in values.items():
                if source == "simulator":
                    writer.add(name, INT8.quantize(array), "Conv", INT8)
                else:
                    writer.add(name, array if source == "golden" else array + np.float32(0.01), "Conv")
    errors = {"simulator.entire": summarise([{"cos": 0.9}])}
    rows = tuple(
        LayerError(at, "Conv", name, name, (), shape, INT8, errors, "name", "")
        for at, (name, shape) in enumerate(SHAPES.items())
    )
    return Results(rows, ("matrix",), {}, dumps, {})


def _plain(folder: Path) -> float:
    dumps = [Dump(folder / f"{source}.h5") for source in SOURCES]
    times = []
    for channel in range(CHANNELS):
        start = time.perf_counter()
        for dump in dumps:
            np.array(dump.raw("layer2")[0][0, channel], np.float32)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def _rested(measured: Callable[[], float], rest: int = REST_MS) -> float:
    _rest(rest)
    return measured()


def _rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> int:
    """Print the figures."""
    figures = measure()
    best, median = speed.factor()
    print(f"a fixed loop takes {best:.2f} (median {median:.2f}) of its time on the reference machine")
    for what, value, limit, unit in figures:
        print(f"{what:76} {value:8.1f} {unit}   limit {limit:g}   {'yes' if value <= limit else 'NO'}")
    return 0 if all(value <= limit for _, value, limit, _ in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

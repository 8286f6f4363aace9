"""How long it takes until what was opened is shown, and what it takes of the memory."""

import os
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject

from tests.benchmarks.gui import Figure
from tests.benchmarks.gui.material import WIDE_SHAPE, large_session, network_of, size_of
from tests.benchmarks.gui.program import Program, program
from workbench.ui.reading import read_network

NODES = (100, 1000)
LOOKED_AT = 3
TENSOR_MB = 4 * WIDE_SHAPE[1] * WIDE_SHAPE[2] * WIDE_SHAPE[3] / 1e6
SOURCES = 4  # golden, simulator, simulator with golden inputs, difference


def measure() -> list[Figure]:
    """The figures of networks and of a large session."""
    with tempfile.TemporaryDirectory(prefix="bench-session-") as name:
        session = large_session(Path(name) / "made")
        os.sync()  # else the session is read while the disk is still busy with it
        with program() as it:
            return [*(_network(it, nodes) for nodes in NODES), *_session(it, session)]


def _network(it: Program, nodes: int) -> Figure:
    """From the parsed network to its first picture."""
    path = network_of(it.folder / f"of{nodes}.onnx", nodes)
    parsed = min(_parsed(it, path) for _ in range(3))
    return f"a network of {nodes} nodes is shown after it was parsed", _shown(it, path) - parsed, 0.3, "s"


def _parsed(it: Program, path: Path) -> float:
    """Seconds of parsing alone, in the same process and with the same way back."""
    answers, start = list[object](), time.perf_counter()
    it.window.jobs.ask_process("bench", read_network, (path, {}), answers.append)
    it.clock.until(lambda: answers)
    return time.perf_counter() - start


def _session(it: Program, folder: Path) -> list[Figure]:
    """From the folder's name to the first picture with results; then some layers are looked at."""
    size = size_of(folder) / 1e9
    it.window.opener.close()
    it.clock.wait(0.5)
    before = _resident("VmRSS")
    _forget_peak()
    shown = _shown(it, folder, with_results=True)
    it.clock.until(lambda: it.window.panes.summary is not None)
    opened = _resident("VmHWM") - before
    for _ in range(LOOKED_AT - 1):
        it.window.workspace.better()
        it.clock.wait(0.1)
        it.clock.until(lambda: it.window.panes.summary is not None)
    looked = _resident("VmHWM") - before
    title = f"a session of {size:.1f} GB"
    return [
        (f"{title} is shown with its results", shown, 1.0, "s"),
        (f"{title}: memory at most, with its worst layer shown", opened, SOURCES * TENSOR_MB, "MB"),
        (f"{title}: memory at most, {LOOKED_AT} layers looked at", looked, LOOKED_AT * SOURCES * TENSOR_MB, "MB"),
    ]


def _shown(it: Program, path: Path, *, with_results: bool = False) -> float:
    """Seconds from opening to the first picture of the graph, coloured by its results where there are any."""
    start, painted = time.perf_counter(), _Painted(it, with_results)
    it.open(path)
    it.clock.until(lambda: painted.at)
    it.window.graph.canvas.removeEventFilter(painted)
    return painted.at - start


class _Painted(QObject):
    """Notes when another graph than before was first painted."""

    def __init__(self, it: Program, with_results: bool) -> None:
        super().__init__()
        self.at = 0.0
        self._workspace, self._with_results = it.window.workspace, with_results
        self._canvas, self._before = it.window.graph.canvas, it.window.graph.canvas.scenery
        self._canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_new = self._canvas.scenery not in (None, self._before)
        is_there = self._workspace.selected if self._with_results else is_new
        if event.type() == QEvent.Type.Paint and not self.at and is_new and is_there:
            self.at = time.perf_counter()
        return False


def _resident(field: str) -> float:
    """MB of this process in memory: now (VmRSS) or at most (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024 / 1e6


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")

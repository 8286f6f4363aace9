"""How long the GUI thread is away: a scripted session in the real window, on the demo and on given networks.

    python tests/benchmarks/bench_gui_gaps.py [--stacks 40] [--networks NETWORK.onnx --images FOLDER]

A timer ticks every 5 ms; a gap is the time between two ticks. For each phase: the median, the 95th percentile and the
worst gap in ms, of the worst one how much the GUI thread itself computed (the rest it waited: for the interpreter's
lock or a core), and the number of gaps over 50 ms. `--stacks N` prints where the threads were in gaps over N ms.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

BORN = time.perf_counter()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_settings = tempfile.TemporaryDirectory(prefix="bench-settings-")
os.environ["RKNN_WORKBENCH_SETTINGS"] = _settings.name
ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from workbench.foundation.settings import UserSettings, save_settings  # noqa: E402
from workbench.preprocess.dataset import samples_from_files  # noqa: E402
from workbench.ui import theme  # noqa: E402
from workbench.ui.app import start  # noqa: E402
from workbench.ui.main_window import MainWindow  # noqa: E402
from workbench.ui.models.layers import Column  # noqa: E402

TICK_MS, BAD_MS, IMAGES, STEPS = 5, 50.0, 8, 40
PATIENCE = 300  # s
PAUSE_MS = 60  # between two keys


@dataclass
class Gaps:
    """The gaps of one phase, each with the GUI thread's own computing time, in ms."""

    found: list[tuple[float, float]] = field(default_factory=list)

    def line(self) -> str:
        """The figures of the phase."""
        gaps = sorted(self.found) or [(0.0, 0.0)]
        median, late = gaps[len(gaps) // 2][0], gaps[min(len(gaps) - 1, int(0.95 * len(gaps)))][0]
        bad = sum(1 for gap, _ in gaps if gap > BAD_MS)
        return f"{median:7.1f} {late:7.1f} {gaps[-1][0]:8.1f} {gaps[-1][1]:8.1f} {bad:5d} {len(gaps):7d}"


class Clock(QObject):
    """Ticks on the GUI thread; a watching thread looks at the stacks while a tick is overdue."""

    def __init__(self, stacks: float) -> None:
        super().__init__()
        self.phases: dict[str, Gaps] = {}
        self.seen: list[tuple[float, str, str]] = []
        self.condition: Callable[[], object] = lambda: False
        self.loop = QEventLoop()
        self._phase, self._stacks = "", stacks
        self._main = threading.get_ident()
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        self._sample = ""
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        threading.Thread(target=self._watch, daemon=True).start()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the gaps of what is done in the body."""
        self._tick()
        self._phase = name
        self._last, self._cpu, self._sample = time.perf_counter(), time.thread_time(), ""
        begin = time.perf_counter()
        yield
        self.wait_ms(150)
        took = time.perf_counter() - begin
        print(f"{name:34s} {self.phases[name].line()} {took:7.2f} s", flush=True)
        self._phase = ""

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something holds."""
        end = time.perf_counter() + PATIENCE
        self.condition = lambda: condition() or time.perf_counter() > end
        self.loop.exec()
        if not condition():
            raise TimeoutError(f"{self._phase} did not end in {PATIENCE} s")

    def wait_ms(self, duration: float) -> None:
        """Let the window live for a while."""
        end = time.perf_counter() + duration / 1000
        self.until(lambda: time.perf_counter() > end)

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        gap, own = 1000 * (now - self._last), 1000 * (cpu - self._cpu)
        self._last, self._cpu = now, cpu
        if self._phase:
            self.phases.setdefault(self._phase, Gaps()).found.append((gap, own))
            if gap > self._stacks:
                self.seen.append((gap, f"{self._phase}, of which computing {own:.0f} ms", self._sample))
        self._sample = ""
        if self.loop.isRunning() and self.condition():
            self.loop.quit()

    def _watch(self) -> None:
        while True:
            time.sleep(0.004)
            if 1000 * (time.perf_counter() - self._last) > 30 and len(self._sample) < 6000:
                late = 1000 * (time.perf_counter() - self._last)
                self._sample += f"  at {late:.0f} ms\n" + _stacks(self._main)


def _stacks(main: int) -> str:
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    text = ""
    for ident, frame in sys._current_frames().items():
        if ident == main or (ident != threading.get_ident() and not _is_idle(frame)):
            text += f"    {names.get(ident, ident)}: {_short(frame, 9 if ident == main else 5)}\n"
    return text


def _is_idle(frame: FrameType) -> bool:
    return frame.f_code.co_name in ("_worker", "wait", "select", "_recv", "join", "poll")


def _short(frame: FrameType, depth: int) -> str:
    entries = traceback.extract_stack(frame)[-depth:]
    return " < ".join(f"{Path(item.filename).stem}.{item.name}:{item.lineno}" for item in reversed(entries))


class Script:
    """What a user does, on one window."""

    def __init__(self, app: QApplication, window: MainWindow, clock: Clock) -> None:
        self.app, self.window, self.clock = app, window, clock

    def session(self, name: str, model: Path | None, images: list[Path]) -> None:
        """Everything on one network; None is the demo."""
        window, clock, workspace = self.window, self.clock, self.window.workspace
        with clock.phase(f"{name}: open"):
            window.opener.open_demo() if model is None else window.opener.open(model)
            clock.until(lambda: workspace.model is not None and window.graph.canvas.scenery is not None)
        if images:
            with clock.phase(f"{name}: choose inputs"):
                samples = samples_from_files(images, 1)
                workspace.change(samples=samples, dataset=samples)
        with clock.phase(f"{name}: run"):
            window.runner.run()
            clock.until(lambda: workspace.results is not None and not window.runner.is_running)
            clock.until(lambda: window.panes.summary is not None)
        self._browse(name)
        folder = workspace.folder
        assert folder is not None
        with clock.phase(f"{name}: close and reopen"):
            window.opener.close()
            clock.wait_ms(200)
            window.opener.open(folder)
            clock.until(lambda: workspace.results is not None and window.panes.summary is not None)
        for chosen in ("dark", "light"):
            with clock.phase(f"{name}: theme {chosen}"):
                theme.apply(self.app, chosen)
        with clock.phase(f"{name}: close"):
            window.opener.close()

    def _browse(self, name: str) -> None:
        window, clock, workspace = self.window, self.clock, self.window.workspace
        for title, step in (("better", workspace.better), ("worse", workspace.worse)):
            with clock.phase(f"{name}: {title} x{STEPS // 2}"):
                self._repeat(STEPS // 2, lambda _, step=step: step())
        with clock.phase(f"{name}: channels"):
            self._repeat(12, window.panes.controls.channel_chosen.emit)
        with clock.phase(f"{name}: pane views"):
            for number in (*range(1, window.panes.views.count() if window.panes.views else 0), 0):
                window.panes.controls.views.button(number).click()
                clock.wait_ms(100)
        with clock.phase(f"{name}: filter, sort"):
            for text in ("op:Conv", "cos<0.999", ""):
                window.table.filter_edit.setText(text)
                clock.wait_ms(PAUSE_MS)
            for metric in ("cos", "euc"):
                window.table.view.sort_by(Column("value", "simulator.entire", metric))
                clock.wait_ms(PAUSE_MS)
            window.table.view.sort_by(None)
        with clock.phase(f"{name}: colour by euc"):
            workspace.set_colouring("simulator.entire", "euc")
            clock.wait_ms(100)
            workspace.set_colouring("simulator.entire", "cos")
        with clock.phase(f"{name}: settings tab"):
            window.tabs.setCurrentWidget(window.settings_panel)
            clock.wait_ms(300)
        with clock.phase(f"{name}: change settings"):
            self._change_settings()

    def _repeat(self, times: int, act: Callable[[int], object]) -> None:
        for number in range(times):
            act(number)
            self.clock.wait_ms(PAUSE_MS)

    def _change_settings(self) -> None:
        workspace, before = self.window.workspace, self.window.workspace.session
        assert before is not None
        for algorithm in ("mmse", "normal", "kl_divergence"):
            workspace.change(quant=_with_algorithm(before.quant, algorithm))
            self.clock.wait_ms(400)
        workspace.change(quant=before.quant)
        self.clock.wait_ms(700)


def _with_algorithm(quant: object, algorithm: str) -> object:
    from dataclasses import replace

    return replace(quant, algorithm=algorithm)  # type: ignore[type-var]


def main() -> None:
    """Print the table and, where wanted, the stacks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stacks", type=float, default=BAD_MS)
    parser.add_argument("--networks", nargs="*", type=Path, default=_shared_network())
    parser.add_argument("--images", type=Path, default=SHARED / "images" / "coco_yolox")
    options = parser.parse_args()
    save_settings(UserSettings(theme="light"))
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        window = start(app, Path(folder))
        app.processEvents()
        print(f"window shown after {time.perf_counter() - BORN:.2f} s (imports included)")
        clock = Clock(options.stacks)
        titles = f"{'median':>7s} {'p95':>7s} {'max':>8s} {'of it':>8s} {'>50':>5s} {'gaps':>7s}"
        print(f"{'[ms]':34s} {titles}")
        script = Script(app, window, clock)
        with clock.phase("empty window"):
            clock.wait_ms(2000)
        script.session("demo", None, [])
        for network in options.networks:
            script.session(network.stem, network, sorted(options.images.glob("*.jpg"))[:IMAGES])
        window.close()
    for gap, where, sample in sorted(clock.seen, key=lambda item: -item[0])[:40]:
        print(f"\n{gap:.0f} ms in {where}\n{sample}", end="")


def _shared_network() -> list[Path]:
    found = sorted((SHARED / "models").rglob("yolox_nano*.onnx")) if SHARED.is_dir() else []
    return found[:1]


if __name__ == "__main__":
    main()

"""How long the event loop is away, and where it was: ticks on the GUI thread, and a thread that looks at its stack."""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

import workbench
from tests.benchmarks.gui.events import CountingApplication

TICK_MS, LATE_MS, LOOK_S = 5, 12.0, 0.002
PATIENCE = 300  # s
PACKAGE = str(Path(workbench.__file__).parent)
STOLEN = 8  # its place in the first line of /proc/stat
IDLE = ("_worker", "wait", "select", "_recv", "join", "poll", "_feed", "_look")


@dataclass(frozen=True)
class Gap:
    """One absence, in ms: what it lasted, how much of it the thread computed, how much it waited for a core.

    What the host of a virtual machine took for others (to 10 ms, of all cores) is no computing, but waiting.
    """

    length: float
    computing: float
    core: float
    stacks: tuple[tuple[str, ...], ...] = ()
    others: tuple[str, ...] = ()
    locked: float = 0.0
    events: tuple[tuple[str, float], ...] = ()

    @property
    def blocked(self) -> float:
        """What is neither: a lock (the interpreter's above all) or a file."""
        return max(0.0, self.length - TICK_MS - self.computing - self.core)


@dataclass
class Phase:
    """All gaps of what a user did."""

    gaps: list[Gap] = field(default_factory=list)
    seconds: float = 0.0

    def at(self, percent: float) -> float:
        """The length that so many of the gaps do not exceed."""
        return float(np.percentile([gap.length for gap in self.gaps], percent)) if self.gaps else 0.0

    @property
    def longest(self) -> Gap:
        """The worst one."""
        return max(self.gaps, key=lambda gap: gap.length, default=Gap(0, 0, 0))


class Clock(QObject):
    """Counts gaps by phase. `looks` starts the thread that samples stacks; it disturbs: take figures without it."""

    def __init__(self, *, looks: bool = False) -> None:
        super().__init__()
        self.phases: dict[str, Phase] = {}
        self._loop, self._condition = QEventLoop(), _never
        self._phase: Phase | None = None
        self._times = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._machine = os.open("/proc/stat", os.O_RDONLY)
        self._eye = Eye() if looks else None
        self._last = self._now()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        """Count the gaps of what is done in the body, and of what it leaves to be done."""
        self._tick()
        self._phase = phase = self.phases.setdefault(name, Phase())
        begin = time.perf_counter()
        yield phase
        self.wait(0.15)
        phase.seconds += time.perf_counter() - begin
        self._phase = None

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something holds."""
        end = time.perf_counter() + PATIENCE
        self._condition = lambda: condition() or time.perf_counter() > end
        self._loop.exec()
        if not condition():
            raise TimeoutError(f"the window did not get there in {PATIENCE} s")

    def wait(self, seconds: float) -> None:
        """Let the window live for a while."""
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() > end)

    def stop(self) -> None:
        """End the ticks and the looking."""
        self._timer.stop()
        if self._eye is not None:
            self._eye.stop()
        os.close(self._times)
        os.close(self._machine)

    def _tick(self) -> None:
        now = self._now()
        length, computing, core, stolen = (1000 * (new - old) for new, old in zip(now, self._last, strict=True))
        stolen = min(stolen, computing)
        seen = self._eye.take() if self._eye is not None else ((), (), 0.0)
        app = QApplication.instance()
        events = tuple(app.take()) if isinstance(app, CountingApplication) else ()
        self._last = now
        if self._phase is not None:
            self._phase.gaps.append(Gap(length, computing - stolen, core + stolen, *seen, events))
        if self._loop.isRunning() and self._condition():
            self._loop.quit()

    def _now(self) -> tuple[float, float, float, float]:
        """The time, the thread's computing time, its time in the queue for a core, and what the host took, in s."""
        computing, core, _ = os.pread(self._times, 80, 0).split()
        stolen = os.pread(self._machine, 200, 0).split()[STOLEN]
        return time.perf_counter(), int(computing) / 1e9, int(core) / 1e9, int(stolen) / os.sysconf("SC_CLK_TCK")


class Eye:
    """Looks at the GUI thread's stack while a tick is overdue. That it comes late itself tells of a held lock."""

    def __init__(self) -> None:
        self._main, self._since = threading.get_ident(), time.perf_counter()
        self._stacks: list[tuple[str, ...]] = []
        self._others: Counter[str] = Counter()
        self._locked, self._is_ended = 0.0, False
        self._thread = threading.Thread(target=self._look, name="eye", daemon=True)
        self._thread.start()

    def take(self) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...], float]:
        """What was seen since the last time: stacks, the other threads' work, ms in which nothing could be seen."""
        seen = tuple(self._stacks), tuple(name for name, _ in self._others.most_common(3)), self._locked
        self._stacks, self._others, self._locked = [], Counter(), 0.0
        self._since = time.perf_counter()
        return seen

    def stop(self) -> None:
        """End the thread."""
        self._is_ended = True
        self._thread.join()

    def _look(self) -> None:
        with Path("/proc/thread-self/schedstat").open() as times:
            while not self._is_ended:
                before, queued = time.perf_counter(), _queued(times.fileno())
                time.sleep(LOOK_S)
                late = 1000 * (time.perf_counter() - before - LOOK_S - (_queued(times.fileno()) - queued))
                if 1000 * (time.perf_counter() - self._since) > LATE_MS:
                    self._locked = max(self._locked, late)
                    self._note(sys._current_frames())

    def _note(self, frames: dict[int, FrameType]) -> None:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for ident, frame in frames.items():
            if ident == self._main:
                self._stacks.append(_ours(frame))
            elif frame.f_code.co_name not in IDLE:
                self._others[f"{names.get(ident, ident)} in {_title(frame)} < {' < '.join(_ours(frame)[:2])}"] += 1


def _queued(times: int) -> float:
    return int(os.pread(times, 80, 0).split()[1]) / 1e9


def _ours(frame: FrameType | None) -> tuple[str, ...]:
    """The functions of the program on a stack, the innermost first."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename.startswith(PACKAGE):
            found.append(_title(frame))
        frame = frame.f_back
    return tuple(found)


def _title(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_qualname}"


def _never() -> bool:
    return False

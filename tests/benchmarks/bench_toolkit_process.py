"""The toolkit dies, hangs or is no longer wanted: how soon is that told, and what is left of it?

    RKNN_TOOLKIT_PYTHON=… python -m tests.benchmarks.bench_toolkit_process [NAME…] [--silence 10] [--runs 3]

Two lines a mishap, one of the command line (`analyze --simulator toolkit`, `convert`: a process of its own) and one of
the process that computes for the window: seconds from the mishap to the sentence that tells it, seconds until the
toolkit's process is gone, each of the slowest run, and the sentence. The mishap of an abort is the end of the process;
that of a hang is the moment when it has been silent for as long as is waited for it.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.in_short import in_short
from tests.networks import mobilenet
from tests.processes import is_alive, workers
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.interpreters import TOOLKIT
from workbench.foundation.steps import Progress, Steps
from workbench.preprocess.dataset import Sample
from workbench.project.pipeline import analyze
from workbench.project.session import Session, save_session
from workbench.quantize.schemes import QuantSettings
from workbench.sources.toolkit.descriptions import SILENCE, Toolkit, describe
from workbench.ui.child import Child

LOOK = 0.005  # seconds between two looks at the processes
PATIENCE = 120.0
MOST = 1.0  # seconds until it is told, and until the process is gone
SHOWN = 90  # characters of a sentence
ABORTING = "rk2118"  # no chip whose compiler takes a convolution


@dataclass(frozen=True)
class Mishap:
    """What happens to the worker, and in which stage; `signal` None: nothing is done to it, `target` makes it abort."""

    name: str
    stage: str
    signal: int | None = None
    target: str = "rk3588"
    is_ours: bool = False  # whoever waits gives up

    @property
    def is_hang(self) -> bool:
        return self.signal == signal.SIGSTOP


MISHAPS = (
    *(Mishap(f"kill -9, {stage}", stage, signal.SIGKILL) for stage in ("load", "build", "analyse")),
    Mishap("abort", "load", target=ABORTING),
    Mishap("hang", "build", signal.SIGSTOP),
    *(Mishap(f"given up, {stage}", stage, is_ours=True) for stage in ("load", "build", "analyse")),
)


@dataclass
class Line:
    """What was measured, the slowest of all runs."""

    name: str
    by: str
    told: float = 0.0
    gone: float = 0.0
    sentence: str = ""

    def add(self, told: float, gone: float, sentence: str) -> None:
        self.told, self.gone = max(self.told, told), max(self.gone, gone)
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.name:18} {self.by:8} {self.told:7.2f} {self.gone:7.2f}  {self.sentence[:SHOWN]}"


@dataclass(frozen=True)
class Place:
    """A network, its inputs, and the toolkit that is described for it."""

    folder: Path
    model: Path
    inputs: tuple[Path, ...]
    silence: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_toolkit_process", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--silence", type=float, default=10.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets its background ignore Ctrl+C
    print(f"{'mishap':18} {'by':8} {'told s':>7} {'gone s':>7}  sentence")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["RKNN_WORKBENCH_SETTINGS"] = str(Path(scratch) / "settings")
        lines = list(measured(made(Path(scratch), options.silence), options.runs, options.names))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    told, gone = (max(getattr(line, key) for line in lines) for key in ("told", "gone"))
    silent = [line.name for line in lines if not line.sentence]
    text = f"{len(lines)} mishaps, every one has its sentence" if not silent else f"no sentence: {', '.join(silent)}"
    longest = f"after {told:.1f} s at most, the process is gone after {gone:.1f} s (limit {MOST:g} s)"
    return in_short(f"{text} {longest}", not silent and max(told, gone) <= MOST)


def made(folder: Path, silence: float) -> Place:
    """A small network with two inputs, large enough that every stage takes a while."""
    inputs = tuple(folder / f"{number}.npy" for number in range(2))
    for number, path in enumerate(inputs):
        np.save(path, np.random.default_rng(number).normal(size=(1, 3, 112, 112)).astype(np.float32))
    return Place(folder, mobilenet(folder / "network.onnx"), inputs, silence)


def measured(place: Place, runs: int, names: Sequence[str]) -> Iterator[Line]:
    for mishap in MISHAPS:
        if names and not any(name in mishap.name for name in names):
            continue
        silence = place.silence if mishap.is_hang else SILENCE
        describe(Toolkit("real", Path(os.environ[TOOLKIT]), silence=silence))
        for by, way in (("command", on_command_line), ("window", in_window)):
            line = Line(mishap.name, by)
            for number in range(runs):
                line.add(*way(place, mishap, place.folder / f"{by}-{MISHAPS.index(mishap)}-{number}"))
            print(line, flush=True)
            yield line


def on_command_line(place: Place, mishap: Mishap, out: Path) -> tuple[float, float, str]:
    """A command in a process of its own, given up with Ctrl+C."""
    command = [sys.executable, "-m", "workbench", *words(place, mishap, out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        next(line for line in program.stderr if line.startswith(f"{mishap.stage} "))
        watch = Watch(out, place.silence)
        watch.strike(mishap, lambda: program.send_signal(signal.SIGINT))
        said = [(line.strip(), time.monotonic()) for line in program.stderr if is_sentence(line)]
        program.wait(PATIENCE)
        return watch.result(mishap, said[-1][1], said[-1][0].removeprefix("rknn-workbench: "))


def words(place: Place, mishap: Mishap, out: Path) -> list[str]:
    """`analyze` refuses a chip that cannot do what the settings say; `convert` takes the session as it is."""
    if mishap.target != ABORTING:
        return ["analyze", str(place.model), "-i", *map(str, place.inputs), "--simulator", "toolkit", "-o", str(out)]
    save_session(session_of(place, mishap), out)
    return ["convert", str(out)]


def session_of(place: Place, mishap: Mishap) -> Session:
    samples = tuple(Sample((path,)) for path in place.inputs)
    quant = QuantSettings(target=mishap.target)
    return Session(place.model, samples=samples, dataset=samples, simulator="toolkit", quant=quant)


def is_sentence(line: str) -> bool:
    return line.startswith(("rknn-workbench: ", "Cancelled"))


def in_window(place: Place, mishap: Mishap, out: Path) -> tuple[float, float, str]:
    """The steps of a run as the window takes them, from the process that computes for it."""
    child = Child()
    try:
        steps = child.steps(analyze, session_of(place, mishap), out)
        next(event for event in steps if isinstance(event, Progress) and event.stage == mishap.stage)
        watch = Watch(out, place.silence)
        watch.strike(mishap, steps.close)
        sentence = "Cancelled." if mishap.is_ours else refusal(steps)
        return watch.result(mishap, time.monotonic(), sentence)
    finally:
        child.close()


def refusal(steps: Steps[object]) -> str:
    try:
        for _ in steps:
            pass
    except WorkbenchError as error:
        return error.message
    raise AssertionError("nothing was told")


class Watch:
    """Sees what becomes of the worker that works in a folder."""

    def __init__(self, folder: Path, silence: float) -> None:
        self._folder, self._silence = folder, silence
        (self._worker,) = workers(folder)
        self._begun = self._ended = 0.0
        self._looking = threading.Thread(target=self._look)

    def strike(self, mishap: Mishap, give_up: Callable[[], object]) -> None:
        """Let it happen."""
        self._looking.start()
        self._begun = time.monotonic()
        if mishap.is_ours:
            give_up()
        elif mishap.signal is not None:
            os.kill(self._worker, mishap.signal)

    def result(self, mishap: Mishap, told: float, sentence: str) -> tuple[float, float, str]:
        """Seconds until it was told and until nothing of the toolkit was left."""
        self._looking.join()
        begun = self._begun + self._silence * mishap.is_hang
        if mishap.signal is None and not mishap.is_ours:
            begun = self._ended
        left = list(workers(self._folder))
        assert not left, f"processes of the toolkit are left: {left}"
        return max(told - begun, 0.0), max(self._ended - begun, 0.0), sentence

    def _look(self) -> None:
        while is_alive(self._worker):
            time.sleep(LOOK)
        self._ended = time.monotonic()


if __name__ == "__main__":
    sys.exit(main())

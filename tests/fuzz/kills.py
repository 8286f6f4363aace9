"""Kills the program at random moments of its work: `python -m tests.fuzz.kills --count 100 [--operations analyze,…]`.

After each kill the session must open with all that it had before or has after the work, an export be the old one or the
new one, and the same work, done again, must end as it would have without.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.operations import OF_PLANS, OPERATIONS, OUT, State, prepared, state_of
from workbench.foundation.settings import SETTINGS_VARIABLE

USUAL = "analyze,import,save,export-npy,export-html,export-qdq"
QUANTISED = tuple(f"export-{kind}" for kind in OF_PLANS)
SLACK = 1.1  # of an undisturbed run; later it has ended


def main() -> int:
    """The exit status: how many kills did harm."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.kills")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--operations", default=USUAL)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    chosen = parser.parse_args()
    moments, harmed = random.Random(chosen.seed), 0
    names = chosen.operations.split(",")
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        trials = [_Trial(name, Path(folder) / name) for name in names]
        for number in range(chosen.count):
            trial = trials[number % len(trials)]
            moment = moments.random() * trial.seconds * SLACK
            problem = trial.killed_after(moment)
            if problem:
                harmed += 1
                print(f"{trial.name} after {moment:.3f} s of {trial.seconds:.3f} (seed {chosen.seed}):\n{problem}")
    print(f"{chosen.count} kills, {harmed} did harm (seed {chosen.seed})", flush=True)
    return min(harmed, 100)


class _Trial:
    """One operation, its place before it, and how it ends undisturbed.

    All work is done in forks: threads of ONNX Runtime would not survive one.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._work = OPERATIONS[name]
        self._before, self._place = folder / "before", folder / "place"
        os.environ[SETTINGS_VARIABLE] = str(folder / "settings")
        _succeed(lambda: _made(self._before, name in QUANTISED))
        self._fresh()
        started = time.monotonic()
        _succeed(lambda: self._work(self._place))
        self.seconds = time.monotonic() - started

    def killed_after(self, moment: float) -> str:
        """What is wrong when the work is killed at a moment; "" for nothing."""
        self._fresh()
        child = _forked(lambda: self._work(self._place))
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return _problem(lambda: self._check())

    def _fresh(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        shutil.copytree(self._before, self._place)

    def _check(self) -> None:
        """What is there is whole, and the work can be done."""
        first = state_of(self._before)
        after = state_of(self._place)
        assert after.values, "no row has errors any more"
        if "npy" not in self.name:  # a folder is absent for a moment
            assert first.exports.keys() <= after.exports.keys(), "an export is gone"
        self._work(self._place)
        again = state_of(self._place)
        self._fresh()
        self._work(self._place)
        assert _comparable(again) == _comparable(state_of(self._place)), "done again it ends otherwise"
        left = [path.name for path in (self._place / "session").rglob("*.part")]
        assert not left, f"half-written files stay: {left}"


def _comparable(state: State) -> tuple[object, ...]:
    """All but what tells the time."""
    return state.quant, state.rows, state.values, sorted(state.exports)


def _made(place: Path, is_quantised: bool) -> None:
    prepared(place)
    if is_quantised:
        OPERATIONS["analyze"](place)
    (place / OUT).mkdir(exist_ok=True)


def _succeed(work: Callable[[], object]) -> None:
    problem = _problem(work)
    if problem:
        raise RuntimeError(problem)


def _problem(work: Callable[[], object]) -> str:
    """What a fork that does the work complains of; "" when it ends well."""
    with tempfile.TemporaryFile() as said:
        child = _forked(work, said.fileno())
        _, status = os.waitpid(child, 0)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")[-3000:]
    return "" if status == 0 else text or f"ended with status {status}"


def _forked(work: Callable[[], object], said: int = -1) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, it is told
        if said >= 0:
            os.write(said, traceback.format_exc().encode())
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())

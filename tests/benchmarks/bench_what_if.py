"""What a what-if costs beside a full simulation: one layer of the last quarter in float16, everything else as it was.

    python tests/benchmarks/bench_what_if.py [NETWORK…] [--layers N] [--repeat N]

"full" simulates and compares the changed session from the start (golden values and calibration are there, nothing is
in memory), "window" is the same change as a what-if in a process that ran the session before, "command" in a process
that did not; imports are not measured. Seconds are medians over the layers, ratios are window / full: median and worst
layer. "equal" says whether every stored value and row is that of the full simulation. Needs the test material.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402, F401 (imported here so that no import is measured)
import h5py  # noqa: E402, F401
import onnxruntime  # noqa: E402, F401

from tests import cases  # noqa: E402
from tests.benchmarks.in_short import in_short, span  # noqa: E402
from workbench.dump.store import Dump  # noqa: E402
from workbench.foundation.steps import drain  # noqa: E402
from workbench.project import prepared  # noqa: E402
from workbench.project.pipeline import analyze  # noqa: E402
from workbench.project.results import Results  # noqa: E402
from workbench.project.session import Session, load_session, save_session  # noqa: E402

NETWORKS = ("yolox_nano_416", "seafusion_288_384", "ultraface_rfb_320", "retinaface_mobile320")
MOST = 0.5  # of the time of a full simulation, in the window, at the median
TITLES = ("first s", "full s", "window s", "command s", "median", "worst")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        folder, tensor = Path(options.run[0]), options.run[1]
        changed = _with(load_session(folder), tensor)
        print(_seconds(lambda: drain(analyze(changed, folder))))
        return 0
    print(f"{'network':24}", *(f"{title:>10}" for title in TITLES), "   equal")
    found = []
    for name in options.networks:
        with tempfile.TemporaryDirectory() as scratch:
            found.append(_report(name, Path(scratch), options.layers, options.repeat))
    medians, are_equal = zip(*found, strict=True)
    said = "the same numbers" if all(are_equal) else "OTHER NUMBERS"
    text = f"a layer's precision changed takes {span(medians, 2)} of a full simulation (limit {MOST:g}), {said}"
    return in_short(text, all(are_equal) and max(medians) <= MOST)


def _report(name: str, scratch: Path, layers: int, repeat: int) -> tuple[float, bool]:
    case = next(item for item in cases.cases(SHARED) if item.name == name)
    folder = scratch / "session"
    save_session(cases.session(SHARED, case, scratch), folder)
    session = load_session(folder)  # as any other process reads it
    results: list[Results] = []
    first = _seconds(lambda: results.append(drain(analyze(session, folder))))
    full, window, command, equal = [], [], [], True
    for tensor in _last_quarter(results[0], layers):
        changed = _with(session, tensor)
        found = [_one(changed, folder, session, tensor) for _ in range(repeat)]
        for times, position in ((full, 0), (window, 1), (command, 2)):
            times.append(statistics.median(item[position] for item in found))
        equal = equal and all(item[3] for item in found)
    ratios = [what_if / whole for what_if, whole in zip(window, full, strict=True)]
    numbers = [first, *map(statistics.median, (full, window, command)), statistics.median(ratios), max(ratios)]
    print(f"{name:24}", *(f"{number:10.3f}" for number in numbers), "  ", "yes" if equal else "NO", flush=True)
    return statistics.median(ratios), equal


def _one(changed: Session, folder: Path, session: Session, tensor: str) -> tuple[float, float, float, bool]:
    """Seconds of the full simulation and of the what-if in this and in a new process, and whether they agree."""
    found: list[Results] = []
    window = _seconds(lambda: found.append(drain(analyze(changed, folder))))
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        prepared.forget()
        other = _known_only(folder, Path(place))
        full = _seconds(lambda: found.append(drain(analyze(changed, other))))
        equal = _is_equal(*found)
    drain(analyze(session, folder))
    arguments = [sys.executable, __file__, "--run", str(folder), tensor]
    command = float(subprocess.run(arguments, check=True, capture_output=True, cwd=ROOT).stdout)
    drain(analyze(session, folder))
    return full, window, command, equal


def _last_quarter(results: Results, count: int) -> list[str]:
    """Tensors of rows that are spread over the last quarter of the table."""
    rows = [row.tensor for row in results.rows[len(results.rows) * 3 // 4 :] if row.op != "exDataConvert"]
    return [rows[int(position)] for position in np.linspace(0, len(rows) - 1, count)]


def _known_only(folder: Path, other: Path) -> Path:
    """Another folder that has the golden values and the calibration, and no results."""
    (other / "dumps").mkdir()
    for pattern in ("golden-*", "ranges-*"):
        for path in (folder / "dumps").glob(pattern):
            shutil.copyfile(path, other / "dumps" / path.name)
    return other


def _with(session: Session, tensor: str) -> Session:
    return replace(session, quant=replace(session.quant, float_tensors=(tensor,)))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _is_equal(one: Results, other: Results) -> bool:
    same = repr((one.rows, one.layers_of, one.unmatched)) == repr((other.rows, other.layers_of, other.unmatched))
    for source, paths in other.dumps.items():
        for first, second in zip(one.dumps[source], paths, strict=True):
            with Dump(first) as left, Dump(second) as right:
                same = same and left.names == right.names
                same = same and all(_stored(left, name) == _stored(right, name) for name in right.names)
    return same


def _stored(dump: Dump, name: str) -> tuple[object, ...]:
    array, encoding = dump.raw(name)
    return array.dtype.name, array.shape, array.tobytes(), encoding, dump.op(name)


if __name__ == "__main__":
    sys.exit(main())

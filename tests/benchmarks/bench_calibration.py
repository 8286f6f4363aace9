"""Calibration over more and more pictures: seconds and peak memory, which have to grow in line and not at all.

    python tests/benchmarks/bench_calibration.py [NETWORK] [--counts N…] [--algorithm …]

The pictures of the test material are taken again and again. Each count runs in a process of its own, without its
imports; `rest` is what a picture more costs, in milliseconds. Exit status 1: the most pictures take more than 1.25
times the memory of the fewest. Needs the test material.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402, F401 (imported here so that no import is measured)
import h5py  # noqa: E402, F401
import onnxruntime  # noqa: E402, F401

from tests import cases  # noqa: E402
from tests.benchmarks.in_short import in_short  # noqa: E402
from workbench.foundation.steps import drain  # noqa: E402
from workbench.project.stages import Stages  # noqa: E402
from workbench.quantize.schemes import QuantSettings  # noqa: E402

MOST_MORE = 1.25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", nargs="?", default="ultraface_rfb_320")
    parser.add_argument("--counts", nargs="+", type=int, default=[10, 25, 50, 100, 200])
    parser.add_argument("--algorithm", nargs="+", default=["normal"])
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(_measured(options.network, int(options.run[0]), options.run[1])))
        return 0
    more = []
    for algorithm in options.algorithm:
        print(f"{options.network} {algorithm}\n{'pictures':>10}{'seconds':>10}{'rest ms':>10}{'peak MB':>10}")
        before, peaks = (0, 0.0), []
        for count in options.counts:
            seconds, memory = _asked(options.network, count, algorithm)
            rest = 1000 * (seconds - before[1]) / (count - before[0])
            print(f"{count:10}{seconds:10.2f}{rest:10.1f}{memory:10.0f}", flush=True)
            before = (count, seconds)
            peaks.append(memory)
        more.append(peaks[-1] / peaks[0])
    pictures = f"{options.counts[0]} to {options.counts[-1]} pictures: memory {max(more):.2f} times"
    return in_short(f"{pictures} (limit {MOST_MORE}), {rest:.1f} ms a picture more", max(more) <= MOST_MORE)


def _asked(name: str, count: int, algorithm: str) -> tuple[float, float]:
    command = [sys.executable, __file__, name, "--run", str(count), algorithm]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def _measured(name: str, count: int, algorithm: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        case = next(case for case in cases.cases(SHARED) if case.name == name)
        session = cases.session(SHARED, case, scratch, calibration=count)
        pictures = tuple(itertools.islice(itertools.cycle(session.dataset), count))
        settings = QuantSettings(algorithm=algorithm)
        start = time.perf_counter()
        drain(Stages(replace(session, dataset=pictures, quant=settings), scratch).planned())
        return time.perf_counter() - start, _peak_mb()


def _peak_mb() -> float:
    """Of this program alone: getrusage would count what its parent had before it became another program."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())

"""Our side: `analyze` in a process of its own, measured without its imports.

    python -m tests.benchmarks.fidelity.ours FOLDER

analyses the session in FOLDER and prints its seconds and its peak memory in MB.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import cv2  # noqa: F401 (here, so that no import is part of what is measured)
import h5py  # noqa: F401
import onnxruntime  # noqa: F401

from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.session import load_session

ROOT = Path(__file__).resolve().parents[3]


def measured(folder: Path) -> dict[str, float]:
    """Analyse the session in `folder` in another process."""
    command = [sys.executable, "-m", "tests.benchmarks.fidelity.ours", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise RuntimeError(said[-1].removeprefix("workbench.foundation.errors."))
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(folder: Path) -> dict[str, float]:
    """Analyse the session in `folder` here."""
    session = load_session(folder)
    start = time.perf_counter()
    drain(analyze(session, folder))
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "memory_mb": _peak_mb()}


def _peak_mb() -> float:
    """As `vendor_worker` measures it."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))

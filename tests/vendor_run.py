"""Runs in the vendor toolkit's interpreter: load, build and accuracy_analysis of one network.

    python vendor_run.py '{"model": …, "dataset": …, "inputs": […], "folder": …, "config": {…}, "quantize": true}'

Writes `snapshot/` and `times.json` (seconds per step, peak memory in MB) into the folder.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

request = json.loads(sys.argv[1])
os.chdir(request["folder"])

from rknn.api import RKNN  # noqa: E402 (its import is not part of what is measured)

times = {}
toolkit = RKNN(verbose=False)


def step(name: str, result: int) -> None:
    now = time.perf_counter()
    times[name] = now - step.start
    step.start = now
    if result != 0:
        sys.exit(f"{name} gave {result}")


step.start = time.perf_counter()
toolkit.config(**request["config"])
step("load", toolkit.load_onnx(request["model"], **request.get("load", {})))
step("build", toolkit.build(do_quantization=request.get("quantize", True), dataset=request["dataset"]))
step("analysis", toolkit.accuracy_analysis(inputs=request["inputs"], output_dir="snapshot"))
times["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
Path("times.json").write_text(json.dumps(times))

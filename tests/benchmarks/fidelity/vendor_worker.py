"""Runs in the vendor toolkit's interpreter: load, build and accuracy_analysis.

    python vendor_worker.py REQUEST.json          in this process, so that its memory is the toolkit's
    python vendor_worker.py --each REQUESTS.json  many small ones, each in a process forked off this one

A request names a folder, which gets `snapshot/`, `times.json` (seconds a step, MB), NAME.quantization.cfg where the
network is quantised, and `log`. Forked runs leave their exit code in `done.json`.
"""

import json
import os
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from rknn.api import RKNN  # here, so that its import is not part of what is measured


def main() -> int:
    *each, path = sys.argv[1:]
    found = json.loads(Path(path).read_text())
    if not each:
        return _run(found)
    for request in found:
        process = os.fork()
        if process == 0:
            os._exit(_run(request))
        _, status = os.waitpid(process, 0)
        done = Path(request["folder"]) / "done.json"
        done.write_text(json.dumps({"code": os.waitstatus_to_exitcode(status)}))
    return 0


def _run(request: dict[str, Any]) -> int:
    """What is printed goes to the log; a time-out or a crash of the toolkit ends only this process."""
    os.chdir(request["folder"])
    log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    signal.alarm(request["limit"])
    try:
        _measured_run(request)
        if request["parameters"]:
            _parameters(request)
    except BaseException:  # noqa: BLE001 (the log says it)
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _measured_run(request: dict[str, Any]) -> None:
    shutil.rmtree("snapshot", ignore_errors=True)
    times = {}
    start = time.perf_counter()
    toolkit = _loaded(request)
    times["load"] = time.perf_counter() - start
    dataset = "dataset.txt" if request["quantize"] else None
    _check("build", toolkit.build(do_quantization=request["quantize"], dataset=dataset))
    times["build"] = time.perf_counter() - start - times["load"]
    _check("accuracy_analysis", toolkit.accuracy_analysis(inputs=request["inputs"], output_dir="snapshot"))
    times["seconds"] = time.perf_counter() - start
    times["memory_mb"] = _peak_mb()
    toolkit.release()
    Path("times.json").write_text(json.dumps(times))
    shutil.rmtree(Path("snapshot") / "golden")  # only the simulator's npy files are read; the rest is gigabytes
    for file in (Path("snapshot") / "simulator").glob("*.txt"):
        file.unlink()


def _parameters(request: dict[str, Any]) -> None:
    """NAME.quantization.cfg, which only the hybrid path writes."""
    toolkit = _loaded(request)
    _check("hybrid_quantization_step1", toolkit.hybrid_quantization_step1(dataset="dataset.txt"))
    toolkit.release()


def _loaded(request: dict[str, Any]) -> RKNN:
    toolkit = RKNN(verbose=False)
    _check("config", toolkit.config(**request["config"]))
    _check("load_onnx", toolkit.load_onnx(request["model"], **request["load"]))
    return toolkit


def _peak_mb() -> float:
    """Of this program alone: getrusage would count what its parent had before it became another program."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def _check(step: str, result: int) -> None:
    if result != 0:
        sys.exit(f"{step} gave {result}")


if __name__ == "__main__":
    sys.exit(main())

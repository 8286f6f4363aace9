"""`analyze` against the vendor's toolkit doing load + build + accuracy_analysis: wall time and peak memory.

    RKNN_TOOLKIT_PYTHON=… python tests/benchmarks/bench_toolkit.py [NETWORK…] [--repeat N]

Both sides run in turn in processes of their own, without their imports, on the same inputs: 8 calibration pictures, one
analysed input, the table with entire and single errors, all dumps written. Needs the test material beside the project.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
TOOLKIT = os.environ.get("RKNN_TOOLKIT_PYTHON", str(ROOT / ".venv-toolkit" / "bin" / "python"))
NETWORKS = ("yolox_nano", "ultraface_rfb", "seafusion")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        return _run(json.loads(options.run))
    titles = ("toolkit s", "ours s", "ratio", "toolkit MB", "ours MB", "metrics s")
    print(f"{'network':16}", *(f"{title:>10}" for title in titles))
    for name in options.networks:
        pairs = [(_toolkit(_case(name)), _ours(_case(name))) for _ in range(options.repeat)]
        theirs, ours = ([pair[side] for pair in pairs] for side in (0, 1))
        ratios = [own["seconds"] / their["seconds"] for their, own in pairs]
        seconds = [statistics.median(run["seconds"] for run in runs) for runs in (theirs, ours)]
        memory = [max(run["memory_mb"] for run in runs) for runs in (theirs, ours)]
        compare = statistics.median(run["compare"] for run in ours)
        numbers = (*seconds, statistics.median(ratios), *memory, compare)
        print(f"{name:16}", *(f"{number:10.3f}" for number in numbers), flush=True)
    return 0


def _case(name: str) -> dict[str, Any]:
    cases = json.loads((SHARED / "models" / "cases.json").read_text())
    case = next(item for item in cases if item["name"] == name)
    files = [sorted((SHARED / "images").glob(item.get("images") or case["images"]))[:8] for item in case["inputs"]]
    samples = [[str(path) for path in sample] for sample in zip(*files, strict=True)]
    return {**case, "model": str(SHARED / "models" / case["file"]), "samples": samples}


def _toolkit(case: dict[str, Any]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "dataset.txt"
        dataset.write_text("".join(" ".join(sample) + "\n" for sample in case["samples"]))
        request = {
            "model": case["model"],
            "dataset": str(dataset),
            "inputs": case["samples"][0],
            "folder": folder,
            "config": {
                "mean_values": [item["mean"] for item in case["inputs"]],
                "std_values": [item["std"] for item in case["inputs"]],
                "quant_img_RGB2BGR": [item["order"] == "bgr" for item in case["inputs"]],
                "target_platform": "rk3588",
            },
        }
        script = ROOT / "tests" / "vendor_run.py"
        subprocess.run([TOOLKIT, script, json.dumps(request)], check=True, capture_output=True)
        times = json.loads((Path(folder) / "times.json").read_text())
    return {"seconds": times["load"] + times["build"] + times["analysis"], "memory_mb": times["memory_mb"]}


def _ours(case: dict[str, Any]) -> dict[str, float]:
    command = [sys.executable, __file__, "--run", json.dumps(case)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    return found


def _run(case: dict[str, Any]) -> int:
    sys.path.insert(0, str(ROOT))
    import cv2  # noqa: F401 (imported here so that no import is measured, as on the other side)
    import h5py  # noqa: F401
    import onnxruntime  # noqa: F401

    from workbench.foundation.steps import drain
    from workbench.preprocess.dataset import Sample
    from workbench.preprocess.preprocess import Preprocess
    from workbench.project.pipeline import analyze
    from workbench.project.session import Session

    samples = tuple(Sample(tuple(Path(path) for path in sample)) for sample in case["samples"])
    preprocess = {
        item["name"]: Preprocess(
            mean=tuple(item["mean"]),
            std=tuple(item["std"]),
            order=item["order"],
            layout=item["layout"],
            resize=item.get("resize", "stretch"),
        )
        for item in case["inputs"]
    }
    session = Session(Path(case["model"]), preprocess=preprocess, samples=samples[:1], dataset=samples)
    folder = Path(tempfile.mkdtemp())
    start = time.perf_counter()
    results = drain(analyze(session, folder))
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shutil.rmtree(folder)
    print(json.dumps({"seconds": seconds, "memory_mb": memory, "compare": results.seconds["compare"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

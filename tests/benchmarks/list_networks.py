"""Analyse every network of the test material; print layers, output cosine and seconds.

python tests/benchmarks/list_networks.py [w8a8|fp16 …]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.cases import cases, session  # noqa: E402
from workbench.foundation.steps import drain  # noqa: E402
from workbench.project.pipeline import analyze  # noqa: E402

SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))


def main() -> None:
    print(f"{'network':52} {'type':5} {'layers':>6} {'seconds':>8}  worst output cos")
    for case in cases(SHARED):
        for dtype in sys.argv[1:] or ("w8a8", "fp16"):
            if dtype == "fp16" and not case.is_float:
                continue
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                results = drain(analyze(session(SHARED, case, Path(folder), dtype=dtype), Path(folder) / "session"))
                seconds = time.perf_counter() - start
            outputs = [row for row in results.rows if row.tensor in results.outputs]
            cosine = min(row.errors["simulator.entire"].mean["cos"] for row in outputs)
            kind = dtype if case.is_float else "own"
            print(f"{case.name:52} {kind:5} {len(results.rows):6} {seconds:8.2f}  {cosine:.5f}", flush=True)


if __name__ == "__main__":
    main()

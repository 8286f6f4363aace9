"""`analyze --simulator toolkit` on every network of the test material: do its dumps give the digits that it printed?

    RKNN_TOOLKIT_PYTHON=… python -m tests.benchmarks.bench_vendor_table [NAME…] [--samples 2] [--dtype w8a8]

One line a network: rows, rows whose cos and euc of the whole run have all printed digits when they are computed from
the dumps again, rows that lead to a layer of the user's network, seconds of the toolkit and of the embedded simulator.
"""

import argparse
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests import cases
from tests.benchmarks.in_short import in_short
from workbench.compare.compare import Errors, LayerError
from workbench.dump.store import Dump
from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import drain
from workbench.project.pipeline import analyze
from workbench.project.results import Results
from workbench.sources.toolkit.report import ReportRow, read_report
from workbench.sources.toolkit.snapshot import IN_INFO

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
ENTIRE = "simulator.entire"
LEAST_EQUAL = 0.99  # a sum in float32 changes the last digit that is printed
LEAST = 1e-5  # what the toolkit prints of a smaller euc that is not 0
TFLITE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("pretrainedResnet_cifar10_float", "quantized/pretrainedResnet_cifar10_float_tf2onnx", {}),
    ("vww_96_float", "quantized/vww_96_float_tf2onnx", {}),
    ("pretrainedResnet_cifar10_int8", "quantized/pretrainedResnet_cifar10_int8_qdq", {}),
    ("vww_96_int8", "quantized/vww_96_int8_qdq", {}),
    ("mobilenet_v1_0.25_128_quant", "quantized/mobilenet_v1_0.25_128_quant_qdq", {}),
    ("person_detect_int8", "quantized/vww_96_int8_qdq", {"name": "input", "shape": [1, 96, 96, 1], "order": "gray"}),
)
"""Networks of TensorFlow Lite, the case whose inputs they take, and what differs."""


@dataclass
class Line:
    """What a network gave; `problem` where the toolkit refuses it."""

    name: str
    rows: int = 0
    printed: int = 0
    equal: int = 0
    known: int = 0
    toolkit: float = 0.0
    embedded: float = 0.0
    problem: str = ""
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.problem:
            return f"{self.name:48} {self.problem}"
        numbers = f"{self.rows:6} {self.printed:8} {self.equal:7} {self.known:7}"
        return f"{self.name:48} {numbers} {self.toolkit:9.1f} {self.embedded:9.1f}  {' '.join(self.others[:3])}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_vendor_table", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--samples", type=int, default=2)
    parser.add_argument("--dtype", default="w8a8")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(f"{'network':48} {'rows':>6} {'printed':>8} {'equal':>7} {'layers':>7} {'toolkit':>9} {'embedded':>9}")
    lines = []
    for case in every_case(SHARED):
        if not options.names or case.name in options.names:
            lines.append(_line(case, options))
            print(lines[-1], flush=True)
    printed, equal = sum(line.printed for line in lines), sum(line.equal for line in lines)
    done = sum(not line.problem for line in lines)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    share = f"{equal} of {printed} printed rows are equal ({equal / max(printed, 1):.2%}, limit {LEAST_EQUAL:.1%})"
    return in_short(f"{done} networks that it simulates: {share}", 0 < printed <= equal / LEAST_EQUAL)


def every_case(shared: Path) -> Iterator[cases.Case]:
    """Networks of ONNX, then those of TensorFlow Lite."""
    known = {case.name: case for case in cases.cases(shared)}
    yield from known.values()
    for name, relative, changes in TFLITE:
        like = known[relative]
        yield replace(like, file=f"tflite/{name}.tflite", inputs=({**like.inputs[0], **changes},))


def _line(case: cases.Case, options: argparse.Namespace) -> Line:
    with tempfile.TemporaryDirectory() as scratch:
        session = cases.session(SHARED, case, Path(scratch), 4, options.dtype)
        session = replace(session, simulator="toolkit", samples=session.dataset[: options.samples])
        try:
            results = drain(analyze(session, Path(scratch) / "session"))
        except WorkbenchError as error:
            return Line(case.name, problem=error.message[:150])
        return _judged(case.name, results)


def _judged(name: str, results: Results) -> Line:
    line = Line(name, len(results.rows), toolkit=results.seconds["simulator"])
    line.embedded = results.seconds.get("embedded", 0.0)
    line.known = sum(bool(results.layers_of.get(row.tensor)) for row in results.rows)
    for sample, path in enumerate(results.dumps["simulator"]):
        for row, printed in pairs(results, path):
            line.printed += 1
            is_equal = is_printed(row.errors.get(ENTIRE), sample, printed)
            line.equal += is_equal
            line.others += () if is_equal else (row.tensor,)
    return line


def is_printed(errors: Errors | None, sample: int, row: ReportRow) -> bool:
    """Whether cos and euc of the whole run have all digits that the toolkit printed; it prints words for no numbers."""
    texts = row.texts[ENTIRE]
    found = {key: None if errors is None else errors.of_sample(key, sample) for key in ("cos_toolkit", "euc")}
    cos, euc = found["cos_toolkit"], found["euc"]
    if not texts["cos"][-1].isdigit():
        return cos is None or not math.isfinite(cos)
    if cos is None or euc is None:
        return False
    shown = max(np.float32(euc), LEAST) if euc else 0.0  # its euc is a float32
    return (f"{cos:.5f}", f"{shown:.5f}") == (texts["cos"], texts["euc"])


def pairs(results: Results, path: Path) -> Iterator[tuple[LayerError, ReportRow]]:
    """The rows of which the toolkit printed numbers, with what it printed for the input of a dump."""
    with Dump(path) as dump:
        report = read_report(str(dump.info[IN_INFO]))
    for row in results.rows:
        printed = report.by_tensor[row.tensor]
        if ENTIRE in printed.texts:
            yield row, printed


if __name__ == "__main__":
    sys.exit(main())

"""The reference dump beside ONNX Runtime's own `qdq_loss_debug.collect_activations`: seconds for one input.

    python tests/benchmarks/bench_reference.py [NETWORK…] [--repeat N]

Both compute every tensor of a network and take turns, each in a process of its own; imports, reading the network and
reading the picture are not measured. collect_activations starts from the network that
`modify_model_output_intermediate_tensors` has written and keeps its arrays in memory. The reference writes them to a
file, so both are also measured in the other's way: `saved` is collect_activations with `numpy.save` of every array,
`computed` the reference without its file. Needs the test material.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RKNN_WORKBENCH_SHARED", ROOT.parent / "shared"))
sys.path.insert(0, str(ROOT))

import h5py  # noqa: E402, F401 (imported here so that no import is measured)
from onnxruntime.quantization import qdq_loss_debug  # noqa: E402

from tests import cases  # noqa: E402
from tests.benchmarks.given_inputs import GivenInputs  # noqa: E402
from tests.benchmarks.in_short import in_short, span  # noqa: E402
from workbench.foundation.steps import drain  # noqa: E402
from workbench.graph.execute import Network, byte_sizes  # noqa: E402
from workbench.graph.graph import Model  # noqa: E402
from workbench.graph.read import read_model  # noqa: E402
from workbench.preprocess.dataset import feeds  # noqa: E402
from workbench.sources.onnxrt import Reference  # noqa: E402
from workbench.sources.source import DumpRequest  # noqa: E402

MOST = 1.5  # times its time
SIDES = ("collect", "computed", "saved", "dumped")
NETWORKS = ("ultraface_rfb_320", "yunet_n_320", "retinaface_mobile320", "yolox_nano_416", "ppocr_det_v3")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(_measured(*options.run))
        return 0
    print(f"{'network':24}{'collect s':>11}{'computed s':>12}{'ratio':>8}{'saved s':>11}{'dumped s':>12}{'ratio':>8}")
    every = []
    for name in options.networks:
        found = [[_asked(name, side) for side in SIDES] for _ in range(options.repeat)]
        collect, computed, saved, dumped = (statistics.median(times) for times in zip(*found, strict=True))
        ratios = [statistics.median(row[at + 1] / row[at] for row in found) for at in (0, 2)]
        print(
            f"{name:24}{collect:11.3f}{computed:12.3f}{ratios[0]:8.2f}{saved:11.3f}{dumped:12.3f}{ratios[1]:8.2f}",
            flush=True,
        )
        every.append(ratios)
    computed, kept = (span((ratios[at] for ratios in every), 2) for at in (0, 1))
    text = f"golden values take {computed} times the time of qdq_loss_debug (limit {MOST:g}), written to a file {kept}"
    return in_short(text, all(max(ratios) <= MOST for ratios in every))


def _asked(name: str, side: str) -> float:
    command = [sys.executable, __file__, "--run", name, side]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def _measured(name: str, side: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        case = next(case for case in cases.cases(SHARED) if case.name == name)
        session = cases.session(SHARED, case, scratch, calibration=1)
        model = read_model(session.model, session.shapes)
        arrays = feeds(session.samples[0], model.graph.inputs, session.preprocess)
        if side == "dumped":
            return _reference(model, arrays, scratch / "dump.h5")
        if side == "computed":
            return _computed(model, arrays)
        augmented = scratch / "augmented.onnx"
        qdq_loss_debug.modify_model_output_intermediate_tensors(session.model, augmented)
        start = time.perf_counter()
        found = qdq_loss_debug.collect_activations(str(augmented), GivenInputs([arrays]))
        if side == "saved":
            for number, arrays_of_one in enumerate(found.values()):
                np.save(scratch / f"{number}.npy", arrays_of_one[0])
        return time.perf_counter() - start


def _computed(model: Model, arrays: Mapping[str, np.ndarray]) -> float:
    start = time.perf_counter()
    tensors = [name for layer in model.graph.layers for name in layer.outputs if name]
    network = Network(model.proto, tensors, byte_sizes(model.graph.tensors), large=model.large)
    drain(network.run(arrays, lambda name, array: None))
    return time.perf_counter() - start


def _reference(model: Model, arrays: Mapping[str, np.ndarray], out: Path) -> float:
    start = time.perf_counter()
    tensors = [name for layer in model.graph.layers for name in layer.outputs if name]
    drain(Reference(model, tensors).dump(DumpRequest(arrays), out))
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())

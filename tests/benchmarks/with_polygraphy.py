"""For bench_peers, in an environment that has Polygraphy: two networks on one input, and how far their tensors differ.

python with_polygraphy.py NETWORK.onnx QUANTISED.onnx INPUT.npz

Its Comparator runs both with every tensor as an output and compares those that have one name; the cosines are of the
values that it collected.
"""

import contextlib
import json
import sys

import numpy as np
from polygraphy import constants
from polygraphy.backend.onnx import BytesFromOnnx, ModifyOutputs, OnnxFromPath
from polygraphy.backend.onnxrt import OnnxrtRunner, SessionFromOnnx
from polygraphy.comparator import Comparator, CompareFunc


def main(network: str, quantised: str, inputs: str) -> int:
    """Print the losses as JSON."""
    with np.load(inputs, allow_pickle=False) as file:
        feeds = {name: file[name] for name in file.files}
    marked = [ModifyOutputs(OnnxFromPath(path), outputs=constants.MARK_ALL) for path in (network, quantised)]
    runners = [OnnxrtRunner(SessionFromOnnx(BytesFromOnnx(model))) for model in marked]
    with contextlib.redirect_stdout(sys.stderr):
        found = Comparator.run(runners, data_loader=[feeds])
        Comparator.compare_accuracy(found, compare_func=CompareFunc.simple(check_error_stat="mean"))
    golden, other = (iterations[0] for _, iterations in found.items())
    shared = [name for name in golden if name in other and np.issubdtype(golden[name].dtype, np.floating)]
    print(json.dumps({"losses": {name: _lost(golden[name], other[name]) for name in shared}}))
    return 0


def _lost(golden: np.ndarray, other: np.ndarray) -> float:
    one, two = (np.asarray(array, np.float64).ravel() for array in (golden, other))
    return float(1 - one @ two / max(float(np.linalg.norm(one) * np.linalg.norm(two)), 1e-300))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

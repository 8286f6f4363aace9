"""For bench_peers, in an environment that has Polygraphy: two networks on one input, and how far their tensors differ.

python with_polygraphy.py FOLDER

Its Comparator runs `network.onnx` and `quantised.onnx` of the folder with every tensor as an output and compares those
that have one name; the cosines are of the values that it collected.
"""

import contextlib
import sys

import numpy as np
from polygraphy import constants
from polygraphy.backend.onnx import BytesFromOnnx, ModifyOutputs, OnnxFromPath
from polygraphy.backend.onnxrt import OnnxrtRunner, SessionFromOnnx
from polygraphy.comparator import Comparator, CompareFunc
from told import lost, read_inputs, tell


def main(folder: str) -> int:
    """Print the losses."""
    paths = [f"{folder}/{name}.onnx" for name in ("network", "quantised")]
    marked = [ModifyOutputs(OnnxFromPath(path), outputs=constants.MARK_ALL) for path in paths]
    runners = [OnnxrtRunner(SessionFromOnnx(BytesFromOnnx(model))) for model in marked]
    with contextlib.redirect_stdout(sys.stderr):
        found = Comparator.run(runners, data_loader=read_inputs(folder)[:1])
        Comparator.compare_accuracy(found, compare_func=CompareFunc.simple(check_error_stat="mean"))
    golden, other = (iterations[0] for _, iterations in found.items())
    shared = [name for name in golden if name in other and np.issubdtype(golden[name].dtype, np.floating)]
    tell({name: lost(golden[name], other[name]) for name in shared})
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""For bench_peers, in an environment that has PPQ: a network quantised by it, and what its analysis says of its layers.

PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python python with_ppq.py FOLDER

`graphwise_error_analyse` tells how far the output of every computing operator is from float with all before it
quantised, as the cosine of 4096 values that it draws.
"""

import contextlib
import sys

import torch
from ppq import TargetPlatform
from ppq.api import quantize_onnx_model
from ppq.quantization.analyse import graphwise_error_analyse
from told import read_inputs, tell

LEAST = 8  # inputs for calibration, PPQ says


def main(folder: str) -> int:
    """Print the losses; the network has one input."""
    inputs = [torch.from_numpy(array) for feeds in read_inputs(folder) for array in feeds.values()]
    steps = len(inputs) * -(-LEAST // len(inputs))  # each as often as the others
    with contextlib.redirect_stdout(sys.stderr):
        graph = quantize_onnx_model(
            f"{folder}/network.onnx", inputs, steps, list(inputs[0].shape), TargetPlatform.OPENVINO_INT8, device="cpu",
            verbose=0,
        )  # fmt: skip
        found = graphwise_error_analyse(graph, "cpu", inputs[:1], method="cosine", steps=1, verbose=False)
    tell({graph.operations[name].outputs[0].name: 1 - float(cosine) for name, cosine in found.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What users dump of their own framework: the input tensor and all that follows, the first layers, or the outputs."""

from pathlib import Path

import numpy as np
import onnx

from tests.benchmarks.diagnosis.bench import Bench, Feeds, float_values

FIRST = 3  # layers of those who dump only the first ones
PARTS = ("input", "layers", "outputs")
COMPUTING = ("Conv", "MatMul", "Gemm")


def golden_dump(bench: Bench, given: Feeds, part: str, model: onnx.ModelProto | None = None) -> Path:
    """An .npz by the network's own names, computed by ONNX Runtime on `given`."""
    values = float_values(model or bench.proto, given)
    if part == "input":
        values = {**given, **values}
    elif part == "layers":
        values = {name: values[name] for name in _first(bench.proto) if name in values}
    else:
        values = {item.name: values[item.name] for item in bench.proto.graph.output}
    path = bench.scratch / f"golden-{bench.kind}-{bench.attempt}.npz"
    np.savez(path, **values)  # type: ignore[arg-type]
    return path


def _first(model: onnx.ModelProto) -> list[str]:
    """Of the layers that compute: what comes before may only turn or cast the input."""
    nodes = list(model.graph.node)
    begin = next(place for place, node in enumerate(nodes) if node.op_type in COMPUTING)
    return [node.output[0] for node in nodes[begin:] if node.op_type != "Constant"][:FIRST]

"""The range of every tensor over a calibration set, in one streaming pass."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.steps import Progress, Steps
from workbench.graph.deployed import CONVERT, SWISH, Deployed
from workbench.graph.emit import emit, needed_constants
from workbench.graph.execute import assemble, open_session, run_session, value_info
from workbench.quantize.ranges import Range

LOWEST, HIGHEST, SUM = "/lowest", "/highest", "/sum"
REDUCTIONS = {LOWEST: "ReduceMin", HIGHEST: "ReduceMax", SUM: "ReduceSum"}
# operators that make no NaN of finite values; ONNX Runtime's ReduceMin and ReduceMax pass over NaN
SAFE = frozenset((
    "Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Mul", "Relu", "LeakyRelu", "PRelu", "Clip", "Elu",
    "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Softmax", SWISH, CONVERT, "MaxPool", "AveragePool", "Concat",
    "GlobalAveragePool", "GlobalMaxPool", "Split", "Slice", "Gather", "Reshape", "Flatten", "Squeeze", "Unsqueeze",
    "Transpose", "Pad", "Resize", "Upsample", "Cast", "Identity",
))  # fmt: skip


def calibrate(graph: Deployed, samples: Iterable[Mapping[str, np.ndarray]], count: int) -> Steps[dict[str, Range]]:
    """Observe every float tensor of the deployed graph, run in float, on every sample ("normal": min and max).

    A tensor with NaN or infinities has no range and is left out. Source: quantization semantics §2.
    """
    ranges: dict[str, Range] = {}
    broken: set[str] = set()
    observed = [name for layer in graph.layers for name in layer.outputs if graph.is_float(name)]
    safe = SAFE if all(np.isfinite(item).all() for item in graph.constants.values() if item.dtype.kind == "f") else ()
    suspects = {name for layer in graph.layers if layer.op not in safe for name in layer.outputs}
    quick, thorough = _Observer(graph, observed, suspects), _Observer(graph, observed, observed)
    for number, feeds in enumerate(samples):
        yield Progress("calibrate", number, count)
        found = yield from quick.ranges(feeds)
        if not all(_is_finite(seen) for seen in found.values()):  # what it came from may hide what it led to
            found = yield from thorough.ranges(feeds)
        broken |= {name for name, seen in found.items() if not _is_finite(seen)}
        ranges |= {name: seen.union(ranges.get(name, seen)) for name, seen in found.items()}
    yield Progress("calibrate", count, count)
    return {name: seen for name, seen in ranges.items() if name not in broken}


class _Observer:
    """The network in float with the ranges of its tensors as outputs; the sums of `summed` show hidden NaN."""

    def __init__(self, graph: Deployed, observed: Sequence[str], summed: Collection[str]) -> None:
        self._graph = graph
        self._observed = observed
        self._ends = {name: (LOWEST, HIGHEST, SUM) if name in summed else (LOWEST, HIGHEST) for name in observed}
        self._session: Any = None

    def ranges(self, feeds: Mapping[str, np.ndarray]) -> Steps[dict[str, Range]]:
        """The range of every tensor for one input; NaN where a tensor has some."""
        found = {name: _range_of(array) for name, array in feeds.items() if array.dtype == np.float32}
        names = [name + end for name, ends in self._ends.items() for end in ends]
        if not names:
            return found
        if self._session is None:
            self._session = open_session(_with_reductions(self._graph, self._ends, feeds))
        arrays = yield from run_session(self._session, names, feeds, "calibrate")
        values = dict(zip(names, map(float, arrays), strict=True))
        for name in self._observed:
            seen = Range(values[name + LOWEST], values[name + HIGHEST])
            found[name] = seen if np.isfinite(values.get(name + SUM, 0.0)) else Range(np.nan, np.nan)
        return found


def _range_of(array: np.ndarray) -> Range:
    return Range(float(array.min()), float(array.max()))


def _is_finite(seen: Range) -> bool:
    return bool(np.isfinite([seen.low, seen.high]).all())


def _with_reductions(
    graph: Deployed, ends: Mapping[str, Collection[str]], feeds: Mapping[str, np.ndarray]
) -> onnx.ModelProto:
    nodes: list[onnx.NodeProto] = []
    for layer in graph.layers:
        nodes.extend(emit(layer, layer.inputs, layer.outputs))
        for name in layer.outputs:  # reduced at once, so that its memory is soon free again
            reductions = [(REDUCTIONS[end], name + end) for end in ends.get(name, ())]
            nodes.extend(helper.make_node(op, [name], [output], keepdims=0) for op, output in reductions)
    outputs = [name + end for name, own in ends.items() for end in own]
    constants = needed_constants(nodes, graph.constants)
    inputs = [value_info(name, array) for name, array in feeds.items()]
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    return assemble(nodes, inputs, outputs, tensors, graph.model.proto)

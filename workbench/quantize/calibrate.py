"""The range of every tensor over a calibration set, in one streaming pass."""

from collections.abc import Iterable, Mapping

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.steps import Progress, Steps
from workbench.graph.emit import float_nodes
from workbench.graph.execute import assemble, open_session, run_session, value_info
from workbench.graph.fusion import Deployed
from workbench.quantize.ranges import Range

LOWEST, HIGHEST = "/lowest", "/highest"


def calibrate(graph: Deployed, samples: Iterable[Mapping[str, np.ndarray]], count: int) -> Steps[dict[str, Range]]:
    """Observe every float tensor of the deployed graph, run in float, on every sample ("normal": min and max).

    A tensor with NaN or infinities has no range and is left out. Source: quantization semantics §2.
    """
    ranges: dict[str, Range] = {}
    broken: set[str] = set()
    observed = [name for layer in graph.layers for name in layer.outputs if graph.is_float(name)]
    session = None
    for number, feeds in enumerate(samples):
        yield Progress("calibrate", number, count)
        if session is None:
            session = open_session(_observer(graph, observed, feeds))
        names = [name + end for name in observed for end in (LOWEST, HIGHEST)]
        values = yield from run_session(session, names, feeds, "calibrate")
        found = {name: Range(float(values[2 * i]), float(values[2 * i + 1])) for i, name in enumerate(observed)}
        found |= {
            name: Range(float(array.min()), float(array.max()))
            for name, array in feeds.items()
            if array.dtype == np.float32
        }
        broken |= {name for name, seen in found.items() if not np.isfinite([seen.low, seen.high]).all()}
        ranges = {name: seen.union(ranges.get(name, seen)) for name, seen in found.items()}
    yield Progress("calibrate", count, count)
    return {name: seen for name, seen in ranges.items() if name not in broken}


def _observer(graph: Deployed, observed: list[str], feeds: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    nodes, constants = float_nodes(graph)
    outputs = []
    for name in observed:
        for op, end in (("ReduceMin", LOWEST), ("ReduceMax", HIGHEST)):
            nodes.append(helper.make_node(op, [name], [name + end], keepdims=0))
            outputs.append(name + end)
    inputs = [value_info(name, array) for name, array in feeds.items()]
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    return assemble(nodes, inputs, outputs, tensors, graph.model.proto)

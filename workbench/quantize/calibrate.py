"""The range of every tensor over a calibration set, in one streaming pass."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import onnx
from onnx import helper

from workbench.foundation.steps import Progress, Steps
from workbench.graph.chain import open_chain
from workbench.graph.dead_channels import limits_of
from workbench.graph.deployed import CONVERT, GELU, SWISH, Deployed, DeployedLayer
from workbench.graph.emit import emit_to_the_bit, needed_constants
from workbench.graph.execute import assemble, run_each, value_info
from workbench.graph.large_constants import described
from workbench.quantize.ranges import Range

LOWEST, HIGHEST, SUM = "/lowest", "/highest", "/sum"
REDUCTIONS = {LOWEST: "ReduceMin", HIGHEST: "ReduceMax", SUM: "ReduceSum"}
# operators that take numbers as they are, or monotonously to others
FOLLOWING = frozenset((CONVERT, "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Relu", "Clip", "Concat"))
# operators that make no NaN of finite values; ONNX Runtime's ReduceMin and ReduceMax pass over NaN
SAFE = frozenset((
    "Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Mul", "Relu", "LeakyRelu", "PRelu", "Clip", "Elu",
    "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Softmax", SWISH, GELU, CONVERT, "MaxPool", "AveragePool", "Concat",
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
    suspicious: list[Mapping[str, np.ndarray]] = []

    def take(found: Mapping[str, Range]) -> None:
        broken.update(name for name, seen in found.items() if not _is_finite(seen))
        ranges.update({name: seen.union(ranges.get(name, seen)) for name, seen in found.items()})

    def seen_quickly(feeds: Mapping[str, np.ndarray], found: Mapping[str, Range]) -> None:
        if all(_is_finite(seen) for seen in found.values()):
            take(found)
        else:
            suspicious.append(feeds)

    yield Progress("calibrate", 0, count)
    yield from quick.ranges(samples, seen_quickly, count)
    # what a NaN came from may hide what it led to
    yield from thorough.ranges(suspicious, lambda _, found: take(found), len(suspicious))
    return {name: seen for name, seen in ranges.items() if name not in broken}


def observe_each(
    graph: Deployed, samples: Iterable[Mapping[str, np.ndarray]], count: int
) -> Steps[tuple[dict[str, Range], ...]]:
    """The range of every float tensor for each sample by itself; NaN may hide, see `calibrate`."""
    observed = [name for layer in graph.layers for name in layer.outputs if graph.is_float(name)]
    found: list[dict[str, Range]] = []
    yield from _Observer(graph, observed, ()).ranges(samples, lambda _, seen: found.append(dict(seen)), count)
    return tuple(found)


class _Observer:
    """The network in float with the ranges of its tensors as outputs; the sums of `summed` show hidden NaN."""

    def __init__(self, graph: Deployed, observed: Sequence[str], summed: Collection[str]) -> None:
        self._graph = graph
        self._observed = observed
        self._following = _following(graph, set(observed)) if len(summed) < len(observed) else {}
        checked = frozenset(summed)
        self._ends = {
            name: (LOWEST, HIGHEST, SUM) if name in checked else (LOWEST, HIGHEST)
            for name in observed
            if name not in self._following
        }
        self._session: Any = None

    def ranges(
        self,
        samples: Iterable[Mapping[str, np.ndarray]],
        done: Callable[[Mapping[str, np.ndarray], Mapping[str, Range]], None],
        count: int,
    ) -> Steps[None]:
        """The range of every tensor for each input; NaN where a tensor has some."""
        rest = iter(samples)
        first = next(rest, None)
        names = [name + end for name, ends in self._ends.items() for end in ends]
        if first is None:
            return
        if self._session is None and names:
            # one thread: the bits of the toolkit's ranges, and several inputs at a time are faster than several threads
            self._session = _opened(self._graph, self._ends, first)

        def reduced(feeds: Mapping[str, np.ndarray], arrays: Sequence[Any]) -> None:
            done(feeds, self._found(feeds, dict(zip(names, map(float, arrays), strict=True))))

        if names:
            yield from run_each(self._session, names, chain([first], rest), reduced, ("calibrate", count))
        else:
            for number, feeds in enumerate(chain([first], rest), 1):
                done(feeds, self._found(feeds, {}))
                yield Progress("calibrate", number, count)

    def _found(self, feeds: Mapping[str, np.ndarray], values: Mapping[str, float]) -> dict[str, Range]:
        found = {name: _range_of(array) for name, array in feeds.items() if array.dtype == np.float32}
        for name in self._observed:
            if name in self._following:
                found[name] = _followed(self._graph, self._following[name], found)
                continue
            seen = Range(values[name + LOWEST], values[name + HIGHEST])
            found[name] = seen if np.isfinite(values.get(name + SUM, 0.0)) else Range(np.nan, np.nan)
        return found


def _following(graph: Deployed, observed: set[str]) -> dict[str, DeployedLayer]:
    """Tensors whose range follows from that of what they are made of, and need not be looked at."""
    known = observed | {tensor.name for tensor in graph.model.graph.inputs if graph.is_float(tensor.name)}
    found = {}
    for layer in graph.layers:
        taken = [name for name in layer.inputs if name not in graph.constants]
        bounds = all(name in graph.constants for name in layer.inputs[1:]) or layer.op == "Concat"
        if layer.op in FOLLOWING and bounds and taken and set(taken) <= known and layer.outputs[0] in observed:
            found[layer.outputs[0]] = layer
    return found


def _followed(graph: Deployed, layer: DeployedLayer, found: Mapping[str, Range]) -> Range:
    seen = [found[name] for name in layer.inputs if name not in graph.constants]
    constants = [graph.constants[name] for name in layer.inputs if name in graph.constants]
    low, high = np.min([item.low for item in seen]), np.max([item.high for item in seen])  # NaN stays NaN
    if layer.op == "Relu":
        low, high = np.maximum(low, 0.0), np.maximum(high, 0.0)
    elif layer.op == "Clip":
        bounds = limits_of(graph, layer) or (low, high)
        low, high = (np.clip(np.float32(end), np.float32(bounds[0]), np.float32(bounds[1])) for end in (low, high))
    elif layer.op == "Concat":
        low = np.min([low, *(value.min() for value in constants)])
        high = np.max([high, *(value.max() for value in constants)])
    return Range(float(low), float(high))


def _range_of(array: np.ndarray) -> Range:
    return Range(float(array.min()), float(array.max()))


def _is_finite(seen: Range) -> bool:
    return bool(np.isfinite([seen.low, seen.high]).all())


def _opened(graph: Deployed, ends: Mapping[str, Collection[str]], feeds: Mapping[str, np.ndarray]) -> Any:
    """A session of the network with the reductions of its tensors."""
    nodes: list[onnx.NodeProto] = []
    for layer in graph.layers:
        nodes.extend(emit_to_the_bit(layer, layer.inputs, layer.outputs))
        for name in layer.outputs:  # reduced at once, so that its memory is soon free again
            reductions = [(REDUCTIONS[end], name + end) for end in ends.get(name, ())]
            nodes.extend(helper.make_node(op, [name], [output], keepdims=0) for op, output in reductions)
    outputs = [name + end for name, own in ends.items() for end in own]
    constants = needed_constants(nodes, graph.constants)
    inputs = [value_info(name, array) for name, array in feeds.items()]
    tensors = [described(name, array) for name, array in constants.items()]
    return open_chain(assemble(nodes, inputs, outputs, tensors, graph.model.proto), 1, constants)

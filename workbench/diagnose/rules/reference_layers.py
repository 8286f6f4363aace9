"""Where golden values part from the network although the input is the same: other weights, or another operator.

Every layer is computed in float from the golden values before it. One that gives other values than the golden ones is
not the layer that gave them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx

from workbench.diagnose.case import Case
from workbench.diagnose.causes import causes
from workbench.diagnose.findings import Chart, Evidence, Finding
from workbench.diagnose.shown import row_tensor
from workbench.diagnose.wanted import distance
from workbench.diagnose.weights_fit import WEIGHTED, weights_fit
from workbench.dump.store import Dump
from workbench.foundation.steps import Progress, Steps
from workbench.graph.execute import Network, byte_sizes
from workbench.graph.graph import Layer

STAGE = "diagnose"
APART = 0.01
GIVEN = "golden of "  # before the names of tensors that layers are given
UNFIT = 0.05  # what is left with the best weights of the layer that it was
MOST_SOLVED = 2
MOST_SHOWN = 24


@dataclass(frozen=True)
class _Other:
    """A tensor that the network does not give from the golden values before it, and the layers between."""

    tensor: str
    difference: float
    layers: tuple[Layer, ...]


def other_layers(case: Case, golden: Dump, tensors: Sequence[str], is_input_told: bool) -> Steps[tuple[Finding, ...]]:
    """Layers that give other values than the golden ones from the golden values before them.

    `tensors` are those that golden values are there for, in order. `is_input_told`: the session's input leads to them.
    """
    others = yield from _others(case, golden, tensors)
    if not is_input_told:
        others = [one for one in others if not _reaches_input(one, case, golden)]
    if not others:
        return ()
    stale: list[tuple[_Other, float | None]] = []
    converted: list[tuple[_Other, float | None]] = []
    for one in others[:MOST_SOLVED]:
        yield Progress(STAGE, 0, 0, one.tensor)
        left = weights_fit(case.model, one.layers, one.tensor, golden)
        is_unfit = left is not None and left > UNFIT
        (stale if _weighted(one) is not None and not is_unfit else converted).append((one, left))
    for one in others[MOST_SOLVED:]:
        (stale if _weighted(one) is not None else converted).append((one, None))
    found = []
    if stale:
        found.append(_finding(case, "weights-stale", stale, others))
    if converted:
        found.append(_finding(case, "conversion", converted, others))
    return tuple(found)


def _others(case: Case, golden: Dump, tensors: Sequence[str]) -> Steps[list[_Other]]:
    graph = case.model.graph
    inputs = {tensor.name for tensor in graph.inputs}
    given = set(tensors)
    wanted = [name for name in tensors if name not in inputs]
    feeds = case.feeds_of(case.samples[0])
    proto = onnx.ModelProto()
    proto.CopyFrom(case.model.proto)
    for node in proto.graph.node:
        for at, name in enumerate(node.input):
            if name in given and name not in inputs:
                node.input[at] = GIVEN + name
    known = {GIVEN + name: _shaped(golden[name], case, name) for name in wanted}
    known.update({name: _shaped(golden[name], case, name) if name in golden else feeds[name] for name in inputs})
    differences: dict[str, float] = {}

    def compare(name: str, array: np.ndarray) -> None:
        if array.dtype.kind == "f" and array.size == golden[name].size:
            differences[name] = distance(array, golden[name])

    yield from Network(proto, wanted, byte_sizes(graph.tensors), large=case.model.large).run(known, compare, STAGE)
    return [
        _Other(name, differences[name], _between(case, name, given))
        for name in wanted
        if differences.get(name, 0.0) >= APART
    ]


def _shaped(values: np.ndarray, case: Case, name: str) -> np.ndarray:
    tensor = case.model.graph.tensors.get(name)
    shape = tensor.static_shape if tensor is not None else None
    dtype = (tensor.dtype if tensor is not None else "") or "float32"
    fits = shape is not None and values.size == int(np.prod(shape, dtype=np.int64))
    return np.ascontiguousarray(values.reshape(shape) if fits and shape is not None else values, dtype)


def _between(case: Case, tensor: str, given: set[str]) -> tuple[Layer, ...]:
    """The layers that compute a tensor from given ones, the last first."""
    graph = case.model.graph
    found: list[Layer] = []
    open_ = [tensor]
    while open_:
        layer = graph.producers.get(open_.pop())
        if layer is None or layer in found:
            continue
        found.append(layer)
        open_ += [name for name in layer.inputs if name and name not in given]
    return tuple(found)


def _reaches_input(other: _Other, case: Case, golden: Dump) -> bool:
    """Whether it is computed from an input of the network that no golden value is there for."""
    inputs = {tensor.name for tensor in case.model.graph.inputs if tensor.name not in golden}
    return any(name in inputs for layer in other.layers for name in layer.inputs)


def _weighted(other: _Other) -> Layer | None:
    """The last layer with weights."""
    return next((layer for layer in other.layers if layer.op in WEIGHTED), None)


def _finding(case: Case, cause: str, found: list[tuple[_Other, float | None]], others: list[_Other]) -> Finding:
    first, left = found[0]
    layer = _weighted(first) or first.layers[0]
    texts = [
        f"{first.tensor}, computed from the golden values before it, differs from the golden one by "
        f"{first.difference:.1%}; float values of the same layer would be equal."
    ]
    if left is not None and cause == "weights-stale":
        texts.append(f"With other weights of {layer.name} the golden values follow: {left:.2%} are left.")
    elif left is not None:
        texts.append(f"No weights of {layer.name} give the golden values: {left:.1%} are left with the best ones.")
    if len(others) > 1:
        texts.append(f"{len(others)} layers differ so, the last one is {others[-1].tensor}.")
    shown = others[:MOST_SHOWN]
    chart = Chart(
        "bars",
        "tensor",
        "difference from golden inputs, %",
        {"difference": tuple(100 * one.difference for one in shown)},
        tuple(one.tensor for one in shown),
    )
    tensors = tuple(dict.fromkeys(row_tensor(case, one.tensor) for one, _ in found))
    evidence = tuple(
        Evidence(text, tensors[0], 0, "scatter", chart if number == 0 else None) for number, text in enumerate(texts)
    )
    confidence = 0.97 if left is not None and cause == "weights-stale" else 0.85
    values = {"tensor": first.tensor, "layer": layer.name, "op": layer.op, "count": str(len(found))}
    explains = frozenset(causes()) - {cause}
    return Finding(cause, confidence, tensors, values, evidence, explains=explains)

"""Cut the last operators off: the NPU gives what they take, and they are computed outside it, in float."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from workbench.diagnose.case import Case
from workbench.diagnose.changes import Change
from workbench.diagnose.findings import Fix
from workbench.diagnose.fixes.naming import place
from workbench.diagnose.fixes.verify import is_alike
from workbench.foundation.steps import Steps
from workbench.graph.edit import part, write
from workbench.graph.folding import fold_constants
from workbench.graph.graph import Layer, Model

MOVING = frozenset((
    "Concat", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Slice", "Split", "Gather",
    "Expand", "Tile", "Dropout", "DepthToSpace", "SpaceToDepth",
))  # fmt: skip
"""Operators that take numbers as they are."""
LIGHT = MOVING | {
    "Add", "Sub", "Mul", "Div", "Pow", "Sqrt", "Exp", "Log", "Neg", "Abs", "Reciprocal", "Min", "Max", "Clip", "Relu",
    "LeakyRelu", "PRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Softmax", "LogSoftmax", "Tanh", "Softplus", "Elu",
    "Cast", "Floor", "Ceil", "Round", "Greater", "Less", "Equal", "Where", "Not", "And", "Or", "ReduceMax",
    "ReduceSum", "ReduceMean", "ReduceMin", "ReduceL2", "ArgMax", "ArgMin", "TopK", "Erf",
}  # fmt: skip
"""Operators that cost a processor little."""
ACTIVATIONS = frozenset(("Relu", "Clip", "LeakyRelu", "PRelu", "HardSwish"))
MOST_TENSORS = 24  # that a cut network may give


@dataclass(frozen=True)
class Cut:
    """Where a network ends for the NPU: it gives `tensors`, and `outside` is left to do, in order."""

    tensors: tuple[str, ...]
    outside: tuple[Layer, ...]

    @property
    def operators(self) -> str:
        """What is computed outside: `Sigmoid, 2 Concat`."""
        counts = Counter(layer.op for layer in self.outside)
        return ", ".join(op if count == 1 else f"{count} {op}" for op, count in counts.items())


def cut_tail(case: Case) -> Steps[Fix | None]:
    """The operators behind the last sums of products go outside; None where there are none, or they are outside."""
    constants = yield from fold_constants(case.model)
    found = last_operators(case.model, constants, LIGHT)
    if found is None or all(_belongs_to_sums(case.model, layer) for layer in found.outside):
        return None
    return (yield from _cut(case, found, constants, "cut"))


def split_outputs(case: Case) -> Steps[Fix | None]:
    """The Concat at the end goes outside: each of its parts becomes an output, with a range of its own."""
    constants = yield from fold_constants(case.model)
    found = last_operators(case.model, constants, MOVING)
    found = None if found is None else _from_concats(case.model, found, constants)
    if found is None:
        return None
    return (yield from _cut(case, found, constants, "split"))


def can_cut(case: Case, ops: Collection[str]) -> bool:
    """Whether there is something to cut off, as far as can be told without running anything."""
    constants = {} if case.graph is None else case.graph.constants
    found = None if case.tail is not None else last_operators(case.model, constants, ops)
    if found is not None and ops is MOVING:
        found = _from_concats(case.model, found, constants)
    return found is not None and not all(_belongs_to_sums(case.model, layer) for layer in found.outside)


def last_operators(model: Model, constants: Mapping[str, np.ndarray], ops: Collection[str]) -> Cut | None:
    """The operators of some kinds with nothing of another kind behind them; None where there are none."""
    outputs = {tensor.name for tensor in model.graph.outputs}
    region: set[str] = set()
    for layer in reversed(model.graph.layers):
        if layer.op not in ops or layer.domain or set(layer.outputs) <= constants.keys():
            continue
        takers = [taker for name in layer.outputs for taker in model.graph.consumers.get(name, ())]
        is_last = all(taker.outputs[0] in region for taker in takers)
        if is_last and (takers or outputs.intersection(layer.outputs)):
            region.add(layer.outputs[0])
    return _cut_of(model, region, constants)


def _belongs_to_sums(model: Model, layer: Layer) -> bool:
    """Whether an operator is fused to the one before it: an activation, or the sum with a bias."""
    is_bias = layer.op == "Add" and any(name in model.graph.constants for name in layer.inputs)
    return is_bias or layer.op in ACTIVATIONS


def _from_concats(model: Model, cut: Cut, constants: Mapping[str, np.ndarray]) -> Cut | None:
    """The part of a cut from its first Concat on."""
    behind: set[str] = set()
    for layer in cut.outside:
        if layer.op == "Concat" or any(_giver(model, name) in behind for name in layer.inputs):
            behind.add(layer.outputs[0])
    return _cut_of(model, behind, constants)


def _giver(model: Model, name: str) -> str:
    layer = model.graph.producers.get(name)
    return "" if layer is None else layer.outputs[0]


def _cut_of(model: Model, region: Collection[str], constants: Mapping[str, np.ndarray]) -> Cut | None:
    """The cut before a region (layers by first output); None where it cannot be cut off."""
    layers = tuple(layer for layer in model.graph.layers if layer.outputs[0] in region)
    inside = {name for layer in layers for name in layer.outputs}
    known = constants.keys() | model.graph.constants | {""}
    taken = dict.fromkeys(name for layer in layers for name in layer.inputs if name not in inside | known)
    inputs = {tensor.name for tensor in model.graph.inputs}
    is_float = all(model.graph.tensors[name].dtype == "float32" for name in taken if name in model.graph.tensors)
    has_shape = all(model.graph.tensors[name].static_shape is not None for name in taken)
    if not layers or not taken or inputs.intersection(taken) or len(taken) > MOST_TENSORS:
        return None
    return Cut(tuple(taken), layers) if is_float and has_shape else None


def _cut(case: Case, cut: Cut, constants: Mapping[str, np.ndarray], what: str) -> Steps[Fix | None]:
    """Write both parts and make sure that together they are the whole."""
    model = case.model
    if case.tail is not None or not model.is_onnx:
        return None
    inside = {name for layer in cut.outside for name in layer.outputs}
    outputs = [tensor.name for tensor in model.graph.outputs]
    given = [*cut.tensors, *(name for name in outputs if name not in inside and name not in cut.tensors)]
    path, tail = place(case, what, cut.tensors), place(case, f"{what}-outside", cut.tensors)
    write(part(model, [tensor.name for tensor in model.graph.inputs], given, constants), path)
    write(part(model, cut.tensors, [name for name in outputs if name in inside], constants), tail)
    if not (yield from is_alike(case, (path, tail))):
        return None
    change = Change(model=path, tail=tail, reference=case.reference or model.path)
    return Fix(_text(cut, what), change, key=KEYS[what])


KEYS = {"cut": "cut-tail", "split": "split-outputs"}


def _text(cut: Cut, what: str) -> str:
    tensors = ", ".join(cut.tensors)
    if what == "split":
        return f"Split the output: the network gives {tensors}, and {cut.operators} put them together outside the NPU."
    return f"Cut the last operators off: the network gives {tensors}, and outside the NPU follow {cut.operators}."

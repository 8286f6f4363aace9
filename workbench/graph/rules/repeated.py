"""Operators that compute the same values twice are one."""

from dataclasses import replace

import numpy as np

from workbench.graph.deployed import SWISH, DeployedLayer
from workbench.graph.draft import Draft

# those that the toolkit merges; two Adds or Sigmoids stay
MERGED = frozenset(
    ("MaxPool", "AveragePool", "Relu", "LeakyRelu", SWISH, "Mul", "Sub", "Transpose", "Reshape", "Slice", "Split")
) | {"Concat", "Conv"}


def merge_repeated(draft: Draft, layer: DeployedLayer) -> bool:
    """Of equal operators the one that gives an output of the network stays, else the first."""
    if layer.op not in MERGED or not draft.is_float(layer.outputs[0]) or not layer.inputs:
        return False
    if layer.op == "Conv" and (draft.shape(layer.inputs[1]) or ())[2:] != (1, 1):
        return False
    source = next((name for name in layer.inputs if name not in draft.constants), "")
    others = [item for item in draft.consumers(source) if _is_same(draft, item, layer)]
    if not others:
        return False
    order = {id(item): number for number, item in enumerate(draft.layers)}
    gives = {id(item) for item in (layer, *others) if not draft.outputs.isdisjoint(item.outputs)}
    kept, *more = sorted([layer, *others], key=lambda item: (id(item) not in gives, order[id(item)]))
    dropped = [item for item in more if _redirects(draft, kept, item)]
    if not dropped:
        return False
    draft.replace([*dropped, kept], [replace(kept, origins=())])
    return True


def _redirects(draft: Draft, kept: DeployedLayer, item: DeployedLayer) -> bool:
    """Let what takes the tensors of `item` take those of `kept`."""
    needed = draft.outputs & set(item.outputs)
    captured = any(name in draft.captured(taker) for name in item.outputs for taker in draft.consumers(name))
    if needed or captured:
        return False
    for name, other in zip(item.outputs, kept.outputs, strict=True):
        draft.redirect(name, other)
    return True


def _is_same(draft: Draft, item: DeployedLayer, layer: DeployedLayer) -> bool:
    if item is layer or item.op != layer.op or item.proto.op_type != layer.proto.op_type:
        return False
    if item.attributes != layer.attributes or len(item.outputs) != len(layer.outputs) or "" in item.outputs:
        return False
    if len(item.inputs) != len(layer.inputs):
        return False
    return all(_is_equal(draft, own, other) for own, other in zip(item.inputs, layer.inputs, strict=True))


def _is_equal(draft: Draft, name: str, other: str) -> bool:
    if name == other:
        return True
    value, second = draft.value(name), draft.value(other)
    return value is not None and second is not None and value.dtype == second.dtype and np.array_equal(value, second)

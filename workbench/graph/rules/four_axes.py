"""The NPU computes on four axes: other tensors are reshaped around the operator."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.reshapes import UNARY, reshape

BINARY = frozenset(("Add", "Sub", "Mul", "Div", "Max", "Min", "Pow"))
WITH_AXIS = frozenset(("Concat", "exSoftmax13", "Split"))
PLACES = {2: (0, 1), 3: (0, 1, 3)}
"""Where the axes of smaller tensors go: (a, b) -> (a, b, 1, 1) and (a, b, c) -> (a, b, 1, c)."""


def to_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """Reshape, operator on four axes, Reshape back."""
    rank = len(draft.shape(layer.outputs[0]) or ())
    if rank not in PLACES or not all(draft.is_float(name) for name in layer.outputs if name):
        return False
    if any(draft.shape(name) is None for name in (*layer.inputs, *layer.outputs) if name):
        return False
    if layer.op in UNARY:
        _wrap(draft, layer, layer.inputs[:1], layer.attributes)
    elif layer.op in BINARY and all(_fits(draft, name, rank) for name in layer.inputs):
        _wrap(draft, layer, layer.inputs, layer.attributes)
    elif layer.op in WITH_AXIS and "axis" in layer.attributes:
        axis = PLACES[rank][layer.attributes["axis"] % rank]
        _wrap(draft, layer, layer.inputs[: None if layer.op == "Concat" else 1], {**layer.attributes, "axis": axis})
    elif layer.op == "Transpose":
        _wrap(draft, layer, layer.inputs, {"perm": _order(layer.attributes.get("perm"), rank)})
    else:
        return False
    return True


def _fits(draft: Draft, name: str, rank: int) -> bool:
    return draft.is_float(name) and len(draft.shape(name) or ()) <= rank


def _wrap(draft: Draft, layer: DeployedLayer, taken: Sequence[str], attributes: Mapping[str, Any]) -> None:
    rank = len(draft.shape(layer.outputs[0]) or ())
    before: list[DeployedLayer] = []
    inputs = [_wide(draft, name, rank, before) for name in dict.fromkeys(taken)]
    of = dict(zip(dict.fromkeys(taken), inputs, strict=True))
    own = tuple(of.get(name, name) for name in layer.inputs)
    outputs, after = [], []
    for name in layer.outputs:
        shape = four(draft.shape(name) or (), rank)
        outputs.append(draft.tensor(f"{name}-rs", shape, golden=name))
        after.append(reshape(draft, outputs[-1], name))
    if layer.proto.op_type:
        inner = make_layer(layer.op, own, outputs, **attributes)
    else:
        inner = replace(layer, inputs=own, outputs=tuple(outputs), attributes=dict(attributes))
    draft.replace([layer], [*before, replace(inner, origins=layer.origins), *after])


def _wide(draft: Draft, name: str, rank: int, before: list[DeployedLayer]) -> str:
    """A tensor with four axes; the Reshape that makes it is added to `before`."""
    shape = draft.shape(name) or ()
    wide = four(shape, rank)
    value = draft.value(name)
    if value is not None:
        return name if value.size == 1 else draft.constant(f"{name}_rs", value.reshape(wide))
    target = draft.tensor(numbered(draft, f"{name}_rs"), wide, golden=name)
    before.append(reshape(draft, name, target))
    return target


def four(shape: Sequence[int], rank: int) -> tuple[int, ...]:
    """A shape of at most `rank` axes on four."""
    full = (1,) * (rank - len(shape)) + tuple(shape)
    wide = [1, 1, 1, 1]
    for place, size in zip(PLACES[rank], full, strict=True):
        wide[place] = size
    return tuple(wide)


def _order(perm: object, rank: int) -> list[int]:
    order = list(perm) if isinstance(perm, list | tuple) else list(range(rank))[::-1]
    places = PLACES[rank]
    wide = list(range(4))
    for place, axis in zip(places, order, strict=True):
        wide[place] = places[axis]
    return wide

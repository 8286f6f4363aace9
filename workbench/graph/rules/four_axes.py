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
FIVE = (0, 0, 1, 2, 3)
EVERY_PLACE = {1: (1,), **PLACES, len(FIVE): FIVE}
"""The same of vectors, (a,) -> (1, a, 1, 1), and of five axes, the first of which has one value: it is left out."""


def to_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """Reshape, operator on four axes, Reshape back."""
    rank = _rank(draft, layer)
    return 0 < rank < len(FIVE) and _on_four(draft, layer, rank)


def five_to_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """The same of five axes the first of which has one value, after operators have changed places."""
    return _rank(draft, layer) == len(FIVE) and _on_four(draft, layer, len(FIVE))


def transpose_of_more_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """A Transpose of five axes and more is one of the four that are left without as many axes of one value."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "Transpose" and draft.is_float(layer.inputs[0]) else None
    if shape is None or len(shape) < len(FIVE) or layer.inputs[0] in draft.constants:
        return False
    ones = [axis for axis, size in enumerate(shape) if size == 1][: len(shape) - 4]
    kept = [axis for axis in range(len(shape)) if axis not in ones]
    if len(kept) != 4:
        return False
    source, target = layer.inputs[0], layer.outputs[0]
    perm = [kept.index(axis) for axis in layer.attributes.get("perm", range(len(shape))[::-1]) if axis in kept]
    sizes = [shape[axis] for axis in kept]
    wide = draft.tensor(numbered(draft, f"{source}_rs"), sizes, golden=source)
    turned = draft.tensor(numbered(draft, f"{target}-rs"), [sizes[axis] for axis in perm], golden=target)
    transpose = make_layer("Transpose", (wide,), (turned,), perm=perm)
    draft.replace([layer], [reshape(draft, source, wide), transpose, reshape(draft, turned, target)])
    return True


def transpose_on_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """The same with Transposes, after all other operators: their names are counted."""
    rank = _rank(draft, layer) if layer.op == "Transpose" else 0
    if rank not in PLACES:
        return False
    _wrap(draft, layer, layer.inputs, {"perm": _order(layer.attributes.get("perm"), rank)})
    return True


def _on_four(draft: Draft, layer: DeployedLayer, rank: int) -> bool:
    if rank not in EVERY_PLACE:
        return False
    if layer.op in UNARY:
        _wrap(draft, layer, layer.inputs[:1], layer.attributes)
    elif layer.op in BINARY and all(_fits(draft, name, rank) for name in layer.inputs):
        _wrap(draft, layer, layer.inputs, layer.attributes)
    elif layer.op in WITH_AXIS and "axis" in layer.attributes:
        axis = EVERY_PLACE[rank][layer.attributes["axis"] % rank]
        _wrap(draft, layer, layer.inputs[: None if layer.op == "Concat" else 1], {**layer.attributes, "axis": axis})
    else:
        return False
    return True


def _rank(draft: Draft, layer: DeployedLayer) -> int:
    """How many axes a layer of floats gives; 0 where a shape is not known, or where all of five axes are needed."""
    names = [name for name in (*layer.inputs, *layer.outputs) if name]
    is_float = all(draft.is_float(name) for name in layer.outputs if name)
    known = is_float and all(draft.shape(name) is not None for name in names)
    rank = len(draft.shape(layer.outputs[0]) or ()) if known else 0
    return 0 if rank == len(FIVE) and not _leaves_first(draft, layer) else rank


def _leaves_first(draft: Draft, layer: DeployedLayer) -> bool:
    """Whether the first of five axes has one value everywhere, and is not what a layer works along."""
    names = [name for name in (*layer.inputs, *layer.outputs) if name and draft.is_float(name)]
    shapes = [shape for name in names if len(shape := draft.shape(name) or ()) == len(FIVE)]
    is_axis = layer.op in WITH_AXIS and layer.attributes.get("axis", 0) in (0, -len(FIVE))
    return all(shape[0] == 1 for shape in shapes) and not is_axis


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
    for place, size in zip(EVERY_PLACE[rank], full, strict=True):
        wide[place] = size
    return tuple(wide)


def _order(perm: object, rank: int) -> list[int]:
    order = list(perm) if isinstance(perm, list | tuple) else list(range(rank))[::-1]
    places = EVERY_PLACE[rank]
    wide = list(range(4))
    for place, axis in zip(places, order, strict=True):
        wide[place] = places[axis]
    return wide

"""LayerNormalization and LpNormalization, in one operator or in several, as norms over axis 1 of four.

Source: the toolkit's graphs of 40 networks with one norm each; quantization semantics §6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, numbered, own_name
from workbench.graph.rules.norms import LAYER, LENGTH, PIXEL, Kind, norm_layer
from workbench.graph.rules.pools import axes_of
from workbench.graph.rules.reshapes import reshape

TURNED = [0, 3, 2, 1]
TINY, SHORT = 1e-12, 1e-5  # the shortest length where the network has none, and the largest bound of one


@dataclass(frozen=True)
class _Norm:
    """What a norm takes, over which axis, its new name, and of what kind it is.

    `is_wide` says that it has four axes from the start: the toolkit has others so only after it has moved activations.
    """

    source: str
    axis: int
    name: str
    kind: Kind
    is_wide: bool = False


def layer_to_norm(draft: Draft, layer: DeployedLayer) -> bool:
    """LayerNormalization over the last axis -> exNorm."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "LayerNormalization" else None
    if not shape or any(layer.outputs[1:]) or layer.attributes.get("axis", -1) % len(shape) != len(shape) - 1:
        return False
    values = [_along(draft, name, shape, len(shape) - 1) for name in layer.inputs[1:] if name]
    epsilon = float(layer.attributes.get("epsilon", 1e-5))
    known = tuple(value for value in values if value is not None)
    norm = _Norm(layer.inputs[0], len(shape) - 1, f"{own_name(layer)}#1", Kind(LAYER, epsilon, known), True)
    return len(known) == len(values) and _replace(draft, [layer], norm)


def merge_layer_norm(draft: Draft, layer: DeployedLayer) -> bool:
    """(x − mean) / √(mean of squares + ε), times a constant, plus a constant -> exNorm."""
    parts = _parts(draft, layer) if layer.op == "Div" else None
    if parts is None:
        return False
    means, epsilon = parts[0], _number(draft, parts[4])
    source, axes = means.inputs[0], axes_of(draft, means)
    shape = draft.shape(source)
    if shape is None or axes is None or len(axes) != 1 or epsilon is None:
        return False
    values: list[np.ndarray] = []
    for op in ("Mul", "Add"):
        after = draft.sole_consumer(layer.outputs[0])
        names = [name for name in after.inputs if name != layer.outputs[0]] if after and after.op == op else []
        value = _along(draft, names[0], shape, axes[0]) if names else None
        if after is None or value is None:
            break
        values.append(value)
        parts, layer = [*parts, layer], after
    name = _name(draft, [*parts, layer], own_name(means))
    return _replace(draft, [*parts, layer], _Norm(source, axes[0], name, Kind(LAYER, epsilon, tuple(values))))


def length_to_norm(draft: Draft, layer: DeployedLayer) -> bool:
    """LpNormalization by the square root of squares -> exNorm."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "LpNormalization" else None
    if not shape or layer.attributes.get("p", 2) != 2:
        return False
    axis = layer.attributes.get("axis", -1) % len(shape)
    return _replace(draft, [layer], _Norm(layer.inputs[0], axis, f"{own_name(layer)}#1", Kind(LENGTH, TINY), True))


def merge_length(draft: Draft, layer: DeployedLayer) -> bool:
    """x / ReduceL2(x) -> exNorm; the length may be clipped from below and repeated, or have a number added to it."""
    found = _length(draft, layer.inputs[1]) if layer.op == "Div" else None
    if found is None or any(draft.sole_consumer(part.outputs[0]) is None for part in found[0]):
        return False
    parts, kind = found
    length, target = parts[0], layer.outputs[0]
    axes = axes_of(draft, length)
    if (
        axes is None
        or len(axes) != 1
        or length.inputs[0] != layer.inputs[0]
        or not length.attributes.get("keepdims", 1)
    ):
        return False
    name = f"{own_name(length)}_2{'pixeln' if kind.mode == PIXEL else 'lpnorm2'}"
    if not _replace(draft, [*parts, layer], _Norm(length.inputs[0], axes[0], name, kind)):
        return False
    if len(parts) == 1 or kind.mode == PIXEL:  # the network divides by zero where the norm does not, or by a sum
        draft.reordered.add(target)
    return True


def _length(draft: Draft, name: str) -> tuple[list[DeployedLayer], Kind] | None:
    """The ReduceL2 that gives a length, with what bounds it, and the norm that it makes."""
    last = draft.producer(name)
    if last is not None and last.op == "ReduceL2":
        return [last], Kind(LENGTH, TINY)
    before = draft.producer(last.inputs[0]) if last is not None else None
    if last is None or before is None:
        return None
    if last.op == "Add" and before.op == "ReduceL2":
        number = _number(draft, last)
        return None if number is None else ([before, last], Kind(PIXEL, number))
    length = draft.producer(before.inputs[0])
    if (last.op, before.op) != ("Expand", "Clip") or length is None or length.op != "ReduceL2":
        return None
    number = _number(draft, before) if len(before.inputs) == 2 else None
    return None if number is None or number > SHORT else ([length, before, last], Kind(LENGTH, number))


def _parts(draft: Draft, layer: DeployedLayer) -> list[DeployedLayer] | None:
    """The mean, difference, square, variance, sum and root before a Div that makes a norm of them."""
    rest, root = (draft.producer(name) for name in layer.inputs)
    sum_ = _giver(draft, root, "Sqrt")
    variance = _computed(draft, sum_) if sum_ is not None and sum_.op == "Add" else None
    square = _giver(draft, variance, "ReduceMean")
    if rest is None or root is None or sum_ is None or variance is None or square is None or rest.op != "Sub":
        return None
    mean = draft.producer(rest.inputs[1])
    if (
        mean is None
        or mean.op != "ReduceMean"
        or mean.inputs[0] != rest.inputs[0]
        or not draft.is_float(mean.inputs[0])
    ):
        return None
    if not _squares(draft, square, rest.outputs[0]) or axes_of(draft, mean) != axes_of(draft, variance):
        return None
    if not (mean.attributes.get("keepdims", 1) and variance.attributes.get("keepdims", 1)):
        return None
    alone = all(draft.sole_consumer(part.outputs[0]) is not None for part in (mean, square, variance, sum_, root))
    takers = {id(taker) for taker in draft.consumers(rest.outputs[0])}
    is_own = takers == {id(square), id(layer)} and rest.outputs[0] not in draft.outputs
    return [mean, rest, square, variance, sum_, root] if alone and is_own else None


def _name(draft: Draft, parts: Sequence[DeployedLayer], own: str) -> str:
    """The toolkit's name of what a norm gives: another before products, where others take what is normed as well."""
    source, target = parts[0].inputs[0], parts[-1].outputs[0]
    takers = draft.consumers(target)
    others = [taker for taker in draft.consumers(source) if not any(taker is part for part in parts)]
    is_before = bool(takers) and all(taker.op == "MatMul" for taker in takers)
    return f"{target}_tp-rs" if is_before and others and draft.producer(source) is not None else f"{own}_2ln"


def _giver(draft: Draft, layer: DeployedLayer | None, op: str) -> DeployedLayer | None:
    return draft.producer(layer.inputs[0]) if layer is not None and layer.op == op else None


def _computed(draft: Draft, layer: DeployedLayer) -> DeployedLayer | None:
    """What gives the operand of a sum that is no constant."""
    givers = [draft.producer(name) for name in layer.inputs if name not in draft.constants]
    return givers[0] if len(givers) == 1 else None


def _squares(draft: Draft, layer: DeployedLayer, name: str) -> bool:
    if layer.op == "Mul":
        return layer.inputs == (name, name)
    value = draft.value(layer.inputs[1]) if layer.op == "Pow" and layer.inputs[0] == name else None
    return value is not None and value.size == 1 and float(value.reshape(-1)[0]) == 2.0


def _number(draft: Draft, layer: DeployedLayer) -> float | None:
    values = [float_constant(draft, name) for name in layer.inputs if name in draft.constants]
    return float(values[0].reshape(-1)[0]) if values and values[0] is not None and values[0].size == 1 else None


def _along(draft: Draft, name: str, shape: Sequence[int], axis: int) -> np.ndarray | None:
    """A constant with one value for each place of an axis, or one for all; None where it has others."""
    value = float_constant(draft, name)
    if value is None or value.ndim > len(shape):
        return None
    own = (1,) * (len(shape) - value.ndim) + value.shape
    if own[axis] not in (1, shape[axis]) or value.size != own[axis]:
        return None
    return np.ascontiguousarray(np.broadcast_to(value.reshape(-1), (shape[axis],)))


def _replace(draft: Draft, old: Sequence[DeployedLayer], norm: _Norm) -> bool:
    """A norm in the place of `old`, which ends with the layer that gives the result."""
    source, target = norm.source, old[-1].outputs[0]
    shape = draft.shape(source) or ()
    rank = len(shape)
    if rank not in (2, 3, 4) or not draft.is_float(source) or source in draft.grids or target in draft.grids:
        return False
    if norm.axis == 0 and rank > 2:
        return False
    kept = norm.axis == (0 if rank == 2 else 1)
    is_table = not kept and rank < 4 and shape[-2] > 1 and (norm.is_wide or rank == 2)
    before, wide = _turned_rows(draft, source) if is_table else _to_channels(draft, source, norm.axis)
    if rank == 4 and kept:
        draft.replace(old, [norm_layer(draft, wide, target, norm.kind)])
        return True
    given = draft.tensor(numbered(draft, norm.name), draft.shape(wide) or (), golden=target if kept else "")
    middle = norm_layer(draft, wide, given, norm.kind)
    behind = _rows(draft, given, target) if is_table else _from_channels(draft, given, target, norm.axis)
    draft.replace(old, [*before, middle, *behind])
    return True


def _order(rank: int, axis: int) -> list[int]:
    """The axes with one that becomes the channels, behind that of the batch."""
    batch = list(range(rank - 2 if rank < 4 else 1))
    others = [other for other in range(len(batch), rank) if other != axis]
    return [*batch, axis, *others]


def _to_channels(draft: Draft, source: str, axis: int) -> tuple[list[DeployedLayer], str]:
    """A tensor as [b, c, …] of four axes with one of its axes in the place of the channels."""
    shape = draft.shape(source) or ()
    order, layers = _order(len(shape), axis), []
    if order != sorted(order):
        turned = draft.tensor(numbered(draft, f"{source}_tp"), [shape[place] for place in order])
        layers.append(make_layer("Transpose", (source,), (turned,), perm=order))
        source, shape = turned, draft.shape(turned) or ()
    if len(shape) == 4:
        return layers, source
    batch, channels, places = (1, *shape)[-3:]
    wide = draft.tensor(numbered(draft, f"{source}_rs"), (batch, channels, 1, places), golden=source)
    return [*layers, reshape(draft, source, wide)], wide


def _turned_rows(draft: Draft, source: str) -> tuple[list[DeployedLayer], str]:
    """x[…, m, k] as [b, m, 1, k] and then as [b, k, 1, m]."""
    batch, rows, columns = (1, *(draft.shape(source) or ()))[-3:]
    wide = draft.tensor(numbered(draft, f"{source}_rs"), (batch, rows, 1, columns), golden=source)
    turned = draft.tensor(numbered(draft, f"{source}_tp-rs"), (batch, columns, 1, rows))
    return [reshape(draft, source, wide), make_layer("Transpose", (wide,), (turned,), perm=TURNED)], turned


def _rows(draft: Draft, given: str, target: str) -> list[DeployedLayer]:
    batch, columns, _, rows = draft.shape(given) or (0, 0, 0, 0)
    wide = draft.tensor(numbered(draft, f"{target}-rs"), (batch, rows, 1, columns), golden=target)
    return [make_layer("Transpose", (given,), (wide,), perm=TURNED), reshape(draft, wide, target)]


def _from_channels(draft: Draft, given: str, target: str, axis: int) -> list[DeployedLayer]:
    shape = draft.shape(target) or ()
    order, layers = _order(len(shape), axis), []
    if order == sorted(order):
        return [reshape(draft, given, target)]
    if len(shape) < 4:
        small = draft.tensor(numbered(draft, f"{given}_rs"), [shape[place] for place in order])
        layers.append(reshape(draft, given, small))
        given = small
    back = [int(place) for place in np.argsort(order)]
    return [*layers, make_layer("Transpose", (given,), (target,), perm=back)]

"""Transposes around operators that do not care about the order of axes: pairs that undo each other vanish."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workbench.graph.deployed import SOFTMAX, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant
from workbench.graph.rules.reshapes import (
    OTHER_RANKS,
    SWAPPED,
    UNARY,
    drop_unused,
    is_reshape,
    is_shared,
    renamed,
    with_inputs,
)
from workbench.graph.rules.slices import cuts_of, slice_layer

BINARY = frozenset(("Add", "Sub", "Mul", "Div", "Max", "Min"))
WITH_CONSTANT = frozenset(("Add", "Sub", "Mul", "Div", "PRelu"))


def perm_of(draft: Draft, layer: DeployedLayer | None) -> tuple[int, ...] | None:
    """The order of axes that a float Transpose makes; None for anything else."""
    if layer is None or layer.op != "Transpose" or not draft.is_float(layer.inputs[0]):
        return None
    shape = draft.shape(layer.inputs[0])
    if shape is None or layer.inputs[0] in draft.constants:
        return None
    return tuple(layer.attributes.get("perm", range(len(shape))[::-1]))


def merge_transposes(draft: Draft, layer: DeployedLayer) -> bool:
    """A Transpose of a Transpose is one, or none when the order is the first one again."""
    second = perm_of(draft, layer)
    before = draft.producer(layer.inputs[0])
    first = perm_of(draft, before)
    if second is None or first is None or before is None:
        return False
    order = [first[axis] for axis in second]
    source = before.inputs[0]
    if order == sorted(order):
        if not draft.redirect(layer.outputs[0], source):
            return False
        draft.drop(layer)
        drop_unused(draft, before.outputs[0])
        return True
    merged = make_layer("Transpose", (source,), layer.outputs, perm=order)
    is_alone = draft.sole_consumer(before.outputs[0]) is layer
    draft.replace([before, layer] if is_alone else [layer], [merged if is_alone else _of(layer, merged)])
    return True


def merge_transpose_and_reshape(draft: Draft, layer: DeployedLayer) -> bool:
    """A Reshape of a Transpose that only moves axes of one value is part of that."""
    before = draft.producer(layer.inputs[0]) if is_reshape(draft, layer) else None
    first, second = perm_of(draft, before), ones_moved(draft, layer)
    if before is None or first is None or second is None or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    order = [first[axis] for axis in second]
    draft.replace([before, layer], [make_layer("Transpose", before.inputs, layer.outputs, perm=order)])
    return True


def ones_moved(draft: Draft, layer: DeployedLayer) -> tuple[int, ...] | None:
    """The order of axes that a Reshape between four axes amounts to; None where it does more than move ones."""
    taken, given = draft.shape(layer.inputs[0]) or (), draft.shape(layer.outputs[0]) or ()
    more = [axis for axis, size in enumerate(taken) if size != 1]
    if (len(taken), len(given)) != (4, 4) or [taken[axis] for axis in more] != [size for size in given if size != 1]:
        return None
    ones = [axis for axis, size in enumerate(taken) if size == 1]
    return tuple((ones if size == 1 else more).pop(0) for size in given)


def swap_transpose(draft: Draft, layer: DeployedLayer) -> bool:
    """Activation(Transpose(x)) -> Transpose(Activation(x)), where a Transpose that undoes it comes behind."""
    before = draft.producer(layer.inputs[0])
    perm = perm_of(draft, before) if layer.op in UNARY or layer.op == SOFTMAX else None
    if perm is None or before is None or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    if not _is_undone(draft, layer, perm):
        return False
    source, target = before.inputs[0], layer.outputs[0]
    middle = draft.tensor(f"{before.outputs[0]}_sw", draft.shape(source) or ())
    moved = _reordered(renamed(with_inputs(layer, (source, *layer.inputs[1:])), target, middle), perm)
    back = make_layer("Transpose", (middle,), (target,), perm=list(perm))
    draft.replace([before, layer], [moved, _of(before, back)])
    return True


def swap_behind(draft: Draft, layer: DeployedLayer) -> bool:
    """Activation(Transpose(x)) -> Transpose(Activation(x)), as far as nothing else takes what x comes from."""
    before = draft.producer(layer.inputs[0]) if layer.op in SWAPPED or layer.op == SOFTMAX else None
    perm = perm_of(draft, before)
    if perm is None or before is None or not _is_between(draft, before, layer):
        return False
    if layer.op == SOFTMAX and len(perm) != 4:  # it is to be reshaped to four axes yet
        return False
    _swap(draft, before, layer, (before.inputs[0], *layer.inputs[1:]))
    return True


def swap_constant(draft: Draft, layer: DeployedLayer) -> bool:
    """Arithmetic with a constant goes before a Transpose, and with a number before a Reshape as well."""
    values = [float_constant(draft, name) for name in layer.inputs] if layer.op in WITH_CONSTANT else []
    at = next((number for number, value in enumerate(values) if value is not None), None)
    if len(values) != 2 or at is None or layer.inputs[1 - at] in draft.constants:
        return False
    before, value = draft.producer(layer.inputs[1 - at]), values[at]
    if before is None or value is None or not _is_between(draft, before, layer):
        return False
    if draft.shape(before.outputs[0]) != draft.shape(layer.outputs[0]):
        return False
    moved = _moved(draft, before, value)
    if moved is None:
        return False
    constant = layer.inputs[at] if value.size == 1 else draft.constant(f"{layer.inputs[at]}_sw", moved)
    _swap(draft, before, layer, (before.inputs[0], constant) if at else (constant, before.inputs[0]))
    return True


def swap_sum(draft: Draft, layer: DeployedLayer) -> bool:
    """Add(Transpose(x), Transpose(y)) -> Transpose(Add(x, y)), where a Transpose that undoes it comes behind.

    The sum keeps its name, but its axes are in another order now.
    """
    before = [draft.producer(name) for name in layer.inputs] if layer.op in BINARY else []
    perms = {perm_of(draft, giver) for giver in before}
    perm = perms.pop() if len(perms) == 1 else None
    if len(before) != 2 or perm is None or layer.outputs[0] in draft.outputs:
        return False
    takers = draft.consumers(layer.outputs[0])
    if not takers or not all(_undoes(draft, taker, perm) for taker in takers):
        return False
    sources = tuple(giver.inputs[0] for giver in before if giver is not None)
    if any(draft.shape(name) != draft.shape(sources[0]) for name in sources):
        return False
    name = layer.outputs[0]
    draft.tensors[name] = replace(draft.tensors[name], shape=draft.shape(sources[0]) or ())
    draft.reordered.add(name)
    draft.replace([layer], [with_inputs(layer, sources)])
    for taker in takers:
        draft.redirect(taker.outputs[0], name)
        draft.drop(taker)
    for giver in before:
        if giver is not None:
            drop_unused(draft, giver.outputs[0])
    return True


def swap_slice(draft: Draft, layer: DeployedLayer) -> bool:
    """Transpose(Slice(Transpose(x))) -> Slice(x), where the last Transpose undoes the first."""
    before = draft.producer(layer.inputs[0]) if layer.op == "Slice" else None
    perm, cuts = perm_of(draft, before), cuts_of(draft, layer) if layer.op == "Slice" else None
    after = draft.sole_consumer(layer.outputs[0])
    if perm is None or not cuts or before is None or after is None or not _undoes(draft, after, perm):
        return False
    moved = [replace(cut, axis=perm[cut.axis]) for cut in cuts]
    shape = draft.shape(before.inputs[0]) or ()
    moved = [cut for cut in moved if (cut.start, cut.end, cut.step) != (0, shape[cut.axis], 1)]
    gone = [before] if draft.sole_consumer(before.outputs[0]) is layer else []
    draft.replace([*gone, layer, after], [slice_layer(draft, before.inputs[0], after.outputs[0], moved)])
    return True


def drop_slice(draft: Draft, layer: DeployedLayer) -> bool:
    """A Slice that takes everything vanishes."""
    if layer.op != "Slice" or draft.shape(layer.inputs[0]) is None or not draft.is_float(layer.inputs[0]):
        return False
    if draft.shape(layer.inputs[0]) != draft.shape(layer.outputs[0]):
        return False
    cuts = cuts_of(draft, layer)
    if not cuts or any(cut.step != 1 for cut in cuts) or not draft.redirect(layer.outputs[0], layer.inputs[0]):
        return False
    draft.drop(layer)
    return True


def _reordered(layer: DeployedLayer, perm: Sequence[int]) -> DeployedLayer:
    """A layer behind a Transpose as it has to be before it: a Softmax along another axis, any other as it is."""
    if layer.op != SOFTMAX:
        return layer
    axis = perm[layer.attributes["axis"]]
    last = [*(other for other in range(len(perm)) if other != axis), axis]
    return replace(layer, attributes={**layer.attributes, "axis": axis, "order": last})


def _is_between(draft: Draft, before: DeployedLayer, layer: DeployedLayer) -> bool:
    """Whether only a layer takes what stands before it, and only that what it takes itself."""
    alone = draft.sole_consumer(before.outputs[0]) is layer
    return alone and before.inputs[0] not in draft.grids and not is_shared(draft, before.inputs[0])


def _moved(draft: Draft, before: DeployedLayer, value: np.ndarray) -> np.ndarray | None:
    """A constant as it has to be before a Transpose or a Reshape; None where it fits there in no way."""
    perm = perm_of(draft, before)
    if perm is None:
        is_number = value.size == 1 and value.ndim <= len(draft.shape(before.inputs[0]) or ())
        is_small = len(draft.shape(before.inputs[0]) or ()) in OTHER_RANKS  # it would be reshaped to four axes again
        return value if is_number and not is_small and is_reshape(draft, before) else None
    if value.ndim > len(perm):
        return None
    whole = value.reshape((1,) * (len(perm) - value.ndim) + value.shape)
    return np.ascontiguousarray(whole.transpose(np.argsort(perm)))


def _swap(draft: Draft, before: DeployedLayer, layer: DeployedLayer, inputs: tuple[str, ...]) -> None:
    """The operator on what the Transpose or Reshape takes, and that behind it."""
    target, perm = layer.outputs[0], perm_of(draft, before)
    middle = draft.tensor(f"{before.outputs[0]}_sw", draft.shape(before.inputs[0]) or ())
    moved = renamed(with_inputs(layer, inputs), target, middle)
    moved = moved if perm is None else _reordered(moved, perm)
    back = with_inputs(renamed(before, before.outputs[0], target), (middle, *before.inputs[1:]))
    draft.replace([before, layer], [replace(item, origins=(), absorbed=()) for item in (moved, back)])


def _is_undone(draft: Draft, layer: DeployedLayer, perm: Sequence[int]) -> bool:
    """Whether a Transpose that undoes `perm` comes behind a layer, with a Slice between perhaps."""
    after = draft.sole_consumer(layer.outputs[0])
    if after is not None and after.op == "Slice":
        after = draft.sole_consumer(after.outputs[0])
    return after is not None and _undoes(draft, after, perm)


def _undoes(draft: Draft, layer: DeployedLayer, perm: Sequence[int]) -> bool:
    own = perm_of(draft, layer)
    return own is not None and layer.outputs[0] not in draft.outputs and [perm[axis] for axis in own] == sorted(perm)


def _of(layer: DeployedLayer, new: DeployedLayer) -> DeployedLayer:
    return replace(new, origins=layer.origins)

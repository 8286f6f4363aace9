"""Element-wise operators and sums between two Transposes take on the order of axes that is there before.

Source: the toolkit's graphs of a network of capsules.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import kernel_of
from workbench.graph.rules.reshapes import UNARY, drop_unused, is_reshape, renamed, with_inputs
from workbench.graph.rules.sums import LAST_FIRST
from workbench.graph.rules.transposes import BINARY, perm_of

INSIDE = UNARY | BINARY | {"Pow", "Expand"}
Sum = tuple[DeployedLayer, DeployedLayer, DeployedLayer]  # Transpose, Conv of ones, Transpose


def turn_mesh(draft: Draft, first: DeployedLayer) -> bool:
    """A Transpose that only moves axes of one value goes where sums over the last axis behind it need none then.

    All that is behind it up to other Transposes and Reshapes changes its shape, and keeps its order.
    """
    perm = perm_of(draft, first)
    if perm is None or len(perm) != 4 or perm[3] != 1 or first.outputs[0] in draft.outputs:
        return False
    shape = draft.shape(first.inputs[0]) or ()
    moved = [axis for axis in perm if shape[axis] != 1]
    found = _mesh(draft, first.outputs[0]) if moved == sorted(moved) else None
    if found is None or not found[1]:
        return False
    inside, sums, ends = found
    names = {first.outputs[0]: first.inputs[0], **{last.outputs[0]: conv.outputs[0] for _, conv, last in sums}}
    for turned, conv, last in sums:
        source = names.get(turned.inputs[0], turned.inputs[0])
        _reshape(draft, conv.outputs[0], draft.shape(last.outputs[0]) or (), perm)
        draft.replace([turned, conv, last], [with_inputs(conv, (source, *conv.inputs[1:]))])
    for layer in inside:
        _turn(draft, layer, names, perm)
    for end in ends:
        _end(draft, end, names, perm)
    drop_unused(draft, first.outputs[0])
    return True


def _mesh(draft: Draft, start: str) -> tuple[list[DeployedLayer], list[Sum], list[DeployedLayer]] | None:
    """Operators behind a tensor, sums among them, and the Transposes and Reshapes where they end.

    None where anything else takes part.
    """
    inside: dict[int, DeployedLayer] = {}
    sums: dict[int, Sum] = {}
    ends: dict[int, DeployedLayer] = {}
    reached, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name in draft.outputs or any(name in draft.captured(layer) for layer in draft.consumers(name)):
            return None
        for layer in draft.consumers(name):
            total = _sum(draft, layer)
            if total is not None:
                sums[id(layer)] = total
                outputs = total[2].outputs
            elif layer.op == "Transpose" or is_reshape(draft, layer):
                ends[id(layer)] = layer
                continue
            elif layer.op in INSIDE:
                inside[id(layer)] = layer
                outputs = layer.outputs
            else:
                return None
            waiting.extend(item for item in outputs if item not in reached)
            reached.update(outputs)
    is_closed = all(_is_closed(draft, layer, reached) for layer in inside.values())
    return (list(inside.values()), list(sums.values()), list(ends.values())) if is_closed else None


def _is_closed(draft: Draft, layer: DeployedLayer, reached: set[str]) -> bool:
    """Whether a layer takes nothing but tensors of the mesh and numbers."""
    for name in layer.inputs:
        value = draft.value(name)
        if value is None and name not in reached:
            return False
        if value is not None and value.size != 1 and layer.op != "Expand":
            return False
    return len(draft.shape(layer.outputs[0]) or ()) == 4


def _sum(draft: Draft, layer: DeployedLayer) -> Sum | None:
    """Transpose, Conv to one channel and Transpose, as `sums` makes them."""
    conv = draft.sole_consumer(layer.outputs[0]) if perm_of(draft, layer) == LAST_FIRST else None
    kernel = kernel_of(draft, conv) if conv is not None and conv.op == "Conv" else None
    if conv is None or kernel is None or kernel.weight.shape[0] != 1 or kernel.weight.shape[2:] != (1, 1):
        return None
    last = draft.sole_consumer(conv.outputs[0])
    return (layer, conv, last) if last is not None and perm_of(draft, last) == LAST_FIRST else None


def _turn(draft: Draft, layer: DeployedLayer, names: dict[str, str], perm: Sequence[int]) -> None:
    inputs = tuple(names.get(name, name) for name in layer.inputs)
    name = layer.outputs[0]
    if any(is_reshape(draft, taker) for taker in draft.consumers(name)):
        names[name] = draft.tensor(f"{name}_tp", draft.shape(name) or (), golden=name)
    given = names.get(name, name)
    _reshape(draft, given, draft.shape(name) or (), perm)
    if layer.op == "Expand":
        sizes = draft.constant(f"{given}_i1", np.asarray(draft.shape(given), np.int64))
        inputs = (inputs[0], sizes)
    draft.replace([layer], [renamed(with_inputs(layer, inputs), name, given)])


def _end(draft: Draft, layer: DeployedLayer, names: dict[str, str], perm: Sequence[int]) -> None:
    source = names.get(layer.inputs[0], layer.inputs[0])
    second = perm_of(draft, layer)
    if second is None:
        draft.replace([layer], [with_inputs(layer, (source, *layer.inputs[1:]))])
        return
    order = [perm[axis] for axis in second]
    if order == sorted(order) and draft.redirect(layer.outputs[0], source):
        draft.drop(layer)
        return
    made = make_layer("Transpose", (source,), layer.outputs, perm=order)
    draft.replace([layer], [replace(made, origins=layer.origins)])


def _reshape(draft: Draft, name: str, shape: Sequence[int], perm: Sequence[int]) -> None:
    """Let a tensor have the sizes of `shape` as they were before a Transpose."""
    before = tuple(shape[list(perm).index(axis)] for axis in range(4))
    draft.tensors[name] = replace(draft.tensors[name], shape=before)

"""A picture that was reshaped to one row: what does not care about places computes on the picture.

Source: the toolkit's graphs of 14 embeddings of patches.
"""

from dataclasses import replace

from workbench.graph.deployed import NORM, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import float_constant, kernel_of, pads_of
from workbench.graph.rules.reshapes import SWAPPED, is_reshape, is_shared, renamed, reshape, with_inputs
from workbench.graph.rules.transposes import perm_of

LAST_FIRST, PLACES_FIRST = (0, 3, 2, 1), (2, 3, 0, 1)


def reshape_behind(draft: Draft, layer: DeployedLayer) -> bool:
    """Norm, 1x1 Conv, activation or Transpose of a row -> the same of the picture, and the Reshape behind it."""
    before = draft.producer(layer.inputs[0]) if layer.inputs else None
    if before is None or not is_reshape(draft, before) or draft.sole_consumer(before.outputs[0]) is not layer:
        return False
    source, target = before.inputs[0], layer.outputs[0]
    shape, row = draft.shape(source) or (), draft.shape(before.outputs[0]) or ()
    if len(shape) != 4 or shape[2] == 1 or row != (*shape[:2], 1, shape[2] * shape[3]) or is_shared(draft, source):
        return False
    giver = draft.producer(source)
    if giver is not None and giver.op == "Concat":
        return False
    name = f"{before.outputs[0]}_sw"
    if perm_of(draft, layer) == LAST_FIRST and shape[0] == 1:
        after = draft.sole_consumer(target)
        if after is None or not is_reshape(draft, after):
            return False
        middle = draft.tensor(name, (*shape[2:], 1, shape[1]), golden=target)
        moved = make_layer("Transpose", (source,), (middle,), perm=list(PLACES_FIRST))
    elif layer.op == NORM or layer.op in SWAPPED or _is_pointwise(draft, layer):
        channels = (draft.shape(target) or (0, 0))[1]
        middle = draft.tensor(name, (shape[0], channels, *shape[2:]), golden=target)
        moved = renamed(with_inputs(layer, (source, *layer.inputs[1:])), target, middle)
    else:
        return False
    back = replace(reshape(draft, middle, target), origins=before.origins)
    draft.replace([before, layer], [moved, back])
    return True


def constant_before_reshape(draft: Draft, layer: DeployedLayer) -> bool:
    """Add(Reshape(x), a constant of as many values) -> Reshape(Add(x, the constant)), for x of four axes."""
    before = draft.producer(layer.inputs[0]) if layer.op == "Add" else None
    value = float_constant(draft, layer.inputs[1]) if before is not None else None
    if before is None or value is None or not is_reshape(draft, before) or is_shared(draft, before.inputs[0]):
        return False
    source, target = before.inputs[0], layer.outputs[0]
    shape = draft.shape(source) or ()
    if len(shape) != 4 or draft.sole_consumer(before.outputs[0]) is not layer or value.size == 1:
        return False
    if not value.shape == draft.shape(before.outputs[0]) == draft.shape(target):
        return False
    middle = draft.tensor(f"{before.outputs[0]}_sw", shape, golden=target)
    constant = draft.constant(f"{layer.inputs[1]}_sw", value.reshape(shape))
    moved = renamed(with_inputs(layer, (source, constant)), target, middle)
    draft.replace([before, layer], [moved, replace(reshape(draft, middle, target), origins=before.origins)])
    return True


def _is_pointwise(draft: Draft, layer: DeployedLayer) -> bool:
    """Whether a Conv reads one place for each that it gives."""
    kernel = kernel_of(draft, layer) if layer.op == "Conv" else None
    if kernel is None or kernel.weight.shape[2:] != (1, 1) or layer.attributes.get("group", 1) != 1:
        return False
    return not any(pads_of(layer, (1, 1)) or (1,)) and set(layer.attributes.get("strides", (1,))) == {1}

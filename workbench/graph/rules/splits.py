"""Splits: one of another is one, and Reshapes behind all parts become one before."""

from workbench.graph.deployed import DeployedLayer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.reshapes import is_reshape, reshape
from workbench.graph.rules.slices import split_layer


def merge_splits(draft: Draft, layer: DeployedLayer) -> bool:
    """A Split of what only it takes of another one of the same axis, vanishes in that."""
    outer = draft.producer(layer.inputs[0]) if layer.op == "Split" else None
    if outer is None or outer.op != "Split" or draft.sole_consumer(layer.inputs[0]) is not layer:
        return False
    shape = draft.shape(layer.inputs[0])
    axis = outer.attributes.get("axis", 0)
    if shape is None or (axis - layer.attributes.get("axis", 0)) % len(shape) or not draft.is_float(layer.inputs[0]):
        return False
    position = outer.outputs.index(layer.inputs[0])
    outputs = (*outer.outputs[:position], *layer.outputs, *outer.outputs[position + 1 :])
    shapes = [draft.shape(name) if name else None for name in outputs]
    sizes = [found[axis] for found in shapes if found is not None]
    if len(sizes) != len(outputs):
        return False
    draft.replace([outer, layer], [split_layer(draft, outer.inputs[0], outputs, sizes, axis)])
    return True


def split_behind_reshape(draft: Draft, split: DeployedLayer) -> bool:
    """A Split along the first axis of more than one place, all parts flattened -> Reshape `…_rs`, Split of that."""
    shape = draft.shape(split.inputs[0]) if split.op == "Split" and draft.is_float(split.inputs[0]) else None
    if shape is None or any(size != 1 for size in shape[: split.attributes.get("axis", 0) % len(shape)]):
        return False
    takers = [draft.sole_consumer(name) if name else None for name in split.outputs]
    flat = [taker for taker in takers if taker is not None and is_reshape(draft, taker)]
    sizes = [draft.shape(taker.outputs[0]) or () for taker in flat]
    if len(flat) != len(split.outputs) or any(len(size) != 2 or size[0] != 1 for size in sizes):
        return False
    source = split.inputs[0]
    whole = draft.tensor(numbered(draft, f"{source}_rs"), (1, sum(size[1] for size in sizes)), golden=source)
    parts = split_layer(draft, whole, [taker.outputs[0] for taker in flat], [size[1] for size in sizes], 1)
    draft.replace([split, *flat], [reshape(draft, source, whole), parts])
    return True

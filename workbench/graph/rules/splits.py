"""A Split of a Split is one."""

from workbench.graph.deployed import DeployedLayer
from workbench.graph.draft import Draft
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

"""Softmax along one axis."""

from dataclasses import replace

from workbench.graph.deployed import SOFTMAX, DeployedLayer, make_layer
from workbench.graph.draft import Draft

SINCE = 13  # from this opset on Softmax works along one axis; before, along all from `axis` on


def name_softmax(draft: Draft, layer: DeployedLayer) -> bool:
    """Softmax -> exSoftmax13, where all axes behind its own have size one or its opset has one axis only."""
    shape = draft.shape(layer.inputs[0]) if layer.op == "Softmax" else None
    if not shape or not draft.is_float(layer.inputs[0]):
        return False
    modern = draft.opset >= SINCE
    axis = int(layer.attributes.get("axis", -1 if modern else 1)) % len(shape)
    if any(size != 1 for size in shape[axis + 1 :]) and not modern:
        return False
    named = make_layer(SOFTMAX, layer.inputs, layer.outputs, axis=axis)
    draft.replace([layer], [replace(named, origins=layer.origins)])
    return True

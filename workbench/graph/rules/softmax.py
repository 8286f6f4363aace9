"""Softmax along one axis, in one operator or in three."""

from dataclasses import replace

from workbench.graph.deployed import SOFTMAX, DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.pools import axes_of

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
    draft.replace([layer], [make_layer(SOFTMAX, layer.inputs, layer.outputs, axis=axis)])
    return True


def merge_softmax(draft: Draft, layer: DeployedLayer) -> bool:
    """Exp(x) / ReduceSum(Exp(x)) over one axis -> exSoftmax13."""
    sums = draft.producer(layer.inputs[1]) if layer.op == "Div" else None
    power = draft.producer(layer.inputs[0]) if sums is not None and sums.op == "ReduceSum" else None
    if sums is None or power is None or power.op != "Exp" or sums.inputs[0] != power.outputs[0]:
        return False
    axes, shape = axes_of(draft, sums), draft.shape(layer.outputs[0])
    if axes is None or shape is None or len(axes) != 1 or not sums.attributes.get("keepdims", 1):
        return False
    is_alone = draft.sole_consumer(sums.outputs[0]) is layer and power.outputs[0] not in draft.outputs
    if not is_alone or len(draft.consumers(power.outputs[0])) != 2 or not draft.is_float(power.inputs[0]):
        return False
    named = make_layer(SOFTMAX, power.inputs, layer.outputs, axis=axes[0] % len(shape))
    draft.replace([power, sums, layer], [named])
    return True


def order_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """Before opset 13, what works along another axis than the last one is spelled with its axis moved there."""
    rank = len(draft.shape(layer.inputs[0]) or ()) if layer.op == SOFTMAX and draft.opset < SINCE else 0
    axis = layer.attributes["axis"] if rank else 0
    if not rank or axis == rank - 1 or "order" in layer.attributes:
        return False
    order = [*(other for other in range(rank) if other != axis), axis]
    draft.replace([layer], [replace(layer, attributes={**layer.attributes, "order": order})])
    return True

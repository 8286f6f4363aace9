"""Convolutions and pooling along one axis are such on pictures of one row."""

from collections.abc import Mapping
from typing import Any

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.kernels import Kernel, kernel_inputs, kernel_of, numbered
from workbench.graph.rules.reshapes import reshape

POOLS = frozenset(("MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"))


def to_pictures(draft: Draft, layer: DeployedLayer) -> bool:
    """[n, c, l] -> Reshape `…_rs` to [n, c, 1, l], the operator, and a Reshape of `…-rs` back."""
    kernel = kernel_of(draft, layer)
    if (kernel is None and layer.op not in POOLS) or not draft.is_float(layer.inputs[0]) or any(layer.outputs[1:]):
        return False
    taken, given = draft.shape(layer.inputs[0]), draft.shape(layer.outputs[0])
    if taken is None or given is None or len(taken) != 3 or len(given) != 3:
        return False
    source = draft.tensor(numbered(draft, f"{layer.inputs[0]}_rs"), _wide(taken), golden=layer.inputs[0])
    target = draft.tensor(numbered(draft, f"{layer.outputs[0]}-rs"), _wide(given), golden=layer.outputs[0])
    inputs: tuple[str, ...] = (source,)
    if kernel is not None:
        inputs = (source, *kernel_inputs(draft, Kernel(kernel.weight[:, :, None], kernel.bias), target))
    inner = make_layer(layer.op, inputs, (target,), **_attributes(layer.attributes))
    layers = [reshape(draft, layer.inputs[0], source), inner, reshape(draft, target, layer.outputs[0])]
    draft.replace([layer], layers)
    return True


def _wide(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*shape[:2], 1, *shape[2:])


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Sizes along one axis with a row in front."""
    wide = dict(attributes)
    for name, row in (("kernel_shape", 1), ("strides", 1), ("dilations", 1), ("output_padding", 0)):
        if name in wide:
            wide[name] = [row, *wide[name]]
    if "pads" in wide:
        wide["pads"] = [0, wide["pads"][0], 0, wide["pads"][1]]
    return wide

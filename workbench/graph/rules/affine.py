"""y = x · a + b per channel: one BatchNormalization on the NPU, however the network spells it.

Its layer takes x, a and b, with a and b shaped to fit x; `emit` spells it. Source: the toolkit's graphs.
"""

from dataclasses import replace

import numpy as np
import onnx

from workbench.graph.deployed import DeployedLayer, make_layer
from workbench.graph.draft import Draft
from workbench.graph.rules.four_axes import PLACES, four
from workbench.graph.rules.kernels import numbered
from workbench.graph.rules.reshapes import reshape

# what the toolkit's runtime makes of 1 / sqrt(1), the variance that is left, where it computes four channels at once
UNIT = np.float32(1) + np.float32(2**-23)
AT_ONCE = 4


def simplify_batch_norm(draft: Draft, norm: DeployedLayer) -> bool:
    """BatchNormalization -> x · (γ/√(σ²+ε)) + (β − μ·γ/√(σ²+ε)), the toolkit's parameters bit for bit."""
    shape = draft.shape(norm.inputs[0]) if norm.op == "BatchNormalization" and len(norm.inputs) == 5 else None
    values = [draft.value(name) for name in norm.inputs[1:]]
    if shape is None or len(shape) < 2 or not _is_plain(draft, norm) or any(value is None for value in values):
        return False
    gamma, beta, mean, variance = (np.asarray(value) for value in values)
    deviation = np.sqrt(variance + np.float32(norm.attributes.get("epsilon", 1e-5)))
    draft.replace([norm], [_affine(draft, norm, norm.inputs[0], gamma / deviation, beta - mean * gamma / deviation)])
    return True


def product_and_sum(draft: Draft, layer: DeployedLayer) -> bool:
    """(x · a) + b -> BatchNormalization, where a and b are numbers or one value per channel."""
    if layer.op != "Add" or not draft.is_float(layer.outputs[0]):
        return False
    for name, other in (layer.inputs, layer.inputs[::-1]):
        product = draft.producer(name)
        shift = draft.value(other)
        if product is None or product.op != "Mul" or shift is None or draft.sole_consumer(name) is not layer:
            continue
        if name in draft.grids:  # the network's own quantization stores the product
            continue
        for source, factor in (product.inputs, product.inputs[::-1]):
            scale, shape = draft.value(factor), draft.shape(source)
            if scale is None or shape is None or shape != draft.shape(layer.outputs[0]):
                continue
            found = [_per_channel(value, shape) for value in (scale, shift)]
            if found[0] is not None and found[1] is not None:
                draft.replace([product, layer], [_affine(draft, layer, source, found[0], found[1])])
                return True
    return False


def affine_on_four_axes(draft: Draft, layer: DeployedLayer) -> bool:
    """The same of two or three axes -> Reshape `…_rs`, the operator on four axes `…-rs`, and a Reshape."""
    is_affine = layer.op == "BatchNormalization" and not layer.proto.op_type
    source, name = layer.inputs[0], layer.outputs[0]
    shape = draft.shape(source) if is_affine and source not in draft.constants else None
    if shape is None or len(shape) not in PLACES:
        return False
    sizes = four(shape, len(shape))
    wide = draft.tensor(numbered(draft, f"{source}_rs"), sizes, golden=source)
    moved = draft.tensor(f"{name}-rs", sizes, golden=name)
    values = [
        draft.constant(f"{moved}_{end}", draft.constants[taken].reshape(-1, 1, 1))
        for end, taken in zip(("scale", "shift"), layer.inputs[1:], strict=True)
    ]
    inner = replace(layer, inputs=(wide, *values), outputs=(moved,))
    draft.replace([layer], [reshape(draft, source, wide), inner, reshape(draft, moved, name)])
    return True


def _is_plain(draft: Draft, norm: DeployedLayer) -> bool:
    only = all(not name for name in norm.outputs[1:])
    return only and draft.is_float(norm.outputs[0]) and not norm.attributes.get("training_mode", 0)


def _per_channel(value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray | None:
    """A constant as one value per channel; None where it has more, or is no float."""
    if value.dtype != np.float32 or len(shape) not in (3, 4) or value.ndim > len(shape):
        return None
    own = (1,) * (len(shape) - value.ndim) + value.shape
    if own[0] != 1 or any(size != 1 for size in own[2:]):
        return None
    return np.ascontiguousarray(np.broadcast_to(value.reshape(-1), (shape[1],)))


def _affine(draft: Draft, layer: DeployedLayer, source: str, scale: np.ndarray, shift: np.ndarray) -> DeployedLayer:
    fit = (-1, *(1 for _ in (draft.shape(source) or ())[2:]))
    ends = (("scale", scale * _units(len(scale))), ("shift", shift))
    names = [draft.constant(f"{layer.outputs[0]}_{end}", value.astype(np.float32).reshape(fit)) for end, value in ends]
    affine = make_layer("BatchNormalization", (source, *names), layer.outputs[:1])
    return replace(affine, attributes={"epsilon": 0.0}, proto=onnx.NodeProto())


def _units(channels: int) -> np.ndarray:
    """The inverse of the deviation of each channel; of those that are left over from fours it is exact."""
    return np.where(np.arange(channels) < channels // AT_ONCE * AT_ONCE, UNIT, np.float32(1))
